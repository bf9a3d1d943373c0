//! Evaluates a node over the rows of a batch; what it has no kernel for, the scalar evaluator does row by row.

use jifen_calendar::{ClockPattern, Instant};
use jifen_data::column::MISSING;
use jifen_data::{Column, KindTable, Numbers};
use jifen_plan::{
    AttrIx, Cmp, EventAt, Expr, ExprId, FieldIx, Kind, KindIx, TimeMode, Ty, Value, Whose,
};
use jifen_quantity::Decimal;

use super::column::{Bad, Col, Data, Nums, either, mark};
use super::numbers::{self, Op};
use super::parts::{
    constant, constant_number, narrow_bounds, narrow_values, same_scale, set, set_bool,
};
use crate::case::Case;
use crate::error::Stop;
use crate::scalar::{Scalar, by_order, compare};
use crate::settle::SettledKind;
use crate::world::{Val, World};

/// The facts of one kind, read in batches.
pub(super) struct Kernel<'w> {
    pub world: &'w World<'w>,
    pub kind_ix: KindIx,
    pub kind: &'w Kind,
    pub table: &'w KindTable,
    pub settled: &'w SettledKind<'w>,
}

pub(super) type Result<'w> = std::result::Result<Col<'w>, Stop>;

/// Branches of a selection: where they go, and what they give.
type Branches<'w> = Vec<(Vec<u32>, Col<'w>)>;

impl<'w> Kernel<'w> {
    /// Nothing was corrected: columns stand as they are.
    fn untouched(&self) -> bool {
        self.settled.patches.is_empty()
    }

    pub fn subject(&self, row: u32) -> u32 {
        let own = || {
            self.table
                .subject
                .get(row as usize)
                .copied()
                .unwrap_or(u32::MAX)
        };
        if self.untouched() {
            return own();
        }
        self.settled
            .patches
            .get(&row)
            .and_then(|p| p.subject)
            .unwrap_or_else(own)
    }

    fn instant(&self, row: u32) -> Instant {
        self.settled
            .instant
            .get(row as usize)
            .copied()
            .unwrap_or(Instant(0))
    }

