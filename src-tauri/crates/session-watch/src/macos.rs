//! What macOS tells: that the screen is locked or dark, that another person's session is shown, that the computer
//! sleeps.
//!
//! Locking comes as notifications. Sleep comes from IOKit and not as `NSWorkspaceWillSleepNotification`: that one is
//! dealt with on the program's main thread, and whoever holds up sleep there holds up the window that is to save. See
//! decision 0010, and "Registering and unregistering for sleep and wake notifications" (Apple's QA1340).

use std::{
    cell::OnceCell,
    ffi::c_void,
    marker::PhantomData,
    ptr,
    sync::{Arc, mpsc::Sender},
    time::Duration,
};

use objc2::{
    AnyThread, DefinedClass, define_class, msg_send, rc::Retained, runtime::NSObject, sel,
};
use objc2_app_kit::{
    NSWorkspace, NSWorkspaceScreensDidSleepNotification,
    NSWorkspaceSessionDidResignActiveNotification,
};
use objc2_core_foundation::{CFRunLoop, kCFRunLoopDefaultMode};
use objc2_foundation::{
    NSDistributedNotificationCenter, NSNotification, NSNotificationCenter,
    NSNotificationSuspensionBehavior, NSString, ns_string,
};
use objc2_io_kit::{
    IOAllowPowerChange, IODeregisterForSystemPower, IONotificationPort, IONotificationPortRef,
    IORegisterForSystemPower, IOServiceClose, io_connect_t, io_object_t, io_service_t,
    kIOMessageCanSystemSleep, kIOMessageSystemWillSleep,
};

use crate::{
    Delay, SessionWatch, Sign,
    power::{self, Heard, heard},
};

// What is tested elsewhere speaks of the same numbers as macOS.
const _: () = {
    assert!(power::CAN_SYSTEM_SLEEP == kIOMessageCanSystemSleep);
    assert!(power::SYSTEM_WILL_SLEEP == kIOMessageSystemWillSleep);
};

/// How long macOS waits for an answer before the computer sleeps all the same (IOPMLib.h, and Apple's QA1340).
const SLEEP_WAITS: Duration = Duration::from_secs(30);

/// The name that the screen saver and the lock screen give to what they tell every program. Apple
/// documents it nowhere; many programs rely on it.
fn screen_is_locked() -> &'static NSString {
    ns_string!("com.apple.screenIsLocked")
}

/// Watches the session through notifications and IOKit.
struct Notices;

pub fn system(_why: String) -> impl SessionWatch {
    Notices
}

impl SessionWatch for Notices {
    fn watch(self, signs: &Sender<Sign>, watching: &dyn Fn(bool)) {
        let told = Told {
            signs: signs.clone(),
            root: OnceCell::new(),
        };
        if let Some(power) = Power::begin(&told) {
            let locking = Locking::begin(signs.clone());
            watching(true);
            power.run();
            drop(locking);
        }
        watching(false);
    }
}

define_class!(
    // SAFETY: NSObject asks nothing of who inherits from it, and there is no `Drop` here.
    #[unsafe(super(NSObject))]
    #[name = "ConfidantSessionListener"]
    #[ivars = Sender<Sign>]
    struct Listener;

    impl Listener {
        // On whichever thread it comes; in the program that is the main one.
        #[unsafe(method(nobodyIsThere:))]
        fn nobody_is_there(&self, _notification: &NSNotification) {
            // Nobody hears it any more when the program is ending.
            let _ = self.ivars().send(Sign::ScreenLocked);
        }
    }
);

impl Listener {
    fn new(signs: Sender<Sign>) -> Retained<Self> {
        let new = Self::alloc().set_ivars(signs);
        // SAFETY: this is how an NSObject is made, and it gives back what was allocated.
        unsafe { msg_send![super(new), init] }
    }
}

/// Hears of a screen that is locked or dark, and of another person's session, until it is dropped.
struct Locking {
    listener: Retained<Listener>,
    workspace: Retained<NSNotificationCenter>,
    everyone: Retained<NSDistributedNotificationCenter>,
}

impl Locking {
    fn begin(signs: Sender<Sign>) -> Self {
        let locking = Self {
            listener: Listener::new(signs),
            workspace: NSWorkspace::sharedWorkspace().notificationCenter(),
            everyone: NSDistributedNotificationCenter::defaultCenter(),
        };
        locking.listen_to_workspace();
        locking.listen_to_everyone();
        locking
    }

    fn listen_to_workspace(&self) {
        // SAFETY: both are constants of AppKit.
        let names = unsafe {
            [
                NSWorkspaceScreensDidSleepNotification,
                NSWorkspaceSessionDidResignActiveNotification,
            ]
        };
        for name in names {
            // SAFETY: the listener has this method, which takes a notification, and is removed before it goes.
            unsafe {
                self.workspace.addObserver_selector_name_object(
                    &self.listener,
                    sel!(nobodyIsThere:),
                    Some(name),
                    None,
                );
            }
        }
    }

    /// Without delay: usually a program that is not in front is told only once it comes there.
    fn listen_to_everyone(&self) {
        // SAFETY: the listener has this method, which takes a notification, and is removed before it goes.
        unsafe {
            self.everyone
                .addObserver_selector_name_object_suspensionBehavior(
                    &self.listener,
                    sel!(nobodyIsThere:),
                    Some(screen_is_locked()),
                    None,
                    NSNotificationSuspensionBehavior::DeliverImmediately,
                );
        }
    }
}

