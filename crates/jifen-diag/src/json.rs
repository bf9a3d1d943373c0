//! Diagnostics for other programs: line and column in characters, one language, stable field names.

use crate::{Diagnostic, Lang, Severity, Sources, Span};
use serde::{Deserialize, Serialize};

/// A diagnostic as other programs read it. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JsonDiagnostic {
    /// `JF0207`.
    pub code: String,
    /// `error`, `warning` or `notice`.
    pub severity: Severity,
    /// The message in the asked language.
    pub message: String,
    /// File name; empty when the message belongs to no place.
    pub file: String,
    /// First line.
    pub line: usize,
    /// First column.
    pub column: usize,
    /// Line of the end.
    pub end_line: usize,
    /// Column after the last character.
    pub end_column: usize,
    /// Remarks at other places, each with its own position.
    pub labels: Vec<JsonFix>,
    /// Advice.
    pub help: Vec<String>,
    /// Ready-made changes.
    pub fixes: Vec<JsonFix>,
}

/// A place with a text, or a change (then `replacement` is present).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JsonFix {
    /// File name.
    pub file: String,
    /// First line.
    pub line: usize,
    /// First column.
    pub column: usize,
    /// Line of the end.
    pub end_line: usize,
    /// Column after the last character.
    pub end_column: usize,
    /// What it says.
    pub text: String,
    /// The new text, for a change.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub replacement: Option<String>,
}

fn place(sources: &Sources, span: Span, text: String, replacement: Option<String>) -> JsonFix {
    let (line, column) = sources.line_col(span.source, span.start as usize);
    let (end_line, end_column) = sources.line_col(span.source, span.end as usize);
    JsonFix {
        file: sources.name(span.source).to_owned(),
        line,
        column,
        end_line,
        end_column,
        text,
        replacement,
    }
}

/// Turns diagnostics into their JSON form, in the given order.
pub fn to_json(all: &[Diagnostic], sources: &Sources, lang: Lang) -> Vec<JsonDiagnostic> {
    all.iter()
        .map(|d| {
            let at = place(sources, d.span, String::new(), None);
            JsonDiagnostic {
                code: d.code.to_string(),
                severity: d.severity,
                message: d.message.get(lang).to_owned(),
                file: at.file,
                line: at.line,
                column: at.column,
                end_line: at.end_line,
                end_column: at.end_column,
                labels: d
                    .labels
                    .iter()
                    .map(|l| place(sources, l.span, l.text.get(lang).to_owned(), None))
                    .collect(),
                help: d.help.iter().map(|t| t.get(lang).to_owned()).collect(),
                fixes: d
                    .fix
                    .iter()
                    .map(|e| {
                        let note = e.note.get(lang).to_owned();
                        place(sources, e.span, note, Some(e.replacement.clone()))
                    })
                    .collect(),
            }
        })
        .collect()
}
