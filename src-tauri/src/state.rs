//! The session as named states, and the only way to an open vault.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::Local;
use mentoring::{Clock, Mentoring};
use sharing::{Receipt, Sharing};
use shell::backups::BackupPlan;
use tauri::ipc::Channel;
use vault::{Finding, KdfCost, Passphrase, Places, Vault, Watch};
use words::Words;
use zeroize::Zeroizing;

use crate::{
    desktop::Desktop,
    error::{AppError, ErrorCode, Reply},
    import::ImportDesk,
    passphrases,
    progress::{Deadline, Progress, Task},
    settings::Settings,
    spare_key::NewSpareKey,
};

/// Tells the window that looking through the vault found something.
const CHECKED: &str = "vault-checked";
/// How long locking may wait for the day's backup.
const LONGEST_BACKUP: Duration = Duration::from_secs(20);
/// How long one try of a passphrase shall take.
const STRETCHING: Duration = Duration::from_secs(1);

/// Everything the commands share.
#[derive(Clone)]
pub struct AppState {
    shared: Arc<Shared>,
}

/// What a program is started with.
pub struct Setting {
    /// Where the vault and this computer's own knowledge of it are.
    pub places: Places,
    /// Whether this is the demo vault.
    pub demo: bool,
    /// What stretching a passphrase costs; measured on this computer when absent.
    pub cost: Option<KdfCost>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

struct Shared {
    setting: Setting,
    words: Words,
    desktop: Mutex<Option<Arc<dyn Desktop>>>,
    settings: Mutex<Settings>,
    session: RwLock<Session>,
    /// Stops the task that runs now.
    stop: Mutex<Arc<AtomicBool>>,
    /// Stops looking through the vault.
    stop_looking: Mutex<Arc<AtomicBool>>,
    /// The backup that was chosen to be put back.
    restoring: Mutex<Option<PathBuf>>,
}

/// Where the session stands.
pub enum Session {
    /// No key is at hand.
    Locked,
    /// A vault was just made; its spare key is still to be confirmed.
    SetUp(Box<SetUp>),
    /// The vault is open.
    Open(Box<Open>),
}

/// A vault that was just made.
pub struct SetUp {
    /// The vault.
    pub vault: Vault,
    /// A spare key, still to be kept and confirmed.
    pub spare: NewSpareKey,
    /// The user's own name.
    pub name: Zeroizing<String>,
}

/// An open vault and its services.
pub struct Open {
    /// The services.
    pub mentoring: Mentoring,
    /// What was out of the ordinary when it was opened.
    pub findings: Vec<Finding>,
    /// Set once looking through it found that something is not as it was saved.
    pub check_failed: AtomicBool,
    /// A spare key that was made to replace the present one, and is still to be confirmed.
    pub spare: Mutex<Option<NewSpareKey>>,
    /// What waits to be imported.
    pub import: Mutex<ImportDesk>,
    /// The receipt of the notebook that was forgotten last; it is kept nowhere else.
    pub receipt: Mutex<Option<Receipt>>,
}

impl Open {
    /// Starts the services over a vault.
    pub fn over(vault: Vault, clock: Arc<dyn Clock>) -> Reply<Self> {
        let findings = vault.opening().findings.clone();
        let mentoring = shell::setting_up::serve(vault, clock)?;
        Ok(Self {
            mentoring,
            findings,
            check_failed: AtomicBool::new(false),
            spare: Mutex::new(None),
            import: Mutex::new(ImportDesk::default()),
            receipt: Mutex::new(None),
        })
    }

    /// The services of summaries.
    pub fn sharing(&self) -> Sharing<'_> {
        Sharing::over(&self.mentoring)
    }
}

impl AppState {
    /// The state of a program that has just been started.
    pub fn new(setting: Setting) -> Self {
        let settings = Settings::read(&setting.places.device);
        Self {
            shared: Arc::new(Shared {
                setting,
                words: Words::english(),
                desktop: Mutex::new(None),
                settings: Mutex::new(settings),
                session: RwLock::new(Session::Locked),
                stop: Mutex::new(Arc::new(AtomicBool::new(false))),
                stop_looking: Mutex::new(Arc::new(AtomicBool::new(false))),
                restoring: Mutex::new(None),
            }),
        }
    }

    /// Gives the program its desktop, once there is one.
    pub fn attach(&self, desktop: Arc<dyn Desktop>) {
        *lock(&self.shared.desktop) = Some(desktop);
    }

