//! Does a generated policy count in working days? Then its header names the calendar.

use jifen_plan::AgeUnit;

use super::tree::*;

impl Policy {
    /// Does any review or join count working days?
    #[must_use]
    pub fn uses_working_days(&self) -> bool {
        fn lines(l: &[Line]) -> bool {
            l.iter().any(|l| match l {
                Line::Review(r) => {
                    r.publish.is_some_and(|p| p.1) || r.lapse.flatten().is_some_and(|l| l.1)
                }
                _ => false,
            })
        }
        fn joins(i: &Item) -> bool {
            use super::joins::{Join, Near};
            let working =
                |j: &Join| matches!(j.near, Near::Days(_, true) | Near::Office(_, _, _, true));
            i.joins.iter().any(working)
        }
        fn category(c: &Category) -> bool {
            c.items.iter().any(|i| lines(&i.lines) || joins(i)) || c.inner.iter().any(category)
        }
        fn life(l: &Life) -> bool {
            match l.due {
                LifeDue::Age { unit, .. }
                | LifeDue::Idle {
                    count: (_, unit), ..
                } => unit == AgeUnit::WorkingDays,
                LifeDue::Date { .. } | LifeDue::Account(_) => false,
            }
        }
        let mut lives = self.currencies.iter().flat_map(|c| &c.lives);
        lives.any(life)
            || self
                .versions
                .iter()
                .any(|v| v.categories.iter().any(category))
    }
}
