//! A vault that is open for one command.

use std::{path::PathBuf, sync::Arc};

use mentoring::{
    Clock, Mentoring, RecordFilter, RecordId, RecordLine, ShutSpace, SpaceId, SystemClock,
    spaces::Space,
};
use sharing::{Sharing, SummaryLine};
use shell::{ErrorCode, notices, notices::Weight, places, putting_back::finish_switch, setting_up};
use vault::{Credential, Finding, Found, Passphrase, Places, Vault};

use crate::{
    arguments::Common,
    failure::{Failure, Own},
    output::Output,
    secrets::{self, Source},
};

/// An open vault, its services, and what opening it found.
pub struct Session {
    pub mentoring: Mentoring,
    pub findings: Vec<Finding>,
    /// The second passphrases that were given, and the notebooks that they open.
    pub seconds: Vec<(SpaceId, Passphrase)>,
}

/// Where the vault of this command is.
pub fn vault_places(common: &Common, output: &Output<'_>) -> Result<Places, Failure> {
    places::places(common.vault.as_deref(), common.device_folder.as_deref()).map_err(|none| {
        let id = match none {
            places::NoPlaces::NoDataFolder => "cli-usage-no-data-folder",
            places::NoPlaces::NoFolder => "cli-usage-no-folder",
        };
        Failure::from(Own::Usage).saying(output.words.say(id))
    })
}

/// Refuses a place where there is nothing to open, before anyone is asked for a passphrase. Where putting a backup back was
/// cut off, the vault comes to its place first.
pub fn expect_vault(places: &Places) -> Result<(), Failure> {
    finish_switch(places)?;
    match vault::look(places)? {
        Found::Vault { .. } => Ok(()),
        Found::Nothing => Err(ErrorCode::NoVault.into()),
        Found::Newer { .. } => Err(ErrorCode::VaultNewer.into()),
        Found::Damaged => Err(ErrorCode::VaultDamaged.into()),
    }
}

impl Session {
    /// Opens the vault with its passphrase, and tells what a person should know of it.
    pub fn open(common: &Common, output: &Output<'_>) -> Result<Self, Failure> {
        let session = Self::open_quietly(common, output)?;
        session.tell(output);
        Ok(session)
    }

    /// Opens the vault of a command that writes into it.
    pub fn open_to_write(common: &Common, output: &Output<'_>) -> Result<Self, Failure> {
        let session = Self::open(common, output)?;
        session.expect_writable()?;
        Ok(session)
    }

    /// Opens the vault with its passphrase, and leaves it to the command to say what was found.
    pub fn open_quietly(common: &Common, output: &Output<'_>) -> Result<Self, Failure> {
        let places = vault_places(common, output)?;
        expect_vault(&places)?;
        let passphrase = secrets::present(&Source::of(common, output)?, output)?;
        let mut session = Self::open_with(&places, Credential::Passphrase(&passphrase), output)?;
        for pair in common.second.chunks_exact(2) {
            session.open_space(&pair[0], &Source::File(PathBuf::from(&pair[1])), output)?;
        }
        Ok(session)
    }

    /// Opens a notebook that is shut, for this command.
    fn open_space(
        &mut self,
        meant: &str,
        source: &Source,
        output: &Output<'_>,
    ) -> Result<(), Failure> {
        let space = self.shut_space(meant)?.id;
        let second = secrets::present(source, output)?;
        self.mentoring
            .open_space(space, &second, &output.progress())
            .map_err(wrong_second)?;
        self.seconds.push((space, second));
        Ok(())
    }

    /// Opens a vault with whatever opens it.
    pub fn open_with(
        places: &Places,
        credential: Credential<'_>,
        output: &Output<'_>,
    ) -> Result<Self, Failure> {
        let vault = Vault::open(places, credential, &output.progress())?;
        if setting_up::is_unfinished(&vault) {
            return Err(Own::SetUpUnfinished.into());
        }
        Self::over(vault)
    }

    /// Starts the services over an open vault.
    pub fn over(vault: Vault) -> Result<Self, Failure> {
        let findings = vault.opening().findings.clone();
        let mentoring = setting_up::serve(vault, Arc::new(SystemClock))?;
        Ok(Self {
            mentoring,
            findings,
            seconds: Vec::new(),
        })
    }

    /// Refuses where nothing can be written.
    pub fn expect_writable(&self) -> Result<(), Failure> {
        match self.mentoring.vault().read_only() {
            true => Err(ErrorCode::ReadOnly.into()),
            false => Ok(()),
        }
    }

    /// Closes the vault. What is saved is safe, whatever this says: the next opening has more to do then.
    pub fn close(self, output: &Output<'_>) {
        if self.mentoring.into_vault().lock().is_err() {
            output.warn_of("cli-warn-notClosed");
        }
    }

    /// Tells on standard error what opening found that is not everyday life.
    fn tell(&self, output: &Output<'_>) {
        for finding in &self.findings {
            if notices::weigh(finding) > Weight::Information {
                let (code, message) = notices::said(finding, output.words);
                output.warn(&code, &message);
            }
        }
        if self.mentoring.vault().read_only() {
            output.warn_of("cli-warn-readOnly");
        }
        let unreadable = self.mentoring.unreadable_spaces();
        if unreadable > 0 {
            let message = output
                .words
                .with("app-notice-spaceUnreadable", [("count", unreadable.into())]);
            output.warn("spaceUnreadable", &message);
        }
    }

