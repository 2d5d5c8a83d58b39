//! The session as named states, and the only way to an open vault.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use chrono::Local;
use mentoring::{Clock, Mentoring};
use sharing::{Receipt, Sharing};
use shell::{
    backups::{self, BackupPlan},
    keychain::Keychain,
};
use tauri::ipc::Channel;
use vault::{Finding, KdfCost, Passphrase, Places, Vault, Watch};
use words::Words;
use zeroize::Zeroizing;

use crate::{
    autolock::IdleClock,
    commands::{program::Guards, rekey::PendingRekey},
    desktop::Desktop,
    error::{AppError, ErrorCode, Reply},
    import::ImportDesk,
    passphrases,
    progress::{Deadline, Progress, Task},
    replace::Left,
    settings::Settings,
    spare_key::NewSpareKey,
};

/// Tells the window that looking through the vault found something.
const CHECKED: &str = "vault-checked";
/// How long locking may wait for the day's backup: a system that goes to sleep waits hardly longer. What is not made
/// then is made after the next opening.
const LONGEST_BACKUP: Duration = Duration::from_secs(3);
/// Asks the window to save and to lock.
const LOCK_DUE: &str = "lock-due";
/// How long work in hand may hold up a lock that the window has not done.
pub const WORK_LIMIT: Duration = Duration::from_secs(1);
const WAIT_EVERY: Duration = Duration::from_millis(20);
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
    /// What keeps secrets for the user of this computer.
    pub keychain: Arc<dyn Keychain>,
    /// Whether other programs are kept out of this one's memory.
    pub hardened: bool,
    /// What the process left that locked, and that this one has taken the place of.
    pub left: Option<Left>,
}

