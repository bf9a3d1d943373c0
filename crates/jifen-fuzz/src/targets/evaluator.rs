//! Bytes to a small set of facts for one of a few policies; the engine evaluates, the reference judges.

use crate::feature;
use crate::seeds::{self, Office};
use indexmap::IndexSet;
use jifen_calendar::{Day, Instant};
use jifen_data::{
    AttrTable, Change, Column, Confirmation, Correction, FactLog, Ids, KindTable, Lists, Numbers,
    Opening, Openings, RosterData, RosterTable, TextColumn, Void, canonical::canonical_lines,
};
use jifen_engine::{Options, evaluate};
use jifen_plan::{CurrencyIx, FieldIx, FieldType, Plan, RosterIx, Value};
use jifen_quantity::Decimal;

const SUBJECTS: u8 = 3;
const MOST_FACTS: usize = 24;

/// Takes bytes from the front; noughts when they run out.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().map_or((0, self.0), |(f, r)| (*f, r));
        self.0 = rest;
        first
    }

    fn below(&mut self, n: usize) -> usize {
        usize::from(self.next()) % n.max(1)
    }

    fn number(&mut self) -> Decimal {
        const EDGES: &[&str] = &[
            "0",
            "1",
            "2",
            "0.5",
            "0.1",
            "3",
            "10",
            "60",
            "99.999999999999999999",
            "100",
            "3600",
            "7200",
            "5400",
            "14400",
            "86400",
            "0.9",
            "0.895",
            "200",
            "-1",
            "-10",
            "99999999999999999999",
            "170141183460469231731687303715884105727",
            "0.000000000000000001",
        ];
        let b = self.next();
        let n = match b {
            0..=127 => EDGES
                .get(usize::from(b) % EDGES.len())
                .and_then(|e| Decimal::parse(e)),
            _ => Decimal::new(i128::from(b) * 256 + i128::from(self.next()), b % 4),
        };
        n.unwrap_or(Decimal::ZERO)
    }

    /// A day near the edges of months, quarters and years; rarely far away.
    fn day(&mut self) -> Day {
        let b = self.next();
        let base = Day::from_ymd(2026, 1, 1).unwrap_or(Day(20_454));
        match b {
            0..=199 => base.add_days(i64::from(b) - 10),
            200..=239 => base.add_months(i64::from(b) - 200).add_days(-1),
            240..=250 => base.add_days((i64::from(b) - 245) * 400),
            _ => base.add_days((i64::from(b) - 252) * 700_000),
        }
    }

    fn instant(&mut self) -> (Instant, bool) {
        let day = self.day();
        let b = self.next();
        if b >= 200 {
            return (day.start(), true);
        }
        let seconds = match b % 8 {
            0 => 0,
            1 => 86_399,
            2 => 22 * 3600,
            3 => 6 * 3600,
            _ => i32::from(b) * 432,
        };
        (Instant::from_day_seconds(day, seconds), false)
    }
}

fn value(bytes: &mut Bytes<'_>, ty: &FieldType) -> Option<Value> {
    if bytes.below(12) == 11 {
        return None;
    }
    Some(match ty {
        FieldType::Number(_) | FieldType::Percent => Value::Num(bytes.number()),
        FieldType::YesNo => Value::YesNo(bytes.below(2) == 1),
        FieldType::Date => Value::Date(bytes.day()),
        FieldType::Instant => Value::Instant(bytes.instant().0),
        FieldType::Choice(words) => Value::Text(words.get(bytes.below(words.len()))?.clone()),
        FieldType::Text | FieldType::Group => Value::Text(format!("t{}", bytes.below(3))),
        FieldType::Ref(_) => Value::Text(format!("s{}", bytes.below(SUBJECTS.into()))),
        FieldType::Refs(_) => {
            let n = bytes.below(3);
            let ids = (0..n).map(|_| format!("s{}", bytes.below(SUBJECTS.into())));
            Value::several(ids.collect())
        }
        FieldType::Span => {
            let (start, _) = bytes.instant();
            let seconds = i64::from(bytes.next()) * 600;
            Value::Span(start, start.add_seconds(seconds))
        }
    })
}

