// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Cloth } from "./Cloth";
import type { Day } from "./Day";
import type { Role } from "./Role";
import type { SpaceKind } from "./SpaceKind";

export type SpaceDraft = { kind: SpaceKind; role: Role | null; name: string; about: string; cloth: Cloth; since: Day | null; meetEveryWeeks: number | null };
