//! Would a condition hold if one field had another value? A careful probe over one run, used only to offer fixes.
//!
//! It answers `None` wherever it is not sure; a fix is offered only when it says yes.

use std::cell::Cell;

use jifen_calendar::{Day, age};
use jifen_data::{Eval, FactLog, FactRef, ItemRun, Origin, RosterData};
use jifen_plan::{
    AttrIx, Cmp, DatePart, Expr, ExprId, FieldIx, Plan, RosterIx, ShiftUnit, Ty, Value, Whose,
};
use jifen_quantity::Decimal;

use crate::words::Scope;

/// What is supposed to be different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A field of the fact.
    Field(FieldIx, Value),
    /// An attribute of the subject.
    Attr(AttrIx, Value),
    /// The seconds of the span that count.
    SpanSeconds(Decimal),
}

/// Evaluates expressions of one run under a change.
pub struct Probe<'a> {
    /// Plan.
    pub plan: &'a Plan,
    /// Facts.
    pub facts: &'a FactLog,
    /// Rosters.
    pub rosters: &'a RosterData,
    /// The run.
    pub run: &'a ItemRun,
    /// Scope of its item.
    pub scope: Scope,
    /// The change.
    pub change: Option<Change>,
    /// Nodes visited: bounds the work on a wide expression.
    pub work: Cell<u32>,
}

/// More than enough for what people write.
const MAX_WORK: u32 = 20_000;

