//! What tests expect: awards, balances, openings, errors.

use jifen_diag::{Code, Span, text};
use jifen_plan::{CurrencyIx, MeasureIx, RosterIx, StandingIx};
use jifen_quantity::{Decimal, Dim};
use jifen_syntax::ast::{DateLit, ExpectOutcome, Expr, Name, StandingBody};

use super::Reader;
use crate::constant;
use crate::resolve::Sym;
use crate::testcase::{Ask, Expectation, Outcome, Stand, TestOpening, TestStood};

impl Reader<'_, '_> {
    fn amount(&mut self, e: &Expr) -> Option<Decimal> {
        constant::number_of(e, Dim::POINTS, self.sink)
    }

    fn currency(&mut self, n: Option<&Name>, at: Span) -> Option<CurrencyIx> {
        let all: Vec<(&String, CurrencyIx)> = self
            .v
            .names
            .iter()
            .filter_map(|(n, (s, _))| match s {
                Sym::Currency(c) => Some((n, *c)),
                _ => None,
            })
            .collect();
        let Some(n) = n else {
            if let [(_, only)] = all.as_slice() {
                return Some(*only);
            }
            if !all.is_empty() {
                let list: Vec<&str> = all.iter().map(|a| a.0.as_str()).collect();
                let (list, en) = jifen_diag::listed(&list);
                self.wrong(
                    at,
                    text!(
                        zh = "有几种积分，要写明是哪一种：{list}",
                        en = "there are several points, say which: {en}"
                    ),
                );
            }
            self.lost = true;
            return None;
        };
        let found = all.iter().find(|a| *a.0 == n.text).map(|a| a.1);
        if found.is_none() {
            let names: Vec<&str> = all.iter().map(|a| a.0.as_str()).collect();
            let poisoned = matches!(self.v.names.get(&n.text), Some((Sym::Poison, _)));
            if !poisoned {
                self.sink
                    .unknown(n, &text!(zh = "积分", en = "points"), names);
            }
            self.lost = true;
        }
        found
    }

    pub(super) fn opening(
        &mut self,
        subject: &Name,
        currency: Option<&Name>,
        on: Option<&DateLit>,
        was: &ExpectOutcome,
        span: Span,
    ) {
        let roster = self.roster_of(subject);
        let stands = currency.and_then(|n| match self.v.names.get(&n.text) {
            Some((Sym::Standing(s), _)) => Some(*s),
            _ => None,
        });
        if let Some(standing) = stands {
            self.taken_over((subject, roster), standing, on, was, span);
            return;
        }
        let ExpectOutcome::Amount(amount) = was else {
            self.wrong(
                span,
                text!(
                    zh = "期初的积分写多少分：期初 张三 可用积分 250分；期初的等级、标记、权益写名字和那一期：期初 张三 星级 于 2025-12-31 三星",
                    en = "opening points are an amount: opening A points 250 points; an opening grade, flag or right has its name and a day of the period: opening A stars on 2025-12-31 three"
                ),
            );
            return;
        };
        let currency = self.currency(currency, subject.span);
        let amount = self.amount(amount);
        let day = match on {
            None => None,
            Some(written) => match constant::day(written, self.sink) {
                Some(day) => Some(day),
                None => return,
            },
        };
        if let (Some(roster), Some(currency), Some(amount)) = (roster, currency, amount) {
            self.case.openings.push(TestOpening {
                subject: subject.text.clone(),
                roster,
                currency,
                day,
                amount,
            });
        }
    }

