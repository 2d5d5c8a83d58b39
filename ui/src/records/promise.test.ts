import { describe, expect, it } from "vitest";
import { readPromise } from "./promise";

const TODAY = "2026-11-21"; // a Saturday
const DANIEL = { name: "Dr Daniel Reyes", kind: "relationship" } as const;

describe("a promise in one line", () => {
  it.each([
    ["Daniel writes one page by next Friday", "writes one page", "them", "2026-11-27"],
    ["daniel will ask Professor Okafor", "ask Professor Okafor", "them", null],
    ["Daniel: the methods section, on 4 Dec", "the methods section", "them", "2026-12-04"],
    ["I'll read the draft tomorrow", "read the draft", "me", "2026-11-22"],
    ["I send the letter", "send the letter", "me", null],
    ["We will meet the dean in two weeks", "meet the dean", "both", "2026-12-05"],
    ["Send the slides", "Send the slides", null, null],
    ["Introduce him to Daniel’s group", "Introduce him to Daniel’s group", null, null],
    ["Daniel and I will meet the dean tomorrow", "meet the dean", "both", "2026-11-22"],
    ["Daniel is right: ask the dean", "Daniel is right: ask the dean", null, null],
    ["Daniella sends it", "Daniella sends it", null, null],
    ["in two weeks", "in two weeks", null, null],
    ["", "", null, null],
  ])("%s", (line, words, owner, due) => {
    expect(readPromise(line, DANIEL, TODAY)).toEqual({ words, owner, due });
  });
  it("is always mine in a journal", () => {
    expect(
      readPromise("I write daily from Monday", { name: "Journal", kind: "journal" }, TODAY).owner,
    ).toBeNull();
  });
});
