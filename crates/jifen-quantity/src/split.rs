//! A sum split by weights, to whole steps: by largest remainder (nothing is lost) or each share rounded by itself (S33a).

use crate::decimal::Decimal;
use crate::error::NumError;
use crate::round::Rounding;
use crate::wide::Wide;

/// What becomes of the parts of a step that the shares leave over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Remainder {
    /// 最大余额: every share goes down to the step; the steps left over go to the largest remainders, one each.
    Largest,
    /// 各自舍入: every share is rounded by itself; the shares need not add up to the sum.
    Each(Rounding),
}

/// One share of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The share, a whole number of steps.
    pub amount: Decimal,
    /// It has got a step that was left over.
    pub extra: bool,
}

/// Splits `total` by `weights`, to whole multiples of `step`; equal remainders fall to those who stand first.
///
/// The weights are not below 0 and `sum` is theirs, above 0; `total` is not below 0, and for [`Remainder::Largest`] a
/// multiple of `step`, which is above 0. No quotient is rounded on the way.
///
/// # Errors
/// Overflow where a share cannot be held.
pub fn split(
    total: Decimal,
    weights: &[Decimal],
    sum: Decimal,
    step: Decimal,
    remainder: Remainder,
) -> Result<Vec<Share>, NumError> {
    let ratio = Ratio::of(total, weights, sum, step)?;
    let steps: Result<Vec<Steps>, NumError> = weights.iter().map(|w| ratio.steps(*w)).collect();
    let mut steps = steps?;
    match remainder {
        Remainder::Each(mode) => {
            for s in &mut steps {
                let half = s.rest.cmp(&ratio.divisor.sub(s.rest));
                if mode.rounds_up(s.rest.is_zero(), half, s.whole.is_odd()) {
                    s.whole = s.whole.add(one()).ok_or(NumError::Overflow)?;
                }
            }
        }
        Remainder::Largest => hand_out(&mut steps, steps_of_all(total, step)?)?,
    }
    let share = |s: &Steps| {
        let amount = Decimal::of_steps(s.whole, step)?;
        let extra = s.extra;
        Ok(Share { amount, extra })
    };
    steps.iter().map(share).collect()
}

/// How many steps a share is.
struct Steps {
    whole: Wide,
    /// What is over, as a numerator.
    rest: Wide,
    /// It has got a step that was left over.
    extra: bool,
}

/// Gives the steps that are left of all to the largest remainders, one each.
fn hand_out(steps: &mut [Steps], all: Wide) -> Result<(), NumError> {
    let mut given = Wide::ZERO;
    for s in steps.iter() {
        given = given.add(s.whole).ok_or(NumError::Overflow)?;
    }
    let left = all.sub(given).to_u128();
    let left = left.and_then(|n| usize::try_from(n).ok());
    let mut order: Vec<&mut Steps> = steps.iter_mut().collect();
    // A stable sort: equal remainders stay in the order in which they stand.
    order.sort_by_key(|s| std::cmp::Reverse(s.rest));
    for s in order.into_iter().take(left.ok_or(NumError::Overflow)?) {
        s.extra = true;
        s.whole = s.whole.add(one()).ok_or(NumError::Overflow)?;
    }
    Ok(())
}

fn one() -> Wide {
    Wide::from_u128(1)
}

/// `total × weight ÷ (sum × step)` for all weights over one divisor.
struct Ratio {
    /// The mantissa of the sum that is split, with what powers of ten the numerator needs.
    total: Wide,
    divisor: Wide,
    /// Digits after the point of all weights.
    scale: u8,
}

impl Ratio {
    /// Numerator and divisor stay below 2^511: a weight is at most the sum, so that the powers of ten that a small scale of
    /// the weights needs in one are not needed in the other.
    fn of(
        total: Decimal,
        weights: &[Decimal],
        sum: Decimal,
        step: Decimal,
    ) -> Result<Ratio, NumError> {
        let scale = weights.iter().map(|w| w.scale()).max().unwrap_or(0);
        let up = i32::from(sum.scale()) + i32::from(step.scale());
        let down = i32::from(total.scale()) + i32::from(scale);
        let divisor = magnitude(sum).mul(magnitude(step));
        let scaled = |w: Option<Wide>, by: i32| {
            let by = u32::try_from(by).unwrap_or(0);
            w.and_then(|w| w.mul_pow10(by)).ok_or(NumError::Overflow)
        };
        Ok(Ratio {
            total: scaled(Some(magnitude(total)), up - down)?,
            divisor: scaled(divisor, down - up)?,
            scale,
        })
    }

