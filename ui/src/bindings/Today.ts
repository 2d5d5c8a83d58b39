// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Day } from "./Day";
import type { RecordLine } from "./RecordLine";
import type { SpaceId } from "./SpaceId";

export type Today = { name: string; on: Day; promises: RecordLine[] ; meetings: RecordLine[] ; touched: RecordLine[]; reminders: { space: SpaceId; weeks: number; lastMet: Day | null }[] };
