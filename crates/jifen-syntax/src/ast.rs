//! The tree of one policy file: what was written, with spans; no meaning yet (names unresolved, units unchecked).
//!
//! The tree is the same for a Chinese and an English text. Numbers are kept as normalised ASCII digits. Anything the
//! parser could not read is a `Broken` node with a diagnostic, so that the rest of the file can still be checked.

mod allot;
mod campaign;
mod choose;
mod expr;
mod item;
mod join;
mod measure;
mod parts;
mod pass;
mod score;
mod standing;
mod test;

pub use allot::*;
pub use campaign::*;
pub use choose::*;
pub use expr::*;
pub use item::*;
pub use jifen_diag::{Lang, Span};
pub use join::*;
pub use measure::*;
pub use parts::within;
pub use pass::*;
pub use score::*;
pub use standing::*;
pub use test::*;

/// A name as written (quotes 「」 removed, full-width digits and letters normalised).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The text of the name.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A whole file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// The language of its keywords (the majority of declaration words; Chinese for an empty file).
    pub lang: Lang,
    /// Declarations in written order.
    pub decls: Vec<Decl>,
    /// Places of mistakes that were read as what they were meant to be: nothing is lost there.
    pub mended: Vec<Span>,
}

/// A declaration with the doc comment (`##`) standing directly above it.
#[derive(Clone, Debug)]
pub struct Decl {
    /// What is declared.
    pub kind: DeclKind,
    /// The whole declaration.
    pub span: Span,
    /// Doc comment lines, joined with `\n`.
    pub doc: Option<String>,
}

/// The kinds of declaration.
#[allow(
    clippy::large_enum_variant,
    reason = "a file has few declarations; boxes would only hide them"
)]
#[derive(Clone, Debug)]
pub enum DeclKind {
    /// `政策 名 《标题》 { … }`
    Policy(PolicyDecl),
    /// `名册 居民 { … }`
    Roster(RosterDecl),
    /// `积分 可用积分 { … }`
    Points(PointsDecl),
    /// `记录 志愿 对象 居民 { … }`
    Record(RecordDecl),
    /// `参数 夜间倍率 = 2 { … }`
    Param(ParamDecl),
    /// `指标 响应率 对象 社区 每月 = 计数(诉求 当 按时) ÷ 计数(诉求) 至少 10件`
    Measure(MeasureDecl),
    /// `考评 季度绩效 对象 社区 { … }`
    Score(ScoreDecl),
    /// `排名 …`, `等级 …`, `标记 …`, `权益 …`
    Standing(StandingDecl),
    /// `时段 投放 = 07:00 至 09:00、18:30 至 20:30`
    ClockWindows(ClockWindowsDecl),
    /// `类别 志愿服务类 { … }`
    Category(CategoryDecl),
    /// `项目 参加会议 { … }`
    Item(ItemDecl),
    /// `活动期 春节平安 { … }`
    Campaign(CampaignDecl),
    /// `测试 "…" { … }`
    Test(TestDecl),
    /// A declaration that could not be read; already reported.
    Broken,
}

/// `政策 上城文明积分 《…》 { 版本 … 施行 … }`
#[derive(Clone, Debug)]
pub struct PolicyDecl {
    /// Name of the policy.
    pub name: Name,
    /// Title in 《》 or “”.
    pub title: Option<Name>,
    /// Header statements in written order.
    pub stmts: Vec<HeaderStmt>,
}

/// A statement of the policy header.
#[derive(Clone, Debug)]
pub struct HeaderStmt {
    /// What it says.
    pub kind: HeaderKind,
    /// Whole statement.
    pub span: Span,
}

/// Kinds of header statement.
#[derive(Clone, Debug)]
pub enum HeaderKind {
    /// `版本 2026Q2`
    Version(Name),
    /// `施行 2026年4月1日`
    Effective(DateLit),
    /// `失效 2026年12月31日`: the first day on which it is no longer in force.
    ExpiresOn(DateLit),
    /// `时区 Asia/Shanghai`
    Zone(Name),
    /// `根据 《…》`
    PursuantTo(Name),
    /// `工作日历 中国`
    Workdays(Name),
    /// `按发生日 | 按登记日 | 按确认日`: which date chooses the version (S26).
    RuleDate(RuleDateWord),
    /// `上限 …` at policy level.
    Cap(CapStmt),
    /// `计入 …` for all items that say nothing.
    Credit(Vec<Name>),
    /// `倍率 …` for all items.
    Multiply(MultiplyStmt),
    /// `同时符合 取高`
    Stacking(Stacking),
    /// Unreadable; reported.
    Broken,
}

