//! Conditions that can never hold together, as far as their texts prove it.

use jifen_calendar::Day;
use jifen_plan::{Cmp, DaySet, Expr as Node, ExprId, Factor, TimeMode, Value};

use crate::expr::Checker;

impl Checker<'_> {
    /// Can never hold together on one part of an award.
    pub(super) fn exclusive(&self, a: &Factor, b: &Factor) -> bool {
        self.windows_apart(a, b) || self.conditions_apart(a.when, b.when)
    }

    /// Windows that do not meet.
    pub(super) fn windows_apart(&self, a: &Factor, b: &Factor) -> bool {
        let (Some(x), Some(y)) = (&a.time, &b.time) else {
            return false;
        };
        if x.mode != y.mode || x.mode == TimeMode::Touching {
            return false;
        }
        let day = Day(0);
        let (from, to) = (day.start(), day.add_days(1).start());
        let sets = [x.windows.as_slice(), y.windows.as_slice()];
        let parts = jifen_calendar::segments(&sets, from, to);
        parts.iter().all(|s| s.inside & 3 != 3)
    }

    /// Conditions of which the text proves that they never hold together: one field with different words, days that do not
    /// meet, ranges of one number that do not meet, a condition and its opposite. 本次得分 is another number in each line.
    pub(super) fn conditions_apart(&self, a: Option<ExprId>, b: Option<ExprId>) -> bool {
        let (Some(p), Some(q)) = (a, b) else {
            return false;
        };
        let (mut xs, mut ys) = (Vec::new(), Vec::new());
        self.parts(p, &mut xs);
        self.parts(q, &mut ys);
        xs.retain(|x| !self.reads_running(*x));
        ys.retain(|y| !self.reads_running(*y));
        xs.iter().any(|x| ys.iter().any(|y| self.apart(*x, *y)))
    }

    /// What a condition implies, one by one.
    fn parts(&self, e: ExprId, out: &mut Vec<ExprId>) {
        match self.exprs.get(e) {
            Node::And(a, b) => {
                self.parts(*a, out);
                self.parts(*b, out);
            }
            _ => out.push(e),
        }
    }

    fn apart(&self, p: ExprId, q: ExprId) -> bool {
        let (x, y) = (self.exprs.get(p), self.exprs.get(q));
        if matches!(x, Node::Not(n) if *n == q) || matches!(y, Node::Not(n) if *n == p) {
            return true;
        }
        if let (Node::InDays(d, r), Node::InDays(e, s)) = (x, y) {
            return d == e && days_apart(r, s);
        }
        let (mut xs, mut ys) = (Vec::new(), Vec::new());
        self.facts(p, &mut xs);
        self.facts(q, &mut ys);
        let other = |v: &[Value], w: &[Value]| !v.iter().any(|x| w.contains(x));
        if xs
            .iter()
            .any(|(e, v)| ys.iter().any(|(f, w)| e == f && other(v, w)))
        {
            return true;
        }
        match (self.bound(p), self.bound(q)) {
            (Some((e, c, v)), Some((f, d, w))) => e == f && ranges_apart((c, &v), (d, &w)),
            _ => false,
        }
    }

    /// `x is one of v` that a condition says.
    fn facts(&self, e: ExprId, out: &mut Vec<(ExprId, Vec<Value>)>) {
        match self.exprs.get(e) {
            Node::OneOf(x, v) => out.push((*x, v.clone())),
            Node::Compare(Cmp::Eq, x, y) => {
                for (a, b) in [(*x, *y), (*y, *x)] {
                    if let Node::Const(v) = self.exprs.get(b) {
                        out.push((a, vec![v.clone()]));
                    }
                }
            }
            Node::Not(x) => out.push((*x, vec![Value::YesNo(false)])),
            Node::Field(_) | Node::Attr(..) => out.push((e, vec![Value::YesNo(true)])),
            _ => {}
        }
    }

    /// A comparison with a constant number or date, the constant on the right.
    fn bound(&self, e: ExprId) -> Option<(ExprId, Cmp, Value)> {
        let (e, opposite) = match self.exprs.get(e) {
            Node::Not(x) => (*x, true),
            _ => (e, false),
        };
        let Node::Compare(c, x, y) = self.exprs.get(e) else {
            return None;
        };
        let (x, c, v) = match (self.fixed(*x), self.fixed(*y)) {
            (None, Some(v)) => (*x, *c, v),
            (Some(v), None) => (*y, turned(*c), v),
            _ => return None,
        };
        Some((x, if opposite { denied(c) } else { c }, v))
    }

    fn fixed(&self, e: ExprId) -> Option<Value> {
        match self.exprs.get(e) {
            Node::Const(v @ (Value::Date(_) | Value::Instant(_))) => Some(v.clone()),
            _ => self.constant(e).map(Value::Num),
        }
    }
}

fn days_apart(x: &DaySet, y: &DaySet) -> bool {
    let meet = |r: &(Day, Day)| y.runs.iter().any(|s| r.0 < s.1 && s.0 < r.1);
    !x.runs.iter().any(meet)
}

/// The comparison seen from the other side.
fn turned(c: Cmp) -> Cmp {
    match c {
        Cmp::Ge => Cmp::Le,
        Cmp::Gt => Cmp::Lt,
        Cmp::Le => Cmp::Ge,
        Cmp::Lt => Cmp::Gt,
        Cmp::Eq | Cmp::Ne => c,
    }
}

fn denied(c: Cmp) -> Cmp {
    match c {
        Cmp::Ge => Cmp::Lt,
        Cmp::Gt => Cmp::Le,
        Cmp::Le => Cmp::Gt,
        Cmp::Lt => Cmp::Ge,
        Cmp::Eq => Cmp::Ne,
        Cmp::Ne => Cmp::Eq,
    }
}

/// No value lies in both `x c v` and `x d w`.
fn ranges_apart((c, v): (Cmp, &Value), (d, w): (Cmp, &Value)) -> bool {
    match (c, d) {
        (Cmp::Eq, _) => !holds(v, d, w),
        (_, Cmp::Eq) => !holds(w, c, v),
        (Cmp::Ge, Cmp::Le) => w < v,
        (Cmp::Ge | Cmp::Gt, Cmp::Le | Cmp::Lt) => w <= v,
        (Cmp::Le, Cmp::Ge) => v < w,
        (Cmp::Le | Cmp::Lt, Cmp::Ge | Cmp::Gt) => v <= w,
        _ => false,
    }
}

fn holds(x: &Value, c: Cmp, v: &Value) -> bool {
    match c {
        Cmp::Eq => x == v,
        Cmp::Ne => x != v,
        Cmp::Ge => x >= v,
        Cmp::Gt => x > v,
        Cmp::Le => x <= v,
        Cmp::Lt => x < v,
    }
}
