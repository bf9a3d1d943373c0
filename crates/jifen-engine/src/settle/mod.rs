//! Stage 1: which facts count, when they happened and which version judges them; no rule is evaluated here.

mod overlap;
mod records;

use jifen_calendar::{Day, Instant};
use jifen_data::{Account, FactLog, FactRef, KindTable, Origin, Outcome, OutcomeKind};
use jifen_plan::{
    EventAt, FieldIx, FieldType, Kind, KindIx, Overlap, Plan, RuleDate, Value, VersionIx,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::world::{FactView, Instants, ItemsByKind, Val};

/// Codes from here on are not versions.
pub(crate) const MAX_VERSIONS: u16 = 0xFF00;

/// Where a fact stands: the version that judges it, or why none does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing(pub u16);

impl Standing {
    /// Entered after the as-of day.
    pub const UNKNOWN: Standing = Standing(0xFFFF);
    /// Withdrawn by a void.
    pub const WITHDRAWN: Standing = Standing(0xFFFE);
    /// It has an outcome of its own (contradiction, overlap, no version), is unused, or lies after the as-of day.
    pub const SET_ASIDE: Standing = Standing(0xFFFD);

    /// The version, if the fact goes on to the items.
    pub fn version(self) -> Option<VersionIx> {
        (self.0 < MAX_VERSIONS).then_some(VersionIx(self.0))
    }
}

/// All facts, settled.
#[derive(Debug, Default)]
pub(crate) struct Settled<'a> {
    /// Parallel to the kinds.
    pub kinds: Vec<SettledKind<'a>>,
    /// Outcomes of whole facts, in order of kind and row.
    pub outcomes: Vec<Outcome>,
    /// Facts of kinds that nothing reads.
    pub unused: u64,
    /// Facts entered after the as-of day.
    pub unknown_yet: u64,
}

/// The facts of one kind, settled.
#[derive(Debug)]
pub(crate) struct SettledKind<'a> {
    /// For each row.
    pub standing: Vec<Standing>,
    /// Event instants.
    pub instant: Instants<'a>,
    /// What corrections changed.
    pub patches: FxHashMap<u32, Patch>,
    /// Begin of what counts of a span, where it is not the span's own (计一次). Earlier spans begin earlier, so
    /// what they leave is always one piece at the end.
    pub counted_from: FxHashMap<u32, Instant>,
    /// Effective confirmations in the order (at, entered, id), as indices.
    pub confirmations: FxHashMap<u32, Vec<u32>>,
    /// Contradictory, or refused for an overlap.
    pub refused: FxHashSet<u32>,
}

/// What corrections changed of a fact.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patch {
    pub subject: Option<u32>,
    pub at: Option<(Instant, bool)>,
    fields: Vec<(FieldIx, Option<Value>)>,
}

impl Patch {
    /// The corrected value of a field: `Some(None)` is a blank.
    pub fn field(&self, field: FieldIx) -> Option<Option<&Value>> {
        let hit = self.fields.iter().find(|(f, _)| *f == field)?;
        Some(hit.1.as_ref())
    }

    fn set(&mut self, field: FieldIx, value: Option<Value>) {
        match self.fields.iter_mut().find(|(f, _)| *f == field) {
            Some(slot) => slot.1 = value,
            None => self.fields.push((field, value)),
        }
    }
}

/// Settles all facts.
pub(crate) fn settle<'a>(
    plan: &'a Plan,
    facts: &'a FactLog,
    as_of: Day,
    items: &ItemsByKind,
) -> Settled<'a> {
    let spoken_of = records::gather(facts, as_of);
    let mut out = Settled::default();
    for (i, (kind, table)) in plan.kinds.iter().zip(&facts.kinds).enumerate() {
        let kind_ix = KindIx(u16::try_from(i).unwrap_or(u16::MAX));
        let mut work = Work {
            plan,
            facts,
            kind,
            kind_ix,
            table,
            as_of,
            records: spoken_of.of_table(table),
            patches: FxHashMap::default(),
            outcomes: Vec::new(),
            unused: 0,
            unknown_yet: 0,
        };
        out.kinds.push(work.settle(items));
        out.outcomes.append(&mut work.outcomes);
        out.unused += work.unused;
        out.unknown_yet += work.unknown_yet;
    }
    out
}

