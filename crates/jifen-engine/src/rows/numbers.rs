//! Arithmetic on columns of numbers: checked mantissas while they fit, exact decimals otherwise, with equal results.

use jifen_plan::Precision;
use jifen_quantity::{Decimal, NumError, Rounding};

use super::column::{Bad, Nums, mark, pow10};

/// Reasons of rows that failed.
pub(super) type Bads = Option<Vec<Bad>>;

/// Digits that a quotient may need beyond its operands and still stay narrow.
const EXTRA: u8 = 4;
/// Mantissas at higher scales hardly fit: go wide at once.
const MAX_NARROW: u8 = 15;

/// Operations on two columns.
#[derive(Clone, Copy, Debug)]
pub(super) enum Op {
    Add,
    Sub,
    Mul,
    Div,
    IntDiv,
    /// × ÷ by a constant.
    MulDiv(Decimal),
}

/// Applies an operation row by row.
pub(super) fn binary(op: Op, a: &Nums, b: &Nums, skip: Option<&[Bad]>) -> (Nums, Bads) {
    if let Some(narrow) = narrow(op, a, b) {
        return (narrow, None);
    }
    let n = a.len();
    let mut bad = None;
    let mut out = Vec::with_capacity(n);
    for i in 0..n {
        let skipped = skip.is_some_and(|s| s.get(i).is_some_and(|b| b.is_some()));
        let result = if skipped {
            Ok(Decimal::ZERO)
        } else {
            exact(op, a.get(i), b.get(i))
        };
        out.push(result.unwrap_or_else(|e| {
            mark(&mut bad, n, i, Bad::of_number(e));
            Decimal::ZERO
        }));
    }
    (Nums::Wide(out), bad)
}

fn exact(op: Op, a: Decimal, b: Decimal) -> Result<Decimal, NumError> {
    match op {
        Op::Add => a.add(b),
        Op::Sub => a.sub(b),
        Op::Mul => a.mul(b),
        Op::Div => a.div(b),
        Op::IntDiv => a.div_floor(b),
        Op::MulDiv(c) => Decimal::mul_div(a, b, c),
    }
}

fn narrow(op: Op, a: &Nums, b: &Nums) -> Option<Nums> {
    let (Nums::Narrow(sa, va), Nums::Narrow(sb, vb)) = (a, b) else {
        return None;
    };
    match op {
        Op::Add | Op::Sub | Op::IntDiv => {
            let scale = (*sa).max(*sb);
            let (ua, ub) = (pow10(scale - sa)?, pow10(scale - sb)?);
            let one = |(x, y): (&i64, &i64)| {
                let (x, y) = (x.checked_mul(ua)?, y.checked_mul(ub)?);
                match op {
                    Op::Add => x.checked_add(y),
                    Op::Sub => x.checked_sub(y),
                    _ if y > 0 => Some(x.div_euclid(y)),
                    _ => None,
                }
            };
            let scale = if matches!(op, Op::IntDiv) { 0 } else { scale };
            Some(Nums::Narrow(
                scale,
                va.iter().zip(vb).map(one).collect::<Option<_>>()?,
            ))
        }
        Op::Mul => {
            let scale = sa + sb;
            let product = va.iter().zip(vb).map(|(x, y)| x.checked_mul(*y));
            let product = (scale <= MAX_NARROW).then(|| product.collect::<Option<_>>())??;
            Some(Nums::Narrow(scale, product))
        }
        Op::MulDiv(c) => {
            let divisor = i64::try_from(c.mantissa()).ok().filter(|d| *d > 0)?;
            let scale = (sa + sb + EXTRA)
                .checked_sub(c.scale())
                .filter(|s| *s <= MAX_NARROW)?;
            let unit = pow10(EXTRA)?;
            let one = |(x, y): (&i64, &i64)| {
                let product = x.checked_mul(*y)?.checked_mul(unit)?;
                (product % divisor == 0).then(|| product / divisor)
            };
            Some(Nums::Narrow(
                scale,
                va.iter().zip(vb).map(one).collect::<Option<_>>()?,
            ))
        }
        Op::Div => None,
    }
}

/// Which side a bound stands on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Side {
    /// Not less than the bound.
    Low,
    /// Not more.
    High,
}

