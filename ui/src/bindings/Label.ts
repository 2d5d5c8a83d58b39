// The shape that crosses to the window. ts-rs writes this file: do not edit it.
export type Label = "private" | "shareable" | "sealed";
