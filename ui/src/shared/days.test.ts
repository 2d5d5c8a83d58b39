import { describe, expect, it } from "vitest";
import { readDay } from "./days";

const TODAY = "2026-11-21"; // a Saturday

describe("reading a day as people write it", () => {
  it.each([
    ["12 June 2026", "2026-06-12"],
    ["12th june 2026", "2026-06-12"],
    ["June 12, 2026", "2026-06-12"],
    ["12 Jun", "2026-06-12"],
    ["Thursday 11 June 2026", "2026-06-11"],
    ["12/6/2026", "2026-06-12"],
    ["12.6.26", "2026-06-12"],
    ["2026-6-2", "2026-06-02"],
    ["today", "2026-11-21"],
    [" Tomorrow ", "2026-11-22"],
    ["yesterday", "2026-11-20"],
    ["Friday", "2026-11-27"],
    ["sat", "2026-11-28"],
    ["3 January", "2027-01-03"],
    ["30 December", "2026-12-30"],
    ["29 February 2028", "2028-02-29"],
  ])("%s", (text, day) => {
    expect(readDay(text, TODAY)).toBe(day);
  });
  it.each([
    "12 Jume",
    "31 June 2026",
    "29 February 2027",
    "0/6/2026",
    "12/13/2026",
    "",
    "soon",
    "12 June 2900",
    "2026-13-01",
    "friendly",
  ])("%s is none", (text) => {
    expect(readDay(text, TODAY)).toBeNull();
  });
});
