//! Reads the calendar file of working days (TOML) with located errors in both languages; it opens no files.

use crate::{Day, WorkCalendar, YearDays};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use toml::Spanned;

/// A mistake in a calendar file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarError {
    /// Line, from 1.
    pub line: usize,
    /// Bytes of the file it is about.
    pub span: Range<usize>,
    /// What is wrong.
    pub kind: CalendarErrorKind,
}

/// What can be wrong with a calendar file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarErrorKind {
    /// Not TOML of the expected form; the reader's own words (English).
    Form(String),
    /// A year that is not a number from 1800 to 2300.
    Year(String),
    /// Neither a day nor a range of days.
    Day(String),
    /// A range whose end is before its beginning.
    Backwards(String),
    /// A day listed under another year.
    OtherYear(Day, i32),
    /// A shifted working day that is not a Saturday or Sunday.
    NotWeekend(Day),
    /// A day listed twice, or both as holiday and as working day.
    Twice(Day),
    /// A year without the notice it comes from.
    NoCitation(i32),
}

impl CalendarErrorKind {
    /// The message in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        use CalendarErrorKind as K;
        match self {
            K::Form(detail) => format!(
                "日历文件格式不对（{detail}）。应有 name、citation，每年一段 [years.2026]，内写 citation、holidays、workdays"
            ),
            K::Year(text) => format!("“{text}”不是年份，应写成 [years.2026] 这样的四位数"),
            K::Day(text) => {
                format!(
                    "“{text}”不是日期，应写成 \"2026-10-01\"，或 \"2026-10-01..2026-10-07\"（含首尾）"
                )
            }
            K::Backwards(text) => format!("“{text}”的止日早于起日"),
            K::OtherYear(day, year) => format!("{day} 不在 {year} 年，请移到它自己的年份下"),
            K::NotWeekend(day) => format!("{day} 不是周六或周日，本来就上班，不必列为调休上班"),
            K::Twice(day) => format!("{day} 列了两次"),
            K::NoCitation(year) => format!("{year} 年没有写出处（citation），请写明放假通知的文号"),
        }
    }

    /// The message in English.
    #[must_use]
    pub fn en(&self) -> String {
        use CalendarErrorKind as K;
        match self {
            K::Form(detail) => format!(
                "the calendar file is not of the right form ({detail}); it has name, citation and for each year a part [years.2026] with citation, holidays, workdays"
            ),
            K::Year(text) => {
                format!("“{text}” is not a year; write a number of four digits, as in [years.2026]")
            }
            K::Day(text) => format!(
                "“{text}” is not a day; write \"2026-10-01\", or \"2026-10-01..2026-10-07\" (both included)"
            ),
            K::Backwards(text) => format!("“{text}” ends before it begins"),
            K::OtherYear(day, year) => {
                format!("{day} is not in {year}; move it under its own year")
            }
            K::NotWeekend(day) => format!(
                "{day} is not a Saturday or Sunday; it is worked anyway and need not be listed"
            ),
            K::Twice(day) => format!("{day} is listed twice"),
            K::NoCitation(year) => {
                format!("year {year} has no citation; name the notice it comes from")
            }
        }
    }
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.kind.en())
    }
}

impl std::error::Error for CalendarError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    name: String,
    citation: String,
    years: BTreeMap<Spanned<String>, YearText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearText {
    #[serde(default)]
    citation: String,
    holidays: Vec<Spanned<String>>,
    #[serde(default)]
    workdays: Vec<Spanned<String>>,
}

impl WorkCalendar {
    /// Reads a calendar file; all its mistakes are reported together.
    ///
    /// ```toml
    /// name = "…"
    /// citation = "…"
    /// [years.2026]
    /// citation = "…"
    /// holidays = ["2026-01-01..2026-01-03"]   # both ends included
    /// workdays = ["2026-01-04"]
    /// ```
    pub fn parse_toml(text: &str) -> Result<WorkCalendar, Vec<CalendarError>> {
        let file: FileText = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let detail = error.message().to_owned();
            vec![located(text, span, CalendarErrorKind::Form(detail))]
        })?;
        let mut errors = Vec::new();
        let mut years = BTreeMap::new();
        for (year_text, days) in &file.years {
            match read_year(year_text, days) {
                Ok((year, days)) => {
                    years.insert(year, days);
                }
                Err(found) => errors.extend(found),
            }
        }
        if errors.is_empty() {
            return Ok(WorkCalendar {
                name: file.name,
                citation: file.citation,
                years,
            });
        }
        errors.sort_by_key(|(span, _)| span.start);
        let place = |(span, kind)| located(text, span, kind);
        Err(errors.into_iter().map(place).collect())
    }
}

type Found = (Range<usize>, CalendarErrorKind);

fn located(text: &str, span: Range<usize>, kind: CalendarErrorKind) -> CalendarError {
    let before = text.as_bytes().iter().take(span.start);
    let line = 1 + before.filter(|&&b| b == b'\n').count();
    CalendarError { line, span, kind }
}

fn read_year(name: &Spanned<String>, text: &YearText) -> Result<(i32, YearDays), Vec<Found>> {
    use CalendarErrorKind as K;
    let written = name.get_ref();
    let year = written.parse().ok();
    let year = year.filter(|y| (1800..=2300).contains(y) && written.len() == 4);
    let Some(year) = year else {
        return Err(vec![(name.span(), K::Year(written.clone()))]);
    };
    let mut errors = Vec::new();
    if text.citation.trim().is_empty() {
        errors.push((name.span(), K::NoCitation(year)));
    }
    let mut seen = BTreeSet::new();
    let mut read = |entries: &[Spanned<String>], weekend_only: bool| {
        let mut out = Vec::new();
        for entry in entries {
            let days = match read_days(entry.get_ref(), year) {
                Ok(days) => days,
                Err(kind) => {
                    errors.push((entry.span(), kind));
                    continue;
                }
            };
            for day in days {
                if weekend_only && day.weekday() <= 5 {
                    errors.push((entry.span(), K::NotWeekend(day)));
                }
                if !seen.insert(day) {
                    errors.push((entry.span(), K::Twice(day)));
                }
                out.push(day);
            }
        }
        out.sort_unstable();
        out
    };
    let holidays = read(&text.holidays, false);
    let workdays = read(&text.workdays, true);
    if !errors.is_empty() {
        return Err(errors);
    }
    let citation = text.citation.clone();
    Ok((
        year,
        YearDays {
            citation,
            holidays,
            workdays,
        },
    ))
}

/// A day, or `first..last` with both included; all in `year`.
fn read_days(text: &str, year: i32) -> Result<Vec<Day>, CalendarErrorKind> {
    use CalendarErrorKind as K;
    let day = |part: &str| Day::parse_iso(part.trim()).ok_or_else(|| K::Day(text.to_owned()));
    let (first, last) = match text.split_once("..") {
        Some((first, last)) => (day(first)?, day(last)?),
        None => (day(text)?, day(text)?),
    };
    if last < first {
        return Err(K::Backwards(text.to_owned()));
    }
    if let Some(other) = [first, last].into_iter().find(|d| d.ymd().0 != year) {
        return Err(K::OtherYear(other, year));
    }
    Ok((first.0..=last.0).map(Day).collect())
}
