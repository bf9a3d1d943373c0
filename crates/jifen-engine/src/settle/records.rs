//! Records that speak of facts (void, correct, confirm): which are effective, and what they change (S25).

use jifen_calendar::Day;
use jifen_data::{Change, FactLog, Ids, KindTable, compare_ids};
use jifen_plan::{Kind, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Patch;
use crate::world::{FactView, Val};

/// What effective records say about one id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spoken {
    /// An effective void targets it.
    pub withdrawn: bool,
    /// Effective corrections in the order (entered, id), as indices.
    pub corrections: Vec<u32>,
    /// Effective confirmations in the order (at, entered, id), as indices.
    pub confirmations: Vec<u32>,
}

/// Every id spoken of.
#[derive(Debug, Default)]
pub(crate) struct SpokenOf<'a> {
    by_id: FxHashMap<&'a str, Spoken>,
}

/// Gathers the effective records known on the as-of day.
pub(crate) fn gather(facts: &FactLog, as_of: Day) -> SpokenOf<'_> {
    let voided = effective_voids(facts, as_of);
    let mut by_id: FxHashMap<&str, Spoken> = FxHashMap::default();
    let mut targets: Vec<&str> = voided.iter().copied().collect();
    targets.sort_unstable();
    for target in targets {
        by_id.entry(target).or_default().withdrawn = true;
    }
    let mut corrections: Vec<(u32, _)> = (0..).zip(&facts.corrections).collect();
    corrections.retain(|(_, c)| c.entered <= as_of && !voided.contains(c.id.as_str()));
    corrections.sort_by(|(_, a), (_, b)| {
        a.entered
            .cmp(&b.entered)
            .then_with(|| compare_ids(&a.id, &b.id))
    });
    for (i, c) in corrections {
        by_id.entry(&c.target).or_default().corrections.push(i);
    }
    let mut confirmations: Vec<(u32, _)> = (0..).zip(&facts.confirmations).collect();
    confirmations.retain(|(_, c)| c.entered <= as_of && !voided.contains(c.id.as_str()));
    confirmations.sort_by(|(_, a), (_, b)| {
        (a.at, a.entered)
            .cmp(&(b.at, b.entered))
            .then_with(|| compare_ids(&a.id, &b.id))
    });
    for (i, c) in confirmations {
        by_id.entry(&c.target).or_default().confirmations.push(i);
    }
    SpokenOf { by_id }
}

/// Ids that effective voids target: later ones decide about earlier ones.
fn effective_voids(facts: &FactLog, as_of: Day) -> FxHashSet<&str> {
    let mut voids: Vec<_> = facts.voids.iter().filter(|v| v.entered <= as_of).collect();
    voids.sort_by(|a, b| {
        b.entered
            .cmp(&a.entered)
            .then_with(|| compare_ids(&b.id, &a.id))
    });
    let mut targets = FxHashSet::default();
    for v in voids {
        if !targets.contains(v.id.as_str()) {
            targets.insert(v.target.as_str());
        }
    }
    targets
}

impl SpokenOf<'_> {
    /// The rows of a table that are spoken of.
    pub fn of_table(&self, table: &KindTable) -> FxHashMap<u32, &Spoken> {
        let mut out = FxHashMap::default();
        if self.by_id.is_empty() {
            return out;
        }
        match &table.ids {
            Ids::Text(ids) => {
                for (row, id) in (0_u32..).zip(ids) {
                    if let Some(s) = self.by_id.get(&**id) {
                        out.insert(row, s);
                    }
                }
            }
            Ids::Int(ids) => {
                let numbers = self.whole_numbers();
                for (row, id) in (0_u32..).zip(ids) {
                    if let Some(s) = numbers.get(id) {
                        out.insert(row, *s);
                    }
                }
            }
        }
        out
    }

    fn whole_numbers(&self) -> FxHashMap<i64, &Spoken> {
        let canonical = |t: &str| {
            t.parse::<i64>()
                .ok()
                .filter(|n| *n >= 0 && n.to_string() == t)
        };
        #[allow(
            clippy::iter_over_hash_type,
            reason = "from map to map: no order can show"
        )]
        self.by_id
            .iter()
            .filter_map(|(id, s)| Some((canonical(id)?, s)))
            .collect()
    }
}

/// Applies the corrections of a fact in order.
pub(super) fn patch(
    facts: &FactLog,
    kind: &Kind,
    table: &KindTable,
    row: u32,
    spoken: &Spoken,
) -> Patch {
    let mut patch = Patch::default();
    for i in &spoken.corrections {
        let Some(c) = facts.corrections.get(*i as usize) else {
            continue;
        };
        let view = FactView {
            kind,
            table,
            row: row as usize,
            patch: Some(&patch),
        };
        let (_, day_only) = view.at();
        let span = kind.span.zip(match kind.span.and_then(|f| view.raw(f)) {
            Some(Val::Span(a, b)) => Some((a, b)),
            _ => None,
        });
        match &c.change {
            Change::Field(field, value) => patch.set(*field, value.clone()),
            Change::At(at, day_only) => patch.at = Some((*at, *day_only)),
            Change::SpanStart(start) => {
                if let Some((field, (_, end))) = span {
                    patch.set(field, Some(Value::Span(*start, end)));
                }
                patch.at = Some((*start, day_only));
            }
            Change::SpanEnd(end) => {
                if let Some((field, (start, _))) = span {
                    patch.set(field, Some(Value::Span(start, *end)));
                }
            }
            Change::Subject(subject) => patch.subject = Some(*subject),
        }
    }
    patch
}
