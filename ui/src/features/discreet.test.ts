// In discreet mode nobody who passes by can read a name or a word somebody wrote: on every page of every feature, all of
// it is inside something that is blurred. What blurs it, and that it does, is looked at in the real window.
import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import type { Component } from "svelte";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Heard as HeardBody, Label, RecordBody, RecordKind, RecordLine, SpaceId } from "../bindings";
import { plainWords } from "../editor/markdown";
import { emptyBody, makeFakeHost, type FakeHost } from "../ipc/fake";
import { fillWithSamples } from "../ipc/fake-samples";
import { useHost } from "../ipc/host";
import { filterOf } from "../records/records";
import { textOf } from "../records/text";
import { app } from "../session/app.svelte";
import { discreet } from "../session/discreet.svelte";
import { spaces } from "../session/spaces.svelte";
import { toasts } from "../session/toasts.svelte";
import type { FeatureRoute, PageProps } from "../shared/feature";
import Toasts from "../shared/Toasts.svelte";
import { addDays, todayIs } from "../words";
import Heard from "./meetings/Heard.svelte";

const SLOW_MS = 60_000;
/** A shorter text may stand in a sentence of the program by chance. */
const TELLING = 10;
/** The people of the sample world, and Helen, whose vault it is. */
const NAMES =
  /(?<!\p{L})(?:Daniel|Rhee|Amara|Nwosu|Tomasz|Wójcik|Edith|Calloway|Okafor|Helen|Marsh|Thursday circle)(?!\p{L})/u;
const KINDS: Readonly<Record<string, RecordKind>> = {
  notes: "note",
  meetings: "meeting",
  goals: "goal",
  feedback: "feedback",
  promises: "commitment",
};
const SETTINGS = ["you", "security", "appearance", "keyboard", "about"];

const brought = import.meta.glob<{ routes: FeatureRoute[] }>("./*/routes.ts", { eager: true });
const routes = Object.values(brought).flatMap((feature) => feature.routes);

let host: FakeHost;
let daniel: SpaceId = "";
let journal: SpaceId = "";
const summaries: string[] = [];
/** Everything that was written in the sample world. */
let written: string[] = [];

const plain = (text: string): string => plainWords(text).replace(/\s+/gu, " ").trim();

/** Whether it names somebody, or is part of what somebody wrote. */
const tells = (text: string): boolean => {
  const words = plain(text);
  return (
    NAMES.test(words) ||
    (words.length >= TELLING && written.some((one) => one.includes(words) || words.includes(one)))
  );
};

/** What is drawn as text, and the element it stands in. Left out is what only a screen reader is told of. */
const inSight = (): { text: string; at: Element }[] => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found: { text: string; at: Element }[] = [];
  while (walker.nextNode()) {
    const at = walker.currentNode.parentElement;
    if (at && !at.closest("script, style, .sr")) found.push({ text: walker.currentNode.nodeValue ?? "", at });
  }
  for (const at of document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    "input:not([type=radio], [type=checkbox]), textarea",
  ))
    found.push({ text: at.value, at });
  return found;
};

const isBlurred = (at: Element): boolean => at.closest("[data-words]") !== null;
/** The words that could be read over a shoulder; a tooltip is blurred by nothing. */
const readable = (): string[] => [
  ...inSight()
    .filter(({ text, at }) => tells(text) && !isBlurred(at))
    .map(({ text, at }) => `${text.trim()} in ${at.outerHTML.slice(0, 120)}`),
  ...[...document.querySelectorAll("[title]")]
    .map((one) => one.getAttribute("title") ?? "")
    .filter(tells)
    .map((title) => `${title} in a tooltip`),
];
const hidden = (): number => inSight().filter(({ text, at }) => tells(text) && isBlurred(at)).length;

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 6; turn += 1) await new Promise((done) => setTimeout(done, 20));
};
const put = async (
  label: Label,
  body: Partial<RecordBody> & { kind: RecordKind },
  more: { parent?: string; asToldBy?: string } = {},
): Promise<RecordLine> => {
  const draft = {
    space: daniel,
    label,
    on: addDays(todayIs(), -7),
    parent: more.parent ?? null,
    asToldBy: more.asToldBy ?? null,
    body: { ...emptyBody(body.kind), ...body } as RecordBody,
  };
  return (await host.call("create_record", { draft })).line;
};
const linesOf = async (kind: RecordKind): Promise<RecordLine[]> =>
  (await host.call("list_records", { filter: filterOf({ space: daniel, kinds: [kind] }) })).lines;

