// The shape that crosses to the window. ts-rs writes this file: do not edit it.
import type { Consent } from "./Consent";
import type { SourceFlag } from "./SourceFlag";
import type { SummaryLine } from "./SummaryLine";
import type { SummaryText } from "./SummaryText";

export type SummaryView = { line: SummaryLine; revision: number; text: SummaryText; consents: Consent[] ; consentNeeded: ("me" | "them")[]; flags: SourceFlag[]; earlier: Consent[] };
