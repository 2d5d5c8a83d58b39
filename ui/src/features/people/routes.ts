import type { FeatureRoute } from "../../shared/feature";

export const routes: FeatureRoute[] = [
  { path: "/spaces/:space/person", page: () => import("./PersonPage.svelte"), title: "people-title" },
];
