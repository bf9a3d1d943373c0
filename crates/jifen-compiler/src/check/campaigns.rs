//! Campaigns: which items they reach, their multipliers as outer ones, their caps after all others (S7).

use jifen_calendar::Day;
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{DaySet, Expr as Node, ExprId, Line, RuleDate, Ty};
use jifen_syntax::ast::{CampaignDecl, CapStmt, MultiplyStmt, Name, StmtKind, WindowWord};

use super::Clauses;
use super::multiply::FactorDraft;
use crate::expr::{Checker, Scope};
use crate::resolve::ItemSrc;

/// Does a clause with this 适用 reach an item?
pub(super) fn reaches(applies: &[Name], src: &ItemSrc<'_>) -> bool {
    applies.is_empty() || applies.iter().any(|n| src.path.contains(&n.text))
}

impl<'a> Checker<'a> {
    /// The campaigns of a version with their days, by name.
    fn campaigns(&self, vi: usize) -> Vec<(&'a CampaignDecl, &'a DaySet)> {
        let Some(v) = self.w.versions.get(vi) else {
            return Vec::new();
        };
        let all = v.campaigns.values();
        all.filter_map(|c| Some((c.decl, c.days.as_ref()?)))
            .collect()
    }

    /// What can be said of campaigns without an item.
    pub(super) fn campaign_clauses(&mut self, vi: usize) {
        let Some(v) = self.w.versions.get(vi) else {
            return;
        };
        for c in v.campaigns.values() {
            let mut narrow: Vec<&[Name]> = Vec::new();
            for s in &c.decl.stmts {
                match &s.kind {
                    StmtKind::Multiply(m) => {
                        if m.value.is_none() {
                            self.place_in_campaign(s.span);
                        }
                        narrow.push(&m.applies);
                        for n in &m.applies {
                            self.clause_name(vi, n);
                        }
                    }
                    StmtKind::Cap(cap) => {
                        for n in &cap.applies {
                            self.clause_name(vi, n);
                        }
                    }
                    _ => {}
                }
            }
            for s in &c.decl.stmts {
                if let StmtKind::Cap(cap) = &s.kind {
                    self.cap_reach_stated(cap, s.span, &narrow);
                }
            }
            if let Some(days) = &c.days {
                self.never(c.decl, days, (v.from, v.to));
            }
        }
    }

    fn place_in_campaign(&mut self, at: Span) {
        self.sink.push(Diagnostic::new(
            codes::STATEMENT_MISPLACED,
            at,
            text!(
                zh = "“倍率 活动”写在项目里，标出活动期的倍率乘在哪一步；活动期里要写倍数，如：倍率 1.5",
                en = "“multiply campaigns” stands in an item and marks where a campaign's multiplier joins; in the campaign write the factor, such as: multiply 1.5"
            ),
        ));
    }

    /// Multipliers that are restricted, and a cap that says nothing.
    fn cap_reach_stated(&mut self, cap: &CapStmt, span: Span, narrow: &[&[Name]]) {
        let Some(first) = narrow.iter().find(|n| !n.is_empty()) else {
            return;
        };
        if !cap.applies.is_empty() {
            return;
        }
        let names: Vec<&str> = first.iter().map(|n| n.text.as_str()).collect();
        let (zh, en) = jifen_diag::listed(&names);
        let fix = self.sink.lang.pick(
            format!(" 适用 {}", names.join("、")),
            format!(" applies to {}", names.join(", ")),
        );
        self.sink.push(
            Diagnostic::new(
                codes::CAMPAIGN_CAP_REACH,
                span,
                text!(
                    zh = "倍率只适用 {zh}，这条上限管哪些项目没有写明：只管加了倍的，写“适用 …”；活动期里得的分都管，把类别都列上",
                    en = "the multiplier applies to {en} only, and which items this cap limits is open: write “applies to …” for these, or name all categories"
                ),
            )
            .fix(span.at_end(), fix, text!(zh = "只管这些", en = "these only")),
        );
    }

    fn never(&mut self, c: &CampaignDecl, days: &DaySet, (from, to): (Day, Option<Day>)) {
        // With another rule date a version reaches facts of days outside of it.
        if self.w.rule_date != RuleDate::Event {
            return;
        }
        let outside = |(a, b): &(Day, Day)| *b <= from || to.is_some_and(|t| t <= *a);
        if days.runs.iter().all(outside) {
            let at = c.stmts.iter().find_map(|s| match s.kind {
                StmtKind::Runs(_) => Some(s.span),
                _ => None,
            });
            let last = to.map(|t| t.add_days(-1));
            let (zh, en) = match last {
                Some(t) => (format!("{from} 至 {t} 施行"), format!("from {from} to {t}")),
                None => (format!("{from} 起施行"), format!("from {from} on")),
            };
            self.sink.push(Diagnostic::new(
                codes::CAMPAIGN_NEVER,
                at.unwrap_or(c.name.span),
                text!(
                    zh = "这一版 {zh}，活动期“{0}”的日子都在这以外，不起作用",
                    en = "this version is in force {en}; no day of the campaign “{0}” lies in it",
                    c.name.text
                ),
            ));
        }
    }

