//! The generated input as tables that an engine takes, and as lines for a reader.

use std::fmt::Write;

use indexmap::IndexSet;
use jifen_calendar::Day;
use jifen_data::{
    Account, AttrTable, Change, Column, Correction, FactLog, Ids, KindTable, Numbers, Opening,
    OpeningStanding, Openings, RosterData, RosterTable, TextColumn, Was,
};
use jifen_plan::{CurrencyIx, FieldIx, FieldType, Plan, RosterIx, Value};
use jifen_quantity::Decimal;

use super::facts::{Fact, Input};
use super::tree::*;

/// The input as tables for a Plan whose names are those of the policy.
#[must_use]
pub fn tables(p: &Policy, input: &Input, plan: &Plan) -> (RosterData, FactLog, Openings) {
    let kinds = plan.kinds.iter().map(|k| {
        let Some((ix, kind)) = p.kinds.iter().enumerate().find(|(_, x)| x.name == k.name) else {
            return KindTable::default();
        };
        kind_table(
            kind,
            k,
            input.facts.iter().filter(|f| f.kind == ix).collect(),
        )
    });
    let openings = input.openings.iter().filter_map(|(s, c, amount, day)| {
        let name = p.currencies.get(*c)?.name;
        let at = plan.currencies.iter().position(|x| x.name == name)?;
        Some(Opening {
            roster: RosterIx(0),
            subject: u32::try_from(*s).ok()?,
            currency: CurrencyIx(u16::try_from(at).ok()?),
            amount: *amount,
            day: *day,
        })
    });
    let log = FactLog {
        kinds: kinds.collect(),
        voids: input.voids.clone(),
        corrections: input
            .corrections
            .iter()
            .map(|c| by_name(p, input, plan, c))
            .collect(),
        confirmations: input.confirmations.clone(),
        files: Vec::new(),
    };
    (
        rosters(input, plan),
        log,
        Openings {
            lines: openings.collect(),
            standings: (input.stood.iter())
                .filter_map(|s| taken_over(plan, s))
                .collect(),
        },
    )
}

/// Where the compiled Plan has it, too.
fn taken_over(
    plan: &Plan,
    (name, s, day, was): &(String, usize, Day, Was),
) -> Option<OpeningStanding> {
    let account = Account {
        roster: RosterIx(0),
        subject: u32::try_from(*s).ok()?,
    };
    OpeningStanding::new(plan, name, account, *day, |_| Some(*was)).ok()
}

/// The correction with the field numbered as the Plan numbers it.
fn by_name(p: &Policy, input: &Input, plan: &Plan, c: &Correction) -> Correction {
    let renumbered = || {
        let Change::Field(f, value) = &c.change else {
            return None;
        };
        let kind = p
            .kinds
            .get(input.facts.iter().find(|f| f.id == c.target)?.kind)?;
        let name = kind.shape.fields().get(f.ix())?.0;
        let kind = plan.kinds.iter().find(|k| k.name == kind.name)?;
        let at = kind.fields.iter().position(|f| f.name == name)?;
        Some(Change::Field(
            FieldIx(u16::try_from(at).ok()?),
            value.clone(),
        ))
    };
    Correction {
        change: renumbered().unwrap_or_else(|| c.change.clone()),
        ..c.clone()
    }
}

fn rosters(input: &Input, plan: &Plan) -> RosterData {
    let table = |r: &jifen_plan::Roster| {
        let attr = |name: &str| {
            let at = ATTRS.iter().position(|a| a.0 == name);
            let mut table = AttrTable::default();
            for s in &input.subjects {
                let rows = at.and_then(|i| s.attrs.get(i)).into_iter().flatten();
                let mut coded = Vec::new();
                for (from, to, value) in rows {
                    let code = table.values.insert_full(value.clone()).0;
                    coded.push((
                        Day(*from),
                        Day(*to),
                        u32::try_from(code).unwrap_or(u32::MAX),
                    ));
                }
                table.rows.push(coded);
            }
            table
        };
        RosterTable {
            ids: input
                .subjects
                .iter()
                .map(|s| s.id.clone())
                .collect::<IndexSet<_>>(),
            names: vec![None; input.subjects.len()],
            present: input
                .subjects
                .iter()
                .map(|s| {
                    s.present
                        .iter()
                        .map(|(a, b)| (Day(*a), Day(*b)))
                        .collect::<Vec<_>>()
                })
                .collect(),
            attrs: r.attrs.iter().map(|a| attr(&a.name)).collect(),
        }
    };
    RosterData {
        tables: plan.rosters.iter().map(table).collect(),
    }
}

