//! Expressions, numbers with units, dates, selections.

use super::{Name, PeriodWord, Span, TimeClause, Unit};

/// A civil date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateLit {
    /// Year.
    pub year: i32,
    /// Month 1–12 as written (may be impossible: check reports).
    pub month: u32,
    /// Day 1–31 as written.
    pub day: u32,
    /// Where.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// A number with its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// ASCII digits, perhaps with a point; no sign.
    pub digits: String,
    /// Unit.
    pub unit: Option<Unit>,
    /// `/小时`: per unit.
    pub per: Option<Unit>,
}

/// Kinds of expression.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `10分/小时`, `50%`, `两次`.
    Number(Quantity),
    /// “文字”
    Text(String),
    /// 是 / 否
    YesNo(bool),
    /// A date.
    Date(DateLit),
    /// A date with a time of day (seconds of the day).
    Instant(DateLit, i32),
    /// A field, attribute, parameter or option value.
    Name(Name),
    /// `起止.时长`, `服务对象.出生`.
    Member(Box<Expr>, Name),
    /// 本次得分
    Running,
    /// 当日合计
    DayTotal,
    /// 本条
    ThisFact,
    /// `周岁(出生, 日期)`.
    Call(Name, Vec<Expr>),
    /// `获得(积分 来自 志愿服务、类别 公益)`
    Earned(Box<EarnedExpr>),
    /// `计数(志愿 当 … 在 本月)`.
    Aggregate(Box<AggregateExpr>),
    /// `上月(响应率) 缺省 80%`
    Closed(Box<ClosedExpr>),
    /// `个数(日集(…) 并 日集(…))`, `最长连续(…)`
    Dates(Box<DatesExpr>),
    /// `个数(家长)`: how many an attribute of several names.
    HowMany(Box<Expr>),
    /// `乘方(底, 指数 精度 0.01 四舍五入)`
    Power(Box<PowerExpr>),
    /// `−x`
    Negate(Box<Expr>),
    /// `非 x`
    Not(Box<Expr>),
    /// Arithmetic.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// Comparison.
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// 且
    And(Box<Expr>, Box<Expr>),
    /// 或
    Or(Box<Expr>, Box<Expr>),
    /// `x 属于（a、b）`
    OneOf(Box<Expr>, Vec<Expr>),
    /// `孩子 属于 子女`: one of those whom an attribute of several names.
    Among(Box<Expr>, Box<Expr>),
    /// `x 介于 a 至 b` (both included)
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `x 缺失`
    IsMissing(Box<Expr>),
    /// `始于时段 …` or `触及时段 …` as a condition.
    InTime(TimeClause),
    /// `按 x [分档|累进] { … }`
    Select(Box<Select>),
    /// `取先 { 当 …: …  其余: … }`
    First(Vec<FirstRow>, Option<Box<Expr>>),
    /// `年度榜 前 20%`, `年度榜 前 3名`: a rank, and how many.
    Top(Box<Expr>, Box<Expr>),
    /// `10分 每满 100元 计 金额`
    FullBlocks {
        /// Per block.
        amount: Box<Expr>,
        /// Size of a block.
        block: Box<Expr>,
        /// What is counted.
        of: Box<Expr>,
    },
    /// `最多 a { x }`, `最少 a { x }`, `介于 a 至 b { x }`
    Clamp {
        /// Lower bound.
        low: Option<Box<Expr>>,
        /// Upper bound.
        high: Option<Box<Expr>>,
        /// Value.
        of: Box<Expr>,
    },
    /// Unreadable; reported.
    Broken,
}

/// What some items awarded.
#[derive(Clone, Debug)]
pub struct EarnedExpr {
    /// 获得 or 本年获得, in canonical spelling.
    pub function: Name,
    /// Of which points.
    pub of: Option<Name>,
    /// 来自: which items and categories.
    pub from: Vec<SourceName>,
    /// Where the word 来自 stands.
    pub word: Span,
}

/// One that 来自 names.
#[derive(Clone, Debug)]
pub struct SourceName {
    /// 类别 (true) or 项目 before it, and where.
    pub category: Option<(bool, Span)>,
    /// Its name.
    pub name: Name,
}

/// An aggregate over the subject's own facts.
#[derive(Clone, Debug)]
pub struct AggregateExpr {
    /// Which, and where the word stands.
    pub word: (AggregateWord, Span),
    /// The record, perhaps with a field: `志愿.时长`.
    pub of: Expr,
    /// `每日` of 连续.
    pub unit: Option<(PeriodWord, Span)>,
    /// `最好 3次`: only the largest so many.
    pub best: Option<(Expr, Span)>,
    /// 当
    pub when: Option<Expr>,
    /// 在
    pub over: Option<(OverWord, Span)>,
    /// 含本条 (true), 不含本条.
    pub this: Option<(bool, Span)>,
    /// `缺项 略过`: of a measure, periods without a value are left out.
    pub skip: Option<((), Span)>,
    /// The closing bracket.
    pub close: Span,
}

