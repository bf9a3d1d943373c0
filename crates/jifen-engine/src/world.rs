//! What every stage reads: Plan, data, as-of day, and views of facts with their corrections; it decides nothing.

use std::borrow::Cow;
use std::cmp::Ordering;

use jifen_calendar::{Day, Instant};
use jifen_data::{
    Account, Column, FactLog, FactRef, Ids, KindTable, OpeningStanding, RosterData, compare_ids,
};
use jifen_plan::{
    CurrencyIx, FieldIx, Item, ItemIx, Kind, KindIx, Plan, Trigger, Value, VersionIx, aggregates,
    balances,
};

use crate::allot::Shares;
use crate::closed::Closed;
use crate::error::Stop;
use crate::history::Histories;
use crate::matching::Matches;
use crate::posted::{Posted, Sources};
use crate::running_sums::RunningSums;
use crate::settle::{Patch, Settled};
use crate::shared::Shared;
use crate::standing::Standings;

/// Inputs and what was settled about them.
pub(crate) struct World<'a> {
    pub plan: &'a Plan,
    pub facts: &'a FactLog,
    pub rosters: &'a RosterData,
    pub as_of: Day,
    pub settled: Settled<'a>,
    pub items: ItemsByKind,
    /// Earlier facts, for kinds that aggregates read.
    pub histories: Histories,
    pub running_sums: RunningSums,
    /// What facts are joined with.
    pub matches: Matches,
    /// What measures came to in periods that are over.
    pub closed: Closed,
    /// Allotments of points.
    pub shares: Shares,
    /// What accounts had when periods closed, as far as it is known (evaluation.md 16).
    pub posted: Posted,
    /// Which items are meant where only what some awarded is read.
    pub sources: Sources,
    /// How subjects stood then.
    pub standings: Standings,
    /// How they stood before the policy.
    pub taken: &'a [OpeningStanding],
    /// What measures of groups and of everybody came to.
    pub shared: Shared,
}

/// Items triggered by a kind in a version, in path order.
#[derive(Clone, Debug, Default)]
pub(crate) struct ItemsByKind {
    triggered: Vec<Vec<Vec<ItemIx>>>,
    /// As the row of a period item, by an aggregate, or by a join.
    read: Vec<Vec<bool>>,
    /// Of each item: the currencies whose balance or total it reads.
    balances: Vec<Vec<CurrencyIx>>,
}

impl ItemsByKind {
    pub fn new(plan: &Plan) -> ItemsByKind {
        let versions = plan.versions.len();
        let mut out = ItemsByKind {
            triggered: vec![vec![Vec::new(); versions]; plan.kinds.len()],
            read: vec![vec![false; versions]; plan.kinds.len()],
            balances: plan.items.iter().map(|i| balances(plan, i)).collect(),
        };
        for (i, item) in plan.items.iter().enumerate() {
            let version = item.version.ix();
            match item.trigger {
                Trigger::Fact(kind) => {
                    let slot = out
                        .triggered
                        .get_mut(kind.ix())
                        .and_then(|k| k.get_mut(version));
                    if let (Some(slot), Ok(i)) = (slot, u16::try_from(i)) {
                        slot.push(ItemIx(i));
                    }
                }
                Trigger::Period {
                    row: Some(kind), ..
                } => out.reads(kind, version),
                Trigger::Period { .. } => {}
            }
            let counted = aggregates(plan, item).into_iter().map(|a| a.kind);
            for kind in counted.chain(item.joins.iter().map(|j| j.kind)) {
                out.reads(kind, version);
            }
        }
        for m in &plan.measures {
            for a in plan.exprs.aggregates(m.node) {
                out.reads(a.kind, m.version.ix());
            }
        }
        for s in &plan.standings {
            for root in jifen_plan::standing_roots(s) {
                for a in plan.exprs.aggregates(root) {
                    out.reads(a.kind, s.version.ix());
                }
            }
        }
        out
    }

