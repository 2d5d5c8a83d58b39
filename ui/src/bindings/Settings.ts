// The shape that crosses to the window. ts-rs writes this file: do not edit it.
export type Settings = { theme: "system" | "light" | "dark"; textSize: number ; discreetWhenUnfocused: boolean; autoLockMinutes: number ; clipboardMinutes: number };
