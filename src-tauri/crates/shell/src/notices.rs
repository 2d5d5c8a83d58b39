//! What was out of the ordinary when a vault was opened: for the window a notice, for a script a code, and for both
//! how much it weighs.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Local};
use serde::Serialize;
use vault::{Finding, RebuildReason};
use words::Words;

use crate::error::name;

/// Something out of the ordinary when the vault was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct OpeningNotice {
    /// What.
    pub code: NoticeCode,
    /// What that means for whoever opened it.
    pub means: Means,
    /// Numbers and dates for its sentence.
    pub params: BTreeMap<String, String>,
}

/// What a notice means for whoever opened the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum Means {
    /// It is good to know.
    Told,
    /// Another state of the vault may be the one that is wanted.
    Asks,
    /// Something that was saved is missing or cannot be read.
    Loss,
}

/// What can be out of the ordinary when a vault is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
#[expect(missing_docs, reason = "each notice has its sentence in notices.ftl")]
pub enum NoticeCode {
    HeaderRepaired,
    KeyringBehind,
    DeviceRefuses,
    ForgettingFinished,
    ForgettingLeft,
    ForgettingUnfinished,
    RekeyFinished,
    RekeyUnfinished,
    OtherKeysSince,
    KeyReplaced,
    Orphans,
    JournalTail,
    JournalGap,
    CheckpointDamaged,
    StoreRebuilt,
    Incomplete,
    JournalBehind,
    RolledBack,
    Forked,
    OtherBranchNewer,
    AnchorDamaged,
    HistoryUnproven,
    ForeignSegment,
    UnknownRows,
    LinksIgnored,
    PermissionsTightened,
    PermissionsLoose,
    SpaceUnreadable,
    CheckFailed,
    RehearsalFailed,
}

impl NoticeCode {
    fn means(self) -> Means {
        match self {
            Self::RolledBack | Self::Forked | Self::OtherBranchNewer => Means::Asks,
            Self::SpaceUnreadable
            | Self::Incomplete
            | Self::JournalGap
            | Self::JournalBehind
            | Self::KeyringBehind
            | Self::UnknownRows => Means::Loss,
            _ => Means::Told,
        }
    }
}

impl OpeningNotice {
    /// A notice without numbers or dates.
    pub fn of(code: NoticeCode) -> Self {
        Self::with(code, BTreeMap::new())
    }

