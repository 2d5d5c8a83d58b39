// Every page of every feature opens, has all its words, and gives axe nothing to complain about.
import { cleanup, render } from "@testing-library/svelte";
import axe from "axe-core";
import type { Component } from "svelte";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RecordKind } from "../bindings";
import { fillWithSamples } from "../ipc/fake-samples";
import { makeFakeHost, type FakeHost } from "../ipc/fake";
import { useHost } from "../ipc/host";
import { filterOf } from "../records/records";
import { spaces } from "../session/spaces.svelte";
import type { FeatureRoute, PageProps } from "../shared/feature";

const SLOW_MS = 60_000;
/** Where the page is asked for a kind of record, by the word in its address. */
const KINDS: Readonly<Record<string, RecordKind>> = {
  notes: "note",
  meetings: "meeting",
  goals: "goal",
  feedback: "feedback",
  promises: "commitment",
};
const MINE = [
  "today",
  "spaces",
  "people",
  "notes",
  "meetings",
  "goals",
  "feedback",
  "commitments",
  "journal",
  "summaries",
  "disclosures",
  "import",
];
const brought = import.meta.glob<{ routes: FeatureRoute[] }>("./*/routes.ts", { eager: true });
const routes = Object.entries(brought)
  .filter(([path]) => MINE.includes(path.split("/")[1] ?? ""))
  .flatMap(([, feature]) => feature.routes);

let host: FakeHost;
let daniel = "";
let journal = "";
let summary = "";

beforeAll(async () => {
  host = makeFakeHost({ seed: "empty" });
  useHost(host);
  await fillWithSamples(host);
  await spaces.refresh();
  daniel = spaces.mentees[0]?.id ?? "";
  journal = spaces.journals[0]?.id ?? "";
  const { mayBeUsed } = await host.call("evidence", { space: daniel, from: "2020-01-01", to: "2030-01-01" });
  const source = mayBeUsed[0]?.line.id ?? "";
  const made = await host.call("create_summary", {
    space: daniel,
    text: {
      title: "Summary",
      purpose: "Review",
      audience: "",
      from: "2020-01-01",
      to: "2030-01-01",
      expires: null,
      paragraphs: [{ heading: false, sentences: [{ text: "It went well.", sources: [source] }] }],
      evidence: [source],
    },
  });
  summary = made.line.id;
});
afterEach(() => {
  cleanup();
});

const paramsOf = async (path: string): Promise<Record<string, string>> => {
  const space = path.startsWith("/journal") || path.startsWith("/import") ? journal : daniel;
  if (path.startsWith("/summaries/:")) return { record: summary };
  const kind = path.startsWith("/journal") ? "note" : KINDS[path.split("/").at(-2) ?? ""];
  if (!path.includes(":record") || !kind) return { space };
  const { lines } = await host.call("list_records", { filter: filterOf({ space, kinds: [kind] }) });
  return { space, record: lines.find((line) => line.parent === null)?.id ?? "" };
};
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 6; turn += 1) await new Promise((done) => setTimeout(done, 20));
};

describe("every page", () => {
  it("is found", () => {
    expect(routes.length).toBeGreaterThan(20);
  });

  it.each(
    routes
      .flatMap((route) => [
        { route, wanted: "one" },
        ...(route.path.endsWith("/:record") &&
        !route.path.startsWith("/summaries") &&
        !route.path.includes("meetings")
          ? [{ route, wanted: "new" }]
          : []),
      ])
      .map((one) => ({ ...one, name: `${one.route.path} ${one.wanted}` })),
  )(
    "$name",
    async ({ route, wanted }) => {
      const { default: Page } = await route.page();
      const params = await paramsOf(route.path);
      const { container } = render(Page as Component<PageProps>, {
        params: wanted === "new" ? { ...params, record: "new" } : params,
        query: {},
      });
      await settled();
      expect(container.querySelector("[role=alert]")?.textContent ?? "").toBe("");
      expect(document.body.textContent).not.toContain("⟦");
      expect(container.innerHTML).not.toContain("⟦");
      expect(container.textContent.trim().length).toBeGreaterThan(10);
      // Colours and what needs a laid-out page are looked at in the real window.
      const { violations } = await axe.run(container, {
        rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
      });
      expect(
        violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`,
        ),
      ).toEqual([]);
    },
    SLOW_MS,
  );
});
