// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Day } from "./Day";
import type { Instant } from "./Instant";
import type { Owner } from "./Owner";
import type { RecordId } from "./RecordId";
import type { RecordKind } from "./RecordKind";
import type { ShownLabel } from "./ShownLabel";
import type { SpaceId } from "./SpaceId";

export type RecordLine = { id: RecordId; space: SpaceId; kind: RecordKind; label: ShownLabel; title: string; excerpt: string; on: Day; created: Instant; edited: Instant; parent: RecordId | null; asToldBy: string | null; binned: Instant | null; state: string | null ; due: Day | null; owner: Owner | null; steps: { done: number; total: number } | null; };
