//! 计入, 另计 and 转计 of a reference: random ones, their text, and their second lowering.

use std::fmt::Write;

use jifen_plan::{CurrencyIx, Expr, ExprId, Many, Pass as PlanPass, PassHow, Precision, Ty};
use jifen_quantity::Dim;

use super::lower::{Lowering, ix, precision};
use super::make::Maker;
use super::taste::Fond;
use super::text::{cap, operand, tail, value};
use super::tree::*;
use super::value::{Scope, line_condition};
use crate::rng::Rng;

/// A statement that reaches another account.
#[derive(Clone, Debug)]
pub struct Pass {
    /// Which word.
    pub how: PassHow,
    /// The reference, and whether it is an attribute of the roster.
    pub to: (&'static str, bool),
    /// Instead of that: what a joined fact names.
    pub joined: Option<E>,
    /// 各, or 均分 (true), of several.
    pub many: Option<bool>,
    /// 无则 略过
    pub skips: bool,
    /// How much; a percentage is a share of the award.
    pub amount: E,
    /// 的: another currency.
    pub currency: Option<usize>,
    /// Condition.
    pub when: Option<C>,
    /// Caps of what the other receives.
    pub caps: Vec<Cap>,
}

impl Maker<'_> {
    /// What an item gives to others: at most one of each word and reference.
    pub(super) fn passes(&mut self, rng: &mut Rng, scope: &Scope, lines: &[Line]) -> Vec<Pass> {
        let often = if self.taste.has(Fond::Moves) { 90 } else { 9 };
        if !self.taste.chance(rng, Fond::Passes, 90, often) {
            return Vec::new();
        }
        let deducts = lines.iter().any(|l| matches!(l, Line::Deduct(..)));
        let hows = [PassHow::Instead, PassHow::Also, PassHow::On, PassHow::Also];
        let moves = self.taste.has(Fond::Moves);
        let mut out: Vec<Pass> = Vec::new();
        for _ in 0..1 + rng.below(3) {
            let how = match deducts {
                true => PassHow::Instead,
                false => rng.pick(&hows).unwrap_or(PassHow::Also),
            };
            let to = match scope.shape {
                Some(Shape::Event) if rng.chance(if moves { 10 } else { 50 }) => ("伙伴", false),
                _ if rng.chance(if moves { 20 } else { 70 }) => ("家长", true),
                _ => ("联络", true),
            };
            let again = |p: &Pass| p.how == how && (p.to == to || how == PassHow::Instead);
            if !out.iter().any(again) {
                let pass = self.a_pass(rng, scope, how, to);
                out.push(pass);
            }
        }
        out
    }

