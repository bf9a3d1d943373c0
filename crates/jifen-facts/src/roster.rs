//! Rosters from workbooks and CSV: who is on it when, and which value each attribute has on which days.

use crate::fault::{CellFault, FileError, Place};
use crate::mapping::{Names, RosterPart, RosterSource, Sources, fits, names, usual};
use crate::raw::{CellMark, RawTable};
use crate::value::date::{DateStyle, day, proves_order};
use crate::value::{number, trim, words};
use crate::view::View;
use crate::{InputFile, ReadOptions, read};
use indexmap::{IndexMap, IndexSet};
use jifen_calendar::{Day, Zone};
use jifen_data::{AttrTable, RosterData, RosterTable};
use jifen_diag::{Text, suggest, text};
use jifen_plan::{FieldType, Plan, Roster, Value};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A row of a roster that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterFault {
    /// File, with the sheet after `#`.
    pub file: String,
    /// Where.
    pub place: Place,
    /// Heading.
    pub column: String,
    /// What and how to mend.
    pub fault: CellFault,
}

/// Rosters as read.
#[derive(Clone, Debug, Default)]
pub struct Rosters {
    /// Parallel to `Plan::rosters`.
    pub data: RosterData,
    /// Rows that were left out.
    pub faults: Vec<RosterFault>,
    /// What was found out on the way.
    pub notes: Vec<Text>,
}

/// Reads the rosters of a plan. An error names its file.
pub fn read_rosters(
    files: &[InputFile],
    sources: &Sources,
    plan: &Plan,
    zone: &Zone,
    options: &ReadOptions,
) -> Result<Rosters, (String, FileError)> {
    let mut tables = Vec::new();
    for file in files {
        let options = ReadOptions {
            known: known_columns(sources),
            sheets: Vec::new(),
            columns: None,
            ..options.clone()
        };
        let read = read(&file.name, file.bytes.clone(), &options);
        for table in read.map_err(|e| (file.name.clone(), e))? {
            tables.push(Named {
                file: file.name.clone(),
                table,
            });
        }
    }
    let mut rosters = Rosters::default();
    for roster in &plan.rosters {
        let mapped = sources.rosters.iter().find(|s| s.roster == roster.name);
        // One roster, one mapping without a name: it is that one.
        let only = match (plan.rosters.len(), sources.rosters.as_slice()) {
            (1, [one]) if one.roster.is_empty() => Some(one),
            _ => None,
        };
        let plain = usual_source(roster);
        let source = mapped.or(only).unwrap_or(&plain);
        let mut build = Build::new(roster, source, zone);
        let only_named = mapped.is_none() && plan.rosters.len() > 1;
        let read = build.read(&tables, only_named);
        read.map_err(|e| (first_file(files), e))?;
        rosters.data.tables.push(build.finish(&mut rosters.faults));
    }
    Ok(rosters)
}

fn first_file(files: &[InputFile]) -> String {
    let names: Vec<&str> = files.iter().map(|f| f.name.as_str()).collect();
    names.join("、")
}

struct Named {
    file: String,
    table: RawTable,
}

impl Named {
    fn label(&self) -> String {
        match &self.table.sheet {
            Some(sheet) => format!("{}#{sheet}", self.file),
            None => self.file.clone(),
        }
    }
}

fn known_columns(sources: &Sources) -> Names {
    let mut known = names(&usual::SUBJECT);
    for source in &sources.rosters {
        for part in std::iter::once(&source.base)
            .chain(&source.dated)
            .chain(&source.changes)
        {
            known.extend(part.id.iter().chain(&part.from).chain(&part.to).cloned());
            known.extend(part.attrs.values().flatten().cloned());
        }
    }
    known
}

fn usual_source(roster: &Roster) -> RosterSource {
    let mut id = vec![
        format!("{}编号", roster.name),
        format!("{}_id", roster.name),
    ];
    id.extend(names(&usual::SUBJECT));
    id.extend(names(&usual::ID));
    RosterSource {
        roster: roster.name.clone(),
        base: RosterPart {
            id,
            name: names(&usual::NAME),
            from: names(&usual::FROM),
            to: names(&usual::TO),
            ..RosterPart::default()
        },
        ..RosterSource::default()
    }
}

