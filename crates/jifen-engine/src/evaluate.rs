//! The whole evaluation: stages in order, parts in parallel, merged in an order that no part can change.

use jifen_calendar::{Day, Instant};
use jifen_data::{
    Account, Counts, Evaluation, FactLog, FactRef, Lapse, Ledger, Lot, NotShared, Openings, Origin,
    Outcome, OutcomeKind, Packed, RosterData,
};
use jifen_plan::{ClosedReads, KindIx, Plan, item_reads};
use jifen_quantity::Decimal;
use rayon::prelude::*;

use crate::allot::{self, Shares};
use crate::balances::{self, Opened};
use crate::closed::{self, Closed};
use crate::error::EngineError;
use crate::fast::{AccountSums, FastPlan};
use crate::history::Histories;
use crate::levels::{self, Meetings};
use crate::matching::Matches;
use crate::moves::Moves;
use crate::part::{PartOut, Sweeps, aging, kinds, opened_by};
use crate::partition::Components;
use crate::period::PeriodRows;
use crate::posted::{Posted, Sources};
use crate::rounds;
use crate::rows::RowPlan;
use crate::running_sums::RunningSums;
use crate::scatter::{Part, scatter};
use crate::settle::settle;
use crate::shape;
use crate::shared::Shared;
use crate::standing::{self, Standings};
use crate::sweep::{Event, Field, Source, Swept};
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
    let ways = Ways {
        columns: true,
        fast: true,
    };
    evaluate_by(ways, plan, facts, rosters, openings, as_of, options)
}

/// Evaluates in one of the ways.
pub(crate) fn evaluate_by(
    ways: Ways,
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
    pool.install(|| {
        let mut world = world(plan, facts, rosters, openings, as_of)?;
        let opened = opened(plan, openings)?;
        rounds::settle(&mut world, &opened, options, ways)
    })
}

/// Settles the inputs.
pub(crate) fn world<'a>(
    plan: &'a Plan,
    facts: &'a FactLog,
    rosters: &'a RosterData,
    openings: &'a Openings,
    as_of: Day,
) -> Result<World<'a>, EngineError> {
    shape::check(plan, facts, rosters)?;
    shape::taken_over(plan, rosters, &openings.standings)?;
    let items = ItemsByKind::new(plan);
    let settled = settle(plan, facts, as_of, &items);
    let mut histories = Histories::new(plan, facts, &settled);
    histories.add_groups(plan, facts, rosters, &settled);
    let mut world = World {
        plan,
        facts,
        rosters,
        as_of,
        settled,
        items,
        histories,
        running_sums: RunningSums::default(),
        matches: Matches::default(),
        closed: Closed::default(),
        shares: Shares::default(),
        posted: Posted::default(),
        sources: Sources::new(plan),
        standings: Standings::default(),
        taken: &openings.standings,
        shared: Shared::default(),
    };
    world.running_sums = RunningSums::new(&world);
    standing::before(&mut world)?;
    let needed = item_reads(plan).through(plan);
    reset(&mut world, Posted::default(), Some(&needed))?;
    Ok(world)
}

/// What follows from accounts and facts when periods close; only `which` of it, where not all is needed.
pub(crate) fn reset(
    world: &mut World<'_>,
    posted: Posted,
    which: Option<&ClosedReads>,
) -> Result<(), EngineError> {
    world.posted = posted;
    closed::fill(world, Day::MIN, which)?;
    // Conditions before a join may read closed periods.
    let matches = Matches::new(world);
    world.matches = matches.map_err(|_| EngineError::Inconsistent("a join"))?;
    world.shares = allot::of_points(world)?;
    Ok(())
}

/// The world, knowing what accounts had and how subjects stood when periods closed.
pub(crate) fn closed_world<'a>(
    plan: &'a Plan,
    facts: &'a FactLog,
    rosters: &'a RosterData,
    (openings, opened): (&'a Openings, &Opened),
    as_of: Day,
    all: &Evaluation,
) -> Result<World<'a>, EngineError> {
    let mut world = world(plan, facts, rosters, openings, as_of)?;
    let posted = Posted::of(plan, opened, all).map_err(|_| SUMS)?;
    reset(&mut world, posted, None)?;
    Ok(world)
}

