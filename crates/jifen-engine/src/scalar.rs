//! Evaluates one expression for one run, value by value; the column kernels must agree with it, and tracing uses it.

use jifen_calendar::{Day, Instant, age, contains, touches};
use jifen_data::{Account, Eval, Failure, Missing, NodeValue, Origin};
use jifen_plan::{
    Cmp, CurrencyIx, DatePart, DaySet, Expr, ExprId, MeasureIx, RosterIx, ShiftUnit, TimeMode,
    TimeTest, Ty, Value, Whose,
};
use jifen_quantity::Decimal;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::case::Case;
use crate::error::Stop;
use crate::store::Sums;
use crate::world::Val;

/// Whom a reference names; no account where its roster has no such row.
pub(crate) struct Named<'w> {
    pub roster: RosterIx,
    pub id: &'w str,
    pub account: Option<Account>,
}

/// Evaluates expressions of one run.
pub(crate) struct Scalar<'w> {
    pub case: Case<'w>,
    /// 本次得分.
    pub running: Decimal,
    /// 当日合计.
    pub day_total: Decimal,
    /// The day on which attributes are read (held conditions move it).
    pub attr_day: Day,
    /// 分段计: the segment that stands for the span.
    pub segment: Option<(Instant, Instant)>,
    /// Values met, if someone asked.
    pub nodes: Option<Vec<NodeValue>>,
    /// What a spend found in the currencies that it reads.
    pub found: Vec<(CurrencyIx, Sums)>,
    /// Measures of the run that are known, by node: a part of a score is read several times, and measures read each other.
    measured: BTreeMap<ExprId, Result<Val<'w>>>,
    /// Inside an aggregate or a join: the circumstances of the run that looks at this fact.
    pub around: Option<Case<'w>>,
}

type Result<T> = std::result::Result<T, Stop>;
const ILL_TYPED: Stop = Stop::Plan("an expression of the wrong type");

impl<'w> Scalar<'w> {
    pub fn new(case: Case<'w>, traced: bool) -> Scalar<'w> {
        Scalar {
            attr_day: case.attr_day,
            case,
            running: Decimal::ZERO,
            day_total: Decimal::ZERO,
            segment: None,
            nodes: traced.then(Vec::new),
            found: Vec::new(),
            measured: BTreeMap::new(),
            around: None,
        }
    }

    /// A number.
    pub fn num(&mut self, id: ExprId) -> Result<Decimal> {
        match self.eval(id)? {
            Val::Num(n) => Ok(n),
            _ => Err(ILL_TYPED),
        }
    }

    /// A condition.
    pub fn yes(&mut self, id: ExprId) -> Result<bool> {
        match self.eval(id)? {
            Val::YesNo(b) => Ok(b),
            _ => Err(ILL_TYPED),
        }
    }

    /// Any value.
    pub fn eval(&mut self, id: ExprId) -> Result<Val<'w>> {
        let result = self.node(id);
        if let Some(nodes) = &mut self.nodes {
            let value = match &result {
                Ok(v) => Eval::Value(v.to_value()),
                Err(Stop::Unknown(m)) => Eval::Unknown(m.clone()),
                Err(Stop::Failed(f)) => Eval::Failed(*f),
                Err(Stop::Plan(_)) => return result,
            };
            nodes.push(NodeValue { expr: id, value });
        }
        result
    }