/// Does a table belong to a part of a mapping?
fn belongs(part: &RosterPart, named: &Named) -> bool {
    match (&named.table.sheet, &part.sheet) {
        (Some(have), Some(want)) => have == want,
        (Some(_), None) => fits(&part.files, &named.file),
        (None, Some(_)) if part.files.is_empty() => false,
        (None, _) => fits(&part.files, &named.file),
    }
}

type Range = (Day, Day);
/// Day of a change → value before and after, as codes.
type Changes = BTreeMap<Day, (Option<u32>, Option<u32>)>;
/// From, to (not included), code of the value.
type Dated = Vec<(Day, Day, u32)>;

/// The distinct values of an attribute, and which cells were read as which: most cells of a roster repeat.
#[derive(Default)]
struct Known {
    values: IndexSet<Value>,
    /// By column and whether the cell was a number of a workbook.
    cells: Vec<((usize, bool), FxHashMap<String, u32>)>,
}

/// So many cells of a column are remembered; a column of birth dates repeats less.
const REMEMBERED: usize = 4096;

impl Known {
    fn code(&mut self, value: Value) -> u32 {
        u32::try_from(self.values.insert_full(value).0).unwrap_or(u32::MAX)
    }

    fn seen(&self, key: (usize, bool), cell: &str) -> Option<u32> {
        let (_, cells) = self.cells.iter().find(|(k, _)| *k == key)?;
        cells.get(cell).copied()
    }

    fn remember(&mut self, key: (usize, bool), cell: &str, code: u32) {
        if !self.cells.iter().any(|(k, _)| *k == key) {
            self.cells.push((key, FxHashMap::default()));
        }
        let cells = self.cells.iter_mut().find(|(k, _)| *k == key);
        if let Some((_, cells)) = cells
            && cells.len() < REMEMBERED
        {
            cells.insert(cell.to_owned(), code);
        }
    }
}

struct Build<'a> {
    roster: &'a Roster,
    source: &'a RosterSource,
    zone: &'a Zone,
    ids: IndexMap<String, Subject>,
    /// Parallel to the attributes.
    known: Vec<Known>,
    faults: Vec<RosterFault>,
}

#[derive(Default)]
struct Subject {
    name: Option<String>,
    present: Vec<Range>,
    base: Vec<Option<u32>>,
    dated: BTreeMap<usize, Dated>,
    /// Attribute → day → (before, after).
    changes: BTreeMap<usize, Changes>,
}

impl<'a> Build<'a> {
    fn new(roster: &'a Roster, source: &'a RosterSource, zone: &'a Zone) -> Self {
        Build {
            roster,
            source,
            zone,
            ids: IndexMap::new(),
            known: roster.attrs.iter().map(|_| Known::default()).collect(),
            faults: Vec::new(),
        }
    }

    fn read(&mut self, tables: &[Named], only_named: bool) -> Result<(), FileError> {
        let mut found = false;
        for named in tables {
            let stated = named.file.contains(&self.roster.name)
                || named.table.sheet.as_deref() == Some(self.roster.name.as_str());
            if !belongs(&self.source.base, named) || (only_named && !stated) {
                continue;
            }
            if self.is_other_part(named) {
                continue;
            }
            found = true;
            self.read_base(named)?;
        }
        if !found && !tables.is_empty() && !only_named {
            return Err(self.no_base());
        }
        for part in &self.source.dated {
            for named in tables.iter().filter(|n| belongs(part, n)) {
                self.read_dated(part, named)?;
            }
        }
        for part in &self.source.changes {
            for named in tables.iter().filter(|n| belongs(part, n)) {
                self.read_changes(part, named)?;
            }
        }
        Ok(())
    }

