//! Civil time by chrono and by counting: days since 1970-01-01, seconds since its midnight. Half-open everywhere (S4).

use chrono::{Datelike, Duration, Months, NaiveDate};
use jifen_calendar::{ClockWindow, Period, Window, WorkCalendar};

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// The date of a day number.
pub fn date(day: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(1970, 1, 1)
        .zip(Duration::try_days(day))
        .and_then(|(epoch, days)| epoch.checked_add_signed(days))
        .unwrap_or(NaiveDate::MAX)
}

fn number(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce()) - 719_163
}

/// Year, month, day of the month.
pub fn date_parts(day: i64) -> (i32, u32, u32) {
    let d = date(day);
    (d.year(), d.month(), d.day())
}

/// The day number of a date.
pub fn day_of(year: i32, month: u32, day: u32) -> i64 {
    NaiveDate::from_ymd_opt(year, month, day).map_or(i64::MAX / DAY / 2, number)
}

/// The first day of the year of a day.
pub fn year_of(day: i64) -> i64 {
    day_of(date(day).year(), 1, 1)
}

/// S5: adding months lands on the last day of a shorter month.
pub fn add_months(day: i64, months: i32) -> i64 {
    let (from, step) = (date(day), Months::new(months.unsigned_abs()));
    let to = if months < 0 {
        from.checked_sub_months(step)
    } else {
        from.checked_add_months(step)
    };
    to.map_or(day, number)
}

/// S8 周岁: full years of age.
pub fn age(birth: i64, on: i64) -> i64 {
    let years = date(on).year() - date(birth).year();
    let had_birthday = add_months(birth, years * 12) <= on;
    i64::from(if had_birthday { years } else { years - 1 })
}

/// The latest anniversary that is not after a day: from the year after next backwards until one is found.
pub fn year_start(from: i64, on: i64) -> i64 {
    let mut years = date(on).year() - date(from).year() + 1;
    while add_months(from, years * 12) > on {
        years -= 1;
    }
    add_months(from, years * 12)
}

/// First day of the period and first day after it.
pub fn period(unit: Period, day: i64) -> (i64, i64) {
    let d = date(day);
    let monday = day - i64::from(d.weekday().num_days_from_monday());
    let months = match unit {
        Period::Day => return (day, day + 1),
        Period::Week => return (monday, monday + 7),
        Period::Month => 1,
        Period::Quarter => 3,
        Period::HalfYear => 6,
        Period::Year => 12,
    };
    let first_month = d.month0() / months * months + 1;
    let first = NaiveDate::from_ymd_opt(d.year(), first_month, 1).map_or(day, number);
    (first, add_months(first, months as i32))
}

/// S4: does a charge dated `other` count together with one dated `day`? (每次 is told apart by its run, not here.)
pub fn same_window(window: Window, day: i64, other: i64) -> bool {
    match window {
        Window::Occasion => day == other,
        Window::Lifetime => true,
        Window::Period(unit) => period(unit, day) == period(unit, other),
        Window::RollingDays(n) => other <= day && day < other + i64::from(n),
        Window::RollingMonths(n) => other <= day && add_months(day, -(n as i32)) < other,
    }
}

/// S9: is this instant inside one of the windows of the clock?
pub fn in_clock(windows: &[ClockWindow], at: i64) -> bool {
    let second = at.rem_euclid(DAY);
    windows.iter().any(|w| {
        let (from, to) = (i64::from(w.from), i64::from(w.to));
        (from <= second && second < to) || (from <= second + DAY && second + DAY < to)
    })
}

/// S9: the parts cut at every edge of the windows and joined again where nothing changes; with what each lies inside of.
pub fn cut(parts: &[(i64, i64)], windows: &[&[ClockWindow]]) -> Vec<(i64, i64, Vec<bool>)> {
    let mut out: Vec<(i64, i64, Vec<bool>)> = Vec::new();
    for &(from, to) in parts {
        let mut edges = vec![from, to];
        for w in windows.iter().flat_map(|set| set.iter()) {
            for day in from.div_euclid(DAY) - 1..=to.div_euclid(DAY) {
                edges.push(day * DAY + i64::from(w.from));
                edges.push(day * DAY + i64::from(w.to));
            }
        }
        edges.retain(|e| from <= *e && *e <= to);
        edges.sort_unstable();
        edges.dedup();
        for pair in edges.windows(2) {
            let &[a, b] = pair else { continue };
            let inside: Vec<bool> = windows.iter().map(|set| in_clock(set, a)).collect();
            match out.last_mut() {
                Some(last) if last.1 == a && a != from && last.2 == inside => last.1 = b,
                _ => out.push((a, b, inside)),
            }
        }
    }
    out
}

/// S5: the n-th working day after `day`, or the first year that the calendar lacks.
pub fn working_day(calendar: Option<&WorkCalendar>, day: i64, n: u32) -> Result<i64, i32> {
    let (mut at, mut left) = (day, n);
    while left > 0 {
        at += 1;
        if is_working(calendar, at)? {
            left -= 1;
        }
    }
    Ok(at)
}

/// The earliest that the n-th working day after `day` can be, and the first year on the way that the calendar lacks.
pub fn earliest_working_day(
    calendar: Option<&WorkCalendar>,
    day: i64,
    n: i64,
) -> (i64, Option<i32>) {
    let (mut at, mut worked, mut lacking) = (day, 0, Vec::new());
    while worked < n {
        at += 1;
        match is_working(calendar, at) {
            Ok(true) => worked += 1,
            Ok(false) => {}
            Err(year) => {
                worked += 1;
                lacking.push(year);
            }
        }
    }
    (at, lacking.into_iter().min())
}

/// S5: is this a working day? Or the year that the calendar lacks.
pub fn is_working(calendar: Option<&WorkCalendar>, at: i64) -> Result<bool, i32> {
    let year = date(at).year();
    let days = calendar.and_then(|c| c.years.get(&year)).ok_or(year)?;
    let listed = |list: &[jifen_calendar::Day]| list.iter().any(|d| i64::from(d.0) == at);
    let weekend = date(at).weekday().num_days_from_monday() >= 5;
    Ok(listed(&days.workdays) || (!weekend && !listed(&days.holidays)))
}

/// `YYYY-MM-DD`
pub fn day_text(day: i64) -> String {
    date(day).format("%Y-%m-%d").to_string()
}

/// `YYYY-MM-DDTHH:MM:SS`
pub fn instant_text(at: i64) -> String {
    let s = at.rem_euclid(DAY);
    let day = day_text(at.div_euclid(DAY));
    format!("{day}T{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
}
