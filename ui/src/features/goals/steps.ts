/** Steps taken against steps planned, over time. */
import type { Day, Goal, Milestone } from "../../bindings";

export interface Span {
  readonly from: Day;
  readonly to: Day;
}

/** A count that grows: from this day on it is this many. */
export interface Point {
  readonly on: Day;
  readonly count: number;
}

export interface Steps {
  readonly span: Span;
  readonly taken: readonly Point[];
  readonly planned: readonly Point[];
  readonly takenByToday: number;
  readonly plannedByToday: number;
  readonly total: number;
}

const counted = (days: readonly Day[]): Point[] => {
  const points: Point[] = [];
  for (const day of [...days].sort()) {
    const last = points.at(-1);
    if (last?.on === day) points[points.length - 1] = { on: day, count: last.count + 1 };
    else points.push({ on: day, count: (last?.count ?? 0) + 1 });
  }
  return points;
};

const isDay = (day: Day | null): day is Day => day !== null;

/** The year of today, widened to whole months so that every step has its place. */
export const spanOf = (goals: readonly Pick<Goal, "milestones" | "due">[], today: Day): Span => {
  const days = goals
    .flatMap((goal) => [goal.due, ...goal.milestones.flatMap((step) => [step.due, step.doneOn])])
    .filter(isDay);
  const year = today.slice(0, 4);
  const first = [...days, `${year}-01-01`].sort()[0] ?? today;
  const last = [...days, `${year}-12-31`].sort().at(-1) ?? today;
  const [lastYear = 0, lastMonth = 1] = last.split("-").map(Number);
  const monthEnd = String(new Date(lastYear, lastMonth, 0).getDate()).padStart(2, "0");
  return { from: `${first.slice(0, 7)}-01`, to: `${last.slice(0, 7)}-${monthEnd}` };
};

export const stepsOf = (goals: readonly Pick<Goal, "milestones" | "due" | "state">[], today: Day): Steps => {
  // What was set aside was neither missed nor taken.
  const live = goals.filter((goal) => goal.state !== "setAside");
  const milestones = live.flatMap((goal) => goal.milestones);
  const taken = counted(milestones.map((step) => step.doneOn).filter(isDay));
  const planned = counted(milestones.map((step) => step.due).filter(isDay));
  const at = (points: readonly Point[], day: Day): number =>
    points.findLast((point) => point.on <= day)?.count ?? 0;
  return {
    span: spanOf(live, today),
    taken,
    planned,
    takenByToday: at(taken, today),
    plannedByToday: at(planned, today),
    total: milestones.length,
  };
};

/** The line of a count that grows in steps, in the units of the drawing. */
export const stairs = (
  points: readonly Point[],
  x: (day: Day) => number,
  y: (count: number) => number,
  from: Day,
  to: Day,
): string => {
  let path = `M${x(from).toFixed(1)} ${y(0).toFixed(1)}`;
  for (const point of points) {
    if (point.on > to) break;
    path += `H${x(point.on < from ? from : point.on).toFixed(1)}V${y(point.count).toFixed(1)}`;
  }
  return `${path}H${x(to).toFixed(1)}`;
};

/** First days of the months a drawing names: at most so many of them. */
export const monthsOf = (span: Span, most: number): Day[] => {
  const months: Day[] = [];
  let [year = 0, month = 1] = span.from.split("-").map(Number);
  const end = span.to.slice(0, 7);
  for (;;) {
    const here = `${String(year)}-${String(month).padStart(2, "0")}`;
    if (here > end) break;
    months.push(`${here}-01`);
    month += 1;
    if (month > 12) [year, month] = [year + 1, 1];
  }
  const every = Math.ceil(months.length / most);
  return months.filter((_, index) => index % every === 0);
};

/** The steps with one of them moved up or down. */
export const moveStep = (steps: readonly Milestone[], id: string, by: -1 | 1): Milestone[] => {
  const at = steps.findIndex((step) => step.id === id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= steps.length) return [...steps];
  const moved = [...steps];
  const [step] = moved.splice(at, 1);
  if (step) moved.splice(to, 0, step);
  return moved;
};
