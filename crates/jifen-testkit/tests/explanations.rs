//! Statements over generated cases: every printed sum is done again, parts sum to the ledger, and each offered fix works in both engines.
//!
//! `JIFEN_CASES` says how many cases (default 300), `JIFEN_SEED` where to begin.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::collapsible_if,
    reason = "a test stops at what it did not expect; its size comes from the environment"
)]

#[path = "../../jifen-explain/src/tests/recompute.rs"]
mod recompute;

use jifen_calendar::{Day, WorkCalendar};
use jifen_data::{
    Account, Column, Evaluation, FactLog, Numbers, Openings, Origin, Outcome, OutcomeKind, Posting,
    RosterData,
};
use jifen_diag::Lang;
use jifen_engine::Options;
use jifen_explain::statement::{Fix, Nothing, Statement};
use jifen_explain::{Sources, explain, render};
use jifen_plan::{Labels, Plan, Value};
use jifen_testkit::differential::{case, workdays};
use jifen_testkit::generate::{lower::lower, tables};
use std::collections::BTreeMap;

struct World {
    plan: Plan,
    rosters: RosterData,
    facts: FactLog,
    openings: Openings,
    as_of: Day,
}

impl World {
    fn of(seed: u64, calendar: &WorkCalendar) -> World {
        let case = case(seed);
        let plan = lower(&case.policy, calendar);
        let (rosters, facts, openings) = tables::tables(&case.policy, &case.input, &plan);
        World {
            plan,
            rosters,
            facts,
            openings,
            as_of: case.input.as_of,
        }
    }

    fn evaluate(&self) -> Option<Evaluation> {
        let w = self;
        let options = Options::default();
        jifen_engine::evaluate(
            &w.plan,
            &w.facts,
            &w.rosters,
            &w.openings,
            w.as_of,
            &options,
        )
        .ok()
    }

    fn reference(&self) -> Vec<String> {
        let w = self;
        jifen_reference::evaluate(&w.plan, &w.facts, &w.rosters, &w.openings, w.as_of)
    }
}

fn setting(name: &str, default: u64) -> u64 {
    let text = std::env::var(name).unwrap_or_default();
    text.parse().unwrap_or(default)
}

#[derive(Default)]
struct Tally {
    statements: u64,
    calculations: usize,
    awards: u64,
    reasons: BTreeMap<String, u64>,
    fixes: BTreeMap<String, u64>,
}

#[test]
fn statements_add_up_and_fixes_work() {
    let calendar = workdays();
    let (cases, first) = (setting("JIFEN_CASES", 300), setting("JIFEN_SEED", 1));
    let mut tally = Tally::default();
    for seed in first..first + cases {
        let world = World::of(seed, &calendar);
        // Sums too large to be held: nothing to explain.
        let Some(evaluation) = world.evaluate() else {
            continue;
        };
        let lang = if seed % 2 == 0 { Lang::Zh } else { Lang::En };
        for account in accounts(&world) {
            one(seed, &world, &evaluation, account, lang, &mut tally);
        }
    }
    println!(
        "{cases} cases: {} statements, {} awards, {} calculations done again",
        tally.statements, tally.awards, tally.calculations
    );
    println!(
        "why not: {:?}\nfixes tried in both engines: {:?}",
        tally.reasons, tally.fixes
    );
    if cases >= 300 {
        assert!(tally.awards > 0 && tally.calculations > 0);
        assert!(tally.fixes.values().sum::<u64>() > 0, "no fix was offered");
    }
}

fn accounts(world: &World) -> Vec<Account> {
    let mut all = Vec::new();
    for (r, table) in world.rosters.tables.iter().enumerate() {
        for subject in 0..table.ids.len() {
            all.push(Account {
                roster: jifen_plan::RosterIx(u16::try_from(r).unwrap()),
                subject: u32::try_from(subject).unwrap(),
            });
        }
    }
    all
}

