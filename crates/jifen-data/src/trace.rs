//! What the engine says on request about one account: every value it met, in order. `jifen-explain` makes sentences of it.

use jifen_calendar::{Day, Instant};
use jifen_plan::{ExprId, ItemIx, Value};
use jifen_quantity::Decimal;

use crate::evaluation::{Account, Failure, MeasureValue, Missing, Origin, Outcome, Posting};
use crate::facts::FactRef;
use crate::lots::{Lapse, Lot, Undated};
use crate::moves::MoveLine;
use crate::standing::StandingValue;

/// The trace of one account.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Account.
    pub account: Account,
    /// Every run of an item for this account, in canonical order.
    pub runs: Vec<ItemRun>,
    /// What came to this account by 计入, 另计 and 转计, in order (also from itself).
    pub received: Vec<Posting>,
    /// What time took, in order.
    pub lapses: Vec<Lapse>,
    /// What came and went with members who moved or split off, in order.
    pub moves: Vec<MoveLine>,
    /// What remains of each lot, in order of use.
    pub lots: Vec<Lot>,
    /// What time will take in the year after the as-of day if nothing else happens, in order.
    pub ahead: Vec<Lapse>,
    /// Measures of this account, by measure and period.
    pub measures: Vec<MeasureRun>,
    /// How it stood in each standing and period.
    pub standings: Vec<StandingValue>,
    /// What may lapse, up to a year after the as-of day, on a day that cannot be told.
    pub undated: Vec<Undated>,
}

/// A measure in one period, with every value met.
#[derive(Clone, Debug)]
pub struct MeasureRun {
    /// What it came to.
    pub came_to: MeasureValue,
    /// Every node that was evaluated, in order of evaluation.
    pub nodes: Vec<NodeValue>,
}

/// One run of one item.
#[derive(Clone, Debug)]
pub struct ItemRun {
    /// Item.
    pub item: ItemIx,
    /// Fact or period.
    pub origin: Origin,
    /// Event day.
    pub day: Day,
    /// Rule day: chose the version.
    pub rule_day: Day,
    /// Every node that was evaluated, in order of evaluation (a node may come again for another segment or day).
    pub nodes: Vec<NodeValue>,
    /// The facts that it was joined with, in the order of the item's joins.
    pub joined: Vec<JoinedFact>,
    /// Where no fact was found: the nearest one with the same key, and why it is not joined.
    pub near: Option<(JoinedFact, NearMiss)>,
    /// Each line that ran.
    pub steps: Vec<Step>,
    /// What was posted, one for each currency; also to other accounts (`received` is set there).
    pub postings: Vec<Posting>,
    /// Or why nothing was.
    pub outcome: Option<Outcome>,
}

/// An earlier fact that a fact is joined with, or nearly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinedFact {
    /// Which.
    pub fact: FactRef,
    /// Whose it is.
    pub whose: Account,
    /// Its event.
    pub at: Instant,
    /// Only its day is known.
    pub day_only: bool,
}

/// Why an earlier fact with the same key is not joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NearMiss {
    /// It stands too long before this instant, from which time is counted.
    TooEarly(Instant),
    /// It has been joined with this fact.
    Taken(FactRef),
    /// What else the join asks does not hold.
    Condition,
}

/// The value of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeValue {
    /// Node.
    pub expr: ExprId,
    /// Value.
    pub value: Eval,
}

/// The result of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Eval {
    /// A value.
    Value(Value),
    /// Unknown.
    Unknown(Missing),
    /// Error.
    Failed(Failure),
}

/// What one line did to the running value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Index into `Item::lines`.
    pub line: u16,
    /// Running value before.
    pub before: Decimal,
    /// Running value after.
    pub after: Decimal,
    /// Details.
    pub detail: StepDetail,
}

/// Details of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepDetail {
    /// The line's condition did not hold.
    Skipped,
    /// 得, 加, 扣.
    Amount(Decimal),
    /// 倍率: segments with seconds and combined factor (one segment of 0 seconds when time plays no part).
    Multiplied(Vec<SegmentFactor>),
    /// 按日折算: days that held, days of the period.
    Prorated(i64, i64),
    /// Rounded.
    Rounded,
    /// A spend: what the account had.
    Covered(Decimal),
    /// 分配: the share came of this.
    Allotted {
        /// The sum.
        total: Decimal,
        /// The weight of the account.
        weight: Decimal,
        /// The weights of all.
        weights: Decimal,
        /// How many take part.
        takers: usize,
        /// How many steps were left over.
        extras: usize,
        /// With a step that was left over.
        extra: bool,
    },
    /// 折合: yuan, and who bears it.
    Worth(Option<Decimal>, Option<String>),
    /// Review passed at once, or released at this instant.
    Reviewed(Option<Instant>),
    /// 择一: the value that this one has to exceed, if all places are taken.
    Chosen(Option<Decimal>),
    /// 上限: limit, what the tally held before, what it was charged.
    Capped {
        /// Limit.
        limit: Decimal,
        /// Used before.
        used: Decimal,
        /// Charged (for 实得: what was charged at the end).
        charged: Decimal,
    },
}

/// A segment of a span with its factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentFactor {
    /// Begin.
    pub start: Instant,
    /// End, not included.
    pub end: Instant,
    /// Combined factor.
    pub factor: Decimal,
    /// 分段计: the value of the lines before, computed for this segment.
    pub value: Option<Decimal>,
}
