import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import Agenda from "./Agenda.svelte";

const open = (value: string) => {
  const onchange = vi.fn<(agenda: string) => void>();
  render(Agenda, { props: { value, onchange, onleave: vi.fn() } });
  return { onchange, user: userEvent.setup() };
};
const point = (number: number): HTMLElement =>
  screen.getByRole("textbox", { name: `Agenda, point ${String(number)}` });
const next = (): HTMLElement => screen.getByRole("textbox", { name: "A new point of the agenda" });

describe("the agenda of a meeting", () => {
  it("shows its points without the signs they are kept with", () => {
    open("- How she is\n- Whether to apply *(Daniel added this)*");
    expect(point(1)).toHaveValue("How she is");
    expect(point(2)).toHaveValue("Whether to apply");
    expect(screen.getByText("Daniel added this")).toBeInTheDocument();
  });
  it("takes another point at the end, and one in between by Enter", async () => {
    const { onchange, user } = open("- One");
    await user.type(next(), "Three");
    expect(onchange).toHaveBeenLastCalledWith("- One\n- Three");
    await user.type(point(1), "{Enter}Two");
    expect(point(2)).toHaveFocus();
    expect(onchange).toHaveBeenLastCalledWith("- One\n- Two\n- Three");
  });
  it("takes an empty point away by Backspace, and keeps who added what", async () => {
    const { onchange, user } = open("- One *(Amara added this)*\n- Two");
    await user.clear(point(2));
    await user.type(point(2), "{Backspace}");
    expect(point(1)).toHaveFocus();
    expect(screen.queryByRole("textbox", { name: "Agenda, point 2" })).toBeNull();
    expect(onchange).toHaveBeenLastCalledWith("- One *(Amara added this)*");
  });
  it("makes several points of several lines", async () => {
    const { onchange, user } = open("");
    await user.click(next());
    await user.paste("One\n\nTwo");
    expect(onchange).toHaveBeenLastCalledWith("- One\n- Two");
  });
});