fn kind_table(kind: &Kind, plan: &jifen_plan::Kind, facts: Vec<&Fact>) -> KindTable {
    let whole = facts.iter().all(|f| f.id.parse::<i64>().is_ok());
    let ids = if whole {
        Ids::Int(facts.iter().filter_map(|f| f.id.parse().ok()).collect())
    } else {
        Ids::Text(facts.iter().map(|f| f.id.as_str().into()).collect())
    };
    let columns = plan.fields.iter().map(|f| {
        let at = kind.shape.fields().iter().position(|x| x.0 == f.name);
        let values: Vec<Option<Value>> = facts
            .iter()
            .map(|x| at.and_then(|i| x.fields.get(i).cloned().flatten()))
            .collect();
        column(&f.ty, &values)
    });
    KindTable {
        ids,
        subject: facts
            .iter()
            .map(|f| u32::try_from(f.subject).unwrap_or(u32::MAX))
            .collect(),
        at: facts.iter().map(|f| f.at).collect(),
        day_only: facts.iter().map(|f| f.day_only).collect(),
        entered: facts.iter().map(|f| f.entered).collect(),
        fields: columns.collect(),
        rows: Vec::new(),
    }
}

fn column(ty: &FieldType, values: &[Option<Value>]) -> Column {
    match ty {
        FieldType::Number(_) | FieldType::Percent => {
            let numbers: Vec<Option<Decimal>> = values
                .iter()
                .map(|v| match v {
                    Some(Value::Num(d)) => Some(*d),
                    _ => None,
                })
                .collect();
            Column::Number(narrow(&numbers).unwrap_or(Numbers::Wide(numbers)))
        }
        FieldType::YesNo => Column::YesNo(
            values
                .iter()
                .map(|v| match v {
                    Some(Value::YesNo(b)) => u8::from(*b),
                    _ => 2,
                })
                .collect(),
        ),
        FieldType::Date => Column::Date(
            values
                .iter()
                .map(|v| {
                    if let Some(Value::Date(d)) = v {
                        Some(*d)
                    } else {
                        None
                    }
                })
                .collect(),
        ),
        FieldType::Instant => Column::Instant(
            values
                .iter()
                .map(|v| {
                    if let Some(Value::Instant(d)) = v {
                        Some(*d)
                    } else {
                        None
                    }
                })
                .collect(),
        ),
        FieldType::Span => Column::Span(
            values
                .iter()
                .map(|v| {
                    if let Some(Value::Span(a, b)) = v {
                        Some((*a, *b))
                    } else {
                        None
                    }
                })
                .collect(),
        ),
        _ => {
            let mut column = TextColumn::default();
            for v in values {
                column.push(if let Some(Value::Text(t)) = v {
                    Some(t)
                } else {
                    None
                });
            }
            Column::Text(column)
        }
    }
}

/// Narrow numbers, as the readers make them, where all fit.
fn narrow(numbers: &[Option<Decimal>]) -> Option<Numbers> {
    let scale = numbers
        .iter()
        .flatten()
        .map(|d| d.scale())
        .max()
        .unwrap_or(0);
    let values = numbers.iter().map(|d| match d {
        None => Some(i64::MIN),
        Some(d) => i64::try_from(d.rescale(scale)?).ok(),
    });
    Some(Numbers::Narrow {
        scale,
        values: values.collect::<Option<_>>()?,
    })
}

/// The input as readable lines, for a report.
#[must_use]
pub fn describe(p: &Policy, input: &Input) -> String {
    let mut t = String::new();
    for s in &input.subjects {
        let _ = writeln!(t, "居民 {} 在册 {:?}", s.id, ranges(&s.present));
        for ((name, _), rows) in ATTRS.iter().zip(&s.attrs) {
            for (from, to, v) in rows {
                let _ = writeln!(t, "  {name} = {v:?} {:?}", ranges(&[(*from, *to)]));
            }
        }
    }
    for f in &input.facts {
        let Some(k) = p.kinds.get(f.kind) else {
            continue;
        };
        let at = if f.day_only {
            f.at.day().to_string()
        } else {
            f.at.to_string()
        };
        let who = input.subjects.get(f.subject).map_or("?", |s| &s.id);
        let _ = write!(t, "{} {} {who} {at} 登记 {}", k.name, f.id, f.entered);
        for ((name, _), v) in k.shape.fields().iter().zip(&f.fields) {
            if let Some(v) = v {
                let _ = write!(t, " {name}={v:?}");
            }
        }
        let _ = writeln!(t);
    }
    for v in &input.voids {
        let _ = writeln!(t, "撤销 {} → {} 登记 {}", v.id, v.target, v.entered);
    }
    for c in &input.corrections {
        let _ = writeln!(
            t,
            "更正 {} → {} 登记 {} {:?}",
            c.id, c.target, c.entered, c.change
        );
    }
    for c in &input.confirmations {
        let verdict = if c.positive { "同意" } else { "驳回" };
        let _ = writeln!(
            t,
            "确认 {} → {} {} {} {verdict} {} 登记 {}",
            c.id, c.target, c.role, c.who, c.at, c.entered
        );
    }
    for (s, c, amount, day) in &input.openings {
        let _ = writeln!(t, "期初 {s} {c} {day} {amount}");
    }
    for (name, s, day, was) in &input.stood {
        let _ = writeln!(t, "期初 {s} {name} {day} {was:?}");
    }
    let _ = writeln!(t, "截至 {}", input.as_of);
    t
}

fn ranges(list: &[(i32, i32)]) -> Vec<String> {
    list.iter()
        .map(|(a, b)| format!("{}..{}", Day(*a), Day(*b)))
        .collect()
}
