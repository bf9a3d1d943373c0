//! The rejects file: every refused row with its original cells, where it stood, why, and how to mend it; and its way back.
//!
//! It is a CSV in UTF-8 with a byte order mark. Mended in place and imported again together with the file it came
//! from, its rows take the place of the rows they name. Cells that a spreadsheet would run as formulas are written
//! with a leading apostrophe, which is taken off again on the way back.

use crate::fault::{CellFault, Place};
use crate::raw::{RawBatch, RawColumn, RawTable, TextColumn};
use crate::value::trim;
use crate::view::View;
use indexmap::IndexSet;
use jifen_calendar::Zone;
use jifen_diag::Lang;
use jifen_quantity::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A refused row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// File, with the sheet after `#`; for a row of a rejects file, the file that it came from.
    pub file: String,
    /// Where it stands there.
    pub place: Place,
    /// Headings of its table.
    pub headers: Arc<[String]>,
    /// Its cells as they were; perhaps more than headings.
    pub cells: Vec<String>,
    /// Heading (empty: the row as a whole) and fault, the first being the main one.
    pub faults: Vec<(String, CellFault)>,
}

impl Reject {
    /// Column and reason of the main fault.
    pub fn main(&self) -> (&str, &str) {
        let first = self.faults.first();
        first.map_or(("", ""), |(c, f)| (c.as_str(), f.reason.0))
    }
}

/// Headings of our own columns: Chinese, English.
const MARKS: [(&str, &str); 6] = [
    ("拒收_文件", "reject_file"),
    ("拒收_行", "reject_row"),
    ("拒收_物理行", "reject_line"),
    ("拒收_列", "reject_column"),
    ("拒收_原因", "reject_reason"),
    ("拒收_改法", "reject_fix"),
];

/// All of them in both languages.
pub(crate) fn mark_names() -> Vec<String> {
    MARKS
        .iter()
        .flat_map(|(zh, en)| [(*zh).to_owned(), (*en).to_owned()])
        .collect()
}

/// Writes the rejects file.
pub fn write_rejects(rejects: &[Reject], lang: Lang) -> Vec<u8> {
    let mut columns: IndexSet<Slot> = IndexSet::new();
    for reject in rejects {
        columns.extend(slots(reject));
    }
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(b"\xEF\xBB\xBF".to_vec());
    let ours = MARKS.iter().map(|(zh, en)| lang.pick(*zh, *en).to_owned());
    let theirs = columns.iter().map(|slot| slot.heading(lang));
    // Writing to memory cannot fail.
    let _ = writer.write_record(ours.chain(theirs).map(|h| protect(&h)));
    for reject in rejects {
        let mut row = mark_cells(reject, lang);
        let mut cells = vec![String::new(); columns.len()];
        for (slot, cell) in slots(reject).into_iter().zip(&reject.cells) {
            if let Some(at) = columns.get_index_of(&slot)
                && let Some(place) = cells.get_mut(at)
            {
                // A blank cell too many must be seen to be taken away.
                let gap = cell.is_empty() && matches!(slot, Slot::Extra(_));
                *place = match gap {
                    true => lang.pick("（空）", "(blank)").to_owned(),
                    false => cell.clone(),
                };
            }
        }
        row.extend(cells);
        let _ = writer.write_record(row.iter().map(|c| protect(c)));
    }
    writer.into_inner().unwrap_or_default()
}

/// A column of the rejects file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Slot {
    Named(String),
    Unnamed(usize),
    /// A cell beyond the headings.
    Extra(usize),
}

/// The column of each cell.
fn slots(reject: &Reject) -> Vec<Slot> {
    let width = reject.headers.len();
    let mut unnamed = 0;
    (0..reject.cells.len().max(width))
        .map(|i| match reject.headers.get(i) {
            Some(name) if !name.is_empty() => Slot::Named(name.clone()),
            Some(_) => {
                unnamed += 1;
                Slot::Unnamed(unnamed)
            }
            None => Slot::Extra(i + 1 - width),
        })
        .collect()
}

/// How headings of cells beyond the headings begin.
const EXTRA: (&str, &str) = ("拒收_多余", "reject_extra");

impl Slot {
    fn heading(&self, lang: Lang) -> String {
        match self {
            Slot::Named(name) => name.clone(),
            Slot::Unnamed(n) => lang.pick(format!("无列名{n}"), format!("unnamed{n}")),
            Slot::Extra(n) => format!("{}{n}", lang.pick(EXTRA.0, EXTRA.1)),
        }
    }
}

/// Columns of a rejects file that hold cells beyond the headings; they must be blank once a row is mended.
pub(crate) fn extra_columns(headers: &[String]) -> Vec<usize> {
    let extra = |h: &String| h.starts_with(EXTRA.0) || h.starts_with(EXTRA.1);
    let all = headers.iter().enumerate();
    all.filter(|(_, h)| extra(h)).map(|(i, _)| i).collect()
}

