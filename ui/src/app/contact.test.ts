// A short contact in two keys, and a meeting in one, wherever one is in a notebook with somebody.
import { cleanup, configure, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Space } from "../bindings";
import { makeFakeHost, type FakeHost } from "../ipc/fake";
import { makeMentee } from "../ipc/fake-space";
import { useHost } from "../ipc/host";
import { filterOf } from "../records/records";
import { app } from "../session/app.svelte";
import { flushAll } from "../session/drafts";
import { forgetEverything } from "../session/locking";
import { spaces } from "../session/spaces.svelte";
import { router } from "../shared/router.svelte";
import { todayIs } from "../words";
import App from "./App.svelte";

configure({ asyncUtilTimeout: 30_000 });
let host: FakeHost;
let space: Space;

const met = async () => {
  const { lines } = await host.call("list_records", { filter: filterOf({ kinds: ["meeting"] }) });
  return Promise.all(lines.map(({ id }) => host.call("open_record", { id })));
};
const press = async (key: string): Promise<void> =>
  void (await userEvent.keyboard(`{Control>}{Shift>}${key}{/Shift}{/Control}`));

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  space = await makeMentee(host);
  await app.load();
  router.replace(`/spaces/${space.id}`);
  render(App);
  await screen.findByRole("heading", { level: 1, name: space.name });
});
afterEach(() => {
  cleanup();
  forgetEverything();
});

describe("a short contact", () => {
  it.each([
    ["p", "call", "call"],
    ["m", "mail", "message"],
    ["c", "coffee", "inPerson"],
  ])("is kept by Ctrl+Shift+C and %s", async (key, way, medium) => {
    await press("c");
    const box = within(await screen.findByRole("dialog", { name: "A short contact with Daniel" }));
    await userEvent.keyboard(key);
    await waitFor(async () => expect(await met()).toHaveLength(1));
    expect((await met())[0]).toMatchObject({
      line: { on: todayIs(), label: "private" },
      body: { medium, title: "", minutes: null, ended: expect.any(String) as string },
    });
    await waitFor(() => expect(box.getByRole("textbox", { name: "What it was about" })).toHaveFocus());
    await userEvent.keyboard("The visa{Enter}");
    expect(await screen.findByText(`The ${way} is in the timeline.`)).toBeInTheDocument();
    expect(screen.queryByRole("dialog")).toBeNull();
    expect((await met())[0]?.body).toMatchObject({ title: "The visa" });
    // The page beneath shows it at once.
    expect(await screen.findByText("The visa")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(screen.queryByText("The visa")).toBeNull());
    await waitFor(async () => expect(await met()).toHaveLength(0));
  });
  it("keeps the word about it with everything else that is saved before locking", async () => {
    await press("c");
    await screen.findByRole("dialog");
    await userEvent.keyboard("p");
    await userEvent.type(await screen.findByRole("textbox", { name: "What it was about" }), "The visa");
    expect(await flushAll()).toBe(true);
    expect((await met())[0]?.body).toMatchObject({ title: "The visa" });
    // It may have been Ctrl+S: one goes on where one was.
    const words = screen.getByRole("textbox", { name: "What it was about" });
    expect(words).toHaveValue("The visa");
    await userEvent.type(words, " and housing{Enter}");
    await waitFor(async () =>
      expect((await met())[0]?.body).toMatchObject({ title: "The visa and housing" }),
    );
  });
  it("is nothing before it is said which, and leaves letters to whoever writes", async () => {
    await press("c");
    await screen.findByRole("dialog");
    await userEvent.keyboard("x{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    await userEvent.keyboard("p");
    expect(await met()).toEqual([]);
  });
  it("is not there where one is with nobody", async () => {
    router.replace("/today");
    await press("c");
    await press("m");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(await met()).toEqual([]);
  });
});

describe("a meeting", () => {
  it("is started by Ctrl+Shift+M, and by its name in the palette", async () => {
    await press("m");
    expect(await screen.findByRole("list", { name: "Parts of the meeting" })).toBeInTheDocument();
    router.replace(`/spaces/${space.id}`);
    await screen.findByRole("heading", { level: 1, name: space.name });
    await spaces.refresh();
    await userEvent.keyboard("{Control>}k{/Control}");
    await userEvent.type(await screen.findByRole("combobox"), "start meeting");
    await screen.findByRole("option", { name: /^Start meeting/u });
    await userEvent.keyboard("{Enter}");
    expect(await screen.findByRole("list", { name: "Parts of the meeting" })).toBeInTheDocument();
    expect(await met()).toHaveLength(1);
  });
});
