// The notebooks: read once after opening, and again whenever something in them changed.
import type { Day, Guarded, Progress, RekeyView, ShutSpace, Space, SpaceDraft, SpaceId } from "../bindings";
import { commands } from "../ipc/commands";
import { onLock } from "./locking";

let list = $state<Space[]>([]);
let shut = $state<ShutSpace[]>([]);
let loaded = $state(false);

const replace = (space: Space): Space => {
  list = list.some((s) => s.id === space.id)
    ? list.map((s) => (s.id === space.id ? space : s))
    : [...list, space];
  return space;
};

/** New keys are in force, whatever reading the list comes to. */
const keysOf = async (report: RekeyView): Promise<RekeyView> => {
  await spaces.refresh().catch(() => undefined);
  return report;
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
  /** Those that want their second passphrase: nothing is known of them but the name that is shown. */
  get shut(): readonly ShutSpace[] {
    return shut;
  },
  shutById: (id: SpaceId): ShutSpace | undefined => shut.find((s) => s.id === id),
  byId: (id: SpaceId): Space | undefined => list.find((s) => s.id === id),
  /** Reads them again, for example after a record was added (counts, promises, last touched). */
  refresh: async (): Promise<void> => {
    [list, shut] = await Promise.all([commands.listSpaces(), commands.listShutSpaces()]);
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
  /** Opens a notebook that is shut. */
  openShut: async (space: SpaceId, passphrase: string, watch: (now: Progress) => void): Promise<Space> => {
    const opened = replace(await commands.openSpace({ space, passphrase }, watch));
    shut = shut.filter((s) => s.id !== space);
    return opened;
  },
  /** Shuts a notebook that has a second passphrase. Everything in it must be saved before. */
  close: async (space: SpaceId): Promise<void> => {
    const closed = await commands.closeSpace({ space });
    list = list.filter((s) => s.id !== space);
    shut = [...shut.filter((s) => s.id !== space), closed];
  },
  setSecond: async (
    asked: { space: SpaceId; shownAs: string; passphrase: string },
    watch: (now: Progress) => void,
  ): Promise<RekeyView> => keysOf(await commands.setSecondPassphrase(asked, watch)),
  changeSecond: async (
    asked: { space: SpaceId; part: Guarded; present: string; next: string },
    watch: (now: Progress) => void,
  ): Promise<RekeyView> => keysOf(await commands.changeSecondPassphrase(asked, watch)),
  removeSecond: async (
    asked: { space: SpaceId; present: string },
    watch: (now: Progress) => void,
  ): Promise<RekeyView> => keysOf(await commands.removeSecondPassphrase(asked, watch)),
  showAs: async (space: SpaceId, shownAs: string): Promise<Space> =>
    replace(await commands.showSpaceAs({ space, shownAs })),
  shutSealed: async (space: SpaceId): Promise<Space> => replace(await commands.shutSealed({ space })),
};

onLock(() => {
  list = [];
  shut = [];
  loaded = false;
});
