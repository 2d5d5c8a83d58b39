// The one door between the window and whatever answers it: the real program (`tauri.ts`) or, for tests and for
// looking at screens in a browser, the in-memory host (`fake.ts`).
import type {
  AppState,
  BackedUpView,
  BackupsView,
  Checkup,
  Day,
  DisclosureList,
  EvidenceList,
  ForgottenOnes,
  Guarded,
  ImportPreview,
  ImportReport,
  KeptRecords,
  Left,
  PassphraseStrength,
  Profile,
  Progress,
  Proof,
  ReceiptFormat,
  ReceiptView,
  RecordChange,
  RecordDraft,
  RecordFilter,
  RecordId,
  RecordPage,
  RecordView,
  RekeyView,
  RestoreOffer,
  RevisionLine,
  SavedBackup,
  SavedFile,
  SecondPassphrase,
  Settings,
  ShutSpace,
  Space,
  SpaceDraft,
  SpaceId,
  SpareKeyWords,
  SummaryList,
  SummaryText,
  SummaryView,
  Today,
} from "../bindings";

type Nothing = Record<string, never>;

/** Every command of the contract: what it is asked with and what it answers. */
export type Contract = {
  app_state: [Nothing, AppState];
  /** Somebody is there. Tells where they are, so that a window that hangs is locked and comes back there. */
  touch: [{ place: string }, null];
  save_settings: [{ settings: Settings }, Settings];
  measure_passphrase: [{ passphrase: string }, PassphraseStrength];
  suggest_passphrase: [Nothing, string];
  create_vault: [{ passphrase: string; name: string }, SpareKeyWords];
  save_spare_key_sheet: [Nothing, SavedFile | null];
  print_spare_key_sheet: [Nothing, null];
  confirm_spare_key: [{ words: { position: number; word: string }[] }, AppState];
  spare_key_words: [Nothing, SpareKeyWords];
  spare_key_questions: [Nothing, number[]];
  unlock_vault: [{ passphrase: string }, AppState];
  unlock_with_spare_key: [{ words: string; passphrase: string | null }, AppState];
  /** Answers null when a fresh process takes the place of this one: the window then shows nothing more. */
  accept_vault: [Nothing, AppState];
  lock_vault: [{ left: Left }, AppState | null];
  change_passphrase: [{ current: string; next: string }, null];
  replace_spare_key: [{ passphrase: string }, SpareKeyWords];
  allow_keychain: [{ passphrase: string }, AppState];
  withdraw_keychain: [Nothing, AppState];
  withdraw_other_keychains: [Nothing, AppState];
  unlock_with_keychain: [Nothing, AppState];
  begin_rekey: [{ current: string; next: string; seconds: SecondPassphrase[] }, SpareKeyWords];
  finish_rekey: [{ words: { position: number; word: string }[] }, RekeyView];
  cancel_rekey: [Nothing, null];
  cancel_task: [Nothing, null];
  list_spaces: [Nothing, Space[]];
  create_space: [{ draft: SpaceDraft }, Space];
  update_space: [{ space: SpaceId; draft: SpaceDraft }, Space];
  keep_space_until: [{ space: SpaceId; day: Day | null }, Space];
  make_sealed: [{ space: SpaceId; passphrase: string }, Space];
  open_sealed: [{ space: SpaceId; passphrase: string }, Space];
  shut_sealed: [{ space: SpaceId }, Space];
  list_shut_spaces: [Nothing, ShutSpace[]];
  open_space: [{ space: SpaceId; passphrase: string }, Space];
  close_space: [{ space: SpaceId }, ShutSpace];
  set_second_passphrase: [{ space: SpaceId; shownAs: string; passphrase: string }, RekeyView];
  change_second_passphrase: [{ space: SpaceId; part: Guarded; present: string; next: string }, RekeyView];
  remove_second_passphrase: [{ space: SpaceId; present: string }, RekeyView];
  show_space_as: [{ space: SpaceId; shownAs: string }, Space];
  forget_space: [{ space: SpaceId; name: string }, ReceiptView];
  save_receipt: [{ format: ReceiptFormat }, SavedFile | null];
  profile: [Nothing, Profile];
  save_profile: [{ profile: Profile }, Profile];
  list_records: [{ filter: RecordFilter }, RecordPage];
  open_record: [{ id: RecordId }, RecordView];
  create_record: [{ draft: RecordDraft }, RecordView];
  save_record: [{ change: RecordChange }, RecordView];
  list_revisions: [{ id: RecordId }, RevisionLine[]];
  open_revision: [{ id: RecordId; revision: number }, RecordView];
  restore_revision: [{ id: RecordId; revision: number }, RecordView];
  undo_record: [{ id: RecordId }, RecordView];
  bin_record: [{ id: RecordId }, null];
  unbin_record: [{ id: RecordId }, RecordView];
  erase_record: [{ id: RecordId }, null];
  today: [Nothing, Today];
  list_summaries: [{ space: SpaceId | null; binned: boolean }, SummaryList];
  evidence: [{ space: SpaceId; from: Day; to: Day }, EvidenceList];
  create_summary: [{ space: SpaceId; text: SummaryText }, SummaryView];
  open_summary: [{ id: RecordId }, SummaryView];
  save_summary: [{ id: RecordId; revision: number; text: SummaryText }, SummaryView];
  consent_summary: [{ id: RecordId; revision: number; by: "me" | "them"; name: string }, SummaryView];
  delete_summary: [{ id: RecordId }, null];
  restore_summary: [{ id: RecordId }, SummaryView];
  erase_summary: [{ id: RecordId }, null];
  export_summary: [{ id: RecordId; format: ExportFormat; toWhom: string }, SavedFile | null];
  preview_summary: [{ id: RecordId }, string];
  list_disclosures: [{ space: SpaceId | null }, DisclosureList];
  choose_import: [{ space: SpaceId }, ImportPreview | null];
  run_import: [{ token: string; space: SpaceId }, ImportReport];
  undo_import: [Nothing, number];
  check_vault: [{ deep: boolean }, Checkup];
  mend_vault: [Nothing, Checkup];
  prove_vault: [Nothing, Proof];
  backups: [Nothing, BackupsView];
  choose_backup_folder: [Nothing, BackupsView | null];
  stop_backups: [Nothing, BackupsView];
  back_up_now: [Nothing, BackedUpView];
  save_backup: [Nothing, SavedBackup | null];
  check_backup: [{ id: string }, BackupsView];
  drop_backup: [{ id: string }, BackupsView];
  look_into_backup: [{ id: string; key: string | null }, KeptRecords];
  bring_back: [{ id: string; key: string | null; records: RecordId[] }, RecordView[]];
  choose_restore: [Nothing, RestoreOffer | null];
  restore_backup: [
    { key: string; spareKey: boolean; present: string | null; forgotten: ForgottenOnes },
    AppState,
  ];
};

