/** The journal's calendar: which days were written on, and the month around a day. */
import type { Day, RecordLine } from "../../bindings";

const WEEK = 7;

/** How many pages were written on each day. */
export const pagesByDay = (lines: readonly Pick<RecordLine, "on">[]): ReadonlyMap<Day, number> => {
  const days = new Map<Day, number>();
  for (const line of lines) days.set(line.on, (days.get(line.on) ?? 0) + 1);
  return days;
};

/** The weeks of a month, Monday first; null where a day belongs to another month. */
export const weeksOf = (month: string): (Day | null)[][] => {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const length = new Date(year, number, 0).getDate();
  const before = (new Date(year, number - 1, 1).getDay() + WEEK - 1) % WEEK;
  const cells: (Day | null)[] = [
    ...Array.from({ length: before }, () => null),
    ...Array.from({ length }, (_, index) => `${month}-${String(index + 1).padStart(2, "0")}`),
  ];
  while (cells.length % WEEK !== 0) cells.push(null);
  return Array.from({ length: cells.length / WEEK }, (_, index) =>
    cells.slice(index * WEEK, (index + 1) * WEEK),
  );
};

/** The month `steps` later or earlier. */
export const monthAfter = (month: string, steps: number): string => {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const date = new Date(year, number - 1 + steps, 1);
  return `${String(date.getFullYear()).padStart(4, "0")}-${String(date.getMonth() + 1).padStart(2, "0")}`;
};

/** The same day in an earlier year; null for 29 February in a year without one. */
export const sameDay = (day: Day, yearsAgo: number): Day | null => {
  const year = Number(day.slice(0, 4)) - yearsAgo;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (day.slice(5) === "02-29" && !isLeap) return null;
  return `${String(year).padStart(4, "0")}-${day.slice(5)}`;
};

/** A question for a day: another one each day, the same one all day long. */
export const promptFor = (day: Day, count: number, turn: number): number => {
  const days = Math.floor(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
  return (((days + turn) % count) + count) % count;
};
