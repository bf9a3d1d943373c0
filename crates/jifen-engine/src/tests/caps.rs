//! Caps: modes, windows, keys, holders, what is charged.

use super::build::*;
use jifen_calendar::{Period, Window};
use jifen_plan::*;
use jifen_quantity::Dim;

const DAY: Window = Window::Period(Period::Day);

/// One kind with an amount field, one item awarding it under one cap of 60.
fn amounts_under(window: Window, mode: CapMode, facts: &[(&str, &str, &str)]) -> World {
    let mut w = world();
    let who = w.resident("1", "h", "");
    let kind = w.kind("k", &[("amount", FieldType::Number(Dim::POINTS))]);
    for (id, when, amount) in facts {
        w.fact(kind, id, who, when, &[num(amount)]);
    }
    let value = w.field(0, Ty::Num(Dim::POINTS));
    let tally = w.tally("t", window);
    let cap = w.cap(tally, "60", mode);
    w.item(kind, "i", vec![Line::Add { value, when: None }, cap]);
    w
}

#[test]
fn the_three_modes() {
    // 40, then 30 with 20 left, then 10.
    let facts = [
        ("a", "2026-04-01", "40"),
        ("b", "2026-04-01", "30"),
        ("c", "2026-04-01", "10"),
    ];
    let clip = amounts_under(DAY, CapMode::Clip, &facts);
    expect(
        clip.amounts("2026-12-31"),
        &[("a", "40"), ("b", "20"), ("c", "0")],
    );
    // All or nothing: 30 > 20, so nothing; 10 <= 20 passes.
    let whole = amounts_under(DAY, CapMode::Whole, &facts);
    expect(
        whole.amounts("2026-12-31"),
        &[("a", "40"), ("b", "0"), ("c", "10")],
    );
    // Passes whole while the tally before is under 60: 40 + 30 = 70 shuts it.
    let through = amounts_under(DAY, CapMode::LastThrough, &facts);
    expect(
        through.amounts("2026-12-31"),
        &[("a", "40"), ("b", "30"), ("c", "0")],
    );
}

#[test]
fn trimmed_is_listed_beside_the_balance() {
    let facts = [("a", "2026-04-01", "40"), ("b", "2026-04-01", "30")];
    let out = amounts_under(DAY, CapMode::Clip, &facts).run("2026-12-31");
    let b = &out.balances[0];
    // 40 + 20 = 60 earned, 30 - 20 = 10 trimmed.
    assert_eq!(
        (b.earned, b.trimmed, b.balance),
        (dec("60"), dec("10"), dec("60"))
    );
    assert_eq!(out.ledger.get(1).unwrap().before_caps, dec("30"));
}

#[test]
fn ids_of_one_instant_by_length_then_bytes() {
    // 9 before 10: 9 takes 50, 10 the remaining 10.
    let facts = [("10", "2026-04-01", "50"), ("9", "2026-04-01", "50")];
    expect(
        amounts_under(DAY, CapMode::Clip, &facts).amounts("2026-12-31"),
        &[("9", "50"), ("10", "10")],
    );
}

#[test]
fn rolling_days_count_the_day_itself() {
    // Three days: 1st to 3rd together (50 + 10 = 60), on the 4th the 1st has left: 60 - 10 = 50 free.
    let facts = [
        ("a", "2026-04-01", "50"),
        ("b", "2026-04-03", "50"),
        ("c", "2026-04-04", "60"),
    ];
    let w = amounts_under(Window::RollingDays(3), CapMode::Clip, &facts);
    expect(
        w.amounts("2026-12-31"),
        &[("a", "50"), ("b", "10"), ("c", "50")],
    );
}

#[test]
fn windows_begin_anew() {
    let facts = [
        ("a", "2026-04-30", "50"),
        ("b", "2026-05-01", "50"),
        ("c", "2026-05-02", "50"),
    ];
    let w = amounts_under(Window::Period(Period::Month), CapMode::Clip, &facts);
    expect(
        w.amounts("2026-12-31"),
        &[("a", "50"), ("b", "50"), ("c", "10")],
    );
}

#[test]
fn once_for_each_meeting() {
    let mut w = world();
    let who = w.resident("1", "h", "");
    let kind = w.kind("k", &[("meeting", FieldType::Text)]);
    for (id, when, meeting) in [
        ("a", "2026-04-01", "m"),
        ("b", "2026-05-01", "m"),
        ("c", "2026-05-01", "n"),
    ] {
        w.fact(kind, id, who, when, &[text(meeting)]);
    }
    w.fact(kind, "d", who, "2026-05-02", &[None]);
    let key = w.field(0, Ty::Text);
    let tally = w.tally("t", Window::Lifetime);
    w.plan.tallies[tally.ix()].keys = vec![key];
    w.plan.tallies[tally.ix()].times = true;
    let (five, cap) = (w.add("5"), w.cap(tally, "1", CapMode::Clip));
    w.item(kind, "i", vec![five, cap]);
    expect(
        w.amounts("2026-12-31"),
        &[("a", "5"), ("b", "0"), ("c", "5")],
    );
    // A meeting without a name cannot tell which tally.
    let out = w.run("2026-12-31");
    let missing = jifen_data::Missing::Field(FieldIx(0));
    assert_eq!(
        out.outcomes[0].kind,
        jifen_data::OutcomeKind::CannotTell(missing)
    );
}

