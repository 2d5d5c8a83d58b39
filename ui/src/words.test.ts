// Every word that is asked for exists, every word that exists is asked for, and every code of the host has its sentences.
import { parse, type Entry } from "@fluent/syntax";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addDays, dayWords, daysBetween, has, t, todayIs } from "./words";

const SRC = join(import.meta.dirname, ".");
const WORDS = join(SRC, "../../src-tauri/crates/words/en");
/** Files read by the Rust side: their ids are checked there. */
const RUST_ONLY = /^(documents|cli|checkup)\.ftl$/;

const files = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });

const sources = files(SRC)
  .filter((path) => /\.(ts|svelte)$/.test(path) && !/\.test\.ts$/.test(path))
  .map((path) => ({ path: path.slice(SRC.length), text: readFileSync(path, "utf8") }));

type Defined = { id: string; file: string };
const resources = readdirSync(WORDS)
  .filter((name) => name.endsWith(".ftl") && !RUST_ONLY.test(name))
  .map((file) => ({ file, entries: parse(readFileSync(join(WORDS, file), "utf8"), {}).body as Entry[] }));
const defined: Defined[] = resources.flatMap(({ file, entries }) =>
  entries.flatMap((entry) =>
    entry.type === "Message" ? [{ id: (entry as { id: { name: string } }).id.name, file }] : [],
  ),
);
const ids = new Set(defined.map(({ id }) => id));

const union = (file: string): string[] => {
  const text = readFileSync(join(SRC, "bindings", file), "utf8");
  return [...text.matchAll(/"(\w+)"(?=\s*[|;])/g)].map((found) => found[1] ?? "");
};

