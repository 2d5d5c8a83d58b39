/** The goals of one notebook, or of all, opened so that their steps can be drawn. */
import type { Goal, RecordLine, SpaceId } from "../../bindings";
import { commands } from "../../ipc/commands";
import { useLoad, type Load } from "../../records/load.svelte";
import { filterOf } from "../../records/records";

export interface OpenGoal {
  readonly line: RecordLine;
  /** Null when it could not be read; its lane says so and the rest is shown. */
  readonly goal: Goal | null;
}

const MOST = 200;
const STATES = ["open", "reached", "setAside"];

/** Call while a component is made. */
export const useGoals = (space: () => SpaceId | null): Load<OpenGoal[]> =>
  useLoad(async () => {
    const { lines } = await commands.listRecords({
      filter: filterOf({ space: space(), kinds: ["goal"], limit: MOST }),
    });
    const goals = await Promise.all(
      lines.map(async (line): Promise<OpenGoal> => {
        try {
          const { body } = await commands.openRecord({ id: line.id });
          return { line, goal: body.kind === "goal" ? body : null };
        } catch {
          return { line, goal: null };
        }
      }),
    );
    const rank = ({ line }: OpenGoal): number => STATES.indexOf(line.state ?? "open");
    return goals.sort(
      (one, other) =>
        rank(one) - rank(other) ||
        (one.line.due ?? "9").localeCompare(other.line.due ?? "9") ||
        one.line.created.localeCompare(other.line.created),
    );
  });