    fn reads(&mut self, kind: KindIx, version: usize) {
        let slot = self.read.get_mut(kind.ix());
        if let Some(slot) = slot.and_then(|k| k.get_mut(version)) {
            *slot = true;
        }
    }

    /// Items that facts of this kind trigger in this version.
    pub fn triggered(&self, kind: KindIx, version: VersionIx) -> &[ItemIx] {
        self.triggered
            .get(kind.ix())
            .and_then(|k| k.get(version.ix()))
            .map_or(&[], Vec::as_slice)
    }

    /// The currencies whose balance or total an item reads.
    pub fn balances(&self, item: ItemIx) -> &[CurrencyIx] {
        self.balances.get(item.ix()).map_or(&[], Vec::as_slice)
    }

    /// Does any item of the version read facts of this kind?
    pub fn used(&self, kind: KindIx, version: VersionIx) -> bool {
        !self.triggered(kind, version).is_empty()
            || self
                .read
                .get(kind.ix())
                .and_then(|k| k.get(version.ix()))
                .is_some_and(|b| *b)
    }
}

impl<'a> World<'a> {
    /// Does something at this instant happen by the end of the as-of day?
    pub fn happens(&self, at: Instant) -> bool {
        at.day() <= self.as_of
    }

    /// Is an account's subject on its roster on this day?
    pub fn is_present(&self, account: Account, day: Day) -> bool {
        let table = self.rosters.table(account.roster);
        table.is_some_and(|t| t.is_present(account.subject, day))
    }

    /// Is this an attribute of several?
    pub fn names_several(&self, roster: jifen_plan::RosterIx, attr: jifen_plan::AttrIx) -> bool {
        let roster = self.plan.rosters.get(roster.ix());
        let attr = roster.and_then(|r| r.attrs.get(attr.ix()));
        attr.is_some_and(|a| matches!(a.ty, jifen_plan::FieldType::Refs(_)))
    }

    /// Do accounts keep lots of this currency?
    pub fn lived(&self, currency: jifen_plan::CurrencyIx) -> bool {
        jifen_plan::keeps_lots(self.plan, currency)
    }

    pub fn item(&self, ix: ItemIx) -> Result<&'a Item, Stop> {
        self.plan.items.get(ix.ix()).ok_or(Stop::Plan("item index"))
    }

    /// The fact with its corrections.
    pub fn fact(&self, fact: FactRef) -> Result<FactView<'_>, Stop> {
        let missing = Stop::Plan("fact index");
        let kind = self.plan.kinds.get(fact.kind.ix()).ok_or(missing.clone())?;
        let table = self
            .facts
            .kinds
            .get(fact.kind.ix())
            .ok_or(missing.clone())?;
        let settled = self.settled.kinds.get(fact.kind.ix()).ok_or(missing)?;
        Ok(FactView {
            kind,
            table,
            row: fact.row as usize,
            patch: settled.patches.get(&fact.row),
        })
    }

    /// S3: the order of two facts' ids (then kinds).
    pub fn compare_fact_ids(&self, a: FactRef, b: FactRef) -> Ordering {
        let ids = |f: FactRef| self.facts.kinds.get(f.kind.ix()).map(|k| &k.ids);
        let order = match (ids(a), ids(b)) {
            (Some(x), Some(y)) => compare_rows(x, a.row as usize, y, b.row as usize),
            _ => Ordering::Equal,
        };
        order.then(a.kind.cmp(&b.kind)).then(a.row.cmp(&b.row))
    }
}

/// Compares the ids of two rows by length, then bytes.
pub(crate) fn compare_rows(x: &Ids, i: usize, y: &Ids, j: usize) -> Ordering {
    match (x, y) {
        // Whole numbers without a sign or leading noughts: length, then bytes, is their order.
        (Ids::Int(x), Ids::Int(y)) => x.get(i).cmp(&y.get(j)),
        (Ids::Text(x), Ids::Text(y)) => match (x.get(i), y.get(j)) {
            (Some(a), Some(b)) => compare_ids(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        },
        _ => compare_ids(&x.text(i), &y.text(j)),
    }
}

/// A fact as it stands after its corrections.
#[derive(Clone, Copy)]
pub(crate) struct FactView<'w> {
    pub kind: &'w Kind,
    pub table: &'w KindTable,
    pub row: usize,
    pub patch: Option<&'w Patch>,
}

