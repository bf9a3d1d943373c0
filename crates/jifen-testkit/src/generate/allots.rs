//! Random allotments, their text, and their second lowering: weights that often tie, sums that do not divide.

use std::fmt::Write;

use jifen_calendar::Period;
use jifen_plan::{
    AggregateOf, Allot, CurrencyIx, Hold, Item as PlanItem, Require, RosterIx, Trigger, VersionIx,
};
use jifen_quantity::{Dim, Remainder, Rounding, is_multiple};

use super::aggregate::{Around, Own, measured};
use super::lower::{Lowering, ix, number};
use super::make::Maker;
use super::text::{cond, period, rounding, value};
use super::tree::*;
use super::value::Scope;
use crate::rng::Rng;

/// 分配
#[derive(Clone, Debug)]
pub struct AllotItem {
    /// Name.
    pub name: String,
    /// Its period.
    pub unit: Period,
    /// 条件
    pub requires: Vec<(C, Option<Hold>)>,
    /// 总额, and whether it is in yuan.
    pub total: E,
    /// In yuan.
    pub yuan: bool,
    /// 按; `None`: 均分.
    pub weight: Option<E>,
    /// 到
    pub step: &'static str,
    /// 余数
    pub remainder: Remainder,
    /// 计入
    pub currency: usize,
}

impl AllotItem {
    fn unit(&self) -> U {
        if self.yuan { U::Yuan } else { U::Points }
    }
}

impl Maker<'_> {
    /// The allotments of a version; caps of the policy and campaigns leave no place for points.
    pub(super) fn allots(&mut self, rng: &mut Rng, free: bool) -> Vec<AllotItem> {
        let fond = self.taste.has(super::taste::Fond::Aggregates);
        if self.taste.plain() || !rng.chance(if fond { 40 } else { 14 }) {
            return Vec::new();
        }
        (0..1 + rng.below(2))
            .map(|_| self.an_allot(rng, free))
            .collect()
    }

    fn an_allot(&mut self, rng: &mut Rng, free: bool) -> AllotItem {
        let yuan = !free || rng.chance(45);
        let currency = rng.below(self.currencies.len().max(1));
        let kept = self.currencies.get(currency).and_then(|c| c.precision);
        let unit = if yuan { U::Yuan } else { U::Points };
        let fits = |step: &&&str| {
            let kept = kept.filter(|_| !yuan).map(|k| number(k.0, U::Points));
            kept.is_none_or(|k| is_multiple(number(step, unit), k))
        };
        let steps = ["0.01", "1", "0.5", "5", "0.1", "10", "0.25", "1"];
        let steps: Vec<&'static str> = steps.iter().filter(fits).copied().collect();
        let step = rng.pick(&steps).unwrap_or("5");
        let modes = [
            Rounding::HalfUp,
            Rounding::Up,
            Rounding::Down,
            Rounding::HalfEven,
        ];
        let each = Remainder::Each(rng.pick(&modes).unwrap_or(Rounding::Down));
        let total = total(rng, unit);
        let whole = match &total {
            E::Lit(digits, _) => is_multiple(number(digits, unit), number(step, unit)),
            // All values of the parameter are multiples of these.
            E::Param(_) => ["0.01", "0.1", "0.25", "0.5"].contains(&step),
            _ => true,
        };
        let remainder = if whole && rng.chance(75) {
            Remainder::Largest
        } else {
            each
        };
        let units = [Period::Week, Period::Month, Period::Month, Period::Quarter];
        AllotItem {
            name: self.name("分"),
            unit: rng.pick(&units).unwrap_or(Period::Month),
            requires: self.takes_part(rng),
            total,
            yuan,
            weight: rng
                .chance(if yuan { 80 } else { 60 })
                .then(|| self.weight(rng, yuan)),
            step,
            remainder,
            currency,
        }
    }

    fn takes_part(&self, rng: &mut Rng) -> Vec<(C, Option<Hold>)> {
        let mut out = Vec::new();
        if rng.chance(25) {
            let c = C::OneOf(E::Attr("角色"), vec!["楼道长", "代表"]);
            let holds = [Hold::Whole, Hold::FirstDay, Hold::AnyDay];
            out.push((c, rng.pick(&holds)));
        }
        if rng.chance(30)
            && let Some((e, u, pool)) = self.of_facts(rng)
        {
            let than = E::Lit(rng.word(pool).into(), u);
            let cmp = rng.pick(&[jifen_plan::Cmp::Ge, jifen_plan::Cmp::Lt]);
            out.push((C::Cmp(cmp.unwrap_or(jifen_plan::Cmp::Ge), e, than), None));
        }
        out
    }

    /// An aggregate, whatever the policy is fond of.
    fn of_facts(&self, rng: &mut Rng) -> Option<super::aggregate::Measured> {
        let around = Around {
            own: Own::None,
            opens: None,
            clock: self.clock,
        };
        let scope = Scope {
            around: Some(around),
            ..Scope::nothing(self.taste)
        };
        // Means and shares of nothing have no value, and one such weight leaves all without a share.
        let sums = rng.chance(80);
        (0..90).find_map(|_| {
            let found = measured(rng, &scope)?;
            let plain = matches!(&found.0, E::Aggregate(a)
                if matches!(a.what, AggregateOf::Count | AggregateOf::Distinct | AggregateOf::Sum));
            (plain || !sums).then_some(found)
        })
    }

    fn weight(&self, rng: &mut Rng, yuan: bool) -> E {
        let bin = |op, a, b| E::Bin(op, Box::new(a), Box::new(b));
        if rng.chance(12) {
            return E::Attr("系数");
        }
        // What falls due as the period ends shows in balances alone.
        let lapses = self.currencies.first().is_some_and(|c| !c.lives.is_empty());
        if yuan && rng.chance(if lapses { 80 } else { 45 }) {
            let c = self.currencies.first().map_or("", |c| c.name);
            return E::Account(rng.chance(60), 0, c);
        }
        let Some((e, u, pool)) = self.of_facts(rng) else {
            return E::Attr("系数");
        };
        let than = E::Lit(rng.word(pool).into(), u);
        match rng.below(12) {
            0 => bin('-', e, than),
            1..=6 => bin('+', e, than),
            7 => E::Clamp(None, Some(Box::new(than)), Box::new(e)),
            _ => e,
        }
    }
}

