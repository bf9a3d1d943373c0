//! Rows of text cells into a [`RawTable`]: finds the headings, counts rows, makes batches.

use crate::ReadOptions;
use crate::fault::{CellFault, FileError, Place, Reason, RowFault};
use crate::raw::{CellMark, RawBatch, RawTable, TextColumn};
use jifen_diag::text;

/// Rows looked at to find the headings.
const HEAD: usize = 10;
const BATCH_ROWS: usize = 8192;
const BATCH_BYTES: usize = 32 << 20;

/// One row as a reader hands it over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub line: u64,
    pub cells: Vec<(String, CellMark)>,
}

impl Row {
    fn filled(&self) -> usize {
        self.cells.iter().filter(|c| !c.0.trim().is_empty()).count()
    }
}

/// Collects rows.
pub(crate) struct TableBuilder<'a> {
    options: &'a ReadOptions,
    table: RawTable,
    head: Option<Vec<Row>>,
    columns: Vec<TextColumn>,
    places: Vec<Place>,
    bytes: usize,
    next_row: u64,
    blank: u64,
    /// Whether a cell too many means that all later cells have moved (CSV), not so in a sheet.
    shifts: bool,
    /// Cells of a usual row where that is more than there are headings (a delimiter at the end of each line).
    usual: usize,
    stray: u64,
}

impl<'a> TableBuilder<'a> {
    pub fn new(options: &'a ReadOptions, shifts: bool) -> Self {
        TableBuilder {
            options,
            table: RawTable::default(),
            head: Some(Vec::new()),
            columns: Vec::new(),
            places: Vec::new(),
            bytes: 0,
            next_row: 1,
            blank: 0,
            shifts,
            usual: 0,
            stray: 0,
        }
    }

    pub fn table(&mut self) -> &mut RawTable {
        &mut self.table
    }

    /// Takes one row.
    pub fn push(&mut self, row: Row) -> Result<(), FileError> {
        match &mut self.head {
            Some(head) => {
                head.push(row);
                if head.len() >= HEAD {
                    self.settle_head()?;
                }
                Ok(())
            }
            None => self.push_record(row),
        }
    }

    /// Takes a row that is faulty by itself.
    pub fn push_fault(
        &mut self,
        row: Row,
        reason: &'static str,
        text: jifen_diag::Text,
        fix: jifen_diag::Text,
    ) -> Result<(), FileError> {
        self.settle_head()?;
        let place = self.next_place(row.line)?;
        self.table.faults.push(RowFault {
            place,
            cells: row.cells.into_iter().map(|c| c.0).collect(),
            reason: Reason(reason),
            text,
            fix,
        });
        Ok(())
    }

    fn next_place(&mut self, line: u64) -> Result<Place, FileError> {
        let place = Place {
            row: self.next_row,
            line,
        };
        self.options.limits.check_rows(self.next_row)?;
        self.next_row += 1;
        Ok(place)
    }

    fn settle_head(&mut self) -> Result<(), FileError> {
        let Some(rows) = self.head.take() else {
            return Ok(());
        };
        let at = header_index(&rows, &self.options.known);
        let mut rows = rows.into_iter();
        for skipped in rows.by_ref().take(at) {
            self.note_skipped(&skipped);
        }
        if let Some(header) = rows.next() {
            self.set_headers(header.cells.iter().map(|c| c.0.as_str()))?;
        }
        let rows: Vec<Row> = rows.collect();
        self.usual = usual_width(&rows);
        for row in rows {
            self.push_record(row)?;
        }
        Ok(())
    }

    fn note_skipped(&mut self, row: &Row) {
        if row.filled() == 0 {
            return;
        }
        let line = row.line;
        let words: Vec<&str> = row
            .cells
            .iter()
            .map(|c| c.0.trim())
            .filter(|c| !c.is_empty())
            .collect();
        let title: String = words.join(" ").chars().take(60).collect();
        self.table.notes.push(text!(
            zh = "第 {line} 行“{title}”在表头之上，已略过",
            en = "line {line} “{title}” stands above the headings and was skipped"
        ));
    }