fn column(ty: &FieldType, values: Vec<Option<Value>>) -> Column {
    match ty {
        FieldType::Number(_) | FieldType::Percent => Column::Number(Numbers::Wide(
            values
                .into_iter()
                .map(|v| {
                    if let Some(Value::Num(n)) = v {
                        Some(n)
                    } else {
                        None
                    }
                })
                .collect(),
        )),
        FieldType::YesNo => Column::YesNo(
            values
                .into_iter()
                .map(|v| {
                    if let Some(Value::YesNo(b)) = v {
                        u8::from(b)
                    } else {
                        2
                    }
                })
                .collect(),
        ),
        FieldType::Date => Column::Date(
            values
                .into_iter()
                .map(|v| {
                    if let Some(Value::Date(d)) = v {
                        Some(d)
                    } else {
                        None
                    }
                })
                .collect(),
        ),
        FieldType::Instant => Column::Instant(
            values
                .into_iter()
                .map(|v| {
                    if let Some(Value::Instant(t)) = v {
                        Some(t)
                    } else {
                        None
                    }
                })
                .collect(),
        ),
        FieldType::Span => Column::Span(
            values
                .into_iter()
                .map(|v| {
                    if let Some(Value::Span(a, b)) = v {
                        Some((a, b))
                    } else {
                        None
                    }
                })
                .collect(),
        ),
        FieldType::Text
        | FieldType::Choice(_)
        | FieldType::Group
        | FieldType::Ref(_)
        | FieldType::Refs(_) => {
            let mut c = TextColumn::default();
            for v in &values {
                c.push(if let Some(Value::Text(t)) = v {
                    Some(t)
                } else {
                    None
                });
            }
            Column::Text(c)
        }
    }
}

fn rosters(bytes: &mut Bytes<'_>, plan: &Plan) -> RosterData {
    let first = Day::from_ymd(2020, 1, 1).unwrap_or(Day(0));
    let last = Day::from_ymd(2100, 1, 1).unwrap_or(Day(0));
    let tables = plan.rosters.iter().map(|roster| {
        let attrs = roster.attrs.iter().map(|attr| {
            let mut values = IndexSet::new();
            let mut rows = Lists::default();
            for _ in 0..SUBJECTS {
                let change = bytes.day().clamp(first, last);
                let mut row = Vec::new();
                for (from, to) in [(first, change), (change, last)] {
                    if let Some(v) = value(bytes, &attr.ty).filter(|_| from < to) {
                        row.push((from, to, values.insert_full(v).0 as u32));
                    }
                }
                rows.push(row);
            }
            AttrTable { values, rows }
        });
        RosterTable {
            attrs: attrs.collect(),
            ids: (0..SUBJECTS).map(|i| format!("s{i}")).collect(),
            names: (0..SUBJECTS).map(|_| None).collect(),
            present: (0..SUBJECTS).map(|_| vec![(first, last)]).collect(),
        }
    });
    RosterData {
        tables: tables.collect(),
    }
}

struct Row {
    id: String,
    subject: u32,
    at: Instant,
    day_only: bool,
    entered: Day,
    values: Vec<Option<Value>>,
}

fn facts(bytes: &mut Bytes<'_>, plan: &Plan) -> FactLog {
    let mut log = FactLog::default();
    let mut rows: Vec<Vec<Row>> = plan.kinds.iter().map(|_| Vec::new()).collect();
    let count = bytes.below(MOST_FACTS);
    for n in 0..count {
        let k = bytes.below(plan.kinds.len());
        let Some(kind) = plan.kinds.get(k) else { break };
        let (mut at, mut day_only) = bytes.instant();
        let values: Vec<Option<Value>> = kind.fields.iter().map(|f| value(bytes, &f.ty)).collect();
        if let Some(Some(Value::Span(start, _))) = kind.span.and_then(|s| values.get(s.ix())) {
            (at, day_only) = (*start, false);
        }
        let entered = if bytes.below(4) == 0 {
            bytes.day()
        } else {
            at.day()
        };
        let subject = bytes.below(SUBJECTS.into()) as u32;
        rows[k].push(Row {
            id: format!("f{n}"),
            subject,
            at,
            day_only,
            entered,
            values,
        });
        about(bytes, plan, n, &mut log);
    }
    log.kinds = plan
        .kinds
        .iter()
        .zip(rows)
        .map(|(kind, rows)| table(kind, rows))
        .collect();
    log
}

