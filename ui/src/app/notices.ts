// What was found while opening, in words; and what of it wants an answer.
import type { NoticeCode, OpeningNotice } from "../bindings";
import { dayWords, t } from "../words";

const DAY = /^\d{4}-\d{2}-\d{2}/;

/** Dates cross as they are stored; people read them in words. */
const readable = (params: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      DAY.test(value) ? dayWords(value.slice(0, 10), "dayYear") : value,
    ]),
  );

export const noticeWords = (notice: OpeningNotice): string =>
  t(`app-notice-${notice.code}`, readable(notice.params));

const ASKS: readonly NoticeCode[] = ["rolledBack", "forked", "otherBranchNewer"];

/** Those that say that another state of the vault may be the one that is wanted. */
export const asking = (notices: readonly OpeningNotice[]): OpeningNotice[] =>
  notices.filter(({ code }) => ASKS.includes(code));
