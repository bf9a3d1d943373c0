//! The tree of a generated policy: small, typed, rendered to text (`text`) and lowered a second time (`lower`).
//!
//! It is not the compiler's tree on purpose: what the compiler makes of the text is compared with what `lower` makes of this.

pub use super::shapes::{ATTRS, Ft, GRADES, ROLES};
use jifen_calendar::Period;
use jifen_plan::{
    AgeUnit, AggregateOf, CapMode, Cmp, Gather, Hold, OfMembers, Over, Overlap, Pick, PublishFrom,
    RuleDate, SetOp, ShiftUnit, Spend, Stacking, TimeMode, UseOrder,
};
use jifen_quantity::Rounding;

/// Units of literals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum U {
    /// 分
    Points,
    /// a plain number
    Pure,
    /// %
    Percent,
    /// 小时
    Hours,
    /// 分钟
    Minutes,
    /// 元
    Yuan,
    /// 万元
    Wan,
    /// 次
    Times,
    /// 天
    Days,
    /// 周
    Weeks,
    /// 个月
    Months,
    /// 分/小时
    PointsPerHour,
    /// 分/元
    PointsPerYuan,
    /// 分/次
    PointsPerTime,
    /// 元/分
    YuanPerPoint,
}

impl U {
    /// Has a measure of it a precision?
    pub(super) fn rounds(self) -> bool {
        use U::{Hours, Minutes, Percent, Points, Pure, Yuan};
        matches!(self, Pure | Percent | Points | Hours | Minutes | Yuan)
    }
}

