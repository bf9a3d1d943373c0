//! Field values as typed columns, gathered batch by batch; a quick way for typed files, a strict one for texts.

mod number;

use super::has_subject;
use super::kinds::Part;
use super::lookup::same_texts;
use super::resolve::FieldColumn;
use crate::fault::CellFault;
use crate::raw::CellMark;
use crate::roster::choice_fault;
use crate::value::date::{DateStyle, day};
use crate::value::time::{When, clock_alone, no_day, when};
use crate::value::{trim, words};
use crate::view::{Times, View};
use arrow_array::{Array, BooleanArray, StringArray};
use jifen_calendar::{Day, Instant, Zone};
use jifen_data::column::MISSING;
use jifen_data::{Column, Numbers, RosterData, TextColumn};
use jifen_diag::text;
use jifen_plan::{Field, FieldType};
use jifen_quantity::Decimal;
use number::NumberAcc;

/// What reading one field of one batch needs.
pub(super) struct FieldJob<'a> {
    pub part: &'a Part<'a>,
    pub field: &'a Field,
    pub rows: &'a [u32],
    pub zone: &'a Zone,
    pub rosters: &'a RosterData,
    /// The days of the rows, where a column says them.
    pub days: &'a [Option<Day>],
    /// How dates are read, where the column itself does not say.
    pub style: Option<DateStyle>,
}

/// Where faults of a batch go: index into the chosen rows, column, fault.
pub(super) type FaultSink<'s> = dyn FnMut(usize, usize, CellFault) + 's;

/// A column being gathered.
pub(super) enum FieldAcc {
    Number(NumberAcc),
    Text(TextAcc),
    YesNo(Vec<u8>),
    Date(Vec<Option<Day>>),
    Instant(Vec<Option<Instant>>),
    Span(Vec<Option<(Instant, Instant)>>),
}

impl FieldAcc {
    pub fn new(field: &Field) -> Self {
        match &field.ty {
            FieldType::Number(_) | FieldType::Percent => FieldAcc::Number(NumberAcc::new(field)),
            FieldType::Text
            | FieldType::Choice(_)
            | FieldType::Group
            | FieldType::Ref(_)
            | FieldType::Refs(_) => FieldAcc::Text(TextAcc::default()),
            FieldType::YesNo => FieldAcc::YesNo(Vec::new()),
            FieldType::Date => FieldAcc::Date(Vec::new()),
            FieldType::Instant => FieldAcc::Instant(Vec::new()),
            FieldType::Span => FieldAcc::Span(Vec::new()),
        }
    }

    /// Appends one value for each row of the job.
    pub fn read(&mut self, job: &FieldJob<'_>, column: FieldColumn, sink: &mut FaultSink<'_>) {
        match column {
            FieldColumn::None => {
                for i in 0..job.rows.len() {
                    self.push_blank();
                    if job.field.required {
                        sink(i, usize::MAX, missing(&job.field.name));
                    }
                }
            }
            FieldColumn::One { column, times } => self.read_one(job, column, times, sink),
            FieldColumn::Span { start, end } => {
                if let FieldAcc::Span(list) = self {
                    read_span(list, job, start, end, sink);
                }
            }
        }
    }

    fn read_one(
        &mut self,
        job: &FieldJob<'_>,
        column: usize,
        times: Option<Decimal>,
        sink: &mut FaultSink<'_>,
    ) {
        let Some(view) = View::new(job.part.batch, column) else {
            return;
        };
        let style = job.style.unwrap_or_else(|| job.part.table.style(column));
        let mut at = |i: usize, fault| sink(i, column, fault);
        match self {
            FieldAcc::Number(acc) => acc.read(job, view, times, &mut at),
            FieldAcc::Text(acc) => acc.read(job, view, &mut at),
            FieldAcc::YesNo(list) => {
                if read_bools(list, job, view) {
                    return;
                }
                each(job, view, &mut at, |cell, _| match cell {
                    None => {
                        list.push(2);
                        Ok(())
                    }
                    Some(cell) => {
                        let value = words::yes_no(cell);
                        list.push(value.as_ref().map_or(2, |v| u8::from(*v)));
                        value.map(|_| ())
                    }
                });
            }
            FieldAcc::Date(list) => each(job, view, &mut at, |cell, _| {
                let value = cell.map(|c| day(c, style)).transpose();
                list.push(value.clone().ok().flatten());
                value.map(|_| ())
            }),
            FieldAcc::Instant(list) => {
                if read_times(list, job, view) {
                    return;
                }
                let base = list.len();
                each(job, view, &mut at, |cell, _| {
                    let day = job.days.get(list.len() - base).copied().flatten();
                    let value = cell.map(|c| instant(c, style, job.zone, day)).transpose();
                    list.push(value.clone().ok().flatten());
                    value.map(|_| ())
                });
            }
            FieldAcc::Span(list) => list.extend(job.rows.iter().map(|_| None)),
        }
    }

