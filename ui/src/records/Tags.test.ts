import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { anyUnsaved, flushAll } from "../session/drafts";
import { forgetEverything } from "../session/locking";
import Tags from "./Tags.svelte";

afterEach(() => {
  cleanup();
  forgetEverything();
});
const open = () => {
  const onchange = vi.fn<(tags: string[]) => void>();
  const { unmount } = render(Tags, { tags: ["work"], onchange });
  return { onchange, unmount, field: screen.getByRole("textbox", { name: "Add a tag" }) };
};

describe("a tag", () => {
  it("is added by Enter, by a comma and by leaving the field, without the sign before it", async () => {
    const { onchange, field } = open();
    await userEvent.type(field, "@reading{Enter}");
    expect(onchange).toHaveBeenLastCalledWith(["work", "reading"]);
    expect(field).toHaveValue("");
    await userEvent.type(field, "study,");
    expect(onchange).toHaveBeenLastCalledWith(["work", "study"]);
    await userEvent.type(field, "leave");
    await userEvent.tab();
    expect(onchange).toHaveBeenLastCalledWith(["work", "leave"]);
    expect(onchange).toHaveBeenCalledTimes(3);
  });

  it("that was typed and not added is added when its page is left by a key", async () => {
    const { onchange, field, unmount } = open();
    await userEvent.type(field, "reading");
    unmount();
    expect(onchange).toHaveBeenCalledExactlyOnceWith(["work", "reading"]);
    expect(await flushAll()).toBe(true);
    expect(onchange).toHaveBeenCalledOnce();
  });

  it("that was typed and not added is added by locking and closing", async () => {
    const { onchange, field } = open();
    await userEvent.type(field, "reading");
    expect(anyUnsaved()).toBe(true);
    expect(await flushAll()).toBe(true);
    expect(onchange).toHaveBeenCalledExactlyOnceWith(["work", "reading"]);
  });

  it("is dropped with everything else when the vault is locked", async () => {
    const { onchange, field, unmount } = open();
    await userEvent.type(field, "reading");
    forgetEverything();
    unmount();
    expect(onchange).not.toHaveBeenCalled();
  });
});
