/** What Today says first: a greeting, and one sentence that sums the day up. */
import type { Day, RecordLine } from "../../bindings";
import { firstName } from "../../records/records";
import { addDays, t } from "../../words";

const WEEK_DAYS = 7;
const NOON = 12;
const EVENING = 18;
const DAWN = 5;

export const greeting = (hour: number, name: string): string => {
  const part = hour < DAWN || hour >= EVENING ? "evening" : hour < NOON ? "morning" : "afternoon";
  const first = firstName(name);
  return first === "" ? t(`today-good-${part}`) : t(`today-good-${part}-name`, { name: first });
};

export interface Sum {
  readonly meetings: number;
  /** My own promises due by the end of the week or already late. */
  readonly mine: number;
  readonly late: number;
  /** Notebooks whose agreed time is ending or over. */
  readonly endings?: number;
}

/** Counts what the sentence speaks of. */
export const sumUp = (today: Day, meetings: readonly RecordLine[], promises: readonly RecordLine[]): Sum => {
  const mine = promises.filter(
    (line) => line.owner !== "them" && line.due !== null && line.due <= addDays(today, WEEK_DAYS),
  );
  return {
    meetings: meetings.filter((line) => line.on === today).length,
    mine: mine.length,
    late: mine.filter((line) => line.due !== null && line.due < today).length,
  };
};

/** "One meeting today, and two promises to keep this week." */
export const lede = ({ meetings, mine, late, endings = 0 }: Sum): string => {
  const parts = [
    ...(meetings > 0 ? [t("today-sum-meetings", { count: meetings })] : []),
    ...(mine > 0 ? [t("today-sum-promises", { count: mine })] : []),
  ];
  if (parts.length === 0) return endings > 0 ? t("today-sum-endings", { count: endings }) : t("today-quiet");
  const sentence =
    parts.length === 2
      ? t("today-sum-both", { first: parts[0] ?? "", second: parts[1] ?? "" })
      : t("today-sum-one", { first: parts[0] ?? "" });
  const begun = sentence.charAt(0).toLocaleUpperCase("en-GB") + sentence.slice(1);
  return late > 0 ? `${begun} ${t("today-sum-late", { count: late })}` : begun;
};
