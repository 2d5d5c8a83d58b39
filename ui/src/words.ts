// The words of the interface. Every sentence the program says is in `src-tauri/crates/words/en/*.ftl`;
// what people write never passes through here except as an argument.
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";

const sources = import.meta.glob<string>("$words/*.ftl", { query: "?raw", import: "default", eager: true });

// No isolation marks: they would end up in copied text and file names, and English names need none.
const bundle = new FluentBundle("en-GB", { useIsolating: false });
for (const source of Object.values(sources)) {
  const faults = bundle.addResource(new FluentResource(source));
  if (faults.length > 0) throw faults[0];
}

export type Args = Record<string, FluentVariable>;

/** The sentence with this id. A missing id is a fault of the program: it shows itself rather than an empty space. */
export const t = (id: string, args?: Args): string => {
  const message = bundle.getMessage(id);
  if (!message?.value) return `⟦${id}⟧`;
  return bundle.formatPattern(message.value, args, []);
};

export const has = (id: string): boolean => bundle.hasMessage(id);

const LOCALE = "en-GB";
const noon = (day: string): Date => new Date(`${day}T12:00:00`);
const formats = {
  day: new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "long" }),
  dayYear: new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "long", year: "numeric" }),
  short: new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" }),
  weekday: new Intl.DateTimeFormat(LOCALE, { weekday: "long", day: "numeric", month: "long" }),
  weekdayLong: new Intl.DateTimeFormat(LOCALE, { weekday: "long", day: "numeric" }),
  weekdayShort: new Intl.DateTimeFormat(LOCALE, { weekday: "short", day: "numeric" }),
  month: new Intl.DateTimeFormat(LOCALE, { month: "long", year: "numeric" }),
  time: new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" }),
};
export type DayStyle = Exclude<keyof typeof formats, "time">;

/** Today's day on this computer, as `2026-06-09`. */
export const todayIs = (now: Date = new Date()): string =>
  `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;

/** A `Day` in words. The year is added to `day` only when it is not this year. */
export const dayWords = (day: string, style: DayStyle = "day", today: string = todayIs()): string =>
  // Browsers differ over a comma after the weekday; we write none.
  (style === "day" && day.slice(0, 4) !== today.slice(0, 4) ? formats.dayYear : formats[style])
    .format(noon(day))
    .replaceAll(",", "");

/** The time of an `Instant` on this computer's clock: 14:05. */
export const timeWords = (instant: string): string => formats.time.format(new Date(instant));

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
const STEP = 1000;

/** A length in bytes, in words: 48 kB, 1.2 MB. */
export const sizeWords = (bytes: number): string => {
  const at = Math.min(
    UNITS.length - 1,
    Math.max(0, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(STEP))),
  );
  const value = bytes / STEP ** at;
  return new Intl.NumberFormat(LOCALE, {
    style: "unit",
    unit: UNITS[at],
    unitDisplay: "short",
    maximumFractionDigits: value < 10 && at > 0 ? 1 : 0,
  }).format(value);
};

const lists = new Intl.ListFormat(LOCALE, { type: "conjunction" });

/** Names in one sentence: Amara, Daniel and Leo. */
export const listWords = (names: readonly string[]): string => lists.format(names);

/** The day on which an `Instant` fell, on this computer's clock. */
export const dayOf = (instant: string): string => todayIs(new Date(instant));

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((noon(to).getTime() - noon(from).getTime()) / 86_400_000);

export const addDays = (day: string, days: number): string => {
  const date = noon(day);
  date.setDate(date.getDate() + days);
  return todayIs(date);
};