    /// `期初 张三 星级 于 2025-12-31 三星`: S37, of the period before the first version.
    fn taken_over(
        &mut self,
        (subject, roster): (&Name, Option<RosterIx>),
        standing: StandingIx,
        on: Option<&DateLit>,
        was: &ExpectOutcome,
        span: Span,
    ) {
        let Some(of) = self.w.standings.get(standing.ix()) else {
            return;
        };
        let wanted = match &of.decl.body {
            _ if of.decl.of.is_some() => None,
            StandingBody::Rank(_) => None,
            _ => self.stand_of(was, &of.decl.body),
        };
        if self.lost {
            return;
        }
        let (Some(was), Some(on)) = (wanted, on) else {
            self.wrong(
                span,
                text!(
                    zh = "期初的等级写级别，标记写那一期符不符合（是、否），权益写 是、否 或多少，都写 于 那一期的一天：期初 张三 星级 于 2025-12-31 三星；排名和组的不能接过来",
                    en = "an opening grade is a level, a flag says whether the period met it (yes, no), a right yes, no or how much, each on a day of its period: opening A stars on 2025-12-31 three; rankings and groups cannot be taken over"
                ),
            );
            return;
        };
        let Some(day) = constant::day(on, self.sink) else {
            return;
        };
        if let Some(roster) = roster {
            self.case.taken_over.push(TestStood {
                subject: subject.text.clone(),
                roster,
                standing,
                day,
                was,
                span,
            });
        }
    }

    pub(super) fn expect(
        &mut self,
        subject: &Name,
        target: Option<&Name>,
        on: Option<&DateLit>,
        outcome: &ExpectOutcome,
        span: Span,
    ) {
        let of = target.and_then(|n| match self.v.names.get(&n.text) {
            Some((Sym::Measure(m), _)) => Some(*m),
            _ => None,
        });
        if let Some(measure) = of.filter(|m| self.is_shared(*m)) {
            self.measured((subject, None), measure, on, outcome, span);
            return;
        }
        let stands = target.and_then(|n| match self.v.names.get(&n.text) {
            Some((Sym::Standing(s), _)) => Some(*s),
            _ => None,
        });
        let of_groups = |s: &StandingIx| {
            let of = self.w.standings.get(s.ix());
            of.is_some_and(|s| s.decl.of.is_some())
        };
        if let Some(standing) = stands.filter(of_groups) {
            self.stands((subject, None), standing, on, outcome, span);
            return;
        }
        let roster = self.roster_of(subject);
        if let Some(measure) = of {
            self.measured((subject, roster), measure, on, outcome, span);
            return;
        }
        if let Some(said) = target.and_then(|n| self.w.part_unknown(self.v, n)) {
            said.into_iter().for_each(|d| self.sink.push(d));
            return;
        }
        if let Some(standing) = stands {
            self.stands((subject, roster), standing, on, outcome, span);
            return;
        }
        let no_measure = |what: &DateLit| what.span;
        let wrong = match outcome {
            ExpectOutcome::NoValue => Some(span),
            _ => on.map(no_measure),
        };
        if let Some(at) = wrong {
            self.wrong(
                at,
                text!(
                    zh = "“于 日期”和“无值”说的是指标：应得 甲 响应率 于 2026-03-31 95%",
                    en = "“on a date” and “no value” belong to measures: expect A response_rate on 2026-03-31 95%"
                ),
            );
            return;
        }
        let path = self.target_path(target);
        let outcome = match outcome {
            ExpectOutcome::Amount(e) => self.awarded(target, e),
            // Of measures only: said above.
            ExpectOutcome::NoValue => None,
            ExpectOutcome::NotEligible | ExpectOutcome::YesNo(_) | ExpectOutcome::Word(_) => {
                self.wrong(
                    span,
                    text!(
                        zh = "项目应得的是分数，或者 不适用、缺、待定、无值；优秀、是、否、不参评 说的是等级、标记、权益和排名",
                        en = "an item comes to points, or not applicable, cannot tell, pending; levels, yes, no and not eligible belong to grades, flags, rights and rankings"
                    ),
                );
                return;
            }
            ExpectOutcome::NotApplicable => Some(Outcome::NotApplicable),
            ExpectOutcome::CannotTell(f) => {
                Some(Outcome::CannotTell(f.as_ref().map(|f| f.text.clone())))
            }
            ExpectOutcome::Pending(None) => Some(Outcome::Pending(None)),
            ExpectOutcome::Pending(Some(e)) => self.amount(e).map(|a| Outcome::Pending(Some(a))),
            ExpectOutcome::Refused => Some(Outcome::Refused),
        };
        if let (Some(roster), Some(path), Some(outcome)) = (roster, path, outcome) {
            self.case.expects.push(Expectation {
                ask: Ask::Award {
                    roster,
                    subject: subject.text.clone(),
                    path,
                    outcome,
                },
                span,
            });
        }
    }

