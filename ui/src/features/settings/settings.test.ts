import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { fireEvent } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { useHost } from "../../ipc/host";
import { app } from "../../session/app.svelte";
import { flushAll } from "../../session/drafts";
import { toasts } from "../../session/toasts.svelte";
import SettingsPage from "./SettingsPage.svelte";

const PASSPHRASE = "correct horse battery staple";
const NEW = "violin harbour thimble onion lantern";
let host: FakeHost;

const open = async (page: string): Promise<ReturnType<typeof userEvent.setup>> => {
  render(SettingsPage, { props: { params: { page }, query: {} } });
  await screen.findByRole("heading", { level: 1 });
  return userEvent.setup();
};

beforeEach(async () => {
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  await app.load();
  for (const toast of toasts.list) toasts.close(toast.id);
});

describe("security", () => {
  it("keeps the minutes after which it locks", async () => {
    const user = await open("security");
    await user.selectOptions(screen.getByLabelText("Lock after"), "30 minutes");
    await waitFor(() => expect(app.settings?.autoLockMinutes).toBe(30));
    expect((await host.call("app_state", {})).settings.autoLockMinutes).toBe(30);
  });

  it("brings the old value back, and says why, when a setting cannot be kept", async () => {
    const user = await open("security");
    host.failNext("save_settings", "readOnly");
    await user.click(screen.getByRole("switch", { name: /Blur names/ }));
    await waitFor(() => expect(toasts.list.at(-1)?.words).toMatch(/lets nothing be written/));
    expect(app.settings?.discreetWhenUnfocused).toBe(false);
    await waitFor(() => expect(screen.getByRole("switch", { name: /Blur names/ })).not.toBeChecked());
  });

  it("says what guards the keys on this computer, and what does not", async () => {
    host = makeFakeHost({ seed: "empty", guards: { sessionWatched: false } });
    useHost(host);
    await app.load();
    await open("security");
    const guards = within(screen.getByRole("region", { name: "On this computer" })).getAllByRole("listitem");
    expect(guards.map((guard) => guard.textContent?.trim())).toEqual([
      expect.stringMatching(/^This computer does not tell Confidant when its screen is locked/),
      expect.stringMatching(/^When memory runs short, .* is never put there\.$/),
      expect.stringMatching(/^While your vault is open, other programs of yours cannot look/),
    ]);
  });

  it("changes the passphrase only with the old one", async () => {
    const user = await open("security");
    await user.click(screen.getByRole("button", { name: "Change…" }));
    const dialog = within(screen.getByRole("dialog", { name: "Change the passphrase" }));
    await user.type(dialog.getByLabelText("Current passphrase"), "wrong");
    await user.type(dialog.getByLabelText("New passphrase"), NEW);
    await user.type(dialog.getByLabelText("Type it once more"), NEW);
    await user.click(dialog.getByRole("button", { name: "Change it" }));
    await waitFor(() => expect(dialog.getByLabelText("Current passphrase")).toBeInvalid());

    await user.clear(dialog.getByLabelText("Current passphrase"));
    await user.type(dialog.getByLabelText("Current passphrase"), PASSPHRASE);
    await user.click(dialog.getByRole("button", { name: "Change it" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await host.call("lock_vault", { left: { place: "/", lostWords: false } });
    await expect(host.call("unlock_vault", { passphrase: NEW })).resolves.toMatchObject({ vault: "open" });
  });

  it("does not change it while the two differ", async () => {
    const user = await open("security");
    await user.click(screen.getByRole("button", { name: "Change…" }));
    const dialog = within(screen.getByRole("dialog"));
    await user.type(dialog.getByLabelText("Current passphrase"), PASSPHRASE);
    await user.type(dialog.getByLabelText("New passphrase"), NEW);
    await user.type(dialog.getByLabelText("Type it once more"), `${NEW}x`);
    await user.tab();
    expect(dialog.getByRole("button", { name: "Change it" })).toBeDisabled();
    expect(dialog.getByLabelText("Type it once more")).toHaveAccessibleDescription(
      "It differs from the one above.",
    );
  });

  const openWith = (words: readonly string[]): Promise<unknown> =>
    host.call("unlock_with_spare_key", { words: words.join(" "), passphrase: null });
  const shownWords = (): string[] =>
    [...screen.getByRole("dialog").querySelectorAll(".words span")].map((word) => word.textContent ?? "");

  it("keeps the old spare key when the new one is left before its words were typed", async () => {
    const user = await open("security");
    await user.click(screen.getByRole("button", { name: "Make a new one…" }));
    await user.type(screen.getByLabelText("Current passphrase"), `${PASSPHRASE}{Enter}`);
    await screen.findByText(/old sheet opens nothing from then on/);
    const words = shownWords();
    await user.click(screen.getByRole("button", { name: "Keep the old one" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await host.call("lock_vault", { left: { place: "/", lostWords: false } });
    await expect(openWith(words)).rejects.toMatchObject({ code: "wrongSpareKey" });
  });

  it("makes a new spare key, which counts once its words were typed", async () => {
    const user = await open("security");
    await user.click(screen.getByRole("button", { name: "Make a new one…" }));
    await user.type(screen.getByLabelText("Current passphrase"), `${PASSPHRASE}{Enter}`);
    await screen.findByText(/old sheet opens nothing from then on/);
    const words = shownWords();
    expect(words).toHaveLength(24);

    await user.click(screen.getByRole("checkbox", { name: /somewhere safe/ }));
    await user.click(screen.getByRole("button", { name: "Continue" }));
    const fields = await screen.findAllByLabelText(/^Word \d+$/);
    for (const field of fields) await user.type(field, "zoo");
    await user.click(screen.getByRole("button", { name: "Done" }));
    expect(await screen.findByText(/Word \d+ is another one on the sheet/)).toBeInTheDocument();
    for (const field of fields) {
      const position = Number(/\d+/.exec((field as HTMLInputElement).labels?.[0]?.textContent ?? "")?.[0]);
      await user.clear(field);
      await user.type(field, (words[position - 1] ?? "").toUpperCase());
    }
    await user.click(screen.getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await host.call("lock_vault", { left: { place: "/", lostWords: false } });
    await expect(openWith(words)).resolves.toMatchObject({ vault: "open" });
  });
});

describe("a passphrase field", () => {
  it("says when Caps Lock is on", async () => {
    const user = await open("security");
    await user.click(screen.getByRole("button", { name: "Change…" }));
    const field = screen.getByLabelText("Current passphrase");
    await fireEvent(field, new KeyboardEvent("keydown", { key: "A", modifierCapsLock: true, bubbles: true }));
    expect(screen.getByText("Caps Lock is on.")).toBeInTheDocument();
    await fireEvent(field, new KeyboardEvent("keydown", { key: "a", bubbles: true }));
    expect(screen.queryByText("Caps Lock is on.")).toBeNull();
  });
});

describe("appearance", () => {
  it("changes the theme and the text size within its bounds", async () => {
    const user = await open("appearance");
    await user.click(screen.getByRole("radio", { name: "Dark" }));
    await waitFor(() => expect(app.settings?.theme).toBe("dark"));
    for (let i = 0; i < 5; i += 1) await user.click(screen.getByRole("button", { name: "Larger" }));
    await waitFor(() => expect(app.settings?.textSize).toBe(150));
    expect(screen.getByRole("button", { name: "Larger" })).toBeDisabled();
    await user.click(screen.getByRole("button", { name: "Usual size" }));
    await waitFor(() => expect(app.settings?.textSize).toBe(100));
  });
});

describe("my name", () => {
  it("is saved before the vault is locked, even in mid-word", async () => {
    const user = await open("you");
    const field = await screen.findByLabelText("Your name");
    await user.clear(field);
    await user.type(field, "Hel");
    expect(await flushAll()).toBe(true);
    expect(await host.call("profile", {})).toEqual({ name: "Hel" });
  });
  it("stays in the field when it cannot be saved, with a way to try again", async () => {
    const user = await open("you");
    const field = await screen.findByLabelText("Your name");
    host.failNext("save_profile", "noSpace");
    await user.type(field, " W");
    await user.tab();
    expect(await screen.findByRole("alert")).toHaveTextContent("Not saved. The disk is full.");
    expect(field).toHaveValue("Helen W");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(async () => expect(await host.call("profile", {})).toEqual({ name: "Helen W" }));
  });
});
