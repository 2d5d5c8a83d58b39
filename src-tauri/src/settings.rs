//! Settings that must be known before the vault is open; so nothing private is in them.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files;

const FILE: &str = "settings.json";
const TEXT_SIZES: std::ops::RangeInclusive<u16> = 90..=150;
/// The longest time without a touch after which the vault may still be open, in minutes.
const LONGEST_IDLE: u16 = 24 * 60;

/// How the program looks and when it locks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Settings {
    /// Light, dark, or as the system has it.
    pub theme: Theme,
    /// Percent.
    pub text_size: u16,
    /// Blur words while another window is in front.
    pub discreet_when_unfocused: bool,
    /// Minutes without a touch after which the vault locks; 0 is never.
    pub auto_lock_minutes: u16,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
#[expect(missing_docs, reason = "the names say it")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            text_size: 100,
            discreet_when_unfocused: false,
            auto_lock_minutes: 15,
        }
    }
}

impl Settings {
    /// Reads the settings of a configuration folder; what cannot be read is the default.
    pub fn read(folder: &Path) -> Self {
        let text = std::fs::read(path(folder)).unwrap_or_default();
        serde_json::from_slice::<Self>(&text)
            .unwrap_or_default()
            .bounded()
    }

    /// Writes the settings.
    pub fn write(self, folder: &Path) -> std::io::Result<Self> {
        let settings = self.bounded();
        files::make_private_folder(folder)?;
        let text = serde_json::to_vec_pretty(&settings)?;
        files::replace(&path(folder), &text)?;
        Ok(settings)
    }

    fn bounded(mut self) -> Self {
        self.text_size = self.text_size.clamp(*TEXT_SIZES.start(), *TEXT_SIZES.end());
        self.auto_lock_minutes = self.auto_lock_minutes.min(LONGEST_IDLE);
        self
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_kept_within_their_bounds() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let wild = Settings {
            text_size: 900,
            auto_lock_minutes: 60_000,
            ..Settings::default()
        };
        let kept = wild.write(folder.path()).expect("they are written");
        assert_eq!(
            (kept.text_size, kept.auto_lock_minutes),
            (150, LONGEST_IDLE)
        );
        assert_eq!(Settings::read(folder.path()), kept);
    }

    #[test]
    fn damaged_settings_are_the_default() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(path(folder.path()), "{\"textSize\": \"large\"").expect("written");
        assert_eq!(Settings::read(folder.path()), Settings::default());
    }
}
