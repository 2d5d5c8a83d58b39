// Short messages at the foot of the window, with Undo where there is one.
import { errorWords } from "../ipc/errors";
import { onLock } from "./locking";

export type Toast = {
  id: number;
  words: string;
  tone: "plain" | "danger";
  undo?: () => unknown;
  undoWords?: string;
};

const SHOWN_MS = 6000;
const SHOWN_WITH_UNDO_MS = 12000;

let next = 1;
let list = $state<Toast[]>([]);

const add = (toast: Omit<Toast, "id">): void => {
  const id = next++;
  list = [...list.slice(-2), { ...toast, id }];
  if (toast.tone === "plain") setTimeout(() => toasts.close(id), toast.undo ? SHOWN_WITH_UNDO_MS : SHOWN_MS);
};

export const toasts = {
  get list(): readonly Toast[] {
    return list;
  },
  say: (words: string, undo?: () => unknown): void => add({ words, tone: "plain", undo }),
  /** Shows an error; it stays until it is closed. */
  fail: (thrown: unknown): void => {
    const { says, tryThis } = errorWords(thrown);
    add({ words: `${says} ${tryThis}`, tone: "danger" });
  },
  close: (id: number): void => {
    list = list.filter((toast) => toast.id !== id);
  },
};

onLock(() => {
  list = [];
});
