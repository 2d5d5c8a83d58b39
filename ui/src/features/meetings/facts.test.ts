import { describe, expect, it } from "vitest";
import { readMinutes, readTime } from "./facts";

describe("the length of a meeting", () => {
  it.each([
    ["45", 45],
    ["90 min", 90],
    ["1 h 30", 90],
    ["1.5h", 90],
    ["1,5 h", 90],
    ["2 hours", 120],
    [" ", null],
  ])("reads %j", (text, minutes) => {
    expect(readMinutes(text)).toBe(minutes);
  });
  it.each(["0", "soon", "-5", "25 h", "45 apples"])("refuses %j", (text) => {
    expect(readMinutes(text)).toBeUndefined();
  });
});

describe("when a meeting begins", () => {
  it.each([
    ["14:30", "14:30"],
    ["14.30", "14:30"],
    ["1430", "14:30"],
    ["2:30 pm", "14:30"],
    ["12 am", "00:00"],
    ["12pm", "12:00"],
    ["9", "09:00"],
    ["", null],
  ])("reads %j", (text, time) => {
    expect(readTime(text)).toBe(time);
  });
  it.each(["25:00", "14:75", "13pm", "noonish", "0 pm"])("refuses %j", (text) => {
    expect(readTime(text)).toBeUndefined();
  });
});
