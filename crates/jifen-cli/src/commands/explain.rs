//! `jifen explain POLICY… --account A`: the additive statement, and why not.

use super::inputs;
use super::run::compute;
use super::{Answer, policy};
use crate::context::{Context, Exit, Failure};
use clap::ArgMatches;
use jifen::data::Account;
use jifen::plan::RosterIx;
use jifen::statement::{self, Statement};
use jifen::{Lang, Options, RosterData, suggest, text, trace};

/// Runs the command.
pub fn run(given: &ArgMatches, context: &Context) -> Answer {
    let policy = policy::load(given, context)?;
    let inputs = inputs::load(given, &policy, context)?;
    let id = given
        .get_one::<String>("account")
        .map_or("", String::as_str);
    let account = account(&inputs.loaded.rosters, id)?;
    let on = match given.get_one::<String>("on") {
        Some(word) => Some(inputs::parse_day(word)?.to_string()),
        None => None,
    };
    let evaluation = compute(&policy, &inputs, &Options::default())?;
    let plan = &policy.compiled.plan;
    let (facts, rosters) = (&inputs.loaded.admission.log, &inputs.loaded.rosters);
    let openings = &inputs.loaded.openings;
    let traced = trace(plan, facts, rosters, openings, inputs.as_of, account)
        .map_err(|e| Failure::outside(jifen::words::engine_error(plan, &e)))?;
    let from = statement::Sources {
        plan,
        labels: &policy.compiled.labels,
        facts,
        rosters,
        openings: Some(openings),
        evaluation: Some(&evaluation),
    };
    let lang = policy.lang;
    let mut statement = statement::explain(&from, &traced, lang, given.get_flag("detail"));
    let fact = given.get_one::<String>("fact").map(String::as_str);
    let item = given.get_one::<String>("item").map(String::as_str);
    let narrowed = fact.is_some() || item.is_some() || on.is_some();
    narrow(&mut statement, fact, on.as_deref(), item);
    if narrowed && statement.awards.is_empty() && statement.nothing.is_empty() {
        return Err(Failure::usage(text!(
            zh = "“{id}”没有符合这些条件的得分或记录",
            en = "nothing of “{id}” fits these filters"
        )));
    }
    if context.json {
        context.print_json(&serde_json::to_value(&statement).unwrap_or_default());
        return Ok(Exit::Done);
    }
    context.print(&statement::render(&statement, lang));
    if !statement.detail {
        let args = policy::written(given);
        let command = match lang {
            Lang::Zh => format!("jifen 说明 {args} … --账户 {id} --详细"),
            Lang::En => format!("jifen explain {args} … --account {id} --detail"),
        };
        context.next(lang, &command);
    }
    Ok(Exit::Done)
}

/// Finds an account by its id, or by a display name that only one has.
fn account(rosters: &RosterData, id: &str) -> Result<Account, Failure> {
    let mut named = Vec::new();
    for (r, table) in rosters.tables.iter().enumerate() {
        let Ok(roster) = u16::try_from(r).map(RosterIx) else {
            continue;
        };
        if let Some(subject) = table.subject(id) {
            return Ok(Account { roster, subject });
        }
        let make = |i: usize| {
            let subject = u32::try_from(i).ok()?;
            Some(Account { roster, subject })
        };
        let same = table.names.iter().enumerate();
        named.extend(
            same.filter(|(_, n)| n.as_deref() == Some(id))
                .filter_map(|(i, _)| {
                    let code = table.ids.get_index(i).cloned()?;
                    make(i).map(|a| (a, code))
                }),
        );
    }
    match named.as_slice() {
        [(one, _)] => Ok(*one),
        [] => {
            let all = rosters
                .tables
                .iter()
                .flat_map(|t| t.ids.iter().map(String::as_str));
            let near = suggest(id, all);
            let zh = near.map_or(String::new(), |n| format!("，是不是“{n}”？"));
            let en = near.map_or(String::new(), |n| format!("; did you mean “{n}”?"));
            Err(Failure::usage(text!(
                zh = "名册里没有“{id}”{zh}",
                en = "there is no “{id}” on the rosters{en}"
            )))
        }
        many => {
            let codes: Vec<&str> = many.iter().map(|(_, c)| c.as_str()).collect();
            let (n, codes) = (many.len(), codes.join(", "));
            Err(Failure::usage(text!(
                zh = "有 {n} 个“{id}”，请写编号：{codes}",
                en = "{n} people are called “{id}”; write the id: {codes}"
            )))
        }
    }
}

/// Keeps what fits the filters. The sums stay those of the whole account.
fn narrow(s: &mut Statement, fact: Option<&str>, on: Option<&str>, item: Option<&str>) {
    let fits = |source: &statement::statement::Source,
                clause: Option<&statement::statement::Clause>| {
        fact.is_none_or(|f| source.id.as_deref() == Some(f))
            && on.is_none_or(|d| source.day.starts_with(d))
            && item.is_none_or(|i| {
                clause.is_some_and(|c| c.item == i || c.path.iter().any(|p| p == i))
            })
    };
    s.awards.retain(|a| fits(&a.source, Some(&a.clause)));
    s.nothing.retain(|n| fits(&n.source, n.clause.as_ref()));
    if fact.is_some() || item.is_some() || on.is_some() {
        s.unused.clear();
    }
}
