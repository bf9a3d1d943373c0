//! `jifen doc POLICY… [--format md|html] [-o FILE]`: the policy in plain sentences.

use super::{Answer, policy};
use crate::context::{Context, Exit, Failure};
use crate::files;
use clap::ArgMatches;
use jifen::{Form, text};
use std::path::{Path, PathBuf};

/// Runs the command.
pub fn run(given: &ArgMatches, context: &Context) -> Answer {
    let out = given.get_one::<String>("out").map(PathBuf::from);
    let (form, word) = form(given, out.as_deref())?;
    let policy = policy::load(given, context)?;
    let written = policy.compiled.document_text(form, policy.lang);
    if let Some(out) = &out {
        files::write(out, written.as_bytes())?;
    }
    if context.json {
        context.print_json(&serde_json::json!({
            "schema": "jifen.doc/1", "format": word, "fingerprint": policy.compiled.fingerprint(),
            "document": policy.compiled.document(policy.lang), "text": written,
        }));
        return Ok(Exit::Done);
    }
    match &out {
        Some(out) => context.print(&format!("{}\n", out.display())),
        None => context.print(&written),
    }
    Ok(Exit::Done)
}

/// What `--format` says, or the name of the file.
fn form(given: &ArgMatches, out: Option<&Path>) -> Result<(Form, &'static str), Failure> {
    let word = given.get_one::<String>("format").map(String::as_str);
    let named = out.and_then(Path::extension).and_then(|e| e.to_str());
    match (word, named) {
        (Some("html"), _) | (None, Some("html" | "htm")) => Ok((Form::Html, "html")),
        (Some("md") | None, _) => Ok((Form::Markdown, "md")),
        (Some(word), _) => Err(Failure::usage(text!(
            zh = "--format 可以写 md、html，没有“{word}”",
            en = "--format takes md or html, not “{word}”"
        ))),
    }
}
