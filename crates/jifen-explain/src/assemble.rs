//! A whole statement out of a trace: awards in order, why-not lines, sums. Everything shown comes from its inputs.

use jifen_calendar::{Day, Instant};
use jifen_data::{
    Evaluation, FactLog, FactRef, ItemRun, Openings, Origin, Outcome, Posting, RosterData, Trace,
};
use jifen_diag::Lang;
use jifen_plan::{CurrencyIx, Item, ItemIx, KindIx, Labels, Plan, Trigger};
use jifen_quantity::{Decimal, Dim};

use crate::life;
use crate::parts::Parts;
use crate::pass;
use crate::quantity::{Show, instant, shown};
use crate::statement::{
    Award, Clause, Credit, Nothing, Reason, SCHEMA, Source, Statement, Sum, Unused,
};
use crate::whynot::WhyNot;

/// Everything a statement is made from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The Plan.
    pub plan: &'a Plan,
    /// Its labels.
    pub labels: &'a Labels,
    /// Admitted facts.
    pub facts: &'a FactLog,
    /// Rosters.
    pub rosters: &'a RosterData,
    /// Opening balances, if there are any.
    pub openings: Option<&'a Openings>,
    /// The evaluation: gives the as-of day and outcomes that reached no item (withdrawn, no version, overlaps).
    pub evaluation: Option<&'a Evaluation>,
}

impl Sources<'_> {
    /// The as-of day, if it is known.
    #[must_use]
    pub fn as_of(&self) -> Option<Day> {
        self.evaluation.map(|e| e.as_of)
    }

    /// The id of a fact.
    #[must_use]
    pub fn id(&self, fact: FactRef) -> String {
        let table = self.facts.kinds.get(fact.kind.ix());
        table
            .map(|t| t.ids.text(fact.row as usize))
            .unwrap_or_default()
    }

    /// When a fact happened, as it was entered.
    #[must_use]
    pub fn at(&self, fact: FactRef) -> Option<Instant> {
        let table = self.facts.kinds.get(fact.kind.ix())?;
        table.at.get(fact.row as usize).copied()
    }

    fn kind_name(&self, kind: KindIx) -> String {
        let kind = self.plan.kinds.get(kind.ix());
        kind.map(|k| k.name.clone()).unwrap_or_default()
    }

    pub(crate) fn currency(&self, currency: CurrencyIx) -> String {
        let c = self.plan.currencies.get(currency.ix());
        c.map(|c| c.name.clone()).unwrap_or_default()
    }
}

/// The statement of one account, without openings and as-of day; see [`explain`] for those.
#[must_use]
pub fn statement(
    plan: &Plan,
    labels: &Labels,
    facts: &FactLog,
    rosters: &RosterData,
    trace: &Trace,
    lang: Lang,
    detail: bool,
) -> Statement {
    let sources = Sources {
        plan,
        labels,
        facts,
        rosters,
        openings: None,
        evaluation: None,
    };
    explain(&sources, trace, lang, detail)
}

/// The statement of one account.
#[must_use]
pub fn explain(from: &Sources<'_>, trace: &Trace, lang: Lang, detail: bool) -> Statement {
    let account = trace.account;
    let roster = from.plan.rosters.get(account.roster.ix());
    let table = from.rosters.table(account.roster);
    let ix = account.subject as usize;
    let mut statement = Statement {
        schema: SCHEMA,
        lang,
        policy: from.labels.policy.clone(),
        roster: roster.map(|r| r.name.clone()).unwrap_or_default(),
        account: table
            .and_then(|t| t.ids.get_index(ix).cloned())
            .unwrap_or_default(),
        name: table.and_then(|t| t.names.get(ix).cloned().flatten()),
        as_of: from.as_of().map(|d| d.to_string()),
        sums: Vec::new(),
        awards: Vec::new(),
        received: crate::pass::received(from, trace, lang),
        nothing: Vec::new(),
        unused: unused(from, trace),
        measures: crate::measure::lines(from, trace, lang),
        standings: crate::standing::lines(from, trace, lang),
        moves: crate::moves::moved(from, trace, lang),
        lapses: Vec::new(),
        lots: Vec::new(),
        ahead: Vec::new(),
        undated: Vec::new(),
        detail,
    };
    if let Some(title) = &from.labels.title {
        let quoted = lang.pick(format!("《{title}》"), format!("“{title}”"));
        statement.policy = format!("{} {quoted}", statement.policy);
    }
    for run in &trace.runs {
        add_run(&mut statement, from, run, lang, detail);
    }
    let loose = from.evaluation.iter().flat_map(|e| &e.outcomes);
    for outcome in loose.filter(|o| o.account == account && o.item.is_none()) {
        statement.nothing.push(loose_line(from, outcome, lang));
    }
    statement
        .nothing
        .sort_by(|a, b| a.source.day.cmp(&b.source.day));
    statement.sums = sums(from, trace);
    life::add(&mut statement, from, trace, lang);
    statement
}

