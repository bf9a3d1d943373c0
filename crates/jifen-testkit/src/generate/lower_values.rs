//! The second lowering of values and conditions.

use jifen_calendar::ClockWindow;
use jifen_plan::{
    AttrIx, Cmp, CurrencyIx, DatePart, Expr, ExprId, FieldIx, ParamIx, RosterIx, TimeTest, Ty,
    Value, Whose,
};
use jifen_quantity::{Decimal, Dim};

use super::lower::{Lowering, held, ix, number};
use super::tree::*;

impl Lowering<'_> {
    /// The key that keeps years apart that begin on another day than 1 January.
    pub(super) fn year_start(&mut self, window: W) -> Option<ExprId> {
        let from = match window {
            W::YearOn(month, day) => self
                .exprs
                .day(jifen_calendar::Day::from_ymd(2000, month, day)?),
            W::OwnYear => self.expr(&E::Attr("出生")).0,
            _ => return None,
        };
        let day = self.day_of_fact();
        Some(self.exprs.add(Expr::YearStart(from, day), Ty::Date))
    }

    fn day_of_fact(&mut self) -> ExprId {
        self.exprs.add(Expr::EventDay, Ty::Date)
    }

    pub(super) fn add(&mut self, e: Expr, dim: Dim) -> (ExprId, Dim) {
        (self.exprs.add(e, Ty::Num(dim)), dim)
    }

    pub(super) fn field(&mut self, name: &str) -> (ExprId, Dim) {
        let fields = self
            .kind
            .and_then(|k| self.policy.kinds.get(k))
            .map_or(&[][..], |k| k.shape.fields());
        let at = fields
            .iter()
            .position(|f| f.0 == name)
            .unwrap_or(usize::MAX);
        let (ty, dim) = types(fields.get(at).map(|f| f.1));
        (self.exprs.add(Expr::Field(FieldIx(ix(at))), ty), dim)
    }

    fn attr(&mut self, whose: Whose, name: &str) -> (ExprId, Dim) {
        let at = attr_ix(name).unwrap_or(AttrIx(u16::MAX));
        let (ty, dim) = types(ATTRS.get(at.ix()).map(|a| a.1));
        (self.exprs.add(Expr::Attr(whose, at), ty), dim)
    }

    pub(super) fn expr(&mut self, e: &E) -> (ExprId, Dim) {
        match e {
            E::Lit(digits, u) => {
                let dim = held(*u).0;
                self.add(Expr::Const(Value::Num(number(digits, *u))), dim)
            }
            E::Field(n) => self.field(n),
            E::Attr(n) => self.attr(Whose::Own, n),
            E::AttrOf(r, n) => {
                let own_field = self.kind.and_then(|k| self.policy.kinds.get(k));
                let is_field =
                    own_field.is_some_and(|k| k.shape.fields().iter().any(|f| f.0 == *r));
                let of = if is_field {
                    self.field(r)
                } else {
                    self.attr(Whose::Own, r)
                };
                self.attr(Whose::Of(of.0), n)
            }
            E::Param(n) => {
                let at = self.param_names.get(&(self.version, n.clone())).copied();
                let at = at.unwrap_or(ParamIx(u16::MAX));
                let dim = self.params.get(at.ix()).map_or(Dim::PURE, |p| p.dim);
                self.add(Expr::Param(at), dim)
            }
            E::Running => self.add(Expr::Running, Dim::POINTS),
            E::DayTotal => self.add(Expr::DayTotal, Dim::POINTS),
            E::SpanLength => self.add(Expr::SpanSeconds, Dim::DURATION),
            E::Bin(op, a, b) => self.binary(*op, a, b),
            E::Blocks(a, b, of) => {
                let (a, b, of) = (self.expr(a), self.expr(b), self.expr(of));
                let blocks = self.add(Expr::IntDiv(of.0, b.0), Dim::PURE);
                self.add(Expr::Mul(a.0, blocks.0), a.1)
            }
            E::Age(birth) => {
                let born = self.attr(Whose::Own, birth).0;
                let day = self.exprs.add(Expr::EventDay, Ty::Date);
                self.add(Expr::Age(born, day), Dim::PURE)
            }
            E::Part(name) => {
                let day = self.exprs.add(Expr::EventDay, Ty::Date);
                self.add(Expr::DatePart(part(name), day), Dim::PURE)
            }
            E::PartOf(name, of) => {
                let day = self.expr(of).0;
                self.add(Expr::DatePart(part(name), day), Dim::PURE)
            }
            E::Aggregate(a) => self.aggregate(a),
            E::Measure(name) => self.read_measure(name),
            E::OverMembers(what, name, skip) => self.over_members(*what, name, *skip),
            E::Members(when) => self.members(when.as_deref()),
            E::Over(what, name, skip) => self.over_periods(*what, name, *skip),
            E::Closed(c) => self.closed(c),
            E::Follow(name) => self.follow(name),
            E::Dates(..) | E::Power(..) | E::Faded(_) => self.of_dates(e),
            E::SubjectOf(_) => self.subject(),
            E::ThisAttr(name) => self.this_attr(name),
            E::Joined(slot, kind, read) => self.joined(*slot, *kind, *read),
            E::This(_, "对象") => {
                let (own, dim) = self.subject();
                let ty = self.exprs.ty(own);
                (self.exprs.add(Expr::This(own), ty), dim)
            }
            E::Points(of, c, _, from) => self.points_then(*of, *c, from),
            E::Place(name, _) => self.place(name),
            E::Account(balance, c, _) => {
                let c = CurrencyIx(ix(*c));
                let node = if *balance {
                    Expr::Balance(c)
                } else {
                    Expr::Awarded(c)
                };
                self.add(node, Dim::POINTS)
            }
            E::This(kind, name) => {
                let inside = self.kind.replace(*kind);
                let (of, dim) = self.field(name);
                self.kind = inside;
                let ty = self.exprs.ty(of);
                (self.exprs.add(Expr::This(of), ty), dim)
            }
            choice => self.choice(choice),
        }
    }

    /// Decision 004: a rate per hour meets seconds in one multiply-and-divide.
    fn binary(&mut self, op: char, a: &E, b: &E) -> (ExprId, Dim) {
        let (a, b) = (self.expr(a), self.expr(b));
        match op {
            '+' => self.add(Expr::Add(a.0, b.0), a.1),
            '-' => self.add(Expr::Sub(a.0, b.0), a.1),
            '÷' => self.add(Expr::Div(a.0, b.0), a.1.div(b.1)),
            _ if a.1.duration < 0 && b.1.duration > 0 => {
                let hour = Decimal::from_int(3600);
                self.add(Expr::MulDiv(a.0, b.0, hour), a.1.mul(b.1))
            }
            _ => self.add(Expr::Mul(a.0, b.0), a.1.mul(b.1)),
        }
    }

    fn bound(e: &E) -> Decimal {
        match e {
            E::Lit(digits, u) => number(digits, *u),
            _ => Decimal::ZERO,
        }
    }

    fn choice(&mut self, e: &E) -> (ExprId, Dim) {
        match e {
            E::Bands {
                of,
                below,
                rows,
                reaches,
            } => {
                let (of, below) = (self.expr(of).0, self.expr(below));
                let rows = rows
                    .iter()
                    .map(|(b, v)| (Self::bound(b), self.expr(v).0))
                    .collect();
                self.add(
                    Expr::Bands {
                        of,
                        below: below.0,
                        rows,
                        reaches: *reaches,
                    },
                    below.1,
                )
            }
            E::Slices { of, rows } => {
                let (of, dim) = self.expr(of);
                let per = Decimal::from_int(if dim == Dim::DURATION { 3600 } else { 1 });
                let rows = rows
                    .iter()
                    .map(|(b, v)| (Self::bound(b), self.expr(v).0))
                    .collect();
                self.add(Expr::Slices { of, rows, per }, Dim::POINTS)
            }
            E::Select { of, rows, rest } => {
                let of = self.expr(of).0;
                let text = |w: &&str| Value::Text((*w).into());
                let rows = rows
                    .iter()
                    .map(|(w, v)| (w.iter().map(text).collect(), self.expr(v).0))
                    .collect();
                let rest = rest.as_ref().map(|r| self.expr(r).0);
                self.add(Expr::Select { of, rows, rest }, Dim::POINTS)
            }
            E::First { rows, rest } => {
                let rows = rows
                    .iter()
                    .map(|(c, v)| (self.cond(c), self.expr(v).0))
                    .collect();
                let rest = self.expr(rest).0;
                self.add(Expr::First { rows, rest }, Dim::POINTS)
            }
            E::Clamp(low, high, of) => {
                let low = low.as_ref().map(|e| self.expr(e).0);
                let high = high.as_ref().map(|e| self.expr(e).0);
                let of = self.expr(of);
                self.add(
                    Expr::Clamp {
                        low,
                        high,
                        of: of.0,
                    },
                    of.1,
                )
            }
            _ => self.add(Expr::Const(Value::Num(Decimal::ZERO)), Dim::PURE),
        }
    }

    fn yes(&mut self, e: Expr) -> ExprId {
        self.exprs.add(e, Ty::YesNo)
    }

    pub(super) fn cond(&mut self, c: &C) -> ExprId {
        match c {
            C::Cmp(cmp, a, b) => {
                let (a, b) = (self.expr(a).0, self.expr(b).0);
                self.yes(Expr::Compare(*cmp, a, b))
            }
            C::Is(e, word, is) => {
                let e = self.expr(e).0;
                let w = self
                    .exprs
                    .add(Expr::Const(Value::Text((*word).into())), Ty::Text);
                self.yes(Expr::Compare(if *is { Cmp::Eq } else { Cmp::Ne }, e, w))
            }
            C::OneOf(e, words) => {
                let e = self.expr(e).0;
                let words = words.iter().map(|w| Value::Text((*w).into())).collect();
                self.yes(Expr::OneOf(e, words))
            }
            C::Yes(e) => self.expr(e).0,
            C::Between(e, low, high) => {
                let (e, low, high) = (self.expr(e).0, self.expr(low).0, self.expr(high).0);
                let from = self.yes(Expr::Compare(Cmp::Ge, e, low));
                let to = self.yes(Expr::Compare(Cmp::Le, e, high));
                self.yes(Expr::And(from, to))
            }
            C::Anniversary(from) => {
                let (from, day) = (self.expr(&E::Attr(from)).0, self.day_of_fact());
                let later = self.yes(Expr::Compare(Cmp::Lt, from, day));
                let start = self.exprs.add(Expr::YearStart(from, day), Ty::Date);
                let same = self.yes(Expr::Compare(Cmp::Eq, start, day));
                self.yes(Expr::And(later, same))
            }
            C::Among(e, list) => {
                let (e, list) = (self.expr(e).0, self.expr(&E::Attr(list)).0);
                self.yes(Expr::Among(e, list))
            }
            C::HowMany(cmp, list, n) => {
                let list = self.expr(&E::Attr(list)).0;
                let ty = Ty::Num(Dim::PURE);
                let size = self.exprs.add(Expr::HowMany(list), ty);
                let n = self.exprs.number(Decimal::from_int(*n), Dim::PURE);
                self.yes(Expr::Compare(*cmp, size, n))
            }
            C::Stands(name, before, asked) => self.asked(name, *before, asked),
            C::Missing(e) => {
                let e = self.expr(e).0;
                self.yes(Expr::IsMissing(e))
            }
            C::And(a, b) => {
                let (a, b) = (self.cond(a), self.cond(b));
                self.yes(Expr::And(a, b))
            }
            C::Or(a, b) => {
                let (a, b) = (self.cond(a), self.cond(b));
                self.yes(Expr::Or(a, b))
            }
            C::Not(a) => {
                let a = self.cond(a);
                self.yes(Expr::Not(a))
            }
            C::Days(date, name) => {
                let day = match date {
                    Some(e) => self.expr(e).0,
                    None => self.exprs.add(Expr::EventDay, Ty::Date),
                };
                let set = self.day_set(name);
                self.yes(Expr::InDays(day, Box::new(set)))
            }
            C::InTime(t) => self.yes(Expr::InTime(time_test(t))),
        }
    }
}

