// The whole window over the in-memory host: opening, going, hiding, locking, closing.
import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeFakeHost, type FakeHost, type FakeOptions } from "../ipc/fake";
import { fillWithSamples } from "../ipc/fake-samples";
import { useHost } from "../ipc/host";
import { router } from "../shared/router.svelte";
import { app } from "../session/app.svelte";
import { cover } from "../session/cover.svelte";
import { discreet } from "../session/discreet.svelte";
import { registerDraft } from "../session/drafts";
import { spaces } from "../session/spaces.svelte";
import App from "./App.svelte";
import { layers } from "./layers.svelte";

const PASSPHRASE = "correct horse battery staple";
/** Pages are loaded when they are first gone to. */
const PAGE_LOADS = { timeout: 25_000 };
const LEFT = { place: "/", lostWords: false };
let leave: (() => void)[] = [];

const CHUNK_MS = 30_000;
const start = async (options: FakeOptions = {}, samples = true): Promise<FakeHost> => {
  const host = makeFakeHost({ seed: "empty", ...options });
  if (samples) await fillWithSamples(host);
  useHost(host);
  // The state outlives a test as it outlives nothing in the program: take over this host's before drawing.
  await app.load();
  render(App);
  // The frame of the open vault is a chunk of its own, which the first test has to compile.
  if (app.open)
    await waitFor(() => expect(document.querySelector(".app")).toBeInTheDocument(), { timeout: CHUNK_MS });
  return host;
};
const draft = (flush: () => Promise<boolean>, unsaved = false): void =>
  void leave.push(registerDraft({ flush, unsaved: () => unsaved }));

beforeEach(() => {
  // A page of our own without features in the way.
  router.replace("/settings/keyboard");
});
afterEach(async () => {
  leave.forEach((done) => done());
  leave = [];
  if (discreet.chosen) discreet.toggle();
  discreet.whileUnfocused(false);
  layers.close();
  if (app.open) await app.lock(true);
  app.stay();
  vi.useRealTimers();
});

