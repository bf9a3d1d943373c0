//! The raw table: what every reader gives, before any meaning; columnar, with the place of each row.

use crate::fault::{FileError, Place, RowFault};
use crate::parquet::Later;
use arrow_array::ArrayRef;
use jifen_diag::Text;

/// One table of a file (a sheet of a workbook is a table).
#[derive(Clone, Debug, Default)]
pub struct RawTable {
    /// The sheet, for a workbook.
    pub sheet: Option<String>,
    /// Headings, trimmed; an unnamed column has an empty one.
    pub headers: Vec<String>,
    /// The rows, in file order.
    pub batches: Vec<RawBatch>,
    /// Rows that could not be read as rows of this table.
    pub faults: Vec<RowFault>,
    /// What the reader found out and says: encoding, delimiter, skipped title rows.
    pub notes: Vec<Text>,
    /// Columns of the file that were not asked for and not read.
    pub unread: Vec<String>,
    /// True where a blank cell may be a missing column (JSON lines).
    pub sparse: bool,
    /// True when serial day numbers count from 1904 (an option of workbooks).
    pub epoch_1904: bool,
    /// Rows that are read when they are asked for.
    pub(crate) later: Option<Later>,
}

impl RawTable {
    /// All rows: readable and faulty ones.
    pub fn rows(&self) -> u64 {
        let readable: u64 = self.batches.iter().map(|b| b.len() as u64).sum();
        let later = self.later.as_ref().map_or(0, Later::rows);
        readable + later + self.faults.len() as u64
    }

    /// Reads the rows that are still in their file.
    pub(crate) fn load(&mut self) -> Result<(), FileError> {
        if let Some(later) = self.later.take() {
            later.each(|batch| {
                self.batches.push(batch.clone());
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Hands over one batch after the other, those still in their file too.
    pub(crate) fn each_batch(
        &self,
        mut take: impl FnMut(&RawBatch) -> Result<(), FileError>,
    ) -> Result<(), FileError> {
        self.batches.iter().try_for_each(&mut take)?;
        match &self.later {
            Some(later) => later.each(take),
            None => Ok(()),
        }
    }

    /// The columns with this heading; a well-formed table has at most one.
    pub fn columns_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.headers
            .iter()
            .enumerate()
            .filter(move |(_, h)| !name.is_empty() && h.as_str() == name)
            .map(|(i, _)| i)
    }
}

/// Consecutive rows of a table.
#[derive(Clone, Debug)]
pub struct RawBatch {
    /// One for each row.
    places: Places,
    /// As many as the table has headings.
    pub columns: Vec<RawColumn>,
    len: usize,
}

#[derive(Clone, Debug)]
enum Places {
    /// Row and line go up by one (Parquet, where a line is a row).
    Dense {
        first: u64,
    },
    Listed(Vec<Place>),
}

impl RawBatch {
    /// Typed columns whose rows are numbered from `first` on.
    pub fn typed(first: u64, columns: Vec<ArrayRef>, len: usize) -> Self {
        RawBatch {
            places: Places::Dense { first },
            columns: columns.into_iter().map(RawColumn::Typed).collect(),
            len,
        }
    }

    /// Text columns with the place of each row.
    pub fn texts(places: Vec<Place>, columns: Vec<TextColumn>) -> Self {
        RawBatch {
            len: places.len(),
            places: Places::Listed(places),
            columns: columns.into_iter().map(RawColumn::Text).collect(),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Where a row stands.
    pub fn place(&self, index: usize) -> Place {
        match &self.places {
            Places::Dense { first } => {
                let row = first + index as u64;
                Place { row, line: row }
            }
            Places::Listed(list) => list.get(index).copied().unwrap_or_default(),
        }
    }
}

/// One column of a batch.
#[derive(Clone, Debug)]
pub enum RawColumn {
    /// Cells as text (CSV, JSONL, XLSX).
    Text(TextColumn),
    /// A typed array (Parquet).
    Typed(ArrayRef),
}

/// What a cell of a workbook was, where it matters for reading its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellMark {
    /// Text, or unknown.
    #[default]
    Text,
    /// A number.
    Number,
    /// A number shown as a date or time.
    Date,
}

/// Cells as text, one after another in one buffer. A blank cell is an empty text.
#[derive(Clone, Debug, Default)]
pub struct TextColumn {
    text: String,
    ends: Vec<u32>,
    /// Empty when every cell is plain text.
    marks: Vec<CellMark>,
}

impl TextColumn {
    /// Appends a cell.
    pub fn push(&mut self, cell: &str, mark: CellMark) {
        if mark != CellMark::Text && self.marks.is_empty() {
            self.marks = vec![CellMark::Text; self.ends.len()];
        }
        self.text.push_str(cell);
        self.ends.push(self.text.len() as u32);
        if !self.marks.is_empty() || mark != CellMark::Text {
            self.marks.push(mark);
        }
    }

    /// A cell; empty for a blank one and past the end.
    pub fn get(&self, index: usize) -> &str {
        let Some(&end) = self.ends.get(index) else {
            return "";
        };
        let start = match index {
            0 => 0,
            _ => self.ends.get(index - 1).copied().unwrap_or(0),
        };
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// What the cell was in its workbook.
    pub fn mark(&self, index: usize) -> CellMark {
        self.marks.get(index).copied().unwrap_or_default()
    }

    /// Whether any cell may hold this text (a quick search of the whole buffer).
    pub fn might_hold(&self, needle: &str) -> bool {
        memchr::memmem::find(self.text.as_bytes(), needle.as_bytes()).is_some()
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True without cells.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes of text held.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }
}
