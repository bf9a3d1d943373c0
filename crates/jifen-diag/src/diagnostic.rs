//! One diagnostic: plain data, in both languages, with places, help and fixes.

use crate::{Code, Severity, Sources, Span, Text};
use serde::{Deserialize, Serialize};

/// A remark at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there; may be empty.
    pub text: Text,
}

/// A change of the text that would mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// What to replace; an empty span inserts.
    pub span: Span,
    /// The new text.
    pub replacement: String,
    /// Why, for people.
    pub note: Text,
}

/// A message about a text or a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Which kind.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// The main place.
    pub span: Span,
    /// What is wrong.
    pub message: Text,
    /// More places; the main place is marked without text unless a label has the same span.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Vec<Text>,
    /// Ready-made changes.
    pub fix: Vec<Edit>,
}

impl Diagnostic {
    /// A diagnostic with the usual severity of its code.
    pub fn new(code: Code, span: Span, message: Text) -> Self {
        Diagnostic {
            code,
            severity: code.severity(),
            span,
            message,
            labels: Vec::new(),
            help: Vec::new(),
            fix: Vec::new(),
        }
    }

    /// Adds a remark at a place.
    #[must_use]
    pub fn label(mut self, span: Span, text: Text) -> Self {
        self.labels.push(Label { span, text });
        self
    }

    /// Adds advice.
    #[must_use]
    pub fn help(mut self, text: Text) -> Self {
        self.help.push(text);
        self
    }

    /// Adds a ready-made change.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>, note: Text) -> Self {
        self.fix.push(Edit {
            span,
            replacement: replacement.into(),
            note,
        });
        self
    }

    /// Sets another severity than the usual one.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// True for errors.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Sorts by file, then place, then code, and drops exact repeats.
    pub fn sort(all: &mut Vec<Diagnostic>) {
        all.sort_by(|a, b| {
            (a.span, a.code, a.severity, &a.message).cmp(&(b.span, b.code, b.severity, &b.message))
        });
        all.dedup();
    }

    /// `文件:3:13`, or only the file name when the span is a dummy inside no text.
    pub fn place(&self, sources: &Sources) -> String {
        if self.span.is_dummy() {
            return String::new();
        }
        let (line, column) = sources.line_col(self.span.source, self.span.start as usize);
        format!("{}:{line}:{column}", sources.name(self.span.source))
    }
}
