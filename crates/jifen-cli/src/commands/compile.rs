//! `jifen compile POLICY… --emit ast|typed|plan|schedule`: a look inside.

use super::{Answer, policy};
use crate::context::{Context, Exit, Failure};
use clap::ArgMatches;
use jifen::{Emit, text};

/// Runs the command.
pub fn run(given: &ArgMatches, context: &Context) -> Answer {
    let word = given
        .get_one::<String>("emit")
        .map_or("plan", String::as_str);
    let emit = match word {
        "ast" => Emit::Ast,
        "typed" => Emit::Typed,
        "plan" => Emit::Plan,
        "schedule" => Emit::Schedule,
        _ => {
            return Err(Failure::usage(text!(
                zh = "--emit 可以写 ast、typed、plan、schedule，没有“{word}”",
                en = "--emit takes ast, typed, plan or schedule, not “{word}”"
            )));
        }
    };
    let policy = policy::load(given, context)?;
    let printed = policy.compiled.emit(emit);
    if context.json {
        context.print_json(&serde_json::json!({
            "schema": "jifen.compile/1", "emit": word, "fingerprint": policy.compiled.fingerprint(), "text": printed,
        }));
        return Ok(Exit::Done);
    }
    context.print(&printed);
    if !printed.ends_with('\n') {
        context.print("\n");
    }
    let word = policy.lang.pick("指纹", "fingerprint");
    context.note(&format!("{word}: {}\n", policy.compiled.fingerprint()));
    Ok(Exit::Done)
}
