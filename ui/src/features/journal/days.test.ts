import { describe, expect, it } from "vitest";
import { monthAfter, pagesByDay, promptFor, sameDay, weeksOf } from "./days";

describe("the journal's calendar", () => {
  it("begins weeks on Monday and pads with other months' days", () => {
    const weeks = weeksOf("2026-11");
    expect(weeks[0]).toEqual([null, null, null, null, null, null, "2026-11-01"]);
    expect(weeks.at(-1)?.[0]).toBe("2026-11-30");
    expect(weeks.flat().filter(Boolean)).toHaveLength(30);
  });
  it("steps over the turn of the year", () => {
    expect(monthAfter("2026-12", 1)).toBe("2027-01");
    expect(monthAfter("2026-01", -1)).toBe("2025-12");
  });
  it("counts the pages of each day", () => {
    expect(
      pagesByDay([{ on: "2026-11-01" }, { on: "2026-11-01" }, { on: "2026-11-03" }]).get("2026-11-01"),
    ).toBe(2);
  });
  it("knows that 29 February is rare", () => {
    expect(sameDay("2028-02-29", 1)).toBeNull();
    expect(sameDay("2028-02-29", 4)).toBe("2024-02-29");
    expect(sameDay("2026-11-21", 1)).toBe("2025-11-21");
  });
  it("asks another question each day, and goes round", () => {
    const asked = Array.from({ length: 12 }, (_, index) =>
      promptFor(`2026-11-${String(index + 1).padStart(2, "0")}`, 12, 0),
    );
    expect(new Set(asked).size).toBe(12);
    expect(promptFor("2026-11-01", 12, 12)).toBe(promptFor("2026-11-01", 12, 0));
    expect(promptFor("1969-12-31", 12, -5)).toBeGreaterThanOrEqual(0);
  });
});
