import { describe, expect, it } from "vitest";
import { lookAt } from "./lexicon";

const ALL = ["judging", "guessing", "sweeping"] as const;
const told = (text: string, faults: readonly (typeof ALL)[number][] = ALL) =>
  lookAt(text, faults).map(({ fault, words }) => [fault, words]);

describe("words to look at in feedback", () => {
  it("are those that judge, that guess and that make one time into all times, where they stand", () => {
    expect(told("You were defensive about the reading, and wanted it over. You always do.")).toEqual([
      ["judging", "defensive"],
      ["guessing", "wanted"],
      ["sweeping", "always"],
    ]);
    expect(lookAt("You were rude.", ALL)).toEqual([{ fault: "judging", words: "rude", start: 9, end: 13 }]);
  });
  it("are found in any case, over the end of a line, and with either apostrophe", () => {
    expect(told("NEVER once. A bad\nattitude. You didn't care; you didn’t care.")).toEqual([
      ["sweeping", "NEVER"],
      ["judging", "bad\nattitude"],
      ["guessing", "didn't care"],
      ["guessing", "didn’t care"],
    ]);
  });
  it("are whole words, and the longest of them", () => {
    expect(told("The intruder nevertheless unwanted coldness, weakly.")).toEqual([]);
    expect(told("every single time")).toEqual([["sweeping", "every single time"]]);
  });
  it("are looked for only where they are out of place", () => {
    expect(told("She felt small.", ["judging", "sweeping"])).toEqual([]);
  });
  it("are none in what was said, nor in what I wanted myself", () => {
    expect(told('You said “this is useless”, and she: "never again".')).toEqual([]);
    expect(told("I wanted to show the data, and we felt rushed. You felt it too.")).toEqual([
      ["guessing", "felt"],
    ]);
    expect(lookAt("I felt it. You felt it.", ["guessing"])).toHaveLength(1);
  });
  it("are none in what a camera would have seen", () => {
    expect(
      told("Handover on Tuesday. You answered before she had finished, and kept your eyes on the screen."),
    ).toEqual([]);
  });
});
