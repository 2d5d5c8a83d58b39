// New keys for everything: what is asked, what is said, and what has changed afterwards.
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { useHost } from "../../ipc/host";
import { app } from "../../session/app.svelte";
import { spaces } from "../../session/spaces.svelte";
import { toasts } from "../../session/toasts.svelte";
import SettingsPage from "./SettingsPage.svelte";

const OLD = "correct horse battery staple";
const NEW = "violin harbour thimble onion lantern";
const SECOND = "pebble orchard meadow copper";
let host: FakeHost;
let user: ReturnType<typeof userEvent.setup>;

beforeEach(async () => {
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  await app.load();
  for (const toast of toasts.list) toasts.close(toast.id);
  user = userEvent.setup();
});

const open = async (): Promise<ReturnType<typeof within>> => {
  await spaces.refresh();
  render(SettingsPage, { props: { params: { page: "security" }, query: {} } });
  await user.click(screen.getByRole("button", { name: "New keys…" }));
  return within(screen.getByRole("dialog"));
};
const fill = async (dialog: ReturnType<typeof within>, current: string, next: string): Promise<void> => {
  await user.clear(dialog.getByLabelText("Current passphrase"));
  await user.type(dialog.getByLabelText("Current passphrase"), current);
  await user.clear(dialog.getByLabelText("New passphrase"));
  await user.type(dialog.getByLabelText("New passphrase"), next);
  await user.clear(dialog.getByLabelText("Type it once more"));
  await user.type(dialog.getByLabelText("Type it once more"), next);
};
const confirm = async (dialog: ReturnType<typeof within>): Promise<void> => {
  const words = await host.call("spare_key_words", {});
  const asked = await host.call("spare_key_questions", {});
  await user.click(dialog.getByRole("checkbox"));
  await user.click(dialog.getByRole("button", { name: "Continue" }));
  for (const position of asked)
    await user.type(dialog.getByLabelText(new RegExp(`${position}$`, "u")), words[position - 1] ?? "");
  await user.click(dialog.getByRole("button", { name: "Give everything new keys" }));
};
const opensWith = async (passphrase: string): Promise<boolean> => {
  await host.call("lock_vault", { left: { place: "/", lostWords: false } });
  return host.call("unlock_vault", { passphrase }).then(
    () => true,
    () => false,
  );
};

