// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Commitment } from "./Commitment";
import type { Feedback } from "./Feedback";
import type { Goal } from "./Goal";
import type { Heard } from "./Heard";
import type { Meeting } from "./Meeting";
import type { Note } from "./Note";
import type { Person } from "./Person";

export type RecordBody = | ({ kind: "note" } & Note) | ({ kind: "meeting" } & Meeting) | ({ kind: "heard" } & Heard) | ({ kind: "goal" } & Goal) | ({ kind: "feedback" } & Feedback) | ({ kind: "commitment" } & Commitment) | ({ kind: "person" } & Person);
