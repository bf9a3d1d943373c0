//! Random scores: their text, and the measures that they are.

use std::fmt::Write;

use jifen_calendar::Period;
use jifen_plan::{Cmp, Expr, ExprId, Ty};
use jifen_quantity::{Decimal, Dim, Rounding};

use super::lower::Lowering;
use super::make::{Maker, ROUNDINGS};
use super::measures::{MeasureItem, tail};
use super::text::{cond, period, rounding, value};
use super::tree::*;
use crate::rng::Rng;

/// 考评
#[derive(Clone, Debug)]
pub struct ScoreItem {
    /// Name.
    pub name: String,
    /// Its period.
    pub unit: Period,
    /// Parts.
    pub parts: Vec<Part>,
    /// 总分
    pub total: Option<(&'static str, &'static str)>,
    /// 精度
    pub precision: Option<(&'static str, Rounding)>,
    /// 缺项 归一 (true), 作废.
    pub scaled: bool,
    /// 权重 归一 (true), 不归一; where weights vary.
    pub weights: Option<bool>,
    /// 一票否决, and what it counts as.
    pub vetoes: Vec<(C, Option<&'static str>)>,
    /// 一票否决 … 等级, where a grade is by the score.
    pub levels: Vec<(C, usize)>,
}

/// A part.
#[derive(Clone, Debug)]
pub struct Part {
    /// Name.
    pub name: String,
    /// How it counts.
    pub share: Share,
    /// A section's own parts; none: it is a value.
    pub section: Vec<Part>,
}

/// How a part counts.
#[derive(Clone, Debug)]
pub enum Share {
    /// 权重, in percent.
    Weight(&'static str),
    /// 权重 取先 { … }
    Varying(E),
    /// 加分
    Bonus,
    /// 扣分
    Penalty,
}

/// 取先 { 当 …: 30%   其余: 40% }
fn varying(rng: &mut Rng, (e, u, pool): (E, U, &'static [&'static str])) -> Share {
    let than = E::Lit(rng.word(pool).into(), u);
    let weight = |w: &'static str| E::Lit(w.into(), U::Percent);
    let first = weight(rng.word(&["0", "30", "100"]));
    let rest = weight(rng.word(&["0", "40", "62.5"]));
    Share::Varying(E::First {
        rows: vec![(C::Cmp(Cmp::Ge, e, than), first)],
        rest: Box::new(rest),
    })
}

fn varies(p: &Part) -> bool {
    matches!(p.share, Share::Varying(_)) || p.section.iter().any(varies)
}

const WEIGHTS: [&[&str]; 6] = [
    &["100"],
    &["40", "60"],
    &["12.5", "87.5"],
    &["30", "30", "40"],
    &["20", "50", "30"],
    &[],
];

impl Maker<'_> {
    /// A score, and the measures that it is made of.
    pub(super) fn score(&mut self, rng: &mut Rng) -> Option<(ScoreItem, Vec<MeasureItem>)> {
        let unit = rng.pick(&[Period::Week, Period::Month, Period::Month, Period::Quarter])?;
        let name = self.name("绩");
        let mut made = Vec::new();
        let scaled = rng.chance(50);
        let weights = Some(rng.chance(50));
        let parts = self.parts(rng, (&name, unit, (scaled, weights)), &mut made, 0)?;
        // Nothing is said where nothing varies, most of the time.
        let weights = match parts.iter().any(varies) || rng.chance(10) {
            true => weights,
            false => None,
        };
        let mut levels = Vec::new();
        if rng.chance(90)
            && let Some((e, u, pool)) = self.counted(rng)
        {
            let than = E::Lit(rng.word(pool).into(), u);
            let cmp = rng.pick(&[Cmp::Ge, Cmp::Lt]).unwrap_or(Cmp::Ge);
            levels.push((C::Cmp(cmp, e, than), rng.below(3)));
        }
        let mut vetoes = Vec::new();
        for _ in 0..rng.pick(&[0, 0, 1, 2]).unwrap_or(0) {
            let (e, u, pool) = self.counted(rng)?;
            let than = E::Lit(rng.word(pool).into(), u);
            let counts = rng.chance(60).then(|| rng.word(&["0", "59.9"]));
            vetoes.push((C::Cmp(Cmp::Ge, e, than), counts));
        }
        let score = ScoreItem {
            total: rng
                .chance(60)
                .then(|| (rng.word(&["0", "1"]), rng.word(&["3", "10", "100"]))),
            precision: rng.chance(50).then(|| {
                let mode = rng.pick(&ROUNDINGS).unwrap_or(Rounding::HalfUp);
                (rng.word(&["0.01", "0.1", "1", "0.05"]), mode)
            }),
            name,
            unit,
            parts,
            scaled,
            weights,
            vetoes,
            levels,
        };
        made.push(score.whole());
        Some((score, made))
    }

    fn parts(
        &mut self,
        rng: &mut Rng,
        of: (&str, Period, (bool, Option<bool>)),
        made: &mut Vec<MeasureItem>,
        depth: u32,
    ) -> Option<Vec<Part>> {
        let weights = *rng.pick(&WEIGHTS.iter().collect::<Vec<_>>())?;
        let mut shares: Vec<Share> = weights.iter().map(|w| Share::Weight(w)).collect();
        if rng.chance(25) {
            for share in &mut shares {
                if rng.chance(70)
                    && let Some((e, u, pool)) = self.counted(rng)
                {
                    *share = varying(rng, (e, u, pool));
                }
            }
        }
        let more = rng.below(3);
        for n in 0..more.max(usize::from(shares.is_empty())) {
            let share = if n == 0 { Share::Bonus } else { Share::Penalty };
            shares.push(share);
        }
        // Bonuses stand anywhere.
        let turn = rng.below(shares.len());
        shares.rotate_left(turn);
        let mut out = Vec::new();
        for share in shares {
            let name = self.name("部");
            let full = format!("{}.{name}", of.0);
            let section = match depth == 0 && rng.chance(15) {
                true => self.parts(rng, of, made, 1)?,
                false => Vec::new(),
            };
            let item = match section.is_empty() {
                true => self.part(rng, full, of.1)?,
                false => {
                    let (value, valid) = sum(of.0, &section, of.2);
                    measure(full, of.1, value, valid)
                }
            };
            made.push(item);
            out.push(Part {
                name,
                share,
                section,
            });
        }
        Some(out)
    }

    /// A part that is a number: what is counted, or a share of it.
    fn part(&mut self, rng: &mut Rng, name: String, unit: Period) -> Option<MeasureItem> {
        let mut found = (0..60).find_map(|_| {
            let m = self.a_measure(rng)?;
            let number = matches!(m.of, U::Pure | U::Percent | U::Times);
            (number && (m.unit == unit || !matches!(m.value, E::Bin('÷', ..)))).then_some(m)
        })?;
        // What reads another measure has the period that goes with it.
        let other = match &found.value {
            E::Bin('+', a, _) => matches!(**a, E::Measure(_)),
            E::Over(..) => true,
            _ => false,
        };
        if other && found.unit != unit {
            return None;
        }
        found.name = name;
        found.unit = unit;
        found.precision = None;
        found.of = U::Pure;
        found.pool = &["1", "2", "10", "50"];
        found.part = true;
        Some(found)
    }
}

fn measure(name: String, unit: Period, value: E, valid: Option<C>) -> MeasureItem {
    MeasureItem {
        name,
        whose: jifen_plan::Holder::Account,
        unit,
        value,
        of: U::Pure,
        pool: &["1", "2", "10", "50", "59.9"],
        precision: None,
        least: None,
        valid,
        bare: false,
        part: true,
    }
}

impl ScoreItem {
    fn whole(&self) -> MeasureItem {
        let (mut value, mut valid) = sum(&self.name, &self.parts, (self.scaled, self.weights));
        let lit = |n: &str| E::Lit(n.into(), U::Pure);
        if let Some((low, high)) = self.total {
            value = E::Clamp(
                Some(Box::new(lit(low))),
                Some(Box::new(lit(high))),
                Box::new(value),
            );
        }
        let mut rows = Vec::new();
        for (when, counts) in &self.vetoes {
            match counts {
                Some(n) => rows.push((when.clone(), lit(n))),
                None => {
                    let not = C::Not(Box::new(when.clone()));
                    valid = Some(match valid {
                        None => not,
                        Some(v) => C::And(Box::new(v), Box::new(not)),
                    });
                }
            }
        }
        if !rows.is_empty() {
            let rest = Box::new(value);
            value = E::First { rows, rest };
        }
        MeasureItem {
            precision: self.precision,
            ..measure(self.name.clone(), self.unit, value, valid)
        }
    }
}

impl Lowering<'_> {
    /// What vetoes of the score give that a grade is by.
    pub(super) fn veto(&mut self, by: Option<&E>) -> Option<ExprId> {
        let Some(E::Measure(name)) = by else {
            return None;
        };
        let version = self.policy.versions.get(self.version)?;
        let score = version.scores.iter().find(|s| s.name == *name)?;
        let mut rows = Vec::new();
        for (when, level) in &score.levels {
            let up = Decimal::from_int(2 - i64::try_from(*level).unwrap_or(0));
            let when = self.cond(when);
            rows.push((when, self.exprs.number(up, Dim::PURE)));
        }
        if rows.is_empty() {
            return None;
        }
        let rest = self.exprs.number(Decimal::from_int(-1), Dim::PURE);
        let first = Expr::First { rows, rest };
        Some(self.exprs.add(first, Ty::Num(Dim::PURE)))
    }
}

