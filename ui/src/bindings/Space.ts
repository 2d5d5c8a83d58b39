// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Day } from "./Day";
import type { Instant } from "./Instant";
import type { SpaceDraft } from "./SpaceDraft";
import type { SpaceId } from "./SpaceId";

export type Space = SpaceDraft & { id: SpaceId; created: Instant; monogram: string; open: boolean; counts: Record<string, number> ; openPromises: number; lastMet: Day | null; lastTouched: Instant | null };
