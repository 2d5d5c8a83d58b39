// What the list of notes says when it is empty: that nothing was written, or that something may be sealed.
import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import NotesPage from "./NotesPage.svelte";

let host: FakeHost;
let space = "";
beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const made = await makeMentee(host, "Priya Raman");
  space = made.id;
  await spaces.refresh();
});
afterEach(cleanup);

it("offers the first note while nothing is written", async () => {
  render(NotesPage, { params: { space }, query: {} });
  expect(await screen.findByRole("heading", { name: "Nothing written yet." })).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Write the first note" })).toBeInTheDocument();
});

it("says that sealed things are shut rather than that there is nothing", async () => {
  await host.call("make_sealed", { space, passphrase: "pebble orchard lantern violin" });
  await host.call("shut_sealed", { space });
  await spaces.refresh();
  render(NotesPage, { params: { space }, query: {} });
  expect(await screen.findByText(/^Sealed things are shut, and are neither shown/u)).toBeInTheDocument();
  expect(screen.queryByText("Nothing written yet.")).toBeNull();
  expect(screen.queryByRole("button", { name: "Write the first note" })).toBeNull();
});
