//! What Windows tells to a window that is never shown: that the screen is locked, that the computer sleeps.
//!
//! The window has a thread of its own, so that the program's own window can go on while this one holds up sleep. It is
//! a top-level window, since those of messages only get no broadcasts. See "WM_WTSSESSION_CHANGE", "WM_POWERBROADCAST"
//! and "RegisterSuspendResumeNotification" in Microsoft's reference.

use std::{cell::RefCell, io, marker::PhantomData, ptr, sync::mpsc::Sender};

use windows_sys::{
    Win32::{
        Foundation::{HINSTANCE, HWND, LPARAM, LRESULT, WPARAM},
        System::{
            LibraryLoader::GetModuleHandleW,
            Power::{
                HPOWERNOTIFY, RegisterSuspendResumeNotification,
                UnregisterSuspendResumeNotification,
            },
            RemoteDesktop::{
                NOTIFY_FOR_THIS_SESSION, WTSRegisterSessionNotification,
                WTSUnRegisterSessionNotification,
            },
        },
        UI::WindowsAndMessaging::{
            self as ui, CreateWindowExW, DEVICE_NOTIFY_WINDOW_HANDLE, DefWindowProcW,
            DestroyWindow, DispatchMessageW, GetMessageW, MSG, PostQuitMessage, RegisterClassW,
            UnregisterClassW, WNDCLASSW,
        },
    },
    core::PCWSTR,
    w,
};

use crate::{
    SessionWatch, Sign,
    window_messages::{self, heard, tell},
};

// What is tested elsewhere speaks of the same numbers as Windows.
const _: () = {
    assert!(window_messages::WM_WTSSESSION_CHANGE == ui::WM_WTSSESSION_CHANGE);
    assert!(window_messages::WTS_CONSOLE_DISCONNECT == ui::WTS_CONSOLE_DISCONNECT);
    assert!(window_messages::WTS_REMOTE_DISCONNECT == ui::WTS_REMOTE_DISCONNECT);
    assert!(window_messages::WTS_SESSION_LOGOFF == ui::WTS_SESSION_LOGOFF);
    assert!(window_messages::WTS_SESSION_LOCK == ui::WTS_SESSION_LOCK);
    assert!(window_messages::WM_POWERBROADCAST == ui::WM_POWERBROADCAST);
    assert!(window_messages::PBT_APMSUSPEND == ui::PBT_APMSUSPEND);
};

/// The name of the window and of its class.
const NAME: PCWSTR = w!("Confidant session");

thread_local! {
    /// Who hears what the window of this thread is told.
    static SIGNS: RefCell<Option<Sender<Sign>>> = const { RefCell::new(None) };
}

/// Watches the session through a window that is never shown.
struct HiddenWindow;

pub fn system(_why: String) -> impl SessionWatch {
    HiddenWindow
}

impl SessionWatch for HiddenWindow {
    fn watch(self, signs: &Sender<Sign>, watching: &dyn Fn(bool)) {
        SIGNS.set(Some(signs.clone()));
        let _ = listen(watching);
        SIGNS.set(None);
        watching(false);
    }
}

fn listen(watching: &dyn Fn(bool)) -> io::Result<()> {
    let class = Class::register()?;
    let window = Window::open(&class)?;
    let session = SessionNotices::begin(&window);
    let suspend = SuspendNotices::begin(&window);
    // Where Windows grants one of them only, that one is listened to, but nobody shall rely on it.
    watching(session.is_ok() && suspend.is_ok());
    window.run()
}

/// A class of windows, until it is dropped.
struct Class {
    program: HINSTANCE,
}

impl Class {
    fn register() -> io::Result<Self> {
        // SAFETY: without a name it is asked for the program's own file, which stays where it is.
        let program = unsafe { GetModuleHandleW(ptr::null()) };
        let class = WNDCLASSW {
            lpfnWndProc: Some(receive),
            hInstance: program,
            lpszClassName: NAME,
            ..WNDCLASSW::default()
        };
        // SAFETY: the class lives for the call, which copies it; its name and its procedure are static.
        match unsafe { RegisterClassW(&class) } {
            0 => Err(io::Error::last_os_error()),
            _ => Ok(Self { program }),
        }
    }
}

