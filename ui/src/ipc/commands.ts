// Every command of the program as a typed function. Only stores and feature stores call these.
import { host, type Answer, type Asked, type Command, type OnProgress } from "./host";

type Slow<C extends Command> = (asked: Asked<C>, progress?: OnProgress) => Promise<Answer<C>>;

/** Commands that take a channel named `progress`: the host refuses the call without one. */
export const slowCommands = new Set<Command>();

const bare =
  <C extends Command>(command: C) =>
  (): Promise<Answer<C>> =>
    host().call(command, {} as Asked<C>);
const plain =
  <C extends Command>(command: C) =>
  (asked: Asked<C>): Promise<Answer<C>> =>
    host().call(command, asked);
const slow = <C extends Command>(command: C): Slow<C> => {
  slowCommands.add(command);
  return (asked, progress) => host().call(command, asked, progress);
};

export const commands = {
  appState: bare("app_state"),
  touch: plain("touch"),
  saveSettings: plain("save_settings"),
  measurePassphrase: plain("measure_passphrase"),
  suggestPassphrase: bare("suggest_passphrase"),
  createVault: slow("create_vault"),
  saveSpareKeySheet: bare("save_spare_key_sheet"),
  printSpareKeySheet: bare("print_spare_key_sheet"),
  confirmSpareKey: slow("confirm_spare_key"),
  spareKeyWords: bare("spare_key_words"),
  spareKeyQuestions: bare("spare_key_questions"),
  unlockVault: slow("unlock_vault"),
  unlockWithSpareKey: slow("unlock_with_spare_key"),
  acceptVault: bare("accept_vault"),
  lockVault: plain("lock_vault"),
  changePassphrase: slow("change_passphrase"),
  replaceSpareKey: slow("replace_spare_key"),
  allowKeychain: slow("allow_keychain"),
  withdrawKeychain: bare("withdraw_keychain"),
  withdrawOtherKeychains: bare("withdraw_other_keychains"),
  unlockWithKeychain: slow("unlock_with_keychain"),
  beginRekey: slow("begin_rekey"),
  finishRekey: slow("finish_rekey"),
  cancelRekey: bare("cancel_rekey"),
  cancelTask: bare("cancel_task"),
  listSpaces: bare("list_spaces"),
  listShutSpaces: bare("list_shut_spaces"),
  createSpace: plain("create_space"),
  updateSpace: plain("update_space"),
  keepSpaceUntil: plain("keep_space_until"),
  makeSealed: slow("make_sealed"),
  openSealed: slow("open_sealed"),
  shutSealed: plain("shut_sealed"),
  openSpace: slow("open_space"),
  closeSpace: plain("close_space"),
  setSecondPassphrase: slow("set_second_passphrase"),
  changeSecondPassphrase: slow("change_second_passphrase"),
  removeSecondPassphrase: slow("remove_second_passphrase"),
  showSpaceAs: plain("show_space_as"),
  forgetSpace: slow("forget_space"),
  saveReceipt: plain("save_receipt"),
  profile: bare("profile"),
  saveProfile: plain("save_profile"),
  listRecords: plain("list_records"),
  openRecord: plain("open_record"),
  createRecord: plain("create_record"),
  saveRecord: plain("save_record"),
  listRevisions: plain("list_revisions"),
  openRevision: plain("open_revision"),
  restoreRevision: plain("restore_revision"),
  undoRecord: plain("undo_record"),
  binRecord: plain("bin_record"),
  unbinRecord: plain("unbin_record"),
  eraseRecord: plain("erase_record"),
  today: bare("today"),
  listSummaries: plain("list_summaries"),
  evidence: plain("evidence"),
  createSummary: plain("create_summary"),
  openSummary: plain("open_summary"),
  saveSummary: plain("save_summary"),
  consentSummary: plain("consent_summary"),
  deleteSummary: plain("delete_summary"),
  restoreSummary: plain("restore_summary"),
  eraseSummary: plain("erase_summary"),
  exportSummary: slow("export_summary"),
  previewSummary: plain("preview_summary"),
  listDisclosures: plain("list_disclosures"),
  chooseImport: plain("choose_import"),
  runImport: slow("run_import"),
  undoImport: bare("undo_import"),
  checkVault: slow("check_vault"),
  mendVault: slow("mend_vault"),
  proveVault: slow("prove_vault"),
  backups: bare("backups"),
  chooseBackupFolder: bare("choose_backup_folder"),
  stopBackups: bare("stop_backups"),
  backUpNow: slow("back_up_now"),
  saveBackup: slow("save_backup"),
  checkBackup: slow("check_backup"),
  dropBackup: plain("drop_backup"),
  lookIntoBackup: slow("look_into_backup"),
  bringBack: slow("bring_back"),
  chooseRestore: bare("choose_restore"),
  restoreBackup: slow("restore_backup"),
};
