// The shape that crosses to the window. ts-rs writes this file: do not edit it.
export type StrengthHint = "common" | "name" | "date" | "repeats" | "sequence" | "keyboard" | "short" | "addWords";
