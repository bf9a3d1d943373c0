//! Rounding modes, powers of ten and rounding of bare mantissas for the columnar engine; not the decimals themselves.

/// How a value between two neighbours is rounded (S33).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Rounding {
    /// 四舍五入: to the nearest, a half away from zero.
    HalfUp,
    /// 进一: away from zero.
    Up,
    /// 舍去: towards zero.
    Down,
    /// 四舍六入五成双: to the nearest, a half to the even neighbour.
    HalfEven,
}

/// Powers of ten: `POW10[n]` is 10 to the n.
pub const POW10: [i128; 39] = {
    let mut table = [1_i128; 39];
    let mut n = 1;
    while n < 39 {
        table[n] = table[n - 1] * 10;
        n += 1;
    }
    table
};

impl Rounding {
    /// Whether a magnitude with a remainder goes up by one: `half` compares the remainder with one half.
    pub(crate) fn rounds_up(self, exact: bool, half: std::cmp::Ordering, odd: bool) -> bool {
        if exact {
            return false;
        }
        match self {
            Rounding::Down => false,
            Rounding::Up => true,
            Rounding::HalfUp => half.is_ge(),
            Rounding::HalfEven => half.is_gt() || (half.is_eq() && odd),
        }
    }
}

/// `num / den` on magnitudes, rounded to an integer; `den` must not be zero.
pub(crate) fn div_round_u128(num: u128, den: u128, mode: Rounding) -> u128 {
    // 64 bits are divided by one instruction, 128 by a call.
    if let (Ok(num), Ok(den)) = (u64::try_from(num), u64::try_from(den)) {
        let (q, r) = (num / den, num % den);
        let half = r.cmp(&(den - r));
        return u128::from(q) + u128::from(mode.rounds_up(r == 0, half, q % 2 == 1));
    }
    let (q, r) = (num / den, num % den);
    // r against den - r, since 2r may not fit.
    let half = r.cmp(&(den - r));
    q + u128::from(mode.rounds_up(r == 0, half, q % 2 == 1))
}

/// The value `m / 10^from_scale` as a mantissa at `to_scale`, rounded once.
///
/// Never fails when digits are dropped. When digits are added (`to_scale > from_scale`) the result stops at the limits
/// of `i128`: callers that cannot rule this out use [`widen_mantissa`].
#[must_use]
pub fn round_mantissa(m: i128, from_scale: u8, to_scale: u8, mode: Rounding) -> i128 {
    if from_scale <= to_scale {
        let limit = if m < 0 { i128::MIN } else { i128::MAX };
        return widen_mantissa(m, from_scale, to_scale).unwrap_or(limit);
    }
    let Some(&unit) = POW10.get(usize::from(from_scale - to_scale)) else {
        // |m| < 2 × 10^38 is less than half of 10^39, the least unit that can stand here.
        return if mode == Rounding::Up { m.signum() } else { 0 };
    };
    let q = div_round_u128(m.unsigned_abs(), unit.unsigned_abs(), mode);
    // unit >= 10, so q <= i128::MAX / 10 + 1.
    let q = i128::try_from(q).unwrap_or(i128::MAX);
    if m < 0 { -q } else { q }
}

/// The value `m / 10^from_scale` as a mantissa at `to_scale`, if that is exact and fits.
#[must_use]
#[inline]
pub fn widen_mantissa(m: i128, from_scale: u8, to_scale: u8) -> Option<i128> {
    if m == 0 || from_scale == to_scale {
        return Some(m);
    }
    if from_scale <= to_scale {
        let unit = POW10.get(usize::from(to_scale - from_scale))?;
        return m.checked_mul(*unit);
    }
    let unit = POW10.get(usize::from(from_scale - to_scale))?;
    (m % unit == 0).then(|| m / unit)
}
