//! Measures in their last period that is over: made, written and lowered a second time.

use std::fmt::Write;

use jifen_calendar::Period;
use jifen_plan::{Cmp, Earlier, Expr, ExprId, Hold, MeasureIx, Ty};
use jifen_quantity::Dim;

use super::aggregate::Measured;
use super::lower::{Lowering, ix};
use super::make::Maker;
use super::measures::MeasureItem;
use super::text::value;
use super::tree::*;
use crate::rng::Rng;

/// 上月(标甲) 缺省 2
#[derive(Clone, Debug)]
pub struct Closed {
    /// The measure.
    pub name: String,
    /// Its period; none: 上期 is written.
    pub unit: Option<Period>,
    /// Its unit.
    pub of: U,
    /// 缺省
    pub default: Option<E>,
}

impl Maker<'_> {
    /// Any measure in its period before.
    pub(super) fn closed(&self, rng: &mut Rng) -> Option<Measured> {
        let m = rng.pick(&self.measures.iter().collect::<Vec<_>>())?;
        let default = rng
            .chance(50)
            .then(|| E::Lit(rng.word(m.pool).into(), m.of));
        let closed = Closed {
            name: m.name.clone(),
            unit: rng.chance(70).then_some(m.unit),
            of: m.of,
            default,
        };
        Some((E::Closed(Box::new(closed)), m.of, m.pool))
    }

    /// Items of all sorts look at it, in a condition or for what they give.
    pub(super) fn look_back(
        &self,
        rng: &mut Rng,
        requires: &mut Vec<(C, Option<Hold>)>,
        lines: &mut [Line],
    ) {
        if rng.chance(30)
            && let Some((e, u, pool)) = self.closed(rng)
        {
            let bound = E::Lit(rng.word(pool).into(), u);
            let cmp = rng.pick(&[Cmp::Ge, Cmp::Lt]).unwrap_or(Cmp::Ge);
            requires.push((C::Cmp(cmp, e, bound), None));
        }
        if rng.chance(30)
            && let Some((name, _)) = rng.pick(&self.follows.iter().collect::<Vec<_>>())
            && let Some(Line::Award(value, _)) = lines.first_mut()
        {
            *value = E::Follow(name.clone());
        } else if rng.chance(30)
            && let Some((e, U::Pure | U::Percent, _)) = self.closed(rng)
            && let Some(Line::Award(value, _)) = lines.first_mut()
        {
            let each = E::Lit(rng.word(&["7.5", "20", "100"]).into(), U::Points);
            *value = E::Bin('×', Box::new(e), Box::new(each));
        }
    }

    /// A parameter that follows one or two of the measures.
    pub(super) fn follow(&mut self, rng: &mut Rng) {
        if self.measures.is_empty() || !rng.chance(50) {
            return;
        }
        let mut rows = Vec::new();
        for _ in 0..1 + rng.below(2) {
            if let Some((e, u, pool)) = self.closed(rng) {
                let bound = E::Lit(rng.word(pool).into(), u);
                let cmp = rng.pick(&[Cmp::Ge, Cmp::Lt]).unwrap_or(Cmp::Ge);
                let points = E::Lit(rng.word(&["1", "2.5", "30"]).into(), U::Points);
                rows.push((C::Cmp(cmp, e, bound), points));
            }
        }
        let rest = match rng.chance(30) {
            true => E::Param("基础分".into()),
            false => E::Lit(rng.word(&["0.5", "4", "12"]).into(), U::Points),
        };
        let rest = Box::new(rest);
        let name = self.name("随");
        self.follows.push((name, E::First { rows, rest }));
    }

    /// A measure that also looks at its own past, or at another's.
    pub(super) fn with_past(&self, rng: &mut Rng, m: &mut MeasureItem) {
        if m.precision.is_some() || m.of == U::Points || !rng.chance(35) {
            return;
        }
        let own = Closed {
            name: m.name.clone(),
            unit: Some(m.unit),
            of: m.of,
            default: Some(E::Lit(rng.word(m.pool).into(), m.of)),
        };
        let other = match rng.chance(60) {
            true => Some(E::Closed(Box::new(own))),
            false => self.closed(rng).filter(|o| o.1 == m.of).map(|o| o.0),
        };
        if let Some(other) = other {
            let now = m.value.clone();
            let op = rng.pick(&['+', '+', '-']).unwrap_or('+');
            m.value = E::Bin(op, Box::new(now), Box::new(other));
        }
    }
}

/// Parameters that follow, as text.
pub(super) fn write(w: &mut String, follows: &[(String, E)]) {
    for (name, e) in follows {
        let _ = writeln!(w, "参数 {name} = {} {{ 可调 0分 至 100分 }}", value(e));
    }
}

/// As text; what has a default in brackets.
pub(super) fn text(c: &Closed) -> String {
    let word = match c.unit {
        None => "上期",
        Some(Period::Day) => "昨日",
        Some(Period::Week) => "上周",
        Some(Period::Month) => "上月",
        Some(Period::Quarter) => "上季度",
        Some(Period::HalfYear) => "上个半年",
        Some(Period::Year) => "上年",
    };
    match &c.default {
        None => format!("{word}({})", c.name),
        Some(d) => format!("({word}({}) 缺省 {})", c.name, value(d)),
    }
}

impl Lowering<'_> {
    /// What a parameter is, under its name.
    pub(super) fn follow(&mut self, name: &str) -> (ExprId, Dim) {
        let version = self.policy.versions.get(self.version);
        let found = version.and_then(|v| v.follows.iter().find(|f| f.0 == name));
        let Some((name, e)) = found else {
            return self.expr(&E::Lit("0".into(), U::Points));
        };
        let kind = self.kind.take();
        let (of, dim) = self.expr(e);
        self.kind = kind;
        let node = Expr::Follows(name.clone(), of);
        (self.exprs.add(node, Ty::Num(dim)), dim)
    }

    /// The value of the period before; where there is none, what is said.
    pub(super) fn closed(&mut self, c: &Closed) -> (ExprId, Dim) {
        let places = Self::measure_places(self.policy);
        let version = self.version;
        let at = places.iter().position(|p| p.0 == c.name && p.1 == version);
        let dim = super::lower::held(c.of).0;
        let earlier = Earlier {
            measure: MeasureIx(ix(at.unwrap_or(0))),
            back: 1,
        };
        let node = self.exprs.add(Expr::Earlier(earlier), Ty::Num(dim));
        let Some(d) = &c.default else {
            return (node, dim);
        };
        let other = self.expr(d).0;
        let missing = self.exprs.add(Expr::IsMissing(node), Ty::YesNo);
        let first = Expr::First {
            rows: vec![(missing, other)],
            rest: node,
        };
        (self.exprs.add(first, Ty::Num(dim)), dim)
    }
}
