import { describe, expect, it } from "vitest";
import type { Owner, RecordLine } from "../../bindings";
import { greeting, lede, sumUp } from "./greeting";

const line = (kind: RecordLine["kind"], day: string, owner: Owner | null = null): RecordLine => ({
  id: day,
  space: "s",
  kind,
  label: "private",
  title: "",
  excerpt: "",
  on: day,
  created: "",
  edited: "",
  parent: null,
  asToldBy: null,
  binned: null,
  state: "open",
  due: kind === "commitment" ? day : null,
  owner,
  steps: null,
});

describe("the greeting", () => {
  it("knows the time of day, and does without a name", () => {
    expect(greeting(9, "Helen")).toBe("Good morning, Helen.");
    expect(greeting(14, "Helen")).toBe("Good afternoon, Helen.");
    expect(greeting(14, "Dr Helen Marsh")).toBe("Good afternoon, Helen.");
    expect(greeting(23, " ")).toBe("Good evening.");
    expect(greeting(2, "Helen")).toBe("Good evening, Helen.");
  });
  it("sums up today's meetings and my own promises of this week", () => {
    const sum = sumUp(
      "2026-06-11",
      [line("meeting", "2026-06-11"), line("meeting", "2026-06-16")],
      [
        line("commitment", "2026-06-11", "me"),
        line("commitment", "2026-06-18", "both"),
        line("commitment", "2026-06-12", "them"),
        line("commitment", "2026-07-12", "me"),
      ],
    );
    expect(sum).toEqual({ meetings: 1, mine: 2, late: 0 });
    expect(lede(sum)).toBe("One meeting today, and two promises to keep this week.");
  });
  it("says how many are late", () => {
    expect(lede(sumUp("2026-06-11", [], [line("commitment", "2026-06-05", "me")]))).toBe(
      "One promise to keep this week. One of them is late.",
    );
  });
  it("counts in words and never begins with a figure", () => {
    expect(lede({ meetings: 0, mine: 8, late: 3 })).toBe(
      "Eight promises to keep this week. Three of them are late.",
    );
  });
  it("is quiet on a quiet day", () => {
    expect(lede({ meetings: 0, mine: 0, late: 0 })).toBe("A quiet day.");
  });
  it("is not quiet while the agreed time of a notebook is ending", () => {
    expect(lede({ meetings: 0, mine: 0, late: 0, endings: 1 })).toBe(
      "The agreed time of one notebook is ending.",
    );
    expect(lede({ meetings: 1, mine: 0, late: 0, endings: 2 })).toBe("One meeting today.");
  });
});
