import type { FeatureRoute } from "../../shared/feature";

export const routes: FeatureRoute[] = [
  {
    path: "/summaries",
    page: () => import("./SummariesPage.svelte"),
    title: "summaries-title",
    nav: "summaries",
  },
  {
    path: "/summaries/new",
    page: () => import("./NewSummaryPage.svelte"),
    title: "summaries-new",
    nav: "summaries",
  },
  {
    path: "/summaries/:record",
    page: () => import("./ComposerPage.svelte"),
    title: "summaries-one-title",
    nav: "summaries",
    focus: true,
  },
  {
    path: "/spaces/:space/summaries",
    page: () => import("./SpaceSummariesPage.svelte"),
    title: "summaries-title",
  },
];
