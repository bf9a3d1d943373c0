//! The 512-bit helper against big integers, with limbs of all ones so that carries run far.

use super::properties::{Random, cases};
use crate::wide::Wide;
use num_bigint::BigUint;
use num_integer::Integer;
use num_traits::{One, Zero};

/// A magnitude of some 128-bit parts, high parts first, in both forms.
fn both(parts: &[u128]) -> (Wide, BigUint) {
    let mut wide = Wide::ZERO;
    let mut big = BigUint::zero();
    for &part in parts {
        for _ in 0..128 {
            wide = wide.add(wide).unwrap();
        }
        wide = wide.add(Wide::from_u128(part)).unwrap();
        big = (big << 128) + BigUint::from(part);
    }
    (wide, big)
}

fn big(value: Wide) -> BigUint {
    let mut out = BigUint::zero();
    let (mut rest, mut power) = (value, BigUint::one());
    while !rest.is_zero() {
        let (q, r) = rest.div_rem_small(1 << 32);
        out += &power * BigUint::from(r);
        power <<= 32;
        rest = q;
    }
    out
}

fn part(random: &mut Random) -> u128 {
    match random.below(4) {
        0 => 0,
        1 => u128::MAX,
        2 => u128::from(random.next()) << (random.below(2) * 64),
        _ => (u128::from(random.next()) << 64) | u128::from(random.next()),
    }
}

#[test]
fn all_operations_are_those_of_big_integers() {
    let mut random = Random(5);
    let mut past = 0;
    for _ in 0..cases() {
        let parts: Vec<u128> = (0..8).map(|_| part(&mut random)).collect();
        let (a, x) = both(&parts[..1 + random.below(4) as usize]);
        let (b, y) = both(&parts[4..5 + random.below(4) as usize]);
        let held = |value: BigUint| (value.bits() <= 512).then_some(value);
        assert_eq!(a.add(b).map(big), held(&x + &y));
        assert_eq!(a.mul(b).map(big), held(&x * &y));
        past += u32::from(a.mul(b).is_none());
        assert_eq!(a.cmp(&b), x.cmp(&y));
        if a >= b {
            assert_eq!(big(a.sub(b)), &x - &y);
        }
        if !b.is_zero() && y.bits() <= 511 {
            let (q, r) = a.div_rem(b);
            assert_eq!((big(q), big(r)), x.div_rem(&y));
        }
        let exponent = random.below(160) as u32;
        let scaled = &x * BigUint::from(10_u32).pow(exponent);
        assert_eq!(a.mul_pow10(exponent).map(big), held(scaled));
        assert_eq!(a.to_u128(), u128::try_from(x).ok());
    }
    assert!(past > 0);
}
