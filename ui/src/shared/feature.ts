// How a feature plugs into the window: `features/<name>/routes.ts` exports `routes: FeatureRoute[]`.
import type { Component } from "svelte";
import type { Params } from "./router.svelte";

export type PageProps = { params: Params; query: Params };

export type FeatureRoute = {
  /** `/spaces/:space/notes/:record`; the first route that fits wins, literal parts before named ones. */
  path: string;
  /** Loaded when first gone to. */
  page: () => Promise<{ default: Component<PageProps> | Component<Record<string, never>> }>;
  /** Id of the page's words for the window's title. */
  title: string;
  /** Which entry of the sidebar is marked as current; a space's own entry when `params.space` is set. */
  nav?: "today" | "journal" | "goals" | "summaries" | "settings";
  /** The sidebar shrinks to a rail, as in a meeting or the composer. */
  focus?: boolean;
  /** The page can be shown of a notebook that is shut; others then ask for its second passphrase. */
  worksShut?: boolean;
  /** Keep the page when only the last named part changes (a draft that gets its id). Default: made anew. */
  keepOn?: string[];
};
