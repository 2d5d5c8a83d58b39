import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost, type FakeOptions } from "../../ipc/fake";
import { useHost } from "../../ipc/host";
import { app } from "../../session/app.svelte";
import { forgetEverything } from "../../session/locking";
import PutBack from "./PutBack.svelte";

const PASSPHRASE = "correct horse battery staple";
let host: FakeHost;
let left = 0;
const show = async (options: FakeOptions = {}, replaces = true): Promise<void> => {
  forgetEverything();
  left = 0;
  host = makeFakeHost({ seed: replaces ? "locked" : "none", ...options });
  useHost(host);
  await app.load();
  render(PutBack, { replaces, onback: () => (left += 1) });
};
const choose = async (): Promise<void> => {
  await userEvent.click(screen.getByRole("button", { name: "Choose the file…" }));
  await screen.findByText(/cfdbackup/u);
};
const type = (words: string): Promise<void> =>
  userEvent.type(screen.getByLabelText("Passphrase of the backup"), words);
const go = (): Promise<void> => userEvent.click(screen.getByRole("button", { name: "Put it back" }));
const lastAsked = (): unknown => host.asked.filter((one) => one.command === "restore_backup").at(-1)?.asked;

afterEach(cleanup);

describe("putting back a backup", () => {
  it("says what becomes of the vault that is there, or nothing of it where there is none", async () => {
    await show();
    expect(screen.getByText(/What you have now is kept/u)).toBeInTheDocument();
    cleanup();
    await show({}, false);
    expect(screen.queryByText(/What you have now/u)).toBeNull();
  });

  it("asks for the file, then for what opened the vault at that time", async () => {
    await show();
    expect(screen.queryByLabelText("Passphrase of the backup")).toBeNull();
    await choose();
    await type("not this one");
    await go();
    expect(await screen.findByText(/That did not open it/u)).toBeInTheDocument();
    expect(app.state?.vault).toBe("locked");
    await userEvent.clear(screen.getByLabelText("Passphrase of the backup"));
    await type(PASSPHRASE);
    await go();
    await waitFor(() => expect(app.state?.vault).toBe("open"));
    expect(lastAsked()).toEqual({ key: PASSPHRASE, spareKey: false, present: null, forgotten: "ask" });
  });

  it("asks before a forgotten notebook comes back", async () => {
    await show({ forgottenReturns: true });
    await choose();
    await type(PASSPHRASE);
    await go();
    expect(await screen.findByRole("radio", { name: /Leave them destroyed/u })).toBeChecked();
    expect(app.state?.vault).toBe("locked");
    await go();
    await waitFor(() => expect(app.state?.vault).toBe("open"));
    expect(lastAsked()).toMatchObject({ forgotten: "stayForgotten" });
  });

  it("asks for the passphrase of now where the backup has another, for what was forgotten since", async () => {
    await show({ presentOpensWith: "the one of now" });
    await choose();
    await type(PASSPHRASE);
    await go();
    const now = await screen.findByLabelText("Current passphrase of the vault that is here");
    expect(screen.getByText(/it cannot tell which notebooks you have destroyed since/u)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Put it back" })).toBeDisabled();
    await userEvent.type(now, "not this one");
    await go();
    expect(await screen.findByText(/That does not open the vault that is here now/u)).toBeInTheDocument();
    expect(app.state?.vault).toBe("locked");
    await userEvent.clear(now);
    await userEvent.type(now, "the one of now");
    await go();
    await waitFor(() => expect(app.state?.vault).toBe("open"));
    expect(lastAsked()).toMatchObject({ present: "the one of now", forgotten: "ask" });
  });

  it("puts everything back without that passphrase where one says so", async () => {
    await show({ presentOpensWith: "lost" });
    await choose();
    await type(PASSPHRASE);
    await go();
    await userEvent.click(await screen.findByRole("radio", { name: /Bring them back/u }));
    expect(screen.queryByLabelText("Current passphrase of the vault that is here")).toBeNull();
    await go();
    await waitFor(() => expect(app.state?.vault).toBe("open"));
    expect(lastAsked()).toMatchObject({ present: null, forgotten: "comeBack" });
  });

  it("takes the spare key with the numbers of its sheet", async () => {
    await show();
    await choose();
    await userEvent.click(screen.getByRole("button", { name: "Use the spare key" }));
    await userEvent.type(screen.getByLabelText("The 24 words, in order"), "1 abandon 2. Ability");
    await go();
    await waitFor(() => expect(lastAsked()).toMatchObject({ key: "abandon ability", spareKey: true }));
  });

  it("leads back", async () => {
    await show();
    await userEvent.click(screen.getByRole("button", { name: "Back" }));
    expect(left).toBe(1);
  });
});
