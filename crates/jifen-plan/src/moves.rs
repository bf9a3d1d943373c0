//! What becomes of the points of a group when a member moves and when members split off (S14).

use serde::{Deserialize, Serialize};

use crate::model::{AttrIx, CurrencyIx, Plan, RosterIx, VersionIx};

/// 变动 and 分户 of one attribute in one version. What leaves every point where it is (按发生时 with 全留) is not in a Plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The roster of the members.
    pub roster: RosterIx,
    /// The attribute that says in which group a member is.
    pub attr: AttrIx,
    /// The version that says so; it governs changes of its days.
    pub version: VersionIx,
    /// The roster of the groups.
    pub group: RosterIx,
    /// 变动 随人: what is left of what a member brought goes along.
    pub follow: bool,
    /// 分户.
    pub split: Split,
    /// All that clauses post into or take from accounts of that roster.
    pub currencies: Vec<CurrencyIx>,
}

/// What happens when members leave for a group that nobody was in, while others stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Split {
    /// 全留: nothing.
    Keep,
    /// 均分: those who leave take their share by heads.
    Share,
    /// 归零: what there is lapses.
    Clear,
}

/// Does an account of this currency know what became of each award? It has to where points lapse, and where what a member
/// brought goes along with him.
#[must_use]
pub fn keeps_lots(plan: &Plan, currency: CurrencyIx) -> bool {
    let lapses = plan.currencies.get(currency.ix());
    lapses.is_some_and(|c| !c.lives.is_empty())
        || (plan.moves.iter()).any(|m| m.follow && m.currencies.contains(&currency))
}
