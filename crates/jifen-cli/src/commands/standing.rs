//! What a run says of ranks, grades, flags and rights: how many stand how in the last period that is over.

use super::run::Done;
use jifen::plan::{Plan, Standing, StandingKind};
use jifen::statement::stood_text;
use jifen::{Lang, Stood};
use serde_json::{Value, json};

/// The last period of a standing, and how many stand how.
struct Last {
    name: String,
    sort: [&'static str; 2],
    period: String,
    /// In words of both languages, with how many.
    counts: Vec<([String; 2], usize)>,
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
        let (from, after) = unit.bounds(first);
        out.push(Last {
            name,
            sort,
            period: format!("{from} – {}", after.add_days(-1)),
            counts,
        });
    }
    out
}

/// Each name once, with its sort.
fn names(plan: &Plan) -> Vec<(String, [&'static str; 2])> {
    let mut out: Vec<(String, [&'static str; 2])> = Vec::new();
    for s in &plan.standings {
        let sort = match s.what {
            StandingKind::Rank(_) => ["排名", "ranking"],
            StandingKind::Grade(_) => ["等级", "grade"],
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

/// A line for each standing.
pub fn text(done: &Done<'_>, lang: Lang) -> String {
    let line = |l: &Last| {
        let of = |pair: &[String; 2]| lang.pick(pair[0].clone(), pair[1].clone());
        let counts: Vec<String> = (l.counts.iter())
            .map(|(told, n)| format!("{} {n}", of(told)))
            .collect();
        let sort = lang.pick(l.sort[0], l.sort[1]);
        format!("{sort} {} ({}): {}\n", l.name, l.period, counts.join(", "))
    };
    last(done).iter().map(line).collect()
}

/// The same for programs.
pub fn list(done: &Done<'_>) -> Vec<Value> {
    let one = |l: &Last| {
        let counts: Vec<Value> = (l.counts.iter())
            .map(|(told, n)| json!({"how": told[1], "subjects": n}))
            .collect();
        json!({"name": l.name, "sort": l.sort[1], "period": l.period, "counts": counts})
    };
    last(done).iter().map(one).collect()
}