/// Which date chooses the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleDateWord {
    /// 按发生日
    Event,
    /// 按登记日
    Entry,
    /// 按确认日
    Confirmation,
}

/// A roster.
#[derive(Clone, Debug)]
pub struct RosterDecl {
    /// Its name, which is also the subject word (`对象 居民`).
    pub name: Name,
    /// Attributes.
    pub fields: Vec<FieldDecl>,
}

/// A field of a roster or a record: `名: 类型 …`.
#[derive(Clone, Debug)]
pub struct FieldDecl {
    /// Field name.
    pub name: Name,
    /// Its type; `None` when unreadable (reported).
    pub ty: Option<TypeExpr>,
    /// `10分 至 20分` (幅度).
    pub range: Option<(Expr, Expr)>,
    /// `整`: whole numbers only.
    pub whole: bool,
    /// `缺省 0`.
    pub default: Option<Expr>,
    /// `必填` or `空白 拒收`: a blank rejects the row.
    pub required: bool,
    /// `评定人 社区、街道`: who may grade.
    pub graded_by: Vec<Name>,
    /// `变动 随人`: what becomes of the points of the row that is named when a member moves.
    pub on_move: Option<(OnMove, Span)>,
    /// `分户 均分`: what becomes of them when members split off.
    pub on_split: Option<(OnSplit, Span)>,
    /// Doc comment.
    pub doc: Option<String>,
    /// Whole line.
    pub span: Span,
}

/// What happens to points when a member moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnMove {
    /// 按发生时
    Stay,
    /// 随人
    Follow,
}

/// What happens to points when members split off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnSplit {
    /// 全留
    Keep,
    /// 均分
    Share,
    /// 归零
    Clear,
}

/// A type as written.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// Which.
    pub kind: TypeKind,
    /// Where.
    pub span: Span,
}

/// Kinds of type.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// 文本
    Text,
    /// 数
    Number,
    /// 整数
    Whole,
    /// 百分数
    Percent,
    /// 日期
    Date,
    /// 时刻
    Instant,
    /// 时段
    Span,
    /// 是否
    YesNo,
    /// `选项（一般、困难）`
    Choice(Vec<Name>),
    /// 组 (rosters only)
    Group,
    /// A unit used as a type: 小时, 分, 元, 次 …
    Unit(Unit),
    /// A roster name: a reference to one of its rows.
    Ref(Name),
    /// `居民 多个`: a reference to several of its rows.
    Refs(Name),
}

/// Units recognised after a number or as a field type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// 分
    Points,
    /// 分钟
    Minutes,
    /// 小时
    Hours,
    /// 自然日
    CalendarDays,
    /// 天: refused where the kind of day matters
    Days,
    /// 工作日
    WorkingDays,
    /// 周
    Weeks,
    /// 个月
    Months,
    /// 个季度
    Quarters,
    /// 年 after one or two digits
    Years,
    /// 周岁, 岁
    YearsOfAge,
    /// 次
    Times,
    /// 件
    Cases,
    /// 人
    People,
    /// 户
    Households,
    /// 票
    Votes,
    /// 元
    Yuan,
    /// 万元
    TenThousandYuan,
    /// 倍
    Fold,
    /// %
    Percent,
}

/// `积分 可用积分 { … }`
#[derive(Clone, Debug)]
pub struct PointsDecl {
    /// Currency name.
    pub name: Name,
    /// Statements.
    pub stmts: Vec<PointsStmt>,
}

/// A statement of a currency.
#[derive(Clone, Debug)]
pub struct PointsStmt {
    /// What.
    pub kind: PointsKind,
    /// Where.
    pub span: Span,
}

/// Kinds of currency statement.
#[derive(Clone, Debug)]
pub enum PointsKind {
    /// `精度 0.5分 四舍五入`
    Precision(PrecisionStmt),
    /// `下限 0分`
    Floor(Expr),
    /// `上限 2000分`: what an account can hold.
    Ceiling(Expr),
    /// `允许为负`
    MayBeNegative,
    /// `从后续扣回`
    Owed,
    /// `折合 0.1元/分`: what a point is worth.
    Worth(Expr),
    /// `到期 …`, `衰减 …`
    Life(LifeStmt),
    /// `支用 先到期先用`
    Order(OrderWord),
    /// Unreadable; reported.
    Broken,
}

/// Which lot is used first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderWord {
    /// 先到期先用
    SoonestExpiry,
    /// 先得先用
    Oldest,
    /// 后得先用
    Newest,
}

