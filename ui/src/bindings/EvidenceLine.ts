// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { RecordLine } from "./RecordLine";

export type EvidenceLine = { line: RecordLine; words: string };
