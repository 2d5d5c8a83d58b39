//! Commitments: what was promised, by whom and by when.

mod stored;
mod view;

pub use view::{Commitment, CommitmentState};

use crate::{
    error::{Field, Result},
    kind::{self, KindNumber, Outline, RecordKind},
    label::Label,
    text,
};

impl RecordKind for Commitment {
    type Stored = stored::CommitmentV2;

    const KIND: KindNumber = KindNumber(105);
    const SCHEMA: u16 = 2;
    const AUTOSAVED: bool = false;

    fn read(schema: u16, json: &str) -> Option<Self> {
        match schema {
            1 => kind::read_as::<stored::CommitmentV1, Self>(json),
            Self::SCHEMA => kind::read_as::<Self::Stored, Self>(json),
            _ => None,
        }
    }

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
