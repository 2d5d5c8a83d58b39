// The shape that crosses to the window. ts-rs writes this file: do not edit it.
export type Meeting = { title: string; at: string | null ; minutes: number | null; medium: "inPerson" | "call" | "video" | "message"; place: string; agenda: string };
