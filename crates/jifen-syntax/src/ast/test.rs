//! Tests written in a policy.

use super::{DateLit, Expr, Name, Span};

/// `测试 "…" { 设 … 应得 … }`
#[derive(Clone, Debug)]
pub struct TestDecl {
    /// Title.
    pub title: Name,
    /// Lines.
    pub lines: Vec<TestLine>,
}

/// A line of a test.
#[derive(Clone, Debug)]
pub struct TestLine {
    /// What.
    pub kind: TestKind,
    /// Where.
    pub span: Span,
}

/// Kinds of test line.
#[allow(
    clippy::large_enum_variant,
    reason = "tests are short; boxes would only hide the lines"
)]
#[derive(Clone, Debug)]
pub enum TestKind {
    /// `设 居民 张三 { 角色: 楼道长 自 2026-01-16 至 2026-03-15 }`
    GivenSubject {
        /// Roster.
        roster: Name,
        /// Id.
        id: Name,
        /// Attribute values, perhaps dated (both days included).
        attrs: Vec<TestAttr>,
    },
    /// `设 [25次] 巡逻 张三 2026-04-03 [21:00] [至 2026-04-04 01:00] [编号 P1] [登记 2026-04-05] { 发现隐患: 否 }`
    GivenFact {
        /// How many copies; 1 if unsaid.
        count: u32,
        /// Record; also the built-in 确认, 撤销, 更正.
        record: Name,
        /// Who; for built-in records the id of the record spoken of.
        subject: Name,
        /// When it begins.
        at: Option<Expr>,
        /// When it ends.
        to: Option<Expr>,
        /// `编号 P1`.
        id: Option<Name>,
        /// `登记 日期`.
        entered: Option<Expr>,
        /// Field values.
        fields: Vec<(Name, Expr)>,
    },
    /// `期初 张三 可用积分 5分`, `期初 张三 星级 于 2025-12-31 三星`
    Opening {
        /// Account.
        subject: Name,
        /// Currency, grade, flag or right.
        currency: Option<Name>,
        /// The day of the lot, the first day of the policy if it is not written; a day of the period.
        on: Option<DateLit>,
        /// Amount, or how the subject stood: a level, yes or no, how much of a right.
        was: ExpectOutcome,
    },
    /// `截至 2026-04-30`
    AsOf(DateLit),
    /// `应得 张三 [平安巡逻|合计] 70分|不适用|缺 字段|待定 [70分]|作废`
    Expect {
        /// Account.
        subject: Name,
        /// Item, category or `None` for 合计.
        target: Option<Name>,
        /// Of a measure: a day of the period.
        on: Option<DateLit>,
        /// Outcome.
        outcome: ExpectOutcome,
    },
    /// `余额 张三 可用积分 [于 日期] 95分`
    Balance {
        /// Account.
        subject: Name,
        /// Currency.
        currency: Option<Name>,
        /// Day.
        on: Option<DateLit>,
        /// Amount.
        amount: Expr,
    },
    /// `应报错 JF0207`
    ExpectError(Name),
    /// Unreadable; reported.
    Broken,
}

/// A dated attribute value of a test.
#[derive(Clone, Debug)]
pub struct TestAttr {
    /// Attribute.
    pub name: Name,
    /// Value.
    pub value: Expr,
    /// The others of several.
    pub more: Vec<Expr>,
    /// First day.
    pub from: Option<DateLit>,
    /// Last day, included.
    pub to: Option<DateLit>,
}

/// What a test expects.
#[derive(Clone, Debug)]
pub enum ExpectOutcome {
    /// Points.
    Amount(Expr),
    /// 不适用
    NotApplicable,
    /// 无值, of a measure.
    NoValue,
    /// 缺 字段
    CannotTell(Option<Name>),
    /// 待定, with the amount that is waiting if written.
    Pending(Option<Expr>),
    /// 作废, 驳回 or 拒绝; `应拒`
    Refused,
    /// 不参评, of a rank.
    NotEligible,
    /// 是 or 否, of a flag or a right.
    YesNo(bool),
    /// The name of a grade.
    Word(Name),
}
