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

/** Those that say that another state of the vault may be the one that is wanted: in that one the newest saves are. */
export const ASKS: readonly NoticeCode[] = ["rolledBack", "forked", "otherBranchNewer"];

/** Whether something that was saved cannot be read. */
export const isLoss = (notices: readonly OpeningNotice[]): boolean => {
  const another = notices.some(({ code }) => ASKS.includes(code));
  return notices.some(({ code }) => LOSSES.includes(code) && !(another && code === "journalBehind"));
};
