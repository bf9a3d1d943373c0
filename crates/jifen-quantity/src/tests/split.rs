//! Sums split by random weights, many of them at the limits, against big rationals.

use super::properties::{ALL, Random, cases, exact, held, rounded};
use crate::{Decimal, Remainder, is_multiple, split};
use num_rational::BigRational;

/// Not below 0; often small, often the same as another.
fn weight(random: &mut Random) -> Decimal {
    match random.below(4) {
        0 => random.decimal().checked_abs().unwrap_or(Decimal::ONE),
        1 => Decimal::new(i128::from(random.below(1000)), 2).unwrap(),
        _ => Decimal::from_int(random.below(5) as i64),
    }
}

/// A case: total, weights, their sum, step.
fn case(random: &mut Random) -> Option<(Decimal, Vec<Decimal>, Decimal, Decimal)> {
    let count = 1 + random.below(7);
    let weights: Vec<Decimal> = (0..count).map(|_| weight(random)).collect();
    let sum = weights
        .iter()
        .try_fold(Decimal::ZERO, |a, w| a.add(*w))
        .ok()?;
    let step = match random.below(4) {
        0 => weight(random),
        1 => Decimal::new(5, 1).unwrap(),
        _ => Decimal::new(1, random.below(4) as u8).unwrap(),
    };
    let total = match random.below(3) {
        0 => weight(random),
        _ => step
            .mul(Decimal::from_int(random.below(100_000) as i64))
            .ok()?,
    };
    (sum.is_positive() && step.is_positive()).then_some((total, weights, sum, step))
}

fn share(total: Decimal, weight: Decimal, sum: Decimal) -> BigRational {
    exact(total) * exact(weight) / exact(sum)
}

/// The largest remainder gives out the sum exactly; no share is a step or more off; nobody with less weight gets more than
/// a step beyond; what is left over goes to remainders that are not smaller than those that get nothing.
#[test]
fn the_largest_remainder_conserves() {
    let (mut random, mut seen, mut left) = (Random(33), 0_u64, 0_u64);
    for _ in 0..cases() * 4 {
        let Some((total, weights, sum, step)) = case(&mut random) else {
            continue;
        };
        if !is_multiple(total, step) {
            continue;
        }
        let Ok(shares) = split(total, &weights, sum, step, Remainder::Largest) else {
            continue;
        };
        seen += 1;
        let all: BigRational = shares.iter().map(|s| exact(s.amount)).sum();
        assert_eq!(all, exact(total), "{total} by {weights:?} to {step}");
        let mut rests = [Vec::new(), Vec::new()];
        for (s, w) in shares.iter().zip(&weights) {
            let (amount, whole) = (exact(s.amount), share(total, *w, sum));
            let off = if amount > whole {
                &amount - &whole
            } else {
                &whole - &amount
            };
            assert!(off < exact(step), "{total} by {weights:?} to {step}");
            assert!((amount / exact(step)).is_integer());
            let steps = &whole / exact(step);
            rests[usize::from(s.extra)].push(&steps - steps.floor());
            assert!(!s.extra || !w.is_zero(), "0 gets nothing of what is left");
        }
        left += u64::from(!rests[1].is_empty());
        if let (Some(most), Some(least)) = (rests[0].iter().max(), rests[1].iter().min()) {
            assert!(most <= least, "{total} by {weights:?} to {step}");
        }
    }
    assert!(seen > cases() && left > cases() / 4, "{seen} {left}");
}

#[test]
fn each_share_by_itself_is_rounded_once() {
    let mut random = Random(34);
    for _ in 0..cases() {
        let Some((total, weights, sum, step)) = case(&mut random) else {
            continue;
        };
        for mode in ALL {
            let got = split(total, &weights, sum, step, Remainder::Each(mode));
            let wanted = weights.iter().map(|w| {
                let steps = rounded(&(share(total, *w, sum) / exact(step)), mode);
                held(&(BigRational::from(steps) * exact(step)))
            });
            let wanted: Result<Vec<BigRational>, _> = wanted.collect();
            let got = got.map(|all| all.iter().map(|s| exact(s.amount)).collect::<Vec<_>>());
            assert_eq!(got, wanted, "{total} by {weights:?} to {step} {mode:?}");
        }
    }
}
