//! Why something failed, for a person and for a program: a code, and numbers for its sentence.

use std::collections::BTreeMap;

use serde::Serialize;

/// The result of a command.
pub type Reply<T> = Result<T, AppError>;

/// Why a command failed. The window has two sentences for each code: what it says, what to try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct AppError {
    /// Which state the program is in.
    pub code: ErrorCode,
    /// Numbers and dates for the sentence; never a secret, never a user's text.
    pub params: BTreeMap<String, String>,
}

/// The states in which a command ends short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
#[expect(missing_docs, reason = "each code has its sentences in errors.ftl")]
pub enum ErrorCode {
    VaultLocked,
    WrongPassphrase,
    WrongSpareKey,
    VaultDamaged,
    PartDamaged,
    RecordDamaged,
    VaultNewer,
    VaultInUse,
    VaultExists,
    NoVault,
    ReadOnly,
    NoSpace,
    TooLittleMemory,
    Cancelled,
    PassphraseEmpty,
    PassphraseTooLong,
    PassphraseCharacters,
    PassphraseWeak,
    PassphraseSame,
    RekeyDamaged,
    RekeyUndecided,
    PassphraseUndecided,
    SpareKeyUndecided,
    SecondUndecided,
    ChangeUndecided,
    KeychainUnavailable,
    KeychainStale,
    KeychainsMany,
    SpareKeyWord,
    SpareKeyCount,
    SpareKeyChecksum,
    SpareKeyConfirm,
    NotFound,
    SpaceNotFound,
    SpaceLocked,
    NameTaken,
    NameEmpty,
    TextTooLong,
    FieldMissing,
    DateOutOfRange,
    ChangedElsewhere,
    LabelNotAllowed,
    SealedMissing,
    SealedShut,
    SecondMissing,
    SecondSame,
    IsSecond,
    HasSecondPassphrase,
    NoSecondPassphrase,
    WrongSecondPassphrase,
    NameDiffers,
    BackupDamaged,
    BackupNewer,
    BackupExists,
    BackupInsideVault,
    BackupFolderGone,
    BackupOldKeys,
    ForgottenWouldReturn,
    ForgottenUnknown,
    PresentNotOpened,
    PutBackNotOpened,
    PutBackCutOff,
    NotShareable,
    NeedsConsent,
    ConsentVoid,
    SummaryExpired,
    SummaryEmpty,
    NotForGroups,
    CannotDraw,
    ImportEmpty,
    ImportBinary,
    ImportTooLarge,
    ImportNotJrnl,
    ImportHalfWritten,
    ImportEncrypted,
    ImportUnreadable,
    FileNotWritten,
    Storage,
    Unexpected,
}

impl AppError {
    /// An error with one number for its sentence.
    pub fn with(code: ErrorCode, name: &str, value: impl ToString) -> Self {
        Self {
            code,
            params: BTreeMap::from([(name.to_owned(), value.to_string())]),
        }
    }
}

impl AppError {
    /// What a change of the passphrase ended with: where it is undecided, the person keeps both.
    pub fn of_passphrase(error: vault::Error) -> Self {
        Self::undecided_as(error, ErrorCode::PassphraseUndecided)
    }

    /// What a change of the spare key ended with: where it is undecided, the person keeps both sheets.
    pub fn of_spare_key(error: vault::Error) -> Self {
        Self::undecided_as(error, ErrorCode::SpareKeyUndecided)
    }

    fn undecided_as(error: vault::Error, code: ErrorCode) -> Self {
        match error {
            vault::Error::Undecided { .. } => code.into(),
            error => error.into(),
        }
    }
}

/// The name of a code, as in the contract.
pub fn name(code: impl Serialize) -> String {
    let value = serde_json::to_value(code).ok();
    let name = value.as_ref().and_then(|value| value.as_str());
    name.unwrap_or_default().to_owned()
}

impl From<ErrorCode> for AppError {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            params: BTreeMap::new(),
        }
    }
}

