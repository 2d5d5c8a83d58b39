/**
 * The Markdown a note is stored in, to and from the editor's document.
 *
 * A small dialect of CommonMark: headings, bold, italic, lists, quotations and line breaks. Everything else is
 * kept letter by letter as plain words. We read and write it ourselves because `@tiptap/markdown` 3.34 drops what
 * its schema does not know (code spans, fences, tables) and reopens a typed "# 7" as a heading: words would be lost.
 */
import type { JSONContent } from "@tiptap/core";

/** Marks the dialect can hold. */
type MarkName = "bold" | "italic";

/** A run of letters with the marks upon it; `"\n"` alone is a line break. */
interface Run {
  readonly text: string;
  readonly bold: boolean;
  readonly italic: boolean;
}

const LOWEST_HEADING = 3;
const HIGHEST_HEADING = 2;
const HARD_BREAK = "  \n";
/** An empty entry right after a paragraph would be read as part of it. */
const STARTS_WITH_WORDS = /^\S+ +\S/u;

/** Reads Markdown into a document for the editor. */
export function parseMarkdown(markdown: string): JSONContent {
  const blocks = parseBlocks(markdown.replaceAll("\r\n", "\n").replaceAll("\r", "\n").split("\n"));
  return { type: "doc", content: blocks.length > 0 ? blocks : [{ type: "paragraph" }] };
}

/** Writes the editor's document as Markdown. */
export function writeMarkdown(doc: JSONContent): string {
  return writeBlocks(doc.content ?? []).join("\n\n");
}

/** The words alone, without any marks: for excerpts and for counting. */
export function plainWords(markdown: string): string {
  return wordsOf(parseMarkdown(markdown)).replaceAll(/\s+/gu, " ").trim();
}

/** How many words a person would count. */
export function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu)?.length ?? 0;
}

// ---------- reading: blocks ------------------------------------------------------------------------------------

const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*)$/u;
const QUOTE = /^ {0,3}> ?(.*)$/u;
const LIST_MARKER = /^( {0,3})([-*+]|\d{1,9}[.)])(?:( {1,4})(?=\S)|[ \t]*$)/u;

interface Marker {
  readonly ordered: boolean;
  readonly start: number;
  readonly width: number;
}

function parseBlocks(lines: readonly string[]): JSONContent[] {
  const blocks: JSONContent[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (line.trim() === "") {
      at += 1;
      continue;
    }
    const heading = HEADING.exec(line);
    if (heading) {
      const level = Math.min(
        Math.max(heading[1]?.length ?? HIGHEST_HEADING, HIGHEST_HEADING),
        LOWEST_HEADING,
      );
      blocks.push(withContent({ type: "heading", attrs: { level } }, parseInline(heading[2] ?? "")));
      at += 1;
      continue;
    }
    if (QUOTE.test(line)) {
      const inner: string[] = [];
      while (at < lines.length) {
        const quoted = QUOTE.exec(lines[at] ?? "");
        if (!quoted) break;
        inner.push(quoted[1] ?? "");
        at += 1;
      }
      const content = parseBlocks(inner);
      blocks.push({ type: "blockquote", content: content.length > 0 ? content : [{ type: "paragraph" }] });
      continue;
    }
    const marker = markerOf(line);
    if (marker) {
      const [list, next] = parseList(lines, at, marker);
      blocks.push(list);
      at = next;
      continue;
    }
    const paragraph: string[] = [];
    while (at < lines.length && !startsBlock(lines[at] ?? "", paragraph.length > 0)) {
      paragraph.push(lines[at] ?? "");
      at += 1;
    }
    blocks.push(withContent({ type: "paragraph" }, parseInline(joinLines(paragraph))));
  }
  return blocks;
}

function parseList(lines: readonly string[], from: number, first: Marker): [JSONContent, number] {
  const items: JSONContent[] = [];
  let at = from;
  while (at < lines.length) {
    const marker = markerOf(lines[at] ?? "");
    if (!marker || marker.ordered !== first.ordered) break;
    const inner = [(lines[at] ?? "").slice(marker.width)];
    at += 1;
    while (at < lines.length) {
      const line = lines[at] ?? "";
      if (line.trim() === "") {
        const following = lines.slice(at).find((one) => one.trim() !== "");
        if (following === undefined || indentOf(following) < marker.width) break;
        inner.push("");
      } else if (indentOf(line) >= marker.width) {
        inner.push(line.slice(marker.width));
      } else if (markerOf(line) || startsBlock(line, true) || (inner.at(-1) ?? "").trim() === "") {
        break;
      } else {
        inner.push(line.trimStart());
      }
      at += 1;
    }
    const content = parseBlocks(inner);
    if (content[0]?.type !== "paragraph") content.unshift({ type: "paragraph" });
    items.push({ type: "listItem", content });
    let next = at;
    while (next < lines.length && (lines[next] ?? "").trim() === "") next += 1;
    const follower = markerOf(lines[next] ?? "");
    if (follower && follower.ordered === first.ordered) at = next;
  }
  return [
    first.ordered
      ? { type: "orderedList", attrs: { start: first.start }, content: items }
      : { type: "bulletList", content: items },
    at,
  ];
}