/// `到期 逐笔 自 获得 满 12个月`, `衰减 逐笔 自 获得 满 12个月 减半 一次`: its parts as written, in order.
#[derive(Clone, Debug)]
pub struct LifeStmt {
    /// 衰减; otherwise 到期.
    pub decay: bool,
    /// Parts.
    pub parts: Vec<LifePart>,
}

/// A part of a `到期` or `衰减`.
#[derive(Clone, Debug)]
pub struct LifePart {
    /// What.
    pub kind: LifeKind,
    /// Where.
    pub span: Span,
}

/// Kinds of part of a `到期` or `衰减`.
#[derive(Clone, Debug)]
pub enum LifeKind {
    /// 逐笔
    Lot,
    /// 账户
    Account,
    /// 自 获得
    Earned,
    /// 自 末次获得, 自 末次支用, 自 末次获得或支用
    Idle {
        /// 获得
        gains: bool,
        /// 支用
        spends: bool,
    },
    /// 满 n (`Some(false)`), 至 n (`Some(true)`), or without a word.
    Age {
        /// 至.
        through: Option<bool>,
        /// How long.
        count: Expr,
    },
    /// 月末
    MonthEnd,
    /// 按时刻
    Clock,
    /// 每年 12月31日, 次年 12月31日
    Date {
        /// 次年.
        next: bool,
        /// Month and day, as written.
        month: u32,
        /// Day of the month.
        day: u32,
    },
    /// 减半
    Halved,
    /// 减 10%
    Reduced(Expr),
    /// 一次
    Once,
    /// 每 3个月
    Again(Expr),
    /// 当 余额() 满 100分
    When(Expr),
}

/// `精度 0.01分 四舍五入` (mode may be missing: an error of check).
#[derive(Clone, Debug)]
pub struct PrecisionStmt {
    /// The multiple, e.g. 0.5.
    pub step: Expr,
    /// How to round.
    pub mode: Option<RoundWord>,
}

/// Rounding words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundWord {
    /// 四舍五入
    HalfUp,
    /// 进一
    Up,
    /// 舍去
    Down,
    /// 四舍六入五成双
    HalfEven,
}

/// `记录 巡逻 对象 居民 [每月] [不限在册] { … }`
#[derive(Clone, Debug)]
pub struct RecordDecl {
    /// Record name.
    pub name: Name,
    /// `对象 居民`.
    pub subject: Option<Name>,
    /// `每月`: one row per subject and period.
    pub period: Option<(PeriodWord, Span)>,
    /// `不限在册`.
    pub off_roster: bool,
    /// Fields.
    pub fields: Vec<FieldDecl>,
    /// `重叠 计一次|各计|拒收` with its span.
    pub overlap: Option<(OverlapWord, Span)>,
    /// `时点 开始|结束|登记|字段`.
    pub at: Option<(AtWord, Span)>,
}

/// Overlap rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverlapWord {
    /// 计一次
    Once,
    /// 各计
    Each,
    /// 拒收
    Reject,
}

/// Which date of a record counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AtWord {
    /// 开始
    Start,
    /// 结束
    End,
    /// 登记
    Entry,
    /// A date or instant field.
    Field(Name),
}

/// Civil periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PeriodWord {
    /// 日
    Day,
    /// 周
    Week,
    /// 月
    Month,
    /// 季度
    Quarter,
    /// 半年
    HalfYear,
    /// 年
    Year,
}

/// `参数 夜间倍率 = 2 { 自 2026年7月1日: 3  可调 1 至 3  由 居民代表会议 }`
#[derive(Clone, Debug)]
pub struct ParamDecl {
    /// Name.
    pub name: Name,
    /// First value.
    pub value: Expr,
    /// Later values with the day from which they hold.
    pub steps: Vec<(DateLit, Expr)>,
    /// `可调 1 至 3`.
    pub adjustable: Option<(Expr, Expr)>,
    /// `由 居民代表会议`.
    pub decided_by: Option<Name>,
}

/// Named windows of the day.
#[derive(Clone, Debug)]
pub struct ClockWindowsDecl {
    /// Name.
    pub name: Name,
    /// Windows.
    pub windows: Vec<ClockRange>,
}

/// `22:00 至 次日 06:00`
#[derive(Clone, Debug)]
pub struct ClockRange {
    /// Seconds of the day at which it begins.
    pub from: i32,
    /// Seconds of the day at which it ends, not included; 次日 adds 86,400.
    pub to: i32,
    /// 次日 was written.
    pub next_day: bool,
    /// Where.
    pub span: Span,
}
