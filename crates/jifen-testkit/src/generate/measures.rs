//! Random measures, their text, their second lowering, and how period items read them.

use std::fmt::Write;

use jifen_calendar::Period;
use jifen_plan::{
    AggregateOf, Cmp, Expr, ExprId, Gather, Holder, Measure, MeasureIx, OverPeriods, RosterIx, Ty,
    Value, VersionIx,
};
use jifen_quantity::{Dim, Rounding};

use super::aggregate::{Around, Measured, Own, measured};
use super::lower::{Lowering, ix, number, precision};
use super::make::{Maker, ROUNDINGS};
use super::shapes::ATTRS;
use super::text::{cond, period, rounding, value};
use super::text_values::lit;
use super::tree::*;
use super::value::{Scope, condition};
use crate::rng::Rng;

/// 指标
#[derive(Clone, Debug)]
pub struct MeasureItem {
    /// Name.
    pub name: String,
    /// Of each, of groups or of everybody.
    pub whose: Holder,
    /// Its period.
    pub unit: Period,
    /// What it is.
    pub value: E,
    /// Its unit, and bounds that fit it.
    pub of: U,
    /// Bounds.
    pub pool: &'static [&'static str],
    /// 精度
    pub precision: Option<(&'static str, Rounding)>,
    /// 至少 n件, of what this counts.
    pub least: Option<(u32, Agg)>,
    /// 有效 当
    pub valid: Option<C>,
    /// Windows that are its own period are not written.
    pub bare: bool,
    /// A score or a part of one, which writes it.
    pub part: bool,
}

