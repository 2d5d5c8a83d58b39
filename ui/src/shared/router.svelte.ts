// Where the person is. Addresses live in the fragment (`#/spaces/<id>`), hold ids and never words, and are
// forgotten with the window.
export type Params = Record<string, string>;
export type Place = { path: string; query: Params };

const read = (): Place => {
  const [path = "", search = ""] = window.location.hash.replace(/^#/, "").split("?");
  return { path: path === "" ? "/" : path, query: Object.fromEntries(new URLSearchParams(search)) };
};

let place = $state<Place>(read());
window.addEventListener("hashchange", () => {
  place = read();
});

/** The address for an `<a href>`: `link("/today")`. */
export const link = (path: string, query: Params = {}): string => {
  const search = new URLSearchParams(query).toString();
  return `#${path}${search ? `?${search}` : ""}`;
};

export const router = {
  get path(): string {
    return place.path;
  },
  get query(): Params {
    return place.query;
  },
  /** Path and query in one. */
  get address(): string {
    return link(place.path, place.query).slice(1);
  },
  go: (path: string, query: Params = {}): void => {
    window.location.hash = link(path, query);
    place = read();
  },
  /** Changes the address without a step in the history, as for a filter or a draft that got its id. */
  replace: (path: string, query: Params = {}): void => {
    window.history.replaceState(null, "", link(path, query));
    place = read();
  },
  back: (): void => window.history.back(),
};

/** Matches `/spaces/:space/notes/:record` against a path; null when it does not fit. */
export const match = (pattern: string, path: string): Params | null => {
  const want = pattern.split("/");
  const have = path.split("/");
  if (want.length !== have.length) return null;
  const params: Params = {};
  for (const [i, part] of want.entries()) {
    const got = have[i] ?? "";
    if (part.startsWith(":")) {
      if (got === "") return null;
      params[part.slice(1)] = decodeURIComponent(got);
    } else if (part !== got) return null;
  }
  return params;
};
