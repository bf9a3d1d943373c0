//! Data that do not fit the Plan are refused; a trace says what the run did.

use super::build::*;
use crate::{EngineError, Options, evaluate, trace};
use jifen_calendar::{Period, Window};
use jifen_data::*;
use jifen_plan::*;

#[test]
fn data_of_another_plan() {
    let mut w = world();
    w.kind("k", &[]);
    w.facts.kinds.clear();
    let out = evaluate(
        &w.plan,
        &w.facts,
        &w.rosters,
        &w.openings,
        day("2026-01-01"),
        &Options::default(),
    );
    assert!(matches!(out, Err(EngineError::Inconsistent(_))));
}

#[test]
fn a_trace_has_every_step() {
    let mut w = world();
    let who = w.resident("1", "h", "");
    let kind = w.kind("k", &[]);
    w.fact(kind, "a", who, "2026-04-01", &[]);
    w.fact(kind, "b", who, "2026-04-01", &[]);
    let tally = w.tally("t", Window::Period(Period::Day));
    let (ten, cap) = (w.add("10"), w.cap(tally, "15", CapMode::Clip));
    w.item(kind, "i", vec![ten, cap]);
    let account = Account {
        roster: RosterIx(0),
        subject: who,
    };
    let t = trace(
        &w.plan,
        &w.facts,
        &w.rosters,
        &w.openings,
        day("2026-04-01"),
        account,
    )
    .unwrap();
    assert_eq!(t.runs.len(), 2);
    let last = &t.runs[1];
    assert_eq!(last.postings[0].amount, dec("5"));
    let capped = StepDetail::Capped {
        limit: dec("15"),
        used: dec("10"),
        charged: dec("5"),
    };
    assert_eq!(last.steps[1].detail, capped);
    assert_eq!(last.nodes[0].value, Eval::Value(Value::Num(dec("10"))));
}
