//! What can be wrong with a file or a row, as plain data; rendering is done where it is shown.

use jifen_diag::{Text, text};

/// Where a row stands: the record number after the headings, and the physical line or sheet row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Record number, 1 for the first row after the headings.
    pub row: u64,
    /// Line of the file (row of the sheet) on which the record starts, from 1.
    pub line: u64,
}

/// A file that cannot be read at all, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// A stable word for programs, such as `encoding` or `limit_rows`.
    pub code: &'static str,
    /// The line, where one is known.
    pub line: Option<u64>,
    /// What is wrong.
    pub text: Text,
    /// What to do.
    pub fix: Text,
}

impl FileError {
    /// An error without a line.
    pub fn new(code: &'static str, text: Text, fix: Text) -> Self {
        FileError {
            code,
            line: None,
            text,
            fix,
        }
    }

    /// A limit that was met. `code` is the name of the limit.
    pub fn limit(code: &'static str, text: Text) -> Self {
        FileError::new(
            code,
            text,
            text!(
                zh = "把文件分成几份再导入",
                en = "split the file and import the parts"
            ),
        )
    }

    /// A binary file whose inside is not what the format asks for.
    pub fn damaged(what: &str) -> Self {
        FileError::new(
            "damaged",
            text!(
                zh = "文件损坏或不合格式：{what}",
                en = "the file is damaged or not in its format: {what}"
            ),
            text!(
                zh = "请从原系统重新导出",
                en = "export it again from where it comes from"
            ),
        )
    }

    /// The same error with its line.
    pub fn at(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
}

/// Why a row or a cell is refused. The word is stable and stands in the rejects file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason(pub &'static str);

/// A row that the reader itself cannot take; its cells are kept so that it can be mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// Where it stands.
    pub place: Place,
    /// All its cells, perhaps more than there are headings.
    pub cells: Vec<String>,
    /// The reason word.
    pub reason: Reason,
    /// What is wrong.
    pub text: Text,
    /// What to do.
    pub fix: Text,
}

/// What is wrong with the text of one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellFault {
    /// The reason word.
    pub reason: Reason,
    /// What is wrong.
    pub text: Text,
    /// What to do.
    pub fix: Text,
}

impl CellFault {
    /// A fault with its reason word.
    pub fn new(reason: &'static str, text: Text, fix: Text) -> Self {
        CellFault {
            reason: Reason(reason),
            text,
            fix,
        }
    }
}
