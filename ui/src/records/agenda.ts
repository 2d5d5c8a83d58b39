/** An agenda is kept as a list in Markdown, one point to a line; who added a point stands behind it: `*(Daniel added this)*`. */

export interface Point {
  readonly text: string;
  /** What stands behind the point in brackets; empty for most. */
  readonly aside: string;
}

const MARKER = /^\s*(?:[-*+]|\d+[.)])(?:\s+|$)/u;
const ASIDE = /\s*\*\(([^()]+)\)\*\s*$/u;

const pointOf = (line: string): Point => {
  const words = line.replace(MARKER, "").trim();
  return { text: words.replace(ASIDE, "").trim(), aside: ASIDE.exec(words)?.[1]?.trim() ?? "" };
};

export const readAgenda = (agenda: string): Point[] =>
  agenda
    .split("\n")
    .map(pointOf)
    .filter(({ text, aside }) => text !== "" || aside !== "");

export const writeAgenda = (points: readonly Point[]): string =>
  points
    .filter(({ text }) => text.trim() !== "")
    .map(({ text, aside }) => `- ${text.trim()}${aside === "" ? "" : ` *(${aside})*`}`)
    .join("\n");
