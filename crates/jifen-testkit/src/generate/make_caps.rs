//! Random caps: of an item, and shared by a category or the whole policy.

use jifen_calendar::Period;
use jifen_plan::CapMode;

use super::make::Maker;
use super::taste::Fond;
use super::tree::*;
use super::value::{Scope, line_condition, quantity_limit};
use crate::rng::Rng;

const PERIODS: [Period; 6] = [
    Period::Day,
    Period::Week,
    Period::Month,
    Period::Quarter,
    Period::HalfYear,
    Period::Year,
];
impl Maker<'_> {
    /// A cap of the item, if none of its window and keys stands there yet.
    pub(super) fn own_cap(
        &mut self,
        rng: &mut Rng,
        scope: &Scope,
        seen: &mut Vec<W>,
    ) -> Option<Line> {
        let keys: &[&str] = match scope.shape {
            Some(Shape::Event) => &["场次", "等次", "伙伴"],
            Some(Shape::Span) => &["片区"],
            _ => &[],
        };
        let key = if self.taste.chance(rng, Fond::Keys, 80, 25) {
            rng.pick(keys)
        } else {
            None
        };
        let window = match (key, rng.below(4)) {
            (Some(_), 0) => W::Unwritten,
            _ => self.window(rng),
        };
        if seen.contains(&window) {
            return None;
        }
        seen.push(window);
        let mut cap = self.cap(rng, window, key);
        if self.taste.chance(rng, Fond::CapWhen, 60, 5) {
            cap.when = Some(line_condition(rng, scope));
        }
        let group = !cap.everyone && !matches!(window, W::Occasion | W::OwnYear);
        if group && self.taste.chance(rng, Fond::Groups, 50, 4) {
            cap.group = Some(rng.word(&["家庭", "社区"]));
        }
        Some(Line::Cap(cap))
    }

    pub(super) fn window(&mut self, rng: &mut Rng) -> W {
        if self.taste.chance(rng, Fond::Occasion, 40, 0) {
            return W::Occasion;
        }
        let most = if self.taste.plain() { 20 } else { 13 };
        match rng.below(most) {
            0..=3 if self.taste.plain() => W::Lifetime,
            4..=9 if self.taste.plain() => W::Civil(Period::Day),
            0 => W::Occasion,
            1 => W::Days(u32::try_from(rng.range(2, 40)).unwrap_or(7)),
            2 => W::Weeks(u32::try_from(rng.range(1, 5)).unwrap_or(2)),
            3 => W::Months(u32::try_from(rng.range(1, 6)).unwrap_or(2)),
            4 => W::Lifetime,
            5 => rng
                .pick(&[(2, 29), (2, 28), (3, 1), (4, 15), (7, 1), (12, 31)])
                .map_or(W::Lifetime, |(m, d)| W::YearOn(m, d)),
            6 => W::OwnYear,
            _ => W::Civil(rng.pick(&PERIODS).unwrap_or(Period::Day)),
        }
    }

    pub(super) fn cap(&mut self, rng: &mut Rng, window: W, key: Option<&'static str>) -> Cap {
        let times = window != W::Occasion && rng.chance(30);
        let limit = if times {
            E::Lit(rng.word(&["1", "2", "3", "5"]).into(), U::Times)
        } else if self.taste.plain() {
            E::Lit(rng.word(&["5", "10", "15", "20", "30"]).into(), U::Points)
        } else {
            quantity_limit(rng)
        };
        let modes = if self.taste.has(Fond::Modes) { 2 } else { 5 };
        let mode = match rng.below(modes) {
            0 => CapMode::Whole,
            1 => CapMode::LastThrough,
            _ => CapMode::Clip,
        };
        // What just fits is let through: awards and limits of one size.
        let limit = match mode {
            CapMode::Whole if !times && rng.chance(50) => {
                E::Lit(rng.word(&["5", "10", "20", "2"]).into(), U::Points)
            }
            _ => limit,
        };
        Cap {
            everyone: !matches!(window, W::Occasion | W::Unwritten | W::OwnYear)
                && self.taste.chance(rng, Fond::Groups, 30, 10),
            group: None,
            key: key.filter(|_| window != W::Occasion),
            window,
            limit,
            times,
            mode,
            net: false,
            charge_final: None,
            of: None,
            exempt: None,
            when: None,
        }
    }

    /// A cap of a category or of the policy.
    pub(super) fn shared_cap(&mut self, rng: &mut Rng, items: &[Item]) -> Cap {
        let window = match self.window(rng) {
            W::Occasion => W::Civil(Period::Month),
            w => w,
        };
        let mut cap = self.cap(rng, window, None);
        let alone = cap.everyone || cap.window == W::OwnYear;
        if !alone && self.taste.chance(rng, Fond::Groups, 60, 25) {
            cap.group = Some(rng.word(&["家庭", "社区"]));
        }
        cap.net = !cap.times && self.taste.chance(rng, Fond::Net, 90, 20);
        cap.charge_final = rng.chance(30).then(|| rng.chance(50));
        if items.len() > 1 && self.taste.chance(rng, Fond::Exempt, 90, 25) {
            let name = items.get(rng.below(items.len())).map(|i| i.name.clone());
            let counted = self.taste.chance(rng, Fond::Exempt, 85, 50);
            cap.exempt = name.map(|n| (n, counted));
        }
        if self.taste.chance(rng, Fond::CapWhen, 40, 4) {
            // Known always: whether a cap that a penalty stands outside of is looked at at all must not show.
            let months = E::Lit(rng.word(&["2", "3", "4"]).into(), U::Pure);
            cap.when = Some(C::Cmp(jifen_plan::Cmp::Ge, E::Part("月份"), months));
        }
        cap
    }
}
