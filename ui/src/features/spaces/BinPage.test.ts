// The bin of a notebook: what was thrown away comes back whole, or is gone for good.
import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { makeFakeHost, type FakeHost } from "../../ipc/fake";
import { makeMentee } from "../../ipc/fake-space";
import { useHost } from "../../ipc/host";
import { spaces } from "../../session/spaces.svelte";
import BinPage from "./BinPage.svelte";

let host: FakeHost;
let space = "";
let note = "";
let summary = "";

beforeEach(async () => {
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  const made = await makeMentee(host, "Amara Nwosu");
  space = made.id;
  await spaces.refresh();
  const written = await host.call("create_record", {
    draft: {
      space,
      label: "private",
      on: "2026-06-09",
      parent: null,
      asToldBy: null,
      body: {
        kind: "note",
        purpose: "note",
        title: "After the call",
        text: "",
        at: null,
        prompt: null,
        tags: [],
      },
    },
  });
  note = written.line.id;
  const begun = await host.call("create_summary", {
    space,
    text: {
      title: "For her review",
      purpose: "",
      audience: "",
      from: "2026-01-01",
      to: "2026-06-30",
      expires: null,
      paragraphs: [],
      evidence: [],
    },
  });
  summary = begun.line.id;
  await host.call("bin_record", { id: note });
  await host.call("delete_summary", { id: summary });
});

const open = async (): Promise<ReturnType<typeof userEvent.setup>> => {
  render(BinPage, { props: { params: { space }, query: {} } });
  await screen.findByText("For her review");
  return userEvent.setup();
};
const rowOf = (title: string): ReturnType<typeof within> => {
  const row = screen.getByText(title).closest("li");
  if (!row) throw new Error(`no row for ${title}`);
  return within(row);
};

it("holds records and summaries alike, and puts both back", async () => {
  const user = await open();
  await user.click(rowOf("For her review").getByRole("button", { name: "Put back" }));
  await waitFor(() => expect(screen.queryByText("For her review")).toBeNull());
  await expect(host.call("open_summary", { id: summary })).resolves.toBeTruthy();
  await user.click(rowOf("After the call").getByRole("button", { name: "Put back" }));
  await screen.findByText("The bin is empty.");
  await expect(host.call("open_record", { id: note })).resolves.toBeTruthy();
});

it("erases a summary only after asking", async () => {
  const user = await open();
  await user.click(rowOf("For her review").getByRole("button", { name: "Erase…" }));
  await user.click(screen.getByRole("button", { name: "Keep it in the bin" }));
  expect(screen.getByText("For her review")).toBeInTheDocument();
  await user.click(rowOf("For her review").getByRole("button", { name: "Erase…" }));
  await user.click(screen.getByRole("button", { name: "Erase for good" }));
  await waitFor(() => expect(screen.queryByText("For her review")).toBeNull());
  await expect(host.call("restore_summary", { id: summary })).rejects.toMatchObject({ code: "notFound" });
});
