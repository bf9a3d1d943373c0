//! What a policy means, for all versions in force, as plain data: no method, no spans, no texts but names that facts use.
//!
//! Everything here is serialisable; the fingerprint is taken over its canonical form. Labels (titles, article
//! numbers, spans, doc comments) live in [`crate::labels`] beside it and never change it.

use jifen_calendar::{ClockWindow, Day, Instant, Period, Window, WorkCalendar};
use jifen_quantity::{Decimal, Dim, Rounding};
use serde::{Deserialize, Serialize};

use crate::allot::Allot;
use crate::choice::Choose;
use crate::expr::{ExprId, Exprs};
use crate::join::Join;
use crate::life::{Life, UseOrder};
use crate::measure::Measure;
use crate::moves::Move;
use crate::pass::Pass;
use crate::standing::Standing;
use crate::worth::Worth;

/// Bumped when the canonical form changes; `tests/fingerprints.txt` moves only with it.
pub const FORMAT: u32 = 1;

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u16);
        impl $name {
            /// As a vector index.
            #[must_use]
            #[inline]
            pub fn ix(self) -> usize { self.0 as usize }
        }
    )*};
}
index! {
    /// Index into [`Plan::versions`].
    VersionIx,
    /// Index into [`Plan::rosters`].
    RosterIx,
    /// Index into [`Roster::attrs`].
    AttrIx,
    /// Index into [`Plan::kinds`].
    KindIx,
    /// Index into [`Kind::fields`].
    FieldIx,
    /// Index into [`Plan::currencies`].
    CurrencyIx,
    /// Index into [`Plan::params`].
    ParamIx,
    /// Index into [`Plan::items`].
    ItemIx,
    /// Index into [`Plan::tallies`].
    TallyIx,
}

/// The compiled meaning of all versions of one policy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// [`FORMAT`].
    pub format: u32,
    /// Zone name; its offset is fixed over the policy's life (checked by the compiler).
    pub zone: String,
    /// Which date chooses the version (S26).
    pub rule_date: RuleDate,
    /// The time line, ascending, without overlap.
    pub versions: Vec<Version>,
    /// Rosters of all versions (merged by name).
    pub rosters: Vec<Roster>,
    /// Fact kinds of all versions (merged by name).
    pub kinds: Vec<Kind>,
    /// Currencies of all versions (merged by name).
    pub currencies: Vec<Currency>,
    /// Parameters, one entry for each version that declares it.
    pub params: Vec<Param>,
    /// Hash-consed expressions.
    pub exprs: Exprs,
    /// One entry for each item of each version, sorted by (path, version). Ties in time and fact id fall in path order.
    pub items: Vec<Item>,
    /// Tallies of caps; they outlive versions (S18).
    pub tallies: Vec<Tally>,
    /// Working-day calendar, if any review counts working days.
    pub workdays: Option<WorkCalendar>,
    /// Measures, sorted by (name, version).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    /// Ranks, grades, flags and rights, sorted by (name, version).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standings: Vec<Standing>,
    /// What happens to the points of groups when members move, sorted by roster, attribute and version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<Move>,
}

/// Which date chooses the version of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleDate {
    /// Day of the event (after S3's 时点).
    Event,
    /// Day of entry.
    Entry,
    /// Day of the last positive confirmation; the event day while there is none.
    Confirmation,
}

/// One version on the time line: `from <= rule day < to`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Version {
    /// Its name, e.g. `2026Q2`.
    pub name: String,
    /// First day.
    pub from: Day,
    /// First day on which it no longer holds.
    pub to: Option<Day>,
}

/// A roster: who can hold points.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Roster {
    /// The subject word.
    pub name: String,
    /// Attributes.
    pub attrs: Vec<Attr>,
}

/// An attribute of a roster; every attribute may be dated in the data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attr {
    /// Name.
    pub name: String,
    /// Type.
    pub ty: FieldType,
}

