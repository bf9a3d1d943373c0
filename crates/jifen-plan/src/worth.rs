//! 折合: what awards and spends cost and points are worth in yuan (S20). It stands beside the points and moves none of them.

use jifen_calendar::Day;
use jifen_quantity::Decimal;
use serde::{Deserialize, Serialize};

use crate::expr::ExprId;
use crate::model::{CurrencyIx, Plan};

/// What an award or a spend costs in yuan, read last, where something above 0 is given or taken: 本次得分 is that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worth {
    /// Yuan.
    pub value: ExprId,
    /// 记在: a text, option, group or row of a roster that names who bears it.
    pub by: Option<ExprId>,
}

/// What a point of a currency is worth on a day, as the version in force then says.
#[must_use]
pub fn yuan_on(plan: &Plan, currency: CurrencyIx, day: Day) -> Option<Decimal> {
    let in_force = |v: &crate::model::Version| v.from <= day && v.to.is_none_or(|to| day < to);
    let at = plan.versions.iter().position(in_force)?;
    let said = &plan.currencies.get(currency.ix())?.yuan;
    said.iter().find(|y| y.0.ix() == at).map(|y| y.1)
}