/// Each value, or its bound where it passes that.
pub(super) fn bounded(side: Side, a: &Nums, bound: &Nums) -> Nums {
    if let (Nums::Narrow(sa, _), Nums::Narrow(sb, _)) = (a, bound) {
        let scale = (*sa).max(*sb);
        if let (Some(x), Some(y)) = (a.at_scale(scale), bound.at_scale(scale)) {
            let pairs = x.into_iter().zip(y);
            let one = |(x, y): (i64, i64)| match side {
                Side::Low => x.max(y),
                Side::High => x.min(y),
            };
            return Nums::Narrow(scale, pairs.map(one).collect());
        }
    }
    let one = |i: usize| match side {
        Side::Low => a.get(i).max(bound.get(i)),
        Side::High => a.get(i).min(bound.get(i)),
    };
    Nums::Wide((0..a.len()).map(one).collect())
}

/// −a.
pub(super) fn negate(a: &Nums) -> (Nums, Bads) {
    let zero = Nums::Narrow(0, vec![0; a.len()]);
    binary(Op::Sub, &zero, a, None)
}

/// Rounds to a multiple.
pub(super) fn round(a: &Nums, p: Precision) -> (Nums, Bads) {
    if let Some(narrow) = round_narrow(a, p) {
        return (narrow, None);
    }
    let n = a.len();
    let mut bad = None;
    let mut out = Vec::with_capacity(n);
    for i in 0..n {
        out.push(a.get(i).round_to(p.step, p.mode).unwrap_or_else(|e| {
            mark(&mut bad, n, i, Bad::of_number(e));
            Decimal::ZERO
        }));
    }
    let narrow = Nums::Wide(out);
    match narrow.at_scale(p.step.scale()) {
        Some(v) if bad.is_none() => (Nums::Narrow(p.step.scale(), v), None),
        _ => (narrow, bad),
    }
}

fn round_narrow(a: &Nums, p: Precision) -> Option<Nums> {
    let Nums::Narrow(scale, values) = a else {
        return None;
    };
    let step = i64::try_from(p.step.mantissa()).ok().filter(|s| *s > 0)?;
    let (up, down) = (
        pow10(p.step.scale().saturating_sub(*scale))?,
        pow10(scale.saturating_sub(p.step.scale()))?,
    );
    let unit = step.checked_mul(down)?;
    let one = |v: &i64| round_one(v.checked_mul(up)?, unit, p.mode).checked_mul(step);
    Some(Nums::Narrow(
        p.step.scale(),
        values.iter().map(one).collect::<Option<_>>()?,
    ))
}

/// How many units, by magnitude, as [`Decimal::round_to`] does.
fn round_one(v: i64, unit: i64, mode: Rounding) -> i64 {
    let (q, r) = (v / unit, (v % unit).unsigned_abs());
    if r == 0 {
        return q;
    }
    let half = r.cmp(&(unit.unsigned_abs() - r));
    let away = match mode {
        Rounding::Down => false,
        Rounding::Up => true,
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfEven => half.is_gt() || (half.is_eq() && q % 2 != 0),
    };
    q + if away { v.signum() } else { 0 }
}

/// Puts branches back together: `parts` are (places, values), disjoint.
pub(super) fn assemble(n: usize, parts: &[(Vec<u32>, Nums)]) -> Nums {
    let mut scale = Some(0_u8);
    for (places, nums) in parts {
        if places.is_empty() {
            continue;
        }
        scale = match (scale, nums) {
            (Some(s), Nums::Narrow(x, _)) => Some(s.max(*x)),
            _ => None,
        };
    }
    if let Some(out) = scale.and_then(|s| assemble_narrow(n, s, parts)) {
        return out;
    }
    let mut out = vec![Decimal::ZERO; n];
    for (places, nums) in parts {
        for (k, place) in places.iter().enumerate() {
            if let Some(slot) = out.get_mut(*place as usize) {
                *slot = nums.get(k);
            }
        }
    }
    Nums::Wide(out)
}

fn assemble_narrow(n: usize, scale: u8, parts: &[(Vec<u32>, Nums)]) -> Option<Nums> {
    let mut out = vec![0_i64; n];
    for (places, nums) in parts.iter().filter(|p| !p.0.is_empty()) {
        let values = nums.at_scale(scale)?;
        for (place, v) in places.iter().zip(values) {
            *out.get_mut(*place as usize)? = v;
        }
    }
    Some(Nums::Narrow(scale, out))
}
