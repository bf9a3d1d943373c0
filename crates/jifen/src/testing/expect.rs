//! Expectations of a test against what the engine gave.

use super::Case;
use crate::Compiled;
use crate::words::{engine_error, lines_of, missing_name};
use jifen_calendar::Day;
use jifen_compiler::TestCase;
use jifen_compiler::testcase::{Ask, Expectation, Outcome as Expected, Stand};
use jifen_data::{
    Account, Evaluation, Failure, MeasureValue, Measured, NotShared, Origin, Outcome, OutcomeKind,
    StandingValue, Stood,
};
use jifen_diag::{Code, Diagnostic, Lang, Span, Text, codes, text};
use jifen_plan::{
    CurrencyIx, Holder, ItemIx, MeasureIx, Plan, RosterIx, StandingIx, StandingKind, Ty,
};
use jifen_quantity::{Decimal, Dim};
use std::collections::BTreeSet;

/// Compares every expectation.
pub(super) fn compare(
    compiled: &Compiled,
    case: &Case,
    test: &TestCase,
    problems: &mut Vec<Diagnostic>,
) {
    let result = match case.evaluate(compiled, case.as_of) {
        Ok(result) => result,
        Err(e) => {
            let e = engine_error(&compiled.plan, &e);
            problems.push(Diagnostic::new(codes::TEST_FAILED, test.span, e));
            return;
        }
    };
    let check = Check {
        compiled,
        case,
        result,
    };
    problems.extend(test.expects.iter().filter_map(|e| check.expectation(e)));
    let errors = test.errors.iter();
    problems.extend(errors.filter_map(|(code, span)| check.error(*code, *span)));
}

struct Check<'a> {
    compiled: &'a Compiled,
    case: &'a Case,
    result: Evaluation,
}

/// What came out for one account and some items.
struct Found<'a> {
    amounts: Vec<Decimal>,
    /// Shares of sums in yuan.
    yuan: Vec<Decimal>,
    outcomes: Vec<&'a Outcome>,
}

