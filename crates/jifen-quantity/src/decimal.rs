//! Exact decimal numbers: construction, text, order and arithmetic; no units and no policy.

use crate::error::NumError;
use crate::round::{POW10, Rounding, div_round_u128, round_mantissa, widen_mantissa};
use crate::wide::Wide;
use std::cmp::Ordering;
use std::fmt;

/// The most fractional digits a [`Decimal`] can have.
pub const MAX_SCALE: u8 = 36;

/// A division is rounded, half to even, to this many fractional digits (S33).
pub const DIVISION_PLACES: u8 = 18;

/// An exact decimal number: `mantissa / 10^scale`.
///
/// Always in lowest form (no trailing zero after the point), so equal values are equal bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Decimal {
    mantissa: i128,
    scale: u8,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Decimal = Decimal {
        mantissa: 0,
        scale: 0,
    };
    /// One.
    pub const ONE: Decimal = Decimal {
        mantissa: 1,
        scale: 0,
    };

    /// `mantissa / 10^scale` in lowest form; nothing when `scale` exceeds [`MAX_SCALE`].
    #[must_use]
    #[inline]
    pub fn new(mantissa: i128, scale: u8) -> Option<Decimal> {
        (scale <= MAX_SCALE).then(|| Decimal::lowest(mantissa, scale))
    }

    /// A whole number.
    #[must_use]
    #[inline]
    pub const fn from_int(value: i64) -> Decimal {
        Decimal {
            mantissa: value as i128,
            scale: 0,
        }
    }

    /// Reads `-?[0-9]+(\.[0-9]+)?`, ASCII only, with at most 36 digits after the point; nothing else is a number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Decimal> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (digits, ""),
        };
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        if fraction.len() > usize::from(MAX_SCALE) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let mut mantissa = 0_i128;
        for byte in whole.bytes().chain(fraction.bytes()) {
            let digit = i128::from(byte - b'0');
            // Built on the negative side, which is larger by one.
            mantissa = mantissa.checked_mul(10)?.checked_sub(digit)?;
        }
        if !negative {
            mantissa = mantissa.checked_neg()?;
        }
        Decimal::new(mantissa, u8::try_from(fraction.len()).ok()?)
    }

    #[inline]
    fn lowest(mut mantissa: i128, mut scale: u8) -> Decimal {
        // Nearly every number is this narrow, and 128 bits are divided by a call.
        if let Ok(narrow) = i64::try_from(mantissa) {
            return Decimal::lowest_narrow(narrow, scale);
        }
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Decimal { mantissa, scale }
    }

    #[inline]
    fn lowest_narrow(mut mantissa: i64, mut scale: u8) -> Decimal {
        if mantissa == 0 {
            return Decimal::ZERO;
        }
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        let mantissa = i128::from(mantissa);
        Decimal { mantissa, scale }
    }

    /// From a sign, a magnitude and a scale that may still be reducible; overflow when it does not fit.
    fn from_wide(negative: bool, mut magnitude: Wide, mut scale: u32) -> Result<Decimal, NumError> {
        let narrow = magnitude.to_u128().and_then(|m| i64::try_from(m).ok());
        if let (Some(m), Ok(places)) = (narrow, u8::try_from(scale))
            && places <= MAX_SCALE
        {
            return Ok(Decimal::lowest_narrow(
                if negative { -m } else { m },
                places,
            ));
        }
        while scale > 0 {
            let (q, r) = magnitude.div_rem_small(10);
            if r != 0 {
                break;
            }
            magnitude = q;
            scale -= 1;
        }
        let mantissa = magnitude
            .to_u128()
            .and_then(|m| signed(negative, m))
            .ok_or(NumError::Overflow)?;
        if mantissa == 0 {
            return Ok(Decimal::ZERO);
        }
        let scale = u8::try_from(scale).map_err(|_| NumError::Overflow)?;
        Decimal::new(mantissa, scale).ok_or(NumError::Overflow)
    }

    /// So many steps, not below 0.
    pub(crate) fn of_steps(count: Wide, step: Decimal) -> Result<Decimal, NumError> {
        let product = count.mul(step.magnitude()).ok_or(NumError::Overflow)?;
        Decimal::from_wide(false, product, u32::from(step.scale))
    }

    /// The digits without the point.
    #[must_use]
    #[inline]
    pub const fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// How many digits stand after the point.
    #[must_use]
    #[inline]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// Whether this is 0.
    #[must_use]
    #[inline]
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// Whether this is below 0.
    #[must_use]
    #[inline]
    pub const fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// Whether this is above 0.
    #[must_use]
    #[inline]
    pub const fn is_positive(self) -> bool {
        self.mantissa > 0
    }

    /// Whether nothing stands after the point.
    #[must_use]
    #[inline]
    pub const fn is_integer(self) -> bool {
        self.scale == 0
    }

    /// -1, 0 or 1.
    #[must_use]
    #[inline]
    pub const fn signum(self) -> i32 {
        self.mantissa.signum() as i32
    }

    /// The value with the other sign.
    #[inline]
    pub fn checked_neg(self) -> Result<Decimal, NumError> {
        let mantissa = self.mantissa.checked_neg().ok_or(NumError::Overflow)?;
        Ok(Decimal { mantissa, ..self })
    }

    /// The value without its sign.
    #[inline]
    pub fn checked_abs(self) -> Result<Decimal, NumError> {
        if self.is_negative() {
            self.checked_neg()
        } else {
            Ok(self)
        }
    }

    /// The value as an integer, when it is one.
    #[must_use]
    #[inline]
    pub fn to_i128(self) -> Option<i128> {
        self.is_integer().then_some(self.mantissa)
    }

    /// The mantissa this value has at `scale`, when that is exact and fits.
    #[must_use]
    #[inline]
    pub fn rescale(self, scale: u8) -> Option<i128> {
        widen_mantissa(self.mantissa, self.scale, scale)
    }

    fn magnitude(self) -> Wide {
        Wide::from_u128(self.mantissa.unsigned_abs())
    }
}

