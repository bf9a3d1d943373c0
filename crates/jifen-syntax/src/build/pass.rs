//! 计入, 另计 and 转计.

use super::{Builder, P};
use crate::ast::{CreditStmt, ManyWord, Name, NoneWord, PassStmt, PassTail, PassWord, StmtKind};
use crate::broken::Context;
use crate::grammar::Rule;

impl Builder<'_> {
    pub(super) fn credit(&mut self, pair: P<'_>) -> CreditStmt {
        let mut lists: Vec<Vec<Name>> = Vec::new();
        let mut member = None;
        let mut tail = PassTail::default();
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::name_list => lists.push(self.name_list(p)),
                Rule::joined_name => {
                    let (record, field) = self.joined_name(p);
                    lists.push(record.into_iter().collect());
                    member = field;
                }
                _ => self.pass_tail(&mut tail, p),
            }
        }
        let mut lists = lists.into_iter();
        CreditStmt {
            names: lists.next().unwrap_or_default(),
            member,
            points: lists.next(),
            tail,
        }
    }

    /// `维修.师傅`
    fn joined_name(&mut self, pair: P<'_>) -> (Option<Name>, Option<Name>) {
        let (mut record, mut field) = (None, None);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::name => record = Some(self.name(&p)),
                Rule::member_name => field = Some(self.name(&p)),
                _ => {}
            }
        }
        (record, field)
    }

    pub(super) fn pass(&mut self, pair: P<'_>) -> StmtKind {
        let (mut to, mut points, mut value, mut when) = (None, None, None, None);
        let mut member = None;
        let mut word = PassWord::On;
        let mut tail = PassTail::default();
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::kw_also => word = PassWord::Also,
                Rule::name => to = Some(self.name(&p)),
                Rule::joined_name => (to, member) = self.joined_name(p),
                Rule::name_list => points = Some(self.name_list(p)),
                Rule::value => value = Some(self.expr(p)),
                Rule::when => when = self.when(p),
                _ => self.pass_tail(&mut tail, p),
            }
        }
        let (Some(to), Some(value)) = (to, value) else {
            return StmtKind::Broken;
        };
        StmtKind::Pass(PassStmt {
            word,
            to,
            member,
            points,
            value,
            when,
            tail,
        })
    }

    fn pass_tail(&mut self, out: &mut PassTail, p: P<'_>) {
        let span = self.span(&p);
        match p.as_rule() {
            Rule::none_word => {
                let skips = |p: P<'_>| p.into_inner().any(|w| w.as_rule() == Rule::kw_none_skips);
                let word = match skips(p) {
                    true => NoneWord::Skip,
                    false => NoneWord::Wait,
                };
                self.once(&mut out.none, (word, span), span);
            }
            Rule::many_word => {
                let each = p.into_inner().any(|w| w.as_rule() == Rule::kw_many_each);
                let word = match each {
                    true => ManyWord::Each,
                    false => ManyWord::Equally,
                };
                self.once(&mut out.many, (word, span), span);
            }
            Rule::pass_caps => {
                for part in p.into_inner() {
                    match part.as_rule() {
                        Rule::pass_cap => {
                            let caps = part.into_inner().map(|c| (self.span(&c), c));
                            let caps: Vec<_> = caps.collect();
                            for (at, c) in caps {
                                let cap = self.cap(c);
                                out.caps.push((cap, at));
                            }
                        }
                        Rule::broken_stmt => self.report(&part, Context::Pass),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}