/** Two summaries: one that waits for both, and one that was agreed to twice and has left. */
const writeSummaries = async (): Promise<void> => {
  const source = (await linesOf("feedback"))[0]?.id ?? "";
  const text = {
    title: "Daniel’s second year",
    purpose: "For Professor Okafor",
    audience: "The fellowship panel",
    from: "2020-01-01",
    to: addDays(todayIs(), 1),
    expires: null,
    paragraphs: [
      { heading: false, sentences: [{ text: "Daniel taught the seminar well.", sources: [source] }] },
    ],
    evidence: [source],
  };
  const waiting = await host.call("create_summary", { space: daniel, text });
  let view = await host.call("create_summary", { space: daniel, text });
  const { id } = view.line;
  const agree = async (): Promise<void> => {
    for (const [by, name] of [
      ["me", "Helen Marsh"],
      ["them", "Daniel Rhee"],
    ] as const)
      view = await host.call("consent_summary", { id, revision: view.revision, by, name });
  };
  await agree();
  view = await host.call("save_summary", {
    id,
    revision: view.revision,
    text: { ...text, title: "Daniel’s second year, once more" },
  });
  await agree();
  await host.call("export_summary", { id, format: "pdf", toWhom: "Professor Okafor" });
  summaries.push(waiting.line.id, id);
};

beforeAll(async () => {
  host = makeFakeHost({ seed: "empty", name: "Helen Marsh" });
  useHost(host);
  await app.load();
  await fillWithSamples(host);
  await spaces.refresh();
  daniel = spaces.mentees[0]?.id ?? "";
  journal = spaces.journals[0]?.id ?? "";
  await host.call("create_space", {
    draft: {
      kind: "journal",
      role: null,
      name: "Helen’s other journal",
      about: "",
      cloth: "rose",
      since: null,
      meetEveryWeeks: null,
    },
  });
  const kept = { kind: "commitment", text: "Finish the reading list", owner: "them", state: "kept" } as const;
  await put("shareable", kept);
  await put("private", {
    kind: "commitment",
    text: "A talk at the group meeting",
    owner: "them",
    state: "missed",
  });
  await host.call("bin_record", { id: (await put("private", kept)).id });
  await put(
    "shareable",
    { kind: "feedback", direction: "received", behaviour: "You let the silence be, and I could think." },
    { asToldBy: "Daniel Rhee" },
  );
  await put(
    "private",
    {
      kind: "note",
      title: "What Edith said of him",
      text: "He listens before he speaks.",
      tags: ["Okafor group"],
    },
    { asToldBy: "Edith Calloway" },
  );
  await writeSummaries();
  await spaces.refresh();
  const { lines } = await host.call("list_records", { filter: filterOf({ limit: 500 }) });
  const bodies = await Promise.all(lines.map(({ id }) => host.call("open_record", { id })));
  written = [
    ...bodies.flatMap(({ body }) => textOf(body)),
    ...spaces.list.map((space) => space.about),
    "The fellowship panel",
  ]
    .map(plain)
    .filter((one) => one.length >= TELLING);
  discreet.toggle();
});
afterEach(() => {
  cleanup();
  for (const toast of toasts.list) toasts.close(toast.id);
});
afterAll(() => discreet.toggle());

/** What a page is opened with: every record that its address fits, and a new one. */
const visitsOf = async (path: string): Promise<Record<string, string>[]> => {
  if (path === "/settings/:page") return SETTINGS.map((page) => ({ page }));
  if (path === "/summaries/:record") return summaries.map((record) => ({ record }));
  const space = path.startsWith("/journal") || path.startsWith("/import") ? journal : daniel;
  if (!path.includes(":record")) return [{ space }];
  const kind = path.startsWith("/journal") ? "note" : KINDS[path.split("/").at(-2) ?? ""];
  if (!kind) throw new Error(`what is opened at ${path}?`);
  const { lines } = await host.call("list_records", { filter: filterOf({ space, kinds: [kind] }) });
  const records = lines.filter((line) => line.parent === null || kind === "commitment").map(({ id }) => id);
  return [...records, ...(kind === "meeting" ? [] : ["new"])].map((record) => ({ space, record }));
};
const open = async (path: string, params: Record<string, string>): Promise<void> => {
  const route = routes.find((one) => one.path === path);
  if (!route) throw new Error(`no page at ${path}`);
  const { default: Page } = await route.page();
  render(Page as Component<PageProps>, { params, query: {} });
  await settled();
};

