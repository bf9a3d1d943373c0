//! Calendar periods and the windows of caps and aggregates, as half-open ranges of days (S4); hours are in `clock`.

use crate::Day;
use serde::{Deserialize, Serialize};

/// A calendar period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Period {
    /// A civil day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// January–March, April–June, July–September, October–December.
    Quarter,
    /// January–June, July–December.
    HalfYear,
    /// A calendar year.
    Year,
}

impl Period {
    /// The period that contains `day`: its first day and the first day after it.
    #[must_use]
    pub fn bounds(self, day: Day) -> (Day, Day) {
        let months = match self {
            Period::Day => return (day, day.add_days(1)),
            Period::Week => {
                let monday = day.add_days(1 - i64::from(day.weekday()));
                return (monday, monday.add_days(7));
            }
            Period::Month => 1,
            Period::Quarter => 3,
            Period::HalfYear => 6,
            Period::Year => 12,
        };
        let (_, month, day_of_month) = day.ymd();
        let first_of_month = day.add_days(1 - i64::from(day_of_month));
        let start = first_of_month.add_months(-(i64::from(month - 1) % months));
        (start, start.add_months(months))
    }

    /// The first day of the next period.
    #[must_use]
    pub fn next_start(self, day: Day) -> Day {
        self.bounds(day).1
    }

    /// A number that names the period: the day number of its first day.
    #[must_use]
    pub fn key(self, day: Day) -> i32 {
        self.bounds(day).0.0
    }
}

/// Over which days something is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Window {
    /// 每次: each fact by itself.
    Occasion,
    /// A calendar period.
    Period(Period),
    /// So many civil days, the day itself included; rolling weeks are seven times as many.
    RollingDays(u32),
    /// So many months up to and including the day.
    RollingMonths(u32),
    /// All time.
    Lifetime,
}

impl Window {
    /// The days that count together with `day`, half-open.
    ///
    /// For [`Window::Occasion`] this is the day itself: facts are told apart by the caller, not by days.
    #[must_use]
    pub fn range(self, day: Day) -> (Day, Day) {
        let after = day.add_days(1);
        match self {
            Window::Occasion => (day, after),
            Window::Period(period) => period.bounds(day),
            Window::RollingDays(n) => (day.add_days(1 - i64::from(n)), after),
            Window::RollingMonths(n) => (day.add_months(-i64::from(n)).add_days(1), after),
            Window::Lifetime => (Day::MIN, Day::MAX),
        }
    }
}