    /// States the headings, for formats that have them apart from the rows.
    pub fn set_headers<'h>(
        &mut self,
        names: impl Iterator<Item = &'h str>,
    ) -> Result<(), FileError> {
        self.head = None;
        let headers: Vec<String> = names.map(heading).collect();
        self.options.limits.check_columns(headers.len())?;
        self.columns = vec![TextColumn::default(); headers.len()];
        self.table.headers = headers;
        Ok(())
    }

    fn push_record(&mut self, row: Row) -> Result<(), FileError> {
        let place = self.next_place(row.line)?;
        if row.filled() == 0 {
            self.blank += 1;
            return Ok(());
        }
        let width = self.table.headers.len();
        let extra = row.cells.iter().skip(width).any(|c| !c.0.trim().is_empty());
        // Even a blank cell too many means that the cells before it have moved.
        let long = extra || row.cells.len() > width.max(self.usual);
        if long && self.shifts {
            self.too_long(place, row);
            return Ok(());
        }
        self.stray += u64::from(extra);
        let mut cells = row.cells.into_iter();
        for column in &mut self.columns {
            let (text, mark) = cells.next().unwrap_or_default();
            self.bytes += text.len();
            column.push(&text, mark);
        }
        self.places.push(place);
        if self.places.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES {
            self.flush();
        }
        Ok(())
    }

    fn too_long(&mut self, place: Place, row: Row) {
        let fault = too_long(row.cells.len(), self.table.headers.len());
        self.table.faults.push(RowFault {
            place,
            cells: row.cells.into_iter().map(|c| c.0).collect(),
            reason: fault.reason,
            text: fault.text,
            fix: fault.fix,
        });
    }

    fn flush(&mut self) {
        if self.places.is_empty() {
            return;
        }
        let places = std::mem::take(&mut self.places);
        let columns = self.columns.iter_mut().map(std::mem::take).collect();
        self.bytes = 0;
        self.table.batches.push(RawBatch::texts(places, columns));
    }

    /// The finished table.
    pub fn finish(mut self) -> Result<RawTable, FileError> {
        self.settle_head()?;
        self.flush();
        let blank = self.blank;
        if blank > 0 {
            self.table.notes.push(text!(
                zh = "有 {blank} 个空行，已略过",
                en = "{blank} blank rows were skipped"
            ));
        }
        let stray = self.stray;
        if stray > 0 {
            self.table.notes.push(text!(
                zh = "有 {stray} 行在没有表头的列里写了字，未采用",
                en = "{stray} rows have text in columns without a heading; it is not used"
            ));
        }
        Ok(self.table)
    }
}

/// A row with more cells than there are headings.
pub(crate) fn too_long(has: usize, width: usize) -> CellFault {
    CellFault::new(
        "row_too_long",
        text!(
            zh = "这一行有 {has} 格，表头只有 {width} 格",
            en = "the row has {has} cells, the headings only {width}"
        ),
        text!(
            zh = "多半是某格里有分隔符而没有加引号：把那一格用英文双引号括起来（在拒收表里，把后面的格移回原位）",
            en = "probably a cell holds the delimiter unquoted: put that cell in double quotes (in the rejects file, move the later cells back)"
        ),
    )
}

/// A heading: trimmed, with inner line feeds and runs of spaces as one space.
fn heading(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The width that all looked-at rows share.
fn usual_width(rows: &[Row]) -> usize {
    let mut widths = rows.iter().map(|r| r.cells.len());
    let first = widths.next().unwrap_or(0);
    if widths.all(|w| w == first) { first } else { 0 }
}

/// The row with most known headings; without any, the first that has two filled cells.
fn header_index(rows: &[Row], known: &[String]) -> usize {
    let hits = |row: &Row| {
        row.cells
            .iter()
            .filter(|c| known.contains(&heading(&c.0)))
            .count()
    };
    let best = rows.iter().map(hits).max().unwrap_or(0);
    if best > 0 {
        return rows.iter().position(|r| hits(r) == best).unwrap_or(0);
    }
    rows.iter()
        .position(|r| r.filled() >= 2)
        .or_else(|| rows.iter().position(|r| r.filled() == 1))
        .unwrap_or(0)
}