describe("new keys for everything", () => {
  it("count once three words of the new sheet were typed, and name the backups that still open with the old", async () => {
    await host.call("choose_backup_folder", {});
    await host.call("back_up_now", {});
    const dialog = await open();
    await fill(dialog, OLD, NEW);
    await user.click(dialog.getByRole("button", { name: "Go on" }));
    await dialog.findByText(/^Keep these words\./u);
    await confirm(dialog);
    expect(await dialog.findByText("Everything has new keys.")).toBeInTheDocument();
    expect(
      dialog.getByText(/^The old keys are destroyed\. All 14 files that are left in the vault’s folder/u),
    ).toBeInTheDocument();
    expect(
      dialog.getByText("One backup still opens with the passphrase the vault had then"),
    ).toBeInTheDocument();
    expect(dialog.getByText(/^\/media\/stick\/confidant-.*\.cfdbackup$/u)).toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "Make a new backup now" }));
    await waitFor(() => expect(window.location.hash).toBe("#/settings/backups"));
    expect((await host.call("backups", {})).known).toHaveLength(2);
    expect(await opensWith(OLD)).toBe(false);
    expect(await opensWith(NEW)).toBe(true);
  });

  it("change nothing before that, and say so", async () => {
    const dialog = await open();
    await fill(dialog, OLD, NEW);
    await user.click(dialog.getByRole("button", { name: "Go on" }));
    await user.click(await dialog.findByRole("button", { name: "Leave everything as it is" }));
    expect(toasts.list.at(-1)?.words).toMatch(/^Nothing has changed\./u);
    expect(await opensWith(OLD)).toBe(true);
  });

  it("cannot be left while they are being made: nobody could say then what counts", async () => {
    const dialog = await open();
    await fill(dialog, OLD, NEW);
    await user.click(dialog.getByRole("button", { name: "Go on" }));
    await dialog.findByText(/^Keep these words\./u);
    let end: () => void = () => undefined;
    const call = host.call;
    host.call = async (command, asks, progress) => {
      if (command === "finish_rekey") await new Promise<void>((resolve) => (end = resolve));
      return call(command, asks, progress);
    };
    await confirm(dialog);
    expect(dialog.getByRole("button", { name: "Leave everything as it is" })).toBeDisabled();
    await user.keyboard("{Escape}");
    await user.click(dialog.getByRole("button", { name: "Close" }));
    expect(toasts.list).toEqual([]);
    end();
    expect(await screen.findByText("Everything has new keys.")).toBeInTheDocument();
  });

  it("say nothing untrue when the disk failed on the way", async () => {
    const dialog = await open();
    await fill(dialog, OLD, NEW);
    await user.click(dialog.getByRole("button", { name: "Go on" }));
    await dialog.findByText(/^Keep these words\./u);
    host.failNext("finish_rekey", "rekeyUndecided");
    await confirm(dialog);
    expect(await dialog.findByText(/Keep both passphrases and both sheets/u)).toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "Done" }));
    expect(toasts.list).toEqual([]);
    expect(host.asked.some(({ command }) => command === "cancel_rekey")).toBe(false);
  });

  it("drop what was typed when they are left before", async () => {
    const dialog = await open();
    await fill(dialog, OLD, NEW);
    await user.click(dialog.getByRole("button", { name: "Go on" }));
    await user.click(await dialog.findByRole("button", { name: "Leave everything as it is" }));
    await waitFor(() => expect(host.asked.at(-1)?.command).toBe("cancel_rekey"));
    await expect(host.call("spare_key_words", {})).rejects.toMatchObject({ code: "notFound" });
  });

  it("say why not, beside the buttons, when it is about no field", async () => {
    const dialog = await open();
    await fill(dialog, OLD, NEW);
    host.failNext("begin_rekey", "rekeyDamaged");
    await user.click(dialog.getByRole("button", { name: "Go on" }));
    expect(await dialog.findByText(/^Something in the vault is missing or damaged/u)).toBeInTheDocument();
    expect(dialog.getByLabelText("New passphrase")).toBeValid();
  });

  it("need the old passphrase, and another one", async () => {
    const dialog = await open();
    await fill(dialog, "wrong", NEW);
    await user.click(dialog.getByRole("button", { name: "Go on" }));
    await waitFor(() => expect(dialog.getByLabelText("Current passphrase")).toBeInvalid());
    await fill(dialog, OLD, OLD);
    await user.click(dialog.getByRole("button", { name: "Go on" }));
    expect(await dialog.findByText(/^This is the passphrase that somebody may know\./u)).toBeInTheDocument();
    expect(dialog.getByLabelText("Current passphrase")).toBeValid();
  });

  it("need the passphrase of everything that is sealed", async () => {
    const space = await spaces.create({
      kind: "relationship",
      role: "mentor",
      name: "Amara Nwosu",
      about: "",
      cloth: "teal",
      since: null,
      meetEveryWeeks: null,
    });
    await host.call("make_sealed", { space: space.id, passphrase: SECOND });
    const dialog = await open();
    await fill(dialog, OLD, NEW);
    expect(dialog.getByRole("button", { name: "Go on" })).toBeDisabled();
    const second = dialog.getByLabelText("Passphrase of what is sealed in Amara Nwosu");
    await user.type(second, "wrong");
    await user.click(dialog.getByRole("button", { name: "Go on" }));
    await waitFor(() => expect(second).toBeInvalid());
    await user.clear(second);
    await user.type(second, SECOND);
    await user.click(dialog.getByRole("button", { name: "Go on" }));
    expect(await dialog.findByText(/^Keep these words\./u)).toBeInTheDocument();
  });
});
