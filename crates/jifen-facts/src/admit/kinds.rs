//! The facts of one kind, gathered batch by batch from any file.

use super::fields::{FaultSink, FieldAcc, FieldJob};
use super::moment::{date_missing, event_time, moment, time_of_day};
use super::resolve::KindTarget;
use super::table::Table;
use super::{Fault, Shared, ids};
use crate::fault::CellFault;
use crate::raw::{CellMark, RawBatch};
use crate::rejects::Mended;
use crate::value::time::When;
use crate::value::{trim, words};
use crate::view::{Integers, Times, View};
use jifen_calendar::{Day, Instant, Period, Zone};
use jifen_data::{Ids, KindTable, RosterTable};
use jifen_diag::{suggest, text};
use jifen_plan::{Kind, KindIx, RosterIx};

/// Code of a subject that is not known (yet).
pub(super) const NOBODY: u32 = u32::MAX;

/// One batch of one table.
pub(super) struct Part<'a> {
    pub number: u32,
    pub table: &'a Table,
    pub batch: &'a RawBatch,
}

/// Words that begin a row of sums.
const TOTALS: [&str; 8] = [
    "合计", "总计", "小计", "共计", "总和", "total", "sum", "subtotal",
];

impl Part<'_> {
    /// The rows of each target, with a fault for each row that is none's.
    pub fn choose(&self, skip: &[usize], shared: &mut Shared<'_>) -> Vec<Vec<u32>> {
        let resolved = &self.table.resolved;
        let mut chosen = vec![Vec::new(); resolved.targets.len()];
        let mut skip = skip.iter().copied().peekable();
        let view = resolved.kind.and_then(|c| View::new(self.batch, c));
        let mut last: (String, Option<usize>) = (String::new(), None);
        let mut coded = DictTargets::new(view);
        for i in 0..self.batch.len() {
            if skip.next_if_eq(&i).is_some() {
                continue;
            }
            if let Some(fault) = self.still_long(i, shared.zone) {
                self.fault(i, None, fault, shared);
                continue;
            }
            let target = match view {
                None => resolved.fixed,
                Some(view) => match coded.get(i) {
                    Some(target) => Some(target),
                    None => {
                        let cell = view.text(i, shared.zone);
                        let word = trim(&cell);
                        if word != last.0 {
                            last = (word.to_owned(), resolved.words.get(word).copied());
                        }
                        coded.set(i, last.1);
                        last.1
                    }
                },
            };
            match target.and_then(|t| chosen.get_mut(t)) {
                Some(rows) => rows.push(i as u32),
                None => {
                    let (column, fault) = self.no_target(&last.0, i, shared.zone);
                    self.fault(i, column, fault, shared);
                }
            }
        }
        chosen
    }

    pub fn fault(
        &self,
        row: usize,
        column: Option<usize>,
        fault: CellFault,
        shared: &mut Shared<'_>,
    ) {
        shared.faults.push(Fault {
            table: self.number,
            place: self.batch.place(row),
            column,
            fault,
        });
    }

    fn no_target(&self, word: &str, row: usize, zone: &Zone) -> (Option<usize>, CellFault) {
        let resolved = &self.table.resolved;
        if word.is_empty() {
            if self.is_total(row, zone) {
                return (None, total_row());
            }
            return (resolved.kind, kind_missing());
        }
        let near = suggest(word, resolved.words.keys().map(String::as_str));
        let all: Vec<&str> = resolved.words.keys().map(String::as_str).collect();
        let all = all.join("、");
        let fault = CellFault::new(
            "kind_unknown",
            text!(
                zh = "没有“{word}”这种记录",
                en = "there is no kind of record “{word}”"
            ),
            match near {
                Some(near) => text!(zh = "是不是“{near}”？", en = "did you mean “{near}”?"),
                None => text!(zh = "可以写：{all}", en = "it may be: {all}"),
            },
        );
        (resolved.kind, fault)
    }

    /// In a rejects file: cells beyond the headings that have not been moved back.
    fn still_long(&self, row: usize, zone: &Zone) -> Option<CellFault> {
        let extra = &self.table.extra;
        let views = extra.iter().filter_map(|c| View::new(self.batch, *c));
        let filled = views
            .filter(|v| !trim(&v.text(row, zone)).is_empty())
            .count();
        let width = self.table.raw.headers.len() - extra.len();
        (filled > 0).then(|| crate::build::too_long(width + filled, width))
    }

    fn is_total(&self, row: usize, zone: &Zone) -> bool {
        let own = (0..self.batch.columns.len()).filter(|c| !self.table.is_mark(*c));
        let cells = own.filter_map(|c| View::new(self.batch, c));
        for view in cells {
            let cell = view.text(row, zone);
            let cell = trim(&cell);
            if !cell.is_empty() {
                let word = cell.trim_end_matches([':', '：']).to_lowercase();
                return TOTALS.contains(&word.as_str());
            }
        }
        false
    }
}

