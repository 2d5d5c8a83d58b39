// One downward arrow: bindings, words < ipc < session < shared < keys, editor < records < features < app < main.
// A feature imports no other feature; only `ipc/tauri.ts` imports `@tauri-apps`; the in-memory host is for tests and `main.ts`.
import { dirname, join, relative, resolve, sep } from "node:path";

const SRC = join(import.meta.dirname, "../src");

const LEVELS = {
  bindings: 0,
  styles: 0,
  words: 1,
  ipc: 2,
  session: 3,
  shared: 4,
  keys: 5,
  editor: 5,
  records: 6,
  features: 7,
  app: 8,
  main: 9,
};

const placeOf = (path) => {
  const parts = relative(SRC, path).split(sep);
  const top = parts[0].replace(/\.(test\.)?(svelte\.)?ts$/, "");
  return { top, level: LEVELS[top], feature: top === "features" ? parts[1] : null, parts };
};

/** Why `from` may not import `source`; null when it may. */
export const faultOf = (from, source) => {
  const test = /\.test\.ts$|test-setup\.ts$|\/fake[^/]*\.ts$/.test(from);
  if (source.startsWith("@tauri-apps/") && relative(SRC, from) !== `ipc${sep}tauri.ts`)
    return "only ipc/tauri.ts speaks to the host";
  if (!source.startsWith(".")) return null;
  const target = resolve(dirname(from), source);
  if (relative(SRC, target).startsWith("..")) return null;
  const here = placeOf(from);
  const there = placeOf(target);
  if (there.parts[0] === "ipc" && there.parts[1]?.startsWith("fake") && !test && here.top !== "main")
    return "the in-memory host is for tests and for main.ts";
  if (test || here.level === undefined) return null;
  if (there.level === undefined) return `${there.parts[0]} has no place among the layers (scripts/layers.js)`;
  if (here.feature && there.feature && here.feature !== there.feature)
    return "features meet through ipc, session and links, not by importing each other";
  if (there.level > here.level) return `${here.top} stands below ${there.top}`;
  if (there.level === here.level && here.top !== there.top)
    return `${here.top} and ${there.top} do not know each other`;
  return null;
};

export const layers = {
  meta: { type: "problem", schema: [], messages: { arrow: "“{{source}}”: {{why}}." } },
  create: (context) => {
    const look = (node) => {
      if (typeof node.source?.value !== "string") return;
      const why = faultOf(context.filename, node.source.value);
      if (why) context.report({ node, messageId: "arrow", data: { source: node.source.value, why } });
    };
    return {
      ImportDeclaration: look,
      ExportNamedDeclaration: look,
      ExportAllDeclaration: look,
      ImportExpression: look,
    };
  },
};
