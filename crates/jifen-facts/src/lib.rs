//! Files to admitted facts and rejects; bounded readers; exports.
//!
//! Two steps. *Reading* ([`read`]) turns the bytes of a CSV, XLSX, JSONL or Parquet file into a [`raw::RawTable`]
//! and knows nothing of policies. *Admission* maps its columns by a `sources.toml`, reads every cell strictly, and
//! gives facts or a reject that says row, column, reason and fix. Nothing here knows a clock, an environment or a
//! file system: bytes come in as arguments.

mod build;
pub mod csv_file;
pub mod encoding;
pub mod fault;
pub mod jsonl;
pub mod limits;
pub mod parquet;
pub mod raw;
pub mod read;
pub mod value;
pub mod xlsx;

#[cfg(test)]
mod tests;

pub use csv_file::read_csv;
pub use fault::{CellFault, FileError, Place, Reason, RowFault};
pub use jsonl::read_jsonl;
pub use limits::Limits;
pub use crate::parquet::read_parquet;
pub use raw::{CellMark, RawBatch, RawColumn, RawTable, TextColumn};
pub use read::{Format, detect, read};
pub use xlsx::read_xlsx;

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
