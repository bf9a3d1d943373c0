//! 确认, 撤销 and 更正: records that speak of other records.

use super::fields::{FieldAcc, FieldJob, instant, missing};
use super::identity::place_of;
use super::kinds::{KindAcc, Part, kind_ix};
use super::moment::{date_missing, moment, time_of_day};
use super::resolve::{ConfirmColumns, CorrectColumns, FieldColumn, KindTarget, VoidColumns};
use super::table::Table;
use super::{Fault, Shared};
use crate::fault::{CellFault, Place};
use crate::raw::{CellMark, RawBatch, TextColumn};
use crate::value::time::{When, when};
use crate::value::{trim, words};
use crate::view::View;
use jifen_calendar::{Day, Instant, Zone};
use jifen_data::{Change, Confirmation, Correction, FactLog, FactRef, Ids, Void};
use jifen_diag::{Text, suggest, text};
use jifen_plan::FieldIx;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Record {
    Confirm(Confirmation),
    Void(Void),
    /// A correction is typed when its target is known.
    Correct {
        id: String,
        target: String,
        field: String,
        value: String,
        entered: Day,
        note: String,
    },
}

/// Built-in records being gathered.
#[derive(Default)]
pub(super) struct Builtins {
    list: Vec<(Record, (u32, u32))>,
    /// Records that stay.
    pub accepted: u64,
}

/// What all three have.
struct Head {
    id: String,
    target: String,
    at: Instant,
    entered: Day,
}

impl Builtins {
    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn id(&self, i: usize) -> &str {
        match self.list.get(i).map(|r| &r.0) {
            Some(Record::Confirm(c)) => &c.id,
            Some(Record::Void(v)) => &v.id,
            Some(Record::Correct { id, .. }) => id,
            None => "",
        }
    }

    pub fn source(&self, i: usize) -> (u32, u32) {
        self.list.get(i).map(|r| r.1).unwrap_or_default()
    }

    pub fn same(&self, a: usize, b: usize) -> bool {
        self.list.get(a).map(|r| &r.0) == self.list.get(b).map(|r| &r.0)
    }

    pub fn retain(&mut self, keep: &[bool]) {
        let mut flags = keep.iter();
        self.list.retain(|_| flags.next().copied().unwrap_or(true));
    }

    fn push(&mut self, part: &Part<'_>, row: usize, record: Record) {
        let place = part.batch.place(row);
        self.list.push((record, (part.number, place.row as u32)));
    }

    pub fn confirm(
        &mut self,
        part: &Part<'_>,
        map: &ConfirmColumns,
        rows: &[u32],
        shared: &mut Shared<'_>,
    ) {
        for row in rows.iter().map(|r| *r as usize) {
            let Some(head) = head(part, map.target, row, shared) else {
                continue;
            };
            let role = cell(part, Some(map.role), row, shared);
            if role.is_empty() {
                let heading = part.table.raw.headers.get(map.role);
                let fault = missing(heading.map_or("", String::as_str));
                part.fault(row, Some(map.role), fault, shared);
                continue;
            }
            let verdict = cell(part, map.verdict, row, shared);
            let record = Confirmation {
                id: head.id,
                target: head.target,
                role,
                who: cell(part, map.who, row, shared),
                positive: !map.negative.contains(&verdict),
                at: head.at,
                entered: head.entered,
            };
            self.push(part, row, Record::Confirm(record));
        }
    }

    pub fn void(
        &mut self,
        part: &Part<'_>,
        map: &VoidColumns,
        rows: &[u32],
        shared: &mut Shared<'_>,
    ) {
        for row in rows.iter().map(|r| *r as usize) {
            if let Some(head) = head(part, map.target, row, shared) {
                let record = Void {
                    id: head.id,
                    target: head.target,
                    entered: head.entered,
                    note: cell(part, map.note, row, shared),
                };
                self.push(part, row, Record::Void(record));
            }
        }
    }

    pub fn correct(
        &mut self,
        part: &Part<'_>,
        map: &CorrectColumns,
        rows: &[u32],
        shared: &mut Shared<'_>,
    ) {
        for row in rows.iter().map(|r| *r as usize) {
            if let Some(head) = head(part, map.target, row, shared) {
                let record = Record::Correct {
                    id: head.id,
                    target: head.target,
                    field: cell(part, Some(map.field), row, shared),
                    value: cell(part, Some(map.value), row, shared),
                    entered: head.entered,
                    note: cell(part, map.note, row, shared),
                };
                self.push(part, row, record);
            }
        }
    }

