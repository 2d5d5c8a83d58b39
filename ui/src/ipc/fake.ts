// An in-memory host that keeps the contract's rules, for component tests and for looking at screens in a plain
// browser (`VITE_FAKE=1 npm run dev`). It is never in the finished bundle: `scripts/check-dist.mjs` looks for this mark.
import type {
  AppError,
  AppState,
  BackedUp,
  BackupsView,
  BackupView,
  Checkup,
  Consent,
  Disclosure,
  ErrorCode,
  Goal,
  Guarded,
  Guards,
  ImportPreview,
  KeptRecord,
  Label,
  Left,
  Proof,
  ReceiptView,
  RecordBody,
  RecordChange,
  RecordDraft,
  RecordKind,
  RecordLine,
  RecordView,
  Rehearsed,
  RekeyView,
  SealedState,
  Settings,
  ShownLabel,
  ShutSpace,
  Space,
  SpaceDraft,
  SpaceId,
  SummaryText,
  SummaryView,
} from "../bindings";
import { addDays, dayOf, daysBetween, todayIs } from "../words";
import type { Answer, Asked, Command, Host } from "./host";

export const MARK = "confidant-in-memory-host";

/** What is said of a backup where nothing is amiss. */
const backedUp: BackedUp = { incomplete: false, remembered: true, settled: true };
const DEFAULT_SETTINGS: Settings = {
  theme: "system",
  textSize: 100,
  discreetWhenUnfocused: false,
  autoLockMinutes: 10,
};
const WORDS =
  "abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual".split(
    " ",
  );
/** The words of a spare key that are asked for. */
const QUESTIONS = [3, 11, 20];
const EXCERPT = 240;
const BIN_DAYS = 30;
/** Days before the end of its agreed time from which Today speaks of a notebook. */
const NOTICE_DAYS = 30;
/** Edits that follow each other within this time are one sitting, and make one revision. */
const SITTING_MINUTES = 10;
/** Kinds that are not written as one types: every change of them is kept. */
const KEPT_ALWAYS: readonly RecordKind[] = ["goal", "commitment"];
const LONGEST = 1_000_000;
/** Characters of a name that is shown while a notebook is shut. */
const LONGEST_ALIAS = 64;

type Version = {
  revision: number;
  at: string;
  label: Label;
  on: string;
  asToldBy: string | null;
  body: RecordBody;
};
type Stored = {
  id: string;
  space: string;
  parent: string | null;
  created: string;
  binned: string | null;
  /** The kept earlier states, the oldest first, and last the present one. */
  versions: Version[];
};
type StoredSummary = {
  id: string;
  space: string;
  version: number;
  revision: number;
  edited: string;
  text: SummaryText;
  consents: Consent[];
  earlier: Consent[];
  exported: boolean;
  binned: string | null;
};

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

export type FakeHost = Host & {
  /** Makes the next call of this command fail. */
  failNext: (command: Command, code: ErrorCode, params?: Record<string, string>) => void;
  /** Every command asked so far. */
  readonly asked: { command: Command; asked: unknown }[];
  /** As if the person closed the window; resolves with whether it closed. */
  closeWindow: () => Promise<boolean>;
  focusWindow: (focused: boolean) => void;
  /** As if the host's own clock, or the computer going to sleep, wanted the vault locked. */
  wantLocked: () => void;
  /** As if looking through the open vault had found that something is not as it was saved. */
  findDamage: () => void;
  title: () => string;
};

export type Seed = "none" | "locked" | "empty" | "newer" | "damaged";
export type FakeOptions = {
  seed?: Seed;
  passphrase?: string;
  name?: string;
  now?: () => Date;
  settings?: Partial<Settings>;
  opened?: AppState["opened"];
  readOnly?: boolean;
  /** How many of each list are damaged. */
  unreadable?: number;
  /** Whether the backup that is put back holds a notebook that was forgotten since. */
  forgottenReturns?: boolean;
  /** What opens the vault that a backup takes the place of, where the backup opens with something else. */
  presentOpensWith?: string;
  /** Whether a fresh process takes the place of this one when it locks, as in the program. */
  replaces?: boolean;
  /** What the process left that this one has taken the place of. */
  left?: Left;
  guards?: Partial<Guards>;
  /** Whether this computer's keychain opens the vault. */
  keychain?: boolean;
  /** How many other keychains open it. */
  otherKeychains?: number;
  /** How the last rehearsal of putting a backup back went. */
  rehearsed?: Rehearsed;
  /** What looking through the vault comes to, where not all is well. */
  checkup?: Partial<Checkup>;
  /** What proving comes to, where it is no proof. */
  proof?: Partial<Proof>;
  /** A pause before each answer, to see what is busy. */
  delay?: number;
};

export const appError = (code: ErrorCode, params: Record<string, string> = {}): AppError => ({
  code,
  params,
});

const fail = (code: ErrorCode, params: Record<string, string> = {}): never => {
  throw appError(code, params);
};