describe("in discreet mode nothing somebody wrote can be read", () => {
  it("by a search that finds it where it stands open", () => {
    document.body.innerHTML =
      "<p>Meeting with Daniel</p><p>Meeting with <b data-words>Daniel</b></p><input value='Amara' /><i title='Edith'></i><i class='sr'>Helen</i><p>He listens before he speaks.</p>";
    expect(readable().map((one) => one.split(" in ")[0])).toEqual([
      "Meeting with Daniel",
      "He listens before he speaks.",
      "Amara",
      "Edith",
    ]);
    expect(hidden()).toBe(1);
    document.body.innerHTML = "";
  });

  it.each(routes.map(({ path }) => path))(
    "at %s",
    async (path) => {
      const visits = await visitsOf(path);
      expect(visits.length).toBeGreaterThan(0);
      for (const params of visits) {
        await open(path, params);
        expect(document.body.textContent.trim().length).toBeGreaterThan(10);
        expect(readable()).toEqual([]);
        if (path.startsWith("/spaces/:space") && params["record"] !== "new")
          expect(hidden()).toBeGreaterThan(0);
        cleanup();
      }
    },
    SLOW_MS,
  );

  it.each(["draft", "readBack", "corrected", "agreed"] satisfies HeardBody["state"][])(
    "in what was heard: %s",
    async (state) => {
      const space = spaces.byId(daniel);
      const meeting = (await linesOf("meeting"))[0];
      if (!space || !meeting) throw new Error("there is no meeting with Daniel");
      const body = { kind: "heard", text: "He wants to teach.", state } as const;
      const { id } = await put("private", body, { parent: meeting.id });
      render(Heard, { space, meeting: meeting.id, on: meeting.on, id });
      await waitFor(() => expect(document.body).toHaveTextContent(/Daniel/u));
      expect(readable()).toEqual([]);
    },
  );

  it(
    "while the agreement of both is asked for, and while a summary leaves",
    async () => {
      const user = userEvent.setup();
      const [waiting = "", agreed = ""] = summaries;
      for (const name of [/^I agree/u, /^Daniel is here and agrees/u]) {
        await open("/summaries/:record", { record: waiting });
        await user.click(screen.getByRole("button", { name }));
        const dialog = await screen.findByRole("dialog");
        expect(dialog).toHaveTextContent(/Daniel taught the seminar well/u);
        expect(readable()).toEqual([]);
        cleanup();
      }
      await open("/summaries/:record", { record: agreed });
      await user.click(screen.getByRole("button", { name: "Export" }));
      await user.type(screen.getByRole("textbox", { name: "To whom" }), "Professor Okafor");
      expect(readable()).toEqual([]);
    },
    SLOW_MS,
  );

  it("in a search among the evidence", async () => {
    await open("/summaries/:record", { record: summaries[0] ?? "" });
    await userEvent.type(screen.getByRole("textbox", { name: "Find among the evidence" }), "Daniel");
    expect(readable()).toEqual([]);
  });

  it("in the name of a file, as the message says it", async () => {
    render(Toasts);
    toasts.say("Saved as Daniel Rhee.pdf. The log says to whom.", undefined, "Daniel Rhee.pdf");
    expect(await screen.findByText("Daniel Rhee.pdf")).toHaveAttribute("data-words");
    expect(readable()).toEqual([]);
    expect(document.body).toHaveTextContent("Saved as Daniel Rhee.pdf. The log says to whom.");
  });

  it("at the very beginning, and when nothing has been written yet", async () => {
    const empty = makeFakeHost({ seed: "empty", name: "Helen Marsh" });
    useHost(empty);
    try {
      await spaces.refresh();
      await open("/today", {});
      expect(document.body).toHaveTextContent(/Helen/u);
      expect(readable()).toEqual([]);
      cleanup();
      await empty.call("create_space", {
        draft: {
          kind: "relationship",
          role: "mentor",
          name: "Amara Nwosu",
          about: "",
          cloth: "teal",
          since: todayIs(),
          meetEveryWeeks: null,
        },
      });
      await spaces.refresh();
      await open("/today", {});
      expect(screen.getByRole("button", { name: "Open Amara Nwosu" })).toBeInTheDocument();
      expect(readable()).toEqual([]);
    } finally {
      useHost(host);
      await spaces.refresh();
    }
  });
});
