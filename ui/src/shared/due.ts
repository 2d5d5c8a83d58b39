/** When something is due, as one says it: "today", "six days late", "Friday 27", "20 December". */
import type { Day } from "../bindings";
import { daysBetween, dayWords, t, todayIs } from "../words";

const WEEK_DAYS = 7;

/** Only what is still to be kept can be late; what was settled keeps its day. */
export const isLate = (
  line: { readonly due: Day | null; readonly state: string | null },
  today: Day = todayIs(),
): boolean => line.state === "open" && line.due !== null && line.due < today;

export const dueWords = (
  line: { readonly due: Day | null; readonly state: string | null },
  today: Day = todayIs(),
): string => {
  if (line.due === null) return t("shared-no-date");
  const days = daysBetween(today, line.due);
  if (isLate(line, today)) return t("shared-days-late", { count: -days });
  if (days === 0) return t("shared-today");
  if (days === 1) return t("shared-tomorrow");
  return dayWords(line.due, days > 0 && days < WEEK_DAYS ? "weekdayLong" : "day", today);
};
