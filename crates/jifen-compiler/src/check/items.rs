//! One item: its statements in written order, with the lines that its categories and the policy add.

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{ExprId, Line, Trigger};
use jifen_quantity::Decimal;
use jifen_syntax::ast::{Expr, HeaderKind, SplitWord, Stmt, StmtKind};

use super::multiply::{FactorDraft, Group};
use super::order::Award;
use super::{Clauses, Draft};
use crate::expr::{Checker, Reads, Scope};
use crate::resolve::ItemSrc;

/// A line that is finished, or multipliers that still wait for outer ones.
pub(super) enum Piece {
    Line(Line, Span),
    Group(Group),
}

/// What the lines so far have shown.
#[derive(Default)]
pub(super) struct Seen {
    /// Values of 得, 加, 扣 with their conditions.
    amounts: Vec<(ExprId, Option<ExprId>)>,
    awards: Vec<Award>,
    /// Values of 扣.
    pub(super) deductions: Vec<ExprId>,
    has_award: bool,
    has_add: bool,
    pub(super) has_deduct: bool,
    first_cap: Option<Span>,
    review: Option<Span>,
    pub(super) broken: bool,
    /// There is no amount at all: that alone is said.
    pub(super) gives_nothing: bool,
    /// Something of the lines was not understood: what they do is unknown.
    pub(super) poisoned: bool,
}