/// Targets of the entries of a dictionary-coded kind column.
struct DictTargets<'a> {
    keys: Option<&'a arrow_array::DictionaryArray<arrow_array::types::Int32Type>>,
    targets: Vec<Option<usize>>,
}

impl<'a> DictTargets<'a> {
    fn new(view: Option<View<'a>>) -> Self {
        match view {
            Some(View::Dict(keys, values)) => DictTargets {
                keys: Some(keys),
                targets: vec![None; arrow_array::Array::len(values)],
            },
            _ => DictTargets {
                keys: None,
                targets: Vec::new(),
            },
        }
    }

    fn get(&self, row: usize) -> Option<usize> {
        self.targets.get(self.keys?.key(row)?).copied().flatten()
    }

    fn set(&mut self, row: usize, target: Option<usize>) {
        let key = self.keys.and_then(|k| k.key(row));
        if let Some(slot) = key.and_then(|k| self.targets.get_mut(k)) {
            *slot = target;
        }
    }
}

fn total_row() -> CellFault {
    CellFault::new(
        "total_row",
        text!(
            zh = "这是合计行，不是一条记录",
            en = "this is a row of sums, not a record"
        ),
        text!(zh = "删去这一行", en = "delete the row"),
    )
}

fn kind_missing() -> CellFault {
    CellFault::new(
        "kind_missing",
        text!(
            zh = "没有写是哪种记录",
            en = "the kind of record is missing"
        ),
        text!(zh = "补上记录的类型", en = "fill in the kind"),
    )
}

/// A kind's table being gathered.
pub(super) struct KindAcc {
    pub ids: Ids,
    pub subject: Vec<u32>,
    pub at: Vec<Instant>,
    pub day_only: Vec<bool>,
    pub entered: Vec<Day>,
    pub fields: Vec<FieldAcc>,
    /// Table and row of each.
    pub source: Vec<(u32, u32)>,
    /// Rows to be left out.
    bad: Vec<u32>,
}

