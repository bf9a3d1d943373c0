//! The formatter and the translator: one canonical layout and spelling, comments kept, nothing reordered.
//!
//! A text with errors is never rewritten. The result is read again before it is handed out: it must give the same tree.

mod layout;
mod spelling;
mod tokens;

use crate::dump::ast_eq;
use crate::parse::{parse, tree};
use jifen_diag::{Diagnostic, Lang, SourceId};

/// Why a text was left as it is.
#[derive(Clone, Debug)]
pub enum FormatError {
    /// The text has errors.
    Syntax(Vec<Diagnostic>),
    /// The new text would not mean the same; a fault of the formatter, or a name that is a word of the other language.
    Changed(String),
}

/// The text in its canonical form, in its own language.
pub fn format(text: &str) -> Result<String, FormatError> {
    rewrite(text, None)
}

/// The text in its canonical form in a language: a swap of keywords; names, quoted texts and comments stay.
pub fn translate(text: &str, lang: Lang) -> Result<String, FormatError> {
    rewrite(text, Some(lang))
}

fn rewrite(text: &str, lang: Option<Lang>) -> Result<String, FormatError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parsed = parse(text, SourceId(0));
    if !parsed.is_clean() {
        return Err(FormatError::Syntax(parsed.diagnostics));
    }
    let Some(pairs) = tree(text) else {
        return Err(FormatError::Syntax(Vec::new()));
    };
    let tokens = tokens::flatten(pairs, &parsed.comments);
    let lang = lang.unwrap_or(parsed.file.lang);
    let out = layout::lay_out(text, &tokens, &parsed.comments, lang);
    let again = parse(&out, SourceId(0));
    if again.is_clean() && ast_eq(&parsed.file, &again.file) {
        Ok(out)
    } else {
        Err(FormatError::Changed(out))
    }
}
