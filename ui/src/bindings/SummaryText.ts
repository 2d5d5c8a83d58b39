// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Day } from "./Day";
import type { Paragraph } from "./Paragraph";
import type { RecordId } from "./RecordId";

export type SummaryText = { title: string; purpose: string; audience: string; from: Day; to: Day; expires: Day | null; paragraphs: Paragraph[]; evidence: RecordId[] };
