//! A policy as a document that people read: every clause of a Plan in plain sentences, Chinese or English.
//!
//! The sentences are made from the compiled Plan, not from the text it was compiled from: they say what runs. Everything of the Plan
//! that can change a point is in the sentence of its clause; structures are taken apart without `..`, so that a field added
//! to the Plan is missed here by the compiler. [`document`] makes blocks, [`markdown`] and [`html`] write them out.

mod block;
mod caps;
mod clause;
mod dates;
mod history;
mod html;
mod lines;
mod markdown;
mod others;
mod points;
mod prose;
mod records;
mod select;
mod standings;
mod values;

use jifen_calendar::WorkCalendar;
use jifen_diag::Lang;
use jifen_plan::{Labels, Plan, RuleDate, Version, VersionIx};

pub use block::{Block, Clause, Document, Sentence, Table};
pub use clause::clause;
pub use html::html;
pub use markdown::{clause as clause_markdown, markdown};

use dates::day;
use prose::name;

/// One text in two languages, with the same arguments.
macro_rules! say {
    ($lang:expr, $zh:literal, $en:literal $(, $arg:expr)* $(,)?) => {
        match $lang {
            jifen_diag::Lang::Zh => format!($zh $(, $arg)*),
            jifen_diag::Lang::En => format!($en $(, $arg)*),
        }
    };
}
use say;

/// The policy as a document. All parts of a Plan have their place in it.
#[must_use]
pub fn document(plan: &Plan, labels: &Labels, lang: Lang) -> Document {
    let Plan {
        format: _,
        zone,
        rule_date,
        versions,
        rosters,
        kinds,
        currencies,
        params: _,
        exprs: _,
        items: _,
        tallies: _,
        workdays,
        measures: _,
        standings: _,
        moves: _,
    } = plan;
    let pick = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    let title = labels.title.as_ref().unwrap_or(&labels.policy);
    let mut out = Vec::new();
    let fingerprint = jifen_plan::fingerprint(plan);
    out.push(Block::Para(say!(
        lang,
        "本文由程序从编译好的政策{}写出，计算积分用的就是这些规则。政策的意义一变，下面的指纹就变：{}。",
        "Written by a program from the compiled policy {}: these are the rules by which points are computed. Its fingerprint changes as soon as its meaning does: {}.",
        name(&labels.policy),
        fingerprint
    )));
    out.extend(
        labels
            .basis
            .iter()
            .map(|b| Block::Para(say!(lang, "依据：{}", "Pursuant to: {}", b))),
    );
    out.push(Block::List(general(
        zone,
        *rule_date,
        versions,
        workdays.as_ref(),
        lang,
    )));
    if !currencies.is_empty() {
        out.push(Block::heading(2, pick("积分", "Points")));
        let all = 0..currencies.len();
        out.extend(
            all.filter_map(|c| points::currency(plan, labels, c, lang))
                .map(Block::Clause),
        );
    }
    for (at, version) in (0_u16..).zip(versions) {
        of_version(plan, labels, (VersionIx(at), version), &mut out, lang);
    }
    if let Some(t) = values::day_sets(plan, lang) {
        out.push(Block::heading(2, pick("各期日子", "Days")));
        out.push(Block::Table(t));
    }
    if !rosters.is_empty() {
        out.push(Block::heading(2, pick("名册", "Rosters")));
        out.extend(records::rosters(plan, lang));
    }
    if !kinds.is_empty() {
        out.push(Block::heading(2, pick("记录", "Records")));
        out.extend(records::kinds(plan, lang));
    }
    Document {
        lang,
        title: title.clone(),
        blocks: out,
    }
}

