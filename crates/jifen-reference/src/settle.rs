//! Settling (section 1 of the evaluation page): what is known, withdrawn, corrected, overlapping; and each fact's instant.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jifen_data::column::BLANK;
use jifen_data::{Change, Column, Confirmation, FactLog, Numbers};
use jifen_plan::{EventAt, FieldType, Kind, Overlap, Plan};

use crate::eval::V;
use crate::number::{of, scaled};
use crate::time::DAY;

/// A fact as it stands after corrections.
#[derive(Clone)]
pub struct Fact {
    /// Index of its kind.
    pub kind: usize,
    /// Id.
    pub id: String,
    /// Subject's code.
    pub subject: u32,
    /// Entry day.
    pub entered: i64,
    /// Values; a blank is `None`.
    pub fields: Vec<Option<V>>,
    /// S3: the event's instant.
    pub instant: i64,
    /// Its clock time is not known.
    pub day_only: bool,
    /// Begin and end of the span.
    pub span: Option<(i64, i64)>,
    /// The parts of the span that count.
    pub counted: Vec<(i64, i64)>,
    /// Why it plays no part, in canonical words.
    pub out: Option<String>,
}

/// S3: ids compare by length, then bytes.
pub fn id_order(a: &str, b: &str) -> Ordering {
    (a.len(), a).cmp(&(b.len(), b))
}

/// All known facts, settled.
pub fn facts(plan: &Plan, log: &FactLog, as_of: i64) -> Vec<Fact> {
    let voided = voided(log, as_of);
    let mut out = Vec::new();
    for (kind, (k, table)) in plan.kinds.iter().zip(&log.kinds).enumerate() {
        for row in 0..table.len() {
            let entered = table.entered.get(row).map_or(0, |d| i64::from(d.0));
            if entered > as_of {
                continue;
            }
            let value = |c: &Column| value(c, row);
            let mut fact = Fact {
                kind,
                id: table.ids.text(row),
                subject: table.subject.get(row).copied().unwrap_or(u32::MAX),
                entered,
                fields: table.fields.iter().map(value).collect(),
                instant: table.at.get(row).map_or(0, |i| i.0),
                day_only: table.day_only.get(row).copied().unwrap_or(true),
                span: None,
                counted: Vec::new(),
                out: None,
            };
            correct(&mut fact, k, log, &voided, as_of);
            place(&mut fact, k);
            if voided.contains(&fact.id) {
                fact.out = Some("withdrawn|".to_owned());
            }
            out.push(fact);
        }
    }
    overlaps(plan, &mut out);
    out
}

/// The value of a row of a column; a blank is `None`.
fn value(column: &Column, row: usize) -> Option<V> {
    Some(match column {
        Column::Number(Numbers::Narrow { scale, values }) => {
            let mantissa = values.get(row).copied().filter(|m| *m != BLANK)?;
            V::Num(scaled(mantissa, *scale))
        }
        Column::Number(Numbers::Wide(values)) => V::Num(of((*values.get(row)?)?)),
        Column::Text(t) => V::Text(t.dict.get_index(*t.codes.get(row)? as usize)?.clone()),
        Column::YesNo(v) => match v.get(row)? {
            0 => V::YesNo(false),
            1 => V::YesNo(true),
            _ => return None,
        },
        Column::Date(v) => V::Day(i64::from((*v.get(row)?)?.0)),
        Column::Instant(v) => V::Instant((*v.get(row)?)?.0),
        Column::Span(v) => {
            let (a, b) = (*v.get(row)?)?;
            V::Span(a.0, b.0)
        }
    })
}

/// S25: the ids that effective withdrawals name. The newest speak first, since a withdrawal can be withdrawn.
fn voided(log: &FactLog, as_of: i64) -> BTreeSet<String> {
    let mut voids: Vec<_> = log.voids.iter().collect();
    voids.retain(|v| i64::from(v.entered.0) <= as_of);
    voids.sort_by(|a, b| (b.entered.0.cmp(&a.entered.0)).then_with(|| id_order(&b.id, &a.id)));
    let mut targets = BTreeSet::new();
    for v in voids {
        if !targets.contains(&v.id) {
            targets.insert(v.target.clone());
        }
    }
    targets
}