/// A value.
#[derive(Clone, Debug)]
pub enum E {
    /// A literal: digits and unit.
    Lit(String, U),
    /// A field of the record.
    Field(&'static str),
    /// An attribute of the account's subject.
    Attr(&'static str),
    /// An attribute of the subject that a reference names.
    AttrOf(&'static str, &'static str),
    /// A parameter.
    Param(String),
    /// 本次得分
    Running,
    /// 当日合计
    DayTotal,
    /// 起止.时长
    SpanLength,
    /// + − × ÷
    Bin(char, Box<E>, Box<E>),
    /// a 每满 b 计 c
    Blocks(Box<E>, Box<E>, Box<E>),
    /// 按 … 分档
    Bands {
        /// Selector.
        of: Box<E>,
        /// Under the first bound.
        below: Box<E>,
        /// Bound and value.
        rows: Vec<(E, E)>,
        /// 满, not 超过.
        reaches: bool,
    },
    /// 按 … 累进
    Slices {
        /// Quantity.
        of: Box<E>,
        /// Bound and rate, the first bound being 0.
        rows: Vec<(E, E)>,
    },
    /// 按 选项 { … }
    Select {
        /// Selector.
        of: Box<E>,
        /// Words and value.
        rows: Vec<(Vec<&'static str>, E)>,
        /// 其余
        rest: Option<Box<E>>,
    },
    /// 取先
    First {
        /// Condition and value.
        rows: Vec<(C, E)>,
        /// 其余
        rest: Box<E>,
    },
    /// 最少 · 最多 · 介于
    Clamp(Option<Box<E>>, Option<Box<E>>, Box<E>),
    /// 周岁(出生, 日期)
    Age(&'static str),
    /// 年份 · 月份 · 星期 of 日期
    Part(&'static str),
    /// The same of a day that is computed.
    PartOf(&'static str, Box<E>),
    /// 计数(…)
    Aggregate(Box<Agg>),
    /// 最长连续 (true) or 个数 of a set of days or months.
    Dates(bool, Box<Set>),
    /// What a measure of this name comes to.
    Measure(String),
    /// 平均(…) of a measure of this name, 缺项 略过.
    Over(Gather, String, bool),
    /// 合计(…) of a measure of this name over the members of a group, 缺项 略过.
    OverMembers(OfMembers, String, bool),
    /// 计数(居民 当 …)
    Members(Option<Box<C>>),
    /// A parameter that follows measures.
    Follow(String),
    /// 上月(…) of a measure.
    Closed(Box<super::closed::Closed>),
    /// 乘方: base, exponent, step and how it is rounded.
    Power(Box<E>, Box<E>, &'static str, Rounding),
    /// 1 for facts of the year up to the run, one half for older ones; of a period item (true) or a fact.
    Faded(bool),
    /// 余额(币), 累计(币): the currency, and the name as written.
    Account(bool, usize, &'static str),
    /// 获得(币) and its like in measures and standings: the currency, its name, and 来自: categories (true) and items.
    Points(
        jifen_plan::PointsOf,
        usize,
        &'static str,
        Vec<(bool, String)>,
    ),
    /// 榜.名次; or the ranking itself, of a grade (true).
    Place(String, bool),
    /// 本条.…, inside an aggregate: a field of the record by index.
    This(usize, &'static str),
    /// Inside a join: whose fact this one, of the record by index, is.
    SubjectOf(usize),
    /// Inside a join: 本条.对象.…, an attribute.
    ThisAttr(&'static str),
    /// What a join, by place, has found: the record by index, and what is read.
    Joined(usize, usize, super::joins::Read),
}

/// An aggregate.
#[derive(Clone, Debug)]
pub struct Agg {
    /// Word.
    pub what: AggregateOf,
    /// Index into the policy's kinds.
    pub kind: usize,
    /// What is read.
    pub of: Option<Of>,
    /// 当
    pub when: Option<C>,
    /// 在
    pub over: Over,
    /// 自 A 至 B instead.
    pub ends: Option<(D, D)>,
    /// 最好 n次
    pub best: Option<u32>,
    /// × so much for each fact.
    pub weight: Option<E>,
    /// 含本条, 不含本条
    pub this: Option<bool>,
}

/// A set of days or months.
#[derive(Clone, Debug)]
pub enum Set {
    /// 日集(…), 月集(…)
    Of(Box<Agg>),
    /// 交 · 并 · 减
    Both(SetOp, Box<Set>, Box<Set>),
}

/// A day that is read on the run, moved by so many months or days.
#[derive(Clone, Debug)]
pub struct D {
    /// From where.
    pub from: DayOf,
    /// By how much.
    pub by: Option<(i32, ShiftUnit)>,
}

/// Where a day comes from.
#[derive(Clone, Debug)]
pub enum DayOf {
    /// 日期
    Event,
    /// 出生
    Born,
    /// 期初
    Opens,
    /// 期末
    Closes,
    /// 最近(…)
    Last(Box<Agg>),
}

/// What an aggregate reads of a fact.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// A field.
    Field(&'static str),
    /// 起止.时长
    Length,
}

/// A condition.
#[derive(Clone, Debug)]
pub enum C {
    /// Comparison of numbers.
    Cmp(Cmp, E, E),
    /// Field or attribute is this option (or is not).
    Is(E, &'static str, bool),
    /// 属于
    OneOf(E, Vec<&'static str>),
    /// A 是否 field.
    Yes(E),
    /// 介于
    Between(E, E, E),
    /// 周年日(…, 日期)
    Anniversary(&'static str),
    /// 属于 of an attribute of several.
    Among(E, &'static str),
    /// 个数 of one.
    HowMany(Cmp, &'static str, i64),
    /// 缺失
    Missing(E),
    /// 且
    And(Box<C>, Box<C>),
    /// 或
    Or(Box<C>, Box<C>),
    /// 非
    Not(Box<C>),
    /// 始于时段, 触及时段
    InTime(Time),
    /// 日期 (or another date) 属于（a campaign or feast）
    Days(Option<E>, String),
    /// How a subject stands, in the period before (true).
    Stands(String, bool, super::standings::Asked),
}

/// A time clause.
#[derive(Clone, Debug)]
pub struct Time {
    /// Word.
    pub mode: TimeMode,
    /// Windows, seconds of the day; past 86,400 is 次日.
    pub windows: Vec<(i32, i32)>,
    /// 分段计 (true), 按比例 (false).
    pub split: Option<bool>,
}

/// What can be kept for later lines.
#[derive(Clone, Debug)]
pub enum Line {
    /// 得
    Award(E, Option<C>),
    /// 加
    Add(E, Option<C>),
    /// 扣
    Deduct(E, Option<C>),
    /// 倍率
    Multiply(E, Option<Time>, Option<C>),
    /// 倍率 活动
    Place,
    /// 同时符合
    Stacking(Stacking),
    /// 择一, 择优
    Choose(Choice),
    /// 上限
    Cap(Cap),
    /// 复核
    Review(Review),
}

/// 择一, 择优
#[derive(Clone, Debug)]
pub struct Choice {
    /// Which count.
    pub pick: Pick,
    /// 全体
    pub everyone: bool,
    /// 每 家庭
    pub group: Option<&'static str>,
    /// 每 场次
    pub key: Option<&'static str>,
    /// A civil period, 终身, or nothing written beside a key.
    pub window: W,
}

/// 上限
#[derive(Clone, Debug)]
pub struct Cap {
    /// 全体
    pub everyone: bool,
    /// 每 家庭
    pub group: Option<&'static str>,
    /// 每 场次
    pub key: Option<&'static str>,
    /// Window.
    pub window: W,
    /// Limit.
    pub limit: E,
    /// Counts times.
    pub times: bool,
    /// Mode.
    pub mode: CapMode,
    /// 计净
    pub net: bool,
    /// 计 实得; `None` writes nothing.
    pub charge_final: Option<bool>,
    /// 计 数量: a field of whole numbers, and the limit counts it.
    pub of: Option<&'static str>,
    /// 除外 … 仍计入 (true) or 不计入.
    pub exempt: Option<(String, bool)>,
    /// Condition.
    pub when: Option<C>,
}

/// Windows of caps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum W {
    /// 每次
    Occasion,
    /// A civil period.
    Civil(Period),
    /// 滚动 n 天
    Days(u32),
    /// 滚动 n 周
    Weeks(u32),
    /// 滚动 n 个月
    Months(u32),
    /// 每年 自 m月d日
    YearOn(u32, u32),
    /// 每年 自 出生
    OwnYear,
    /// 终身
    Lifetime,
    /// Nothing written beside a key.
    Unwritten,
    /// 每期
    EachRun,
    /// 活动期内
    InCampaign,
}

/// 复核
#[derive(Clone, Debug)]
pub struct Review {
    /// Condition.
    pub when: Option<C>,
    /// Roles.
    pub confirm: Vec<&'static str>,
    /// 公示: days, working, from.
    pub publish: Option<(u32, bool, PublishFrom)>,
    /// 逾期: days, working; `Some(None)`: waits.
    pub lapse: Option<Option<(u32, bool)>>,
    /// 待定 占上限
    pub holds_room: bool,
}

/// What makes an item run.
#[derive(Clone, Debug)]
pub enum On {
    /// A record.
    Kind(usize, Option<C>),
    /// A period; the kind whose row it reads.
    Every(Period, bool, Option<usize>),
}

/// An item.
#[derive(Clone, Debug)]
pub struct Item {
    /// Name.
    pub name: String,
    /// Trigger.
    pub on: On,
    /// 接
    pub joins: Vec<super::joins::Join>,
    /// Conditions.
    pub requires: Vec<(C, Option<Hold>)>,
    /// Lines.
    pub lines: Vec<Line>,
    /// 精度 of the item.
    pub precision: Option<(&'static str, Rounding)>,
    /// 支用: how it is decided, and from which currency.
    pub spend: Option<(Spend, usize)>,
    /// 转赠: who receives, and what is said of it.
    pub give: Option<Give>,
    /// 折合: yuan, and the field that names who bears it.
    pub worth: Option<(E, Option<&'static str>)>,
    /// 计入, 另计, 转计.
    pub passes: Vec<super::passes::Pass>,
}

/// A transfer's receiver and words.
#[derive(Clone, Copy, Debug)]
pub struct Give {
    /// A field or attribute that is a reference.
    pub to: &'static str,
    /// 日期 保留
    pub keeps: bool,
    /// 接收方 计获得
    pub earns: bool,
    /// 视为使用
    pub uses: bool,
}

/// A category.
#[derive(Clone, Debug)]
pub struct Category {
    /// Name.
    pub name: String,
    /// Currencies.
    pub credit: Vec<usize>,
    /// Multipliers, stacking, caps.
    pub lines: Vec<Line>,
    /// Items.
    pub items: Vec<Item>,
    /// Inner categories.
    pub inner: Vec<Category>,
}

/// A currency.
#[derive(Clone, Debug)]
pub struct Currency {
    /// Name.
    pub name: &'static str,
    /// Precision.
    pub precision: Option<(&'static str, Rounding)>,
    /// Floor.
    pub floor: Floor,
    /// 上限
    pub ceiling: Option<&'static str>,
    /// 到期 and 衰减.
    pub lives: Vec<Life>,
    /// Which lot is used first.
    pub order: UseOrder,
}

/// A 到期 or 衰减, in all versions from a number on.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    /// First version that says so.
    pub since: usize,
    /// When.
    pub due: LifeDue,
    /// Percent that decays; `None` expires.
    pub percent: Option<&'static str>,
    /// 当 余额() …
    pub when: Option<(Cmp, &'static str)>,
}

/// When points lapse.
#[derive(Clone, Copy, Debug)]
pub enum LifeDue {
    /// 逐笔 自 获得 满|至 n
    Age {
        /// How many.
        count: u32,
        /// Months; otherwise calendar days.
        unit: AgeUnit,
        /// 月末
        month_end: bool,
        /// 至
        through: bool,
        /// 按时刻
        clock: bool,
        /// 每 n; `None`: once.
        again: Option<u32>,
    },
    /// 逐笔 每年|次年
    Date {
        /// Month and day.
        date: (u32, u32),
        /// 次年
        next: bool,
        /// 一次
        once: bool,
    },
    /// 账户 自 末次…; gains, spends count as use; the rest as for an age.
    Idle {
        /// 获得
        gains: bool,
        /// 支用
        spends: bool,
        /// How many of what.
        count: (u32, AgeUnit),
        /// 至
        through: bool,
        /// 每 n; `None`: once.
        again: Option<u32>,
    },
    /// 账户 每年
    Account((u32, u32)),
}

/// Floors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Floor {
    /// 下限
    At(&'static str),
    /// 允许为负
    Negative,
    /// 从后续扣回
    Owed,
}

/// Which kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An event with many fields.
    Event,
    /// A span.
    Span,
    /// One row a month.
    Monthly,
    /// A graded deduction.
    Graded,
}

/// Where the event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// 开始
    Start,
    /// 结束
    End,
    /// 登记
    Entry,
    /// A date field.
    Field,
}

/// A record kind.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Name.
    pub name: &'static str,
    /// Shape.
    pub shape: Shape,
    /// Overlap rule of spans.
    pub overlap: Overlap,
    /// 时点
    pub at: At,
    /// A default of the number fields.
    pub default: bool,
}

/// A parameter with later values.
#[derive(Clone, Debug)]
pub struct Param {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: U,
    /// First value.
    pub first: &'static str,
    /// Day number and value.
    pub steps: Vec<(i32, &'static str)>,
}

/// A campaign.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Name.
    pub name: String,
    /// When.
    pub days: Days,
    /// 适用 of its lines.
    pub applies: Vec<String>,
    /// 倍率 with its condition.
    pub factor: Option<(E, Option<C>)>,
    /// 上限
    pub cap: Option<Cap>,
}

/// When a campaign holds.
#[derive(Clone, Debug)]
pub enum Days {
    /// First and last day, by number.
    Civil(Vec<(i32, i32)>),
    /// Every lunar year: as written, first and last day.
    Yearly(
        &'static str,
        super::campaigns::LunarEnd,
        super::campaigns::LunarEnd,
    ),
}

/// A version.
#[derive(Clone, Debug)]
pub struct Version {
    /// Name.
    pub name: String,
    /// First day.
    pub from: i32,
    /// First day on which nothing is in force any more (last version only).
    pub until: Option<i32>,
    /// Parameters.
    pub params: Vec<Param>,
    /// Caps and multipliers of the header.
    pub header: Vec<Line>,
    /// Categories.
    pub categories: Vec<Category>,
    /// 支用; their only amount is a 得, which stands for 额.
    pub spends: Vec<Item>,
    /// Campaigns, by name.
    pub campaigns: Vec<Campaign>,
    /// 指标
    pub measures: Vec<super::measures::MeasureItem>,
    /// Parameters that follow them.
    pub follows: Vec<(String, E)>,
    /// 考评
    pub scores: Vec<super::scores::ScoreItem>,
    /// 排名, 等级, 标记, 权益
    pub standings: Vec<super::standings::StandItem>,
    /// 分配
    pub allots: Vec<super::allots::AllotItem>,
    /// 变动 and 分户 of 联络.
    pub moving: Option<super::moves::Moving>,
}

/// A policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// What it is fond of.
    pub taste: super::taste::Taste,
    /// Which date chooses the version.
    pub rule: RuleDate,
    /// Currencies.
    pub currencies: Vec<Currency>,
    /// Record kinds.
    pub kinds: Vec<Kind>,
    /// Versions.
    pub versions: Vec<Version>,
}