/// Arithmetic. Every method is exact, or rounds once where it says so; what does not fit is an error.
#[allow(
    clippy::should_implement_trait,
    reason = "operators cannot return errors; every use must handle one"
)]
impl Decimal {
    /// The exact sum.
    #[inline]
    pub fn add(self, rhs: Decimal) -> Result<Decimal, NumError> {
        let scale = self.scale.max(rhs.scale);
        if let (Some(a), Some(b)) = (self.rescale(scale), rhs.rescale(scale))
            && let Some(sum) = a.checked_add(b)
        {
            return Ok(Decimal::lowest(sum, scale));
        }
        self.add_wide(rhs, rhs.is_negative())
    }

    /// The exact difference.
    #[inline]
    pub fn sub(self, rhs: Decimal) -> Result<Decimal, NumError> {
        let scale = self.scale.max(rhs.scale);
        if let (Some(a), Some(b)) = (self.rescale(scale), rhs.rescale(scale))
            && let Some(difference) = a.checked_sub(b)
        {
            return Ok(Decimal::lowest(difference, scale));
        }
        self.add_wide(rhs, !rhs.is_negative())
    }

    /// `self` plus the magnitude of `rhs` under the given sign.
    fn add_wide(self, rhs: Decimal, rhs_negative: bool) -> Result<Decimal, NumError> {
        let scale = u32::from(self.scale.max(rhs.scale));
        let a = scaled(self.magnitude(), scale - u32::from(self.scale))?;
        let b = scaled(rhs.magnitude(), scale - u32::from(rhs.scale))?;
        let negative = self.is_negative();
        if negative == rhs_negative {
            let sum = a.add(b).ok_or(NumError::Overflow)?;
            Decimal::from_wide(negative, sum, scale)
        } else if a >= b {
            Decimal::from_wide(negative, a.sub(b), scale)
        } else {
            Decimal::from_wide(rhs_negative, b.sub(a), scale)
        }
    }