fn one(
    seed: u64,
    w: &World,
    evaluation: &Evaluation,
    account: Account,
    lang: Lang,
    tally: &mut Tally,
) {
    let trace =
        jifen_engine::trace(&w.plan, &w.facts, &w.rosters, &w.openings, w.as_of, account).unwrap();
    let labels = Labels::default();
    let sources = Sources {
        plan: &w.plan,
        labels: &labels,
        facts: &w.facts,
        rosters: &w.rosters,
        openings: Some(&w.openings),
        evaluation: Some(evaluation),
    };
    let detail = seed.is_multiple_of(3);
    let statement = explain(&sources, &trace, lang, detail);
    let text = render(&statement, lang);
    let json = serde_json::to_value(&statement).unwrap();
    let done = recompute::statement(&json);
    tally.calculations += done.unwrap_or_else(|e| panic!("seed {seed}: {e}\n{text}"));
    tally.statements += 1;
    tally.awards += statement.awards.len() as u64;
    same_ledger(seed, evaluation, account, &trace);
    same_balances(seed, w, evaluation, account, &statement);
    let outcomes: Vec<&Outcome> = trace
        .runs
        .iter()
        .filter_map(|r| r.outcome.as_ref())
        .collect();
    for line in &statement.nothing {
        *tally
            .reasons
            .entry(format!("{:?}", line.reason))
            .or_default() += 1;
        assert!(
            !line.text.is_empty(),
            "seed {seed}: a why-not line without words\n{text}"
        );
        let Some(fix) = &line.fix else { continue };
        let found = outcomes.iter().find(|o| speaks_of(w, line, o));
        let outcome = found.unwrap_or_else(|| panic!("seed {seed}: no outcome for {line:?}"));
        let kind = match (fix.roster, outcome.origin) {
            (true, Origin::Period(_)) => "roster, period",
            (true, Origin::Fact(_)) => "roster",
            (false, _) => "record",
        };
        *tally
            .fixes
            .entry(format!("{:?} {kind}", line.reason))
            .or_default() += 1;
        tried(seed, w, line, fix, outcome, &text);
    }
}

fn same_ledger(seed: u64, evaluation: &Evaluation, account: Account, trace: &jifen_data::Trace) {
    let key = |p: &Posting| format!("{p:?}");
    let mine = (&evaluation.ledger)
        .into_iter()
        .filter(|p| p.account == account);
    let mut ledger: Vec<String> = mine.map(|p| key(&p)).collect();
    let own = trace.runs.iter().flat_map(|r| &r.postings);
    let own = own.filter(|p| p.received.is_none());
    let mut traced: Vec<String> = own.chain(&trace.received).map(key).collect();
    ledger.sort();
    traced.sort();
    assert_eq!(
        ledger, traced,
        "seed {seed}: the trace is not the ledger of {account:?}"
    );
}

fn same_balances(seed: u64, w: &World, evaluation: &Evaluation, account: Account, s: &Statement) {
    for balance in evaluation.balances.iter().filter(|b| b.account == account) {
        let name = &w.plan.currencies[balance.currency.ix()].name;
        let sum = s.sums.iter().find(|x| x.currency == *name);
        let shown = sum.map_or_else(Default::default, |x| x.balance);
        assert_eq!(
            shown, balance.balance,
            "seed {seed}: balance of {account:?} in {name}"
        );
    }
}

fn speaks_of(w: &World, line: &Nothing, o: &Outcome) -> bool {
    let Some(item) = o.item.and_then(|i| w.plan.items.get(i.ix())) else {
        return false;
    };
    let path = line.clause.as_ref().is_some_and(|c| c.path == item.path);
    let id = match o.origin {
        Origin::Fact(f) => Some(w.facts.kinds[f.kind.ix()].ids.text(f.row as usize)),
        Origin::Period(_) => None,
    };
    // `2026-01-01 至 2026-01-31`: the period begins with its first day.
    let period = match o.origin {
        Origin::Fact(_) => true,
        Origin::Period(day) => {
            let shown = line.source.period.as_deref().unwrap_or_default();
            shown.starts_with(&day.to_string())
        }
    };
    path && line.source.id == id && period
}

