//! What a run says of allotments: the sum, what was given out, and what the difference is.

use super::run::Done;
use crate::table::{Align, table};
use jifen::{Allotment, Decimal, Lang};
use serde_json::{Value, json};

/// For people; empty where nothing was to be split.
pub fn text(done: &Done<'_>, lang: Lang) -> String {
    let all = &done.evaluation.allotments;
    if all.is_empty() {
        return String::new();
    }
    let head = lang.pick(
        ["分配", "总额", "份数", "分出", "差额", ""],
        [
            "allotment",
            "total",
            "shares",
            "given out",
            "difference",
            "",
        ],
    );
    let mut cells = vec![head.map(str::to_owned).to_vec()];
    cells.extend(all.iter().map(|a| row(done, a, lang)));
    let align = [
        Align::Left,
        Align::Right,
        Align::Right,
        Align::Right,
        Align::Right,
        Align::Left,
    ];
    format!("\n{}", table(&cells, &align))
}

fn row(done: &Done<'_>, a: &Allotment, lang: Lang) -> Vec<String> {
    let report = done.report();
    let unit = report.allotment_unit(a);
    let amount = |n: Option<Decimal>| {
        n.map_or_else(String::new, |n| {
            lang.pick(format!("{n}{unit}"), format!("{n} {unit}"))
        })
    };
    vec![
        report.allotment_title(a),
        amount(a.total),
        a.shares.len().to_string(),
        amount(a.allotted),
        amount(difference(a).filter(|d| !d.is_zero())),
        report.allotment_state(a),
    ]
}

/// What was given out beyond the sum, or less of it.
fn difference(a: &Allotment) -> Option<Decimal> {
    a.allotted?.sub(a.total?).ok()
}

/// For programs.
pub fn list(done: &Done<'_>) -> Vec<Value> {
    let report = done.report();
    let one = |a: &Allotment| {
        let text = |n: Option<Decimal>| n.map(|n| n.to_string());
        json!({
            "item": report.title(a.item), "from": a.first.to_string(), "to": a.day.to_string(),
            "unit": if report.allotment_is_yuan(a) { "yuan" } else { "points" },
            "total": text(a.total), "shares": a.shares.len(), "allotted": text(a.allotted),
            "difference": text(difference(a)), "state": report.allotment_state(a),
        })
    };
    done.evaluation.allotments.iter().map(one).collect()
}
