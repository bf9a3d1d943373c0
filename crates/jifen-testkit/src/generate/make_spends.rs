//! Random spends: requests in full or in part, and what has been given already; transfers between residents.

use jifen_plan::{CapMode, Cmp, Spend};

use super::make::Maker;
use super::taste::Fond;
use super::tree::*;
use super::value::{Scope, condition, points};
use crate::rng::Rng;

impl Maker<'_> {
    /// The spends of a version.
    pub(super) fn spends(&mut self, rng: &mut Rng) -> Vec<Item> {
        let mut out = Vec::new();
        let plain = self.taste.plain() && rng.chance(50);
        if plain || self.taste.chance(rng, Fond::Spends, 95, 10) {
            out.extend((0..1 + rng.below(2)).map(|_| self.a_spend(rng)));
        }
        if self.taste.chance(rng, Fond::Transfers, 100, 10) {
            out.extend((0..1 + rng.below(3)).map(|_| self.a_transfer(rng)));
        }
        out
    }

    /// A spend whose points somebody receives.
    fn a_transfer(&mut self, rng: &mut Rng) -> Item {
        let mut item = self.a_spend(rng);
        let event = matches!(item.on, On::Kind(0, _));
        item.name = self.name("赠");
        item.worth = None;
        item.spend = item.spend.map(|(mode, c)| match mode {
            Spend::Honoured => (Spend::AllOrNothing, c),
            other => (other, c),
        });
        item.give = Some(Give {
            to: match event && rng.chance(70) {
                true => "伙伴",
                false => "联络",
            },
            keeps: rng.chance(60),
            earns: rng.chance(50),
            uses: rng.chance(50),
        });
        item
    }

    /// Stock: the limit counts a field of the record.
    fn of_pieces(&self, rng: &mut Rng, cap: &mut Cap) {
        let (field, unit, limits) = match rng.chance(50) {
            true => ("时数", U::Hours, ["1", "2.5", "8"]),
            false => ("金额", U::Yuan, ["50", "100", "400"]),
        };
        cap.of = Some(field);
        cap.times = false;
        cap.limit = E::Lit(rng.word(&limits).into(), unit);
    }

    /// 余额 or 累计 of some currency; where there is one, sometimes without its name.
    fn account(&self, rng: &mut Rng, balance: bool) -> E {
        let c = rng.below(self.currencies.len().max(1));
        let alone = self.currencies.len() == 1 && rng.chance(40);
        let name = self.currencies.get(c).filter(|_| !alone);
        E::Account(balance, c, name.map_or("", |c| c.name))
    }

    /// A share of it.
    fn share(&self, rng: &mut Rng, balance: bool) -> E {
        let share = rng.word(&["30", "50", "12.5", "100", "150"]);
        let share = E::Lit(share.into(), U::Percent);
        E::Bin('×', Box::new(share), Box::new(self.account(rng, balance)))
    }

    /// An amount that looks at the account.
    fn of_account(&self, rng: &mut Rng, asked: E) -> E {
        let read = rng.chance(75);
        let share = Box::new(self.share(rng, read));
        match rng.below(4) {
            0 => *share,
            1 => E::Clamp(Some(share), None, Box::new(asked)),
            _ => E::Clamp(None, Some(share), Box::new(asked)),
        }
    }

    /// A condition on it.
    fn asks_account(&self, rng: &mut Rng) -> C {
        let (read, cmp) = (rng.chance(60), [Cmp::Ge, Cmp::Gt, Cmp::Le, Cmp::Lt]);
        let than = rng.word(&["0", "1", "5", "20", "40"]);
        let cmp = rng.pick(&cmp).unwrap_or(Cmp::Ge);
        let (account, than) = (self.account(rng, read), E::Lit(than.into(), U::Points));
        C::Cmp(cmp, account, than)
    }

    fn a_spend(&mut self, rng: &mut Rng) -> Item {
        let name = self.name("支");
        let (kind, shape) = rng
            .pick(&[(0, Shape::Event), (0, Shape::Event), (4, Shape::Span)])
            .unwrap_or((0, Shape::Event));
        let scope = Scope {
            clock: self.clock,
            ..Scope::of(shape, self.taste)
        };
        let when = rng.chance(30).then(|| condition(rng, &scope, 0));
        let modes = [
            Spend::AllOrNothing,
            Spend::AllOrNothing,
            Spend::Partial,
            Spend::Honoured,
        ];
        let mode = rng.pick(&modes).unwrap_or(Spend::Partial);
        let asked = match rng.chance(60) {
            true => E::Lit(rng.word(&["1", "5", "10", "30", "2.5"]).into(), U::Points),
            false => points(rng, &scope, 1),
        };
        let fond = self.taste.chance(rng, Fond::Accounts, 90, 15);
        let asked = match fond && rng.chance(60) {
            true => self.of_account(rng, asked),
            false => asked,
        };
        let mut requires = Vec::new();
        if fond && rng.chance(50) {
            requires.push((self.asks_account(rng), None));
        }
        let mut lines = vec![Line::Award(asked, None)];
        let mut seen = Vec::new();
        if mode != Spend::Honoured && rng.chance(if fond { 75 } else { 45 }) {
            let own = self.own_cap(rng, &scope, &mut seen);
            if let Some(Line::Cap(mut cap)) = own {
                if fond && !cap.times && rng.chance(60) {
                    let read = cap.window == W::Occasion && rng.chance(75);
                    cap.limit = self.share(rng, read);
                }
                cap.net = false;
                cap.charge_final = (cap.window != W::Occasion).then_some(true);
                let stock = kind == 0 && mode == Spend::AllOrNothing;
                if stock && cap.window != W::Occasion && rng.chance(if fond { 80 } else { 55 }) {
                    self.of_pieces(rng, &mut cap);
                }
                if mode == Spend::AllOrNothing && cap.mode == CapMode::Clip {
                    cap.mode = CapMode::Whole;
                }
                lines.push(Line::Cap(cap));
            }
        }
        let worth = !self.taste.plain() && rng.chance(if fond { 50 } else { 15 });
        let worth = worth.then(|| a_worth(rng, shape));
        let currency = rng.below(self.currencies.len().max(1));
        Item {
            name,
            on: On::Kind(kind, when),
            joins: Vec::new(),
            requires,
            lines,
            precision: None,
            spend: Some((mode, currency)),
            give: None,
            worth,
            passes: Vec::new(),
        }
    }
}

/// What an award or a spend costs in yuan.
pub(super) fn a_worth(rng: &mut Rng, shape: Shape) -> (E, Option<&'static str>) {
    let event = shape == Shape::Event;
    let yuan = E::Lit(rng.word(&["10", "2.5", "0.3"]).into(), U::Yuan);
    let each = E::Lit(rng.word(&["0.1", "0.015", "3"]).into(), U::YuanPerPoint);
    let value = match rng.below(4) {
        0 | 1 if event => E::Bin('+', Box::new(yuan), Box::new(E::Field("金额"))),
        0 => yuan,
        _ => E::Bin('×', Box::new(each), Box::new(E::Running)),
    };
    let by = match event {
        true => ["场次", "等次", "伙伴"].as_slice(),
        false => ["片区"].as_slice(),
    };
    (value, rng.chance(60).then(|| rng.word(by)))
}
