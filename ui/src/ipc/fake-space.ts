// A notebook in the in-memory host, for tests that need any.
import type { Space } from "../bindings";
import type { Host } from "./host";

/** Makes the notebook of somebody whom the user mentors. */
export const makeMentee = (host: Host, name = "Daniel Rhee"): Promise<Space> =>
  host.call("create_space", {
    draft: {
      kind: "relationship",
      role: "mentor",
      name,
      about: "",
      cloth: "moss",
      since: null,
      meetEveryWeeks: null,
    },
  });
