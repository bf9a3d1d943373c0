//! Files to admitted facts and rejects; bounded readers; exports.
//!
//! Two steps. *Reading* ([`read()`]) turns the bytes of a CSV, XLSX, JSONL or Parquet file into a [`raw::RawTable`]
//! and knows nothing of policies. *Admission* maps its columns by a `sources.toml`, reads every cell strictly, and
//! gives facts or a reject that says row, column, reason and fix. Nothing here knows a clock, an environment or a
//! file system: bytes come in as arguments.

#![allow(
    clippy::result_large_err,
    reason = "errors of files and cells carry their texts in two languages; they are rare"
)]

pub mod admit;
mod build;
pub mod csv_file;
pub mod encoding;
pub mod fault;
pub mod jsonl;
pub mod limits;
pub mod mapping;
pub mod openings;
pub mod parquet;
pub mod raw;
pub mod read;
pub mod rejects;
pub mod roster;
pub mod targets;
pub mod value;
mod view;
pub mod xlsx;

#[cfg(test)]
mod tests;

pub use crate::parquet::read_parquet;
pub use admit::{Admission, Duplicate, RowCounts, read_facts};
pub use csv_file::read_csv;
pub use fault::{CellFault, FileError, Place, Reason, RowFault};
pub use jsonl::read_jsonl;
pub use limits::Limits;
pub use mapping::Sources;
pub use openings::{OpeningsRead, not_taken_text, read_openings};
pub use raw::{CellMark, RawBatch, RawColumn, RawTable, TextColumn};
pub use read::{Format, detect, read};
pub use rejects::{Reject, protect, write_rejects};
pub use roster::{RosterFault, Rosters, read_rosters};
pub use xlsx::read_xlsx;

/// A file as it comes in: its name (shown in messages, fits patterns of the mapping) and its content.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// Name.
    pub name: String,
    /// Content.
    pub bytes: bytes::Bytes,
}

impl InputFile {
    /// A file.
    pub fn new(name: impl Into<String>, bytes: impl Into<bytes::Bytes>) -> Self {
        InputFile {
            name: name.into(),
            bytes: bytes.into(),
        }
    }
}

/// What is known before a file is read. The default reads everything within the default limits.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Limits.
    pub limits: Limits,
    /// Headings that help to find the heading row and the delimiter.
    pub known: Vec<String>,
    /// The delimiter, if it is stated.
    pub delimiter: Option<char>,
    /// Sheets of a workbook to read; empty reads all.
    pub sheets: Vec<String>,
    /// Columns of a Parquet file to read; none reads all.
    pub columns: Option<Vec<String>>,
}
