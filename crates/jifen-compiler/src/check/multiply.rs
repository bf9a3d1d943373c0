//! Multipliers: factors, where the outer ones join, how several combine, splitting by the minute (S7, S9, S10).

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Expr as Node, ExprId, Factor, Multiply, Stacking as PlanStacking, TimeMode};
use jifen_quantity::{Decimal, Dim};
use jifen_syntax::ast::{HeaderKind, MultiplyStmt, SplitWord, Stacking, StmtKind};

use super::campaigns::reaches;
use crate::expr::{Checker, Scope};
use crate::resolve::ItemSrc;

/// A factor with what the text says about splitting.
#[derive(Clone)]
pub(super) struct FactorDraft {
    pub(super) factor: Factor,
    pub(super) split: Option<(SplitWord, Span)>,
    pub(super) span: Span,
}

/// Multipliers that stand together.
#[derive(Clone)]
pub(super) struct Group {
    pub(super) factors: Vec<FactorDraft>,
    /// `倍率 活动` stands in it, before so many of the factors.
    pub(super) place: Option<usize>,
    /// Outer factors joined without a place: they begin here.
    pub(super) outer: Option<usize>,
    pub(super) span: Span,
}

impl Checker<'_> {
    /// One 倍率 statement.
    pub(super) fn factor(
        &mut self,
        cx: Scope,
        m: &MultiplyStmt,
        span: Span,
    ) -> Option<FactorDraft> {
        let value = m.value.as_ref()?;
        let v = self.numeric(cx, value);
        let time = m.time.as_ref().map(|t| self.time_test(cx, t));
        let when = m.when.as_ref().map(|e| self.condition(cx, e));
        let (v, dim, _) = v?;
        if !dim.is_pure() {
            let n = value.span;
            self.sink.push(
                Diagnostic::new(
                    codes::FACTOR_HAS_UNIT,
                    n,
                    text!(
                        zh = "倍率是倍数，不带单位，如 2 或 150%；要另外加分，请写“加 20分”",
                        en = "a multiplier is a plain number such as 2 or 150%; to add points write “add 20 points”"
                    ),
                ),
            );
            return None;
        }
        if self.constant(v.id).is_some_and(Decimal::is_negative) {
            self.sink.push(Diagnostic::new(
                codes::NEGATIVE_AMOUNT,
                value.span,
                text!(
                    zh = "倍率不能是负数；要扣分请用“扣”",
                    en = "a multiplier cannot be negative; to take points write “deduct”"
                ),
            ));
            return None;
        }
        let time = match time {
            Some(t) => Some(t?),
            None => None,
        };
        let when = match when {
            Some(w) => Some(w?.id),
            None => None,
        };
        let split = m.time.as_ref().and_then(|t| t.split);
        Some(FactorDraft {
            factor: Factor {
                value: v.id,
                when,
                time,
            },
            split,
            span,
        })
    }

    /// Multipliers of the categories, the policy and campaigns that reach an item.
    pub(super) fn outer_factors(&mut self, cx: Scope, src: &ItemSrc<'_>) -> Vec<FactorDraft> {
        let mut stmts: Vec<(&MultiplyStmt, Span)> = Vec::new();
        for c in src.chain.iter().rev() {
            for s in &c.stmts {
                if let StmtKind::Multiply(m) = &s.kind {
                    stmts.push((m, s.span));
                }
            }
        }
        let policy = self.version(cx).and_then(|v| v.policy);
        for s in policy.iter().flat_map(|p| &p.stmts) {
            if let HeaderKind::Multiply(m) = &s.kind {
                stmts.push((m, s.span));
            }
        }
        let mut out = Vec::new();
        for (m, span) in stmts {
            if reaches(&m.applies, src)
                && let Some(f) = self.factor(cx, m, span)
            {
                out.push(f);
            }
        }
        out.extend(self.campaign_factors(cx, src));
        out
    }

    /// The stacking word that reaches an item; all must agree.
    pub(super) fn stacking(
        &mut self,
        vi: usize,
        src: &ItemSrc<'_>,
    ) -> Result<Option<Stacking>, ()> {
        let mut found: Vec<(Stacking, Span)> = Vec::new();
        let own = src.decl.stmts.iter();
        let outer = src.chain.iter().rev().flat_map(|c| &c.stmts);
        for s in own.chain(outer) {
            if let StmtKind::Stacking(k) = &s.kind {
                found.push((*k, s.span));
            }
        }
        let policy = self.w.versions.get(vi).and_then(|v| v.policy);
        for s in policy.iter().flat_map(|p| &p.stmts) {
            if let HeaderKind::Stacking(k) = &s.kind {
                found.push((*k, s.span));
            }
        }
        found.extend(self.campaign_stacking(vi, src));
        let Some((first, at)) = found.first().copied() else {
            return Ok(None);
        };
        if let Some((_, other)) = found.iter().find(|(k, _)| *k != first) {
            self.sink.push(
                Diagnostic::new(
                    codes::STACKING_CONFLICT,
                    at,
                    text!(
                        zh = "“同时符合”在这里和外层写得不一样，“{0}”不知道听哪一个",
                        en = "the stacking word here and the outer one differ; “{0}” is under both",
                        src.decl.name.text
                    ),
                )
                .label(*other, text!(zh = "另一处", en = "the other one")),
            );
            return Err(());
        }
        Ok(Some(first))
    }

    /// The Multiply line of a group.
    pub(super) fn multiply_line(&mut self, g: &Group, word: Option<Stacking>) -> Multiply {
        let stacking = match word {
            Some(Stacking::Best) => PlanStacking::Best,
            Some(Stacking::Lowest) => PlanStacking::Lowest,
            Some(Stacking::SumOfExtras) => PlanStacking::SumOfExtras,
            Some(Stacking::Product) | None => PlanStacking::Product,
        };
        let each_part = g
            .factors
            .iter()
            .any(|f| matches!(f.split, Some((SplitWord::EachPart, _))));
        Multiply {
            factors: g.factors.iter().map(|f| f.factor.clone()).collect(),
            stacking,
            each_part,
        }
    }

    /// S10: several multipliers that can hold at once.
    pub(super) fn stacking_stated(
        &mut self,
        groups: &[&Group],
        word: Option<Stacking>,
        src: &ItemSrc<'_>,
    ) {
        let all: Vec<(usize, &FactorDraft)> = groups
            .iter()
            .enumerate()
            .flat_map(|(i, g)| g.factors.iter().map(move |f| (i, f)))
            .collect();
        for (i, (ga, a)) in all.iter().enumerate() {
            for (gb, b) in all.iter().skip(i + 1) {
                if self.exclusive(&a.factor, &b.factor) {
                    continue;
                }
                match word {
                    None => {
                        self.unstated(a, b, src);
                        return;
                    }
                    Some(w) if ga != gb && w != Stacking::Product => {
                        self.sink.push(
                            Diagnostic::new(
                                codes::STACKING_CONFLICT,
                                b.span,
                                text!(
                                    zh = "两条倍率之间隔着别的行，只能“相乘”；要取高或相加，请把它们写在一起",
                                    en = "other lines stand between the two multipliers, so they can only multiply; put them side by side for another rule"
                                ),
                            )
                            .label(a.span, text!(zh = "前一条", en = "the first one")),
                        );
                        return;
                    }
                    Some(_) => {}
                }
            }
        }
    }

    fn unstated(&mut self, a: &FactorDraft, b: &FactorDraft, src: &ItemSrc<'_>) {
        let two = Decimal::from_int(2);
        let half = Decimal::new(15, 1).unwrap_or_default();
        let x = self.sample(a.factor.value).unwrap_or(two);
        let y = self.sample(b.factor.value).unwrap_or(half);
        let ten = Decimal::from_int(10);
        let times = |f: Decimal| ten.mul(f).unwrap_or_default();
        let product = times(x.mul(y).unwrap_or_default());
        let best = times(x.max(y));
        let extras = x
            .add(y)
            .and_then(|s| s.sub(Decimal::ONE))
            .unwrap_or_default();
        let sum = times(extras);
        let words = [
            ("同时符合 相乘", "when several product"),
            ("同时符合 取高", "when several best"),
            ("同时符合 取低", "when several lowest"),
            ("同时符合 相加", "when several sum of extras"),
        ];
        let least = times(x.min(y));
        let d = Diagnostic::new(
                codes::STACKING_UNSTATED,
                b.span,
                text!(
                    zh = "“{0}”可能同时符合两个倍率（{x} 和 {y}），怎么算没有写明。得 10分 时：同时符合 相乘 是 {product}分，取高 是 {best}分，取低 是 {least}分，相加 是 {sum}分",
                    en = "two multipliers ({x} and {y}) can reach “{0}” at once, and how they combine is open. For 10 points: product gives {product}, best {best}, lowest {least}, sum of extras {sum} points",
                    src.decl.name.text
                ),
            )
            .label(a.span, text!(zh = "另一个倍率", en = "the other multiplier"));
        let d = self.sink.each(d, (b.span.at_end(), "\n    ", ""), &words);
        self.sink.push(d);
    }

    /// S9: a 时段内 factor on an award that is not proportional to time needs 按比例 or 分段计.
    pub(super) fn split_stated(&mut self, g: &Group, before: &[(ExprId, Option<ExprId>)]) {
        let during: Vec<&FactorDraft> = g
            .factors
            .iter()
            .filter(|f| {
                f.factor
                    .time
                    .as_ref()
                    .is_some_and(|t| t.mode == TimeMode::During)
            })
            .collect();
        let stated: Vec<(SplitWord, Span)> = during.iter().filter_map(|f| f.split).collect();
        if let [first, rest @ ..] = stated.as_slice()
            && let Some(other) = rest.iter().find(|o| o.0 != first.0)
        {
            self.twice(other.1, first.1);
        }
        let Some(f) = during.first() else {
            for f in &g.factors {
                if let Some((_, span)) = f.split {
                    self.sink.push(Diagnostic::new(
                        codes::STATEMENT_MISPLACED,
                        span,
                        text!(
                            zh = "只有“时段内”才拆分时间，“始于时段”“触及时段”后面不写这个词",
                            en = "only “during” splits time; drop this word"
                        ),
                    ));
                }
            }
            return;
        };
        if !stated.is_empty()
            || before
                .iter()
                .all(|(v, w)| self.proportional(*v) && w.is_none_or(|w| !self.reads_time(w)))
        {
            return;
        }
        let (p, e) = (
            self.sink.kw(" 按比例", " in proportion"),
            self.sink.kw(" 分段计", " each part"),
        );
        let at = f.span;
        // 4 hours, of which 3 at night; award 20 points by the table below; factor as written.
        let factor = self.sample(f.factor.value).unwrap_or(Decimal::from_int(2));
        let share = Decimal::ONE
            .add(factor.mul(Decimal::from_int(3)).unwrap_or_default())
            .and_then(|s| s.mul(Decimal::from_int(5)))
            .unwrap_or_default();
        // Each part by itself: 1 hour gives 10, 3 hours give 20.
        let parts = factor
            .mul(Decimal::from_int(20))
            .and_then(|s| s.add(Decimal::from_int(10)))
            .unwrap_or_default();
        self.sink.push(
            Diagnostic::new(
                codes::SPLIT_UNSTATED,
                at,
                text!(
                    zh = "得分不是按时间成正比的，时段内的那部分怎么算没有写明。例如满1小时得10分、满2小时得20分，巡4小时其中3小时在时段内：按比例 是 {share}分（20分按时间分摊），分段计 是 {parts}分（两段各自计算）",
                    en = "the award is not proportional to time, so what the part inside earns is open. E.g. with 10 points from 1 hour and 20 from 2, and 3 of 4 hours inside: in proportion gives {share} points (20 shared out by time), each part {parts} (each computed by itself)"
                ),
            )
            .help(text!(zh = "在时段后面写“{p}”或“{e}”", en = "write “{p}” or “{e}” after the window")),
        );
    }

    /// Reads the span in any way.
    pub(super) fn reads_time(&self, e: ExprId) -> bool {
        self.reads(e, &|n| {
            matches!(
                n,
                Node::SpanSeconds
                    | Node::SpanStart
                    | Node::SpanEnd
                    | Node::Running
                    | Node::DayTotal
                    | Node::InTime(_)
            )
        })
    }

    /// A sum of constant rates times the duration, and nothing else.
    fn proportional(&self, e: ExprId) -> bool {
        match self.exprs.get(e) {
            Node::SpanSeconds => true,
            Node::Mul(a, b) | Node::MulDiv(a, b, _) => {
                (self.proportional(*a) && !self.reads_time(*b))
                    || (self.proportional(*b) && !self.reads_time(*a))
            }
            Node::Div(a, b) => self.proportional(*a) && !self.reads_time(*b),
            Node::Neg(a) => self.proportional(*a),
            Node::Add(a, b) | Node::Sub(a, b) => self.proportional(*a) && self.proportional(*b),
            Node::Select { of, rows, rest } => {
                !self.reads_time(*of)
                    && rows
                        .iter()
                        .map(|r| r.1)
                        .chain(*rest)
                        .all(|v| self.zero_or_proportional(v))
            }
            Node::First { rows, rest } => {
                rows.iter()
                    .all(|(c, v)| !self.reads_time(*c) && self.zero_or_proportional(*v))
                    && self.zero_or_proportional(*rest)
            }
            _ => false,
        }
    }

    fn zero_or_proportional(&self, e: ExprId) -> bool {
        self.constant(e).is_some_and(Decimal::is_zero) || self.proportional(e)
    }

    /// S7: an outer multiplier reaches an item that has 加, 扣 or 上限 but no 倍率.
    pub(super) fn place_unstated(
        &mut self,
        src: &ItemSrc<'_>,
        outer: &FactorDraft,
        base: Option<ExprId>,
        deducts: bool,
    ) {
        let word = self.sink.kw("\n    倍率 活动", "\n    multiply campaigns");
        let award = src
            .decl
            .stmts
            .iter()
            .find(|s| matches!(s.kind, StmtKind::Award { .. } | StmtKind::Deduct { .. }))
            .map_or(src.decl.name.span, |s| s.span);
        let f = self
            .sample(outer.factor.value)
            .unwrap_or(Decimal::from_int(2));
        let ten = Decimal::from_int(10);
        let base = base.and_then(|b| self.sample(b)).unwrap_or(ten);
        let calc = |a: Decimal, b: Decimal| a.mul(b).unwrap_or_default();
        let early = calc(base, f).add(ten).unwrap_or_default();
        let late = calc(base.add(ten).unwrap_or_default(), f);
        let message = if deducts {
            let full = calc(base, f);
            text!(
                zh = "外层的倍率 {f} 也管到扣分项目“{0}”，扣的分乘不乘没有写明：不乘扣 {base}分，乘了扣 {full}分。要乘就写“倍率 活动”，不乘就在那条倍率后写“适用 …”",
                en = "an outer multiplier {f} reaches the deduction “{0}”: whether it multiplies is open ({base} or {full} points). Write “multiply campaigns” here, or restrict the multiplier with “applies to …”",
                src.decl.name.text
            )
        } else {
            text!(
                zh = "外层的倍率 {f} 乘在“{0}”的哪一步没有写明。例如得 {base}分、再加 10分：先乘后加是 {early}分，先加后乘是 {late}分。在要乘的地方写“倍率 活动”",
                en = "where the outer multiplier {f} joins “{0}” is open. E.g. {base} points and 10 added: {early} if it multiplies first, {late} if last. Write “multiply campaigns” where it belongs",
                src.decl.name.text
            )
        };
        self.sink.push(
            Diagnostic::new(codes::MULTIPLIER_PLACE, src.decl.name.span, message)
                .label(outer.span, text!(zh = "这条倍率", en = "this multiplier"))
                .fix(
                    award.at_end(),
                    word,
                    text!(zh = "乘在“得”之后", en = "join after the award"),
                ),
        );
    }

    /// A value is never below 0 in the data.
    pub(super) fn never_negative(&self, cx: Scope, e: ExprId) -> bool {
        self.exprs.ty(e) == jifen_plan::Ty::Num(Dim::POINTS)
            && self.known_min(cx, e).is_some_and(|m| !m.is_negative())
    }
}
