//! Unsigned 512-bit integers for the rare intermediate that does not fit 128 bits; plain and slow, never on the hot path.

use crate::round::{POW10, Rounding};
use std::cmp::Ordering;

const LIMBS: usize = 8;

/// A magnitude below 2^512, least limb first.
///
/// The largest intermediate is `a × b × 10^54` with `a, b <= 2^127`: less than 2^434.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wide([u64; LIMBS]);

impl Wide {
    pub(crate) const ZERO: Wide = Wide([0; LIMBS]);

    #[inline]
    pub(crate) fn from_u128(v: u128) -> Wide {
        let mut limbs = [0; LIMBS];
        limbs[0] = v as u64;
        limbs[1] = (v >> 64) as u64;
        Wide(limbs)
    }

    #[inline]
    pub(crate) fn to_u128(self) -> Option<u128> {
        let high_is_zero = self.0.iter().skip(2).all(|&l| l == 0);
        high_is_zero.then(|| u128::from(self.0[0]) | (u128::from(self.0[1]) << 64))
    }

    #[inline]
    pub(crate) fn is_zero(self) -> bool {
        self == Wide::ZERO
    }

    /// Not divisible by two.
    pub(crate) fn is_odd(self) -> bool {
        self.bit(0)
    }

    /// The product, or nothing past 512 bits.
    pub(crate) fn mul(self, rhs: Wide) -> Option<Wide> {
        let mut out = [0_u64; LIMBS];
        for (i, &a) in self.0.iter().enumerate().filter(|(_, a)| **a != 0) {
            let mut carry = 0_u128;
            for (j, &b) in rhs.0.iter().enumerate() {
                let Some(slot) = out.get_mut(i + j) else {
                    // A carry left over is seen after the loop.
                    if b != 0 {
                        return None;
                    }
                    continue;
                };
                let t = u128::from(a) * u128::from(b) + u128::from(*slot) + carry;
                *slot = t as u64;
                carry = t >> 64;
            }
            if carry != 0 {
                return None;
            }
        }
        Some(Wide(out))
    }

    /// `self × 10^exp`, or nothing past 512 bits.
    #[inline]
    pub(crate) fn mul_pow10(self, mut exp: u32) -> Option<Wide> {
        let mut out = self;
        while exp > 0 {
            let step = exp.min(38);
            let unit = POW10.get(step as usize)?;
            out = out.mul(Wide::from_u128(unit.unsigned_abs()))?;
            exp -= step;
        }
        Some(out)
    }

    /// The sum, or nothing past 512 bits.
    #[inline]
    pub(crate) fn add(self, rhs: Wide) -> Option<Wide> {
        let mut out = self;
        let mut carry = false;
        for (slot, &b) in out.0.iter_mut().zip(rhs.0.iter()) {
            let (t, c1) = slot.overflowing_add(b);
            let (t, c2) = t.overflowing_add(u64::from(carry));
            *slot = t;
            carry = c1 || c2;
        }
        (!carry).then_some(out)
    }

    /// `self - rhs`; needs `rhs <= self`.
    #[inline]
    pub(crate) fn sub(self, rhs: Wide) -> Wide {
        let mut out = self;
        let mut borrow = false;
        for (slot, &b) in out.0.iter_mut().zip(rhs.0.iter()) {
            let (t, c1) = slot.overflowing_sub(b);
            let (t, c2) = t.overflowing_sub(u64::from(borrow));
            *slot = t;
            borrow = c1 || c2;
        }
        out
    }

    /// Quotient and remainder by a small divisor, which must not be zero.
    #[inline]
    pub(crate) fn div_rem_small(self, den: u64) -> (Wide, u64) {
        let mut out = self;
        let mut rem = 0_u128;
        for slot in out.0.iter_mut().rev() {
            let t = (rem << 64) | u128::from(*slot);
            *slot = (t / u128::from(den)) as u64;
            rem = t % u128::from(den);
        }
        (out, rem as u64)
    }

    /// Quotient and remainder, bit by bit; `den` must not be zero and must be below 2^511.
    #[inline]
    pub(crate) fn div_rem(self, den: Wide) -> (Wide, Wide) {
        let (mut quotient, mut rem) = (Wide::ZERO, Wide::ZERO);
        for bit in (0..self.bits()).rev() {
            rem = rem.double_plus(self.bit(bit));
            let fits = rem >= den;
            if fits {
                rem = rem.sub(den);
            }
            quotient = quotient.double_plus(fits);
        }
        (quotient, rem)
    }

    /// `self / den` rounded to an integer; `den` as in [`Wide::div_rem`].
    #[inline]
    pub(crate) fn div_round(self, den: Wide, mode: Rounding) -> Wide {
        let (q, r) = self.div_rem(den);
        let half = r.cmp(&den.sub(r));
        if mode.rounds_up(r.is_zero(), half, q.bit(0)) {
            // q <= self < 2^512 and q = self only when the division is exact.
            q.add(Wide::from_u128(1)).unwrap_or(q)
        } else {
            q
        }
    }

    fn bits(self) -> usize {
        let top = self.0.iter().rposition(|&l| l != 0);
        top.map_or(0, |i| i * 64 + 64 - self.0[i].leading_zeros() as usize)
    }

    fn bit(self, n: usize) -> bool {
        self.0.get(n / 64).is_some_and(|l| (l >> (n % 64)) & 1 == 1)
    }

    fn double_plus(self, low: bool) -> Wide {
        let mut out = self;
        let mut carry = u64::from(low);
        for slot in &mut out.0 {
            let next = *slot >> 63;
            *slot = (*slot << 1) | carry;
            carry = next;
        }
        out
    }
}

impl PartialOrd for Wide {
    fn partial_cmp(&self, other: &Wide) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Wide {
    fn cmp(&self, other: &Wide) -> Ordering {
        self.0.iter().rev().cmp(other.0.iter().rev())
    }
}
