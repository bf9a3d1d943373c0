//! The statement 接.

use super::{Builder, P};
use crate::ast::{DayWord, Expr, ExprKind, JoinStmt, JoinWindow, OnlyHours, PairWord, StmtKind};
use crate::grammar::Rule;

impl Builder<'_> {
    pub(super) fn join(&mut self, pair: P<'_>) -> StmtKind {
        let mut record = None;
        let (mut when, mut from, mut window) = (None, None, None);
        let (mut only, mut pairing) = (None, None);
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::name => record = Some(self.name(&p)),
                Rule::when => {
                    if let Some(e) = self.when(p) {
                        self.once(&mut when, e, span);
                    }
                }
                Rule::join_from => {
                    let name = p.into_inner().find(|n| n.as_rule() == Rule::name);
                    let name = name.map(|n| self.name(&n));
                    self.once(&mut from, (name, span), span);
                }
                Rule::join_window => {
                    if let Some(w) = self.join_window(p) {
                        self.once(&mut window, (w, span), span);
                    }
                }
                Rule::join_only => {
                    let hours = self.only_hours(p);
                    self.once(&mut only, (hours, span), span);
                }
                Rule::pairing => {
                    if let Some(word) = p.into_inner().find_map(|w| pair_word(w.as_rule())) {
                        self.once(&mut pairing, (word, span), span);
                    }
                }
                _ => {}
            }
        }
        record.map_or(StmtKind::Broken, |record| {
            StmtKind::Join(JoinStmt {
                record,
                when,
                from,
                window,
                only,
                pairing,
            })
        })
    }

    fn only_hours(&mut self, pair: P<'_>) -> OnlyHours {
        let mut out = OnlyHours {
            days: None,
            ranges: Vec::new(),
            named: None,
        };
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::kw_only_workdays => out.days = Some(DayWord::Working),
                Rule::kw_only_daily => out.days = Some(DayWord::Every),
                Rule::clock_range => out.ranges.push(self.clock_range(p)),
                Rule::name => out.named = Some(self.name(&p)),
                _ => {}
            }
        }
        out
    }

    fn join_window(&mut self, pair: P<'_>) -> Option<JoinWindow> {
        pair.into_inner().find_map(|p| match p.as_rule() {
            Rule::kw_lifetime => Some(JoinWindow::Lifetime),
            Rule::quantity | Rule::han_quantity => {
                let span = self.span(&p);
                let kind = ExprKind::Number(self.quantity(p));
                Some(JoinWindow::Within(Expr { kind, span }))
            }
            _ => None,
        })
    }
}

fn pair_word(rule: Rule) -> Option<PairWord> {
    Some(match rule {
        Rule::kw_pair_each => PairWord::Each,
        Rule::kw_pair_first => PairWord::First,
        Rule::kw_pair_one => PairWord::OneToOne,
        _ => return None,
    })
}
