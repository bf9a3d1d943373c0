//! Raw rows against the Plan: facts, duplicates and rejects; every row read ends in exactly one of the three.
//!
//! A row is first read by itself. Then identity is judged among the rows that could be read (S2): an identical
//! duplicate is dropped and counted, one id with different contents rejects all its rows. A rejects file that has
//! been mended takes the place of the rows it names.

mod builtin;
mod fields;
mod identity;
mod ids;
mod kinds;
mod lookup;
mod moment;
mod resolve;
mod table;

use crate::fault::{CellFault, FileError, Place};
use crate::mapping::{FactSource, Sources, fits};
use crate::raw::RawTable;
use crate::rejects::{Mended, Reject};
use crate::roster::date_styles;
use crate::view::View;
use crate::{InputFile, ReadOptions, read};
use builtin::Builtins;
use jifen_calendar::Zone;
use jifen_data::{FactLog, RosterData};
use jifen_diag::{Text, text};
use jifen_plan::{Plan, RosterIx};
use jifen_quantity::{Decimal, Dim};
use kinds::KindAcc;
pub(crate) use lookup::same_texts;
use std::collections::BTreeMap;
use table::Table;

/// Rows in, and where each of them went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Rows read (replaced ones apart).
    pub read: u64,
    /// Rows that are facts now.
    pub accepted: u64,
    /// Rows that equal another one.
    pub duplicates: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Rows whose place a mended row has taken; not counted as read.
    pub replaced: u64,
}

impl RowCounts {
    /// I23: rows read = accepted + duplicates + rejected.
    pub fn adds_up(&self) -> bool {
        self.read == self.accepted + self.duplicates + self.rejected
    }
}

/// A row that equals another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Its file.
    pub file: String,
    /// Its place.
    pub place: Place,
    /// Its id.
    pub id: String,
    /// File and row of the one that counts.
    pub same_as: (String, u64),
}

/// The result of reading facts.
#[derive(Clone, Debug, Default)]
pub struct Admission {
    /// The facts.
    pub log: FactLog,
    /// Counts.
    pub counts: RowCounts,
    /// Duplicates, by file and row.
    pub duplicates: Vec<Duplicate>,
    /// Rejects, by file and row.
    pub rejects: Vec<Reject>,
    /// What was found out on the way, with the file.
    pub notes: Vec<(String, Text)>,
}

/// One fault of one row.
#[derive(Clone, Debug)]
struct Fault {
    table: u32,
    place: Place,
    column: Option<usize>,
    fault: CellFault,
}

/// What admission of one run shares.
struct Shared<'a> {
    plan: &'a Plan,
    zone: &'a Zone,
    rosters: &'a mut RosterData,
    lookups: lookup::Lookups,
    faults: Vec<Fault>,
}

/// Reads files of facts. Subjects of `不限在册` records are added to `rosters` without any day on them.
pub fn read_facts(
    files: &[InputFile],
    sources: &Sources,
    plan: &Plan,
    zone: &Zone,
    rosters: &mut RosterData,
    options: &ReadOptions,
) -> Result<Admission, (String, FileError)> {
    let mut tables = Vec::new();
    let mut notes = Vec::new();
    for file in files {
        let read = tables_of(file, sources, plan, options);
        for raw in read.map_err(|e| (file.name.clone(), e))? {
            let label = label(&file.name, &raw);
            notes.extend(raw.notes.iter().map(|n| (label.clone(), n.clone())));
            let table = Table::new(label.clone(), raw, sources, plan, zone);
            tables.push(table.map_err(|e| (label, e))?);
        }
    }
    let mended = Mended::find(
        &tables.iter().map(Table::mend_view).collect::<Vec<_>>(),
        zone,
    );
    let mut run = Run {
        shared: Shared {
            plan,
            zone,
            lookups: lookup::Lookups::new(rosters),
            rosters,
            faults: Vec::new(),
        },
        kinds: plan.kinds.iter().map(KindAcc::new).collect(),
        builtins: Builtins::default(),
        counts: RowCounts::default(),
        notes,
        mended,
        cells: Cells::new(),
    };
    for (i, table) in tables.iter().enumerate() {
        let read = run.read_table(i as u32, table);
        read.map_err(|e| (table.label.clone(), e))?;
    }
    let mut admission = run.finish(&tables);
    for file in files {
        complete(file, &tables, &mut admission.rejects, zone, options)
            .map_err(|e| (file.name.clone(), e))?;
    }
    Ok(admission)
}

