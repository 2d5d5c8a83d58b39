// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Instant } from "./Instant";
import type { Label } from "./Label";

export type RevisionLine = { revision: number; at: Instant; label: Label; words: number };
