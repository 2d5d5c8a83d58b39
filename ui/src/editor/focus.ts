/** Focusing at once. TipTap focuses a frame later, and takes the focus from wherever somebody has gone meanwhile. */
import type { Editor } from "@tiptap/core";

/** Puts the caret behind the last word. */
export const focusEnd = (editor: Editor): void => {
  editor.commands.setTextSelection(editor.state.doc.content.size);
  editor.view.focus();
  editor.view.dom.lastElementChild?.scrollIntoView?.({ block: "nearest" });
};

/** Gives the page back the focus where its caret was, before a tool changes what stands there. */
export const focusHere = (editor: Editor): void => {
  if (!editor.view.hasFocus()) editor.view.focus();
};
