// A list with something damaged in it shows the rest, and says how many are left out.
import { render, screen } from "@testing-library/svelte";
import { expect, it } from "vitest";
import { makeFakeHost } from "../../ipc/fake";
import { useHost } from "../../ipc/host";
import { spaces } from "../../session/spaces.svelte";
import SummariesPage from "./SummariesPage.svelte";

const open = async (unreadable: number): Promise<void> => {
  const host = makeFakeHost({ seed: "empty", unreadable });
  useHost(host);
  await host.call("create_space", {
    draft: {
      kind: "journal",
      role: null,
      name: "My journal",
      about: "",
      cloth: "teal",
      since: null,
      meetEveryWeeks: null,
    },
  });
  await spaces.refresh();
  const space = spaces.list[0]?.id ?? "";
  await host.call("create_summary", {
    space,
    text: {
      title: "My year",
      purpose: "",
      audience: "",
      from: "2026-01-01",
      to: "2026-06-30",
      expires: null,
      paragraphs: [],
      evidence: [],
    },
  });
  render(SummariesPage, { props: { params: {}, query: {} } });
  await screen.findByText("My year");
};

it("says how many cannot be read, and shows the others", async () => {
  await open(2);
  expect(screen.getByText(/2 of these cannot be read and are left out/)).toBeInTheDocument();
});

it("says nothing when all can be read", async () => {
  await open(0);
  expect(screen.queryByText(/cannot be read/)).toBeNull();
});
