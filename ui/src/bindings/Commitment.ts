// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Day } from "./Day";
import type { Owner } from "./Owner";

export type Commitment = { text: string; owner: Owner; due: Day | null; state: "open" | "kept" | "renegotiated" | "missed"; settledOn: Day | null; note: string };
