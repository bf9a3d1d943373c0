//! What groups gave and received because members moved or split off (S14).

use jifen_calendar::Instant;
use jifen_plan::CurrencyIx;
use jifen_quantity::Decimal;

use crate::evaluation::Account;

/// Points that left a group's account on the day of a change, above 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MoveLine {
    /// The account that gave, or lost.
    pub from: Account,
    /// Currency.
    pub currency: CurrencyIx,
    /// 00:00 of the first day of the new group; or later, when an award was released that goes along.
    pub at: Instant,
    /// The account that received; `None`: it lapsed (分户 归零).
    pub to: Option<Account>,
    /// Who took it along; `None`: a share by heads, or all of it (分户).
    pub member: Option<Account>,
    /// How much.
    pub amount: Decimal,
}
