//! The tree of one policy file: what was written, with spans; no meaning yet (names unresolved, units unchecked).
//!
//! The tree is the same for a Chinese and an English text. Numbers are kept as normalised ASCII digits. Anything the
//! parser could not read is a `Broken` node with a diagnostic, so that the rest of the file can still be checked.

pub use jifen_diag::{Lang, Span};

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
    /// `时段 投放 = 07:00 至 09:00、18:30 至 20:30`
    ClockWindows(ClockWindowsDecl),
    /// `类别 志愿服务类 { … }`
    Category(CategoryDecl),
    /// `项目 参加会议 { … }`
    Item(ItemDecl),
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
    /// Doc comment.
    pub doc: Option<String>,
    /// Whole line.
    pub span: Span,
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
    /// `允许为负`
    MayBeNegative,
    /// `从后续扣回`
    Owed,
    /// Unreadable; reported.
    Broken,
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

/// `类别 名 { … }`; statements, items and inner categories in written order.
#[derive(Clone, Debug)]
pub struct CategoryDecl {
    /// Name.
    pub name: Name,
    /// Article number (`第三条`), as a number.
    pub article: Option<(u32, Span)>,
    /// Statements: caps, credit, multipliers, stacking.
    pub stmts: Vec<Stmt>,
    /// Items and inner categories.
    pub members: Vec<Decl>,
}

/// `第3条 项目 志愿服务 { … }`
#[derive(Clone, Debug)]
pub struct ItemDecl {
    /// Name.
    pub name: Name,
    /// `对象 社区`: needed only where a period item could mean several rosters.
    pub subject: Option<Name>,
    /// Article number.
    pub article: Option<(u32, Span)>,
    /// Statements in written order, which is the order of computation.
    pub stmts: Vec<Stmt>,
}

/// A statement of an item or category.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// What.
    pub kind: StmtKind,
    /// Whole statement.
    pub span: Span,
}

/// Kinds of statement.
#[derive(Clone, Debug)]
pub enum StmtKind {
    /// `凭 志愿 [当 …]`
    On {
        /// Record name.
        record: Name,
        /// Tail.
        when: Option<Expr>,
    },
    /// `周期 每月 [期末|期初]`
    Every {
        /// Period.
        period: PeriodWord,
        /// 期初 was written.
        at_start: bool,
    },
    /// `条件 … [整月在任|…]`
    Requires {
        /// Condition.
        cond: Expr,
        /// How a dated attribute must have been held.
        hold: Option<(HoldWord, Span)>,
    },
    /// `得 … [当 …]`
    Award {
        /// Amount.
        value: Expr,
        /// Tail.
        when: Option<Expr>,
    },
    /// `加 … [当 …]`
    Add {
        /// Amount.
        value: Expr,
        /// Tail.
        when: Option<Expr>,
    },
    /// `扣 … [当 …]`
    Deduct {
        /// Size.
        value: Expr,
        /// Tail.
        when: Option<Expr>,
    },
    /// `倍率 …`
    Multiply(MultiplyStmt),
    /// `同时符合 取高`
    Stacking(Stacking),
    /// `上限 …`
    Cap(CapStmt),
    /// `复核 …`
    Review(ReviewStmt),
    /// `计入 可用积分、终身积分`
    Credit(Vec<Name>),
    /// `精度 …` for this item (when it feeds currencies of different precision).
    Precision(PrecisionStmt),
    /// Unreadable; reported.
    Broken,
}

/// How a dated attribute must have been held in a period (S19a).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldWord {
    /// 整月在任 (the whole period)
    Whole,
    /// 月初在任 (on its first day)
    FirstDay,
    /// 当月曾任 (on any day)
    AnyDay,
    /// 按日折算 (share of days)
    Prorated,
}

/// `倍率 2 [时段内 22:00 至 次日 06:00 [按比例|分段计]] [当 …]`, or `倍率 活动` (place of category multipliers).
#[derive(Clone, Debug)]
pub struct MultiplyStmt {
    /// The factor; `None` for `倍率 活动`, the place where category and policy multipliers join.
    pub value: Option<Expr>,
    /// Time clause.
    pub time: Option<TimeClause>,
    /// Tail.
    pub when: Option<Expr>,
    /// `适用 类别 …|项目 …` on category or policy multipliers.
    pub applies: Vec<Name>,
}

/// `时段内 22:00 至 次日 06:00`
#[derive(Clone, Debug)]
pub struct TimeClause {
    /// Which of the three words.
    pub mode: TimeWord,
    /// Written windows.
    pub ranges: Vec<ClockRange>,
    /// A named window instead.
    pub named: Option<Name>,
    /// `按比例` or `分段计`.
    pub split: Option<(SplitWord, Span)>,
    /// Where.
    pub span: Span,
}

