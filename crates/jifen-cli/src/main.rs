//! The binary jifen: reads the command line, hands over to one thin file per subcommand, turns its answer into an exit code.
//!
//! 0 done, 1 the policy has errors or some fact could not be computed, 2 usage, 3 a limit or internal error.

mod args;
mod commands;
mod context;
mod files;
mod progress;
mod table;
mod usage;

use context::{Context, Exit};
use jifen::Lang;
use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let argv: Vec<OsString> = std::env::args_os().collect();
    let lang = context::first_language(&argv);
    let matches = match args::command(lang).try_get_matches_from(&argv) {
        Ok(matches) => matches,
        Err(error) => return usage_exit(&error, &argv, lang),
    };
    let Some((name, given)) = matches.subcommand() else {
        let help = args::command(lang).render_help();
        let _ = writeln!(std::io::stdout(), "{help}");
        return ExitCode::SUCCESS;
    };
    let Some(cmd) = args::COMMANDS.iter().find(|c| c.en == name || c.zh == name) else {
        return ExitCode::from(Exit::Internal as u8);
    };
    let context = match Context::new(given, lang) {
        Ok(context) => context,
        Err(message) => return complain(&message, Some(cmd), lang),
    };
    match commands::dispatch(cmd.en, given, &context) {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(failure) => {
            let lang = context.lang_or(None);
            if failure.exit == Exit::Usage {
                return complain(failure.message.get(lang), Some(cmd), lang);
            }
            context.fail(&failure);
            ExitCode::from(failure.exit as u8)
        }
    }
}

/// Help and version go to stdout; mistakes to stderr with exit code 2.
fn usage_exit(error: &clap::Error, argv: &[OsString], lang: Lang) -> ExitCode {
    use clap::error::ErrorKind;
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        let _ = write!(std::io::stdout(), "{}", error.render());
        return ExitCode::SUCCESS;
    }
    let cmd = argv
        .iter()
        .skip(1)
        .filter_map(|a| a.to_str())
        .find_map(|a| args::COMMANDS.iter().find(|c| c.en == a || c.zh == a));
    complain(&usage::describe(error, lang), cmd, lang)
}

fn complain(message: &str, cmd: Option<&args::Cmd>, lang: Lang) -> ExitCode {
    let mut err = std::io::stderr();
    let _ = writeln!(err, "{}: {message}", lang.pick("错误", "error"));
    let usage = lang.pick("用法", "usage");
    let name = match cmd {
        Some(cmd) => {
            let _ = writeln!(err, "{usage}: {}", args::usage_line(cmd, lang));
            format!("jifen {} --help", lang.pick(cmd.zh, cmd.en))
        }
        None => "jifen --help".to_owned(),
    };
    let _ = writeln!(err, "{}: {name}", lang.pick("详情", "more"));
    ExitCode::from(Exit::Usage as u8)
}
