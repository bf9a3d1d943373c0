//! Random spends: requests in full or in part, and what has been given already.

use jifen_plan::{CapMode, Spend};

use super::make::Maker;
use super::taste::Fond;
use super::tree::*;
use super::value::{Scope, condition, points};
use crate::rng::Rng;

impl Maker<'_> {
    /// The spends of a version.
    pub(super) fn spends(&mut self, rng: &mut Rng) -> Vec<Item> {
        if !self.taste.chance(rng, Fond::Spends, 95, 10) {
            return Vec::new();
        }
        (0..1 + rng.below(2)).map(|_| self.a_spend(rng)).collect()
    }

    fn a_spend(&mut self, rng: &mut Rng) -> Item {
        let name = self.name("支");
        let (kind, shape) = rng
            .pick(&[(0, Shape::Event), (4, Shape::Span)])
            .unwrap_or((0, Shape::Event));
        let scope = Scope {
            clock: self.clock,
            ..Scope::of(shape, self.taste)
        };
        let when = rng.chance(30).then(|| condition(rng, &scope, 0));
        let modes = [Spend::AllOrNothing, Spend::Partial, Spend::Honoured];
        let mode = rng.pick(&modes).unwrap_or(Spend::Partial);
        let asked = match rng.chance(60) {
            true => E::Lit(rng.word(&["1", "5", "10", "30", "2.5"]).into(), U::Points),
            false => points(rng, &scope, 1),
        };
        let mut lines = vec![Line::Award(asked, None)];
        let mut seen = Vec::new();
        if mode != Spend::Honoured && rng.chance(45) {
            let own = self.own_cap(rng, &scope, &mut seen);
            if let Some(Line::Cap(mut cap)) = own {
                cap.net = false;
                cap.charge_final = (cap.window != W::Occasion).then_some(true);
                if mode == Spend::AllOrNothing && cap.mode == CapMode::Clip {
                    cap.mode = CapMode::Whole;
                }
                lines.push(Line::Cap(cap));
            }
        }
        let currency = rng.below(self.currencies.len().max(1));
        Item {
            name,
            on: On::Kind(kind, when),
            requires: Vec::new(),
            lines,
            precision: None,
            spend: Some((mode, currency)),
            passes: Vec::new(),
        }
    }
}
