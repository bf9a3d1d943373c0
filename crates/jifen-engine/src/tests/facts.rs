//! Settling: as-of, voids, corrections, overlap, versions; and outcomes that are not points.

use super::build::*;
use jifen_data::*;
use jifen_plan::*;
use jifen_quantity::Dim;

/// A kind with a span and an item of 10 an hour.
fn patrol() -> (World, u32, KindIx) {
    let mut w = world();
    let who = w.resident("1", "h", "");
    let kind = w.kind("patrol", &[("span", FieldType::Span)]);
    let seconds = w.expr(Expr::SpanSeconds);
    let ten = w.number("10");
    let value = w.expr(Expr::MulDiv(ten, seconds, dec("3600")));
    w.item(kind, "i", vec![Line::Add { value, when: None }]);
    (w, who, kind)
}

fn patrolled(w: &mut World, kind: KindIx, who: u32, id: &str, a: &str, b: &str) -> FactRef {
    w.fact(kind, id, who, a, &[span(a, b)])
}

#[test]
fn overlapping_time_counts_once_or_refuses() {
    let (mut w, who, kind) = patrol();
    patrolled(
        &mut w,
        kind,
        who,
        "a",
        "2026-04-01 20:00",
        "2026-04-01 22:00",
    );
    patrolled(
        &mut w,
        kind,
        who,
        "b",
        "2026-04-01 21:00",
        "2026-04-01 23:00",
    );
    patrolled(
        &mut w,
        kind,
        who,
        "c",
        "2026-04-01 22:00",
        "2026-04-01 22:30",
    );
    // Each by itself: 2 h, 2 h, half an hour.
    expect(
        w.amounts("2026-12-31"),
        &[("a", "20"), ("b", "20"), ("c", "5")],
    );
    // Once: b has 22-23 left, c lies in b.
    w.plan.kinds[0].overlap = Overlap::Once;
    expect(
        w.amounts("2026-12-31"),
        &[("a", "20"), ("b", "10"), ("c", "0")],
    );
    // Refused: b meets a; c begins when a ends, and b was refused itself.
    w.plan.kinds[0].overlap = Overlap::Reject;
    expect(w.amounts("2026-12-31"), &[("a", "20"), ("c", "5")]);
    let out = w.run("2026-12-31");
    assert_eq!(
        out.outcomes[0].kind,
        OutcomeKind::Overlaps(FactRef { kind, row: 0 })
    );
}

#[test]
fn night_splits_by_the_second() {
    // 21:00-01:00 at 10 an hour, double from 22:00 to 06:00: 10 + 3 x 20 = 70.
    let (mut w, who, kind) = patrol();
    patrolled(
        &mut w,
        kind,
        who,
        "a",
        "2026-04-03 21:00",
        "2026-04-04 01:00",
    );
    let value = w.number("2");
    let windows = vec![jifen_calendar::ClockWindow::new(79_200, 108_000).unwrap()];
    let time = Some(TimeTest {
        mode: TimeMode::During,
        windows,
    });
    let factors = vec![Factor {
        value,
        when: None,
        time,
    }];
    let stacking = Stacking::Product;
    let multiply = Multiply {
        factors,
        stacking,
        each_part: false,
    };
    w.plan.items[0].lines.push(Line::Multiply(multiply.clone()));
    expect(w.amounts("2026-12-31"), &[("a", "70")]);
    // In parts: (10 x 1 h) x 1 + (10 x 3 h) x 2 is the same for a value in proportion.
    w.plan.items[0].lines[1] = Line::Multiply(Multiply {
        each_part: true,
        ..multiply
    });
    expect(w.amounts("2026-12-31"), &[("a", "70")]);
    // An additional fixed 5 in each part: (10 + 5) x 1 + (30 + 5) x 2 = 85.
    let five = w.add("5");
    w.plan.items[0].lines.insert(1, five);
    expect(w.amounts("2026-12-31"), &[("a", "85")]);
}

#[test]
fn a_day_only_fact_cannot_tell_the_time() {
    let (mut w, who, kind) = patrol();
    w.fact(kind, "a", who, "2026-04-03", &[None]);
    let out = w.run("2026-12-31");
    let blank = Missing::Field(FieldIx(0));
    assert_eq!(out.outcomes[0].kind, OutcomeKind::CannotTell(blank));
    assert_eq!(out.counts.cannot_tell, 1);
}

fn void(id: &str, target: &str, entered: &str) -> Void {
    Void {
        id: id.into(),
        target: target.into(),
        entered: day(entered),
        note: String::new(),
    }
}

