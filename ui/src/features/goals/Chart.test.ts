import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import type { Milestone } from "../../bindings";
import Chart from "./Chart.svelte";
import { stepsOf } from "./steps";

const TODAY = "2026-06-11";
const step = (id: string, due: string | null, doneOn: string | null): Milestone => ({
  id,
  text: id,
  due,
  doneOn,
});
const draw = (milestones: Milestone[]) =>
  render(Chart, {
    steps: stepsOf([{ milestones, due: null, state: "open" }], TODAY),
    today: TODAY,
    anyLate: false,
  });

afterEach(cleanup);

describe("the chart of steps", () => {
  it("says nothing of a plan when no step has a day", () => {
    const { container } = draw([step("a", null, "2026-03-01"), step("b", null, null), step("c", null, null)]);
    expect(screen.getByRole("img", { name: "One of three steps taken." })).toBeInTheDocument();
    expect(screen.getByText("3 steps")).toBeInTheDocument();
    expect(screen.queryByText("as planned")).toBeNull();
    expect(container.querySelector(".planned")).toBeNull();
  });
  it("says how far behind where any step has a day", () => {
    draw([step("a", "2026-02-01", null), step("b", null, "2026-03-01"), step("c", "2026-03-01", null)]);
    expect(screen.getByRole("img", { name: /^One step taken, one behind/u })).toBeInTheDocument();
  });
  it("keeps the most out of the way of the steps taken", () => {
    draw([step("a", null, "2026-03-01")]);
    expect(screen.getByRole("img", { name: "The one step is taken." })).toBeInTheDocument();
    expect(screen.getByText("one step")).toHaveAttribute("text-anchor", "end");
    cleanup();
    render(Chart, {
      steps: stepsOf(
        [{ milestones: [step("a", null, "2026-12-01")], due: null, state: "open" }],
        "2026-12-20",
      ),
      today: "2026-12-20",
      anyLate: false,
    });
    expect(screen.getByText("one step")).toHaveAttribute("text-anchor", "start");
  });
});
