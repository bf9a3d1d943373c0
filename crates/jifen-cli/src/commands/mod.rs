//! One file per subcommand.

mod allot;
mod check;
mod compile;
mod doc;
mod error;
mod explain;
mod inputs;
mod measure;
mod new;
mod policy;
mod rewrite;
mod run;
mod standing;
mod summary;
mod test;
mod worth;

use crate::context::{Context, Exit, Failure};
use clap::ArgMatches;
use jifen::text;

/// What a command answers.
pub type Answer = Result<Exit, Failure>;

/// Runs the command with this English name.
pub fn dispatch(name: &str, given: &ArgMatches, context: &Context) -> Answer {
    match name {
        "new" => new::run(given, context),
        "check" => check::run(given, context),
        "fmt" => rewrite::fmt(given, context),
        "translate" => rewrite::translate(given, context),
        "run" => run::run(given, context),
        "explain" => explain::run(given, context),
        "doc" => doc::run(given, context),
        "test" => test::run(given, context),
        "compile" => compile::run(given, context),
        "error" => error::run(given, context),
        _ => Err(Failure::usage(text!(
            zh = "没有命令“{name}”",
            en = "there is no command “{name}”"
        ))),
    }
}
