import { describe, expect, it } from "vitest";
import { readMinutes } from "./facts";

describe("the length of a meeting", () => {
  it.each([["45", 45], ["90 min", 90], ["1 h 30", 90], ["1.5h", 90], ["1,5 h", 90], ["2 hours", 120], [" ", null]])("reads %j", (text, minutes) => {
    expect(readMinutes(text)).toBe(minutes);
  });
  it.each(["0", "soon", "-5", "25 h", "45 apples"])("refuses %j", (text) => {
    expect(readMinutes(text)).toBeUndefined();
  });
});
