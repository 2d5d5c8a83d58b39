import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { openDoc } from "../../records/doc.svelte";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import ForgetPage from "./ForgetPage.svelte";

let host: FakeHost;
let space = "";
let note = "";

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const made = await makeMentee(host, "Marcus Bell");
  space = made.id;
  const view = await host.call("create_record", {
    draft: {
      space,
      label: "private",
      on: "2026-11-01",
      parent: null,
      asToldBy: null,
      body: { kind: "note", purpose: "note", title: "One", text: "", at: null, prompt: null, tags: [] },
    },
  });
  note = view.line.id;
  await spaces.refresh();
  render(ForgetPage, { params: { space }, query: {} });
  await screen.findByRole("heading", { name: "Forget Marcus Bell’s notebook?" });
});
afterEach(cleanup);

const forgetsNow = (): HTMLElement => screen.getByRole("button", { name: "Forget for good" });

describe("forgetting a notebook", () => {
  it("says what goes and what stays, and waits for the name", async () => {
    expect(screen.getByText(/1 page and 0 meetings/u)).toBeInTheDocument();
    expect(await screen.findByText("Nothing was ever given out")).toBeInTheDocument();
    expect(screen.queryByText("What is sealed")).toBeNull();
    expect(forgetsNow()).toBeDisabled();
    await userEvent.type(screen.getByLabelText("Type its name, to be sure"), "Marcus Bel");
    expect(forgetsNow()).toBeDisabled();
    await userEvent.type(screen.getByLabelText("Type its name, to be sure"), "l");
    expect(forgetsNow()).toBeEnabled();
    expect(host.asked.some(({ command }) => command === "forget_space")).toBe(false);
  });

  it("gives the receipt, says that it is not kept, and saves it", async () => {
    await openDoc("note", note);
    await userEvent.type(screen.getByLabelText("Type its name, to be sure"), "marcus bell");
    await userEvent.click(forgetsNow());
    await screen.findByRole("heading", { name: "Forgotten" });
    expect(screen.getByText(/no key still held opens anything of it/u)).toBeInTheDocument();
    await waitFor(() => expect(spaces.byId(space)).toBeUndefined());
    await expect(openDoc("note", note)).rejects.toMatchObject({ code: "notFound" });
    await userEvent.click(screen.getByRole("button", { name: "Save as text…" }));
    await waitFor(() =>
      expect(host.asked.at(-1)).toEqual({ command: "save_receipt", asked: { format: "text" } }),
    );
    expect(await screen.findByRole("button", { name: "Done" })).toBeInTheDocument();
  });

  it("keeps the notebook and says why when it cannot be forgotten", async () => {
    host.failNext("forget_space", "noSpace");
    await userEvent.type(screen.getByLabelText("Type its name, to be sure"), "Marcus Bell");
    await userEvent.click(forgetsNow());
    expect(await screen.findByText(/free some|no space|full/iu)).toBeInTheDocument();
    expect(spaces.byId(space)).toBeDefined();
  });
});