impl Maker<'_> {
    /// The measures of a version.
    pub(super) fn measures(&mut self, rng: &mut Rng) {
        self.measures = Vec::new();
        self.scores = Vec::new();
        self.follows = Vec::new();
        let fond = self.taste.has(super::taste::Fond::Aggregates)
            || self.taste.has(super::taste::Fond::Periods);
        let more = self.taste.has(super::taste::Fond::Measures);
        if !rng.chance(match (more, fond) {
            (true, _) => 95,
            (_, true) => 70,
            _ => 12,
        }) {
            return;
        }
        for _ in 0..1 + rng.below(3) + usize::from(more) {
            if let Some(mut m) = self.a_measure(rng) {
                self.with_past(rng, &mut m);
                self.measures.push(m);
            }
        }
        if rng.chance(if more { 75 } else { 50 })
            && let Some((score, made)) = (0..4).find_map(|_| self.score(rng))
        {
            self.scores.push(score);
            self.measures.extend(made);
        }
        if rng.chance(75) {
            self.shared_measures(rng);
        }
        self.follow(rng);
    }

    fn measure_scope(&self) -> Scope {
        let around = Around {
            own: Own::None,
            opens: None,
            clock: self.clock,
        };
        Scope {
            around: Some(around),
            ..Scope::nothing(self.taste)
        }
    }

    pub(super) fn counted(&self, rng: &mut Rng) -> Option<Measured> {
        let scope = self.measure_scope();
        (0..90).find_map(|_| measured(rng, &scope))
    }

    pub(super) fn a_measure(&mut self, rng: &mut Rng) -> Option<MeasureItem> {
        let units = [
            Period::Day,
            Period::Day,
            Period::Week,
            Period::Month,
            Period::Month,
            Period::Month,
            Period::Quarter,
            Period::Quarter,
        ];
        let unit = rng.pick(&units)?;
        let lit = |d: &str, u| Box::new(E::Lit(d.into(), u));
        let bin = |op, a, b| E::Bin(op, Box::new(a), b);
        let mut least = None;
        let (value, of, pool) = match rng.below(10) {
            0..=2 => self.ratio(rng, unit, &mut least)?,
            3 if !self.measures.is_empty() => {
                let other = rng.pick(&self.measures.iter().collect::<Vec<_>>())?.clone();
                let e = E::Measure(other.name);
                let more = rng.word(other.pool);
                return Some(MeasureItem {
                    name: self.name("标"),
                    whose: Holder::Account,
                    unit: other.unit,
                    value: bin('+', e, lit(more, other.of)),
                    of: other.of,
                    pool: other.pool,
                    precision: None,
                    least: None,
                    valid: None,
                    bare: true,
                    part: false,
                });
            }
            4..=6 if self.shorter(rng, unit).is_some() => self.shorter(rng, unit)?,
            4 => {
                let (e, u, pool) = self.counted(rng)?;
                (bin('×', e, lit("2", U::Pure)), u, pool)
            }
            _ => {
                let (e, u, pool) = self.counted(rng)?;
                if let (E::Aggregate(a), true) = (&e, rng.chance(60)) {
                    least = Some((some(rng), basis(a)));
                }
                (e, u, pool)
            }
        };
        let valid = rng.chance(30).then(|| self.counted(rng)).flatten();
        let valid = valid.map(|(e, u, pool)| {
            let cmp = rng.pick(&[Cmp::Ge, Cmp::Lt]).unwrap_or(Cmp::Ge);
            C::Cmp(cmp, e, *lit(rng.word(pool), u))
        });
        Some(MeasureItem {
            name: self.name("标"),
            whose: Holder::Account,
            unit,
            value,
            // 1分 = 1.
            of: if of == U::Points { U::Pure } else { of },
            pool,
            precision: (of.rounds() && rng.chance(35)).then(|| {
                let mode = rng.pick(&ROUNDINGS).unwrap_or(Rounding::HalfUp);
                (rng.word(&["0.01", "0.1", "0.001", "1", "0.05"]), mode)
            }),
            least,
            valid,
            bare: rng.chance(50),
            part: false,
        })
    }

    /// How many of them, of all.
    pub(super) fn ratio(
        &self,
        rng: &mut Rng,
        unit: Period,
        least: &mut Option<(u32, Agg)>,
    ) -> Option<Measured> {
        let scope = self.measure_scope();
        let all = (0..200).find_map(|_| match measured(rng, &scope)?.0 {
            E::Aggregate(a) if a.what == AggregateOf::Count && a.ends.is_none() => Some(a),
            _ => None,
        });
        let mut all = *all?;
        all.over = jifen_plan::Over::Current(unit);
        let shape = *super::aggregate::SHAPES.get(all.kind)?;
        let inner = Scope {
            clock: all.kind != 0 || self.clock,
            around: None,
            ..Scope::of(shape, self.taste)
        };
        let mut some_of = all.clone();
        some_of.when = Some(condition(rng, &inner, 0));
        *least = Some((some(rng), basis(&all)));
        let value = E::Bin(
            '÷',
            Box::new(E::Aggregate(Box::new(some_of))),
            Box::new(E::Aggregate(Box::new(all))),
        );
        Some((value, U::Percent, &["10", "50", "66", "90"]))
    }

    /// A measure that a period item of this period can read.
    pub(super) fn readable(&self, rng: &mut Rng, unit: Period) -> Option<Measured> {
        let often = match self.taste.has(super::taste::Fond::Measures) {
            true => 75,
            false => 50,
        };
        if rng.chance(often)
            && let Some(found) = self.shorter(rng, unit)
        {
            return Some(found);
        }
        let free = |m: &&MeasureItem| !m.name.starts_with(super::standings::OF_POINTS);
        let fit: Vec<&MeasureItem> = (self.measures.iter())
            .filter(|m| m.unit == unit)
            .filter(free)
            .collect();
        let m = rng.pick(&fit)?;
        Some((E::Measure(m.name.clone()), m.of, m.pool))
    }

    /// A measure of shorter periods, over this one.
    fn shorter(&self, rng: &mut Rng, unit: Period) -> Option<Measured> {
        let inside = |m: &&MeasureItem| match unit {
            Period::Week | Period::Month => m.unit == Period::Day,
            Period::Quarter => matches!(m.unit, Period::Day | Period::Month),
            Period::HalfYear => matches!(m.unit, Period::Day | Period::Month | Period::Quarter),
            Period::Year => !matches!(m.unit, Period::Week | Period::Year),
            Period::Day => false,
        };
        let fit: Vec<&MeasureItem> = self.measures.iter().filter(inside).collect();
        let m = rng.pick(&fit)?;
        let all = [
            Gather::Mean,
            Gather::Mean,
            Gather::Sum,
            Gather::Max,
            Gather::Min,
            Gather::First,
            Gather::Last,
        ];
        let over = E::Over(rng.pick(&all)?, m.name.clone(), rng.chance(55));
        Some((over, m.of, m.pool))
    }
}

pub(super) fn some(rng: &mut Rng) -> u32 {
    rng.pick(&[1, 1, 2, 3]).unwrap_or(1)
}

/// How many facts an aggregate is made of.
pub(super) fn basis(a: &Agg) -> Agg {
    Agg {
        what: AggregateOf::Count,
        of: None,
        best: None,
        weight: None,
        when: a.when.clone().filter(|_| a.what != AggregateOf::Share),
        ..a.clone()
    }
}

/// Of a later version.
pub(super) fn mutate(rng: &mut Rng, measures: &mut [MeasureItem]) {
    for m in measures {
        if let (Some((n, _)), true) = (&mut m.least, rng.chance(40)) {
            *n = some(rng);
        }
    }
}

/// As text.
pub(super) fn write(w: &mut String, all: &[MeasureItem]) {
    for m in all.iter().filter(|m| !m.part) {
        let whose = whose(m.whose);
        let _ = writeln!(w, "指标 {} {whose}{} = {}", m.name, period(m.unit), tail(m));
    }
}

