/** Characters that nobody sees, or that turn the direction of others, are shown by their number: no words read otherwise than they are. */
import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";

/** As `mentoring::is_unseen`; joiners are no such, for letters and emoji need them. */
const UNSEEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

/** Where such characters stand in a text, and their numbers. */
export const unseenIn = (text: string): { at: number; length: number; code: string }[] =>
  [...text.matchAll(UNSEEN)].map((match) => ({
    at: match.index,
    length: match[0].length,
    code: `U+${(match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`,
  }));

const marks = (doc: Node): DecorationSet => {
  const found: Decoration[] = [];
  doc.descendants((node, position) => {
    for (const { at, length, code } of unseenIn(node.text ?? "")) {
      const from = position + at;
      found.push(Decoration.inline(from, from + length, { class: "unseen", "data-code": code }));
    }
  });
  return DecorationSet.create(doc, found);
};

export const Unseen = Extension.create({
  name: "unseen",
  addProseMirrorPlugins: () => {
    const key = new PluginKey<DecorationSet>("unseen");
    return [
      new Plugin({
        key,
        state: {
          init: (_config, state) => marks(state.doc),
          apply: (change, before) => (change.docChanged ? marks(change.doc) : before),
        },
        props: { decorations: (state) => key.getState(state) },
      }),
    ];
  },
});
