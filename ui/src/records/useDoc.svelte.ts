/** The document of a page whose address ends in `new` or in a record's id. */
import { onDestroy, untrack } from "svelte";
import type { RecordDraft, RecordId } from "../bindings";
import { toasts } from "../session/toasts.svelte";
import { newDoc, openDoc, type BodyOf, type Doc, type Kind } from "./doc.svelte";

/** Stands in the address where the id will be. */
export const NEW = "new";

export interface Held<K extends Kind> {
  readonly doc: Doc<K> | null;
  readonly error: unknown;
}

export type Draft<K extends Kind> = Omit<RecordDraft, "body"> & { body: BodyOf<K> };

/** Call while a component is made; an empty `wanted` waits. `made` is told the id as soon as the record exists. */
export const useDoc = <K extends Kind>(
  kind: K,
  wanted: () => string,
  draft: () => Draft<K>,
  made: (id: RecordId) => void,
): Held<K> => {
  let doc = $state.raw<Doc<K> | null>(null);
  let error = $state.raw<unknown>(null);

  const leave = (left: Doc<K> | null): void => {
    if (!left) return;
    void left.close().then((done) => {
      if (!done) toasts.fail(left.error);
    });
  };

  $effect(() => {
    const id = wanted();
    untrack(() => {
      if (id === "" || (doc !== null && doc.id === id)) return;
      leave(doc);
      doc = null;
      error = null;
      if (id === NEW) {
        doc = newDoc(draft(), made);
        return;
      }
      openDoc(kind, id).then(
        (opened) => {
          if (wanted() !== id) leave(opened);
          else if (opened.body.kind === kind) doc = opened;
          else error = { code: "notFound", params: {} };
        },
        (thrown: unknown) => {
          if (wanted() === id) error = thrown;
        },
      );
    });
  });
  onDestroy(() => leave(doc));

  return {
    get doc() {
      return doc;
    },
    get error() {
      return error;
    },
  };
};