/// What stands in brackets, in its last period that is over.
#[derive(Clone, Debug)]
pub struct ClosedExpr {
    /// 昨日 … 上年, and where the word stands; no period: 上期.
    pub word: (Option<PeriodWord>, Span),
    /// A name, perhaps with a part: `季评.服务`.
    pub of: Expr,
    /// `缺省 80%`: where it has no value.
    pub default: Option<Expr>,
}

/// Words of aggregates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AggregateWord {
    /// 计数
    Count,
    /// 去重计数
    Distinct,
    /// 合计
    Sum,
    /// 平均
    Mean,
    /// 占比
    Share,
    /// 最大
    Max,
    /// 最小
    Min,
    /// 最早
    First,
    /// 最近
    Last,
    /// 连续
    Streak,
    /// 日集
    Days,
    /// 月集
    Months,
}

/// 个数 or 最长连续 of a set of days or months.
#[derive(Clone, Debug)]
pub struct DatesExpr {
    /// 最长连续; otherwise 个数.
    pub run: bool,
    /// Of which set.
    pub of: DateSetExpr,
}

/// A set of days or months.
#[derive(Clone, Debug)]
pub enum DateSetExpr {
    /// `日集(…)`: an aggregate.
    Of(Expr),
    /// Two sets, from the left.
    Both(SetOp, Box<DateSetExpr>, Box<DateSetExpr>, Span),
}

/// What two sets make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOp {
    /// 交: in both.
    Common,
    /// 并: in either.
    Either,
    /// 减: in the first and not in the second.
    Without,
}

/// A power: exact, then rounded once.
#[derive(Clone, Debug)]
pub struct PowerExpr {
    /// What is raised.
    pub base: Expr,
    /// How often, a whole number.
    pub exponent: Expr,
    /// Digits and mode; without them an error of check.
    pub precision: Option<super::PrecisionStmt>,
    /// The closing bracket.
    pub close: Span,
}

/// Windows of aggregates.
#[derive(Clone, Debug)]
pub enum OverWord {
    /// 本日 … 本年
    This(PeriodWord),
    /// 上周 … 上年, 此前 n 个…
    Before(u32, PeriodWord),
    /// 滚动 n 天 (weeks are seven days)
    RollingDays(u32),
    /// 滚动 n 个月
    RollingMonths(u32),
    /// 终身
    Lifetime,
    /// 自 A 至 B, both days included
    Between(Box<Expr>, Box<Expr>),
}

/// A row of 取先.
#[derive(Clone, Debug)]
pub struct FirstRow {
    /// Condition.
    pub cond: Expr,
    /// Value.
    pub value: Expr,
    /// Whole row.
    pub span: Span,
}

/// Arithmetic operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// ＋
    Add,
    /// −
    Sub,
    /// ×
    Mul,
    /// ÷
    Div,
    /// 整除
    IntDiv,
}

/// Comparisons (S6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// 为, =
    Eq,
    /// 不为, ≠
    Ne,
    /// 不低于, 以上, ≥
    Ge,
    /// 超过, ＞
    Gt,
    /// 不超过, 以下, ≤
    Le,
    /// 不足, ＜
    Lt,
}

/// A selection.
#[derive(Clone, Debug)]
pub struct Select {
    /// What is looked at.
    pub of: Expr,
    /// Kind.
    pub mode: SelectMode,
    /// Rows.
    pub rows: Vec<SelectRow>,
}

/// Kinds of selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectMode {
    /// Exact values.
    Values,
    /// 分档
    Bands,
    /// 累进
    Slices,
}

/// `满 1小时: 10分`
#[derive(Clone, Debug)]
pub struct SelectRow {
    /// The left side.
    pub key: RowKey,
    /// The right side.
    pub value: Expr,
    /// Whole row.
    pub span: Span,
}

/// Left side of a row.
#[derive(Clone, Debug)]
pub enum RowKey {
    /// 满 x (included)
    From(Expr),
    /// 不满 x (excluded)
    Under(Expr),
    /// 超过 x (excluded)
    Above(Expr),
    /// 不超过 x (included)
    NotAbove(Expr),
    /// a to b, `满 a 不满 b` or `超过 a 不超过 b`.
    Range(Box<RowKey>, Box<RowKey>),
    /// `a、b`
    Values(Vec<Expr>),
    /// 其余
    Rest,
}
