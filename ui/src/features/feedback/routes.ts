import type { FeatureRoute } from "../../shared/feature";

export const routes: FeatureRoute[] = [
  { path: "/spaces/:space/feedback", page: () => import("./FeedbackPage.svelte"), title: "feedback-title" },
  {
    path: "/spaces/:space/feedback/:record",
    page: () => import("./OneFeedbackPage.svelte"),
    title: "feedback-one-title",
    keepOn: ["record"],
  },
];
