import { Editor } from "@tiptap/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Paragraph } from "../../bindings";
import {
  docOf,
  insertSentence,
  pageExtensions,
  paragraphsOf,
  removeSource,
  sentenceHere,
  setSourcesHere,
} from "./page";

const PARAGRAPHS: Paragraph[] = [
  { heading: true, sentences: [{ text: "What changed", sources: [] }] },
  {
    heading: false,
    sentences: [
      { text: "She led it.", sources: ["a"] },
      { text: "It went well.", sources: [] },
    ],
  },
];

let editor: Editor;
beforeEach(() => {
  editor = new Editor({
    element: document.body.appendChild(document.createElement("div")),
    extensions: pageExtensions(
      (source) => (source === "gone" ? null : source === "a" ? "agreed" : "shareable"),
      (numbers, label) => `${numbers.join()} ${label ?? "withdrawn"}`,
      "",
    ),
    content: docOf(PARAGRAPHS),
    injectCSS: false,
  });
});
afterEach(() => {
  editor.destroy();
  document.body.replaceChildren();
});
const now = (): Paragraph[] => paragraphsOf(editor.state.doc);
const caretAt = (words: string): void => {
  let found = -1;
  editor.state.doc.descendants((node, pos) => {
    const at = node.isText ? (node.text ?? "").indexOf(words) : -1;
    if (at >= 0) found = pos + at + 1;
  });
  editor.commands.setTextSelection(found);
};

describe("the page of a summary", () => {
  it("stores what it was given", () => {
    expect(now()).toEqual(PARAGRAPHS);
  });

  it("lets the sentence with the caret rest on a source, and no other", () => {
    caretAt("went well");
    expect(setSourcesHere(editor, ["b"])).toBe(true);
    expect(now()[1]?.sentences).toEqual([
      { text: "She led it.", sources: ["a"] },
      { text: "It went well.", sources: ["b"] },
    ]);
    expect(setSourcesHere(editor, [])).toBe(true);
    expect(now()).toEqual(PARAGRAPHS);
  });

  it("replaces the sources of a sentence that has some", () => {
    caretAt("led it");
    setSourcesHere(editor, ["a", "c"]);
    expect(now()[1]?.sentences[0]).toEqual({ text: "She led it.", sources: ["a", "c"] });
  });

  it("offers no sentence in a heading", () => {
    caretAt("changed");
    expect(sentenceHere(editor)).toBeNull();
    expect(setSourcesHere(editor, ["a"])).toBe(false);
    expect(now()).toEqual(PARAGRAPHS);
  });

  it("writes evidence in as a sentence that rests on it", () => {
    caretAt("led it");
    insertSentence(editor, "Four co-authors\nagreed", "b");
    expect(now()[1]?.sentences).toEqual([
      { text: "She led it.", sources: ["a"] },
      { text: "Four co-authors agreed.", sources: ["b"] },
      { text: "It went well.", sources: [] },
    ]);
  });

  it("takes a source out of every sentence", () => {
    caretAt("went well");
    setSourcesHere(editor, ["a", "b"]);
    removeSource(editor, "a");
    expect(now()[1]?.sentences.map((sentence) => sentence.sources)).toEqual([[], ["b"]]);
  });

  it("shows each mark with its number and its source's level, and a withdrawn one as such", () => {
    caretAt("went well");
    setSourcesHere(editor, ["gone"]);
    const marks = [...editor.view.dom.querySelectorAll(".src-mark")].map((mark) => [
      mark.className,
      mark.getAttribute("data-numbers"),
      mark.getAttribute("aria-label"),
    ]);
    expect(marks).toEqual([
      ["src-mark src-mark--agreed", "1", "1 agreed"],
      ["src-mark src-mark--withdrawn", "2", "2 withdrawn"],
    ]);
  });

  it("gives every heading a place to write", () => {
    const doc = docOf([
      { heading: true, sentences: [{ text: "One", sources: [] }] },
      { heading: true, sentences: [{ text: "Two", sources: [] }] },
    ]);
    expect(doc.content?.map((block) => block.type)).toEqual(["heading", "paragraph", "heading", "paragraph"]);
  });
});