    fn node(&mut self, id: ExprId) -> Result<Val<'w>> {
        let world = self.case.world;
        match world.plan.exprs.get(id) {
            Expr::Const(v) => Ok(Val::of(v)),
            Expr::Field(f) => {
                let fact = self.case.fact.ok_or(Stop::Plan("a field without a fact"))?;
                fact.field(*f).ok_or_else(|| self.blank(*f))
            }
            Expr::Attr(whose, attr) => self.attr(*whose, *attr),
            Expr::Param(p) => {
                let p = world
                    .plan
                    .params
                    .get(p.ix())
                    .ok_or(Stop::Plan("parameter index"))?;
                let day = self.case.rule_day;
                let step = p.steps.iter().rev().find(|(from, _)| *from <= day);
                Ok(Val::Num(step.map_or(p.first, |s| s.1)))
            }
            Expr::Running => Ok(Val::Num(self.running)),
            Expr::DayTotal => Ok(Val::Num(self.day_total)),
            Expr::SpanSeconds => {
                let (a, b) = self.counted()?;
                Ok(Val::Num(Decimal::from_int(b.0.saturating_sub(a.0))))
            }
            Expr::SpanStart => Ok(Val::Instant(self.span()?.0)),
            Expr::SpanEnd => Ok(Val::Instant(self.span()?.1)),
            Expr::EventDay => Ok(Val::Date(self.case.event_day)),
            Expr::EntryDay => Ok(Val::Date(self.case.entry_day)),
            Expr::EventInstant if self.case.day_only => Err(Stop::Unknown(Missing::ClockTime)),
            Expr::EventInstant => Ok(Val::Instant(self.case.at)),
            Expr::PeriodStart => Ok(Val::Date(self.period()?.0)),
            Expr::PeriodEnd => Ok(Val::Date(self.period()?.1.add_days(-1))),
            Expr::Compare(cmp, a, b) => {
                let (a, b) = (self.eval(*a)?, self.eval(*b)?);
                compare(*cmp, a, b).map(Val::YesNo)
            }
            Expr::And(a, b) => self.kleene(*a, *b, false),
            Expr::Or(a, b) => self.kleene(*a, *b, true),
            Expr::Not(a) => Ok(Val::YesNo(!self.yes(*a)?)),
            Expr::OneOf(a, list) => {
                let v = self.eval(*a)?;
                Ok(Val::YesNo(list.iter().any(|x| Val::of(x) == v)))
            }
            Expr::IsMissing(a) => match self.eval(*a) {
                Ok(_) => Ok(Val::YesNo(false)),
                Err(Stop::Unknown(_)) => Ok(Val::YesNo(true)),
                Err(e) => Err(e),
            },
            Expr::InTime(test) => self.in_time(test).map(Val::YesNo),
            Expr::Age(a, b) => {
                let (birth, on) = (self.day(*a)?, self.day(*b)?);
                Ok(Val::Num(Decimal::from_int(i64::from(age(birth, on)))))
            }
            Expr::YearStart(a, b) => {
                let (from, on) = (self.day(*a)?, self.day(*b)?);
                Ok(Val::Date(jifen_calendar::year_start(from, on)))
            }
            Expr::Shift(a, n, unit) => {
                let day = self.day(*a)?;
                Ok(Val::Date(match unit {
                    ShiftUnit::Months => day.add_months(i64::from(*n)),
                    ShiftUnit::Days => day.add_days(i64::from(*n)),
                }))
            }
            Expr::SetSize(set) => Ok(Val::Num(Decimal::from_int(self.set_size(*set)?))),
            Expr::SetRun(set) => Ok(Val::Num(Decimal::from_int(self.set_run(*set)?))),
            Expr::SetOf(..) => Err(ILL_TYPED),
            Expr::Among(who, list) => {
                let who = self.eval(*who)?;
                let ids = self.several(*list)?;
                let hit = matches!(who, Val::Text(who) if ids.iter().any(|id| id == who));
                Ok(Val::YesNo(hit))
            }
            Expr::HowMany(list) => {
                let n = i64::try_from(self.several(*list)?.len()).unwrap_or(i64::MAX);
                Ok(Val::Num(Decimal::from_int(n)))
            }
            Expr::DatePart(part, a) => {
                let day = self.day(*a)?;
                Ok(Val::Num(Decimal::from_int(date_part(*part, day))))
            }
            Expr::InDays(day, set) => {
                let day = self.day(*day)?;
                Ok(Val::YesNo(run_of(set, day)?.is_some()))
            }
            Expr::RunStart(day, set) => {
                let day = self.day(*day)?;
                Ok(Val::Date(run_of(set, day)?.map_or(day, |r| r.0)))
            }
            Expr::Since(a, b) => {
                let (later, earlier) = (self.eval(*a)?, self.eval(*b)?);
                since(later, earlier).map(Val::Num)
            }
            Expr::Follows(_, a) => self.eval(*a),
            Expr::Earlier(e) => crate::closed::earlier(&self.case, *e).map(Val::Num),
            Expr::Aggregate(a) => self.aggregate(a),
            Expr::Measure(m, value, valid) => self.once(id, |s| s.measure(*m, *value, *valid)),
            Expr::OverPeriods(o) => self.once(id, |s| {
                crate::measure::over_periods(&s.case, *o).map(Val::Num)
            }),
            Expr::Shared(m) => crate::shared::read(&self.case, *m).map(Val::Num),
            Expr::OverMembers(o) => self.once(id, |s| {
                crate::shared::over_members(&s.case, *o).map(Val::Num)
            }),
            Expr::Members(when) => {
                self.once(id, |s| crate::shared::members(&s.case, *when).map(Val::Num))
            }
            Expr::Balance(c) => Ok(Val::Num(self.found(*c)?.balance()?)),
            Expr::Awarded(c) => Ok(Val::Num(self.found(*c)?.awarded()?)),
            Expr::Points(p) => crate::posted::read(&self.case, p).map(Val::Num),
            Expr::Standing(s) => crate::stands::read(self, *s),
            Expr::This(a) => {
                let run = self.around.ok_or(Stop::Plan("本条 outside an aggregate"))?;
                Scalar::new(run, false).eval(*a)
            }
            Expr::Joined(slot, a) => self.joined(*slot, *a),
            Expr::Subject => {
                let own = self.case.account;
                let table = world.rosters.table(own.roster);
                let id = table.and_then(|t| t.ids.get_index(own.subject as usize));
                let id = id.ok_or(Stop::Plan("subject index"))?;
                Ok(Val::Text(id.as_str()))
            }
            arithmetic => self.arithmetic(arithmetic),
        }
    }

    fn once(
        &mut self,
        id: ExprId,
        find: impl FnOnce(&mut Self) -> Result<Val<'w>>,
    ) -> Result<Val<'w>> {
        if let Some(known) = self.measured.get(&id) {
            return known.clone();
        }
        let found = find(self);
        self.measured.insert(id, found.clone());
        found
    }

    fn measure(&mut self, m: MeasureIx, value: ExprId, valid: Option<ExprId>) -> Result<Val<'w>> {
        if let Some(valid) = valid
            && !self.yes(valid)?
        {
            return Err(Stop::Unknown(Missing::NoValue(m)));
        }
        self.eval(value)
    }

    /// What stands on a fact that the run's is joined with.
    fn joined(&self, slot: u16, of: ExprId) -> Result<Val<'w>> {
        let run = self.around.unwrap_or(self.case);
        let fact = run.joined.get(usize::from(slot));
        let fact = fact.ok_or(Stop::Plan("a fact that is not joined"))?;
        let mut scalar = Scalar::new(Case::of_fact(run.world, *fact)?, false);
        scalar.around = Some(run);
        scalar.eval(of)
    }

    /// What the account had of a currency when the spend was met.
    fn found(&self, c: CurrencyIx) -> Result<&Sums> {
        let found = self.found.iter().find(|f| f.0 == c);
        found
            .map(|f| &f.1)
            .ok_or(Stop::Plan("a balance outside of a spend"))
    }

    fn arithmetic(&mut self, expr: &'w Expr) -> Result<Val<'w>> {
        Ok(Val::Num(match expr {
            Expr::Add(a, b) => self.num(*a)?.add(self.num(*b)?)?,
            Expr::Sub(a, b) => self.num(*a)?.sub(self.num(*b)?)?,
            Expr::Mul(a, b) => self.num(*a)?.mul(self.num(*b)?)?,
            Expr::Div(a, b) => self.num(*a)?.div(self.num(*b)?)?,
            Expr::MulDiv(a, b, c) => Decimal::mul_div(self.num(*a)?, self.num(*b)?, *c)?,
            Expr::IntDiv(a, b) => self.num(*a)?.div_floor(self.num(*b)?)?,
            Expr::Neg(a) => self.num(*a)?.checked_neg()?,
            Expr::Round(a, to) => self.num(*a)?.round_to(to.step, to.mode)?,
            Expr::Power(base, exponent, to) => {
                let (base, exponent) = (self.num(*base)?, self.num(*exponent)?);
                // Beyond any exponent that is allowed.
                let times = exponent.to_i128().unwrap_or(i128::MAX);
                base.power(times, to.step, to.mode)?
            }
            selection => return self.selection(selection),
        }))
    }

    fn selection(&mut self, expr: &'w Expr) -> Result<Val<'w>> {
        match expr {
            Expr::Bands {
                of,
                below,
                rows,
                reaches,
            } => {
                let q = self.num(*of)?;
                let in_band = |b: &Decimal| if *reaches { q >= *b } else { q > *b };
                let row = rows.iter().rev().find(|(b, _)| in_band(b));
                self.eval(row.map_or(*below, |r| r.1))
            }
            Expr::Slices { of, rows, per } => {
                let q = self.num(*of)?;
                let mut sum = Decimal::ZERO;
                for (i, (from, rate)) in rows.iter().enumerate() {
                    if q > *from {
                        let to = rows.get(i + 1).map_or(q, |next| q.min(next.0));
                        sum = sum.add(self.num(*rate)?.mul(to.sub(*from)?)?)?;
                    }
                }
                Ok(Val::Num(sum.div(*per)?))
            }
            Expr::Select { of, rows, rest } => {
                let v = self.eval(*of)?;
                let hit = |list: &[Value]| list.iter().any(|x| Val::of(x) == v);
                let row = rows.iter().find(|(list, _)| hit(list)).map(|r| r.1);
                self.eval(
                    row.or(*rest)
                        .ok_or(Stop::Plan("a selection without a row"))?,
                )
            }
            Expr::First { rows, rest } => {
                for (cond, value) in rows {
                    if self.yes(*cond)? {
                        return self.eval(*value);
                    }
                }
                self.eval(*rest)
            }
            Expr::Clamp { low, high, of } => {
                let low = low.map(|e| self.num(e)).transpose()?;
                let high = high.map(|e| self.num(e)).transpose()?;
                let v = self.num(*of)?;
                let v = low.map_or(v, |l| v.max(l));
                Ok(Val::Num(high.map_or(v, |h| v.min(h))))
            }
            _ => Err(ILL_TYPED),
        }
    }

    /// `And` (decides = false) and `Or` (decides = true).
    fn kleene(&mut self, a: ExprId, b: ExprId, decides: bool) -> Result<Val<'w>> {
        match self.yes(a) {
            Ok(left) if left == decides => Ok(Val::YesNo(decides)),
            Ok(_) => Ok(Val::YesNo(self.yes(b)?)),
            Err(Stop::Unknown(m)) => match self.yes(b) {
                Ok(right) if right == decides => Ok(Val::YesNo(decides)),
                Ok(_) | Err(Stop::Unknown(_)) => Err(Stop::Unknown(m)),
                Err(e) => Err(e),
            },
            Err(e) => Err(e),
        }
    }

    fn attr(&mut self, whose: Whose, attr: jifen_plan::AttrIx) -> Result<Val<'w>> {
        let day = self.attr_day;
        match whose {
            Whose::Own => {
                let own = self.case.account;
                self.case.attr(own.roster, Some(own.subject), attr, day)
            }
            Whose::Of(expr) => {
                let named = self.named(expr)?;
                let code = named.account.map(|a| a.subject);
                self.case.attr(named.roster, code, attr, day)
            }
        }
    }

    /// Ids of those whom an attribute of several names, in the order of ids.
    pub fn several(&mut self, list: ExprId) -> Result<&'w [String]> {
        match self.eval(list)? {
            Val::List(ids) => Ok(ids),
            _ => Err(ILL_TYPED),
        }
    }

    /// Whom a reference names.
    pub fn named(&mut self, reference: ExprId) -> Result<Named<'w>> {
        let world = self.case.world;
        let Ty::Subject(roster) = world.plan.exprs.ty(reference) else {
            return Err(ILL_TYPED);
        };
        let Val::Text(id) = self.eval(reference)? else {
            return Err(ILL_TYPED);
        };
        let code = world.rosters.table(roster).and_then(|t| t.subject(id));
        let account = code.map(|subject| Account { roster, subject });
        Ok(Named {
            roster,
            id,
            account,
        })
    }

    /// A blank field; one of a counted fact is told from one of the fact being scored.
    fn blank(&self, f: jifen_plan::FieldIx) -> Stop {
        Stop::Unknown(match self.case.origin {
            Origin::Fact(counted) if self.around.is_some() => Missing::FieldOf(counted.kind, f),
            _ => Missing::Field(f),
        })
    }

    fn missing_span(&self) -> Stop {
        match self.case.fact.and_then(|f| f.kind.span) {
            Some(f) => self.blank(f),
            None => Stop::Plan("a span on a kind without one"),
        }
    }

    fn counted(&self) -> Result<(Instant, Instant)> {
        self.segment
            .or(self.case.counted)
            .ok_or_else(|| self.missing_span())
    }

    fn span(&self) -> Result<(Instant, Instant)> {
        let whole = self.case.fact.and_then(|f| f.span());
        self.segment.or(whole).ok_or_else(|| self.missing_span())
    }

    fn period(&self) -> Result<(Day, Day)> {
        self.case
            .period
            .ok_or(Stop::Plan("a period outside a period item"))
    }

    pub(crate) fn day(&mut self, id: ExprId) -> Result<Day> {
        match self.eval(id)? {
            Val::Date(d) => Ok(d),
            Val::Instant(i) => Ok(i.day()),
            _ => Err(ILL_TYPED),
        }
    }

    fn in_time(&self, test: &TimeTest) -> Result<bool> {
        if self.case.day_only {
            return Err(Stop::Unknown(Missing::ClockTime));
        }
        Ok(self.holds_at(test))
    }

    /// `StartingIn` and `Touching`, on a fact whose clock time is known.
    pub fn holds_at(&self, test: &TimeTest) -> bool {
        let span = self
            .segment
            .or_else(|| self.case.fact.and_then(|f| f.span()));
        let begin = span.map_or(self.case.at, |s| s.0);
        match (test.mode, self.segment.or(self.case.counted)) {
            (TimeMode::Touching | TimeMode::During, Some((a, b))) if a < b => {
                touches(&test.windows, a, b)
            }
            _ => contains(&test.windows, begin),
        }
    }
}