fn table(kind: &jifen_plan::Kind, rows: Vec<Row>) -> KindTable {
    let fields = kind.fields.iter().enumerate().map(|(i, f)| {
        let values = rows
            .iter()
            .map(|r| r.values.get(i).cloned().flatten())
            .collect();
        column(&f.ty, values)
    });
    KindTable {
        fields: fields.collect(),
        ids: Ids::Text(rows.iter().map(|r| r.id.as_str().into()).collect()),
        subject: rows.iter().map(|r| r.subject).collect(),
        at: rows.iter().map(|r| r.at).collect(),
        day_only: rows.iter().map(|r| r.day_only).collect(),
        entered: rows.iter().map(|r| r.entered).collect(),
        rows: Vec::new(),
    }
}

/// Sometimes a confirmation, a withdrawal or a correction of a fact.
fn about(bytes: &mut Bytes<'_>, plan: &Plan, n: usize, log: &mut FactLog) {
    const ROLES: &[&str] = &["组织者", "社区", "organiser", "community"];
    let (id, target) = (format!("a{n}"), format!("f{}", bytes.below(n + 1)));
    match bytes.below(12) {
        0..=3 => {
            let role = ROLES
                .get(bytes.below(ROLES.len()))
                .copied()
                .unwrap_or_default()
                .to_owned();
            let (at, _) = bytes.instant();
            let who = format!("w{}", bytes.below(3));
            let positive = bytes.below(5) != 0;
            log.confirmations.push(Confirmation {
                id,
                target,
                role,
                who,
                positive,
                at,
                entered: at.day(),
            });
        }
        4 => {
            let entered = bytes.day();
            log.voids.push(Void {
                id,
                target,
                entered,
                note: String::new(),
            });
        }
        5 => {
            let field = bytes.below(3);
            let ty = plan
                .kinds
                .first()
                .and_then(|k| k.fields.get(field))
                .map(|f| f.ty.clone());
            let change = match (bytes.below(4), ty) {
                (0, _) => {
                    let (at, day_only) = bytes.instant();
                    Change::At(at, day_only)
                }
                (1, _) => Change::Subject(bytes.below(SUBJECTS.into()) as u32),
                (_, Some(ty)) if target == "f0" && !matches!(ty, FieldType::Span) => {
                    Change::Field(FieldIx(field as u16), value(bytes, &ty))
                }
                _ => return,
            };
            let entered = bytes.day();
            log.corrections.push(Correction {
                id,
                target,
                change,
                entered,
                note: String::new(),
            });
        }
        _ => {}
    }
}

fn openings(bytes: &mut Bytes<'_>, plan: &Plan) -> Openings {
    let mut out = Openings::default();
    if bytes.below(4) == 0 && !plan.currencies.is_empty() {
        out.lines.push(Opening {
            roster: RosterIx(0),
            subject: bytes.below(SUBJECTS.into()) as u32,
            currency: CurrencyIx(bytes.below(plan.currencies.len()) as u16),
            amount: Decimal::new(i128::from(bytes.next()) * 5 - 100, 1).unwrap_or(Decimal::ZERO),
            day: bytes.day(),
        });
    }
    out
}

pub(super) fn evaluator(input: &[u8]) {
    let bytes = &mut Bytes(input);
    let offices = seeds::offices();
    let Some(Office { plan, .. }) = offices.get(bytes.below(offices.len())) else {
        return;
    };
    let as_of = bytes.day();
    let rosters = rosters(bytes, plan);
    let openings = openings(bytes, plan);
    let log = facts(bytes, plan);
    let options = Options {
        threads: 1,
        batch_rows: 1 + bytes.below(4),
    };
    let Ok(result) = evaluate(plan, &log, &rosters, &openings, as_of, &options) else {
        feature::note("refused");
        return;
    };
    let lines = canonical_lines(plan, &log, &rosters, &result);
    for line in &lines {
        // Kind of line, item, and the shape of what happened.
        let parts: Vec<&str> = line.split('|').collect();
        feature::note((
            parts.first().copied(),
            parts.get(3).copied(),
            parts.get(5).copied().map(str::len),
        ));
        feature::note((
            parts.first().copied(),
            parts.get(3).copied(),
            parts.get(4).copied(),
        ));
    }
    feature::note(("lines", lines.len().min(40)));
    let expected = jifen_reference::evaluate(plan, &log, &rosters, &openings, as_of);
    if lines != expected {
        let ours = lines.iter().find(|l| !expected.contains(l));
        let theirs = expected.iter().find(|l| !lines.contains(l));
        panic!("the engines differ: engine {ours:?}, reference {theirs:?}");
    }
}
