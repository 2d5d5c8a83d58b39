import type { FeatureRoute } from "../../shared/feature";

const page: FeatureRoute["page"] = () => import("./SettingsPage.svelte");

export const routes: FeatureRoute[] = [
  { path: "/settings", page, title: "settings-title", nav: "settings" },
  { path: "/settings/:page", page, title: "settings-title", nav: "settings" },
];
