//! The second opinion: what a Plan means, naive and row by row, on big rationals; not fast, and for tests only.
//!
//! It shares no arithmetic with the engine: own numbers, windows, months, clock, working days. It reads as the semantics
//! do (S1 to S37): settle, queue every run under its key, take the runs in order, remember every charge.

mod account;
mod aggregate;
mod allot;
mod award;
mod caps;
mod choice;
mod eval;
mod give;
mod joins;
mod lapse;
mod lots;
mod measure;
mod moves;
mod notes;
mod number;
mod pass;
mod posting;
mod review;
mod run;
mod settle;
mod shared;
mod standing;
#[cfg(test)]
mod tests;
mod text;
mod time;

use jifen_calendar::Day;
use jifen_data::{FactLog, Openings, RosterData};
use jifen_plan::Plan;

pub use notes::{CONSTRUCTS, Note};

/// The canonical lines (as in `jifen_data::canonical`) of an evaluation at the end of the as-of day, sorted.
#[must_use]
pub fn evaluate(
    plan: &Plan,
    facts: &FactLog,
    rosters: &RosterData,
    openings: &Openings,
    as_of: Day,
) -> Vec<String> {
    evaluate_noting(plan, facts, rosters, openings, as_of).0
}

/// The same, with a note for everything that took effect: what a generator of cases has really reached.
#[must_use]
pub fn evaluate_noting(
    plan: &Plan,
    facts: &FactLog,
    rosters: &RosterData,
    openings: &Openings,
    as_of: Day,
) -> (Vec<String>, Vec<Note>) {
    let settled = settle::facts(plan, facts, i64::from(as_of.0));
    // What closed periods came to is read out of the round before. A value reads only what stands before it, so that each round has
    // more of them right, from the first period on; when nothing changes any more, all are (decision 028).
    let mut book = Vec::new();
    loop {
        let notes = notes::Notes::default();
        notes.of_facts(plan, &settled, facts);
        let as_of = i64::from(as_of.0);
        let known = measure::Known::default();
        let inputs = (facts, rosters, openings);
        let beside = (&known, &notes, book.as_slice());
        let mut office = run::Office::new(plan, inputs, &settled, as_of, beside);
        office.queue_facts(&settled);
        office.queue_periods(&settled);
        office.allotments(false);
        office.queue_moves();
        office.work();
        if jifen_plan::looks_back(plan) && office.moves != book {
            book = office.moves;
            continue;
        }
        office.allotments(true);
        office.measures();
        office.standings();
        let lines = office.lines();
        return (lines, notes.take());
    }
}