/// What parts come to together, and when.
fn sum(score: &str, parts: &[Part], (scaled, divided): (bool, Option<bool>)) -> (E, Option<C>) {
    let read = |p: &Part| E::Measure(format!("{score}.{}", p.name));
    let zero = || E::Lit("0".into(), U::Pure);
    let there = |p: &Part, e: E| match scaled {
        false => e,
        true => E::First {
            rows: vec![(C::Missing(read(p)), zero())],
            rest: Box::new(e),
        },
    };
    let bin = |op, a: Option<E>, b| match a {
        None => b,
        Some(a) => E::Bin(op, Box::new(a), Box::new(b)),
    };
    let (mut value, mut weights, mut none, mut all) = (None, None, None, None);
    let own = parts.iter().any(|p| matches!(p.share, Share::Varying(_)));
    for p in parts {
        let weight = match &p.share {
            Share::Weight(w) => E::Lit((*w).into(), U::Percent),
            Share::Varying(e) => e.clone(),
            Share::Bonus | Share::Penalty => continue,
        };
        {
            let mut term = E::Bin('×', Box::new(weight.clone()), Box::new(read(p)));
            if let Share::Varying(_) = p.share {
                term = E::First {
                    rows: vec![(C::Cmp(Cmp::Eq, weight.clone(), zero()), zero())],
                    rest: Box::new(term),
                };
            }
            all = Some(bin('+', all, weight.clone()));
            value = Some(bin('+', value, there(p, term)));
            weights = Some(bin('+', weights, there(p, weight)));
            let missing = C::Missing(read(p));
            none = Some(match none {
                None => missing,
                Some(n) => C::And(Box::new(n), Box::new(missing)),
            });
        }
    }
    let mut valid = none.filter(|_| scaled).map(|n| C::Not(Box::new(n)));
    if let (Some(v), Some(w), Some(all)) = (value.clone(), weights, all)
        && (scaled || own && divided == Some(true))
    {
        if own {
            valid = Some(C::Cmp(Cmp::Gt, w.clone(), zero()));
        }
        let mut of = E::Bin('÷', Box::new(v), Box::new(w));
        if own && divided == Some(false) {
            of = E::Bin('×', Box::new(of), Box::new(all));
        }
        value = Some(of);
    }
    for p in parts {
        match p.share {
            Share::Weight(_) | Share::Varying(_) => {}
            Share::Bonus => value = Some(bin('+', value, there(p, read(p)))),
            Share::Penalty => {
                let from = value.unwrap_or_else(zero);
                value = Some(bin('-', Some(from), there(p, read(p))));
            }
        }
    }
    (value.unwrap_or_else(zero), valid)
}