    /// The notebook that a person means: by its id, or by its name whatever the case.
    pub fn space(&self, meant: &str) -> Result<Space, Failure> {
        let spaces = self.mentoring.list_spaces();
        match meant_of(spaces, meant, |space| (space.id, &space.card.name)) {
            Err(none) if matches!(none, NotMeant::Missing) && self.shut_space(meant).is_ok() => {
                Err(ErrorCode::SpaceLocked.into())
            }
            outcome => Ok(outcome?),
        }
    }

    /// The notebook that a person means, whether it is open or shut.
    pub fn open_or_shut(&self, meant: &str) -> Result<SpaceId, Failure> {
        match self.space(meant) {
            Ok(space) => Ok(space.id),
            Err(error) => self
                .shut_space(meant)
                .map(|shut| shut.id)
                .map_err(|_| error),
        }
    }

    /// The shut notebook that a person means: by its id, or by the name that is shown for it.
    pub fn shut_space(&self, meant: &str) -> Result<ShutSpace, Failure> {
        let spaces = self.mentoring.shut_spaces();
        Ok(meant_of(spaces, meant, |space| {
            (space.id, &space.shown_as)
        })?)
    }

    /// The records that are kept, of one notebook or of all.
    pub fn records(&self, space: Option<SpaceId>) -> Result<Vec<RecordLine>, Failure> {
        let filter = RecordFilter {
            space,
            kinds: Vec::new(),
            labels: Vec::new(),
            states: Vec::new(),
            parent: None,
            from: None,
            to: None,
            binned: false,
            offset: 0,
            limit: u32::MAX,
        };
        Ok(self.mentoring.list_records(&filter)?.lines)
    }

    /// The summaries that are kept, of one notebook or of all; tells of those that cannot be read.
    pub fn summaries(
        &self,
        space: Option<SpaceId>,
        output: &Output<'_>,
    ) -> Result<Vec<SummaryLine>, Failure> {
        let list = Sharing::over(&self.mentoring).list_summaries(space, false)?;
        if list.unreadable > 0 {
            output.warn_of("cli-warn-summaryUnreadable");
        }
        Ok(list.lines)
    }

    /// The id of a record or summary, from all of it or from its beginning.
    pub fn record_id(&self, meant: &str, output: &Output<'_>) -> Result<RecordId, Failure> {
        let records = self.records(None)?.into_iter().map(|line| line.id);
        let summaries = self
            .summaries(None, output)?
            .into_iter()
            .map(|line| line.id);
        begins_with(records.chain(summaries), meant)
    }
}

/// The one of these ids that a person means: by all of it, or by its beginning.
pub fn begins_with(ids: impl Iterator<Item = RecordId>, meant: &str) -> Result<RecordId, Failure> {
    let lower = meant.trim().to_lowercase();
    let mut fitting = ids.filter(|id| {
        let id = id.to_string();
        !lower.is_empty() && (id.starts_with(&lower) || id.replace('-', "").starts_with(&lower))
    });
    match (fitting.next(), fitting.next()) {
        (Some(id), None) => Ok(id),
        (Some(_), Some(_)) => Err(Own::Ambiguous.into()),
        (None, _) => Err(ErrorCode::NotFound.into()),
    }
}

/// Why nothing is meant.
enum NotMeant {
    Missing,
    Ambiguous,
}

impl From<NotMeant> for Failure {
    fn from(none: NotMeant) -> Self {
        match none {
            NotMeant::Missing => ErrorCode::SpaceNotFound.into(),
            NotMeant::Ambiguous => Own::Ambiguous.into(),
        }
    }
}

/// What a person means of these: by its id, or by its name whatever the case.
fn meant_of<T>(
    of: Vec<T>,
    meant: &str,
    known: impl Fn(&T) -> (SpaceId, &String),
) -> Result<T, NotMeant> {
    let lower = meant.trim().to_lowercase();
    let by_id = |one: &T| {
        let id = known(one).0.to_string();
        id == lower || id.replace('-', "") == lower
    };
    let by_name = |one: &T| known(one).1.to_lowercase() == lower;
    let chosen: Vec<bool> = match of.iter().any(by_id) {
        true => of.iter().map(by_id).collect(),
        false => of.iter().map(by_name).collect(),
    };
    let mut fitting = of.into_iter().zip(chosen).filter(|(_, fits)| *fits);
    match (fitting.next(), fitting.next()) {
        (Some((one, _)), None) => Ok(one),
        (Some(_), Some(_)) => Err(NotMeant::Ambiguous),
        (None, _) => Err(NotMeant::Missing),
    }
}

/// A second passphrase is not the vault's own.
pub fn wrong_second(error: mentoring::Error) -> Failure {
    match error {
        mentoring::Error::Vault(vault::Error::WrongCredential) => {
            ErrorCode::WrongSecondPassphrase.into()
        }
        error => error.into(),
    }
}

/// The present day where the person is.
pub fn today() -> chrono::NaiveDate {
    SystemClock.today()
}