/// What holds for the whole policy.
fn general(
    zone: &str,
    rule: RuleDate,
    versions: &[Version],
    workdays: Option<&WorkCalendar>,
    lang: Lang,
) -> Vec<Sentence> {
    let mut out = Vec::new();
    for v in versions {
        let Version {
            name: called,
            from,
            to,
        } = v;
        let (called, from) = (name(called), day(*from, lang));
        out.push(match to {
            Some(to) => {
                let last = day(to.add_days(-1), lang);
                say!(
                    lang,
                    "版本{}：{}起施行，到{}为止。",
                    "Version {}: in force from {} to {}.",
                    called,
                    from,
                    last
                )
            }
            None => say!(
                lang,
                "版本{}：{}起施行。",
                "Version {}: in force from {} on.",
                called,
                from
            ),
        });
    }
    let rule = match rule {
        RuleDate::Event => lang.pick("发生日", "the event day"),
        RuleDate::Entry => lang.pick("登记日", "the entry day"),
        RuleDate::Confirmation => lang.pick(
            "最后一次确认那天（还没有确认的，看发生日）",
            "the day of the last confirmation (without one, the event day)",
        ),
    };
    out.push(say!(
        lang,
        "一条记录用哪个版本，看{}。",
        "Which version holds for a record: that of {}.",
        rule
    ));
    out.push(say!(
        lang,
        "日子按时区{}算。",
        "Days are those of the time zone {}.",
        zone
    ));
    if let Some(w) = workdays {
        let years: Vec<String> = w.years.keys().map(ToString::to_string).collect();
        let (called, years) = (name(&w.name), years.join(lang.pick("、", ", ")));
        out.push(say!(
            lang,
            "工作日按工作日历{}（{}年）。",
            "Working days are those of the calendar {} ({}).",
            called,
            years
        ));
    }
    out.into_iter().map(Sentence::plain).collect()
}

/// Parameters, measures and clauses of one version.
fn of_version(
    plan: &Plan,
    labels: &Labels,
    (at, version): (VersionIx, &Version),
    out: &mut Vec<Block>,
    lang: Lang,
) {
    let pick = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    let titled = |zh: &str, en: &str| match plan.versions.len() {
        1 => pick(zh, en),
        _ => {
            let what = lang.pick(zh, en);
            say!(
                lang,
                "{}（版本{}）",
                "{} (version {})",
                what,
                name(&version.name)
            )
        }
    };
    if let Some(t) = values::params(plan, labels, at, lang) {
        out.push(Block::heading(2, titled("参数", "Parameters")));
        out.push(Block::Table(t));
    }
    let mut measures = plan.measures.iter().filter(|m| m.version == at).peekable();
    if measures.peek().is_some() {
        out.push(Block::heading(
            2,
            titled("指标和考评", "Measures and scores"),
        ));
        out.extend(measures.map(|m| Block::Clause(values::measure(plan, m, lang))));
    }
    // As they are written, too.
    let stand = (plan.standings.iter().enumerate()).filter(|(_, s)| s.version == at);
    let place = |n: usize| (labels.standings.get(n)).map(|l| (l.span.source, l.span.start));
    let mut stand: Vec<_> = stand.map(|(n, s)| (place(n), n, s)).collect();
    stand.sort_by_key(|(place, n, _)| (*place, *n));
    if !stand.is_empty() {
        out.push(Block::heading(
            2,
            titled("排名、等级、标记、权益", "Rankings, grades, flags, rights"),
        ));
        out.extend(stand.iter().map(|(_, n, s)| {
            let label = labels.standings.get(*n);
            Block::Clause(standings::standing(plan, s, label, lang))
        }));
    }
    // As they are written; a Plan holds them in the order of their names.
    let all = plan
        .items
        .iter()
        .enumerate()
        .filter(|(_, i)| i.version == at);
    let place = |n: usize| labels.items.get(n).map(|l| (l.span.source, l.span.start));
    let mut all: Vec<_> = all.map(|(n, i)| (place(n), n, i)).collect();
    all.sort_by_key(|(place, n, _)| (*place, *n));
    if !all.is_empty() {
        out.push(Block::heading(2, titled("条款", "Clauses")));
    }
    let mut last: &[String] = &[];
    for (_, n, item) in all {
        let category = item.path.split_last().map_or(&[][..], |(_, c)| c);
        if category != last {
            out.push(Block::heading(
                3,
                match category {
                    [] => pick("其他条款", "Other clauses"),
                    names => names.join(lang.pick(" · ", " · ")),
                },
            ));
            last = category;
        }
        out.extend(clause(plan, labels, n, lang).map(Block::Clause));
    }
    out.extend(values::catalogue(plan, labels, at, lang));
}
