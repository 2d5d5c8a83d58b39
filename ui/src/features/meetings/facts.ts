/** Reading what people write about when a meeting begins and how long it takes. */

const LONGEST_MINUTES = 24 * 60;
const HOUR_MINUTES = 60;

/** "45", "90 min", "1 h 30", "1.5 h"; null for nothing, undefined for what is no length. */
export const readMinutes = (text: string): number | null | undefined => {
  const words = text.trim().toLowerCase().replace(",", ".");
  if (words === "") return null;
  const hours = /^(\d+(?:\.\d+)?)\s*h(?:ours?)?\s*(?:(\d{1,2})\s*(?:m|min|minutes?)?)?$/u.exec(words);
  const plain = /^(\d{1,4})\s*(?:m|min|minutes?)?$/u.exec(words);
  const minutes = hours
    ? Math.round(Number(hours[1]) * HOUR_MINUTES) + Number(hours[2] ?? 0)
    : plain
      ? Number(plain[1])
      : Number.NaN;
  return Number.isFinite(minutes) && minutes > 0 && minutes <= LONGEST_MINUTES ? minutes : undefined;
};

const NOON_HOUR = 12;

/** "14:30", "14.30", "1430", "2:30 pm", "9" as "14:30"; null for nothing, undefined for what is no time. */
export const readTime = (text: string): string | null | undefined => {
  const words = text.trim().toLowerCase().replaceAll(/\s+/gu, "");
  if (words === "") return null;
  const found = /^(\d{1,2})(?:[:.h]?(\d{2}))?(am|pm)?$/u.exec(words);
  if (!found) return undefined;
  const said = Number(found[1]);
  const minute = Number(found[2] ?? 0);
  if (found[3] !== undefined && (said < 1 || said > NOON_HOUR)) return undefined;
  const hour =
    found[3] === "pm" ? (said % NOON_HOUR) + NOON_HOUR : found[3] === "am" ? said % NOON_HOUR : said;
  return hour < 24 && minute < HOUR_MINUTES
    ? `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`
    : undefined;
};
