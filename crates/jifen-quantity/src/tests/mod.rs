//! Tests of the crate: values worked by hand, and properties against big rationals.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing test may stop the program"
)]

mod by_hand;
mod properties;
mod split;
mod wide;

use crate::Decimal;

/// The decimal written so.
fn d(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_else(|| panic!("{text} is not a decimal"))
}