    fn push_blank(&mut self) {
        match self {
            FieldAcc::Number(acc) => acc.push(None),
            FieldAcc::Text(acc) => acc.column.codes.push(MISSING),
            FieldAcc::YesNo(v) => v.push(2),
            FieldAcc::Date(v) => v.push(None),
            FieldAcc::Instant(v) => v.push(None),
            FieldAcc::Span(v) => v.push(None),
        }
    }

    /// Keeps the rows for which `keep` says so.
    pub fn retain(&mut self, keep: &[bool]) {
        fn only<T>(list: &mut Vec<T>, keep: &[bool]) {
            let mut flags = keep.iter();
            list.retain(|_| flags.next().copied().unwrap_or(true));
        }
        match self {
            FieldAcc::Number(acc) => match &mut acc.numbers {
                Numbers::Narrow { values, .. } => only(values, keep),
                Numbers::Wide(values) => only(values, keep),
            },
            FieldAcc::Text(acc) => only(&mut acc.column.codes, keep),
            FieldAcc::YesNo(v) => only(v, keep),
            FieldAcc::Date(v) => only(v, keep),
            FieldAcc::Instant(v) => only(v, keep),
            FieldAcc::Span(v) => only(v, keep),
        }
    }

    /// Whether two rows hold the same value.
    pub fn same(&self, a: usize, b: usize) -> bool {
        match self {
            FieldAcc::Number(acc) => acc.numbers.get(a) == acc.numbers.get(b),
            FieldAcc::Text(acc) => acc.column.codes.get(a) == acc.column.codes.get(b),
            FieldAcc::YesNo(v) => v.get(a) == v.get(b),
            FieldAcc::Date(v) => v.get(a) == v.get(b),
            FieldAcc::Instant(v) => v.get(a) == v.get(b),
            FieldAcc::Span(v) => v.get(a) == v.get(b),
        }
    }

    pub fn finish(self) -> Column {
        match self {
            FieldAcc::Number(acc) => Column::Number(acc.numbers),
            FieldAcc::Text(acc) => Column::Text(acc.column),
            FieldAcc::YesNo(v) => Column::YesNo(v),
            FieldAcc::Date(v) => Column::Date(v),
            FieldAcc::Instant(v) => Column::Instant(v),
            FieldAcc::Span(v) => Column::Span(v),
        }
    }
}

/// Runs over the cells as trimmed texts (`None` for a blank one), with the blank of a required field a fault.
fn each(
    job: &FieldJob<'_>,
    view: View<'_>,
    sink: &mut dyn FnMut(usize, CellFault),
    mut take: impl FnMut(Option<&str>, CellMark) -> Result<(), CellFault>,
) {
    for (i, &row) in job.rows.iter().enumerate() {
        let row = row as usize;
        let cell = view.text(row, job.zone);
        let cell = trim(&cell);
        let result = if cell.is_empty() {
            let blank = take(None, CellMark::Text);
            match job.field.required {
                true => Err(missing(&job.field.name)),
                false => blank,
            }
        } else {
            take(Some(cell), view.mark(row))
        };
        if let Err(fault) = result {
            sink(i, fault);
        }
    }
}

pub(super) fn missing(name: &str) -> CellFault {
    CellFault::new(
        "field_missing",
        text!(
            zh = "“{name}”是空的，政策要求必填",
            en = "“{name}” is blank; the policy requires it"
        ),
        text!(zh = "补上“{name}”", en = "fill in “{name}”"),
    )
}

/// An instant; a day alone is refused, a clock time alone is of the given day.
pub(super) fn instant(
    cell: &str,
    style: DateStyle,
    zone: &Zone,
    day: Option<Day>,
) -> Result<Instant, CellFault> {
    match (clock_alone(cell), day) {
        (Some(seconds), Some(day)) => return Ok(Instant::from_day_seconds(day, seconds)),
        (Some(_), None) => return Err(no_day(trim(cell))),
        (None, _) => {}
    }
    match when(cell, style, zone)? {
        When::Instant(at) => Ok(at),
        When::Day(_) => Err(CellFault::new(
            "time_missing",
            text!(
                zh = "“{cell}”只有日期，没有钟点",
                en = "“{cell}” has a day but no time"
            ),
            text!(
                zh = "写成 2026-01-01 19:18",
                en = "write it like 2026-01-01 19:18"
            ),
        )),
    }
}

fn read_bools(list: &mut Vec<u8>, job: &FieldJob<'_>, view: View<'_>) -> bool {
    let View::Typed(array) = view else {
        return false;
    };
    let Some(array) = array.as_any().downcast_ref::<BooleanArray>() else {
        return false;
    };
    if job.field.required && array.null_count() > 0 {
        return false;
    }
    list.extend(job.rows.iter().map(|&r| {
        let r = r as usize;
        match r < array.len() && array.is_valid(r) {
            true => u8::from(array.value(r)),
            false => 2,
        }
    }));
    true
}

fn read_times(list: &mut Vec<Option<Instant>>, job: &FieldJob<'_>, view: View<'_>) -> bool {
    let View::Typed(array) = view else {
        return false;
    };
    match Times::new(array) {
        Some(times) if !(times.days || (job.field.required && array.null_count() > 0)) => {
            list.extend(job.rows.iter().map(|&r| times.get(r as usize, job.zone)));
            true
        }
        _ => false,
    }
}

