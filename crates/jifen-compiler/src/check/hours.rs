//! 只计 工作日 办公时间: a time limit of a join that is counted in hours of an office (S19b).

use jifen_calendar::{ClockPattern, Day};
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Counted, Within};
use jifen_syntax::ast::{DayWord, ExprKind, JoinStmt, JoinWindow, OnlyHours, Unit};

use super::Clauses;
use crate::expr::{Checker, Scope};

/// So many days of counted time at most.
const MOST_DAYS: i64 = 3660;

impl Checker<'_> {
    /// 只计 belongs to a limit in hours or minutes.
    pub(super) fn only_hours_count(&mut self, j: &JoinStmt) -> Option<()> {
        let (Some((_, at)), Some((window, _))) = (&j.only, &j.window) else {
            return Some(());
        };
        if let JoinWindow::Within(e) = window
            && let ExprKind::Number(q) = &e.kind
            && matches!(q.unit, Some(Unit::Hours | Unit::Minutes))
        {
            return Some(());
        }
        self.sink.push(
            Diagnostic::new(
                codes::JOIN_WINDOW,
                *at,
                text!(
                    zh = "“只计”跟在小时、分钟后面：8小时内 只计 工作日 办公时间；数天数的时限（3个工作日内）整天都算",
                    en = "“counting only” follows hours or minutes: 8 hours or less before counting only working-day office_hours; a limit in days (3 working days) takes whole days"
                ),
            )
            .fix(*at, "", text!(zh = "删去", en = "drop it")),
        );
        None
    }

    /// A limit in seconds of which only what lies inside windows counts.
    pub(super) fn office_hours(
        &mut self,
        cx: Scope,
        (seconds, limit): (i64, Span),
        (only, at): (&OnlyHours, Span),
        clauses: &mut Clauses,
    ) -> Option<Within> {
        let windows = self.windows(cx, only.named.as_ref(), &only.ranges);
        let Some(days) = only.days else {
            self.days_unstated(only, at);
            return None;
        };
        let windows = windows?;
        let working = days == DayWord::Working;
        if working {
            clauses.needs_workdays = true;
            self.calendar_stated(at);
        }
        let day = Day(0);
        let (midnight, next) = (day.start(), day.add_days(1).start());
        let a_day = ClockPattern::new(&windows).overlap_seconds(midnight, next);
        if seconds > a_day.saturating_mul(MOST_DAYS) {
            self.wrong_window(limit);
            return None;
        }
        Some(Within::Counted(Counted {
            seconds,
            windows,
            working,
        }))
    }

    /// S5: whether holidays count is said.
    fn days_unstated(&mut self, only: &OnlyHours, at: Span) {
        let first = only.named.as_ref().map(|n| n.span);
        let first = first.or(only.ranges.first().map(|r| r.span)).unwrap_or(at);
        let words = [("工作日", "working-day"), ("每日", "daily")];
        let d = Diagnostic::new(
            codes::JOIN_DAYS_UNSTATED,
            at,
            text!(
                zh = "休息日算不算没有写明。只计 08:30 至 17:30 的，从周五 16:30 到下周一 09:30：只计 工作日 是 2小时；只计 每日 是 20小时，周六、周日各 9小时也算",
                en = "whether days off count is open. With 08:30 to 17:30, from Friday 16:30 to Monday 09:30: working-day gives 2 hours, daily 20 (Saturday and Sunday have 9 each)"
            ),
        );
        let d = self.sink.each(d, (first.at_start(), "", " "), &words);
        self.sink.push(d);
    }
}