    /// Whole steps of a weight's share, and the remainder over the divisor.
    fn steps(&self, weight: Decimal) -> Result<Steps, NumError> {
        let weight = magnitude(weight).mul_pow10(u32::from(self.scale - weight.scale()));
        let numerator = weight.and_then(|w| self.total.mul(w));
        let numerator = numerator.ok_or(NumError::Overflow)?;
        let (whole, rest) = match (numerator.to_u128(), self.divisor.to_u128()) {
            (Some(n), Some(d)) => (Wide::from_u128(n / d), Wide::from_u128(n % d)),
            _ => numerator.div_rem(self.divisor),
        };
        let extra = false;
        Ok(Steps { whole, rest, extra })
    }
}

/// How many steps the whole sum is.
fn steps_of_all(total: Decimal, step: Decimal) -> Result<Wide, NumError> {
    let (n, d) = over(total, step)?;
    Ok(n.div_rem(d).0)
}

/// `total ÷ step` as a fraction of whole numbers.
fn over(total: Decimal, step: Decimal) -> Result<(Wide, Wide), NumError> {
    let up = |d: Decimal, by: u8| {
        let wide = magnitude(d).mul_pow10(u32::from(by));
        wide.ok_or(NumError::Overflow)
    };
    Ok((up(total, step.scale())?, up(step, total.scale())?))
}

/// Is a sum a whole number of steps?
#[must_use]
pub fn is_multiple(total: Decimal, step: Decimal) -> bool {
    let parts = over(total, step).ok().filter(|p| !p.1.is_zero());
    parts.is_some_and(|(n, d)| n.div_rem(d).1.is_zero())
}

fn magnitude(d: Decimal) -> Wide {
    Wide::from_u128(d.mantissa().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).unwrap_or_default()
    }

    fn shares(total: &str, weights: &[&str], step: &str, how: Remainder) -> Vec<String> {
        let weights: Vec<Decimal> = weights.iter().map(|w| d(w)).collect();
        let sum = weights
            .iter()
            .fold(Decimal::ZERO, |a, b| a.add(*b).unwrap_or_default());
        let all = split(d(total), &weights, sum, d(step), how).unwrap_or_default();
        all.iter().map(|s| s.amount.to_string()).collect()
    }

    #[test]
    fn a_hundred_among_three() {
        let three = ["1", "1", "1"];
        let largest = |step| shares("100", &three, step, Remainder::Largest);
        // 100 ÷ 3 = 33.333…: 99.99 are given, the cent left goes to the first.
        assert_eq!(largest("0.01"), ["33.34", "33.33", "33.33"]);
        assert_eq!(largest("1"), ["34", "33", "33"]);
        // 200 halves: 66 each, two left.
        assert_eq!(largest("0.5"), ["33.5", "33.5", "33"]);
        let each = |mode| shares("100", &three, "0.01", Remainder::Each(mode));
        assert_eq!(each(Rounding::HalfUp), ["33.33", "33.33", "33.33"]);
        assert_eq!(each(Rounding::Up), ["33.34", "33.34", "33.34"]);
    }

    #[test]
    fn the_largest_remainder_is_first() {
        // 10 × 1.5/6 = 2.5, 10 × 2/6 = 3.33, 10 × 2.5/6 = 4.17: one left, to the remainder 0.5.
        let one = shares("10", &["1.5", "2", "2.5"], "1", Remainder::Largest);
        assert_eq!(one, ["3", "3", "4"]);
        // 0 has no share, and no step that is left over.
        let none = shares("1", &["0", "1", "1"], "1", Remainder::Largest);
        assert_eq!(none, ["0", "1", "0"]);
        let alone = shares("7", &["0.001"], "1", Remainder::Largest);
        assert_eq!(alone, ["7"]);
    }

    #[test]
    fn halves_are_rounded_as_said() {
        // 5 × 1/2 = 2.5 each.
        let each = |mode| shares("5", &["1", "1"], "1", Remainder::Each(mode));
        assert_eq!(each(Rounding::HalfUp), ["3", "3"]);
        assert_eq!(each(Rounding::HalfEven), ["2", "2"]);
        assert_eq!(each(Rounding::Down), ["2", "2"]);
    }

    #[test]
    fn numbers_at_the_limits() {
        let big = "170141183460469231731687303715884105727";
        let tiny = "0.000000000000000000000000000000000001";
        assert_eq!(shares(big, &[tiny], "1", Remainder::Largest), [big]);
        assert_eq!(shares(big, &[big], "1", Remainder::Largest), [big]);
        assert_eq!(
            shares(
                "50000000000000000000000000000000000000",
                &[tiny, tiny],
                tiny,
                Remainder::Largest
            ),
            ["25000000000000000000000000000000000000"; 2]
        );
        let up = split(
            d(big),
            &[d("1")],
            d("1"),
            d("2"),
            Remainder::Each(Rounding::Up),
        );
        assert_eq!(up, Err(NumError::Overflow));
    }

    #[test]
    fn multiples() {
        assert!(is_multiple(d("10000"), d("0.01")));
        assert!(is_multiple(d("0"), d("0.5")));
        assert!(!is_multiple(d("10.25"), d("0.5")));
        assert!(!is_multiple(d("1"), d("0")));
    }
}
