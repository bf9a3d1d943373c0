//! Calculations out of traced values: which operands a node had and what came out; it computes no points itself.

use jifen_data::{Eval, NodeValue};
use jifen_diag::Lang;
use jifen_plan::{Cmp, Expr, ExprId, Ty, Value};
use jifen_quantity::Decimal;

use crate::calc::{Calc, Check, Op, Relation, Term};
use crate::quantity::{Show, number, quantity, scale, value_text, yes_no};
use crate::words::Words;

/// How deep operations are written inside one another; deeper ones get a line of their own.
const DEPTH: u8 = 3;

/// Builds calculations from the values of one run.
#[derive(Clone, Copy)]
pub struct Builder<'a> {
    /// Words of the run's scope.
    pub words: Words<'a>,
    /// Traced values.
    pub nodes: &'a [NodeValue],
}

/// A place in the trace: values are looked up from here backwards.
#[derive(Clone, Copy, Debug)]
pub struct At(pub usize);

impl Builder<'_> {
    fn lang(&self) -> Lang {
        self.words.lang
    }

    fn expr(&self, id: ExprId) -> &Expr {
        self.words.plan.exprs.get(id)
    }

    /// Where this node was evaluated next from `from` on, else where it was evaluated last.
    #[must_use]
    pub fn seek(&self, expr: ExprId, from: usize) -> At {
        let later = self.nodes.iter().skip(from).position(|n| n.expr == expr);
        let place = match later {
            Some(i) => Some(from + i),
            None => self.nodes.iter().rposition(|n| n.expr == expr),
        };
        At(place.unwrap_or(from))
    }

    /// The result of a node: the nearest at or before the place, else the first after it.
    #[must_use]
    pub fn eval(&self, expr: ExprId, at: At) -> Option<&Eval> {
        let before = self.nodes.iter().take(at.0 + 1);
        let found = before.rev().find(|n| n.expr == expr);
        let found = found.or_else(|| self.nodes.iter().find(|n| n.expr == expr));
        found.map(|n| &n.value)
    }

    /// The value of a node.
    #[must_use]
    pub fn value(&self, expr: ExprId, at: At) -> Option<Value> {
        match (self.eval(expr, at), self.expr(expr)) {
            (Some(Eval::Value(v)), _) => Some(v.clone()),
            (None, Expr::Const(v)) => Some(v.clone()),
            _ => None,
        }
    }

    /// Its value as a number.
    #[must_use]
    pub fn num(&self, expr: ExprId, at: At) -> Option<Decimal> {
        match self.value(expr, at)? {
            Value::Num(n) => Some(n),
            _ => None,
        }
    }

    fn yes(&self, expr: ExprId, at: At) -> Option<bool> {
        match self.value(expr, at)? {
            Value::YesNo(b) => Some(b),
            _ => None,
        }
    }

    fn scale(&self, expr: ExprId) -> u32 {
        scale(self.words.show(expr))
    }

    /// The value of a node as an operand.
    fn leaf(&self, expr: ExprId, at: At, raw: bool) -> Option<Term> {
        let show = if raw {
            Show::Raw
        } else {
            self.words.show(expr)
        };
        let n = self.num(expr, at)?;
        Some(number(n, show, self.leaf_name(expr), self.lang()))
    }

    /// The name of an operand; an aggregate is told by its record and window, a balance by its points.
    fn leaf_name(&self, expr: ExprId) -> Option<String> {
        let named = || self.looked_up(expr).then(|| self.words.text(expr));
        self.words.name(expr).or_else(named)
    }

    /// An aggregate or a balance: a number that stands nowhere in the fact.
    fn looked_up(&self, expr: ExprId) -> bool {
        let node = self.expr(expr);
        node.aggregate().is_some()
            || matches!(
                node,
                Expr::Balance(_)
                    | Expr::Awarded(_)
                    | Expr::SetSize(_)
                    | Expr::SetRun(_)
                    | Expr::HowMany(_)
                    | Expr::Power(..)
            )
    }

    /// Says before a calculation what its aggregates are the number of: `计数(志愿 在 本月) 3次：2分/次 × 3次 = 6分`.
    fn tell_aggregates(&self, calc: &mut Calc, expr: ExprId, inner: &mut Vec<ExprId>, at: At) {
        let mut told = Vec::new();
        if self.looked_up(expr) {
            told.push(self.words.text(expr));
        }
        let mut measures = Vec::new();
        if calc.text != calc.result.text {
            self.measures_of(expr, inner, &mut measures);
        }
        for node in measures {
            let name = self.words.text(node);
            if let (false, Some(n)) = (calc.text.contains(&name), self.num(node, at)) {
                let value = quantity(n, self.words.show(node), None, self.lang());
                let text = format!("{name} {}", value.text);
                if !told.contains(&text) {
                    told.push(text);
                }
            }
        }
        inner.retain(|node| {
            let aggregate = self.looked_up(*node);
            let name = self.words.text(*node);
            if let (true, Some(n)) = (aggregate && !calc.text.contains(&name), self.num(*node, at))
            {
                let value = quantity(n, self.words.show(*node), None, self.lang());
                told.push(format!("{name} {}", value.text));
            }
            !aggregate
        });
        if !told.is_empty() {
            let list = told.join(self.lang().pick("，", ", "));
            calc.text = format!("{list}{}{}", self.lang().pick("：", ": "), calc.text);
        }
    }

    /// The measures whose values a calculation shows, without those of the calculations that stand before it.
    fn measures_of(&self, expr: ExprId, apart: &[ExprId], out: &mut Vec<ExprId>) {
        match self.expr(expr) {
            Expr::Measure(..)
            | Expr::Shared(_)
            | Expr::OverMembers(_)
            | Expr::Members(_)
            | Expr::OverPeriods(_)
            | Expr::Earlier(_)
            | Expr::Points(_) => {
                out.push(expr);
            }
            // Which value, and why.
            Expr::Follows(_, of) => {
                self.measures_of(*of, apart, out);
                out.push(expr);
            }
            node => {
                let operands = node.operands();
                // What a parameter follows is told beside its value.
                let follows = |o: &ExprId| matches!(self.expr(*o), Expr::Follows(..));
                let told = |o: &&ExprId| follows(o) || !apart.contains(o);
                let here = operands.iter().filter(told);
                here.for_each(|o| self.measures_of(*o, apart, out));
            }
        }
    }

    /// The operation of a node with its operands, where its units meet so that the printed numbers compute.
    fn operation(&self, expr: ExprId) -> Option<(Op, [ExprId; 2])> {
        let same = |a: ExprId, b: ExprId| self.scale(a) == self.scale(b);
        match *self.expr(expr) {
            Expr::Add(a, b) if same(a, b) => Some((Op::Add, [a, b])),
            Expr::Sub(a, b) if same(a, b) => Some((Op::Sub, [a, b])),
            Expr::Mul(a, b) if self.scale(a) * self.scale(b) == self.scale(expr) => {
                Some((Op::Mul, [a, b]))
            }
            Expr::IntDiv(a, b) if same(a, b) && self.scale(expr) == 1 => Some((Op::Whole, [a, b])),
            _ => None,
        }
    }

    /// A node as an operand: exact operations are written out, others stand with their value.
    fn term(&self, expr: ExprId, at: At, depth: u8) -> Option<Term> {
        if depth == 0 {
            return self.leaf(expr, at, false);
        }
        if let Some((op, operands)) = self.operation(expr) {
            let args: Option<Vec<Term>> = operands
                .iter()
                .map(|o| self.term(*o, at, depth - 1))
                .collect();
            return Some(Term::op(op, args?));
        }
        match *self.expr(expr) {
            Expr::Neg(a) => Some(Term::op(Op::Neg, vec![self.term(a, at, depth - 1)?])),
            // Full blocks are never fewer than none; nobody needs to be told where there are some.
            Expr::Clamp {
                low: Some(low),
                high: None,
                of,
            } if matches!(self.expr(of), Expr::IntDiv(..))
                && self.num(low, at) == Some(Decimal::ZERO)
                && self.num(of, at).is_some_and(|n| !n.is_negative()) =>
            {
                self.term(of, at, depth)
            }
            Expr::Clamp { low, high, of } => {
                let mut term = self.term(of, at, depth - 1)?;
                for (bound, op) in [(low, Op::Max), (high, Op::Min)] {
                    if let Some(bound) = bound {
                        let bound = self.term(bound, at, depth - 1)?;
                        term = Term::op(op, vec![term, bound]);
                    }
                }
                Some(term)
            }
            _ => self.leaf(expr, at, false),
        }
    }

    /// Nodes below that are not written out in its line, operands first.
    fn hidden(&self, expr: ExprId, depth: u8, out: &mut Vec<ExprId>) {
        let inner: Vec<ExprId> = if let Some((_, operands)) = self.operation(expr) {
            operands.to_vec()
        } else {
            match self.expr(expr) {
                Expr::Neg(a) => vec![*a],
                Expr::Clamp { low, high, of } => {
                    let mut v = vec![*of];
                    v.extend(low.iter().chain(high));
                    v
                }
                _ => return,
            }
        };
        for operand in inner {
            if depth <= 1 || !self.inline(operand) {
                if self.composite(operand) && !out.contains(&operand) {
                    out.push(operand);
                }
            } else {
                self.hidden(operand, depth - 1, out);
            }
        }
    }

    fn inline(&self, expr: ExprId) -> bool {
        self.operation(expr).is_some()
            || matches!(self.expr(expr), Expr::Neg(..) | Expr::Clamp { .. })
    }

    /// Does this node compute anything?
    fn composite(&self, expr: ExprId) -> bool {
        let numeric = matches!(self.words.plan.exprs.ty(expr), Ty::Num(_));
        let named =
            self.words.name(expr).is_some() && !matches!(self.expr(expr), Expr::Follows(..));
        let leaf = named || matches!(self.expr(expr), Expr::Const(_));
        numeric
            && !leaf
            && !matches!(
                self.expr(expr),
                Expr::Age(..) | Expr::Since(..) | Expr::DatePart(..)
            )
    }

    /// The calculations of a node, operands first; the last one gives its value. Empty when nothing was traced.
    #[must_use]
    pub fn calcs(&self, expr: ExprId, at: At) -> Vec<Calc> {
        let Some((mut calc, mut inner)) = self.calc(expr, at) else {
            return Vec::new();
        };
        self.tell_aggregates(&mut calc, expr, &mut inner, at);
        let mut out = Vec::new();
        for node in inner {
            for mut step in self.calcs(node, at) {
                // 取先 that gave a number as it is: the number stands where it is used.
                if step.text == step.result.text {
                    continue;
                }
                if step.name.is_empty() {
                    step.name = self.words.text(node);
                }
                out.push(step);
            }
        }
        out.push(calc);
        out
    }

    /// The calculation of a node, and the nodes whose values it shows without computing them.
    fn calc(&self, expr: ExprId, at: At) -> Option<(Calc, Vec<ExprId>)> {
        let result = self.num(expr, at)?;
        let show = self.words.show(expr);
        let done = |given, left, rounded, inner| {
            let right = quantity(result, show, None, self.lang());
            Some((Calc::new(given, left, rounded, right, self.lang()), inner))
        };
        match self.expr(expr) {
            Expr::Bands { .. } | Expr::Select { .. } | Expr::First { .. } => self.chosen(expr, at),
            Expr::Follows(_, of) => self.calc(*of, at),
            Expr::Slices { of, rows, per } => self.slices(expr, *of, rows, *per, at),
            Expr::Round(of, to) => {
                // With units where there are any: steps of hours are not counted in seconds.
                let raw = !matches!(show, Show::Dim(_));
                let show = if raw { Show::Raw } else { show };
                let step = number(to.step, show, None, self.lang());
                let left = Term::op(Op::rounding(to.mode), vec![self.leaf(*of, at, raw)?, step]);
                let right = quantity(result, show, None, self.lang());
                let calc = Calc::new(Vec::new(), left, false, right, self.lang());
                Some((calc, vec![*of]))
            }
            Expr::MulDiv(a, b, c) => {
                let c3600 = *c == Decimal::from_int(3600);
                let plain =
                    c3600 && self.scale(*a) * self.scale(*b) == 3600 && self.scale(expr) == 1;
                self.division(expr, [*a, *b], (!plain).then_some(*c), None, plain, at)
            }
            Expr::Div(a, b) => {
                let plain = self.scale(*a) == self.scale(*b) && self.scale(expr) == 1;
                self.division(expr, [*a, *a], None, Some(*b), plain, at)
            }
            _ if self.inline(expr) => {
                let mut inner = Vec::new();
                self.hidden(expr, DEPTH, &mut inner);
                done(Vec::new(), self.term(expr, at, DEPTH)?, false, inner)
            }
            Expr::Add(a, b) | Expr::Sub(a, b) | Expr::Mul(a, b) | Expr::IntDiv(a, b) => {
                let op = match self.expr(expr) {
                    Expr::Add(..) => Op::Add,
                    Expr::Sub(..) => Op::Sub,
                    Expr::Mul(..) => Op::Mul,
                    _ => Op::Whole,
                };
                let args = vec![self.leaf(*a, at, true)?, self.leaf(*b, at, true)?];
                let right = quantity(result, Show::Raw, None, self.lang());
                let calc = Calc::new(Vec::new(), Term::op(op, args), false, right, self.lang());
                Some((calc, self.composites(&[*a, *b])))
            }
            _ => done(Vec::new(), self.leaf(expr, at, false)?, false, Vec::new()),
        }
    }

    fn composites(&self, nodes: &[ExprId]) -> Vec<ExprId> {
        let mut out: Vec<ExprId> = Vec::new();
        for node in nodes {
            if self.composite(*node) && !out.contains(node) {
                out.push(*node);
            }
        }
        out
    }

    /// `a × b ÷ c` or `a ÷ b`, rounded once; without units where the printed units would not compute.
    fn division(
        &self,
        expr: ExprId,
        top: [ExprId; 2],
        by: Option<Decimal>,
        bottom: Option<ExprId>,
        plain: bool,
        at: At,
    ) -> Option<(Calc, Vec<ExprId>)> {
        let raw = !plain;
        let result = self.num(expr, at)?;
        let shown = |e: ExprId| match raw {
            true => self.leaf(e, at, true),
            false => self.term(e, at, DEPTH - 1),
        };
        let mut nodes = vec![top[0]];
        let mut upper = Some(self.num(top[0], at)?);
        let mut left = shown(top[0])?;
        let mut lower = by.unwrap_or(Decimal::ONE);
        if let Some(bottom) = bottom {
            lower = self.num(bottom, at)?;
            left = Term::op(Op::Div, vec![left, shown(bottom)?]);
            nodes.push(bottom);
        } else {
            let second = self.num(top[1], at)?;
            upper = upper.and_then(|u| u.mul(second).ok());
            left = Term::op(Op::Mul, vec![left, shown(top[1])?]);
            nodes.push(top[1]);
        }
        if let Some(by) = by {
            let by = number(by, Show::Raw, None, self.lang());
            left = Term::op(Op::Div, vec![left, by]);
        } else if bottom.is_none() {
            lower = Decimal::from_int(3600);
        }
        let exact = upper.is_some() && result.mul(lower).ok() == upper;
        let show = if raw {
            Show::Raw
        } else {
            self.words.show(expr)
        };
        let right = quantity(result, show, None, self.lang());
        let mut inner = Vec::new();
        for node in nodes {
            if raw || !self.inline(node) {
                inner.extend(self.composites(&[node]));
            } else {
                self.hidden(node, DEPTH - 1, &mut inner);
            }
        }
        Some((
            Calc::new(Vec::new(), left, !exact, right, self.lang()),
            inner,
        ))
    }

    /// 累进: the sum of rate × part.
    fn slices(
        &self,
        expr: ExprId,
        of: ExprId,
        rows: &[(Decimal, ExprId)],
        per: Decimal,
        at: At,
    ) -> Option<(Calc, Vec<ExprId>)> {
        let result = self.num(expr, at)?;
        let whole = self.num(of, at)?;
        let ratio = Decimal::from_int(i64::from(self.scale(of)));
        let rates_plain = rows.iter().all(|(_, r)| self.scale(*r) == 1);
        let raw = !(per == ratio && rates_plain && self.scale(expr) == 1);
        let (part_show, lang) = (
            if raw { Show::Raw } else { self.words.show(of) },
            self.lang(),
        );
        let (mut terms, mut nodes, mut sum) = (Vec::new(), vec![of], Some(Decimal::ZERO));
        for (i, (bound, rate)) in rows.iter().enumerate() {
            if whole <= *bound {
                break;
            }
            let top = rows.get(i + 1).map_or(whole, |next| next.0.min(whole));
            let part = top.sub(*bound).ok()?;
            let each = self.num(*rate, at)?;
            sum = sum.and_then(|s| s.add(each.mul(part).ok()?).ok());
            terms.push(Term::op(
                Op::Mul,
                vec![
                    number(part, part_show, None, lang),
                    self.leaf(*rate, at, raw)?,
                ],
            ));
            nodes.push(*rate);
        }
        let mut left = match terms.len() {
            0 => number(Decimal::ZERO, Show::Raw, None, lang),
            1 => terms.remove(0),
            _ => Term::op(Op::Add, terms),
        };
        if raw && per != Decimal::ONE {
            left = Term::op(Op::Div, vec![left, number(per, Show::Raw, None, lang)]);
        }
        let exact = sum.is_some() && result.mul(per).ok() == sum;
        let show = if raw {
            Show::Raw
        } else {
            self.words.show(expr)
        };
        let right = quantity(result, show, None, lang);
        Some((
            Calc::new(Vec::new(), left, !exact, right, lang),
            self.composites(&nodes),
        ))
    }

    /// A selection: the comparisons that chose the row, then the row.
    fn chosen(&self, expr: ExprId, at: At) -> Option<(Calc, Vec<ExprId>)> {
        let (given, row, of) = match self.expr(expr) {
            Expr::Bands {
                of,
                below,
                rows,
                reaches,
            } => {
                let (given, row) = self.band(*of, *below, rows, *reaches, at)?;
                (given, row, Some(*of))
            }
            Expr::Select { of, rows, rest } => {
                let value = self.value(*of, at)?;
                let hit = rows.iter().find(|(keys, _)| keys.contains(&value));
                let (given, row) = match hit {
                    Some((keys, row)) => (vec![self.one_of(*of, keys, true, at)?], *row),
                    None => {
                        let all: Vec<Value> =
                            rows.iter().flat_map(|(k, _)| k.iter().cloned()).collect();
                        (vec![self.one_of(*of, &all, false, at)?], (*rest)?)
                    }
                };
                (given, row, Some(*of))
            }
            Expr::First { rows, rest } => {
                let mut given = Vec::new();
                let mut row = *rest;
                for (cond, value) in rows {
                    let holds = self.yes(*cond, at)?;
                    given.extend(self.checks(*cond, holds, at));
                    if holds {
                        row = *value;
                        break;
                    }
                }
                (given, row, None)
            }
            _ => return None,
        };
        let (calc, mut inner) = self.calc(row, at)?;
        inner.extend(of.into_iter().flat_map(|of| self.composites(&[of])));
        let mut all = given;
        all.extend(calc.given);
        let calc = Calc::new(all, calc.left, calc.rounded, calc.result, self.lang());
        Some((calc, inner))
    }

    fn band(
        &self,
        of: ExprId,
        below: ExprId,
        rows: &[(Decimal, ExprId)],
        reaches: bool,
        at: At,
    ) -> Option<(Vec<Check>, ExprId)> {
        let value = self.num(of, at)?;
        let inside = |bound: &Decimal| {
            if reaches {
                value >= *bound
            } else {
                value > *bound
            }
        };
        let taken = rows.iter().rposition(|(bound, _)| inside(bound));
        let (up, under) = match reaches {
            true => (Relation::AtLeast, Relation::Below),
            false => (Relation::Above, Relation::AtMost),
        };
        let check = |relation: Relation, bound: Decimal| -> Option<Check> {
            let bound = number(bound, self.words.show(of), None, self.lang());
            Some(Check::new(
                self.leaf(of, at, false)?,
                relation,
                bound,
                self.lang(),
            ))
        };
        let mut given = Vec::new();
        let row = taken.and_then(|i| rows.get(i));
        if let Some((bound, _)) = row {
            given.push(check(up, *bound)?);
        }
        if let Some((bound, _)) = rows.get(taken.map_or(0, |i| i + 1)) {
            given.push(check(under, *bound)?);
        }
        Some((given, row.map_or(below, |r| r.1)))
    }

    /// The comparisons that made a condition what it was. Empty where nothing can be compared (a time of day, a blank).
    #[must_use]
    pub fn checks(&self, cond: ExprId, holds: bool, at: At) -> Vec<Check> {
        match self.expr(cond) {
            Expr::And(a, b) | Expr::Or(a, b) => {
                let and = matches!(self.expr(cond), Expr::And(..));
                // Both sides count when 且 holds or 或 fails; else the first side that decided.
                if and == holds {
                    let mut all = self.checks(*a, holds, at);
                    all.extend(self.checks(*b, holds, at));
                    return all;
                }
                let decided = [*a, *b]
                    .into_iter()
                    .find(|s| self.yes(*s, at) == Some(holds));
                decided.map_or_else(Vec::new, |s| self.checks(s, holds, at))
            }
            Expr::Not(a) => self.checks(*a, !holds, at),
            Expr::OneOf(a, values) => self.one_of(*a, values, holds, at).into_iter().collect(),
            Expr::Compare(cmp, a, b) => self
                .comparison(*cmp, *a, *b, holds, at)
                .into_iter()
                .collect(),
            _ if self.words.name(cond).is_some() && self.yes(cond, at) == Some(holds) => {
                let word = |name| Term::Word {
                    text: yes_no(holds, self.lang()).to_owned(),
                    name,
                };
                let (left, right) = (word(self.words.name(cond)), word(None));
                vec![Check::new(left, Relation::Equal, right, self.lang())]
            }
            _ => Vec::new(),
        }
    }

    fn comparison(&self, cmp: Cmp, a: ExprId, b: ExprId, holds: bool, at: At) -> Option<Check> {
        let relation = relation(cmp);
        let relation = if holds { relation } else { relation.opposite() };
        let numeric = |e: ExprId| matches!(self.words.plan.exprs.ty(e), Ty::Num(_));
        let raw = numeric(a) && self.scale(a) != self.scale(b);
        let side = |e: ExprId, other: ExprId| match self.value(e, at)? {
            Value::Num(n) => {
                let show = match (raw, self.words.show(other)) {
                    (true, _) => Show::Raw,
                    (_, show @ (Show::Percent | Show::Days | Show::Months | Show::Years)) => show,
                    _ => self.words.show(e),
                };
                Some(number(n, show, self.name_of(e), self.lang()))
            }
            v => Some(self.word(&v, self.name_of(e))),
        };
        Some(Check::new(side(a, b)?, relation, side(b, a)?, self.lang()))
    }

    /// What a side of a comparison is the value of: a name, or the expression in words; nothing for a constant.
    fn name_of(&self, expr: ExprId) -> Option<String> {
        match self.expr(expr) {
            Expr::Const(_) => None,
            _ => Some(self.words.text(expr)),
        }
    }

    fn word(&self, value: &Value, name: Option<String>) -> Term {
        Term::Word {
            text: value_text(value, Show::Raw, self.lang()),
            name,
        }
    }

    fn one_of(&self, of: ExprId, keys: &[Value], holds: bool, at: At) -> Option<Check> {
        let value = self.value(of, at)?;
        let show = self.words.show(of);
        let text = |v: &Value| value_text(v, show, self.lang());
        let left = Term::Word {
            text: text(&value),
            name: self.name_of(of),
        };
        let (relation, words) = match keys {
            [one] => {
                let word = Term::Word {
                    text: text(one),
                    name: None,
                };
                (Relation::Equal, word)
            }
            _ => (Relation::In, Term::Words(keys.iter().map(text).collect())),
        };
        let relation = if holds { relation } else { relation.opposite() };
        Some(Check::new(left, relation, words, self.lang()))
    }
}

/// The sign of a comparison.
#[must_use]
pub fn relation(cmp: Cmp) -> Relation {
    match cmp {
        Cmp::Eq => Relation::Equal,
        Cmp::Ne => Relation::NotEqual,
        Cmp::Ge => Relation::AtLeast,
        Cmp::Gt => Relation::Above,
        Cmp::Le => Relation::AtMost,
        Cmp::Lt => Relation::Below,
    }
}
