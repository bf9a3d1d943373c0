//! 接: earlier facts that a fact is joined with (S19b, decision 015). Plain data; `docs/evaluation.md` 8 says how they are found.

use jifen_calendar::ClockWindow;
use serde::{Deserialize, Serialize};

use crate::expr::{Expr, ExprId, Exprs};
use crate::model::{Days, Item, KindIx, Require};

/// `接 维修 当 单号 为 本条.单号 24小时内 首个`: one earlier fact of a kind, of any subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Join {
    /// Whose facts.
    pub kind: KindIx,
    /// What must be equal on both; at least one. An earlier fact on which it is blank is joined with nothing.
    pub keys: Vec<JoinKey>,
    /// What else must hold, read on the earlier fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<ExprId>,
    /// 距: the place of the join whose fact time is counted from; `None`: the fact being scored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u16>,
    /// How long before that it may stand.
    pub within: Within,
    /// Which of several, and whether one serves again.
    pub pairing: Pairing,
}

/// An equality between both facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinKey {
    /// Read on the earlier fact: a field, its subject, or an attribute of it.
    pub theirs: ExprId,
    /// Read on the fact being scored, or on one joined before: [`Expr::This`] or [`Expr::Joined`].
    pub ours: ExprId,
}

/// How long before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Within {
    /// 24小时内: so many seconds, to the second, the last one included.
    Seconds(i64),
    /// 8小时内 只计 工作日 办公时间: so many seconds inside windows.
    Counted(Counted),
    /// 3个自然日内: from the day before by so many days; 5个工作日内: from the fifth working day before.
    Days(Days),
    /// 终身.
    Lifetime,
}

/// Time of which only what lies inside windows counts, to the second, the last one included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// How many of these seconds.
    pub seconds: i64,
    /// Windows; one that passes midnight belongs to the day on which it begins.
    pub windows: Vec<ClockWindow>,
    /// Those of working days only.
    pub working: bool,
}

/// How facts are paired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pairing {
    /// 每个: the nearest; it may serve again.
    Each,
    /// 首个: the nearest of those for which this is the first fact to be joined.
    First,
    /// 一对一: the oldest that has not served yet.
    OneToOne,
}

impl Within {
    /// Is it a limit in hours?
    #[must_use]
    pub fn in_hours(&self) -> bool {
        matches!(self, Within::Seconds(_) | Within::Counted(_))
    }
}

impl Join {
    /// The expressions that stand in it.
    pub fn exprs(&self) -> impl Iterator<Item = ExprId> + '_ {
        let keys = self.keys.iter().flat_map(|k| [k.theirs, k.ours]);
        keys.chain(self.when)
    }
}

impl Exprs {
    /// Does an expression read a joined fact?
    #[must_use]
    pub fn reads_joined(&self, id: ExprId) -> bool {
        let node = self.get(id);
        let within = || node.operands().into_iter().any(|e| self.reads_joined(e));
        matches!(node, Expr::Joined(..)) || within()
    }
}

impl Item {
    /// The conditions that decide whether a fact is joined at all (they read no joined fact), or those that come after,
    /// each with its index.
    pub fn requires_of<'i>(
        &'i self,
        exprs: &'i Exprs,
        after: bool,
    ) -> impl Iterator<Item = (u16, &'i Require)> {
        let all = (0_u16..).zip(&self.requires);
        all.filter(move |(_, r)| (!self.joins.is_empty() && exprs.reads_joined(r.cond)) == after)
    }
}