    /// The values of a node on these rows.
    pub fn eval(&self, id: ExprId, rows: &[u32]) -> Result<'w> {
        let world = self.world;
        match world.plan.exprs.get(id) {
            Expr::Const(v) => Ok(constant(v, rows.len())),
            Expr::Field(f) if self.untouched() => match self.field(*f, rows) {
                Some(col) => Ok(col),
                None => self.each(id, rows),
            },
            Expr::Attr(Whose::Own, attr) => Ok(self.attr(*attr, rows)),
            Expr::EventDay => {
                let days = rows.iter().map(|r| self.instant(*r).day().0);
                Ok(Col::good(Data::Day(days.collect())))
            }
            Expr::Param(p) => match world.plan.params.get(p.ix()) {
                Some(p) if p.steps.is_empty() => Ok(constant_number(p.first, rows.len())),
                _ => self.each(id, rows),
            },
            Expr::Add(a, b) => self.arithmetic(Op::Add, *a, *b, rows),
            Expr::Sub(a, b) => self.arithmetic(Op::Sub, *a, *b, rows),
            Expr::Mul(a, b) => self.arithmetic(Op::Mul, *a, *b, rows),
            Expr::Div(a, b) => self.arithmetic(Op::Div, *a, *b, rows),
            Expr::IntDiv(a, b) => self.arithmetic(Op::IntDiv, *a, *b, rows),
            Expr::MulDiv(a, b, c) => self.arithmetic(Op::MulDiv(*c), *a, *b, rows),
            Expr::Neg(a) => {
                let (a, bad) = self.num(*a, rows)?;
                let (out, more) = numbers::negate(&a);
                Ok(Col {
                    data: Data::Num(out),
                    bad: either(bad, more),
                })
            }
            Expr::Compare(cmp, a, b) => self.compare(*cmp, *a, *b, rows),
            Expr::And(a, b) => self.kleene(*a, *b, false, rows),
            Expr::Or(a, b) => self.kleene(*a, *b, true, rows),
            Expr::Not(a) => {
                let (v, bad) = self.yes(*a, rows)?;
                Ok(Col {
                    data: Data::Bool(v.into_iter().map(|b| !b).collect()),
                    bad,
                })
            }
            Expr::OneOf(a, list) => {
                let col = self.eval(*a, rows)?;
                let hit = self.one_of(&col, list, rows.len());
                Ok(Col {
                    data: Data::Bool(hit),
                    bad: col.bad,
                })
            }
            Expr::IsMissing(a) => {
                let col = self.eval(*a, rows)?;
                let missing = (0..rows.len())
                    .map(|i| col.bad_at(i).is_unknown())
                    .collect();
                let failed = |b: Bad| if b.is_unknown() { Bad::NONE } else { b };
                let bad = col.bad.map(|b| b.into_iter().map(failed).collect());
                Ok(Col {
                    data: Data::Bool(missing),
                    bad,
                })
            }
            Expr::InTime(test)
                if test.mode == TimeMode::StartingIn && self.plain_start() && self.untouched() =>
            {
                Ok(self.starting_in(&test.windows, rows))
            }
            Expr::DatePart(part, a) => self.date_part(*part, *a, rows),
            Expr::Age(a, b) => self.age(*a, *b, rows),
            Expr::InDays(a, set) => self.in_days(*a, set, rows),
            Expr::Bands {
                of,
                below,
                rows: bands,
                reaches,
            } => self.bands(*of, *below, bands, *reaches, id, rows),
            Expr::Select {
                of,
                rows: table,
                rest,
            } => self.select(*of, table, *rest, id, rows),
            Expr::First { rows: table, rest } => self.first(table, *rest, id, rows),
            Expr::Clamp { low, high, of } => self.clamp(*low, *high, *of, rows),
            _ => self.each(id, rows),
        }
    }

    /// Row by row with the scalar evaluator.
    fn each(&self, id: ExprId, rows: &[u32]) -> Result<'w> {
        let mut out = Vec::with_capacity(rows.len());
        let mut bad = None;
        for (i, row) in rows.iter().enumerate() {
            let fact = jifen_data::FactRef {
                kind: self.kind_ix,
                row: *row,
            };
            let mut scalar = Scalar::new(Case::of_fact(self.world, fact)?, false);
            match scalar.eval(id) {
                Ok(v) => out.push(v),
                Err(stop) => {
                    out.push(Val::YesNo(false));
                    let why = Bad::of(&stop).ok_or(stop)?;
                    mark(&mut bad, rows.len(), i, why);
                }
            }
        }
        Ok(Col {
            data: Data::Any(out),
            bad,
        })
    }

    /// Numbers of a node.
    pub fn num(
        &self,
        id: ExprId,
        rows: &[u32],
    ) -> std::result::Result<(Nums, Option<Vec<Bad>>), Stop> {
        let col = self.eval(id, rows)?;
        let nums = match col.data {
            Data::Num(n) => n,
            _ => {
                let one = |i| match (col.at(i), col.bad_at(i).is_some()) {
                    (Some(Val::Num(n)), false) => Ok(n),
                    (_, true) => Ok(Decimal::ZERO),
                    _ => Err(Stop::Plan("an expression of the wrong type")),
                };
                Nums::Wide(
                    (0..rows.len())
                        .map(one)
                        .collect::<std::result::Result<_, _>>()?,
                )
            }
        };
        Ok((nums, col.bad))
    }

    /// Truth of a node.
    pub fn yes(
        &self,
        id: ExprId,
        rows: &[u32],
    ) -> std::result::Result<(Vec<bool>, Option<Vec<Bad>>), Stop> {
        let col = self.eval(id, rows)?;
        let truth = match col.data {
            Data::Bool(v) => v,
            _ => {
                let one = |i| match (col.at(i), col.bad_at(i).is_some()) {
                    (Some(Val::YesNo(b)), false) => Ok(b),
                    (_, true) => Ok(false),
                    _ => Err(Stop::Plan("an expression of the wrong type")),
                };
                (0..rows.len())
                    .map(one)
                    .collect::<std::result::Result<_, _>>()?
            }
        };
        Ok((truth, col.bad))
    }

    fn arithmetic(&self, op: Op, a: ExprId, b: ExprId, rows: &[u32]) -> Result<'w> {
        let (a, bad_a) = self.num(a, rows)?;
        let (b, bad_b) = self.num(b, rows)?;
        let bad = either(bad_a, bad_b);
        let (out, more) = numbers::binary(op, &a, &b, bad.as_deref());
        Ok(Col {
            data: Data::Num(out),
            bad: either(bad, more),
        })
    }

    /// Bounds first, as the scalar evaluator has it: their reason stands before that of the value.
    fn clamp(
        &self,
        low: Option<ExprId>,
        high: Option<ExprId>,
        of: ExprId,
        rows: &[u32],
    ) -> Result<'w> {
        let mut bounds = Vec::new();
        let mut bad = None;
        for (bound, side) in [(low, numbers::Side::Low), (high, numbers::Side::High)] {
            if let Some(bound) = bound {
                let (values, why) = self.num(bound, rows)?;
                bad = either(bad, why);
                bounds.push((side, values));
            }
        }
        let (mut out, why) = self.num(of, rows)?;
        for (side, bound) in &bounds {
            out = numbers::bounded(*side, &out, bound);
        }
        Ok(Col {
            data: Data::Num(out),
            bad: either(bad, why),
        })
    }

    fn compare(&self, cmp: Cmp, a: ExprId, b: ExprId, rows: &[u32]) -> Result<'w> {
        let (a, b) = (self.eval(a, rows)?, self.eval(b, rows)?);
        let truth: Vec<bool> = match (&a.data, &b.data) {
            (Data::Num(Nums::Narrow(s, x)), Data::Num(Nums::Narrow(t, y))) if s == t => x
                .iter()
                .zip(y)
                .map(|(x, y)| by_order(cmp, x.cmp(y)))
                .collect(),
            (Data::Num(Nums::Narrow(s, _)), Data::Num(Nums::Narrow(t, _)))
                if let Some((x, y)) = same_scale(&a.data, &b.data, (*s).max(*t)) =>
            {
                x.iter()
                    .zip(&y)
                    .map(|(x, y)| by_order(cmp, x.cmp(y)))
                    .collect()
            }
            (Data::Day(x), Data::Day(y)) => x
                .iter()
                .zip(y)
                .map(|(x, y)| by_order(cmp, x.cmp(y)))
                .collect(),
            _ => {
                let mut out = Vec::with_capacity(rows.len());
                for i in 0..rows.len() {
                    let good = !a.bad_at(i).is_some() && !b.bad_at(i).is_some();
                    out.push(match (a.at(i), b.at(i)) {
                        (Some(x), Some(y)) if good => compare(cmp, x, y)?,
                        _ => false,
                    });
                }
                out
            }
        };
        Ok(Col {
            data: Data::Bool(truth),
            bad: either(a.bad, b.bad),
        })
    }

    fn kleene(&self, a: ExprId, b: ExprId, decides: bool, rows: &[u32]) -> Result<'w> {
        let (mut truth, mut bad) = self.yes(a, rows)?;
        // Where the left side neither decides nor failed, the right side is looked at.
        let mut places: Vec<u32> = Vec::new();
        for (i, left) in truth.iter().enumerate() {
            let why = bad
                .as_ref()
                .and_then(|b| b.get(i).copied())
                .unwrap_or_default();
            if (!why.is_some() && *left != decides) || why.is_unknown() {
                places.push(i as u32);
            }
        }
        if places.is_empty() {
            return Ok(Col {
                data: Data::Bool(truth),
                bad,
            });
        }
        let sub: Vec<u32> = super::column::pick(rows, &places);
        let (right, right_bad) = self.yes(b, &sub)?;
        for (k, place) in places.iter().enumerate() {
            let i = *place as usize;
            let left_unknown = bad
                .as_ref()
                .is_some_and(|b| b.get(i).is_some_and(|w| w.is_some()));
            let why = right_bad
                .as_ref()
                .and_then(|b| b.get(k).copied())
                .unwrap_or_default();
            let value = right.get(k).copied().unwrap_or_default();
            if why.is_some() {
                // An unknown left side stays the reason, unless the right side failed.
                if !(left_unknown && why.is_unknown()) {
                    set(&mut bad, rows.len(), i, why);
                }
            } else if left_unknown && value == decides {
                set(&mut bad, rows.len(), i, Bad::NONE);
                set_bool(&mut truth, i, decides);
            } else if !left_unknown {
                set_bool(&mut truth, i, value);
            }
        }
        Ok(Col {
            data: Data::Bool(truth),
            bad,
        })
    }

    fn one_of(&self, col: &Col<'w>, list: &[Value], n: usize) -> Vec<bool> {
        match &col.data {
            Data::Text(dict, codes) => {
                let wanted = list.iter().filter_map(|v| match v {
                    Value::Text(t) => dict.get_index_of(t.as_str()).map(|i| i as u32),
                    _ => None,
                });
                let wanted: Vec<u32> = wanted.collect();
                codes.iter().map(|c| wanted.contains(c)).collect()
            }
            Data::Attr(values, codes) => {
                let wanted = list
                    .iter()
                    .filter_map(|v| values.get_index_of(v).map(|i| i as u32));
                let wanted: Vec<u32> = wanted.collect();
                codes.iter().map(|c| wanted.contains(c)).collect()
            }
            _ => {
                let hit = |i| {
                    col.at(i)
                        .is_some_and(|v| list.iter().any(|x| Val::of(x) == v))
                };
                (0..n).map(hit).collect()
            }
        }
    }

    /// A field nobody corrected; `None` where no kernel fits.
    fn field(&self, f: FieldIx, rows: &[u32]) -> Option<Col<'w>> {
        let default = self.kind.fields.get(f.ix())?.default.as_ref();
        let n = rows.len();
        let mut bad = None;
        let data = match self.table.fields.get(f.ix())? {
            Column::Number(Numbers::Narrow { scale, values }) => {
                let fill = match default {
                    None => None,
                    Some(Value::Num(d)) => Some(i64::try_from(d.rescale(*scale)?).ok()?),
                    Some(_) => return None,
                };
                let mut out = Vec::with_capacity(n);
                for (i, row) in rows.iter().enumerate() {
                    let mut v = values.get(*row as usize).copied()?;
                    if v == jifen_data::column::BLANK {
                        v = fill.unwrap_or_default();
                        if fill.is_none() {
                            mark(&mut bad, n, i, Bad::field(f));
                        }
                    }
                    out.push(v);
                }
                Data::Num(Nums::Narrow(*scale, out))
            }
            Column::YesNo(values) => {
                let fill = match default {
                    None => None,
                    Some(Value::YesNo(b)) => Some(*b),
                    Some(_) => return None,
                };
                let mut out = Vec::with_capacity(n);
                for (i, row) in rows.iter().enumerate() {
                    let v = values.get(*row as usize).copied()?;
                    if v > 1 && fill.is_none() {
                        mark(&mut bad, n, i, Bad::field(f));
                    }
                    out.push(if v > 1 {
                        fill.unwrap_or_default()
                    } else {
                        v == 1
                    });
                }
                Data::Bool(out)
            }
            Column::Text(t) if default.is_none() => {
                let mut out = Vec::with_capacity(n);
                for (i, row) in rows.iter().enumerate() {
                    let code = t.codes.get(*row as usize).copied()?;
                    if code == MISSING {
                        mark(&mut bad, n, i, Bad::field(f));
                    }
                    out.push(code);
                }
                Data::Text(&t.dict, out)
            }
            _ => return None,
        };
        Some(Col { data, bad })
    }

    fn attr(&self, attr: AttrIx, rows: &[u32]) -> Col<'w> {
        let roster = self.kind.subject;
        let table = self.world.rosters.table(roster);
        let n = rows.len();
        let mut bad = None;
        let mut codes = Vec::with_capacity(n);
        for (i, row) in rows.iter().enumerate() {
            let (subject, day) = (self.subject(*row), self.instant(*row).day());
            let code = table.and_then(|t| t.attr_code(attr, subject, day));
            if code.is_none() {
                mark(&mut bad, n, i, Bad::attr(roster, attr));
            }
            codes.push(code.unwrap_or(u32::MAX));
        }
        let data = match table.and_then(|t| t.attrs.get(attr.ix())) {
            Some(a) => match narrow_values(&a.values) {
                Some((scale, values)) => {
                    let at = |c: &u32| values.get(*c as usize).copied().unwrap_or_default();
                    Data::Num(Nums::Narrow(scale, codes.iter().map(at).collect()))
                }
                None => Data::Attr(&a.values, codes),
            },
            None => Data::Any(vec![Val::YesNo(false); n]),
        };
        Col { data, bad }
    }

    /// Kinds without a span whose time is that of the fact.
    fn plain_start(&self) -> bool {
        self.kind.span.is_none() && self.kind.at == EventAt::Start
    }

    pub fn starting_in(&self, windows: &[jifen_calendar::ClockWindow], rows: &[u32]) -> Col<'w> {
        let pattern = ClockPattern::new(windows);
        let mut bad = None;
        let mut out = Vec::with_capacity(rows.len());
        for (i, row) in rows.iter().enumerate() {
            if self
                .table
                .day_only
                .get(*row as usize)
                .copied()
                .unwrap_or(true)
            {
                mark(&mut bad, rows.len(), i, Bad::CLOCK);
            }
            out.push(pattern.contains(self.instant(*row)));
        }
        Col {
            data: Data::Bool(out),
            bad,
        }
    }

    /// Time tests of factors that columns can answer.
    pub fn can_time(&self, test: &jifen_plan::TimeTest) -> bool {
        test.mode == TimeMode::StartingIn && self.plain_start() && self.untouched()
    }

    fn bands(
        &self,
        of: ExprId,
        below: ExprId,
        bands: &[(Decimal, ExprId)],
        reaches: bool,
        id: ExprId,
        rows: &[u32],
    ) -> Result<'w> {
        let (q, bad) = self.num(of, rows)?;
        let band = |i: usize| {
            let q = q.get(i);
            bands
                .iter()
                .rposition(|(b, _)| if reaches { q >= *b } else { q > *b })
        };
        let narrow = narrow_bounds(&q, bands);
        let taken = (0..rows.len()).map(|i| {
            let row = match (&q, &narrow) {
                (Nums::Narrow(_, v), Some(bounds)) => {
                    let q = v.get(i).copied().unwrap_or_default();
                    bounds
                        .iter()
                        .rposition(|b| if reaches { q >= *b } else { q > *b })
                }
                _ => band(i),
            };
            row.and_then(|r| bands.get(r)).map_or(below, |r| r.1)
        });
        let taken: Vec<ExprId> = taken.collect();
        self.branches(&taken, bad, id, rows)
    }

    fn select(
        &self,
        of: ExprId,
        table: &[(Vec<Value>, ExprId)],
        rest: Option<ExprId>,
        id: ExprId,
        rows: &[u32],
    ) -> Result<'w> {
        let col = self.eval(of, rows)?;
        let mut taken: Vec<Option<ExprId>> = vec![rest; rows.len()];
        for (list, value) in table.iter().rev() {
            for (slot, hit) in taken.iter_mut().zip(self.one_of(&col, list, rows.len())) {
                if hit {
                    *slot = Some(*value);
                }
            }
        }
        let good = |i: usize| !col.bad_at(i).is_some();
        let none = Stop::Plan("a selection without a row");
        let spare = rest.or(table.first().map(|r| r.1)).ok_or(none.clone())?;
        let mut chosen = Vec::with_capacity(rows.len());
        for (i, t) in taken.into_iter().enumerate() {
            chosen.push(match t {
                Some(t) => t,
                None if good(i) => return Err(none),
                None => spare,
            });
        }
        self.branches(&chosen, col.bad, id, rows)
    }

    fn first(
        &self,
        table: &[(ExprId, ExprId)],
        rest: ExprId,
        id: ExprId,
        rows: &[u32],
    ) -> Result<'w> {
        let mut taken = vec![rest; rows.len()];
        let mut bad: Option<Vec<Bad>> = None;
        let mut open: Vec<u32> = (0..rows.len() as u32).collect();
        for (cond, value) in table {
            let sub: Vec<u32> = super::column::pick(rows, &open);
            let (truth, why) = self.yes(*cond, &sub)?;
            let mut still = Vec::new();
            for (k, place) in open.iter().enumerate() {
                let reason = why
                    .as_ref()
                    .and_then(|b| b.get(k).copied())
                    .unwrap_or_default();
                if reason.is_some() {
                    mark(&mut bad, rows.len(), *place as usize, reason);
                } else if truth.get(k).copied().unwrap_or_default() {
                    if let Some(slot) = taken.get_mut(*place as usize) {
                        *slot = *value;
                    }
                } else {
                    still.push(*place);
                }
            }
            open = still;
        }
        self.branches(&taken, bad, id, rows)
    }

    /// Evaluates each branch where it is taken, and puts the results together.
    fn branches(
        &self,
        taken: &[ExprId],
        mut bad: Option<Vec<Bad>>,
        id: ExprId,
        rows: &[u32],
    ) -> Result<'w> {
        let mut places: Vec<(ExprId, Vec<u32>)> = Vec::new();
        for (i, branch) in taken.iter().enumerate() {
            if bad
                .as_ref()
                .is_some_and(|b| b.get(i).is_some_and(|w| w.is_some()))
            {
                continue;
            }
            match places.iter_mut().find(|(b, _)| b == branch) {
                Some((_, list)) => list.push(i as u32),
                None => places.push((*branch, vec![i as u32])),
            }
        }
        let mut parts: Branches<'w> = Vec::with_capacity(places.len());
        for (branch, list) in places {
            let sub: Vec<u32> = super::column::pick(rows, &list);
            let col = self.eval(branch, &sub)?;
            for (k, place) in list.iter().enumerate() {
                let why = col.bad_at(k);
                if why.is_some() {
                    mark(&mut bad, rows.len(), *place as usize, why);
                }
            }
            parts.push((list, col));
        }
        let numeric = matches!(self.world.plan.exprs.ty(id), Ty::Num(_));
        let data = if numeric && parts.iter().all(|(_, c)| matches!(c.data, Data::Num(_))) {
            let nums = parts.into_iter().filter_map(|(list, col)| match col.data {
                Data::Num(n) => Some((list, n)),
                _ => None,
            });
            Data::Num(numbers::assemble(rows.len(), &nums.collect::<Vec<_>>()))
        } else {
            let blank = if numeric {
                Val::Num(Decimal::ZERO)
            } else {
                Val::YesNo(false)
            };
            let mut out = vec![blank; rows.len()];
            for (list, col) in &parts {
                for (k, place) in list.iter().enumerate() {
                    if let (Some(slot), Some(v)) = (out.get_mut(*place as usize), col.at(k)) {
                        *slot = v;
                    }
                }
            }
            Data::Any(out)
        };
        Ok(Col { data, bad })
    }
}

impl<'w> Kernel<'w> {
    /// A time test row by row.
    pub fn each_time(&self, test: &jifen_plan::TimeTest, rows: &[u32]) -> Result<'w> {
        let mut bad = None;
        let mut out = Vec::with_capacity(rows.len());
        for (i, row) in rows.iter().enumerate() {
            let fact = jifen_data::FactRef {
                kind: self.kind_ix,
                row: *row,
            };
            let case = Case::of_fact(self.world, fact)?;
            if case.day_only {
                mark(&mut bad, rows.len(), i, Bad::CLOCK);
            }
            out.push(Scalar::new(case, false).holds_at(test));
        }
        Ok(Col {
            data: Data::Bool(out),
            bad,
        })
    }
}