struct Shared {
    setting: Setting,
    words: Words,
    desktop: Mutex<Option<Arc<dyn Desktop>>>,
    settings: Mutex<Settings>,
    session: RwLock<Session>,
    /// Stop the tasks that run now, in the order they were begun.
    stops: Mutex<Vec<Weak<AtomicBool>>>,
    /// Stops looking through the vault.
    stop_looking: Mutex<Arc<AtomicBool>>,
    /// The backup that was chosen to be put back.
    restoring: Mutex<Option<PathBuf>>,
    /// When somebody was there last.
    idle: IdleClock,
    /// Where in the window.
    place: Mutex<String>,
    /// What the window has said that it leaves, when it began to lock.
    leaving: Mutex<Option<Left>>,
    /// Whether locking shall take no longer than it must.
    in_haste: Arc<AtomicBool>,
    /// Whether the system tells of the session.
    session_watched: AtomicBool,
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
    /// Set once its owner has said that this state of it is the one that is wanted.
    pub accepted: AtomicBool,
    /// Set once a backup could not be put back in memory.
    pub rehearsal_failed: AtomicBool,
    /// A spare key that was made to replace the present one, and is still to be confirmed.
    pub spare: Mutex<Option<NewSpareKey>>,
    /// What gives everything new keys, once that spare key is confirmed.
    pub rekey: Mutex<Option<PendingRekey>>,
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
            accepted: AtomicBool::new(false),
            rehearsal_failed: AtomicBool::new(false),
            spare: Mutex::new(None),
            rekey: Mutex::new(None),
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
                stops: Mutex::default(),
                stop_looking: Mutex::new(Arc::new(AtomicBool::new(false))),
                restoring: Mutex::new(None),
                idle: IdleClock::new(),
                place: Mutex::default(),
                leaving: Mutex::default(),
                in_haste: Arc::default(),
                session_watched: AtomicBool::new(false),
            }),
        }
    }

    /// Gives the program its desktop, once there is one.
    pub fn attach(&self, desktop: Arc<dyn Desktop>) {
        *lock(&self.shared.desktop) = Some(desktop);
    }

    /// Runs a piece of work over the open vault, away from the threads that serve the window.
    ///
    /// This is the only way to an open vault; the vault cannot be locked while the work runs. Whoever asks for it counts
    /// as somebody who is there.
    pub async fn unlocked<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Open) -> Reply<T> + Send + 'static,
    ) -> Reply<T> {
        self.shared.idle.touch();
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
        self.shared.idle.touch();
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
        let mut stops = lock(&self.shared.stops);
        stops.retain(|stop| stop.strong_count() > 0);
        stops.push(Arc::downgrade(&stop));
        Task::new(channel, stop)
    }

    /// Stops the task that was begun last, of those that run.
    pub fn stop_task(&self) {
        let stops = lock(&self.shared.stops);
        if let Some(stop) = stops.iter().rev().find_map(Weak::upgrade) {
            stop.store(true, Ordering::Relaxed);
        }
    }

    /// Stops all tasks that run.
    pub fn stop_tasks(&self) {
        for stop in lock(&self.shared.stops).iter().filter_map(Weak::upgrade) {
            stop.store(true, Ordering::Relaxed);
        }
    }

    /// The window has saved its words and begins to lock.
    pub fn window_left(&self, left: &Left) {
        *lock(&self.shared.leaving) = Some(left.clone());
    }

    /// Looks through the open vault in the background: opening it after an orderly lock counts nothing. The window
    /// is told only when something is not as it was saved.
    pub fn look_through(&self) {
        let stop = Arc::new(AtomicBool::new(false));
        *lock(&self.shared.stop_looking) = Arc::clone(&stop);
        *lock(&self.shared.leaving) = None;
        self.shared.in_haste.store(false, Ordering::Relaxed);
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
            let task = Task::new(None, stop);
            let whole = match open.mentoring.vault().verify(&task) {
                Ok(checks) => checks.iter().all(|check| check.ok),
                Err(vault::Error::Damaged { .. }) => false,
                // Stopped, or not to be read at this moment; the next opening looks again.
                Err(_) => return,
            };
            if whole {
                // What cannot be swept out now, Health tells of, and the next opening tries again.
                let _ = open.mentoring.sweep_if_owed(&task);
                back_up_when_due(&shared.setting, open, &task);
                if rehearse_when_due(&shared.setting, open, &task) {
                    return;
                }
                open.rehearsal_failed.store(true, Ordering::Relaxed);
            } else {
                open.check_failed.store(true, Ordering::Relaxed);
            }
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

    /// Somebody is there, at this address of the window.
    pub fn touched_at(&self, place: String) {
        self.shared.idle.touch();
        *lock(&self.shared.place) = place;
    }

    /// Whether the system tells when the screen is locked and when the computer sleeps.
    pub fn session_is_watched(&self, watched: bool) {
        self.shared
            .session_watched
            .store(watched, Ordering::Relaxed);
    }

    /// Whether the vault is open and nobody has been there for longer than the settings allow. A vault that is being
    /// made waits for its owner, who may be looking for a printer.
    pub fn is_idle(&self) -> bool {
        let minutes = lock(&self.shared.settings).auto_lock_minutes;
        self.shared.idle.is_over(minutes)
            && matches!(
                self.shared.session.try_read().as_deref(),
                Ok(Session::Open(_))
            )
    }

    /// Whether any key is at hand. Whoever moves the session to another state at this moment has one, or will.
    pub fn holds_keys(&self) -> bool {
        match self.shared.session.try_read() {
            Ok(session) => !matches!(*session, Session::Locked),
            Err(TryLockError::Poisoned(poisoned)) => {
                !matches!(**poisoned.get_ref(), Session::Locked)
            }
            Err(TryLockError::WouldBlock) => true,
        }
    }

    /// Asks the window to save and to lock.
    pub fn tell_lock_due(&self) {
        if let Some(desktop) = lock(&self.shared.desktop).as_ref() {
            desktop.tell(LOCK_DUE);
        }
    }

    /// Locks although the window does not answer. Work that does not end is cut off: a save that was not
    /// acknowledged is as good as none, and nothing else is harmed.
    pub fn lock_without_window(&self) {
        self.stop_looking();
        self.stop_tasks();
        self.shared.in_haste.store(true, Ordering::Relaxed);
        let writes = !matches!(
            self.shared.session.try_read().as_deref(),
            Ok(Session::Locked | Session::SetUp(_))
        );
        let begun = Instant::now();
        while begun.elapsed() < WORK_LIMIT {
            if let Ok(mut session) = self.shared.session.try_write() {
                close(&mut session);
                break;
            }
            thread::sleep(WAIT_EVERY);
        }
        let left = lock(&self.shared.leaving).take();
        self.begin_anew(left.unwrap_or_else(|| Left {
            place: lock(&self.shared.place).clone(),
            // Nobody knows what the window still held, if anything could be written in it.
            lost_words: writes,
        }));
    }

    /// Lets a fresh process show the lock screen; false where none can take the place of this one.
    pub fn begin_anew(&self, left: Left) -> bool {
        let desktop = lock(&self.shared.desktop).clone();
        desktop.is_some_and(|desktop| desktop.begin_anew(left))
    }

    /// What guards the keys in the computer's memory.
    pub fn guards(&self) -> Guards {
        Guards {
            hardened: self.shared.setting.hardened,
            memory_locked: Vault::memory_locked(),
            session_watched: self.shared.session_watched.load(Ordering::Relaxed),
        }
    }

    /// What the process left that this one has taken the place of.
    pub fn left(&self) -> Option<&Left> {
        self.shared.setting.left.as_ref()
    }

    /// Locks at the end of the program, whatever state it is in.
    pub fn lock_now(&self) {
        self.stop_looking();
        self.stop_tasks();
        let mut session = self
            .shared
            .session
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        self.lock_session(&mut session);
    }

    /// Makes the day's backup where one is due, and drops every key.
    pub fn lock_session(&self, session: &mut Session) {
        if let Session::Open(open) = session {
            let haste = Arc::clone(&self.shared.in_haste);
            let watch = Deadline::after(LONGEST_BACKUP).or_in(haste);
            back_up_when_due(&self.shared.setting, open, &watch);
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

    /// What keeps secrets for the user of this computer.
    pub fn keychain(&self) -> &dyn Keychain {
        &*self.shared.setting.keychain
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

/// Makes the day's backup. Nobody waits for it: a folder that cannot be reached is said in Settings, and tried another
/// time.
fn back_up_when_due(setting: &Setting, open: &Open, watch: &dyn Watch) {
    if !setting.demo {
        let plan = BackupPlan::read(&setting.places.device);
        let _ = plan.back_up_daily(open.mentoring.vault(), Local::now(), watch);
    }
}

/// Tries once a month whether a backup can be put back; false where it cannot. What could not be tried now is tried after
/// the next opening.
fn rehearse_when_due(setting: &Setting, open: &Open, watch: &dyn Watch) -> bool {
    if setting.demo {
        return true;
    }
    let device = &setting.places.device;
    let tried =
        backups::rehearse_when_due(open.mentoring.vault(), device, setting.clock.now(), watch);
    !matches!(tried, Ok(Some(rehearsed)) if !rehearsed.whole)
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
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Reply<T> + Send + 'static,
) -> Reply<T> {
    tauri::async_runtime::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(ErrorCode::Unexpected.into()))
}
