// Contrast computed from the tokens themselves, for both themes, on every surface a pair may stand on.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
const block = (start: string): string => {
  const at = css.indexOf(start);
  if (at < 0) throw new Error(`no block ${start}`);
  return css.slice(css.indexOf("{", at) + 1, css.indexOf("}", at));
};
const read = (text: string): Map<string, string> =>
  new Map(
    [...text.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((found) => [found[1] ?? "", (found[2] ?? "").trim()]),
  );

const base = read(block(":root {"));
const themes = {
  light: new Map([...base, ...read(block(':root,\n[data-theme="light"] {'))]),
  dark: new Map([
    ...base,
    ...read(block(':root,\n[data-theme="light"] {')),
    ...read(block('[data-theme="dark"] {')),
  ]),
};

type Colour = [number, number, number];
const colour = (tokens: Map<string, string>, name: string): Colour => {
  const value = tokens.get(name) ?? "";
  const inner = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
  if (inner) return colour(tokens, inner);
  const hex = /^#([0-9a-f]{6})$/i.exec(value)?.[1];
  if (!hex) throw new Error(`${name} is no colour: ${value}`);
  return [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255) as Colour;
};
const linear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const light = ([r, g, b]: Colour): number => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
const contrast = (a: Colour, b: Colour): number => {
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

const PAPER = ["--bg-desk", "--bg-sheet", "--bg-page", "--bg-raised", "--bg-sunken"];
const TEXT = 4.5;
const SHAPE = 3;
const CLOTHS = ["moss", "teal", "slate", "heather", "brick", "ochre", "umber", "rose"];

const pairs: [string, string[], number][] = [
  ["--text", [...PAPER, "--bg-selected", "--bg-desk-deep"], TEXT],
  ["--text-2", PAPER, TEXT],
  ["--text-accent", [...PAPER, "--bg-selected"], TEXT],
  ["--text-disabled", PAPER, SHAPE],
  ["--text-on-accent", ["--accent", "--accent-hover", "--accent-press"], TEXT],
  ["--line-control", PAPER, SHAPE],
  ["--focus", PAPER, SHAPE],
  ["--private", ["--private-bg", "--bg-sheet", "--bg-raised"], TEXT],
  ["--shareable", ["--shareable-bg", "--bg-sheet", "--bg-raised"], TEXT],
  ["--agreed", ["--agreed-bg", "--bg-sheet", "--bg-raised"], TEXT],
  ["--sealed-on", ["--sealed"], TEXT],
  ["--sealed-line", ["--bg-sheet"], SHAPE],
  ["--attention", ["--attention-bg", "--bg-sheet", "--bg-desk"], TEXT],
  ["--danger", ["--danger-bg", "--bg-sheet", "--bg-raised"], TEXT],
  ["--win", ["--win-bg", "--bg-sheet"], TEXT],
  ["--on-heat", ["--heat-0", "--heat-1", "--heat-2", "--heat-3"], TEXT],
  ["--on-heat-4", ["--heat-4"], TEXT],
  ...CLOTHS.map((cloth): [string, string[], number] => ["--on-cloth", [`--cloth-${cloth}`], TEXT]),
];

describe.each(["light", "dark"] as const)("contrast, %s", (theme) => {
  const tokens = themes[theme];
  const cases = pairs.flatMap(([front, backs, bound]) => backs.map((back) => ({ front, back, bound })));
  it.each(cases)("$front on $back is at least $bound", ({ front, back, bound }) => {
    expect(contrast(colour(tokens, front), colour(tokens, back))).toBeGreaterThanOrEqual(bound);
  });
});

describe("the measure itself", () => {
  it("is 21 for black on white and 1 for the same colour", () => {
    expect(contrast([0, 0, 0], [1, 1, 1])).toBeCloseTo(21, 5);
    expect(contrast([0.2, 0.4, 0.6], [0.2, 0.4, 0.6])).toBe(1);
  });
});
