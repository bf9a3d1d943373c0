//! What a test states as rosters, facts and openings. The compiler has checked that it fits the Plan.

use super::Case;
use jifen_calendar::Day;
use jifen_compiler::TestCase;
use jifen_compiler::testcase::{Stand, TestChange, TestFact, TestStood};
use jifen_data::{
    Account, AttrTable, Change, Column, Confirmation, Correction, FactLog, Ids, KindTable,
    NotTaken, Numbers, Opening, OpeningStanding, Openings, RosterData, RosterTable, TextColumn,
    Void, Was,
};
use jifen_diag::{Diagnostic, codes};
use jifen_plan::{Field, FieldType, Kind, Plan, RosterIx, StandingKind, Ty, Value};

/// Makes the inputs of a test.
pub(super) fn case(plan: &Plan, test: &TestCase) -> Case {
    let rosters = rosters(plan, test);
    let facts = FactLog {
        kinds: plan
            .kinds
            .iter()
            .enumerate()
            .map(|(k, kind)| table(k, kind, test, &rosters))
            .collect(),
        voids: test.voids.iter().map(void).collect(),
        corrections: test
            .corrections
            .iter()
            .filter_map(|c| correction(plan, test, &rosters, c))
            .collect(),
        confirmations: test.confirmations.iter().map(confirmation).collect(),
        files: Vec::new(),
    };
    let first = plan.versions.first().map_or(Day(0), |v| v.from);
    let openings = test.openings.iter().filter_map(|o| {
        Some(Opening {
            roster: o.roster,
            subject: code(&rosters, o.roster, &o.subject)?,
            currency: o.currency,
            amount: o.amount,
            day: o.day.unwrap_or(first),
        })
    });
    let (mut standings, mut problems) = (Vec::<OpeningStanding>::new(), Vec::new());
    for t in &test.taken_over {
        match taken_over(plan, &rosters, t) {
            Ok(line) => match standings.iter().find(|s| s.about() == line.about()) {
                None => standings.push(line),
                Some(same) if *same == line => {}
                Some(_) => problems.push(not_taken(t, NotTaken::Twice)),
            },
            Err(why) => problems.push(not_taken(t, why)),
        }
    }
    Case {
        openings: Openings {
            lines: openings.collect(),
            standings,
        },
        as_of: test.as_of.or_else(|| last_day(test)).unwrap_or(first),
        rosters,
        facts,
        problems,
    }
}

fn taken_over(
    plan: &Plan,
    rosters: &RosterData,
    t: &TestStood,
) -> Result<OpeningStanding, NotTaken> {
    let subject = code(rosters, t.roster, &t.subject).ok_or(NotTaken::OtherRoster)?;
    let account = Account {
        roster: t.roster,
        subject,
    };
    let named = plan.standings.get(t.standing.ix());
    let name = named.map_or("", |s| s.name.as_str());
    OpeningStanding::new(plan, name, account, t.day, |of| {
        Some(match (&t.was, &of.what) {
            (Stand::Level(name), StandingKind::Grade(g)) => {
                let at = g.names.iter().position(|n| n == name)?;
                Was::Level(u16::try_from(at).ok()?)
            }
            (Stand::YesNo(yes), StandingKind::Flag(_)) => Was::Held(*yes),
            (Stand::YesNo(yes), StandingKind::Right(_)) => Was::Right(*yes, None),
            (Stand::Worth(n, dim), StandingKind::Right(r)) => {
                let fits = |e| plan.exprs.ty(e) == Ty::Num(*dim);
                r.worth
                    .is_some_and(fits)
                    .then_some(Was::Right(true, Some(*n)))?
            }
            _ => return None,
        })
    })
}

fn not_taken(t: &TestStood, why: NotTaken) -> Diagnostic {
    let (message, help) = jifen_facts::not_taken_text(why);
    Diagnostic::new(codes::TEST_FAILED, t.span, message).help(help)
}

/// The last day that a test mentions.
fn last_day(test: &TestCase) -> Option<Day> {
    let ends = test.facts.iter().flat_map(|f| {
        f.fields.iter().map(|(_, v)| match v {
            Value::Span(_, end) => end.day(),
            _ => f.at.day(),
        })
    });
    let facts = test.facts.iter().map(|f| f.at.day().max(f.entered));
    let voids = test.voids.iter().map(|v| v.entered);
    let corrections = test.corrections.iter().map(|c| c.entered);
    let confirmations = test.confirmations.iter().map(|c| c.at.day().max(c.entered));
    ends.chain(facts)
        .chain(voids)
        .chain(corrections)
        .chain(confirmations)
        .max()
}

fn code(rosters: &RosterData, roster: RosterIx, id: &str) -> Option<u32> {
    let ix = rosters.table(roster)?.ids.get_index_of(id)?;
    u32::try_from(ix).ok()
}

