//! What a run says in yuan: what the points in people's hands are worth, and what awards and spends cost (折合).

use super::run::Done;
use crate::table::{Align, table};
use jifen::{Cost, Decimal, Lang};
use serde_json::{Value, json};

/// For people; empty where nothing of the policy is worth yuan.
pub fn text(done: &Done<'_>, lang: Lang) -> String {
    let mut out = outstanding(done, lang);
    for (by_payer, zh, en) in [(false, "折合", "in yuan"), (true, "记在", "borne by")] {
        let rows = done.report().costs(by_payer);
        if !rows.is_empty() {
            out.push_str(&format!("\n{}\n", lang.pick(zh, en)));
            // Points of several kinds are not added up.
            let one = done.policy.compiled.plan.currencies.len() == 1;
            out.push_str(&cost_table(&rows, one, lang));
            let unknown: u64 = rows.iter().map(|r| r.1.unknown).sum();
            if unknown > 0 && !by_payer {
                out.push_str(&lang.pick(
                    format!("  另有 {unknown} 笔缺数，没有算进来\n"),
                    format!("  {unknown} more lack a value and are not in these sums\n"),
                ));
            }
        }
    }
    out
}

fn number(n: Option<Decimal>, lang: Lang) -> String {
    n.map_or_else(
        || lang.pick("数太大", "too large").to_owned(),
        |n| n.to_string(),
    )
}

/// 在外积分: what people hold, in points and yuan; debts apart.
fn outstanding(done: &Done<'_>, lang: Lang) -> String {
    let report = done.report();
    let mut out = String::new();
    for c in &done.evaluation.conservation {
        if report.yuan(c.currency, Decimal::ZERO).is_none() {
            continue;
        }
        let name = report.currency(c.currency);
        let o = report.outstanding(c.currency);
        let yuan = o.held.and_then(|n| report.yuan(c.currency, n));
        let (held, yuan) = (number(o.held, lang), number(yuan, lang));
        let holders = o.holders;
        out.push_str(&lang.pick(
            format!("在外积分 {name}: {holders} 户 {held}分，折合 {yuan}元"),
            format!("outstanding {name}: {holders} accounts, {held} points, worth {yuan} yuan"),
        ));
        if o.debtors > 0 {
            let (debtors, owed) = (o.debtors, number(o.owed, lang));
            out.push_str(&lang.pick(
                format!("；另有 {debtors} 户欠 {owed}分，不抵"),
                format!("; {debtors} accounts owe {owed} points, not set off"),
            ));
        }
        out.push('\n');
    }
    out
}

fn cost_table(rows: &[(String, Cost)], one: bool, lang: Lang) -> String {
    let line = |name: String, times: u64, points: Option<Decimal>, yuan: Option<Decimal>| {
        let mut cells = vec![name, times.to_string()];
        cells.extend(one.then(|| number(points, lang)));
        cells.push(number(yuan, lang));
        cells
    };
    let mut head = vec!["", lang.pick("次数", "times")];
    head.extend(one.then_some(lang.pick("积分", "points")));
    head.push(lang.pick("元", "yuan"));
    let mut cells = vec![head.into_iter().map(str::to_owned).collect()];
    for (name, c) in rows {
        cells.push(line(name.clone(), c.times, c.points, c.yuan));
    }
    if rows.len() > 1 {
        let sum = |of: fn(&Cost) -> Option<Decimal>| {
            let add = |sum: Decimal, (_, c): &(String, Cost)| sum.add(of(c)?).ok();
            rows.iter().try_fold(Decimal::ZERO, add)
        };
        let times = rows.iter().map(|r| r.1.times).sum();
        let name = lang.pick("合计", "total").to_owned();
        cells.push(line(name, times, sum(|c| c.points), sum(|c| c.yuan)));
    }
    let mut columns = vec![Align::Right; cells.iter().map(Vec::len).max().unwrap_or(0)];
    if let Some(first) = columns.first_mut() {
        *first = Align::Left;
    }
    table(&cells, &columns)
}

/// For programs: each kind of points that is worth yuan.
pub fn liability(done: &Done<'_>) -> Vec<Value> {
    let report = done.report();
    let all = done.evaluation.conservation.iter();
    let worth = all.filter(|c| report.yuan(c.currency, Decimal::ZERO).is_some());
    worth
        .map(|c| {
            let o = report.outstanding(c.currency);
            let yuan = o.held.and_then(|n| report.yuan(c.currency, n));
            let text = |n: Option<Decimal>| n.map(|n| n.to_string());
            json!({
                "points": report.currency(c.currency), "holders": o.holders, "held": text(o.held), "yuan": text(yuan),
                "debtors": o.debtors, "owed": text(o.owed),
            })
        })
        .collect()
}

/// For programs: what awards and spends cost, by clause and by who bears it.
pub fn costs(done: &Done<'_>) -> Value {
    let report = done.report();
    let list = |by_payer: bool| -> Vec<Value> {
        let rows = report.costs(by_payer).into_iter();
        rows.map(|(name, c)| {
            let text = |n: Option<Decimal>| n.map(|n| n.to_string());
            json!({ "name": name, "times": c.times, "points": text(c.points), "yuan": text(c.yuan), "unknown": c.unknown })
        })
        .collect()
    };
    json!({ "clauses": list(false), "borne_by": list(true) })
}