    /// Types the corrections by their targets and hands everything to the log.
    pub fn finish(
        &mut self,
        tables: &[Table],
        kinds: &[KindAcc],
        shared: &mut Shared<'_>,
        log: &mut FactLog,
        notes: &mut Vec<(String, Text)>,
    ) {
        let targets = self.targets(kinds);
        let mut idle = 0_u64;
        for (record, (table, row)) in std::mem::take(&mut self.list) {
            self.accepted += 1;
            match record {
                Record::Confirm(c) => log.confirmations.push(c),
                Record::Void(v) => log.voids.push(v),
                Record::Correct {
                    id,
                    target,
                    field,
                    value,
                    entered,
                    note,
                } => {
                    let Some(at) = tables.get(table as usize) else {
                        continue;
                    };
                    let asked = Asked {
                        table: at,
                        kinds,
                        field: &field,
                        value: &value,
                        target: targets.get(&target).copied(),
                    };
                    match asked.change(shared) {
                        Ok(Some(change)) => log.corrections.push(Correction {
                            id,
                            target,
                            change,
                            entered,
                            note,
                        }),
                        Ok(None) => idle += 1,
                        Err((column, fault)) => {
                            self.accepted -= 1;
                            shared.faults.push(Fault {
                                table,
                                place: place_of(tables, table, row),
                                column,
                                fault,
                            });
                        }
                    }
                }
            }
        }
        if idle > 0 {
            notes.push((
                String::new(),
                text!(
                    zh = "有 {idle} 条更正不影响计分：所更正的记录不在已收的记录里，或政策不用那一列",
                    en = "{idle} corrections have no effect: their record is not among the accepted ones, or the policy does not use the column"
                ),
            ));
        }
        log.confirmations.sort_by(|a, b| a.id.cmp(&b.id));
        log.voids.sort_by(|a, b| a.id.cmp(&b.id));
        log.corrections.sort_by(|a, b| a.id.cmp(&b.id));
    }

    /// Where the corrected records are.
    fn targets(&self, kinds: &[KindAcc]) -> BTreeMap<String, FactRef> {
        let mut wanted: BTreeMap<&str, Option<FactRef>> = BTreeMap::new();
        for (record, _) in &self.list {
            if let Record::Correct { target, .. } = record {
                wanted.insert(target, None);
            }
        }
        if wanted.is_empty() {
            return BTreeMap::new();
        }
        for (k, acc) in kinds.iter().enumerate() {
            for row in 0..acc.len() {
                let found = match &acc.ids {
                    Ids::Text(list) => list.get(row).and_then(|id| wanted.get_mut(id.as_ref())),
                    Ids::Int(_) => wanted.get_mut(acc.ids.text(row).as_str()),
                };
                if let Some(slot) = found {
                    *slot = Some(FactRef {
                        kind: kind_ix(k),
                        row: row as u32,
                    });
                }
            }
        }
        let found = wanted.into_iter();
        found
            .filter_map(|(id, f)| Some((id.to_owned(), f?)))
            .collect()
    }
}

fn cell(part: &Part<'_>, column: Option<usize>, row: usize, shared: &Shared<'_>) -> String {
    let view = column.and_then(|c| View::new(part.batch, c));
    let cell = view.map(|v| v.text(row, shared.zone)).unwrap_or_default();
    trim(&cell).to_owned()
}

fn id_at(
    part: &Part<'_>,
    column: usize,
    row: usize,
    shared: &mut Shared<'_>,
    missing: fn() -> CellFault,
) -> Option<String> {
    let view = View::new(part.batch, column)?;
    let text = view.text(row, shared.zone).into_owned();
    let fault = match words::id(&text, view.mark(row) == CellMark::Number) {
        Ok("") => missing(),
        Ok(id) => return Some(id.to_owned()),
        Err(fault) => fault,
    };
    part.fault(row, Some(column), fault, shared);
    None
}

fn head(part: &Part<'_>, target: usize, row: usize, shared: &mut Shared<'_>) -> Option<Head> {
    let resolved = &part.table.resolved;
    let id = id_at(part, resolved.id, row, shared, super::kinds::id_missing);
    let target = id_at(part, target, row, shared, target_missing);
    let at = time_at(part, row, shared);
    let entered = match resolved
        .entered
        .and_then(|c| Some((c, View::new(part.batch, c)?)))
    {
        None => Ok(None),
        Some((c, view)) => moment(part, c, view, row, None, shared.zone).map_err(|f| (c, f)),
    };
    let entered = match entered {
        Ok(None) => at.map(|at| at.day()),
        Ok(Some(When::Day(day))) => Some(day),
        Ok(Some(When::Instant(at))) => Some(at.day()),
        Err((c, fault)) => {
            part.fault(row, Some(c), fault, shared);
            None
        }
    };
    Some(Head {
        id: id?,
        target: target?,
        at: at?,
        entered: entered?,
    })
}

