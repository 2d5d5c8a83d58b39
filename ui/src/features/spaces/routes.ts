import type { FeatureRoute } from "../../shared/feature";

export const routes: FeatureRoute[] = [
  { path: "/spaces/new", page: () => import("./NewSpacePage.svelte"), title: "spaces-new" },
  { path: "/spaces/:space", page: () => import("./SpacePage.svelte"), title: "spaces-title" },
  { path: "/spaces/:space/edit", page: () => import("./EditSpacePage.svelte"), title: "spaces-edit" },
  {
    path: "/spaces/:space/forget",
    page: () => import("./ForgetPage.svelte"),
    title: "spaces-forget",
    worksShut: true,
  },
  { path: "/spaces/:space/bin", page: () => import("./BinPage.svelte"), title: "spaces-bin" },
];