    /// Is it a measure of groups or of everybody?
    fn is_shared(&self, ix: MeasureIx) -> bool {
        let measure = self.w.measures.get(ix.ix());
        measure.is_some_and(|m| m.decl.of.is_some())
    }

    /// `应得 甲 响应率 于 2026-03-31 95%`, `… 无值`; of groups the word, of everybody 全体 stands in front
    fn measured(
        &mut self,
        (subject, roster): (&Name, Option<RosterIx>),
        measure: MeasureIx,
        on: Option<&DateLit>,
        outcome: &ExpectOutcome,
        span: Span,
    ) {
        let value = match outcome {
            ExpectOutcome::Amount(e) => match constant::number(e, self.sink) {
                Some(n) => Some((n.value, n.dim)),
                None => return,
            },
            ExpectOutcome::NoValue => None,
            _ => {
                self.wrong(
                    span,
                    text!(
                        zh = "指标应得一个数，或者 无值",
                        en = "a measure comes to a number, or to no value"
                    ),
                );
                return;
            }
        };
        let on = on.map(|d| constant::day(d, self.sink));
        if self.is_shared(measure) && matches!(on, None | Some(Some(_))) {
            self.case.expects.push(Expectation {
                ask: Ask::Shared {
                    group: subject.text.clone(),
                    measure,
                    on: on.flatten(),
                    value,
                },
                span,
            });
            return;
        }
        if let (Some(roster), None | Some(Some(_))) = (roster, on) {
            self.case.expects.push(Expectation {
                ask: Ask::Measure {
                    roster,
                    subject: subject.text.clone(),
                    measure,
                    on: on.flatten(),
                    value,
                },
                span,
            });
        }
    }

    /// `应得 张三 年度榜 于 2026-12-31 3`, `… 不参评`, `… 优秀`, `… 是`, `… 1.5票`, `… 无值`
    fn stands(
        &mut self,
        (subject, roster): (&Name, Option<RosterIx>),
        standing: StandingIx,
        on: Option<&DateLit>,
        outcome: &ExpectOutcome,
        span: Span,
    ) {
        let of = self.w.standings.get(standing.ix());
        let Some(body) = of.map(|s| &s.decl.body) else {
            return;
        };
        let wanted = self.stand_of(outcome, body);
        if self.lost {
            return;
        }
        let Some(wanted) = wanted else {
            self.wrong(
                span,
                text!(
                    zh = "排名应得名次（3）或 不参评，等级应得级别（优秀），标记应得 是 或 否，权益应得 是、否 或多少（1.5票）；都可以是 无值",
                    en = "a ranking comes to a place (3) or not eligible, a grade to a level, a flag to yes or no, a right to yes, no or how much (1.5 votes); each may be no value"
                ),
            );
            return;
        };
        let on = on.map(|d| constant::day(d, self.sink));
        if of.is_some_and(|s| s.decl.of.is_some()) && matches!(on, None | Some(Some(_))) {
            self.case.expects.push(Expectation {
                ask: Ask::GroupStanding {
                    group: subject.text.clone(),
                    standing,
                    on: on.flatten(),
                    wanted,
                },
                span,
            });
            return;
        }
        if let (Some(roster), None | Some(Some(_))) = (roster, on) {
            self.case.expects.push(Expectation {
                ask: Ask::Standing {
                    roster,
                    subject: subject.text.clone(),
                    standing,
                    on: on.flatten(),
                    wanted,
                },
                span,
            });
        }
    }

