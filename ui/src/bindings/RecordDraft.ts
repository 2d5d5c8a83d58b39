// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Day } from "./Day";
import type { Label } from "./Label";
import type { RecordBody } from "./RecordBody";
import type { RecordId } from "./RecordId";
import type { SpaceId } from "./SpaceId";

export type RecordDraft = { space: SpaceId; label: Label; on: Day; parent: RecordId | null; asToldBy: string | null; body: RecordBody };
