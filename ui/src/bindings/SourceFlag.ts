// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { RecordId } from "./RecordId";

export type SourceFlag = { source: RecordId; reason: "notShareable" | "deleted" };