/// As text; its values are those of its measures.
pub(super) fn write(w: &mut String, s: &ScoreItem, v: &Version) {
    let measures = &v.measures;
    let _ = writeln!(w, "考评 {} 对象 居民 {{", s.name);
    let _ = writeln!(w, "  周期 {}", period(s.unit));
    parts(w, (&s.name, &s.parts), measures, "  ");
    if let Some((low, high)) = s.total {
        let _ = writeln!(w, "  总分 {low} 至 {high}");
    }
    if let Some((step, mode)) = s.precision {
        let _ = writeln!(w, "  精度 {step} {}", rounding(mode));
    }
    let _ = writeln!(w, "  缺项 {}", if s.scaled { "归一" } else { "作废" });
    if let Some(divided) = s.weights {
        let _ = writeln!(w, "  权重 {}", if divided { "归一" } else { "不归一" });
    }
    if v.standings.iter().any(|g| g.graded_by(&s.name)) {
        for (when, level) in &s.levels {
            let level = super::standings::LEVELS[*level];
            let _ = writeln!(w, "  一票否决 当 {} 等级 {level}", cond(when));
        }
    }
    for (when, counts) in &s.vetoes {
        let then = counts.map_or("无分".to_owned(), |n| format!("计 {n}"));
        let _ = writeln!(w, "  一票否决 当 {} {then}", cond(when));
    }
    w.push_str("}\n");
}

fn parts(w: &mut String, (score, all): (&str, &[Part]), measures: &[MeasureItem], by: &str) {
    for p in all {
        let _ = match &p.share {
            Share::Varying(e) => write!(w, "{by}权重 {} {}", value(e), p.name),
            Share::Weight(n) => write!(w, "{by}权重 {n}% {}", p.name),
            Share::Bonus => write!(w, "{by}加分 {}", p.name),
            Share::Penalty => write!(w, "{by}扣分 {}", p.name),
        };
        let full = format!("{score}.{}", p.name);
        if !p.section.is_empty() {
            w.push_str(" {\n");
            parts(w, (score, &p.section), measures, &format!("{by}  "));
            let _ = writeln!(w, "{by}}}");
        } else if let Some(m) = measures.iter().find(|m| m.name == full) {
            let _ = writeln!(w, " = {}", tail(m));
        }
    }
}
