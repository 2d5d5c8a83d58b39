import type { FeatureRoute } from "../../shared/feature";

export const routes: FeatureRoute[] = [
  {
    path: "/import/:space",
    page: () => import("./ImportPage.svelte"),
    title: "import-title",
    nav: "journal",
  },
];
