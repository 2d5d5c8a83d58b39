import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import type { Label, Space } from "../bindings";
import LabelControl from "./LabelControl.svelte";

afterEach(() => cleanup());
const shown = (label: Label, more: { fixed?: boolean; shown?: "agreed"; alone?: boolean } = {}): Label[] => {
  const asked: Label[] = [];
  render(LabelControl, { label, ...more, onchange: (next: Label) => asked.push(next) });
  return asked;
};
const open = (): Promise<void> => userEvent.click(screen.getByRole("button"));

describe("the level of a record", () => {
  it("is raised only after the choice was confirmed once", async () => {
    const asked = shown("private");
    await open();
    await userEvent.click(screen.getByRole("radio", { name: /Shareable/u }));
    expect(asked).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Make it Shareable" }));
    expect(asked).toEqual(["shareable"]);
  });
  it("is lowered in one step", async () => {
    const asked = shown("shareable");
    await open();
    await userEvent.click(screen.getByRole("radio", { name: /Private/u }));
    expect(asked).toEqual(["private"]);
  });
  it("is not raised by opening it, looking, and leaving", async () => {
    const asked = shown("private");
    await open();
    await userEvent.click(screen.getByRole("radio", { name: /Shareable/u }));
    await userEvent.keyboard("{Escape}");
    await open();
    expect(screen.getByRole("radio", { name: /Private/u })).toBeChecked();
    expect(asked).toEqual([]);
  });
  it.each([
    [true, 1],
    [false, 0],
  ])("says of sealing what backups made before still hold (saved: %s)", async (saved, times) => {
    const space = { sealed: "open" } as Space;
    render(LabelControl, { label: "private", saved, space, onchange: () => undefined });
    await open();
    expect(screen.queryByText(/Backups made before/u)).toBeNull();
    await userEvent.click(screen.getByRole("radio", { name: /Sealed/u }));
    expect(screen.queryAllByText("Backups made before still hold it unsealed.")).toHaveLength(times);
  });
  it("cannot be changed where it is always Private", () => {
    shown("private", { fixed: true });
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByText("Private")).toBeInTheDocument();
  });
  it("says Agreed for words that stand in an agreed summary", () => {
    shown("shareable", { shown: "agreed" });
    expect(screen.getByRole("button", { name: /^Agreed/u })).toBeInTheDocument();
  });
  it.each([
    [false, "You have both agreed to these words, in a summary."],
    [true, "They stand in words that you have agreed to."],
  ])("says first who has agreed (alone: %s)", async (alone, words) => {
    shown("shareable", { shown: "agreed", alone });
    await open();
    const said = screen.getByText(words);
    const choice = screen.getByRole("radio", { name: /Private/u });
    expect(said.compareDocumentPosition(choice)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  });
});