function markerOf(line: string): Marker | null {
  const found = LIST_MARKER.exec(line);
  if (!found) return null;
  const sign = found[2] ?? "-";
  const ordered = /^\d/u.test(sign);
  const gap = found[3]?.length ?? 1;
  return {
    ordered,
    start: ordered ? Number.parseInt(sign, 10) : 1,
    width: (found[1]?.length ?? 0) + sign.length + gap,
  };
}

function indentOf(line: string): number {
  return /^ */u.exec(line)?.[0].length ?? 0;
}

/** Whether a line begins something other than a paragraph. In mid-paragraph a bare number is only a number. */
function startsBlock(line: string, inParagraph: boolean): boolean {
  if (line.trim() === "" || HEADING.test(line) || QUOTE.test(line)) return true;
  const marker = markerOf(line);
  if (!marker) return false;
  const empty = line.trim().length <= marker.width - 1 && !/\s\S/u.test(line.trimStart());
  return !inParagraph || (!empty && (!marker.ordered || marker.start === 1));
}

function joinLines(lines: readonly string[]): string {
  return lines
    .map((line) => line.replace(/^ +/u, "").replace(/ +$/u, ""))
    .map((line, index, all) =>
      index < all.length - 1 ? line.replace(/(^|[^\\])((?:\\\\)*)\\$/u, "$1$2") : line,
    )
    .join("\n");
}

// ---------- reading: letters -----------------------------------------------------------------------------------

