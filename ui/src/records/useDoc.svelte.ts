/** The document of a page whose address ends in `new` or in a record's id. */
import { onDestroy, untrack } from "svelte";
import type { RecordDraft, RecordId } from "../bindings";
import { onLock } from "../session/locking";
import { toasts } from "../session/toasts.svelte";
import { newDoc, openDoc, type BodyOf, type Doc, type Kind } from "./doc.svelte";

/** Stands in the address where the id will be. */
export const NEW = "new";

export interface Held<K extends Kind> {
  readonly doc: Doc<K> | null;
  readonly error: unknown;
}

export type Draft<K extends Kind> = Omit<RecordDraft, "body"> & { body: BodyOf<K> };

/** Documents that are on the screen, and on how many pages, or were left with words that could not be saved yet. */
const inHand = new Map<Doc<Kind>, number>();
onLock(() => inHand.clear());

/**
 * The document in which a record is written just now, if there is one. Whoever changes the record by a button elsewhere
 * changes it there: a change behind its back would make its next save a change from an older revision.
 */
export const docInHand = <K extends Kind>(kind: K, id: RecordId): Doc<K> | null =>
  ([...inHand.keys()].find((doc) => doc.id === id && doc.body.kind === kind) as Doc<K> | undefined) ?? null;

/** Call while a component is made; an empty `wanted` waits. `made` is told the id as soon as the record exists. */
export const useDoc = <K extends Kind>(
  kind: K,
  wanted: () => string,
  draft: () => Draft<K>,
  made: (id: RecordId) => void,
): Held<K> => {
  let doc = $state.raw<Doc<K> | null>(null);
  let error = $state.raw<unknown>(null);

  const leave = (of: Doc<K> | null): void => {
    if (!of) return;
    const known = of as unknown as Doc<Kind>;
    const pages = inHand.get(known);
    if (pages !== undefined) inHand.set(known, pages - 1);
    void of.close().then((done) => {
      if (!done) toasts.fail(of.error);
      // It may have been opened again meanwhile.
      else if ((inHand.get(known) ?? 0) <= 0) inHand.delete(known);
    });
  };
  const take = (taken: Doc<K>): Doc<K> => {
    const known = taken as unknown as Doc<Kind>;
    // One that was left unsaved and was saved by itself since is no longer the one that is written in.
    for (const other of inHand.keys())
      if (other !== known && other.id !== null && other.id === known.id) inHand.delete(other);
    inHand.set(known, (inHand.get(known) ?? 0) + 1);
    return taken;
  };

  // Only another address opens another page: lists that are read anew do not make an untouched page anew.
  const address = $derived(wanted());
  $effect(() => {
    const id = address;
    untrack(() => {
      if (id === "" || (doc !== null && doc.id === id)) return;
      leave(doc);
      doc = null;
      error = null;
      if (id === NEW) {
        // Whoever has left the page by then goes on where they are.
        const own: Doc<K> = newDoc(draft(), (madeId) => {
          if (!left && doc === own) made(madeId);
        });
        doc = take(own);
        return;
      }
      openDoc(kind, id).then(
        (opened) => {
          if (wanted() !== id) leave(opened);
          else if (opened.body.kind === kind) doc = take(opened);
          else error = { code: "notFound", params: {} };
        },
        (thrown: unknown) => {
          if (wanted() === id) error = thrown;
        },
      );
    });
  });
  let left = false;
  onDestroy(() => {
    left = true;
    leave(doc);
  });

  return {
    get doc() {
      return doc;
    },
    get error() {
      return error;
    },
  };
};