impl Drop for Class {
    fn drop(&mut self) {
        // SAFETY: it was registered by this module, and every window of it is gone: they borrow it.
        unsafe { UnregisterClassW(NAME, self.program) };
    }
}

/// A window that is never shown, until it is dropped. A pointer is in it, so that it stays on its thread, as Windows
/// demands.
struct Window<'a> {
    handle: HWND,
    _class: PhantomData<&'a Class>,
}

impl<'a> Window<'a> {
    fn open(class: &'a Class) -> io::Result<Self> {
        // SAFETY: class and name are static strings that end in a zero, and the class is registered. There is no
        // parent, no menu and nothing to hand over.
        let handle = unsafe {
            CreateWindowExW(
                0,
                NAME,
                NAME,
                ui::WS_OVERLAPPED,
                0,
                0,
                0,
                0,
                ptr::null_mut(),
                ptr::null_mut(),
                class.program,
                ptr::null(),
            )
        };
        match handle.is_null() {
            true => Err(io::Error::last_os_error()),
            false => Ok(Self {
                handle,
                _class: PhantomData,
            }),
        }
    }

    /// Has messages dealt with until nobody listens any more.
    fn run(&self) -> io::Result<()> {
        let mut message = MSG::default();
        loop {
            // SAFETY: the message is ours to write to; it is asked for whatever comes to this thread.
            match unsafe { GetMessageW(&mut message, ptr::null_mut(), 0, 0) } {
                0 => return Ok(()),
                -1 => return Err(io::Error::last_os_error()),
                // SAFETY: the message was filled by the call before.
                _ => unsafe { DispatchMessageW(&message) },
            };
        }
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        // SAFETY: the window was made on this thread, and nobody else destroys it.
        unsafe { DestroyWindow(self.handle) };
    }
}

/// Has Windows tell a window about the session, until it is dropped.
struct SessionNotices<'a>(&'a Window<'a>);

impl<'a> SessionNotices<'a> {
    /// Windows refuses while the service that knows the sessions has not started yet.
    fn begin(window: &'a Window<'a>) -> io::Result<Self> {
        // SAFETY: the window is open for as long as it is borrowed.
        match unsafe { WTSRegisterSessionNotification(window.handle, NOTIFY_FOR_THIS_SESSION) } {
            0 => Err(io::Error::last_os_error()),
            _ => Ok(Self(window)),
        }
    }
}

impl Drop for SessionNotices<'_> {
    fn drop(&mut self) {
        // SAFETY: it was registered, once, for this window, which is still open.
        unsafe { WTSUnRegisterSessionNotification(self.0.handle) };
    }
}

/// Has Windows tell a window about sleep, until it is dropped. A computer that sleeps in the manner of a telephone
/// ("modern standby") tells nobody who has not asked; others tell every top-level window, so that this one may be told
/// twice, which does no harm.
struct SuspendNotices<'a> {
    handle: HPOWERNOTIFY,
    _window: PhantomData<&'a Window<'a>>,
}

impl<'a> SuspendNotices<'a> {
    fn begin(window: &'a Window<'a>) -> io::Result<Self> {
        // SAFETY: the flag says that it is a window, and the window is open for as long as it is borrowed.
        let handle = unsafe {
            RegisterSuspendResumeNotification(window.handle, DEVICE_NOTIFY_WINDOW_HANDLE)
        };
        match handle {
            0 => Err(io::Error::last_os_error()),
            handle => Ok(Self {
                handle,
                _window: PhantomData,
            }),
        }
    }
}

impl Drop for SuspendNotices<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle comes from the registration and is given back once.
        unsafe { UnregisterSuspendResumeNotification(self.handle) };
    }
}

