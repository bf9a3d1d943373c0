//! Random ranks, grades, flags and rights: their text, their second lowering, and who reads them.

use jifen_calendar::{Day, Period};
use jifen_data::Was;
use jifen_plan::{
    AtLine, AttrIx, Cmp, Expr, ExprId, Fall, Flag, Grade, Holder, Rank, Right, RosterIx, Standing,
    StandingIx, StandingKind, StandingRead, Take, Ties, Times, TimesOf, Ty, Value, VersionIx,
};
use jifen_quantity::{Decimal, Dim, Rounding};

use super::lower::{Lowering, ix, number};
use super::make::{Maker, ROUNDINGS};
use super::measures::MeasureItem;
use super::tree::*;
use crate::rng::Rng;

/// 排名, 等级, 标记, 权益
#[derive(Clone, Debug)]
pub struct StandItem {
    /// Name.
    pub name: String,
    /// Of each, of groups or of everybody.
    pub whose: Holder,
    /// Its period.
    pub unit: Period,
    /// What it is.
    pub what: What,
}

/// What a standing is.
#[derive(Clone, Debug)]
pub enum What {
    /// 排名
    Rank {
        /// 按 and 同分比较: value, 低者在前.
        keys: Vec<(E, bool)>,
        /// 分组
        within: Option<&'static str>,
        /// 参评范围; none: 在册.
        among: Option<C>,
        /// 占位
        gaps: bool,
        /// 取整
        round: Rounding,
        /// 末位并列 全取
        all_in: bool,
    },
    /// 等级: 按, and of each level but the last when it is reached.
    Grade {
        /// With what bounds are compared.
        by: Option<E>,
        /// The rows.
        rows: Vec<Row>,
        /// 降级
        fall: Fall,
    },
    /// 标记
    Flag {
        /// 提示
        notice: bool,
        /// 当
        when: C,
        /// 连续, 累计
        times: Option<Times>,
    },
    /// 权益: 当, how much, and 否则.
    Right {
        /// 当
        when: C,
        /// { 1.5票 } and 否则 { 1票 }
        worth: Option<(&'static str, Option<&'static str>)>,
        /// 有效 n个月; none: 有效 次…
        months: Option<u16>,
    },
}

impl StandItem {
    /// Is it a grade by this measure?
    pub(super) fn graded_by(&self, name: &str) -> bool {
        matches!(&self.what, What::Grade { by: Some(E::Measure(n)), .. } if n == name)
    }
}

