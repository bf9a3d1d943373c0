//! 分配: a sum, whom it is split among, by what weight, to which step, and what becomes of the remainder (S33a, decision 019).

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Allot, CurrencyIx, Expr as Node, ExprId, Hold, Trigger};
use jifen_quantity::{Decimal, Dim, Remainder, is_multiple};
use jifen_syntax::ast::{AllotPart, CapStmt, Expr, HeaderKind, Name, RoundWord, Stmt, StmtKind};

use super::Draft;
use super::campaigns::reaches;
use crate::constant;
use crate::expr::{Checker, Reads, Scope};
use crate::resolve::{ItemSrc, ROUNDINGS, Sym};

/// 余数 as written: 最大余额 or not, how each is rounded, where.
type Rest = (bool, Option<(RoundWord, Span)>, Span);

/// What the statements of an allotment say.
#[derive(Default)]
struct Said<'s> {
    total: Option<(&'s Expr, Span)>,
    /// `None` inside: 均分.
    weight: Option<(Option<&'s Expr>, Span)>,
    step: Option<(&'s Expr, Span)>,
    remainder: Option<Rest>,
    group: Option<(&'s Name, &'s Name, Span)>,
    every: bool,
    /// A statement was not understood, or stands twice: reported.
    broken: bool,
}

impl Checker<'_> {
    pub(super) fn allotment(&mut self, vi: usize, src: &ItemSrc<'_>) -> Option<Draft> {
        let said = self.allot_said(src);
        if let Some((roster, group, span)) = said.group {
            self.among_group(src, roster, group, span);
            return None;
        }
        if said.broken || !self.allot_complete(src, &said) {
            return None;
        }
        let (trigger, cx) = self.trigger(vi, src)?;
        let (total, yuan) = self.allot_total(cx, said.total?.0)?;
        let reads = match yuan {
            true => Reads::Balance,
            false => Reads::Nothing,
        };
        let cx = Scope { reads, ..cx };
        let requires = self.conditions(cx, src);
        let prorated = requires.iter().find(|r| r.0.hold == Some(Hold::Prorated));
        if let Some((_, span)) = prorated {
            self.allot_prorated(*span);
            return None;
        }
        let written = |s: &&Stmt| matches!(s.kind, StmtKind::Requires { .. });
        let conditions = src.decl.stmts.iter().filter(written).count();
        let weight = match said.weight?.0 {
            Some(e) => Some(self.allot_weight(cx, e)?),
            None => None,
        };
        let credit = match yuan {
            true => self.no_credit(src)?,
            false => self.allot_credit(cx, src)?,
        };
        let step = self.allot_step(vi, said.step?.0, yuan, &credit)?;
        let remainder = self.allot_remainder(said.remainder?, step, yuan)?;
        let whole = remainder != Remainder::Largest || self.whole_steps(total, said.total?.0, step);
        let free = yuan || self.uncapped(vi, src);
        if requires.len() < conditions || !whole || !free {
            return None;
        }
        let allot = Allot {
            total,
            yuan,
            weight,
            step,
            remainder,
        };
        Some(draft(vi, src, (trigger, requires), credit, allot))
    }

    fn allot_said<'s>(&mut self, src: &ItemSrc<'s>) -> Said<'s> {
        let mut said = Said::default();
        for s in &src.decl.stmts {
            let part = match &s.kind {
                StmtKind::Allot(part) => part,
                StmtKind::Every { .. } => {
                    said.every = true;
                    continue;
                }
                StmtKind::Broken => {
                    said.broken = true;
                    continue;
                }
                _ => continue,
            };
            let first = match part {
                AllotPart::Total(e) => said.total.replace((e, s.span)).map(|p| p.1),
                AllotPart::By(e) => said.weight.replace((Some(e), s.span)).map(|p| p.1),
                AllotPart::Equally => said.weight.replace((None, s.span)).map(|p| p.1),
                AllotPart::Step(e) => said.step.replace((e, s.span)).map(|p| p.1),
                AllotPart::Remainder { largest, mode } => {
                    let new = (*largest, *mode, s.span);
                    said.remainder.replace(new).map(|p| p.2)
                }
                AllotPart::AmongGroup(r, g) => {
                    said.group = Some((r, g, s.span));
                    None
                }
            };
            if let Some(first) = first {
                said.broken = true;
                self.twice(s.span, first);
            }
        }
        said
    }

    /// Everything has to be said: nothing of an allotment has a default.
    fn allot_complete(&mut self, src: &ItemSrc<'_>, said: &Said<'_>) -> bool {
        if self.sink.lost_in(src.span) {
            return false;
        }
        let parts = [
            (said.every, ("每年", "per year")),
            (said.total.is_some(), ("总额 10000元", "total 10000 yuan")),
            (src.decl.subject.is_some(), ("在 居民", "among resident")),
            (said.weight.is_some(), ("按 … 或 均分", "by … or equally")),
            (said.step.is_some(), ("到 0.01元", "to 0.01 yuan")),
            (
                said.remainder.is_some(),
                (
                    "余数 最大余额 或 余数 各自舍入 …",
                    "remainder largest first or remainder rounded separately …",
                ),
            ),
        ];
        let open: Vec<(&str, &str)> = parts.iter().filter(|p| !p.0).map(|p| p.1).collect();
        if open.is_empty() {
            return true;
        }
        let zh: Vec<&str> = open.iter().map(|o| o.0).collect();
        let en: Vec<&str> = open.iter().map(|o| o.1).collect();
        let (zh, en) = (zh.join("；"), en.join("; "));
        let d = Diagnostic::new(
            codes::ALLOT_INCOMPLETE,
            src.decl.name.span,
            text!(
                zh = "分配“{0}”还有没写明的：{zh}",
                en = "the allotment “{0}” leaves open: {en}",
                src.decl.name.text
            ),
        );
        let d = match said.remainder {
            Some(_) => d,
            None => d.help(text!(
                zh = "分不尽的怎么办有两种。100元 三人均分到 0.01元：最大余额是 33.34元、33.33元、33.33元，正好 100元；各自舍入 四舍五入是 每人 33.33元，少 0.01元",
                en = "what does not divide can go two ways. 100 yuan among three, to 0.01 yuan: largest first gives 33.34, 33.33 and 33.33 yuan, 100 in all; rounded separately half up gives 33.33 yuan each, 0.01 short"
            )),
        };
        self.sink.push(d);
        false
    }

    fn among_group(&mut self, src: &ItemSrc<'_>, roster: &Name, group: &Name, span: Span) {
        self.sink.push(Diagnostic::new(
            codes::ALLOT_AMONG,
            span,
            text!(
                zh = "“{0}”要分给名册里的人，“{1}.{2}”是一个组，没有自己的账户；按户分，另立一个名册“{2}”，写“在 {2}”",
                en = "“{0}” is split among rows of a roster, and “{1}.{2}” is a group, which has no account; to split among households make a roster “{2}” and write “among {2}”",
                src.decl.name.text,
                roster.text,
                group.text
            ),
        ));
    }

    /// The sum, and whether it is in yuan.
    fn allot_total(&mut self, cx: Scope, e: &Expr) -> Option<(ExprId, bool)> {
        let (v, dim, _) = self.numeric(cx, e)?;
        let own = |n: &Node| {
            matches!(
                n,
                Node::Attr(..)
                    | Node::Aggregate(_)
                    | Node::Field(_)
                    | Node::Balance(_)
                    | Node::Awarded(_)
            )
        };
        let negative = self.values_of(v.id).iter().any(|n| n.is_negative());
        let text = if dim != Dim::MONEY && dim != Dim::POINTS {
            let is = crate::units::dim_text(dim);
            jifen_diag::Text::new(
                format!(
                    "“总额”是多少元或多少分，这里是{}；例如 总额 10000元，总额 200分",
                    is.zh
                ),
                format!(
                    "the total is so many yuan or points, and this is {}; e.g. total 10000 yuan, total 200 points",
                    is.en
                ),
            )
        } else if self.reads(v.id, &own) {
            text!(
                zh = "“总额”是大家一起分的一笔，不能因人而异：只写数和参数，例如 总额 公益金总额",
                en = "the total is one sum for all and cannot differ from one to another: it holds numbers and parameters only, e.g. total fund_total"
            )
        } else if negative {
            text!(zh = "“总额”不能小于 0", en = "the total cannot be below 0")
        } else {
            return Some((v.id, dim == Dim::MONEY));
        };
        self.sink
            .push(Diagnostic::new(codes::ALLOT_TOTAL, e.span, text));
        None
    }

    /// The values of a number that the text fixes; of a parameter, all that it takes.
    fn values_of(&self, id: ExprId) -> Vec<Decimal> {
        if let Node::Param(p) = self.exprs.get(id) {
            let values = |p: &jifen_plan::Param| {
                let later = p.steps.iter().map(|s| s.1);
                later.chain([p.first]).collect()
            };
            return self.w.params.get(p.ix()).map_or(Vec::new(), values);
        }
        self.constant(id).into_iter().collect()
    }

    fn allot_weight(&mut self, cx: Scope, e: &Expr) -> Option<ExprId> {
        let (v, _, _) = self.numeric(cx, e)?;
        let Some(n) = self.constant(v.id) else {
            return Some(v.id);
        };
        let said = match n.is_positive() {
            true => text!(
                zh = "“按”后面的数人人一样，就是均分；写“均分”",
                en = "the same number for everybody is an equal split: write “equally”"
            ),
            false => text!(
                zh = "“按”后面写每个对象占几份，要大于 0；{n} 分不出去",
                en = "what stands after “by” is the weight of each, above 0; nothing can be split by {n}"
            ),
        };
        self.sink
            .push(Diagnostic::new(codes::ALLOT_WEIGHT, e.span, said));
        None
    }

    fn no_credit(&mut self, src: &ItemSrc<'_>) -> Option<Vec<CurrencyIx>> {
        for s in &src.decl.stmts {
            if let StmtKind::Credit(_) = s.kind {
                self.sink.push(
                    Diagnostic::new(
                        codes::ALLOT_CREDIT,
                        s.span,
                        text!(
                            zh = "分的是元，不是分，不计入任何积分；钱另列一表",
                            en = "yuan are split here, not points, and they are credited to no points: money is a table of its own"
                        ),
                    )
                    .fix(s.span, "", text!(zh = "删去这一句", en = "drop it")),
                );
                return None;
            }
        }
        Some(Vec::new())
    }

    fn allot_credit(&mut self, cx: Scope, src: &ItemSrc<'_>) -> Option<Vec<CurrencyIx>> {
        let points = self.w.versions.get(cx.version)?;
        for s in &src.decl.stmts {
            let StmtKind::Credit(c) = &s.kind else {
                continue;
            };
            let other = |n: &Name| match points.names.get(&n.text) {
                Some((Sym::Currency(_), _)) => false,
                Some(_) => true,
                None => self.has_value(cx, &n.text),
            };
            if c.points.is_some() || c.member.is_some() || c.names.iter().any(other) {
                self.sink.push(Diagnostic::new(
                    codes::ALLOT_CREDIT,
                    s.span,
                    text!(
                        zh = "分到的分计入各人自己的账户，“计入”后面只写积分的名字；要分给别的账户，“在”后面写那个名册",
                        en = "a share is credited to the account of its own subject, and “credited to” names points only; to split among other accounts name their roster after “among”"
                    ),
                ));
                return None;
            }
        }
        self.credit(cx, src)
    }

    fn allot_step(
        &mut self,
        vi: usize,
        e: &Expr,
        yuan: bool,
        credit: &[CurrencyIx],
    ) -> Option<Decimal> {
        let dim = if yuan { Dim::MONEY } else { Dim::POINTS };
        let step = constant::number_of(e, dim, &mut self.sink)?;
        if !step.is_positive() {
            self.sink.push(Diagnostic::new(
                codes::ALLOT_STEP,
                e.span,
                text!(
                    zh = "“到”后面写最小的一份，要大于 0，例如 到 0.01元（到分），到 1元，到 0.5分",
                    en = "the step is the smallest share, above 0, e.g. to 0.01 yuan, to 1 yuan, to 0.5 points"
                ),
            ));
            return None;
        }
        let v = self.w.versions.get(vi)?;
        let finer = |c: &&CurrencyIx| {
            v.precision
                .get(c)
                .is_some_and(|p| !is_multiple(step, p.step))
        };
        let Some(c) = credit.iter().find(finer) else {
            return Some(step);
        };
        let name = self
            .w
            .currencies
            .get(c.ix())
            .map_or("", |c| c.name.as_str());
        let to = v.precision.get(c).map_or(Decimal::ONE, |p| p.step);
        self.sink.push(Diagnostic::new(
            codes::ALLOT_STEP,
            e.span,
            text!(
                zh = "“{name}”记到 {to}分，分配到 {step}分 记不进去；写 {to}分 或它的整数倍",
                en = "“{name}” is kept to {to} points, and shares to {step} points do not fit in; write {to} points or a multiple of it"
            ),
        ));
        None
    }

    fn allot_remainder(
        &mut self,
        (largest, mode, span): Rest,
        step: Decimal,
        yuan: bool,
    ) -> Option<Remainder> {
        match (largest, mode) {
            (true, None) => Some(Remainder::Largest),
            (false, Some((mode, _))) => Some(Remainder::Each(crate::resolve::rounding(mode))),
            (true, Some((_, at))) => {
                self.sink.push(
                    Diagnostic::new(
                        codes::ALLOT_REMAINDER,
                        at,
                        text!(
                            zh = "最大余额不另外取整：先都舍去，剩下的给余数最大的",
                            en = "largest first rounds no further: all go down, and what is left goes to the largest remainders"
                        ),
                    )
                    .fix(at, "", text!(zh = "删去它", en = "drop it")),
                );
                None
            }
            (false, None) => {
                self.rounding_open(span, step, yuan);
                None
            }
        }
    }

    /// 各自舍入 without a word: three shares of 10 steps.
    fn rounding_open(&mut self, span: Span, step: Decimal, yuan: bool) {
        let (zh, en) = if yuan {
            ("元", " yuan")
        } else {
            ("分", " points")
        };
        let times = |n: i64, d: u8| {
            let n = Decimal::new(i128::from(n), d).unwrap_or_default();
            step.mul(n).unwrap_or_default()
        };
        // 10 ÷ 4 = 2.5 steps each.
        let (ten, half, two, three) = (times(10, 0), times(25, 1), times(2, 0), times(3, 0));
        let (eight, twelve) = (times(8, 0), times(12, 0));
        let d = Diagnostic::new(
            codes::ALLOT_REMAINDER,
            span,
            text!(
                zh = "各自舍入要写怎么舍入。{ten}{zh} 四人均分，每人 {half}{zh}：四舍五入、进一是 {three}{zh}，一共 {twelve}{zh}；舍去、四舍六入五成双是 {two}{zh}，一共 {eight}{zh}。要正好分完，写 余数 最大余额",
                en = "say how each is rounded. {ten}{en} among four are {half}{en} each: half up and round up give {three}{en}, {twelve}{en} in all; round down and half even give {two}{en}, {eight}{en} in all. To give out the sum exactly write remainder largest first"
            ),
        );
        let d = self.sink.each(d, (span.at_end(), " ", ""), &ROUNDINGS);
        self.sink.push(d);
    }

    /// By largest remainder a sum has to be a whole number of steps.
    fn whole_steps(&mut self, total: ExprId, e: &Expr, step: Decimal) -> bool {
        let values = self.values_of(total);
        let Some(odd) = values.iter().find(|n| !is_multiple(**n, step)) else {
            return true;
        };
        self.sink.push(Diagnostic::new(
            codes::ALLOT_STEP,
            e.span,
            text!(
                zh = "总额 {odd} 不是 {step} 的整数倍，按最大余额分不完；改总额，或把“到”写小一些",
                en = "the total {odd} is no multiple of {step}: it cannot be given out exactly. Change the total, or write a smaller step"
            ),
        ));
        false
    }

    fn allot_prorated(&mut self, span: Span) {
        self.sink.push(Diagnostic::new(
            codes::ALLOT_CONDITION,
            span,
            text!(
                zh = "分配的条件只说谁参加，不能按日折算；写 整月在任、月初在任 或 当月曾任",
                en = "the conditions of an allotment say who takes part, and nobody takes part in proportion; write whole month, on first day or any day"
            ),
        ));
    }

    /// The first cap, multiplier or choice of the categories, the policy or a campaign that reaches an item.
    fn acts_on(&self, vi: usize, src: &ItemSrc<'_>) -> Option<Span> {
        let v = self.w.versions.get(vi)?;
        let exempt = |c: &CapStmt| {
            let named = c.exempt.iter().any(|n| src.path.contains(&n.text));
            named && c.exempt_counted.is_some_and(|e| !e.0)
        };
        let acts = |s: &&Stmt| match &s.kind {
            StmtKind::Cap(c) => reaches(&c.applies, src) && !exempt(c),
            StmtKind::Multiply(m) => reaches(&m.applies, src),
            StmtKind::Choose(_) => true,
            _ => false,
        };
        let header = v.policy.iter().flat_map(|p| &p.stmts);
        let mut header = header.filter(|s| match &s.kind {
            HeaderKind::Cap(c) => !exempt(c),
            HeaderKind::Multiply(m) => reaches(&m.applies, src),
            _ => false,
        });
        let chain = src.chain.iter().flat_map(|c| &c.stmts);
        let campaigns = v.campaigns.values().flat_map(|c| &c.decl.stmts);
        let found = chain.chain(campaigns).find(acts).map(|s| s.span);
        found.or_else(|| header.next().map(|s| s.span))
    }

    /// Limits and multipliers above would break up the sum: what they should do to a share is asked.
    fn uncapped(&mut self, vi: usize, src: &ItemSrc<'_>) -> bool {
        let Some(at) = self.acts_on(vi, src) else {
            return true;
        };
        self.sink.push(
            Diagnostic::new(
                codes::ALLOT_CAPPED,
                src.decl.name.span,
                text!(
                    zh = "“{0}”把一笔总额正好分完，而这里的上限、倍率或择一会改动每人的一份，总数就对不上了。把它写到这个类别外面；政策和类别的上限可以写“除外 {0} 不计入”，倍率可以写“适用 …”",
                    en = "“{0}” gives out a sum, and the cap, multiplier or choice here would change each share, so that they no longer add up. Write it outside of the category; a cap may say “except {0} uncounted”, a multiplier “applies to …”",
                    src.decl.name.text
                ),
            )
            .label(at, text!(zh = "它在这里", en = "it stands here")),
        );
        false
    }
}

fn draft(
    vi: usize,
    src: &ItemSrc<'_>,
    (trigger, requires): (Trigger, Vec<(jifen_plan::Require, Span)>),
    credit: Vec<CurrencyIx>,
    allot: Allot,
) -> Draft {
    Draft {
        path: src.path.clone(),
        version: vi,
        trigger,
        joins: Vec::new(),
        requires,
        lines: Vec::new(),
        credit,
        precision: None,
        article: src.decl.article.map(|a| a.0),
        doc: src.doc.clone(),
        span: src.span,
        deducts: false,
        spend: None,
        give: None,
        worth: None,
        passes: Vec::new(),
        allot: Some(allot),
    }
}