    /// The exact Σ`ups` − Σ`downs`: only the result has to fit, whatever the sums on the way would be.
    ///
    /// # Errors
    /// Overflow where the result does not fit.
    pub fn net(ups: &[Decimal], downs: &[Decimal]) -> Result<Decimal, NumError> {
        let narrow = || {
            let sum = ups.iter().try_fold(Decimal::ZERO, |s, u| s.add(*u))?;
            downs.iter().try_fold(sum, |s, d| s.sub(*d))
        };
        narrow().or_else(|_| Decimal::wide_net(ups, downs))
    }

    fn wide_net(ups: &[Decimal], downs: &[Decimal]) -> Result<Decimal, NumError> {
        let scale = ups.iter().chain(downs).map(|d| d.scale).max().unwrap_or(0);
        let (mut above, mut below) = (Wide::from_u128(0), Wide::from_u128(0));
        let signed = ups.iter().map(|d| (d, d.is_negative()));
        let signed = signed.chain(downs.iter().map(|d| (d, !d.is_negative())));
        for (d, negative) in signed {
            let size = d.magnitude().mul_pow10(u32::from(scale - d.scale));
            let size = size.ok_or(NumError::Overflow)?;
            let side = if negative { &mut below } else { &mut above };
            *side = side.add(size).ok_or(NumError::Overflow)?;
        }
        if above >= below {
            Decimal::from_wide(false, above.sub(below), u32::from(scale))
        } else {
            Decimal::from_wide(true, below.sub(above), u32::from(scale))
        }
    }

    /// The exact product; overflow when it needs more than 36 fractional digits.
    #[inline]
    pub fn mul(self, rhs: Decimal) -> Result<Decimal, NumError> {
        let scale = self.scale + rhs.scale;
        if let (Some(product), true) = (self.mantissa.checked_mul(rhs.mantissa), scale <= MAX_SCALE)
        {
            return Ok(Decimal::lowest(product, scale));
        }
        let product = self
            .magnitude()
            .mul(rhs.magnitude())
            .ok_or(NumError::Overflow)?;
        let negative = self.is_negative() != rhs.is_negative();
        Decimal::from_wide(negative, product, u32::from(scale))
    }

    /// The quotient, rounded half to even to 18 fractional digits.
    #[inline]
    pub fn div(self, rhs: Decimal) -> Result<Decimal, NumError> {
        Decimal::mul_div(self, Decimal::ONE, rhs)
    }

    /// `a × b ÷ c` with one rounding, half to even to 18 fractional digits.
    #[inline]
    pub fn mul_div(a: Decimal, b: Decimal, c: Decimal) -> Result<Decimal, NumError> {
        let fraction = Fraction::of(a, b, c)?;
        let quotient = fraction.round(DIVISION_PLACES, Rounding::HalfEven)?;
        Decimal::from_wide(fraction.negative, quotient, u32::from(DIVISION_PLACES))
    }

    /// The value rounded to `places` fractional digits.
    #[must_use]
    #[inline]
    pub fn round(self, places: u8, mode: Rounding) -> Decimal {
        if self.scale <= places {
            return self;
        }
        let mantissa = round_mantissa(self.mantissa, self.scale, places, mode);
        Decimal::lowest(mantissa, places)
    }

    /// The value rounded to a whole multiple of `multiple` (its sign does not matter), such as 0.5.
    #[inline]
    pub fn round_to(self, multiple: Decimal, mode: Rounding) -> Result<Decimal, NumError> {
        Decimal::mul_round_to(self, Decimal::ONE, multiple, mode)
    }

    /// `a × b` rounded once to a whole multiple of `multiple`, however many digits the product has.
    ///
    /// # Errors
    /// Overflow where the multiple itself cannot be held; division by zero where `multiple` is 0.
    #[inline]
    pub fn mul_round_to(
        a: Decimal,
        b: Decimal,
        multiple: Decimal,
        mode: Rounding,
    ) -> Result<Decimal, NumError> {
        let fraction = Fraction::of(a, b, multiple)?;
        let count = fraction.round(0, mode)?;
        let product = count.mul(multiple.magnitude()).ok_or(NumError::Overflow)?;
        let negative = a.is_negative() != b.is_negative();
        Decimal::from_wide(negative, product, u32::from(multiple.scale))
    }