describe("words", () => {
  it("are written in files that Fluent reads without a fault", () => {
    const junk = resources.flatMap(({ file, entries }) =>
      entries.filter((e) => e.type === "Junk").map(() => file),
    );
    expect(junk).toEqual([]);
  });

  it("have ids that stand in one place only", () => {
    const seen = new Map<string, string>();
    const twice = defined.filter(({ id, file }) => {
      const before = seen.has(id);
      seen.set(id, file);
      return before;
    });
    expect(twice).toEqual([]);
  });

  it("exist wherever they are asked for", () => {
    const missing = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/\bt\(\s*"([^"]+)"/g), ...text.matchAll(/\btitle: "([a-z]+-[^" ]+)"/g)]
        .map((found) => found[1] ?? "")
        .filter((id) => !ids.has(id))
        .map((id) => `${path}: ${id}`),
    );
    expect(missing).toEqual([]);
  });

  it("exist for every id that is put together, at least one each", () => {
    const missing = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/\bt\(\s*`([^`]+)`/g)]
        .map((found) => pattern(found[1] ?? ""))
        .filter((wanted) => ![...ids].some((id) => wanted.test(id)))
        .map((wanted) => `${path}: ${wanted.source}`),
    );
    expect(missing).toEqual([]);
  });

  it("are all used", () => {
    const quoted = new Set(
      sources.flatMap(({ text }) => [...text.matchAll(/["'`]([a-zA-Z]+(?:-[\w]+)+)["'`]/g)].map((f) => f[1])),
    );
    const made = sources.flatMap(({ text }) =>
      [...text.matchAll(/`([a-zA-Z-]*\$\{[^`]+)`/g)].map((f) => pattern(f[1] ?? "")),
    );
    const referred = new Set(resources.flatMap(({ entries }) => referredTo(entries)));
    const unused = defined.filter(
      ({ id }) => !quoted.has(id) && !referred.has(id) && !made.some((wanted) => wanted.test(id)),
    );
    expect(unused).toEqual([]);
  });

  it("say what happened and what to try for every error code", () => {
    const codes = union("ErrorCode.ts");
    expect(codes.length).toBeGreaterThan(40);
    const without = codes
      .flatMap((code) => [`err-${code}-says`, `err-${code}-try`])
      .filter((id) => !ids.has(id));
    expect(without).toEqual([]);
    const strange = [...ids].filter((id) => {
      const code = /^err-(.+)-(?:says|try)$/.exec(id)?.[1];
      return code !== undefined && !codes.includes(code);
    });
    expect(strange).toEqual([]);
  });

  it("exist for every notice of opening and every hint about a passphrase", () => {
    const notices = union("NoticeCode.ts");
    expect(notices).toContain("headerRepaired");
    const hints = union("StrengthHint.ts");
    expect(hints).toContain("addWords");
    const wanted = [
      ...notices.map((code) => `app-notice-${code}`),
      ...hints.map((hint) => `shared-strength-hint-${hint}`),
    ];
    expect(wanted.filter((id) => !ids.has(id) && !id.includes("/"))).toEqual([]);
  });

  it("take no numbers but those that the host sends", () => {
    // The names of the host's parameters, by code; everything else has none.
    const sent: Record<string, string[]> = {
      spareKeyWord: ["position"],
      spareKeyConfirm: ["position"],
      spareKeyCount: ["found"],
      textTooLong: ["limit", "field"],
      fieldMissing: ["field"],
      cannotDraw: ["count"],
      importTooLarge: ["mebibytes"],
      putBackCutOff: ["kept", "restored", "name"],
    };
    const notices: Record<string, string[]> = {
      ...Object.fromEntries(
        [
          "orphans",
          "journalGap",
          "storeRebuilt",
          "incomplete",
          "unknownRows",
          "linksIgnored",
          "spaceUnreadable",
          "journalBehind",
          "permissionsTightened",
          "permissionsLoose",
        ].map((code) => [code, ["count"]]),
      ),
      // `found` is "none" where it is not known.
      rolledBack: ["known", "found"],
      forked: ["known", "found"],
      otherBranchNewer: ["known"],
    };
    const strange = resources.flatMap(({ entries }) =>
      entries.flatMap((entry) => {
        if (entry.type !== "Message") return [];
        const id = (entry as unknown as { id: { name: string } }).id.name;
        const code = /^err-(.+)-(?:says|try)$/.exec(id)?.[1];
        const notice = /^app-notice-(.+)$/.exec(id)?.[1];
        if (code === undefined && notice === undefined) return [];
        const may = code !== undefined ? (sent[code] ?? []) : (notices[notice ?? ""] ?? []);
        return variables(entry)
          .filter((name) => !may.includes(name))
          .map((name) => `${id}: $${name}`);
      }),
    );
    expect(strange).toEqual([]);
  });

  it("use no exclamation marks and none of the words people should not have to know", () => {
    const banned = /!|\b(?:encrypt\w*|decrypt\w*|entity|sync\w*|invalid|user|users|item|items)\b/i;
    const said = resources.flatMap(({ file, entries }) =>
      entries
        .filter((entry) => entry.type === "Message")
        .map((entry) => ({ file, text: spoken(entry) }))
        .filter(({ text }) => banned.test(text)),
    );
    expect(said).toEqual([]);
  });

  it("show a missing id instead of an empty space", () => {
    expect(t("no-such-thing")).toBe("⟦no-such-thing⟧");
    expect(has("app-name")).toBe(true);
  });

  it("count in words", () => {
    expect(t("app-weeks", { weeks: 1 })).toBe("one week");
    expect(t("app-weeks", { weeks: 11 })).toBe("11 weeks");
    expect(t("shared-days-late", { count: 6 })).toBe("six days late");
    expect(t("shared-days-late", { count: 11 })).toBe("11 days late");
    expect(t("goals-finding-even", { count: 14 })).toBe("Fourteen steps taken, just where you meant to be.");
  });
});

describe("days", () => {
  it("are told with the year only when it is another one", () => {
    expect(dayWords("2026-06-09", "day", "2026-11-21")).toBe("9 June");
    expect(dayWords("2025-06-09", "day", "2026-11-21")).toBe("9 June 2025");
    expect(dayWords("2026-06-11", "weekday")).toBe("Thursday 11 June");
  });
  it("are counted over the change to summer time", () => {
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
    expect(addDays("2026-10-24", 2)).toBe("2026-10-26");
    expect(daysBetween("2026-06-09", "2026-06-01")).toBe(-8);
  });
  it("are this computer's own", () => {
    expect(todayIs(new Date(2026, 0, 5, 23, 59))).toBe("2026-01-05");
  });
});

/** Ids put together in the code, as a pattern: `` `err-${code}-says` `` fits err-…-says. */
function pattern(template: string): RegExp {
  const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[\\w]+")}$`);
}

function spoken(node: unknown): string {
  if (Array.isArray(node)) return node.map(spoken).join(" ");
  if (typeof node !== "object" || node === null) return "";
  const part = node as Record<string, unknown>;
  if (part.type === "TextElement") return String(part.value);
  return Object.entries(part)
    .filter(([name]) => name !== "comment" && name !== "span")
    .map(([, value]) => spoken(value))
    .join(" ");
}

/** Messages that other messages are made of. */
function referredTo(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(referredTo);
  if (typeof node !== "object" || node === null) return [];
  const part = node as Record<string, unknown>;
  if (part.type === "MessageReference") return [(part.id as { name: string }).name];
  return Object.values(part).flatMap(referredTo);
}

function variables(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(variables);
  if (typeof node !== "object" || node === null) return [];
  const part = node as Record<string, unknown>;
  if (part.type === "VariableReference") return [(part.id as { name: string }).name];
  return Object.values(part).flatMap(variables);
}
