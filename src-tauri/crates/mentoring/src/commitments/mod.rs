//! Commitments: what was promised, by whom and by when.

mod stored;
mod view;

pub use view::{Commitment, CommitmentState};

use crate::{
    error::{Field, Result},
    kind::{KindNumber, Outline, RecordKind},
    label::Label,
    text,
};

impl RecordKind for Commitment {
    type Stored = stored::CommitmentV1;

    const KIND: KindNumber = KindNumber(105);
    const SCHEMA: u16 = 1;
    const AUTOSAVED: bool = false;

    fn check(&self, _label: Label) -> Result<()> {
        text::check_present(Field::Promise, &self.text)?;
        text::check_line(Field::Promise, &self.text)?;
        text::check_text(Field::Text, &self.note)
    }

    fn outline(&self) -> Outline {
        Outline {
            title: text::title_of(&self.text, ""),
            excerpt: text::excerpt_of(&self.note),
            state: Some(match self.state {
                CommitmentState::Open => "open",
                CommitmentState::Kept => "kept",
                CommitmentState::Renegotiated => "renegotiated",
                CommitmentState::Missed => "missed",
            }),
            due: self.due,
            owner: Some(self.owner),
            steps: None,
        }
    }

    fn words(&self) -> String {
        format!("{}\n{}", self.text, self.note).trim().to_owned()
    }
}