fn add_run(to: &mut Statement, from: &Sources<'_>, run: &ItemRun, lang: Lang, detail: bool) {
    let Some(item) = from.plan.items.get(run.item.ix()) else {
        return;
    };
    let clause = clause(from, run.item, item, lang);
    let source = source(from, item, run.origin, run.day, lang);
    if let Some(outcome) = &run.outcome {
        let mut line = blank(Some(clause), source);
        WhyNot { from, lang }.of_run(&mut line, item, run, &outcome.kind);
        to.nothing.push(line);
        return;
    }
    let mut parts = Parts::new(from.plan, item, run, lang, detail).all();
    let gone = pass::parts(from, item, run, lang);
    let last = gone.last().map(|p| p.after);
    let last = last.or_else(|| run.steps.last().map(|s| s.after));
    parts.extend(gone);
    let spend = item.spend.is_some();
    let own = || run.postings.iter().filter(|p| p.received.is_none());
    let posted = own().next().map(|p| match spend {
        true => p.amount.checked_neg().unwrap_or(p.amount),
        false => p.amount,
    });
    let amount = posted.or(last);
    let begin = run.postings.first().map(|p| p.posted);
    let worth = run.steps.iter().find_map(|s| worth(&s.detail, lang));
    let released = run.steps.iter().find_map(|s| match s.detail {
        jifen_data::StepDetail::Reviewed(at) => at,
        _ => None,
    });
    to.awards.push(Award {
        clause,
        source,
        amount: amount.unwrap_or_default(),
        spend,
        yuan: item.allot.is_some_and(|a| a.yuan),
        postings: own().map(|p| credit(from, p)).collect(),
        worth,
        passed: pass::passed(from, item, run, lang),
        joined: crate::join::joined(from, run),
        released: released.and(begin).map(instant),
        parts,
    });
}

/// `折合 10元，记在 惠民超市`.
fn worth(detail: &jifen_data::StepDetail, lang: Lang) -> Option<String> {
    let jifen_data::StepDetail::Worth(yuan, by) = detail else {
        return None;
    };
    let yuan = yuan.map_or_else(
        || lang.pick("不明", "an unknown value").to_owned(),
        |yuan| shown(yuan, Show::Dim(Dim::MONEY), lang),
    );
    let by = by.as_ref().map_or_else(String::new, |by| {
        lang.pick(format!("，记在 {by}"), format!(", borne by {by}"))
    });
    Some(lang.pick(format!("折合 {yuan}{by}"), format!("worth {yuan}{by}")))
}

pub(crate) fn credit(from: &Sources<'_>, posting: &Posting) -> Credit {
    Credit {
        currency: from.currency(posting.currency),
        amount: posting.amount,
        waived: posting.waived,
        counted: posting.amount.add(posting.waived).unwrap_or(posting.amount),
    }
}

fn blank(clause: Option<Clause>, source: Source) -> Nothing {
    Nothing {
        clause,
        source,
        reason: Reason::NotApplicable,
        text: String::new(),
        condition: None,
        checks: Vec::new(),
        fix: None,
        missing: None,
        waiting: None,
        amount: None,
        index: None,
    }
}

fn loose_line(from: &Sources<'_>, outcome: &Outcome, lang: Lang) -> Nothing {
    let (record, id, day) = match outcome.origin {
        Origin::Fact(f) => {
            let day = from.at(f).map(|at| at.day().to_string());
            (from.kind_name(f.kind), Some(from.id(f)), day)
        }
        Origin::Period(d) => (String::new(), None, Some(d.to_string())),
    };
    let source = Source {
        record,
        id,
        day: day.unwrap_or_default(),
        period: None,
        version: None,
    };
    let mut line = blank(None, source);
    WhyNot { from, lang }.of_outcome(&mut line, outcome);
    line
}

