// Whether everything is there, and the proof: what the page says of both.
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import type { Checkup } from "../../bindings";
import { makeFakeHost, type FakeHost, type FakeOptions } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { app } from "../../session/app.svelte";
import { spaces } from "../../session/spaces.svelte";
import { toasts } from "../../session/toasts.svelte";
import SettingsPage from "./SettingsPage.svelte";

let host: FakeHost;
let amara: string;
const asked = (command: string): unknown[] =>
  host.asked.filter((one) => one.command === command).map((one) => one.asked);

const open = async (options: FakeOptions = {}): Promise<ReturnType<typeof userEvent.setup>> => {
  host = makeFakeHost({ seed: "empty", ...options });
  useHost(host);
  await app.load();
  amara = (await makeMentee(host, "Amara Nwosu")).id;
  await spaces.refresh();
  render(SettingsPage, { props: { params: { page: "health" }, query: {} } });
  return userEvent.setup();
};
const unwell = (): Partial<Checkup> => ({
  ok: false,
  findings: [
    { code: "storeRebuilt", weight: "mended", message: "Part was made anew.", space: null, record: null },
    { code: "listWrong", weight: "matters", message: "The list is wrong.", space: "x", record: null },
  ],
  kept: ["/home/helen/.local/share/confidant/local/aside/store.1"],
  spaces: [{ id: "x", name: "Amara Nwosu", sealed: true, expected: 9, found: 7, ok: false }],
});

beforeEach(() => {
  for (const toast of toasts.list) toasts.close(toast.id);
});

describe("health", () => {
  it("counts every notebook when it is opened, and reads every page when asked", async () => {
    const user = await open();
    expect(await screen.findByText("Every notebook holds exactly what you saved.")).toBeInTheDocument();
    expect(screen.getByText("Amara Nwosu")).toBeInTheDocument();
    expect(screen.getByText("The vault’s own pages")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Read every page" }));
    expect(await screen.findByText(/and every page can be read\.$/)).toBeInTheDocument();
    expect(asked("check_vault")).toEqual([{ deep: false }, { deep: true }]);
  });

  it("names what was found, the gravest first, and where the damaged files are kept", async () => {
    await open({ checkup: unwell() });
    expect(await screen.findByRole("heading", { name: "Something needs you." })).toBeInTheDocument();
    expect(screen.queryByText(/Everything is there/)).toBeNull();
    const region = screen.getByRole("region", { name: "Something needs you." });
    const said = within(region)
      .getAllByRole("listitem")
      .map((item) => item.textContent?.replace(/\s+/g, " ").trim());
    expect(said.slice(0, 2)).toEqual(["The list is wrong. Needs you", "Part was made anew. Put right"]);
    expect(screen.getByText(/local\/aside\/store\.1$/)).toBeInTheDocument();
    expect(screen.getByText("Amara Nwosu, what is sealed")).toBeInTheDocument();
    expect(screen.getByText("7 of 9 entries; not as it was saved")).toBeInTheDocument();
  });

  it("claims of what is shut no more than was looked at", async () => {
    await open({
      checkup: {
        findings: [
          { code: "spaceShut", weight: "information", message: "It is shut.", space: "x", record: null },
        ],
      },
    });
    expect(await screen.findByRole("heading", { name: "Everything is there." })).toBeInTheDocument();
    expect(screen.queryByText(/^Every notebook holds exactly/)).toBeNull();
    expect(screen.getByText(/^Every notebook that is open .* it was not read\.$/)).toBeInTheDocument();
  });

  it("puts right what can be, and says how it is then", async () => {
    const user = await open({ checkup: unwell() });
    await user.click(await screen.findByRole("button", { name: "Put right what can be" }));
    expect(await screen.findByText(/and every page can be read\.$/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Put right what can be" })).toBeNull();
  });

  it("offers nothing to put right where nothing can be", async () => {
    await open({ checkup: { ...unwell(), findings: unwell().findings?.slice(0, 1) ?? [] } });
    await screen.findByText("Part was made anew.");
    expect(screen.queryByRole("button", { name: "Put right what can be" })).toBeNull();
  });

  it("shows why nothing could be counted, and counts again", async () => {
    host = makeFakeHost({ seed: "empty" });
    const user = userEvent.setup();
    useHost(host);
    await app.load();
    host.failNext("check_vault", "partDamaged");
    render(SettingsPage, { props: { params: { page: "health" }, query: {} } });
    await user.click(await screen.findByRole("button", { name: /again/i }));
    expect(await screen.findByText("Every notebook holds exactly what you saved.")).toBeInTheDocument();
  });

  it("proves that nothing lies readable, and shows where it looked", async () => {
    const user = await open();
    await user.click(await screen.findByRole("button", { name: "Prove it now" }));
    expect(await screen.findByText("Nothing of the sentence was found.")).toBeInTheDocument();
    expect(screen.getByText(/^Searched: 16 files, 2\.4/)).toBeInTheDocument();
    expect(screen.getByText("/home/helen/.config/confidant")).toBeVisible();
  });

  it("says it where it is no proof", async () => {
    const user = await open({
      proof: { proven: false, unread: 2, found: [{ path: "/tmp/kept", encoding: "UTF-16LE" }] },
    });
    await user.click(await screen.findByRole("button", { name: "Prove it now" }));
    expect(await screen.findByText("This is no proof.")).toBeInTheDocument();
    expect(screen.getByText(/written as UTF-16LE/)).toBeInTheDocument();
    expect(screen.getByText("/tmp/kept")).toBeInTheDocument();
    expect(screen.getByText(/^2 files or folders could not be read/)).toBeInTheDocument();
  });

  it("that was stopped says nothing", async () => {
    const user = await open();
    await screen.findByText("Every notebook holds exactly what you saved.");
    host.failNext("prove_vault", "cancelled");
    await user.click(screen.getByRole("button", { name: "Prove it now" }));
    await waitFor(() => expect(asked("prove_vault")).toHaveLength(1));
    await waitFor(() => expect(screen.getByRole("button", { name: "Prove it now" })).toBeEnabled());
    expect(toasts.list).toEqual([]);
    expect(screen.queryByText(/sentence was found/)).toBeNull();
    expect(amara).not.toBe("");
  });
});