/// Of a later version.
pub(super) fn mutate(rng: &mut Rng, allots: &mut [AllotItem]) {
    for a in allots {
        if rng.chance(30) {
            a.weight = None;
        }
    }
}

fn total(rng: &mut Rng, unit: U) -> E {
    let digits = rng.word(&["100", "10", "7", "1000.5", "0", "33.33", "1", "200", "0.07"]);
    let lit = E::Lit(digits.into(), unit);
    match (rng.below(9), unit) {
        (0, U::Points) => E::Param("基础分".into()),
        (1, _) => {
            let part = E::Lit(rng.word(&["3", "7", "0.5"]).into(), U::Pure);
            // A parameter in it: only the run can tell whether it divides.
            let by = E::Bin('+', Box::new(E::Param("加倍".into())), Box::new(part));
            E::Bin('×', Box::new(lit), Box::new(by))
        }
        (2, _) => {
            let less = E::Bin(
                '-',
                Box::new(E::Param("加倍".into())),
                Box::new(E::Lit("2".into(), U::Pure)),
            );
            E::Bin('×', Box::new(lit), Box::new(less))
        }
        _ => lit,
    }
}

/// As text.
pub(super) fn write(w: &mut String, p: &Policy, a: &AllotItem) {
    let unit = if a.yuan { "元" } else { "分" };
    let _ = writeln!(w, "分配 {} {} {{", a.name, period(a.unit));
    let _ = writeln!(w, "  总额 {}\n  在 居民", value(&a.total));
    for (c, hold) in &a.requires {
        let hold = match hold {
            Some(Hold::Whole) => " 整月在任",
            Some(Hold::FirstDay) => " 月初在任",
            Some(Hold::AnyDay) => " 当月曾任",
            _ => "",
        };
        let _ = writeln!(w, "  条件 {}{hold}", cond(c));
    }
    let _ = match &a.weight {
        Some(e) => writeln!(w, "  按 {}", value(e)),
        None => writeln!(w, "  均分"),
    };
    let rest = match a.remainder {
        Remainder::Largest => "最大余额".to_owned(),
        Remainder::Each(mode) => format!("各自舍入 {}", rounding(mode)),
    };
    let _ = writeln!(w, "  到 {}{unit}\n  余数 {rest}", a.step);
    if !a.yuan {
        let name = p.currencies.get(a.currency).map_or("", |c| c.name);
        let _ = writeln!(w, "  计入 {name}");
    }
    w.push_str("}\n");
}

impl<'a> Lowering<'a> {
    /// As the Plan should have it.
    pub(super) fn allot(&mut self, a: &'a AllotItem) -> PlanItem {
        self.kind = None;
        let total = self.expr(&a.total);
        debug_assert!([Dim::MONEY, Dim::POINTS].contains(&total.1));
        let mut requires = Vec::new();
        for (c, hold) in &a.requires {
            let cond = self.cond(c);
            requires.push(Require { cond, hold: *hold });
        }
        let weight = a.weight.as_ref().map(|e| self.expr(e).0);
        let credit = if a.yuan {
            None
        } else {
            Some(CurrencyIx(ix(a.currency)))
        };
        PlanItem {
            path: vec![a.name.clone()],
            version: VersionIx(ix(self.version)),
            trigger: Trigger::Period {
                roster: RosterIx(0),
                unit: a.unit,
                at_start: false,
                row: None,
            },
            joins: Vec::new(),
            requires,
            lines: Vec::new(),
            credit: credit.into_iter().collect(),
            spend: None,
            give: None,
            worth: None,
            passes: Vec::new(),
            allot: Some(Allot {
                total: total.0,
                yuan: a.yuan,
                weight,
                step: number(a.step, a.unit()),
                remainder: a.remainder,
            }),
        }
    }
}