impl Check<'_> {
    fn plan(&self) -> &Plan {
        &self.compiled.plan
    }

    fn expectation(&self, e: &Expectation) -> Option<Diagnostic> {
        match &e.ask {
            Ask::Award {
                roster,
                subject,
                path,
                outcome,
            } => self.award(self.account(*roster, subject)?, path, outcome, e.span),
            Ask::Measure {
                roster,
                subject,
                measure,
                on,
                value,
            } => {
                let account = self.account(*roster, subject)?;
                let own = |m: &MeasureValue| m.account == account;
                self.measure((own, Some(account)), (*measure, *on), *value, e.span)
            }
            Ask::Shared {
                group,
                measure,
                on,
                value,
            } => {
                let declared = self.plan().measures.get(measure.ix())?;
                let of = (declared.roster, declared.of);
                let found = |m: &MeasureValue| m.group.is_some_and(|g| self.called(of, g, group));
                self.measure((found, None), (*measure, *on), *value, e.span)
            }
            Ask::Standing {
                roster,
                subject,
                standing,
                on,
                wanted,
            } => {
                let account = self.account(*roster, subject)?;
                let own = |v: &StandingValue| v.account == account;
                self.standing((own, Some(account)), (*standing, *on), wanted, e.span)
            }
            Ask::GroupStanding {
                group,
                standing,
                on,
                wanted,
            } => {
                let declared = self.plan().standings.get(standing.ix())?;
                let of = (declared.roster, declared.of);
                let found = |v: &StandingValue| v.group.is_some_and(|g| self.called(of, g, group));
                self.standing((found, None), (*standing, *on), wanted, e.span)
            }
            Ask::Balance {
                roster,
                subject,
                currency,
                on,
                amount,
            } => {
                let earlier = on.and_then(|day| self.case.evaluate(self.compiled, day).ok());
                let evaluation = earlier.as_ref().unwrap_or(&self.result);
                let account = self.account(*roster, subject)?;
                self.balance(evaluation, account, *currency, *amount, e.span)
            }
        }
    }

    fn account(&self, roster: RosterIx, id: &str) -> Option<Account> {
        let ix = self.case.rosters.table(roster)?.ids.get_index_of(id)?;
        let subject = u32::try_from(ix).ok()?;
        Some(Account { roster, subject })
    }

    fn hits(&self, item: Option<ItemIx>, path: &[String]) -> bool {
        match item.and_then(|i| self.plan().items.get(i.ix())) {
            // No item was reached: it speaks of all items that would have read the fact.
            None => true,
            Some(item) => item.path.starts_with(path),
        }
    }

    fn found(&self, account: Account, path: &[String]) -> Found<'_> {
        type Seen = (ItemIx, Origin, Option<(Account, Option<u16>)>);
        let mut seen: BTreeSet<Seen> = BTreeSet::new();
        let mut amounts = Vec::new();
        for p in self.result.ledger.iter().filter(|p| p.account == account) {
            // An award credited to two kinds of points is one award.
            let from = p.received.map(|r| (r.from, r.by));
            if self.hits(Some(p.item), path) && seen.insert((p.item, p.origin, from)) {
                amounts.push(p.amount);
            }
        }
        let mine = |o: &&Outcome| o.account == account && self.hits(o.item, path);
        let all = self.result.allotments.iter();
        let split = all.filter(|a| self.hits(Some(a.item), path));
        let split = split.filter(|a| crate::allot::is_yuan(self.plan(), a.item));
        let own = split
            .flat_map(|a| &a.shares)
            .filter(|s| s.account == account);
        Found {
            yuan: own.map(|s| s.amount).collect(),
            amounts,
            outcomes: self.result.outcomes.iter().filter(mine).collect(),
        }
    }

    fn award(
        &self,
        account: Account,
        path: &[String],
        expected: &Expected,
        span: Span,
    ) -> Option<Diagnostic> {
        let found = self.found(account, path);
        let met = match expected {
            Expected::Amount(n) => {
                let something = path.is_empty() || !found.amounts.is_empty();
                something && found.total() == Some(*n)
            }
            Expected::Yuan(n) => {
                (path.is_empty() || !found.yuan.is_empty()) && sum(&found.yuan) == Some(*n)
            }
            Expected::NotApplicable => {
                let all = found.outcomes.iter().all(|o| not_applicable(&o.kind));
                found.amounts.is_empty() && !found.outcomes.is_empty() && all
            }
            Expected::CannotTell(field) => {
                let lacks = |o: &Outcome| match &o.kind {
                    OutcomeKind::CannotTell(m) => {
                        field.is_none() || missing_name(self.plan(), o, m) == *field
                    }
                    _ => false,
                };
                let waits = |o: &Outcome| match o.kind {
                    // What another's share lacks, this one lacks.
                    OutcomeKind::NotShared(NotShared::Waits(who)) => {
                        let same =
                            |x: &&Outcome| (x.account, x.item, x.origin) == (who, o.item, o.origin);
                        self.result.outcomes.iter().filter(same).any(lacks)
                    }
                    _ => false,
                };
                found.outcomes.iter().any(|o| lacks(o) || waits(o))
            }
            Expected::Pending(amount) => match (found.pending(), amount) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(sum), Some(n)) => sum == *n,
            },
            Expected::Refused => {
                let refused = |k: &OutcomeKind| {
                    matches!(
                        k,
                        OutcomeKind::Rejected(..)
                            | OutcomeKind::Lapsed(..)
                            | OutcomeKind::OverCap(_)
                            | OutcomeKind::NotCovered(..)
                            | OutcomeKind::NoReceiver(_)
                    )
                };
                found.outcomes.iter().any(|o| refused(&o.kind))
            }
        };
        if met {
            return None;
        }
        let got = self.describe(&found);
        let message = Text::new(
            format!("与预期不符：实际是{}", got.zh),
            format!("not as expected: the result is {}", got.en),
        );
        Some(self.failed(span, message, account))
    }

    fn measure(
        &self,
        (own, account): (impl Fn(&MeasureValue) -> bool, Option<Account>),
        (measure, on): (MeasureIx, Option<Day>),
        wanted: Option<(Decimal, Dim)>,
        span: Span,
    ) -> Option<Diagnostic> {
        let declared = self.plan().measures.get(measure.ix())?;
        let first = on.map(|day| declared.unit.bounds(day).0);
        // Each version has its own of the name: the period says which.
        let of_name = |m: &&MeasureValue| {
            let other = self.plan().measures.get(m.measure.ix());
            other.is_some_and(|o| o.name == declared.name) && own(m)
        };
        let all = self.result.measures.iter().filter(of_name);
        let mut all = all.filter(|m| first.is_none_or(|f| m.first == f));
        let found = match on {
            Some(_) => all.next(),
            None => all.max_by_key(|m| m.first),
        };
        let met = match found.map(|m| &m.value) {
            // 1分 = 1.
            Some(Measured::Value(n)) => wanted.is_some_and(|(w, dim)| {
                let ty = self.plan().exprs.ty(declared.node);
                w == *n && ty == Ty::Num(Dim { points: 0, ..dim })
            }),
            Some(Measured::NoValue(_)) => wanted.is_none(),
            _ => false,
        };
        if met {
            return None;
        }
        let got = match found.map(|m| &m.value) {
            Some(Measured::Value(n)) => {
                let shown = |lang| jifen_explain::measured_text(self.plan(), declared, *n, lang);
                Text::new(shown(Lang::Zh), shown(Lang::En))
            }
            Some(Measured::NoValue(_)) => text!(zh = "无值", en = "no value"),
            Some(Measured::Failed(why)) => crate::words::failure_text(*why),
            None => text!(
                zh = "没有这一期（还没过完，或不在册）",
                en = "that there is no such period (not over, or not on the roster)"
            ),
        };
        let message = Text::new(
            format!("与预期不符：实际是{}", got.zh),
            format!("not as expected: the result is {}", got.en),
        );
        Some(match account {
            Some(account) => self.failed(span, message, account),
            None => Diagnostic::new(codes::TEST_FAILED, span, message),
        })
    }

    fn standing(
        &self,
        (own, account): (impl Fn(&StandingValue) -> bool, Option<Account>),
        (standing, on): (StandingIx, Option<Day>),
        wanted: &Stand,
        span: Span,
    ) -> Option<Diagnostic> {
        let plan = self.plan();
        let declared = plan.standings.get(standing.ix())?;
        let first = on.map(|day| declared.unit.bounds(day).0);
        let of_name = |v: &&StandingValue| {
            let other = plan.standings.get(v.standing.ix());
            other.is_some_and(|o| o.name == declared.name)
                && own(v)
                && first.is_none_or(|f| v.first == f)
        };
        let found = self.result.standings.iter().filter(of_name);
        let found = found.max_by_key(|v| v.first);
        let of = found.and_then(|v| plan.standings.get(v.standing.ix()));
        let met = match (found.map(|v| &v.stood), wanted) {
            (Some(Stood::Placed(p)), Stand::Place(n)) => p.place == *n,
            (Some(Stood::NotEligible), Stand::NotEligible) => true,
            (Some(Stood::Level(level)), Stand::Level(name)) => match of.map(|s| &s.what) {
                Some(StandingKind::Grade(g)) => g.names.get(usize::from(*level)) == Some(name),
                _ => false,
            },
            (Some(Stood::Flagged(is) | Stood::Right(is, _)), Stand::YesNo(yes)) => is == yes,
            (Some(Stood::Right(_, Some(n))), Stand::Worth(w, dim)) => {
                let worth = of.and_then(|s| match &s.what {
                    StandingKind::Right(r) => r.worth,
                    _ => None,
                });
                n == w && worth.is_some_and(|e| plan.exprs.ty(e) == Ty::Num(*dim))
            }
            (Some(Stood::NoValue(_)), Stand::NoValue) => true,
            _ => false,
        };
        if met {
            return None;
        }
        let got = match (found, of) {
            (Some(v), Some(s)) => {
                let shown = |lang| jifen_explain::stood_text(plan, s, &v.stood, lang);
                Text::new(shown(Lang::Zh), shown(Lang::En))
            }
            _ => text!(
                zh = "没有这一期（还没过完，或不在册）",
                en = "that there is no such period (not over, or not on the roster)"
            ),
        };
        let message = Text::new(
            format!("与预期不符：实际是{}", got.zh),
            format!("not as expected: the result is {}", got.en),
        );
        Some(match account {
            Some(account) => self.failed(span, message, account),
            None => Diagnostic::new(codes::TEST_FAILED, span, message),
        })
    }

    /// Is a group, or everybody, called so?
    fn called(&self, of: (RosterIx, Holder), code: u32, name: &str) -> bool {
        match jifen_data::group_word(of, &self.case.rosters, code) {
            Some(word) => word == name,
            None => ["全体", "everyone"].contains(&name),
        }
    }

    fn failed(&self, span: Span, message: Text, account: Account) -> Diagnostic {
        let d = Diagnostic::new(codes::TEST_FAILED, span, message);
        match lines_of(self.compiled, &self.result, account) {
            Some(lines) => d.help(lines),
            None => d,
        }
    }

    fn describe(&self, found: &Found<'_>) -> Text {
        if let (false, Some(total)) = (found.amounts.is_empty(), found.total()) {
            return text!(zh = "{total}分", en = "{total} points");
        }
        if let (false, Some(total)) = (found.yuan.is_empty(), sum(&found.yuan)) {
            return text!(zh = "{total}元", en = "{total} yuan");
        }
        if let Some(sum) = found.pending() {
            return text!(zh = "待定 {sum}分", en = "{sum} points pending");
        }
        match found.outcomes.first() {
            Some(o) => crate::words::outcome_text(self.plan(), o),
            None => text!(zh = "没有记录用到它", en = "that no fact reached it"),
        }
    }

    fn balance(
        &self,
        evaluation: &Evaluation,
        account: Account,
        currency: CurrencyIx,
        wanted: Decimal,
        span: Span,
    ) -> Option<Diagnostic> {
        let got = evaluation
            .balances
            .iter()
            .find(|b| b.account == account && b.currency == currency)
            .map_or(Decimal::from_int(0), |b| b.balance);
        if got == wanted {
            return None;
        }
        let message = text!(
            zh = "与预期不符：余额是 {got}分",
            en = "not as expected: the balance is {got} points"
        );
        Some(self.failed(span, message, account))
    }

    /// The policy compiled, so only errors of the run can come.
    fn error(&self, code: Code, span: Span) -> Option<Diagnostic> {
        let raised = self.result.outcomes.iter().any(|o| match o.kind {
            OutcomeKind::Failed(Failure::DivisionByZero) => code == codes::DIVISION_BY_ZERO,
            OutcomeKind::Failed(Failure::Overflow) => code == codes::OVERFLOW,
            OutcomeKind::Failed(Failure::BeyondCalendar) => code == codes::BEYOND_CALENDAR,
            OutcomeKind::Failed(
                Failure::NegativeWeight | Failure::NegativeTotal | Failure::OffStep,
            ) => code == codes::ALLOT_FAILED,
            _ => false,
        });
        let message = text!(zh = "没有报错 {code}", en = "the error {code} did not come");
        (!raised).then(|| Diagnostic::new(codes::TEST_FAILED, span, message))
    }
}

impl Found<'_> {
    fn total(&self) -> Option<Decimal> {
        sum(&self.amounts)
    }

    fn pending(&self) -> Option<Decimal> {
        let mut sum: Option<Decimal> = None;
        for o in &self.outcomes {
            if let OutcomeKind::Pending(v, _) = o.kind {
                sum = match sum {
                    None => Some(v),
                    Some(s) => Some(s.add(v).ok()?),
                };
            }
        }
        sum
    }
}

fn sum(amounts: &[Decimal]) -> Option<Decimal> {
    let zero = Decimal::from_int(0);
    amounts.iter().try_fold(zero, |sum, n| sum.add(*n).ok())
}

fn not_applicable(kind: &OutcomeKind) -> bool {
    matches!(
        kind,
        OutcomeKind::NoVersion
            | OutcomeKind::NotApplicable(_)
            | OutcomeKind::NoPartner(_)
            | OutcomeKind::NoAmount
            | OutcomeKind::NotShared(NotShared::NoWeight)
            | OutcomeKind::Overlaps(_)
            | OutcomeKind::Withdrawn
    )
}
