// Notebooks with a second passphrase: given one, shut, opened, forgotten. What is sealed, and what comes late.
import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../ipc/fake";
import { fillWithSamples } from "../ipc/fake-samples";
import { useHost } from "../ipc/host";
import { app } from "../session/app.svelte";
import { registerDraft } from "../session/drafts";
import { spaces } from "../session/spaces.svelte";
import { router } from "../shared/router.svelte";
import App from "./App.svelte";
import { layers } from "./layers.svelte";

const SECOND = "pebble orchard lantern violin";
const SHOWN = "The blue one";
/** Pages are loaded when they are first gone to. */
const PAGE_LOADS = { timeout: 25_000 };
let host: FakeHost;
let amara = "";

const start = async (path: (id: string) => string): Promise<void> => {
  host = makeFakeHost({ seed: "empty" });
  await fillWithSamples(host);
  useHost(host);
  const all = await host.call("list_spaces", {});
  amara = all.find((space) => space.name === "Amara Nwosu")?.id ?? "";
  await app.load();
  router.replace(path(amara));
  render(App);
  await waitFor(() => expect(spaces.loaded).toBe(true));
};
const lockIt = async (): Promise<void> => {
  await host.call("set_second_passphrase", { space: amara, shownAs: SHOWN, passphrase: SECOND });
  await host.call("close_space", { space: amara });
  await spaces.refresh();
};
const nav = () => within(screen.getByRole("navigation", { name: "Main" }));
const more = async (item: string): Promise<void> => {
  await userEvent.click(await screen.findByRole("button", { name: "More for this notebook" }, PAGE_LOADS));
  await userEvent.click(await screen.findByRole("menuitem", { name: item }));
};
const choose = async (dialog: ReturnType<typeof within>, label: string): Promise<void> => {
  await userEvent.type(dialog.getByLabelText(label), SECOND);
  await userEvent.type(dialog.getByLabelText("Type it once more"), SECOND);
};

beforeEach(() => router.replace("/settings/keyboard"));
afterEach(async () => {
  layers.close();
  if (app.open) await app.lock(true);
  cleanup();
});

describe("a second passphrase", () => {
  it("is chosen after a warning, with the name that is shown, and can be taken away again", async () => {
    await start((id) => `/spaces/${id}`);
    await more("Second passphrase…");
    const dialog = within(
      await screen.findByRole("dialog", { name: "A second passphrase for this notebook" }),
    );
    expect(dialog.getByText(/nothing brings back this notebook/u)).toBeInTheDocument();
    expect(dialog.getByLabelText("Name that is shown while it is shut")).toHaveFocus();
    const go = dialog.getByRole("button", { name: "Choose it" });
    await choose(dialog, "Second passphrase");
    const shown = dialog.getByLabelText("Name that is shown while it is shut");
    // Her own name would give away what is shut.
    expect(shown).toHaveValue("");
    expect(go).toBeDisabled();
    await userEvent.type(shown, SHOWN);
    await userEvent.click(go);
    expect(await screen.findByRole("dialog", { name: "It has a second passphrase" })).toBeInTheDocument();
    expect(screen.getByText(/still opens it as it did then/u)).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Done" }));
    expect(spaces.byId(amara)).toMatchObject({ secondPassphrase: true, shownAs: SHOWN });

    await more("Second passphrase…");
    const managing = within(await screen.findByRole("dialog", { name: "Second passphrase" }));
    expect(managing.queryByRole("button", { name: "Cancel" })).toBeNull();
    expect(managing.getAllByRole("button", { name: "Close" })).toHaveLength(2);
    await userEvent.click(screen.getByRole("button", { name: "Take away…" }));
    const taking = within(await screen.findByRole("dialog", { name: "Take the second passphrase away" }));
    await userEvent.type(taking.getByLabelText("Current passphrase"), "something else{Enter}");
    expect(await taking.findByText(/That did not open it/u)).toBeInTheDocument();
    await userEvent.clear(taking.getByLabelText("Current passphrase"));
    await userEvent.type(taking.getByLabelText("Current passphrase"), `${SECOND}{Enter}`);
    await screen.findByRole("dialog", { name: "It opens with your vault again" });
    expect(spaces.byId(amara)).toMatchObject({ secondPassphrase: false, shownAs: null });
  });

  it("is not the vault’s own, and a name that does not fit is said beside the name", async () => {
    await start((id) => `/spaces/${id}`);
    await more("Second passphrase…");
    const dialog = within(await screen.findByRole("dialog"));
    await choose(dialog, "Second passphrase");
    await userEvent.type(dialog.getByLabelText("Name that is shown while it is shut"), "x".repeat(70));
    await userEvent.click(dialog.getByRole("button", { name: "Choose it" }));
    expect(await dialog.findByText(/This name is too long/u)).toBeInTheDocument();
    host.failNext("set_second_passphrase", "secondSame");
    await userEvent.click(dialog.getByRole("button", { name: "Choose it" }));
    expect(await dialog.findByText(/it would be no second lock/u)).toBeInTheDocument();
  });

  it("of what is sealed is changed in the same way", async () => {
    await start((id) => `/spaces/${id}`);
    await host.call("make_sealed", { space: amara, passphrase: SECOND });
    await spaces.refresh();
    await more("Passphrase of what is sealed…");
    const dialog = within(
      await screen.findByRole("dialog", { name: "Change the passphrase of what is sealed" }),
    );
    await userEvent.type(dialog.getByLabelText("Current passphrase"), SECOND);
    const next = "violin lantern orchard pebble";
    await userEvent.type(dialog.getByLabelText("New passphrase"), next);
    await userEvent.type(dialog.getByLabelText("Type it once more"), next);
    await userEvent.click(dialog.getByRole("button", { name: "Change it" }));
    await screen.findByRole("dialog", { name: "It has another passphrase" });
    await host.call("shut_sealed", { space: amara });
    await expect(host.call("open_sealed", { space: amara, passphrase: SECOND })).rejects.toMatchObject({
      code: "wrongSecondPassphrase",
    });
    await host.call("open_sealed", { space: amara, passphrase: next });
  });
});