impl KindAcc {
    pub fn new(kind: &Kind) -> Self {
        KindAcc {
            ids: Ids::default(),
            subject: Vec::new(),
            at: Vec::new(),
            day_only: Vec::new(),
            entered: Vec::new(),
            fields: kind.fields.iter().map(FieldAcc::new).collect(),
            source: Vec::new(),
            bad: Vec::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.subject.len()
    }

    /// Reads the chosen rows of a batch.
    pub fn read(
        &mut self,
        part: &Part<'_>,
        target: &KindTarget,
        rows: &[u32],
        shared: &mut Shared<'_>,
    ) {
        let plan = shared.plan;
        let Some(kind) = plan.kinds.get(target.kind.ix()) else {
            return;
        };
        let base = self.len();
        let mut bad = vec![false; rows.len()];
        let mut faults = Vec::new();
        let mut sink = |i: usize, column: usize, fault: CellFault| {
            if let Some(flag) = bad.get_mut(i) {
                *flag = true;
            }
            faults.push((i, column, fault));
        };
        self.read_ids(part, rows, shared.zone, &mut sink);
        self.read_subjects(part, kind, rows, shared, &mut sink);
        self.read_times(part, kind, rows, shared.zone, &mut sink);
        // Clock times are of the day of their row, where a column says it.
        let dated = part.table.resolved.date.is_some();
        let of_rows = self.at.get(base..).unwrap_or_default();
        let days: Vec<Option<Day>> = of_rows.iter().map(|at| dated.then(|| at.day())).collect();
        for ((acc, column), field) in self.fields.iter_mut().zip(&target.fields).zip(&kind.fields) {
            let job = FieldJob {
                days: &days,
                part,
                field,
                rows,
                zone: shared.zone,
                rosters: shared.rosters,
                style: None,
            };
            acc.read(&job, *column, &mut sink);
        }
        for i in self.begin_at_span(kind, base, part.table.resolved.date.is_none()) {
            sink(i, usize::MAX, date_missing());
        }
        self.read_entered(part, rows, shared.zone, base, &mut sink);
        for (i, column, fault) in faults {
            let row = rows.get(i).copied().unwrap_or(0) as usize;
            let column = (column != usize::MAX).then_some(column);
            part.fault(row, column, fault, shared);
        }
        self.check_present(part, kind, rows, &mut bad, base, shared);
        for (i, &row) in rows.iter().enumerate() {
            let place = part.batch.place(row as usize);
            self.source
                .push((part.number, place.row.min(u64::from(u32::MAX)) as u32));
            if bad.get(i) == Some(&true) {
                self.bad.push((base + i) as u32);
            }
        }
    }

    fn read_ids(&mut self, part: &Part<'_>, rows: &[u32], zone: &Zone, sink: &mut FaultSink<'_>) {
        let column = part.table.resolved.id;
        let Some(view) = View::new(part.batch, column) else {
            return;
        };
        let integers = match view {
            View::Typed(array) => Integers::new(array).filter(|n| n.scale == 0),
            _ => None,
        };
        for (i, &row) in rows.iter().enumerate() {
            let row = row as usize;
            if let Some(integers) = &integers
                && let Some(n) = integers.get(row).and_then(|n| i64::try_from(n).ok())
            {
                ids::push_int(&mut self.ids, n);
                continue;
            }
            let cell = view.text(row, zone);
            match words::id(&cell, view.mark(row) == CellMark::Number) {
                Ok("") => {
                    // A blank id must not change what the others are.
                    ids::push(&mut self.ids, "0");
                    sink(i, column, id_missing());
                }
                Ok(id) => ids::push(&mut self.ids, id),
                Err(fault) => {
                    ids::push(&mut self.ids, "0");
                    sink(i, column, fault);
                }
            }
        }
    }

    fn read_subjects(
        &mut self,
        part: &Part<'_>,
        kind: &Kind,
        rows: &[u32],
        shared: &mut Shared<'_>,
        sink: &mut FaultSink<'_>,
    ) {
        let column = part.table.resolved.subject;
        let view = column.and_then(|c| View::new(part.batch, c));
        let (Some(column), Some(view)) = (column, view) else {
            for i in 0..rows.len() {
                self.subject.push(NOBODY);
                sink(i, usize::MAX, subject_missing());
            }
            return;
        };
        let roster = kind.subject;
        shared.lookups.prepare(roster, view);
        let key_of = |row: usize| match view {
            View::Dict(dict, _) => dict.key(row),
            _ => None,
        };
        for (i, &row) in rows.iter().enumerate() {
            let row = row as usize;
            let key = key_of(row);
            if let Some(code) = key.and_then(|k| shared.lookups.coded(roster, k)) {
                self.subject.push(code);
                continue;
            }
            let cell = view.text(row, shared.zone);
            match subject_code(&cell, view.mark(row), kind, shared) {
                Ok(code) => {
                    if let Some(key) = key {
                        shared.lookups.remember(roster, key, code);
                    }
                    self.subject.push(code);
                }
                Err(fault) => {
                    self.subject.push(NOBODY);
                    sink(i, column, fault);
                }
            }
        }
    }

    fn read_times(
        &mut self,
        part: &Part<'_>,
        kind: &Kind,
        rows: &[u32],
        zone: &Zone,
        sink: &mut FaultSink<'_>,
    ) {
        let resolved = &part.table.resolved;
        let date = resolved
            .date
            .and_then(|c| Some((c, View::new(part.batch, c)?)));
        let time = resolved
            .time
            .and_then(|c| Some((c, View::new(part.batch, c)?)));
        if let (Some((column, View::Typed(array))), None) = (date, time)
            && let Some(times) = Times::new(array)
        {
            for (i, &row) in rows.iter().enumerate() {
                let at = times.get(row as usize, zone);
                self.at.push(at.unwrap_or(Instant(0)));
                self.day_only.push(times.days);
                if at.is_none() {
                    sink(i, column, date_missing());
                }
            }
            return;
        }
        for (i, &row) in rows.iter().enumerate() {
            let row = row as usize;
            let day = date.map(|(c, v)| (c, moment(part, c, v, row, kind.period, zone)));
            let of = match &day {
                Some((_, Ok(Some(When::Day(day))))) => Some(*day),
                _ => None,
            };
            // A blank date is told by itself.
            let exact = time
                .filter(|_| !matches!(day, Some((_, Ok(None)))))
                .map(|(c, v)| (c, time_of_day(part, c, v, row, zone, of)));
            match event_time(day, exact, kind.span.is_some()) {
                Ok((at, day_only)) => {
                    self.at.push(at);
                    self.day_only.push(day_only);
                }
                Err((column, fault)) => {
                    self.at.push(Instant(0));
                    self.day_only.push(true);
                    sink(i, column, fault);
                }
            }
        }
    }

    fn read_entered(
        &mut self,
        part: &Part<'_>,
        rows: &[u32],
        zone: &Zone,
        base: usize,
        sink: &mut FaultSink<'_>,
    ) {
        let column = part.table.resolved.entered;
        let view = column.and_then(|c| View::new(part.batch, c));
        for (i, &row) in rows.iter().enumerate() {
            let event = self.at.get(base + i).map_or(Day(0), |at| at.day());
            let (Some(column), Some(view)) = (column, view) else {
                self.entered.push(event);
                continue;
            };
            match moment(part, column, view, row as usize, None, zone) {
                Ok(Some(When::Day(day))) => self.entered.push(day),
                Ok(Some(When::Instant(at))) => self.entered.push(at.day()),
                Ok(None) => self.entered.push(event),
                Err(fault) => {
                    self.entered.push(event);
                    sink(i, column, fault);
                }
            }
        }
    }

    /// A fact with a span stands at its beginning. Gives the rows that nothing dates.
    fn begin_at_span(&mut self, kind: &Kind, base: usize, undated: bool) -> Vec<usize> {
        let Some(FieldAcc::Span(spans)) = kind.span.and_then(|f| self.fields.get(f.ix())) else {
            return Vec::new();
        };
        let mut nowhere = Vec::new();
        let tail = spans.iter().enumerate().skip(base);
        for (i, span) in tail {
            if span.is_none() && undated {
                nowhere.push(i - base);
            }
            if let (Some((start, _)), Some(at), Some(day_only)) =
                (span, self.at.get_mut(i), self.day_only.get_mut(i))
            {
                *at = *start;
                *day_only = false;
            }
        }
        nowhere
    }

    fn check_present(
        &self,
        part: &Part<'_>,
        kind: &Kind,
        rows: &[u32],
        bad: &mut [bool],
        base: usize,
        shared: &mut Shared<'_>,
    ) {
        if kind.off_roster {
            return;
        }
        let mut absent = Vec::new();
        if let Some(table) = shared.rosters.table(kind.subject) {
            for (i, flag) in bad.iter_mut().enumerate().filter(|(_, b)| !**b) {
                let subject = self.subject.get(base + i).copied().unwrap_or(NOBODY);
                let day = self.at.get(base + i).map_or(Day(0), |at| at.day());
                let there = match kind.period {
                    None => shared.lookups.is_present(kind.subject, table, subject, day),
                    Some(period) => in_period(table, subject, day, period),
                };
                if !there {
                    *flag = true;
                    absent.push(i);
                }
            }
        }
        for i in absent {
            let row = rows.get(i).copied().unwrap_or(0) as usize;
            part.fault(row, part.table.resolved.subject, not_present(), shared);
        }
    }

    /// Leaves the refused rows out.
    pub fn drop_bad(&mut self) {
        let bad = std::mem::take(&mut self.bad);
        if bad.is_empty() {
            return;
        }
        let mut keep = vec![true; self.len()];
        for i in bad {
            if let Some(flag) = keep.get_mut(i as usize) {
                *flag = false;
            }
        }
        self.retain(&keep);
    }

    pub fn retain(&mut self, keep: &[bool]) {
        fn only<T>(list: &mut Vec<T>, keep: &[bool]) {
            let mut flags = keep.iter();
            list.retain(|_| flags.next().copied().unwrap_or(true));
        }
        ids::retain(&mut self.ids, keep);
        only(&mut self.subject, keep);
        only(&mut self.at, keep);
        only(&mut self.day_only, keep);
        only(&mut self.entered, keep);
        only(&mut self.source, keep);
        for field in &mut self.fields {
            field.retain(keep);
        }
    }

    pub fn finish(self, _kind: &Kind, mended: &Mended, tables: &[Table]) -> KindTable {
        let rows = self.source.into_iter();
        let rows = rows
            .map(|(table, row)| {
                let origin = mended.origin_of(table, u64::from(row));
                let known = origin.and_then(|(file, row)| {
                    let at = tables.iter().position(|t| t.label == file)?;
                    Some((at as u32, row as u32))
                });
                known.unwrap_or((table, row))
            })
            .collect();
        KindTable {
            ids: self.ids,
            subject: self.subject,
            at: self.at,
            day_only: self.day_only,
            entered: self.entered,
            fields: self.fields.into_iter().map(FieldAcc::finish).collect(),
            rows,
        }
    }
}

/// The code of a subject; `不限在册` adds the unknown.
fn subject_code(
    cell: &str,
    mark: CellMark,
    kind: &Kind,
    shared: &mut Shared<'_>,
) -> Result<u32, CellFault> {
    // What is an id of the roster as it stands needs no reading; the roster's own reader has judged it.
    if mark != CellMark::Number
        && let Some(code) = shared.lookups.find_short(kind.subject, cell)
    {
        return Ok(code);
    }
    let id = words::id(cell, mark == CellMark::Number)?;
    if id.is_empty() {
        return Err(subject_missing());
    }
    let Some(table) = shared.rosters.tables.get_mut(kind.subject.ix()) else {
        return Err(subject_unknown(id, kind.subject, shared));
    };
    if let Some(code) = shared.lookups.find(kind.subject, table, id) {
        return Ok(code);
    }
    if !kind.off_roster {
        return Err(subject_unknown(id, kind.subject, shared));
    }
    table.names.push(None);
    table.present.push([]);
    for attr in &mut table.attrs {
        attr.rows.push([]);
    }
    Ok(table.ids.insert_full(id.to_owned()).0 as u32)
}

/// On the roster on any day of the period.
fn in_period(table: &RosterTable, subject: u32, day: Day, period: Period) -> bool {
    let (first, next) = period.bounds(day);
    let ranges = table.present.get(subject as usize);
    ranges.is_some_and(|r| r.iter().any(|(a, b)| *a < next && first < *b))
}

pub(super) fn id_missing() -> CellFault {
    CellFault::new(
        "id_missing",
        text!(zh = "没有记录编号", en = "the id of the record is missing"),
        text!(zh = "补上编号", en = "fill in the id"),
    )
}

fn subject_missing() -> CellFault {
    CellFault::new(
        "subject_missing",
        text!(
            zh = "没有写是谁的记录（只有姓名不够，同名的人很多）",
            en = "whose record it is is missing (a name alone is not enough)"
        ),
        text!(zh = "补上编号", en = "fill in the id of the person"),
    )
}

fn subject_unknown(id: &str, roster: RosterIx, shared: &Shared<'_>) -> CellFault {
    let name = shared.plan.rosters.get(roster.ix()).map_or("", |r| &r.name);
    CellFault::new(
        "subject_unknown",
        text!(
            zh = "名册“{name}”里没有“{id}”",
            en = "the roster “{name}” has no “{id}”"
        ),
        text!(
            zh = "核对编号，或先把此人补进名册",
            en = "look the id up, or add the person to the roster first"
        ),
    )
}

fn not_present() -> CellFault {
    CellFault::new(
        "subject_not_present",
        text!(
            zh = "那一天此人不在册",
            en = "the person is not on the roster on that day"
        ),
        text!(
            zh = "核对日期，或名册里的入册日、出册日",
            en = "look up the day, or the first and last day on the roster"
        ),
    )
}

/// Kind of an index.
pub(super) fn kind_ix(index: usize) -> KindIx {
    KindIx(index as u16)
}
