import type { JSONContent } from "@tiptap/core";
import { describe, expect, it } from "vitest";
import { countWords, parseMarkdown, plainWords, writeMarkdown } from "./markdown";

const paragraph = (...content: JSONContent[]): JSONContent => ({ type: "paragraph", content });
const text = (words: string, ...marks: string[]): JSONContent =>
  marks.length > 0
    ? { type: "text", text: words, marks: marks.map((type) => ({ type })) }
    : { type: "text", text: words };
const doc = (...content: JSONContent[]): JSONContent => ({ type: "doc", content });

describe("markdown", () => {
  it.each([
    "# 7 is her number",
    "1. is not a list",
    "- dash",
    "> quoted",
    "\\ back \\* slash",
    "&amp; & &lt;",
    "[x](y) and [z]",
    "`code` and ```",
    "http://a.b_c_d/e_f",
    "~~s~~",
    "a < b <3 <b>x</b>",
    "*star* and _u_ __v__ **w**",
    "3 * 4 * 5",
    "snake_case_name",
    "---",
    "===",
    "***",
    "+ plus",
    "2) second",
    "| a | b |",
    "#",
    "-",
    "1.",
    "ends with \\",
    "AT&T; ok",
    "\\#",
    "5 > 3",
    "_",
    "*",
    "**",
    "a_ b_",
    "<!-- c -->",
    "~~~",
  ])("keeps typed words as they are: %s", (words) => {
    const typed = doc(paragraph(text(words)));
    expect(parseMarkdown(writeMarkdown(typed))).toEqual(typed);
  });

  it.each([
    ["code spans", "`code` here"],
    ["fences", "```\nlet x = 1;\n```"],
    ["tables", "| a | b |\n|---|---|\n| 1 | 2 |"],
    ["html", "<div>kept</div>"],
    ["images", "![picture](x.png)"],
    ["links", "[words](https://example.org)"],
    ["rules", "before\n\n---\n\nafter"],
  ])("drops nothing it does not know: %s", (_name, source) => {
    const letters = (from: string): string => from.replaceAll(/\s/gu, "");
    expect(letters(plainWords(source))).toBe(letters(source));
  });

  it("reads what it knows", () => {
    expect(parseMarkdown("## Head\n\n**b** and *i*\n\n> q\n\n- one\n  - two\n\n3. three\n4. four")).toEqual(
      doc(
        { type: "heading", attrs: { level: 2 }, content: [text("Head")] },
        paragraph(text("b", "bold"), text(" and "), text("i", "italic")),
        { type: "blockquote", content: [paragraph(text("q"))] },
        {
          type: "bulletList",
          content: [
            {
              type: "listItem",
              content: [
                paragraph(text("one")),
                { type: "bulletList", content: [{ type: "listItem", content: [paragraph(text("two"))] }] },
              ],
            },
          ],
        },
        {
          type: "orderedList",
          attrs: { start: 3 },
          content: [
            { type: "listItem", content: [paragraph(text("three"))] },
            { type: "listItem", content: [paragraph(text("four"))] },
          ],
        },
      ),
    );
  });

  it("keeps single line breaks, as people mean them", () => {
    expect(parseMarkdown("one\ntwo")).toEqual(
      doc(paragraph(text("one"), { type: "hardBreak" }, text("two"))),
    );
    const typed = doc(paragraph(text("one"), { type: "hardBreak" }, text("- two")));
    expect(parseMarkdown(writeMarkdown(typed))).toEqual(typed);
  });

  it.each([
    [[text("a", "bold"), text("b", "italic")]],
    [[text("a", "italic"), text("b", "bold")]],
    [[text("a", "bold"), text("b", "bold", "italic")]],
    [[text("a", "italic"), text("b", "bold", "italic")]],
    [[text("a", "bold", "italic"), text("b", "bold")]],
    [[text("“hi”", "bold"), text("there")]],
    [[text("a "), text("b", "italic"), text(" c")]],
    [[text("x", "bold"), text("y"), text("z", "bold")]],
  ])("keeps bold and italic side by side %#", (content) => {
    expect(parseMarkdown(writeMarkdown(doc(paragraph(...content))))).toEqual(doc(paragraph(...content)));
  });

  it(
    "loses no word, and nothing at all once it has been written, for any document",
    () => {
      const next = random(20261121);
      for (let round = 0; round < ROUNDS; round += 1) {
        const made = doc(...blocks(next, 2));
        const written = writeMarkdown(made);
        const again = parseMarkdown(written);
        const letters = (node: JSONContent): string =>
          (node.text ?? "") + (node.content ?? []).map(letters).join("");
        expect(letters(again).replaceAll(/\s/gu, ""), written).toBe(letters(made).replaceAll(/\s/gu, ""));
        const settled = writeMarkdown(again);
        expect(letters(parseMarkdown(settled)).replaceAll(/\s/gu, ""), settled).toBe(
          letters(made).replaceAll(/\s/gu, ""),
        );
        expect(writeMarkdown(parseMarkdown(settled)), settled).toBe(settled);
      }
    },
    SLOW_MS,
  );

  it("counts words as a person would", () => {
    expect(countWords("Don’t re-write — it is 4.7, she said.")).toBe(8);
    expect(countWords("")).toBe(0);
  });
});

/** Few enough for a busy machine. */
const ROUNDS = 300;
const SLOW_MS = 60_000;

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

const SCRAPS = [
  "word",
  "*",
  "_",
  "# ",
  "- ",
  "1. ",
  "> ",
  "\\",
  "&amp;",
  "<b>",
  "`",
  "[",
  " ",
  "é",
  "“q”",
  ".",
  "a_b",
  "**",
  "+ ",
  "~~~",
  "==",
  "--",
];

function inline(next: (below: number) => number): JSONContent[] {
  const content: JSONContent[] = [];
  for (let count = next(4) + 1; count > 0; count -= 1) {
    if (next(8) === 0) content.push({ type: "hardBreak" });
    const words = Array.from({ length: next(4) + 1 }, () => SCRAPS[next(SCRAPS.length)] ?? "").join("");
    content.push(text(words, ...["bold", "italic"].filter(() => next(3) === 0)));
  }
  return content;
}

function blocks(next: (below: number) => number, depth: number): JSONContent[] {
  return Array.from({ length: next(3) + 1 }, () => {
    const kind = next(depth > 0 ? 5 : 2);
    if (kind === 0)
      return {
        type: "heading",
        attrs: { level: 2 + next(2) },
        content: inline(next).filter((node) => node.type === "text"),
      };
    if (kind === 1) return paragraph(...inline(next));
    if (kind === 2) return { type: "blockquote", content: blocks(next, depth - 1) };
    const items = Array.from({ length: next(2) + 1 }, () => ({
      type: "listItem",
      content: [paragraph(...inline(next)), ...(next(2) === 0 ? blocks(next, depth - 1) : [])],
    }));
    return kind === 3
      ? { type: "bulletList", content: items }
      : { type: "orderedList", attrs: { start: 1 }, content: items };
  });
}
