//! Tests over traces made by hand; the engine is not here.

mod recompute;
mod world;

use jifen_data::{Missing, OutcomeKind, SegmentFactor, StepDetail};
use jifen_diag::Lang;
use jifen_plan::{Expr, FieldIx, KindIx, RosterIx, Ty, Value};
use jifen_quantity::Dim;

use crate::statement::Fix;
use crate::words::Scope;
use crate::{Statement, render, sentence, statement, sum_of_parts};
use world::{World, at, n, nothing, num, run, step, trace, world, yes};

/// 21:00–01:00 with a hazard, 180 of 200 points used this month: 40, night 22:00–01:00 doubles 3 of 4 hours (+30),
/// hazard +20, the cap leaves 20: −70.
fn patrol(w: &World) -> jifen_data::ItemRun {
    let segment = |from: &str, to: &str, factor: &str| SegmentFactor {
        start: at(from),
        end: at(to),
        factor: n(factor),
        value: None,
    };
    let segments = vec![
        segment("2026-04-03 21:00", "2026-04-03 22:00", "1"),
        segment("2026-04-03 22:00", "2026-04-04 01:00", "2"),
    ];
    let nodes = vec![
        num(w.seconds, "14400"),
        num(w.hourly, "40"),
        num(w.factor, "2"),
        yes(w.hazard, true),
        num(w.bonus, "20"),
        num(w.limit, "200"),
    ];
    let mut nodes = nodes;
    let Expr::MulDiv(rate, ..) = *w.plan.exprs.get(w.hourly) else {
        return run(0, nodes, Vec::new());
    };
    nodes.insert(0, num(rate, "10"));
    let capped = StepDetail::Capped {
        limit: n("200"),
        used: n("180"),
        charged: n("20"),
    };
    let steps = vec![
        step(0, "0", "40", StepDetail::Amount(n("40"))),
        step(1, "40", "70", StepDetail::Multiplied(segments)),
        step(2, "70", "90", StepDetail::Amount(n("20"))),
        step(3, "90", "20", capped),
    ];
    run(0, nodes, steps)
}

fn both(w: &World, runs: Vec<jifen_data::ItemRun>) -> [Statement; 2] {
    let trace = trace(runs);
    [Lang::Zh, Lang::En]
        .map(|lang| statement(&w.plan, &w.labels, &w.facts, &w.rosters, &trace, lang, true))
}

fn recomputed(s: &Statement) -> usize {
    let json = serde_json::to_value(s).expect("a statement is data");
    recompute::statement(&json).unwrap_or_else(|e| panic!("{e}\n{}", render(s, s.lang)))
}

#[test]
fn a_patrol_adds_up_and_can_be_done_again() {
    let w = world();
    for s in both(&w, vec![patrol(&w)]) {
        assert_eq!(recomputed(&s), 4);
        let award = &s.awards[0];
        assert_eq!(sum_of_parts(award), Some(n("20")));
        let deltas: Vec<String> = award.parts.iter().map(|p| p.delta.to_string()).collect();
        assert_eq!(deltas, ["40", "30", "20", "-70"]);
        assert_eq!(s.sums[0].balance, n("20"));
    }
    let [zh, en] = both(&w, vec![patrol(&w)]);
    let texts = |s: &Statement| -> Vec<String> {
        let parts = s.awards[0].parts.iter();
        parts
            .flat_map(|p| p.calcs.iter().map(|c| c.text.clone()))
            .collect()
    };
    assert_eq!(
        texts(&zh),
        [
            "10分/小时 × 4小时 = 40分",
            "40分 × (1小时 × 1 + 3小时 × 2) ÷ 4小时 = 70分",
            "20分",
            "取小(90分, 200分 − 180分) = 20分",
        ]
    );
    assert_eq!(
        texts(&en)[..2],
        [
            "10 points/hour × 4 hours = 40 points",
            "40 points × (1 hour × 1 + 3 hours × 2) ÷ 4 hours = 70 points",
        ]
    );
    assert_eq!(zh.awards[0].clause.text, "第4条 平安巡逻");
    assert_eq!(zh.awards[0].source.id.as_deref(), Some("P1"));
    assert_eq!(zh.awards[0].source.version.as_deref(), Some("2026Q1"));
    let cap = zh.awards[0].parts[3].cap.as_ref().expect("a cap");
    assert_eq!((cap.limit.as_str(), cap.used.as_str()), ("200分", "180分"));
    assert_eq!(zh.awards[0].parts[3].label, "上限 每月 200分（志愿服务类）");
}

#[test]
fn bands_show_the_comparisons_that_chose_the_row() {
    let w = world();
    let nodes = vec![
        num(w.hours, "5400"),
        yes(w.enough, true),
        num(w.bands, "10"),
    ];
    let steps = vec![step(0, "0", "10", StepDetail::Amount(n("10")))];
    let [zh, _] = both(&w, vec![run(1, nodes, steps)]);
    assert_eq!(recomputed(&zh), 1);
    let text = &zh.awards[0].parts[0].calcs[0].text;
    assert_eq!(text, "时长：1.5小时 ≥ 1小时，时长：1.5小时 < 2小时：10分");
}