/// In a head.
pub(super) fn whose(of: Holder) -> String {
    match of {
        Holder::Account => String::new(),
        Holder::Everyone => "全体 ".to_owned(),
        Holder::Group(a) => format!("每 {} ", ATTRS.get(a.ix()).map_or("?", |a| a.0)),
    }
}

/// What stands after the equals sign.
pub(super) fn tail(m: &MeasureItem) -> String {
    let mut line = value(&m.value);
    if let Some((step, mode)) = m.precision {
        let step = match m.of {
            U::Pure | U::Percent | U::Points => step.to_owned(),
            // In its own unit.
            unit => lit(step, unit),
        };
        let _ = write!(line, " 精度 {step} {}", rounding(mode));
    }
    if let Some((n, _)) = &m.least {
        let _ = write!(line, " 至少 {n}件");
    }
    if let Some(c) = &m.valid {
        let _ = write!(line, " 有效 当 {}", cond(c));
    }
    if m.bare {
        let own = match m.unit {
            Period::Day => " 在 本日",
            Period::Week => " 在 本周",
            Period::Month => " 在 本月",
            Period::Quarter => " 在 本季度",
            _ => " 在 ?",
        };
        line = line.replace(own, "");
    }
    line
}

impl<'a> Lowering<'a> {
    /// Names and versions of all measures, in the order of the Plan.
    pub(super) fn measure_places(p: &Policy) -> Vec<(String, usize)> {
        let all = p.versions.iter().enumerate();
        let named = |(n, v): (usize, &Version)| -> Vec<(String, usize)> {
            v.measures.iter().map(|m| (m.name.clone(), n)).collect()
        };
        let mut all: Vec<(String, usize)> = all.flat_map(named).collect();
        all.sort();
        all
    }

    /// As the Plan should have them; the last thing that is lowered.
    pub(super) fn measures(&mut self) -> Vec<Measure> {
        let mut out = Vec::new();
        for (name, n) in Self::measure_places(self.policy) {
            self.version = n;
            self.kind = None;
            let versions = self.policy.versions.get(n);
            let found = versions.and_then(|v| v.measures.iter().find(|m| m.name == name));
            if let Some(m) = found {
                out.push(Measure {
                    name: name.clone(),
                    version: VersionIx(ix(n)),
                    roster: RosterIx(0),
                    of: m.whose,
                    unit: m.unit,
                    node: self.measure(&name).0,
                });
            }
        }
        out
    }

    /// 平均(…) of a measure.
    pub(super) fn over_periods(&mut self, what: Gather, name: &str, skip: bool) -> (ExprId, Dim) {
        let places = Self::measure_places(self.policy);
        let version = self.version;
        let at = places.iter().position(|p| p.0 == name && p.1 == version);
        let (_, dim) = self.measure(name);
        let over = OverPeriods {
            what,
            measure: MeasureIx(ix(at.unwrap_or(0))),
            skip,
        };
        let node = Expr::OverPeriods(over);
        (self.exprs.add(node, Ty::Num(dim)), dim)
    }

    pub(super) fn measure(&mut self, name: &str) -> (ExprId, Dim) {
        let places = Self::measure_places(self.policy);
        let version = self.version;
        let at = places.iter().position(|p| p.0 == name && p.1 == version);
        let v = self.policy.versions.get(version);
        let found = v.and_then(|v| v.measures.iter().find(|m| m.name == name));
        let (Some(at), Some(m)) = (at, found) else {
            return self.expr(&E::Lit("0".into(), U::Pure));
        };
        let kind = self.kind.take();
        let (of, dim) = self.expr(&m.value);
        let of = match m.precision {
            Some(p) => {
                let mut to = precision(p);
                if !matches!(m.of, U::Pure | U::Percent | U::Points) {
                    to.step = number(p.0, m.of);
                }
                self.exprs.add(Expr::Round(of, to), Ty::Num(dim))
            }
            None => of,
        };
        let least = m.least.as_ref().map(|(n, counted)| {
            let count = self.aggregate(counted).0;
            let n = number(&n.to_string(), U::Times);
            let n = self.add(Expr::Const(Value::Num(n)), Dim::TIMES).0;
            self.exprs.add(Expr::Compare(Cmp::Ge, count, n), Ty::YesNo)
        });
        let valid = m.valid.as_ref().map(|c| self.cond(c));
        let valid = match (least, valid) {
            (Some(a), Some(b)) => Some(self.exprs.add(Expr::And(a, b), Ty::YesNo)),
            (a, b) => a.or(b),
        };
        self.kind = kind;
        let dim = match m.part {
            true => Dim::PURE,
            false => Dim { points: 0, ..dim },
        };
        let node = Expr::Measure(MeasureIx(ix(at)), of, valid);
        (self.exprs.add(node, Ty::Num(dim)), dim)
    }
}
