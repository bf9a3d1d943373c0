//! Parameters, measures, sets of days, and the catalogue, as tables and clauses.

use std::cell::RefCell;

use jifen_calendar::Day;
use jifen_diag::Lang;
use jifen_plan::{DaySet, Expr, Holder, Labels, Measure, Param, Plan, VersionIx};

use super::block::{Block, Clause, Sentence, Table};
use super::dates::{day, run};
use super::prose::{Here, Prose, Tables, show_of};
use super::say;
use crate::quantity::{Show, shown};
use crate::words::Scope;

/// The parameters of a version.
pub(super) fn params(
    plan: &Plan,
    labels: &Labels,
    version: VersionIx,
    lang: Lang,
) -> Option<Table> {
    let mut rows = Vec::new();
    for (at, p) in plan
        .params
        .iter()
        .enumerate()
        .filter(|(_, p)| p.version == version)
    {
        let Param {
            name,
            version: _,
            dim,
            first,
            steps,
        } = p;
        let label = labels.params.get(at);
        let show = match label.is_some_and(|l| l.percent) {
            true => Show::Percent,
            false => show_of(*dim),
        };
        let value = |n| shown(n, show, lang);
        let mut values = vec![value(*first)];
        values.extend(
            steps.iter().map(|(from, n)| {
                say!(lang, "{}起{}", "from {} on {}", day(*from, lang), value(*n))
            }),
        );
        let range = label.and_then(|l| l.adjustable);
        let range = range.map_or_else(String::new, |(a, b)| {
            say!(lang, "{}至{}", "{} to {}", value(a), value(b))
        });
        let by = label.and_then(|l| l.decided_by.clone()).unwrap_or_default();
        rows.push(vec![
            name.clone(),
            values.join(lang.pick("；", "; ")),
            range,
            by,
        ]);
    }
    let pick = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    (!rows.is_empty()).then(|| Table {
        caption: None,
        head: vec![
            pick("参数", "parameter"),
            pick("值", "value"),
            pick("可以调整", "may be set"),
            pick("由谁定", "decided by"),
        ],
        rows,
    })
}

/// What a measure says.
pub(super) fn measure(plan: &Plan, measure: &Measure, lang: Lang) -> Clause {
    let Measure {
        name,
        version: _,
        roster,
        of,
        unit,
        node,
    } = measure;
    let tables = RefCell::new(Tables::default());
    let p = Prose::new(plan, Scope::of_measure(measure), lang, &tables);
    let mut out = vec![{
        let (subject, unit) = (p.roster(*roster), p.unit(*unit));
        Sentence::plain(match of {
            Holder::Account => say!(
                lang,
                "每个{0}每{1}一个值，过了这一{1}才有。",
                "One value for each {0} and {1}, when the {1} is over.",
                subject,
                unit
            ),
            Holder::Group(attr) => say!(
                lang,
                "各{0}按{2}分组，每组每{1}一个值，过了这一{1}才有；记录算在对象那天所在的组里。",
                "One value for each {2} of the {0} roster and {1}, when the {1} is over; a fact belongs to the group in which its subject is on that day.",
                subject,
                unit,
                p.group_word(*roster, *attr)
            ),
            Holder::Everyone => say!(
                lang,
                "所有{0}合起来每{1}一个值，过了这一{1}才有。",
                "One value for everyone on the {0} roster and {1}, when the {1} is over.",
                subject,
                unit
            ),
        })
    }];
    let p = match of {
        Holder::Account => p,
        _ => p.within(p.scope(), Here::Many),
    };
    let mut say = |text: String| {
        let tables = p.take_tables();
        out.push(Sentence { text, tables });
    };
    match plan.exprs.get(*node) {
        Expr::Measure(_, value, valid) => {
            if let Some(v) = valid {
                let v = p.text(*v);
                say(say!(
                    lang,
                    "{}的才有值，否则无值。",
                    "It has a value only if {}; otherwise it has none.",
                    v
                ));
            }
            let value = p.text(*value);
            say(say!(lang, "值是{}。", "The value is {}.", value));
        }
        _ => say(p.text(*node)),
    }
    Clause {
        level: 3,
        article: None,
        heading: name.clone(),
        path: vec![name.clone()],
        note: None,
        sentences: out,
    }
}

/// All sets of days, in the order of their first use.
fn sets(plan: &Plan) -> Vec<&DaySet> {
    let mut out: Vec<&DaySet> = Vec::new();
    for (_, node, _) in plan.exprs.iter() {
        if let Expr::InDays(_, set) | Expr::RunStart(_, set) = node
            && !out.contains(&set.as_ref())
        {
            out.push(set);
        }
    }
    out
}

