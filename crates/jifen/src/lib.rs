//! The front door: compile, check, evaluate, explain, format, test.

pub use jifen_diag::{
    Code, Diagnostic, JsonDiagnostic, Lang, RenderOptions, Severity, SourceId, Sources, Span, Text,
    codes, render, render_all, suggest, summary, text, to_json,
};
