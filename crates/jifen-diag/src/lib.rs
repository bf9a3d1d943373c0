//! Sources, spans, one diagnostic shape, did-you-mean and rendering; knows nothing of the language.
//!
//! Every message of jifen is written once, in Chinese and in English, with [`text!`]; which one is shown is
//! decided where it is shown. A [`Diagnostic`] is plain data: building one never fails and never prints.

mod code;
pub mod codes;
mod diagnostic;
mod json;
mod render;
mod source;
mod suggest;
mod text;

pub use code::{Code, Row, Severity};
pub use diagnostic::{Diagnostic, Edit, Label};
pub use json::{JsonDiagnostic, JsonFix, to_json};
pub use render::{RenderOptions, render, render_all, summary};
pub use source::{SourceId, Sources, Span};
pub use suggest::{edit_distance, pinyin_of, suggest};
pub use text::{Lang, Text, listed};
