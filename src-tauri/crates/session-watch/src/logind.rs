//! What systemd's login manager tells over the system bus: that the screen is locked, that the computer sleeps.
//!
//! A lid that is shut makes logind sleep, unless the person has told it otherwise; so it comes here as sleep. The
//! interface is described in org.freedesktop.login1(5); elogind offers the same.

use std::{os::fd::OwnedFd, sync::mpsc::Sender, time::Duration};

use zbus::{
    MatchRule, Message,
    blocking::{Connection, MessageIterator, Proxy},
    message,
    zvariant::{self, OwnedObjectPath, OwnedValue},
};

use crate::{Delay, SessionWatch, Sign};

const LOGIN: &str = "org.freedesktop.login1";
const MANAGER_PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";
const USER: &str = "org.freedesktop.login1.User";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
/// What the desktop has told every program of a session.
const SESSION_VARIABLE: &str = "XDG_SESSION_ID";
/// How long logind waits for everybody, unless it is told otherwise (`InhibitDelayMaxSec`).
const SLEEP_WAITS: Duration = Duration::from_secs(5);

/// Watches the session through logind.
struct Logind {
    /// Why sleep has to wait a little, in words for who lists what holds it up.
    why: String,
}

pub fn system(why: String) -> impl SessionWatch {
    Logind { why }
}

impl SessionWatch for Logind {
    fn watch(self, signs: &Sender<Sign>, watching: &dyn Fn(bool)) {
        // Without a system bus, or without logind on it, the session is not watched, and the settings say so.
        if let Ok(bus) = Connection::system() {
            let _ = self.watch_on(&bus, signs, watching);
        }
        watching(false);
    }
}

impl Logind {
    fn watch_on(
        &self,
        bus: &Connection,
        signs: &Sender<Sign>,
        watching: &dyn Fn(bool),
    ) -> zbus::Result<()> {
        let manager = Proxy::new(bus, LOGIN, MANAGER_PATH, MANAGER)?;
        let session = own_session(&manager)?;
        let rule = MatchRule::builder()
            .msg_type(message::Type::Signal)
            .sender(LOGIN)?
            .build();
        let messages = MessageIterator::for_match_rule(rule, bus, None)?;
        let mut delay = self.delay_sleep(&manager);
        watching(true);
        for message in messages {
            let sign = match heard(&message?, &session) {
                Some(Heard::Locked) => Sign::ScreenLocked,
                Some(Heard::Sleeps) => Sign::Sleeping(Delay::new(SLEEP_WAITS, delay.take())),
                Some(Heard::Wakes) => {
                    delay = delay.or_else(|| self.delay_sleep(&manager));
                    continue;
                }
                None => continue,
            };
            if signs.send(sign).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Asks logind to wait a little before the computer sleeps, for as long as the descriptor is open. It refuses
    /// while the computer is going to sleep already.
    fn delay_sleep(&self, manager: &Proxy<'_>) -> Option<OwnedFd> {
        let asked = ("sleep", "Confidant", self.why.as_str(), "delay");
        let held: zvariant::OwnedFd = manager.call("Inhibit", &asked).ok()?;
        Some(held.into())
    }
}

#[derive(Debug, PartialEq)]
enum Heard {
    Locked,
    Sleeps,
    Wakes,
}

/// What a signal says, if it is of any concern to this session.
fn heard(message: &Message, session: &OwnedObjectPath) -> Option<Heard> {
    let header = message.header();
    let (interface, member) = (header.interface()?.as_str(), header.member()?.as_str());
    let is_ours = header.path().is_some_and(|path| *path == **session);
    let body = message.body();
    match (interface, member) {
        (MANAGER, "PrepareForSleep") => Some(match body.deserialize::<bool>().ok()? {
            true => Heard::Sleeps,
            false => Heard::Wakes,
        }),
        (SESSION, "Lock") if is_ours => Some(Heard::Locked),
        (PROPERTIES, "PropertiesChanged") if is_ours => {
            type Changed<'a> = (
                &'a str,
                std::collections::HashMap<&'a str, OwnedValue>,
                Vec<&'a str>,
            );
            let (_, changed, _) = body.deserialize::<Changed<'_>>().ok()?;
            let hint = changed.get("LockedHint")?;
            bool::try_from(hint).ok()?.then_some(Heard::Locked)
        }
        _ => None,
    }
}

/// The session that this program belongs to. Desktops that start programs beside the session, under the user's own
/// manager, leave the one that the user sees.
fn own_session(manager: &Proxy<'_>) -> zbus::Result<OwnedObjectPath> {
    if let Ok(id) = std::env::var(SESSION_VARIABLE)
        && let Ok(session) = manager.call("GetSession", &(id,))
    {
        return Ok(session);
    }
    let own = std::process::id();
    if let Ok(session) = manager.call("GetSessionByPID", &(own,)) {
        return Ok(session);
    }
    let user: OwnedObjectPath = manager.call("GetUserByPID", &(own,))?;
    let user = Proxy::new(manager.connection(), LOGIN, user, USER)?;
    let (_, session) = user.get_property::<(String, OwnedObjectPath)>("Display")?;
    Ok(session)
}

#[cfg(test)]
mod tests {
    use std::{
        sync::mpsc::{self, Receiver},
        thread::JoinHandle,
        time::Duration,
    };

