//! The runs of one account with every value met: the same sweep over its component, with tracing on.

use std::collections::BTreeMap;

use jifen_calendar::Day;
use jifen_data::{Account, FactLog, ItemRun, Lapse, Openings, RosterData, Trace};
use jifen_plan::Plan;

use crate::allot;
use crate::error::EngineError;
use crate::evaluate::{Options, closed_world, evaluate, fact_events, opened, world};
use crate::levels::{self, Meetings, Start, transfer};
use crate::measure;
use crate::moves::Moves;
use crate::part::{opened_by, opened_of};
use crate::partition::Components;
use crate::period::{self, PeriodRows};
use crate::standing;
use crate::sweep::{Event, Field};

/// Traces one account.
///
/// # Errors
/// As [`crate::evaluate`].
pub fn trace(
    plan: &Plan,
    facts: &FactLog,
    rosters: &RosterData,
    openings: &Openings,
    as_of: Day,
    account: Account,
) -> Result<Trace, EngineError> {
    let opened = opened(plan, openings)?;
    // What closed periods came to depends on everybody.
    let needs_all = jifen_plan::looks_back(plan) || plan.items.iter().any(|i| i.allot.is_some());
    let all = match needs_all {
        true => {
            let options = Options::default();
            let all = evaluate(plan, facts, rosters, openings, as_of, &options)?;
            Some(all)
        }
        false => None,
    };
    let world = match &all {
        Some(all) => closed_world(plan, facts, rosters, (openings, &opened), as_of, all)?,
        None => world(plan, facts, rosters, openings, as_of)?,
    };
    let components = Components::new(&world);
    let rows = PeriodRows::new(&world);
    let moves = Moves::new(&world, &components);
    let field = Field {
        world: &world,
        rows: &rows,
        openings: &opened,
        moves: &moves,
        traced: Some(account),
    };
    let number = components.of(account);
    let transfers = fact_events(&world).filter_map(|e| transfer(&world, &components, e));
    let meetings = Meetings::new(transfers.collect(), &world);
    let opened_in = opened_by(&components, &opened);
    let mut events: BTreeMap<usize, Vec<Event>> = (meetings.island(number).into_iter())
        .map(|c| (c, Vec::new()))
        .collect();
    for event in fact_events(&world).chain(period::events(&world)) {
        if let Some(own) = events.get_mut(&components.of(event.account)) {
            own.push(event);
        }
    }
    let start = |(component, mut events): (usize, Vec<Event>)| {
        events.sort_unstable_by(|a, b| a.compare(b, &world));
        Start {
            component,
            events,
            accounts: opened_of(&opened_in, component),
        }
    };
    let starts: Vec<Start> = events.into_iter().map(start).collect();
    let own = starts.iter().find(|s| s.component == number);
    let events = own.map(|s| s.events.clone()).unwrap_or_default();
    let swept = levels::sweep(&field, &meetings, starts)?;
    let swept = swept.into_iter().find(|s| s.0 == number);
    let (_, mut swept) = swept.ok_or(EngineError::Inconsistent("a component without a sweep"))?;
    swept.sort();
    // A released award stands where its event does, not where its release came.
    let place = |run: &ItemRun| {
        (events.iter())
            .position(|e| e.item == run.item && e.origin() == run.origin && e.account == account)
    };
    let mut runs = swept.runs;
    runs.sort_by_cached_key(place);
    let mine = |l: &Lapse| l.account == account;
    let received = swept.postings.iter().map(|e| &e.posting);
    let received = received.filter(|p| p.account == account && p.received.is_some());
    let mut trace = Trace {
        account,
        runs,
        received: received.cloned().collect(),
        lapses: swept.lapses.into_iter().filter(mine).collect(),
        moves: (swept.moves.into_iter())
            .filter(|m| m.from == account || m.to == Some(account))
            .collect(),
        lots: (swept.lots.into_iter())
            .filter(|l| l.account == account)
            .collect(),
        ahead: swept.ahead.into_iter().filter(mine).collect(),
        measures: measure::traced(&world, account)?,
        standings: Vec::new(),
        undated: (swept.undated.into_iter())
            .filter(|u| u.account == account)
            .collect(),
    };
    if let Some(all) = all {
        trace.standings = (all.standings.iter())
            .filter(|s| s.account == account || standing::seen_by(&world, s, account))
            .cloned()
            .collect();
        allot::traced(&world, &opened, &all, &mut trace)?;
        // Within a day, shares stand last: they are of its end.
        trace.runs.sort_by_key(|r| r.day);
    }
    Ok(trace)
}
