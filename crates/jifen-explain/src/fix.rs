//! The smallest change of one field that makes a condition true, tried with `probe` before it is offered.

use std::cell::Cell;

use jifen_calendar::Instant;
use jifen_data::{Eval, FactLog, ItemRun, Origin, RosterData};
use jifen_diag::Lang;
use jifen_plan::{
    AttrIx, Cmp, EventAt, Expr, ExprId, FieldIx, FieldType, Item, Overlap, Plan, Trigger, Value,
    Whose,
};
use jifen_quantity::{Decimal, Dim};

use crate::probe::{Change, Probe, corrected};
use crate::quantity::{Show, value_text};
use crate::statement::Fix;
use crate::words::{Scope, Words};

/// Looks for a change of one field.
pub struct Fixer<'a> {
    /// Plan.
    pub plan: &'a Plan,
    /// Facts.
    pub facts: &'a FactLog,
    /// Rosters.
    pub rosters: &'a RosterData,
    /// The run.
    pub run: &'a ItemRun,
    /// Its item.
    pub item: &'a Item,
    /// Language of the printed value.
    pub lang: Lang,
}

impl Fixer<'_> {
    fn words(&self) -> Words<'_> {
        Words {
            plan: self.plan,
            scope: Scope::of_item(self.plan, self.item),
            lang: self.lang,
        }
    }

    fn probe(&self, change: Option<Change>) -> Probe<'_> {
        Probe {
            plan: self.plan,
            facts: self.facts,
            rosters: self.rosters,
            run: self.run,
            scope: Scope::of_item(self.plan, self.item),
            change,
            work: Cell::new(0),
        }
    }

    /// A change after which `cond` holds and the conditions before it still hold.
    #[must_use]
    pub fn fix(&self, cond: ExprId, before: &[ExprId]) -> Option<Fix> {
        let mut changes = Vec::new();
        self.candidates(cond, true, &mut changes);
        if matches!(self.item.trigger, Trigger::Period { .. }) {
            // On the roster, for as long as the period lasts; what else varies from day to day cannot be promised.
            let lasts = |c: &Change| match c {
                Change::Attr(a, _) => before
                    .iter()
                    .filter(|e| self.reads(**e, *a))
                    .chain([&cond])
                    .all(|e| self.reads_only(*e, *a)),
                _ => false,
            };
            changes.retain(lasts);
        }
        if let Origin::Fact(fact) = self.run.origin
            && corrected(self.facts, fact)
        {
            // What a correction says stands, whatever the record is changed to.
            changes.retain(|c| matches!(c, Change::Attr(..)));
        }
        changes.into_iter().find_map(|change| {
            let untouched = |e: &ExprId| match (&change, self.item.trigger) {
                (Change::Attr(a, _), Trigger::Period { .. }) => !self.reads(*e, *a),
                _ => false,
            };
            let held = before
                .iter()
                .filter(|e| !untouched(e))
                .chain([&cond])
                .all(|c| self.probe(Some(change.clone())).holds(*c) == Some(true));
            if held { self.printed(&change) } else { None }
        })
    }

    /// Does an expression read this attribute of the subject?
    fn reads(&self, expr: ExprId, attr: AttrIx) -> bool {
        match self.plan.exprs.get(expr) {
            Expr::Attr(Whose::Own, a) => *a == attr,
            Expr::Aggregate(a) => {
                let ends = self.plan.exprs.get(expr).operands();
                let mut all = a.value.iter().chain(&a.when).chain(&ends);
                all.any(|e| self.reads(*e, attr))
            }
            e => e.operands().iter().any(|o| self.reads(*o, attr)),
        }
    }

    /// Does it read this attribute and otherwise only what stays the same all through a period?
    fn reads_only(&self, expr: ExprId, attr: AttrIx) -> bool {
        match self.plan.exprs.get(expr) {
            Expr::Const(_) | Expr::Param(_) => true,
            Expr::Attr(Whose::Own, a) => *a == attr,
            e => {
                let operands = e.operands();
                !operands.is_empty() && operands.iter().all(|o| self.reads_only(*o, attr))
            }
        }
    }

    fn candidates(&self, cond: ExprId, want: bool, out: &mut Vec<Change>) {
        match self.plan.exprs.get(cond) {
            Expr::And(a, b) | Expr::Or(a, b) => {
                self.candidates(*a, want, out);
                self.candidates(*b, want, out);
            }
            Expr::Not(a) => self.candidates(*a, !want, out),
            Expr::Compare(cmp, a, b) => {
                let cmp = if want { *cmp } else { opposite(*cmp) };
                self.toward(cmp, *a, *b, out);
                self.toward(mirrored(cmp), *b, *a, out);
            }
            Expr::OneOf(a, values) => {
                let options: Vec<Value> = match want {
                    true => values.clone(),
                    false => self.others(*a, values),
                };
                for value in options {
                    out.extend(self.change_of(*a, value));
                }
            }
            Expr::Field(_) | Expr::Attr(Whose::Own, _) => {
                out.extend(self.change_of(cond, Value::YesNo(want)));
            }
            _ => {}
        }
    }

    /// Values of the side `a` that make `a cmp b` true while `b` stays.
    fn toward(&self, cmp: Cmp, a: ExprId, b: ExprId, out: &mut Vec<Change>) {
        let Some(target) = self.probe(None).eval(b) else {
            return;
        };
        let values = match (&target, cmp) {
            (_, Cmp::Eq | Cmp::Ge | Cmp::Le) => vec![target],
            (Value::Num(n), _) => {
                let step = self.step(a);
                match cmp {
                    Cmp::Gt => n.add(step).ok().map(Value::Num).into_iter().collect(),
                    Cmp::Lt => n.sub(step).ok().map(Value::Num).into_iter().collect(),
                    _ => [n.add(step), n.sub(step)]
                        .into_iter()
                        .flatten()
                        .map(Value::Num)
                        .collect(),
                }
            }
            (Value::Date(d), _) => {
                let by = if cmp == Cmp::Lt { -1 } else { 1 };
                vec![Value::Date(d.add_days(by))]
            }
            (Value::YesNo(b), Cmp::Ne) => vec![Value::YesNo(!b)],
            (Value::Text(_), Cmp::Ne) => self.others(a, std::slice::from_ref(&target)),
            _ => Vec::new(),
        };
        for value in values {
            // Whole numbers cannot always meet the line exactly.
            for value in self.nearest(a, value, cmp) {
                out.extend(self.change_of(a, value));
            }
        }
    }

    fn nearest(&self, a: ExprId, value: Value, cmp: Cmp) -> Vec<Value> {
        let Value::Num(n) = value else {
            return vec![value];
        };
        if !self.whole(a) || n.is_integer() {
            return vec![Value::Num(n)];
        }
        let down = n.div_floor(Decimal::ONE).ok();
        let up = down.and_then(|d| d.add(Decimal::ONE).ok());
        let pick = if matches!(cmp, Cmp::Le | Cmp::Lt) {
            down
        } else {
            up
        };
        pick.map(Value::Num).into_iter().collect()
    }

    fn field(&self, expr: ExprId) -> Option<&jifen_plan::Field> {
        let kind = Scope::of_item(self.plan, self.item).kind?;
        match self.plan.exprs.get(expr) {
            Expr::Field(f) => self.plan.kinds.get(kind.ix())?.fields.get(f.ix()),
            _ => None,
        }
    }

    fn whole(&self, expr: ExprId) -> bool {
        self.field(expr).is_some_and(|f| f.whole)
    }

    /// The smallest step people would write: a minute, a hundredth, one for whole numbers.
    fn step(&self, expr: ExprId) -> Decimal {
        let duration = self.plan.exprs.ty(expr) == jifen_plan::Ty::Num(Dim::DURATION);
        if duration {
            return Decimal::from_int(60);
        }
        if self.whole(expr) {
            return Decimal::ONE;
        }
        Decimal::new(1, 2).unwrap_or(Decimal::ONE)
    }

    /// Options of a choice that are not in the list.
    fn others(&self, expr: ExprId, values: &[Value]) -> Vec<Value> {
        let ty = match self.plan.exprs.get(expr) {
            Expr::Field(_) => self.field(expr).map(|f| &f.ty),
            Expr::Attr(Whose::Own, a) => {
                let roster = Scope::of_item(self.plan, self.item).roster;
                roster
                    .and_then(|r| self.plan.rosters.get(r.ix()))
                    .and_then(|r| r.attrs.get(a.ix()))
                    .map(|a| &a.ty)
            }
            _ => None,
        };
        let Some(FieldType::Choice(options)) = ty else {
            return Vec::new();
        };
        let all = options.iter().map(|o| Value::Text(o.clone()));
        all.filter(|o| !values.contains(o)).collect()
    }

    fn change_of(&self, expr: ExprId, value: Value) -> Option<Change> {
        match self.plan.exprs.get(expr) {
            Expr::Field(f) => self
                .admissible(*f, &value)
                .then_some(Change::Field(*f, value)),
            Expr::Attr(Whose::Own, a) => Some(Change::Attr(*a, value)),
            Expr::SpanSeconds => match value {
                Value::Num(n) if n.is_integer() && !n.is_negative() => {
                    self.whole_span().map(|_| Change::SpanSeconds(n))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Would a source row with this value be admitted, and leave the day of the event alone?
    fn admissible(&self, field: FieldIx, value: &Value) -> bool {
        let kind = Scope::of_item(self.plan, self.item).kind;
        let Some(kind) = kind.and_then(|k| self.plan.kinds.get(k.ix())) else {
            return false;
        };
        let Some(decl) = kind.fields.get(field.ix()) else {
            return false;
        };
        let inside = match (value, &decl.range) {
            (Value::Num(n), Some((low, high))) => low <= n && n <= high,
            _ => true,
        };
        let whole = !decl.whole || matches!(value, Value::Num(n) if n.is_integer());
        let option = match (&decl.ty, value) {
            (FieldType::Choice(options), Value::Text(t)) => options.contains(t),
            (FieldType::Number(d), Value::Num(n)) => *d != Dim::DURATION || !n.is_negative(),
            _ => true,
        };
        inside && whole && option && kind.at != EventAt::Field(field)
    }

    /// The span of the fact, if all of it counts.
    fn whole_span(&self) -> Option<(FieldIx, Instant, Instant)> {
        let Origin::Fact(fact) = self.run.origin else {
            return None;
        };
        let kind = self.plan.kinds.get(fact.kind.ix())?;
        let field = kind.span.filter(|_| kind.at != EventAt::End)?;
        let table = self.facts.kinds.get(fact.kind.ix())?;
        let Value::Span(from, to) = table.fields.get(field.ix())?.value(fact.row as usize)? else {
            return None;
        };
        // A span of no length may lie inside an earlier one, which would take what is added to it.
        if from == to && kind.overlap != Overlap::Each {
            return None;
        }
        let counted = self.run.nodes.iter().find_map(|n| {
            let seconds = *self.plan.exprs.get(n.expr) == Expr::SpanSeconds;
            match &n.value {
                Eval::Value(Value::Num(s)) if seconds => Some(*s),
                _ => None,
            }
        })?;
        (counted == Decimal::from_int(to.0 - from.0)).then_some((field, from, to))
    }

    fn printed(&self, change: &Change) -> Option<Fix> {
        let words = self.words();
        let fix = |roster: bool, field: String, value: &Value, show: Show| Fix {
            roster,
            field,
            value: value_text(value, show, self.lang),
            held: value.clone(),
        };
        match change {
            Change::Field(f, value) => {
                let show = match words.field_type(*f) {
                    Some(FieldType::Number(d)) => Show::Dim(*d),
                    Some(FieldType::Percent) => Show::Percent,
                    _ => Show::Raw,
                };
                Some(fix(false, words.field(*f), value, show))
            }
            Change::Attr(a, value) => {
                let roster = self.plan.rosters.get(words.scope.roster?.ix())?;
                let show = match roster.attrs.get(a.ix()).map(|a| &a.ty) {
                    Some(FieldType::Number(d)) => Show::Dim(*d),
                    Some(FieldType::Percent) => Show::Percent,
                    _ => Show::Raw,
                };
                Some(fix(true, words.attr(Whose::Own, *a), value, show))
            }
            Change::SpanSeconds(n) => {
                let (field, from, _) = self.whole_span()?;
                let seconds = i64::try_from(n.to_i128()?).ok()?;
                let span = Value::Span(from, from.add_seconds(seconds));
                Some(fix(false, words.field(field), &span, Show::Raw))
            }
        }
    }
}

fn opposite(cmp: Cmp) -> Cmp {
    match cmp {
        Cmp::Eq => Cmp::Ne,
        Cmp::Ne => Cmp::Eq,
        Cmp::Ge => Cmp::Lt,
        Cmp::Gt => Cmp::Le,
        Cmp::Le => Cmp::Gt,
        Cmp::Lt => Cmp::Ge,
    }
}

/// `b cmp' a` for `a cmp b`.
fn mirrored(cmp: Cmp) -> Cmp {
    match cmp {
        Cmp::Ge => Cmp::Le,
        Cmp::Gt => Cmp::Lt,
        Cmp::Le => Cmp::Ge,
        Cmp::Lt => Cmp::Gt,
        other => other,
    }
}
