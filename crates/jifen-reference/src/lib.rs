//! The second opinion: what a Plan means, naive and row by row, on big rationals; not fast, and for tests only.
//!
//! It shares no arithmetic with the engine: own numbers, windows, months, clock, working days. It reads as the semantics
//! do (S1 to S37): settle, queue every run under its key, take the runs in order, remember every charge.

mod award;
mod caps;
mod eval;
mod number;
mod review;
mod run;
mod settle;
#[cfg(test)]
mod tests;
mod text;
mod time;

use jifen_calendar::Day;
use jifen_data::{FactLog, Openings, RosterData};
use jifen_plan::Plan;

/// The canonical lines (as in `jifen_data::canonical`) of an evaluation at the end of the as-of day, sorted.
#[must_use]
pub fn evaluate(
    plan: &Plan,
    facts: &FactLog,
    rosters: &RosterData,
    openings: &Openings,
    as_of: Day,
) -> Vec<String> {
    let settled = settle::facts(plan, facts, i64::from(as_of.0));
    let mut office = run::Office::new(plan, facts, rosters, openings, i64::from(as_of.0));
    office.queue_facts(&settled);
    office.queue_periods(&settled);
    office.work();
    office.lines()
}