describe("a new note", () => {
  it("turns nobody's page when it is made after they have gone elsewhere", async () => {
    await start((id) => `/spaces/${id}/notes/new`);
    const other = spaces.list.find((one) => one.name === "Daniel Rhee")?.id ?? "";
    let come = (): void => undefined;
    const gate = new Promise<void>((done) => (come = done));
    useHost({
      ...host,
      call: async (command, asked, progress) => {
        const answer = await host.call(command, asked, progress);
        if (command === "create_record") await gate;
        return answer;
      },
    });
    await userEvent.type(await screen.findByLabelText("Title of the note", {}, PAGE_LOADS), "B");
    router.go(`/spaces/${other}`);
    expect(await screen.findByRole("heading", { level: 1, name: "Daniel Rhee" }, PAGE_LOADS)).toBeVisible();
    come();
    await waitFor(() =>
      expect(host.asked.filter((one) => one.command === "list_spaces").length).toBeGreaterThan(1),
    );
    expect(router.path).toBe(`/spaces/${other}`);
  });
});

describe("what is sealed", () => {
  it("goes from every page with its lock, and not before what is written is saved", async () => {
    await start((id) => `/spaces/${id}/promises`);
    const watch = (): void => undefined;
    await spaces.makeSealed(amara, SECOND, watch);
    const space = amara;
    await host.call("create_record", {
      draft: {
        space,
        label: "sealed",
        on: "2026-06-01",
        parent: null,
        asToldBy: null,
        body: {
          kind: "commitment",
          text: "Say nothing of the move",
          owner: "me",
          due: null,
          state: "open",
          settledOn: null,
          note: "",
          follows: null,
          followedBy: null,
        },
      },
    });
    await spaces.openSealed(space, SECOND, watch);
    expect(await screen.findByText("Say nothing of the move", {}, PAGE_LOADS)).toBeInTheDocument();
    let stuck = true;
    const leave = registerDraft({ flush: () => Promise.resolve(!stuck), unsaved: () => stuck });
    const shut = (): HTMLElement => screen.getByRole("button", { name: "Shut them" });
    await userEvent.click(shut());
    expect(await screen.findByText(/so what is sealed stays open/u)).toBeInTheDocument();
    expect(screen.getByText("Say nothing of the move")).toBeInTheDocument();
    stuck = false;
    await userEvent.click(shut());
    await waitFor(() => expect(screen.queryByText("Say nothing of the move")).toBeNull());
    leave();
    // Opened again, it is there again.
    const sealed = within(screen.getByRole("main"));
    await userEvent.click(sealed.getByRole("button", { name: "Open it…" }));
    await userEvent.type(screen.getByLabelText("Second passphrase"), `${SECOND}{Enter}`);
    expect(await screen.findByText("Say nothing of the move")).toBeInTheDocument();
  });
});

