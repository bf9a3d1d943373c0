//! A measure: a value for each subject and period (S28).

use super::{Expr, Name, PeriodWord, PrecisionStmt, Span};

/// `每 社区` or `全体`: one value for a group, or for everybody.
#[derive(Clone, Debug)]
pub struct MeasureOf {
    /// 全体
    pub everyone: bool,
    /// 每 社区: what makes groups.
    pub keys: Vec<Name>,
    /// Where.
    pub span: Span,
}

/// `指标 响应率 对象 社区 每月 = 计数(诉求 当 按时) ÷ 计数(诉求) 至少 10件 有效 当 …`
#[derive(Clone, Debug)]
pub struct MeasureDecl {
    /// Name.
    pub name: Name,
    /// 对象: the roster.
    pub subject: Option<Name>,
    /// 每 社区, 全体: whose values are one.
    pub of: Option<MeasureOf>,
    /// 每月: its period.
    pub every: Option<(PeriodWord, Span)>,
    /// What it is.
    pub value: Expr,
    /// `精度 0.1% 四舍五入`: the value is rounded so.
    pub precision: Option<PrecisionStmt>,
    /// `至少 10件`: it has no value with fewer facts.
    pub least: Option<(Expr, Span)>,
    /// `有效 当 …`: it has no value otherwise.
    pub valid: Option<(Expr, Span)>,
    /// The score that this is, or is a part of, written out: counts and points are numbers.
    pub score: Option<Name>,
    /// Something after the value could not be read; reported.
    pub broken: bool,
}
