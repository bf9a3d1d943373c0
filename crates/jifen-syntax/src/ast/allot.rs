//! What an allotment says: a sum, a weight for each, a step, and what becomes of the remainder.

use super::{Expr, Name, RoundWord, Span};

/// A part of `分配 名 每年 { … }`.
#[derive(Clone, Debug)]
pub enum AllotPart {
    /// `总额 10000元`
    Total(Expr),
    /// `按 合计(志愿.时长 在 本年)`
    By(Expr),
    /// `均分`
    Equally,
    /// `到 0.01元`
    Step(Expr),
    /// `余数 最大余额`, `余数 各自舍入 四舍五入`
    Remainder {
        /// 最大余额; otherwise 各自舍入.
        largest: bool,
        /// How each is rounded.
        mode: Option<(RoundWord, Span)>,
    },
    /// `在 居民.家庭`: a group, of which no allotment can be made.
    AmongGroup(Name, Name),
}
