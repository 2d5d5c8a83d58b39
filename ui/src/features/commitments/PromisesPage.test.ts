import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RecordBody } from "../../bindings";
import { emptyBody, makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { changeOf, filterOf } from "../../records/records";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import { toasts } from "../../session/toasts.svelte";
import { router } from "../../shared/router.svelte";
import { addDays, todayIs } from "../../words";
import PromisesPage from "./PromisesPage.svelte";

let host: FakeHost;
let space = "";
let id = "";
const promise = async (text: string): Promise<string> =>
  (
    await host.call("create_record", {
      draft: {
        space,
        label: "private",
        on: "2026-11-01",
        parent: null,
        asToldBy: null,
        body: { ...emptyBody("commitment"), text } as RecordBody,
      },
    })
  ).line.id;

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const made = await makeMentee(host);
  space = made.id;
  await spaces.refresh();
  await promise("Read the draft");
  id = await promise("Ring the library");
  router.replace(`/spaces/${space}/promises/${id}`);
});
afterEach(() => cleanup());

describe("closing a promise", () => {
  const shown = () => render(PromisesPage, { params: { space, record: id }, query: {} });

  it("returns the focus to the row that opened it", async () => {
    const { rerender } = shown();
    await userEvent.click(await screen.findByRole("button", { name: "Close" }));
    expect(router.path).toBe(`/spaces/${space}/promises`);
    await rerender({ params: { space }, query: {} });
    await waitFor(() => expect(screen.getByRole("link", { name: "Ring the library" })).toHaveFocus());
  });

  it("gives it to the page when the row is gone with its promise", async () => {
    const main = document.createElement("main");
    main.tabIndex = -1;
    document.body.append(main);
    const { rerender } = render(
      PromisesPage,
      { target: main, props: { params: { space, record: id }, query: {} } },
      { baseElement: main },
    );
    await userEvent.click(await screen.findByRole("button", { name: "More for this page" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "Move to the bin" }));
    await waitFor(() => expect(router.path).toBe(`/spaces/${space}/promises`));
    await rerender({ params: { space }, query: {} });
    await waitFor(() => expect(main).toHaveFocus());
    expect(screen.queryByText("Ring the library")).toBeNull();
    cleanup();
    main.remove();
  });

  it("leaves the focus where somebody has gone meanwhile", async () => {
    const { rerender } = shown();
    await screen.findByRole("button", { name: "Close" });
    const words = screen.getAllByRole("textbox", { name: "What is promised" })[0];
    words?.focus();
    await rerender({ params: { space }, query: {} });
    await new Promise((done) => setTimeout(done, 50));
    expect(words).toHaveFocus();
  });
});

describe("a promise that is agreed anew", () => {
  const lines = async () =>
    (await host.call("list_records", { filter: filterOf({ kinds: ["commitment"] }) })).lines;
  const open = async (record: string) => (await host.call("open_record", { id: record })).body;

  it("is written down as a new one, and each knows of the other", async () => {
    render(PromisesPage, { params: { space, record: id }, query: {} });
    await userEvent.click(await screen.findByRole("radio", { name: /^Agreed anew/u }));
    const now = await screen.findByRole("textbox", { name: "What is promised now" });
    expect(now).toHaveValue("Ring the library");
    await userEvent.clear(now);
    await userEvent.type(now, "Write to the library");
    const form = now.closest("form");
    if (!form) throw new Error("it is a form");
    await userEvent.type(within(form).getByRole("textbox", { name: "By when" }), "in two weeks");
    await userEvent.click(within(form).getByRole("button", { name: "Promise it anew" }));
    await waitFor(async () => expect(await lines()).toHaveLength(3));
    const made = (await lines()).find(({ title }) => title === "Write to the library");
    expect(made).toMatchObject({ state: "open", due: addDays(todayIs(), 14), owner: "me", label: "private" });
    expect(await open(made?.id ?? "")).toMatchObject({ follows: id, followedBy: null });
    expect(await open(id)).toMatchObject({
      state: "renegotiated",
      settledOn: todayIs(),
      followedBy: made?.id,
      text: "Ring the library",
    });
    // In the list, and beside the old one.
    await waitFor(() =>
      expect(screen.getAllByRole("link", { name: "Write to the library" })).toHaveLength(2),
    );
    expect(screen.queryByRole("textbox", { name: "What is promised now" })).toBeNull();
    // Undo takes both back.
    await toasts.list.at(-1)?.undo?.();
    expect((await lines()).map(({ title }) => title).sort()).toEqual(["Read the draft", "Ring the library"]);
    expect(await open(id)).toMatchObject({ followedBy: null });
  });
});

describe("what came of promises", () => {
  it("is said for each side; what was agreed anew counts for neither", async () => {
    const settled = async (owner: "me" | "them", state: "kept" | "missed" | "renegotiated") => {
      const made = await promise(`${owner} ${state}`);
      const view = await host.call("open_record", { id: made });
      await host.call("save_record", {
        change: changeOf(view, { ...view.body, owner, state, settledOn: "2026-11-02" } as typeof view.body),
      });
    };
    await settled("me", "kept");
    await settled("me", "missed");
    await settled("me", "renegotiated");
    await settled("them", "kept");
    render(PromisesPage, { params: { space }, query: {} });
    const sides = within(await screen.findByRole("list", { name: /^What came of the promises/u }));
    expect(sides.getAllByRole("listitem").map((item) => item.textContent.trim())).toEqual([
      "You kept 1 of 2.",
      "Daniel kept 1 of 1.",
    ]);
  });
});
