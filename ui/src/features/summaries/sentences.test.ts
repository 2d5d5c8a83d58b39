import { describe, expect, it } from "vitest";
import {
  evidenceOf,
  inlineOf,
  numbersOf,
  ownWords,
  sentencesOf,
  stretchAt,
  stretchesOf,
  withoutSource,
  type Inline,
} from "./sentences";

const text = (words: string): Inline => ({ kind: "text", text: words });
const mark = (...sources: string[]): Inline => ({ kind: "source", sources });

describe("sentences and their sources", () => {
  it("gives a mark to the sentence before it, and only to that one", () => {
    expect(sentencesOf([text("She led it. It went well."), mark("a"), text(" More to come.")])).toEqual([
      { text: "She led it.", sources: [] },
      { text: "It went well.", sources: ["a"] },
      { text: "More to come.", sources: [] },
    ]);
  });

  it.each([
    "Dr. Nwosu led it.",
    "She met Prof. Okafor in June.",
    "J. R. Baptiste wrote to us.",
    "Rated 4.7 out of 5.",
    "See e.g. the audit.",
  ])("keeps %s in one piece", (sentence) => {
    expect(sentencesOf([text(sentence)])).toEqual([{ text: sentence, sources: [] }]);
  });

  it("puts two marks in a row together", () => {
    expect(sentencesOf([text("One."), mark("a"), text(" "), mark("b", "a")])).toEqual([
      { text: "One.", sources: ["a", "b"] },
    ]);
  });

  it("keeps no mark that marks nothing", () => {
    expect(sentencesOf([mark("a"), text("Words.")])).toEqual([{ text: "Words.", sources: [] }]);
  });

  it("is the same after being stored and shown", () => {
    const sentences = [
      { text: "One.", sources: ["a"] },
      { text: "Two, without an end", sources: ["b", "c"] },
      { text: "Three.", sources: [] },
    ];
    expect(sentencesOf(inlineOf(sentences))).toEqual(sentences);
  });

  it("knows where each sentence stands, counting a mark as one letter", () => {
    const stretches = stretchesOf([text("One."), mark("a"), text(" Two.")]);
    expect(stretches.map(({ start, textEnd, end, marks }) => ({ start, textEnd, end, marks }))).toEqual([
      { start: 0, textEnd: 4, end: 5, marks: [4] },
      { start: 6, textEnd: 10, end: 10, marks: [] },
    ]);
    expect(stretchAt(stretches, 0)?.text).toBe("One.");
    expect(stretchAt(stretches, 5)?.text).toBe("One.");
    expect(stretchAt(stretches, 6)?.text).toBe("Two.");
    expect(stretchAt(stretches, 99)?.text).toBe("Two.");
    expect(stretchAt([], 0)).toBeNull();
  });

  it("numbers sources as they appear, and counts what is in my own words", () => {
    const paragraphs = [
      { heading: true, sentences: [{ text: "What changed", sources: [] }] },
      {
        heading: false,
        sentences: [
          { text: "One.", sources: ["b"] },
          { text: "Two.", sources: ["a", "b"] },
          { text: "Three.", sources: [] },
        ],
      },
    ];
    expect([...numbersOf(paragraphs)]).toEqual([
      ["b", 1],
      ["a", 2],
    ]);
    expect(ownWords(paragraphs)).toEqual({ own: [{ text: "Three.", sources: [] }], total: 3 });
    expect(evidenceOf(["c", "a"], paragraphs)).toEqual(["c", "a", "b"]);
    expect(numbersOf(withoutSource(paragraphs, "b")).has("b")).toBe(false);
  });
});