/// Which of several sets of one name it is; they differ between versions.
pub(super) fn set_number(plan: &Plan, set: &DaySet) -> Option<usize> {
    let alike: Vec<&DaySet> = sets(plan)
        .into_iter()
        .filter(|s| s.name == set.name)
        .collect();
    match alike.as_slice() {
        [_] => None,
        all => all.iter().position(|s| *s == set).map(|n| n + 1),
    }
}

/// The days of a set. Feasts go on for decades: then the first of those to come are said, and what tells the others apart.
fn days(plan: &Plan, runs: &[(Day, Day)], lang: Lang) -> String {
    let list = |some: &[(Day, Day)]| {
        let some: Vec<String> = some.iter().map(|r| run(*r, lang)).collect();
        some.join(lang.pick("；", "; "))
    };
    if runs.len() <= 24 {
        return list(runs);
    }
    let from = plan.versions.first().map(|v| v.from);
    let later = |r: &&(Day, Day)| from.is_none_or(|from| r.1 > from);
    let shown: Vec<(Day, Day)> = runs.iter().filter(later).take(12).copied().collect();
    // FNV-1a over all days.
    let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
    for (a, b) in runs {
        for byte in a.0.to_le_bytes().into_iter().chain(b.0.to_le_bytes()) {
            sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    say!(
        lang,
        "{}；其余照历法类推，前后共{}段（校验码{:016x}）",
        "{}; the others by the calendar, {} runs in all (checksum {:016x})",
        list(&shown),
        runs.len(),
        sum
    )
}

/// Sets of more than two runs, with all their days.
pub(super) fn day_sets(plan: &Plan, lang: Lang) -> Option<Table> {
    let mut rows = Vec::new();
    for set in sets(plan)
        .into_iter()
        .filter(|s| s.runs.len() > 2 || s.known.is_some())
    {
        let DaySet { name, runs, known } = set;
        let called = match set_number(plan, set) {
            Some(n) => say!(lang, "{}（{}）", "{} ({})", name, n),
            None => name.clone(),
        };
        let days = days(plan, runs, lang);
        let known = known.map_or_else(
            || lang.pick("没有限制", "no limit").to_owned(),
            |k| run(k, lang),
        );
        rows.push(vec![called, days, known]);
    }
    let pick = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    (!rows.is_empty()).then(|| Table {
        caption: None,
        head: vec![
            pick("名称", "name"),
            pick("日子", "days"),
            pick("历法所及", "the calendar covers"),
        ],
        rows,
    })
}

/// The catalogue: what can be had for points, as an overview.
pub(super) fn catalogue(
    plan: &Plan,
    labels: &Labels,
    version: VersionIx,
    lang: Lang,
) -> Vec<Block> {
    let mut rows = Vec::new();
    for (at, item) in plan.items.iter().enumerate() {
        if item.version != version || item.spend.is_none() || item.give.is_some() {
            continue;
        }
        let tables = RefCell::new(Tables::default());
        let mut p = Prose::new(plan, Scope::of_item(plan, item), lang, &tables);
        p.spends = true;
        let price = item.lines.iter().find_map(|l| match l {
            jifen_plan::Line::Add { value, .. } => Some(*value),
            _ => None,
        });
        let price = price.map(|e| p.text(e)).unwrap_or_default();
        let worth = item.worth.map(|w| p.text(w.value)).unwrap_or_default();
        // A price that is a table of its own is in its clause.
        let clause = super::clause::clause(plan, labels, at, lang);
        let heading = clause.map(|c| c.heading).unwrap_or_default();
        let price = match p.take_tables().is_empty() {
            true => price,
            false => lang
                .pick("见条文里的表", "see the table of the clause")
                .to_owned(),
        };
        rows.push((
            labels.items.get(at).map(|l| (l.span.source, l.span.start)),
            vec![heading, price, p.credit(&item.credit), worth],
        ));
    }
    if rows.is_empty() {
        return Vec::new();
    }
    rows.sort_by_key(|r| r.0);
    let pick = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    vec![
        Block::heading(3, pick("支用和兑换一览", "What points can be used for")),
        Block::Table(Table {
            caption: None,
            head: vec![
                pick("条款", "clause"),
                pick("所需的分", "points asked for"),
                pick("从哪里用", "taken from"),
                pick("折合", "worth"),
            ],
            rows: rows.into_iter().map(|r| r.1).collect(),
        }),
    ]
}
