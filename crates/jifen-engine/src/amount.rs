//! How several multipliers on one value combine, and what a cap lets through; arithmetic only, no state.

use jifen_plan::{CapMode, Stacking};
use jifen_quantity::{Decimal, NumError};

/// S10: the combined factor of those that hold; none: 1.
pub(crate) fn combine(
    stacking: Stacking,
    factors: impl Iterator<Item = Decimal>,
) -> Result<Decimal, NumError> {
    let mut out: Option<Decimal> = None;
    for f in factors {
        out = Some(match (stacking, out) {
            (Stacking::SumOfExtras, None) => Decimal::ONE.add(f.sub(Decimal::ONE)?)?,
            (_, None) => f,
            (Stacking::Product, Some(o)) => o.mul(f)?,
            (Stacking::Best, Some(o)) => o.max(f),
            (Stacking::Lowest, Some(o)) => o.min(f),
            (Stacking::SumOfExtras, Some(o)) => o.add(f.sub(Decimal::ONE)?)?,
        });
    }
    Ok(out.unwrap_or(Decimal::ONE))
}

/// S15: what passes of `x` > 0.
pub(crate) fn passes(
    mode: CapMode,
    times: bool,
    x: Decimal,
    limit: Decimal,
    used: Decimal,
) -> Result<Decimal, NumError> {
    let room = limit.sub(used)?;
    let whole = match (mode, times) {
        (CapMode::LastThrough, _) => room.is_positive(),
        (_, true) => room >= Decimal::ONE,
        (CapMode::Whole, false) => x <= room,
        (CapMode::Clip, false) => return Ok(x.min(room.max(Decimal::ZERO))),
    };
    Ok(if whole { x } else { Decimal::ZERO })
}
