// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Day } from "./Day";

export type ProgressReport = { id: string; on: Day; outcome: "success" | "difficulty" | "neither"; text: string; next: string };
