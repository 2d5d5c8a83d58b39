//! Today: what is due, what is coming, what was last touched.

use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    error::Result,
    ids::SpaceId,
    index::Line,
    kind::RecordKind,
    meetings::Meeting,
    registry::RecordLine,
    service::Mentoring,
    spaces::{SpaceKind, is_open_promise},
};

/// How many meetings to come are shown.
const MEETINGS_SHOWN: usize = 6;
/// How many records last touched are shown.
const TOUCHED_SHOWN: usize = 6;
/// Good mentoring meets at least quarterly; where no rhythm is agreed, this is the floor.
const QUARTER_WEEKS: i64 = 13;

/// How long before a notebook is due to be forgotten Today speaks of it.
const NOTICE_DAYS: i64 = 30;

/// What matters today.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Today {
    /// The user's own name; may be empty.
    pub name: String,
    /// The day.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub on: NaiveDate,
    /// Promises still to be kept, the first due first.
    pub promises: Vec<RecordLine>,
    /// Meetings to come, the next first.
    pub meetings: Vec<RecordLine>,
    /// What was last saved, the newest first.
    pub touched: Vec<RecordLine>,
    /// Relationships in which a meeting is overdue.
    pub reminders: Vec<Reminder>,
    /// Notebooks whose agreed time is over, or soon will be; the first due first.
    pub endings: Vec<Ending>,
}

/// A notebook whose agreed time is over, or soon will be. Nothing is forgotten without a yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Ending {
    /// The notebook.
    pub space: SpaceId,
    /// The day until which it is kept.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub on: NaiveDate,
    /// Days until then; negative when it is over.
    pub days: i32,
}

/// A relationship in which a meeting is overdue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(export))]
pub struct Reminder {
    /// The relationship.
    pub space: SpaceId,
    /// Whole weeks since the last meeting, or since the relationship began.
    pub weeks: u32,
    /// The day of the last meeting.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub last_met: Option<NaiveDate>,
}

impl Mentoring {
    /// Gathers what matters today, over all open notebooks.
    pub fn today(&self) -> Result<Today> {
        let on = self.clock.today();
        let mut promises = self.lines(None, |line| line.is_kept() && is_open_promise(line))?;
        promises.sort_by_key(|line| (line.due.is_none(), line.due, line.created));
        let mut meetings = self.lines(None, |line| {
            line.is_kept() && line.kind == Meeting::KIND && line.on >= on
        })?;
        meetings.sort_by_key(|line| (line.on, line.created));
        meetings.truncate(MEETINGS_SHOWN);
        let mut touched = self.lines(None, Line::is_kept)?;
        touched.sort_by_key(|line| std::cmp::Reverse(line.edited));
        let mut touched = self.record_lines(touched);
        touched.truncate(TOUCHED_SHOWN);
        Ok(Today {
            name: self.profile()?.name,
            on,
            promises: self.record_lines(promises),
            meetings: self.record_lines(meetings),
            touched,
            reminders: self.reminders(on),
            endings: self.endings(on),
        })
    }

    fn endings(&self, on: NaiveDate) -> Vec<Ending> {
        let open = self.list_spaces().into_iter();
        let shut = self.shut_spaces().into_iter();
        let mut endings: Vec<_> = open
            .map(|space| (space.id, space.keep_until))
            .chain(shut.map(|space| (space.id, space.keep_until)))
            .filter_map(|(space, keep_until)| {
                let until = keep_until?;
                let days = (until - on).num_days();
                (days <= NOTICE_DAYS).then(|| Ending {
                    space,
                    on: until,
                    days: i32::try_from(days).unwrap_or(i32::MIN),
                })
            })
            .collect();
        endings.sort_by_key(|ending| ending.on);
        endings
    }

    fn reminders(&self, on: NaiveDate) -> Vec<Reminder> {
        let spaces = self.list_spaces().into_iter();
        let overdue = spaces.filter(|space| space.card.kind == SpaceKind::Relationship);
        let mut reminders: Vec<_> = overdue
            .filter_map(|space| {
                let began = space
                    .card
                    .since
                    .unwrap_or_else(|| space.created.date_naive());
                let weeks = (on - space.last_met.unwrap_or(began)).num_weeks();
                let rhythm = space.card.meet_every_weeks.map_or(QUARTER_WEEKS, i64::from);
                (weeks > rhythm).then(|| Reminder {
                    space: space.id,
                    weeks: u32::try_from(weeks).unwrap_or(u32::MAX),
                    last_met: space.last_met,
                })
            })
            .collect();
        reminders.sort_by_key(|reminder| std::cmp::Reverse(reminder.weeks));
        reminders
    }
}