impl Checker<'_> {
    pub(super) fn item(
        &mut self,
        vi: usize,
        src: &ItemSrc<'_>,
        clauses: &mut Clauses,
    ) -> Option<Draft> {
        let (trigger, cx) = match self.trigger(vi, src) {
            Some((trigger, cx)) => (Some(trigger), cx),
            None => (None, self.guess(vi, src)),
        };
        self.blind = trigger.is_none() && cx.kind.is_none();
        let before = self.sink.all.len();
        let draft = self.checked(vi, src, trigger, cx, clauses);
        self.joined.clear();
        if std::mem::take(&mut self.blind) {
            self.sink.forget(before);
        }
        draft
    }

    /// What the item is probably about when its record is not known: the record that the name is nearest to.
    fn guess(&mut self, vi: usize, src: &ItemSrc<'_>) -> Scope {
        let mut cx = Scope {
            reads: Reads::of(src),
            ..Scope::of_version(vi)
        };
        let on = src.decl.stmts.iter().find_map(|s| match &s.kind {
            StmtKind::On { record, .. } => Some(record.text.as_str()),
            _ => None,
        });
        let kinds = self.w.kinds.iter().map(|k| k.name.as_str());
        let near = on.and_then(|n| {
            let known = kinds.clone().find(|k| *k == n);
            known.or_else(|| jifen_diag::suggest(n, kinds.clone()))
        });
        let ix = near.and_then(|n| self.w.kinds.iter().position(|k| k.name == n));
        if let Some(ix) = ix {
            cx.kind = u16::try_from(ix).ok().map(jifen_plan::KindIx);
            cx.roster = self.w.kinds.get(ix).map(|k| k.subject);
        } else if self.w.rosters.len() == 1 {
            cx.roster = Some(jifen_plan::RosterIx(0));
        }
        cx
    }

    fn checked(
        &mut self,
        vi: usize,
        src: &ItemSrc<'_>,
        trigger: Option<Trigger>,
        cx: Scope,
        clauses: &mut Clauses,
    ) -> Option<Draft> {
        let mut seen = Seen::default();
        let joins = self.joins(cx, src, &mut seen, clauses);
        let requires = self.conditions(cx, src);
        let errors = self.sink.all.len();
        let mut pieces = self.pieces(cx, src, &mut seen, clauses);
        let spend = match src.decl.spend {
            true => self.spend(src, &mut seen),
            false => {
                self.no_award(src, &seen);
                None
            }
        };
        let credit = self.credit(cx, src);
        let precision = credit
            .as_ref()
            .and_then(|c| self.item_precision(vi, src, c));
        if !self.stays_above(cx, &pieces) {
            self.floor_stated(src, &seen, credit.as_deref());
        }
        let give = self.give(cx, src, credit.as_deref(), &mut seen);
        let worth = self.worth(cx, src, &mut seen);
        let passes = self.passes(cx, src, (credit.as_deref(), precision), &mut seen, clauses);
        if !src.decl.spend {
            self.join_outer(cx, src, &seen, &mut pieces);
        }
        let before: Vec<&Group> = pieces
            .iter()
            .filter_map(|p| match p {
                Piece::Group(g) => Some(g),
                Piece::Line(..) => None,
            })
            .collect();
        let word = self.stacking(vi, src);
        if let Ok(word) = word {
            self.stacking_stated(&before, word, src);
            let open = before.iter().any(|g| !self.order_stated(g, word, src));
            seen.poisoned |= open;
        }
        self.awards_stated(src, &seen.awards);
        self.splits(&pieces);
        self.overlap_stated(cx, &pieces, &seen);
        let word = word.ok().flatten();
        let mut lines: Vec<(Line, Span)> = Vec::new();
        for p in pieces {
            match p {
                Piece::Line(l, s) => lines.push((l, s)),
                Piece::Group(g) if g.factors.is_empty() => {}
                Piece::Group(g) => {
                    for line in self.in_order(g, word) {
                        let m = self.multiply_line(&line, word);
                        lines.push((Line::Multiply(m), line.span));
                    }
                }
            }
        }
        if !src.decl.spend {
            seen.poisoned |= !self.place_choice(cx, src, &mut lines, clauses);
        }
        let deducts = seen.has_deduct && !seen.has_award;
        let plain_deduction = deducts
            && seen.amounts.iter().all(|a| self.never_negative(cx, a.0))
            && lines.iter().all(|(l, _)| self.keeps_sign(cx, l));
        if !src.decl.spend {
            lines.extend(self.outer_caps(cx, src, plain_deduction, clauses));
        }
        if self.sink.all.len() > errors && self.sink.has_errors() || seen.poisoned {
            return None;
        }
        Some(Draft {
            path: src.path.clone(),
            version: vi,
            trigger: trigger?,
            joins,
            requires,
            lines,
            credit: credit?,
            precision,
            article: src.decl.article.map(|a| a.0),
            doc: src.doc.clone(),
            span: src.span,
            deducts,
            spend,
            give,
            worth,
            passes,
            allot: None,
        })
    }

    fn pieces(
        &mut self,
        cx: Scope,
        src: &ItemSrc<'_>,
        seen: &mut Seen,
        clauses: &mut Clauses,
    ) -> Vec<Piece> {
        seen.gives_nothing = !src.decl.stmts.iter().any(|s| {
            matches!(
                s.kind,
                StmtKind::Award { .. }
                    | StmtKind::Add { .. }
                    | StmtKind::Deduct { .. }
                    | StmtKind::Ask { .. }
            )
        });
        let mut out: Vec<Piece> = Vec::new();
        let mut labels = Vec::new();
        for s in &src.decl.stmts {
            if !self.belongs(src, s) {
                seen.poisoned = true;
                continue;
            }
            let cx = Scope {
                running: seen.has_award || seen.has_deduct || seen.broken || self.blind,
                ..cx
            };
            match &s.kind {
                StmtKind::Award { value, when } | StmtKind::Add { value, when } => {
                    seen.has_add |= matches!(s.kind, StmtKind::Add { .. });
                    let amount = self.amount(cx, value, when.as_ref(), seen, false);
                    seen.has_award = true;
                    if let (StmtKind::Award { .. }, Some(amount)) = (&s.kind, amount) {
                        seen.awards.push(Award::new(s.span, value, amount));
                    }
                    if let Some((value, when)) = amount {
                        out.push(Piece::Line(Line::Add { value, when }, s.span));
                    }
                }
                StmtKind::Ask { value, .. } => {
                    let amount = self.amount(cx, value, None, seen, false);
                    seen.has_award = true;
                    if let Some((value, when)) = amount {
                        out.push(Piece::Line(Line::Add { value, when }, s.span));
                    }
                }
                StmtKind::Deduct { value, when } => {
                    let amount = self.amount(cx, value, when.as_ref(), seen, true);
                    seen.has_deduct = true;
                    if let Some((value, when)) = amount {
                        seen.deductions.push(value);
                        out.push(Piece::Line(Line::Deduct { value, when }, s.span));
                    }
                }
                StmtKind::Multiply(m) => {
                    self.after_award(s, seen);
                    let f = match &m.value {
                        None => None,
                        Some(_) => {
                            let f = self.factor(cx, m, s.span);
                            seen.poisoned |= f.is_none();
                            f
                        }
                    };
                    if let Some(n) = m.applies.first() {
                        self.applies_in_item(n.span);
                    }
                    if let Some(Piece::Group(g)) = out.last_mut() {
                        if m.value.is_none() {
                            g.place = g.place.or(Some(g.factors.len()));
                        }
                        g.factors.extend(f);
                    } else {
                        out.push(Piece::Group(Group {
                            factors: f.into_iter().collect(),
                            place: m.value.is_none().then_some(0),
                            outer: None,
                            span: s.span,
                        }));
                    }
                }
                StmtKind::Choose(c) => {
                    self.after_award(s, seen);
                    match self.choose(cx, c, s.span, &src.path, clauses) {
                        Some(c) => out.push(Piece::Line(Line::Choose(c), s.span)),
                        None => seen.poisoned = true,
                    }
                }
                StmtKind::Cap(c) => {
                    self.after_award(s, seen);
                    seen.first_cap = seen.first_cap.or(Some(s.span));
                    match self.item_cap(cx, src, c, s.span, &mut labels, clauses) {
                        Some(cap) => out.push(Piece::Line(Line::Cap(cap), s.span)),
                        None => seen.poisoned = true,
                    }
                }
                StmtKind::Review(r) => {
                    self.after_award(s, seen);
                    self.review_place(s, seen);
                    match self.review(cx, src, r, s.span, clauses) {
                        Some(r) => out.push(Piece::Line(Line::Review(r), s.span)),
                        None => seen.poisoned = true,
                    }
                }
                StmtKind::Broken => {
                    seen.broken = true;
                    seen.poisoned = true;
                }
                StmtKind::On { .. }
                // Looked at before everything else.
                | StmtKind::Join(_)
                | StmtKind::Every { .. }
                | StmtKind::Requires { .. }
                | StmtKind::Stacking(_)
                | StmtKind::Credit(_)
                // Looked at when the points are known.
                | StmtKind::Pass(_)
                // The parser has said where it belongs (JF0112).
                | StmtKind::Runs(_)
                | StmtKind::Precision(_)
                | StmtKind::SpendMode(_)
                // Read by the transfer as a whole.
                | StmtKind::GoesTo(_)
                // Read when the points are known.
                | StmtKind::Worth { .. }
                | StmtKind::TransferWord(_)
                // The parser lets it stand in allotments only.
                | StmtKind::Allot(_) => {}
            }
        }
        if seen.has_award
            && seen.has_deduct
            && let Some(at) = seen.first_cap
        {
            self.sink.push(Diagnostic::new(
                codes::CAP_ON_MIXED_ITEM,
                at,
                text!(
                    zh = "“{0}”又得又扣，这条上限限的是得的分还是扣的分不清楚；请拆成两个项目",
                    en = "“{0}” both awards and deducts: it is open which of them the cap limits; make two items of it",
                    src.decl.name.text
                ),
            ));
        }
        out
    }

    fn applies_in_item(&mut self, at: Span) {
        self.sink.push(Diagnostic::new(
            codes::STATEMENT_MISPLACED,
            at,
            text!(
                zh = "项目里的倍率只管本项目，不写“适用”",
                en = "a multiplier in an item concerns that item alone: drop “applies to”"
            ),
        ));
    }

    /// An amount of points with its condition.
    fn amount(
        &mut self,
        cx: Scope,
        value: &Expr,
        when: Option<&Expr>,
        seen: &mut Seen,
        deduct: bool,
    ) -> Option<(ExprId, Option<ExprId>)> {
        let v = self.points(cx, value);
        let w = when.map(|e| self.condition(cx, e));
        let v = match (v, &w) {
            (Some(v), None | Some(Some(_))) => v,
            _ => {
                seen.poisoned = true;
                return None;
            }
        };
        if let Some(n) = self.constant(v.id)
            && n.is_negative()
        {
            let abs = n.checked_abs().unwrap_or(n);
            let (zh, en) = if !deduct {
                (format!("扣 {abs}分"), format!("deduct {abs} points"))
            } else {
                (format!("得 {abs}分"), format!("award {abs} points"))
            };
            self.sink.push(Diagnostic::new(
                codes::NEGATIVE_AMOUNT,
                value.span,
                text!(
                    zh = "这里写成了负数 {n}分；请写“{zh}”",
                    en = "this amount is negative ({n}); write “{en}”"
                ),
            ));
            seen.poisoned = true;
            return None;
        }
        let when = w.flatten().map(|w| w.id);
        seen.amounts.push((v.id, when));
        Some((v.id, when))
    }

    /// 倍率, 上限 and 复核 before any amount do nothing.
    fn after_award(&mut self, s: &Stmt, seen: &Seen) {
        if seen.has_award || seen.has_deduct || seen.broken || seen.gives_nothing {
            return;
        }
        self.sink.push(Diagnostic::new(
            codes::LINE_BEFORE_AWARD,
            s.span,
            text!(
                zh = "各行按写的先后计算，这一行写在“得”之前，此时还是 0分，不起作用；移到“得”的后面",
                en = "lines run in written order: before the award the value is still 0, and this line does nothing; move it below"
            ),
        ));
    }

    fn review_place(&mut self, s: &Stmt, seen: &mut Seen) {
        if let Some(first) = seen.review {
            self.twice(s.span, first);
        }
        seen.review = Some(s.span);
        if let Some(cap) = seen.first_cap {
            self.sink.push(
                Diagnostic::new(
                    codes::REVIEW_AFTER_CAP,
                    s.span,
                    text!(
                        zh = "复核要写在上限之前：先确认这分给不给，再看占多少额度",
                        en = "the review stands before the caps: first it is settled whether the award is given, then what room it takes"
                    ),
                )
                .label(cap, text!(zh = "上限在这里", en = "the cap is here")),
            );
        }
    }

    fn no_award(&mut self, src: &ItemSrc<'_>, seen: &Seen) {
        let gives = src
            .decl
            .stmts
            .iter()
            .any(|s| matches!(s.kind, StmtKind::Award { .. } | StmtKind::Deduct { .. }));
        if gives || seen.broken || self.sink.lost_in(src.span) {
            return;
        }
        let last = src.decl.stmts.last().map_or(src.decl.name.span, |s| s.span);
        let fix = self.sink.kw("\n    得 5分", "\n    award 5 points");
        self.sink.push(
            Diagnostic::new(
                codes::ITEM_WITHOUT_AWARD,
                src.decl.name.span,
                text!(
                    zh = "项目“{0}”没有写得多少分（得 …）或扣多少分（扣 …）",
                    en = "the item “{0}” neither awards nor deducts points",
                    src.decl.name.text
                ),
            )
            .fix(
                last.at_end(),
                fix,
                text!(zh = "补上“得”", en = "add an award"),
            ),
        );
    }

    /// S7: outer multipliers join the place, or the first 倍率, or follow the last amount.
    fn join_outer(&mut self, cx: Scope, src: &ItemSrc<'_>, seen: &Seen, pieces: &mut Vec<Piece>) {
        let cx = Scope {
            running: true,
            ..cx
        };
        let outer = self.outer_factors(cx, src);
        let Some(first) = outer.first() else {
            return;
        };
        let place = pieces
            .iter()
            .position(|p| matches!(p, Piece::Group(g) if g.place.is_some()))
            .or_else(|| pieces.iter().position(|p| matches!(p, Piece::Group(_))));
        let at = match place {
            Some(at) => at,
            None => {
                let deducts = seen.has_deduct;
                if (seen.has_add || seen.first_cap.is_some() || deducts) && !seen.broken {
                    let base = seen.amounts.first().map(|a| a.0);
                    self.place_unstated(src, first, base, deducts);
                    return;
                }
                let last = pieces
                    .iter()
                    .rposition(|p| matches!(p, Piece::Line(Line::Add { .. }, _)));
                let Some(last) = last else { return };
                let span = first.span;
                pieces.insert(
                    last + 1,
                    Piece::Group(Group {
                        factors: Vec::new(),
                        place: None,
                        outer: None,
                        span,
                    }),
                );
                last + 1
            }
        };
        if let Some(Piece::Group(g)) = pieces.get_mut(at) {
            let at = g.place.unwrap_or(g.factors.len());
            g.outer = g.place.is_none().then_some(at);
            g.factors.splice(at..at, outer);
        }
    }

    /// S9 for each group, with the amounts that stand before it.
    fn splits(&mut self, pieces: &[Piece]) {
        let mut before: Vec<(ExprId, Option<ExprId>)> = Vec::new();
        let mut stop = None;
        for p in pieces {
            match p {
                Piece::Line(Line::Add { value, when } | Line::Deduct { value, when }, _) => {
                    before.push((*value, *when));
                }
                Piece::Group(g) => {
                    self.split_stated(g, &before);
                    self.parts_computable(g, stop);
                }
                Piece::Line(Line::Cap(_) | Line::Review(_), at) => stop = stop.or(Some(*at)),
                Piece::Line(..) => {}
            }
        }
    }

    /// 分段计 computes the lines before it for each part; a cap or a review looks at the whole award.
    fn parts_computable(&mut self, g: &Group, stop: Option<Span>) {
        let each = |f: &FactorDraft| match f.split {
            Some((SplitWord::EachPart, at)) => Some(at),
            _ => None,
        };
        let (Some(at), Some(stop)) = (g.factors.iter().find_map(each), stop) else {
            return;
        };
        self.sink.push(
            Diagnostic::new(
                codes::STATEMENT_MISPLACED,
                at,
                text!(
                    zh = "“分段计”要把前面的各行逐段重算，而上限和复核看的是整笔得分；把这条倍率移到它们前面，或改写“按比例”",
                    en = "“each part” computes the lines before it part by part, but a cap or a review looks at the whole award; move this multiplier above them, or write “in proportion”"
                ),
            )
            .label(stop, text!(zh = "这一行在前面", en = "this line stands before it")),
        );
    }

    /// S4: time is paid, so what overlapping spans do must be stated.
    fn overlap_stated(&mut self, cx: Scope, pieces: &[Piece], seen: &Seen) {
        let Some(kind) = cx.kind.and_then(|k| self.w.kinds.get(k.ix())) else {
            return;
        };
        if kind.span.is_none() {
            return;
        }
        let paid = seen
            .amounts
            .iter()
            .any(|a| self.reads(a.0, &|n| *n == jifen_plan::Expr::SpanSeconds))
            || pieces.iter().any(|p| match p {
                Piece::Group(g) => g.factors.iter().any(|f| {
                    f.factor
                        .time
                        .as_ref()
                        .is_some_and(|t| t.mode == jifen_plan::TimeMode::During)
                }),
                Piece::Line(..) => false,
            });
        if paid {
            self.overlap_word(cx);
        }
    }

    /// The record of `cx` must say what overlapping spans do.
    pub(crate) fn overlap_word(&mut self, cx: Scope) {
        let kind = cx.kind.and_then(|k| self.w.kinds.get(k.ix()));
        let Some((decl, span)) = kind.and_then(|k| {
            let v = self.version(cx)?;
            v.records.get(k.name.as_str()).copied()
        }) else {
            return;
        };
        if decl.overlap.is_some() || self.sink.lost_in(span) {
            return;
        }
        // 21:00–23:00 and 22:00–24:00 at 10 points an hour.
        let rate = Decimal::from_int(10);
        let hours = |n: i64| rate.mul(Decimal::from_int(n)).unwrap_or_default();
        let (once, each, reject) = (hours(3), hours(4), hours(2));
        let words = [
            ("重叠 计一次", "overlap once"),
            ("重叠 各计", "overlap each"),
            ("重叠 拒收", "overlap reject"),
        ];
        let at = decl
            .fields
            .last()
            .map_or(decl.name.span, |f| f.span)
            .at_end();
        let d = Diagnostic::new(
            codes::OVERLAP_UNSTATED,
            decl.name.span,
            text!(
                zh = "“{0}”按时长给分，同一个人的两段时间重叠时怎么算没有写明。21:00–23:00 和 22:00–24:00 各记一次、每小时 {rate}分：重叠 计一次 共 {once}分，各计 共 {each}分，拒收 共 {reject}分",
                en = "“{0}” is paid by its duration, and what two overlapping spans of one person do is open. 21:00–23:00 and 22:00–24:00 at {rate} points an hour: overlap once gives {once}, each {each}, reject {reject} points",
                decl.name.text
            ),
        );
        let d = self.sink.each(d, (at, "  ", ""), &words);
        self.sink.push(d);
    }

    /// Caps of the categories (inner first), of the policy, of campaigns.
    fn outer_caps(
        &mut self,
        cx: Scope,
        src: &ItemSrc<'_>,
        plain_deduction: bool,
        clauses: &mut Clauses,
    ) -> Vec<(Line, Span)> {
        let cx = Scope {
            running: true,
            ..cx
        };
        let mut out = Vec::new();
        for (depth, c) in src.chain.iter().enumerate().rev() {
            let path = src.path.get(..=depth).unwrap_or_default();
            let mut labels = Vec::new();
            for s in &c.stmts {
                if let StmtKind::Cap(cap) = &s.kind {
                    let made = self.outer_cap(cx, src, (cap, s.span), path, &mut labels, clauses);
                    if let Some(cap) = made {
                        out.push((Line::Cap(cap), s.span));
                    }
                }
            }
        }
        let policy = self.version(cx).and_then(|v| v.policy);
        let mut labels = Vec::new();
        for s in policy.iter().flat_map(|p| &p.stmts) {
            if let HeaderKind::Cap(cap) = &s.kind {
                let made = self.outer_cap(cx, src, (cap, s.span), &[], &mut labels, clauses);
                if let Some(cap) = made {
                    out.push((Line::Cap(cap), s.span));
                }
            }
        }
        out.extend(self.campaign_caps(cx, src, clauses));
        if plain_deduction {
            // S16: a penalty stands outside caps unless they count net.
            out.retain(|(l, _)| match l {
                Line::Cap(c) => c
                    .tally
                    .and_then(|t| clauses.tallies.get_index(t.ix()))
                    .is_some_and(|t| t.net),
                _ => true,
            });
        }
        out
    }
}