/// S25: corrections in the order in which they were entered.
fn correct(fact: &mut Fact, kind: &Kind, log: &FactLog, voided: &BTreeSet<String>, as_of: i64) {
    let mut list: Vec<_> = log.corrections.iter().collect();
    list.retain(|c| {
        c.target == fact.id && i64::from(c.entered.0) <= as_of && !voided.contains(&c.id)
    });
    list.sort_by(|a, b| (a.entered.0.cmp(&b.entered.0)).then_with(|| id_order(&a.id, &b.id)));
    let span = kind.span.map(|f| f.ix());
    for c in list {
        let old = span.and_then(|s| fact.fields.get(s).cloned().flatten());
        let new = match (&c.change, old) {
            (Change::Field(f, value), _) => {
                if let Some(slot) = fact.fields.get_mut(f.ix()) {
                    *slot = value.clone().map(V::from);
                }
                continue;
            }
            (Change::At(at, day_only), _) => {
                (fact.instant, fact.day_only) = (at.0, *day_only);
                continue;
            }
            (Change::Subject(s), _) => {
                fact.subject = *s;
                continue;
            }
            (Change::SpanStart(t), Some(V::Span(_, end))) => {
                fact.instant = t.0;
                V::Span(t.0, end)
            }
            (Change::SpanStart(t), _) => {
                fact.instant = t.0;
                continue;
            }
            (Change::SpanEnd(t), Some(V::Span(start, _))) => V::Span(start, t.0),
            (Change::SpanEnd(_), _) => continue,
        };
        if let Some(slot) = span.and_then(|s| fact.fields.get_mut(s)) {
            *slot = Some(new);
        }
    }
}

/// S3: span, instant and whether a clock time is known.
fn place(fact: &mut Fact, kind: &Kind) {
    let value = |ix: usize| fact.fields.get(ix).cloned().flatten();
    if let Some(V::Span(a, b)) = kind.span.and_then(|f| value(f.ix())) {
        fact.span = Some((a, b));
        fact.counted = vec![(a, b)];
        if b < a {
            fact.out = Some("contradiction|".to_owned());
        }
    }
    let no_span = kind.span.is_some() && fact.span.is_none();
    let (instant, day_only) = match kind.at {
        EventAt::Start => match fact.span {
            Some((a, _)) if !fact.day_only => (a, false),
            _ => (fact.instant, fact.day_only),
        },
        EventAt::End => (fact.span.map_or(fact.instant, |s| s.1), false),
        EventAt::Entry => (fact.entered * DAY, true),
        EventAt::Field(f) => {
            let date = kind
                .fields
                .get(f.ix())
                .is_some_and(|f| f.ty == FieldType::Date);
            match value(f.ix()) {
                Some(V::Day(d)) => (d * DAY, true),
                Some(V::Instant(t)) => (t, false),
                _ => (fact.instant, date || fact.day_only),
            }
        }
    };
    (fact.instant, fact.day_only) = (instant, day_only || no_span);
}

/// Spans of one subject and kind that overlap, in the order (begin, id).
fn overlaps(plan: &Plan, facts: &mut [Fact]) {
    let mut order: Vec<usize> = (0..facts.len()).collect();
    order.retain(|i| {
        facts
            .get(*i)
            .is_some_and(|f| f.out.is_none() && f.span.is_some())
    });
    order.sort_by_key(|i| {
        let fact = facts.get(*i);
        fact.map(|f| (f.span.map(|s| s.0), f.id.len(), f.id.clone()))
    });
    let mut earlier: Vec<Fact> = Vec::new();
    for i in order {
        let Some(fact) = facts.get_mut(i) else {
            continue;
        };
        let (Some(kind), Some((a, b))) = (plan.kinds.get(fact.kind), fact.span) else {
            continue;
        };
        let mine = |e: &&Fact| e.kind == fact.kind && e.subject == fact.subject;
        let shares = |e: &Fact| e.span.is_some_and(|(c, d)| a.max(c) < b.min(d));
        match kind.overlap {
            Overlap::Each => {}
            Overlap::Once => {
                let taken: Vec<_> = earlier.iter().filter(mine).filter_map(|e| e.span).collect();
                fact.counted = taken
                    .iter()
                    .fold(vec![(a, b)], |parts, cut| less(&parts, *cut));
            }
            Overlap::Reject => {
                let other = earlier
                    .iter()
                    .filter(mine)
                    .find(|e| e.out.is_none() && shares(e));
                if let Some(other) = other {
                    fact.out = Some(format!("overlaps|{}", other.id));
                }
            }
        }
        earlier.push(fact.clone());
    }
}

/// What is left of the parts without `cut`.
fn less(parts: &[(i64, i64)], cut: (i64, i64)) -> Vec<(i64, i64)> {
    let pieces = parts
        .iter()
        .flat_map(|&(a, b)| [(a, b.min(cut.0)), (a.max(cut.1), b)]);
    pieces.filter(|(a, b)| a < b).collect()
}

/// S24: the known confirmations and objections of a fact, in order.
pub fn confirmations<'a>(log: &'a FactLog, fact: &str, as_of: i64) -> Vec<&'a Confirmation> {
    let voided = voided(log, as_of);
    let mut list: Vec<_> = log.confirmations.iter().collect();
    list.retain(|c| c.target == fact && i64::from(c.entered.0) <= as_of && !voided.contains(&c.id));
    list.sort_by(|a, b| {
        (a.at, a.entered)
            .cmp(&(b.at, b.entered))
            .then_with(|| id_order(&a.id, &b.id))
    });
    list
}
