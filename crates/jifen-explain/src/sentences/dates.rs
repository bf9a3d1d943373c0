//! Days, hours and sets of days.

use jifen_calendar::{ClockWindow, Day};
use jifen_diag::Lang;
use jifen_plan::{DatePart, DaySet, Expr, ExprId, SetOp, ShiftUnit, TimeMode, TimeTest, Value};

use super::prose::{Prose, name};
use super::say;

impl Prose<'_> {
    /// `开始时刻在22:00至次日06:00之间`
    pub(super) fn in_time(&self, test: &TimeTest) -> String {
        let (lang, windows) = (self.lang(), self.windows(&test.windows));
        match test.mode {
            TimeMode::During => say!(lang, "落在{}之内", "inside {}", windows),
            TimeMode::StartingIn => {
                say!(lang, "开始的时刻在{}之内", "it begins inside {}", windows)
            }
            TimeMode::Touching => {
                say!(
                    lang,
                    "有一部分在{}之内",
                    "some part of it is inside {}",
                    windows
                )
            }
        }
    }

    /// `22:00至次日06:00`
    pub(super) fn windows(&self, windows: &[ClockWindow]) -> String {
        let one = |w: &ClockWindow| {
            let (next, end) = match w.to > 86_400 {
                true => (self.lang().pick("次日", "the next day’s "), w.to - 86_400),
                false => ("", w.to),
            };
            let (from, end) = (clock(w.from), clock(end));
            say!(self.lang(), "{}至{}{}", "{} to {}{}", from, next, end)
        };
        self.list(windows.iter().map(one).collect())
    }

    pub(super) fn year_from(&self, from: ExprId) -> String {
        let Expr::Const(Value::Date(day)) = self.plan().exprs.get(from) else {
            return self.atom(from);
        };
        let (_, month, day) = day.ymd();
        say!(self.lang(), "{}月{}日", "{:02}-{:02}", month, day)
    }

    pub(super) fn shift(&self, day: ExprId, n: i32, unit: ShiftUnit) -> String {
        let (lang, size) = (self.lang(), n.unsigned_abs());
        let (many, day) = (if size == 1 { "" } else { "s" }, self.atom(day));
        let length = match unit {
            ShiftUnit::Months => say!(lang, "{}个月{}", "{} month{}", size, lang.pick("", many)),
            ShiftUnit::Days => say!(lang, "{}天{}", "{} day{}", size, lang.pick("", many)),
        };
        match n < 0 {
            true => say!(lang, "{0}往前{1}", "{1} before {0}", day, length),
            false => say!(lang, "{0}往后{1}", "{1} after {0}", day, length),
        }
    }

    pub(super) fn set_of(&self, op: SetOp, a: ExprId, b: ExprId) -> String {
        let (lang, a, b) = (self.lang(), self.atom(a), self.atom(b));
        match op {
            SetOp::Common => say!(lang, "（{}与{}共有）", "({} that are also {})", a, b),
            SetOp::Either => say!(lang, "（{}连同{}）", "({} together with {})", a, b),
            SetOp::Without => say!(lang, "（{}除去{}）", "({} without {})", a, b),
        }
    }

    pub(super) fn date_part(&self, part: DatePart, day: ExprId) -> String {
        let (lang, day) = (self.lang(), self.atom(day));
        match part {
            DatePart::Year => say!(lang, "{}的年份", "the year of {}", day),
            DatePart::Month => say!(lang, "{}的月份", "the month of {}", day),
            DatePart::DayOfMonth => say!(lang, "{}是当月第几日", "the day of the month of {}", day),
            DatePart::Weekday => {
                say!(
                    lang,
                    "{}是星期几（星期一为1）",
                    "the weekday of {} (Monday is 1)",
                    day
                )
            }
        }
    }

    /// The name of a set of days; with its number where several have that name.
    pub(super) fn set_name(&self, set: &DaySet) -> String {
        match super::values::set_number(self.plan(), set) {
            Some(n) => format!("{}{}", name(&set.name), self.wrap(&n.to_string())),
            None => name(&set.name),
        }
    }

    /// The name of a set of days, with its days where these are few; the others are in a table of their own.
    pub(super) fn day_set(&self, set: &DaySet) -> String {
        let (lang, called) = (self.lang(), self.set_name(set));
        if set.runs.len() > 2 {
            return called;
        }
        let runs = set.runs.iter().map(|r| run(*r, lang)).collect();
        say!(lang, "{}（{}）", "{} ({})", called, self.list(runs))
    }
}

/// `2026年4月1日`
pub(super) fn day(day: Day, lang: Lang) -> String {
    let (y, m, d) = day.ymd();
    say!(lang, "{}年{}月{}日", "{}-{:02}-{:02}", y, m, d)
}

/// `2026年2月1日至2026年3月3日`: both days belong to it.
pub(super) fn run((from, to): (Day, Day), lang: Lang) -> String {
    let last = to.add_days(-1);
    match from == last {
        true => day(from, lang),
        false => say!(lang, "{}至{}", "{} to {}", day(from, lang), day(last, lang)),
    }
}

fn clock(s: i32) -> String {
    let text = format!("{:02}:{:02}", s / 3600, s / 60 % 60);
    match s % 60 {
        0 => text,
        sec => format!("{text}:{sec:02}"),
    }
}
