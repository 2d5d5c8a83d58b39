// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Day } from "./Day";
import type { Instant } from "./Instant";
import type { RecordId } from "./RecordId";
import type { SpaceId } from "./SpaceId";
import type { SummaryState } from "./SummaryState";

export type SummaryLine = { id: RecordId; space: SpaceId; title: string; purpose: string; from: Day; to: Day; state: SummaryState; version: number; edited: Instant };