/// Each sum has fitted where it was made.
pub(crate) const SUMS: EngineError = EngineError::Inconsistent("sums that fitted before");

/// Which ways of computing may be taken; all give the same result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ways {
    /// The rows stage in columns.
    pub columns: bool,
    /// The sweep on mantissas.
    pub fast: bool,
}

/// One sweep over everything, given what closed periods came to.
pub(crate) fn round(
    world: &World<'_>,
    opened: &Opened,
    options: &Options,
    ways: Ways,
) -> Result<Evaluation, EngineError> {
    let (mut out, sums) = swept(world, opened, options, ways, None)?;
    (out.balances, out.conservation) = balances::close(world.plan, opened, sums)?;
    out.allotments.clone_from(&world.shares.all);
    let mut yuan = allot::of_yuan(world, opened, &out)?;
    out.counts.scored += yuan.scored;
    out.outcomes.append(&mut yuan.outcomes);
    out.allotments.append(&mut yuan.all);
    out.allotments.sort_by_key(|a| (a.item, a.first));
    out.outcomes.par_sort_unstable_by_key(outcome_key);
    for o in &out.outcomes {
        count(&mut out.counts, &o.kind);
    }
    Ok(out)
}

/// The sweep itself; of some components only, where they are given by their numbers.
pub(crate) fn swept(
    world: &World<'_>,
    opened: &Opened,
    options: &Options,
    ways: Ways,
    only: Option<&[bool]>,
) -> Result<(Evaluation, Vec<AccountSums>), EngineError> {
    let plan = world.plan;
    let components = Components::new(world);
    let rows = PeriodRows::new(world);
    let moves = Moves::new(world, &components);
    let mut outcomes = world.settled.outcomes.clone();
    let field = Field {
        world,
        rows: &rows,
        openings: opened,
        moves: &moves,
        traced: None,
    };
    let row_plan = RowPlan::new(plan, ways.columns);
    let (parts, mut certain) = scatter(world, &row_plan, &components, options.batch_rows, only)?;
    outcomes.append(&mut certain);
    let mut sweeps = Sweeps {
        field: &field,
        components: &components,
        kinds: kinds(world),
        fast: (ways.fast && components.by_account())
            .then(|| fast_plan(world, &parts))
            .flatten(),
        openings: opened,
        aging: aging(&components, opened),
        opened: opened_by(&components, opened),
        meetings: Meetings::default(),
        only,
    };
    sweeps.meetings = Meetings::new(sweeps.transfers(&parts), world);
    if !sweeps.by_account() {
        sweeps.fast = None;
    }
    let out: Result<Vec<PartOut<'_>>, EngineError> = parts
        .into_par_iter()
        .map(|part| sweeps.part(part))
        .collect();
    let mut out = out?;
    let starts = out.iter_mut().flat_map(|p| std::mem::take(&mut p.starts));
    let met = levels::sweep(&field, &sweeps.meetings, starts.collect())?;
    let mut together = PartOut::default();
    for (_, swept) in met {
        sweeps.collect(swept, &mut together)?;
    }
    out.push(together);
    let mut counts = Counts {
        unused: world.settled.unused,
        unknown_yet: world.settled.unknown_yet,
        ..Counts::default()
    };
    let mut ledger = Ledger::new();
    let mut postings = Swept::default();
    let mut sums = Vec::new();
    let (mut lapses, mut lots) = (Packed::default(), Packed::default());
    let mut worths = Vec::new();
    let (mut moved, mut undated) = (Vec::new(), Vec::new());
    for mut part in out {
        counts.scored += part.scored;
        outcomes.append(&mut part.outcomes);
        sums.append(&mut part.sums);
        lapses.push_chunk(part.lapses);
        lots.push_chunk(part.lots);
        moved.append(&mut part.moves);
        undated.append(&mut part.undated);
        worths.append(&mut part.worths);
        postings.postings.append(&mut part.postings);
        ledger.push_chunk(part.chunk);
    }
    if !sweeps.by_account() {
        postings.sort();
        ledger = postings.postings.into_iter().map(|e| e.posting).collect();
    }
    outcomes.extend_from_slice(&world.shares.outcomes);
    lapses.sort_by_key(|l: &Lapse| (l.account, l.currency, l.at));
    moved.sort();
    undated.sort_unstable();
    // Two lives of one lot are told once.
    undated.dedup();
    // In each account they stand in order of use already.
    lots.sort_by_key(|l: &Lot| (l.account, l.currency));
    worths.sort_by_key(|w: &jifen_data::WorthLine| (w.account, w.origin, w.item));
    let out = Evaluation {
        as_of: world.as_of,
        ledger,
        outcomes,
        counts,
        lapses,
        undated,
        moves: moved,
        worths,
        lots,
        measures: Vec::new(),
        standings: Vec::new(),
        allotments: Vec::new(),
        balances: Vec::new(),
        conservation: Vec::new(),
    };
    Ok((out, sums))
}