    /// What is said of a standing, if it can be said of that sort.
    fn stand_of(&mut self, outcome: &ExpectOutcome, body: &StandingBody) -> Option<Stand> {
        match (outcome, body) {
            (ExpectOutcome::NoValue, _) => Some(Stand::NoValue),
            (ExpectOutcome::NotEligible, StandingBody::Rank(_)) => Some(Stand::NotEligible),
            (ExpectOutcome::YesNo(yes), StandingBody::Flag(_) | StandingBody::Right(_)) => {
                Some(Stand::YesNo(*yes))
            }
            (ExpectOutcome::Word(name), StandingBody::Grade(g)) => {
                if !g.rows.iter().any(|r| r.name.text == name.text) {
                    let known: Vec<&str> = g.rows.iter().map(|r| r.name.text.as_str()).collect();
                    let what = text!(zh = "级别", en = "level");
                    self.sink.unknown(name, &what, known);
                    self.lost = true;
                    return None;
                }
                Some(Stand::Level(name.text.clone()))
            }
            (ExpectOutcome::Amount(e), StandingBody::Rank(_)) => {
                match constant::number(e, self.sink) {
                    None => {
                        self.lost = true;
                        None
                    }
                    Some(n) => (n.value.to_i128())
                        .and_then(|n| u32::try_from(n).ok())
                        .filter(|_| n.dim.is_pure() || n.dim == Dim::PEOPLE)
                        .map(Stand::Place),
                }
            }
            (ExpectOutcome::Amount(e), StandingBody::Right(_)) => {
                match constant::number(e, self.sink) {
                    None => {
                        self.lost = true;
                        None
                    }
                    Some(n) => Some(Stand::Worth(n.value, n.dim)),
                }
            }
            _ => None,
        }
    }

    /// Points; or yuan, of an allotment.
    fn awarded(&mut self, target: Option<&Name>, e: &Expr) -> Option<Outcome> {
        let of = |n: &Name| {
            let mut items = self.v.items.iter();
            items.any(|i| i.decl.allot && i.path.last() == Some(&n.text))
        };
        if target.is_some_and(of)
            && constant::is_number(e)
            && let Some(n) = constant::number(e, self.sink)
            && n.dim == Dim::MONEY
        {
            return Some(Outcome::Yuan(n.value));
        }
        self.amount(e).map(Outcome::Amount)
    }

    fn target_path(&mut self, target: Option<&Name>) -> Option<Vec<String>> {
        let Some(n) = target else {
            return Some(Vec::new());
        };
        let item = self
            .v
            .items
            .iter()
            .find(|i| i.path.last() == Some(&n.text))
            .map(|i| i.path.clone());
        let category = self.v.categories.get(&n.text).map(|c| c.path.clone());
        let found = item.or(category);
        if found.is_none() {
            let known = self
                .v
                .names_where(|s| matches!(s, Sym::Item | Sym::Category));
            let what = text!(zh = "项目或类别", en = "item or category");
            self.sink.unknown(n, &what, known);
            self.lost = true;
        }
        found
    }

    pub(super) fn balance(
        &mut self,
        subject: &Name,
        currency: Option<&Name>,
        on: Option<&DateLit>,
        amount: &Expr,
        span: Span,
    ) {
        let roster = self.roster_of(subject);
        let currency = self.currency(currency, subject.span);
        let amount = self.amount(amount);
        let on = on.map(|d| constant::day(d, self.sink));
        if let (Some(roster), Some(currency), Some(amount)) = (roster, currency, amount)
            && on != Some(None)
        {
            self.case.expects.push(Expectation {
                ask: Ask::Balance {
                    roster,
                    subject: subject.text.clone(),
                    currency,
                    on: on.flatten(),
                    amount,
                },
                span,
            });
        }
    }

    pub(super) fn error(&mut self, code: &Name) {
        match Code::parse(&code.text).filter(|c| c.row().is_some()) {
            Some(c) => self.case.errors.push((c, code.span)),
            None => self.wrong(
                code.span,
                text!(
                    zh = "没有 {0} 这个错误代码",
                    en = "there is no error code {0}",
                    code.text
                ),
            ),
        }
    }
}
