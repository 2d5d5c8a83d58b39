import { describe, expect, it } from "vitest";
import { dueWords, isLate } from "./due";

const TODAY = "2026-06-11"; // a Thursday

describe("when something is due", () => {
  it.each([
    ["2026-06-11", "open", "today"],
    ["2026-06-12", "open", "tomorrow"],
    ["2026-06-10", "open", "one day late"],
    ["2026-06-05", "open", "six days late"],
    ["2026-05-01", "open", "41 days late"],
    ["2026-06-16", "open", "Tuesday 16"],
    ["2026-06-18", "open", "18 June"],
    ["2026-06-05", "renegotiated", "5 June"],
    ["2026-06-05", "kept", "5 June"],
    [null, "open", "no date"],
  ])("%s, %s: %s", (due, state, words) => {
    expect(dueWords({ due, state }, TODAY)).toBe(words);
  });
  it("is late only while it is still to be kept", () => {
    const due = "2026-06-05";
    expect(
      ["open", "kept", "renegotiated", "missed"].filter((state) => isLate({ due, state }, TODAY)),
    ).toEqual(["open"]);
  });
});
