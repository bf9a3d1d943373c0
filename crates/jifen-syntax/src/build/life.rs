//! `到期` and `衰减` of a currency: the parts as written; which belong together is a matter of check.

use super::{Builder, P, normalise};
use crate::ast::{LifeKind, LifePart, LifeStmt};
use crate::grammar::Rule;

impl Builder<'_> {
    pub(crate) fn life(&mut self, pair: P<'_>) -> LifeStmt {
        let mut decay = false;
        let mut parts = Vec::new();
        for p in pair.into_inner() {
            let span = self.span(&p);
            let kind = match p.as_rule() {
                Rule::kw_decay => {
                    decay = true;
                    continue;
                }
                Rule::kw_life_lot => LifeKind::Lot,
                Rule::kw_life_account => LifeKind::Account,
                Rule::kw_life_earned => LifeKind::Earned,
                Rule::kw_life_last_gain => idle(true, false),
                Rule::kw_life_last_spend => idle(false, true),
                Rule::kw_life_last_use => idle(true, true),
                Rule::kw_life_month_end => LifeKind::MonthEnd,
                Rule::kw_life_clock => LifeKind::Clock,
                Rule::kw_life_halved => LifeKind::Halved,
                Rule::kw_life_once => LifeKind::Once,
                Rule::life_date => month_day(p),
                Rule::when => match self.when(p) {
                    Some(e) => LifeKind::When(e),
                    None => continue,
                },
                Rule::life_age => match self.age(p) {
                    Some(kind) => kind,
                    None => continue,
                },
                Rule::life_reduced | Rule::life_again => {
                    let again = p.as_rule() == Rule::life_again;
                    let Some(quantity) = p.into_inner().find(is_quantity) else {
                        continue;
                    };
                    let value = self.expr(quantity);
                    if again {
                        LifeKind::Again(value)
                    } else {
                        LifeKind::Reduced(value)
                    }
                }
                _ => continue,
            };
            parts.push(LifePart { kind, span });
        }
        LifeStmt { decay, parts }
    }

    fn age(&mut self, pair: P<'_>) -> Option<LifeKind> {
        let (mut through, mut count) = (None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::kw_life_after => through = Some(false),
                Rule::kw_life_through => through = Some(true),
                _ => count = Some(self.expr(p)),
            }
        }
        count.map(|count| LifeKind::Age { through, count })
    }
}

fn idle(gains: bool, spends: bool) -> LifeKind {
    LifeKind::Idle { gains, spends }
}

fn is_quantity(p: &P<'_>) -> bool {
    matches!(p.as_rule(), Rule::quantity | Rule::han_quantity)
}

fn month_day(pair: P<'_>) -> LifeKind {
    let (mut next, mut month, mut day) = (false, 0, 0);
    for p in pair.into_inner() {
        match p.as_rule() {
            Rule::kw_life_next_year => next = true,
            Rule::month_day => (month, day) = numbers(&p),
            _ => {}
        }
    }
    LifeKind::Date { next, month, day }
}

/// Month and day as written, 0 where there is none.
pub(super) fn numbers(month_day: &P<'_>) -> (u32, u32) {
    let plain = normalise(month_day.as_str());
    let mut numbers = plain
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|n| n.parse().ok());
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}
