import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { useHost } from "../../ipc/host";
import { anyUnsaved, flushAll } from "../../session/drafts";
import { forgetEverything } from "../../session/locking";
import { toasts } from "../../session/toasts.svelte";
import You from "./You.svelte";

let host: FakeHost;
const name = (): Promise<HTMLElement> => screen.findByLabelText("Your name", {}, { timeout: 5000 });

beforeEach(() => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
});
afterEach(() => {
  cleanup();
  forgetEverything();
});

describe("my name, when its page is left", () => {
  it("is saved at once", async () => {
    const { unmount } = render(You);
    await userEvent.type(await name(), " W");
    unmount();
    await waitFor(async () => expect(await host.call("profile", {})).toEqual({ name: "Helen W" }));
    expect(anyUnsaved()).toBe(false);
  });

  it("waits, says so and is tried again when it cannot be saved", async () => {
    const { unmount } = render(You);
    await userEvent.type(await name(), " W");
    host.failNext("save_profile", "noSpace");
    unmount();
    await waitFor(() => expect(toasts.list.at(-1)?.words).toMatch(/The disk is full/));
    host.failNext("save_profile", "noSpace");
    expect(await flushAll()).toBe(false);
    render(You);
    expect(await name()).toHaveValue("Helen W");
    await waitFor(async () => expect(await host.call("profile", {})).toEqual({ name: "Helen W" }));
    expect(await screen.findByText("Saved", { selector: ".saved" })).toBeInTheDocument();
  });
});