    use testkit::{FakeLogind, TestBus};
    use zbus::blocking::connection;

    use super::*;

    const SOON: Duration = Duration::from_secs(5);
    const A_WHILE: Duration = Duration::from_millis(300);

    /// A login manager, and what the program hears of it.
    struct World {
        logind: FakeLogind,
        signs: Receiver<Sign>,
        ended: JoinHandle<()>,
        bus: TestBus,
        _folder: tempfile::TempDir,
    }

    impl World {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let bus = TestBus::start(folder.path());
            let logind = FakeLogind::start(bus.address());
            let connect = || connection::Builder::address(bus.address())?.build();
            let connection = connect().expect("the bus answers");
            let (sender, signs) = mpsc::channel();
            let (says, watching) = mpsc::channel();
            let ended = std::thread::spawn(move || {
                let why = "words are saved".to_owned();
                let _ = Logind { why }.watch_on(&connection, &sender, &|now| {
                    says.send(now).expect("the test listens");
                });
            });
            assert_eq!(watching.recv_timeout(SOON), Ok(true));
            Self {
                logind,
                signs,
                ended,
                bus,
                _folder: folder,
            }
        }
    }

    #[test]
    fn a_locked_screen_is_heard_of_from_whoever_locks_it_and_no_other_session() {
        let world = World::new();
        world.logind.lock_screen(false);
        world.logind.screen_is_locked(false);
        assert!(world.signs.recv_timeout(A_WHILE).is_err());
        world.logind.lock_screen(true);
        let sign = world.signs.recv_timeout(SOON);
        assert!(matches!(sign, Ok(Sign::ScreenLocked)));
        world.logind.screen_is_locked(true);
        let sign = world.signs.recv_timeout(SOON);
        assert!(matches!(sign, Ok(Sign::ScreenLocked)));
    }

    #[test]
    fn sleep_waits_until_what_came_with_it_is_dropped_and_the_next_one_too() {
        let world = World::new();
        for _ in 0..2 {
            world.logind.wait_until_delayed();
            assert_eq!(world.logind.delays(), ["words are saved"]);
            let slept = std::thread::scope(|scope| {
                let sleep = scope.spawn(|| world.logind.sleep());
                let sign = world.signs.recv_timeout(SOON).expect("a sign");
                assert!(matches!(sign, Sign::Sleeping(_)));
                std::thread::sleep(A_WHILE);
                drop(sign);
                sleep.join().expect("it slept")
            });
            assert!(slept >= A_WHILE, "{slept:?}");
            world.logind.wake();
        }
    }

    #[test]
    fn watching_ends_with_the_bus() {
        let world = World::new();
        drop(world.bus);
        world.ended.join().expect("it ended");
    }
}
