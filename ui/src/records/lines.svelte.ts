/** A list of records that grows on request and is read anew when something in it changed. */
import type { RecordFilter, RecordLine } from "../bindings";
import { commands } from "../ipc/commands";
import { useLoad } from "./load.svelte";
import { filterOf, PAGE_LINES } from "./records";

export interface Lines {
  readonly lines: readonly RecordLine[] | null;
  readonly total: number;
  readonly error: unknown;
  readonly more: () => void;
  readonly reload: () => Promise<void>;
}

/** Call while a component is made; `filter` may depend on anything reactive. */
export const useLines = (filter: () => Partial<RecordFilter>): Lines => {
  let limit = $state(PAGE_LINES);
  const load = useLoad(() => commands.listRecords({ filter: filterOf({ limit, ...filter() }) }));
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