#[test]
fn odd_minutes_and_rounded_divisions_are_printed_so_that_they_compute() {
    // 10 an hour for 3 h 20 min 1 s = 12,001 s: 120010 ÷ 3600 = 33.336111111111111111…
    let w = world();
    let Expr::MulDiv(rate, ..) = *w.plan.exprs.get(w.hourly) else {
        panic!("hourly is a product");
    };
    let value = "33.336111111111111111";
    let nodes = vec![
        num(rate, "10"),
        num(w.seconds, "12001"),
        num(w.hourly, value),
    ];
    let steps = vec![step(0, "0", value, StepDetail::Amount(n(value)))];
    for s in both(&w, vec![run(0, nodes, steps)]) {
        assert_eq!(recomputed(&s), 1);
        let calc = &s.awards[0].parts[0].calcs[0];
        assert!(calc.rounded);
        let left = s.lang.pick(
            "10分/小时 × 3小时20分钟1秒",
            "10 points/hour × 3 h 20 min 1 s",
        );
        assert!(calc.text.starts_with(left), "{}", calc.text);
    }
}

#[test]
fn a_failed_condition_says_what_is_and_what_is_needed() {
    let w = world();
    let nodes = vec![num(w.hours, "1800"), yes(w.enough, false)];
    let [zh, en] = both(&w, vec![nothing(1, nodes, OutcomeKind::NotApplicable(0))]);
    let line = &zh.nothing[0];
    assert_eq!(line.text, "时长 0.5小时，需满 1小时");
    assert_eq!(line.condition.as_deref(), Some("时长 不低于 1小时"));
    let fix = Fix {
        roster: false,
        field: "时长".to_owned(),
        value: "1小时".to_owned(),
        held: Value::Num(n("3600")),
    };
    assert_eq!(line.fix, Some(fix));
    assert_eq!(
        en.nothing[0].text,
        "时长 0.5 hours, must be at least 1 hour"
    );
    recomputed(&zh);
    assert!(render(&zh, Lang::Zh).contains("为什么没有：时长 0.5小时，需满 1小时"));
}

#[test]
fn what_is_missing_is_named() {
    let w = world();
    let outcome = OutcomeKind::CannotTell(Missing::Field(FieldIx(0)));
    let [zh, en] = both(&w, vec![nothing(1, Vec::new(), outcome)]);
    assert_eq!(zh.nothing[0].missing.as_deref(), Some("时长"));
    assert_eq!(zh.nothing[0].text, "缺 时长，无法判断");
    assert_eq!(en.nothing[0].text, "cannot tell: 时长 is missing");
}

#[test]
fn expressions_in_words() {
    let mut w = world();
    let e = &mut w.plan.exprs;
    let two = e.number(n("7200"), Dim::DURATION);
    let long = e.add(Expr::Compare(jifen_plan::Cmp::Gt, w.hours, two), Ty::YesNo);
    let not = e.add(Expr::Not(w.hazard), Ty::YesNo);
    let either = e.add(Expr::Or(long, not), Ty::YesNo);
    let all = e.add(Expr::And(w.enough, either), Ty::YesNo);
    let money = e.add(Expr::Field(FieldIx(0)), Ty::Num(Dim::MONEY));
    let hundred = e.number(n("100"), Dim::MONEY);
    let blocks = e.add(Expr::IntDiv(money, hundred), Ty::Num(Dim::PURE));
    let spend = e.add(Expr::Mul(w.bonus, blocks), Ty::Num(Dim::POINTS));
    let volunteer = Scope {
        kind: Some(KindIx(1)),
        roster: Some(RosterIx(0)),
        around: None,
        joins: None,
    };
    let patrol = Scope {
        kind: Some(KindIx(0)),
        ..volunteer
    };
    let zh = |scope, expr| sentence(&w.plan, scope, expr, Lang::Zh);
    assert_eq!(zh(patrol, w.hourly), "10分/小时 × 起止.时长");
    assert_eq!(
        zh(volunteer, w.bands),
        "按 时长 分档 { 不满 1小时: 0分；满 1小时: 10分；满 2小时: 20分 }"
    );
    assert_eq!(zh(volunteer, spend), "20分 每满 100元 计 时长");
    assert_eq!(
        sentence(&w.plan, patrol, all, Lang::En),
        "起止 not below 1 hour and (起止 exceeds 2 hours or not 发现隐患)"
    );
}

#[test]
fn the_evaluator_notices_what_is_wrong() {
    let w = world();
    let [zh, _] = both(&w, vec![patrol(&w)]);
    let json = serde_json::to_value(&zh).expect("a statement is data");
    let text = json.to_string();
    for (right, wrong) in [
        ("200分 − 180分", "200分 − 170分"),
        ("3小时 × 2", "3小时 × 3"),
        ("\"value\":\"14400\"", "\"value\":\"14401\""),
        ("\"amount\":\"20\"", "\"amount\":\"21\""),
        ("\"delta\":\"-70\"", "\"delta\":\"-71\""),
    ] {
        assert!(text.contains(right), "{right}");
        let spoiled = serde_json::from_str(&text.replacen(right, wrong, 1)).expect("still JSON");
        assert!(recompute::statement(&spoiled).is_err(), "{wrong}");
    }
}