fn rosters(plan: &Plan, test: &TestCase) -> RosterData {
    let mut tables: Vec<RosterTable> = plan
        .rosters
        .iter()
        .map(|r| RosterTable {
            attrs: vec![AttrTable::default(); r.attrs.len()],
            ..RosterTable::default()
        })
        .collect();
    // By roster, attribute and subject.
    let mut lines: Vec<Vec<Vec<Line>>> = (plan.rosters.iter())
        .map(|r| vec![Vec::new(); r.attrs.len()])
        .collect();
    for s in &test.subjects {
        let of = s.roster.ix();
        let (Some(table), Some(lines)) = (tables.get_mut(of), lines.get_mut(of)) else {
            continue;
        };
        let (ix, new) = table.ids.insert_full(s.id.clone());
        if new {
            table.names.push(None);
            table.present.push([(Day::MIN, Day::MAX)]);
            lines.iter_mut().for_each(|l| l.push(Line::new()));
        }
        for (attr, value, from, to) in &s.attrs {
            let line = lines.get_mut(attr.ix()).and_then(|l| l.get_mut(ix));
            let (Some(attr), Some(line)) = (table.attrs.get_mut(attr.ix()), line) else {
                continue;
            };
            let code = attr.values.insert_full(value.clone()).0;
            let code = u32::try_from(code).unwrap_or(u32::MAX);
            lay(
                line,
                (from.unwrap_or(Day::MIN), to.unwrap_or(Day::MAX), code),
            );
        }
    }
    for (table, lines) in tables.iter_mut().zip(lines) {
        for (attr, lines) in table.attrs.iter_mut().zip(lines) {
            attr.rows = lines.into_iter().collect();
        }
    }
    RosterData { tables }
}

/// The values of an attribute of one subject.
type Line = Vec<(Day, Day, u32)>;

/// Lays a dated value over those written before it.
fn lay(rows: &mut Line, new: (Day, Day, u32)) {
    let mut out: Vec<(Day, Day, u32)> = Vec::new();
    for (from, to, code) in rows.drain(..) {
        if from < new.0 {
            out.push((from, to.min(new.0), code));
        }
        if to > new.1 {
            out.push((from.max(new.1), to, code));
        }
    }
    out.push(new);
    out.retain(|(from, to, _)| from < to);
    out.sort_unstable();
    *rows = out;
}

fn void(v: &jifen_compiler::testcase::TestVoid) -> Void {
    Void {
        id: v.id.clone(),
        target: v.target.clone(),
        entered: v.entered,
        note: String::new(),
    }
}

fn confirmation(c: &jifen_compiler::testcase::TestConfirmation) -> Confirmation {
    Confirmation {
        id: c.id.clone(),
        target: c.target.clone(),
        role: c.role.clone(),
        who: c.who.clone(),
        positive: c.positive,
        at: c.at,
        entered: c.entered,
    }
}

fn correction(
    plan: &Plan,
    test: &TestCase,
    rosters: &RosterData,
    c: &jifen_compiler::testcase::TestCorrection,
) -> Option<Correction> {
    let change = match &c.change {
        TestChange::Field(f, v) => Change::Field(*f, Some(v.clone())),
        TestChange::At(i, day_only) => Change::At(*i, *day_only),
        TestChange::SpanStart(i) => Change::SpanStart(*i),
        TestChange::SpanEnd(i) => Change::SpanEnd(*i),
        TestChange::Subject(id) => {
            let target = test.facts.iter().find(|f| f.id == c.target)?;
            let roster = plan.kinds.get(target.kind.ix())?.subject;
            Change::Subject(code(rosters, roster, id)?)
        }
    };
    Some(Correction {
        id: c.id.clone(),
        target: c.target.clone(),
        change,
        entered: c.entered,
        note: String::new(),
    })
}

fn table(k: usize, kind: &Kind, test: &TestCase, rosters: &RosterData) -> KindTable {
    let mine =
        |f: &&TestFact| f.kind.ix() == k && code(rosters, kind.subject, &f.subject).is_some();
    let rows: Vec<&TestFact> = test.facts.iter().filter(mine).collect();
    let columns = kind.fields.iter().enumerate();
    KindTable {
        ids: Ids::Text(rows.iter().map(|r| r.id.clone().into_boxed_str()).collect()),
        subject: rows
            .iter()
            .filter_map(|r| code(rosters, kind.subject, &r.subject))
            .collect(),
        at: rows.iter().map(|r| r.at).collect(),
        day_only: rows.iter().map(|r| r.day_only).collect(),
        entered: rows.iter().map(|r| r.entered).collect(),
        fields: columns.map(|(f, field)| column(f, field, &rows)).collect(),
        rows: Vec::new(),
    }
}

fn column(f: usize, field: &Field, rows: &[&TestFact]) -> Column {
    let values = rows.iter().map(|r| {
        let found = r.fields.iter().find(|(ix, _)| ix.ix() == f);
        found.map(|(_, v)| v.clone())
    });
    match field.ty {
        FieldType::Number(_) | FieldType::Percent => {
            let number = |v| match v {
                Some(Value::Num(n)) => Some(n),
                _ => None,
            };
            Column::Number(Numbers::Wide(values.map(number).collect()))
        }
        FieldType::YesNo => {
            let yes_no = |v| match v {
                Some(Value::YesNo(b)) => u8::from(b),
                _ => 2,
            };
            Column::YesNo(values.map(yes_no).collect())
        }
        FieldType::Date => {
            let date = |v| match v {
                Some(Value::Date(d)) => Some(d),
                _ => None,
            };
            Column::Date(values.map(date).collect())
        }
        FieldType::Instant => {
            let instant = |v| match v {
                Some(Value::Instant(i)) => Some(i),
                _ => None,
            };
            Column::Instant(values.map(instant).collect())
        }
        FieldType::Span => {
            let span = |v| match v {
                Some(Value::Span(a, b)) => Some((a, b)),
                _ => None,
            };
            Column::Span(values.map(span).collect())
        }
        FieldType::Text
        | FieldType::Choice(_)
        | FieldType::Group
        | FieldType::Ref(_)
        | FieldType::Refs(_) => {
            let mut out = TextColumn::default();
            for v in values {
                match v {
                    Some(Value::Text(t)) => out.push(Some(&t)),
                    _ => out.push(None),
                }
            }
            Column::Text(out)
        }
    }
}
