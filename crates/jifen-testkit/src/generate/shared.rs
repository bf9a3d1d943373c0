//! Random measures of groups and of everybody, and their second lowering (decision 033).

use jifen_calendar::Period;
use jifen_plan::{
    AttrIx, Cmp, Expr, ExprId, Fall, Holder, MeasureIx, OfMembers, OverMembers, Times, TimesOf, Ty,
};
use jifen_quantity::{Dim, Rounding};

use super::aggregate::Measured;
use super::lower::{Lowering, ix};
use super::make::Maker;
use super::measures::{MeasureItem, basis, some};
use super::standings::{Asked, Row, StandItem, What};
use super::tree::*;
use crate::rng::Rng;

impl Maker<'_> {
    /// One to three, and perhaps one of each subject that reads them.
    pub(super) fn shared_measures(&mut self, rng: &mut Rng) {
        for _ in 0..2 + rng.below(3) {
            if let Some(m) = self.a_shared(rng) {
                self.measures.push(m);
            }
        }
        let made = self.measures.iter().filter(|m| m.whose != Holder::Account);
        let made: Vec<MeasureItem> = made.cloned().collect();
        if let (Some(m), true) = (rng.pick(&made), rng.chance(50)) {
            let own = self.own(rng, m.unit).filter(|o| o.of == m.of);
            let other = match own {
                Some(own) => E::Measure(own.name),
                None => E::Lit(rng.word(m.pool).into(), m.of),
            };
            let value = E::Bin('-', Box::new(other), Box::new(E::Measure(m.name.clone())));
            let name = self.name("较");
            self.measures.push(MeasureItem {
                name,
                whose: Holder::Account,
                value,
                ..plain(&m)
            });
        }
    }

    /// How groups stand by what they came to.
    pub(super) fn shared_standings(&mut self, rng: &mut Rng) {
        let made = self.measures.iter().filter(|m| m.whose != Holder::Account);
        let made: Vec<MeasureItem> = made.cloned().collect();
        if made.is_empty() || !rng.chance(85) {
            return;
        }
        for _ in 0..1 + rng.below(3) {
            let all: Vec<&MeasureItem> = (made.iter())
                .filter(|m| m.whose == Holder::Everyone)
                .collect();
            let one = rng.pick(&all).filter(|_| rng.chance(35));
            let Some(m) = one.or_else(|| made.get(rng.below(made.len()))) else {
                return;
            };
            let (whose, unit, by) = (m.whose, m.unit, E::Measure(m.name.clone()));
            let bound = |rng: &mut Rng| E::Lit(rng.word(m.pool).into(), m.of);
            let like: Vec<&StandItem> = (self.standings.iter())
                .filter(|s| s.whose == whose && s.unit == unit)
                .collect();
            let asked = rng.pick(&like).and_then(|s| {
                let asked = match &s.what {
                    What::Rank { .. } => Asked::First(rng.word(&["1", "2"])),
                    What::Grade { .. } => Asked::Level(rng.below(3), rng.chance(40)),
                    What::Flag { notice: false, .. } => Asked::Is,
                    _ => return None,
                };
                Some(C::Stands(s.name.clone(), rng.chance(30), asked))
            });
            let cmp = rng.pick(&[Cmp::Ge, Cmp::Lt, Cmp::Gt]).unwrap_or(Cmp::Ge);
            let when = |rng: &mut Rng| match asked.clone().filter(|_| rng.chance(60)) {
                Some(asked) => asked,
                None => C::Cmp(cmp, by.clone(), bound(rng)),
            };
            let what = match rng.below(5) {
                0 | 1 if whose != Holder::Everyone => What::Rank {
                    keys: vec![(by.clone(), rng.chance(30))],
                    within: None,
                    among: rng.chance(20).then(|| when(rng)),
                    gaps: rng.chance(50),
                    round: rng.pick(&super::make::ROUNDINGS).unwrap_or(Rounding::Up),
                    all_in: rng.chance(50),
                },
                2 | 3 => What::Grade {
                    by: None,
                    rows: vec![Row::When(when(rng)), Row::When(when(rng))],
                    fall: rng
                        .pick(&[Fall::Freely, Fall::Stepwise, Fall::Never])
                        .unwrap_or(Fall::Never),
                },
                _ => {
                    let of = [
                        None,
                        Some(TimesOf::Ever),
                        Some(TimesOf::Last(3)),
                        Some(TimesOf::Running {
                            skip: rng.chance(50),
                        }),
                    ];
                    let of = rng.pick(&of).flatten();
                    What::Flag {
                        notice: rng.chance(15),
                        when: when(rng),
                        times: of.map(|of| Times { n: 2, of }),
                    }
                }
            };
            let name = self.name("榜");
            self.standings.push(StandItem {
                name,
                whose,
                unit,
                what,
            });
        }
    }

    /// A measure of each subject over such periods, but no part of a score.
    fn own(&self, rng: &mut Rng, unit: Period) -> Option<MeasureItem> {
        let fits = |m: &&MeasureItem| m.whose == Holder::Account && m.unit == unit && !m.part;
        let all: Vec<&MeasureItem> = self.measures.iter().filter(fits).collect();
        rng.pick(&all).cloned()
    }

    fn a_shared(&mut self, rng: &mut Rng) -> Option<MeasureItem> {
        let units: Vec<Period> = self.measures.iter().map(|m| m.unit).collect();
        let unit = rng.pick(&units).unwrap_or(Period::Month);
        let household = Holder::Group(AttrIx(0));
        let holders = [
            household,
            household,
            Holder::Group(AttrIx(1)),
            Holder::Everyone,
            Holder::Everyone,
        ];
        let whose = rng.pick(&holders)?;
        let mut least = None;
        let mut valid = None;
        let (value, of, pool) = match rng.below(8) {
            0 => self.ratio(rng, unit, &mut least)?,
            1 | 2 => {
                let (e, u, pool) = self.counted_alone(rng)?;
                if let (E::Aggregate(a), true) = (&e, rng.chance(50)) {
                    least = Some((some(rng), basis(a)));
                }
                (e, u, pool)
            }
            3 | 7 => {
                valid = Some(self.asked_of_facts(rng)?);
                self.share_of_members(rng, unit)?
            }
            4 if self.beside(rng, whose, unit).is_some() => self.beside(rng, whose, unit)?,
            _ => {
                let m = self.own(rng, unit)?;
                let all = [
                    OfMembers::Sum,
                    OfMembers::Mean,
                    OfMembers::Mean,
                    OfMembers::Max,
                    OfMembers::Min,
                ];
                let what = rng.pick(&all)?;
                let over = E::OverMembers(what, m.name.clone(), rng.chance(50));
                (over, m.of, m.pool)
            }
        };
        if valid.is_none() && rng.chance(15) {
            valid = self.asked_of_facts(rng);
        }
        Some(MeasureItem {
            name: self.name("群"),
            whose,
            unit,
            value,
            of: if of == U::Points { U::Pure } else { of },
            pool,
            precision: None,
            least,
            valid,
            bare: rng.chance(50),
            part: false,
        })
    }

    /// An aggregate that reads nothing of a subject beside its facts.
    fn counted_alone(&self, rng: &mut Rng) -> Option<Measured> {
        let alone = |e: &E| matches!(e, E::Aggregate(a) if a.ends.is_none());
        (0..20).find_map(|_| self.counted(rng).filter(|m| alone(&m.0)))
    }

    fn asked_of_facts(&self, rng: &mut Rng) -> Option<C> {
        let (e, u, pool) = self.counted_alone(rng)?;
        let cmp = rng.pick(&[Cmp::Ge, Cmp::Lt])?;
        Some(C::Cmp(cmp, e, E::Lit(rng.word(pool).into(), u)))
    }

    /// Those for whom a measure of their own holds, or who have it, of all.
    fn share_of_members(&self, rng: &mut Rng, unit: Period) -> Option<Measured> {
        let m = self.own(rng, unit)?;
        let some = match rng.chance(40) {
            true => E::OverMembers(OfMembers::Count, m.name.clone(), true),
            false => {
                let bound = E::Lit(rng.word(m.pool).into(), m.of);
                let cmp = rng.pick(&[Cmp::Ge, Cmp::Lt])?;
                E::Members(Some(Box::new(C::Cmp(cmp, E::Measure(m.name), bound))))
            }
        };
        let share = E::Bin('÷', Box::new(some), Box::new(E::Members(None)));
        Some((share, U::Percent, &["10", "50", "66", "90"]))
    }

    /// Another one of the same groups, or of everybody.
    fn beside(&self, rng: &mut Rng, whose: Holder, unit: Period) -> Option<Measured> {
        let fits =
            |m: &&MeasureItem| m.unit == unit && (m.whose == whose || m.whose == Holder::Everyone);
        let all: Vec<&MeasureItem> = self.measures.iter().filter(fits).collect();
        let all: Vec<&MeasureItem> = (all.into_iter())
            .filter(|m| m.whose != Holder::Account)
            .collect();
        let m = rng.pick(&all)?;
        let more = E::Lit(rng.word(m.pool).into(), m.of);
        let value = E::Bin('+', Box::new(E::Measure(m.name.clone())), Box::new(more));
        Some((value, m.of, m.pool))
    }
}

