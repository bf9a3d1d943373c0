//! The days of campaigns and feasts: ranges as written become runs of civil days (decision 010).

use jifen_calendar::{Day, lunar_known, lunar_month, qingming};
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::DaySet;
use jifen_syntax::ast::{CampaignDecl, DayEnd, DayEndKind, DayRange, Feast, LunarLit, StmtKind};

use crate::constant;
use crate::sink::Sink;

/// Names of feasts in conditions; the first is the name in the Plan.
const FEASTS: [(Feast, &[&str]); 9] = [
    (Feast::Spring, &["春节", "spring_festival"]),
    (Feast::Lantern, &["元宵", "元宵节", "lantern_festival"]),
    (Feast::Qingming, &["清明", "清明节", "qingming"]),
    (Feast::DragonBoat, &["端午", "端午节", "dragon_boat"]),
    (Feast::Qixi, &["七夕", "qixi"]),
    (Feast::MidAutumn, &["中秋", "中秋节", "mid_autumn"]),
    (Feast::DoubleNinth, &["重阳", "重阳节", "double_ninth"]),
    (Feast::Laba, &["腊八", "腊八节", "laba"]),
    (Feast::NewYearsEve, &["除夕", "new_years_eve"]),
];

/// A day that comes every year.
#[derive(Clone, Copy)]
enum Yearly {
    /// Month, leap, day; no day: the last one.
    Lunar(u8, bool, Option<u8>),
    Qingming,
}

impl Yearly {
    /// In a lunar year.
    fn day(self, year: i32) -> Option<Day> {
        match self {
            Yearly::Qingming => qingming(year),
            Yearly::Lunar(month, leap, day) => {
                let (first, length) = lunar_month(year, month, leap)?;
                let day = day.unwrap_or(length);
                (day <= length).then(|| first.add_days(i64::from(day) - 1))
            }
        }
    }
}

fn of_feast(f: Feast) -> Yearly {
    let (month, day) = match f {
        Feast::Spring => (1, Some(1)),
        Feast::Lantern => (1, Some(15)),
        Feast::DragonBoat => (5, Some(5)),
        Feast::Qixi => (7, Some(7)),
        Feast::MidAutumn => (8, Some(15)),
        Feast::DoubleNinth => (9, Some(9)),
        Feast::Laba => (12, Some(8)),
        Feast::NewYearsEve => (12, None),
        Feast::Qingming => return Yearly::Qingming,
    };
    Yearly::Lunar(month, false, day)
}

/// A feast by name: its day in each year that the calendar knows.
pub(crate) fn feast(name: &str) -> Option<DaySet> {
    let (f, names) = FEASTS.iter().find(|(_, n)| n.contains(&name))?;
    let day = of_feast(*f);
    Some(DaySet {
        name: (*names.first()?).to_owned(),
        runs: yearly(day, day),
        known: Some(lunar_known()),
    })
}

/// Every year's run from one day to the first coming of the other, inside the years that the calendar knows. A year that
/// lacks one of the two (a leap month) has no run.
fn yearly(from: Yearly, to: Yearly) -> Vec<(Day, Day)> {
    let (first, end) = lunar_known();
    let mut out = Vec::new();
    for year in 1999..=2050 {
        let Some(start) = from.day(year) else {
            continue;
        };
        let last = match to.day(year) {
            Some(day) if start <= day => Some(day),
            // 腊月廿三 至 正月十五 ends in the next lunar year; that of 2050 lies beyond the table.
            Some(_) if year == 2050 => Some(end.add_days(-1)),
            Some(_) => to.day(year + 1),
            None => None,
        };
        if let Some(last) = last {
            let run = (start.max(first), last.add_days(1).min(end));
            if run.0 < run.1 {
                out.push(run);
            }
        }
    }
    out
}