    /// The greatest integer not above the quotient (towards minus infinity).
    #[inline]
    pub fn div_floor(self, rhs: Decimal) -> Result<Decimal, NumError> {
        let fraction = Fraction::of(self, Decimal::ONE, rhs)?;
        let mode = if fraction.negative {
            Rounding::Up
        } else {
            Rounding::Down
        };
        Decimal::from_wide(fraction.negative, fraction.round(0, mode)?, 0)
    }
}

/// `a × b ÷ c` before any rounding.
struct Fraction {
    negative: bool,
    factors: (u128, u128),
    divisor: u128,
    /// The fraction is `factors × 10^exponent ÷ divisor`; between -72 and 36.
    exponent: i32,
}

impl Fraction {
    fn of(a: Decimal, b: Decimal, c: Decimal) -> Result<Fraction, NumError> {
        if c.is_zero() {
            return Err(NumError::DivisionByZero);
        }
        Ok(Fraction {
            negative: (a.is_negative() != b.is_negative()) != c.is_negative(),
            factors: (a.mantissa.unsigned_abs(), b.mantissa.unsigned_abs()),
            divisor: c.mantissa.unsigned_abs(),
            exponent: i32::from(c.scale) - i32::from(a.scale) - i32::from(b.scale),
        })
    }

    /// The magnitude as a mantissa with `places` fractional digits.
    fn round(&self, places: u8, mode: Rounding) -> Result<Wide, NumError> {
        let shift = self.exponent + i32::from(places);
        let up = u32::try_from(shift).unwrap_or(0);
        let down = u32::try_from(-shift).unwrap_or(0);
        if let Some((num, den)) = self.narrow(up, down) {
            return Ok(Wide::from_u128(div_round_u128(num, den, mode)));
        }
        let (a, b) = self.factors;
        let product = Wide::from_u128(a).mul(Wide::from_u128(b));
        let num = scaled(product.ok_or(NumError::Overflow)?, up)?;
        let den = scaled(Wide::from_u128(self.divisor), down)?;
        Ok(num.div_round(den, mode))
    }

    /// Numerator and denominator when both fit 128 bits: the usual case, and the fast one.
    fn narrow(&self, up: u32, down: u32) -> Option<(u128, u128)> {
        let pow = |n: u32| POW10.get(n as usize).map(|p| p.unsigned_abs());
        let num = self
            .factors
            .0
            .checked_mul(self.factors.1)?
            .checked_mul(pow(up)?)?;
        let den = self.divisor.checked_mul(pow(down)?)?;
        Some((num, den))
    }
}

fn scaled(value: Wide, exponent: u32) -> Result<Wide, NumError> {
    value.mul_pow10(exponent).ok_or(NumError::Overflow)
}

/// The signed value of a magnitude, if it fits.
fn signed(negative: bool, magnitude: u128) -> Option<i128> {
    if !negative {
        return i128::try_from(magnitude).ok();
    }
    0_i128.checked_sub_unsigned(magnitude)
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        let scale = self.scale.max(other.scale);
        match (self.rescale(scale), other.rescale(scale)) {
            (Some(a), Some(b)) => a.cmp(&b),
            // At most one side was scaled up; past i128 it is beyond the other on the side of its sign.
            (None, _) => self.mantissa.cmp(&0),
            (_, None) => 0.cmp(&other.mantissa),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa.unsigned_abs();
        let unit = POW10
            .get(usize::from(self.scale))
            .map_or(1, |p| p.unsigned_abs());
        let mut text = (digits / unit).to_string();
        if self.scale > 0 {
            let width = usize::from(self.scale);
            text.push_str(&format!(".{:0width$}", digits % unit));
        }
        f.pad_integral(!self.is_negative(), "", &text)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Decimal {
        Decimal::from_int(value)
    }
}

impl From<u32> for Decimal {
    fn from(value: u32) -> Decimal {
        Decimal::from_int(i64::from(value))
    }
}