/// The clause an item stands for.
pub(crate) fn clause(from: &Sources<'_>, ix: ItemIx, item: &Item, lang: Lang) -> Clause {
    let label = from.labels.items.get(ix.ix());
    let name = item.path.last().cloned().unwrap_or_default();
    let article = label.and_then(|l| l.article);
    let text = match article {
        Some(n) => lang.pick(format!("第{n}条 {name}"), format!("Article {n} {name}")),
        None => name.clone(),
    };
    Clause {
        article,
        item: name,
        path: item.path.clone(),
        text,
    }
}

/// The fact or period that something came of.
pub(crate) fn source(
    from: &Sources<'_>,
    item: &Item,
    origin: Origin,
    day: Day,
    lang: Lang,
) -> Source {
    let version = from.plan.versions.get(item.version.ix());
    let (mut record, mut id, mut period) = (String::new(), None, None);
    match (origin, item.trigger) {
        (Origin::Fact(f), _) => {
            record = from.kind_name(f.kind);
            id = Some(from.id(f));
        }
        (Origin::Period(first), Trigger::Period { unit, row, .. }) => {
            let last = unit.next_start(first).add_days(-1);
            period = Some(format!("{first} {} {last}", lang.pick("至", "to")));
            record = row.map(|k| from.kind_name(k)).unwrap_or_default();
        }
        (Origin::Period(first), Trigger::Fact(_)) => period = Some(first.to_string()),
    }
    Source {
        record,
        id,
        day: day.to_string(),
        period,
        version: version.map(|v| v.name.clone()),
    }
}

/// Kinds that no item of any version reads, itself, by an aggregate or by a join, with how many facts of the account there are.
fn unused(from: &Sources<'_>, trace: &Trace) -> Vec<Unused> {
    let mut list = Vec::new();
    for (i, kind) in from.plan.kinds.iter().enumerate() {
        let read = from.plan.items.iter().any(|item| match item.trigger {
            Trigger::Fact(k) => k.ix() == i,
            Trigger::Period { row, .. } => row.is_some_and(|k| k.ix() == i),
        });
        let counted = |a: &jifen_plan::Aggregate| a.kind.ix() == i;
        let mut nodes = from.plan.exprs.iter().filter_map(|n| n.1.aggregate());
        let joined = from.plan.items.iter().flat_map(|item| &item.joins);
        let read = read || joined.into_iter().any(|j| j.kind.ix() == i);
        if read || nodes.any(counted) || kind.subject != trace.account.roster {
            continue;
        }
        let Some(table) = from.facts.kinds.get(i) else {
            continue;
        };
        let mine = table
            .subject
            .iter()
            .filter(|s| **s == trace.account.subject);
        let count = mine.count() as u64;
        if count > 0 {
            let record = kind.name.clone();
            list.push(Unused { record, count });
        }
    }
    list
}

fn sums(from: &Sources<'_>, trace: &Trace) -> Vec<Sum> {
    let mut list = Vec::new();
    for (i, currency) in from.plan.currencies.iter().enumerate() {
        let mine = |c: CurrencyIx| c.ix() == i;
        let openings = from.openings.iter().flat_map(|o| &o.lines).filter(|o| {
            let known = from.as_of().is_none_or(|d| o.day <= d);
            let own = o.roster == trace.account.roster && o.subject == trace.account.subject;
            own && known && mine(o.currency)
        });
        let own = trace.runs.iter().flat_map(|r| &r.postings);
        let own = own.filter(|p| p.received.is_none());
        let postings = own.chain(&trace.received).filter(|p| mine(p.currency));
        let opened: Vec<Decimal> = openings.map(|o| o.amount).collect();
        let moved: Vec<Decimal> = postings.flat_map(|p| [p.amount, p.waived]).collect();
        let lapses = trace.lapses.iter().filter(|l| mine(l.currency));
        let lapses: Vec<Decimal> = lapses.map(|l| l.amount).collect();
        let group = trace.moves.iter().filter(|m| mine(m.currency));
        let group: Vec<Decimal> = group
            .map(|m| crate::moves::change(m, trace.account))
            .collect();
        if opened.is_empty() && moved.is_empty() && group.is_empty() {
            continue;
        }
        // Only the results have to fit, whatever the sums on the way would be.
        let net = |terms: &[Decimal]| Decimal::net(terms, &[]).unwrap_or_default();
        let ups = opened.iter().chain(&moved).chain(&group);
        let ups: Vec<Decimal> = ups.copied().collect();
        list.push(Sum {
            currency: currency.name.clone(),
            opening: net(&opened),
            counted: net(&moved),
            moved: net(&group),
            lapsed: net(&lapses),
            balance: Decimal::net(&ups, &lapses).unwrap_or_default(),
        });
    }
    list
}
