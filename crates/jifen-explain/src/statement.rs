//! A statement as plain data: awards with additive parts, and why nothing came of other facts. Its text is in `render`.

use jifen_diag::Lang;
use jifen_plan::Value;
use jifen_quantity::Decimal;
use serde::Serialize;

use crate::calc::{Calc, Check};

/// Name and version of the JSON form.
pub const SCHEMA: &str = "jifen.statement/1";

/// What one account got and why.
#[derive(Clone, Debug, Serialize)]
pub struct Statement {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Language of all texts in it.
    pub lang: Lang,
    /// Policy name, with its title.
    pub policy: String,
    /// Roster (the subject word).
    pub roster: String,
    /// Id of the account.
    pub account: String,
    /// Display name, if the roster has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Facts registered after this day are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// Sums for each currency that has an opening or a line.
    pub sums: Vec<Sum>,
    /// One for each clause and fact that scored (perhaps 0).
    pub awards: Vec<Award>,
    /// What other accounts' facts and periods gave to this one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub received: Vec<ReceivedLine>,
    /// One for each clause and fact that did not.
    pub nothing: Vec<Nothing>,
    /// Facts of kinds that no item reads.
    pub unused: Vec<Unused>,
    /// Measures of this account, by measure and period.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<MeasureLine>,
    /// How this account stood, by standing and period.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub standings: Vec<StandingLine>,
    /// What came and went with members who moved or split off, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<MovedLine>,
    /// What expired or decayed, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lapses: Vec<LapseLine>,
    /// What remains of each lot, in the order in which it would be used; only of points that lapse.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<LotLine>,
    /// What will expire or decay within a year after the as-of day if nothing else happens, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ahead: Vec<LapseLine>,
    /// What stays because the day on which it lapses cannot be told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub undated: Vec<UndatedLine>,
    /// Steps are shown as trees.
    pub detail: bool,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn nothing_moved(moved: &Decimal) -> bool {
    moved.is_zero()
}

/// opening + counted + moved − lapsed = balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// Currency.
    pub currency: String,
    /// Taken over from an older system.
    pub opening: Decimal,
    /// Sum of what the lines below moved.
    pub counted: Decimal,
    /// What came and went with members who moved or split off.
    #[serde(skip_serializing_if = "nothing_moved")]
    pub moved: Decimal,
    /// What expired and decayed (≥ 0).
    pub lapsed: Decimal,
    /// Balance.
    pub balance: Decimal,
}

/// Which lot: points of one award or opening that age together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LotName {
    /// Currency.
    pub currency: String,
    /// `第3条 志愿服务`, `期初`.
    pub from: String,
    /// Fact id; absent for a period and an opening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The day from which it ages.
    pub day: String,
}

/// What came or went because a member moved or split off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MovedLine {
    /// Currency.
    pub currency: String,
    /// The instant from which it holds.
    pub at: String,
    /// `随 张三 转出，到 乙户`.
    pub text: String,
    /// Above 0: it came.
    pub amount: Decimal,
}

/// What remains of a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LotLine {
    /// The lot.
    #[serde(flatten)]
    pub lot: LotName,
    /// What remains.
    pub left: Decimal,
}

/// What a measure came to in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeasureLine {
    /// The measure.
    pub measure: String,
    /// Of a measure of groups, which; of everybody 全体 or everyone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// First day of the period.
    pub from: String,
    /// Last day of the period.
    pub to: String,
    /// Its value; absent: there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
    /// Its unit; empty for a plain number or a ratio.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// The value as printed, or why there is none.
    pub text: String,
    /// How it was computed, operands first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub calcs: Vec<Calc>,
}

