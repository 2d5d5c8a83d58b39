// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { RecordBody } from "./RecordBody";
import type { RecordLine } from "./RecordLine";

export type RecordView = { line: RecordLine; revision: number; body: RecordBody };