struct Work<'a, 'r> {
    plan: &'a Plan,
    facts: &'a FactLog,
    kind: &'a Kind,
    kind_ix: KindIx,
    table: &'a KindTable,
    as_of: Day,
    records: FxHashMap<u32, &'r records::Spoken>,
    patches: FxHashMap<u32, Patch>,
    outcomes: Vec<Outcome>,
    unused: u64,
    unknown_yet: u64,
}

impl<'a> Work<'a, '_> {
    fn settle(&mut self, items: &ItemsByKind) -> SettledKind<'a> {
        let n = self.table.len();
        let mut standing: Vec<Standing> = (self.table.entered.iter())
            .map(|d| {
                if *d > self.as_of {
                    Standing::UNKNOWN
                } else {
                    Standing(0)
                }
            })
            .collect();
        self.unknown_yet = standing.iter().filter(|s| **s == Standing::UNKNOWN).count() as u64;
        self.apply_records(&mut standing);
        let mut set_aside: FxHashMap<u32, OutcomeKind> = FxHashMap::default();
        self.contradictions(&standing, &mut set_aside);
        let counted_from = self.overlaps(&standing, &mut set_aside);
        let refused = set_aside.keys().copied().collect();
        let instant = self.instants();
        for row in 0..n {
            let place = standing.get(row).copied().unwrap_or(Standing::UNKNOWN);
            if place != Standing::UNKNOWN {
                let set = if place == Standing::WITHDRAWN {
                    Some(OutcomeKind::Withdrawn)
                } else if set_aside.is_empty() {
                    None
                } else {
                    set_aside.remove(&(row as u32))
                };
                let at = instant.get(row).copied().unwrap_or(Instant(0));
                let found = self.judge(row as u32, at, set, place, items);
                if let Some(s) = standing.get_mut(row) {
                    *s = found;
                }
            }
        }
        let confirmations = self
            .records
            .iter()
            .filter(|(_, s)| !s.confirmations.is_empty());
        #[allow(
            clippy::iter_over_hash_type,
            reason = "from map to map: no order can show"
        )]
        let confirmations = confirmations
            .map(|(row, s)| (*row, s.confirmations.clone()))
            .collect();
        SettledKind {
            standing,
            instant,
            patches: std::mem::take(&mut self.patches),
            counted_from,
            confirmations,
            refused,
        }
    }

    fn view(&self, row: u32) -> FactView<'_> {
        FactView {
            kind: self.kind,
            table: self.table,
            row: row as usize,
            patch: self.patches.get(&row),
        }
    }

    fn apply_records(&mut self, standing: &mut [Standing]) {
        let mut rows: Vec<u32> = self.records.keys().copied().collect();
        rows.sort_unstable();
        for row in rows {
            let Some(place) = standing.get_mut(row as usize) else {
                continue;
            };
            let Some(spoken) = self.records.get(&row).copied() else {
                continue;
            };
            if *place == Standing::UNKNOWN {
                continue;
            }
            if spoken.withdrawn {
                *place = Standing::WITHDRAWN;
            }
            if !spoken.corrections.is_empty() {
                let patch = records::patch(self.facts, self.kind, self.table, row, spoken);
                self.patches.insert(row, patch);
            }
        }
    }

    fn contradictions(&self, standing: &[Standing], out: &mut FxHashMap<u32, OutcomeKind>) {
        if self.kind.span.is_none() {
            return;
        }
        for (row, place) in standing.iter().enumerate() {
            if place.version().is_some()
                && let Some((a, b)) = self.view(row as u32).span()
                && b < a
            {
                out.insert(row as u32, OutcomeKind::Contradiction);
            }
        }
    }

    fn overlaps(
        &self,
        standing: &[Standing],
        set_aside: &mut FxHashMap<u32, OutcomeKind>,
    ) -> FxHashMap<u32, Instant> {
        if self.kind.span.is_none() || self.kind.overlap == Overlap::Each {
            return FxHashMap::default();
        }
        let mut spans = Vec::new();
        for (row, place) in standing.iter().enumerate() {
            let row = row as u32;
            if place.version().is_some() && !set_aside.contains_key(&row) {
                let view = self.view(row);
                if let Some((begin, end)) = view.span() {
                    spans.push(overlap::SpanOf {
                        subject: view.subject(),
                        begin,
                        end,
                        row,
                    });
                }
            }
        }
        overlap::sort(&mut spans, &self.table.ids);
        match self.kind.overlap {
            Overlap::Once => overlap::once(&spans),
            Overlap::Each => FxHashMap::default(),
            Overlap::Reject => {
                for (row, by) in overlap::reject(&spans) {
                    let by = FactRef {
                        kind: self.kind_ix,
                        row: by,
                    };
                    set_aside.insert(row, OutcomeKind::Overlaps(by));
                }
                FxHashMap::default()
            }
        }
    }

    fn instants(&self) -> Instants<'a> {
        if self.kind.at == EventAt::Start && self.kind.span.is_none() && self.patches.is_empty() {
            return Instants::Borrowed(&self.table.at);
        }
        let rows = 0..self.table.len() as u32;
        Instants::Owned(rows.map(|row| event_instant(self.view(row))).collect())
    }

    /// The standing of a known fact; pushes its outcome if it has one.
    fn judge(
        &mut self,
        row: u32,
        at: Instant,
        set_aside: Option<OutcomeKind>,
        place: Standing,
        items: &ItemsByKind,
    ) -> Standing {
        if let Some(kind) = set_aside {
            self.push(row, kind);
            return if place == Standing::WITHDRAWN {
                place
            } else {
                Standing::SET_ASIDE
            };
        }
        let rule_day = self.rule_day(row, at);
        let Some(version) = version_on(self.plan, rule_day) else {
            self.push(row, OutcomeKind::NoVersion);
            return Standing::SET_ASIDE;
        };
        if !items.used(self.kind_ix, version) {
            self.unused += 1;
            return Standing::SET_ASIDE;
        }
        if at.day() > self.as_of {
            return Standing::SET_ASIDE;
        }
        Standing(version.0)
    }

    fn rule_day(&self, row: u32, at: Instant) -> Day {
        match self.plan.rule_date {
            RuleDate::Event => at.day(),
            RuleDate::Entry => self.view(row).entered(),
            RuleDate::Confirmation => {
                let spoken = self.records.get(&row).map(|s| s.confirmations.as_slice());
                last_positive(self.facts, spoken.unwrap_or_default()).unwrap_or_else(|| at.day())
            }
        }
    }

    fn push(&mut self, row: u32, kind: OutcomeKind) {
        let account = Account {
            roster: self.kind.subject,
            subject: self.view(row).subject(),
        };
        let origin = Origin::Fact(FactRef {
            kind: self.kind_ix,
            row,
        });
        self.outcomes.push(Outcome {
            account,
            origin,
            item: None,
            kind,
        });
    }
}

