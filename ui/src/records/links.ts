// Where each thing lives. Addresses hold ids and never words.
import type { RecordId, RecordKind, RecordLine, SpaceId } from "../bindings";
import { link, router } from "../shared/router.svelte";

export type SpaceTab =
  | "timeline"
  | "meetings"
  | "notes"
  | "goals"
  | "feedback"
  | "promises"
  | "summaries"
  | "person"
  | "disclosures"
  | "bin"
  | "edit"
  | "forget";

export const spacePath = (space: SpaceId, tab: SpaceTab = "timeline"): string =>
  tab === "timeline" ? `/spaces/${space}` : `/spaces/${space}/${tab}`;

const TAB_OF: Record<RecordKind, SpaceTab> = {
  note: "notes",
  meeting: "meetings",
  heard: "meetings",
  goal: "goals",
  feedback: "feedback",
  commitment: "promises",
  person: "person",
};

/** The page on which a record is read and changed: what belongs to a meeting is opened with its meeting. */
export const recordPath = (line: Pick<RecordLine, "id" | "space" | "kind" | "parent" | "state">): string => {
  if (line.kind === "person") return spacePath(line.space, "person");
  if (line.kind === "note" && line.state === "journal") return `/journal/${line.space}/${line.id}`;
  if (line.parent !== null && line.kind !== "commitment")
    return `${spacePath(line.space, "meetings")}/${line.parent}`;
  return `${spacePath(line.space, TAB_OF[line.kind])}/${line.id}`;
};

export const newPath = (
  space: SpaceId,
  kind: "notes" | "meetings" | "goals" | "feedback" | "promises",
): string => `${spacePath(space, kind)}/new`;

export const summaryPath = (id: RecordId): string => `/summaries/${id}`;

export { link, router };