fn read_span(
    list: &mut Vec<Option<(Instant, Instant)>>,
    job: &FieldJob<'_>,
    start: usize,
    end: usize,
    sink: &mut FaultSink<'_>,
) {
    let ends = |column: usize, sink: &mut FaultSink<'_>| -> Vec<Option<Instant>> {
        let mut out = Vec::with_capacity(job.rows.len());
        let Some(view) = View::new(job.part.batch, column) else {
            return out;
        };
        if read_times(&mut out, job, view) {
            return out;
        }
        let style = job.part.table.style(column);
        let mut at = |i: usize, fault| sink(i, column, fault);
        each(job, view, &mut at, |cell, _| {
            let day = job.days.get(out.len()).copied().flatten();
            let value = cell.map(|c| instant(c, style, job.zone, day)).transpose();
            out.push(value.clone().ok().flatten());
            value.map(|_| ())
        });
        out
    };
    let starts = ends(start, sink);
    let stops = ends(end, sink);
    for (i, (a, b)) in starts.into_iter().zip(stops).enumerate() {
        match (a, b) {
            (Some(a), Some(b)) if b < a => {
                sink(i, end, end_before_start());
                list.push(None);
            }
            (Some(a), Some(b)) => list.push(Some((a, b))),
            _ => list.push(None),
        }
    }
}

pub(super) fn end_before_start() -> CellFault {
    CellFault::new(
        "end_before_start",
        text!(zh = "结束早于开始", en = "the end comes before the begin"),
        text!(
            zh = "过了零点的，结束写第二天的日期",
            en = "after midnight the end has the date of the next day"
        ),
    )
}

/// Texts, options and references as codes.
#[derive(Default)]
pub(super) struct TextAcc {
    pub column: TextColumn,
    /// The dictionary that `codes` belongs to; kept, so that no other comes to lie where it was.
    seen: Option<StringArray>,
    codes: Vec<Option<u32>>,
}

impl TextAcc {
    fn read(&mut self, job: &FieldJob<'_>, view: View<'_>, sink: &mut dyn FnMut(usize, CellFault)) {
        if let View::Dict(dict, values) = view {
            if self.seen.as_ref().is_none_or(|s| !same_texts(s, values)) {
                self.seen = Some(values.clone());
                self.codes = vec![None; values.len()];
            }
            for (i, &row) in job.rows.iter().enumerate() {
                let key = dict.key(row as usize);
                let code = match key.and_then(|k| self.codes.get(k).copied().flatten()) {
                    Some(code) => code,
                    None => {
                        let cell = view.text(row as usize, job.zone);
                        let code = self.checked(job, &cell, CellMark::Text, i, sink);
                        if let (Some(slot), Some(code)) =
                            (key.and_then(|k| self.codes.get_mut(k)), code)
                            && (code != MISSING || !job.field.required)
                        {
                            *slot = Some(code);
                        }
                        code.unwrap_or(MISSING)
                    }
                };
                self.column.codes.push(code);
            }
            return;
        }
        for (i, &row) in job.rows.iter().enumerate() {
            let cell = view.text(row as usize, job.zone);
            let code = self.checked(job, &cell, view.mark(row as usize), i, sink);
            self.column.codes.push(code.unwrap_or(MISSING));
        }
    }

    /// The code of a cell; none where it is refused.
    fn checked(
        &mut self,
        job: &FieldJob<'_>,
        cell: &str,
        mark: CellMark,
        i: usize,
        sink: &mut dyn FnMut(usize, CellFault),
    ) -> Option<u32> {
        let cell = trim(cell);
        if cell.is_empty() {
            if job.field.required {
                sink(i, missing(&job.field.name));
                return None;
            }
            return Some(MISSING);
        }
        match check_text(cell, &job.field.ty, mark, job.rosters) {
            Ok(()) => Some(match self.column.dict.get_index_of(cell) {
                Some(code) => code as u32,
                None => self.column.dict.insert_full(cell.to_owned()).0 as u32,
            }),
            Err(fault) => {
                sink(i, fault);
                None
            }
        }
    }
}

fn check_text(
    cell: &str,
    ty: &FieldType,
    mark: CellMark,
    rosters: &RosterData,
) -> Result<(), CellFault> {
    match ty {
        FieldType::Choice(options) if !options.iter().any(|o| o == cell) => {
            Err(choice_fault(cell, options))
        }
        FieldType::Group => words::id(cell, mark == CellMark::Number).map(|_| ()),
        FieldType::Ref(roster) => {
            words::id(cell, mark == CellMark::Number)?;
            if has_subject(rosters, *roster, cell) {
                return Ok(());
            }
            Err(CellFault::new(
                "reference_unknown",
                text!(zh = "名册里没有“{cell}”", en = "the roster has no “{cell}”"),
                text!(
                    zh = "核对编号，或先把此人补进名册",
                    en = "look the id up, or add the person to the roster first"
                ),
            ))
        }
        _ => Ok(()),
    }
}