fn part(name: &str) -> DatePart {
    match name {
        "年份" => DatePart::Year,
        "月份" => DatePart::Month,
        _ => DatePart::Weekday,
    }
}

fn types(ty: Option<Ft>) -> (Ty, Dim) {
    match ty {
        Some(Ft::Num(u)) => (Ty::Num(held(u).0), held(u).0),
        Some(Ft::YesNo) => (Ty::YesNo, Dim::PURE),
        Some(Ft::Date) => (Ty::Date, Dim::PURE),
        Some(Ft::Ref) => (Ty::Subject(RosterIx(0)), Dim::PURE),
        Some(Ft::Refs) => (Ty::Subjects(RosterIx(0)), Dim::PURE),
        Some(Ft::Span) => (Ty::Span, Dim::PURE),
        _ => (Ty::Text, Dim::PURE),
    }
}

pub(super) fn attr_ix(name: &str) -> Option<AttrIx> {
    ATTRS
        .iter()
        .position(|a| a.0 == name)
        .map(|i| AttrIx(ix(i)))
}

pub(super) fn time_test(t: &Time) -> TimeTest {
    let windows = t
        .windows
        .iter()
        .map(|&(from, to)| ClockWindow { from, to })
        .collect();
    TimeTest {
        mode: t.mode,
        windows,
    }
}
