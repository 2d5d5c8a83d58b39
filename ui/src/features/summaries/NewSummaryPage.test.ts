import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { anyUnsaved, flushAll } from "../../session/drafts";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import NewSummaryPage from "./NewSummaryPage.svelte";

let host: FakeHost;
let space = "";
const open = () => render(NewSummaryPage, { params: {}, query: { space } });
const field = (name: string): HTMLElement => screen.getByRole("textbox", { name });

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const made = await makeMentee(host);
  space = made.id;
  await spaces.refresh();
});
afterEach(() => {
  cleanup();
  forgetEverything();
});

describe("a summary that is not begun yet", () => {
  it("offers a title, which is nobody's writing", async () => {
    const { unmount } = open();
    const offered = (field("Title") as HTMLInputElement).value;
    expect(offered).toContain("Daniel");
    expect(anyUnsaved()).toBe(false);
    unmount();
    expect(await flushAll()).toBe(true);
  });

  it("keeps what was written when its page is left, and has locking ask", async () => {
    const { unmount } = open();
    await userEvent.clear(field("Title"));
    await userEvent.type(field("Title"), "A year with Daniel");
    await userEvent.type(field("Purpose"), "Promotion");
    unmount();
    expect(await flushAll()).toBe(false);
    open();
    expect(field("Title")).toHaveValue("A year with Daniel");
    expect(field("Purpose")).toHaveValue("Promotion");
    await userEvent.click(screen.getByRole("button", { name: "Begin" }));
    await waitFor(async () =>
      expect(await host.call("list_summaries", { space: null, binned: false })).toMatchObject({
        lines: [{ title: "A year with Daniel", purpose: "Promotion" }],
      }),
    );
    await waitFor(() => expect(anyUnsaved()).toBe(false));
  });
});