    /// Runs a piece of work over the open vault, away from the threads that serve the window.
    ///
    /// This is the only way to an open vault; the vault cannot be locked while the work runs.
    pub async fn unlocked<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Open) -> Reply<T> + Send + 'static,
    ) -> Reply<T> {
        self.session(move |session| match session {
            Session::Open(open) => work(open),
            Session::Locked | Session::SetUp(_) => Err(ErrorCode::VaultLocked.into()),
        })
        .await
    }

    /// Runs a piece of work that looks at the session.
    pub async fn session<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Session) -> Reply<T> + Send + 'static,
    ) -> Reply<T> {
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            work(
                &shared
                    .session
                    .read()
                    .unwrap_or_else(PoisonError::into_inner),
            )
        })
        .await
    }

    /// Runs a piece of work that moves the session to another state.
    pub async fn transition<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Session) -> Reply<T> + Send + 'static,
    ) -> Reply<T> {
        let shared = Arc::clone(&self.shared);
        blocking(move || {
            work(
                &mut shared
                    .session
                    .write()
                    .unwrap_or_else(PoisonError::into_inner),
            )
        })
        .await
    }

    /// Runs a piece of work that needs the desktop and may wait for the person.
    pub async fn asking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Desktop) -> Reply<T> + Send + 'static,
    ) -> Reply<T> {
        let desktop = lock(&self.shared.desktop)
            .clone()
            .ok_or(ErrorCode::Unexpected)?;
        blocking(move || work(&*desktop)).await
    }

    /// Begins a task that can be stopped.
    pub fn task(&self, channel: Option<Channel<Progress>>) -> Task {
        let stop = Arc::new(AtomicBool::new(false));
        *lock(&self.shared.stop) = Arc::clone(&stop);
        Task::new(channel, stop)
    }

    /// Stops the task that was begun last.
    pub fn stop_task(&self) {
        lock(&self.shared.stop).store(true, Ordering::Relaxed);
    }

    /// Looks through the open vault in the background: opening it after an orderly lock counts nothing. The window
    /// is told only when something is not as it was saved.
    pub fn look_through(&self) {
        let stop = Arc::new(AtomicBool::new(false));
        *lock(&self.shared.stop_looking) = Arc::clone(&stop);
        let shared = Arc::clone(&self.shared);
        // Nobody waits for it; whoever locks stops it.
        drop(tauri::async_runtime::spawn_blocking(move || {
            let session = shared
                .session
                .read()
                .unwrap_or_else(PoisonError::into_inner);
            let Session::Open(open) = &*session else {
                return;
            };
            let whole = match open.mentoring.vault().verify(&Task::new(None, stop)) {
                Ok(checks) => checks.iter().all(|check| check.ok),
                Err(vault::Error::Damaged { .. }) => false,
                // Stopped, or not to be read at this moment; the next opening looks again.
                Err(_) => return,
            };
            if whole {
                return;
            }
            open.check_failed.store(true, Ordering::Relaxed);
            drop(session);
            if let Some(desktop) = lock(&shared.desktop).as_ref() {
                desktop.tell(CHECKED);
            }
        }));
    }

    /// Stops looking through the vault, so that it can be locked.
    pub fn stop_looking(&self) {
        lock(&self.shared.stop_looking).store(true, Ordering::Relaxed);
    }

    /// Locks at the end of the program, whatever state it is in.
    pub fn lock_now(&self) {
        self.stop_looking();
        let mut session = self
            .shared
            .session
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        self.lock_session(&mut session);
    }

    /// Makes the day's backup where one is due, and drops every key.
    pub fn lock_session(&self, session: &mut Session) {
        if let Session::Open(open) = session
            && !self.is_demo()
        {
            let plan = BackupPlan::read(&self.places().device);
            // Locking waits for nobody: a folder that cannot be reached is said in Settings, and tried another time.
            let _ = plan.back_up_daily(
                open.mentoring.vault(),
                Local::now(),
                &Deadline::after(LONGEST_BACKUP),
            );
        }
        close(session);
    }

    /// The backup that was chosen to be put back.
    pub fn restoring(&self) -> MutexGuard<'_, Option<PathBuf>> {
        lock(&self.shared.restoring)
    }

    /// Where the vault is.
    pub fn places(&self) -> &Places {
        &self.shared.setting.places
    }

    /// Whether this is the demo vault.
    pub fn is_demo(&self) -> bool {
        self.shared.setting.demo
    }

    /// The clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.shared.setting.clock)
    }

    /// The words that Rust says.
    pub fn words(&self) -> &Words {
        &self.shared.words
    }

    /// The settings.
    pub fn settings(&self) -> Settings {
        lock(&self.shared.settings).clone()
    }

    /// Keeps settings.
    pub fn save_settings(&self, settings: Settings) -> Reply<Settings> {
        let kept = settings
            .write(&self.places().device)
            .map_err(|error| AppError::from(vault::Error::from(error)))?;
        *lock(&self.shared.settings) = kept.clone();
        Ok(kept)
    }

    /// What stretching a new passphrase shall cost.
    pub fn cost(&self, watch: &dyn Watch) -> Reply<KdfCost> {
        match self.shared.setting.cost {
            Some(cost) => Ok(cost),
            None => Ok(KdfCost::calibrate(STRETCHING, watch)?),
        }
    }
}

/// Drops every key. What cannot be written at this moment is safe in the journal already.
pub fn close(session: &mut Session) {
    let vault = match std::mem::replace(session, Session::Locked) {
        Session::Locked => return,
        Session::SetUp(set_up) => set_up.vault,
        Session::Open(open) => open.mentoring.into_vault(),
    };
    // A lock that fails to write its checkpoint has still dropped the keys; the next opening
    // replays the journal and reports what it found.
    let _ = vault.lock();
}

/// Takes a lock, also after a panic elsewhere: no holder leaves the value half changed.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads a passphrase that came from the window.
pub fn passphrase(typed: &Zeroizing<String>) -> Reply<Passphrase> {
    Ok(Passphrase::parse(typed)?)
}

/// Reads a passphrase that shall open the vault from now on; refuses one that would be guessed.
pub fn new_passphrase(typed: &Zeroizing<String>) -> Reply<Passphrase> {
    passphrases::accept(typed)
}

/// Runs work that may take a while away from the threads that serve the window.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Reply<T> + Send + 'static) -> Reply<T> {
    tauri::async_runtime::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(ErrorCode::Unexpected.into()))
}
