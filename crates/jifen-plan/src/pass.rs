//! What an item gives to accounts other than its subject's: 计入, 另计 and 转计 of a reference (S14).

use jifen_quantity::Decimal;
use serde::{Deserialize, Serialize};

use crate::expr::ExprId;
use crate::model::{Cap, CurrencyIx, Precision, Value};

/// One statement that reaches another account. It is computed when the award is posted, from what the caps of the item let
/// through (本次得分); it never causes another one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pass {
    /// What it does with the award.
    pub how: PassHow,
    /// Whose account: a field of the fact or an attribute of the subject, read on the event day.
    pub to: ExprId,
    /// How those share in it, where `to` names several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub many: Option<Many>,
    /// 无则 略过: as if the statement were not written where the reference is blank; otherwise the award cannot tell.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub none_skips: bool,
    /// How much, in points.
    pub amount: ExprId,
    /// Condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<ExprId>,
    /// How the amount is rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<Precision>,
    /// Currencies.
    pub credit: Vec<CurrencyIx>,
    /// Caps of what the other account receives: their tallies are held by that account (or by everybody).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<Cap>,
}

/// How several who are named share in what one statement gives (decision 023).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Many {
    /// 均分: it is divided among them; otherwise (各) each of them gets it.
    pub equally: bool,
    /// Equal parts are whole multiples of it; none: 18 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Decimal>,
}

/// What a [`Pass`] does with the award.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PassHow {
    /// 计入: what the subject's account would get goes there instead. At most one, and the first.
    Instead,
    /// 另计: in addition.
    Also,
    /// 转计: taken from the award.
    On,
}

impl Value {
    /// The value of an attribute of several: in the order of ids, each once.
    #[must_use]
    pub fn several(mut ids: Vec<String>) -> Value {
        ids.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        ids.dedup();
        Value::List(ids)
    }
}

impl Pass {
    /// The expressions that stand in it.
    pub fn exprs(&self) -> impl Iterator<Item = ExprId> + '_ {
        let caps = self
            .caps
            .iter()
            .flat_map(|c| c.when.into_iter().chain([c.limit]));
        [self.to, self.amount]
            .into_iter()
            .chain(self.when)
            .chain(caps)
    }
}