#[test]
fn a_household_shares_and_everybody_shares() {
    for holder in [Holder::Group(AttrIx(0)), Holder::Everyone] {
        let mut w = world();
        let one = w.resident("1", "h", "");
        let two = w.resident("2", "h", "");
        let three = w.resident("3", "g", "");
        let kind = w.kind("k", &[]);
        for (id, who) in [("a", one), ("b", two), ("c", three)] {
            w.fact(kind, id, who, "2026-04-01", &[]);
        }
        let tally = w.tally("t", DAY);
        w.plan.tallies[tally.ix()].holder = holder;
        let (ten, cap) = (w.add("10"), w.cap(tally, "15", CapMode::Clip));
        w.item(kind, "i", vec![ten, cap]);
        // h has 15 together; g has its own 15, or nothing of 15 for everybody.
        let last = if holder == Holder::Everyone {
            "0"
        } else {
            "10"
        };
        expect(
            w.amounts("2026-12-31"),
            &[("a", "10"), ("b", "5"), ("c", last)],
        );
    }
}

#[test]
fn charged_what_passes_or_what_is_posted() {
    // A weekly cap of 30 before a monthly cap of 20: three awards of 15 in one week over the end of a month.
    for (charge_final, last) in [(false, "0"), (true, "10")] {
        let mut w = world();
        let who = w.resident("1", "h", "");
        let kind = w.kind("k", &[]);
        // Monday 27 April to Sunday 3 May 2026.
        for (id, when) in [
            ("a", "2026-04-27"),
            ("b", "2026-04-28"),
            ("c", "2026-05-01"),
        ] {
            w.fact(kind, id, who, when, &[]);
        }
        let week = w.tally("week", Window::Period(Period::Week));
        w.plan.tallies[week.ix()].charge_final = charge_final;
        let month = w.tally("month", Window::Period(Period::Month));
        let lines = vec![
            w.add("15"),
            w.cap(week, "30", CapMode::Clip),
            w.cap(month, "20", CapMode::Clip),
        ];
        w.item(kind, "i", lines);
        // 15, then 15 cut to 5 by the month. Passed the week: 30, so nothing is left; posted: 20, so 10 are left.
        expect(
            w.amounts("2026-12-31"),
            &[("a", "15"), ("b", "5"), ("c", last)],
        );
    }
}

#[test]
fn deductions_stand_outside_caps_unless_net() {
    for (net, last) in [(false, "0"), (true, "10")] {
        let mut w = world();
        let who = w.resident("1", "h", "");
        let (good, bad) = (w.kind("good", &[]), w.kind("bad", &[]));
        w.fact(good, "a", who, "2026-04-01", &[]);
        w.fact(bad, "b", who, "2026-04-02", &[]);
        w.fact(good, "c", who, "2026-04-03", &[]);
        let tally = w.tally("t", Window::Period(Period::Month));
        w.plan.tallies[tally.ix()].net = net;
        let (forty, cap) = (w.add("40"), w.cap(tally, "40", CapMode::Clip));
        w.item(good, "i", vec![forty, cap.clone()]);
        let value = w.number("10");
        w.item(bad, "j", vec![Line::Deduct { value, when: None }, cap]);
        // 40 fill the cap; the deduction of 10 frees room only in a net cap.
        expect(
            w.amounts("2026-12-31"),
            &[("a", "40"), ("b", "-10"), ("c", last)],
        );
    }
}

#[test]
fn a_cap_of_deductions_limits_their_size() {
    let mut w = world();
    let who = w.resident("1", "h", "");
    let kind = w.kind("bad", &[]);
    w.fact(kind, "a", who, "2026-04-01", &[]);
    w.fact(kind, "b", who, "2026-04-02", &[]);
    let tally = w.tally("t", Window::Period(Period::Month));
    let value = w.number("10");
    let Line::Cap(cap) = w.cap(tally, "15", CapMode::Clip) else {
        unreachable!()
    };
    let cap = Line::Cap(Cap {
        of_deduction: true,
        ..cap
    });
    w.item(kind, "i", vec![Line::Deduct { value, when: None }, cap]);
    expect(w.amounts("2026-12-31"), &[("a", "-10"), ("b", "-5")]);
}

#[test]
fn a_floor_waives_what_the_balance_does_not_cover() {
    let mut w = world();
    let who = w.resident("1", "h", "");
    w.plan.currencies[0].floor = Floor::At(dec("0"));
    let (good, bad) = (w.kind("good", &[]), w.kind("bad", &[]));
    w.fact(bad, "a", who, "2026-04-01", &[]);
    w.fact(good, "b", who, "2026-04-02", &[]);
    w.fact(bad, "c", who, "2026-04-03", &[]);
    let value = w.number("10");
    w.item(bad, "j", vec![Line::Deduct { value, when: None }]);
    let six = w.add("6");
    w.item(good, "i", vec![six]);
    w.openings.lines.push(jifen_data::Opening {
        roster: RosterIx(0),
        subject: who,
        currency: CurrencyIx(0),
        amount: dec("3"),
        day: day("2025-12-31"),
    });
    let out = w.run("2026-12-31");
    let waived: Vec<_> = out.ledger.iter().map(|p| p.waived).collect();
    // 3 - 10: takes 3, waives 7. Then 6 - 10: takes 6, waives 4.
    assert_eq!(waived, [dec("7"), dec("0"), dec("4")]);
    let b = &out.balances[0];
    assert_eq!(
        (b.opening, b.earned, b.deducted),
        (dec("3"), dec("6"), dec("9"))
    );
    assert_eq!((b.waived, b.balance), (dec("11"), dec("0")));
}
