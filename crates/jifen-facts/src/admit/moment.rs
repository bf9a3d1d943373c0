//! The day and time of a row, from one column or two.

use super::kinds::Part;
use crate::fault::CellFault;
use crate::value::time::{When, clock_alone, no_day, when};
use crate::value::trim;
use crate::view::{Times, View};
use jifen_calendar::{Day, Instant, Period, Zone};
use jifen_diag::text;

pub(super) type Moment = Result<Option<When>, CellFault>;

/// A day or instant; none for a blank.
pub(super) fn moment(
    part: &Part<'_>,
    column: usize,
    view: View<'_>,
    row: usize,
    period: Option<Period>,
    zone: &Zone,
) -> Moment {
    if let View::Typed(array) = view
        && let Some(times) = Times::new(array)
    {
        return Ok(times.get(row, zone).map(|at| match times.days {
            true => When::Day(at.day()),
            false => When::Instant(at),
        }));
    }
    let cell = view.text(row, zone);
    let cell = trim(&cell);
    if cell.is_empty() {
        return Ok(None);
    }
    if let Some(period) = period
        && let Some(day) = crate::value::date::period_day(cell, period)
    {
        return Ok(Some(When::Day(day)));
    }
    when(cell, part.table.style(column), zone).map(Some)
}

/// A column of times beside a column of dates: a clock time is of that day.
pub(super) fn time_of_day(
    part: &Part<'_>,
    column: usize,
    view: View<'_>,
    row: usize,
    zone: &Zone,
    day: Option<Day>,
) -> Moment {
    if matches!(view, View::Typed(array) if Times::new(array).is_some()) {
        return moment(part, column, view, row, None, zone);
    }
    let cell = view.text(row, zone);
    match (clock_alone(&cell), day) {
        (Some(seconds), Some(day)) => {
            Ok(Some(When::Instant(Instant::from_day_seconds(day, seconds))))
        }
        (Some(_), None) => Err(no_day(trim(&cell))),
        (None, _) => moment(part, column, view, row, None, zone),
    }
}

type Where = (usize, Moment);

/// The instant of an event from its day and, where there is one, its time; the column at fault otherwise.
pub(super) fn event_time(
    day: Option<Where>,
    exact: Option<Where>,
    has_span: bool,
) -> Result<(Instant, bool), (usize, CellFault)> {
    let date = match day {
        Some((column, moment)) => match moment.map_err(|f| (column, f))? {
            Some(when) => Some(when),
            None => return Err((column, date_missing())),
        },
        None => None,
    };
    // Without its day a time is not at fault.
    let exact = match exact {
        Some((column, moment)) => moment.map_err(|f| (column, f))?.map(|when| (column, when)),
        None => None,
    };
    match (date, exact) {
        (Some(When::Instant(at)), _) => Ok((at, false)),
        (Some(When::Day(day)), Some((_, When::Instant(at)))) if at.day() == day => Ok((at, false)),
        (Some(When::Day(_)), Some((column, When::Instant(_)))) => Err((column, differ())),
        (Some(When::Day(day)), _) => Ok((day.start(), true)),
        (None, Some((_, When::Instant(at)))) => Ok((at, false)),
        (None, Some((_, When::Day(day)))) => Ok((day.start(), true)),
        // The span says when.
        (None, None) if has_span => Ok((Instant(0), true)),
        (None, None) => Err((usize::MAX, date_missing())),
    }
}

pub(super) fn date_missing() -> CellFault {
    CellFault::new(
        "date_missing",
        text!(zh = "没有日期", en = "the date is missing"),
        text!(zh = "补上日期", en = "fill in the date"),
    )
}

fn differ() -> CellFault {
    CellFault::new(
        "date_time_differ",
        text!(
            zh = "开始时间和日期不是同一天",
            en = "the time and the date are of different days"
        ),
        text!(zh = "改正其中一个", en = "correct one of them"),
    )
}

#[cfg(test)]
mod tests {
    use super::{date_missing, event_time, no_day};

    /// 2026-02-30 at 08:00: the day is wrong, the time is not.
    #[test]
    fn a_wrong_day_is_told_before_the_time_that_hangs_on_it() {
        let (day, time) = (
            Some((3, Err(date_missing()))),
            Some((4, Err(no_day("08:00")))),
        );
        let fault = event_time(day, time, false).err();
        assert_eq!(fault.map(|(column, _)| column), Some(3));
    }
}
