//! Categories, items and their statements.

use super::{
    AllotPart, ChooseStmt, ClockRange, CreditStmt, DayRange, Decl, Expr, JoinStmt, Name, PassStmt,
    PeriodWord, PrecisionStmt, Span,
};

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
    /// `支用 名 { … }`, `兑换 名 { … }` or `转赠 名 { … }`: it takes points instead of giving them.
    pub spend: bool,
    /// `兑换 名 { … }`: a spend with a price, in the catalogue; which fact asks for it may be left unsaid.
    pub reward: bool,
    /// `转赠 名 { … }`: somebody receives what it takes.
    pub transfer: bool,
    /// `分配 名 每年 { … }`: it splits a sum; 在 is its subject, the period of its head its first statement.
    pub allot: bool,
}

/// How a spend is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpendWord {
    /// 全额或拒绝
    AllOrNothing,
    /// 部分支用
    Partial,
    /// 已兑付
    Honoured,
}

/// What a transfer states about what is received and about use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferWord {
    /// 日期 保留 (true), 日期 重计 (false)
    Dates(bool),
    /// 接收方 计获得 (true), 接收方 不计获得 (false)
    Earns(bool),
    /// 视为使用 (true), 不视为使用 (false)
    Use(bool),
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
    /// `接 维修 当 … 24小时内 首个`
    Join(JoinStmt),
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
    /// `额 … [从 可用积分]` of a spend.
    Ask {
        /// How much.
        value: Expr,
        /// Points.
        from: Option<Name>,
    },
    /// How a spend is decided.
    SpendMode(SpendWord),
    /// `转给 受赠人` of a transfer.
    GoesTo(Expr),
    /// `折合 10元 × 数量 [记在 商户]` of a spend: what it costs in yuan, and who bears it.
    Worth {
        /// Yuan.
        value: Expr,
        /// The field or attribute that names who bears it.
        by: Option<Name>,
    },
    /// What a transfer says about dates, earning and use.
    TransferWord(TransferWord),
    /// A part of an allotment.
    Allot(AllotPart),
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
    /// `择一 …`, `择优 …`
    Choose(ChooseStmt),
    /// `上限 …`
    Cap(CapStmt),
    /// `复核 …`
    Review(ReviewStmt),
    /// `计入 可用积分、终身积分`, `计入 户 [的 年度分]`
    Credit(CreditStmt),
    /// `另计 联络员 30%`, `转计 户 30%`
    Pass(PassStmt),
    /// `期间 2026年2月1日 至 2026年3月3日、…` of a campaign.
    Runs(Vec<DayRange>),
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
    /// `自 入住日` after 每年.
    pub year_from: Option<(YearFrom, Span)>,
    /// The limit with its unit (分 or 次).
    pub limit: Expr,
    /// Mode.
    pub mode: Option<(CapMode, Span)>,
    /// 计净 (net) or 计得 (gains).
    pub net: Option<(bool, Span)>,
    /// 计 过线 (false) or 计 实得 (true).
    pub charge_final: Option<(bool, Span)>,
    /// `计 数量`: the field that is counted instead of points or times.
    pub of: Option<Name>,
    /// Exempt items.
    pub exempt: Vec<Name>,
    /// 仍计入 (true) or 不计入 (false).
    pub exempt_counted: Option<(bool, Span)>,
    /// `适用 类别 …|项目 …` in a campaign.
    pub applies: Vec<Name>,
    /// Tail.
    pub when: Option<Expr>,
}

/// From which day 每年 counts.
#[derive(Clone, Debug)]
pub enum YearFrom {
    /// `自 4月1日`: month and day as written.
    Date(u32, u32),
    /// `自 入住日`: a date of the roster, each person's own.
    Own(Name),
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
    /// 每期: each run of the campaign by itself
    EachRun,
    /// 活动期内: the one run of the campaign
    Campaign,
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