/// Compares two values of one type.
pub(crate) fn compare(cmp: Cmp, a: Val<'_>, b: Val<'_>) -> Result<bool> {
    let order = match (a, b) {
        (Val::Num(a), Val::Num(b)) => a.cmp(&b),
        (Val::Date(a), Val::Date(b)) => a.cmp(&b),
        (Val::Instant(a), Val::Instant(b)) => a.cmp(&b),
        (Val::Date(a), Val::Instant(b)) => a.start().cmp(&b),
        (Val::Instant(a), Val::Date(b)) => a.cmp(&b.start()),
        (Val::Text(a), Val::Text(b)) => a.cmp(b),
        (Val::YesNo(a), Val::YesNo(b)) => a.cmp(&b),
        (Val::Span(a, b), Val::Span(c, d)) => (a, b).cmp(&(c, d)),
        _ => return Err(ILL_TYPED),
    };
    Ok(by_order(cmp, order))
}

pub(crate) fn by_order(cmp: Cmp, order: Ordering) -> bool {
    match cmp {
        Cmp::Eq => order.is_eq(),
        Cmp::Ne => order.is_ne(),
        Cmp::Ge => order.is_ge(),
        Cmp::Gt => order.is_gt(),
        Cmp::Le => order.is_le(),
        Cmp::Lt => order.is_lt(),
    }
}

