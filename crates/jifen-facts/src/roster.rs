//! Rosters from workbooks and CSV: who is on it when, and which value each attribute has on which days.

mod cells;
mod tables;
mod timeline;

use crate::fault::{CellFault, FileError, Place};
use crate::mapping::{Names, RosterPart, RosterSource, Sources, fits, names, usual};
use crate::raw::{CellMark, RawTable};
use crate::value::date::{DateStyle, day};
use crate::value::words;
use crate::{InputFile, ReadOptions, read};
use cells::{Known, value};
use indexmap::map::Entry;
use indexmap::{IndexMap, IndexSet};
use jifen_calendar::{Day, Zone};
use jifen_data::{AttrTable, Lists, RosterData, RosterTable};
use jifen_diag::{Text, text};
use jifen_plan::{FieldType, Plan, Roster, RosterIx, Value};
use std::collections::BTreeSet;
use tables::{RowView, Rows, column, find};
use timeline::{Range, Subject};

pub(crate) use cells::choice_fault;
pub(crate) use tables::{column_missing, date_styles};

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
    rosters.notes.extend(strangers(plan, &rosters.data));
    Ok(rosters)
}

/// So many unknown ids are named.
const NAMED: usize = 5;

/// Ids in attributes of several that their roster does not have: an award for them cannot tell.
fn strangers(plan: &Plan, data: &RosterData) -> Vec<Text> {
    let mut notes = Vec::new();
    for (roster, table) in plan.rosters.iter().zip(&data.tables) {
        for (attr, values) in roster.attrs.iter().zip(&table.attrs) {
            let FieldType::Refs(to) = attr.ty else {
                continue;
            };
            let unknown = unknown_in(data, to, values);
            if unknown.is_empty() {
                continue;
            }
            let list: Vec<&str> = unknown.iter().take(NAMED).copied().collect();
            let (list, n) = (list.join("、"), unknown.len());
            let named = plan.rosters.get(to.ix()).map_or("", |r| r.name.as_str());
            notes.push(text!(
                zh = "名册“{0}”的“{1}”里有 {n} 个编号不在名册“{named}”里：{list}；要给他们计分的记录会列为无法判断",
                en = "“{1}” of the roster “{0}” names {n} ids that “{named}” does not have: {list}; records that would give them points cannot tell",
                roster.name,
                attr.name
            ));
        }
    }
    notes
}

fn unknown_in<'d>(data: &RosterData, to: RosterIx, values: &'d AttrTable) -> BTreeSet<&'d str> {
    let known = |id: &&str| data.table(to).is_some_and(|t| t.subject(id).is_some());
    let ids = values.values.iter().filter_map(|v| match v {
        Value::List(ids) => Some(ids.iter().map(String::as_str)),
        _ => None,
    });
    ids.flatten().filter(|id| !known(id)).collect()
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

/// Attributes with each of their columns.
fn each(attrs: &[(usize, Vec<usize>)]) -> impl Iterator<Item = (usize, usize)> {
    let of = |(attr, columns): &(usize, Vec<usize>)| {
        let attr = *attr;
        columns.clone().into_iter().map(move |c| (attr, c))
    };
    attrs.iter().flat_map(of)
}