    /// A file that a dated or change part names is not the base, although the base takes any.
    fn is_other_part(&self, named: &Named) -> bool {
        let named_by =
            |p: &RosterPart| (p.sheet.is_some() || !p.files.is_empty()) && belongs(p, named);
        let others = self.source.dated.iter().chain(&self.source.changes);
        !named_by(&self.source.base) && others.into_iter().any(named_by)
    }

    fn no_base(&self) -> FileError {
        let name = &self.roster.name;
        FileError::new(
            "roster_missing",
            text!(
                zh = "给出的名册文件里没有“{name}”的表",
                en = "no sheet of the roster “{name}” is among the roster files"
            ),
            text!(
                zh = "核对 sources.toml 里 [[名册]] 的 文件 和 工作表",
                en = "look at files and sheet under [[roster]] in sources.toml"
            ),
        )
    }

    fn read_base(&mut self, named: &Named) -> Result<(), FileError> {
        let part = &self.source.base;
        let id = column(&named.table, &part.id, named)?;
        let name = find(&named.table, &part.name);
        let (from, to) = (find(&named.table, &part.from), find(&named.table, &part.to));
        let mut attrs = Vec::new();
        for (i, attr) in self.roster.attrs.iter().enumerate() {
            let own = [attr.name.clone()];
            let headings = part.attrs.get(&attr.name).map_or(&own[..], |v| v);
            if part.attrs.contains_key(&attr.name) {
                attrs.push((i, column(&named.table, headings, named)?));
            } else if let Some(c) = find(&named.table, headings) {
                attrs.push((i, c));
            }
        }
        let rows = Rows::new(named, part, self.zone);
        for row in rows.iter() {
            let Some(key) = self.id_of(&row, id) else {
                continue;
            };
            let from = self.day_of(&row, from, Day::MIN);
            let to = self.day_of(&row, to, Day::MAX.add_days(-1));
            let (Some(from), Some(to)) = (from, to) else {
                continue;
            };
            let mut base = vec![None; self.roster.attrs.len()];
            for (attr, column) in &attrs {
                let value = self.value_of(&row, *attr, *column);
                if let Some(slot) = base.get_mut(*attr) {
                    *slot = value;
                }
            }
            let name = name.map(|c| row.text(c).into_owned());
            let name = name.filter(|n| !n.is_empty());
            self.add_base(&row, id, key, name, (from, to.add_days(1)), base);
        }
        Ok(())
    }

    fn add_base(
        &mut self,
        row: &RowView<'_>,
        id: usize,
        key: String,
        name: Option<String>,
        range: Range,
        base: Vec<Option<u32>>,
    ) {
        if range.0 >= range.1 {
            let fault = CellFault::new(
                "end_before_start",
                text!(
                    zh = "出册日早于入册日",
                    en = "the last day comes before the first"
                ),
                text!(zh = "改正其中一个日期", en = "correct one of the two days"),
            );
            self.fault(row, id, fault);
            return;
        }
        match self.ids.get_mut(&key) {
            None => {
                let subject = Subject {
                    name,
                    present: vec![range],
                    base,
                    ..Subject::default()
                };
                self.ids.insert(key, subject);
            }
            Some(subject) if subject.present == [range] && subject.base == base => {}
            // Left and came back: the same person with another time.
            Some(subject)
                if subject.base == base
                    && subject
                        .present
                        .iter()
                        .all(|p| range.1 <= p.0 || p.1 <= range.0) =>
            {
                subject.present.push(range);
                subject.present.sort();
            }
            Some(_) => {
                let fault = CellFault::new(
                    "id_conflict",
                    text!(
                        zh = "“{key}”在名册里有两行，内容不同",
                        en = "“{key}” has two rows with different contents"
                    ),
                    text!(zh = "只留一行", en = "keep one of them"),
                );
                self.fault(row, id, fault);
            }
        }
    }