describe("a notebook that is shut", () => {
  it("shows its chosen name alone, and its second passphrase opens it where it was", async () => {
    await start((id) => `/spaces/${id}/notes`);
    await lockIt();
    expect(await screen.findByRole("heading", { level: 1, name: SHOWN })).toBeInTheDocument();
    expect(screen.queryByText("Amara Nwosu")).toBeNull();
    expect(nav().getByRole("heading", { name: "Shut" })).toBeInTheDocument();
    expect(nav().getByRole("img", { name: `${SHOWN}, notebook shut` })).toBeInTheDocument();
    const field = screen.getByLabelText("Second passphrase");
    await userEvent.type(field, "something else{Enter}");
    expect(await screen.findByText(/That did not open it/u)).toBeInTheDocument();
    await userEvent.clear(field);
    await userEvent.type(field, `${SECOND}{Enter}`);
    expect(await screen.findByRole("heading", { level: 1, name: "Amara Nwosu" })).toBeInTheDocument();
    expect(router.path).toBe(`/spaces/${amara}/notes`);
    expect(nav().queryByRole("heading", { name: "Shut" })).toBeNull();
  });

  it("is shut by its owner once everything is saved, and not before", async () => {
    await start((id) => `/spaces/${id}`);
    await host.call("set_second_passphrase", { space: amara, shownAs: SHOWN, passphrase: SECOND });
    await spaces.refresh();
    let stuck = true;
    const leave = registerDraft({ flush: () => Promise.resolve(!stuck), unsaved: () => stuck });
    const shutIt = await screen.findByRole("button", { name: "Shut it now" });
    await userEvent.click(shutIt);
    expect(await screen.findByText(/is not saved yet, so the notebook stays open/u)).toBeInTheDocument();
    expect(spaces.byId(amara)).toBeDefined();
    stuck = false;
    await userEvent.click(shutIt);
    expect(await screen.findByRole("heading", { level: 1, name: SHOWN })).toBeInTheDocument();
    expect(spaces.byId(amara)).toBeUndefined();
    leave();
  });

  it("is found by its shown name in the palette, and nothing in it is", async () => {
    await start(() => "/settings/keyboard");
    await lockIt();
    layers.openPalette();
    const field = await screen.findByRole("combobox");
    expect(screen.getByText(/One notebook is shut; what is in it is left out here\./u)).toBeInTheDocument();
    await userEvent.type(field, "blue");
    expect(await screen.findByRole("option", { name: /The blue one/u })).toBeInTheDocument();
    await userEvent.clear(field);
    await userEvent.type(field, "Amara");
    await waitFor(() => expect(screen.queryByRole("option", { name: /Amara/u })).toBeNull());
    await userEvent.clear(field);
    await userEvent.type(field, "blue{Enter}");
    expect(router.path).toBe(`/spaces/${amara}`);
  });

  it("is said to be left out of the pages about all notebooks", async () => {
    await start(() => "/");
    const leftOut = "One notebook is shut; what is in it is left out here.";
    await screen.findByRole("complementary", { name: "Worth a thought" }, PAGE_LOADS);
    expect(screen.queryByText(leftOut)).toBeNull();
    await lockIt();
    expect(await screen.findByText(leftOut)).toBeInTheDocument();
    router.go("/summaries");
    await screen.findByRole("heading", { level: 1, name: "Summaries" }, PAGE_LOADS);
    expect(screen.getByText(leftOut)).toBeInTheDocument();
  });

  it("can be forgotten by whoever has lost its passphrase", async () => {
    await start((id) => `/spaces/${id}`);
    await lockIt();
    await userEvent.click(await screen.findByRole("button", { name: "I no longer know it" }));
    expect(screen.getByText(/nothing opens this notebook any more/u)).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Destroy this notebook…" }));
    expect(await screen.findByText(/It is shut, so nobody can say what that is/u)).toBeInTheDocument();
    await userEvent.type(await screen.findByRole("textbox"), SHOWN);
    await userEvent.click(screen.getByRole("button", { name: "Forget for good" }));
    expect(await screen.findByRole("heading", { name: "Forgotten" })).toBeInTheDocument();
    await waitFor(() => expect(spaces.shut).toEqual([]));
  });

  it("is named by its shown name where new keys want its passphrase", async () => {
    await start(() => "/settings/security");
    await lockIt();
    await userEvent.click(await screen.findByRole("button", { name: "New keys…" }));
    expect(await screen.findByLabelText(`Second passphrase of ${SHOWN}`)).toBeInTheDocument();
    expect(screen.getByLabelText("Passphrase of what is sealed in Daniel Rhee")).toBeInTheDocument();
  });
});
