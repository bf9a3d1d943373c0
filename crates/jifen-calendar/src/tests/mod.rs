//! Tests of the crate: dates worked by hand, and chrono as a second calendar.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing test may stop the program"
)]

mod clock;
mod days;
mod office;
mod windows;
mod workdays;
mod zones;

use crate::{Day, Instant};

/// The day written so.
fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap_or_else(|| panic!("{text} is not a day"))
}

/// The instant written so.
fn at(text: &str) -> Instant {
    Instant::parse_iso(text).unwrap_or_else(|| panic!("{text} is not an instant"))
}