impl Probe<'_> {
    /// Does the condition hold? `None`: not sure.
    #[must_use]
    pub fn holds(&self, cond: ExprId) -> Option<bool> {
        match self.eval(cond)? {
            Value::YesNo(b) => Some(b),
            _ => None,
        }
    }

    fn num(&self, expr: ExprId) -> Option<Decimal> {
        match self.eval(expr)? {
            Value::Num(n) => Some(n),
            _ => None,
        }
    }

    fn day(&self, expr: ExprId) -> Option<Day> {
        match self.eval(expr)? {
            Value::Date(d) => Some(d),
            _ => None,
        }
    }

    fn traced(&self, expr: ExprId) -> Option<&Eval> {
        let found = self.run.nodes.iter().rev().find(|n| n.expr == expr);
        found.map(|n| &n.value)
    }

    /// The value of an expression.
    #[must_use]
    pub fn eval(&self, expr: ExprId) -> Option<Value> {
        self.work.set(self.work.get() + 1);
        if self.work.get() > MAX_WORK {
            return None;
        }
        match self.plan.exprs.get(expr) {
            Expr::Const(v) => Some(v.clone()),
            Expr::Field(f) => self.field(expr, *f),
            Expr::Attr(whose, a) => self.attr(expr, *whose, *a),
            Expr::Param(p) => {
                let param = self.plan.params.get(p.ix())?;
                let step = param.steps.iter().rev().find(|s| s.0 <= self.run.rule_day);
                Some(Value::Num(step.map_or(param.first, |s| s.1)))
            }
            Expr::Follows(_, a) => self.eval(*a),
            Expr::SpanSeconds => match &self.change {
                Some(Change::SpanSeconds(n)) => Some(Value::Num(*n)),
                _ => self.leaf(expr),
            },
            // These would move with a changed span.
            Expr::SpanStart | Expr::SpanEnd | Expr::InTime(_) => match &self.change {
                Some(Change::SpanSeconds(_)) => None,
                _ => self.leaf(expr),
            },
            Expr::EventDay => Some(Value::Date(self.run.day)),
            // The running value stands before lines that could change; conditions of lines read it rarely.
            Expr::Running | Expr::DayTotal => None,
            other => self.composite(expr, other),
        }
    }

    fn leaf(&self, expr: ExprId) -> Option<Value> {
        match self.traced(expr)? {
            Eval::Value(v) => Some(v.clone()),
            _ => None,
        }
    }

    fn field(&self, expr: ExprId, field: FieldIx) -> Option<Value> {
        if let Some(Change::Field(f, v)) = &self.change
            && *f == field
        {
            return Some(v.clone());
        }
        if let Some(eval) = self.traced(expr) {
            return match eval {
                Eval::Value(v) => Some(v.clone()),
                _ => None,
            };
        }
        let Origin::Fact(fact) = self.run.origin else {
            return None;
        };
        let table = self.facts.kinds.get(fact.kind.ix())?;
        if corrected(self.facts, fact) {
            return None;
        }
        let value = table.fields.get(field.ix())?.value(fact.row as usize);
        let kind = self.plan.kinds.get(fact.kind.ix())?;
        value.or_else(|| kind.fields.get(field.ix())?.default.clone())
    }

    fn attr(&self, expr: ExprId, whose: Whose, attr: AttrIx) -> Option<Value> {
        let (roster, subject) = match whose {
            Whose::Own => {
                if let Some(Change::Attr(a, v)) = &self.change
                    && *a == attr
                {
                    return Some(v.clone());
                }
                let fact_subject = match self.run.origin {
                    Origin::Fact(f) if corrected(self.facts, f) => None,
                    Origin::Fact(f) => self
                        .facts
                        .kinds
                        .get(f.kind.ix())
                        .and_then(|t| t.subject.get(f.row as usize).copied()),
                    Origin::Period(_) => None,
                };
                match (self.scope.roster, fact_subject) {
                    (Some(r), Some(s)) => (r, s),
                    _ => return self.leaf(expr),
                }
            }
            Whose::Of(e) => {
                let Ty::Subject(r) = self.plan.exprs.ty(e) else {
                    return None;
                };
                (r, self.subject(r, e)?)
            }
        };
        let table = self.rosters.table(roster)?;
        let several = matches!(self.plan.exprs.ty(expr), Ty::Subjects(_));
        let value = table.attr(attr, subject, self.run.day).cloned();
        value.or_else(|| several.then(|| Value::List(Vec::new())))
    }

    fn subject(&self, roster: RosterIx, expr: ExprId) -> Option<u32> {
        let Value::Text(id) = self.eval(expr)? else {
            return None;
        };
        self.rosters.table(roster)?.subject(&id)
    }

    fn composite(&self, id: ExprId, expr: &Expr) -> Option<Value> {
        let yes = |b| Some(Value::YesNo(b));
        let number = |n: Result<Decimal, _>| n.ok().map(Value::Num);
        match expr {
            Expr::Add(a, b) => number(self.num(*a)?.add(self.num(*b)?)),
            Expr::Sub(a, b) => number(self.num(*a)?.sub(self.num(*b)?)),
            Expr::Mul(a, b) => number(self.num(*a)?.mul(self.num(*b)?)),
            Expr::Div(a, b) => number(self.num(*a)?.div(self.num(*b)?)),
            Expr::MulDiv(a, b, c) => number(Decimal::mul_div(self.num(*a)?, self.num(*b)?, *c)),
            Expr::IntDiv(a, b) => number(self.num(*a)?.div_floor(self.num(*b)?)),
            Expr::Neg(a) => number(self.num(*a)?.checked_neg()),
            Expr::Compare(cmp, a, b) => yes(compare(*cmp, &self.eval(*a)?, &self.eval(*b)?)?),
            Expr::And(a, b) => match self.holds(*a)? {
                false => yes(false),
                true => yes(self.holds(*b)?),
            },
            Expr::Or(a, b) => match self.holds(*a)? {
                true => yes(true),
                false => yes(self.holds(*b)?),
            },
            Expr::Not(a) => yes(!self.holds(*a)?),
            Expr::Among(who, list) => match (self.eval(*who)?, self.eval(*list)?) {
                (Value::Text(id), Value::List(ids)) => yes(ids.contains(&id)),
                _ => None,
            },
            Expr::HowMany(list) => match self.eval(*list)? {
                Value::List(ids) => {
                    let n = i64::try_from(ids.len()).ok()?;
                    Some(Value::Num(Decimal::from_int(n)))
                }
                _ => None,
            },
            Expr::OneOf(a, values) => yes(values.contains(&self.eval(*a)?)),
            Expr::Bands {
                of,
                below,
                rows,
                reaches,
            } => {
                let n = self.num(*of)?;
                let inside = |b: &Decimal| if *reaches { n >= *b } else { n > *b };
                let row = rows.iter().rev().find(|(b, _)| inside(b));
                self.eval(row.map_or(*below, |r| r.1))
            }
            Expr::Select { of, rows, rest } => {
                let value = self.eval(*of)?;
                let row = rows.iter().find(|(keys, _)| keys.contains(&value));
                self.eval(row.map_or(*rest, |r| Some(r.1))?)
            }
            Expr::First { rows, rest } => {
                for (cond, value) in rows {
                    if self.holds(*cond)? {
                        return self.eval(*value);
                    }
                }
                self.eval(*rest)
            }
            Expr::Age(born, on) => Some(Value::Num(Decimal::from_int(i64::from(age(
                self.day(*born)?,
                self.day(*on)?,
            ))))),
            Expr::YearStart(from, on) => Some(Value::Date(jifen_calendar::year_start(
                self.day(*from)?,
                self.day(*on)?,
            ))),
            Expr::Shift(day, n, unit) => {
                let (day, n) = (self.day(*day)?, i64::from(*n));
                Some(Value::Date(match unit {
                    ShiftUnit::Months => day.add_months(n),
                    ShiftUnit::Days => day.add_days(n),
                }))
            }
            Expr::DatePart(part, day) => {
                let day = self.day(*day)?;
                let (year, month, dom) = day.ymd();
                let n = match part {
                    DatePart::Year => i64::from(year),
                    DatePart::Month => i64::from(month),
                    DatePart::DayOfMonth => i64::from(dom),
                    DatePart::Weekday => i64::from(day.weekday()),
                };
                Some(Value::Num(Decimal::from_int(n)))
            }
            Expr::InDays(day, set) => {
                let day = self.day(*day)?;
                if set.known.is_some_and(|(from, to)| day < from || to <= day) {
                    return None;
                }
                yes(set.runs.iter().any(|(from, to)| *from <= day && day < *to))
            }
            // The rest only as it was traced, and only if no change could reach it.
            Expr::EntryDay
            | Expr::EventInstant
            | Expr::PeriodStart
            | Expr::PeriodEnd
            | Expr::Balance(_)
            | Expr::Awarded(_) => self.leaf(id),
            _ if self.change.is_none() => self.leaf(id),
            _ => None,
        }
    }
}

/// Has any correction been filed for this fact?
#[must_use]
pub fn corrected(facts: &FactLog, fact: FactRef) -> bool {
    let Some(table) = facts.kinds.get(fact.kind.ix()) else {
        return true;
    };
    let id = table.ids.text(fact.row as usize);
    facts.corrections.iter().any(|c| c.target == id)
}

/// Compares two values of one type.
#[must_use]
pub fn compare(cmp: Cmp, a: &Value, b: &Value) -> Option<bool> {
    use std::cmp::Ordering;
    let order = match (a, b) {
        (Value::Num(a), Value::Num(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
        (a, b) => {
            return match cmp {
                Cmp::Eq => Some(a == b),
                Cmp::Ne => Some(a != b),
                _ => None,
            };
        }
    };
    Some(match cmp {
        Cmp::Eq => order == Ordering::Equal,
        Cmp::Ne => order != Ordering::Equal,
        Cmp::Ge => order != Ordering::Less,
        Cmp::Gt => order == Ordering::Greater,
        Cmp::Le => order != Ordering::Greater,
        Cmp::Lt => order == Ordering::Less,
    })
}