describe("the open vault", () => {
  it("lists the notebooks by my role in them", async () => {
    await start();
    const nav = screen.getByRole("navigation", { name: "Main" });
    await within(nav).findByText("Daniel Rhee");
    const headings = within(nav)
      .getAllByRole("heading")
      .map((h) => h.textContent);
    expect(headings).toEqual(["I mentor", "Mentors me", "Peers and circles"]);
    expect(within(nav).getByRole("img", { name: "Edith Calloway, notebook open" })).toBeInTheDocument();
    expect(within(nav).queryByText("My journal")).toBeNull();
    expect(within(nav).getByText("11 weeks")).toHaveClass("attention");
  });

  it("asks whether an older vault is the one that is wanted, with both dates", async () => {
    const user = userEvent.setup();
    const params = { known: "2026-06-10T08:00:00Z", found: "2026-06-03T08:00:00Z" };
    const host = await start({ opened: [{ code: "rolledBack", means: "asks", params }] });
    const dialog = within(await screen.findByRole("dialog", { name: "Is this the vault you want?" }));
    expect(
      dialog.getByText(/newer state of this vault, on 10 June 2026.*on 3 June 2026/u),
    ).toBeInTheDocument();
    // It has to be answered: nobody writes in it by closing a question.
    await user.keyboard("{Escape}");
    expect(dialog.queryByRole("button", { name: "Close" })).toBeNull();
    await user.click(dialog.getByRole("button", { name: "Lock it" }));
    await waitFor(() => expect(host.asked.some(({ command }) => command === "lock_vault")).toBe(true));
  });

  it("remembers that an older vault is the one that is wanted", async () => {
    const user = userEvent.setup();
    const params = { known: "2026-06-10T08:00:00Z", found: "2026-06-10T07:00:00Z" };
    await start({ opened: [{ code: "rolledBack", means: "asks", params }] });
    await user.click(await screen.findByRole("button", { name: "Go on with this one" }));
    await waitFor(() => expect(app.state?.opened).toEqual([]));
    expect(screen.queryByText(/newer state of this vault/u)).toBeNull();
    cleanup();
    render(App);
    expect(await screen.findByRole("navigation", { name: "Main" })).toBeInTheDocument();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("says in plain words what was found while opening, until it is read", async () => {
    const user = userEvent.setup();
    await start({ opened: [{ code: "headerRepaired", means: "told", params: {} }] });
    expect(
      await screen.findByText(/One copy of the vault’s beginning was damaged and has been repaired/),
    ).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Read; put this away" }));
    expect(screen.queryByText(/has been repaired/)).toBeNull();
  });

  it("has an address that leads nowhere say so", async () => {
    await start();
    router.go("/no/such/place");
    expect(
      await screen.findByRole("heading", { level: 1, name: "There is nothing here." }),
    ).toBeInTheDocument();
  });

  it("names the page in the title bar, and hides that in discreet mode", async () => {
    const host = await start();
    await waitFor(() => expect(host.title()).toBe("Settings · Confidant"));
    discreet.toggle();
    await waitFor(() => expect(host.title()).toBe("Confidant"));
    expect(document.documentElement).toHaveClass("discreet");
  });

  it("hides names when the window loses the focus, if that is wanted, and only then", async () => {
    const host = await start({ settings: { discreetWhenUnfocused: true } });
    host.focusWindow(false);
    await waitFor(() => expect(document.documentElement).toHaveClass("discreet"));
    host.focusWindow(true);
    await waitFor(() => expect(document.documentElement).not.toHaveClass("discreet"));
    await app.saveSettings({ ...app.settings!, discreetWhenUnfocused: false });
    host.focusWindow(false);
    await tick();
    expect(document.documentElement).not.toHaveClass("discreet");
  });

  it("leaves no name in a tooltip in discreet mode", async () => {
    await start();
    await screen.findByText("Daniel Rhee");
    discreet.toggle();
    await tick();
    expect(document.querySelector("[title*='Daniel']")).toBeNull();
  });

  it("follows the chosen theme and text size", async () => {
    await start({ settings: { theme: "dark", textSize: 120 } });
    await waitFor(() => expect(document.documentElement).toHaveAttribute("data-theme", "dark"));
    expect(document.documentElement.style.fontSize).toBe("120%");
  });
});

describe("keys", () => {
  it("Ctrl K finds a notebook and goes there; Esc gives the focus back", async () => {
    const user = userEvent.setup();
    await start();
    await screen.findByText("Daniel Rhee");
    const find = screen.getByRole("button", { name: /Find or go to/ });
    find.focus();
    await user.keyboard("{Control>}k{/Control}");
    expect(screen.getByRole("combobox", { name: "Find or go to" })).toHaveFocus();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("combobox")).toBeNull();
    expect(find).toHaveFocus();

    await user.keyboard("{Control>}k{/Control}");
    await user.keyboard("amara");
    await waitFor(() =>
      expect(screen.getByRole("option", { selected: true })).toHaveTextContent("Amara Nwosu"),
    );
    await user.keyboard("{Enter}");
    expect(router.path).toBe(`/spaces/${spaces.mentees.find((s) => s.name === "Amara Nwosu")?.id}`);
  });

  it("the palette finds titles, goes down and up with arrows, and says when there is nothing", async () => {
    const user = userEvent.setup();
    await start();
    await screen.findByText("Daniel Rhee");
    await user.keyboard("{Control>}k{/Control}");
    await user.keyboard("seminar");
    const options = await screen.findAllByRole("option");
    expect(options.length).toBeGreaterThan(1);
    expect(options[0]).toHaveAttribute("aria-selected", "true");
    await user.keyboard("{ArrowDown}");
    expect(options[1]).toHaveAttribute("aria-selected", "true");
    expect(screen.getByRole("combobox")).toHaveAttribute("aria-activedescendant", options[1]?.id);
    await user.keyboard("{ArrowUp}{ArrowUp}");
    expect(options.at(-1)).toHaveAttribute("aria-selected", "true");
    await user.keyboard("zzz");
    expect(await screen.findByText(/Nothing of that name/)).toBeInTheDocument();
  });

  it("a page that comes late takes the focus, but not from whoever writes in the palette", async () => {
    const user = userEvent.setup();
    await start();
    await screen.findByRole("heading", { level: 1 }, PAGE_LOADS);
    router.go("/summaries");
    await waitFor(() => expect(screen.getByRole("main")).toHaveFocus(), PAGE_LOADS);
    await user.keyboard("{Control>}k{/Control}");
    router.go("/goals");
    await screen.findByRole("heading", { level: 1, name: "Goals" }, PAGE_LOADS);
    await user.keyboard("seminar");
    expect(screen.getByRole("combobox")).toHaveValue("seminar");
  });

  it("never lists a sealed note", async () => {
    const user = userEvent.setup();
    await start();
    await screen.findByText("Daniel Rhee");
    await user.keyboard("{Control>}k{/Control}");
    await user.keyboard("difficult");
    expect(await screen.findByText(/Nothing of that name/)).toBeInTheDocument();
  });

  it("? lists all keys, but types a question mark where one writes", async () => {
    const user = userEvent.setup();
    await start();
    router.go("/settings/you");
    const field = await screen.findByLabelText("Your name");
    await user.type(field, "?");
    expect(field).toHaveValue("Helen?");
    expect(screen.queryByRole("dialog", { name: "All keys" })).toBeNull();
    screen.getByRole("main").focus();
    await user.keyboard("?");
    expect(screen.getByRole("dialog", { name: "All keys" })).toBeInTheDocument();
  });

  it("Ctrl 2 opens the second notebook, Ctrl J the journal, Ctrl comma the settings", async () => {
    const user = userEvent.setup();
    await start();
    await screen.findByText("Daniel Rhee");
    await user.keyboard("{Control>}2{/Control}");
    expect(router.path).toBe(`/spaces/${spaces.numbered[1]?.id}`);
    await user.keyboard("{Control>}j{/Control}");
    expect(router.path).toBe("/journal");
    await user.keyboard("{Control>},{/Control}");
    expect(router.path).toBe("/settings");
  });

  it("Ctrl N makes a note in the notebook one is in", async () => {
    const user = userEvent.setup();
    await start();
    await screen.findByText("Daniel Rhee");
    const daniel = spaces.mentees[0]?.id;
    router.go(`/spaces/${daniel}`);
    await user.keyboard("{Control>}n{/Control}");
    expect(router.path).toBe(`/spaces/${daniel}/notes/new`);
  });

  it("Ctrl Shift D turns discreet mode on and off", async () => {
    const user = userEvent.setup();
    await start();
    await user.keyboard("{Control>}{Shift>}d{/Shift}{/Control}");
    expect(discreet.on).toBe(true);
    await user.keyboard("{Control>}{Shift>}d{/Shift}{/Control}");
    expect(discreet.on).toBe(false);
  });

  it("F6 goes from the sidebar to the page and back", async () => {
    const user = userEvent.setup();
    await start();
    const nav = screen.getByRole("navigation", { name: "Main" });
    await user.keyboard("{F6}");
    expect(nav).toContainElement(document.activeElement as HTMLElement);
    await user.keyboard("{F6}");
    expect(screen.getByRole("main")).toHaveFocus();
  });

  it("do nothing but lock while somebody else reads at this computer", async () => {
    const user = userEvent.setup();
    await start();
    await screen.findByText("Daniel Rhee");
    document.documentElement.setAttribute("data-handed-over", "");
    const before = router.path;
    await user.keyboard("{Control>}k{/Control}{Control>}2{/Control}?");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(router.path).toBe(before);
    await user.keyboard("{Control>}l{/Control}");
    await screen.findByRole("heading", { name: "Locked." });
    document.documentElement.removeAttribute("data-handed-over");
  });

  it("Ctrl S saves what is not saved and says so", async () => {
    const user = userEvent.setup();
    await start();
    const flush = vi.fn(() => Promise.resolve(true));
    draft(flush);
    await user.keyboard("{Control>}s{/Control}");
    expect(flush).toHaveBeenCalledOnce();
    expect(await screen.findByText(/^Saved\./)).toBeInTheDocument();
  });

  it("Ctrl S says so when something cannot be saved", async () => {
    const user = userEvent.setup();
    await start();
    draft(() => Promise.resolve(false), true);
    await user.keyboard("{Control>}s{/Control}");
    expect(await screen.findByRole("alert")).toHaveTextContent("Some of your words are not saved.");
    leave.forEach((done) => done());
  });
});

describe("locking", () => {
  it("saves first, then shows nothing of the vault and asks for the passphrase", async () => {
    const user = userEvent.setup();
    const host = await start();
    await screen.findByText("Daniel Rhee");
    const order: string[] = [];
    draft(() => {
      order.push("saved");
      return Promise.resolve(true);
    });
    await user.keyboard("{Control>}l{/Control}");
    await screen.findByRole("heading", { name: "Locked." });
    order.push(...host.asked.filter((a) => a.command === "lock_vault").map(() => "locked"));
    expect(order).toEqual(["saved", "locked"]);
    expect(document.body).not.toHaveTextContent("Daniel");
    expect(screen.getByLabelText("Passphrase")).toHaveFocus();
    expect(spaces.list).toEqual([]);
    expect(host.title()).toBe("Confidant");
  });

  it("asks when something cannot be saved, and keeps it when the person stays", async () => {
    const user = userEvent.setup();
    const host = await start();
    draft(() => Promise.resolve(false));
    await user.keyboard("{Control>}l{/Control}");
    const dialog = await screen.findByRole("dialog", { name: "Some of your words are not saved." });
    expect(host.asked.some((a) => a.command === "lock_vault")).toBe(false);
    await user.click(within(dialog).getByRole("button", { name: "Stay" }));
    expect(app.open).toBe(true);
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("covers everything at once, takes the focus away and lets nothing be typed until it is locked", async () => {
    const user = userEvent.setup();
    await start();
    router.go("/settings/you");
    const field = await screen.findByLabelText("Your name", {}, { timeout: 5000 });
    await user.click(field);
    let finish: (saved: boolean) => void = () => undefined;
    draft(() => new Promise((done) => (finish = done)));
    await user.keyboard("{Control>}l{/Control}");
    const over = screen.getByRole("dialog", { name: /what you wrote is saved first/ });
    expect(over).toHaveClass("lock-cover");
    expect(document.querySelector(".app")).toHaveProperty("inert", true);
    expect(field).not.toHaveFocus();
    await user.keyboard("xyz");
    await user.keyboard("{Escape}");
    expect(field).toHaveValue("Helen");
    expect(over).toHaveAttribute("open");
    finish(true);
    await screen.findByRole("heading", { name: "Locked." });
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(cover.on).toBe(false);
  });

  it("gives the window back with the focus where it was when the person stays", async () => {
    const user = userEvent.setup();
    await start();
    router.go("/settings/you");
    const field = await screen.findByLabelText("Your name", {}, { timeout: 5000 });
    await user.click(field);
    draft(() => Promise.resolve(false), true);
    await user.keyboard("{Control>}l{/Control}");
    await user.click(await screen.findByRole("button", { name: "Stay" }));
    expect(cover.on).toBe(false);
    expect(document.querySelector(".app")).toHaveProperty("inert", false);
    expect(field).toHaveFocus();
  });

  it("asks once, and locks once, however often it is asked for", async () => {
    const host = await start();
    const flush = vi.fn(() => Promise.resolve(true));
    draft(flush);
    await Promise.all([app.lock(), app.lock(), app.lock(true)]);
    expect(flush).toHaveBeenCalledOnce();
    expect(host.asked.filter((a) => a.command === "lock_vault")).toHaveLength(1);
  });

  it("by itself says afterwards that words were lost, once", async () => {
    const user = userEvent.setup();
    await start();
    draft(() => Promise.resolve(false), true);
    await app.lock(true);
    expect(await screen.findByRole("alert")).toHaveTextContent(
      /could not be saved before the vault was locked, and is lost/,
    );
    expect(document.body).not.toHaveTextContent("Your notes are here");
    leave.forEach((done) => done());
    await user.type(screen.getByLabelText("Passphrase"), `${PASSPHRASE}{Enter}`);
    await screen.findByRole("navigation", { name: "Main" });
    await app.lock();
    await screen.findByText(/Your notes are here/);
    expect(document.body).not.toHaveTextContent("is lost");
  });

  it("tells at once what looking through the open vault found", async () => {
    const host = await start();
    await screen.findByText("Daniel Rhee");
    host.findDamage();
    expect(await screen.findByText(/Something in the vault is not as it was saved/)).toBeInTheDocument();
    expect(screen.getByText("Daniel Rhee")).toBeInTheDocument();
  });

  it("because the host wants it says too that words were lost", async () => {
    const host = await start();
    await screen.findByText("Daniel Rhee");
    draft(() => Promise.resolve(false), true);
    host.wantLocked();
    expect(await screen.findByRole("alert")).toHaveTextContent(/is lost/);
  });

  it("leaves its address and whether words were lost to the process that takes its place, and shows nothing more", async () => {
    const host = await start({ replaces: true });
    await screen.findByText("Daniel Rhee");
    router.go("/settings/security", { from: "keys" });
    draft(() => Promise.resolve(false), true);
    await app.lock(true);
    await tick();
    expect(host.asked.at(-1)).toEqual({
      command: "lock_vault",
      asked: { left: { place: "/settings/security?from=keys", lostWords: true } },
    });
    expect(app.state).toBeNull();
    expect(cover.on).toBe(true);
    expect(spaces.list).toEqual([]);
    expect(screen.queryByRole("navigation", { name: "Main" })).toBeNull();
    expect(screen.queryByRole("heading")).toBeNull();
    cover.lift();
  });

  it.each([
    [false, /Your notes are here/],
    [true, /is lost/],
  ])("goes on in the process that takes its place; words were lost: %s", async (lostWords, says) => {
    await start({ replaces: true }, false);
    await app.lock();
    cleanup();
    await start({ seed: "locked", left: { place: "/today", lostWords } }, false);
    await screen.findByRole("heading", { name: "Locked." });
    expect(document.body).toHaveTextContent(says);
    expect(screen.getByLabelText("Passphrase")).toHaveFocus();
  });

  it("tells the host that somebody is there, but not for every key", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const host = await start();
    const touches = (): number => host.asked.filter((a) => a.command === "touch").length;
    expect(touches()).toBe(1);
    for (let i = 0; i < 20; i += 1) window.dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
    expect(touches()).toBe(1);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(touches()).toBe(1);
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
    expect(touches()).toBe(2);
    expect(host.asked.at(-1)).toEqual({ command: "touch", asked: { place: router.address } });
  });

  it("shows nothing of the vault though the host fails, says why, and is not opened before it has locked", async () => {
    const user = userEvent.setup();
    const host = await start();
    await screen.findByText("Daniel Rhee");
    host.failNext("lock_vault", "storage");
    await user.click(screen.getByRole("button", { name: /Lock now/ }));
    await screen.findByRole("heading", { name: "Locked." });
    expect(screen.getByRole("alert")).toHaveTextContent(
      "The vault’s store did not answer as it should. Locking did not end as it should",
    );
    expect(document.body).not.toHaveTextContent("Daniel");
    expect(spaces.list).toEqual([]);

    host.failNext("lock_vault", "storage");
    await user.type(screen.getByLabelText("Passphrase"), `${PASSPHRASE}{Enter}`);
    await waitFor(() => expect(screen.getByLabelText("Passphrase")).toBeInvalid());
    expect(host.asked.some((a) => a.command === "unlock_vault")).toBe(false);
    await user.keyboard("{Enter}");
    await screen.findByRole("navigation", { name: "Main" });
  });

  it("because the host wants it clears the window though its answer fails", async () => {
    const host = await start();
    await screen.findByText("Daniel Rhee");
    host.failNext("lock_vault", "unexpected");
    host.wantLocked();
    await screen.findByRole("heading", { name: "Locked." });
    expect(document.body).not.toHaveTextContent("Daniel");
  });

  it("happens after the chosen minutes with nobody there, announced a minute before", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await start({ settings: { autoLockMinutes: 5 } });
    await vi.advanceTimersByTimeAsync(4 * 60_000 - 3_000);
    expect(screen.queryByRole("dialog")).toBeNull();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(screen.getByRole("dialog", { name: "Still there?" })).toBeInTheDocument();
    await vi.advanceTimersByTimeAsync(56_000);
    await waitFor(() => expect(app.state?.vault).toBe("locked"));
  });

  it("waits again when the person asks it to", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await start({ settings: { autoLockMinutes: 5 } });
    await vi.advanceTimersByTimeAsync(4 * 60_000 + 5_000);
    screen.getByRole("button", { name: "Stay open" }).click();
    await vi.advanceTimersByTimeAsync(3 * 60_000);
    expect(app.open).toBe(true);
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("does not happen by itself when it is set to never", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await start({ settings: { autoLockMinutes: 0 } });
    await vi.advanceTimersByTimeAsync(10 * 60 * 60_000);
    expect(app.open).toBe(true);
    expect(screen.getByText("Locks when you ask")).toBeInTheDocument();
  });

  it("because the host wants it clears the window", async () => {
    const host = await start();
    await screen.findByText("Daniel Rhee");
    host.wantLocked();
    await screen.findByRole("heading", { name: "Locked." });
    expect(document.body).not.toHaveTextContent("Daniel");
  });
});

describe("closing the window", () => {
  it("covers it until it is gone, so that nothing is typed that nobody would save", async () => {
    const host = await start();
    let finish: (saved: boolean) => void = () => undefined;
    draft(() => new Promise((done) => (finish = done)));
    const closed = host.closeWindow();
    await tick();
    expect(document.querySelector(".app")).toHaveProperty("inert", true);
    expect(screen.getByRole("dialog", { name: /what you wrote is saved first/ })).toBeInTheDocument();
    finish(true);
    expect(await closed).toBe(true);
    expect(cover.on).toBe(true);
  });

  it("uncovers it while it asks", async () => {
    const host = await start();
    draft(() => Promise.resolve(false), true);
    const closed = host.closeWindow();
    const dialog = await screen.findByRole("dialog", { name: "Some of your words are not saved." });
    expect(cover.on).toBe(false);
    within(dialog).getByRole("button", { name: "Stay" }).click();
    expect(await closed).toBe(false);
  });

  it("asks about it no longer once the vault is locked", async () => {
    const host = await start();
    draft(() => Promise.resolve(false), true);
    const closed = host.closeWindow();
    await screen.findByRole("dialog", { name: "Some of your words are not saved." });
    host.wantLocked();
    expect(await closed).toBe(false);
    await host.call("unlock_vault", { passphrase: PASSPHRASE });
    await app.load();
    await screen.findByRole("navigation", { name: "Main" });
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("waits until everything is saved", async () => {
    const host = await start();
    let finish: (saved: boolean) => void = () => undefined;
    draft(() => new Promise((done) => (finish = done)));
    const closed = vi.fn();
    void host.closeWindow().then(closed);
    await tick();
    expect(closed).not.toHaveBeenCalled();
    finish(true);
    await waitFor(() => expect(closed).toHaveBeenCalledWith(true));
  });

  it("asks when something cannot be saved; staying keeps the window, and it can be closed later", async () => {
    const host = await start();
    let can = false;
    draft(() => Promise.resolve(can));
    const first = host.closeWindow();
    const dialog = await screen.findByRole("dialog", { name: "Some of your words are not saved." });
    within(dialog).getByRole("button", { name: "Stay" }).click();
    expect(await first).toBe(false);
    can = true;
    expect(await host.closeWindow()).toBe(true);
  });

  it("may lose words only when the person says so", async () => {
    const host = await start();
    draft(() => Promise.resolve(false));
    const closed = host.closeWindow();
    (await screen.findByRole("button", { name: "Close and lose them" })).click();
    expect(await closed).toBe(true);
  });

  it("does not wait for a vault that is locked", async () => {
    const host = await start({ seed: "locked" }, false);
    expect(await host.closeWindow()).toBe(true);
  });
});

describe("the way in", () => {
  it("opens with the passphrase; a wrong one says so, loses nothing and is selected", async () => {
    const user = userEvent.setup();
    await start({ seed: "locked" }, false);
    const field = await screen.findByLabelText("Passphrase");
    await waitFor(() => expect(field).toHaveFocus());
    await user.keyboard("wrong{Enter}");
    await waitFor(() => expect(field).toBeInvalid());
    expect(field).toHaveAccessibleDescription(/That did not open it. Nothing is lost./);
    await user.clear(field);
    await user.keyboard(`${PASSPHRASE}{Enter}`);
    await screen.findByRole("navigation", { name: "Main" });
  });

  it("shows the passphrase only when asked", async () => {
    const user = userEvent.setup();
    await start({ seed: "locked" }, false);
    const field = await screen.findByLabelText("Passphrase");
    expect(field).toHaveAttribute("type", "password");
    await user.click(screen.getByRole("button", { name: "Show passphrase" }));
    expect(field).toHaveAttribute("type", "text");
  });

  it("opens with the spare key, numbers and capitals notwithstanding, and sets a new passphrase", async () => {
    const user = userEvent.setup();
    const host = await start({ seed: "locked" }, false);
    const words = await spareKeyOf();
    await user.click(await screen.findByRole("button", { name: "Use the spare key" }));
    const area = screen.getByLabelText("The 24 words, in order");
    await user.click(area);
    await user.paste(words.map((word, i) => `${i + 1}. ${word.toUpperCase()}`).join(", "));
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await user.type(screen.getByLabelText("New passphrase"), "violin harbour thimble onion lantern");
    await user.type(screen.getByLabelText("Type it once more"), "violin harbour thimble onion lantern");
    await user.click(screen.getByRole("button", { name: "Open vault" }));
    await screen.findByRole("navigation", { name: "Main" });
    await host.call("lock_vault", { left: LEFT });
    await expect(host.call("unlock_vault", { passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: "wrongPassphrase",
    });
    await expect(
      host.call("unlock_vault", { passphrase: "violin harbour thimble onion lantern" }),
    ).resolves.toMatchObject({ vault: "open" });
  });

  it("leads back to the words when the spare key is not right", async () => {
    const user = userEvent.setup();
    await start({ seed: "locked" }, false);
    const words = await spareKeyOf();
    await user.click(await screen.findByRole("button", { name: "Use the spare key" }));
    await user.click(screen.getByLabelText("The 24 words, in order"));
    await user.paste([...words.slice(1), "quux"].join(" "));
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await user.click(screen.getByRole("radio", { name: /Keep the old passphrase/ }));
    await user.click(screen.getByRole("button", { name: "Open vault" }));
    const area = await screen.findByLabelText("The 24 words, in order");
    expect(area).toHaveAccessibleDescription(/Word 24 is not in the list/);
  });

  it("says plainly when the vault is newer or damaged, and that nothing was changed", async () => {
    await start({ seed: "newer" }, false);
    expect(await screen.findByRole("heading", { name: "Made by a newer Confidant." })).toBeInTheDocument();
    expect(screen.getByRole("alert")).toHaveTextContent("Nothing in the vault has been changed.");
    expect(screen.queryByLabelText("Passphrase")).toBeNull();
  });

  it("says so for a damaged one", async () => {
    await start({ seed: "damaged" }, false);
    expect(
      await screen.findByRole("heading", { name: "The vault cannot be opened as it is." }),
    ).toBeInTheDocument();
  });

  it("says when the vault is open elsewhere", async () => {
    const user = userEvent.setup();
    const host = await start({ seed: "locked" }, false);
    host.failNext("unlock_vault", "vaultInUse");
    await user.type(await screen.findByLabelText("Passphrase"), `${PASSPHRASE}{Enter}`);
    expect(await screen.findByText(/The vault is open in another window/)).toBeInTheDocument();
  });
});

describe("beginning", () => {
  const create = async (): Promise<{ user: ReturnType<typeof userEvent.setup>; host: FakeHost }> => {
    const user = userEvent.setup();
    const host = await start({ seed: "none" }, false);
    await user.click(await screen.findByRole("button", { name: /I mentor someone/ }));
    await user.type(screen.getByLabelText("Your name"), "Helen");
    await user.click(screen.getByRole("button", { name: "Suggest one" }));
    await waitFor(() =>
      expect(screen.getByLabelText("Passphrase")).toHaveValue(
        "lantern orchard pebble violin harbour thimble",
      ),
    );
    expect(screen.getByRole("button", { name: "Continue" })).toBeDisabled();
    await user.type(
      screen.getByLabelText("Type it once more"),
      "lantern orchard pebble violin harbour thimble",
    );
    expect(screen.getByText("Matches")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await screen.findByRole("heading", { name: "Keep one spare key, on paper." });
    return { user, host };
  };
  const shownWords = (): string[] => {
    const sheet = screen.getAllByRole("article", { name: "Spare key" })[0];
    return [...(sheet?.querySelectorAll(".words span") ?? [])].map((word) => word.textContent ?? "");
  };

  it("goes from a choice over passphrase and spare key to the first page", async () => {
    const { user } = await create();
    const words = shownWords();
    expect(words).toHaveLength(24);
    const next = screen.getByRole("button", { name: "Continue" });
    expect(next).toBeDisabled();
    await user.click(screen.getByRole("checkbox", { name: /somewhere safe/ }));
    await user.click(next);

    await screen.findByRole("heading", { name: "Can it be read?" });
    expect(shownWords().every((word) => /^•+$/.test(word))).toBe(true);
    for (const position of [3, 11, 20])
      await user.type(screen.getByLabelText(`Word ${position}`), words[position - 1] ?? "");
    await user.click(screen.getByRole("button", { name: "Open my vault" }));
    await screen.findByRole("navigation", { name: "Main" });
    expect(router.path).toBe("/spaces/new");
    expect(router.query).toEqual({ role: "mentor" });
  });

  it("refuses wrong words, and lets one look again", async () => {
    const { user } = await create();
    const words = shownWords();
    await user.click(screen.getByRole("checkbox", { name: /somewhere safe/ }));
    await user.click(screen.getByRole("button", { name: "Continue" }));
    for (const position of [3, 11, 20])
      await user.type(await screen.findByLabelText(`Word ${position}`), "zoo");
    await user.click(screen.getByRole("button", { name: "Open my vault" }));
    expect(await screen.findByText(/Word 3 is another one on the sheet/)).toBeInTheDocument();
    expect(app.open).toBe(false);
    await user.click(screen.getByRole("button", { name: "Look at the words again" }));
    expect(shownWords()).toEqual(words);
  });

  it("can be taken up again when the window was interrupted", async () => {
    const user = userEvent.setup();
    const host = makeFakeHost({ seed: "none" });
    const words = await host.call("create_vault", {
      passphrase: "violin harbour thimble onion lantern",
      name: "",
    });
    useHost(host);
    await app.load();
    render(App);
    await screen.findByRole("heading", { name: "The spare key is still to be kept." });
    await waitFor(() => expect(shownWords()).toEqual(words));
    await user.click(screen.getByRole("button", { name: "Save…" }));
    await screen.findByText(/Saved as/);
    await user.click(screen.getByRole("checkbox", { name: /somewhere safe/ }));
    await user.click(screen.getByRole("button", { name: "Continue" }));
    for (const position of [3, 11, 20])
      await user.type(await screen.findByLabelText(`Word ${position}`), words[position - 1] ?? "");
    await user.click(screen.getByRole("button", { name: "Open my vault" }));
    await screen.findByRole("navigation", { name: "Main" });
  });

  it("shows at the passphrase what is wrong with it", async () => {
    const user = userEvent.setup();
    await start({ seed: "none" }, false);
    await user.click(await screen.findByRole("button", { name: /A journal of my own/ }));
    await user.type(screen.getByLabelText("Passphrase"), "daniel");
    await user.type(screen.getByLabelText("Type it once more"), "daniel");
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await waitFor(() => expect(screen.getByLabelText("Passphrase")).toBeInvalid());
    expect(screen.getByLabelText("Passphrase")).toHaveAccessibleDescription(/would be guessed/);
  });
});

/** The words of the in-memory host's spare key, read off a vault made by another one. */
async function spareKeyOf(): Promise<string[]> {
  const other = makeFakeHost({ seed: "none" });
  return other.call("create_vault", { passphrase: "violin harbour thimble onion lantern", name: "" });
}
