import type { FeatureRoute } from "../../shared/feature";

export const routes: FeatureRoute[] = [
  {
    path: "/spaces/:space/promises",
    page: () => import("./PromisesPage.svelte"),
    title: "commitments-title",
  },
  {
    path: "/spaces/:space/promises/:record",
    page: () => import("./PromisesPage.svelte"),
    title: "commitments-title",
    keepOn: ["record"],
  },
];