/// The day that the date column says.
fn day_beside(part: &Part<'_>, row: usize, zone: &Zone) -> Option<Day> {
    let column = part.table.resolved.date?;
    let view = View::new(part.batch, column)?;
    match moment(part, column, view, row, None, zone) {
        Ok(Some(When::Day(day))) => Some(day),
        _ => None,
    }
}

/// The instant of the act: its time if it has one, else its day.
fn time_at(part: &Part<'_>, row: usize, shared: &mut Shared<'_>) -> Option<Instant> {
    let resolved = &part.table.resolved;
    for column in [resolved.time, resolved.date].into_iter().flatten() {
        let Some(view) = View::new(part.batch, column) else {
            continue;
        };
        let day = day_beside(part, row, shared.zone);
        match time_of_day(part, column, view, row, shared.zone, day) {
            Ok(Some(When::Instant(at))) => return Some(at),
            Ok(Some(When::Day(day))) => return Some(day.start()),
            Ok(None) => {}
            Err(fault) => {
                part.fault(row, Some(column), fault, shared);
                return None;
            }
        }
    }
    part.fault(row, resolved.date, date_missing(), shared);
    None
}

fn target_missing() -> CellFault {
    CellFault::new(
        "target_missing",
        text!(
            zh = "没有写是哪一条记录",
            en = "the record spoken of is missing"
        ),
        text!(
            zh = "补上那条记录的编号",
            en = "fill in the id of that record"
        ),
    )
}

type Refused = (Option<usize>, CellFault);

/// A correction whose content is to be typed.
struct Asked<'a> {
    table: &'a Table,
    kinds: &'a [KindAcc],
    field: &'a str,
    value: &'a str,
    target: Option<FactRef>,
}

