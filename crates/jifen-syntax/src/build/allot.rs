//! Allotments: the head with its period, and the parts.

use super::stmt::period;
use super::{Builder, P};
use crate::ast::{AllotPart, ItemDecl, Name, RoundWord, Span, Stmt, StmtKind};
use crate::broken::Context;
use crate::grammar::Rule;

impl Builder<'_> {
    pub(super) fn allotment(&mut self, pair: P<'_>) -> ItemDecl {
        let (mut name, mut article, mut subject, mut word) = (None, None, None, Span::DUMMY);
        let (mut every, mut stmts) = (None, Vec::new());
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::kw_d_allot => word = span,
                Rule::name => name = Some(self.name(&p)),
                Rule::article => article = self.article(&p),
                Rule::item_subject => {
                    let inner = p.into_inner().find(|n| n.as_rule() == Rule::name);
                    if let Some(n) = inner.map(|n| self.name(&n)) {
                        self.once(&mut subject, n, span);
                    }
                }
                Rule::allot_stmt => {
                    let Some(p) = p.into_inner().next() else {
                        continue;
                    };
                    match self.among(&p) {
                        Some(roster) => self.once(&mut subject, roster, span),
                        None => stmts.push(self.stmt(p)),
                    }
                }
                Rule::broken_allot => stmts.push(self.broken_stmt(&p, Context::Allot)),
                Rule::later_stmt => {
                    self.not_supported(&p);
                    let kind = StmtKind::Broken;
                    stmts.push(Stmt { kind, span });
                }
                other => match period(other) {
                    Some(period) => self.once(&mut every, (period, span), span),
                    None => self.around(other, &p),
                },
            }
        }
        if let Some((period, span)) = every {
            let at_start = false;
            let kind = StmtKind::Every { period, at_start };
            stmts.insert(0, Stmt { kind, span });
        }
        ItemDecl {
            name: self.decl_name(name, word, Rule::kw_d_allot),
            article,
            subject,
            stmts,
            spend: false,
            reward: false,
            transfer: false,
            allot: true,
        }
    }

    /// The roster of `在 居民`; `在 居民.家庭` is a statement of its own, refused by check.
    fn among(&mut self, p: &P<'_>) -> Option<Name> {
        let plain = p.as_rule() == Rule::al_among
            && !p.clone().into_inner().any(|m| m.as_rule() == Rule::member);
        let name = p.clone().into_inner().find(|n| n.as_rule() == Rule::name)?;
        plain.then(|| self.name(&name))
    }

    /// A part of an allotment.
    pub(super) fn allot_part(&mut self, pair: P<'_>) -> StmtKind {
        let rule = pair.as_rule();
        let (mut value, mut names, mut mode, mut largest) = (None, Vec::new(), None, false);
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::value => value = Some(self.expr(p)),
                Rule::name => names.push(self.name(&p)),
                Rule::member => {
                    let inner = p.into_inner().find(|n| n.as_rule() == Rule::member_name);
                    names.extend(inner.map(|n| self.name(&n)));
                }
                Rule::kw_al_largest => largest = true,
                other => mode = mode.or(round_word(other).map(|m| (m, span))),
            }
        }
        let part = match (rule, value) {
            (Rule::al_total, Some(v)) => AllotPart::Total(v),
            (Rule::al_by, Some(v)) => AllotPart::By(v),
            (Rule::al_step, Some(v)) => AllotPart::Step(v),
            (Rule::al_equally, _) => AllotPart::Equally,
            (Rule::al_remainder, _) => AllotPart::Remainder { largest, mode },
            (Rule::al_among, _) => match <[Name; 2]>::try_from(names) {
                Ok([roster, group]) => AllotPart::AmongGroup(roster, group),
                Err(_) => return StmtKind::Broken,
            },
            _ => return StmtKind::Broken,
        };
        StmtKind::Allot(part)
    }
}

/// A rounding word.
pub(super) fn round_word(rule: Rule) -> Option<RoundWord> {
    Some(match rule {
        Rule::kw_r_half_up => RoundWord::HalfUp,
        Rule::kw_r_up => RoundWord::Up,
        Rule::kw_r_down => RoundWord::Down,
        Rule::kw_r_half_even => RoundWord::HalfEven,
        _ => return None,
    })
}
