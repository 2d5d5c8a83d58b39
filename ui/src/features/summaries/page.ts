/** The page of a summary in the editor: headings and paragraphs of words, with marks that hold sources. */
import { Extension, Node, type Editor, type Extensions, type JSONContent } from "@tiptap/core";
import Placeholder from "@tiptap/extension-placeholder";
import type { Node as PageNode } from "@tiptap/pm/model";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import StarterKit from "@tiptap/starter-kit";
import type { Paragraph, RecordId, ShownLabel } from "../../bindings";
import {
  inlineOf,
  numbersOf,
  sentencesOf,
  stretchAt,
  stretchesOf,
  type Inline,
  type Stretch,
} from "./sentences";

const SOURCE = "source";

/** How a source looks now; null once it has been withdrawn. */
export type LabelOf = (source: RecordId) => ShownLabel | null;
/** The spoken name of a mark. */
export type MarkName = (numbers: readonly number[], label: ShownLabel | null) => string;

const sourcesIn = (node: PageNode): RecordId[] => {
  const sources: unknown = node.attrs["sources"];
  return Array.isArray(sources) ? sources.filter((one): one is string => typeof one === "string") : [];
};

const SourceMark = Node.create({
  name: SOURCE,
  group: "inline",
  inline: true,
  atom: true,
  selectable: false,
  addAttributes: () => ({ sources: { default: [], rendered: false } }),
  parseHTML: () => [],
  renderHTML: () => ["span", { "data-source": "" }],
});

const numbered = new PluginKey("numbered");

/** Draws each mark with its numbers and in the shape of its source. */
const Numbers = (labelOf: LabelOf, nameOf: MarkName) =>
  Extension.create({
    name: "numbers",
    addProseMirrorPlugins: () => [
      new Plugin({
        key: numbered,
        props: {
          decorations: (state) => {
            const numbers = numbersOf(paragraphsOf(state.doc));
            const drawn: Decoration[] = [];
            state.doc.descendants((node, pos) => {
              if (node.type.name !== SOURCE) return;
              const sources = sourcesIn(node);
              const labels = sources.map(labelOf);
              const label = labels.some((one) => one === null)
                ? null
                : labels.every((one) => one === "agreed")
                  ? "agreed"
                  : "shareable";
              const shown = sources.map((source) => numbers.get(source) ?? 0).filter((one) => one > 0);
              drawn.push(
                Decoration.node(pos, pos + 1, {
                  class: `src-mark src-mark--${label ?? "withdrawn"}`,
                  "data-numbers": shown.join(" "),
                  role: "img",
                  "aria-label": nameOf(shown, label),
                }),
              );
            });
            return DecorationSet.create(state.doc, drawn);
          },
        },
      }),
    ],
  });

export const pageExtensions = (labelOf: LabelOf, nameOf: MarkName, placeholder: string): Extensions => [
  StarterKit.configure({
    blockquote: false,
    bold: false,
    bulletList: false,
    code: false,
    codeBlock: false,
    dropcursor: false,
    gapcursor: false,
    hardBreak: false,
    heading: { levels: [2] },
    horizontalRule: false,
    italic: false,
    link: false,
    listItem: false,
    listKeymap: false,
    orderedList: false,
    strike: false,
    trailingNode: false,
    underline: false,
  }),
  SourceMark,
  Numbers(labelOf, nameOf),
  Extension.create({
    name: "leaveMainAction",
    priority: 1000,
    addKeyboardShortcuts: () => ({ "Mod-Enter": () => true }),
  }),
  Placeholder.configure({ placeholder, showOnlyCurrent: false }),
];

// ---------- to and from what is stored -------------------------------------------------------------------------

export const docOf = (paragraphs: readonly Paragraph[]): JSONContent => {
  const blocks: JSONContent[] = [];
  for (const [index, paragraph] of paragraphs.entries()) {
    const content = inlineOf(paragraph.sentences).map((part) =>
      part.kind === "text"
        ? { type: "text", text: part.text }
        : { type: SOURCE, attrs: { sources: [...part.sources] } },
    );
    const type = paragraph.heading ? { type: "heading", attrs: { level: 2 } } : { type: "paragraph" };
    blocks.push(content.length > 0 ? { ...type, content } : type);
    // Every heading has a place to write beneath it.
    if (paragraph.heading && (paragraphs[index + 1]?.heading ?? true)) blocks.push({ type: "paragraph" });
  }
  return { type: "doc", content: blocks.length > 0 ? blocks : [{ type: "paragraph" }] };
};

