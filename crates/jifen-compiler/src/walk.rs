//! Copies nodes between arenas. No evaluation.

use std::collections::BTreeMap;

use jifen_plan::{Expr, ExprId, Exprs, Over, StandingRead, Take, Whose};

/// The node with its operands replaced.
fn replaced(e: &Expr, f: &mut dyn FnMut(ExprId) -> ExprId) -> Expr {
    match e {
        Expr::Attr(Whose::Of(a), x) => Expr::Attr(Whose::Of(f(*a)), *x),
        Expr::This(a) => Expr::This(f(*a)),
        Expr::Joined(slot, a) => Expr::Joined(*slot, f(*a)),
        Expr::Members(when) => Expr::Members(when.map(&mut *f)),
        Expr::Neg(a) => Expr::Neg(f(*a)),
        Expr::Not(a) => Expr::Not(f(*a)),
        Expr::OneOf(a, v) => Expr::OneOf(f(*a), v.clone()),
        Expr::IsMissing(a) => Expr::IsMissing(f(*a)),
        Expr::DatePart(p, a) => Expr::DatePart(*p, f(*a)),
        Expr::InDays(a, set) => Expr::InDays(f(*a), set.clone()),
        Expr::RunStart(a, set) => Expr::RunStart(f(*a), set.clone()),
        Expr::Add(a, b) => Expr::Add(f(*a), f(*b)),
        Expr::Sub(a, b) => Expr::Sub(f(*a), f(*b)),
        Expr::Mul(a, b) => Expr::Mul(f(*a), f(*b)),
        Expr::Div(a, b) => Expr::Div(f(*a), f(*b)),
        Expr::MulDiv(a, b, c) => Expr::MulDiv(f(*a), f(*b), *c),
        Expr::IntDiv(a, b) => Expr::IntDiv(f(*a), f(*b)),
        Expr::Compare(c, a, b) => Expr::Compare(*c, f(*a), f(*b)),
        Expr::And(a, b) => Expr::And(f(*a), f(*b)),
        Expr::Or(a, b) => Expr::Or(f(*a), f(*b)),
        Expr::Age(a, b) => Expr::Age(f(*a), f(*b)),
        Expr::YearStart(a, b) => Expr::YearStart(f(*a), f(*b)),
        Expr::Since(a, b) => Expr::Since(f(*a), f(*b)),
        Expr::Shift(a, n, unit) => Expr::Shift(f(*a), *n, *unit),
        Expr::SetOf(op, a, b) => Expr::SetOf(*op, f(*a), f(*b)),
        Expr::Among(a, b) => Expr::Among(f(*a), f(*b)),
        Expr::HowMany(a) => Expr::HowMany(f(*a)),
        Expr::SetSize(a) => Expr::SetSize(f(*a)),
        Expr::SetRun(a) => Expr::SetRun(f(*a)),
        Expr::Power(a, b, to) => Expr::Power(f(*a), f(*b), *to),
        Expr::Bands {
            of,
            below,
            rows,
            reaches,
        } => Expr::Bands {
            of: f(*of),
            below: f(*below),
            rows: rows.iter().map(|(b, v)| (*b, f(*v))).collect(),
            reaches: *reaches,
        },
        Expr::Slices { of, rows, per } => Expr::Slices {
            of: f(*of),
            rows: rows.iter().map(|(b, v)| (*b, f(*v))).collect(),
            per: *per,
        },
        Expr::Select { of, rows, rest } => Expr::Select {
            of: f(*of),
            rows: rows.iter().map(|(k, v)| (k.clone(), f(*v))).collect(),
            rest: rest.map(&mut *f),
        },
        Expr::First { rows, rest } => Expr::First {
            rows: rows.iter().map(|(c, v)| (f(*c), f(*v))).collect(),
            rest: f(*rest),
        },
        Expr::Clamp { low, high, of } => Expr::Clamp {
            low: low.map(&mut *f),
            high: high.map(&mut *f),
            of: f(*of),
        },
        Expr::Round(a, to) => Expr::Round(f(*a), *to),
        Expr::Follows(name, a) => Expr::Follows(name.clone(), f(*a)),
        Expr::Measure(m, value, valid) => Expr::Measure(*m, f(*value), valid.map(&mut *f)),
        Expr::Aggregate(a) => {
            let mut a = a.clone();
            a.value = a.value.map(&mut *f);
            a.when = a.when.map(&mut *f);
            if let Over::Between(from, to) = a.over {
                a.over = Over::Between(f(from), f(to));
            }
            Expr::Aggregate(a)
        }
        Expr::Standing(r) => {
            let take = match r.take {
                Take::First(n) => Take::First(f(n)),
                Take::Top(n) => Take::Top(f(n)),
                other => other,
            };
            Expr::Standing(StandingRead { take, ..*r })
        }
        leaf => leaf.clone(),
    }
}

/// Copies nodes from one arena to another in the order in which they are first asked for.
pub(crate) struct Copier<'e> {
    from: &'e Exprs,
    pub(crate) to: Exprs,
    done: BTreeMap<ExprId, ExprId>,
}

impl<'e> Copier<'e> {
    pub(crate) fn new(from: &'e Exprs) -> Self {
        Copier {
            from,
            to: Exprs::default(),
            done: BTreeMap::new(),
        }
    }

    /// The node in the new arena; its operands come first.
    pub(crate) fn copy(&mut self, id: ExprId) -> ExprId {
        if let Some(new) = self.done.get(&id) {
            return *new;
        }
        let node = replaced(self.from.get(id), &mut |c| self.copy(c));
        let new = self.to.add(node, self.from.ty(id));
        self.done.insert(id, new);
        new
    }
}
