//! Expressions (the head of `jifen_plan::expr`): a value, unknown, or a failure.

use std::collections::BTreeMap;

use chrono::Datelike;
use jifen_calendar::Day;
use jifen_data::{OpeningStanding, RosterData};
use jifen_plan::{
    AttrIx, Cmp, CurrencyIx, DatePart, DaySet, Expr, ExprId, FieldType, Holder, Plan, RosterIx,
    ShiftUnit, TimeMode, TimeTest, Ty, Value, Whose,
};
use num_traits::{Signed, Zero};

use crate::account::Account;
use crate::measure::Known;
use crate::notes::{self, Notes};
use crate::number::{N, divide, fit, int, of, power, round_to};
use crate::settle::Fact;
use crate::time::{self, DAY};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum V {
    /// A number in held units.
    Num(N),
    /// A text, option, group or id.
    Text(String),
    /// 是/否
    YesNo(bool),
    /// A day.
    Day(i64),
    /// An instant.
    Instant(i64),
    /// A span.
    Span(i64, i64),
    /// Ids of several subjects.
    List(Vec<String>),
}

impl From<Value> for V {
    fn from(value: Value) -> V {
        match value {
            Value::Num(d) => V::Num(of(d)),
            Value::Text(t) => V::Text(t),
            Value::YesNo(b) => V::YesNo(b),
            Value::Date(d) => V::Day(i64::from(d.0)),
            Value::Instant(i) => V::Instant(i.0),
            Value::Span(a, b) => V::Span(a.0, b.0),
            Value::List(ids) => V::List(ids),
        }
    }
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The missing thing, in canonical words.
    Unknown(String),
    /// The failure, in canonical words.
    Failed(&'static str),
}

/// What one run reads.
#[derive(Clone)]
pub struct Cx<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The rosters.
    pub rosters: &'a RosterData,
    /// All settled facts, for aggregates.
    pub facts: &'a [Fact],
    /// The fact, or the period item's row.
    pub fact: Option<&'a Fact>,
    /// Version of the item.
    pub version: usize,
    /// Roster of the account.
    pub roster: RosterIx,
    /// The account; of a measure of groups there is none.
    pub subject: u32,
    /// The group that a measure is about: how people are grouped, and which word; of everybody 0.
    pub group: Option<(Holder, u32)>,
    /// Event day.
    pub event_day: i64,
    /// Entry day.
    pub entry_day: i64,
    /// Rule day.
    pub rule_day: i64,
    /// The day on which attributes are read.
    pub attr_day: i64,
    /// Event instant.
    pub instant: i64,
    /// No clock time is known.
    pub day_only: bool,
    /// First day of the period, first day after it.
    pub period: Option<(i64, i64)>,
    /// The span, or the segment of it.
    pub span: Option<(i64, i64)>,
    /// What counts of it.
    pub counted: Vec<(i64, i64)>,
    /// 按日折算: days that held, for each of the item's conditions.
    pub held: Vec<i64>,
    /// 本次得分
    pub running: N,
    /// 当日合计
    pub day_total: N,
    /// How subjects stood before the policy.
    pub taken: &'a [OpeningStanding],
    /// What the fact has been joined with so far.
    pub joined: Vec<&'a Fact>,
    /// Inside an aggregate or a join: the run that counts this fact.
    pub around: Option<Box<Cx<'a>>>,
    /// Who holds the tallies of caps; none: the account.
    pub holder: Option<(RosterIx, u32)>,
    /// What the subject of a spend has, of each currency, when it is decided.
    pub accounts: BTreeMap<usize, Account>,
    /// Measures of periods that are over, as far as they have been asked for.
    pub known: &'a Known,
    /// What changed in accounts, as far as closed periods are looked at.
    pub book: &'a [crate::allot::Move],
    /// What took effect.
    pub notes: &'a Notes,
}

type R = Result<V, Stop>;

