// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Day } from "./Day";
import type { Label } from "./Label";
import type { RecordBody } from "./RecordBody";
import type { RecordId } from "./RecordId";

export type RecordChange = { id: RecordId; revision: number ; label: Label; on: Day; asToldBy: string | null; body: RecordBody };
