//! Random decimals, many at the limits, against big rationals; `JIFEN_CASES` sets how many.

use crate::{Decimal, MAX_SCALE, NumError, Rounding, round_mantissa};
use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

pub(super) const ALL: [Rounding; 4] = [
    Rounding::HalfUp,
    Rounding::Up,
    Rounding::Down,
    Rounding::HalfEven,
];

/// The splitmix64 sequence: the same numbers on every machine.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn mantissa(&mut self) -> i128 {
        let wide = (i128::from(self.next() as i64) << 64) | i128::from(self.next());
        match self.below(8) {
            // Near the limits, near zero, near powers of ten and of two, halves.
            0 => i128::MAX - i128::from(self.below(30)),
            1 => i128::MIN + i128::from(self.below(30)),
            2 => i128::from(self.below(41)) - 20,
            3 => {
                let power = 10_i128.pow(self.below(39) as u32);
                power
                    .saturating_mul(1 + i128::from(self.below(9)))
                    .saturating_add(i128::from(self.below(5)) - 2)
            }
            4 => (1_i128 << self.below(127)) - i128::from(self.below(2)),
            5 => 5 * 10_i128.pow(self.below(38) as u32) * if self.below(2) == 0 { 1 } else { -1 },
            _ => wide >> self.below(127),
        }
    }

    pub(super) fn decimal(&mut self) -> Decimal {
        let scale = match self.below(4) {
            0 => 0,
            1 => self.below(4),
            2 => 18,
            _ => self.below(u64::from(MAX_SCALE) + 1),
        };
        Decimal::new(self.mantissa(), scale as u8).unwrap()
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "how many cases a test runs, not what they give"
)]
pub(super) fn cases() -> u64 {
    let set = std::env::var("JIFEN_CASES").ok();
    set.and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

fn ten(n: u32) -> BigInt {
    BigInt::from(10).pow(n)
}

pub(super) fn exact(value: Decimal) -> BigRational {
    BigRational::new(value.mantissa().into(), ten(u32::from(value.scale())))
}

/// What a decimal can hold: the rational when some scale up to 36 makes it a 128-bit mantissa.
pub(super) fn held(value: &BigRational) -> Result<BigRational, NumError> {
    // The least scale that makes it whole has the least mantissa.
    let scale = (0..=u32::from(MAX_SCALE)).find(|&s| (ten(s) % value.denom()).is_zero());
    let mantissa = scale.map(|s| (value * ten(s)).to_integer());
    match mantissa.and_then(|m| m.to_i128()) {
        Some(_) => Ok(value.clone()),
        None => Err(NumError::Overflow),
    }
}

/// Rounding by its definition: the two neighbours, and which of them is chosen.
pub(super) fn rounded(value: &BigRational, mode: Rounding) -> BigInt {
    let low = value.numer().div_floor(value.denom());
    let rest = value - BigRational::from(low.clone());
    if rest.is_zero() {
        return low;
    }
    let high = &low + BigInt::one();
    let (near, far) = if value.is_negative() {
        (high.clone(), low.clone())
    } else {
        (low.clone(), high.clone())
    };
    let twice = rest * BigInt::from(2);
    match mode {
        Rounding::Up => far,
        Rounding::Down => near,
        _ if twice > BigRational::one() => high,
        _ if twice < BigRational::one() => low,
        Rounding::HalfUp => far,
        Rounding::HalfEven => {
            if low.is_even() {
                low
            } else {
                high
            }
        }
    }
}

fn rounded_at(value: &BigRational, places: u32, mode: Rounding) -> BigRational {
    BigRational::new(rounded(&(value * ten(places)), mode), ten(places))
}

fn check(what: &str, got: Result<Decimal, NumError>, wanted: &BigRational) {
    assert_eq!(got.map(exact), held(wanted), "{what}: {got:?}");
    if let Ok(value) = got {
        let lowest = value.scale() == 0 || value.mantissa() % 10 != 0;
        assert!(lowest, "{what}: {value} is not in lowest form");
    }
}

#[test]
fn sums_products_and_order() {
    let mut random = Random(1);
    let (mut fits, mut overflows) = (0, 0);
    for _ in 0..cases() {
        let (a, b) = (random.decimal(), random.decimal());
        let (x, y) = (exact(a), exact(b));
        check(&format!("{a} + {b}"), a.add(b), &(&x + &y));
        check(&format!("{a} - {b}"), a.sub(b), &(&x - &y));
        check(&format!("{a} × {b}"), a.mul(b), &(&x * &y));
        check(&format!("-{a}"), a.checked_neg(), &-&x);
        check(&format!("|{a}|"), a.checked_abs(), &x.abs());
        assert_eq!(a.cmp(&b), x.cmp(&y), "{a} and {b}");
        assert_eq!(a == b, x == y, "{a} and {b}");
        assert_eq!(Decimal::parse(&a.to_string()), Some(a));
        *(if a.mul(b).is_ok() {
            &mut fits
        } else {
            &mut overflows
        }) += 1;
    }
    assert!(
        fits > cases() / 20 && overflows > cases() / 20,
        "{fits} {overflows}"
    );
}

#[test]
fn quotients() {
    let mut random = Random(2);
    let (mut fits, mut overflows) = (0, 0);
    for _ in 0..cases() {
        let (a, b, c) = (random.decimal(), random.decimal(), random.decimal());
        if c.is_zero() {
            assert_eq!(a.div(c), Err(NumError::DivisionByZero));
            continue;
        }
        let ratio = exact(a) / exact(c);
        let quotient = rounded_at(&ratio, 18, Rounding::HalfEven);
        check(&format!("{a} ÷ {c}"), a.div(c), &quotient);
        let floor = BigRational::from(ratio.floor().to_integer());
        check(&format!("floor {a} ÷ {c}"), a.div_floor(c), &floor);
        let once = rounded_at(&(&ratio * exact(b)), 18, Rounding::HalfEven);
        check(
            &format!("{a} × {b} ÷ {c}"),
            Decimal::mul_div(a, b, c),
            &once,
        );
        *(if a.div(c).is_ok() {
            &mut fits
        } else {
            &mut overflows
        }) += 1;
    }
    assert!(
        fits > cases() / 20 && overflows > cases() / 20,
        "{fits} {overflows}"
    );
}

#[test]
fn roundings() {
    let mut random = Random(3);
    for _ in 0..cases() {
        let (a, multiple) = (random.decimal(), random.decimal());
        let places = random.below(20) as u8;
        for mode in ALL {
            let wanted = rounded_at(&exact(a), u32::from(places), mode);
            check(
                &format!("{a} at {places} {mode:?}"),
                Ok(a.round(places, mode)),
                &wanted,
            );
            if multiple.is_zero() {
                continue;
            }
            let count = rounded(&(exact(a) / exact(multiple)), mode);
            let wanted = BigRational::from(count) * exact(multiple);
            check(
                &format!("{a} to {multiple} {mode:?}"),
                a.round_to(multiple, mode),
                &wanted,
            );
        }
    }
}

#[test]
fn mantissas() {
    let mut random = Random(4);
    for _ in 0..cases() {
        let m = random.mantissa();
        let (from, to) = (random.below(60) as u8, random.below(60) as u8);
        for mode in ALL {
            let value = BigRational::new(m.into(), ten(u32::from(from))) * ten(u32::from(to));
            let wanted = rounded(&value, mode);
            let limit = if m < 0 { i128::MIN } else { i128::MAX };
            let wanted = wanted.to_i128().unwrap_or(limit);
            assert_eq!(
                round_mantissa(m, from, to, mode),
                wanted,
                "{m} {from} {to} {mode:?}"
            );
        }
    }
}
