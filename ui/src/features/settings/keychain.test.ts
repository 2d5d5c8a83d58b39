// This computer's keychain as a way in: asked for with the passphrase, offered on the lock screen, taken away.
import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { useHost } from "../../ipc/host";
import { app } from "../../session/app.svelte";
import Unlock from "../vault/Unlock.svelte";
import SettingsPage from "./SettingsPage.svelte";

const PASSPHRASE = "correct horse battery staple";
const OPEN = "Open with this computer’s keychain";
let host: FakeHost;
let user: ReturnType<typeof userEvent.setup>;

const start = async (
  keychain: boolean,
  seed: "empty" | "locked" = "empty",
  otherKeychains = 0,
): Promise<void> => {
  host = makeFakeHost({ seed, keychain, otherKeychains });
  useHost(host);
  await app.load();
};
const lockScreen = (): void => {
  render(Unlock, { props: { onSpareKey: () => undefined, onPutBack: () => undefined } });
};

beforeEach(() => {
  user = userEvent.setup();
});
afterEach(cleanup);

describe("this computer's keychain", () => {
  it("is let in with the passphrase, and taken away again", async () => {
    await start(false);
    render(SettingsPage, { props: { params: { page: "security" }, query: {} } });
    await user.click(screen.getByRole("button", { name: "Allow…" }));
    const dialog = within(screen.getByRole("dialog", { name: "Let the keychain open the vault" }));
    const field = dialog.getByLabelText("Current passphrase");
    await user.type(field, "wrong");
    await user.click(dialog.getByRole("button", { name: "Let it" }));
    await waitFor(() => expect(field).toBeInvalid());
    expect(app.state?.keychain).toBe(false);
    await user.clear(field);
    await user.type(field, PASSPHRASE);
    await user.click(dialog.getByRole("button", { name: "Let it" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(app.state?.keychain).toBe(true);
    await user.click(screen.getByRole("button", { name: "Take it away" }));
    await waitFor(() => expect(app.state?.keychain).toBe(false));
    expect(screen.getByRole("button", { name: "Allow…" })).toBeInTheDocument();
  });

  it("is not the only one, where others were let in: they are counted and can be shut out", async () => {
    await start(false, "empty", 2);
    render(SettingsPage, { props: { params: { page: "security" }, query: {} } });
    expect(screen.getByText(/^2 more keychains can open this vault/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Take it away from them" }));
    await waitFor(() => expect(app.state?.otherKeychains).toBe(0));
    expect(screen.queryByText(/more keychain/)).toBeNull();
  });

  it("opens the vault from the lock screen, where it was let in", async () => {
    await start(true, "locked");
    lockScreen();
    await user.click(screen.getByRole("button", { name: OPEN }));
    await waitFor(() => expect(app.open).toBe(true));
  });

  it("is not offered otherwise", async () => {
    await start(false, "locked");
    lockScreen();
    expect(screen.queryByRole("button", { name: OPEN })).toBeNull();
  });

  it("that opens nothing any more is said to, and the passphrase stays the way", async () => {
    await start(true, "locked");
    lockScreen();
    host.failNext("unlock_with_keychain", "keychainStale");
    await user.click(screen.getByRole("button", { name: OPEN }));
    await waitFor(() => expect(screen.getByLabelText("Passphrase")).toBeInvalid());
    expect(screen.getByText(/does not open this vault any more/)).toBeInTheDocument();
    await user.type(screen.getByLabelText("Passphrase"), PASSPHRASE);
    await user.click(screen.getByRole("button", { name: "Open vault" }));
    await waitFor(() => expect(app.open).toBe(true));
  });
});