/// The three words of S9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeWord {
    /// 时段内
    During,
    /// 始于时段
    StartingIn,
    /// 触及时段
    Touching,
}

/// What 时段内 does when the award is not proportional to the duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitWord {
    /// 按比例: the award is shared by time.
    Proportional,
    /// 分段计: each part is computed for itself.
    EachPart,
}

/// S10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stacking {
    /// 相乘
    Product,
    /// 取高
    Best,
    /// 取低
    Lowest,
    /// 相加 (sum of extras)
    SumOfExtras,
}

/// `上限 [全体|每户] [每 会议、商户] 每日 60分 [截断|整笔|越线即止] [计得|计净] [计 过线|实得] [除外 … 不计入|仍计入] [当 …]`
#[derive(Clone, Debug)]
pub struct CapStmt {
    /// 全体: everybody together.
    pub everyone: bool,
    /// `每户` or `每 家庭`-like group that takes the account's place, and keys of fields: told apart by check.
    pub keys: Vec<Name>,
    /// Window; `None` means none was written (an error of check unless keys make it once-per).
    pub window: Option<(WindowWord, Span)>,
    /// The limit with its unit (分 or 次).
    pub limit: Expr,
    /// Mode.
    pub mode: Option<(CapMode, Span)>,
    /// 计净 (net) or 计得 (gains).
    pub net: Option<(bool, Span)>,
    /// 计 过线 (false) or 计 实得 (true).
    pub charge_final: Option<(bool, Span)>,
    /// Exempt items.
    pub exempt: Vec<Name>,
    /// 仍计入 (true) or 不计入 (false).
    pub exempt_counted: Option<(bool, Span)>,
    /// Tail.
    pub when: Option<Expr>,
}

/// Windows of a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowWord {
    /// 每次
    Occasion,
    /// 每日 …
    Period(PeriodWord),
    /// 滚动 n 天/周/个月
    Rolling(u32, RollingUnit),
    /// 终身
    Lifetime,
}

/// Units of rolling windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RollingUnit {
    /// 日
    Days,
    /// 周
    Weeks,
    /// 个月
    Months,
}

/// S15.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapMode {
    /// 截断
    Clip,
    /// 整笔
    Whole,
    /// 越线即止
    LastThrough,
}

/// `复核 [当 …] { 确认 组织者、社区  公示 3个工作日 自 末次确认  逾期 30个自然日 作废  待定 占上限 }`
#[derive(Clone, Debug)]
pub struct ReviewStmt {
    /// Tail.
    pub when: Option<Expr>,
    /// `确认 …`: one confirmation of each role.
    pub confirm: Vec<Name>,
    /// `公示 n 日 [自 末次确认|发生|登记]`.
    pub publish: Option<PublishStmt>,
    /// `逾期 n 日 作废|等待`.
    pub lapse: Option<LapseStmt>,
    /// `待定 占上限`.
    pub holds_room: bool,
}

/// Publicity.
#[derive(Clone, Debug)]
pub struct PublishStmt {
    /// Days with their unit.
    pub days: Expr,
    /// From when.
    pub from: Option<(PublishFrom, Span)>,
    /// Where.
    pub span: Span,
}

/// Where publicity days begin to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishFrom {
    /// 末次确认
    LastConfirmation,
    /// 发生
    Event,
    /// 登记
    Entry,
}

/// Lapse of a review.
#[derive(Clone, Debug)]
pub struct LapseStmt {
    /// Days with their unit.
    pub days: Expr,
    /// 等待 instead of 作废.
    pub waits: bool,
    /// Where.
    pub span: Span,
}

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
    /// `周岁(出生, 日期)`.
    Call(Name, Vec<Expr>),
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
    /// `期初 张三 可用积分 5分`
    Opening {
        /// Account.
        subject: Name,
        /// Currency.
        currency: Option<Name>,
        /// Amount.
        amount: Expr,
    },
    /// `截至 2026-04-30`
    AsOf(DateLit),
    /// `应得 张三 [平安巡逻|合计] 70分|不适用|缺 字段|待定 [70分]|作废`
    Expect {
        /// Account.
        subject: Name,
        /// Item, category or `None` for 合计.
        target: Option<Name>,
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
    /// `应拒 志愿 张三 …` in later parts; unreadable now.
    Broken,
}

/// A dated attribute value of a test.
#[derive(Clone, Debug)]
pub struct TestAttr {
    /// Attribute.
    pub name: Name,
    /// Value.
    pub value: Expr,
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
    /// 缺 字段
    CannotTell(Option<Name>),
    /// 待定, with the amount that is waiting if written.
    Pending(Option<Expr>),
    /// 作废 or 驳回
    Refused,
}