impl Drop for Locking {
    fn drop(&mut self) {
        // SAFETY: it is the listener that was added.
        unsafe { self.workspace.removeObserver(&self.listener) };
        // SAFETY: as above.
        unsafe { self.everyone.removeObserver(&self.listener) };
    }
}

/// What is at hand when IOKit tells of sleep.
struct Told {
    signs: Sender<Sign>,
    /// Where answers go; IOKit says so once it has been told who listens.
    root: OnceCell<Arc<Root>>,
}

/// The connection to what puts the computer to sleep, until it is dropped.
struct Root(io_connect_t);

impl Drop for Root {
    fn drop(&mut self) {
        IOServiceClose(self.0);
    }
}

/// Lets the computer sleep once it is dropped, on whichever thread: an answer is a message to the system. From a
/// process that ends before, none comes; Apple does not say whether sleep then waits until the end.
struct Answer {
    root: Arc<Root>,
    to: isize,
}

impl Drop for Answer {
    fn drop(&mut self) {
        IOAllowPowerChange(self.root.0, self.to);
    }
}

/// Has IOKit tell of sleep, until it is dropped. A pointer is in it, so that it stays on its thread.
struct Power<'a> {
    notices: IONotificationPortRef,
    notifier: io_object_t,
    _told: PhantomData<&'a Told>,
}

impl<'a> Power<'a> {
    fn begin(told: &'a Told) -> Option<Self> {
        let mut notices = ptr::null_mut();
        let mut notifier = 0;
        // SAFETY: what is told lives longer than the registration, which borrows it; the function takes it for what
        // it is; both results are ours to write to.
        let root = unsafe {
            IORegisterForSystemPower(
                ptr::from_ref(told).cast_mut().cast(),
                &mut notices,
                Some(receive),
                &mut notifier,
            )
        };
        if root == 0 {
            return None;
        }
        let power = Self {
            notices,
            notifier,
            _told: PhantomData,
        };
        // Nothing is told before the thread listens, in `run`.
        told.root.get_or_init(|| Arc::new(Root(root)));
        Some(power)
    }

    /// Listens until nobody hears it any more.
    fn run(&self) {
        // SAFETY: the port is open until this is dropped.
        let source = unsafe { IONotificationPort::run_loop_source(self.notices) };
        // SAFETY: it is a constant of Core Foundation.
        let mode = unsafe { kCFRunLoopDefaultMode };
        if let (Some(source), Some(here)) = (source, CFRunLoop::current()) {
            here.add_source(Some(&source), mode);
            CFRunLoop::run();
            here.remove_source(Some(&source), mode);
        }
    }
}

impl Drop for Power<'_> {
    fn drop(&mut self) {
        // SAFETY: the notifier comes from the registration and is given back once.
        unsafe { IODeregisterForSystemPower(&mut self.notifier) };
        // SAFETY: the port comes from the registration, and after the notifier nothing uses it.
        unsafe { IONotificationPort::destroy(self.notices) };
    }
}

/// IOKit calls it on the thread of [`Power::run`], within that.
unsafe extern "C-unwind" fn receive(
    told: *mut c_void,
    _root: io_service_t,
    message: u32,
    about: *mut c_void,
) {
    // SAFETY: it is what `Power::begin` has handed over, which outlives the registration and is only read.
    let told = unsafe { &*told.cast_const().cast::<Told>() };
    let (Some(heard), Some(root)) = (heard(message), told.root.get()) else {
        return;
    };
    let answer = Answer {
        root: Arc::clone(root),
        to: about as isize,
    };
    match heard {
        // Whether it will is said afterwards.
        Heard::MaySleep => drop(answer),
        Heard::Sleeps => {
            let sign = Sign::Sleeping(Delay::new(SLEEP_WAITS, answer));
            if told.signs.send(sign).is_err()
                && let Some(here) = CFRunLoop::current()
            {
                here.stop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use super::*;

    const SOON: Duration = Duration::from_secs(5);
    const A_WHILE: Duration = Duration::from_millis(300);

    #[test]
    fn a_dark_screen_is_heard_of_until_nobody_listens() {
        let (sender, signs) = mpsc::channel();
        let locking = Locking::begin(sender);
        let workspace = NSWorkspace::sharedWorkspace().notificationCenter();
        // SAFETY: it is a constant of AppKit.
        let name = unsafe { NSWorkspaceScreensDidSleepNotification };
        // SAFETY: it comes from nobody in particular.
        unsafe { workspace.postNotificationName_object(name, None) };
        let sign = signs.recv_timeout(SOON);
        assert!(matches!(sign, Ok(Sign::ScreenLocked)));
        drop(locking);
        // SAFETY: as above.
        unsafe { workspace.postNotificationName_object(name, None) };
        assert!(signs.recv_timeout(A_WHILE).is_err());
    }

    #[test]
    fn the_system_says_where_answers_about_sleep_go() {
        let (signs, _heard) = mpsc::channel();
        let told = Told {
            signs,
            root: OnceCell::new(),
        };
        assert!(Power::begin(&told).is_some());
        assert!(told.root.get().is_some());
    }
}
