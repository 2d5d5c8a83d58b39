import { describe, expect, it, vi } from "vitest";
import type { RecordLine, Space } from "../bindings";
import { fits, marked, search, type Act } from "./palette";
import { recordPath } from "../records/links";

const space = (id: string, name: string, kind: Space["kind"] = "relationship"): Space => ({
  id,
  name,
  kind,
  role: "mentor",
  about: "",
  cloth: "moss",
  since: null,
  meetEveryWeeks: null,
  created: "",
  keepUntil: null,
  monogram: "",
  secondPassphrase: false,
  shownAs: null,
  sealed: "missing",
  counts: {},
  openPromises: 0,
  lastMet: null,
  lastTouched: null,
});
const line = (id: string, title: string, part: Partial<RecordLine> = {}): RecordLine => ({
  id,
  space: "s1",
  kind: "note",
  label: "private",
  title,
  excerpt: "",
  on: "2026-06-01",
  created: "",
  edited: "",
  parent: null,
  asToldBy: null,
  binned: null,
  state: null,
  due: null,
  owner: null,
  steps: null,
  ...part,
});
const act = (words: string): Act => ({ id: words, words, icon: "plus", run: vi.fn() });

describe("finding", () => {
  it("begins words, whatever their accents", () => {
    expect(fits("Tomasz Wójcik", "woj")).toBe(true);
    expect(fits("Łukasz", "luk")).toBe(true);
    expect(fits("Tomasz Wójcik", "w t")).toBe(true);
    expect(fits("Tomasz Wójcik", "ma")).toBe(false);
    expect(fits("Tomasz Wójcik", "masz")).toBe(true);
    expect(fits("anything", "")).toBe(true);
  });

  it("brings notebooks, titles and commands", () => {
    const found = search(
      "dan",
      [act("New note"), act("Dance")],
      [space("s1", "Daniel Rhee"), space("s2", "Amara")],
      [line("r1", "Introduce Daniel"), line("r2", "Other")],
    );
    expect(found.spaces.map((hit) => hit.id)).toEqual(["space-s1"]);
    expect(found.records.map((hit) => hit.id)).toEqual(["record-r1"]);
    expect(found.acts.map((hit) => hit.id)).toEqual(["act-Dance"]);
  });

  it("never brings what is sealed", () => {
    expect(search("week", [], [], [line("r1", "A difficult week", { label: "sealed" })]).records).toEqual([]);
  });

  it("lists every notebook and command, and no titles, before anything is typed", () => {
    const found = search("", [act("Lock now")], [space("s1", "Daniel")], [line("r1", "Title")]);
    expect(found.spaces).toHaveLength(1);
    expect(found.acts).toHaveLength(1);
    expect(found.records).toEqual([]);
  });

  it("marks the letters that were typed", () => {
    expect(marked("Tomasz Wójcik", "woj")).toEqual([
      { words: "Tomasz ", hit: false },
      { words: "Wój", hit: true },
      { words: "cik", hit: false },
    ]);
    expect(marked("Daniel", "")).toEqual([{ words: "Daniel", hit: false }]);
  });
});

describe("where a record is", () => {
  it.each([
    ["note", {}, "/spaces/s1/notes/r1"],
    ["meeting", {}, "/spaces/s1/meetings/r1"],
    ["goal", {}, "/spaces/s1/goals/r1"],
    ["feedback", {}, "/spaces/s1/feedback/r1"],
    ["commitment", {}, "/spaces/s1/promises/r1"],
    ["person", {}, "/spaces/s1/person"],
    ["heard", { parent: "m1" }, "/spaces/s1/meetings/m1"],
    ["note", { parent: "m1", state: "observation" }, "/spaces/s1/meetings/m1"],
    ["note", { state: "journal" }, "/journal/s1/r1"],
  ] as const)("%s", (kind, part, path) => {
    expect(recordPath(line("r1", "", { kind, ...part }))).toBe(path);
  });
});
