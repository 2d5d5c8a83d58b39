//! What an opening begins with where no store is whole: a checkpoint and the saves that the journal has beyond it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::checkpoint::CheckpointFile;
use crate::error::Error;
use crate::header::Point;
use crate::ids::DeviceId;
use crate::journal::{Context, Loaded, Survey};
use crate::report::Moment;
use crate::state::State;

/// Where to begin, and what the journal has beyond it.
pub enum Start<'a> {
    /// The newest checkpoint that can be read to its end and that the journal continues.
    Continued(&'a CheckpointFile, State, Loaded),
    /// Nothing: the journal has all there ever was, of another history than the checkpoints.
    Nothing(Loaded),
    /// The newest checkpoint, of another history than the journal, where neither of them is whole: what there is of
    /// either is shown, and no sum is believed that both of them do not come to.
    Parted(&'a CheckpointFile, State, Loaded),
    /// No checkpoint is sound: what can be read of the oldest, which the journal continues.
    Remains,
}

impl Start<'_> {
    pub fn is_continued(&self) -> bool {
        matches!(self, Start::Continued(..))
    }
}

/// Where to begin, and what was found on the way.
pub struct Choice<'a> {
    pub start: Start<'a>,
    /// How many checkpoints cannot be read to their end.
    pub damaged: usize,
    /// When the last of what checkpoints of another history hold was saved, if there is one.
    pub known_at: Option<Moment>,
    /// Those of them that hold nothing that would be missed.
    pub parted: Vec<PathBuf>,
}

/// Chooses among checkpoints, newest first, each with how things stood in it if it can be read to its end. Those behind
/// the one that is chosen are not asked for.
pub fn choose<'a>(
    context: Context<'_>,
    survey: &Survey,
    newest_first: impl Iterator<Item = (&'a CheckpointFile, Option<State>)>,
) -> Result<Choice<'a>, Error> {
    let mut choice = Choice {
        start: Start::Remains,
        damaged: 0,
        known_at: None,
        parted: Vec::new(),
    };
    let mut newest_parted = None;
    for (file, state) in newest_first {
        let Some(state) = state else {
            choice.damaged += 1;
            continue;
        };
        let loaded = survey.load(context, &state.frontier)?;
        if !loaded.contradicts {
            choice.start = Start::Continued(file, state, loaded);
            return Ok(choice);
        }
        choice.known_at = choice.known_at.max(Some(state.time));
        choice.parted.push(file.path.clone());
        newest_parted.get_or_insert((file, state, loaded));
    }
    if let Some((file, state, loaded)) = newest_parted {
        let alone = survey.load(context, &BTreeMap::new())?;
        choice.start = if !alone.has_gap() && !alone.contradicts {
            Start::Nothing(alone)
        } else {
            // The files stay where they are, for the rows in them are nowhere else.
            choice.parted.clear();
            Start::Parted(file, state, loaded)
        };
    }
    Ok(choice)
}

/// What the rows of a checkpoint cover that cannot be read to its end: the saves before its head was written.
pub fn covered_by_head(file: &CheckpointFile) -> BTreeMap<DeviceId, Point> {
    let header = &file.header;
    let covered = Point {
        sequence: header.first_sequence,
        chain: header.chain,
    };
    BTreeMap::from([(header.device, covered)])
}
