//! The whole evaluation: stages in order, parts in parallel, merged in an order that no part can change.

use jifen_calendar::Day;
use jifen_data::{
    Counts, Evaluation, FactLog, FactRef, Ledger, Openings, Origin, Outcome, OutcomeKind,
    RosterData,
};
use jifen_plan::{KindIx, Plan};
use rayon::prelude::*;

use crate::balances;
use crate::error::EngineError;
use crate::partition::Components;
use crate::period::{self, PeriodRows};
use crate::settle::settle;
use crate::shape;
use crate::sweep::{Event, Field, Source, Swept, sweep};
use crate::world::{ItemsByKind, World};

/// How to compute; never what.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Worker threads; 0 counts as 1.
    pub threads: usize,
    /// Rows of a batch; 0 counts as 1.
    pub batch_rows: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            threads: 1,
            batch_rows: 8_192,
        }
    }
}

/// Evaluates a Plan over facts: the same result for any threads, batches and order of rows.
///
/// # Errors
/// Where Plan and data do not fit together, or a sum over all accounts is too large to be held.
pub fn evaluate(
    plan: &Plan,
    facts: &FactLog,
    rosters: &RosterData,
    openings: &Openings,
    as_of: Day,
    options: &Options,
) -> Result<Evaluation, EngineError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads.max(1))
        .build();
    let pool = pool.map_err(|e| EngineError::Threads(e.to_string()))?;
    pool.install(|| in_pool(plan, facts, rosters, openings, as_of, options))
}

/// Settles the inputs.
pub(crate) fn world<'a>(
    plan: &'a Plan,
    facts: &'a FactLog,
    rosters: &'a RosterData,
    as_of: Day,
) -> Result<World<'a>, EngineError> {
    shape::check(plan, facts, rosters)?;
    let items = ItemsByKind::new(plan);
    let settled = settle(plan, facts, as_of, &items);
    Ok(World {
        plan,
        facts,
        rosters,
        as_of,
        settled,
        items,
    })
}

fn in_pool(
    plan: &Plan,
    facts: &FactLog,
    rosters: &RosterData,
    openings: &Openings,
    as_of: Day,
    options: &Options,
) -> Result<Evaluation, EngineError> {
    let mut world = world(plan, facts, rosters, as_of)?;
    let fact_outcomes = std::mem::take(&mut world.settled.outcomes);
    let components = Components::new(&world);
    let rows = PeriodRows::new(&world);
    let field = Field {
        world: &world,
        rows: &rows,
        openings,
        traced: None,
    };
    let parts = parts(&world, &components, options);
    let swept: Result<Vec<Swept<'_>>, EngineError> = parts
        .into_par_iter()
        .map(|(range, mut events)| {
            events.sort_unstable_by(|a, b| {
                let of = |e: &Event| components.of(e.account);
                of(a).cmp(&of(b)).then_with(|| a.compare(b, &world))
            });
            sweep_part(&field, &components, range, &events)
        })
        .collect();
    let mut swept = swept?;
    let mut counts = Counts {
        unused: world.settled.unused,
        unknown_yet: world.settled.unknown_yet,
        ..Counts::default()
    };
    let mut outcomes = fact_outcomes;
    for part in &mut swept {
        counts.scored += part.scored;
        outcomes.append(&mut part.outcomes);
    }
    outcomes.par_sort_unstable_by_key(outcome_key);
    for o in &outcomes {
        count(&mut counts, &o.kind);
    }
    let (balances, conservation) = balances::close(plan, openings, &mut swept)?;
    let ledger = merge(&components, swept);
    Ok(Evaluation {
        as_of,
        ledger,
        outcomes,
        counts,
        balances,
        conservation,
    })
}

/// (facts before periods, kind, row or day, item, account).
fn outcome_key(o: &Outcome) -> (bool, u16, i64, u16, jifen_data::Account) {
    let item = o.item.map_or(0, |i| i.0);
    match o.origin {
        Origin::Fact(f) => (false, f.kind.0, i64::from(f.row), item, o.account),
        Origin::Period(day) => (true, 0, i64::from(day.0), item, o.account),
    }
}