/// The fast plan at the scale that candidates, limits and floors need.
fn fast_plan(world: &World<'_>, parts: &[Part]) -> Option<FastPlan> {
    let widest = |part: &Part| {
        let mut widest = (0_u8, i64::MAX, i64::MIN);
        for c in part.candidates.iter().flatten().filter(|c| !c.fresh) {
            widest = (
                widest.0.max(c.scale),
                widest.1.min(c.at),
                widest.2.max(c.at),
            );
        }
        widest
    };
    let none = (0, i64::MAX, i64::MIN);
    let all = parts
        .par_iter()
        .map(widest)
        .reduce(|| none, |a, b| (a.0.max(b.0), a.1.min(b.1), a.2.max(b.2)));
    if all == none {
        return None;
    }
    let days = (Instant(all.1).day(), Instant(all.2).day());
    let scale = all.0.max(FastPlan::scale_of(world.plan));
    FastPlan::new(world.plan, scale, days, world.as_of)
}

/// Opening balances by account and currency.
pub(crate) fn opened(plan: &Plan, openings: &Openings) -> Result<Opened, EngineError> {
    let mut out = Opened::new();
    for line in &openings.lines {
        let account = Account {
            roster: line.roster,
            subject: line.subject,
        };
        let opened = out.entry(account).or_default();
        if jifen_plan::keeps_lots(plan, line.currency) && !line.amount.is_zero() {
            opened.lots.push((line.currency, line.day, line.amount));
        }
        let lines = &mut opened.sums;
        let sum = match lines.iter_mut().find(|(c, _)| *c == line.currency) {
            Some((_, sum)) => sum,
            None => {
                lines.push((line.currency, Decimal::ZERO));
                let Some((_, sum)) = lines.last_mut() else {
                    continue;
                };
                sum
            }
        };
        let added = sum.add(line.amount);
        *sum = added.map_err(|_| EngineError::TotalsOverflow(line.currency))?;
    }
    for opened in out.values_mut() {
        opened.sums.sort_unstable_by_key(|l| l.0);
        opened.lots.sort_unstable();
    }
    Ok(out)
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
        | OutcomeKind::NoPartner(_)
        | OutcomeKind::NoAmount
        | OutcomeKind::NotShared(NotShared::NoWeight)
        | OutcomeKind::Withdrawn
        | OutcomeKind::Overlaps(_) => &mut counts.not_applicable,
        OutcomeKind::CannotTell(_) | OutcomeKind::NotShared(NotShared::Waits(_)) => {
            &mut counts.cannot_tell
        }
        OutcomeKind::Failed(_) | OutcomeKind::Contradiction => &mut counts.failed,
        OutcomeKind::Pending(..) => &mut counts.pending,
        OutcomeKind::Rejected(..)
        | OutcomeKind::Lapsed(..)
        | OutcomeKind::OverCap(_)
        | OutcomeKind::NotCovered(..)
        | OutcomeKind::NoReceiver(_) => &mut counts.refused,
    };
    *slot += 1;
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
            account.into_iter().flat_map(move |account| {
                let event = move |item: &_| Event {
                    at: *at,
                    item: *item,
                    account,
                    source: Source::Fact(fact),
                    ready: None,
                };
                items.iter().map(event)
            })
        })
    })
}