/// Deals with a message to the window. Windows calls it on the thread of the window, within [`Window::run`].
unsafe extern "system" fn receive(
    window: HWND,
    message: u32,
    what: WPARAM,
    more: LPARAM,
) -> LRESULT {
    if let Some(heard) = heard(message, what) {
        let is_heard = SIGNS.with_borrow(|signs| {
            let signs = signs.as_ref();
            signs.is_some_and(|signs| tell(signs, heard))
        });
        if !is_heard {
            // SAFETY: it only leaves a message to this thread.
            unsafe { PostQuitMessage(0) };
        }
    }
    // SAFETY: these are the arguments that Windows has called us with.
    unsafe { DefWindowProcW(window, message, what, more) }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::mpsc::{self, Receiver},
        thread::{self, JoinHandle},
        time::{Duration, Instant},
    };

    use windows_sys::Win32::UI::WindowsAndMessaging::{FindWindowW, IsWindowVisible, SendMessageW};

    use super::*;

    const SOON: Duration = Duration::from_secs(5);
    const A_WHILE: Duration = Duration::from_millis(300);

    /// A window that listens, and what is heard of it.
    struct World {
        signs: Receiver<Sign>,
        watching: Receiver<bool>,
        ended: JoinHandle<()>,
    }

    impl World {
        fn new() -> Self {
            let (sender, signs) = mpsc::channel();
            let (says, watching) = mpsc::channel();
            let ended = thread::spawn(move || {
                system(String::new()).watch(&sender, &|now| {
                    says.send(now).expect("the test listens");
                });
            });
            assert_eq!(watching.recv_timeout(SOON), Ok(true));
            Self {
                signs,
                watching,
                ended,
            }
        }
    }

    /// The hidden window, if it is there; as a number, which may go to another thread.
    fn hidden_window() -> Option<isize> {
        // SAFETY: both are static strings that end in a zero.
        let window = unsafe { FindWindowW(NAME, NAME) };
        (!window.is_null()).then_some(window as isize)
    }

    /// Sends what Windows would send, and returns once it has been dealt with.
    fn send(message: u32, what: u32) -> Duration {
        let window = hidden_window().expect("it is open");
        let begun = Instant::now();
        // SAFETY: the window is another thread's, and these messages hold no pointers.
        unsafe { SendMessageW(window as HWND, message, what as usize, 0) };
        begun.elapsed()
    }

    /// One test, since there can be one such window only.
    #[test]
    fn the_hidden_window_hears_of_locking_and_sleep_until_nobody_listens() {
        let world = World::new();
        let window = hidden_window().expect("it is open");
        // SAFETY: it only asks.
        assert_eq!(unsafe { IsWindowVisible(window as HWND) }, 0);

        send(ui::WM_WTSSESSION_CHANGE, ui::WTS_SESSION_UNLOCK);
        assert!(world.signs.recv_timeout(A_WHILE).is_err());
        send(ui::WM_WTSSESSION_CHANGE, ui::WTS_SESSION_LOCK);
        let sign = world.signs.recv_timeout(SOON);
        assert!(matches!(sign, Ok(Sign::ScreenLocked)));

        let sleep = thread::spawn(|| send(ui::WM_POWERBROADCAST, ui::PBT_APMSUSPEND));
        let sign = world.signs.recv_timeout(SOON).expect("a sign");
        assert!(matches!(sign, Sign::Sleeping(_)));
        thread::sleep(A_WHILE);
        assert!(!sleep.is_finished());
        drop(sign);
        assert!(sleep.join().expect("it slept") >= A_WHILE);

        drop(world.signs);
        send(ui::WM_WTSSESSION_CHANGE, ui::WTS_SESSION_LOCK);
        assert_eq!(world.watching.recv_timeout(SOON), Ok(false));
        world.ended.join().expect("it ended");
        assert_eq!(hidden_window(), None);
    }
}
