//! 分配: a sum split among the subjects of a roster at the end of a period (S33a).

use jifen_quantity::{Decimal, Remainder};
use serde::{Deserialize, Serialize};

use crate::expr::ExprId;

/// What an item splits instead of awarding. It has no lines; its trigger is the period, its conditions say who takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allot {
    /// The sum; it reads constants and parameters only, on the day the period ends.
    pub total: ExprId,
    /// The sum is in yuan: shares are a table of their own and move no point. Otherwise they are posted to the item's currencies.
    pub yuan: bool,
    /// 按: the weight of a subject; `None` is 均分, everybody 1.
    pub weight: Option<ExprId>,
    /// 到: shares are whole multiples of this.
    pub step: Decimal,
    /// 余数.
    pub remainder: Remainder,
}

impl Allot {
    /// Its expressions.
    #[must_use]
    pub fn exprs(&self) -> Vec<ExprId> {
        self.weight.into_iter().chain([self.total]).collect()
    }
}
