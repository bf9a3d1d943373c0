//! The formatter and the translator, guarded: nothing is handed out whose meaning is not the same.

use crate::compile::{compile, fingerprint};
use jifen_diag::{Diagnostic, Lang, SourceId, Sources, Text, text};
use jifen_syntax::FormatError;

/// Why a text was left as it is.
#[derive(Clone, Debug)]
pub enum Refused {
    /// The text has errors; it must be mended first. The diagnostics speak of source 0.
    Errors(Vec<Diagnostic>),
    /// The new text would not mean the same.
    Changed(Text),
}

/// The text in its canonical layout.
///
/// # Errors
/// When the text cannot be read, or when the result would mean something else.
pub fn format(text: &str) -> Result<String, Refused> {
    guarded(text, jifen_syntax::format(text))
}

/// The text with the keywords of a language; names, titles and comments stay.
///
/// # Errors
/// As [`format()`].
pub fn translate(text: &str, lang: Lang) -> Result<String, Refused> {
    guarded(text, jifen_syntax::translate(text, lang))
}

fn guarded(old: &str, new: Result<String, FormatError>) -> Result<String, Refused> {
    let new = match new {
        Ok(new) => new,
        Err(FormatError::Syntax(all)) => return Err(Refused::Errors(all)),
        Err(FormatError::Changed(_)) => {
            return Err(Refused::Changed(text!(
                zh = "改写后读起来不是同一份政策（也许有名称正好是另一种语言的关键词），没有写",
                en = "the rewritten text would not read as the same policy (perhaps a name is a keyword of the other language); nothing was written"
            )));
        }
    };
    match (print(old), print(&new)) {
        (Some(before), Some(after)) if before != after => Err(Refused::Changed(text!(
            zh = "改写前后的指纹不同（{before} 与 {after}），没有写",
            en = "the fingerprint would change from {before} to {after}; nothing was written"
        ))),
        (Some(_), None) => Err(Refused::Changed(text!(
            zh = "改写后的政策有错误，没有写",
            en = "the rewritten policy has errors; nothing was written"
        ))),
        _ => Ok(new),
    }
}

/// The fingerprint of a text that compiles by itself.
fn print(text: &str) -> Option<String> {
    let mut sources = Sources::new();
    let _: SourceId = sources.add("", text);
    compile(sources).ok().map(|c| fingerprint(&c.plan))
}
