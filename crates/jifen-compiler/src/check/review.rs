//! Reviews: roles, publicity, lapse (S24).

use jifen_calendar::Window;
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Days, Holder, Publish, PublishFrom, Review, Tally};
use jifen_quantity::Decimal;
use jifen_syntax::ast::{Expr, ExprKind, PublishFrom as From, ReviewStmt, Unit};

use super::Clauses;
use super::caps::tally_ix;
use crate::constant;
use crate::expr::{Checker, Scope};
use crate::resolve::ItemSrc;

impl Checker<'_> {
    pub(super) fn review(
        &mut self,
        cx: Scope,
        src: &ItemSrc<'_>,
        r: &ReviewStmt,
        span: Span,
        clauses: &mut Clauses,
    ) -> Option<Review> {
        let cx = Scope {
            day_total: true,
            ..cx
        };
        let when = r.when.as_ref().map(|e| self.condition(cx, e));
        let confirm = self.roles(r);
        let lost = self.sink.lost_in(span);
        if r.confirm.is_empty() && r.publish.is_none() {
            if !lost {
                self.empty(span);
            }
            return None;
        }
        let publish = r.publish.as_ref().map(|p| {
            let days = self.days(&p.days, clauses);
            let from = self.publish_from(p.from, r, p.span);
            Some(Publish {
                days: days?,
                from: from?,
            })
        });
        let lapse = self.lapse(r, span, lost, clauses);
        let when = match when {
            Some(w) => Some(w?.id),
            None => None,
        };
        let publish = match publish {
            Some(p) => Some(p?),
            None => None,
        };
        let lapse = lapse?;
        let day_total = when
            .is_some_and(|w| self.reads(w, &|n| *n == jifen_plan::Expr::DayTotal))
            .then(|| {
                let tally = Tally {
                    path: src.path.clone(),
                    label: "当日合计".to_owned(),
                    holder: Holder::Account,
                    keys: Vec::new(),
                    window: Window::Period(jifen_calendar::Period::Day),
                    times: false,
                    net: false,
                    charge_final: false,
                    of: None,
                };
                tally_ix(clauses, tally)
            });
        Some(Review {
            when,
            day_total,
            confirm,
            publish,
            lapse,
            holds_room: r.holds_room,
        })
    }

    fn roles(&mut self, r: &ReviewStmt) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for n in &r.confirm {
            if out.contains(&n.text) {
                self.sink.push(Diagnostic::new(
                    codes::DUPLICATE_NAME,
                    n.span,
                    text!(
                        zh = "“{}”写了两次；要两个人确认，请写两种角色",
                        en = "“{}” stands twice; for two confirmations name two roles",
                        n.text
                    ),
                ));
                continue;
            }
            out.push(n.text.clone());
        }
        out.sort();
        out
    }

    fn empty(&mut self, span: Span) {
        self.sink.push(
            Diagnostic::new(
                codes::REVIEW_EMPTY,
                span,
                text!(
                    zh = "复核里至少写一样：谁来确认（确认 社区），或公示多久（公示 3个工作日 自 登记）",
                    en = "a review needs at least one of: who confirms (confirmed by community), how long it is published"
                ),
            ),
        );
    }

    /// A whole number of days whose kind is stated.
    pub(super) fn days(&mut self, e: &Expr, clauses: &mut Clauses) -> Option<Days> {
        let ExprKind::Number(q) = &e.kind else {
            constant::number(e, &mut self.sink);
            return None;
        };
        let working = match q.unit {
            Some(Unit::WorkingDays) => true,
            Some(Unit::CalendarDays) => false,
            Some(Unit::Days) => {
                self.day_kind(e, &q.digits);
                return None;
            }
            _ => {
                self.wrong_days(e);
                return None;
            }
        };
        let count = q
            .digits
            .parse::<u32>()
            .ok()
            .filter(|n| (1..=3660).contains(n));
        let Some(count) = count else {
            self.wrong_days(e);
            return None;
        };
        if working {
            clauses.needs_workdays = true;
            self.calendar_stated(e.span);
        }
        Some(Days { count, working })
    }

    fn wrong_days(&mut self, e: &Expr) {
        self.sink.push(Diagnostic::new(
            codes::REVIEW_DAYS,
            e.span,
            text!(
                zh = "这里要写整天数，如 3个工作日、30个自然日",
                en = "a whole number of days is wanted, such as 3 working days or 30 calendar days"
            ),
        ));
    }

    fn day_kind(&mut self, e: &Expr, digits: &str) {
        // From Friday 2026-09-25: the National Day holidays lie in between.
        let friday = jifen_calendar::Day::from_ymd(2026, 9, 25);
        let n = digits.parse::<u32>().unwrap_or(3).clamp(1, 60);
        let mut example = (String::new(), String::new());
        if let (Some(day), Some(calendar)) = (friday, crate::workdays()) {
            let natural = day.add_days(i64::from(n));
            if let Ok(working) = calendar.add_working_days(day, n) {
                example = (
                    format!("：从 {day} 算起，{n}个自然日到 {natural}，{n}个工作日到 {working}"),
                    format!(
                        ": from {day}, {n} calendar days end on {natural}, {n} working days on {working}"
                    ),
                );
            }
        }
        let n = n.to_string();
        let words = [
            ("个自然日", " calendar days"),
            ("个工作日", " working days"),
        ];
        let d = Diagnostic::new(
            codes::DAY_KIND_UNSTATED,
            e.span,
            jifen_diag::Text::new(
                format!("是自然日还是工作日没有写明{0}", example.0),
                format!("calendar days or working days is open{0}", example.1),
            ),
        );
        let d = self.sink.each(d, (e.span, &n, ""), &words);
        self.sink.push(d);
    }

    /// Where working days play a part the header names a calendar.
    pub(crate) fn calendar_stated(&mut self, at: Span) -> bool {
        use jifen_syntax::ast::HeaderKind;
        let policies = self.w.versions.iter().filter_map(|v| v.policy);
        let mut last = None;
        for p in policies {
            for s in &p.stmts {
                if matches!(s.kind, HeaderKind::Workdays(_) | HeaderKind::Broken) {
                    return true;
                }
                last = Some(s.span);
            }
        }
        let Some(last) = last else { return true };
        let fix = self.sink.kw("\n  工作日历 中国", "\n  workdays China");
        self.sink.push(
            Diagnostic::new(
                codes::WORKDAYS_UNSTATED,
                at,
                text!(
                    zh = "这里要看工作日，政策头里要写用哪个工作日历：工作日历 中国",
                    en = "working days matter here: the header must name the calendar: workdays China"
                ),
            )
            .fix(last.at_end(), fix, text!(zh = "写明工作日历", en = "name the calendar")),
        );
        false
    }

    fn publish_from(
        &mut self,
        from: Option<(From, Span)>,
        r: &ReviewStmt,
        at: Span,
    ) -> Option<PublishFrom> {
        match from {
            Some((From::LastConfirmation, span)) if r.confirm.is_empty() => {
                self.sink.push(Diagnostic::new(
                    codes::PUBLISH_START_UNSTATED,
                    span,
                    text!(
                        zh = "没有写谁确认，也就没有“末次确认”；公示写“自 发生”或“自 登记”",
                        en = "nobody confirms, so there is no last confirmation: publish since event, or since entry"
                    ),
                ));
                None
            }
            Some((From::LastConfirmation, _)) => Some(PublishFrom::LastConfirmation),
            Some((From::Event, _)) => Some(PublishFrom::Event),
            Some((From::Entry, _)) => Some(PublishFrom::Entry),
            None if !r.confirm.is_empty() => Some(PublishFrom::LastConfirmation),
            None => {
                let words = [("自 发生", "since event"), ("自 登记", "since entry")];
                let d = Diagnostic::new(
                    codes::PUBLISH_START_UNSTATED,
                    at,
                    text!(
                        zh = "没有人确认时，公示从哪天算起没有写明：自 发生（事情那天），还是 自 登记（录入那天）；4月1日的事4月8日才录入，差一个星期",
                        en = "without confirmation it is open from when publicity counts: since event or since entry; a fact of 1 April entered on 8 April makes a week's difference"
                    ),
                );
                let d = self.sink.each(d, (at.at_end(), " ", ""), &words);
                self.sink.push(d);
                None
            }
        }
    }

    /// Q44. `Some(None)`: waits, or nobody need confirm.
    #[allow(clippy::option_option, reason = "outer: reported; inner: it waits")]
    fn lapse(
        &mut self,
        r: &ReviewStmt,
        span: Span,
        lost: bool,
        clauses: &mut Clauses,
    ) -> Option<Option<Days>> {
        let Some(l) = &r.lapse else {
            if r.confirm.is_empty() || lost {
                return Some(None);
            }
            let days = Decimal::from_int(30);
            let at = r
                .publish
                .as_ref()
                .map(|p| p.span)
                .or(r.confirm.last().map(|n| n.span))
                .unwrap_or(span);
            let words = [
                ("逾期 30个自然日 作废", "lapses after 30 calendar days void"),
                (
                    "逾期 30个自然日 等待",
                    "lapses after 30 calendar days waits",
                ),
            ];
            let d = Diagnostic::new(
                codes::LAPSE_UNSTATED,
                span,
                text!(
                    zh = "一直没人确认怎么办没有写明：逾期 {days}个自然日 作废（第 {days} 天过完，这笔待定分作废），还是 逾期 {days}个自然日 等待（一直待定）",
                    en = "what happens without confirmation is open: lapses after {days} calendar days void (the pending award is gone), or … waits (it stays pending)"
                ),
            );
            let d = self.sink.each(d, (at.at_end(), " ", ""), &words);
            self.sink.push(d);
            return None;
        };
        if l.waits {
            // The council reads the number, though nothing happens after it.
            return match &l.days.kind {
                ExprKind::Number(q) if q.unit == Some(Unit::Days) => {
                    self.day_kind(&l.days, &q.digits);
                    None
                }
                _ => Some(None),
            };
        }
        if r.confirm.is_empty() {
            self.sink.push(
                Diagnostic::new(
                    codes::STATEMENT_MISPLACED,
                    l.span,
                    text!(
                        zh = "没有写谁确认，也就没有逾期；删去这一句，或写上“确认 …”",
                        en = "nobody need confirm, so nothing lapses: drop this, or name who confirms"
                    ),
                )
                .fix(l.span, "", text!(zh = "删去", en = "drop it")),
            );
            return None;
        }
        self.days(&l.days, clauses).map(Some)
    }
}
