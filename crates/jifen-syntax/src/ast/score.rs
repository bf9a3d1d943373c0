//! A score: a weighted formula of measures for each subject and period (S29, S31).

use super::{Expr, Name, PeriodWord, PrecisionStmt, Quantity, Span};

/// `考评 季度绩效 对象 社区 { 周期 每季度   权重 40% 居民评价 = …   加分 创新 = …   总分 0 至 100   缺项 作废 }`
#[derive(Clone, Debug)]
pub struct ScoreDecl {
    /// Name.
    pub name: Name,
    /// 对象: the roster.
    pub subject: Option<Name>,
    /// 周期: its period.
    pub every: Option<(PeriodWord, Span)>,
    /// Weighted parts, bonuses and penalties in written order.
    pub parts: Vec<ScorePart>,
    /// 总分: the lowest and the highest that it can be.
    pub total: Option<(Expr, Expr)>,
    /// 精度: the score is rounded so.
    pub precision: Option<PrecisionStmt>,
    /// 缺项: what becomes of the score where a weighted part has no value.
    pub missing: Option<(MissingWord, Span)>,
    /// 权重 归一 (true), 权重 不归一: what becomes of weights that do not come to 100 % for everybody.
    pub weights: Option<(bool, Span)>,
    /// 一票否决.
    pub vetoes: Vec<Veto>,
    /// Something in it could not be read; reported.
    pub broken: bool,
}

/// `缺项 作废`, `缺项 归一`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingWord {
    /// No score.
    Void,
    /// The weights of the other parts are scaled to 100 %.
    Renormalised,
}

/// A part of a score, or of a section.
#[derive(Clone, Debug)]
pub struct ScorePart {
    /// How it counts.
    pub share: Share,
    /// Name.
    pub name: Name,
    /// A value or parts of its own.
    pub of: PartOf,
    /// The whole part.
    pub span: Span,
}

/// How a part counts.
#[derive(Clone, Debug)]
pub enum Share {
    /// `权重 40%`
    Weight(Quantity, Span),
    /// `权重 按 类型 { 城区: 40%  乡村: 20% }`: the subject's own.
    Varying(Expr),
    /// 加分: added as it is.
    Bonus,
    /// 扣分: taken off as it is.
    Penalty,
}

/// What a part is.
#[derive(Clone, Debug)]
pub enum PartOf {
    /// `= 式 至少 … 有效 当 …`
    Value(Box<PartValue>),
    /// `{ 权重 … }`
    Section(Vec<ScorePart>),
}

/// What a part is that has no parts.
#[derive(Clone, Debug)]
pub struct PartValue {
    /// What it is.
    pub value: Expr,
    /// `至少 10件`
    pub least: Option<(Expr, Span)>,
    /// `有效 当 …`
    pub valid: Option<(Expr, Span)>,
}

/// `一票否决 当 条件 计 0`, `一票否决 当 条件 无分`, `一票否决 当 条件 等级 不合格`
#[derive(Clone, Debug)]
pub struct Veto {
    /// When.
    pub when: Expr,
    /// What follows.
    pub then: VetoThen,
}

/// What follows from a veto.
#[derive(Clone, Debug)]
pub enum VetoThen {
    /// `计 0`: what the score is.
    Counts(Expr),
    /// 无分
    NoScore,
    /// `等级 不合格`: the score stays, grades by it have this level.
    Level(Name),
}

/// The name of a part of a score: `季度绩效.居民评价`.
#[must_use]
pub fn part_of(score: &Name, part: &Name) -> Name {
    Name {
        text: format!("{}.{}", score.text, part.text),
        span: part.span,
    }
}