/// The civil day of the last positive confirmation of a list in order.
pub(crate) fn last_positive(facts: &FactLog, confirmations: &[u32]) -> Option<Day> {
    let mut positive = confirmations
        .iter()
        .rev()
        .filter_map(|i| facts.confirmations.get(*i as usize))
        .filter(|c| c.positive);
    positive.next().map(|c| c.at.day())
}

/// The version in force on a rule day.
pub(crate) fn version_on(plan: &Plan, day: Day) -> Option<VersionIx> {
    let i = (plan.versions.iter()).position(|v| v.from <= day && v.to.is_none_or(|to| day < to))?;
    Some(VersionIx(u16::try_from(i).ok()?))
}

/// S3: the instant of the event.
pub(crate) fn event_instant(view: FactView<'_>) -> Instant {
    let (at, day_only) = view.at();
    match view.kind.at {
        EventAt::Start if day_only => at,
        EventAt::Start => view.span().map_or(at, |s| s.0),
        EventAt::End => view.span().map_or(at, |s| s.1),
        EventAt::Entry => view.entered().start(),
        EventAt::Field(f) => match view.field(f) {
            Some(Val::Date(d)) => d.start(),
            Some(Val::Instant(i)) => i,
            _ => at,
        },
    }
}

/// Is the clock time of the event unknown?
pub(crate) fn is_day_only(view: FactView<'_>) -> bool {
    let (_, at_day_only) = view.at();
    if view.kind.span.is_some() && view.span().is_none() {
        return true;
    }
    match view.kind.at {
        EventAt::Start => at_day_only,
        EventAt::End => view.kind.span.is_none() && at_day_only,
        EventAt::Entry => true,
        EventAt::Field(f) => {
            let ty = view.kind.fields.get(f.ix()).map(|f| &f.ty);
            ty == Some(&FieldType::Date) || (view.field(f).is_none() && at_day_only)
        }
    }
}