fn count(counts: &mut Counts, kind: &OutcomeKind) {
    let slot = match kind {
        OutcomeKind::NoVersion
        | OutcomeKind::NotApplicable(_)
        | OutcomeKind::NoAmount
        | OutcomeKind::Withdrawn
        | OutcomeKind::Overlaps(_) => &mut counts.not_applicable,
        OutcomeKind::CannotTell(_) => &mut counts.cannot_tell,
        OutcomeKind::Failed(_) | OutcomeKind::Contradiction => &mut counts.failed,
        OutcomeKind::Pending(..) => &mut counts.pending,
        OutcomeKind::Rejected(..) | OutcomeKind::Lapsed(..) => &mut counts.refused,
    };
    *slot += 1;
}

type Part = (std::ops::Range<usize>, Vec<Event>);

/// Ranges of components with their events, in no particular order.
fn parts(world: &World<'_>, components: &Components, options: &Options) -> Vec<Part> {
    let facts: usize = world.facts.kinds.iter().map(|k| k.len()).sum();
    let wanted = (facts / 50_000 + 1)
        .max(options.threads * 4)
        .min(components.count.max(1));
    let size = components.count.div_ceil(wanted).max(1);
    let mut parts: Vec<Part> = (0..components.count.div_ceil(size))
        .map(|i| (i * size..((i + 1) * size).min(components.count), Vec::new()))
        .collect();
    let mut push = |event: Event| {
        if let Some(part) = parts.get_mut(components.of(event.account) / size) {
            part.1.push(event);
        }
    };
    for event in fact_events(world) {
        push(event);
    }
    for event in period::events(world) {
        push(event);
    }
    parts
}

/// All runs of items that facts trigger.
pub(crate) fn fact_events<'w>(world: &'w World<'_>) -> impl Iterator<Item = Event> + use<'w> {
    let kinds = (0_u16..).map(KindIx).zip(&world.settled.kinds);
    kinds.flat_map(move |(kind, settled)| {
        let rows = (0_u32..).zip(settled.standing.iter().zip(settled.instant.iter()));
        rows.flat_map(move |(row, (standing, at))| {
            let fact = FactRef { kind, row };
            let items = standing
                .version()
                .map_or(&[][..], |v| world.items.triggered(kind, v));
            let account = world.fact(fact).ok().map(|view| jifen_data::Account {
                roster: view.kind.subject,
                subject: view.subject(),
            });
            let runs = account.into_iter().flat_map(move |account| {
                let event = move |item: &_| Event {
                    at: *at,
                    item: *item,
                    account,
                    source: Source::Fact(fact),
                };
                items.iter().map(event)
            });
            runs
        })
    })
}

/// Sweeps the components of a part one after the other.
fn sweep_part<'w>(
    field: &Field<'w>,
    components: &Components,
    range: std::ops::Range<usize>,
    events: &[Event],
) -> Result<Swept<'w>, EngineError> {
    let mut out = Swept::default();
    for own in events.chunk_by(|a, b| components.of(a.account) == components.of(b.account)) {
        let Some(number) = own.first().map(|e| components.of(e.account)) else {
            continue;
        };
        debug_assert!(range.contains(&number), "an event in the wrong part");
        let mut one = sweep(field, own, |a| components.of(a) == number)?;
        out.postings.append(&mut one.postings);
        out.outcomes.append(&mut one.outcomes);
        out.scored += one.scored;
        out.sums.append(&mut one.sums);
    }
    out.sort();
    Ok(out)
}

/// One ledger in canonical order.
fn merge(components: &Components, mut swept: Vec<Swept<'_>>) -> Ledger {
    if !components.by_account() {
        let mut all = Swept::default();
        for part in &mut swept {
            all.postings.append(&mut part.postings);
        }
        all.sort();
        swept = vec![all];
    }
    let mut ledger = Ledger::new();
    for part in swept {
        let mut chunk = jifen_data::LedgerChunk::with_capacity(part.postings.len());
        for e in &part.postings {
            chunk.push(&e.posting);
        }
        ledger.push_chunk(chunk);
    }
    ledger
}
