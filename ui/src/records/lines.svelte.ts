/** A list of records that grows on request and is read anew when something in it changed. */
import type { RecordFilter, RecordLine, SealedState, SpaceId } from "../bindings";
import { commands } from "../ipc/commands";
import { spaces } from "../session/spaces.svelte";
import { useLoad } from "./load.svelte";
import { filterOf, PAGE_LINES } from "./records";

const sealedOf = (space: SpaceId | null): SealedState | undefined =>
  space === null ? undefined : spaces.byId(space)?.sealed;

export interface Lines {
  readonly lines: readonly RecordLine[] | null;
  readonly total: number;
  readonly error: unknown;
  readonly more: () => void;
  readonly reload: () => Promise<void>;
}

/**
 * Call while a component is made; `filter` may depend on anything reactive. What is sealed in a notebook comes and goes
 * with its lock, so that is looked at, too.
 */
export const useLines = (filter: () => Partial<RecordFilter>): Lines => {
  let limit = $state(PAGE_LINES);
  const load = useLoad(() => {
    const wanted = filterOf({ limit, ...filter() });
    void sealedOf(wanted.space);
    return commands.listRecords({ filter: wanted });
  });
  return {
    get lines() {
      return load.value?.lines ?? null;
    },
    get total() {
      return load.value?.total ?? 0;
    },
    get error() {
      return load.error;
    },
    more: () => (limit += PAGE_LINES),
    reload: load.reload,
  };
};
