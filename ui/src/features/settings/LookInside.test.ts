// Bringing single records back from a backup.
import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RecordBody, RecordView } from "../../bindings";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import Backups from "./Backups.svelte";

const NEW = "pebble orchard lantern violin";
let host: FakeHost;
let space = "";

const note = (title: string): RecordBody => ({
  kind: "note",
  purpose: "note",
  title,
  text: "",
  at: null,
  prompt: null,
  tags: [],
});
const put = (title: string): Promise<RecordView> =>
  host.call("create_record", {
    draft: { space, label: "private", on: "2026-06-01", parent: null, asToldBy: null, body: note(title) },
  });
const look = async (): Promise<ReturnType<typeof within>> => {
  render(Backups);
  await userEvent.click(await screen.findByRole("button", { name: /^More for the backup of/u }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Look inside…" }));
  return within(await screen.findByRole("dialog", { name: "What differs from now" }));
};

beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const made = await makeMentee(host);
  space = made.id;
  await spaces.refresh();
});
afterEach(() => {
  cleanup();
  forgetEverything();
});

describe("looking into a backup", () => {
  it("shows what is not here as it was, and brings back what is chosen", async () => {
    const gone = await put("Thrown away too soon");
    await put("As it was");
    await host.call("save_backup", {});
    await host.call("bin_record", { id: gone.line.id });
    await host.call("erase_record", { id: gone.line.id });
    const dialog = await look();
    expect(
      await dialog.findByText("One note or other entry is not here as it was then."),
    ).toBeInTheDocument();
    expect(dialog.queryByText("As it was")).toBeNull();
    const bring = dialog.getByRole("button", { name: "Bring back" });
    expect(bring).toBeDisabled();
    await userEvent.click(dialog.getByRole("checkbox", { name: /Thrown away too soon.*not here any more/u }));
    await userEvent.click(dialog.getByRole("button", { name: "Bring back one" }));
    expect(await dialog.findByText(/is here as it was then/u)).toBeInTheDocument();
    const view = await host.call("open_record", { id: gone.line.id });
    expect(view.line.title).toBe("Thrown away too soon");
  });

  it("shows nothing that may be sealed by now, and says where to open it", async () => {
    const sealed = await put("To be sealed");
    const other = await put("Thrown away");
    await host.call("save_backup", {});
    await host.call("make_sealed", { space, passphrase: NEW });
    const { revision, line, body } = await host.call("open_record", { id: sealed.line.id });
    await host.call("save_record", {
      change: {
        id: line.id,
        revision,
        label: "sealed",
        on: line.on,
        asToldBy: null,
        keepEarlier: false,
        body,
      },
    });
    await host.call("bin_record", { id: other.line.id });
    await host.call("erase_record", { id: other.line.id });
    await host.call("shut_sealed", { space });
    const dialog = await look();
    expect(await dialog.findByText(/Open it in Daniel Rhee, and look again/u)).toBeInTheDocument();
    expect(dialog.queryByRole("checkbox")).toBeNull();
    expect(dialog.queryByText(/is here as it was then/u)).toBeNull();
  });

  it("asks for the passphrase of then where the vault has got new keys since", async () => {
    const { line } = await put("Long ago");
    await host.call("save_backup", {});
    const old = "correct horse battery staple";
    const words = await host.call("begin_rekey", { current: old, next: NEW, seconds: [] });
    const questions = await host.call("spare_key_questions", {});
    const answers = questions.map((position) => ({ position, word: words[position - 1] ?? "" }));
    await host.call("finish_rekey", { words: answers });
    await host.call("bin_record", { id: line.id });
    const dialog = await look();
    const field = await dialog.findByLabelText("Passphrase of the backup");
    await userEvent.type(field, `${NEW}{Enter}`);
    await waitFor(() => expect(field).toBeInvalid());
    await userEvent.clear(field);
    await userEvent.type(field, `${old}{Enter}`);
    expect(await dialog.findByRole("checkbox", { name: /Long ago.*in the bin/u })).toBeInTheDocument();
  });
});
