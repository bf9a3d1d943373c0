//! Accounts that items reach beside their subject's (S14): giver and receiver are swept together.

use jifen_data::{Account, FactRef};
use jifen_plan::{
    AttrIx, Expr, ExprId, FieldIx, ItemIx, KindIx, Plan, RosterIx, Trigger, Ty, Value, Whose,
};

use crate::case::Case;
use crate::scalar::Scalar;
use crate::world::{Val, World};

/// Does any item post into another account, or do points go along with members?
pub(crate) fn needed(plan: &Plan) -> bool {
    !plan.moves.is_empty() || plan.items.iter().any(|i| !i.passes.is_empty())
}

/// Tells each pair of accounts between which points may go on any day.
pub(crate) fn join(world: &World<'_>, mut pair: impl FnMut(Account, Account)) {
    let plan = world.plan;
    for m in &plan.moves {
        attributes(world, m.roster, m.attr, |subject, id| {
            let group = world.rosters.table(m.group).and_then(|t| t.subject(id));
            if let Some(group) = group {
                let (roster, there) = (m.roster, m.group);
                let of = |roster, subject| Account { roster, subject };
                pair(of(roster, subject), of(there, group));
            }
        });
    }
    let mut done: Vec<(ExprId, Option<KindIx>, RosterIx)> = Vec::new();
    for (ix, item) in (0_u16..).map(ItemIx).zip(&plan.items) {
        let Some((kind, roster)) = source(plan, ix) else {
            continue;
        };
        for to in item.passes.iter().map(|p| p.to) {
            if plan.exprs.reads_joined(to) {
                joined(world, ix, roster, to, &mut pair);
            } else if !done.contains(&(to, kind, roster)) {
                done.push((to, kind, roster));
                link(world, (to, kind, roster), &mut pair);
            }
        }
    }
}

/// Accounts that facts joined with an item's facts name.
fn joined(
    world: &World<'_>,
    item: ItemIx,
    roster: RosterIx,
    to: ExprId,
    pair: &mut impl FnMut(Account, Account),
) {
    let Some((Some(kind), _)) = source(world.plan, item) else {
        return;
    };
    for (row, facts) in world.matches.found(item) {
        let Ok(mut case) = Case::of_fact(world, FactRef { kind, row }) else {
            continue;
        };
        case.joined = facts;
        let own = Account {
            roster,
            subject: case.account.subject,
        };
        if let Ok(named) = Scalar::new(case, false).named(to)
            && let Some(other) = named.account
        {
            pair(own, other);
        }
    }
}

/// Whose record an item reads, and whose subjects it is about.
fn source(plan: &Plan, ix: ItemIx) -> Option<(Option<KindIx>, RosterIx)> {
    match plan.items.get(ix.ix())?.trigger {
        Trigger::Fact(kind) => Some((Some(kind), plan.kinds.get(kind.ix())?.subject)),
        Trigger::Period { roster, row, .. } => Some((row, roster)),
    }
}

fn link(
    world: &World<'_>,
    (to, kind, roster): (ExprId, Option<KindIx>, RosterIx),
    pair: &mut impl FnMut(Account, Account),
) {
    let plan = world.plan;
    let (Ty::Subject(there) | Ty::Subjects(there)) = plan.exprs.ty(to) else {
        return;
    };
    let table = world.rosters.table(there);
    let account = |id: &str| {
        let subject = table?.subject(id)?;
        Some(Account {
            roster: there,
            subject,
        })
    };
    match (plan.exprs.get(to), kind) {
        (Expr::Attr(Whose::Own, attr), _) => attributes(world, roster, *attr, |subject, id| {
            if let Some(other) = account(id) {
                pair(Account { roster, subject }, other);
            }
        }),
        (Expr::Field(field), Some(kind)) => facts(world, kind, *field, |subject, id| {
            if let Some(other) = account(id) {
                pair(Account { roster, subject }, other);
            }
        }),
        // Whatever else may name an account: nothing is left apart.
        _ => everybody(world, pair),
    }
}

fn attributes(world: &World<'_>, roster: RosterIx, attr: AttrIx, mut each: impl FnMut(u32, &str)) {
    let table = world.rosters.table(roster);
    let Some(values) = table.and_then(|t| t.attrs.get(attr.ix())) else {
        return;
    };
    for (subject, rows) in (0_u32..).zip(&values.rows) {
        for (_, _, code) in rows {
            match values.values.get_index(*code as usize) {
                Some(Value::Text(id)) => each(subject, id),
                Some(Value::List(ids)) => ids.iter().for_each(|id| each(subject, id)),
                _ => {}
            }
        }
    }
}

fn facts(world: &World<'_>, kind: KindIx, field: FieldIx, mut each: impl FnMut(u32, &str)) {
    let rows = world.facts.kinds.get(kind.ix()).map_or(0, |t| t.len());
    for row in 0..u32::try_from(rows).unwrap_or(u32::MAX) {
        if let Ok(view) = world.fact(FactRef { kind, row })
            && let Some(Val::Text(id)) = view.field(field)
        {
            each(view.subject(), id);
        }
    }
}

fn everybody(world: &World<'_>, pair: &mut impl FnMut(Account, Account)) {
    let mut first = None;
    for (roster, table) in (0_u16..).map(RosterIx).zip(&world.rosters.tables) {
        for subject in 0..u32::try_from(table.ids.len()).unwrap_or(u32::MAX) {
            let account = Account { roster, subject };
            pair(*first.get_or_insert(account), account);
        }
    }
}