    fn read_dated(&mut self, part: &RosterPart, named: &Named) -> Result<(), FileError> {
        let id = column(&named.table, &part.id, named)?;
        let (from, to) = (
            column(&named.table, &part.from, named)?,
            find(&named.table, &part.to),
        );
        let attrs = self.part_attrs(part, named)?;
        let rows = Rows::new(named, part, self.zone);
        for row in rows.iter() {
            let Some(key) = self.known_id(&row, id) else {
                continue;
            };
            let first = self.day_of(&row, Some(from), Day::MIN);
            let last = self.day_of(&row, to, Day::MAX.add_days(-1));
            let (Some(first), Some(last)) = (first, last) else {
                continue;
            };
            for (attr, columns) in &attrs {
                let Some(&column) = columns.first() else {
                    continue;
                };
                let Some(value) = self.value_of(&row, *attr, column) else {
                    continue;
                };
                let Some(subject) = self.ids.get_mut(&key) else {
                    continue;
                };
                let end = last.add_days(1);
                let list = subject.dated.entry(*attr).or_default();
                if first >= end || list.iter().any(|r| first < r.1 && r.0 < end) {
                    let fault = CellFault::new(
                        "dates_overlap",
                        text!(
                            zh = "“{key}”的起止日期不对，或与另一行重叠",
                            en = "the days of “{key}” are out of order or overlap another row"
                        ),
                        text!(zh = "改正 自 和 至", en = "correct from and to"),
                    );
                    self.fault(&row, from, fault);
                    continue;
                }
                list.push((first, end, value));
            }
        }
        Ok(())
    }

    fn read_changes(&mut self, part: &RosterPart, named: &Named) -> Result<(), FileError> {
        let id = column(&named.table, &part.id, named)?;
        let on = column(&named.table, &part.from, named)?;
        let attrs = self.part_attrs(part, named)?;
        let rows = Rows::new(named, part, self.zone);
        for row in rows.iter() {
            let Some(key) = self.known_id(&row, id) else {
                continue;
            };
            let Some(day) = self.day_of(&row, Some(on), Day::MIN) else {
                continue;
            };
            for (attr, columns) in &attrs {
                let (&[before, after] | &[before, after, ..]) = columns.as_slice() else {
                    continue;
                };
                let before = self.value_of(&row, *attr, before);
                let after = self.value_of(&row, *attr, after);
                if let Some(subject) = self.ids.get_mut(&key) {
                    let days = subject.changes.entry(*attr).or_default();
                    days.insert(day, (before, after));
                }
            }
        }
        Ok(())
    }

    fn part_attrs(
        &self,
        part: &RosterPart,
        named: &Named,
    ) -> Result<Vec<(usize, Vec<usize>)>, FileError> {
        let mut attrs = Vec::new();
        for (i, attr) in self.roster.attrs.iter().enumerate() {
            let Some(headings) = part.attrs.get(&attr.name) else {
                continue;
            };
            let mut columns = Vec::new();
            for heading in headings {
                columns.push(column(&named.table, std::slice::from_ref(heading), named)?);
            }
            attrs.push((i, columns));
        }
        Ok(attrs)
    }

    fn id_of(&mut self, row: &RowView<'_>, column: usize) -> Option<String> {
        let cell = row.text(column);
        match words::id(&cell, row.mark(column) == CellMark::Number) {
            Ok("") => {
                let fault = CellFault::new(
                    "subject_missing",
                    text!(zh = "没有编号", en = "there is no id"),
                    text!(zh = "补上编号", en = "fill it in"),
                );
                self.fault(row, column, fault);
                None
            }
            Ok(id) => Some(id.to_owned()),
            Err(fault) => {
                self.fault(row, column, fault);
                None
            }
        }
    }

    fn known_id(&mut self, row: &RowView<'_>, column: usize) -> Option<String> {
        let id = self.id_of(row, column)?;
        if self.ids.contains_key(&id) {
            return Some(id);
        }
        let roster = &self.roster.name;
        let fault = CellFault::new(
            "subject_unknown",
            text!(
                zh = "名册“{roster}”里没有“{id}”",
                en = "the roster “{roster}” has no “{id}”"
            ),
            text!(zh = "核对编号", en = "look the id up"),
        );
        self.fault(row, column, fault);
        None
    }

