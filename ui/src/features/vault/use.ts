// What the person wants to begin with, and the page it leads to once the vault is open.
export type Use = "journal" | "mentor" | "review";

type Place = { path: string; query: Record<string, string> };

export const firstPage = (use: Use): Place =>
  ({
    journal: { path: "/journal", query: {} },
    mentor: { path: "/spaces/new", query: { role: "mentor" } },
    review: { path: "/spaces/new", query: { role: "mentee" } },
  })[use];
