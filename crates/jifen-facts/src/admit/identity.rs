//! One id, one record: identical duplicates are dropped, conflicting ones refused, all of them (S2).

use super::builtin::Builtins;
use super::fields::FieldAcc;
use super::kinds::{KindAcc, kind_ix};
use super::resolve::FieldColumn;
use super::table::Table;
use super::{Duplicate, Fault, Shared};
use crate::fault::{CellFault, Place};
use jifen_data::{Ids, compare_ids};
use jifen_diag::text;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A record: kind (or the number of kinds for built-ins) and row.
type Member = (u32, u32);

/// Judges all records that could be read.
pub(super) fn judge(
    tables: &[Table],
    kinds: &mut [KindAcc],
    builtins: &mut Builtins,
    shared: &mut Shared<'_>,
    duplicates: &mut Vec<Duplicate>,
) {
    if builtins.is_empty() && surely_distinct(kinds) {
        return;
    }
    let mut keep: Vec<Vec<bool>> = kinds.iter().map(|k| vec![true; k.len()]).collect();
    keep.push(vec![true; builtins.len()]);
    let mut changed = false;
    for (id, members) in groups(kinds, builtins) {
        changed = true;
        let judge = Judge {
            tables,
            kinds,
            builtins,
        };
        let (dropped, faults) = judge.group(&id, members, duplicates);
        shared.faults.extend(faults);
        for (kind, row) in dropped {
            if let Some(flag) = keep
                .get_mut(kind as usize)
                .and_then(|k| k.get_mut(row as usize))
            {
                *flag = false;
            }
        }
    }
    if !changed {
        return;
    }
    if let Some(flags) = keep.pop() {
        builtins.retain(&flags);
    }
    for (acc, flags) in kinds.iter_mut().zip(&keep) {
        if flags.contains(&false) {
            acc.retain(flags);
        }
    }
}

/// Whole-number ids that lie close together are proved distinct by a set of bits.
fn surely_distinct(kinds: &[KindAcc]) -> bool {
    let mut lists = Vec::new();
    for acc in kinds {
        match &acc.ids {
            Ids::Int(list) => lists.push(list.as_slice()),
            Ids::Text(list) if list.is_empty() => {}
            Ids::Text(_) => return false,
        }
    }
    let all = || lists.iter().flat_map(|l| l.iter().copied());
    let (Some(low), Some(high)) = (all().min(), all().max()) else {
        return true;
    };
    let count: usize = lists.iter().map(|l| l.len()).sum();
    let span = high.abs_diff(low);
    if span / 64 > count as u64 {
        return false;
    }
    let mut bits = vec![0_u64; (span / 64 + 1) as usize];
    for id in all() {
        let at = id.abs_diff(low);
        let Some(word) = bits.get_mut((at / 64) as usize) else {
            return false;
        };
        let bit = 1_u64 << (at % 64);
        if *word & bit != 0 {
            return false;
        }
        *word |= bit;
    }
    true
}

/// Ids that more than one record has.
fn groups(kinds: &[KindAcc], builtins: &Builtins) -> BTreeMap<String, Vec<Member>> {
    let mut hashes: Vec<(u64, Member)> = Vec::new();
    for (k, acc) in kinds.iter().enumerate() {
        match &acc.ids {
            Ids::Int(list) => {
                for (row, id) in list.iter().enumerate() {
                    hashes.push((hash(id.to_string().as_str()), (k as u32, row as u32)));
                }
            }
            Ids::Text(list) => {
                for (row, id) in list.iter().enumerate() {
                    hashes.push((hash(id), (k as u32, row as u32)));
                }
            }
        }
    }
    for row in 0..builtins.len() {
        hashes.push((hash(builtins.id(row)), (kinds.len() as u32, row as u32)));
    }
    hashes.sort_unstable();
    let mut groups: BTreeMap<String, Vec<Member>> = BTreeMap::new();
    for run in hashes.chunk_by(|a, b| a.0 == b.0).filter(|r| r.len() > 1) {
        let mut here: BTreeMap<String, Vec<Member>> = BTreeMap::new();
        for (_, member) in run {
            here.entry(id_of(kinds, builtins, *member))
                .or_default()
                .push(*member);
        }
        groups.extend(here.into_iter().filter(|(_, m)| m.len() > 1));
    }
    groups
}

fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

fn id_of(kinds: &[KindAcc], builtins: &Builtins, member: Member) -> String {
    match kinds.get(member.0 as usize) {
        Some(acc) => acc.ids.text(member.1 as usize),
        None => builtins.id(member.1 as usize).to_owned(),
    }
}

/// What two records of one id differ in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// More than can be told by a column.
    Much,
    Subject,
    Date,
    Time,
    Entered,
    Field(u16),
    SpanStart(u16),
    SpanEnd(u16),
}

struct Judge<'a> {
    tables: &'a [Table],
    kinds: &'a [KindAcc],
    builtins: &'a Builtins,
}

impl Judge<'_> {
    /// The records to drop, and the faults of a conflict.
    fn group(
        &self,
        id: &str,
        mut members: Vec<Member>,
        duplicates: &mut Vec<Duplicate>,
    ) -> (Vec<Member>, Vec<Fault>) {
        members.sort_by_key(|m| (self.source(*m), *m));
        let Some((&first, others)) = members.split_first() else {
            return (Vec::new(), Vec::new());
        };
        let mut parts: Vec<Part> = others.iter().flat_map(|o| self.differ(first, *o)).collect();
        parts.sort();
        parts.dedup();
        if parts.is_empty() {
            let (file, row) = self.source(first);
            let same_as = (self.label(file), u64::from(row));
            for other in others {
                let (file, row) = self.source(*other);
                duplicates.push(Duplicate {
                    file: self.label(file),
                    place: self.place(file, row),
                    id: id.to_owned(),
                    same_as: same_as.clone(),
                });
            }
            return (others.to_vec(), Vec::new());
        }
        let faults = members
            .iter()
            .map(|m| self.conflict(id, *m, &members, &parts));
        let faults = faults.collect();
        (members, faults)
    }

    fn source(&self, member: Member) -> (u32, u32) {
        let row = member.1 as usize;
        match self.kinds.get(member.0 as usize) {
            Some(acc) => acc.source.get(row).copied().unwrap_or_default(),
            None => self.builtins.source(row),
        }
    }

    fn label(&self, table: u32) -> String {
        let table = self.tables.get(table as usize);
        table.map(|t| t.label.clone()).unwrap_or_default()
    }

    fn place(&self, table: u32, row: u32) -> Place {
        place_of(self.tables, table, row)
    }

    fn differ(&self, a: Member, b: Member) -> Vec<Part> {
        if a.0 != b.0 {
            return vec![Part::Much];
        }
        let (x, y) = (a.1 as usize, b.1 as usize);
        let Some(acc) = self.kinds.get(a.0 as usize) else {
            return match self.builtins.same(x, y) {
                true => Vec::new(),
                false => vec![Part::Much],
            };
        };
        let mut parts = Vec::new();
        if acc.subject.get(x) != acc.subject.get(y) {
            parts.push(Part::Subject);
        }
        let spans = acc.fields.iter().any(|f| matches!(f, FieldAcc::Span(_)));
        if let (Some(s), Some(t)) = (acc.at.get(x), acc.at.get(y)) {
            if s.day() != t.day() {
                parts.push(Part::Date);
            }
            let time = s != t || acc.day_only.get(x) != acc.day_only.get(y);
            if time && !spans {
                let both_days =
                    acc.day_only.get(x) == Some(&true) && acc.day_only.get(y) == Some(&true);
                if !both_days {
                    parts.push(Part::Time);
                }
            }
        }
        if acc.entered.get(x) != acc.entered.get(y) {
            parts.push(Part::Entered);
        }
        for (i, field) in acc.fields.iter().enumerate() {
            if field.same(x, y) {
                continue;
            }
            match field {
                FieldAcc::Span(list) => {
                    let (s, t) = (
                        list.get(x).copied().flatten(),
                        list.get(y).copied().flatten(),
                    );
                    if s.map(|s| s.0) != t.map(|t| t.0) {
                        parts.push(Part::SpanStart(i as u16));
                    }
                    if s.map(|s| s.1) != t.map(|t| t.1) {
                        parts.push(Part::SpanEnd(i as u16));
                    }
                }
                _ => parts.push(Part::Field(i as u16)),
            }
        }
        parts
    }

    /// The one column in which they differ, or that of the id.
    fn column(&self, table: &Table, kind: u32, parts: &[Part]) -> Option<usize> {
        let resolved = &table.resolved;
        let field = |f: u16| {
            let target = resolved.target_of(kind_ix(kind as usize))?;
            target.fields.get(f as usize).copied()
        };
        let [only] = parts else {
            return Some(resolved.id);
        };
        let column = match only {
            Part::Much => None,
            Part::Subject => resolved.subject,
            Part::Date => resolved.date,
            Part::Time => resolved.time.or(resolved.date),
            Part::Entered => resolved.entered,
            Part::Field(f) => match field(*f) {
                Some(FieldColumn::One { column, .. }) => Some(column),
                _ => None,
            },
            Part::SpanStart(f) | Part::SpanEnd(f) => match (field(*f), only) {
                (Some(FieldColumn::Span { start, .. }), Part::SpanStart(_)) => Some(start),
                (Some(FieldColumn::Span { end, .. }), _) => Some(end),
                _ => None,
            },
        };
        column.or(Some(resolved.id))
    }

    fn conflict(&self, id: &str, member: Member, all: &[Member], parts: &[Part]) -> Fault {
        let (number, row) = self.source(member);
        let others = all.iter().filter(|m| **m != member).map(|m| {
            let (file, row) = self.source(*m);
            match file == number {
                true => row.to_string(),
                false => format!("{}:{row}", self.label(file)),
            }
        });
        let others = others.collect::<Vec<_>>().join("、");
        let table = self.tables.get(number as usize);
        Fault {
            table: number,
            place: self.place(number, row),
            column: table.and_then(|t| self.column(t, member.0, parts)),
            fault: CellFault::new(
                "id_conflict",
                text!(
                    zh = "编号“{id}”在第 {others} 行还有一条内容不同的记录",
                    en = "the id “{id}” stands on row {others} too, with different contents"
                ),
                text!(
                    zh = "两条记录的，改正其中一个编号；同一条的，改成一样或删去一行",
                    en = "if they are two records, correct one id; if one, make them equal or delete a row"
                ),
            ),
        }
    }
}

