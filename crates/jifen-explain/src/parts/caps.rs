//! Caps as parts of an award: whose, over what, what was left of it and what passed.

use super::{Parts, reads};
use crate::calc::{Calc, Check, Op, Relation, Term};
use crate::quantity::{number, shown};
use crate::statement::{CapUse, Part, PartKind};
use jifen_data::{Step, StepDetail};
use jifen_plan::{Cap, CapMode, Expr, Tally};
use jifen_quantity::Decimal;

impl Parts<'_> {
    fn cap_holder(&self, cap: &Cap) -> String {
        let tally = cap.tally.and_then(|t| self.plan.tallies.get(t.ix()));
        match tally.and_then(|t| t.path.last()) {
            Some(name) => name.clone(),
            None if tally.is_some() => self.pick("全部项目", "all items").to_owned(),
            None => self.item.path.last().cloned().unwrap_or_default(),
        }
    }

    fn cap_scope(&self, cap: &Cap) -> String {
        match cap.tally.and_then(|t| self.plan.tallies.get(t.ix())) {
            Some(tally) => self.build.words.tally(tally),
            None => self.pick("每次", "per occasion").to_owned(),
        }
    }

    pub(super) fn cap_label(&self, cap: &Cap) -> String {
        format!(
            "{} {}{}",
            self.pick("上限", "cap"),
            self.cap_scope(cap),
            self.lang.pick(
                format!("（{}）", self.cap_holder(cap)),
                format!(" ({})", self.cap_holder(cap))
            )
        )
    }

    pub(super) fn cap(&mut self, cap: &Cap, step: &Step) -> Part {
        let pieces = cap.tally.and_then(|t| self.plan.tallies.get(t.ix())?.of);
        let pieces = pieces.and_then(|e| {
            let at = self.seek(e);
            self.build.num(e, at)
        });
        let at = self.seek(cap.limit);
        let mut part = self.blank(PartKind::Cap, self.cap_label(cap), step);
        let StepDetail::Capped { limit, used, .. } = step.detail else {
            return part;
        };
        let tally = cap.tally.and_then(|t| self.plan.tallies.get(t.ix()));
        let show = self.build.words.show_tally(tally);
        part.cap = Some(CapUse {
            scope: self.cap_scope(cap),
            holder: self.cap_holder(cap),
            limit: shown(limit, show, self.lang),
            used: shown(used, show, self.lang),
            trimmed: part.delta.checked_abs().unwrap_or_default(),
        });
        let scope = self.cap_scope(cap);
        part.label = format!(
            "{} {scope} {}{}",
            self.pick("上限", "cap"),
            shown(limit, show, self.lang),
            self.lang.pick(
                format!("（{}）", self.cap_holder(cap)),
                format!(" ({})", self.cap_holder(cap))
            )
        );
        let used_text = shown(used, show, self.lang);
        part.note = self.lang.pick(
            format!("此前已用 {used_text}"),
            format!("{used_text} used before"),
        );
        // A limit that is a share of the balance is worked out before it is used.
        let account = |e: &Expr| matches!(e, Expr::Balance(_) | Expr::Awarded(_));
        if reads(self.plan, cap.limit, &account) {
            part.calcs = self.build.calcs(cap.limit, at);
        }
        let passed = match pieces {
            Some(n) => self.pieces_capped(cap, tally, step, (n, limit, used)),
            None => self.capped(cap, tally, step, limit, used),
        };
        part.calcs.extend(passed);
        part
    }

    /// 计 数量: the pieces that are asked, beside those that are left.
    fn pieces_capped(
        &self,
        cap: &Cap,
        tally: Option<&Tally>,
        step: &Step,
        (n, limit, used): (Decimal, Decimal, Decimal),
    ) -> Vec<Calc> {
        let show = self.build.words.show_tally(tally);
        let of = |n: Decimal| number(n, show, None, self.lang);
        let room = Term::op(Op::Sub, vec![of(limit), of(used)]);
        let left_over = limit.sub(used).unwrap_or_default();
        let (left, relation, fits) = match cap.mode {
            CapMode::LastThrough => (Decimal::ZERO, Relation::Below, left_over.is_positive()),
            _ => (n, Relation::AtMost, n <= left_over),
        };
        let relation = if fits { relation } else { relation.opposite() };
        let given = vec![Check::new(of(left), relation, room, self.lang)];
        let after = self.points(step.after);
        vec![self.points_calc(given, after, false, step.after)]
    }

    fn capped(
        &self,
        cap: &Cap,
        tally: Option<&Tally>,
        step: &Step,
        limit: Decimal,
        used: Decimal,
    ) -> Vec<Calc> {
        let (x, after) = (step.before, step.after);
        let size = if cap.of_deduction {
            x.checked_neg().unwrap_or(x)
        } else {
            x
        };
        if cap.counted_only || !size.is_positive() {
            return vec![self.points_calc(Vec::new(), self.points(x), false, after)];
        }
        let show = self.build.words.show_tally(tally);
        let of = |n: Decimal| number(n, show, None, self.lang);
        let room = Term::op(Op::Sub, vec![of(limit), of(used)]);
        let left_over = limit.sub(used).unwrap_or_default();
        let times = tally.is_some_and(|t| t.times);
        let sign = |term: Term| match cap.of_deduction {
            true => Term::op(Op::Neg, vec![term]),
            false => term,
        };
        if cap.mode == CapMode::Clip && !times {
            let room = match left_over.is_negative() {
                true => Term::op(Op::Max, vec![room, of(Decimal::ZERO)]),
                false => room,
            };
            let left = Term::op(Op::Min, vec![self.points(size), room]);
            return vec![self.points_calc(Vec::new(), sign(left), false, after)];
        }
        let (left, relation) = match cap.mode {
            CapMode::LastThrough => (of(Decimal::ZERO), Relation::Below),
            _ if times => (of(Decimal::ONE), Relation::AtMost),
            _ => (self.points(size), Relation::AtMost),
        };
        let fits = match cap.mode {
            CapMode::LastThrough => left_over.is_positive(),
            _ if times => left_over >= Decimal::ONE,
            _ => size <= left_over,
        };
        let relation = if fits { relation } else { relation.opposite() };
        let given = vec![Check::new(left, relation, room, self.lang)];
        vec![self.points_calc(given, self.points(after), false, after)]
    }
}