    fn day_of(&mut self, row: &RowView<'_>, column: Option<usize>, blank: Day) -> Option<Day> {
        let Some(column) = column else {
            return Some(blank);
        };
        let cell = row.text(column);
        if cell.is_empty() {
            return Some(blank);
        }
        match day(&cell, row.style(column)) {
            Ok(day) => Some(day),
            Err(fault) => {
                self.fault(row, column, fault);
                None
            }
        }
    }

    /// A blank or unreadable value is none; the latter is a fault, the row stays.
    fn value_of(&mut self, row: &RowView<'_>, attr: usize, column: usize) -> Option<u32> {
        let cell = row.text(column);
        if cell.is_empty() {
            return None;
        }
        let mark = row.mark(column);
        let key = (column, mark == CellMark::Number);
        let known = self.known.get_mut(attr)?;
        if let Some(code) = known.seen(key, &cell) {
            return Some(code);
        }
        let attr = self.roster.attrs.get(attr)?;
        match value(&cell, &attr.ty, row.style(column), mark) {
            Ok(value) => {
                let code = known.code(value);
                known.remember(key, &cell, code);
                Some(code)
            }
            Err(fault) => {
                self.fault(row, column, fault);
                None
            }
        }
    }

    fn fault(&mut self, row: &RowView<'_>, column: usize, fault: CellFault) {
        self.faults.push(RosterFault {
            file: row.rows.named.label(),
            place: row.place,
            column: row.rows.heading(column),
            fault,
        });
    }

    fn finish(mut self, faults: &mut Vec<RosterFault>) -> RosterTable {
        faults.append(&mut self.faults);
        let mut otherwise = Vec::new();
        for (attr, known) in self.roster.attrs.iter().zip(&mut self.known) {
            let text = self.source.otherwise.get(&attr.name);
            let value = |t: &String| value(t, &attr.ty, DateStyle::default(), CellMark::Text);
            otherwise.push(text.and_then(|t| value(t).ok()).map(|v| known.code(v)));
        }
        let attr = |known: Known| AttrTable {
            values: known.values,
            rows: Vec::with_capacity(self.ids.len()),
        };
        let mut table = RosterTable {
            attrs: self.known.into_iter().map(attr).collect(),
            ..RosterTable::default()
        };
        for (id, subject) in self.ids {
            table.ids.insert(id);
            for (i, (attr, fallback)) in table.attrs.iter_mut().zip(&otherwise).enumerate() {
                attr.rows.push(subject.values(i, *fallback));
            }
            table.names.push(subject.name);
            table.present.push(subject.present);
        }
        table
    }
}

impl Subject {
    /// The values of one attribute: dated rows first, then changes, then the base or what holds otherwise.
    fn values(&self, attr: usize, fallback: Option<u32>) -> Dated {
        let base = self.base.get(attr).copied().flatten().or(fallback);
        let mut line: Dated = Vec::new();
        for &(from, to) in &self.present {
            match self.changes.get(&attr) {
                None => line.extend(base.map(|v| (from, to, v))),
                Some(days) => change_line(days, from, to, &mut line),
            }
        }
        let mut dated = self.dated.get(&attr).cloned().unwrap_or_default();
        dated.sort();
        for (from, to, value) in dated {
            line = cut(line, from, to);
            line.push((from, to, value));
        }
        line.sort();
        merge(line)
    }
}

fn change_line(days: &Changes, from: Day, to: Day, line: &mut Dated) {
    let mut start = from;
    let mut value = days.values().next().and_then(|c| c.0);
    for (&day, &(_, after)) in days {
        let end = day.clamp(from, to);
        if start < end {
            line.extend(value.map(|v| (start, end, v)));
        }
        start = start.max(end);
        value = after;
    }
    if start < to {
        line.extend(value.map(|v| (start, to, v)));
    }
}

