import { describe, expect, it } from "vitest";
import type { Goal, Milestone } from "../../bindings";
import { monthsOf, moveStep, spanOf, stairs, stepsOf } from "./steps";

const step = (id: string, due: string | null, doneOn: string | null): Milestone => ({
  id,
  text: id,
  due,
  doneOn,
});
const goal = (
  milestones: Milestone[],
  state: Goal["state"] = "open",
): Pick<Goal, "milestones" | "due" | "state"> => ({ milestones, due: null, state });
const TODAY = "2026-06-11";

describe("steps taken against steps planned", () => {
  it("counts both up to today", () => {
    const steps = stepsOf(
      [
        goal([
          step("a", "2026-02-01", "2026-03-01"),
          step("b", "2026-06-01", null),
          step("c", "2026-09-01", null),
        ]),
        goal([step("d", null, "2026-03-01")]),
      ],
      TODAY,
    );
    expect(steps.takenByToday).toBe(2);
    expect(steps.plannedByToday).toBe(2);
    expect(steps.total).toBe(4);
    expect(steps.taken).toEqual([{ on: "2026-03-01", count: 2 }]);
    expect(steps.planned.at(-1)).toEqual({ on: "2026-09-01", count: 3 });
  });
  it("leaves out what was set aside", () => {
    expect(stepsOf([goal([step("a", "2026-02-01", null)], "setAside")], TODAY).total).toBe(0);
  });
  it("shows the whole year, and more when a step needs it", () => {
    expect(spanOf([], TODAY)).toEqual({ from: "2026-01-01", to: "2026-12-31" });
    expect(spanOf([goal([step("a", "2027-02-10", "2025-11-20")])], TODAY)).toEqual({
      from: "2025-11-01",
      to: "2027-02-28",
    });
  });
  it("draws stairs that end where they are told to", () => {
    const x = (day: string): number => Number(day.slice(8));
    expect(
      stairs(
        [
          { on: "2026-06-05", count: 1 },
          { on: "2026-06-20", count: 2 },
        ],
        x,
        (count) => 10 - count,
        "2026-06-01",
        "2026-06-11",
      ),
    ).toBe("M1.0 10.0H5.0V9.0H11.0");
  });
  it("names at most twelve months", () => {
    expect(monthsOf({ from: "2026-01-01", to: "2026-12-31" }, 12)).toHaveLength(12);
    expect(monthsOf({ from: "2025-01-01", to: "2027-12-31" }, 12).length).toBeLessThanOrEqual(12);
    expect(monthsOf({ from: "2025-11-01", to: "2026-02-28" }, 12)).toEqual([
      "2025-11-01",
      "2025-12-01",
      "2026-01-01",
      "2026-02-01",
    ]);
  });
  it("moves a step, and stops at the ends", () => {
    const steps = [step("a", null, null), step("b", null, null)];
    expect(moveStep(steps, "b", -1).map((one) => one.id)).toEqual(["b", "a"]);
    expect(moveStep(steps, "a", -1).map((one) => one.id)).toEqual(["a", "b"]);
    expect(moveStep(steps, "x", 1)).toHaveLength(2);
  });
});