/// When a level is reached.
#[derive(Clone, Debug)]
pub enum Row {
    /// `5 以上`
    From(&'static str),
    /// `前 20%`
    Top(&'static str),
    /// `当 …`
    When(C),
}

/// What is asked of a standing.
#[derive(Clone, Debug)]
pub enum Asked {
    /// 前 n名
    First(&'static str),
    /// 前 n%
    Top(&'static str),
    /// 为 a level; 不低于 it (true).
    Level(usize, bool),
    /// A flag, or a right without an amount.
    Is,
    /// A right of at least so many votes.
    Votes(&'static str),
}

/// The levels of all grades, the best first.
pub(super) const LEVELS: [&str; 3] = ["甲等", "乙等", "丙等"];
/// Measures of points: no item of the period reads them but where it gives other points.
pub(super) const OF_POINTS: &str = "账";

impl Maker<'_> {
    /// The standings of a version; measures and items are made.
    pub(super) fn standings(&mut self, rng: &mut Rng) {
        self.standings = Vec::new();
        let fond = self.taste.has(super::taste::Fond::Aggregates)
            || self.taste.has(super::taste::Fond::Periods);
        let more = self.taste.has(super::taste::Fond::Standings);
        if !rng.chance(match (more, fond) {
            (true, _) => 95,
            _ if !self.scores.is_empty() => 75,
            (_, true) => 45,
            _ => 14,
        }) {
            return;
        }
        let units = [
            Period::Week,
            Period::Week,
            Period::Month,
            Period::Month,
            Period::Month,
            Period::Quarter,
        ];
        let scored: Vec<Period> = self.scores.iter().map(|s| s.unit).collect();
        let unit = match rng.pick(&scored).filter(|_| rng.chance(75)) {
            Some(unit) => unit,
            None => rng.pick(&units).unwrap_or(Period::Month),
        };
        self.shared_standings(rng);
        if rng.chance(50) {
            let (name, value) = (self.name(OF_POINTS), self.account_then(rng));
            self.measures.push(MeasureItem {
                name,
                whose: Holder::Account,
                unit,
                value,
                of: U::Pure,
                pool: BOUNDS,
                precision: None,
                least: None,
                valid: None,
                bare: true,
                part: false,
            });
        }
        let scored = self.scores.iter().any(|s| s.unit == unit);
        for n in 0..1 + rng.below(4) + usize::from(more) {
            let what = match rng.below(5) + usize::from(n == 0 && rng.chance(40)) * 10 {
                _ if n == 1 && scored => self.a_grade(rng, unit),
                0 | 10.. => Some(self.a_rank(rng, unit)),
                1 | 4 => self.a_grade(rng, unit),
                2 => self.a_flag(rng, unit),
                _ => self.a_right(rng, unit),
            };
            if let Some(what) = what {
                let name = self.name("榜");
                self.standings.push(StandItem {
                    name,
                    whose: Holder::Account,
                    unit,
                    what,
                });
            }
        }
    }

    /// A number of the period.
    fn compared(&self, rng: &mut Rng, unit: Period) -> E {
        let own: Vec<&MeasureItem> = self.measures.iter().filter(|m| m.unit == unit).collect();
        match (rng.below(5), rng.pick(&own)) {
            (0 | 1, Some(m)) => E::Measure(m.name.clone()),
            (2, _) => match self.counted(rng) {
                Some((e, U::Times | U::Pure | U::Points, _)) => e,
                _ => self.account_then(rng),
            },
            (3, _) if self.rank_of(rng, unit).is_some() => match self.rank_of(rng, unit) {
                Some(name) => E::Place(name, false),
                None => self.account_then(rng),
            },
            _ => self.account_then(rng),
        }
    }

    fn rank_of(&self, rng: &mut Rng, unit: Period) -> Option<String> {
        let ranks: Vec<&StandItem> = (self.standings.iter())
            .filter(|s| s.unit == unit && matches!(s.what, What::Rank { .. }))
            .collect();
        rng.pick(&ranks).map(|s| s.name.clone())
    }

    fn a_rank(&self, rng: &mut Rng, unit: Period) -> What {
        let mut keys = vec![(self.compared(rng, unit), rng.chance(20))];
        while rng.chance(25) {
            keys.push((self.compared(rng, unit), rng.chance(40)));
        }
        What::Rank {
            keys,
            within: rng
                .pick(&[None, None, Some("社区"), Some("角色"), Some("家庭")])
                .flatten(),
            among: rng.chance(40).then(|| self.asked_of_period(rng, unit)),
            gaps: rng.chance(60),
            round: rng.pick(&ROUNDINGS).unwrap_or(Rounding::Down),
            all_in: rng.chance(60),
        }
    }

    fn a_grade(&self, rng: &mut Rng, unit: Period) -> Option<What> {
        let fall = rng.pick(&[
            Fall::Freely,
            Fall::Stepwise,
            Fall::Stepwise,
            Fall::Never,
            Fall::Never,
        ])?;
        let rank = self.rank_of(rng, unit);
        let scored = self.scores.iter().any(|s| s.unit == unit);
        let kind = if scored && rng.chance(80) {
            2
        } else {
            rng.below(3)
        };
        let (by, rows) = match (kind, rank) {
            (0, Some(name)) => {
                let rows = vec![
                    Row::Top(rng.word(&["20", "34"])),
                    Row::Top(rng.word(&["50", "67"])),
                ];
                (Some(E::Place(name, true)), rows)
            }
            (1, _) => {
                let when = |rng: &mut Rng| Row::When(self.asked_of_period(rng, unit));
                (None, vec![when(rng), when(rng)])
            }
            _ => {
                let mut by = match rng.chance(50) {
                    true => self.account_then(rng),
                    false => self.compared(rng, unit),
                };
                let scores: Vec<_> = self.scores.iter().filter(|s| s.unit == unit).collect();
                if let (true, Some(s)) = (rng.chance(80), rng.pick(&scores)) {
                    by = E::Measure(s.name.clone());
                }
                (
                    Some(by),
                    vec![
                        Row::From(rng.word(&["10", "30"])),
                        Row::From(rng.word(&["1", "5"])),
                    ],
                )
            }
        };
        Some(What::Grade { by, rows, fall })
    }

    fn a_flag(&self, rng: &mut Rng, unit: Period) -> Option<What> {
        let of = match rng.below(5) {
            0 | 1 => Some(TimesOf::Running {
                skip: rng.chance(50),
            }),
            2 => Some(TimesOf::Ever),
            3 => Some(TimesOf::Last(rng.pick(&[2, 3, 4])?)),
            _ => None,
        };
        let n = rng.pick(&[1, 2, 2, 2])?;
        Some(What::Flag {
            notice: rng.chance(15),
            when: self.asked_of_period(rng, unit),
            times: of.map(|of| Times { n, of }),
        })
    }

    fn a_right(&self, rng: &mut Rng, unit: Period) -> Option<What> {
        let worth = match rng.below(3) {
            0 => None,
            1 => Some((rng.word(&["1.5", "2"]), None)),
            _ => Some((rng.word(&["1.5", "2"]), Some("1"))),
        };
        Some(What::Right {
            when: self.asked_of_period(rng, unit),
            worth,
            months: rng.pick(&[None, None, Some(1), Some(2), Some(5)])?,
        })
    }

    /// A condition that is known when the period has closed.
    fn asked_of_period(&self, rng: &mut Rng, unit: Period) -> C {
        if rng.chance(60)
            && let Some(c) = self.asked(rng, Some(unit), false)
        {
            return c;
        }
        let e = self.compared(rng, unit);
        let bound = match &e {
            E::Measure(name) => self.measures.iter().find(|m| m.name == *name),
            _ => None,
        };
        let bound = match bound {
            Some(m) => E::Lit(rng.word(m.pool).into(), m.of),
            None => E::Lit(rng.word(BOUNDS).into(), U::Pure),
        };
        let cmp = rng.pick(&[Cmp::Ge, Cmp::Lt, Cmp::Gt]).unwrap_or(Cmp::Ge);
        C::Cmp(cmp, e, bound)
    }

    /// What can be asked of some standing: of this period, of the period before (of any), or, of a right, on the day.
    fn asked(&self, rng: &mut Rng, unit: Option<Period>, fact: bool) -> Option<C> {
        let all: Vec<&StandItem> = (self.standings.iter())
            .filter(|s| !matches!(s.what, What::Flag { notice: true, .. }))
            .collect();
        let shared: Vec<&StandItem> = (all.iter().copied())
            .filter(|s| s.whose != Holder::Account)
            .collect();
        let s = match rng.pick(&shared).filter(|_| rng.chance(50)) {
            Some(s) => s,
            None => rng.pick(&all)?,
        };
        let right = matches!(s.what, What::Right { .. });
        let before = !right && (fact || unit != Some(s.unit) || rng.chance(20));
        let asked = match &s.what {
            What::Rank { .. } => match rng.below(2) {
                0 => Asked::First(rng.word(&["1", "2", "3"])),
                _ => Asked::Top(rng.word(&["20", "34", "50"])),
            },
            What::Grade { .. } => Asked::Level(rng.below(3), rng.chance(40)),
            What::Right { worth: Some(_), .. } => Asked::Votes(rng.word(&["1", "1.5"])),
            What::Flag { .. } | What::Right { .. } => Asked::Is,
        };
        Some(C::Stands(s.name.clone(), before, asked))
    }

    /// Facts and periods ask how their subjects stand.
    pub(super) fn who_asks(&self, rng: &mut Rng, categories: &mut [Category]) {
        if self.standings.is_empty() {
            return;
        }
        for c in categories {
            let other = c.credit.len() == 1 && self.currencies.len() > 1;
            for item in &mut c.items {
                let (unit, often) = match item.on {
                    On::Kind(..) => (None, 30),
                    // What it gives must not be what it reads: most likely other points.
                    On::Every(unit, false, _) if other && rng.chance(60) => (Some(unit), 50),
                    On::Every(..) => (None, 40),
                };
                if rng.chance(often)
                    && let Some(asked) = self.asked(rng, unit, unit.is_none())
                {
                    item.requires.push((asked, None));
                }
            }
            self.who_asks(rng, &mut c.inner);
        }
    }
}

/// Of points, counts and places.
const BOUNDS: &[&str] = &["1", "2", "5", "10", "30"];

/// How some stood in the periods before the first version.
pub(super) fn taken_over(
    rng: &mut Rng,
    p: &Policy,
    subjects: usize,
    out: &mut Vec<(String, usize, Day, Was)>,
) {
    let Some(v) = p.versions.first() else { return };
    for s in v.standings.iter().filter(|s| s.whose == Holder::Account) {
        if !rng.chance(50) {
            continue;
        }
        let mut period = s.unit.bounds(Day(v.from));
        for _ in 0..1 + rng.below(3) {
            period = s.unit.bounds(period.0.add_days(-1));
            for subject in 0..subjects {
                let yes = rng.chance(60);
                let was = match &s.what {
                    What::Rank { .. } => continue,
                    What::Grade { .. } => Was::Level([0, 1, 2, 2][rng.below(4)]),
                    What::Flag { .. } => Was::Held(yes),
                    What::Right { worth: None, .. } => Was::Right(yes, None),
                    What::Right { .. } => {
                        let votes = number(rng.word(&["1", "1.5", "2"]), U::Pure);
                        Was::Right(yes, yes.then_some(votes))
                    }
                };
                if rng.chance(70) {
                    out.push((s.name.clone(), subject, period.0, was));
                }
            }
        }
    }
}

/// Of a later version.
pub(super) fn mutate(rng: &mut Rng, standings: &mut [StandItem]) {
    for s in standings {
        match &mut s.what {
            What::Rank { gaps, all_in, .. } => {
                *gaps ^= rng.chance(30);
                *all_in ^= rng.chance(30);
            }
            What::Grade { fall, .. } if rng.chance(30) => *fall = Fall::Freely,
            What::Right { months, .. } if rng.chance(40) => *months = Some(3),
            _ => {}
        }
    }
}

impl<'a> Lowering<'a> {
    fn standing_places(p: &Policy) -> Vec<(String, usize)> {
        let all = p.versions.iter().enumerate();
        let named = |(n, v): (usize, &Version)| -> Vec<(String, usize)> {
            v.standings.iter().map(|s| (s.name.clone(), n)).collect()
        };
        let mut all: Vec<(String, usize)> = all.flat_map(named).collect();
        all.sort();
        all
    }

    fn standing_ix(&self, name: &str) -> StandingIx {
        let places = Self::standing_places(self.policy);
        let at = (places.iter()).position(|p| p.0 == name && p.1 == self.version);
        StandingIx(ix(at.unwrap_or(0)))
    }

    /// As the Plan should have them; the last thing that is lowered.
    pub(super) fn standings(&mut self) -> Vec<Standing> {
        let mut out = Vec::new();
        for (name, n) in Self::standing_places(self.policy) {
            self.version = n;
            self.kind = None;
            let versions = self.policy.versions.get(n);
            let found = versions.and_then(|v| v.standings.iter().find(|s| s.name == name));
            if let Some(s) = found {
                out.push(Standing {
                    name: name.clone(),
                    version: VersionIx(ix(n)),
                    roster: RosterIx(0),
                    of: s.whose,
                    unit: s.unit,
                    what: self.stands(&s.what),
                });
            }
        }
        out
    }

    fn stands(&mut self, what: &What) -> StandingKind {
        match what {
            What::Rank {
                keys,
                within,
                among,
                gaps,
                round,
                all_in,
            } => {
                let mut all: Vec<(ExprId, bool)> = Vec::new();
                for (e, low) in keys {
                    all.push((self.expr(e).0, *low));
                }
                let among = among.as_ref().map(|c| self.cond(c));
                let (by, low_first) = all.remove(0);
                let attr = |n: &str| ATTRS.iter().position(|a| a.0 == n).unwrap_or(0);
                StandingKind::Rank(Rank {
                    by,
                    low_first,
                    then: all,
                    within: within.map(|n| AttrIx(ix(attr(n)))),
                    among,
                    ties: if *gaps { Ties::Gaps } else { Ties::Dense },
                    round: Some(*round),
                    at_line: if *all_in {
                        AtLine::AllIn
                    } else {
                        AtLine::AllOut
                    },
                })
            }
            What::Grade { by, rows, fall } => {
                let veto = self.veto(by.as_ref());
                let mut conds = Vec::new();
                for (row, level) in rows.iter().zip([2, 1]) {
                    let cond = match (row, by) {
                        (Row::When(c), _) => self.cond(c),
                        (Row::From(n), Some(e)) => {
                            let bound = E::Lit((*n).into(), U::Pure);
                            self.cond(&C::Cmp(Cmp::Ge, e.clone(), bound))
                        }
                        (Row::Top(p), Some(E::Place(rank, _))) => {
                            self.cond(&C::Stands(rank.clone(), false, Asked::Top(p)))
                        }
                        _ => continue,
                    };
                    conds.push((cond, self.exprs.number(Decimal::from_int(level), Dim::PURE)));
                }
                let rest = self.exprs.number(Decimal::ZERO, Dim::PURE);
                let level = Expr::First { rows: conds, rest };
                StandingKind::Grade(Grade {
                    veto,
                    level: self.exprs.add(level, Ty::Num(Dim::PURE)),
                    names: LEVELS.iter().rev().map(|l| (*l).to_owned()).collect(),
                    fall: *fall,
                })
            }
            What::Flag {
                notice,
                when,
                times,
            } => StandingKind::Flag(Flag {
                notice: *notice,
                when: self.cond(when),
                times: times.map(|t| Times {
                    n: t.n,
                    of: match t.of {
                        TimesOf::Last(m) => TimesOf::Last(m.max(t.n)),
                        of => of,
                    },
                }),
            }),
            What::Right {
                when,
                worth,
                months,
            } => {
                let when = self.cond(when);
                let mut votes = |n: &str| self.exprs.number(number(n, U::Pure), Dim::VOTES);
                let (has, worth) = match worth {
                    None => (when, None),
                    Some((n, None)) => (when, Some(votes(n))),
                    Some((n, Some(rest))) => {
                        let (n, rest) = (votes(n), votes(rest));
                        let rows = vec![(when, n)];
                        let first = Expr::First { rows, rest };
                        let worth = self.exprs.add(first, Ty::Num(Dim::VOTES));
                        let yes = Expr::Const(Value::YesNo(true));
                        (self.exprs.add(yes, Ty::YesNo), Some(worth))
                    }
                };
                let months = *months;
                StandingKind::Right(Right { has, worth, months })
            }
        }
    }

    /// 榜.名次
    pub(super) fn place(&mut self, name: &str) -> (ExprId, Dim) {
        let read = StandingRead {
            standing: self.standing_ix(name),
            take: Take::Place,
            back: 0,
        };
        self.add(Expr::Standing(read), Dim::PURE)
    }

    /// A condition on a standing.
    pub(super) fn asked(&mut self, name: &str, before: bool, asked: &Asked) -> ExprId {
        let standing = self.standing_ix(name);
        let back = u16::from(before);
        let read = |take| {
            Expr::Standing(StandingRead {
                standing,
                take,
                back,
            })
        };
        match asked {
            Asked::First(n) => {
                let n = self.exprs.number(number(n, U::Pure), Dim::PEOPLE);
                self.exprs.add(read(Take::First(n)), Ty::YesNo)
            }
            Asked::Top(p) => {
                let p = self.exprs.number(number(p, U::Percent), Dim::PURE);
                self.exprs.add(read(Take::Top(p)), Ty::YesNo)
            }
            Asked::Level(level, least) => {
                let of = self.exprs.add(read(Take::Level), Ty::Text);
                let text = |l: &&str| Value::Text((**l).into());
                let node = match least {
                    true => {
                        let mut all: Vec<Value> = LEVELS.iter().take(level + 1).map(text).collect();
                        all.sort();
                        Expr::OneOf(of, all)
                    }
                    false => {
                        let own = Expr::Const(Value::Text(LEVELS[*level].into()));
                        let own = self.exprs.add(own, Ty::Text);
                        Expr::Compare(Cmp::Eq, of, own)
                    }
                };
                self.exprs.add(node, Ty::YesNo)
            }
            Asked::Is => {
                let v = self.policy.versions.get(self.version);
                let found = v.and_then(|v| v.standings.iter().find(|s| s.name == name));
                let right = found.is_some_and(|s| matches!(s.what, What::Right { .. }));
                let take = if right { Take::InForce } else { Take::Flagged };
                self.exprs.add(read(take), Ty::YesNo)
            }
            Asked::Votes(n) => {
                let of = self.exprs.add(read(Take::Worth), Ty::Num(Dim::VOTES));
                let n = self.exprs.number(number(n, U::Pure), Dim::VOTES);
                self.exprs.add(Expr::Compare(Cmp::Ge, of, n), Ty::YesNo)
            }
        }
    }
}