    /// The event day lies in a campaign.
    fn in_days(&mut self, days: &DaySet) -> ExprId {
        let day = self.exprs.add(Node::EventDay, Ty::Date);
        self.exprs
            .add(Node::InDays(day, Box::new(days.clone())), Ty::YesNo)
    }

    /// A condition that looks at the days of a campaign first.
    pub(super) fn on_days(&mut self, days: &DaySet, when: Option<ExprId>) -> ExprId {
        let inside = self.in_days(days);
        match when {
            Some(w) => self.exprs.add(Node::And(inside, w), Ty::YesNo),
            None => inside,
        }
    }

    /// Multipliers of campaigns that reach an item.
    pub(super) fn campaign_factors(&mut self, cx: Scope, src: &ItemSrc<'_>) -> Vec<FactorDraft> {
        let mut out = Vec::new();
        for (c, days) in self.campaigns(cx.version) {
            let own = c.stmts.iter().filter_map(|s| match &s.kind {
                StmtKind::Multiply(m) => Some((m, s.span)),
                _ => None,
            });
            let own: Vec<(&MultiplyStmt, Span)> = own.collect();
            for (m, span) in own {
                if !reaches(&m.applies, src) {
                    continue;
                }
                self.used.names.insert((cx.version, c.name.text.clone()));
                if let Some(mut f) = self.factor(cx, m, span) {
                    f.factor.when = Some(self.on_days(days, f.factor.when));
                    out.push(f);
                }
            }
        }
        out
    }

    /// 同时符合 of the campaigns whose multipliers reach an item.
    pub(super) fn campaign_stacking(
        &self,
        vi: usize,
        src: &ItemSrc<'_>,
    ) -> Vec<(jifen_syntax::ast::Stacking, Span)> {
        let mut out = Vec::new();
        // A campaign gives more; what a spend takes is none of its business.
        if src.decl.spend {
            return out;
        }
        for (c, _) in self.campaigns(vi) {
            let reached = c.stmts.iter().any(|s| match &s.kind {
                StmtKind::Multiply(m) => reaches(&m.applies, src),
                _ => false,
            });
            for s in c.stmts.iter().filter(|_| reached) {
                if let StmtKind::Stacking(k) = &s.kind {
                    out.push((*k, s.span));
                }
            }
        }
        out
    }

    /// Caps of campaigns, in order of their names: the last lines of an item.
    pub(super) fn campaign_caps(
        &mut self,
        cx: Scope,
        src: &ItemSrc<'_>,
        clauses: &mut Clauses,
    ) -> Vec<(Line, Span)> {
        let mut out = Vec::new();
        for (c, days) in self.campaigns(cx.version) {
            let mut labels = Vec::new();
            let path = [c.name.text.clone()];
            self.campaign = Some(days.clone());
            for s in &c.stmts {
                let StmtKind::Cap(cap) = &s.kind else {
                    continue;
                };
                if !reaches(&cap.applies, src) {
                    continue;
                }
                self.used.names.insert((cx.version, c.name.text.clone()));
                let made = self.outer_cap(cx, src, (cap, s.span), &path, &mut labels, clauses);
                if let Some(cap) = made {
                    out.push((Line::Cap(cap), s.span));
                }
            }
            self.campaign = None;
        }
        out
    }

    /// 每期, 活动期内: a campaign is around, and 活动期内 has one meaning.
    pub(super) fn run_window(&mut self, w: WindowWord, at: Span) -> Option<()> {
        let Some(days) = &self.campaign else {
            let word = self.sink.kw("每月", "per month");
            self.sink.push(
                Diagnostic::new(
                    codes::CAMPAIGN_WINDOW,
                    at,
                    text!(
                        zh = "“每期”“活动期内”只用在活动期自己的上限里",
                        en =
                            "“each run” and “within the campaign” stand in caps of a campaign only"
                    ),
                )
                .help(text!(
                    zh = "这里写每日、{word}……",
                    en = "write per day, {word} …"
                )),
            );
            return None;
        };
        let runs = days.runs.len();
        if w == WindowWord::EachRun || runs < 2 {
            return Some(());
        }
        let word = self.sink.kw("每期", "each run");
        self.sink.push(
            Diagnostic::new(
                codes::CAMPAIGN_WINDOW,
                at,
                text!(
                    zh = "这个活动期有 {runs} 段日子，“活动期内”是每段各限一份，还是各段合在一起限一份，没有写明：写“每期”或“终身”",
                    en = "the campaign has {runs} runs, and whether the limit is for each or for all together is open: write “each run” or “lifetime”"
                ),
            )
            .fix(at, word, text!(zh = "每段各限一份", en = "each run by itself")),
        );
        None
    }
}