/// How the account stood in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StandingLine {
    /// The rank, grade, flag or right.
    pub standing: String,
    /// Of a standing of groups: which; of everybody 全体.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// First day of the period.
    pub from: String,
    /// Last day of the period.
    pub to: String,
    /// The place, level or right, or why it cannot be told.
    pub text: String,
    /// Of a place: what was compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// What lapses on a day that cannot be told, for want of a calendar of working days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UndatedLine {
    /// Which points.
    pub currency: String,
    /// The lot; absent: all that the account holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotName>,
    /// Not before this instant.
    pub not_before: String,
    /// The first year that the calendar lacks.
    pub year: i32,
}

/// What time takes of a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LapseLine {
    /// The lot.
    #[serde(flatten)]
    pub lot: LotName,
    /// Decayed; otherwise expired.
    pub decayed: bool,
    /// The first instant at which the points are gone: 00:00 of a day, or the release of an award that had already aged.
    pub at: String,
    /// How much.
    pub amount: Decimal,
}

/// A clause of the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// Article number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<u32>,
    /// Item name.
    pub item: String,
    /// Category names and item name.
    pub path: Vec<String>,
    /// `第3条 志愿服务`.
    pub text: String,
}

/// The fact or period something came of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Kind of fact; empty for a period item without rows.
    pub record: String,
    /// Fact id; absent for a period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The day it counts for.
    pub day: String,
    /// `2026-01-01 至 2026-01-31` for a period item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Version of the rules in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// What a clause gave for a fact. Parts sum to `amount`; `amount + waived` moved the balance.
#[derive(Clone, Debug, Serialize)]
pub struct Award {
    /// Clause.
    pub clause: Clause,
    /// Fact or period.
    pub source: Source,
    /// What the clause gave; for a spend: what it took.
    pub amount: Decimal,
    /// 支用: the amount was taken.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub spend: bool,
    /// 分配: the amount is in yuan and stands in no account.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub yuan: bool,
    /// Where it was posted.
    pub postings: Vec<Credit>,
    /// 折合: what it cost in yuan, as printed, with who bears it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worth: Option<String>,
    /// What went to other accounts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<Passed>,
    /// When it took effect, if later than the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released: Option<String>,
    /// Earlier facts that it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<Joined>,
    /// Additive parts in order of computation.
    pub parts: Vec<Part>,
}

/// An earlier fact that the award's fact is joined with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Joined {
    /// Kind.
    pub record: String,
    /// Id.
    pub id: String,
    /// Day, or day and time.
    pub at: String,
    /// Whose it is, with the name.
    pub of: String,
}

/// What an award gave to another account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passed {
    /// `另计 联络员`.
    pub text: String,
    /// Whose account, with the name.
    pub to: String,
    /// Currency.
    pub currency: String,
    /// How much.
    pub amount: Decimal,
    /// Taken off by the caps of that account (≥ 0).
    pub trimmed: Decimal,
}

/// What another account's fact gave to this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReceivedLine {
    /// Clause.
    pub clause: Clause,
    /// The other's fact or period.
    pub source: Source,
    /// Whose it was, with the name.
    pub from: String,
    /// `另计 联络员`.
    pub text: String,
    /// What was posted here.
    pub credit: Credit,
    /// Taken off by the caps of this account (≥ 0).
    pub trimmed: Decimal,
}

/// A posting in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Credit {
    /// Currency.
    pub currency: String,
    /// What the clause gave.
    pub amount: Decimal,
    /// Part of a deduction that the floor of the currency waived (≥ 0), or of a gain that its ceiling kept off (≤ 0).
    pub waived: Decimal,
    /// amount + waived: what moved the balance.
    pub counted: Decimal,
}

/// Kinds of part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// 得: the first amount.
    Base,
    /// 加.
    Bonus,
    /// 扣.
    Deduction,
    /// 倍率.
    Multiplier,
    /// 按日折算.
    Prorate,
    /// 精度.
    Rounding,
    /// 复核: it was held, or passed at once; moves nothing.
    Review,
    /// 择一: others of the deed count already.
    Choice,
    /// 上限.
    Cap,
    /// 部分支用: what there was.
    Covered,
    /// 转计, 计入: what went to another account instead.
    PassedOn,
    /// A line whose condition did not hold; moves nothing.
    Skipped,
}

