import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { useHost } from "../../ipc/host";
import { filterOf } from "../../records/records";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import ImportPage from "./ImportPage.svelte";

let host: FakeHost;
let space = "";
const pages = async (): Promise<number> =>
  (await host.call("list_records", { filter: filterOf({ space }) })).total;

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const made = await host.call("create_space", {
    draft: {
      kind: "journal",
      role: null,
      name: "My journal",
      about: "",
      cloth: "umber",
      since: null,
      meetEveryWeeks: null,
    },
  });
  space = made.id;
  await spaces.refresh();
  render(ImportPage, { params: { space }, query: {} });
});
afterEach(() => cleanup());

describe("bringing in a journal", () => {
  it("shows what is in the file before anything is kept, then brings it in, and takes it back", async () => {
    await userEvent.click(screen.getByRole("button", { name: "Choose a file…" }));
    expect(await screen.findByText("3 pages.")).toBeInTheDocument();
    expect(screen.getByText(/Line 14: a date that does not exist/u)).toBeInTheDocument();
    expect(await pages()).toBe(0);
    await userEvent.click(screen.getByRole("button", { name: "Bring in 3 pages" }));
    expect(await screen.findByText("3 pages brought in.")).toBeInTheDocument();
    expect(await pages()).toBe(3);
    await userEvent.click(screen.getByRole("button", { name: "Take it all back" }));
    await waitFor(async () => expect(await pages()).toBe(0));
  });

  it("is back at the beginning when it was stopped", async () => {
    await userEvent.click(screen.getByRole("button", { name: "Choose a file…" }));
    host.failNext("run_import", "cancelled");
    await userEvent.click(await screen.findByRole("button", { name: "Bring in 3 pages" }));
    expect(await screen.findByRole("button", { name: "Choose a file…" })).toBeInTheDocument();
    expect(await pages()).toBe(0);
  });

  it("says what is wrong with a file it cannot read", async () => {
    host.failNext("choose_import", "importBinary");
    await userEvent.click(screen.getByRole("button", { name: "Choose a file…" }));
    expect(await screen.findByRole("alert")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Choose a file…" })).toBeEnabled();
  });
});
