// The words of the interface. Every sentence the program says is in `src-tauri/crates/words/en/*.ftl`;
// what people write never passes through here except as an argument.
import { FluentBundle, type FluentResource, type FluentVariable } from "@fluent/bundle";

// Parsed while the bundle is built (`scripts/fluent.ts`). What only Rust says stays out.
const resources = import.meta.glob<FluentResource>(
  ["$words/*.ftl", "!$words/checkup.ftl", "!$words/cli.ftl", "!$words/documents.ftl"],
  { import: "default", eager: true },
);

// No isolation marks: they would end up in copied text and file names, and English names need none.
const bundle = new FluentBundle("en-GB", { useIsolating: false });
for (const resource of Object.values(resources)) {
  const faults = bundle.addResource(resource);
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
const STYLES = {
  day: { day: "numeric", month: "long" },
  dayYear: { day: "numeric", month: "long", year: "numeric" },
  short: { day: "numeric", month: "short" },
  weekday: { weekday: "long", day: "numeric", month: "long" },
  weekdayLong: { weekday: "long", day: "numeric" },
  weekdayShort: { weekday: "short", day: "numeric" },
  month: { month: "long", year: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
type Style = keyof typeof STYLES;
export type DayStyle = Exclude<Style, "time">;

// Each is made when it is first needed: the lock screen shows no date.
const formats = new Map<Style, Intl.DateTimeFormat>();
const format = (style: Style): Intl.DateTimeFormat => {
  const made = formats.get(style) ?? new Intl.DateTimeFormat(LOCALE, STYLES[style]);
  formats.set(style, made);
  return made;
};

/** Today's day on this computer, as `2026-06-09`. */
export const todayIs = (now: Date = new Date()): string =>
  `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;

/** A `Day` in words. The year is added to `day` only when it is not this year. */
export const dayWords = (day: string, style: DayStyle = "day", today: string = todayIs()): string =>
  // Browsers differ over a comma after the weekday; we write none.
  format(style === "day" && day.slice(0, 4) !== today.slice(0, 4) ? "dayYear" : style)
    .format(noon(day))
    .replaceAll(",", "");

/** The time of an `Instant` on this computer's clock: 14:05. */
export const timeWords = (instant: string): string => format("time").format(new Date(instant));

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

/** Names in one sentence: Amara, Daniel and Leo. */
export const listWords = (names: readonly string[]): string =>
  new Intl.ListFormat(LOCALE, { type: "conjunction" }).format(names);

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
