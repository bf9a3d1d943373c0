//! The second lowering of currencies and of the lives of their points.

use jifen_plan::{
    Age, Due, Floor as PlanFloor, Life as PlanLife, LifeWhen, Loss, MonthDay, VersionIx,
};

use super::lower::{ix, number, precision};
use super::tree::*;

pub(super) fn currency(c: &Currency, versions: usize) -> jifen_plan::Currency {
    jifen_plan::Currency {
        name: c.name.into(),
        precision: c.precision.map(precision),
        floor: match c.floor {
            Floor::At(f) => PlanFloor::At(number(f, U::Points)),
            Floor::Negative => PlanFloor::Negative,
            Floor::Owed => PlanFloor::Owed,
        },
        ceiling: c.ceiling.map(|n| number(n, U::Points)),
        lives: lives(c, versions),
        order: c.order,
        yuan: Vec::new(),
    }
}

/// For each version in which it stands; expiries of a version first, then by when.
pub(super) fn lives(c: &Currency, versions: usize) -> Vec<PlanLife> {
    let mut list = Vec::new();
    for version in 0..versions {
        for l in c.lives.iter().filter(|l| l.since <= version) {
            let date = |(m, d): (u32, u32)| MonthDay {
                month: u8::try_from(m).unwrap_or(1),
                day: u8::try_from(d).unwrap_or(1),
            };
            let due = match l.due {
                LifeDue::Age {
                    count,
                    unit,
                    month_end,
                    through,
                    clock,
                    again,
                } => Due::Age(Age {
                    count,
                    unit,
                    month_end,
                    through,
                    clock,
                    again: again.filter(|_| l.percent.is_some()),
                }),
                LifeDue::Date {
                    date: md,
                    next,
                    once,
                } => Due::LotDate {
                    date: date(md),
                    next,
                    yearly: l.percent.is_some() && !next && !once,
                },
                LifeDue::Idle {
                    gains,
                    spends,
                    count: (count, unit),
                    through,
                    again,
                } => Due::Idle {
                    age: Age {
                        count,
                        unit,
                        month_end: false,
                        through,
                        clock: false,
                        again: again.filter(|_| l.percent.is_some()),
                    },
                    gains,
                    spends: spends || !gains,
                },
                LifeDue::Account(md) => Due::AccountDate(date(md)),
            };
            let percent = l.percent.map(|p| number(p, U::Percent));
            list.push(PlanLife {
                version: VersionIx(ix(version)),
                due,
                loss: percent.map_or(Loss::All, Loss::Share),
                when: l.when.map(|(cmp, than)| LifeWhen {
                    cmp,
                    than: number(than, U::Points),
                }),
            });
        }
    }
    list.sort_by_key(|l| (l.version, l.loss, l.due, l.when.map(LifeWhen::rank)));
    list
}
