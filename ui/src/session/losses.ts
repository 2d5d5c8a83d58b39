// What was found while opening that means a loss.
import type { NoticeCode, OpeningNotice } from "../bindings";

/** Those that say that something cannot be read or is missing: what else was found says how, and is in Settings. */
const LOSSES: readonly NoticeCode[] = [
  "spaceUnreadable",
  "incomplete",
  "journalGap",
  "journalBehind",
  "keyringBehind",
  "unknownRows",
];

/** Whether something that was saved cannot be read. */
export const isLoss = (notices: readonly OpeningNotice[]): boolean =>
  notices.some(({ code }) => LOSSES.includes(code));
