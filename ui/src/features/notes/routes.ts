import type { FeatureRoute } from "../../shared/feature";

export const routes: FeatureRoute[] = [
  { path: "/spaces/:space/notes", page: () => import("./NotesPage.svelte"), title: "notes-title" },
  {
    path: "/spaces/:space/notes/:record",
    page: () => import("./NotePage.svelte"),
    title: "notes-one-title",
    keepOn: ["record"],
  },
];
