// What was found while opening, in words; and what of it wants an answer.
import type { OpeningNotice } from "../bindings";
import { dayOf, dayWords, t, timeWords } from "../words";

/** As a number, or one would be many. */
const COUNT = /^\d+$/;
const DAY = /^\d{4}-\d{2}-\d{2}/;

/** Instants cross as they are stored; people read them in words. Two of one day differ in their time. */
const readable = (params: Record<string, string>): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      DAY.test(value)
        ? t("app-moment", { day: dayWords(dayOf(value), "dayYear"), time: timeWords(value) })
        : COUNT.test(value)
          ? Number(value)
          : value,
    ]),
  );

export const noticeWords = (notice: OpeningNotice): string =>
  t(`app-notice-${notice.code}`, readable(notice.params));

const MOST_LINES = 2;

/** What stands above the page: a loss in one sentence, or the first of what was found; and how many more there are. */
export const told = (notices: readonly OpeningNotice[]): { lines: string[]; more: number } => {
  const all = [...new Set(notices.map(noticeWords))];
  const unread = notices.find(({ code }) => code === "spaceUnreadable");
  const lost = notices.some(({ means }) => means === "loss");
  const lines = lost
    ? [t("app-loss", { notebooks: Number(unread?.params["count"] ?? 0) })]
    : all.slice(0, MOST_LINES);
  return { lines, more: lost ? all.length : all.length - lines.length };
};

/** Those that say that another state of the vault may be the one that is wanted. */
export const asking = (notices: readonly OpeningNotice[]): OpeningNotice[] =>
  notices.filter(({ means }) => means === "asks");
