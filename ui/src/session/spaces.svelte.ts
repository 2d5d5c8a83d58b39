// The notebooks: read once after opening, and again whenever something in them changed.
import type { Day, Guarded, Progress, RekeyView, ShutSpace, Space, SpaceDraft, SpaceId } from "../bindings";
import { commands } from "../ipc/commands";
import { onLock } from "./locking";

let list = $state<Space[]>([]);
let shut = $state<ShutSpace[]>([]);
let loaded = $state(false);
/** How often something sealed was opened or shut, and shut alone. */
let turned = $state(0);
let shuttings = $state(0);

const replace = (space: Space): Space => {
  list = list.some((s) => s.id === space.id)
    ? list.map((s) => (s.id === space.id ? space : s))
    : [...list, space];
  return space;
};

const turn = (space: Space): Space => {
  turned += 1;
  return replace(space);
};

/** Changes of the lists that have begun or ended, and readings of them that have begun. */
let changes = 0;
let readings = 0;

/** What is read while the lists change may be of before or after: its end counts as a change, too. */
const changing = async <T>(change: () => Promise<T>): Promise<T> => {
  changes += 1;
  try {
    return await change();
  } finally {
    changes += 1;
  }
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
  /** Changes whenever something sealed was opened or shut: what was read before may say too little or too much. */
  get sealedTurns(): number {
    return turned;
  },
  /** Changes whenever something sealed was shut: what is on the screen may say too much. */
  get shuttings(): number {
    return shuttings;
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
    const reading = (readings += 1);
    for (;;) {
      const before = changes;
      const read = await Promise.all([commands.listSpaces(), commands.listShutSpaces()]);
      // A later reading, or the lock, knows better.
      if (reading !== readings) return;
      if (before !== changes) continue;
      [list, shut] = read;
      loaded = true;
      return;
    }
  },
  create: (draft: SpaceDraft): Promise<Space> =>
    changing(async () => replace(await commands.createSpace({ draft }))),
  update: (space: SpaceId, draft: SpaceDraft): Promise<Space> =>
    changing(async () => replace(await commands.updateSpace({ space, draft }))),
  /** Sets the agreed day until which a notebook is kept, or takes it away. */
  keepUntil: (space: SpaceId, day: Day | null): Promise<Space> =>
    changing(async () => replace(await commands.keepSpaceUntil({ space, day }))),
  /** Makes the sealed part of a notebook, under a passphrase of its own, and leaves it open. */
  makeSealed: (space: SpaceId, passphrase: string, watch: (now: Progress) => void): Promise<Space> =>
    changing(async () => turn(await commands.makeSealed({ space, passphrase }, watch))),
  openSealed: (space: SpaceId, passphrase: string, watch: (now: Progress) => void): Promise<Space> =>
    changing(async () => turn(await commands.openSealed({ space, passphrase }, watch))),
  /** Opens a notebook that is shut. */
  openShut: (space: SpaceId, passphrase: string, watch: (now: Progress) => void): Promise<Space> =>
    changing(async () => {
      const opened = replace(await commands.openSpace({ space, passphrase }, watch));
      shut = shut.filter((s) => s.id !== space);
      return opened;
    }),
  /** Shuts a notebook that has a second passphrase. Everything in it must be saved before. */
  close: (space: SpaceId): Promise<void> =>
    changing(async () => {
      const closed = await commands.closeSpace({ space });
      list = list.filter((s) => s.id !== space);
      shut = [...shut.filter((s) => s.id !== space), closed];
    }),
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
  showAs: (space: SpaceId, shownAs: string): Promise<Space> =>
    changing(async () => replace(await commands.showSpaceAs({ space, shownAs }))),
  /** Shuts what is sealed in a notebook. Everything in it must be saved before. */
  shutSealed: (space: SpaceId): Promise<Space> =>
    changing(async () => {
      const now = turn(await commands.shutSealed({ space }));
      shuttings += 1;
      return now;
    }),
};

onLock(() => {
  readings += 1;
  list = [];
  shut = [];
  loaded = false;
});
