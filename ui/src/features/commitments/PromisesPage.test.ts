import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import { router } from "../../shared/router.svelte";
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
        body: { kind: "commitment", text, owner: "me", due: null, state: "open", settledOn: null, note: "" },
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
