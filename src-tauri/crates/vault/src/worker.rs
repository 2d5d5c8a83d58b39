//! The thread that, some seconds after a save, flushes the store and refreshes the anchor, so that no save
//! waits for either.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::error::Error;
use crate::shared::Shared;

/// The background thread of one open vault.
pub struct Worker {
    bell: Arc<Bell>,
    thread: JoinHandle<()>,
}

#[derive(Default)]
struct Bell {
    wish: Mutex<Wish>,
    rung: Condvar,
}

#[derive(Default)]
struct Wish {
    settle: bool,
    stop: bool,
}

impl Worker {
    pub fn start(shared: Arc<Shared>, settle_after: Duration) -> Result<Worker, Error> {
        let bell = Arc::new(Bell::default());
        let rung = bell.clone();
        let thread = thread::Builder::new()
            .name("vault".into())
            .spawn(move || run(&shared, &rung, settle_after))?;
        Ok(Worker { bell, thread })
    }

    /// Tells that there is something to settle.
    pub fn wake(&self) {
        self.bell.wish().settle = true;
        self.bell.rung.notify_one();
    }

    /// Waits until the thread has ended.
    pub fn stop(self) {
        self.bell.wish().stop = true;
        self.bell.rung.notify_one();
        // A panic there has been told by the hook; what it left undone, closing or the next opening does.
        let _ = self.thread.join();
    }
}

impl Bell {
    fn wish(&self) -> std::sync::MutexGuard<'_, Wish> {
        self.wish.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn run(shared: &Shared, bell: &Bell, settle_after: Duration) {
    loop {
        let mut wish = bell.wish();
        while !wish.settle && !wish.stop {
            wish = bell.rung.wait(wish).unwrap_or_else(PoisonError::into_inner);
        }
        // Saves come in bursts; one flush serves them all.
        let (mut wish, _) = bell
            .rung
            .wait_timeout_while(wish, settle_after, |wish| !wish.stop)
            .unwrap_or_else(PoisonError::into_inner);
        if wish.stop {
            return;
        }
        wish.settle = false;
        drop(wish);
        // What fails here is tried again after the next save and told at lock.
        let _ = shared.settle();
    }
}
