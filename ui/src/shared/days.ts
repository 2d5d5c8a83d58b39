// Reading a day as people write it: 12 June, 12/6/2026, 2026-06-12, today, tomorrow, Friday.
import { addDays, todayIs } from "../words";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FAR_DAYS = 183;

const real = (year: number, month: number, day: number): string | null => {
  const date = new Date(year, month - 1, day, 12);
  date.setFullYear(year);
  const fits = date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day;
  return fits && year >= 1900 && year <= 2199 ? todayIs(date) : null;
};

/** The year nearest to today when none is written: "3 January" in November means the coming one. */
const nearest = (today: string, month: number, day: number): string | null => {
  const year = Number(today.slice(0, 4));
  const here = real(year, month, day);
  if (!here) return real(year + 1, month, day);
  if (here > addDays(today, FAR_DAYS)) return real(year - 1, month, day);
  if (here < addDays(today, -FAR_DAYS)) return real(year + 1, month, day);
  return here;
};

/** The day that was written, or null when it is not one. */
export const readDay = (text: string, today: string = todayIs()): string | null => {
  const words = text.trim().toLowerCase().replace(/,/g, " ").replace(/\s+/g, " ");
  if (words === "today") return today;
  if (words === "tomorrow") return addDays(today, 1);
  if (words === "yesterday") return addDays(today, -1);

  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(words);
  if (iso) return real(Number(iso[1]), Number(iso[2]), Number(iso[3]));

  const slashes = /^(\d{1,2})[/.](\d{1,2})(?:[/.](\d{2}|\d{4}))?$/.exec(words);
  if (slashes) {
    const [, day, month, year] = slashes;
    if (!year) return nearest(today, Number(month), Number(day));
    return real(year.length === 2 ? 2000 + Number(year) : Number(year), Number(month), Number(day));
  }

  const weekday = WEEKDAYS.findIndex((name) => words.length >= 3 && words.startsWith(name));
  const rest = words.replace(/^[a-z]+ (?=\d)/, (first) =>
    WEEKDAYS.some((name) => first.startsWith(name)) ? "" : first,
  );
  const named =
    /^(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.?(?: (\d{4}))?$/.exec(rest) ??
    swap(/^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?$/.exec(rest));
  if (named) {
    const month = MONTHS.findIndex((name) => named[2]?.startsWith(name)) + 1;
    if (month === 0 || !FULL_MONTHS[month - 1]?.startsWith(named[2] ?? "")) return null;
    return named[3]
      ? real(Number(named[3]), month, Number(named[1]))
      : nearest(today, month, Number(named[1]));
  }
  if (weekday >= 0 && FULL_DAYS[weekday]?.startsWith(words)) {
    const now = new Date(`${today}T12:00:00`).getDay();
    return addDays(today, (weekday - now + 7) % 7 || 7);
  }
  return null;
};

const FULL_MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const FULL_DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

const swap = (found: RegExpExecArray | null): (string | undefined)[] | null =>
  found ? [found[0], found[2], found[1], found[3]] : null;
