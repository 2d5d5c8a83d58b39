/** Ids of the parts of a record (steps, reports), made here because a part is made in the window. */

const BYTES = 16;
const VERSION_BYTE = 6;
const VARIANT_BYTE = 8;

/** Makes a random UUID (RFC 9562, version 4); needs no secure context, unlike `crypto.randomUUID`. */
export const makeItemId = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  bytes[VERSION_BYTE] = ((bytes[VERSION_BYTE] ?? 0) & 0x0f) | 0x40;
  bytes[VARIANT_BYTE] = ((bytes[VARIANT_BYTE] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};
