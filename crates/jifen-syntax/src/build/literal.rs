//! Numbers, dates, times and units as written; full-width forms and Chinese numerals become plain digits.

use super::{Builder, P, keyword};
use crate::ast::{ClockRange, DateLit, Quantity, Unit};
use crate::grammar::Rule;
use jifen_diag::{Diagnostic, codes, text};

/// Full-width letters, digits and signs become their ASCII forms.
pub(crate) fn normalise(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            other => other,
        })
        .collect()
}

/// 两, 十二, 三百零五 … as a number.
pub(crate) fn han_value(text: &str) -> Option<u32> {
    let (mut total, mut digit): (u32, Option<u32>) = (0, None);
    for c in text.chars() {
        let value = match c {
            '零' | '〇' => Some(0),
            '一' => Some(1),
            '二' | '两' => Some(2),
            '三' => Some(3),
            '四' => Some(4),
            '五' => Some(5),
            '六' => Some(6),
            '七' => Some(7),
            '八' => Some(8),
            '九' => Some(9),
            _ => None,
        };
        if let Some(v) = value {
            if digit.is_some_and(|d| d != 0) {
                return None;
            }
            digit = Some(v);
            continue;
        }
        let unit: u32 = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => return None,
        };
        total = total.checked_add(digit.take().unwrap_or(1).checked_mul(unit)?)?;
    }
    total.checked_add(digit.unwrap_or(0))
}

/// Digits of a number token: ASCII, without needless zeros in front.
pub(crate) fn digits(pair: &P<'_>) -> Option<String> {
    if pair.as_rule() == Rule::han_number {
        return han_value(pair.as_str()).map(|n| n.to_string());
    }
    Some(plain_number(pair.as_str()))
}

/// The number in a text of digits or Chinese numerals; unreadable text stays.
pub(crate) fn plain_digits(text: &str) -> String {
    han_value(text).map_or_else(|| plain_number(text), |n| n.to_string())
}

/// The number of an article mark such as 第十二条.
pub(crate) fn article_number(text: &str) -> String {
    let plain = normalise(text);
    let inner: String = plain
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '第' && *c != '条' && !c.is_ascii_alphabetic())
        .collect();
    inner
        .parse::<u32>()
        .ok()
        .or_else(|| han_value(&inner))
        .map_or(inner, |n| n.to_string())
}

fn plain_number(text: &str) -> String {
    let plain = normalise(text);
    let cut = plain.trim_start_matches('0');
    match cut.chars().next() {
        None => "0".to_owned(),
        Some('.') => format!("0{cut}"),
        Some(_) => cut.to_owned(),
    }
}

/// The unit of a unit word.
pub(crate) fn unit(rule: Rule) -> Option<Unit> {
    Some(match rule {
        Rule::kw_u_points => Unit::Points,
        Rule::kw_u_minutes => Unit::Minutes,
        Rule::kw_u_hours => Unit::Hours,
        Rule::kw_u_calendar_days => Unit::CalendarDays,
        Rule::kw_u_days => Unit::Days,
        Rule::kw_u_working_days => Unit::WorkingDays,
        Rule::kw_u_weeks => Unit::Weeks,
        Rule::kw_u_months => Unit::Months,
        Rule::kw_u_quarters => Unit::Quarters,
        Rule::kw_u_years => Unit::Years,
        Rule::kw_u_years_of_age => Unit::YearsOfAge,
        Rule::kw_u_times => Unit::Times,
        Rule::kw_u_cases => Unit::Cases,
        Rule::kw_u_people => Unit::People,
        Rule::kw_u_households => Unit::Households,
        Rule::kw_u_votes => Unit::Votes,
        Rule::kw_u_yuan => Unit::Yuan,
        Rule::kw_u_wan_yuan => Unit::TenThousandYuan,
        Rule::kw_u_fold => Unit::Fold,
        Rule::kw_u_percent => Unit::Percent,
        _ => return None,
    })
}

/// Seconds of the day; 24:00 is the end of the day.
pub(crate) fn seconds(text: &str) -> Option<i32> {
    let plain = normalise(text);
    let mut parts = plain.split(':').map(|p| p.parse::<i32>().ok());
    let h = parts.next()??;
    let m = parts.next()??;
    let s = match parts.next() {
        Some(s) => s?,
        None => 0,
    };
    let all = h * 3600 + m * 60 + s;
    (m < 60 && s < 60 && all <= 86_400).then_some(all)
}

impl Builder<'_> {
    pub(crate) fn date(&mut self, pair: &P<'_>) -> DateLit {
        let plain = normalise(pair.as_str());
        let mut parts = plain
            .split(|c: char| !c.is_ascii_digit())
            .filter(|p| !p.is_empty());
        let mut next = || {
            parts
                .next()
                .and_then(|p| p.parse::<u32>().ok())
                .unwrap_or(0)
        };
        let (year, month, day) = (next(), next(), next());
        DateLit {
            year: i32::try_from(year).unwrap_or(0),
            month,
            day,
            span: self.span(pair),
        }
    }

    pub(crate) fn time(&mut self, pair: &P<'_>) -> i32 {
        seconds(pair.as_str()).unwrap_or_else(|| {
            let span = self.span(pair);
            self.push(Diagnostic::new(
                codes::BAD_TIME,
                span,
                text!(
                    zh = "没有这个钟点：一天从 00:00 到 24:00",
                    en = "no such time of day: a day runs from 00:00 to 24:00"
                ),
            ));
            0
        })
    }

    pub(crate) fn quantity(&mut self, pair: P<'_>) -> Quantity {
        let span = self.span(&pair);
        let mut q = Quantity {
            digits: String::new(),
            unit: None,
            per: None,
        };
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::number | Rule::han_number => match digits(&p) {
                    Some(d) => q.digits = d,
                    None => {
                        q.digits = "0".to_owned();
                        self.push(Diagnostic::new(
                            codes::BAD_NUMBER,
                            span,
                            text!(
                                zh = "这个数读不懂，请写阿拉伯数字",
                                en = "this number cannot be read: write digits"
                            ),
                        ));
                    }
                },
                Rule::per_unit => q.per = p.into_inner().find_map(|u| unit(u.as_rule())),
                other => q.unit = unit(other).or(q.unit),
            }
        }
        q
    }

    pub(crate) fn clock_range(&mut self, pair: P<'_>) -> ClockRange {
        let span = self.span(&pair);
        let mut range = ClockRange {
            from: 0,
            to: 0,
            next_day: false,
            span,
        };
        let mut first = true;
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::time if first => {
                    range.from = self.time(&p);
                    first = false;
                }
                Rule::time => range.to = self.time(&p),
                Rule::kw_next_day => range.next_day = true,
                _ => {}
            }
        }
        if range.next_day {
            range.to += 86_400;
        } else if range.to <= range.from {
            self.push(
                Diagnostic::new(
                    codes::CLOCK_WINDOW,
                    span,
                    text!(
                        zh = "结束不晚于开始：到第二天请写“次日”",
                        en = "it ends before it begins: write “next” for the next day"
                    ),
                )
                .help(text!(
                    zh = "例：22:00 至 次日 06:00",
                    en = "example: 22:00 to next 06:00"
                )),
            );
        }
        range
    }

    /// The word table's spelling of a keyword in the file's language.
    pub(crate) fn spell(&self, rule: Rule) -> &'static str {
        keyword(rule).map_or("", |k| k.canonical(self.lang))
    }
}
