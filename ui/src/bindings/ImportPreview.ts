// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Day } from "./Day";

export type ImportPreview = { token: string; format: "jrnlText" | "jrnlJson"; found: number; from: Day | null; to: Day | null; tags: string[]; duplicates: number; skipped: { line: number | null; reason: "noDate" | "badDate" | "empty" | "notText" }[]; firstTitles: string[] };
