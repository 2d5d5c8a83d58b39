// Every feature brings its own routes; this only puts them together.
import type { FeatureRoute } from "../shared/feature";
import { match, type Params } from "../shared/router.svelte";

const brought = import.meta.glob<{ routes: FeatureRoute[] }>("../features/*/routes.ts", { eager: true });

const literalParts = (path: string): number => path.split("/").filter((part) => !part.startsWith(":")).length;

/** All routes, those with more literal parts first. */
export const routes: FeatureRoute[] = Object.values(brought)
  .flatMap((feature) => feature.routes)
  .sort((a, b) => literalParts(b.path) - literalParts(a.path));

export type Found = { route: FeatureRoute; params: Params };

export const find = (path: string, among: readonly FeatureRoute[] = routes): Found | null => {
  for (const route of among) {
    const params = match(route.path, path);
    if (params) return { route, params };
  }
  return null;
};