/// Rejects of a Parquet file get their cells, those of columns too that admission did not read.
fn complete(
    file: &InputFile,
    tables: &[Table],
    rejects: &mut [Reject],
    zone: &Zone,
    options: &ReadOptions,
) -> Result<(), FileError> {
    let table = tables.iter().find(|t| t.label == file.name);
    let Some(table) = table.filter(|t| t.raw.later.is_some() || !t.raw.unread.is_empty()) else {
        return Ok(());
    };
    // A row that has been mended, and is refused again, has its own.
    let mine = |r: &&mut Reject| r.file == file.name && r.cells.is_empty();
    let mut refused: Vec<&mut Reject> = rejects.iter_mut().filter(mine).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let all = ReadOptions {
        columns: None,
        ..options.clone()
    };
    // What could be read in part may fail as a whole (a column too large): then there are the columns that were read.
    let whole = read::open(&file.name, file.bytes.clone(), &all).ok();
    let whole = whole.and_then(|t| t.into_iter().next());
    if let Some(raw) = &whole
        && with_cells(raw, &mut refused, zone).is_ok()
    {
        return Ok(());
    }
    with_cells(&table.raw, &mut refused, zone)
}

/// Rejects with the cells of a table as they stand.
fn with_cells(raw: &RawTable, rejects: &mut [&mut Reject], zone: &Zone) -> Result<(), FileError> {
    let headers: std::sync::Arc<[String]> = raw.headers.clone().into();
    let mut left = rejects.iter_mut().peekable();
    raw.each_batch(|batch| {
        let last = batch.place(batch.len().saturating_sub(1)).row;
        // Rejects stand in the order of their rows.
        while let Some(reject) = left.next_if(|r| r.place.row <= last) {
            let Some(i) = table::row_in(batch, reject.place) else {
                continue;
            };
            let cell = |c| View::new(batch, c).map(|v| v.text(i, zone).into_owned());
            reject.cells = (0..headers.len())
                .map(|c| cell(c).unwrap_or_default())
                .collect();
            reject.headers = headers.clone();
        }
        Ok(())
    })
}

fn label(file: &str, raw: &RawTable) -> String {
    match &raw.sheet {
        Some(sheet) => format!("{file}#{sheet}"),
        None => file.to_owned(),
    }
}

/// Reads one file, with the headings that its mapping knows.
fn tables_of(
    file: &InputFile,
    sources: &Sources,
    plan: &Plan,
    options: &ReadOptions,
) -> Result<Vec<RawTable>, FileError> {
    let source = source_for(sources, &file.name);
    let options = ReadOptions {
        known: resolve::known(&source, plan),
        sheets: source.sheets.clone(),
        columns: Some(resolve::known(&source, plan)),
        ..options.clone()
    };
    read::open(&file.name, file.bytes.clone(), &options)
}

/// The mapping of a file: the first that fits, or the usual names.
fn source_for(sources: &Sources, file: &str) -> FactSource {
    let found = sources.facts.iter().find(|s| fits(&s.files, file));
    // With one mapping, a file under another name is most likely the same sheet.
    let only = match sources.facts.as_slice() {
        [one] => Some(one),
        _ => None,
    };
    found.or(only).cloned().unwrap_or_else(FactSource::usual)
}

struct Run<'a> {
    shared: Shared<'a>,
    kinds: Vec<KindAcc>,
    builtins: Builtins,
    counts: RowCounts,
    notes: Vec<(String, Text)>,
    mended: Mended,
    /// Cells of refused rows whose batches are gone.
    cells: Cells,
}

