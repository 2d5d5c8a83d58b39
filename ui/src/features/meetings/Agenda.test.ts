import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { AgendaPoint } from "../../bindings";
import { BLANK } from "../../records/agenda";
import Agenda from "./Agenda.svelte";

const of = (text: string, more: Partial<AgendaPoint> = {}): AgendaPoint => ({ ...BLANK, text, ...more });
const open = (...value: AgendaPoint[]) => {
  const onchange = vi.fn<(points: AgendaPoint[]) => void>();
  render(Agenda, { props: { value, onchange, onleave: vi.fn() } });
  return { onchange, user: userEvent.setup() };
};
const point = (number: number): HTMLElement =>
  screen.getByRole("textbox", { name: `Agenda, point ${String(number)}` });
const next = (): HTMLElement => screen.getByRole("textbox", { name: "A new point of the agenda" });

describe("the agenda of a meeting", () => {
  it("shows its points with who added them and what is wanted", () => {
    open(of("How she is"), of("Whether to apply", { aside: "Daniel added this", kind: "question" }));
    expect(point(1)).toHaveValue("How she is");
    expect(point(2)).toHaveValue("Whether to apply");
    expect(screen.getByText("Daniel added this")).toBeInTheDocument();
    expect(screen.getByText("Question")).toBeInTheDocument();
  });
  it("takes another point at the end, and one in between by Enter", async () => {
    const { onchange, user } = open(of("One"));
    await user.type(next(), "Three");
    expect(onchange).toHaveBeenLastCalledWith([of("One"), of("Three")]);
    await user.type(point(1), "{Enter}Two");
    expect(point(2)).toHaveFocus();
    expect(onchange).toHaveBeenLastCalledWith([of("One"), of("Two"), of("Three")]);
  });
  it("takes an empty point away by Backspace, and keeps who added what", async () => {
    const { onchange, user } = open(of("One", { aside: "Amara added this" }), of("Two"));
    await user.clear(point(2));
    await user.type(point(2), "{Backspace}");
    expect(point(1)).toHaveFocus();
    expect(screen.queryByRole("textbox", { name: "Agenda, point 2" })).toBeNull();
    expect(onchange).toHaveBeenLastCalledWith([of("One", { aside: "Amara added this" })]);
  });
  it("makes several points of several lines", async () => {
    const { onchange, user } = open();
    await user.click(next());
    await user.paste("One\n\n? Two");
    expect(onchange).toHaveBeenLastCalledWith([of("One"), of("Two", { kind: "question" })]);
  });
  it("tells a question, a need and an update apart by the sign that is typed", async () => {
    const { onchange, user } = open();
    await user.type(next(), "? Whether to apply");
    expect(point(1)).toHaveValue("Whether to apply");
    expect(point(1)).toHaveFocus();
    await user.keyboard("{Enter}! A reader{Enter}= The draft{Enter}Plain");
    expect(onchange).toHaveBeenLastCalledWith([
      of("Whether to apply", { kind: "question" }),
      of("A reader", { kind: "need" }),
      of("The draft", { kind: "update" }),
      of("Plain"),
    ]);
  });
  it("makes a plain point of it again by Backspace at its beginning, and another by its word", async () => {
    const { onchange, user } = open(of("Whether to apply", { kind: "question" }), of("A", { kind: "need" }));
    await user.click(screen.getByRole("button", { name: /^Need\./u }));
    expect(onchange).toHaveBeenLastCalledWith([
      of("Whether to apply", { kind: "question" }),
      of("A", { kind: "update" }),
    ]);
    await user.type(point(1), "{Backspace}", { initialSelectionStart: 0, initialSelectionEnd: 0 });
    expect(onchange).toHaveBeenLastCalledWith([of("Whether to apply"), of("A", { kind: "update" })]);
  });
  it("moves a point with the keys, and no further than the first and the last place", async () => {
    const { onchange, user } = open(of("One"), of("Two"), of("Three"));
    await user.click(point(3));
    await user.keyboard("{Control>}{Shift>}{ArrowUp}{/Shift}{/Control}");
    expect(onchange).toHaveBeenLastCalledWith([of("One"), of("Three"), of("Two")]);
    expect(point(2)).toHaveFocus();
    await user.keyboard("{Control>}{Shift>}{ArrowUp}{ArrowUp}{/Shift}{/Control}");
    expect(onchange).toHaveBeenLastCalledWith([of("Three"), of("One"), of("Two")]);
    await user.click(point(3));
    onchange.mockClear();
    await user.keyboard("{Control>}{Shift>}{ArrowDown}{/Shift}{/Control}");
    expect(onchange).not.toHaveBeenCalled();
  });
  it("keeps that a point has been spoken of", async () => {
    const { onchange, user } = open(of("One"), of("Two"));
    const spoken = screen.getByRole("button", { name: "Point 2 has been spoken of" });
    await user.click(spoken);
    expect(onchange).toHaveBeenLastCalledWith([of("One"), of("Two", { done: true })]);
    expect(spoken).toHaveAttribute("aria-pressed", "true");
    await user.click(spoken);
    expect(onchange).toHaveBeenLastCalledWith([of("One"), of("Two")]);
  });
});
