import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import WriteEditor from "./WriteEditor.svelte";

afterEach(() => {
  cleanup();
  document.querySelectorAll("[data-elsewhere]").forEach((one) => one.remove());
});

/** A button to which somebody tabs while the editor may still be at it. */
const elsewhere = (): HTMLButtonElement => {
  const button = document.createElement("button");
  button.dataset["elsewhere"] = "";
  document.body.append(button);
  return button;
};
/** Longer than the frames that TipTap's own focus waits for. */
const frames = (): Promise<void> => new Promise((done) => setTimeout(done, 120));
const page = (): HTMLElement => screen.getByRole("textbox", { name: "The note" });

describe("the focus of the page one writes on", () => {
  it("comes at once, behind the last word, and does not come back to take it from elsewhere", async () => {
    const button = elsewhere();
    const { component } = render(WriteEditor, { name: "The note", value: "First\n\nLast" });
    component.focus();
    expect(page()).toHaveFocus();
    expect(document.getSelection()?.focusNode?.textContent).toBe("Last");
    expect(document.getSelection()?.focusOffset).toBe("Last".length);
    button.focus();
    await frames();
    expect(button).toHaveFocus();
  });

  it("comes at once when the page is opened to be written on, and not later", async () => {
    const button = elsewhere();
    render(WriteEditor, { name: "The note", value: "Words", autofocus: true });
    expect(page()).toHaveFocus();
    button.focus();
    await frames();
    expect(button).toHaveFocus();
  });

  it("is given back by a tool at once, and not later", async () => {
    const button = elsewhere();
    render(WriteEditor, { name: "The note", value: "Words" });
    const bold = screen.getByRole("button", { name: "Bold" });
    bold.focus();
    await userEvent.keyboard("{Enter}");
    expect(page()).toHaveFocus();
    expect(bold).toHaveAttribute("aria-pressed", "true");
    button.focus();
    await frames();
    expect(button).toHaveFocus();
  });
});

describe("characters that nobody sees", () => {
  const codes = (): (string | undefined)[] =>
    [...page().querySelectorAll<HTMLElement>(".unseen")].map((one) => one.dataset["code"]);

  it("are shown by their number where they stand; joiners of letters are none", async () => {
    const value = "First of\u202efer and \u0007 \u{e0041}\n\nPlain \u{1f469}\u200d\u{1f52c}";
    const { rerender } = render(WriteEditor, { name: "The note", value });
    expect(codes()).toEqual(["U+202E", "U+0007", "U+E0041"]);
    expect(page().textContent).toContain("of\u202efer");
    await rerender({ name: "The note", value: "Now \u2066x", read: 1 });
    expect(codes()).toEqual(["U+2066"]);
  });
});