struct Build<'a> {
    roster: &'a Roster,
    source: &'a RosterSource,
    zone: &'a Zone,
    ids: IndexMap<String, Subject>,
    /// Parallel to the attributes.
    known: Vec<Known>,
    faults: Vec<RosterFault>,
    /// Files of rows read so far, as they are called in messages.
    bases: Vec<String>,
    /// The values of the rows, an attribute after the other.
    codes: Vec<Option<u32>>,
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
            bases: Vec::new(),
            codes: Vec::new(),
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
        let dates = self.dates(attrs.iter().copied(), [from, to]);
        let rows = Rows::new(named, part, &dates, self.zone);
        self.bases.push(named.label());
        for row in rows.iter() {
            let Some(key) = self.id_of(&row, id) else {
                continue;
            };
            let from = self.day_of(&row, from, Day::MIN);
            let to = self.day_of(&row, to, Day::MAX.add_days(-1));
            let (Some(from), Some(to)) = (from, to) else {
                continue;
            };
            let base = self.codes.len();
            self.codes.resize(base + self.roster.attrs.len(), None);
            for (attr, column) in &attrs {
                let value = self.value_of(&row, *attr, *column);
                if let Some(slot) = self.codes.get_mut(base + attr) {
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
        base: usize,
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
        let here = self.bases.len().saturating_sub(1);
        let width = self.roster.attrs.len();
        let codes = |at: usize| self.codes.get(at..at + width);
        let subject = match self.ids.entry(key) {
            Entry::Vacant(new) => {
                let first = (here as u32, row.place.line);
                new.insert(Subject::new(name, timeline::Row { range, base }, first));
                return;
            }
            Entry::Occupied(known) => known,
        };
        let key = subject.key().clone();
        let subject = subject.into_mut();
        match subject {
            subject
                if (subject.rows()).any(|r| r.range == range && codes(r.base) == codes(base)) => {}
            // Another time, perhaps with other values: left and came back, moved, changed an office.
            subject if (subject.rows()).all(|r| range.1 <= r.range.0 || r.range.1 <= range.0) => {
                let latest = subject.rows().all(|r| r.range.0 < range.0);
                if let (true, Some(name)) = (latest, name) {
                    subject.name = Some(name);
                }
                subject.add(timeline::Row { range, base });
            }
            subject => {
                subject.conflict = true;
                let (there, first) = (subject.first.0 as usize, subject.first.1);
                let file = self.bases.get(there).filter(|_| there != here);
                let file = file.map_or(String::new(), |f| format!("{f} "));
                let fault = CellFault::new(
                    "id_conflict",
                    text!(
                        zh = "“{key}”在{file}第 {first} 行也有，说的是同一段日子，内容不同；不知道哪行对，此人的行都不收，改好以前不算在册",
                        en = "“{key}” stands on {file}row {first} too, for the same days and with different contents; as it is not known which is right, none is taken, and nobody is on the roster by that id until it is mended"
                    ),
                    text!(
                        zh = "只留一行；从某天起改变的（搬家、换届），两行各写“自”“至”，日子不重叠",
                        en = "keep one of them; what changed on some day (a move, an office) is two rows with “from” and “to” that share no day"
                    ),
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
        let rows = Rows::new(
            named,
            part,
            &self.dates(each(&attrs), [Some(from), to]),
            self.zone,
        );
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
                let list = subject.over().dated.entry(*attr).or_default();
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
        let dates = self.dates(each(&attrs), [Some(on), None]);
        let rows = Rows::new(named, part, &dates, self.zone);
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
                    let days = subject.over().changes.entry(*attr).or_default();
                    days.insert(day, (before, after));
                }
            }
        }
        Ok(())
    }

    /// The columns that hold days.
    fn dates(
        &self,
        attrs: impl Iterator<Item = (usize, usize)>,
        ends: [Option<usize>; 2],
    ) -> Vec<usize> {
        let days = attrs.filter(|(attr, _)| {
            let ty = self.roster.attrs.get(*attr).map(|a| &a.ty);
            matches!(ty, Some(FieldType::Date | FieldType::Instant))
        });
        days.map(|(_, column)| column)
            .chain(ends.into_iter().flatten())
            .collect()
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
        let view = row.view(column)?;
        let known = self.known.get_mut(attr)?;
        if let Some(code) = known.entry(column, view, row.index).and_then(|e| *e) {
            return Some(code);
        }
        let faults = self.faults.len();
        let code = self.value_of_cell(row, attr, column);
        let known = self.known.get_mut(attr)?;
        // What is wrong is said of each row.
        if self.faults.len() == faults
            && let Some(entry) = known.entry(column, view, row.index)
        {
            *entry = code;
        }
        code
    }

    fn value_of_cell(&mut self, row: &RowView<'_>, attr: usize, column: usize) -> Option<u32> {
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
        if matches!(attr.ty, FieldType::Refs(_)) {
            let (value, fault) = cells::several(&cell, mark);
            let code = known.code(value);
            known.remember(key, &cell, code);
            if let Some(fault) = fault {
                self.fault(row, column, fault);
            }
            return Some(code);
        }
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
        let count = self.ids.len();
        let attr = |known: Known| AttrTable {
            values: known.values,
            rows: Lists::with_capacity(count),
        };
        let mut table = RosterTable {
            ids: IndexSet::with_capacity(count),
            names: Vec::with_capacity(count),
            present: Lists::with_capacity(count),
            attrs: self.known.into_iter().map(attr).collect(),
        };
        let (mut line, mut present) = (Vec::new(), Vec::new());
        for (id, subject) in self.ids {
            table.ids.insert(id);
            for (i, (attr, fallback)) in table.attrs.iter_mut().zip(&otherwise).enumerate() {
                subject.values(i, &self.codes, *fallback, &mut line);
                attr.rows.push(line.drain(..));
            }
            subject.present(&mut present);
            table.names.push(subject.name);
            table.present.push(present.drain(..));
        }
        table
    }
}