/// Types of attributes and fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldType {
    /// Free text.
    Text,
    /// A number of this dimension; durations are written in hours and held in seconds (see [`crate::expr`]).
    Number(Dim),
    /// Percent: `50%` is held as 0.5.
    Percent,
    /// 是/否
    YesNo,
    /// A day.
    Date,
    /// A day with time.
    Instant,
    /// One of these words.
    Choice(Vec<String>),
    /// A group word (household, building); rosters only.
    Group,
    /// The id of a row of a roster.
    Ref(RosterIx),
    /// Begin and end; end not included.
    Span,
    /// 多个: the ids of rows of a roster; attributes of rosters only. A blank names nobody.
    Refs(RosterIx),
}

/// A kind of fact.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kind {
    /// Name; sources map to it.
    pub name: String,
    /// Whose fact it is.
    pub subject: RosterIx,
    /// `对象 社区 每月`: one row per subject and period; the row's day may be any day of the period.
    pub period: Option<Period>,
    /// `不限在册`: facts of people outside the roster (or outside their dates) are admitted.
    pub off_roster: bool,
    /// Fields.
    pub fields: Vec<Field>,
    /// The span field, if it has one (at most one).
    pub span: Option<FieldIx>,
    /// What overlapping spans of one person and kind do.
    pub overlap: Overlap,
    /// Which instant is the event's (S3).
    pub at: EventAt,
}

/// A field of a kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Field {
    /// Name; sources map to it.
    pub name: String,
    /// Type.
    pub ty: FieldType,
    /// Value of a blank (`缺省`).
    pub default: Option<Value>,
    /// A blank rejects the row (`必填`, `空白 拒收`).
    pub required: bool,
    /// Inclusive range; a value outside is rejected (S12). In held units.
    pub range: Option<(Decimal, Decimal)>,
    /// Whole numbers only.
    pub whole: bool,
}

/// What overlapping spans of one subject and kind do, in key order (start, id).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Overlap {
    /// 计一次: time that an earlier fact covers is taken out of the later one.
    Once,
    /// 各计: nothing.
    Each,
    /// 拒收: the later one is refused.
    Reject,
}

/// The event's instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventAt {
    /// The date (or begin) of the fact. Default.
    Start,
    /// End of the span.
    End,
    /// 00:00 of the entry day.
    Entry,
    /// A date or instant field; a blank makes *cannot tell*.
    Field(FieldIx),
}

/// A points currency.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Currency {
    /// Name.
    pub name: String,
    /// Precision.
    pub precision: Option<Precision>,
    /// What a penalty on an empty account does.
    pub floor: Floor,
    /// 上限: what awards can bring an account to; what goes beyond is not credited (S15, 计余额).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<Decimal>,
    /// What happens to points with time, in written order; an entry for each version that says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lives: Vec<Life>,
    /// Which lot is used first (S21).
    #[serde(default, skip_serializing_if = "UseOrder::is_default")]
    pub order: UseOrder,
    /// 折合: yuan for each point, in each version that says so; it moves no point.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub yuan: Vec<(VersionIx, Decimal)>,
}

/// A multiple and how to reach it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Precision {
    /// The multiple, e.g. 0.5.
    pub step: Decimal,
    /// How.
    pub mode: Rounding,
}

/// What a deduction does when the balance does not cover it (S20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Floor {
    /// 下限 x: only down to x; the rest is waived and listed.
    At(Decimal),
    /// 允许为负.
    Negative,
    /// 从后续扣回: the rest is a stated debt, paid by later gains (balance = −debt).
    Owed,
}

/// A constant value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Value {
    /// A number in held units.
    Num(Decimal),
    /// A text, option, group or subject id.
    Text(String),
    /// 是/否
    YesNo(bool),
    /// A day.
    Date(Day),
    /// An instant.
    Instant(Instant),
    /// A span, end not included.
    Span(Instant, Instant),
    /// Ids of several subjects, in the order of ids (length, then bytes), each once.
    List(Vec<String>),
}

/// A dated value; read on the rule day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Param {
    /// Name.
    pub name: String,
    /// The version that declares it.
    pub version: VersionIx,
    /// Dimension.
    pub dim: Dim,
    /// Value from the beginning.
    pub first: Decimal,
    /// Later values, ascending: from this day on.
    pub steps: Vec<(Day, Decimal)>,
}

