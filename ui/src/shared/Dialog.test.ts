// One test for each clause of Dialog.md that can be seen without a real window; inertness is seen in the real one.
import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import DialogHost from "./fixtures/DialogHost.svelte";

const open = async (
  props: Record<string, unknown> = {},
): Promise<{ user: ReturnType<typeof userEvent.setup>; onclose: () => void }> => {
  const user = userEvent.setup();
  const onclose = vi.fn();
  render(DialogHost, { props: { onclose, ...props } });
  await user.click(screen.getByRole("button", { name: "Open" }));
  return { user, onclose };
};

it("is opened as a modal dialog", async () => {
  const modal = vi.spyOn(HTMLDialogElement.prototype, "showModal");
  await open();
  expect(modal).toHaveBeenCalledOnce();
  modal.mockRestore();
});

it("is named by its title and described by its sentence", async () => {
  await open();
  expect(screen.getByRole("dialog", { name: "Name" })).toHaveAccessibleDescription("Stay");
});

it("moves the focus to the first control of its body", async () => {
  await open();
  expect(screen.getByRole("textbox", { name: "Name" })).toHaveFocus();
});

it("moves the focus to the marked control instead, where there is one", async () => {
  await open({ marked: true });
  expect(screen.getByRole("textbox", { name: "Go" })).toHaveFocus();
});

it("returns the focus to its opener when closed by Esc", async () => {
  const { user, onclose } = await open();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(onclose).toHaveBeenCalledOnce();
  expect(screen.getByRole("button", { name: "Open" })).toHaveFocus();
});

it("returns the focus to its opener when closed by an action", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: "Go" }));
  expect(screen.getByRole("button", { name: "Open" })).toHaveFocus();
});

it("has a close button", async () => {
  const { user, onclose } = await open();
  await user.click(screen.getByRole("button", { name: "Close" }));
  expect(onclose).toHaveBeenCalledOnce();
});

it("stays when something beside it is clicked", async () => {
  const { user, onclose } = await open();
  await user.click(screen.getByRole("dialog"));
  expect(onclose).not.toHaveBeenCalled();
});

it("has its main action last", async () => {
  await open();
  const buttons = screen.getAllByRole("button");
  expect(buttons.at(-1)).toHaveTextContent("Go");
});

it("lets only what is between its title and its buttons scroll", async () => {
  await open();
  const middle = document.querySelector(".dialog-middle");
  expect(middle).toContainElement(screen.getByRole("textbox", { name: "Name" }));
  expect(middle).not.toContainElement(screen.getByRole("heading", { name: "Name" }));
  expect(middle).not.toContainElement(screen.getByRole("button", { name: "Go" }));
});