/// The run that a day lies in.
pub(crate) fn run_of(set: &DaySet, day: Day) -> Result<Option<(Day, Day)>> {
    if set.known.is_some_and(|(from, to)| day < from || to <= day) {
        return Err(Stop::Failed(Failure::BeyondCalendar));
    }
    let after = set.runs.partition_point(|r| r.0 <= day);
    let last = after.checked_sub(1).and_then(|at| set.runs.get(at));
    Ok(last.filter(|r| day < r.1).copied())
}

/// A part of a date as a number.
pub(crate) fn date_part(part: DatePart, day: Day) -> i64 {
    let (year, month, of_month) = day.ymd();
    match part {
        DatePart::Year => i64::from(year),
        DatePart::Month => i64::from(month),
        DatePart::DayOfMonth => i64::from(of_month),
        DatePart::Weekday => i64::from(day.weekday()),
    }
}

fn since(later: Val<'_>, earlier: Val<'_>) -> Result<Decimal> {
    let seconds = match (later, earlier) {
        (Val::Date(a), Val::Date(b)) => i64::from(a.0) - i64::from(b.0),
        (Val::Instant(a), Val::Instant(b)) => {
            a.0.checked_sub(b.0)
                .ok_or(Stop::Failed(Failure::Overflow))?
        }
        (Val::Date(a), Val::Instant(b)) => a.start().0 - b.0,
        (Val::Instant(a), Val::Date(b)) => a.0 - b.start().0,
        _ => return Err(ILL_TYPED),
    };
    Ok(Decimal::from_int(seconds))
}
