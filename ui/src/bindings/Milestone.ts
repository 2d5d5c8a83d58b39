// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Day } from "./Day";

export type Milestone = { id: string; text: string; due: Day | null; doneOn: Day | null };
