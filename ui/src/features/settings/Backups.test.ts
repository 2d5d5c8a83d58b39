import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { useHost } from "../../ipc/host";
import { forgetEverything } from "../../session/locking";
import { toasts } from "../../session/toasts.svelte";
import Backups from "./Backups.svelte";

let host: FakeHost;
beforeEach(async () => {
  forgetEverything();
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  render(Backups);
  await screen.findByRole("heading", { name: "By themselves" });
});
afterEach(cleanup);

const asked = (command: string): number => host.asked.filter((one) => one.command === command).length;
const click = (name: string | RegExp): Promise<void> => userEvent.click(screen.getByRole("button", { name }));

describe("backups", () => {
  it("are made by themselves only once a folder was chosen", async () => {
    expect(screen.getByText("No folder chosen yet")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Back up now" })).toBeDisabled();
    await click("Choose a folder…");
    expect(await screen.findByText("Once a day, when you lock the vault")).toBeInTheDocument();
    expect(screen.getByText("/media/stick")).toBeInTheDocument();
    await click("Back up now");
    expect(await screen.findByText(/^Found whole on/u)).toBeInTheDocument();
    await click("Stop");
    expect(await screen.findByText("No folder chosen yet")).toBeInTheDocument();
    expect(screen.getByText(/^Found whole on/u)).toBeInTheDocument();
  });

  it("can be saved elsewhere, read to their end, and taken off the list", async () => {
    await click("Save elsewhere…");
    await screen.findByText(/cfdbackup/u);
    await click(/^More for the backup of/u);
    await userEvent.click(screen.getByRole("menuitem", { name: "Read it to its end" }));
    await waitFor(() => expect(asked("check_backup")).toBe(1));
    await click(/^More for the backup of/u);
    await userEvent.click(screen.getByRole("menuitem", { name: "Take it off this list" }));
    await click("Take it off this list");
    expect(await screen.findByText(/^None yet/u)).toBeInTheDocument();
  });

  it("say why one could not be made, and leave everything as it was", async () => {
    await click("Choose a folder…");
    await screen.findByText("/media/stick");
    host.failNext("back_up_now", "noSpace");
    await click("Back up now");
    await waitFor(() => expect(toasts.list.length).toBeGreaterThan(0));
    expect(screen.getByText(/^None yet/u)).toBeInTheDocument();
  });

  it("that were stopped are no failure", async () => {
    await click("Choose a folder…");
    await screen.findByText("/media/stick");
    const before = toasts.list.length;
    host.failNext("back_up_now", "cancelled");
    await click("Back up now");
    await waitFor(() => expect(asked("back_up_now")).toBe(1));
    await waitFor(() => expect(screen.getByRole("button", { name: "Back up now" })).toBeEnabled());
    expect(toasts.list.length).toBe(before);
  });
});
