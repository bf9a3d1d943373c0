//! Test declarations.

use super::{Builder, P};
use crate::ast::{
    DateLit, ExpectOutcome, Expr, ExprKind, Name, Span, TestAttr, TestDecl, TestKind, TestLine,
};
use crate::broken::Context;
use crate::grammar::Rule;
use jifen_diag::{Diagnostic, codes, text};

#[derive(Default)]
struct Given {
    count: Option<u32>,
    record: Option<Name>,
    built_in: bool,
    subject: Option<Name>,
    at: Option<Expr>,
    to: Option<Expr>,
    id: Option<Name>,
    entered: Option<Expr>,
    attrs: Vec<TestAttr>,
}

impl Builder<'_> {
    pub(crate) fn test(&mut self, pair: P<'_>) -> TestDecl {
        let mut title = None;
        let mut lines = Vec::new();
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::title | Rule::name => title = Some(self.name(&p)),
                Rule::kw_d_test => {
                    title = title.or(Some(Name {
                        text: String::new(),
                        span,
                    }))
                }
                Rule::test_line => lines.extend(self.test_line(p)),
                Rule::later_line => {
                    self.not_supported(&p);
                    lines.push(TestLine {
                        kind: TestKind::Broken,
                        span,
                    });
                }
                Rule::broken_line => {
                    self.report(&p, Context::Test);
                    lines.push(TestLine {
                        kind: TestKind::Broken,
                        span,
                    });
                }
                other => self.around(other, &p),
            }
        }
        TestDecl {
            title: title.unwrap_or(Name {
                text: String::new(),
                span: Span::DUMMY,
            }),
            lines,
        }
    }

    fn test_line(&mut self, pair: P<'_>) -> Option<TestLine> {
        let p = pair.into_inner().next()?;
        let span = self.span(&p);
        let kind = match p.as_rule() {
            Rule::given_line => self.given(p),
            Rule::expect_line => self.expect(p),
            Rule::refusal_line => self.refusal(p),
            Rule::balance_line => self.balance(p),
            Rule::opening_line => self.opening(p),
            Rule::as_of_line => {
                let date = p.into_inner().find(|d| d.as_rule() == Rule::date);
                date.map_or(TestKind::Broken, |d| TestKind::AsOf(self.date(&d)))
            }
            Rule::expect_error_line => {
                let word = p.into_inner().find(|d| d.as_rule() == Rule::word);
                word.map_or(TestKind::Broken, |w| TestKind::ExpectError(self.name(&w)))
            }
            _ => TestKind::Broken,
        };
        Some(TestLine { kind, span })
    }

    fn given(&mut self, pair: P<'_>) -> TestKind {
        let mut g = Given::default();
        for p in pair.into_inner() {
            self.given_part(&mut g, p);
        }
        let (Some(record), Some(subject)) = (g.record, g.subject) else {
            return TestKind::Broken;
        };
        let fact = g.built_in
            || g.count.is_some()
            || g.at.is_some()
            || g.to.is_some()
            || g.id.is_some()
            || g.entered.is_some();
        if !fact {
            return TestKind::GivenSubject {
                roster: record,
                id: subject,
                attrs: g.attrs,
            };
        }
        for a in &g.attrs {
            self.one_value(a);
        }
        TestKind::GivenFact {
            count: g.count.unwrap_or(1),
            record,
            subject,
            at: g.at,
            to: g.to,
            id: g.id,
            entered: g.entered,
            fields: g.attrs.into_iter().map(|a| (a.name, a.value)).collect(),
        }
    }

    /// A field of a record holds one value.
    fn one_value(&mut self, a: &TestAttr) {
        let Some(more) = a.more.first() else {
            return;
        };
        self.push(Diagnostic::new(
            codes::SEVERAL_PLACE,
            more.span,
            text!(
                zh = "记录的一栏只有一个值，“{0}”写了几个；写着“多个”的名册属性才可以有几个",
                en = "a field of a record holds one value, and “{0}” has several here; only an attribute of a roster declared “several” holds them",
                a.name.text
            ),
        ));
    }

    fn given_part(&mut self, g: &mut Given, p: P<'_>) {
        let span = self.span(&p);
        match p.as_rule() {
            Rule::quantity | Rule::han_quantity => {
                let q = self.quantity(p);
                g.count = q.digits.parse().ok();
                if g.count.is_none() {
                    self.push(Diagnostic::new(
                        codes::BAD_NUMBER,
                        span,
                        text!(
                            zh = "次数要写整数",
                            en = "the number of copies must be whole"
                        ),
                    ));
                }
            }
            Rule::word => g.record = Some(self.name(&p)),
            Rule::ident_text => g.subject = Some(self.name(&p)),
            Rule::kw_b_confirm | Rule::kw_b_revoke | Rule::kw_b_correct => {
                g.built_in = true;
                g.record = super::keyword(p.as_rule()).map(|k| Name {
                    text: k.zh.to_owned(),
                    span,
                });
            }
            Rule::given_at => {
                let at = self.inner_moment(p);
                self.once_expr(&mut g.at, at);
            }
            Rule::given_to => {
                let to = self.end_moment(p, g.at.as_ref());
                self.once_expr(&mut g.to, to);
            }
            Rule::given_id => {
                g.id = p
                    .into_inner()
                    .find(|i| i.as_rule() == Rule::ident_text)
                    .map(|i| self.name(&i))
            }
            Rule::given_entered => g.entered = self.inner_moment(p),
            Rule::attrs => g.attrs = self.attrs(p),
            _ => {}
        }
    }

    fn once_expr(&mut self, slot: &mut Option<Expr>, value: Option<Expr>) {
        if let Some(v) = value {
            let span = v.span;
            self.once(slot, v, span);
        }
    }

    fn inner_moment(&mut self, pair: P<'_>) -> Option<Expr> {
        pair.into_inner()
            .find(|p| p.as_rule() == Rule::moment)
            .map(|p| self.expr(p))
    }

    /// `至 01:00` takes the day of the beginning; `至 次日 01:00` the day after.
    fn end_moment(&mut self, pair: P<'_>, at: Option<&Expr>) -> Option<Expr> {
        let span = self.span(&pair);
        let mut next = false;
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::moment => return Some(self.expr(p)),
                Rule::kw_next_day => next = true,
                Rule::time => {
                    let seconds = self.time(&p);
                    let day = match at.map(|e| &e.kind) {
                        Some(ExprKind::Date(d) | ExprKind::Instant(d, _)) => *d,
                        _ => {
                            self.push(Diagnostic::new(
                                codes::INCOMPLETE,
                                span,
                                text!(
                                    zh = "前面没有日期，这里要写日期",
                                    en = "no date stands before: write one here"
                                ),
                            ));
                            return None;
                        }
                    };
                    let day = if next { day_after(day) } else { day };
                    return Some(Expr {
                        kind: ExprKind::Instant(day, seconds),
                        span,
                    });
                }
                _ => {}
            }
        }
        None
    }

    fn attrs(&mut self, pair: P<'_>) -> Vec<TestAttr> {
        let mut out = Vec::new();
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::attr => out.extend(self.attr(p)),
                Rule::broken_attr => self.report(&p, Context::Attr),
                _ => {}
            }
        }
        out
    }

    fn attr(&mut self, pair: P<'_>) -> Option<TestAttr> {
        let (mut name, mut value, mut from, mut to) = (None, None, None, None);
        let mut more = Vec::new();
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::name => name = Some(self.name(&p)),
                Rule::graded_name => {
                    name = Some(Name {
                        text: "评定人".to_owned(),
                        span: self.span(&p),
                    });
                }
                Rule::value | Rule::lone_quantity => value = Some(self.expr(p)),
                Rule::attr_more => {
                    let next = p.into_inner().find(|v| v.as_rule() == Rule::value);
                    more.extend(next.map(|v| self.expr(v)));
                }
                Rule::attr_from => from = self.date_in(p),
                Rule::attr_to => to = self.date_in(p),
                _ => {}
            }
        }
        Some(TestAttr {
            name: name?,
            value: value?,
            more,
            from,
            to,
        })
    }

    fn date_in(&mut self, pair: P<'_>) -> Option<DateLit> {
        pair.into_inner()
            .find(|p| p.as_rule() == Rule::date)
            .map(|p| self.date(&p))
    }

    /// An item, a currency, a measure; `季度绩效.居民评价`: a part of a score.
    fn target(&mut self, pair: P<'_>) -> Option<Name> {
        let mut out: Option<Name> = None;
        for p in pair.into_inner() {
            match (p.as_rule(), &mut out) {
                (Rule::word, _) => out = Some(self.name(&p)),
                (Rule::member, Some(whole)) => {
                    let part = p.into_inner().find(|n| n.as_rule() == Rule::member_name);
                    if let Some(part) = part.map(|n| self.name(&n)) {
                        *whole = crate::ast::part_of(whole, &part);
                    }
                }
                _ => {}
            }
        }
        out
    }

    fn expect(&mut self, pair: P<'_>) -> TestKind {
        let (mut subject, mut target, mut on, mut outcome) = (None, None, None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::ident_text => subject = Some(self.name(&p)),
                Rule::expect_target => target = self.target(p),
                Rule::date => on = Some(self.date(&p)),
                Rule::outcome => outcome = self.outcome(p),
                _ => {}
            }
        }
        match (subject, outcome) {
            (Some(subject), Some(outcome)) => TestKind::Expect {
                subject,
                target,
                on,
                outcome,
            },
            _ => TestKind::Broken,
        }
    }

    /// `应拒 张三 超市券`: the same as `应得 张三 超市券 拒绝`.
    fn refusal(&mut self, pair: P<'_>) -> TestKind {
        let (mut subject, mut target) = (None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::ident_text => subject = Some(self.name(&p)),
                Rule::expect_target => target = self.target(p),
                _ => {}
            }
        }
        match (subject, target) {
            (Some(subject), Some(target)) => TestKind::Expect {
                subject,
                target: Some(target),
                on: None,
                outcome: ExpectOutcome::Refused,
            },
            _ => TestKind::Broken,
        }
    }

    fn outcome(&mut self, pair: P<'_>) -> Option<ExpectOutcome> {
        let mut inner = pair.into_inner();
        let first = inner.next()?;
        let second = inner.next();
        Some(match first.as_rule() {
            Rule::kw_not_applicable => ExpectOutcome::NotApplicable,
            Rule::kw_no_value => ExpectOutcome::NoValue,
            Rule::kw_cannot_tell => ExpectOutcome::CannotTell(second.map(|n| self.name(&n))),
            Rule::kw_pending => ExpectOutcome::Pending(second.map(|a| self.expr(a))),
            Rule::kw_refused => ExpectOutcome::Refused,
            Rule::kw_not_eligible => ExpectOutcome::NotEligible,
            Rule::kw_yes => ExpectOutcome::YesNo(true),
            Rule::kw_no => ExpectOutcome::YesNo(false),
            Rule::outcome_word => ExpectOutcome::Word(self.name(&first)),
            _ => ExpectOutcome::Amount(self.expr(first)),
        })
    }

    fn balance(&mut self, pair: P<'_>) -> TestKind {
        let (mut subject, mut currency, mut on, mut amount) = (None, None, None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::ident_text => subject = Some(self.name(&p)),
                Rule::expect_target => currency = self.target(p),
                Rule::date => on = Some(self.date(&p)),
                Rule::amount => amount = Some(self.expr(p)),
                _ => {}
            }
        }
        match (subject, amount) {
            (Some(subject), Some(amount)) => TestKind::Balance {
                subject,
                currency,
                on,
                amount,
            },
            _ => TestKind::Broken,
        }
    }

    fn opening(&mut self, pair: P<'_>) -> TestKind {
        let (mut subject, mut currency, mut on, mut was) = (None, None, None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::ident_text => subject = Some(self.name(&p)),
                Rule::expect_target => currency = self.target(p),
                Rule::date => on = Some(self.date(&p)),
                Rule::kw_yes => was = Some(ExpectOutcome::YesNo(true)),
                Rule::kw_no => was = Some(ExpectOutcome::YesNo(false)),
                Rule::outcome_word => was = Some(ExpectOutcome::Word(self.name(&p))),
                Rule::amount => was = Some(ExpectOutcome::Amount(self.expr(p))),
                _ => {}
            }
        }
        match (subject, was) {
            (Some(subject), Some(was)) => TestKind::Opening {
                subject,
                currency,
                on,
                was,
            },
            _ => TestKind::Broken,
        }
    }
}

/// The day after a written day (only what 次日 in a test needs).
fn day_after(d: DateLit) -> DateLit {
    let leap = d.year % 4 == 0 && (d.year % 100 != 0 || d.year % 400 == 0);
    let last = match d.month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    };
    if d.day < last {
        DateLit {
            day: d.day + 1,
            ..d
        }
    } else if d.month < 12 {
        DateLit {
            month: d.month + 1,
            day: 1,
            ..d
        }
    } else {
        DateLit {
            year: d.year + 1,
            month: 1,
            day: 1,
            ..d
        }
    }
}
