//! What became of allotments (S33a): the sum, the weights and the shares, one for each allotment and period.

use jifen_calendar::Day;
use jifen_plan::ItemIx;
use jifen_quantity::Decimal;

use crate::evaluation::{Account, Failure};

/// One allotment of one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allotment {
    /// Which.
    pub item: ItemIx,
    /// First day of the period.
    pub first: Day,
    /// Its last day, on which it is dated.
    pub day: Day,
    /// The sum, where it was reached and has a value.
    pub total: Option<Decimal>,
    /// The sum of the weights.
    pub weights: Option<Decimal>,
    /// The sum of the shares.
    pub allotted: Option<Decimal>,
    /// How it ended.
    pub state: AllotState,
    /// The shares, by id of the subject; none unless it was shared out.
    pub shares: Vec<ShareLine>,
}

/// How an allotment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllotState {
    /// Shared out.
    Shared,
    /// Nobody takes part.
    Nobody,
    /// All weights are 0.
    NoWeight,
    /// The share of this account cannot be told, and nobody's share without it.
    Waits(Account),
    /// A sum is too large, or the total cannot be split.
    Failed(Failure),
}

/// One share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareLine {
    /// Whose.
    pub account: Account,
    /// By which weight.
    pub weight: Decimal,
    /// How much.
    pub amount: Decimal,
    /// 最大余额: with a step that was left over.
    pub extra: bool,
}