/// An item in one version.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Item {
    /// Stable path: category names and item name, outermost first. Versions of one clause share it.
    pub path: Vec<String>,
    /// Its version.
    pub version: VersionIx,
    /// What makes it run.
    pub trigger: Trigger,
    /// 接: earlier facts that its fact is joined with, in written order; all are needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joins: Vec<Join>,
    /// Conditions; all must hold, in written order (`凭 … 当` first).
    pub requires: Vec<Require>,
    /// Lines in order of computation: the item's own, then its categories' (inner first), then the policy's.
    pub lines: Vec<Line>,
    /// Currencies it posts to; empty: an award that only measures can read.
    pub credit: Vec<CurrencyIx>,
    /// 支用: it asks for points of its only currency instead of giving them; the running value is what is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spend: Option<Spend>,
    /// 转赠: another account receives what the spend takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub give: Option<Give>,
    /// 折合: what an award or a spend costs in yuan; it moves no point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worth: Option<Worth>,
    /// What goes to other accounts: 计入 of a reference first, then 另计 and 转计 as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passes: Vec<Pass>,
    /// 分配: it splits a sum among all subjects of its roster; it has no lines then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allot: Option<Allot>,
}

/// Who receives what a transfer takes, and as what (S21).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Give {
    /// The receiver: a subject.
    pub to: ExprId,
    /// 日期 保留: what is received keeps the days and versions of the lots it was taken from; otherwise it is one lot of the day
    /// of the transfer.
    pub keeps_dates: bool,
    /// 接收方 计获得: to receive is a gain where lives ask when an account was last used.
    pub earns: bool,
    /// 视为使用: to give is a use there.
    pub uses: bool,
}

/// How a spend is decided (S20), in the order of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spend {
    /// 全额或拒绝: all that is asked, or nothing.
    AllOrNothing,
    /// 部分支用: what there is.
    Partial,
    /// 已兑付: it has been given already; what is not covered is a debt.
    Honoured,
}

/// What makes an item run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trigger {
    /// Each settled fact of a kind.
    Fact(KindIx),
    /// Once for each subject on the roster in each period.
    Period {
        /// Roster.
        roster: RosterIx,
        /// Period.
        unit: Period,
        /// Dated the first day (期初) instead of the last (期末).
        at_start: bool,
        /// The per-period kind whose row it reads as its own; a missing row is *cannot tell*.
        row: Option<KindIx>,
    },
}

/// A condition of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Require {
    /// The condition.
    pub cond: ExprId,
    /// How it must hold over the days of the period (period items only).
    pub hold: Option<Hold>,
}

/// How a dated condition must hold in a period. A day on which the subject is not on the roster does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hold {
    /// On every day.
    Whole,
    /// On the first day.
    FirstDay,
    /// On any day.
    AnyDay,
    /// Share of days; the share multiplies the award ([`Line::Prorate`]). No day: not applicable.
    Prorated,
}

/// A line of an item. The running value starts at 0.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Line {
    /// 得, 加: running + value, if `when` holds.
    Add {
        /// Value (dimension points, or pure for scores).
        value: ExprId,
        /// Condition.
        when: Option<ExprId>,
    },
    /// 扣: running − value.
    Deduct {
        /// Size.
        value: ExprId,
        /// Condition.
        when: Option<ExprId>,
    },
    /// 倍率: see [`Multiply`].
    Multiply(Multiply),
    /// running × (days that held ÷ days of the period), one division.
    Prorate {
        /// Which entry of `requires`.
        require: u16,
    },
    /// Round the running value.
    Round(Precision),
    /// 复核; stands before the first cap.
    Review(Review),
    /// 择一, 择优; stands before the first cap with a tally.
    Choose(Choose),
    /// 上限.
    Cap(Cap),
}

/// Several multipliers on one running value. On a kind with a span, a value is split at all edges of `During` windows
/// (over the parts of the span that count) and `running' = running × Σ(seconds × factor) ÷ Σ seconds`, one rounding to 18 digits;
/// where no factor is `During`, `running' = running × factor`. A span of no length counts as its first instant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Multiply {
    /// Factors.
    pub factors: Vec<Factor>,
    /// How those that hold at the same time combine.
    pub stacking: Stacking,
    /// 分段计: the lines before this one are computed for each segment by itself, with the segment as the fact's span
    /// (`起止.时长` = its length), each result times its factor, summed.
    pub each_part: bool,
}

