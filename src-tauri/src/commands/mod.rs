//! The commands: each is one call into a service. One file for each area.

pub mod backups;
pub mod disclosures;
pub mod health;
pub mod import;
pub mod keychain;
pub mod program;
pub mod records;
pub mod rekey;
pub mod second;
pub mod settings;
pub mod spaces;
pub mod summaries;
pub mod vault;

/// Lists every command once: for the handler, for the permissions and for the test of the contract.
#[macro_export]
macro_rules! command_list {
    ($with:ident) => {
        $with![
            commands::program::app_state,
            commands::program::touch,
            commands::program::cancel_task,
            commands::settings::save_settings,
            commands::vault::measure_passphrase,
            commands::vault::suggest_passphrase,
            commands::vault::create_vault,
            commands::vault::spare_key_words,
            commands::vault::spare_key_questions,
            commands::vault::save_spare_key_sheet,
            commands::vault::print_spare_key_sheet,
            commands::vault::confirm_spare_key,
            commands::vault::unlock_vault,
            commands::vault::unlock_with_spare_key,
            commands::vault::accept_vault,
            commands::vault::lock_vault,
            commands::vault::change_passphrase,
            commands::vault::replace_spare_key,
            commands::keychain::allow_keychain,
            commands::keychain::withdraw_keychain,
            commands::keychain::withdraw_other_keychains,
            commands::keychain::unlock_with_keychain,
            commands::rekey::begin_rekey,
            commands::rekey::finish_rekey,
            commands::rekey::cancel_rekey,
            commands::spaces::list_spaces,
            commands::spaces::list_shut_spaces,
            commands::spaces::create_space,
            commands::spaces::update_space,
            commands::spaces::keep_space_until,
            commands::spaces::make_sealed,
            commands::spaces::open_sealed,
            commands::spaces::shut_sealed,
            commands::second::open_space,
            commands::second::close_space,
            commands::second::set_second_passphrase,
            commands::second::change_second_passphrase,
            commands::second::remove_second_passphrase,
            commands::second::show_space_as,
            commands::spaces::forget_space,
            commands::spaces::save_receipt,
            commands::spaces::profile,
            commands::spaces::save_profile,
            commands::records::list_records,
            commands::records::open_record,
            commands::records::create_record,
            commands::records::save_record,
            commands::records::list_revisions,
            commands::records::open_revision,
            commands::records::restore_revision,
            commands::records::undo_record,
            commands::records::bin_record,
            commands::records::unbin_record,
            commands::records::erase_record,
            commands::records::today,
            commands::summaries::evidence,
            commands::summaries::list_summaries,
            commands::summaries::create_summary,
            commands::summaries::open_summary,
            commands::summaries::save_summary,
            commands::summaries::consent_summary,
            commands::summaries::delete_summary,
            commands::summaries::restore_summary,
            commands::summaries::erase_summary,
            commands::summaries::preview_summary,
            commands::summaries::export_summary,
            commands::disclosures::list_disclosures,
            commands::import::choose_import,
            commands::import::run_import,
            commands::import::undo_import,
            commands::health::check_vault,
            commands::health::mend_vault,
            commands::health::prove_vault,
            commands::backups::backups,
            commands::backups::choose_backup_folder,
            commands::backups::stop_backups,
            commands::backups::back_up_now,
            commands::backups::save_backup,
            commands::backups::check_backup,
            commands::backups::drop_backup,
            commands::backups::look_into_backup,
            commands::backups::bring_back,
            commands::backups::choose_restore,
            commands::backups::restore_backup
        ]
    };
}
