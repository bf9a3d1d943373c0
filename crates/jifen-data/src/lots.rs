//! Lots: what was earned, what remains of it, and what time took (S19).

use jifen_calendar::{Day, Instant};
use jifen_plan::{CurrencyIx, ItemIx};
use jifen_quantity::Decimal;

use crate::evaluation::{Account, Origin};

/// What a lot came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LotSource {
    /// Taken over from an older system.
    Opening,
    /// An award.
    Award(ItemIx, Origin),
}

/// A lot with what remains of it (above 0) at the end of the as-of day; only of currencies whose points lapse.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lot {
    /// Account.
    pub account: Account,
    /// Currency.
    pub currency: CurrencyIx,
    /// The day from which it ages: its event day.
    pub day: Day,
    /// What it came from.
    pub source: LotSource,
    /// What remains.
    pub left: Decimal,
}

/// Points that stay although they may have lapsed: on which day they do depends on a year that the working-day calendar
/// lacks (S5, decision 024).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undated {
    /// Account.
    pub account: Account,
    /// Currency.
    pub currency: CurrencyIx,
    /// They do not lapse before: when they would if every day of the years that are lacking were worked.
    pub at: Instant,
    /// The lot; `None`: all that the account holds.
    pub lot: Option<(Day, LotSource)>,
    /// The first year that is lacking.
    pub year: i32,
}

/// What time took of a lot (above 0).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lapse {
    /// Account.
    pub account: Account,
    /// Currency.
    pub currency: CurrencyIx,
    /// When: 00:00 of a day, or the release of an award that had already aged.
    pub at: Instant,
    /// Decayed; otherwise expired.
    pub decayed: bool,
    /// The day from which the lot ages.
    pub day: Day,
    /// The lot.
    pub source: LotSource,
    /// How much.
    pub amount: Decimal,
}
