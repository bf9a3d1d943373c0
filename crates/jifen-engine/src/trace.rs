//! The runs of one account with every value met: the same sweep over its component, with tracing on.

use jifen_calendar::Day;
use jifen_data::{Account, FactLog, ItemRun, Lapse, Openings, RosterData, Trace};
use jifen_plan::Plan;

use crate::error::EngineError;
use crate::evaluate::{fact_events, opened, world};
use crate::partition::Components;
use crate::period::{self, PeriodRows};
use crate::sweep::{Event, Field, sweep};

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
    let world = world(plan, facts, rosters, as_of)?;
    let opened = opened(plan, openings)?;
    let components = Components::new(&world);
    let rows = PeriodRows::new(&world);
    let field = Field {
        world: &world,
        rows: &rows,
        openings: &opened,
        traced: Some(account),
    };
    let number = components.of(account);
    let mine = |e: &Event| components.of(e.account) == number;
    let mut events: Vec<Event> = fact_events(&world).filter(mine).collect();
    events.extend(period::events(&world).into_iter().filter(mine));
    events.sort_unstable_by(|a, b| a.compare(b, &world));
    let mut swept = sweep(&field, &events, |a| components.of(a) == number)?;
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
    Ok(Trace {
        account,
        runs,
        received: received.cloned().collect(),
        lapses: swept.lapses.into_iter().filter(mine).collect(),
        lots: (swept.lots.into_iter())
            .filter(|l| l.account == account)
            .collect(),
        ahead: swept.ahead.into_iter().filter(mine).collect(),
    })
}