export type ExportFormat = "pdf" | "markdown" | "html";
export type Command = keyof Contract;
export type Asked<C extends Command> = Contract[C][0];
export type Answer<C extends Command> = Contract[C][1];
export type OnProgress = (progress: Progress) => void;

export type Host = {
  /** Runs one command; rejects with an `AppError`. `progress` is given only to commands that take long. */
  call: <C extends Command>(command: C, asked: Asked<C>, progress?: OnProgress) => Promise<Answer<C>>;
  /** Runs `before` when the person closes the window, and closes only once it has resolved with true. */
  onClose: (before: () => Promise<boolean>) => Promise<void>;
  /** Tells when the window gains (true) or loses (false) focus. */
  onFocus: (changed: (focused: boolean) => void) => Promise<void>;
  /** Sets the words in the window's title bar. */
  setTitle: (title: string) => Promise<void>;
  /** Tells when the vault is to be locked now (idle too long, the computer goes to sleep). The host does not wait long. */
  onLockDue: (due: () => void) => Promise<void>;
  /** Tells when looking through the open vault, in the background, found something to tell. */
  onChecked: (checked: () => void) => Promise<void>;
};

let current: Host | null = null;

export const useHost = (host: Host): void => {
  current = host;
};

export const host = (): Host => {
  if (current === null) throw new Error("no host has been set");
  return current;
};
