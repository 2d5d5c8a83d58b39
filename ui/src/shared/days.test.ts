import { describe, expect, it } from "vitest";
import { findDay, readDay } from "./days";

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
    ["next Friday", "2026-11-27"],
    ["in two weeks", "2026-12-05"],
    ["In 10 days", "2026-12-01"],
    ["end of June", "2027-06-30"],
    ["end of the month", "2026-11-30"],
    ["next week", "2026-11-28"],
    ["in a month", "2026-12-21"],
    ["last Friday", "2026-11-20"],
    ["three days ago", "2026-11-18"],
    ["last week", "2026-11-14"],
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
    "March",
    "a week",
    "next year",
    "at 5",
    "in 5 minutes",
    "this morning",
    "call her on Friday, then write",
    "this month",
    "March 2027",
  ])("%s is none", (text) => {
    expect(readDay(text, TODAY)).toBeNull();
  });
});

describe("the day with which a sentence ends", () => {
  it.each([
    ["Daniel writes one page by next Friday", "Daniel writes one page", "2026-11-27"],
    ["Read chapter 2 by the end of January.", "Read chapter 2", "2027-01-31"],
    ["ask Professor Okafor on 4 Dec", "ask Professor Okafor", "2026-12-04"],
    ["send the 2025 report, no later than Monday", "send the 2025 report", "2026-11-23"],
    ["march to the dean before Wed", "march to the dean", "2026-11-25"],
    ["call the clinic tomorrow!", "call the clinic", "2026-11-22"],
    ["ring her in three weeks", "ring her", "2026-12-12"],
    ["hand it in by 12/6", "hand it in", "2027-06-12"],
    ["write by 2027-01-04", "write", "2027-01-04"],
  ])("%s", (sentence, rest, day) => {
    expect(findDay(sentence, TODAY)).toEqual({ rest, day });
  });
  it.each([
    "May I ask her",
    "write three times a week",
    "where she sat",
    "look at the sun",
    "call at 5",
    "read the report of 2025",
    "by next Friday",
    "on Friday call her",
    "do it in 5 minutes",
    "write in March",
    "hand it in by March 2027",
    "finish the draft this month",
    "reply to the mail she sent last week",
    "go through what he said yesterday",
    "read what came last Friday",
    "read what came three days ago",
    "send a page every Friday",
    "read one paper every two weeks",
    "meet every other Monday",
    "ring her after Friday",
    "read from Monday to Friday",
    "write on Monday and Friday",
    "",
  ])("%s ends with none", (sentence) => {
    expect(findDay(sentence, TODAY)).toBeNull();
  });
});
