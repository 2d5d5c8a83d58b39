import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import type { RecordBody, RecordId } from "../bindings";
import { emptyBody, makeFakeHost, type FakeHost } from "../ipc/fake";
import { useHost } from "../ipc/host";
import History from "./History.svelte";

let host: FakeHost;
let clock: Date;
let id: RecordId = "";
const brought: number[] = [];
const note = (text: string): RecordBody => ({ ...emptyBody("note"), text }) as RecordBody;
const write = async (text: string): Promise<void> => {
  const { line, revision } = await host.call("open_record", { id });
  clock = new Date(clock.getTime() + 3_600_000);
  await host.call("save_record", {
    change: { id, revision, label: "private", on: line.on, asToldBy: null, body: note(text) },
  });
};
const open = (): void =>
  void render(History, {
    id,
    onclose: () => undefined,
    onrestore: (revision: number) => Promise.resolve(void brought.push(revision)),
  });

beforeEach(async () => {
  brought.length = 0;
  clock = new Date("2026-11-21T10:00:00Z");
  host = makeFakeHost({ seed: "empty", now: () => clock });
  useHost(host);
  const { id: space } = await host.call("create_space", {
    draft: {
      kind: "journal",
      role: null,
      name: "My journal",
      about: "",
      cloth: "moss",
      since: null,
      meetEveryWeeks: null,
    },
  });
  const draft = { space, label: "private" as const, on: "2026-11-21", parent: null, asToldBy: null };
  id = (await host.call("create_record", { draft: { ...draft, body: note("first") } })).line.id;
});

describe("the earlier versions of a page", () => {
  it("say that there are none yet, and offer nothing to bring back", async () => {
    open();
    expect(await screen.findByRole("heading", { name: "No earlier version yet." })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Bring this version back" })).toBeNull();
  });

  it("are listed with the newest in sight, and any of them is brought back", async () => {
    await write("second");
    await write("third, as it is now");
    open();
    expect(await screen.findByText("second")).toBeInTheDocument();
    expect(screen.queryByText("third, as it is now")).toBeNull();
    const versions = screen.getAllByRole("listitem");
    expect(versions).toHaveLength(2);
    await userEvent.click(screen.getAllByRole("button", { name: /21 November/u })[1] as HTMLElement);
    expect(await screen.findByText("first")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Bring this version back" }));
    await waitFor(() => expect(brought).toEqual([1]));
  });
});
