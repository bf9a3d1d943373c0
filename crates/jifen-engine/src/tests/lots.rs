//! Points that lapse once at an age, and spends: the shortest way of the sweep beside the exact one.

use super::build::*;
use jifen_data::OutcomeKind;
use jifen_plan::*;
use jifen_quantity::{Dim, Rounding};

/// Gains, fines and requests of one resident; points are halved once after ten days and rounded to whole ones, and what is owed stays owed.
fn halved_after_ten_days(spend: Spend, facts: &[(&str, &str, &str, &str)]) -> World {
    let mut w = world();
    let who = w.resident("1", "h", "");
    w.plan.currencies[0].floor = Floor::Owed;
    w.plan.currencies[0].precision = Some(Precision {
        step: dec("1"),
        mode: Rounding::HalfUp,
    });
    w.plan.currencies[0].lives = vec![Life {
        version: VersionIx(0),
        due: Due::Age(Age {
            count: 10,
            unit: AgeUnit::Days,
            month_end: false,
            through: false,
            clock: false,
            again: None,
        }),
        loss: Loss::Share(dec("0.5")),
        when: None,
    }];
    let amount = [("amount", FieldType::Number(Dim::POINTS))];
    for name in ["gain", "fine", "request"] {
        let kind = w.kind(name, &amount);
        let value = w.field(0, Ty::Num(Dim::POINTS));
        let line = match name {
            "fine" => Line::Deduct { value, when: None },
            _ => Line::Add { value, when: None },
        };
        let item = w.item(kind, name, vec![line]);
        if name == "request" {
            w.plan.items[item.ix()].spend = Some(spend);
        }
        for (id, _, when, amount) in facts.iter().filter(|f| f.1 == name) {
            w.fact(kind, id, who, when, &[num(amount)]);
        }
    }
    w
}

#[test]
fn a_request_at_the_moment_of_the_halving_sees_the_half() {
    // 31 halved is 15.5, so 16, at 00:00 of 11 April, when the request is dated.
    let facts = [
        ("a", "gain", "2026-04-01", "31"),
        ("b", "request", "2026-04-11", "100"),
    ];
    let w = halved_after_ten_days(Spend::Partial, &facts);
    expect(w.amounts("2026-04-30"), &[("a", "31"), ("b", "-16")]);
    assert_eq!(w.run("2026-04-30").balances[0].balance, dec("0"));
}

#[test]
fn a_gain_pays_what_is_owed_and_the_rest_is_halved() {
    // 50 − 20 = 30 is the lot; halved on 12 April: 15.
    let facts = [
        ("a", "fine", "2026-04-01", "20"),
        ("b", "gain", "2026-04-02", "50"),
    ];
    let w = halved_after_ten_days(Spend::Partial, &facts);
    let out = w.run("2026-04-30");
    assert_eq!(out.balances[0].balance, dec("15"));
    let lots: Vec<_> = out.lots.iter().map(|l| l.left).collect();
    assert_eq!(lots, [dec("15")]);
}

#[test]
fn the_oldest_is_used_first_also_when_halved() {
    // On 11 April the first 10 are 5; 7 takes these 5 and 2 of the others; on 15 April 8 become 4.
    let facts = [
        ("a", "gain", "2026-04-01", "10"),
        ("b", "gain", "2026-04-05", "10"),
        ("c", "request", "2026-04-12", "7"),
    ];
    let w = halved_after_ten_days(Spend::Partial, &facts);
    let out = w.run("2026-04-30");
    assert_eq!(out.balances[0].balance, dec("4"));
    let lapses: Vec<_> = out.lapses.iter().map(|l| l.amount).collect();
    assert_eq!(lapses, [dec("5"), dec("4")]);
}

#[test]
fn all_or_nothing_is_refused_and_takes_nothing() {
    // 10 are there, 11 are asked for.
    let facts = [
        ("a", "gain", "2026-04-01", "10"),
        ("b", "request", "2026-04-02", "11"),
        ("c", "request", "2026-04-03", "10"),
    ];
    let w = halved_after_ten_days(Spend::AllOrNothing, &facts);
    expect(w.amounts("2026-04-30"), &[("a", "10"), ("c", "-10")]);
    let out = w.run("2026-04-30");
    assert_eq!(out.counts.scored, 2);
    assert_eq!(
        out.outcomes[0].kind,
        OutcomeKind::NotCovered(dec("11"), dec("10"))
    );
}
