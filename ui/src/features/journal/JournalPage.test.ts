// The page of the journal while there is none that is open.
import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { useHost } from "../../ipc/host";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import JournalPage from "./JournalPage.svelte";

let host: FakeHost;
let space = "";
beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
});
afterEach(cleanup);
const makeJournal = async (): Promise<void> => {
  const made = await host.call("create_space", {
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
  space = made.id;
};

it("offers to make one where nothing is shut", async () => {
  await spaces.refresh();
  render(JournalPage, { params: {}, query: {} });
  expect(screen.getByRole("button", { name: "Make my journal" })).toBeInTheDocument();
});

it("says first that a notebook is shut, and that a journal may be among them", async () => {
  await makeJournal();
  const passphrase = "pebble orchard lantern violin";
  await host.call("set_second_passphrase", { space, shownAs: "Garden plans", passphrase });
  await host.call("close_space", { space });
  await spaces.refresh();
  render(JournalPage, { params: {}, query: {} });
  expect(screen.getByRole("heading", { name: "One notebook is shut." })).toBeInTheDocument();
  expect(screen.getByText(/^A journal may be among them/u)).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Make my journal" })).toBeNull();
  const link = screen.getByRole("link", { name: "Garden plans" });
  expect(link).toHaveAttribute("href", `#/spaces/${space}`);
  const make = screen.getByRole("button", { name: "Make a new journal" });
  expect(link.compareDocumentPosition(make)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
});

it("says in a journal that sealed pages are shut, and opens them", async () => {
  await makeJournal();
  await host.call("make_sealed", { space, passphrase: "pebble orchard lantern violin" });
  await host.call("shut_sealed", { space });
  await spaces.refresh();
  render(JournalPage, { params: {}, query: {} });
  expect(await screen.findByText(/^Sealed pages are shut/u)).toBeInTheDocument();
  screen.getByRole("button", { name: "Open them…" }).click();
  expect(await screen.findByRole("dialog", { name: "Open what is sealed" })).toBeInTheDocument();
});
