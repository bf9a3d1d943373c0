//! Transfers in a statement: to whom, and what was received from whom (S21).

use jifen_data::{Account, Eval, ItemRun, Origin, Posting, RosterData, Trace};
use jifen_diag::Lang;
use jifen_plan::{Item, Plan, RosterIx, Ty, Value};
use jifen_quantity::Decimal;

use crate::assemble::{Sources, clause, credit, fact_source};
use crate::statement::{Award, Part, PartKind, Party, Statement};

/// Who received what a run gave.
pub(crate) fn receiver(from: &Sources<'_>, item: &Item, run: &ItemRun) -> Option<Party> {
    let to = item.give?.to;
    let Ty::Subject(roster) = from.plan.exprs.ty(to) else {
        return None;
    };
    let id = run.nodes.iter().rev().find_map(|n| match &n.value {
        Eval::Value(Value::Text(id)) if n.expr == to => Some(id),
        _ => None,
    })?;
    let table = from.rosters.table(roster)?;
    let subject = u32::try_from(table.ids.get_index_of(id)?).ok()?;
    Some(party(from.plan, from.rosters, Account { roster, subject }))
}

fn party(plan: &Plan, rosters: &RosterData, a: Account) -> Party {
    let name = |r: RosterIx| plan.rosters.get(r.ix()).map(|r| r.name.clone());
    let table = rosters.table(a.roster);
    let ix = a.subject as usize;
    Party {
        roster: name(a.roster).unwrap_or_default(),
        account: (table.and_then(|t| t.ids.get_index(ix).cloned())).unwrap_or_default(),
        name: table.and_then(|t| t.names.get(ix).cloned().flatten()),
    }
}

/// Adds what was received, each after what happened up to that day.
pub(crate) fn add_received(to: &mut Statement, from: &Sources<'_>, trace: &Trace, lang: Lang) {
    for (giver, posting) in &trace.received {
        let Some(award) = award(from, *giver, posting, lang) else {
            continue;
        };
        let day = &award.source.day;
        let place = to.awards.iter().rposition(|a| a.source.day <= *day);
        to.awards.insert(place.map_or(0, |p| p + 1), award);
    }
}

fn award(from: &Sources<'_>, giver: Account, p: &Posting, lang: Lang) -> Option<Award> {
    let item = from.plan.items.get(p.item.ix())?;
    let Origin::Fact(fact) = p.origin else {
        return None;
    };
    Some(Award {
        clause: clause(from, p.item, item, lang),
        source: fact_source(from, item, fact, p.day),
        amount: p.amount,
        spend: false,
        with: Some(party(from.plan, from.rosters, giver)),
        postings: vec![credit(from, p)],
        released: None,
        parts: vec![Part {
            kind: PartKind::Received,
            label: lang.pick("收到", "received").to_owned(),
            before: Decimal::ZERO,
            after: p.amount,
            delta: p.amount,
            calcs: Vec::new(),
            cap: None,
            segments: Vec::new(),
            note: String::new(),
            tree: Vec::new(),
        }],
    })
}