const inlinesOf = (block: PageNode): Inline[] => {
  const inline: Inline[] = [];
  block.forEach((node) => {
    if (node.isText) inline.push({ kind: "text", text: node.text ?? "" });
    else if (node.type.name === SOURCE) inline.push({ kind: "source", sources: sourcesIn(node) });
  });
  return inline;
};

export const paragraphsOf = (doc: PageNode): Paragraph[] => {
  const paragraphs: Paragraph[] = [];
  doc.forEach((block) => {
    const sentences = sentencesOf(inlinesOf(block));
    if (sentences.length > 0) paragraphs.push({ heading: block.type.name === "heading", sentences });
  });
  return paragraphs;
};

// ---------- the sentence with the caret in it ------------------------------------------------------------------

/** The sentence the caret is in, and where its paragraph begins; null in headings and on empty lines. */
export const sentenceHere = (editor: Editor): { stretch: Stretch; at: number } | null => {
  const { $head } = editor.state.selection;
  if ($head.depth !== 1 || $head.parent.type.name !== "paragraph") return null;
  const stretch = stretchAt(stretchesOf(inlinesOf($head.parent)), $head.parentOffset);
  return stretch ? { stretch, at: $head.start() } : null;
};

/** Lets the sentence with the caret rest on these sources. False when there is no sentence. */
export const setSourcesHere = (editor: Editor, sources: readonly RecordId[]): boolean => {
  const here = sentenceHere(editor);
  if (!here) return false;
  const { stretch, at } = here;
  const tr = editor.state.tr;
  for (const mark of [...stretch.marks].reverse()) tr.delete(at + mark, at + mark + 1);
  const type = editor.schema.nodes[SOURCE];
  if (sources.length > 0 && type) tr.insert(at + stretch.textEnd, type.create({ sources: [...sources] }));
  editor.view.dispatch(tr);
  return true;
};

/** Takes a source away from every sentence. */
export const removeSource = (editor: Editor, source: RecordId): void => {
  const tr = editor.state.tr;
  const found: { pos: number; left: RecordId[] }[] = [];
  editor.state.doc.descendants((node, pos) => {
    if (node.type.name === SOURCE && sourcesIn(node).includes(source))
      found.push({ pos, left: sourcesIn(node).filter((one) => one !== source) });
  });
  for (const { pos, left } of found.reverse()) {
    if (left.length > 0) tr.setNodeMarkup(pos, undefined, { sources: left });
    else tr.delete(pos, pos + 1);
  }
  if (found.length > 0) editor.view.dispatch(tr);
};

/** Writes a sentence with its source where the caret is, or at the end of the page. */
export const insertSentence = (editor: Editor, words: string, source: RecordId): void => {
  const text = words.replaceAll(/\s+/gu, " ").trim();
  if (text === "") return;
  const ended = /[.!?…”"]$/u.test(text) ? text : `${text}.`;
  const content: JSONContent[] = [
    { type: "text", text: ended },
    { type: SOURCE, attrs: { sources: [source] } },
  ];
  const { $head } = editor.state.selection;
  const inParagraph = $head.depth === 1 && $head.parent.type.name === "paragraph";
  if (!inParagraph) {
    editor.chain().insertContentAt(editor.state.doc.content.size, { type: "paragraph", content }).run();
    return;
  }
  const here = sentenceHere(editor);
  const pos = here ? here.at + Math.max(here.stretch.end, here.stretch.textEnd) : $head.pos;
  const before =
    pos > $head.start() && !/\s$/u.test(editor.state.doc.textBetween($head.start(), pos))
      ? [{ type: "text", text: " " }]
      : [];
  editor
    .chain()
    .insertContentAt(pos, [...before, ...content, { type: "text", text: " " }])
    .run();
};

/** Draws the marks again after the levels of their sources have changed. */
export const redraw = (editor: Editor): void => editor.view.dispatch(editor.state.tr.setMeta(numbered, true));
