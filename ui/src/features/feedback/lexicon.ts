/** Words in feedback that judge, guess or sweep. The lists are words like all others, one for each language: `lexicon.ftl`. */
import { t } from "../../words";

export type Fault = "judging" | "guessing" | "sweeping";

export interface Found {
  readonly fault: Fault;
  /** As it stands in the text. */
  readonly words: string;
  readonly start: number;
  readonly end: number;
}

const escape = (words: string): string => words.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");

/** One pattern for a list; the longer words first, for "every single time" is not "every time". */
const patternOf = (list: string): RegExp => {
  const words = list
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "")
    .sort((one, other) => other.length - one.length)
    .map((one) => escape(one).replace(/\s+/gu, "\\s+").replace(/[’']/gu, "[’']"));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})(?![\\p{L}\\p{N}])`, "giu");
};

const patterns = new Map<Fault, RegExp>();
const pattern = (fault: Fault): RegExp => {
  const made = patterns.get(fault) ?? patternOf(t(`lexicon-${fault}`));
  patterns.set(fault, made);
  return made;
};

/** What somebody said is what was heard, whatever it says. */
const SAID = /“[^”]*”|"[^"]*"/gu;
/** What I wanted or felt is mine to say. */
const OWN = /(?:^|[^\p{L}\p{N}])(?:i|we)\s+$/iu;
const OWN_LENGTH = 8;

/** What of a text to look at again, in the order in which it is read; nothing stands twice. */
export const lookAt = (text: string, faults: readonly Fault[]): Found[] => {
  const said = [...text.matchAll(SAID)].map((hit) => [hit.index, hit.index + hit[0].length] as const);
  const found = faults.flatMap((fault) =>
    [...text.matchAll(pattern(fault))].map((hit): Found => ({
      fault,
      words: hit[0],
      start: hit.index,
      end: hit.index + hit[0].length,
    })),
  );
  found.sort((one, other) => one.start - other.start || other.end - one.end);
  let end = 0;
  return found.filter((one) => {
    if (one.start < end || said.some(([from, to]) => from < one.start && one.end < to)) return false;
    if (one.fault === "guessing" && OWN.test(text.slice(Math.max(0, one.start - OWN_LENGTH), one.start)))
      return false;
    end = one.end;
    return true;
  });
};
