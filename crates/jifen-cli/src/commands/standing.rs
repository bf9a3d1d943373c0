//! What a run says of ranks, grades, flags and rights: how many stand how in the last period that is over.

use super::run::Done;
use jifen::plan::{Expr, Plan, Rank, Standing, StandingKind, Take, Value as PlanValue};
use jifen::statement::stood_text;
use jifen::{Decimal, Lang, Placed, Stood};
use serde_json::{Value, json};

/// Sort of a notice.
const NOTICE: [&str; 2] = ["提示", "notice"];

/// The last period of a standing, and how many stand how.
struct Last {
    name: String,
    sort: [&'static str; 2],
    period: String,
    /// In words of both languages, with how many.
    counts: Vec<([String; 2], usize)>,
    /// Lines that are drawn through a ranking: how many people each is (S30).
    lines: Vec<Line>,
    /// Of whom a notice tells the council.
    whom: Vec<String>,
}

/// A share of those ranked in a group.
struct Line {
    /// In percent.
    share: Decimal,
    group: Option<String>,
    entrants: u32,
    /// So many people, or groups, that is.
    people: Decimal,
    /// Groups are ranked.
    of_groups: bool,
    /// So many are in, with what becomes of equals on the line.
    within: usize,
}

/// Shares that something asks of a ranking by this name.
fn shares(plan: &Plan, name: &str) -> Vec<Decimal> {
    let mut out = Vec::new();
    for (_, e, _) in plan.exprs.iter() {
        let Expr::Standing(read) = e else { continue };
        let of = plan.standings.get(read.standing.ix());
        if let (Take::Top(share), true) = (read.take, of.is_some_and(|s| s.name == name))
            && let Expr::Const(PlanValue::Num(n)) = plan.exprs.get(share)
            && !out.contains(n)
        {
            out.push(*n);
        }
    }
    out.sort();
    out
}

fn lines(shares: &[Decimal], of_groups: bool, rank: &Rank, placed: &[&Placed]) -> Vec<Line> {
    let mut groups: Vec<(Option<&String>, u32)> = Vec::new();
    for p in placed {
        let group = (p.group.as_ref(), p.entrants);
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    groups.sort();
    let mut out = Vec::new();
    for share in shares {
        for (group, entrants) in &groups {
            let (Ok(people), Ok(percent)) = (
                rank.line(*share, *entrants),
                share.mul(Decimal::from_int(100)),
            ) else {
                continue;
            };
            let own = placed.iter().filter(|p| p.group.as_ref() == *group);
            out.push(Line {
                share: percent,
                group: group.cloned(),
                entrants: *entrants,
                people,
                of_groups,
                within: own
                    .filter(|p| rank.within(p.ahead, p.equal, people))
                    .count(),
            });
        }
    }
    out
}

fn last(done: &Done<'_>) -> Vec<Last> {
    let plan = &done.policy.compiled.plan;
    let mut out: Vec<Last> = Vec::new();
    for (name, sort) in names(plan) {
        let own = |s: &jifen::StandingValue| {
            let of = plan.standings.get(s.standing.ix())?;
            (of.name == name).then_some(of)
        };
        let all = done.evaluation.standings.iter();
        let all: Vec<_> = all.filter_map(|v| Some((v, own(v)?))).collect();
        let Some((first, unit)) = all
            .iter()
            .map(|(v, s)| (v.first, s.unit))
            .max_by_key(|p| p.0)
        else {
            continue;
        };
        let mut counts: Vec<([String; 2], usize)> = Vec::new();
        for (v, s) in all.iter().filter(|(v, _)| v.first == first) {
            let told = [Lang::Zh, Lang::En].map(|lang| told(plan, s, &v.stood, lang));
            match counts.iter_mut().find(|c| c.0 == told) {
                Some(c) => c.1 += 1,
                None => counts.push((told, 1)),
            }
        }
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let here = all.iter().filter(|(v, _)| v.first == first);
        let placed: Vec<&Placed> = here
            .clone()
            .filter_map(|(v, _)| match &v.stood {
                Stood::Placed(p) => Some(p),
                _ => None,
            })
            .collect();
        let drawn = here.clone().find_map(|(_, s)| match &s.what {
            StandingKind::Rank(r) => Some(lines(&shares(plan, &name), s.is_shared(), r, &placed)),
            _ => None,
        });
        let (from, after) = unit.bounds(first);
        out.push(Last {
            name,
            sort,
            period: format!("{from} – {}", after.add_days(-1)),
            counts,
            lines: drawn.unwrap_or_default(),
            whom: match sort == NOTICE {
                true => whom(done, &all, first),
                false => Vec::new(),
            },
        });
    }
    out
}

/// Those of whom a notice tells, of its last period.
fn whom(
    done: &Done<'_>,
    all: &[(&jifen::StandingValue, &Standing)],
    first: jifen::Day,
) -> Vec<String> {
    let report = done.report();
    let there = |v: &jifen::StandingValue| v.first == first && v.stood == Stood::Flagged(true);
    let own = all.iter().filter(|(v, _)| there(v));
    own.map(|(v, of)| match v.group {
        None => report.account(v.account).0,
        Some(code) => report.group((of.roster, of.of), code),
    })
    .collect()
}

/// So many of them are told one by one.
const TOLD: usize = 12;

fn noticed(whom: &[String], lang: Lang) -> String {
    let shown: Vec<&str> = whom.iter().take(TOLD).map(String::as_str).collect();
    let more = whom.len().saturating_sub(TOLD);
    let (zh, en) = match more {
        0 => (String::new(), String::new()),
        n => (
            format!("……还有 {n} 个，见 --json"),
            format!(" and {n} more: see --json"),
        ),
    };
    lang.pick(
        format!("  提请会议注意: {}{zh}\n", shown.join("、")),
        format!("  for the council: {}{en}\n", shown.join(", ")),
    )
}

/// Each name once, with its sort.
fn names(plan: &Plan) -> Vec<(String, [&'static str; 2])> {
    let mut out: Vec<(String, [&'static str; 2])> = Vec::new();
    for s in &plan.standings {
        let sort = match s.what {
            StandingKind::Rank(_) => ["排名", "ranking"],
            StandingKind::Grade(_) => ["等级", "grade"],
            StandingKind::Flag(f) if f.notice => NOTICE,
            StandingKind::Flag(_) => ["标记", "flag"],
            StandingKind::Right(_) => ["权益", "right"],
        };
        if out.iter().all(|(n, _)| *n != s.name) {
            out.push((s.name.clone(), sort));
        }
    }
    out
}

/// Places are many: that there is one is told.
fn told(plan: &Plan, standing: &Standing, stood: &Stood, lang: Lang) -> String {
    match stood {
        Stood::Placed(_) => lang.pick("参评", "ranked").to_owned(),
        Stood::NoValue(_) => lang.pick("无值", "no value").to_owned(),
        Stood::Failed(_) => lang.pick("算不出", "failed").to_owned(),
        other => stood_text(plan, standing, other, lang),
    }
}

/// So many groups of a ranking are told one by one.
const SHOWN: usize = 6;

fn drawn(l: &Line, lang: Lang) -> String {
    let zh = l.group.as_ref().map_or(String::new(), |g| format!("“{g}”"));
    let en = l
        .group
        .as_ref()
        .map_or(String::new(), |g| format!(" in “{g}”"));
    let (share, all, n, within) = (l.share, l.entrants, l.people, l.within);
    let who = if l.of_groups { "组" } else { "人" };
    lang.pick(
        format!("  前 {share}%: {zh}参评 {all} {who}，取 {n} {who}，算上并列 {within} {who}\n"),
        format!("  top {share}%: {n} of {all} ranked{en}; {within} with equals on the line\n"),
    )
}

/// A line for each standing.
pub fn text(done: &Done<'_>, lang: Lang) -> String {
    let line = |l: &Last| {
        let of = |pair: &[String; 2]| lang.pick(pair[0].clone(), pair[1].clone());
        let counts: Vec<String> = (l.counts.iter())
            .map(|(told, n)| format!("{} {n}", of(told)))
            .collect();
        let sort = lang.pick(l.sort[0], l.sort[1]);
        let mut text = format!("{sort} {} ({}): {}\n", l.name, l.period, counts.join(", "));
        for line in l.lines.iter().take(SHOWN) {
            text.push_str(&drawn(line, lang));
        }
        if !l.whom.is_empty() {
            text.push_str(&noticed(&l.whom, lang));
        }
        if l.lines.len() > SHOWN {
            let more = l.lines.len() - SHOWN;
            text.push_str(&lang.pick(
                format!("  还有 {more} 组，见 --json\n"),
                format!("  and {more} groups more: see --json\n"),
            ));
        }
        text
    };
    last(done).iter().map(line).collect()
}

/// The same for programs.
pub fn list(done: &Done<'_>) -> Vec<Value> {
    let one = |l: &Last| {
        let counts: Vec<Value> = (l.counts.iter())
            .map(|(told, n)| json!({"how": told[1], "subjects": n}))
            .collect();
        let lines: Vec<Value> = (l.lines.iter())
            .map(|d| json!({"percent": d.share.to_string(), "group": d.group, "ranked": d.entrants, "people": d.people.to_string(), "within": d.within}))
            .collect();
        json!({"name": l.name, "sort": l.sort[1], "period": l.period, "counts": counts, "lines": lines, "subjects": l.whom})
    };
    last(done).iter().map(one).collect()
}