/// A part of an award: `delta` is what it added (`after − before`).
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// Kind.
    pub kind: PartKind,
    /// In words.
    pub label: String,
    /// Running value before.
    pub before: Decimal,
    /// Running value after.
    pub after: Decimal,
    /// What it added.
    pub delta: Decimal,
    /// The calculations, operands first. The last one gives `delta` for base, bonus and deduction, else `after`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub calcs: Vec<Calc>,
    /// For a cap: limit, use and trim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<CapUse>,
    /// For a multiplier judged by time: the segments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
    /// Further words (why it was skipped, when it was released).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// With detail: the line as a tree of expressions with their values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tree: Vec<Node>,
}

/// How a cap met an award.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CapUse {
    /// `每月`, `每 会议 每日` …
    pub scope: String,
    /// The clause or category that holds it.
    pub holder: String,
    /// Limit, with its unit.
    pub limit: String,
    /// Used before, with its unit.
    pub used: String,
    /// Taken off the award (≥ 0).
    pub trimmed: Decimal,
}

/// A segment of a span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// Begin.
    pub from: String,
    /// End, not included.
    pub to: String,
    /// Combined factor.
    pub factor: Decimal,
    /// 分段计: value of the lines before for this segment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
}

/// A node of a tree of expressions.
#[derive(Clone, Debug, Serialize)]
pub struct Node {
    /// The expression in words.
    pub text: String,
    /// Its value, or `缺 …`.
    pub value: String,
    /// Operands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Node>,
}

/// Why nothing came of a fact and a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A condition does not hold.
    NotApplicable,
    /// There is no earlier record to be joined with.
    NoPartner,
    /// No 得/加/扣 line took effect.
    NoAmount,
    /// An allotment of which nobody gets anything.
    NotShared,
    /// A value is missing.
    CannotTell,
    /// Waits for confirmation or publicity.
    Pending,
    /// Refused by a reviewer.
    Rejected,
    /// A spend that its limits leave no room for.
    OverCap,
    /// A spend that is not covered.
    NotCovered,
    /// A transfer that nobody receives.
    NoReceiver,
    /// Not confirmed in time.
    Lapsed,
    /// The record was withdrawn.
    Withdrawn,
    /// No version is in force on that day.
    NoVersion,
    /// Overlaps an earlier record.
    Overlaps,
    /// A correction made the record contradict itself.
    Contradiction,
    /// A number is too large, or a division by zero.
    Failed,
}

/// A "why not" line.
#[derive(Clone, Debug, Serialize)]
pub struct Nothing {
    /// Clause; absent where none was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<Clause>,
    /// Fact or period.
    pub source: Source,
    /// Why.
    pub reason: Reason,
    /// In words: `时长 0.5小时，需满 1小时`.
    pub text: String,
    /// The condition that failed, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// The comparisons that made it fail; all true as printed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// Changing this field to this value makes the condition true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// The field, attribute or other thing that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// For an award that waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
    /// The points that wait or were refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    /// Number of the condition among the item's conditions, or of the line among its lines (no amount).
    #[serde(skip)]
    pub index: Option<u16>,
}

/// A change that makes a condition true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// The field is an attribute of the roster, not a field of the record.
    pub roster: bool,
    /// Field.
    pub field: String,
    /// Value, as people write it.
    pub value: String,
    /// Value in held units (durations in seconds).
    pub held: Value,
}

/// What a held award waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Roles that have not confirmed yet.
    pub confirm: Vec<String>,
    /// When it will be released, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// If all confirm on the as-of day: when it would be released.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earliest: Option<String>,
}

/// Facts of a kind that no item reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unused {
    /// Kind.
    pub record: String,
    /// How many of this account.
    pub count: u64,
}
