//! `接 维修 当 单号 为 本条.单号 24小时内 首个`: a record that the item's fact is joined with.

use super::{ClockRange, Expr, Name, Span};

/// A declared join.
#[derive(Clone, Debug)]
pub struct JoinStmt {
    /// The record that happened before.
    pub record: Name,
    /// 当: which of its facts.
    pub when: Option<Expr>,
    /// 距: from which fact the time is counted; `None` inside: 本条.
    pub from: Option<(Option<Name>, Span)>,
    /// How long before.
    pub window: Option<(JoinWindow, Span)>,
    /// 只计: the time that is counted.
    pub only: Option<(OnlyHours, Span)>,
    /// 每个, 首个, 一对一.
    pub pairing: Option<(PairWord, Span)>,
}

/// How long before.
#[derive(Clone, Debug)]
pub enum JoinWindow {
    /// `24小时内`, `3个自然日内`
    Within(Expr),
    /// 终身
    Lifetime,
}

/// `只计 工作日 办公时间`: only time inside these windows counts.
#[derive(Clone, Debug)]
pub struct OnlyHours {
    /// On which days.
    pub days: Option<DayWord>,
    /// Written windows.
    pub ranges: Vec<ClockRange>,
    /// A named window instead.
    pub named: Option<Name>,
}

/// On which days a window counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayWord {
    /// 工作日
    Working,
    /// 每日
    Every,
}

/// How facts are paired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairWord {
    /// 每个: every later fact; several may share an earlier one.
    Each,
    /// 首个: for each earlier fact the first later one.
    First,
    /// 一对一: each earlier fact serves once.
    OneToOne,
}
