//! The desktop application: windows, commands, the session. Rules live in the crates below.

mod autolock;
mod desktop;
#[cfg(all(unix, not(target_os = "macos")))]
mod family;
mod import;
#[cfg(all(unix, not(target_os = "macos")))]
mod painting;
mod progress;
mod replace;
mod settings;
mod spare_key;
mod start;
mod state;
mod window;

pub mod commands;
pub mod demo;

pub use desktop::{Desktop, FileKind};
pub use progress::Progress;
pub use replace::Left;
pub use settings::{Settings, Theme};
pub use shell::error::{AppError, ErrorCode, Reply};
pub use state::{AppState, Setting};

use std::{process::ExitCode, sync::Arc};

use mentoring::SystemClock;
use shell::{error, files, keychain::SystemKeychain, passphrases, places::NoPlaces};
use tauri::{Builder, Manager, RunEvent, Runtime};
use vault::Places;
use words::Words;

use crate::{
    demo::DemoFolder,
    desktop::{Leaving, NativeDesktop},
    replace::Handover,
    start::Arguments,
    state::lock,
};

/// Gives a builder the session and the commands, on any runtime.
pub fn with_commands<R: Runtime>(builder: Builder<R>, state: AppState) -> Builder<R> {
    macro_rules! handler {
        ($($command:path),+ $(,)?) => { tauri::generate_handler![$($command),+] };
    }
    builder.manage(state).invoke_handler(command_list!(handler))
}

/// Tauri's configuration, with the pages of the window in it.
pub fn context<R: Runtime>() -> tauri::Context<R> {
    tauri::generate_context!()
}

/// Runs the program until its window is closed.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "before there is a window"
)]
pub fn run() -> ExitCode {
    // Before anything else: what is not there yet cannot be read.
    let hardened = shell::harden::harden();
    let words = Words::english();
    let usage = words.say("cli-usage");
    let arguments = match Arguments::parse(std::env::args_os().skip(1)) {
        Ok(arguments) if arguments.help => {
            println!("{usage}");
            return ExitCode::SUCCESS;
        }
        Ok(arguments) => arguments,
        Err(misunderstood) => {
            eprintln!("{}\n\n{usage}", misunderstood.said(&words));
            return ExitCode::from(2);
        }
    };
    #[cfg(all(unix, not(target_os = "macos")))]
    painting::choose();
    match start(arguments, hardened) {
        Ok(Ended::Closed) => ExitCode::SUCCESS,
        Ok(Ended::Locked(handover)) => replace::begin_anew(&handover),
        Err(NotStarted(why)) => {
            let why = words.say(why);
            eprintln!("{}", words.with("cli-not-started", [("why", why.into())]));
            ExitCode::FAILURE
        }
    }
}

/// Why the program did not start: the id of a sentence without any user's text.
struct NotStarted(&'static str);

/// How a run of the program ended.
enum Ended {
    /// The window was closed.
    Closed,
    /// The vault was locked: a fresh process shows the lock screen.
    Locked(Handover),
}

fn start(arguments: Arguments, hardened: bool) -> Result<Ended, NotStarted> {
    let context = context::<tauri::Wry>();
    let Handover { left, bounds, demo } = match arguments.after_lock {
        true => Handover::receive(),
        false => Handover::default(),
    };
    let again = demo.and_then(DemoFolder::take_over);
    let is_fresh = again.is_none();
    let demo = match arguments.demo {
        true if is_fresh => Some(DemoFolder::make().map_err(|_| NotStarted("cli-no-demo-folder"))?),
        true => again,
        false => None,
    };
    let places = match &demo {
        Some(demo) => demo.places().clone(),
        None => places(&arguments)?,
    };
    let state = AppState::new(Setting {
        places,
        demo: demo.is_some(),
        cost: None,
        clock: Arc::new(SystemClock),
        keychain: Arc::new(SystemKeychain),
        hardened,
        left: arguments.after_lock.then(|| left.clone()),
    });
    // What cannot be finished now leaves both vaults where they are.
    let _ = shell::putting_back::finish_switch(state.places());
    if let Some(demo) = demo.as_ref().filter(|_| is_fresh) {
        tauri::async_runtime::block_on(state.open_demo(demo))
            .map_err(|_| NotStarted("cli-no-demo-vault"))?;
    }
    let web_data = window::WebData::make().map_err(|_| NotStarted("cli-no-web-folder"))?;

    let mut builder = with_commands(Builder::new(), state.clone());
    if arguments.is_usual() {
        // A vault that was named on the command line may well be opened beside the usual one.
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| {
            window::bring_to_front(app);
        }));
    }
    let leaving = Leaving::default();
    let app = builder
        .setup({
            let folder = web_data.path().to_owned();
            let state = state.clone();
            let leaving = Arc::clone(&leaving);
            move |app| {
                let app = app.handle();
                state.attach(Arc::new(NativeDesktop {
                    app: app.clone(),
                    leaving,
                }));
                window::open(app, &folder, &state.settings(), &left, bounds)?;
                let why_sleep_waits = state.words().say("cli-why-sleep-waits");
                autolock::start(&state, session_watch::this_system(why_sleep_waits))?;
                Ok(())
            }
        })
        .build(context)
        .map_err(|_| NotStarted("cli-no-window"))?;
    app.run_return(move |app, event| {
        if let RunEvent::Exit = event {
            app.state::<AppState>().lock_now();
        }
    });
    let leaving = lock(&leaving).take();
    #[cfg(all(unix, not(target_os = "macos")))]
    if leaving.is_some() {
        // The web view shall write nothing more into a folder that goes.
        family::end();
    }
    // Nothing of the session is left behind: the web view has ended by now.
    drop(web_data);
    Ok(match leaving {
        Some(handover) => Ended::Locked(Handover {
            demo: demo.and_then(DemoFolder::hand_over),
            ..handover
        }),
        None => Ended::Closed,
    })
}

/// Where the vault is: as the command line says, or where the system keeps a user's data.
fn places(arguments: &Arguments) -> Result<Places, NotStarted> {
    let places = shell::places::places(arguments.vault.as_deref(), arguments.device.as_deref());
    places.map_err(|none| {
        NotStarted(match none {
            NoPlaces::NoDataFolder => "cli-no-data-folder",
            NoPlaces::NoFolder => "cli-folder-empty",
        })
    })
}