/// One multiplier.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Factor {
    /// The factor.
    pub value: ExprId,
    /// Condition.
    pub when: Option<ExprId>,
    /// Time clause.
    pub time: Option<TimeTest>,
}

/// A time-of-day test (S9).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TimeTest {
    /// Word.
    pub mode: TimeMode,
    /// Windows.
    pub windows: Vec<ClockWindow>,
}

/// The three words of S9. A day-only fact cannot tell any of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TimeMode {
    /// Only the part inside.
    During,
    /// Judged by the start.
    StartingIn,
    /// Any part.
    Touching,
}

/// S10. With no factor holding the combined factor is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stacking {
    /// Product.
    Product,
    /// Largest.
    Best,
    /// Smallest.
    Lowest,
    /// 1 + Σ(factor − 1).
    SumOfExtras,
}

/// Review: the award waits for confirmations and publicity (S24).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Review {
    /// Only when this holds; otherwise the award passes at once.
    pub when: Option<ExprId>,
    /// `when` reads 当日合计: this tally is charged with every running value that reaches the review, before `when` is read.
    pub day_total: Option<TallyIx>,
    /// Roles that must confirm, one positive confirmation each, by different people.
    pub confirm: Vec<String>,
    /// Publicity after that.
    pub publish: Option<Publish>,
    /// When unconfirmed awards lapse; `None`: they wait.
    pub lapse: Option<Days>,
    /// 待定 占上限: caps are charged at the event, not at the release.
    pub holds_room: bool,
}

/// A number of days of a stated kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// How many.
    pub count: u32,
    /// Working days, not calendar days.
    pub working: bool,
}

/// Publicity: released at 00:00 of the day after the last of these days, which are counted from the day after `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publish {
    /// How long.
    pub days: Days,
    /// From when.
    pub from: PublishFrom,
}

/// Where publicity days begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublishFrom {
    /// The confirmation that completes the list.
    LastConfirmation,
    /// The event day.
    Event,
    /// The entry day.
    Entry,
}

/// A cap as it stands in one item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cap {
    /// What it counts in; `None` for 每次 (a limit on this award alone).
    pub tally: Option<TallyIx>,
    /// The limit (points, or times).
    pub limit: ExprId,
    /// Mode.
    pub mode: CapMode,
    /// 仍计入: this item is counted but not limited.
    pub counted_only: bool,
    /// A 上限 of a deducting item: limits the size deducted.
    pub of_deduction: bool,
    /// Condition.
    pub when: Option<ExprId>,
}

/// S15.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CapMode {
    /// Clip to what fits.
    Clip,
    /// All or nothing.
    Whole,
    /// Passes whole while the tally before it is under the limit.
    LastThrough,
}

/// What a cap (or 当日合计) counts in: identity is (path, scope, window, unit) and outlives versions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tally {
    /// Path of the clause that holds the cap (item, category, or empty for the policy) …
    pub path: Vec<String>,
    /// … with what tells lines of one kind apart there (e.g. "每日", "每 会议 每月").
    pub label: String,
    /// Whose.
    pub holder: Holder,
    /// Further keys (`每 会议`): values of these expressions.
    pub keys: Vec<ExprId>,
    /// Window; by the award's event day.
    pub window: Window,
    /// Times instead of points.
    pub times: bool,
    /// 计净: deductions are counted too (as posted, before any floor).
    pub net: bool,
    /// 计 实得: charged with what is finally posted; otherwise with what passes this cap.
    pub charge_final: bool,
    /// 计 数量: counts this value of the fact instead of points; an award passes whole or not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<ExprId>,
}

/// Who shares a tally.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Holder {
    /// The account.
    Account,
    /// The account's group on the event day; none: *cannot tell*.
    Group(AttrIx),
    /// Everybody.
    Everyone,
}