    /// A notice with what stands in its sentence.
    pub fn with(code: NoticeCode, params: BTreeMap<String, String>) -> Self {
        let means = code.means();
        Self {
            code,
            means,
            params,
        }
    }
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub enum Weight {
    /// An everyday matter.
    Information,
    /// It was damaged, unfinished or too open, and opening has put it right; nothing is lost.
    Mended,
    /// Something is missing or may be, or a person has to decide.
    Matters,
}

/// How much a finding weighs. What this program does not know matters.
pub fn weigh(finding: &Finding) -> Weight {
    match finding {
        Finding::Replayed { .. }
        | Finding::CurrentRebuilt
        | Finding::FirstTimeHere
        | Finding::OtherKeysSince
        | Finding::StoreRebuilt {
            reason: RebuildReason::ReadOnly,
            ..
        } => Weight::Information,
        Finding::HeaderRepaired
        | Finding::EpochRepaired
        | Finding::ForgettingFinished
        | Finding::RekeyFinished
        | Finding::KeyReplaced
        | Finding::Orphaned { .. }
        | Finding::TornTail { .. }
        | Finding::CheckpointDamaged
        | Finding::StoreRebuilt { .. }
        | Finding::PermissionsTightened { .. } => Weight::Mended,
        Finding::KeyringBehind { .. }
        | Finding::Gap { .. }
        | Finding::ForeignSegment
        | Finding::Incomplete { .. }
        | Finding::UnknownRows { .. }
        | Finding::JournalBehind { .. }
        | Finding::Rollback { .. }
        | Finding::Fork { .. }
        | Finding::OtherBranchNewer { .. }
        | Finding::HistoryUnproven
        | Finding::AnchorDamaged
        | Finding::PermissionsLoose { .. }
        | Finding::DeviceRefuses
        | Finding::ForgettingLeft
        | Finding::ForgettingUnfinished
        | Finding::RekeyUnfinished
        | Finding::LinksIgnored { .. } => Weight::Matters,
        _ => Weight::Matters,
    }
}

/// The notice of a finding; none for what is of no concern to anyone.
pub fn notice(finding: &Finding) -> Option<OpeningNotice> {
    let count = |number: u64| BTreeMap::from([("count".to_owned(), number.to_string())]);
    let dates = |known: i64, found: Option<i64>| {
        let found = found.map_or_else(|| "none".to_owned(), instant);
        BTreeMap::from([
            ("known".to_owned(), instant(known)),
            ("found".to_owned(), found),
        ])
    };
    let (code, params) = match *finding {
        Finding::HeaderRepaired | Finding::EpochRepaired => {
            (NoticeCode::HeaderRepaired, BTreeMap::new())
        }
        Finding::KeyringBehind { .. } => (NoticeCode::KeyringBehind, BTreeMap::new()),
        Finding::ForgettingFinished => (NoticeCode::ForgettingFinished, BTreeMap::new()),
        Finding::DeviceRefuses => (NoticeCode::DeviceRefuses, BTreeMap::new()),
        Finding::ForgettingLeft => (NoticeCode::ForgettingLeft, BTreeMap::new()),
        Finding::ForgettingUnfinished => (NoticeCode::ForgettingUnfinished, BTreeMap::new()),
        Finding::RekeyFinished => (NoticeCode::RekeyFinished, BTreeMap::new()),
        Finding::RekeyUnfinished => (NoticeCode::RekeyUnfinished, BTreeMap::new()),
        Finding::OtherKeysSince => (NoticeCode::OtherKeysSince, BTreeMap::new()),
        Finding::KeyReplaced => (NoticeCode::KeyReplaced, BTreeMap::new()),
        Finding::Orphaned { files } => (NoticeCode::Orphans, count(files)),
        Finding::TornTail { .. } => (NoticeCode::JournalTail, BTreeMap::new()),
        Finding::Gap { from, to, .. } => (
            NoticeCode::JournalGap,
            count(to.saturating_sub(from).saturating_add(1)),
        ),
        Finding::CheckpointDamaged => (NoticeCode::CheckpointDamaged, BTreeMap::new()),
        // That nothing can be written is said by itself; nothing was damaged.
        Finding::StoreRebuilt {
            reason: RebuildReason::ReadOnly,
            ..
        } => return None,
        Finding::StoreRebuilt { rows, .. } => (NoticeCode::StoreRebuilt, count(rows)),
        Finding::Incomplete {
            expected, found, ..
        } => (NoticeCode::Incomplete, count(expected.abs_diff(found))),
        Finding::JournalBehind { known, found } => (
            NoticeCode::JournalBehind,
            count(known.saturating_sub(found)),
        ),
        Finding::Rollback { known_at, found_at } => {
            (NoticeCode::RolledBack, dates(known_at, found_at))
        }
        Finding::Fork { known_at, found_at } => (NoticeCode::Forked, dates(known_at, found_at)),
        Finding::OtherBranchNewer { known_at } => {
            (NoticeCode::OtherBranchNewer, dates(known_at, None))
        }
        Finding::AnchorDamaged => (NoticeCode::AnchorDamaged, BTreeMap::new()),
        Finding::PermissionsTightened { entries } => {
            (NoticeCode::PermissionsTightened, count(entries))
        }
        Finding::PermissionsLoose { entries } => (NoticeCode::PermissionsLoose, count(entries)),
        Finding::HistoryUnproven => (NoticeCode::HistoryUnproven, BTreeMap::new()),
        Finding::ForeignSegment => (NoticeCode::ForeignSegment, BTreeMap::new()),
        Finding::UnknownRows { rows } => (NoticeCode::UnknownRows, count(rows)),
        Finding::LinksIgnored { entries } => (NoticeCode::LinksIgnored, count(entries)),
        // Replaying the journal, writing CURRENT again and a first opening are everyday matters.
        _ => return None,
    };
    Some(OpeningNotice::with(code, params))
}

/// The code of a finding, and its sentence. Every finding has one.
pub fn said(finding: &Finding, words: &Words) -> (String, String) {
    let everyday = match finding {
        Finding::Replayed { .. } => Some("replayed"),
        Finding::CurrentRebuilt => Some("currentRebuilt"),
        Finding::FirstTimeHere => Some("firstTimeHere"),
        Finding::StoreRebuilt {
            reason: RebuildReason::ReadOnly,
            ..
        } => Some("rowsInMemory"),
        _ => None,
    };
    if let Some(code) = everyday {
        return (code.to_owned(), words.say(&format!("found-{code}")));
    }
    let unknown = || words.say("found-unknown");
    let Some(OpeningNotice { code, params, .. }) = notice(finding) else {
        return ("unknown".to_owned(), unknown());
    };
    let code = name(code);
    let params: Vec<_> = params
        .iter()
        .map(|(name, value)| (name, day_of(value, words).unwrap_or_else(|| value.clone())))
        .collect();
    let values = params
        .iter()
        .map(|(name, value)| (name.as_str(), words::value_of(value)));
    let message = words.find(&format!("app-notice-{code}"), values);
    (code, message.unwrap_or_else(unknown))
}

/// A moment as a day in words.
fn day_of(value: &str, words: &Words) -> Option<String> {
    let day = DateTime::parse_from_rfc3339(value)
        .ok()?
        .with_timezone(&Local);
    Some(words.date(day.year(), day.month(), day.day()))
}

/// A moment as RFC 3339, for the window to put into words.
fn instant(milliseconds: i64) -> String {
    chrono::DateTime::from_timestamp_millis(milliseconds)
        .map(|time| time.to_rfc3339())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opening_put_right_does_not_matter_and_what_may_be_missing_does() {
        let rebuilt = |reason| Finding::StoreRebuilt { reason, rows: 1 };
        assert_eq!(weigh(&Finding::FirstTimeHere), Weight::Information);
        assert_eq!(
            weigh(&rebuilt(RebuildReason::ReadOnly)),
            Weight::Information
        );
        assert_eq!(weigh(&rebuilt(RebuildReason::Damaged)), Weight::Mended);
        assert_eq!(weigh(&Finding::KeyReplaced), Weight::Mended);
        let gap = Finding::JournalBehind { known: 2, found: 1 };
        assert_eq!(weigh(&gap), Weight::Matters);
        assert!(Weight::Matters > Weight::Mended && Weight::Mended > Weight::Information);
    }

    #[test]
    fn whatever_matters_has_a_notice() {
        for finding in [
            Finding::UnknownRows { rows: 1 },
            Finding::HistoryUnproven,
            Finding::AnchorDamaged,
            Finding::ForeignSegment,
            Finding::LinksIgnored { entries: 1 },
            Finding::PermissionsLoose { entries: 1 },
        ] {
            assert_eq!(weigh(&finding), Weight::Matters, "{finding:?}");
            assert!(notice(&finding).is_some(), "{finding:?}");
        }
        // Nothing is amiss, and yet the person has to know which of two opens the vault from now on.
        assert!(notice(&Finding::KeyReplaced).is_some());
        assert_eq!(notice(&Finding::FirstTimeHere), None);
        let in_memory = Finding::StoreRebuilt {
            reason: RebuildReason::ReadOnly,
            rows: 1,
        };
        assert_eq!(notice(&in_memory), None, "nothing was damaged");
    }
}