const ESCAPABLE = /[!-/:-@[-`{-~]/u;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};
const ENTITY = /^&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,5}));/u;

interface Piece {
  text: string;
  /** Emphasis signs still to be matched; 0 for plain letters. */
  signs: number;
  readonly sign: string;
  readonly length: number;
  readonly opens: boolean;
  readonly closes: boolean;
  readonly marks: Set<MarkName>;
}

function parseInline(source: string): JSONContent[] {
  const pieces: Piece[] = [];
  const say = (text: string): void => {
    const last = pieces.at(-1);
    if (last && last.length === 0) last.text += text;
    else pieces.push({ text, signs: 0, sign: "", length: 0, opens: false, closes: false, marks: new Set() });
  };
  let at = 0;
  while (at < source.length) {
    const letter = source.charAt(at);
    if (letter === "\\" && ESCAPABLE.test(source.charAt(at + 1))) {
      say(source.charAt(at + 1));
      at += 2;
    } else if (letter === "&") {
      const [text, length] = entityAt(source.slice(at, at + 12));
      say(text);
      at += length;
    } else if (letter === "*" || letter === "_") {
      let end = at;
      while (source.charAt(end) === letter) end += 1;
      pieces.push({
        text: "",
        signs: end - at,
        sign: letter,
        length: end - at,
        marks: new Set(),
        ...flanks(source, at, end),
      });
      at = end;
    } else {
      say(letter);
      at += 1;
    }
  }
  matchSigns(pieces);
  const runs = pieces.map((piece) => ({
    text: piece.length > 0 ? piece.sign.repeat(piece.signs) : piece.text,
    bold: piece.marks.has("bold"),
    italic: piece.marks.has("italic"),
  }));
  return contentOf(runs);
}

function entityAt(text: string): [string, number] {
  const found = ENTITY.exec(text);
  if (!found) return ["&", 1];
  const number =
    found[1] !== undefined
      ? Number.parseInt(found[1], 10)
      : found[2] !== undefined
        ? Number.parseInt(found[2], 16)
        : null;
  const isLetter =
    number !== null && number > 0 && number <= 0x10ffff && !(number >= 0xd800 && number <= 0xdfff);
  const meant =
    number === null ? ENTITIES[found[3] ?? ""] : isLetter ? String.fromCodePoint(number) : undefined;
  return meant === undefined ? ["&", 1] : [meant, found[0].length];
}

function flanks(source: string, start: number, end: number): { opens: boolean; closes: boolean } {
  const before = source.slice(0, start).at(-1) ?? " ";
  const after = source.slice(end).at(0) ?? " ";
  const left = !/\s/u.test(after);
  const right = !/\s/u.test(before);
  if (source.charAt(start) === "*") return { opens: left, closes: right };
  const isWord = (letter: string): boolean => /[\p{L}\p{N}]/u.test(letter);
  return { opens: left && !isWord(before), closes: right && !isWord(after) };
}

/** Pairs emphasis signs as CommonMark does: nearest opener first, the "sum of three" rule included. */
function matchSigns(pieces: Piece[]): void {
  for (let close = 0; close < pieces.length; close += 1) {
    const closer = pieces[close];
    if (!closer?.closes) continue;
    let open = close - 1;
    while (open >= 0 && closer.signs > 0) {
      const opener = pieces[open];
      if (
        !opener ||
        !opener.opens ||
        opener.signs === 0 ||
        opener.sign !== closer.sign ||
        clashes(opener, closer)
      ) {
        open -= 1;
        continue;
      }
      const take = opener.signs >= 2 && closer.signs >= 2 ? 2 : 1;
      for (const between of pieces.slice(open + 1, close)) {
        between.marks.add(take === 2 ? "bold" : "italic");
        // What stands between a matched pair can no longer pair across it.
        if (between.length > 0 && between.signs > 0) Object.assign(between, { opens: false, closes: false });
      }
      opener.signs -= take;
      closer.signs -= take;
      if (opener.signs === 0) open -= 1;
    }
  }
}

function clashes(opener: Piece, closer: Piece): boolean {
  const both = (opener.opens && opener.closes) || (closer.opens && closer.closes);
  return (
    both && (opener.length + closer.length) % 3 === 0 && !(opener.length % 3 === 0 && closer.length % 3 === 0)
  );
}

function contentOf(runs: readonly Run[]): JSONContent[] {
  const content: JSONContent[] = [];
  for (const run of runs) {
    for (const [index, part] of run.text.split("\n").entries()) {
      if (index > 0) content.push({ type: "hardBreak" });
      if (part === "") continue;
      const marks: JSONContent["marks"] = [
        ...(run.bold ? [{ type: "bold" }] : []),
        ...(run.italic ? [{ type: "italic" }] : []),
      ];
      const last = content.at(-1);
      if (last?.type === "text" && sameMarks(last.marks, marks)) last.text = (last.text ?? "") + part;
      else
        content.push(marks.length > 0 ? { type: "text", text: part, marks } : { type: "text", text: part });
    }
  }
  return content;
}

function sameMarks(one: JSONContent["marks"], other: JSONContent["marks"]): boolean {
  const names = (marks: JSONContent["marks"]): string => (marks ?? []).map((mark) => mark.type).join();
  return names(one) === names(other);
}

function withContent(node: JSONContent, content: JSONContent[]): JSONContent {
  return content.length > 0 ? { ...node, content } : node;
}

// ---------- writing --------------------------------------------------------------------------------------------

function writeBlocks(nodes: readonly JSONContent[]): string[] {
  return joinLists(nodes)
    .map(writeBlock)
    .filter((block) => block !== "");
}

/** Two lists of one kind in a row are one list once they are written. */
function joinLists(nodes: readonly JSONContent[]): JSONContent[] {
  const joined: JSONContent[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    const alike = last?.type === node.type && node.type?.endsWith("List") === true;
    if (last && alike)
      joined[joined.length - 1] = { ...last, content: [...(last.content ?? []), ...(node.content ?? [])] };
    else if (!isEmptyParagraph(node) || nodes.length === 1) joined.push(node);
  }
  return joined;
}

function isEmptyParagraph(node: JSONContent): boolean {
  return node.type === "paragraph" && (node.content ?? []).every((inner) => (inner.text ?? "").trim() === "");
}

function writeBlock(node: JSONContent): string {
  switch (node.type) {
    case "heading": {
      const words = writeInline(node.content ?? [])
        .replaceAll(HARD_BREAK, " ")
        .trim();
      return words === "" ? "" : `${"#".repeat(headingLevel(node))} ${words}`;
    }
    case "blockquote":
      return writeBlocks(node.content ?? [])
        .join("\n\n")
        .split("\n")
        .map((line) => (line === "" ? ">" : `> ${line}`))
        .join("\n");
    case "bulletList":
    case "orderedList":
      return writeList(node);
    default:
      return atEmptyLines(node.content ?? [])
        .map((part) => escapeLineStarts(writeInline(part)))
        .filter((part) => part !== "")
        .join("\n\n");
  }
}

/** Two line breaks in a row are what Markdown calls a new paragraph. */
function atEmptyLines(content: readonly JSONContent[]): JSONContent[][] {
  const parts: JSONContent[][] = [[]];
  for (const [index, node] of content.entries()) {
    const isBlank = (other: JSONContent | undefined): boolean =>
      other?.type === "text" && (other.text ?? "").trim() === "";
    const previous = content.slice(0, index).findLast((other) => !isBlank(other));
    if (node.type === "hardBreak" && previous?.type === "hardBreak") parts.push([]);
    else parts.at(-1)?.push(node);
  }
  return parts;
}

/** A list that may follow a paragraph without an empty line: one numbered from elsewhere than 1 would be read as words. */
function isTightList(node: JSONContent): boolean {
  const start: unknown = node.attrs?.["start"];
  return (
    node.type === "bulletList" || (node.type === "orderedList" && (typeof start !== "number" || start === 1))
  );
}

function headingLevel(node: JSONContent): number {
  const level: unknown = node.attrs?.["level"];
  return typeof level === "number" ? level : HIGHEST_HEADING;
}

function writeList(node: JSONContent): string {
  const start: unknown = node.attrs?.["start"];
  const first = typeof start === "number" ? start : 1;
  return (node.content ?? [])
    .map((item, index) => {
      const marker = node.type === "orderedList" ? `${String(first + index)}. ` : "- ";
      const children = item.content ?? [];
      const [lead, ...others] = children;
      const tidy = lead && isEmptyParagraph(lead) ? [lead, ...joinLists(others)] : joinLists(children);
      const parts = tidy
        .map((child) => ({ text: writeBlock(child), tight: isTightList(child) }))
        .filter((part) => part.text !== "");
      const text = parts
        .map(
          (part, at) =>
            (at === 0 ? "" : part.tight && STARTS_WITH_WORDS.test(part.text) ? "\n" : "\n\n") + part.text,
        )
        .join("");
      const pad = " ".repeat(marker.length);
      return (
        marker +
        text
          .split("\n")
          .map((line, at) => (at > 0 && line !== "" ? pad + line : line))
          .join("\n")
      ).trimEnd();
    })
    .join("\n");
}

function writeInline(content: readonly JSONContent[]): string {
  // Bold and italic that cross one another cannot always be written: then marks give way, never the words.
  for (const [dropped, sign] of [
    [[], "*"],
    [[], "_"],
    [["italic"], "*"],
  ] as const) {
    const runs = runsOf(content, dropped);
    const candidate = writeRuns(runs, sign);
    if (shape(parseInline(joinLines(candidate.split("\n")))) === shape(contentOf(runs))) return candidate;
  }
  return writeRuns(runsOf(content, ["bold", "italic"]), "*");
}

/** Spaces at the ends of lines mean nothing in Markdown. */
function withoutEdgeSpaces(runs: readonly Run[]): Run[] {
  const isEdge = (run: Run | undefined): boolean => run === undefined || run.text === "\n";
  let out = runs.filter((run) => run.text !== "");
  for (let changed = true; changed;) {
    const trimmed = out.map((run, index) => {
      if (run.text === "\n") return run;
      let text = run.text;
      if (isEdge(out[index - 1])) text = text.replace(/^[ \t]+/u, "");
      if (isEdge(out[index + 1])) text = text.replace(/[ \t]+$/u, "");
      return { ...run, text };
    });
    const kept = trimmed
      .filter((run) => run.text !== "")
      .filter((run, index, all) => run.text !== "\n" || (index > 0 && index < all.length - 1));
    changed = JSON.stringify(kept) !== JSON.stringify(out);
    out = kept;
  }
  return out;
}

function shape(content: readonly JSONContent[]): string {
  return JSON.stringify(
    content.map((node) => [node.type, node.text, (node.marks ?? []).map((mark) => mark.type)]),
  );
}

function runsOf(content: readonly JSONContent[], dropped: readonly MarkName[]): Run[] {
  const runs: Run[] = [];
  for (const node of content) {
    const marks = new Set(
      (node.marks ?? []).map((mark) => mark.type).filter((mark) => !dropped.some((one) => one === mark)),
    );
    const text = node.type === "hardBreak" ? "\n" : (node.text ?? "").replaceAll("\n", " ");
    runs.push({ text, bold: marks.has("bold"), italic: marks.has("italic") });
  }
  // Line breaks take the marks of both neighbours; spaces at the edge of a mark step outside it.
  const spread = runs.map((run, index) => {
    const before = runs[index - 1];
    const after = runs[index + 1];
    if (run.text !== "\n") return run;
    return {
      text: "\n",
      bold: (before?.bold ?? false) && (after?.bold ?? false),
      italic: (before?.italic ?? false) && (after?.italic ?? false),
    };
  });
  const trimmed = spread.flatMap((run) => {
    if (!run.bold && !run.italic) return [run];
    const inner = run.text.trim();
    if (inner === "") return [run];
    const start = run.text.indexOf(inner);
    const plain = (text: string, neighbour: Run | undefined): Run[] =>
      text === ""
        ? []
        : [
            {
              text,
              bold: run.bold && (neighbour?.bold ?? false),
              italic: run.italic && (neighbour?.italic ?? false),
            },
          ];
    const at = spread.indexOf(run);
    return [
      ...plain(run.text.slice(0, start), spread[at - 1]),
      { ...run, text: inner },
      ...plain(run.text.slice(start + inner.length), spread[at + 1]),
    ];
  });
  return joinAlike(withoutEdgeSpaces(trimmed));
}

function joinAlike(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    const alike =
      last && last.text !== "\n" && run.text !== "\n" && last.bold === run.bold && last.italic === run.italic;
    if (alike) joined[joined.length - 1] = { ...run, text: last.text + run.text };
    else joined.push(run);
  }
  return joined;
}

function writeRuns(runs: readonly Run[], italicSign: "*" | "_"): string {
  const open: MarkName[] = [];
  const signOf = (mark: MarkName): string => (mark === "bold" ? "**" : italicSign);
  let out = "";
  const close = (keep: (mark: MarkName) => boolean): void => {
    while (open.some((mark) => !keep(mark))) out += signOf(open.pop() ?? "bold");
  };
  for (const [index, run] of runs.entries()) {
    close((mark) => run[mark]);
    const missing = (["bold", "italic"] as const).filter((mark) => run[mark] && !open.includes(mark));
    // The mark that lasts longer opens first, so that it closes last.
    const lasts = (mark: MarkName): number => runs.slice(index).findIndex((later) => !later[mark]);
    missing.sort(
      (one, other) =>
        (lasts(other) < 0 ? Infinity : lasts(other)) - (lasts(one) < 0 ? Infinity : lasts(one)) || 0,
    );
    for (const mark of missing) {
      open.push(mark);
      out += signOf(mark);
    }
    out += run.text === "\n" ? HARD_BREAK : escapeLetters(run.text);
  }
  close(() => false);
  return out;
}

function escapeLetters(text: string): string {
  return text
    .replaceAll(/\\(?=[!-/:-@[-`{-~]|$)/gu, "\\\\")
    .replaceAll("*", "\\*")
    .replaceAll(/_/gu, (sign, at: number) => (isInsideWord(text, at) ? sign : "\\_"))
    .replaceAll(/&(?=#?\w{1,8};)/gu, "\\&")
    .replaceAll("`", "\\`")
    .replaceAll(/<(?=[a-zA-Z/!?])/gu, "\\<")
    .replaceAll(/\[/gu, "\\[");
}

function isInsideWord(text: string, at: number): boolean {
  return /[\p{L}\p{N}]/u.test(text.slice(0, at).at(-1) ?? "") && /[\p{L}\p{N}]/u.test(text.charAt(at + 1));
}

/** Keeps a line of words from being read as a heading, a list, a quotation or a rule. */
function escapeLineStarts(text: string): string {
  return text
    .split("\n")
    .map((line) =>
      line
        .replace(/^(\s*)(#{1,6}(?:\s|$))/u, "$1\\$2")
        .replace(/^(\s*)([-+](?:\s|$)|>|~~~|={2,}\s*$|-{2,}\s*$)/u, "$1\\$2")
        .replace(/^(\s*\d{1,9})([.)](?:\s|$))/u, "$1\\$2"),
    )
    .join("\n");
}

function wordsOf(node: JSONContent): string {
  if (node.type === "text") return node.text ?? "";
  if (node.type === "hardBreak") return "\n";
  const parts = (node.content ?? []).map(wordsOf);
  return node.type === "paragraph" || node.type === "heading" ? parts.join("") : parts.join("\n");
}
