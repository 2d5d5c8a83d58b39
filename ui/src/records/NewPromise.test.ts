import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Space } from "../bindings";
import { makeFakeHost, type FakeHost } from "../ipc/fake";
import { makeMentee } from "../ipc/fake-space";
import { useHost } from "../ipc/host";
import { anyUnsaved, flushAll } from "../session/drafts";
import { forgetEverything } from "../session/locking";
import { addDays, dayWords, todayIs } from "../words";
import NewPromise from "./NewPromise.svelte";
import { filterOf } from "./records";

let host: FakeHost;
let space: Space;
const promised = async () =>
  (await host.call("list_records", { filter: filterOf({ kinds: ["commitment"] }) })).lines;
const words = (): HTMLElement => screen.getByRole("textbox", { name: "What is promised" });
const open = () => render(NewPromise, { space, onmade });
const onmade = vi.fn();

beforeEach(async () => {
  forgetEverything();
  onmade.mockClear();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  space = await makeMentee(host);
});
afterEach(() => {
  cleanup();
  forgetEverything();
});

describe("a promise in one line", () => {
  const inTwoWeeks = dayWords(addDays(todayIs(), 14), "dayYear");
  const due = (): HTMLElement => screen.getByRole("textbox", { name: "By when" });

  it("shows who and when as they are understood, and keeps the words without them", async () => {
    open();
    await userEvent.type(words(), "Daniel will write one page in two weeks");
    expect(screen.getByRole("radio", { name: "Daniel" })).toBeChecked();
    expect(due()).toHaveValue(inTwoWeeks);
    await userEvent.keyboard("{Enter}");
    await waitFor(async () =>
      expect(await promised()).toMatchObject([
        { title: "write one page", owner: "them", due: addDays(todayIs(), 14) },
      ]),
    );
    await waitFor(() => expect(due()).toHaveValue(""));
  });

  it("follows what is chosen by hand", async () => {
    open();
    await userEvent.type(words(), "Daniel writes one page in two weeks");
    await userEvent.click(screen.getByRole("radio", { name: "You" }));
    await userEvent.clear(due());
    await userEvent.tab();
    await userEvent.type(words(), " for me{Enter}");
    await waitFor(async () =>
      expect(await promised()).toMatchObject([
        { title: "Daniel writes one page in two weeks for me", owner: "me", due: null },
      ]),
    );
  });
});

describe("a promise begun and not added", () => {
  it("is there again when its page is opened again, and makes nothing before", async () => {
    const { unmount } = open();
    await userEvent.type(words(), "read the draft");
    unmount();
    expect(await promised()).toEqual([]);
    expect(anyUnsaved()).toBe(true);
    open();
    expect(words()).toHaveValue("read the draft");
  });

  it("is kept by locking and closing, in the notebook it was begun in, also after its page was left", async () => {
    const { unmount } = open();
    await userEvent.click(screen.getByRole("radio", { name: "Daniel" }));
    await userEvent.type(words(), "read the draft");
    unmount();
    expect(await flushAll()).toBe(true);
    expect(await promised()).toMatchObject([
      { title: "read the draft", space: space.id, owner: "them", label: "private" },
    ]);
    expect(onmade).not.toHaveBeenCalled();
    expect(anyUnsaved()).toBe(false);
    open();
    expect(words()).toHaveValue("");
  });

  it("is made once, however many ask for it at the same time", async () => {
    open();
    await userEvent.type(words(), "read the draft");
    await Promise.all([flushAll(), flushAll(), userEvent.keyboard("{Enter}")]);
    expect(await promised()).toHaveLength(1);
    expect(onmade).toHaveBeenCalledOnce();
    await waitFor(() => expect(words()).toHaveValue(""));
  });

  it("stays where it is, and says that it is not saved, when it cannot be kept", async () => {
    open();
    await userEvent.type(words(), "read the draft");
    host.failNext("create_record", "noSpace");
    expect(await flushAll()).toBe(false);
    expect(words()).toHaveValue("read the draft");
    expect(await flushAll()).toBe(true);
    expect(await promised()).toHaveLength(1);
  });

  it("is forgotten with everything else when the vault is locked", async () => {
    const { unmount } = open();
    await userEvent.type(words(), "read the draft");
    forgetEverything();
    unmount();
    expect(anyUnsaved()).toBe(false);
    open();
    expect(words()).toHaveValue("");
  });
});
