// What stands above the page after an opening that found something.
import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpeningNotice } from "../bindings";
import { makeFakeHost, type FakeHost } from "../ipc/fake";
import { useHost } from "../ipc/host";
import TodayPage from "../features/today/TodayPage.svelte";
import { app } from "../session/app.svelte";
import { spaces } from "../session/spaces.svelte";
import Notices from "./Notices.svelte";
import { told } from "./notices";

const notice = (
  code: OpeningNotice["code"],
  params: Record<string, string> = {},
  means: OpeningNotice["means"] = "told",
): OpeningNotice => ({ code, means, params });
const unreadable = (): OpeningNotice => notice("spaceUnreadable", { count: "3" }, "loss");
const MENDED = [notice("headerRepaired"), notice("checkpointDamaged"), notice("journalTail")];
let host: FakeHost;
const open = async (opened: OpeningNotice[]): Promise<void> => {
  useHost({
    ...host,
    call: async (command, asked, progress) => {
      const answer = await host.call(command, asked, progress);
      return command === "app_state" ? { ...(answer as object), opened } : answer;
    },
  } as FakeHost);
  await app.load();
};

beforeEach(async () => {
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  await app.load();
  await spaces.refresh();
});
afterEach(async () => {
  cleanup();
  await app.lock(true);
});

describe("what an opening found", () => {
  it("is told in a few sentences, each once, and the rest is counted", () => {
    const { lines, more } = told([...MENDED, notice("checkpointDamaged")]);
    expect(lines).toHaveLength(2);
    expect(more).toBe(1);
    expect(told([notice("journalTail")])).toMatchObject({ more: 0 });
    expect(told([notice("orphans", { count: "1" })]).lines[0]).toMatch(/^One file /u);
  });

  it("is one sentence where something cannot be read, and nothing says beside it that nothing is lost", () => {
    const { lines, more } = told([...MENDED, unreadable()]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^3 notebooks cannot be read/u);
    expect(more).toBe(4);
    expect(told([notice("journalGap", { count: "1" }, "loss")]).lines[0]).toMatch(
      /^Something that you saved here/u,
    );
  });

  it("is put away when it is read, and comes back with something new", async () => {
    await open([notice("journalTail")]);
    render(Notices);
    await userEvent.click(screen.getByRole("button", { name: "Read; put this away" }));
    expect(screen.queryByText(/stopped in the middle of a save/u)).toBeNull();
    await app.load();
    expect(screen.queryByText(/stopped in the middle of a save/u)).toBeNull();
    await open([notice("journalTail"), notice("checkFailed")]);
    expect(await screen.findByText(/stopped in the middle of a save/u)).toBeInTheDocument();
  });

  it("does not look like a vault in which nothing was ever written", async () => {
    await open([unreadable()]);
    app.noticesRead();
    render(TodayPage, { params: {}, query: {} });
    expect(await screen.findByRole("heading", { name: "Your notebooks cannot be read" })).toBeInTheDocument();
    expect(screen.queryByText(/Nothing is here yet/u)).toBeNull();
    expect(await screen.findByText(/knows of no backup that is within reach/u)).toBeInTheDocument();
  });

  it("leads to the newest backup", async () => {
    await host.call("save_backup", {});
    await open([unreadable()]);
    render(TodayPage, { params: {}, query: {} });
    expect(
      await screen.findByText(/^The newest backup that this computer knows of is of/u),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Lock the vault" }));
    expect(app.open).toBe(false);
  });
});