export const makeFakeHost = (options: FakeOptions = {}): FakeHost => {
  const now = (): Date => options.now?.() ?? new Date();
  const instant = (): string => now().toISOString();
  let vault: AppState["vault"] =
    options.seed === "none" || options.seed === "newer" || options.seed === "damaged"
      ? options.seed
      : options.seed === "locked"
        ? "locked"
        : "open";
  let passphrase = options.passphrase ?? "correct horse battery staple";
  let spareKey = WORDS;
  /** Shown, and still to be confirmed. */
  let newSpareKey: string[] | null = null;
  let keychain = options.keychain ?? false;
  let otherKeychains = options.otherKeychains ?? 0;
  /** The passphrase that counts once everything gets new keys. */
  let rekeyed: string | null = null;
  let settings: Settings = { ...DEFAULT_SETTINGS, ...options.settings };
  let profile = { name: options.name ?? "Helen" };
  const spaces: (SpaceDraft & { id: string; created: string; keepUntil: string | null })[] = [];
  let records: Stored[] = [];
  let summaries: StoredSummary[] = [];
  let disclosures: Disclosure[] = [];
  let lastImport: string[] = [];
  let importing: ImportPreview | null = null;
  let receipt: ReceiptView | null = null;
  let backupFolder: string | null = null;
  let knownBackups: BackupView[] = [];
  const snapshots = new Map<string, { opensWith: string; records: Stored[] }>();
  const backupsView = (): BackupsView => ({
    folder: backupFolder,
    reachable: backupFolder !== null,
    rehearsed: options.rehearsed ?? null,
    known: knownBackups.map((one) => ({ ...one })),
  });
  const checkup = (): Checkup => ({
    ok: true,
    findings: [],
    spaces: [
      { id: makeId(), name: null, sealed: false, expected: 3, found: 3, ok: true },
      ...spaces.map(({ id, name }) => {
        const count = records.filter((one) => one.space === id).length;
        return { id, name, sealed: false, expected: count, found: count, ok: true };
      }),
    ],
    kept: [],
    copies: [],
    ...unwell,
  });
  const remember = (folder: string): BackupView => {
    const made: BackupView = {
      id: makeId(),
      made: instant(),
      verified: instant(),
      bytes: 48_000,
      file: `confidant-${todayIs(now())}-183000.cfdbackup`,
      folder,
      place: "there",
    };
    knownBackups = [made, ...knownBackups];
    snapshots.set(made.id, { opensWith: passphrase, records: structuredClone(records) });
    return made;
  };
  let serial = 0;
  let title = "";
  const failures = new Map<Command, AppError>();
  const asked: { command: Command; asked: unknown }[] = [];
  let before: (() => Promise<boolean>) | null = null;
  let focusChanged: ((focused: boolean) => void) | null = null;
  /** What runs now and can be stopped. */
  let task: { stopped: boolean } | null = null;
  let lockDue: (() => void) | null = null;
  let checked: (() => void) | null = null;
  let opened = options.opened ?? [];
  let unwell = options.checkup ?? {};

  const makeId = (): string => `0192a000-0000-7000-8000-${String(++serial).padStart(12, "0")}`;
  const state = (): AppState => ({
    vault,
    opened: vault === "open" ? opened : [],
    readOnly: options.readOnly ?? false,
    demo: false,
    keychain,
    otherKeychains,
    left: options.left ?? null,
    guards: { hardened: true, memoryLocked: true, sessionWatched: true, ...options.guards },
    version: "0.1.0",
    settings,
  });

  const monogram = (name: string): string =>
    name
      .split(/\s+/)
      .filter(Boolean)
      .slice(0, 2)
      .map((word) => word[0]?.toUpperCase() ?? "")
      .join("");

  const last = (record: Stored): Version => record.versions.at(-1) ?? fail("storage");
  /** The second passphrase of each notebook that has one, and the name that is shown while it is shut. */
  const locks = new Map<string, { passphrase: string; shownAs: string; open: boolean }>();
  const isShut = (space: string): boolean => locks.get(space)?.open === false;
  /** The sealed part of each notebook that has one. */
  const seals = new Map<string, { passphrase: string; open: boolean }>();
  const sealedOf = (space: string): SealedState => {
    const seal = seals.get(space);
    return seal === undefined ? "missing" : seal.open ? "open" : "shut";
  };
  const isSealed = (record: Stored): boolean => last(record).label === "sealed";
  /** What is sealed is as good as not there while it is shut. */
  const reachable = (): Stored[] =>
    records.filter((r) => !isShut(r.space) && (!isSealed(r) || sealedOf(r.space) === "open"));
  const find = (id: string): Stored => reachable().find((r) => r.id === id) ?? fail("notFound");
  const summaryOf = (id: string, binned = false): StoredSummary =>
    summaries.find((s) => s.id === id && (s.binned !== null) === binned) ?? fail("notFound");
  const spaceOf = (id: string): (typeof spaces)[number] => {
    if (isShut(id)) fail("spaceLocked");
    return spaces.find((s) => s.id === id) ?? fail("spaceNotFound");
  };

  const plain = (markdown: string): string =>
    markdown
      .replace(/^[#>\-*\d.\s]+/gm, "")
      .replace(/[*_`]/g, "")
      .replace(/\s+/g, " ")
      .trim();
  const textOf = (body: RecordBody): { title: string; text: string } => {
    switch (body.kind) {
      case "note":
        return { title: body.title, text: body.text };
      case "meeting":
        return { title: body.title, text: body.points.map((point) => `- ${point.text}`).join("\n") };
      case "heard":
        return { title: "", text: body.text };
      case "goal":
        return { title: body.title, text: body.why };
      case "feedback":
        return { title: body.situation, text: body.behaviour };
      case "commitment":
        return { title: body.text, text: body.note };
      case "person":
        return { title: body.name, text: body.work };
    }
  };
  const stateOf = (body: RecordBody): string | null => {
    if (body.kind === "note") return body.purpose;
    if (body.kind === "feedback") return body.direction;
    return "state" in body ? body.state : null;
  };
  const needed = (space: string): ("me" | "them")[] =>
    spaceOf(space).kind === "journal" ? ["me"] : ["me", "them"];
  const agreed = (summary: StoredSummary): boolean =>
    needed(summary.space).every((who) => summary.consents.some((c) => c.by === who));
  const isPast = (day: string | null): boolean => day !== null && day < todayIs(now());
  /** Whether it stands behind a sentence that everyone agreed to, as long as the summary may be used. */
  const isAgreed = (record: Stored): boolean =>
    !record.binned &&
    summaries.some(
      (s) =>
        s.space === record.space &&
        !s.binned &&
        agreed(s) &&
        !isPast(s.text.expires) &&
        s.text.paragraphs.some((p) => p.sentences.some((one) => one.sources.includes(record.id))),
    );
  /** What is agreed is the present state, no earlier one. */
  const shown = (record: Stored, version: Version): ShownLabel =>
    version.label === "shareable" && version === last(record) && isAgreed(record) ? "agreed" : version.label;

  const lineOf = (record: Stored, version: Version = last(record)): RecordLine => {
    const { title: name, text } = textOf(version.body);
    const body = version.body;
    const words = plain(text);
    return {
      id: record.id,
      space: record.space,
      kind: body.kind,
      label: shown(record, version),
      title: name || words.slice(0, 80),
      excerpt: name ? words.slice(0, EXCERPT) : words.slice(80, EXCERPT),
      on: version.on,
      created: record.created,
      edited: version.at,
      parent: record.parent,
      asToldBy: version.asToldBy,
      binned: record.binned,
      state: stateOf(body),
      due: body.kind === "goal" || body.kind === "commitment" ? body.due : null,
      owner: body.kind === "commitment" ? body.owner : null,
      steps:
        body.kind === "goal"
          ? { done: body.milestones.filter((m) => m.doneOn).length, total: body.milestones.length }
          : null,
    };
  };
  const viewOf = (record: Stored, version: Version = last(record)): RecordView => ({
    line: lineOf(record, version),
    revision: version.revision,
    body: structuredClone(version.body),
  });

  const check = (draft: { label: Label; on: string; body: RecordBody }, space: string): void => {
    if (draft.body.kind === "note" && draft.body.purpose === "observation" && draft.label === "shareable")
      fail("labelNotAllowed");
    if (draft.label === "sealed" && sealedOf(space) === "missing") fail("sealedMissing");
    if (draft.label === "sealed" && sealedOf(space) === "shut") fail("sealedShut");
    if (draft.on < "1900-01-01" || draft.on > "2200-12-31") fail("dateOutOfRange");
    if (JSON.stringify(draft.body).length > LONGEST) fail("textTooLong");
    if (draft.body.kind === "commitment" && !draft.body.text.trim()) fail("fieldMissing");
    if (draft.body.kind === "goal" && !draft.body.title.trim()) fail("fieldMissing");
  };

  const viewSpace = (space: (typeof spaces)[number]): Space => {
    const all = reachable().filter((r) => r.space === space.id && !r.binned);
    const here = all.filter((r) => !isSealed(r));
    const counts: Record<string, number> = {};
    for (const record of all) {
      const kind = last(record).body.kind;
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    const met = here
      .filter((r) => last(r).body.kind === "meeting" && last(r).on <= todayIs(now()))
      .map((r) => last(r).on)
      .sort();
    return {
      ...space,
      monogram: monogram(space.name),
      secondPassphrase: locks.has(space.id),
      shownAs: locks.get(space.id)?.shownAs ?? null,
      sealed: sealedOf(space.id),
      counts,
      openPromises: here.filter((r) => stateOf(last(r).body) === "open" && last(r).body.kind === "commitment")
        .length,
      lastMet: met.at(-1) ?? null,
      lastTouched:
        here
          .map((r) => last(r).at)
          .sort()
          .at(-1) ?? null,
    };
  };

  const viewShut = (space: (typeof spaces)[number]): ShutSpace => {
    const shownAs = locks.get(space.id)?.shownAs ?? fail("noSecondPassphrase");
    return {
      id: space.id,
      shownAs,
      monogram: monogram(shownAs),
      keepUntil: space.keepUntil,
      sealed: seals.has(space.id),
    };
  };
  const shownName = (shownAs: string): string => {
    if (!shownAs.trim()) fail("nameEmpty");
    if (shownAs.length > LONGEST_ALIAS) fail("textTooLong", { field: "name", limit: "16" });
    return shownAs.trim();
  };
  const newSecond = (chosen: string): string => {
    if (answers.measure_passphrase({ passphrase: chosen }).score < 2) fail("passphraseWeak");
    if (chosen === passphrase) fail("secondSame");
    return chosen;
  };
  const keysReport = (): RekeyView => {
    const backups = knownBackups.map(({ made, file, folder, place }) => ({ made, file, folder, place }));
    return { records: records.length, old: "destroyed", tried: 14, backups, more: false, leftBehind: 0 };
  };

  /** The records of a backup, to whoever has the keys. */
  const kept = (id: string, key: string | null): Stored[] => {
    const snapshot = snapshots.get(id) ?? fail("importUnreadable");
    if (snapshot.opensWith !== (key ?? passphrase)) fail(key === null ? "backupOldKeys" : "wrongPassphrase");
    return snapshot.records;
  };

  const nameSpace = (draft: SpaceDraft, but?: string): SpaceDraft => {
    const name = draft.name.trim();
    if (!name) fail("nameEmpty");
    if (spaces.some((s) => s.id !== but && s.name.toLowerCase() === name.toLowerCase())) fail("nameTaken");
    if (draft.kind === "relationship" && !draft.role) fail("fieldMissing");
    return { ...draft, name, role: draft.kind === "relationship" ? draft.role : null };
  };

  const add = (draft: RecordDraft, at: string = instant()): Stored => {
    spaceOf(draft.space);
    check(draft, draft.space);
    if (draft.parent) find(draft.parent);
    const record: Stored = {
      id: makeId(),
      space: draft.space,
      parent: draft.parent,
      created: at,
      binned: null,
      versions: [
        {
          revision: 1,
          at,
          label: draft.label,
          on: draft.on,
          asToldBy: draft.asToldBy,
          body: structuredClone(draft.body),
        },
      ],
    };
    records.push(record);
    return record;
  };
  type State = Omit<Version, "revision" | "at">;
  const stateOnly = ({ label, on, asToldBy, body }: State): State => ({ label, on, asToldBy, body });
  const replace = (record: Stored, next: State, keep: boolean): Stored => {
    const revision = last(record).revision + 1;
    if (!keep) record.versions.pop();
    record.versions.push({ ...structuredClone(next), revision, at: instant() });
    return record;
  };
  const change = (asks: RecordChange): Stored => {
    const record = find(asks.id);
    check(asks, record.space);
    const before = last(record);
    if (before.body.kind !== asks.body.kind) fail("notFound");
    if (before.revision !== asks.revision) fail("changedElsewhere");
    const next = stateOnly(asks);
    if (same(next, stateOnly(before))) return record;
    const sameSitting =
      !("keepEarlier" in asks && asks.keepEarlier === true) &&
      !KEPT_ALWAYS.includes(before.body.kind) &&
      next.label === before.label &&
      now().getTime() - new Date(before.at).getTime() < SITTING_MINUTES * 60_000;
    return replace(record, next, !sameSitting);
  };
  /** What is kept of a record, the newest first; the present state is not among it. */
  const keptOf = (record: Stored): Version[] => record.versions.slice(0, -1).reverse();
  const keptAs = (record: Stored, revision: number): Version =>
    keptOf(record).find((version) => version.revision === revision) ?? fail("notFound");
  const restore = (record: Stored, revision: number): Stored => {
    const state = keptAs(record, revision);
    // What was lowered to Private stays so, and so does what was written while it was not Shareable.
    const present = last(record).label;
    const label = present === "shareable" && state.label !== "shareable" ? "private" : present;
    check({ ...state, label }, record.space);
    return replace(record, { ...stateOnly(state), label }, true);
  };

  /** A record, and what belongs to it. */
  const family = (record: Stored, child: (one: Stored) => boolean): Stored[] => [
    record,
    ...records.filter((one) => one.parent === record.id && child(one)),
  ];
  /** What it belongs to, without which nothing would show it. */
  const parentsOf = (record: Stored): Stored[] => {
    const parent = records.find((one) => one.id === record.parent);
    return parent ? [parent, ...parentsOf(parent)] : [];
  };

  const usable = (id: string): boolean => {
    const record = records.find((r) => r.id === id);
    return record !== undefined && !record.binned && last(record).label === "shareable";
  };
  const viewSummary = (summary: StoredSummary): SummaryView => ({
    line: {
      id: summary.id,
      space: summary.space,
      title: summary.text.title,
      purpose: summary.text.purpose,
      from: summary.text.from,
      to: summary.text.to,
      state: agreed(summary) ? (summary.exported ? "exported" : "agreed") : "draft",
      version: summary.version,
      edited: summary.edited,
      binned: summary.binned,
    },
    revision: summary.revision,
    text: structuredClone(summary.text),
    consents: [...summary.consents],
    consentNeeded: needed(summary.space).filter((who) => !summary.consents.some((c) => c.by === who)),
    flags: sourcesOf(summary.text)
      .filter((id) => !usable(id))
      .map((source) => ({
        source,
        reason: records.some((r) => r.id === source && !r.binned)
          ? ("notShareable" as const)
          : ("deleted" as const),
      })),
    earlier: [...summary.earlier],
  });
  const sourcesOf = (text: SummaryText): string[] => [
    ...new Set([...text.evidence, ...text.paragraphs.flatMap((p) => p.sentences.flatMap((s) => s.sources))]),
  ];
  const checkSources = (text: SummaryText, had: readonly string[] = []): void => {
    // What was picked before and has been withdrawn since stays, flagged; nothing new that is not Shareable comes in.
    if (sourcesOf(text).some((id) => !usable(id) && !had.includes(id))) fail("notShareable");
  };

  const isEmpty = (text: SummaryText): boolean =>
    !text.paragraphs.some((p) => !p.heading && p.sentences.some((s) => s.text.trim()));
  const touch = (summary: StoredSummary): void => {
    summary.revision += 1;
    summary.edited = instant();
  };

  const unlocked = (): void => {
    if (vault !== "open") fail("vaultLocked");
  };
  const open = (): AppState => {
    vault = "open";
    newSpareKey = null;
    return state();
  };
  const pending = (): string[] => {
    if (vault !== "open" && vault !== "setUp") fail("vaultLocked");
    return newSpareKey ?? fail("notFound");
  };
  const checkWords = (words: readonly { position: number; word: string }[]): void => {
    const right = pending();
    const wrong = QUESTIONS.find((position) =>
      words.every((w) => w.position !== position || w.word.trim().toLowerCase() !== right[position - 1]),
    );
    if (wrong !== undefined) fail("spareKeyConfirm", { position: String(wrong) });
  };
  const escape = (text: string): string =>
    text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? c);

  type Answers = { [C in Command]: (asks: Asked<C>) => Answer<C> };
  const answers: Answers = {
    app_state: () => state(),
    touch: () => null,
    save_settings: ({ settings: next }) => (settings = { ...next }),
    measure_passphrase: ({ passphrase: text }) => {
      const words = text.trim().split(/\s+/).filter(Boolean).length;
      const bits = words * 4 + Math.max(0, text.length - words * 5) * 0.4;
      const score = text.length === 0 ? 0 : bits < 6 ? 1 : bits < 12 ? 2 : bits < 18 ? 3 : 4;
      const hint = score >= 3 ? null : "addWords";
      return { score, guessesLog10: bits, hint, outerSpace: text !== text.trim() };
    },
    suggest_passphrase: () => "lantern orchard pebble violin harbour thimble",
    create_vault: ({ passphrase: chosen, name }) => {
      if (vault !== "none") fail("vaultExists");
      if (!chosen) fail("passphraseEmpty");
      if (answers.measure_passphrase({ passphrase: chosen }).score < 2) fail("passphraseWeak");
      passphrase = chosen;
      profile = { name };
      newSpareKey = spareKey;
      vault = "setUp";
      return [...spareKey];
    },
    save_spare_key_sheet: () => {
      pending();
      return { name: "Confidant spare key.pdf" };
    },
    print_spare_key_sheet: () => {
      pending();
      window.print();
      return null;
    },
    spare_key_words: () => [...pending()],
    spare_key_questions: () => {
      pending();
      return [...QUESTIONS];
    },
    confirm_spare_key: ({ words }) => {
      if (rekeyed !== null) fail("notFound");
      checkWords(words);
      spareKey = pending();
      return open();
    },
    unlock_vault: ({ passphrase: tried }) => {
      if (vault === "none") fail("noVault");
      return tried === passphrase ? open() : fail("wrongPassphrase");
    },
    unlock_with_spare_key: ({ words, passphrase: next }) => {
      const given = words.trim().toLowerCase().split(/\s+/);
      if (given.length !== 24) fail("spareKeyCount", { found: String(given.length) });
      const strange = given.findIndex((word) => !WORDS.includes(word));
      if (strange >= 0) fail("spareKeyWord", { position: String(strange + 1) });
      if (given.join(" ") !== spareKey.join(" ")) fail("wrongSpareKey");
      if (next !== null) passphrase = next;
      return open();
    },
    accept_vault: () => {
      unlocked();
      if (options.readOnly === true) fail("readOnly");
      opened = opened.filter(({ means }) => means !== "asks");
      return state();
    },
    lock_vault: () => {
      const was = vault;
      if (vault === "open" || vault === "setUp") vault = "locked";
      for (const lock of [...seals.values(), ...locks.values()]) lock.open = false;
      receipt = null;
      newSpareKey = null;
      return options.replaces && was !== "locked" ? null : state();
    },
    change_passphrase: ({ current, next }) => {
      unlocked();
      if (current !== passphrase) fail("wrongPassphrase");
      if (!next) fail("passphraseEmpty");
      if (answers.measure_passphrase({ passphrase: next }).score < 2) fail("passphraseWeak");
      passphrase = next;
      return null;
    },
    allow_keychain: ({ passphrase: given }) => {
      unlocked();
      if (given !== passphrase) fail("wrongPassphrase");
      keychain = true;
      return state();
    },
    withdraw_keychain: () => {
      unlocked();
      keychain = false;
      return state();
    },
    withdraw_other_keychains: () => {
      unlocked();
      otherKeychains = 0;
      return state();
    },
    unlock_with_keychain: () => {
      if (!keychain) fail("keychainStale");
      return open();
    },
    begin_rekey: ({ current, next, seconds }) => {
      unlocked();
      if (options.readOnly === true) fail("readOnly");
      if (answers.measure_passphrase({ passphrase: next }).score < 2) fail("passphraseWeak");
      if (current !== passphrase) fail("wrongPassphrase");
      if (next === passphrase) fail("passphraseSame");
      const of = (part: Guarded): Map<string, { passphrase: string }> => (part === "sealed" ? seals : locks);
      for (const { space, part, passphrase: given } of seconds)
        if (of(part).get(space)?.passphrase !== given) fail("wrongSecondPassphrase", { space, part });
      for (const part of ["notebook", "sealed"] as const)
        for (const id of of(part).keys())
          if (!seconds.some((one) => one.space === id && one.part === part)) fail("secondMissing");
      newSpareKey = [...spareKey.slice(2), ...spareKey.slice(0, 2)];
      rekeyed = next;
      return [...newSpareKey];
    },
    cancel_rekey: () => {
      unlocked();
      newSpareKey = rekeyed = null;
      return null;
    },
    finish_rekey: ({ words }) => {
      unlocked();
      if (rekeyed === null) fail("notFound");
      checkWords(words);
      spareKey = pending();
      passphrase = rekeyed ?? passphrase;
      newSpareKey = rekeyed = null;
      keychain = false;
      otherKeychains = 0;
      return keysReport();
    },
    replace_spare_key: ({ passphrase: given }) => {
      unlocked();
      rekeyed = null;
      if (given !== passphrase) fail("wrongPassphrase");
      newSpareKey = [...spareKey.slice(1), spareKey[0] ?? ""];
      return [...newSpareKey];
    },
    cancel_task: () => null,
    list_spaces: () => {
      unlocked();
      return spaces.filter((s) => !isShut(s.id)).map(viewSpace);
    },
    list_shut_spaces: () => {
      unlocked();
      return spaces.filter((s) => isShut(s.id)).map(viewShut);
    },
    open_space: ({ space: id, passphrase: tried }) => {
      unlocked();
      const lock = locks.get(id) ?? fail("spaceNotFound");
      if (lock.passphrase !== tried) fail("wrongSecondPassphrase");
      lock.open = true;
      return viewSpace(spaceOf(id));
    },
    close_space: ({ space: id }) => {
      unlocked();
      const space = spaceOf(id);
      const closed = viewShut(space);
      (locks.get(id) ?? fail("noSecondPassphrase")).open = false;
      const seal = seals.get(id);
      if (seal) seal.open = false;
      return closed;
    },
    set_second_passphrase: ({ space: id, shownAs, passphrase: chosen }) => {
      unlocked();
      spaceOf(id);
      if (locks.has(id)) fail("hasSecondPassphrase");
      locks.set(id, { passphrase: newSecond(chosen), shownAs: shownName(shownAs), open: true });
      return keysReport();
    },
    change_second_passphrase: ({ space: id, part, present, next }) => {
      unlocked();
      const lock =
        part === "sealed"
          ? (seals.get(id) ?? fail("sealedMissing"))
          : (locks.get(id) ?? fail("noSecondPassphrase"));
      if (lock.passphrase !== present) fail("wrongSecondPassphrase");
      lock.passphrase = newSecond(next);
      return keysReport();
    },
    remove_second_passphrase: ({ space: id, present }) => {
      unlocked();
      spaceOf(id);
      const lock = locks.get(id) ?? fail("noSecondPassphrase");
      if (lock.passphrase !== present) fail("wrongSecondPassphrase");
      locks.delete(id);
      return keysReport();
    },
    show_space_as: ({ space: id, shownAs }) => {
      unlocked();
      const space = spaceOf(id);
      (locks.get(id) ?? fail("noSecondPassphrase")).shownAs = shownName(shownAs);
      return viewSpace(space);
    },
    create_space: ({ draft }) => {
      unlocked();
      const space = { ...nameSpace(draft), id: makeId(), created: instant(), keepUntil: null };
      spaces.push(space);
      return viewSpace(space);
    },
    update_space: ({ space: id, draft }) => {
      unlocked();
      const space = spaceOf(id);
      if (draft.kind !== space.kind) fail("fieldMissing");
      Object.assign(space, nameSpace(draft, id));
      return viewSpace(space);
    },
    keep_space_until: ({ space: id, day }) => {
      unlocked();
      if (day !== null && (day < "1970-01-02" || day > "2200-12-31")) fail("dateOutOfRange");
      const space = spaceOf(id);
      space.keepUntil = day;
      return viewSpace(space);
    },
    make_sealed: ({ space: id, passphrase: chosen }) => {
      unlocked();
      const space = spaceOf(id);
      if (seals.has(id)) fail("changedElsewhere");
      if (answers.measure_passphrase({ passphrase: chosen }).score < 2) fail("passphraseWeak");
      seals.set(id, { passphrase: chosen, open: true });
      return viewSpace(space);
    },
    open_sealed: ({ space: id, passphrase: tried }) => {
      unlocked();
      const space = spaceOf(id);
      const seal = seals.get(id) ?? fail("sealedMissing");
      if (seal.passphrase !== tried) fail("wrongSecondPassphrase");
      seal.open = true;
      return viewSpace(space);
    },
    shut_sealed: ({ space: id }) => {
      unlocked();
      const space = spaceOf(id);
      (seals.get(id) ?? fail("sealedMissing")).open = false;
      return viewSpace(space);
    },
    forget_space: ({ space: id, name }) => {
      unlocked();
      const space = spaces.find((s) => s.id === id) ?? fail("spaceNotFound");
      const called = isShut(id) ? (locks.get(id)?.shownAs ?? "") : space.name;
      if (called.toLowerCase() !== name.trim().toLowerCase()) fail("nameDiffers");
      receipt = {
        when: "11 June 2026, 10:42",
        lines: [
          { about: "Notebook", says: "D. R., kept from 1 September 2021 to 11 June 2026" },
          { about: "Key", says: "destroyed, and every copy of it in the vault’s folder" },
          {
            about: "Tried after",
            says: "all 9 files that are left and 120 locked parts in them; no key still held opens anything of it",
          },
        ],
      };
      spaces.splice(spaces.indexOf(space), 1);
      records = records.filter((r) => r.space !== id);
      summaries = summaries.filter((s) => s.space !== id);
      disclosures = disclosures.filter((d) => d.space !== id);
      seals.delete(id);
      locks.delete(id);
      return receipt;
    },
    save_receipt: ({ format }) => {
      unlocked();
      if (receipt === null) fail("notFound");
      return { name: format === "pdf" ? "Receipt, 2026-06-11.pdf" : "Receipt, 2026-06-11.txt" };
    },
    backups: () => {
      unlocked();
      return backupsView();
    },
    choose_backup_folder: () => {
      unlocked();
      backupFolder = "/media/stick";
      return backupsView();
    },
    stop_backups: () => {
      unlocked();
      backupFolder = null;
      return backupsView();
    },
    back_up_now: () => {
      unlocked();
      if (backupFolder === null) fail("notFound");
      remember(backupFolder ?? "");
      return { made: { ...backedUp }, backups: backupsView() };
    },
    save_backup: () => {
      unlocked();
      return { name: remember("/home/helen").file, made: { ...backedUp } };
    },
    check_backup: ({ id }) => {
      unlocked();
      const backup = knownBackups.find((one) => one.id === id) ?? fail("notFound");
      backup.verified = instant();
      return backupsView();
    },
    look_into_backup: ({ id, key }) => {
      unlocked();
      const untold = new Set<SpaceId>();
      const found = kept(id, key).flatMap((then): KeptRecord[] => {
        const now = records.find((r) => r.id === then.id);
        const here = !now
          ? "gone"
          : now.binned
            ? "binned"
            : last(now).at === last(then).at
              ? null
              : "changed";
        const lists =
          then.binned === null && !isShut(then.space) && !isSealed(then) && !(now && isSealed(now));
        if (here === null || !lists) return [];
        if (here === "gone" && sealedOf(then.space) === "shut") {
          untold.add(then.space);
          return [];
        }
        return [{ line: lineOf(then), here }];
      });
      return { records: found, untold: [...untold] };
    },
    bring_back: ({ id, key, records: wanted }) => {
      unlocked();
      const all = kept(id, key);
      return wanted.map((one) => {
        const then = all.find((r) => r.id === one) ?? fail("notFound");
        const now = records.find((r) => r.id === one);
        if (!now) {
          records.push(structuredClone(then));
          return viewOf(find(one));
        }
        now.binned = null;
        return viewOf(replace(now, stateOnly(last(then)), true));
      });
    },
    drop_backup: ({ id }) => {
      unlocked();
      knownBackups = knownBackups.filter((one) => one.id !== id);
      return backupsView();
    },
    check_vault: () => {
      unlocked();
      return checkup();
    },
    mend_vault: () => {
      unlocked();
      unwell = {};
      return checkup();
    },
    prove_vault: () => {
      unlocked();
      if (options.readOnly === true) fail("readOnly");
      if (spaces.length === 0) fail("spaceNotFound");
      return {
        proven: true,
        looked: [
          { path: "/home/helen/.local/share/confidant", files: 12, bytes: 2_400_000 },
          { path: "/home/helen/.config/confidant", files: 4, bytes: 3_000 },
        ],
        files: 16,
        bytes: 2_403_000,
        unread: 0,
        found: [],
        ...options.proof,
      };
    },
    choose_restore: () => {
      if (vault === "open") fail("vaultExists");
      return {
        file: "confidant-2026-06-01-183000.cfdbackup",
        bytes: 48_000,
        written: "2026-06-01T18:30:00Z",
      };
    },
    restore_backup: ({ key, spareKey: bySpareKey, present, forgotten }) => {
      if (key !== (bySpareKey ? spareKey.join(" ") : passphrase))
        fail(bySpareKey ? "wrongSpareKey" : "wrongPassphrase");
      if (options.presentOpensWith !== undefined && forgotten !== "comeBack") {
        if (present === null) fail("forgottenUnknown");
        if (present !== options.presentOpensWith) fail("presentNotOpened");
      }
      if (forgotten === "ask" && options.forgottenReturns === true) fail("forgottenWouldReturn");
      return open();
    },
    profile: () => {
      unlocked();
      return profile;
    },
    save_profile: ({ profile: next }) => {
      unlocked();
      return (profile = { name: next.name.trim() });
    },
    list_records: ({ filter }) => {
      unlocked();
      // What is sealed shows in its own notebook and in the bin, and in nothing that gathers.
      const sealedToo = filter.space !== null || filter.binned;
      const lines = reachable()
        .map((record) => lineOf(record))
        .filter(
          (line) =>
            (sealedToo || line.label !== "sealed") &&
            (line.binned !== null) === filter.binned &&
            (filter.space === null || line.space === filter.space) &&
            (filter.kinds.length === 0 || filter.kinds.includes(line.kind)) &&
            (filter.labels.length === 0 || filter.labels.includes(line.label)) &&
            (filter.states.length === 0 || (line.state !== null && filter.states.includes(line.state))) &&
            (filter.parent === null || line.parent === filter.parent) &&
            (filter.from === null || line.on >= filter.from) &&
            (filter.to === null || line.on <= filter.to),
        )
        .sort(
          (a, b) =>
            b.on.localeCompare(a.on) || b.created.localeCompare(a.created) || b.id.localeCompare(a.id),
        );
      return { lines: lines.slice(filter.offset, filter.offset + filter.limit), total: lines.length };
    },
    open_record: ({ id }) => {
      unlocked();
      return viewOf(find(id));
    },
    create_record: ({ draft }) => {
      unlocked();
      return viewOf(add(draft));
    },
    save_record: ({ change: asks }) => {
      unlocked();
      return viewOf(change(asks));
    },
    list_revisions: ({ id }) => {
      unlocked();
      return keptOf(find(id)).map((v) => ({
        revision: v.revision,
        at: v.at,
        label: v.label,
        words: Object.values(textOf(v.body)).join(" ").split(/\s+/).filter(Boolean).length,
      }));
    },
    open_revision: ({ id, revision }) => {
      unlocked();
      const record = find(id);
      return viewOf(record, keptAs(record, revision));
    },
    restore_revision: ({ id, revision }) => {
      unlocked();
      return viewOf(restore(find(id), revision));
    },
    undo_record: ({ id }) => {
      unlocked();
      const record = find(id);
      const newest = keptOf(record)[0] ?? fail("notFound");
      return viewOf(restore(record, newest.revision));
    },
    bin_record: ({ id }) => {
      unlocked();
      const at = instant();
      for (const one of family(find(id), (child) => !child.binned)) one.binned = at;
      return null;
    },
    unbin_record: ({ id }) => {
      unlocked();
      const record = find(id);
      const since = record.binned;
      for (const one of [...family(record, (child) => child.binned === since), ...parentsOf(record)])
        one.binned = null;
      return viewOf(record);
    },
    erase_record: ({ id }) => {
      unlocked();
      if (!find(id).binned) fail("notFound");
      const gone = family(find(id), (child) => child.binned !== null);
      records = records.filter((r) => !gone.includes(r));
      return null;
    },
    today: () => {
      unlocked();
      const today = todayIs(now());
      const lines = records.filter((r) => !r.binned && !isSealed(r)).map((r) => lineOf(r));
      const far = "9999-12-31";
      return {
        name: profile.name,
        on: today,
        promises: lines
          .filter((l) => l.kind === "commitment" && l.state === "open")
          .sort((a, b) => (a.due ?? far).localeCompare(b.due ?? far)),
        meetings: lines
          .filter((l) => l.kind === "meeting" && l.on >= today)
          .sort((a, b) => a.on.localeCompare(b.on)),
        touched: [...lines].sort((a, b) => b.edited.localeCompare(a.edited)).slice(0, 5),
        endings: spaces
          .flatMap(({ id, keepUntil }) => {
            const days = keepUntil === null ? NOTICE_DAYS + 1 : daysBetween(today, keepUntil);
            return keepUntil === null || days > NOTICE_DAYS ? [] : [{ space: id, on: keepUntil, days }];
          })
          .sort((one, other) => one.on.localeCompare(other.on)),
        reminders: spaces
          .filter((space) => !isShut(space.id))
          .map(viewSpace)
          .flatMap((space) => {
            const since = space.lastMet ?? space.since ?? dayOf(space.created);
            const weeks = Math.floor(daysBetween(since, today) / 7);
            return space.meetEveryWeeks !== null && weeks > space.meetEveryWeeks
              ? [{ space: space.id, weeks, lastMet: space.lastMet }]
              : [];
          }),
      };
    },
    list_summaries: ({ space, binned }) => {
      unlocked();
      const lines = summaries
        .filter((s) => (space === null || s.space === space) && (s.binned !== null) === binned)
        .map((s) => viewSummary(s).line)
        .sort((a, b) => b.edited.localeCompare(a.edited));
      return { lines, unreadable: options.unreadable ?? 0 };
    },
    evidence: ({ space, from, to }) => {
      unlocked();
      spaceOf(space);
      if (from > to) fail("dateOutOfRange");
      const here = records
        .filter(
          (r) => r.space === space && !isSealed(r) && !r.binned && last(r).on >= from && last(r).on <= to,
        )
        .sort((a, b) => last(b).on.localeCompare(last(a).on) || b.created.localeCompare(a.created));
      return {
        mayBeUsed: here
          .filter((r) => last(r).label === "shareable")
          .map((r) => ({ line: lineOf(r), words: plain(textOf(last(r).body).text) })),
        stays: here.filter((r) => last(r).label !== "shareable").map((r) => ({ ...lineOf(r), excerpt: "" })),
        unreadable: options.unreadable ?? 0,
      };
    },
    create_summary: ({ space, text }) => {
      unlocked();
      spaceOf(space);
      checkSources(text);
      const summary: StoredSummary = {
        id: makeId(),
        space,
        version: 1,
        revision: 1,
        edited: instant(),
        text: structuredClone(text),
        consents: [],
        earlier: [],
        exported: false,
        binned: null,
      };
      summaries.push(summary);
      return viewSummary(summary);
    },
    open_summary: ({ id }) => {
      unlocked();
      return viewSummary(summaryOf(id));
    },
    save_summary: ({ id, revision, text }) => {
      unlocked();
      const summary = summaryOf(id);
      checkSources(text, sourcesOf(summary.text));
      if (summary.revision !== revision) fail("changedElsewhere");
      if (same(text, summary.text)) return viewSummary(summary);
      if (summary.consents.length > 0) {
        summary.earlier = [...summary.earlier, ...summary.consents];
        summary.consents = [];
        summary.version += 1;
        summary.exported = false;
      }
      summary.text = structuredClone(text);
      touch(summary);
      return viewSummary(summary);
    },
    consent_summary: ({ id, revision, by, name }) => {
      unlocked();
      const summary = summaryOf(id);
      if (isEmpty(summary.text)) fail("summaryEmpty");
      if (viewSummary(summary).flags.length > 0) fail("notShareable");
      if (!name.trim()) fail("nameEmpty");
      // A yes that is there already is not given a second time.
      if (!viewSummary(summary).consentNeeded.includes(by)) return viewSummary(summary);
      if (summary.revision !== revision) fail("changedElsewhere");
      summary.consents = [
        ...summary.consents,
        {
          by,
          name: name.trim(),
          at: instant(),
          how: by === "me" ? "ownYes" : "attestedInPerson",
          version: summary.version,
        },
      ];
      touch(summary);
      return viewSummary(summary);
    },
    delete_summary: ({ id }) => {
      unlocked();
      summaryOf(id).binned = instant();
      return null;
    },
    restore_summary: ({ id }) => {
      unlocked();
      const summary = summaryOf(id, true);
      summary.binned = null;
      return viewSummary(summary);
    },
    erase_summary: ({ id }) => {
      unlocked();
      const gone = summaryOf(id, true);
      summaries = summaries.filter((s) => s !== gone);
      return null;
    },
    export_summary: ({ id, format, toWhom }) => {
      unlocked();
      const summary = summaryOf(id);
      if (isEmpty(summary.text)) fail("summaryEmpty");
      const { consentNeeded, flags } = viewSummary(summary);
      if (consentNeeded.length > 0) {
        const before = consentNeeded.every((who) => summary.earlier.some((given) => given.by === who));
        fail(before ? "consentVoid" : "needsConsent");
      }
      if (flags.length > 0) fail("notShareable");
      if (isPast(summary.text.expires)) fail("summaryExpired");
      if (!toWhom.trim()) fail("fieldMissing");
      if (!summary.exported) touch(summary);
      summary.exported = true;
      disclosures = [
        {
          id: makeId(),
          space: summary.space,
          at: instant(),
          what: summary.text.title,
          purpose: summary.text.purpose,
          version: summary.version,
          format,
          toWhom: toWhom.trim(),
          consents: [...summary.consents],
        },
        ...disclosures,
      ];
      return { name: `summary.${format === "markdown" ? "md" : format}` };
    },
    preview_summary: ({ id }) => {
      unlocked();
      const { text } = summaryOf(id);
      const body = text.paragraphs
        .map((p) => {
          const words = escape(p.sentences.map((s) => s.text).join(" "));
          return p.heading ? `<h2>${words}</h2>` : `<p>${words}</p>`;
        })
        .join("");
      return `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>${escape(text.title)}</title></head><body><h1>${escape(text.title)}</h1>${body}</body></html>`;
    },
    list_disclosures: ({ space }) => {
      unlocked();
      const entries = disclosures.filter((d) => space === null || d.space === space);
      return { entries, unreadable: options.unreadable ?? 0 };
    },
    choose_import: ({ space }) => {
      unlocked();
      spaceOf(space);
      const today = todayIs(now());
      importing = {
        token: makeId(),
        format: "jrnlText",
        found: 3,
        from: addDays(today, -40),
        to: addDays(today, -2),
        tags: ["@work", "@reading"],
        duplicates: 0,
        unreadable: options.unreadable ?? 0,
        skipped: [{ line: 14, reason: "badDate" }],
        firstTitles: ["A slow start.", "The seminar went better than I feared.", "Ask about the placement."],
      };
      return importing;
    },
    run_import: ({ token, space }) => {
      unlocked();
      const preview = importing?.token === token ? importing : fail("notFound");
      const known = new Set(records.filter((r) => r.space === space).map((r) => lineOf(r).title));
      const fresh = preview.firstTitles.filter((name) => !known.has(name));
      lastImport = fresh.map(
        (name, i) =>
          add({
            space,
            label: "private",
            on: addDays(preview.from ?? todayIs(now()), i * 19),
            parent: null,
            asToldBy: null,
            body: {
              kind: "note",
              purpose: "journal",
              title: name,
              text: "",
              at: null,
              prompt: null,
              tags: preview.tags,
            },
          }).id,
      );
      importing = null;
      return { imported: fresh.length, duplicates: preview.found - fresh.length, skipped: preview.skipped };
    },
    undo_import: () => {
      unlocked();
      const count = lastImport.length;
      records = records.filter((r) => !lastImport.includes(r.id));
      lastImport = [];
      return count;
    },
  };

  const expire = (): void => {
    const edge = new Date(now().getTime() - BIN_DAYS * 86_400_000).toISOString();
    records = records.filter((r) => r.binned === null || r.binned > edge);
  };

  return {
    call: async (command, asks, progress) => {
      asked.push({ command, asked: structuredClone(asks) });
      // What can be stopped is told of its progress; being asked to stop is heard before anything is answered.
      if (command === "cancel_task" && task) task.stopped = true;
      const mine = progress ? (task = { stopped: false }) : null;
      await new Promise((done) => setTimeout(done, options.delay ?? 0));
      if (mine && task === mine) task = null;
      if (mine?.stopped) fail("cancelled");
      const failure = failures.get(command);
      if (failure) {
        failures.delete(command);
        throw failure;
      }
      expire();
      progress?.({ step: "working", done: 1, total: 1 });
      return structuredClone(answers[command](asks));
    },
    onClose: (fn) => {
      before = fn;
      return Promise.resolve();
    },
    onFocus: (fn) => {
      focusChanged = fn;
      return Promise.resolve();
    },
    onLockDue: (fn) => {
      lockDue = fn;
      return Promise.resolve();
    },
    onChecked: (fn) => {
      checked = fn;
      return Promise.resolve();
    },
    findDamage: () => {
      opened = [...opened, { code: "checkFailed", means: "told", params: {} }];
      checked?.();
    },
    setTitle: (words) => {
      title = words;
      document.title = words;
      return Promise.resolve();
    },
    failNext: (command, code, params = {}) => failures.set(command, appError(code, params)),
    asked,
    closeWindow: () => before?.() ?? Promise.resolve(true),
    focusWindow: (focused) => focusChanged?.(focused),
    wantLocked: () => lockDue?.(),
    title: () => title,
  };
};

/** An empty body of each kind, for tests and samples. */
export const emptyBody = (kind: RecordKind): RecordBody => {
  const goal: Goal = {
    title: "",
    why: "",
    measure: "",
    horizon: "short",
    sphere: "work",
    due: null,
    confidence: null,
    state: "open",
    closedOn: null,
    milestones: [],
    reports: [],
  };
  switch (kind) {
    case "note":
      return { kind, purpose: "note", title: "", text: "", at: null, prompt: null, tags: [] };
    case "meeting":
      return {
        kind,
        title: "",
        at: null,
        minutes: null,
        medium: "inPerson",
        place: "",
        points: [],
        began: null,
        ended: null,
        phase: "arrive",
      };
    case "heard":
      return { kind, text: "", state: "draft", correction: "" };
    case "goal":
      return { kind, ...goal };
    case "feedback":
      return { kind, direction: "given", situation: "", behaviour: "", impact: "", next: "", reply: "" };
    case "commitment":
      return {
        kind,
        text: "",
        owner: "me",
        due: null,
        state: "open",
        settledOn: null,
        note: "",
        follows: null,
        followedBy: null,
      };
    case "person":
      return { kind, name: "", pronouns: "", work: "", contact: "", about: "" };
  }
};