/// Takes a stretch of days out of a line.
fn cut(line: Dated, from: Day, to: Day) -> Dated {
    let mut out = Vec::new();
    for (a, b, v) in line {
        if a < from.min(b) {
            out.push((a, from.min(b), v));
        }
        if to.max(a) < b {
            out.push((to.max(a), b, v));
        }
    }
    out
}

/// Joins neighbours of one value.
fn merge(line: Dated) -> Dated {
    let mut out: Dated = Vec::new();
    for (a, b, v) in line {
        match out.last_mut() {
            Some(last) if last.1 == a && last.2 == v => last.1 = b,
            _ => out.push((a, b, v)),
        }
    }
    out
}

/// One attribute value from text.
fn value(cell: &str, ty: &FieldType, style: DateStyle, mark: CellMark) -> Result<Value, CellFault> {
    Ok(match ty {
        FieldType::Number(dim) => {
            let n = number::decimal(cell)?;
            Value::Num(crate::admit::held(n, *dim).ok_or_else(|| crate::admit::too_large(cell))?)
        }
        FieldType::Percent => Value::Num(number::percent(cell)?),
        FieldType::YesNo => Value::YesNo(words::yes_no(cell)?),
        FieldType::Date => Value::Date(day(cell, style)?),
        FieldType::Instant => Value::Instant(day(cell, style)?.start()),
        FieldType::Choice(options) => choice(cell, options)?,
        FieldType::Text => Value::Text(cell.to_owned()),
        FieldType::Group | FieldType::Ref(_) => {
            Value::Text(words::id(cell, mark == CellMark::Number)?.to_owned())
        }
        FieldType::Span => Value::Text(cell.to_owned()),
    })
}

pub(crate) fn choice(cell: &str, options: &[String]) -> Result<Value, CellFault> {
    if options.iter().any(|o| o == cell) {
        return Ok(Value::Text(cell.to_owned()));
    }
    Err(choice_fault(cell, options))
}

pub(crate) fn choice_fault(cell: &str, options: &[String]) -> CellFault {
    let near = suggest(cell, options.iter().map(String::as_str));
    let list = options.join("、");
    let fix = match near {
        Some(near) => text!(zh = "是不是“{near}”？", en = "did you mean “{near}”?"),
        None => text!(zh = "可以写：{list}", en = "it may be: {list}"),
    };
    CellFault::new(
        "choice_unknown",
        text!(
            zh = "“{cell}”不是这一项可选的词",
            en = "“{cell}” is not one of the words of this field"
        ),
        fix,
    )
}

/// Rows of a table with what is known about their dates.
struct Rows<'a> {
    named: &'a Named,
    zone: &'a Zone,
    styles: Vec<DateStyle>,
}

impl<'a> Rows<'a> {
    fn new(named: &'a Named, part: &RosterPart, zone: &'a Zone) -> Self {
        let all: Vec<usize> = (0..named.table.headers.len()).collect();
        let styles = date_styles(&named.table, part.date_order, &all, zone);
        Rows {
            named,
            zone,
            styles,
        }
    }

    fn heading(&self, column: usize) -> String {
        let headers = &self.named.table.headers;
        headers.get(column).cloned().unwrap_or_default()
    }

    fn iter(&self) -> impl Iterator<Item = RowView<'_>> {
        let batches = self.named.table.batches.iter();
        batches.flat_map(move |batch| {
            (0..batch.len()).map(move |i| RowView {
                rows: self,
                batch,
                index: i,
                place: batch.place(i),
            })
        })
    }
}

struct RowView<'a> {
    rows: &'a Rows<'a>,
    batch: &'a crate::raw::RawBatch,
    index: usize,
    place: Place,
}

