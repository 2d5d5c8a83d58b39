import type { FeatureRoute } from "../../shared/feature";

export const routes: FeatureRoute[] = [
  {
    path: "/disclosures",
    page: () => import("./DisclosuresPage.svelte"),
    title: "disclosures-title",
    nav: "summaries",
  },
  {
    path: "/spaces/:space/disclosures",
    page: () => import("./DisclosuresPage.svelte"),
    title: "disclosures-title",
  },
];
