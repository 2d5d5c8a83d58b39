// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { EvidenceLine } from "./EvidenceLine";
import type { RecordLine } from "./RecordLine";

export type EvidenceList = { mayBeUsed: EvidenceLine[]; stays: RecordLine[] };
