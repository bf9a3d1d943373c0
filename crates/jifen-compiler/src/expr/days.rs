//! Dates beside campaigns and feasts: `日期 属于（春节平安、中秋）`, `日期 为 清明`.

use jifen_calendar::Day;
use jifen_diag::{Diagnostic, Span, Text, codes, text};
use jifen_plan::{DaySet, Expr as Node};
use jifen_syntax::ast::{Expr, ExprKind, Name};

use super::{Checker, Kind, Scope, Val};
use crate::resolve::{Sym, feast, known_years};

/// Words for days by the calendar of working days: the first is the name in the Plan.
const WORK_DAYS: [(Worked, [&str; 2]); 3] = [
    (Worked::Yes, ["工作日", "workday"]),
    (Worked::No, ["休息日", "day_off"]),
    (Worked::Holiday, ["放假日", "holiday"]),
];

/// Words that some take for the days of the notice, and some for weekends too.
const LOOSE: [&str; 6] = [
    "节假日",
    "法定节假日",
    "法定假日",
    "假日",
    "假期",
    "holidays",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Worked {
    Yes,
    No,
    Holiday,
}

fn loose_holiday(name: &str) -> bool {
    LOOSE.contains(&name)
}

/// The days of a word in the calendar of working days; days of years that it lacks are unknown.
fn work_days(name: &str) -> Option<DaySet> {
    let (worked, names) = WORK_DAYS.iter().find(|(_, n)| n.contains(&name))?;
    let calendar = crate::workdays()?;
    let first = Day::from_ymd(*calendar.years.keys().next()?, 1, 1)?;
    let mut runs: Vec<(Day, Day)> = Vec::new();
    let mut day = first;
    // To the first year that is missing.
    while let Some(days) = calendar.years.get(&day.ymd().0) {
        let next = day.add_days(1);
        let hit = match worked {
            Worked::Yes => calendar.is_working(day).ok()?,
            Worked::No => !calendar.is_working(day).ok()?,
            Worked::Holiday => days.holidays.contains(&day),
        };
        match runs.last_mut() {
            Some(run) if hit && run.1 == day => run.1 = next,
            _ if hit => runs.push((day, next)),
            _ => {}
        }
        day = next;
    }
    Some(DaySet {
        name: (*names.first()?).to_owned(),
        runs,
        known: Some((first, day)),
    })
}

impl Checker<'_> {
    fn holiday_unstated(&mut self, n: &Name) {
        let name = &n.text;
        let words = [
            (
                "休息日",
                "day_off",
                "休息日：不上班的日子，周末也在内，调休上班的周末不在",
                "day_off: not worked, weekends too, but shifted working days are",
            ),
            (
                "放假日",
                "holiday",
                "放假日：放假通知里放假的日子，平常的周末不在",
                "holiday: off by the notice, ordinary weekends are not",
            ),
        ];
        let mut d = Diagnostic::new(
            codes::HOLIDAY_UNSTATED,
            n.span,
            text!(
                zh = "“{name}”算不算平常的周末没有写明。2026年4月11日 是平常的周六：休息日 包括它，放假日 不包括；2026年10月2日 是国庆放假，两种都包括",
                en = "whether ordinary weekends are “{name}” is not stated. 2026-04-11 is an ordinary Saturday: day_off has it, holiday has not; 2026-10-02 is off by the notice: both have it"
            ),
        );
        for (zh, en, why_zh, why_en) in words {
            let word = self.sink.kw(zh, en);
            d = d.fix(n.span, word, Text::new(why_zh, why_en));
        }
        self.sink.push(d);
    }

    /// Does a name stand for days here?
    pub(super) fn names_days(&self, cx: Scope, e: &Expr) -> bool {
        let ExprKind::Name(n) = &e.kind else {
            return false;
        };
        let declared = self.version(cx).and_then(|v| v.names.get(&n.text));
        match declared {
            Some((Sym::Campaign, _)) => true,
            Some(_) => false,
            None => {
                !self.has_value(cx, &n.text)
                    && (feast(&n.text).is_some()
                        || work_days(&n.text).is_some()
                        || loose_holiday(&n.text))
            }
        }
    }

    /// The days that a name stands for.
    fn day_set(&mut self, cx: Scope, e: &Expr) -> Option<DaySet> {
        let ExprKind::Name(n) = &e.kind else {
            return None;
        };
        let v = self.version(cx)?;
        if let Some(c) = v.campaigns.get(&n.text) {
            self.used.names.insert((cx.version, n.text.clone()));
            return c.days.clone();
        }
        if loose_holiday(&n.text) {
            self.holiday_unstated(n);
            return None;
        }
        if let Some(set) = work_days(&n.text) {
            return self.calendar_stated(e.span).then_some(set);
        }
        let set = feast(&n.text)?;
        known_years(e.span, v.from, v.to, &mut self.sink).then_some(set)
    }

    /// A date among dates, campaigns and feasts.
    pub(super) fn among_days(
        &mut self,
        cx: Scope,
        v: &Val,
        x: &Expr,
        words: &[Expr],
        span: Span,
    ) -> Option<Val> {
        let (named, dates): (Vec<&Expr>, Vec<&Expr>) =
            words.iter().partition(|e| self.names_days(cx, e));
        let mut sets: Vec<DaySet> = Vec::new();
        let mut ok = true;
        for e in named {
            match self.day_set(cx, e) {
                Some(set) => sets.push(set),
                None => ok = false,
            }
        }
        sets.sort_by(|a, b| a.name.cmp(&b.name));
        sets.dedup();
        let mut found: Option<Val> = None;
        if !dates.is_empty() {
            let dates: Vec<Expr> = dates.into_iter().cloned().collect();
            let values = self.constants(cx, v, x, &dates)?;
            found = Some(self.node(Node::OneOf(v.id, values), Kind::YesNo, span));
        }
        for set in sets {
            let hit = self.node(Node::InDays(v.id, Box::new(set)), Kind::YesNo, span);
            found = Some(match found {
                Some(before) => self.node(Node::Or(before.id, hit.id), Kind::YesNo, span),
                None => hit,
            });
        }
        found.filter(|_| ok)
    }
}
