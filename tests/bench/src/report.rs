//! The report: a list of measurements, each with what it is compared with and what it is held to.

use std::fmt;
use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::Error;

/// What a measurement is held to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Held {
    /// Ours divided by the peer's.
    Ratio,
    /// Ours itself.
    Ours,
}

/// One measurement. What there is none of is null.
#[derive(Debug, Serialize)]
pub struct Entry {
    name: String,
    unit: &'static str,
    ours: f64,
    peer: Option<f64>,
    peer_name: Option<String>,
    ratio: Option<f64>,
    limit: Option<f64>,
    limit_on: Option<Held>,
}

impl Entry {
    /// A measurement that is only reported.
    pub fn new(name: impl Into<String>, unit: &'static str, ours: f64) -> Self {
        Self {
            name: name.into(),
            unit,
            ours,
            peer: None,
            peer_name: None,
            ratio: None,
            limit: None,
            limit_on: None,
        }
    }

    /// Compares it with something else measured in the same run.
    pub fn against(mut self, peer_name: impl Into<String>, peer: f64) -> Self {
        self.peer = Some(peer);
        self.peer_name = Some(peer_name.into());
        self.ratio = Some(self.ours / peer);
        self
    }

    /// Holds it to a limit.
    pub fn held(mut self, limit_on: Held, limit: f64) -> Self {
        self.limit = Some(limit);
        self.limit_on = Some(limit_on);
        self
    }

    /// Whether it keeps its limit; `None` where there is none.
    fn keeps(&self) -> Option<bool> {
        let measured = match self.limit_on? {
            Held::Ratio => self.ratio?,
            Held::Ours => self.ours,
        };
        Some(measured <= self.limit?)
    }
}

/// All measurements of a run.
#[derive(Debug, Default)]
pub struct Report(Vec<Entry>);

impl Report {
    /// Adds a measurement and says it.
    pub fn add(&mut self, entry: Entry) {
        println!("{entry}");
        self.0.push(entry);
    }

    /// How many ratios are over their limits. Times of our own belong to the machine and are only said.
    pub fn ratios_over(&self) -> usize {
        let over =
            |entry: &&Entry| entry.limit_on == Some(Held::Ratio) && entry.keeps() == Some(false);
        self.0.iter().filter(over).count()
    }

    /// Writes the list as JSON.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(fs::write(path, serde_json::to_vec_pretty(&self.0)?)?)
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:<58} {:>9.3} {:<5}",
            self.name, self.ours, self.unit
        )?;
        if let (Some(peer), Some(name), Some(ratio)) = (self.peer, &self.peer_name, self.ratio) {
            write!(formatter, " {name}: {peer:.3}, ratio {ratio:.2}")?;
        }
        match (self.keeps(), self.limit) {
            (Some(true), Some(limit)) => write!(formatter, " (kept: at most {limit})"),
            (Some(false), Some(limit)) => write!(formatter, " (OVER the limit of {limit})"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let over = self
            .0
            .iter()
            .filter(|entry| entry.keeps() == Some(false))
            .count();
        let held = self
            .0
            .iter()
            .filter(|entry| entry.keeps().is_some())
            .count();
        write!(formatter, "{held} limits, {over} not kept")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_every_field_and_null_where_there_is_nothing() {
        let json = serde_json::to_value(Entry::new("a", "ms", 2.0)).expect("an entry is JSON");
        assert_eq!(
            json,
            serde_json::json!({ "name": "a", "unit": "ms", "ours": 2.0, "peer": null,
                "peer_name": null, "ratio": null, "limit": null, "limit_on": null })
        );
    }

    #[test]
    fn limits_hold_ratios_or_ourselves() {
        let entry = Entry::new("a", "ms", 3.0)
            .against("b", 2.0)
            .held(Held::Ratio, 1.3);
        assert_eq!(entry.keeps(), Some(false));
        assert_eq!(
            serde_json::to_value(&entry).expect("JSON")["limit_on"],
            "ratio"
        );
        assert_eq!(
            Entry::new("a", "", 3.0).held(Held::Ours, 4.0).keeps(),
            Some(true)
        );
        assert_eq!(Entry::new("a", "", 3.0).keeps(), None);
    }

    #[test]
    fn ratios_are_held_and_times_of_our_own_are_not() {
        let ratio = |ours| {
            Entry::new("a", "ms", ours)
                .against("b", 1.0)
                .held(Held::Ratio, 2.0)
        };
        let report = Report(vec![
            ratio(1.9),
            ratio(2.1),
            Entry::new("a", "ms", 9.0).held(Held::Ours, 1.0),
            Entry::new("a", "ms", 9.0),
        ]);
        assert_eq!(report.ratios_over(), 1);
    }
}