/// A value without its own copy of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Val<'w> {
    Num(jifen_quantity::Decimal),
    Text(&'w str),
    YesNo(bool),
    Date(Day),
    Instant(Instant),
    Span(Instant, Instant),
    List(&'w [String]),
}

impl<'w> Val<'w> {
    pub fn of(value: &'w Value) -> Val<'w> {
        match value {
            Value::Num(n) => Val::Num(*n),
            Value::Text(t) => Val::Text(t),
            Value::YesNo(b) => Val::YesNo(*b),
            Value::Date(d) => Val::Date(*d),
            Value::Instant(i) => Val::Instant(*i),
            Value::Span(a, b) => Val::Span(*a, *b),
            Value::List(ids) => Val::List(ids),
        }
    }

    pub fn to_value(self) -> Value {
        match self {
            Val::Num(n) => Value::Num(n),
            Val::Text(t) => Value::Text(t.to_owned()),
            Val::YesNo(b) => Value::YesNo(b),
            Val::Date(d) => Value::Date(d),
            Val::Instant(i) => Value::Instant(i),
            Val::Span(a, b) => Value::Span(a, b),
            Val::List(ids) => Value::List(ids.to_vec()),
        }
    }
}

impl<'w> FactView<'w> {
    pub fn subject(&self) -> u32 {
        let own = || {
            self.table
                .subject
                .get(self.row)
                .copied()
                .unwrap_or(u32::MAX)
        };
        self.patch.and_then(|p| p.subject).unwrap_or_else(own)
    }

    /// Day and time as written, and whether only the day is known.
    pub fn at(&self) -> (Instant, bool) {
        if let Some(at) = self.patch.and_then(|p| p.at) {
            return at;
        }
        let at = self.table.at.get(self.row).copied().unwrap_or(Instant(0));
        (
            at,
            self.table.day_only.get(self.row).copied().unwrap_or(true),
        )
    }

    pub fn entered(&self) -> Day {
        self.table
            .entered
            .get(self.row)
            .copied()
            .unwrap_or(Day::MAX)
    }

    /// The value of a field without its default; `None` is a blank.
    pub fn raw(&self, field: FieldIx) -> Option<Val<'w>> {
        if let Some(patched) = self.patch.and_then(|p| p.field(field)) {
            return patched.map(Val::of);
        }
        match self.table.fields.get(field.ix())? {
            Column::Number(n) => n.get(self.row).map(Val::Num),
            Column::Text(t) => t.get(self.row).map(Val::Text),
            Column::YesNo(v) => match v.get(self.row) {
                Some(0) => Some(Val::YesNo(false)),
                Some(1) => Some(Val::YesNo(true)),
                _ => None,
            },
            Column::Date(v) => v.get(self.row).copied().flatten().map(Val::Date),
            Column::Instant(v) => v.get(self.row).copied().flatten().map(Val::Instant),
            Column::Span(v) => {
                let span = v.get(self.row).copied().flatten();
                span.map(|(a, b)| Val::Span(a, b))
            }
        }
    }

    /// The value of a field, or its default.
    pub fn field(&self, field: FieldIx) -> Option<Val<'w>> {
        self.raw(field).or_else(|| {
            let default = self.kind.fields.get(field.ix())?.default.as_ref()?;
            Some(Val::of(default))
        })
    }

    /// The span, if the kind has one and it is not blank.
    pub fn span(&self) -> Option<(Instant, Instant)> {
        match self.field(self.kind.span?) {
            Some(Val::Span(a, b)) => Some((a, b)),
            _ => None,
        }
    }
}

/// Instants of a kind, borrowed where nothing changed.
pub(crate) type Instants<'a> = Cow<'a, [Instant]>;