impl From<vault::Error> for AppError {
    fn from(error: vault::Error) -> Self {
        use vault::{Error, Part};
        match error {
            Error::WrongCredential => ErrorCode::WrongPassphrase,
            Error::WrongKeychainSecret => ErrorCode::KeychainStale,
            Error::TooManyKeychains => ErrorCode::KeychainsMany,
            Error::Damaged { part: Part::Header } => ErrorCode::VaultDamaged,
            Error::Damaged { part: Part::Record } => ErrorCode::RecordDamaged,
            Error::Damaged { part: Part::Backup } => ErrorCode::BackupDamaged,
            Error::Exists => ErrorCode::BackupExists,
            Error::InsideVault => ErrorCode::BackupInsideVault,
            Error::ForgottenWouldReturn => ErrorCode::ForgottenWouldReturn,
            Error::Damaged { .. } => ErrorCode::PartDamaged,
            Error::Newer => ErrorCode::VaultNewer,
            Error::InUse => ErrorCode::VaultInUse,
            Error::ReadOnly => ErrorCode::ReadOnly,
            Error::NoSpace => ErrorCode::NoSpace,
            Error::TooLittleMemory => ErrorCode::TooLittleMemory,
            Error::Cancelled => ErrorCode::Cancelled,
            Error::Missing => ErrorCode::NoVault,
            Error::NotEmpty => ErrorCode::VaultExists,
            Error::UnknownCompartment => ErrorCode::SpaceNotFound,
            Error::CompartmentLocked => ErrorCode::SpaceLocked,
            Error::HasSecondPassphrase => ErrorCode::HasSecondPassphrase,
            Error::NoSecondPassphrase => ErrorCode::NoSecondPassphrase,
            Error::TooLarge => ErrorCode::TextTooLong,
            Error::CostOutOfRange => ErrorCode::VaultDamaged,
            Error::Undecided { .. } => ErrorCode::ChangeUndecided,
            _ => ErrorCode::Storage,
        }
        .into()
    }
}

impl From<mentoring::Error> for AppError {
    fn from(error: mentoring::Error) -> Self {
        use mentoring::{Error, Field};
        match error {
            Error::SpaceNotFound => ErrorCode::SpaceNotFound.into(),
            Error::SpaceLocked => ErrorCode::SpaceLocked.into(),
            Error::NotFound => ErrorCode::NotFound.into(),
            Error::NameTaken => ErrorCode::NameTaken.into(),
            Error::TooLong { limit, field } => Self {
                code: ErrorCode::TextTooLong,
                params: BTreeMap::from([
                    ("limit".to_owned(), limit.to_string()),
                    ("field".to_owned(), field.name().to_owned()),
                ]),
            },
            Error::Missing { field: Field::Name } => ErrorCode::NameEmpty.into(),
            Error::Missing { field } => Self::with(ErrorCode::FieldMissing, "field", field.name()),
            Error::DateOutOfRange => ErrorCode::DateOutOfRange.into(),
            Error::ChangedElsewhere => ErrorCode::ChangedElsewhere.into(),
            Error::LabelNotAllowed => ErrorCode::LabelNotAllowed.into(),
            Error::SealedMissing => ErrorCode::SealedMissing.into(),
            Error::SealedShut => ErrorCode::SealedShut.into(),
            Error::SecondMissing => ErrorCode::SecondMissing.into(),
            // Two windows cannot both make it: whoever asks has not looked since.
            Error::SealedThere => ErrorCode::ChangedElsewhere.into(),
            Error::IsSecond => ErrorCode::IsSecond.into(),
            Error::NotShareable => ErrorCode::NotShareable.into(),
            Error::KeysUndecided => ErrorCode::RekeyUndecided.into(),
            Error::SecondUndecided => ErrorCode::SecondUndecided.into(),
            Error::Unreadable { .. } => ErrorCode::VaultNewer.into(),
            Error::Vault(error) => error.into(),
        }
    }
}