/// The days of a campaign; `None`: reported.
pub(super) fn campaign(
    c: &CampaignDecl,
    (from, to): (Day, Option<Day>),
    sink: &mut Sink,
) -> Option<DaySet> {
    let stmts: Vec<(&Vec<DayRange>, Span)> = c
        .stmts
        .iter()
        .filter_map(|s| match &s.kind {
            StmtKind::Runs(r) => Some((r, s.span)),
            _ => None,
        })
        .collect();
    let broken = c.stmts.iter().any(|s| matches!(s.kind, StmtKind::Broken));
    let Some((ranges, first)) = stmts.first().copied() else {
        if !broken && !sink.lost_in(c.name.span) {
            days(
                c.name.span,
                "这个活动期没有写从哪天到哪天；例：期间 2026年2月1日 至 2026年3月3日",
                "the campaign does not say on which days it holds; example: runs 2026-02-01 to 2026-03-03",
                sink,
            );
        }
        return None;
    };
    if let Some((_, again)) = stmts.get(1) {
        sink.push(
            Diagnostic::new(
                codes::STATEMENT_TWICE,
                *again,
                text!(
                    zh = "“期间”写了两句；几段日子写在一句里，用顿号分开",
                    en = "there are two “runs”; write several ranges in one, with commas"
                ),
            )
            .label(first, text!(zh = "先写的", en = "the first one")),
        );
        return None;
    }
    let mut set = DaySet {
        name: c.name.text.clone(),
        runs: Vec::new(),
        known: None,
    };
    let mut ok = true;
    let mut written: Vec<(Day, Day, Span)> = Vec::new();
    for r in ranges {
        let Some((runs, lunar)) = range(r, sink) else {
            ok = false;
            continue;
        };
        if lunar {
            set.known = Some(lunar_known());
            ok &= known_years(r.span, from, to, sink);
        }
        for (a, b) in runs {
            if let Some(other) = written.iter().find(|w| w.0 < b && a < w.1) {
                let day = a.max(other.0);
                sink.push(
                    Diagnostic::new(
                        codes::CAMPAIGN_DAYS,
                        r.span,
                        text!(
                            zh = "两段日子重叠：{day} 在两段里都有",
                            en = "two ranges overlap: {day} lies in both"
                        ),
                    )
                    .label(other.2, text!(zh = "另一段", en = "the other range")),
                );
                ok = false;
                break;
            }
            written.push((a, b, r.span));
        }
    }
    set.runs = written.iter().map(|w| (w.0, w.1)).collect();
    set.runs.sort();
    ok.then_some(set)
}

/// A version in which lunar days are written lies inside the years that the calendar knows, as far as it has an end.
pub(crate) fn known_years(at: Span, from: Day, to: Option<Day>, sink: &mut Sink) -> bool {
    let (first, end) = lunar_known();
    // An impossible date of the header has been reported.
    let inside = from == Day::MIN || first <= from && from < end && to.is_none_or(|t| t <= end);
    if !inside {
        sink.push(
            Diagnostic::new(
                codes::LUNAR_YEARS,
                at,
                text!(
                    zh = "农历只查得到 2000 年到 2050 年，这一版的施行日期在这以外；请写公历日期",
                    en = "the lunar calendar is known from 2000 to 2050, and this version is in force outside of that; write civil dates"
                ),
            ),
        );
    }
    inside
}

fn days(at: Span, zh: &str, en: &str, sink: &mut Sink) {
    sink.push(Diagnostic::new(
        codes::CAMPAIGN_DAYS,
        at,
        jifen_diag::Text::new(zh, en),
    ));
}

/// The runs of one written range, and whether the lunar calendar was asked.
fn range(r: &DayRange, sink: &mut Sink) -> Option<(Vec<(Day, Day)>, bool)> {
    if let DayEndKind::Lunar(l) = r.from.kind
        && !l.marked
    {
        let word = sink.kw("农历 ", "lunar ");
        sink.push(
            Diagnostic::new(
                codes::CAMPAIGN_DAYS,
                r.from.span,
                text!(
                    zh = "这是农历还是公历没有写明：农历写“农历 …”，公历写年月日",
                    en = "lunar or civil is not stated: write “lunar …”, or a date with its year"
                ),
            )
            .fix(
                r.from.span.at_start(),
                word,
                text!(zh = "写明农历", en = "say lunar"),
            ),
        );
        return None;
    }
    match (r.from.kind, r.to.map(|t| t.kind)) {
        (DayEndKind::Civil(a), to) => {
            let first = constant::day(&a, sink);
            let last = match to {
                None => first,
                Some(DayEndKind::Civil(b)) => constant::day(&b, sink),
                Some(_) => {
                    mixed(r, sink);
                    return None;
                }
            };
            let (first, last) = (first?, last?);
            if last < first {
                sink.push(Diagnostic::new(
                    codes::RANGE_REVERSED,
                    r.span,
                    text!(
                        zh = "{last} 早于 {first}，一天也没有：从早写到晚",
                        en = "{last} is before {first}, so there is no day in it: write the earlier one first"
                    ),
                ));
                return None;
            }
            Some((vec![(first, last.add_days(1))], false))
        }
        (_, Some(DayEndKind::Civil(_))) => {
            mixed(r, sink);
            None
        }
        (_, None) => {
            let day = yearly_day(&r.from, sink)?;
            found(r, yearly(day, day), sink)
        }
        (_, Some(_)) => {
            let from = yearly_day(&r.from, sink);
            let to = r.to.as_ref().and_then(|t| yearly_day(t, sink));
            found(r, yearly(from?, to?), sink)
        }
    }
}

