// Ids are UUID strings. `ts-rs` writes them as plain strings; these helpers only check the shape of what
// comes from an address, so that a mistyped link never reaches the host.
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isId = (text: string): boolean => UUID.test(text);
