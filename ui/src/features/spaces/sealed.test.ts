import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Label, RecordBody } from "../../bindings";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import SpacePage from "./SpacePage.svelte";
import { forgetEverything } from "../../session/locking";
import { spaces } from "../../session/spaces.svelte";
import { openDoc, type Doc } from "../../records/doc.svelte";
import DocBar from "../../records/DocBar.svelte";

const SECOND = "pebble orchard lantern violin";
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
const put = async (title: string, label: Label): Promise<string> =>
  (
    await host.call("create_record", {
      draft: { space, label, on: "2026-11-01", parent: null, asToldBy: null, body: note(title) },
    })
  ).line.id;

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

describe("the level Sealed of a note", () => {
  let doc: Doc<"note">;
  const bar = async (label: Label): Promise<void> => {
    doc = await openDoc("note", await put("A complaint", label));
    render(DocBar, { doc, onbinned: () => undefined });
  };
  const pick = async (name: RegExp): Promise<void> => {
    await userEvent.click(screen.getByRole("button", { name: /Change who may read this/u }));
    await userEvent.click(screen.getByRole("radio", { name }));
  };

  it("asks for a second passphrase the first time, and says first that nothing brings it back", async () => {
    await bar("private");
    await pick(/Sealed/u);
    expect(doc.label).toBe("private");
    await userEvent.click(screen.getByRole("button", { name: "Seal it" }));
    const dialog = within(screen.getByRole("dialog", { name: "Choose a second passphrase" }));
    expect(dialog.getByText(/not your spare key, nobody/u)).toBeInTheDocument();
    await userEvent.type(dialog.getByLabelText("Second passphrase"), SECOND);
    const choose = dialog.getByRole("button", { name: "Choose it" });
    expect(choose).toBeDisabled();
    await userEvent.type(dialog.getByLabelText("Type it once more"), SECOND);
    await waitFor(() => expect(choose).toBeEnabled());
    await userEvent.click(choose);
    await waitFor(() => expect(doc.label).toBe("sealed"));
    expect(spaces.byId(space)?.sealed).toBe("open");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("keeps the level, and the words of the dialog, when the passphrase is wrong", async () => {
    await host.call("make_sealed", { space, passphrase: SECOND });
    await host.call("shut_sealed", { space });
    await spaces.refresh();
    await bar("shareable");
    await pick(/Sealed/u);
    await userEvent.click(screen.getByRole("button", { name: "Seal it" }));
    const dialog = within(screen.getByRole("dialog", { name: "Open what is sealed" }));
    await userEvent.type(dialog.getByLabelText("Second passphrase"), "something else{Enter}");
    expect(await dialog.findByText(/That did not open it/u)).toBeInTheDocument();
    expect(doc.label).toBe("shareable");
    await userEvent.clear(dialog.getByLabelText("Second passphrase"));
    await userEvent.type(dialog.getByLabelText("Second passphrase"), `${SECOND}{Enter}`);
    await waitFor(() => expect(doc.label).toBe("sealed"));
  });

  it("is given at once while what is sealed is open, and leads back to Private only", async () => {
    await host.call("make_sealed", { space, passphrase: SECOND });
    await spaces.refresh();
    await bar("private");
    await pick(/Sealed/u);
    await userEvent.click(screen.getByRole("button", { name: "Seal it" }));
    await waitFor(() => expect(doc.label).toBe("sealed"));
    await userEvent.click(screen.getByRole("button", { name: /^Sealed/u }));
    expect(screen.queryByRole("radio", { name: /Shareable/u })).toBeNull();
    await userEvent.click(screen.getByRole("radio", { name: /Private/u }));
    expect(doc.label).toBe("sealed");
    await userEvent.click(screen.getByRole("button", { name: "Take it from under the seal" }));
    await waitFor(() => expect(doc.label).toBe("private"));
  });
});

describe("a notebook in which something is sealed", () => {
  it("says that it is shut, shows it once it is open, and no longer once it is shut again", async () => {
    await host.call("make_sealed", { space, passphrase: SECOND });
    await put("A complaint", "sealed");
    await put("An ordinary day", "private");
    await host.call("shut_sealed", { space });
    await spaces.refresh();
    render(SpacePage, { params: { space }, query: {} });
    await screen.findByText("An ordinary day");
    expect(screen.queryByText("A complaint")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Open it…" }));
    const dialog = within(screen.getByRole("dialog", { name: "Open what is sealed" }));
    await userEvent.type(dialog.getByLabelText("Second passphrase"), `${SECOND}{Enter}`);
    await screen.findByText("A complaint");
    await userEvent.click(screen.getByRole("button", { name: "Shut them" }));
    await waitFor(() => expect(screen.queryByText("A complaint")).toBeNull());
    expect(screen.getByText("Sealed things are shut")).toBeInTheDocument();
  });

  it("says nothing of a seal before something is sealed", async () => {
    render(SpacePage, { params: { space }, query: {} });
    await screen.findByRole("heading", { name: "Daniel Rhee" });
    expect(screen.queryByText(/Sealed things/u)).toBeNull();
  });
});
