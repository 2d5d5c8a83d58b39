// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Day } from "./Day";
import type { RecordId } from "./RecordId";
import type { RecordKind } from "./RecordKind";
import type { ShownLabel } from "./ShownLabel";
import type { SpaceId } from "./SpaceId";

export type RecordFilter = { space: SpaceId | null; kinds: RecordKind[] ; labels: ShownLabel[]; parent: RecordId | null; from: Day | null; to: Day | null; binned: boolean; offset: number; limit: number };
