//! `cargo xtask`: sets up a machine, runs, tests and measures Confidant.
//!
//! People and continuous integration use the same commands. On a fresh machine only Rust and Node
//! need to be there; everything else is found missing, named and installed.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program speaks by printing"
)]

mod bench;
mod bindings;
mod error;
mod interface;
mod machine;
mod project;
mod python;
mod run;
mod shell;
mod tally;
mod test;
mod tools;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use error::Error;
use project::Project;

const HELP: &str = "\
cargo xtask <command>

  run [--release] [--seconds N] [-- ARGUMENTS]
        Set the machine up, build and open Confidant. ARGUMENTS go to the program,
        for instance: cargo xtask run -- --demo
  test [--only STEP]… [--skip STEP]… [--keep-going] [--list]
        Set the machine up and check everything, step by step.
  bench [--quick] [--only save|open|size|backup|paint]…
        Measure against SQLCipher, a bare write, a copy and a bare window;
        the report is target/bench/report.json.
  setup
        Set the machine up for both and build the interface, without running anything.
  bindings
        Write the TypeScript bindings anew from the Rust types.
";

fn main() -> ExitCode {
    let result = Arguments::parse(std::env::args_os().skip(1)).and_then(perform);
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn perform(arguments: Arguments) -> Result<ExitCode, Error> {
    let project = Project::find()?;
    match arguments {
        Arguments::Help => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        Arguments::Run(options) => run::run(&project, &options),
        Arguments::Test(options) => test::test(&project, &options),
        Arguments::Bench(options) => bench::bench(&project, &options),
        Arguments::Setup => {
            test::set_up(&project)?;
            interface::build(&project)?;
            Ok(ExitCode::SUCCESS)
        }
        Arguments::Bindings => {
            machine::prepare(machine::Purpose::Build)?;
            interface::build_if_missing(&project)?;
            tools::nextest(&project)?;
            bindings::write(&project)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// What was asked for.
#[derive(Debug, PartialEq)]
enum Arguments {
    Help,
    Run(run::Options),
    Test(test::Options),
    Bench(bench::Options),
    Setup,
    Bindings,
}

impl Arguments {
    fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Self, Error> {
        let mut parser = lexopt::Parser::from_args(arguments);
        let command = match parser.next()? {
            None => return Ok(Self::Help),
            Some(lexopt::Arg::Value(command)) => command,
            Some(lexopt::Arg::Long("help") | lexopt::Arg::Short('h')) => return Ok(Self::Help),
            Some(other) => return Err(other.unexpected().into()),
        };
        match command.to_str() {
            Some("run") => parse_run(parser),
            Some("test") => parse_test(parser),
            Some("bench") => parse_bench(parser),
            Some("setup") => nothing_more(parser, Self::Setup),
            Some("bindings") => nothing_more(parser, Self::Bindings),
            Some("help") => Ok(Self::Help),
            _ => Err(Error::UnknownCommand(command)),
        }
    }
}

fn parse_run(mut parser: lexopt::Parser) -> Result<Arguments, Error> {
    let mut options = run::Options::default();
    loop {
        // lexopt hides the `--` itself, so it is looked for before each argument.
        if let Some(rest) = parser.try_raw_args()
            && rest.peek().is_some_and(|next| next == "--")
        {
            options.arguments = rest.skip(1).collect();
            break;
        }
        match parser.next()? {
            None => break,
            Some(lexopt::Arg::Long("release")) => options.release = true,
            Some(lexopt::Arg::Long("seconds")) => {
                use lexopt::ValueExt;
                options.limit = Some(Duration::from_secs(parser.value()?.parse()?));
            }
            Some(other) => return Err(other.unexpected().into()),
        }
    }
    Ok(Arguments::Run(options))
}

fn parse_test(mut parser: lexopt::Parser) -> Result<Arguments, Error> {
    let mut options = test::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Long("only") => options.only.push(test::Step::named(&parser.value()?)?),
            lexopt::Arg::Long("skip") => options.skip.push(test::Step::named(&parser.value()?)?),
            lexopt::Arg::Long("keep-going") => options.keep_going = true,
            lexopt::Arg::Long("list") => options.list = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Arguments::Test(options))
}

fn parse_bench(mut parser: lexopt::Parser) -> Result<Arguments, Error> {
    let mut options = bench::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Long("quick") => options.quick = true,
            lexopt::Arg::Long("only") => {
                use lexopt::ValueExt;
                options.only.push(parser.value()?.string()?);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Arguments::Bench(options))
}

fn nothing_more(mut parser: lexopt::Parser, arguments: Arguments) -> Result<Arguments, Error> {
    match parser.next()? {
        None => Ok(arguments),
        Some(other) => Err(other.unexpected().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Arguments, Error> {
        Arguments::parse(words.iter().map(OsString::from))
    }

    #[test]
    fn words_after_two_dashes_go_to_the_program() {
        let Ok(Arguments::Run(options)) =
            parsed(&["run", "--seconds", "5", "--", "--demo", "--", "x"])
        else {
            panic!("run was not understood");
        };
        assert_eq!(options.arguments, ["--demo", "--", "x"]);
        assert_eq!(options.limit, Some(Duration::from_secs(5)));
        assert!(!options.release);
    }

    #[test]
    fn a_demo_without_two_dashes_is_refused() {
        assert!(parsed(&["run", "--demo"]).is_err());
        assert!(parsed(&["run", "demo"]).is_err());
    }

    #[test]
    fn steps_are_taken_by_name_and_unknown_ones_refused() {
        let Ok(Arguments::Test(options)) =
            parsed(&["test", "--only", "fmt", "--skip=e2e", "--keep-going"])
        else {
            panic!("test was not understood");
        };
        assert_eq!(options.only, [test::Step::Fmt]);
        assert_eq!(options.skip, [test::Step::EndToEnd]);
        assert!(options.keep_going);
        assert!(parsed(&["test", "--only", "nonsense"]).is_err());
    }

    #[test]
    fn unknown_words_are_refused() {
        assert!(parsed(&["fly"]).is_err());
        assert!(parsed(&["setup", "now"]).is_err());
        assert_eq!(parsed(&[]).ok(), Some(Arguments::Help));
    }
}