impl From<sharing::Error> for AppError {
    fn from(error: sharing::Error) -> Self {
        use sharing::Error;
        match error {
            Error::NeedsConsent => ErrorCode::NeedsConsent.into(),
            Error::ConsentVoid => ErrorCode::ConsentVoid.into(),
            Error::Expired => ErrorCode::SummaryExpired.into(),
            Error::NotShareable => ErrorCode::NotShareable.into(),
            Error::Empty => ErrorCode::SummaryEmpty.into(),
            Error::NotForGroups => ErrorCode::NotForGroups.into(),
            Error::Page(documents::Error::CannotDraw { count }) => {
                Self::with(ErrorCode::CannotDraw, "count", count)
            }
            Error::Page(_) => ErrorCode::Unexpected.into(),
            Error::Mentoring(error) => error.into(),
        }
    }
}

impl From<interchange::Error> for AppError {
    fn from(error: interchange::Error) -> Self {
        use interchange::Error;
        match error {
            Error::Empty => ErrorCode::ImportEmpty.into(),
            Error::Binary => ErrorCode::ImportBinary.into(),
            Error::TooLarge { limit } => Self::with(
                ErrorCode::ImportTooLarge,
                "mebibytes",
                limit / (1024 * 1024),
            ),
            Error::NotJrnl => ErrorCode::ImportNotJrnl.into(),
            Error::HalfWritten => ErrorCode::ImportHalfWritten.into(),
            Error::Encrypted => ErrorCode::ImportEncrypted.into(),
            Error::Cancelled => ErrorCode::Cancelled.into(),
            Error::Sharing(error) => error.into(),
            Error::Mentoring(error) => error.into(),
        }
    }
}

impl From<vault::PassphraseRefused> for AppError {
    fn from(refused: vault::PassphraseRefused) -> Self {
        use vault::PassphraseRefused;
        match refused {
            PassphraseRefused::Empty => ErrorCode::PassphraseEmpty,
            PassphraseRefused::TooLong => ErrorCode::PassphraseTooLong,
            _ => ErrorCode::PassphraseCharacters,
        }
        .into()
    }
}

impl From<vault::SpareKeyRefused> for AppError {
    fn from(refused: vault::SpareKeyRefused) -> Self {
        use vault::SpareKeyRefused;
        match refused {
            SpareKeyRefused::WordCount { found } => {
                Self::with(ErrorCode::SpareKeyCount, "found", found)
            }
            SpareKeyRefused::UnknownWord { position } => {
                Self::with(ErrorCode::SpareKeyWord, "position", position)
            }
            SpareKeyRefused::Checksum => ErrorCode::SpareKeyChecksum.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use vault::Part;

    use super::*;

    #[test]
    fn what_is_undecided_is_told_by_what_was_to_change() {
        let kind = std::io::ErrorKind::Other;
        let undecided = vault::Error::Undecided { kind };
        let code = |error: AppError| error.code;
        assert_eq!(code(undecided.into()), ErrorCode::ChangeUndecided);
        assert_eq!(
            code(AppError::of_passphrase(undecided)),
            ErrorCode::PassphraseUndecided
        );
        assert_eq!(
            code(AppError::of_spare_key(undecided)),
            ErrorCode::SpareKeyUndecided
        );
        assert_eq!(
            code(mentoring::Error::SecondUndecided.into()),
            ErrorCode::SecondUndecided
        );
        let full = vault::Error::NoSpace;
        assert_eq!(code(AppError::of_passphrase(full)), ErrorCode::NoSpace);
        assert_eq!(code(AppError::of_spare_key(full)), ErrorCode::NoSpace);
    }

    #[test]
    fn damage_is_told_by_the_part_that_it_is_in() {
        let code = |part| AppError::from(vault::Error::Damaged { part }).code;
        assert_eq!(code(Part::Header), ErrorCode::VaultDamaged);
        assert_eq!(code(Part::Record), ErrorCode::RecordDamaged);
        for part in [
            Part::Epoch,
            Part::Keyring,
            Part::Journal,
            Part::Checkpoint,
            Part::Store,
        ] {
            assert_eq!(code(part), ErrorCode::PartDamaged, "{part:?}");
        }
    }
}
