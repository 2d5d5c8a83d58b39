import type { FeatureRoute } from "../../shared/feature";

export const routes: FeatureRoute[] = [
  { path: "/spaces/:space/meetings", page: () => import("./MeetingsPage.svelte"), title: "meetings-title" },
  {
    path: "/spaces/:space/meetings/new",
    page: () => import("./NewMeetingPage.svelte"),
    title: "meetings-new",
  },
  {
    path: "/spaces/:space/meetings/:record",
    page: () => import("./MeetingPage.svelte"),
    title: "meetings-one-title",
    focus: true,
  },
];