fn mixed(r: &DayRange, sink: &mut Sink) {
    days(
        r.span,
        "一头写公历的某一年，一头写每年都有的农历：两头要写同一种日子",
        "one end is a date of one year, the other comes every lunar year: write both in one calendar",
        sink,
    );
}

/// Half a year: what wraps around the new year is shorter.
const LONGEST: i32 = 183;

fn found(r: &DayRange, runs: Vec<(Day, Day)>, sink: &mut Sink) -> Option<(Vec<(Day, Day)>, bool)> {
    if runs.is_empty() {
        sink.push(Diagnostic::new(
            codes::LUNAR_DAY,
            r.span,
            text!(
                zh = "2000 年到 2050 年没有一年有这个闰月",
                en = "no year from 2000 to 2050 has this leap month"
            ),
        ));
        return None;
    }
    if let Some((a, b)) = runs.iter().find(|(a, b)| b.0 - a.0 > LONGEST) {
        let n = b.0 - a.0;
        let last = b.add_days(-1);
        sink.push(Diagnostic::new(
            codes::RANGE_REVERSED,
            r.span,
            text!(
                zh = "这样写，{a} 至 {last} 要过 {n} 天，超过半年；是不是把首尾写颠倒了？真有这么长，请分成两段",
                en = "written so, it runs from {a} to {last}, {n} days and more than half a year: are the ends the wrong way round? If not, make two ranges of it"
            ),
        ));
        return None;
    }
    Some((runs, true))
}

fn yearly_day(e: &DayEnd, sink: &mut Sink) -> Option<Yearly> {
    match e.kind {
        DayEndKind::Feast(f) => Some(of_feast(f)),
        DayEndKind::Lunar(l) => lunar(&l, e.span, sink),
        DayEndKind::Civil(_) => None,
    }
}

fn lunar(l: &LunarLit, at: Span, sink: &mut Sink) -> Option<Yearly> {
    let day = l.day.unwrap_or(1);
    if !(1..=12).contains(&l.month) || !(1..=30).contains(&day) {
        sink.push(Diagnostic::new(
            codes::LUNAR_DAY,
            at,
            text!(
                zh = "农历没有这一天：正月到腊月，初一到三十",
                en = "there is no such lunar day: months 1 to 12, days 1 to 30"
            ),
        ));
        return None;
    }
    if day == 30 {
        let eve = l.month == 12 && !l.leap;
        let fix = match eve {
            true => sink.kw("除夕", "new_years_eve").to_owned(),
            false => {
                let leap = l.leap;
                let month = match l.month {
                    1 => "正",
                    2 => "二",
                    3 => "三",
                    4 => "四",
                    5 => "五",
                    6 => "六",
                    7 => "七",
                    8 => "八",
                    9 => "九",
                    10 => "十",
                    11 => "冬",
                    _ => "腊",
                };
                sink.lang.pick(
                    format!("农历 {}{month}月末", if leap { "闰" } else { "" }),
                    format!("lunar {}{}-last", if leap { "leap " } else { "" }, l.month),
                )
            }
        };
        sink.push(
            Diagnostic::new(
                codes::LUNAR_DAY,
                at,
                text!(
                    zh = "农历的月有的年份 30 天，有的年份 29 天，三十不是每年都有；要写这个月的最后一天，写“{fix}”",
                    en = "a lunar month has 30 days in some years and 29 in others, so there is no 30th in every year; the last day of the month is “{fix}”"
                ),
            )
            .fix(at, fix.clone(), text!(zh = "写最后一天", en = "write the last day")),
        );
        return None;
    }
    Some(Yearly::Lunar(l.month, l.leap, l.day))
}
