import type { FeatureRoute } from "../../shared/feature";

export const routes: FeatureRoute[] = [
  { path: "/journal", page: () => import("./JournalPage.svelte"), title: "journal-title", nav: "journal" },
  {
    path: "/journal/:space",
    page: () => import("./JournalPage.svelte"),
    title: "journal-title",
    nav: "journal",
  },
  {
    path: "/journal/:space/:record",
    page: () => import("./JournalPage.svelte"),
    title: "journal-title",
    nav: "journal",
    keepOn: ["record"],
  },
];
