// The notebooks: read once after opening, and again whenever something in them changed.
import type { Day, Progress, Space, SpaceDraft, SpaceId } from "../bindings";
import { commands } from "../ipc/commands";
import { onLock } from "./locking";

let list = $state<Space[]>([]);
let loaded = $state(false);

const replace = (space: Space): Space => {
  list = list.some((s) => s.id === space.id)
    ? list.map((s) => (s.id === space.id ? space : s))
    : [...list, space];
  return space;
};

export const spaces = {
  get list(): readonly Space[] {
    return list;
  },
  get loaded(): boolean {
    return loaded;
  },
  get journals(): Space[] {
    return list.filter((s) => s.kind === "journal");
  },
  get mentees(): Space[] {
    return list.filter((s) => s.kind === "relationship" && s.role === "mentor");
  },
  get mentors(): Space[] {
    return list.filter((s) => s.kind === "relationship" && s.role === "mentee");
  },
  get peers(): Space[] {
    return list.filter((s) => s.kind === "circle" || (s.kind === "relationship" && s.role === "peer"));
  },
  /** Those with a place in the sidebar and a key of Ctrl+1…9, in that order. */
  get numbered(): Space[] {
    return [...this.mentees, ...this.mentors, ...this.peers];
  },
  byId: (id: SpaceId): Space | undefined => list.find((s) => s.id === id),
  /** Reads them again, for example after a record was added (counts, promises, last touched). */
  refresh: async (): Promise<void> => {
    list = await commands.listSpaces();
    loaded = true;
  },
  create: async (draft: SpaceDraft): Promise<Space> => replace(await commands.createSpace({ draft })),
  update: async (space: SpaceId, draft: SpaceDraft): Promise<Space> =>
    replace(await commands.updateSpace({ space, draft })),
  /** Sets the agreed day until which a notebook is kept, or takes it away. */
  keepUntil: async (space: SpaceId, day: Day | null): Promise<Space> =>
    replace(await commands.keepSpaceUntil({ space, day })),
  /** Makes the sealed part of a notebook, under a passphrase of its own, and leaves it open. */
  makeSealed: async (space: SpaceId, passphrase: string, watch: (now: Progress) => void): Promise<Space> =>
    replace(await commands.makeSealed({ space, passphrase }, watch)),
  openSealed: async (space: SpaceId, passphrase: string, watch: (now: Progress) => void): Promise<Space> =>
    replace(await commands.openSealed({ space, passphrase }, watch)),
  shutSealed: async (space: SpaceId): Promise<Space> => replace(await commands.shutSealed({ space })),
};

onLock(() => {
  list = [];
  loaded = false;
});
