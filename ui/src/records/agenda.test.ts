import { describe, expect, it } from "vitest";
import { BLANK, nextKind, readPoints, readSign, written } from "./agenda";

describe("an agenda", () => {
  it("is read from lines, with or without the marks of a list, and with the sign of what is wanted", () => {
    expect(
      readPoints("- How she is\n? Whether to apply\n\n3. -20 degrees\n! A reader\n= The draft\n-"),
    ).toEqual([
      { ...BLANK, text: "How she is" },
      { ...BLANK, text: "Whether to apply", kind: "question" },
      { ...BLANK, text: "-20 degrees" },
      { ...BLANK, text: "A reader", kind: "need" },
      { ...BLANK, text: "The draft", kind: "update" },
    ]);
  });
  it("takes a sign only before a point, and apart from it", () => {
    expect(readSign("?")).toEqual({ text: "?", kind: null });
    expect(readSign("!important")).toEqual({ text: "!important", kind: null });
    expect(readSign("Why? ")).toEqual({ text: "Why? ", kind: null });
    expect(readSign("? ")).toEqual({ text: "", kind: "question" });
  });
  it("keeps no point without words", () => {
    const kept = { ...BLANK, text: " One ", done: true, source: "a" };
    expect(written([kept, { ...BLANK, text: " " }])).toEqual([{ ...kept, text: "One" }]);
  });
  it("goes round the kinds", () => {
    expect(nextKind("point")).toBe("question");
    expect(nextKind("update")).toBe("point");
  });
});