/// Makes the change, runs both engines, and looks whether the condition holds now.
fn tried(seed: u64, w: &World, line: &Nothing, fix: &Fix, outcome: &Outcome, text: &str) {
    let item = &w.plan.items[outcome.item.unwrap().ix()];
    let mut changed = World {
        plan: w.plan.clone(),
        rosters: w.rosters.clone(),
        facts: w.facts.clone(),
        openings: w.openings.clone(),
        as_of: w.as_of,
    };
    if fix.roster {
        change_roster(&mut changed, outcome.account, fix);
    } else {
        let Origin::Fact(fact) = outcome.origin else {
            panic!("seed {seed}: a record to change for a period");
        };
        let kind = &w.plan.kinds[fact.kind.ix()];
        let field = kind
            .fields
            .iter()
            .position(|f| f.name == fix.field)
            .unwrap();
        let table = &mut changed.facts.kinds[fact.kind.ix()];
        put(&mut table.fields[field], fact.row as usize, &fix.held);
    }
    // A condition up to this one must not fail any more; `None`: a line must take effect.
    let limit = match outcome.kind {
        OutcomeKind::NotApplicable(k) => Some(k),
        _ => None,
    };
    let complain = |who: &str, still: &str| {
        let clause = line
            .clause
            .as_ref()
            .map(|c| c.text.as_str())
            .unwrap_or_default();
        let (field, value) = (&fix.field, &fix.value);
        panic!(
            "seed {seed}: {who}: with {field} = {value} {clause} still: {still}\n{line:?}\n{text}"
        );
    };
    if let Some(evaluation) = changed.evaluate() {
        let mut outcomes = evaluation.outcomes.iter();
        let same = |o: &Outcome| (o.account, o.item, o.origin);
        let now = outcomes.find(|o| same(o) == same(outcome));
        match now.map(|o| &o.kind) {
            Some(OutcomeKind::NotApplicable(k)) if limit.is_none_or(|l| *k <= l) => {
                complain("engine", &format!("not applicable {k}"));
            }
            Some(OutcomeKind::NoAmount) if limit.is_none() => complain("engine", "no amount"),
            _ => {}
        }
    }
    let roster = &w.plan.rosters[outcome.account.roster.ix()].name;
    let table = &w.rosters.tables[outcome.account.roster.ix()];
    let subject = table
        .ids
        .get_index(outcome.account.subject as usize)
        .unwrap();
    let id = match outcome.origin {
        Origin::Fact(f) => w.facts.kinds[f.kind.ix()].ids.text(f.row as usize),
        Origin::Period(day) => format!("period:{day}"),
    };
    let version = &w.plan.versions[item.version.ix()].name;
    let head = format!(
        "O|{roster}/{subject}|{id}|{}|{version}|",
        item.path.join("/")
    );
    for result in changed.reference() {
        let Some(rest) = result.strip_prefix(&head) else {
            continue;
        };
        if let Some(k) = rest.strip_prefix("not-applicable|") {
            let k: u16 = k.parse().unwrap();
            if limit.is_none_or(|l| k <= l) {
                complain("reference", rest);
            }
        }
        if limit.is_none() && rest.starts_with("no-amount") {
            complain("reference", rest);
        }
    }
}

/// The attribute has this value on all days.
fn change_roster(w: &mut World, account: Account, fix: &Fix) {
    let attrs = &w.plan.rosters[account.roster.ix()].attrs;
    let attr = attrs.iter().position(|a| a.name == fix.field).unwrap();
    let table = &mut w.rosters.tables[account.roster.ix()].attrs[attr];
    let code = table.values.insert_full(fix.held.clone()).0;
    let all = (Day::MIN, Day::MAX, u32::try_from(code).unwrap());
    let mut rows: Vec<Vec<_>> = table.rows.iter().map(<[_]>::to_vec).collect();
    rows[account.subject as usize] = vec![all];
    table.rows = rows.into_iter().collect();
}

/// Puts a value into a column.
fn put(column: &mut Column, row: usize, value: &Value) {
    match (column, value) {
        (Column::Number(numbers), Value::Num(n)) => {
            let len = match &*numbers {
                Numbers::Narrow { values, .. } => values.len(),
                Numbers::Wide(values) => values.len(),
            };
            let mut wide: Vec<_> = (0..len).map(|i| numbers.get(i)).collect();
            wide[row] = Some(*n);
            *numbers = Numbers::Wide(wide);
        }
        (Column::Text(texts), Value::Text(t)) => {
            let code = texts.dict.insert_full(t.clone()).0;
            texts.codes[row] = u32::try_from(code).unwrap();
        }
        (Column::YesNo(v), Value::YesNo(b)) => v[row] = u8::from(*b),
        (Column::Date(v), Value::Date(d)) => v[row] = Some(*d),
        (Column::Instant(v), Value::Instant(i)) => v[row] = Some(*i),
        (Column::Span(v), Value::Span(a, b)) => v[row] = Some((*a, *b)),
        (column, value) => panic!("{value:?} does not fit {column:?}"),
    }
}
