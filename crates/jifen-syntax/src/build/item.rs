//! Categories and items, and which statements may stand in which of them.

use super::{Builder, P, literal};
use crate::ast::{CategoryDecl, ItemDecl, Span, Stmt, StmtKind};
use crate::broken::Context;
use crate::grammar::Rule;
use jifen_diag::{Diagnostic, Text, codes, text};

impl Builder<'_> {
    pub(super) fn article(&mut self, p: &P<'_>) -> Option<(u32, Span)> {
        let span = self.span(p);
        let number = literal::article_number(p.as_str()).parse::<u32>().ok();
        if number.is_none() {
            self.push(Diagnostic::new(
                codes::BAD_NUMBER,
                span,
                text!(zh = "条号读不懂", en = "this article number cannot be read"),
            ));
        }
        number.map(|n| (n, span))
    }

    pub(super) fn category(&mut self, pair: P<'_>) -> CategoryDecl {
        let (mut name, mut article, mut word) = (None, None, Span::DUMMY);
        let (mut stmts, mut members) = (Vec::new(), Vec::new());
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::kw_d_category => word = span,
                Rule::name => name = Some(self.name(&p)),
                Rule::article => article = self.article(&p),
                Rule::stmt => {
                    let s = self.stmt(p);
                    self.belongs_in_item(&s);
                    stmts.push(s);
                }
                Rule::broken_stmt => stmts.push(self.broken_stmt(&p, Context::Category)),
                Rule::category_decl
                | Rule::item_decl
                | Rule::spend_decl
                | Rule::reward_decl
                | Rule::transfer_decl
                | Rule::allot_decl
                | Rule::broken_decl => members.extend(self.member(p)),
                Rule::later_decl => self.not_supported(&p),
                Rule::policy_decl
                | Rule::roster_decl
                | Rule::points_decl
                | Rule::record_decl
                | Rule::param_decl
                | Rule::clock_decl
                | Rule::measure_decl
                | Rule::score_decl
                | Rule::campaign_decl
                | Rule::test_decl => self.around(Rule::misplaced, &p),
                other => self.around(other, &p),
            }
        }
        CategoryDecl {
            name: self.decl_name(name, word, Rule::kw_d_category),
            article,
            stmts,
            members,
        }
    }

    fn belongs_in_item(&mut self, s: &Stmt) {
        if self.belongs_in_campaign(s) {
            return;
        }
        let allowed = matches!(
            s.kind,
            StmtKind::Cap(_)
                | StmtKind::Choose(_)
                | StmtKind::Credit(_)
                | StmtKind::Multiply(_)
                | StmtKind::Stacking(_)
                | StmtKind::Precision(_)
                | StmtKind::Broken
        );
        if !allowed {
            self.not_here(
                s,
                text!(
                    zh = "这句话要写在项目里，不能直接写在类别里",
                    en = "this belongs in an item, not directly in a category"
                ),
                text!(
                    zh = "类别里可以写：计入、上限、择一、倍率、同时符合",
                    en = "a category may say: credited to, cap, exclusive, multiply, when several"
                ),
            );
        }
    }

    /// A statement that stands in the wrong block, and what may stand there.
    pub(super) fn not_here(&mut self, s: &Stmt, message: Text, may: Text) {
        let d = Diagnostic::new(codes::MISPLACED_STATEMENT, s.span, message);
        self.push(d.help(may));
    }

    pub(super) fn broken_stmt(&mut self, p: &P<'_>, context: Context) -> Stmt {
        let span = self.span(p);
        self.report_stmt(p, context).unwrap_or(Stmt {
            kind: StmtKind::Broken,
            span,
        })
    }

    pub(super) fn item(&mut self, pair: P<'_>) -> ItemDecl {
        let (mut name, mut article, mut subject, mut word) = (None, None, None, Span::DUMMY);
        let mut stmts = Vec::new();
        let transfer = pair.as_rule() == Rule::transfer_decl;
        let reward = pair.as_rule() == Rule::reward_decl;
        let spend = transfer || reward || pair.as_rule() == Rule::spend_decl;
        let context = match (spend, transfer) {
            (_, true) => Context::Transfer,
            (true, false) => Context::Spend,
            (false, false) => Context::Item,
        };
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::kw_d_item | Rule::kw_d_spend | Rule::kw_d_reward | Rule::kw_d_transfer => {
                    word = span
                }
                Rule::name => name = Some(self.name(&p)),
                Rule::article => article = self.article(&p),
                Rule::item_subject => {
                    subject = p
                        .into_inner()
                        .find(|n| n.as_rule() == Rule::name)
                        .map(|n| self.name(&n))
                }
                Rule::stmt => {
                    let s = self.stmt(p);
                    self.belongs_in_campaign(&s);
                    stmts.push(s);
                }
                Rule::broken_stmt => stmts.push(self.broken_stmt(&p, context)),
                Rule::later_stmt => {
                    self.not_supported(&p);
                    stmts.push(Stmt {
                        kind: StmtKind::Broken,
                        span,
                    });
                }
                other => self.around(other, &p),
            }
        }
        let kw = match (spend, transfer) {
            (_, true) => Rule::kw_d_transfer,
            (true, false) if reward => Rule::kw_d_reward,
            (true, false) => Rule::kw_d_spend,
            (false, false) => Rule::kw_d_item,
        };
        ItemDecl {
            name: self.decl_name(name, word, kw),
            article,
            subject,
            stmts,
            spend,
            reward,
            transfer,
            allot: false,
        }
    }
}
