/** The points of an agenda. A point may begin with a sign: `?` asks, `!` needs, `=` tells how something stands. */
import type { AgendaPoint, PointKind } from "../bindings";

export const BLANK: AgendaPoint = { text: "", kind: "point", aside: "", done: false, source: null };

const KIND_OF: Record<string, PointKind> = { "?": "question", "!": "need", "=": "update" };
const SIGN = /^([?!=])\s+/u;
const MARKER = /^\s*(?:[-*+]|\d+[.)])(?:\s+|$)/u;

/** What was typed, and the kind that a sign before it names; the kind alone is null without a sign. */
export const readSign = (typed: string): { text: string; kind: PointKind | null } => {
  const sign = SIGN.exec(typed);
  return sign
    ? { text: typed.slice(sign[0].length), kind: KIND_OF[sign[1] ?? ""] ?? null }
    : { text: typed, kind: null };
};

/** Points written one to a line, with or without the marks of a list. */
export const readPoints = (lines: string): AgendaPoint[] =>
  lines
    .split("\n")
    .map((line) => readSign(line.replace(MARKER, "").trim()))
    .filter(({ text }) => text !== "")
    .map(({ text, kind }) => ({ ...BLANK, text, kind: kind ?? "point" }));

/** The points that are kept: those with words. */
export const written = (points: readonly AgendaPoint[]): AgendaPoint[] =>
  points
    .filter(({ text }) => text.trim() !== "")
    .map(({ text, kind, aside, done, source }) => ({ text: text.trim(), kind, aside, done, source }));

const ORDER: readonly PointKind[] = ["point", "question", "need", "update"];
export const nextKind = (kind: PointKind): PointKind =>
  ORDER[(ORDER.indexOf(kind) + 1) % ORDER.length] ?? "point";