/// By table and place.
type Cells = BTreeMap<(u32, Place), Vec<String>>;

impl Run<'_> {
    fn read_table(&mut self, number: u32, table: &Table) -> Result<(), FileError> {
        let replaced = self.mended.rows_of(&table.label);
        for fault in &table.raw.faults {
            if replaced.contains(&fault.place.row) {
                self.counts.replaced += 1;
                continue;
            }
            self.counts.read += 1;
            self.shared.faults.push(Fault {
                table: number,
                place: fault.place,
                column: None,
                fault: CellFault {
                    reason: fault.reason,
                    text: fault.text.clone(),
                    fix: fault.fix.clone(),
                },
            });
        }
        table.raw.each_batch(|batch| {
            let mut skip = Vec::new();
            if !replaced.is_empty() {
                skip = (0..batch.len())
                    .filter(|i| replaced.contains(&batch.place(*i).row))
                    .collect();
            }
            self.counts.replaced += skip.len() as u64;
            self.counts.read += (batch.len() - skip.len()) as u64;
            let before = self.shared.faults.len();
            self.read_batch(number, table, batch, &skip)?;
            self.keep_cells(number, table, batch, before);
            Ok(())
        })?;
        self.warn_damaged(table);
        Ok(())
    }

    fn read_batch(
        &mut self,
        number: u32,
        table: &Table,
        batch: &crate::raw::RawBatch,
        skip: &[usize],
    ) -> Result<(), FileError> {
        let part = kinds::Part {
            number,
            table,
            batch,
        };
        let chosen = part.choose(skip, &mut self.shared);
        for (target, rows) in table.resolved.targets.iter().zip(&chosen) {
            if rows.is_empty() {
                continue;
            }
            match target {
                resolve::Target::Kind(kind) => {
                    if let Some(problem) = &kind.problem {
                        return Err(problem.clone());
                    }
                    if let Some(acc) = self.kinds.get_mut(kind.kind.ix()) {
                        acc.read(&part, kind, rows, &mut self.shared);
                    }
                }
                resolve::Target::Confirm(map) => {
                    self.builtins.confirm(&part, map, rows, &mut self.shared);
                }
                resolve::Target::Void(map) => {
                    self.builtins.void(&part, map, rows, &mut self.shared);
                }
                resolve::Target::Correct(map) => {
                    self.builtins.correct(&part, map, rows, &mut self.shared);
                }
            }
        }
        Ok(())
    }

    /// The cells of the rows just refused, of a file that is read once.
    fn keep_cells(
        &mut self,
        number: u32,
        table: &Table,
        batch: &crate::raw::RawBatch,
        before: usize,
    ) {
        if table.raw.later.is_none() || !table.raw.unread.is_empty() {
            return;
        }
        for fault in self.shared.faults.get(before..).unwrap_or_default() {
            let kept = self.cells.entry((number, fault.place));
            kept.or_insert_with(|| table.cells_in(batch, fault.place, self.shared.zone));
        }
    }

    /// Long numbers that a spreadsheet has cut, in columns that are not ids: said, not refused.
    fn warn_damaged(&mut self, table: &Table) {
        for (column, heading) in table.raw.headers.iter().enumerate() {
            let (mut count, mut first) = (0_u64, 0);
            for batch in &table.raw.batches {
                let Some(View::Text(cells)) = View::new(batch, column) else {
                    continue;
                };
                if !cells.might_hold("E+") {
                    continue;
                }
                for i in 0..batch.len() {
                    if crate::value::number::looks_scientific(cells.get(i)) {
                        count += 1;
                        if count == 1 {
                            first = batch.place(i).row;
                        }
                    }
                }
            }
            if count > 0 {
                let note = text!(
                    zh = "“{heading}”列有 {count} 格像是被表格软件改写过的长数字（如第 {first} 行），后面的数字已经丢失",
                    en = "column “{heading}” has {count} cells that look like long numbers rewritten by a spreadsheet (such as row {first}); their last digits are lost"
                );
                self.notes.push((table.label.clone(), note));
            }
        }
    }

    fn finish(mut self, tables: &[Table]) -> Admission {
        let mut duplicates = Vec::new();
        for acc in &mut self.kinds {
            acc.drop_bad();
        }
        identity::judge(
            tables,
            &mut self.kinds,
            &mut self.builtins,
            &mut self.shared,
            &mut duplicates,
        );
        identity::periods(tables, &mut self.kinds, &mut self.shared);
        self.counts.accepted = self.kinds.iter().map(|k| k.len() as u64).sum::<u64>();
        let files = tables.iter().map(|t| t.label.clone()).collect();
        let mut log = FactLog {
            files,
            ..FactLog::default()
        };
        // Corrections look their targets up, so they come after identity.
        self.builtins.finish(
            tables,
            &self.kinds,
            &mut self.shared,
            &mut log,
            &mut self.notes,
        );
        self.counts.accepted += self.builtins.accepted;
        for (acc, kind) in self.kinds.into_iter().zip(&self.shared.plan.kinds) {
            log.kinds.push(acc.finish(kind, &self.mended, tables));
        }
        let rejects = rejects_of(
            tables,
            std::mem::take(&mut self.shared.faults),
            self.cells,
            &self.shared,
        );
        self.counts.rejected = rejects.len() as u64;
        self.counts.duplicates = duplicates.len() as u64;
        duplicates.sort_by(|a, b| (&a.file, a.place).cmp(&(&b.file, b.place)));
        Admission {
            log,
            counts: self.counts,
            duplicates,
            rejects,
            notes: self.notes,
        }
    }
}