impl Cx<'_> {
    /// Notes an effect on the account.
    pub fn note(&self, what: &'static str) {
        self.notes
            .add(what, self.roster.ix(), self.subject, self.event_day);
    }

    /// The value of a node.
    pub fn eval(&self, id: ExprId) -> R {
        let value = self.node(id)?;
        notes::of_node(self, self.plan.exprs.get(id), &value);
        Ok(value)
    }

    fn node(&self, id: ExprId) -> R {
        match self.plan.exprs.get(id) {
            Expr::Const(v) => Ok(V::from(v.clone())),
            Expr::Field(f) => self.field(f.ix()),
            Expr::Attr(whose, attr) => self.attr(whose, *attr),
            Expr::Param(p) => self.param(p.ix()),
            Expr::Running => Ok(V::Num(self.running.clone())),
            Expr::DayTotal => Ok(V::Num(self.day_total.clone())),
            Expr::SpanSeconds => {
                self.own_span()?;
                Ok(V::Num(int(self.counted.iter().map(|(a, b)| b - a).sum())))
            }
            Expr::SpanStart => Ok(V::Instant(self.own_span()?.0)),
            Expr::SpanEnd => Ok(V::Instant(self.own_span()?.1)),
            Expr::EventDay => Ok(V::Day(self.event_day)),
            Expr::EntryDay => Ok(V::Day(self.entry_day)),
            Expr::EventInstant => self.clock_known().map(|()| V::Instant(self.instant)),
            Expr::PeriodStart => Ok(V::Day(self.period.map_or(self.event_day, |p| p.0))),
            Expr::PeriodEnd => Ok(V::Day(self.period.map_or(self.event_day, |p| p.1 - 1))),
            Expr::Add(a, b) => number(fit(self.num(*a)? + self.num(*b)?)),
            Expr::Sub(a, b) => number(fit(self.num(*a)? - self.num(*b)?)),
            Expr::Mul(a, b) => number(fit(self.num(*a)? * self.num(*b)?)),
            Expr::Div(a, b) => number(divide(&self.num(*a)?, &self.num(*b)?)),
            Expr::MulDiv(a, b, c) => number(divide(&(self.num(*a)? * self.num(*b)?), &of(*c))),
            Expr::IntDiv(a, b) => {
                let (a, b) = (self.num(*a)?, self.num(*b)?);
                if b.is_zero() {
                    return Err(Stop::Failed("division-by-zero"));
                }
                number(fit((a / b).floor()))
            }
            Expr::Neg(a) => number(fit(-self.num(*a)?)),
            Expr::Compare(cmp, a, b) => compare(*cmp, &self.eval(*a)?, &self.eval(*b)?),
            Expr::And(a, b) => self.kleene(*a, *b, false),
            Expr::Or(a, b) => self.kleene(*a, *b, true),
            Expr::Not(a) => Ok(V::YesNo(!self.truth(*a)?)),
            Expr::OneOf(a, values) => {
                let v = self.eval(*a)?;
                Ok(V::YesNo(values.iter().any(|x| V::from(x.clone()) == v)))
            }
            Expr::IsMissing(a) => match self.eval(*a) {
                Ok(_) => Ok(V::YesNo(false)),
                Err(Stop::Unknown(_)) => Ok(V::YesNo(true)),
                Err(failed) => Err(failed),
            },
            Expr::InTime(test) => self.time_test(test).map(V::YesNo),
            Expr::Aggregate(a) => crate::aggregate::aggregate(self, a),
            Expr::Measure(m, value, valid) => crate::measure::measure(self, *m, *value, *valid),
            Expr::OverPeriods(o) => crate::measure::over_periods(self, *o),
            Expr::Follows(_, a) => self.eval(*a),
            Expr::Shared(m) => crate::shared::read(self, *m),
            Expr::OverMembers(o) => crate::shared::over_members(self, *o),
            Expr::Members(when) => crate::shared::members(self, *when),
            Expr::Earlier(e) => crate::measure::earlier(self, *e),
            Expr::Points(p) => crate::standing::points(self, p),
            Expr::Standing(s) => crate::standing::read(self, *s),
            Expr::This(a) => match &self.around {
                Some(run) => run.eval(*a),
                None => Err(Stop::Failed("not inside an aggregate")),
            },
            Expr::Joined(slot, a) => {
                let run = self.around.as_deref().unwrap_or(self);
                match run.joined.get(usize::from(*slot)) {
                    Some(fact) => crate::joins::on(run, fact).eval(*a),
                    None => Err(Stop::Failed("not joined")),
                }
            }
            Expr::Subject => {
                let subject = || {
                    let table = self.rosters.table(self.roster)?;
                    table.ids.get_index(self.subject as usize).cloned()
                };
                subject().map(V::Text).ok_or(Stop::Failed("no subject"))
            }
            Expr::Balance(c) => Ok(V::Num(fit(self.account(*c).balance())?)),
            Expr::Awarded(c) => Ok(V::Num(fit(self.account(*c).awarded())?)),
            Expr::Age(birth, on) => number(Ok(int(time::age(self.day(*birth)?, self.day(*on)?)))),
            Expr::YearStart(from, on) => {
                let (from, on) = (self.day(*from)?, self.day(*on)?);
                Ok(V::Day(time::year_start(from, on)))
            }
            Expr::Shift(day, n, unit) => {
                let day = self.day(*day)?;
                let moved = match unit {
                    ShiftUnit::Months => time::add_months(day, *n),
                    ShiftUnit::Days => day + i64::from(*n),
                };
                // The calendar's ends.
                let (first, last) = (time::day_of(1800, 1, 1), time::day_of(2301, 1, 1));
                Ok(V::Day(moved.clamp(first, last)))
            }
            Expr::SetSize(set) => {
                let all = crate::aggregate::periods(self, *set)?;
                number(Ok(int(i64::try_from(all.len()).unwrap_or(i64::MAX))))
            }
            Expr::SetRun(set) => {
                let all = crate::aggregate::periods(self, *set)?;
                let Ty::Periods(unit) = self.plan.exprs.ty(*set) else {
                    return Err(Stop::Failed("not a set"));
                };
                number(Ok(int(crate::aggregate::longest(unit, &all))))
            }
            Expr::SetOf(..) => Err(Stop::Failed("a set is no value")),
            Expr::Round(a, to) => number(fit(round_to(&self.num(*a)?, &of(to.step), to.mode)?)),
            Expr::Power(base, exponent, to) => {
                let (base, exponent) = (self.num(*base)?, self.num(*exponent)?);
                let exact = power(&base, &exponent)?;
                number(fit(round_to(&exact, &of(to.step), to.mode)?))
            }
            Expr::DatePart(part, day) => number(Ok(int(date_part(*part, self.day(*day)?)))),
            Expr::InDays(day, set) => Ok(V::YesNo(self.run_of(*day, set)?.is_some())),
            Expr::RunStart(day, set) => {
                let start = self.run_of(*day, set)?.map(|(from, _)| from);
                Ok(V::Day(start.unwrap_or(self.day(*day)?)))
            }
            Expr::Among(who, list) => {
                let who = self.eval(*who)?;
                let ids = self.several(*list)?;
                Ok(V::YesNo(ids.into_iter().any(|id| V::Text(id) == who)))
            }
            Expr::HowMany(list) => {
                let n = self.several(*list)?.len();
                number(Ok(int(i64::try_from(n).unwrap_or(i64::MAX))))
            }
            Expr::Since(later, earlier) => number(Ok(int(
                tick(&self.eval(*later)?) - tick(&self.eval(*earlier)?)
            ))),
            choice => self.choose(choice),
        }
    }

    fn account(&self, c: CurrencyIx) -> Account {
        self.accounts.get(&c.ix()).cloned().unwrap_or_default()
    }

    /// S8: selections; only the row taken is evaluated.
    fn choose(&self, expr: &Expr) -> R {
        match expr {
            Expr::Bands {
                of: q,
                below,
                rows,
                reaches,
            } => {
                let q = self.num(*q)?;
                let under = |bound: &N| if *reaches { *bound <= q } else { *bound < q };
                let row = rows.iter().rev().find(|(bound, _)| under(&of(*bound)));
                self.eval(row.map_or(*below, |r| r.1))
            }
            Expr::Slices { of: q, rows, per } => {
                let q = self.num(*q)?;
                let mut sum = N::zero();
                for (i, (from, rate)) in rows.iter().enumerate() {
                    let to = rows
                        .get(i + 1)
                        .map_or(q.clone(), |next| of(next.0).min(q.clone()));
                    let part = to - of(*from);
                    if part.is_positive() {
                        sum += self.num(*rate)? * part;
                    }
                }
                number(divide(&sum, &of(*per)))
            }
            Expr::Select {
                of: selector,
                rows,
                rest,
            } => {
                let v = self.eval(*selector)?;
                let is = |values: &[Value]| values.iter().any(|x| V::from(x.clone()) == v);
                match rows.iter().find(|(values, _)| is(values)) {
                    Some((_, value)) => self.eval(*value),
                    None => rest.map_or(Err(Stop::Failed("no row")), |r| self.eval(r)),
                }
            }
            Expr::First { rows, rest } => {
                for (condition, value) in rows {
                    if self.truth(*condition)? {
                        return self.eval(*value);
                    }
                }
                self.eval(*rest)
            }
            Expr::Clamp {
                low,
                high,
                of: inner,
            } => {
                let low = low.map(|l| self.num(l)).transpose()?;
                let high = high.map(|h| self.num(h)).transpose()?;
                let mut v = self.num(*inner)?;
                v = low.map_or(v.clone(), |l| v.max(l));
                Ok(V::Num(high.map_or(v.clone(), |h| v.min(h))))
            }
            _ => Err(Stop::Failed("not a selection")),
        }
    }

    /// A number.
    pub fn num(&self, id: ExprId) -> Result<N, Stop> {
        match self.eval(id)? {
            V::Num(n) => Ok(n),
            _ => Err(Stop::Failed("not a number")),
        }
    }

    /// A condition.
    pub fn truth(&self, id: ExprId) -> Result<bool, Stop> {
        match self.eval(id)? {
            V::YesNo(b) => Ok(b),
            _ => Err(Stop::Failed("not a condition")),
        }
    }

    /// A condition that may be absent.
    pub fn holds(&self, when: Option<ExprId>) -> Result<bool, Stop> {
        when.map_or(Ok(true), |w| self.truth(w))
    }

    /// A day.
    pub fn day(&self, id: ExprId) -> Result<i64, Stop> {
        match self.eval(id)? {
            V::Day(d) => Ok(d),
            V::Instant(t) => Ok(t.div_euclid(DAY)),
            _ => Err(Stop::Failed("not a day")),
        }
    }

    /// The run of days that a day lies in; a day that the calendar does not know fails.
    fn run_of(&self, day: ExprId, set: &DaySet) -> Result<Option<(i64, i64)>, Stop> {
        let day = self.day(day)?;
        if set.known.is_some_and(|(from, to)| !within(from, to, day)) {
            return Err(Stop::Failed("beyond-calendar"));
        }
        let run = set.runs.iter().find(|(from, to)| within(*from, *to, day));
        Ok(run.map(|(from, to)| (i64::from(from.0), i64::from(to.0))))
    }

    /// S28: `decider` is the value that decides alone.
    fn kleene(&self, a: ExprId, b: ExprId, decider: bool) -> R {
        match self.truth(a) {
            Ok(x) if x == decider => Ok(V::YesNo(decider)),
            Ok(_) => self.truth(b).map(V::YesNo),
            Err(Stop::Unknown(missing)) => match self.truth(b) {
                Ok(x) if x == decider => {
                    self.note("短路定论");
                    Ok(V::YesNo(decider))
                }
                Err(Stop::Failed(why)) => Err(Stop::Failed(why)),
                _ => Err(Stop::Unknown(missing)),
            },
            Err(failed) => Err(failed),
        }
    }

    /// S2: blank with a default is the default; blank is unknown.
    fn field(&self, ix: usize) -> R {
        let default = || {
            let kind = self.plan.kinds.get(self.fact?.kind)?;
            kind.fields.get(ix)?.default.clone().map(V::from)
        };
        let value = self.fact.and_then(|f| f.fields.get(ix).cloned().flatten());
        value.or_else(default).ok_or_else(|| self.blank(ix))
    }

    /// A blank field of a counted fact is told by its record.
    fn blank(&self, ix: usize) -> Stop {
        let counted = self.fact.filter(|_| self.around.is_some());
        let kind = counted.and_then(|f| self.plan.kinds.get(f.kind));
        Stop::Unknown(match kind {
            Some(k) => format!("field {}.{ix}", k.name),
            None => format!("field {ix}"),
        })
    }

    fn attr(&self, whose: &Whose, attr: AttrIx) -> R {
        let (roster, subject) = match whose {
            Whose::Own => (self.roster, Some(self.subject)),
            Whose::Of(id) => {
                let (roster, _, subject) = self.named(*id)?;
                (roster, subject)
            }
        };
        self.attr_of(roster, subject, attr, self.attr_day)
    }

    /// Whom a reference names: roster, id and, if the roster has such a row, its number.
    pub fn named(&self, reference: ExprId) -> Result<(RosterIx, String, Option<u32>), Stop> {
        let V::Text(id) = self.eval(reference)? else {
            return Err(Stop::Failed("not a subject"));
        };
        let Ty::Subject(roster) = self.plan.exprs.ty(reference) else {
            return Err(Stop::Failed("not a subject"));
        };
        let subject = self.rosters.table(roster).and_then(|t| t.subject(&id));
        Ok((roster, id, subject))
    }

    /// Ids of those whom an attribute of several names, in the order of ids (S3), each once.
    pub fn several(&self, list: ExprId) -> Result<Vec<String>, Stop> {
        let V::List(mut ids) = self.eval(list)? else {
            return Err(Stop::Failed("not several"));
        };
        ids.sort_by_key(|id| (id.len(), id.clone()));
        ids.dedup();
        Ok(ids)
    }

    /// Is this subject on its roster on this day?
    pub fn is_there(&self, roster: RosterIx, subject: u32, day: i64) -> bool {
        let mut there = self.clone();
        (there.roster, there.subject) = (roster, subject);
        there.is_present(day)
    }

    /// The value of an attribute on a day.
    pub fn attr_of(&self, roster: RosterIx, who: Option<u32>, attr: AttrIx, day: i64) -> R {
        let value = || {
            let values = self.rosters.table(roster)?.attrs.get(attr.ix())?;
            let rows = values.rows.get(who? as usize)?;
            let (_, _, code) = rows.iter().find(|(from, to, _)| within(*from, *to, day))?;
            values.values.get_index(*code as usize).cloned()
        };
        if let Some(value) = value() {
            return Ok(V::from(value));
        }
        let r = self.plan.rosters.get(roster.ix());
        let ty = r.and_then(|r| r.attrs.get(attr.ix())).map(|a| &a.ty);
        match ty {
            // A row of the roster that names nobody.
            Some(FieldType::Refs(_)) if who.is_some() => Ok(V::List(Vec::new())),
            _ => Err(self.no_attr(roster, attr)),
        }
    }

    /// An attribute is blank.
    pub fn no_attr(&self, roster: RosterIx, attr: AttrIx) -> Stop {
        let r = self.plan.rosters.get(roster.ix());
        let name = r
            .and_then(|r| r.attrs.get(attr.ix()))
            .map_or("?", |a| &a.name);
        Stop::Unknown(format!("attr {}.{name}", r.map_or("?", |r| &r.name)))
    }

    /// Is the account's subject on the roster on this day?
    pub fn is_present(&self, day: i64) -> bool {
        let table = self.rosters.table(self.roster);
        let ranges = table.and_then(|t| t.present.get(self.subject as usize));
        ranges.is_some_and(|r| r.iter().any(|(from, to)| within(*from, *to, day)))
    }

    /// S27: the value in force on the rule day.
    fn param(&self, ix: usize) -> R {
        let p = self
            .plan
            .params
            .get(ix)
            .ok_or(Stop::Failed("no parameter"))?;
        let steps = p.steps.iter().rev();
        let step = steps
            .into_iter()
            .find(|(from, _)| i64::from(from.0) <= self.rule_day);
        Ok(V::Num(of(step.map_or(p.first, |s| s.1))))
    }

    fn own_span(&self) -> Result<(i64, i64), Stop> {
        let kind = self.fact.and_then(|f| self.plan.kinds.get(f.kind));
        let ix = kind.and_then(|k| k.span).map_or(0, |f| f.ix());
        self.span.ok_or_else(|| self.blank(ix))
    }

    /// S4: a day-only fact cannot tell any hour.
    pub fn clock_known(&self) -> Result<(), Stop> {
        if self.day_only {
            return Err(Stop::Unknown("clock time".to_owned()));
        }
        Ok(())
    }

    /// S9: 始于时段 looks at the begin, 触及时段 at every second that counts (at the begin, if there is none).
    pub fn time_test(&self, test: &TimeTest) -> Result<bool, Stop> {
        self.clock_known()?;
        let begin = self.span.map_or(self.instant, |s| s.0);
        let seconds: i64 = self.counted.iter().map(|(a, b)| b - a).sum();
        if test.mode == TimeMode::StartingIn || seconds == 0 {
            return Ok(time::in_clock(&test.windows, begin));
        }
        let pieces = time::cut(&self.counted, &[&test.windows]);
        Ok(pieces.iter().any(|p| p.2 == [true]))
    }
}

/// Half-open, as all ranges of days.
fn within(from: Day, to: Day, day: i64) -> bool {
    i64::from(from.0) <= day && day < i64::from(to.0)
}

fn number(n: Result<N, Stop>) -> R {
    n.map(V::Num)
}

/// S6.
fn compare(cmp: Cmp, a: &V, b: &V) -> R {
    Ok(V::YesNo(match cmp {
        Cmp::Eq => a == b,
        Cmp::Ne => a != b,
        Cmp::Ge => a >= b,
        Cmp::Gt => a > b,
        Cmp::Le => a <= b,
        Cmp::Lt => a < b,
    }))
}

fn date_part(part: DatePart, day: i64) -> i64 {
    let d = time::date(day);
    match part {
        DatePart::Year => i64::from(d.year()),
        DatePart::Month => i64::from(d.month()),
        DatePart::DayOfMonth => i64::from(d.day()),
        DatePart::Weekday => i64::from(d.weekday().number_from_monday()),
    }
}

fn tick(v: &V) -> i64 {
    match v {
        V::Day(t) | V::Instant(t) => *t,
        _ => 0,
    }
}
