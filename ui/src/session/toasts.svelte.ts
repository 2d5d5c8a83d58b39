// Short messages at the foot of the window, with Undo where there is one.
import { errorWords } from "../ipc/errors";
import { onLock } from "./locking";

export type Toast = {
  id: number;
  words: string;
  tone: "plain" | "danger";
  undo?: () => unknown;
  undoWords?: string;
  /** What in the words a person wrote, such as a file's name: blurred in discreet mode. */
  written?: string;
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
  say: (words: string, undo?: () => unknown, written?: string): void =>
    add({ words, tone: "plain", undo, written }),
  /** Says what needs a thought; it stays until it is closed. */
  warn: (words: string): void => add({ words, tone: "danger" }),
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
