//! Exact decimals, rounding and dimensions; no floats, no spans, no policy.

mod decimal;
mod dim;
mod error;
mod power;
mod round;
#[cfg(feature = "serde")]
mod serde_text;
mod split;
mod wide;

#[cfg(test)]
mod tests;

pub use decimal::{DIVISION_PLACES, Decimal, MAX_SCALE};
pub use dim::Dim;
pub use error::NumError;
pub use power::MAX_EXPONENT;
pub use round::{POW10, Rounding, round_mantissa, widen_mantissa};
pub use split::{Remainder, Share, is_multiple, split};