pub(super) fn place_of(tables: &[Table], table: u32, row: u32) -> Place {
    let row = u64::from(row);
    let asked = Place { row, line: row };
    let found = tables.get(table as usize).and_then(|t| t.find(asked));
    found.map_or(asked, |(batch, i)| batch.place(i))
}

/// A record for each period: of several rows of one subject and period the first by id stays.
pub(super) fn periods(tables: &[Table], kinds: &mut [KindAcc], shared: &mut Shared<'_>) {
    let plan = shared.plan;
    for (acc, kind) in kinds.iter_mut().zip(&plan.kinds) {
        let Some(period) = kind.period else { continue };
        let mut seen: BTreeMap<(u32, i32), usize> = BTreeMap::new();
        let mut order: Vec<usize> = (0..acc.len()).collect();
        order.sort_by(|a, b| compare_ids(&acc.ids.text(*a), &acc.ids.text(*b)));
        let mut keep = vec![true; acc.len()];
        for i in order {
            let (Some(subject), Some(at)) = (acc.subject.get(i), acc.at.get(i)) else {
                continue;
            };
            let key = (*subject, period.key(at.day()));
            let Some(&first) = seen.get(&key) else {
                seen.insert(key, i);
                continue;
            };
            if let Some(flag) = keep.get_mut(i) {
                *flag = false;
            }
            let first = acc.ids.text(first);
            let (table, row) = acc.source.get(i).copied().unwrap_or_default();
            let column = tables.get(table as usize).and_then(|t| t.resolved.date);
            shared.faults.push(Fault {
                table,
                place: place_of(tables, table, row),
                column,
                fault: CellFault::new(
                    "period_twice",
                    text!(
                        zh = "这一期已有一条记录（编号“{first}”），每期只能有一条",
                        en =
                            "the period has a record already (id “{first}”); there can be only one"
                    ),
                    text!(zh = "删去多的一条", en = "delete one of them"),
                ),
            });
        }
        if keep.contains(&false) {
            acc.retain(&keep);
        }
    }
}