    fn a_pass(
        &mut self,
        rng: &mut Rng,
        scope: &Scope,
        how: PassHow,
        to: (&'static str, bool),
    ) -> Pass {
        let amount = match rng.below(4) {
            0 => E::Lit(rng.word(&["1", "2.5", "4"]).into(), U::Points),
            1 => E::Bin(
                '×',
                Box::new(E::Running),
                Box::new(E::Lit(rng.word(&["20", "45"]).into(), U::Percent)),
            ),
            _ => E::Lit(rng.word(&["10", "30", "33.3", "50"]).into(), U::Percent),
        };
        let plain = how == PassHow::Instead;
        let currency = (how == PassHow::Also && rng.chance(30))
            .then(|| rng.below(self.currencies.len().max(1)));
        let mut caps = Vec::new();
        let mut seen = Vec::new();
        while caps.len() < 2 && rng.chance(60) {
            let window = match self.window(rng) {
                W::OwnYear => W::YearOn(4, 1),
                window => window,
            };
            if !seen.contains(&window) {
                seen.push(window);
                let event = scope.shape == Some(Shape::Event);
                let key = (event && rng.chance(20)).then_some("场次");
                let mut cap = self.cap(rng, window, key);
                if self.taste.chance(rng, Fond::CapWhen, 40, 4) {
                    cap.when = Some(line_condition(rng, scope));
                }
                caps.push(cap);
            }
        }
        Pass {
            how,
            to,
            joined: None,
            many: (to.0 == "家长")
                .then(|| rng.chance(if how == PassHow::Instead { 85 } else { 65 })),
            skips: rng.chance(60),
            amount: if plain { E::Running } else { amount },
            currency,
            when: (!plain && rng.chance(25)).then(|| line_condition(rng, scope)),
            caps,
        }
    }
}

/// As text, one statement a line.
pub(super) fn write(w: &mut String, p: &Policy, passes: &[Pass], pad: &str) {
    for x in passes {
        let word = match x.how {
            PassHow::Instead => "计入",
            PassHow::Also => "另计",
            PassHow::On => "转计",
        };
        let to = x.joined.as_ref().map_or(x.to.0.to_owned(), operand);
        let _ = write!(w, "{pad}    {word} {to}");
        if let Some(c) = x.currency.and_then(|c| p.currencies.get(c)) {
            let _ = write!(w, " 的 {}", c.name);
        }
        if let Some(equally) = x.many {
            let _ = write!(w, " {}", if equally { "均分" } else { "各" });
        }
        if x.how != PassHow::Instead {
            let _ = write!(w, " {}", value(&x.amount));
        }
        let none = if x.skips { "略过" } else { "待补" };
        let _ = write!(w, "{} 无则 {none}", tail(x.when.as_ref()));
        if !x.caps.is_empty() {
            let caps: Vec<String> = x.caps.iter().map(cap).collect();
            let _ = write!(w, " {{ {} }}", caps.join("  "));
        }
        let _ = writeln!(w);
    }
}

impl Lowering<'_> {
    /// The passes of an item: what replaces the account first, the others as they stand.
    pub(super) fn passes(
        &mut self,
        passes: &[Pass],
        path: &[String],
        credit: &[usize],
        own: Option<Precision>,
    ) -> Vec<PlanPass> {
        let (first, rest): (Vec<&Pass>, Vec<&Pass>) =
            passes.iter().partition(|p| p.how == PassHow::Instead);
        let all = first.into_iter().chain(rest);
        all.map(|p| self.pass(p, path, credit, own)).collect()
    }

    fn pass(
        &mut self,
        p: &Pass,
        path: &[String],
        credit: &[usize],
        own: Option<Precision>,
    ) -> PlanPass {
        let credit = p.currency.map_or_else(|| credit.to_vec(), |c| vec![c]);
        let first = credit.first().and_then(|c| self.policy.currencies.get(*c));
        let round = match (p.how, p.currency, own) {
            (PassHow::Instead, ..) => None,
            (_, None, Some(own)) => Some(own),
            _ => first.and_then(|c| c.precision).map(precision),
        };
        let to = match (&p.joined, p.to) {
            (Some(joined), _) => joined.clone(),
            (None, (name, true)) => E::Attr(name),
            (None, (name, false)) => E::Field(name),
        };
        let shared = match p.how {
            PassHow::Instead => own.or_else(|| first.and_then(|c| c.precision).map(precision)),
            _ => round,
        };
        let many = p.many.map(|equally| Many {
            equally,
            step: shared.map(|r| r.step),
        });
        let mut clause = path.to_vec();
        clause.push(format!("{:?} {}", p.how, p.to.0));
        let caps = p.caps.iter().map(|c| {
            let charge_final = (c.window != W::Occasion).then_some(true);
            let c = Cap {
                charge_final,
                ..c.clone()
            };
            self.cap(&c, &clause, false, false)
        });
        let caps = caps.collect();
        PlanPass {
            how: p.how,
            to: self.expr(&to).0,
            many,
            none_skips: p.skips,
            amount: self.passed(&p.amount),
            when: p.when.as_ref().map(|w| self.cond(w)),
            round,
            credit: credit.iter().map(|c| CurrencyIx(ix(*c))).collect(),
            caps,
        }
    }

    /// A percentage is one of the award.
    fn passed(&mut self, amount: &E) -> ExprId {
        let id = self.expr(amount).0;
        match amount {
            E::Lit(_, U::Percent) => {
                let ty = Ty::Num(Dim::POINTS);
                let award = self.exprs.add(Expr::Running, ty);
                self.exprs.add(Expr::Mul(award, id), ty)
            }
            _ => id,
        }
    }
}
