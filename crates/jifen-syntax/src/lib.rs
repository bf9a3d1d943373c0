//! Policy text to tree with comments and back; the only crate that knows pest.
//!
//! [`parse()`] never fails: what it cannot read becomes a `Broken` node and a diagnostic.

mod amounts;
pub mod ast;
mod broken;
mod build;
mod context;
mod dump;
mod format;
mod grammar;
mod hints;
pub mod keywords;
mod parse;
mod repair;
mod scan;

pub use dump::{ast_eq, emit_ast};
pub use format::{FormatError, format, translate};
pub use parse::{MAX_BYTES, Parse, parse};
pub use scan::Comment;
