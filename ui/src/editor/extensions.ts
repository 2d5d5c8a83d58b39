/** What the editor of a note can hold: the dialect of `markdown.ts` and nothing else. */
import { Extension, type Extensions } from "@tiptap/core";
import Placeholder from "@tiptap/extension-placeholder";
import type { EditorProps } from "@tiptap/pm/view";
import StarterKit from "@tiptap/starter-kit";
import { Unseen } from "./unseen";

/** Ctrl+Enter is the window's main action, never a line break. */
const LeaveMainAction = Extension.create({
  name: "leaveMainAction",
  priority: 1000,
  addKeyboardShortcuts: () => ({ "Mod-Enter": () => true }),
});

export const noteExtensions = (placeholder: string): Extensions => [
  StarterKit.configure({
    code: false,
    codeBlock: false,
    dropcursor: false,
    gapcursor: false,
    heading: { levels: [2, 3] },
    horizontalRule: false,
    link: false,
    strike: false,
    trailingNode: false,
    underline: false,
  }),
  LeaveMainAction,
  Unseen,
  Placeholder.configure({ placeholder, showOnlyWhenEditable: true }),
];

/** Words come in; the dress they wore elsewhere, and whatever hid in it, stays outside. */
export const plainPaste: EditorProps = {
  handlePaste: (view, event) => {
    const html = event.clipboardData?.getData("text/html") ?? "";
    if (html.includes("data-pm-slice")) return false;
    view.pasteText(event.clipboardData?.getData("text/plain") ?? "", event);
    return true;
  },
  handleDrop: (view, event, _slice, moved) => {
    if (moved) return false;
    event.preventDefault();
    const words = event.dataTransfer?.getData("text/plain") ?? "";
    const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
    if (words !== "" && at) view.dispatch(view.state.tr.insertText(words, at.pos));
    return true;
  },
};
