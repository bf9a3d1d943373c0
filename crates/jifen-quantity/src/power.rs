//! Whole powers of decimals: exact, then rounded once.

use num_bigint::{BigInt, BigUint, Sign};
use num_traits::{One, ToPrimitive, Zero};

use crate::decimal::Decimal;
use crate::error::NumError;
use crate::round::Rounding;

/// The largest exponent, on either side of 0.
pub const MAX_EXPONENT: u32 = 100;

impl Decimal {
    /// `self` to the power of `exponent`, rounded once to a whole multiple of `step`, which is above 0.
    ///
    /// # Errors
    /// Division by zero: 0 to an exponent below 0, or a step of 0. Overflow: an exponent beyond ±[`MAX_EXPONENT`], or a
    /// result that cannot be held.
    pub fn power(self, exponent: i128, step: Decimal, mode: Rounding) -> Result<Decimal, NumError> {
        let times = u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX);
        if times > MAX_EXPONENT {
            return Err(NumError::Overflow);
        }
        let (top, below) = (
            BigUint::from(self.mantissa().unsigned_abs()).pow(times),
            BigUint::from(10_u8).pow(u32::from(self.scale()) * times),
        );
        let (top, below) = if exponent < 0 {
            (below, top)
        } else {
            (top, below)
        };
        let (unit, one) = (
            BigUint::from(step.mantissa().unsigned_abs()),
            BigUint::from(10_u8).pow(u32::from(step.scale())),
        );
        let divisor = below * unit;
        if divisor.is_zero() {
            return Err(NumError::DivisionByZero);
        }
        let count = whole(&(top * one), &divisor, mode);
        let negative = self.is_negative() && times % 2 == 1;
        let sign = if negative { Sign::Minus } else { Sign::Plus };
        let mantissa = BigInt::from_biguint(sign, count) * BigInt::from(step.mantissa());
        let mantissa = mantissa.to_i128().ok_or(NumError::Overflow)?;
        Decimal::new(mantissa, step.scale()).ok_or(NumError::Overflow)
    }
}

/// The quotient of two magnitudes as a whole number.
fn whole(top: &BigUint, below: &BigUint, mode: Rounding) -> BigUint {
    let (floor, rest) = (top / below, top % below);
    let half = (&rest * 2_u8).cmp(below);
    match mode.rounds_up(rest.is_zero(), half, floor.bit(0)) {
        true => floor + BigUint::one(),
        false => floor,
    }
}