fn mark_cells(reject: &Reject, lang: Lang) -> Vec<String> {
    let join = |parts: Vec<String>| {
        let parts: IndexSet<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
        parts.into_iter().collect::<Vec<_>>().join("；")
    };
    let faults = &reject.faults;
    vec![
        reject.file.clone(),
        reject.place.row.to_string(),
        reject.place.line.to_string(),
        join(faults.iter().map(|(c, _)| c.clone()).collect()),
        join(
            faults
                .iter()
                .map(|(_, f)| f.text.get(lang).to_owned())
                .collect(),
        ),
        join(
            faults
                .iter()
                .map(|(_, f)| f.fix.get(lang).to_owned())
                .collect(),
        ),
    ]
}

/// Cells that a spreadsheet would take for a formula begin with one of these.
const RISKY: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];

/// A cell as it is written: protected against being run as a formula. Plain numbers need no protection.
pub fn protect(cell: &str) -> String {
    let risky = cell.starts_with(RISKY) && Decimal::parse(cell).is_none();
    match risky {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

/// Takes the protection off again.
pub fn unprotect(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(RISKY) => rest,
        _ => cell,
    }
}

/// Where a rejects file has its own columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MarkColumns {
    columns: [Option<usize>; 6],
    file: usize,
    row: usize,
}

impl MarkColumns {
    /// The columns, if the headings are those of a rejects file.
    pub fn find(headers: &[String]) -> Option<Self> {
        let find = |(zh, en): (&str, &str)| headers.iter().position(|h| h == zh || h == en);
        let columns = MARKS.map(find);
        match columns {
            [Some(file), Some(row), ..] => Some(MarkColumns { columns, file, row }),
            _ => None,
        }
    }

    pub fn has(&self, column: usize) -> bool {
        self.columns.contains(&Some(column))
    }

    /// File and place that a row mends.
    pub fn origin(&self, batch: &RawBatch, i: usize, zone: &Zone) -> Option<(String, Place)> {
        let cell = |c: usize| View::new(batch, c).map(|v| v.text(i, zone));
        let file = cell(self.file)?;
        let row = trim(&cell(self.row)?).parse().ok()?;
        let line = self.columns.get(2).copied().flatten().and_then(cell);
        let line = line.and_then(|l| trim(&l).parse().ok()).unwrap_or(0);
        let file = trim(&file);
        (!file.is_empty()).then(|| (file.to_owned(), Place { row, line }))
    }
}

/// Takes the protection off all cells of a rejects file.
pub(crate) fn unprotect_table(raw: &mut RawTable) {
    for batch in &mut raw.batches {
        let rows = batch.len();
        for column in &mut batch.columns {
            let RawColumn::Text(cells) = column else {
                continue;
            };
            let mut plain = TextColumn::default();
            for i in 0..rows {
                plain.push(unprotect(cells.get(i)), cells.mark(i));
            }
            *column = RawColumn::Text(plain);
        }
    }
}

/// A table as the search for mended rows sees it.
pub(crate) struct MendView<'a> {
    pub raw: &'a RawTable,
    pub marks: Option<MarkColumns>,
}

/// Which rows are replaced, and which rows replace them.
#[derive(Debug, Default)]
pub(crate) struct Mended {
    /// File → rows that have been replaced.
    replaced: BTreeMap<String, BTreeSet<u64>>,
    /// Table and row → file and row that it stands for.
    origins: BTreeMap<(u32, u64), (String, u64)>,
}

impl Mended {
    pub fn find(tables: &[MendView<'_>], zone: &Zone) -> Self {
        let mut mended = Mended::default();
        for (number, table) in tables.iter().enumerate() {
            let Some(marks) = table.marks else { continue };
            for batch in &table.raw.batches {
                for i in 0..batch.len() {
                    let Some((file, place)) = marks.origin(batch, i, zone) else {
                        continue;
                    };
                    let rows = mended.replaced.entry(base(&file).to_owned()).or_default();
                    rows.insert(place.row);
                    let own = (number as u32, batch.place(i).row);
                    mended.origins.insert(own, (file, place.row));
                }
            }
        }
        mended
    }

    /// The rows of a file that mended rows have replaced.
    pub fn rows_of(&self, file: &str) -> BTreeSet<u64> {
        self.replaced.get(base(file)).cloned().unwrap_or_default()
    }

    /// The file and row that a row of a rejects file stands for.
    pub fn origin_of(&self, table: u32, row: u64) -> Option<(String, u64)> {
        if self.origins.is_empty() {
            return None;
        }
        self.origins.get(&(table, row)).cloned()
    }
}

/// A file name without its folders.
pub(crate) fn base(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}
