import type { FeatureRoute } from "../../shared/feature";

export const routes: FeatureRoute[] = [
  { path: "/today", page: () => import("./TodayPage.svelte"), title: "today-title", nav: "today" },
];