impl RowView<'_> {
    fn text(&self, column: usize) -> Cow<'_, str> {
        let view = View::new(self.batch, column);
        match view.map(|v| v.text(self.index, self.rows.zone)) {
            Some(Cow::Borrowed(cell)) => Cow::Borrowed(trim(cell)),
            Some(Cow::Owned(cell)) => Cow::Owned(trim(&cell).to_owned()),
            None => Cow::Borrowed(""),
        }
    }

    fn mark(&self, column: usize) -> CellMark {
        View::new(self.batch, column).map_or(CellMark::Text, |v| v.mark(self.index))
    }

    fn style(&self, column: usize) -> DateStyle {
        self.rows.styles.get(column).copied().unwrap_or_default()
    }
}

/// For each column, the order of its dates: stated, or proved by a value with a part above 12 (looked for in `dates`).
pub(crate) fn date_styles(
    table: &RawTable,
    stated: Option<crate::value::date::DateOrder>,
    dates: &[usize],
    zone: &Zone,
) -> Vec<DateStyle> {
    let style = |order| DateStyle {
        order,
        epoch_1904: table.epoch_1904,
    };
    (0..table.headers.len())
        .map(|column| match stated {
            Some(order) => style(Some(order)),
            None if dates.contains(&column) => style(proved(table, column, zone)),
            None => style(None),
        })
        .collect()
}

fn proved(table: &RawTable, column: usize, zone: &Zone) -> Option<crate::value::date::DateOrder> {
    let mut found = None;
    for batch in &table.batches {
        let view = match View::new(batch, column)? {
            View::Typed(_) => return None,
            view => view,
        };
        for i in 0..batch.len() {
            let cell = view.text(i, zone);
            // d/m/yyyy: 8 to 10 characters, perhaps a time after it.
            if !(8..=60).contains(&cell.len()) || crate::value::date::plain(&cell).is_some() {
                continue;
            }
            match (proves_order(&cell), found) {
                (None, _) => {}
                (Some(order), None) => found = Some(order),
                (Some(order), Some(other)) if order == other => {}
                // The column contradicts itself: nothing is proved.
                _ => return None,
            }
        }
    }
    found
}

fn find(table: &RawTable, headings: &[String]) -> Option<usize> {
    headings.iter().find_map(|h| table.columns_named(h).next())
}

fn column(table: &RawTable, headings: &[String], named: &Named) -> Result<usize, FileError> {
    let file = named.label();
    find(table, headings).ok_or_else(|| column_missing(&file, headings, &table.headers))
}

/// A column that a mapping needs is not there.
pub(crate) fn column_missing(file: &str, wanted: &[String], have: &[String]) -> FileError {
    const SHOWN: usize = 12;
    let name = wanted.first().map_or("", String::as_str);
    let others = wanted.get(1..).unwrap_or_default();
    let (or_zh, or_en) = match others.is_empty() {
        true => (String::new(), String::new()),
        false => (
            format!("（也可以叫 {}）", others.join("、")),
            format!(" (or {})", others.join(", ")),
        ),
    };
    let near = wanted
        .iter()
        .find_map(|w| suggest(w, have.iter().map(String::as_str)));
    let list: Vec<&str> = have
        .iter()
        .map(String::as_str)
        .filter(|h| !h.is_empty())
        .collect();
    let more = if list.len() > SHOWN { "…" } else { "" };
    let list: Vec<&str> = list.into_iter().take(SHOWN).collect();
    let (list_zh, list_en) = (list.join("、") + more, list.join(", ") + more);
    FileError::new(
        "column_missing",
        text!(
            zh = "{file} 里没有“{name}”这一列{or_zh}",
            en = "{file} has no column “{name}”{or_en}"
        ),
        match near {
            Some(near) => text!(zh = "是不是“{near}”？", en = "did you mean “{near}”?"),
            None if list.is_empty() => text!(
                zh = "这个文件是空的：核对是不是导出时出了错",
                en = "the file is empty: see whether the export failed"
            ),
            None => text!(
                zh = "它的列是：{list_zh}。在 sources.toml 里写明哪一列是它",
                en = "its columns are: {list_en}. Say in sources.toml which one it is"
            ),
        },
    )
}
