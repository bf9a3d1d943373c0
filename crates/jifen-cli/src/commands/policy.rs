//! Reading and compiling the policies that a command names; their problems shown.

use crate::context::{Context, Exit, Failure};
use crate::files;
use clap::ArgMatches;
use jifen::{Compiled, Diagnostic, Lang, Problems, Sources, compile, text, to_json};
use std::path::PathBuf;

/// A compiled policy with where it came from.
pub struct Policy {
    /// The result of the compiler.
    pub compiled: Compiled,
    /// The folder of the first file.
    pub dir: PathBuf,
    /// The language to speak.
    pub lang: Lang,
}

/// The files that the command names, in order.
pub fn paths(given: &ArgMatches) -> Result<Vec<PathBuf>, Failure> {
    let args: Vec<String> = given
        .get_many::<String>("policy")
        .map(|v| v.cloned().collect())
        .unwrap_or_default();
    files::policies(&args)
}

/// Reads policy texts: UTF-8, or GB18030 as old editors write it.
pub fn read(paths: &[PathBuf]) -> Result<Sources, Failure> {
    let mut sources = Sources::new();
    for path in paths {
        let bytes = std::fs::read(path).map_err(|e| Failure::file(path, &e))?;
        let Some(text) = jifen::decode(&bytes) else {
            let name = path.display();
            return Err(Failure::outside(text!(
                zh = "“{name}”不是文字文件（UTF-8 或 GB18030）",
                en = "“{name}” is not a text file in UTF-8 or GB18030"
            )));
        };
        sources.add(path.display().to_string(), text);
    }
    Ok(sources)
}

/// Reads and compiles; problems are shown and end the command.
pub fn load(given: &ArgMatches, context: &Context) -> Result<Policy, Failure> {
    let paths = paths(given)?;
    match compile(read(&paths)?) {
        Ok(compiled) => Ok(Policy {
            lang: context.lang_or(compiled.lang()),
            dir: paths
                .first()
                .map(|p| files::folder_of(p))
                .unwrap_or_default(),
            compiled,
        }),
        Err(problems) => {
            report(&problems, context);
            Err(Failure::reported(Exit::Problems))
        }
    }
}

/// Shows what is wrong.
pub fn report(problems: &Problems, context: &Context) {
    let lang = context.lang_or(problems.lang);
    if context.json {
        context.print_json(&json(&problems.diagnostics, &problems.sources, lang));
    } else {
        context.show(&problems.diagnostics, &problems.sources, lang);
    }
}

/// `jifen.diagnostics/1`
pub fn json(all: &[Diagnostic], sources: &Sources, lang: Lang) -> serde_json::Value {
    let mut all = all.to_vec();
    Diagnostic::sort(&mut all);
    serde_json::json!({
        "schema": "jifen.diagnostics/1",
        "summary": jifen::summary(&all, lang),
        "errors": all.iter().filter(|d| d.is_error()).count(),
        "diagnostics": to_json(&all, sources, lang),
    })
}

/// The policy arguments as they were written, for "next" lines.
pub fn written(given: &ArgMatches) -> String {
    let args = given.get_many::<String>("policy");
    let args: Vec<&str> = args
        .map(|v| v.map(String::as_str).collect())
        .unwrap_or_default();
    args.join(" ")
}