/// Columns and what is wrong in them.
type CellFaults = Vec<(Option<usize>, CellFault)>;

/// Faults gathered by row, with the original cells.
fn rejects_of(
    tables: &[Table],
    faults: Vec<Fault>,
    mut kept: Cells,
    shared: &Shared<'_>,
) -> Vec<Reject> {
    let mut rows: BTreeMap<(u32, Place), CellFaults> = BTreeMap::new();
    for fault in faults {
        let list = rows.entry((fault.table, fault.place)).or_default();
        list.push((fault.column, fault.fault));
    }
    let mut rejects = Vec::with_capacity(rows.len());
    let headers: Vec<_> = tables.iter().map(Table::own_headers).collect();
    for ((number, place), faults) in rows {
        let Some(table) = tables.get(number as usize) else {
            continue;
        };
        let heading = |c: Option<usize>| c.and_then(|c| table.raw.headers.get(c).cloned());
        let faults: Vec<(String, CellFault)> = faults
            .into_iter()
            .map(|(c, f)| (heading(c).unwrap_or_default(), f))
            .collect();
        let (file, origin) = table.origin(place, shared.zone);
        rejects.push(Reject {
            file,
            place: origin,
            headers: headers.get(number as usize).cloned().unwrap_or_default(),
            cells: (kept.remove(&(number, place)))
                .unwrap_or_else(|| table.cells(place, shared.zone)),
            faults,
        });
    }
    rejects.sort_by(|a, b| (&a.file, a.place).cmp(&(&b.file, b.place)));
    rejects
}

/// A number of a file in the unit in which the Plan holds it: hours become seconds.
pub(crate) fn held(number: Decimal, dim: Dim) -> Option<Decimal> {
    match dim.duration {
        0 => Some(number),
        1 => number.mul(Decimal::from_int(3600)).ok(),
        _ => None,
    }
}

pub(crate) fn too_large(cell: &str) -> CellFault {
    CellFault::new(
        "number_too_large",
        text!(
            zh = "“{cell}”太大，无法精确记下",
            en = "“{cell}” is too large to be held exactly"
        ),
        text!(zh = "核对数字", en = "look the number up"),
    )
}

/// The subject codes of a roster as a set of texts, for lookups of references.
fn has_subject(rosters: &RosterData, roster: RosterIx, id: &str) -> bool {
    rosters.table(roster).is_some_and(|t| t.ids.contains(id))
}

#[cfg(test)]
mod tests;
