//! What waits on the desk to be imported, between the preview and the yes.

use interchange::Prepared;
use mentoring::RecordId;

/// One prepared import, and the last one that was carried out.
#[derive(Default)]
pub struct ImportDesk {
    tokens: u64,
    waiting: Option<(String, Prepared)>,
    last: Vec<RecordId>,
}

impl ImportDesk {
    /// Lays a prepared import on the desk and returns the token that fetches it.
    pub fn lay(&mut self, prepared: Prepared) -> String {
        self.tokens += 1;
        let token = format!("import-{}", self.tokens);
        self.waiting = Some((token.clone(), prepared));
        token
    }

    /// Takes the prepared import with this token from the desk.
    pub fn take(&mut self, token: &str) -> Option<Prepared> {
        match self.waiting.take() {
            Some((waiting, prepared)) if waiting == token => Some(prepared),
            other => {
                self.waiting = other;
                None
            }
        }
    }

    /// Remembers what was imported, so that it can be undone.
    pub fn done(&mut self, records: Vec<RecordId>) {
        self.last = records;
    }

    /// What was imported last, until it is undone.
    pub fn last(&self) -> &[RecordId] {
        &self.last
    }
}