/// Of the same period and unit, without conditions.
fn plain(m: &MeasureItem) -> MeasureItem {
    MeasureItem {
        precision: None,
        least: None,
        valid: None,
        bare: true,
        part: false,
        ..m.clone()
    }
}

impl Lowering<'_> {
    fn place_of(&self, name: &str) -> MeasureIx {
        let places = Self::measure_places(self.policy);
        let version = self.version;
        let at = places.iter().position(|p| p.0 == name && p.1 == version);
        MeasureIx(ix(at.unwrap_or(0)))
    }

    /// A measure as a value: of groups, as what was found for the group.
    pub(super) fn read_measure(&mut self, name: &str) -> (ExprId, Dim) {
        let v = self.policy.versions.get(self.version);
        let found = v.and_then(|v| v.measures.iter().find(|m| m.name == name));
        let shared = found.is_some_and(|m| m.whose != Holder::Account);
        let (node, dim) = self.measure(name);
        if !shared {
            return (node, dim);
        }
        let shared = Expr::Shared(self.place_of(name));
        (self.exprs.add(shared, Ty::Num(dim)), dim)
    }

    /// 合计(…) over members.
    pub(super) fn over_members(
        &mut self,
        what: OfMembers,
        name: &str,
        skip: bool,
    ) -> (ExprId, Dim) {
        let (_, dim) = self.measure(name);
        let dim = if what == OfMembers::Count {
            Dim::PEOPLE
        } else {
            dim
        };
        let over = OverMembers {
            what,
            measure: self.place_of(name),
            skip,
        };
        (self.exprs.add(Expr::OverMembers(over), Ty::Num(dim)), dim)
    }

    /// 计数(居民 当 …)
    pub(super) fn members(&mut self, when: Option<&C>) -> (ExprId, Dim) {
        let when = when.map(|c| self.cond(c));
        let node = Expr::Members(when);
        (self.exprs.add(node, Ty::Num(Dim::PEOPLE)), Dim::PEOPLE)
    }
}
