// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Day } from "./Day";
import type { Milestone } from "./Milestone";
import type { ProgressReport } from "./ProgressReport";

export type Goal = { title: string; why: string; measure: string; horizon: "short" | "long"; sphere: "work" | "personal"; due: Day | null; confidence: number | null ; state: "open" | "reached" | "setAside"; closedOn: Day | null; milestones: Milestone[]; reports: ProgressReport[] };
