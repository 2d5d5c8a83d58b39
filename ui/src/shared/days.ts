// Reading a day as people write it: 12 June, 12/6/2026, 2026-06-12, today, Friday, next Friday, in two weeks, end of June; and
// finding one at the end of a sentence. What is said by name and number is read here, the rest by chrono.
import { GB } from "chrono-node/en";
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
  const named = readNamed(text, today);
  if (named !== null) return named;
  const said = lastSaid(text.trim(), today);
  return said?.at === 0 ? said.day : null;
};

export interface DayFound {
  readonly day: string;
  /** The sentence without the day and what joins it on: "by next Friday". */
  readonly rest: string;
}

const JOINS = /(?:^|[\s,;:–-]+)(?:by|on|until|till|before|for|no later than|not later than)(?:\s+the)?\s*$/iu;
/** "Sat" and "sun" are words, too; short names of days count only where something says that a day follows. */
const SHORT = /^(?:sun|mon|tues?|wed|thurs?|thu|fri|sat)$/iu;
const TAIL = /[\s.,;:!?…]*$/u;

/** The day with which a sentence ends, as "Daniel writes one page by next Friday" does; null when it ends with none. */
export const findDay = (sentence: string, today: string = todayIs()): DayFound | null => {
  const text = sentence.replace(TAIL, "");
  const said = lastSaid(text, today);
  if (!said) return null;
  const before = text.slice(0, said.at);
  if (NOT_DUE.test(before)) return null;
  const joined = JOINS.test(before);
  if (SHORT.test(text.slice(said.at)) && !joined) return null;
  const rest = before.replace(JOINS, "").replace(TAIL, "");
  // What is past is part of the story: "the mail she sent last week".
  return rest === "" || said.day < today ? null : { day: said.day, rest };
};

/** What makes of a day something else than the day by which it is done: a pace, a span, a beginning. */
const NOT_DUE =
  /(?:^|\s)(?:every|each|every\s+(?:other|second|third)|after|from|since|between|over|starting|and|or)(?:\s+the)?\s*$/iu;

/** What names a day: one of the month, of the week, or so many days, weeks or months from now. */
const NAMES: readonly ("day" | "weekday" | "month")[] = ["day", "weekday", "month"];
/** A number of weeks without "in" is a pace ("three times a week"), and a month alone is no day. */
const NO_DAY = /^(?:(?:a|an|one|each|every)\s+\w+|[a-z]+)$/iu;
const ONE_WORD =
  /^(?:today|tomorrow|yesterday|tonight|(?:sun|mon|tues?|wednes|thurs?|fri|satur)day|sun|mon|tues?|wed|thurs?|thu|fri|sat)$/iu;

const THIS = /^this\s+(?:week|month|quarter|year)$/iu;

/** "Last Friday" is behind us, though all other days are ahead. */
const earlier = (text: string, today: string): Date =>
  GB.parseDate(text, new Date(`${today}T12:00:00`)) ?? new Date(`${today}T12:00:00`);

/** The last day that is said in words, when the words end with it. */
const lastSaid = (words: string, today: string): { day: string; at: number } | null => {
  const found = GB.parse(words, new Date(`${today}T12:00:00`), { forwardDate: true }).at(-1);
  if (!found || found.end || found.index + found.text.length !== words.length) return null;
  const { start, text } = found;
  if (start.isCertain("hour") || !NAMES.some((name) => start.isCertain(name)) || THIS.test(text)) return null;
  // A month is no day, but in so many months is one.
  if (!start.isCertain("day") && !start.isCertain("weekday") && !/\bmonths?\b/iu.test(text)) return null;
  if (NO_DAY.test(text) && !ONE_WORD.test(text)) return null;
  // Chrono takes 12/13 for the thirteenth of December.
  const day = /\d[/.-]\d/u.test(text)
    ? comingNumbers(text, today)
    : todayIs(/\b(?:last|past)\b/iu.test(text) ? earlier(text, today) : start.date());
  if (day === null) return null;
  return day >= "1900-01-01" && day <= "2199-12-31" ? { day, at: found.index } : null;
};

/** A day in numbers; without a year the coming one, for what is said is about to be done. */
const comingNumbers = (text: string, today: string): string | null => {
  const day = readNamed(text, today);
  const separator = /^\d{1,2}([/.])\d{1,2}$/u.exec(text)?.[1];
  return day !== null && day < today && separator
    ? readNamed(`${text}${separator}${Number(today.slice(0, 4)) + 1}`, today)
    : day;
};

const readNamed = (text: string, today: string): string | null => {
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
