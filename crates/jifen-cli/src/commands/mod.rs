//! One file per subcommand.

mod error;

use crate::context::{Context, Exit, Failure};
use clap::ArgMatches;
use jifen::text;

/// What a command answers.
pub type Answer = Result<Exit, Failure>;

/// Runs the command with this English name.
pub fn dispatch(name: &str, given: &ArgMatches, context: &Context) -> Answer {
    match name {
        "error" => error::run(given, context),
        _ => Err(Failure::outside(text!(
            zh = "命令“{name}”还没有做好",
            en = "the command “{name}” is not finished yet"
        ))),
    }
}
