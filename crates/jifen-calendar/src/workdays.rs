//! Working days from a published calendar (S5); reading its file is in `workdays_file`, and nothing is guessed.

use crate::Day;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The published holidays and shifted working days of some years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkCalendar {
    /// What the calendar is called.
    pub name: String,
    /// Who published it.
    pub citation: String,
    /// The years it knows.
    pub years: BTreeMap<i32, YearDays>,
}

/// One year of a [`WorkCalendar`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct YearDays {
    /// The notice that fixed this year.
    #[serde(default)]
    pub citation: String,
    /// Days off, weekends among them or not.
    pub holidays: Vec<Day>,
    /// Saturdays and Sundays that are worked (调休上班).
    pub workdays: Vec<Day>,
}

/// The calendar does not know this year, so no working day in it can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MissingYear(pub i32);

impl fmt::Display for MissingYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the calendar has no year {}", self.0)
    }
}

impl std::error::Error for MissingYear {}

impl WorkCalendar {
    /// Whether a day is worked: Monday to Friday except holidays, and shifted working days.
    pub fn is_working(&self, day: Day) -> Result<bool, MissingYear> {
        let year = day.ymd().0;
        let days = self.years.get(&year).ok_or(MissingYear(year))?;
        if days.workdays.contains(&day) {
            return Ok(true);
        }
        Ok(day.weekday() <= 5 && !days.holidays.contains(&day))
    }

    /// The `n`-th working day strictly after `day`, as though every day of a year that the calendar lacks were worked: no
    /// earlier can it be. With the first such year on the way.
    #[must_use]
    pub fn earliest_working_day(&self, day: Day, n: u32) -> (Day, Option<MissingYear>) {
        let (mut at, mut left, mut lacks) = (day, n, None);
        while left > 0 {
            at = at.add_days(1);
            match self.is_working(at) {
                Ok(true) => left -= 1,
                Ok(false) => {}
                Err(year) => {
                    left -= 1;
                    lacks = lacks.or(Some(year));
                }
            }
        }
        (at, lacks)
    }

    /// The `n`-th working day strictly after `day`; `day` itself when `n` is 0.
    pub fn add_working_days(&self, day: Day, n: u32) -> Result<Day, MissingYear> {
        match self.earliest_working_day(day, n) {
            (at, None) => Ok(at),
            (_, Some(year)) => Err(year),
        }
    }
}
