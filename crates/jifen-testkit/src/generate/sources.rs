//! What measures and standings read of accounts: all of it, or only what some items awarded (来自).

use jifen_plan::{Expr, ExprId, PointsOf, PointsRead, Source};
use jifen_quantity::Dim;

use super::lower::{Lowering, ix};
use super::make::Maker;
use super::tree::{Category, E};
use crate::rng::Rng;

impl Maker<'_> {
    /// 获得, 余额 or 累计 of some currency.
    pub(super) fn account_then(&self, rng: &mut Rng) -> E {
        let all = [
            PointsOf::Earned,
            PointsOf::Earned,
            PointsOf::Balance,
            PointsOf::Awarded,
            PointsOf::EarnedThisYear,
        ];
        let of = rng.pick(&all).unwrap_or(PointsOf::Earned);
        let c = rng.below(self.currencies.len().max(1));
        let name = self.currencies.get(c).map_or("", |c| c.name);
        let wanted = matches!(of, PointsOf::Earned | PointsOf::EarnedThisYear);
        let mut from = Vec::new();
        if wanted && rng.chance(50) {
            for _ in 0..1 + rng.below(3) {
                from.extend(rng.pick(&self.sources).filter(|s| !from.contains(s)));
            }
        }
        E::Points(of, c, name, from)
    }

    /// What 来自 can name: the items and categories of the version.
    pub(super) fn add_sources(&mut self, categories: &[Category]) {
        for c in categories {
            self.sources.push((true, c.name.clone()));
            let items = c.items.iter().map(|i| (false, i.name.clone()));
            self.sources.extend(items);
            self.add_sources(&c.inner);
        }
    }
}

impl Lowering<'_> {
    /// 获得(币) and its like.
    pub(super) fn points_then(
        &mut self,
        of: PointsOf,
        c: usize,
        from: &[(bool, String)],
    ) -> (ExprId, Dim) {
        let currency = jifen_plan::CurrencyIx(ix(c));
        let source = |(category, name): &(bool, String)| match category {
            true => Source::Category(name.clone()),
            false => Source::Item(name.clone()),
        };
        let from = from.iter().map(source).collect();
        self.add(Expr::Points(PointsRead { currency, of, from }), Dim::POINTS)
    }
}