#[test]
fn voids_of_voids() {
    let (mut w, who, kind) = patrol();
    patrolled(
        &mut w,
        kind,
        who,
        "a",
        "2026-04-01 20:00",
        "2026-04-01 21:00",
    );
    w.facts.voids = vec![
        void("v1", "a", "2026-04-02"),
        void("v2", "v1", "2026-04-05"),
    ];
    // Known on the 3rd: withdrawn. On the 5th v2 withdraws v1.
    assert_eq!(w.run("2026-04-03").outcomes[0].kind, OutcomeKind::Withdrawn);
    expect(w.amounts("2026-04-05"), &[("a", "10")]);
}

#[test]
fn corrections_recompute_and_may_contradict() {
    let (mut w, who, kind) = patrol();
    let other = w.resident("2", "h", "");
    patrolled(
        &mut w,
        kind,
        who,
        "a",
        "2026-04-01 20:00",
        "2026-04-01 21:00",
    );
    let correct = |id: &str, change| Correction {
        id: id.into(),
        target: "a".into(),
        change,
        entered: day("2026-04-02"),
        note: String::new(),
    };
    w.facts.corrections = vec![
        correct("c2", Change::SpanEnd(at("2026-04-01 23:00"))),
        correct("c1", Change::SpanEnd(at("2026-04-01 19:00"))),
        correct("c3", Change::Subject(other)),
    ];
    // c1, then c2 stands: three hours, for the other resident.
    let out = w.run("2026-12-31");
    let p = out.ledger.get(0).unwrap();
    assert_eq!((p.amount, p.account.subject), (dec("30"), other));
    w.facts.corrections.remove(0);
    let out = w.run("2026-12-31");
    assert_eq!(out.outcomes[0].kind, OutcomeKind::Contradiction);
    assert_eq!(out.counts.failed, 1);
}

#[test]
fn versions_unused_unknown() {
    let mut w = world();
    let who = w.resident("1", "h", "");
    let (kind, idle) = (w.kind("k", &[]), w.kind("idle", &[]));
    let five = w.add("5");
    w.item(kind, "i", vec![five]);
    w.fact(kind, "a", who, "2025-12-31", &[]);
    w.fact(kind, "b", who, "2026-01-01", &[]);
    w.fact(idle, "c", who, "2026-01-01", &[]);
    w.fact(kind, "d", who, "2026-01-02", &[]);
    let out = w.run("2026-01-01");
    assert_eq!(out.outcomes[0].kind, OutcomeKind::NoVersion);
    let c = out.counts;
    assert_eq!(
        (c.scored, c.not_applicable, c.unused, c.unknown_yet),
        (1, 1, 1, 1)
    );
}

#[test]
fn kleene_and_failures_go_on() {
    let mut w = world();
    let who = w.resident("1", "h", "");
    let number = FieldType::Number(Dim::PURE);
    let kind = w.kind("k", &[("x", number), ("ok", FieldType::YesNo)]);
    let x = w.field(0, Ty::Num(Dim::PURE));
    let ok = w.field(1, Ty::YesNo);
    let (one, zero) = (w.number("1"), w.number("0"));
    let big = w.expr(Expr::Compare(Cmp::Gt, x, one));
    let cond = w.expr(Expr::And(ok, big));
    let value = w.expr(Expr::Div(one, x));
    w.item(kind, "i", vec![Line::Add { value, when: None }]);
    w.plan.items[0].requires = vec![Require { cond, hold: None }];
    let yes = Some(Value::YesNo(true));
    w.fact(kind, "a", who, "2026-04-01", &[num("4"), yes.clone()]);
    w.fact(kind, "b", who, "2026-04-01", &[num("1"), None]);
    w.fact(kind, "c", who, "2026-04-01", &[num("2"), None]);
    w.fact(kind, "d", who, "2026-04-01", &[None, yes.clone()]);
    let out = w.run("2026-12-31");
    // a: 1/4. b: unknown and false = false. c: unknown and true = unknown (ok). d: x is missing.
    assert_eq!(out.ledger.get(0).unwrap().amount, dec("0.25"));
    let kinds: Vec<_> = out.outcomes.iter().map(|o| o.kind.clone()).collect();
    let blank = |i| OutcomeKind::CannotTell(Missing::Field(FieldIx(i)));
    assert_eq!(kinds, [OutcomeKind::NotApplicable(0), blank(1), blank(0)]);
    // Without the condition, 1 / 0 fails and the others go on.
    w.plan.items[0].requires.clear();
    w.fact(kind, "e", who, "2026-04-02", &[num("0"), yes]);
    let out = w.run("2026-12-31");
    assert_eq!((out.counts.failed, out.counts.scored), (1, 3));
    let _ = zero;
}
