//! Dates beside campaigns and feasts: `日期 属于（春节平安、中秋）`, `日期 为 清明`.

use jifen_diag::Span;
use jifen_plan::{DaySet, Expr as Node};
use jifen_syntax::ast::{Expr, ExprKind};

use super::{Checker, Kind, Scope, Val};
use crate::resolve::{Sym, feast, known_years};

impl Checker<'_> {
    /// Does a name stand for days here?
    pub(super) fn names_days(&self, cx: Scope, e: &Expr) -> bool {
        let ExprKind::Name(n) = &e.kind else {
            return false;
        };
        let declared = self.version(cx).and_then(|v| v.names.get(&n.text));
        match declared {
            Some((Sym::Campaign, _)) => true,
            Some(_) => false,
            None => !self.has_value(cx, &n.text) && feast(&n.text).is_some(),
        }
    }

    /// The days that a name stands for.
    fn day_set(&mut self, cx: Scope, e: &Expr) -> Option<DaySet> {
        let ExprKind::Name(n) = &e.kind else {
            return None;
        };
        let v = self.version(cx)?;
        if let Some(c) = v.campaigns.get(&n.text) {
            self.used.names.insert((cx.version, n.text.clone()));
            return c.days.clone();
        }
        let set = feast(&n.text)?;
        known_years(e.span, v.from, v.to, &mut self.sink).then_some(set)
    }

    /// A date among dates, campaigns and feasts.
    pub(super) fn among_days(
        &mut self,
        cx: Scope,
        v: &Val,
        x: &Expr,
        words: &[Expr],
        span: Span,
    ) -> Option<Val> {
        let (named, dates): (Vec<&Expr>, Vec<&Expr>) =
            words.iter().partition(|e| self.names_days(cx, e));
        let mut sets: Vec<DaySet> = Vec::new();
        let mut ok = true;
        for e in named {
            match self.day_set(cx, e) {
                Some(set) => sets.push(set),
                None => ok = false,
            }
        }
        sets.sort_by(|a, b| a.name.cmp(&b.name));
        sets.dedup();
        let mut found: Option<Val> = None;
        if !dates.is_empty() {
            let dates: Vec<Expr> = dates.into_iter().cloned().collect();
            let values = self.constants(cx, v, x, &dates)?;
            found = Some(self.node(Node::OneOf(v.id, values), Kind::YesNo, span));
        }
        for set in sets {
            let hit = self.node(Node::InDays(v.id, Box::new(set)), Kind::YesNo, span);
            found = Some(match found {
                Some(before) => self.node(Node::Or(before.id, hit.id), Kind::YesNo, span),
                None => hit,
            });
        }
        found.filter(|_| ok)
    }
}
