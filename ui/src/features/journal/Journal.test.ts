import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { useHost } from "../../ipc/host";
import { filterOf } from "../../records/records";
import { flushAll } from "../../session/drafts";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import Journal from "./Journal.svelte";

const MINUTE_MS = 60_000;
let host: FakeHost;
const pages = async () =>
  (await host.call("list_records", { filter: filterOf({ kinds: ["note"] }) })).lines
    .map(({ on, title }) => `${on} ${title}`)
    .sort();
const title = (): HTMLElement => screen.getByRole("textbox", { name: "Title of the page" });
const user = userEvent.setup({
  advanceTimers: (ms) => vi.advanceTimersByTimeAsync(ms).then(() => undefined),
});
const open = async (): Promise<void> => {
  const space = spaces.journals[0];
  if (!space) throw new Error("no journal");
  render(Journal, { space, record: null });
  await vi.advanceTimersByTimeAsync(50);
  await waitFor(() => expect(title()).toBeInTheDocument());
};

beforeEach(async () => {
  forgetEverything();
  vi.useFakeTimers({ shouldAdvanceTime: true, now: new Date(2026, 10, 21, 23, 50) });
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  await host.call("create_space", {
    draft: {
      kind: "journal",
      role: null,
      name: "My journal",
      about: "",
      cloth: "moss",
      since: null,
      meetEveryWeeks: null,
    },
  });
  await spaces.refresh();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("a journal that stays open over midnight", () => {
  it("writes on the new day's page what is written on the new day", async () => {
    await open();
    await vi.advanceTimersByTimeAsync(11 * MINUTE_MS);
    await user.type(title(), "Good morning");
    expect(await flushAll()).toBe(true);
    expect(await pages()).toEqual(["2026-11-22 Good morning"]);
  });

  it("opens a page of its own for the new day, and leaves yesterday's as it was", async () => {
    await open();
    await user.type(title(), "Yesterday");
    expect(await flushAll()).toBe(true);
    await vi.advanceTimersByTimeAsync(30 * MINUTE_MS);
    await waitFor(() => expect(title()).toHaveValue(""));
    await user.type(title(), "Today");
    expect(await flushAll()).toBe(true);
    expect(await pages()).toEqual(["2026-11-21 Yesterday", "2026-11-22 Today"]);
  });

  it("takes nobody's page away in the middle of a sentence", async () => {
    await open();
    await vi.advanceTimersByTimeAsync(9 * MINUTE_MS);
    await user.type(title(), "Begun late");
    await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
    await user.type(title(), ", ended later");
    expect(await flushAll()).toBe(true);
    expect(await pages()).toEqual(["2026-11-21 Begun late, ended later"]);
  });

  it("notices the new day when the computer wakes", async () => {
    await open();
    vi.setSystemTime(new Date(2026, 10, 22, 8, 0));
    window.dispatchEvent(new Event("focus"));
    await user.type(title(), "Good morning");
    expect(await flushAll()).toBe(true);
    expect(await pages()).toEqual(["2026-11-22 Good morning"]);
  });
});
