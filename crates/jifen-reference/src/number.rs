//! Numbers as big rationals, with the two rules that keep them decimal: 18 digits after a division, and what fits.

use jifen_quantity::{Decimal, Rounding};
use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use crate::eval::Stop;

/// A number.
pub type N = BigRational;

/// What a decimal of the Plan stands for.
pub fn of(d: Decimal) -> N {
    N::new(BigInt::from(d.mantissa()), pow10(u32::from(d.scale())))
}

/// mantissa ÷ 10^scale
pub fn scaled(mantissa: i64, scale: u8) -> N {
    N::new(BigInt::from(mantissa), pow10(u32::from(scale)))
}

/// A whole number.
pub fn int(i: i64) -> N {
    N::from_integer(BigInt::from(i))
}

fn pow10(n: u32) -> BigInt {
    BigInt::from(10).pow(n)
}

/// The digits without the point and how many stand after it, with no trailing nought; nothing when more than 36 would.
fn digits(n: &N) -> Option<(BigInt, u32)> {
    if n.is_integer() {
        return Some((n.numer().clone(), 0));
    }
    // A denominator of twos and fives: as many digits as the more frequent of them.
    let (mut rest, mut fives) = (n.denom().clone(), 0_u64);
    let twos = rest.trailing_zeros().unwrap_or(0);
    rest >>= twos;
    let five = BigInt::from(5);
    while fives <= 36 && (&rest % &five).is_zero() {
        rest /= &five;
        fives += 1;
    }
    let places = u32::try_from(twos.max(fives)).ok().filter(|p| *p <= 36)?;
    rest.is_one()
        .then(|| (n.numer() * pow10(places) / n.denom(), places))
}

/// S34: a result must fit 127 bits and a sign, with at most 36 digits after the point.
pub fn fit(n: N) -> Result<N, Stop> {
    let limit = BigInt::one() << 127;
    match digits(&n) {
        Some((m, _)) if m < limit && m >= -limit => Ok(n),
        _ => Err(Stop::Failed("overflow")),
    }
}

/// Adds. Most sums of an account are 0, and to reduce what did not change is the dearest part of adding.
pub fn add(to: &mut N, n: &N) {
    if to.is_zero() {
        to.clone_from(n);
    } else if !n.is_zero() {
        *to += n;
    }
}

/// S33: a division is rounded at its node to 18 digits, half-even.
pub fn divide(a: &N, b: &N) -> Result<N, Stop> {
    if b.is_zero() {
        return Err(Stop::Failed("division-by-zero"));
    }
    let step = N::new(BigInt::one(), pow10(18));
    round_to(&(a / b), &step, Rounding::HalfEven)
}

/// A number multiplied with itself, one time after another; whole exponents from −100 to 100.
pub fn power(base: &N, exponent: &N) -> Result<N, Stop> {
    let times = i64::try_from(exponent.to_integer()).ok();
    let times = times.filter(|n| n.abs() <= 100 && exponent.is_integer());
    let times = times.ok_or(Stop::Failed("overflow"))?;
    let mut product = N::one();
    for _ in 0..times.abs() {
        product *= base;
    }
    match (times < 0, product.is_zero()) {
        (true, true) => Err(Stop::Failed("division-by-zero")),
        (true, false) => Ok(N::one() / product),
        (false, _) => Ok(product),
    }
}

/// S33: to a multiple of `step`, by size (a mode says the same of a deduction as of an award).
pub fn round_to(n: &N, step: &N, mode: Rounding) -> Result<N, Stop> {
    if step.is_zero() {
        return Err(Stop::Failed("division-by-zero"));
    }
    let count = (n / step).abs();
    let whole = count.trunc();
    let rest = &count - &whole;
    let half = N::new(BigInt::one(), BigInt::from(2));
    let odd = (whole.to_integer() % 2_i32).sign() != Sign::NoSign;
    let up = match mode {
        Rounding::Down => false,
        Rounding::Up => !rest.is_zero(),
        Rounding::HalfUp => rest >= half,
        Rounding::HalfEven => rest > half || (rest == half && odd),
    };
    let size = (whole + int(i64::from(up))) * step.abs();
    fit(if n.is_negative() { -size } else { size })
}

/// Plain digits.
pub fn text(n: &N) -> String {
    let Some((mantissa, places)) = digits(n) else {
        return n.to_string();
    };
    let size = format!("{:0>1$}", mantissa.abs().to_string(), places as usize + 1);
    let (whole, fraction) = size.split_at(size.len() - places as usize);
    let sign = if mantissa.is_negative() { "-" } else { "" };
    let point = if places > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{fraction}")
}