impl Asked<'_> {
    fn columns(&self) -> Option<&CorrectColumns> {
        self.table.resolved.targets.iter().find_map(|t| match t {
            super::resolve::Target::Correct(c) => Some(c),
            _ => None,
        })
    }

    fn refuse(&self, fault: CellFault) -> Refused {
        (self.columns().map(|c| c.value), fault)
    }

    /// The change; none where it has no effect.
    fn change(&self, shared: &mut Shared<'_>) -> Result<Option<Change>, Refused> {
        let plan = shared.plan;
        let headers = &self.table.raw.headers;
        let heading = headers.iter().position(|h| h == self.field);
        let unread = self.table.raw.unread.iter().any(|h| h == self.field);
        let Some(target) = self.target else {
            return self.known(heading.is_some() || unread);
        };
        let Some(kind) = plan.kinds.get(target.kind.ix()) else {
            return Ok(None);
        };
        let resolved = &self.table.resolved;
        let map = resolved.target_of(target.kind);
        if let Some(found) = map.and_then(|m| field_of(m, heading)) {
            return self.field_change(target, found, shared).map(Some);
        }
        if let Some(i) = kind.fields.iter().position(|f| f.name == self.field) {
            let found = (FieldIx(i as u16), Which::Whole(None));
            return self.field_change(target, found, shared).map(Some);
        }
        let is = |column: Option<usize>| heading.is_some() && heading == column;
        if is(resolved.date) || is(resolved.time) {
            return self
                .time_change(target, kind.span.is_some(), shared)
                .map(Some);
        }
        if is(resolved.subject) {
            let table = shared.rosters.table(kind.subject);
            let code = table.and_then(|t| t.subject(self.value));
            return match code {
                Some(code) => Ok(Some(Change::Subject(code))),
                None => Err(self.refuse(unknown_person(self.value))),
            };
        }
        if is(Some(resolved.id)) || is(resolved.kind) || is(resolved.entered) {
            return Err((self.columns().map(|c| c.field), not_correctable(self.field)));
        }
        self.known(heading.is_some() || unread)
    }

    fn known(&self, known: bool) -> Result<Option<Change>, Refused> {
        if known {
            return Ok(None);
        }
        let headers = &self.table.raw.headers;
        let near = suggest(self.field, headers.iter().map(String::as_str));
        let field = self.field;
        let fault = CellFault::new(
            "field_unknown",
            text!(
                zh = "没有“{field}”这一列，不知道更正什么",
                en = "there is no column “{field}”: what is corrected?"
            ),
            match near {
                Some(near) => text!(zh = "是不是“{near}”？", en = "did you mean “{near}”?"),
                None => text!(
                    zh = "写表里的列名",
                    en = "write the heading of a column of the sheet"
                ),
            },
        );
        Err((self.columns().map(|c| c.field), fault))
    }

    fn field_change(
        &self,
        target: FactRef,
        (field, which): (FieldIx, Which),
        shared: &mut Shared<'_>,
    ) -> Result<Change, Refused> {
        let style = self.columns().map(|c| self.table.style(c.value));
        let style = style.unwrap_or_default();
        match which {
            Which::Start | Which::End => {
                let at =
                    instant(self.value, style, shared.zone, None).map_err(|f| self.refuse(f))?;
                Ok(match which {
                    Which::Start => Change::SpanStart(at),
                    _ => Change::SpanEnd(at),
                })
            }
            Which::Whole(times) => {
                let plan = shared.plan;
                let kind = plan.kinds.get(target.kind.ix());
                let Some(declared) = kind.and_then(|k| k.fields.get(field.ix())) else {
                    return Err(self.refuse(not_correctable(self.field)));
                };
                let mut column = TextColumn::default();
                column.push(self.value, CellMark::Text);
                let batch = RawBatch::texts(vec![Place::default()], vec![column]);
                let part = Part {
                    number: 0,
                    table: self.table,
                    batch: &batch,
                };
                let job = FieldJob {
                    days: &[],
                    part: &part,
                    field: declared,
                    rows: &[0],
                    zone: shared.zone,
                    rosters: shared.rosters,
                    style: Some(style),
                };
                let mut acc = FieldAcc::new(declared);
                let mut fault = None;
                let one = FieldColumn::One { column: 0, times };
                acc.read(&job, one, &mut |_, _, f| fault = Some(f));
                match fault {
                    Some(fault) => Err(self.refuse(fault)),
                    None => Ok(Change::Field(field, acc.finish().value(0))),
                }
            }
        }
    }

    fn time_change(
        &self,
        target: FactRef,
        has_span: bool,
        shared: &Shared<'_>,
    ) -> Result<Change, Refused> {
        let style = self.columns().map(|c| self.table.style(c.value));
        let read = when(self.value, style.unwrap_or_default(), shared.zone);
        let read = read.map_err(|f| self.refuse(f))?;
        if has_span {
            return Err(self.refuse(CellFault::new(
                "span_day",
                text!(
                    zh = "有起止时间的记录，请更正开始和结束",
                    en = "a record with begin and end is corrected by its begin and end"
                ),
                text!(
                    zh = "写两条更正：一条改开始，一条改结束",
                    en = "write two corrections, one for the begin and one for the end"
                ),
            )));
        }
        let acc = self.kinds.get(target.kind.ix());
        let row = target.row as usize;
        let old = acc.and_then(|a| Some((*a.at.get(row)?, *a.day_only.get(row)?)));
        Ok(match (read, old) {
            (When::Instant(at), _) => Change::At(at, false),
            // A new day keeps the clock time.
            (When::Day(day), Some((at, false))) => {
                Change::At(Instant::from_day_seconds(day, at.seconds_of_day()), false)
            }
            (When::Day(day), _) => Change::At(day.start(), true),
        })
    }
}

enum Which {
    Whole(Option<jifen_quantity::Decimal>),
    Start,
    End,
}

/// The field that a column feeds.
fn field_of(map: &KindTarget, heading: Option<usize>) -> Option<(FieldIx, Which)> {
    let heading = heading?;
    map.fields.iter().enumerate().find_map(|(i, f)| {
        let which = match f {
            FieldColumn::One { column, times } if *column == heading => Which::Whole(*times),
            FieldColumn::Span { start, .. } if *start == heading => Which::Start,
            FieldColumn::Span { end, .. } if *end == heading => Which::End,
            _ => return None,
        };
        Some((FieldIx(i as u16), which))
    })
}

fn unknown_person(id: &str) -> CellFault {
    CellFault::new(
        "subject_unknown",
        text!(zh = "名册里没有“{id}”", en = "the roster has no “{id}”"),
        text!(zh = "核对编号", en = "look the id up"),
    )
}

fn not_correctable(field: &str) -> CellFault {
    CellFault::new(
        "field_fixed",
        text!(
            zh = "“{field}”不能更正",
            en = "“{field}” cannot be corrected"
        ),
        text!(
            zh = "撤销原记录，另记一条",
            en = "withdraw the record and enter a new one"
        ),
    )
}
