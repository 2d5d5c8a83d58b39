import type { FeatureRoute } from "../../shared/feature";

export const routes: FeatureRoute[] = [
  { path: "/goals", page: () => import("./AllGoalsPage.svelte"), title: "goals-title", nav: "goals" },
  {
    path: "/goals/:record",
    page: () => import("./AllGoalsPage.svelte"),
    title: "goals-title",
    nav: "goals",
    keepOn: ["record"],
  },
  { path: "/spaces/:space/goals", page: () => import("./SpaceGoalsPage.svelte"), title: "goals-title" },
  {
    path: "/spaces/:space/goals/:record",
    page: () => import("./SpaceGoalsPage.svelte"),
    title: "goals-title",
    keepOn: ["record"],
  },
];
