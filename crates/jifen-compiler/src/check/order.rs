//! What the order of lines leaves open: a multiplier that looks at 本次得分 among others, and several 得 (decision 016).

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Expr as Node, ExprId, Factor, TimeMode};
use jifen_quantity::Decimal;
use jifen_syntax::ast::{Expr, SplitWord, Stacking};

use super::multiply::{FactorDraft, Group};
use crate::expr::Checker;
use crate::resolve::ItemSrc;

/// A 得 with what it says.
pub(super) struct Award {
    /// The word, with the blank after it.
    pub(super) word: Span,
    pub(super) span: Span,
    pub(super) value: ExprId,
    pub(super) when: Option<ExprId>,
}

impl Award {
    /// `得 10分 当 …` as it is written.
    pub(super) fn new(span: Span, value: &Expr, amount: (ExprId, Option<ExprId>)) -> Award {
        let word = Span {
            end: value.span.start,
            ..span
        };
        Award {
            word,
            span,
            value: amount.0,
            when: amount.1,
        }
    }
}

impl Checker<'_> {
    /// Does an expression look at the value so far?
    pub(super) fn reads_running(&self, e: ExprId) -> bool {
        self.reads(e, &|n| matches!(n, Node::Running | Node::DayTotal))
    }

    fn looks_back(&self, f: &Factor) -> bool {
        self.reads_running(f.value) || f.when.is_some_and(|w| self.reads_running(w))
    }

    /// The multipliers of a group as lines: one that looks at 本次得分 sees what the ones before it have made of it.
    pub(super) fn in_order(&self, g: Group, word: Option<Stacking>) -> Vec<Group> {
        if !matches!(word, None | Some(Stacking::Product)) {
            return vec![g];
        }
        let mut out: Vec<Group> = Vec::new();
        for f in g.factors {
            match out.last_mut() {
                // Also after one that excludes it: its condition, and so what it needs, sees what stands then.
                Some(line) if !self.looks_back(&f.factor) => line.factors.push(f),
                _ => out.push(Group {
                    span: if out.is_empty() { g.span } else { f.span },
                    factors: vec![f],
                    place: None,
                    outer: None,
                }),
            }
        }
        out
    }

    /// Does a multiplier look at a value that one of the others may have changed?
    fn waits(&self, f: &FactorDraft, others: &[FactorDraft]) -> bool {
        self.looks_back(&f.factor) && others.iter().any(|o| !self.one_only(&o.factor, &f.factor))
    }

    /// Of two multipliers of one award at most one takes effect, on any part of it.
    fn one_only(&self, a: &Factor, b: &Factor) -> bool {
        let starts = |f: &Factor| {
            let time = f.time.as_ref();
            time.is_some_and(|t| t.mode == TimeMode::StartingIn)
        };
        (starts(a) && starts(b) && self.windows_apart(a, b))
            || self.conditions_apart(a.when, b.when)
    }

    /// S7, S10: what multipliers that look at 本次得分 leave open.
    pub(super) fn order_stated(
        &mut self,
        g: &Group,
        word: Option<Stacking>,
        src: &ItemSrc<'_>,
    ) -> bool {
        let product = matches!(word, None | Some(Stacking::Product));
        if product && let Some(from) = g.outer {
            let back = g.factors.iter().find(|f| self.looks_back(&f.factor));
            if let (1.., Some(f), Some(outer)) = (from, back, g.factors.get(from)) {
                self.outer_order(g, f, outer, src);
                return false;
            }
        }
        for (i, f) in g.factors.iter().enumerate() {
            let before = g.factors.get(..i).unwrap_or_default();
            if !self.waits(f, before) {
                continue;
            }
            let later = g.factors.get(i..).unwrap_or_default();
            if !product {
                self.sees_which(f, before);
                return false;
            }
            if let Some(other) = crossed(before, later) {
                self.split_order(f, other);
                return false;
            }
        }
        true
    }

    /// 取高 and its like compare multipliers of one value; one that asks for another value does not fit.
    fn sees_which(&mut self, f: &FactorDraft, before: &[FactorDraft]) {
        let Some(first) = before.first() else { return };
        let hundred = Decimal::from_int(100);
        let x = self.sample(first.factor.value);
        let x = x.unwrap_or(Decimal::from_int(2));
        let after = hundred.mul(x).unwrap_or(hundred);
        self.sink.push(
            Diagnostic::new(
                codes::FACTOR_ORDER,
                f.span,
                text!(
                    zh = "这条倍率看“本次得分”，前面另有一条倍率 {x}：得 100分 时，它看到的是 100分 还是乘过的 {after}分，取高、取低、相加都没有说",
                    en = "this multiplier looks at “awarded”, and another one, {x}, stands before it: of 100 points, does it see 100 or {after}? Best, lowest and sum of extras do not say"
                ),
            )
            .label(first.span, text!(zh = "前一条", en = "the one before"))
            .help(text!(
                zh = "要看还没乘的数：把这一条写在最前面。要看乘过的数：写“同时符合 相乘”，各行从上往下算",
                en = "to see the value not yet multiplied, write this one first; to see the multiplied one, write “when several product”: lines run from the top"
            )),
        );
    }

    /// Outer multipliers join where 本次得分 is looked at: before or after makes a difference.
    fn outer_order(&mut self, g: &Group, f: &FactorDraft, outer: &FactorDraft, src: &ItemSrc<'_>) {
        let hundred = Decimal::from_int(100);
        let (f_at, outer_at) = (f.span, outer.span);
        let x = self.sample(outer.factor.value);
        let x = x.unwrap_or(Decimal::from_int(2));
        let after = hundred.mul(x).unwrap_or(hundred);
        let own = g.outer.and_then(|n| g.factors.get(..n)).unwrap_or_default();
        let (Some(first), Some(last)) = (own.first(), own.last()) else {
            return;
        };
        let (ahead, behind) = (
            self.sink.kw("倍率 活动   ", "multiply campaigns  "),
            self.sink.kw("   倍率 活动", "  multiply campaigns"),
        );
        let (first, last) = (first.span.at_start(), last.span.at_end());
        self.sink.push(
            Diagnostic::new(
                codes::MULTIPLIER_PLACE,
                f_at,
                text!(
                    zh = "“{0}”有倍率看“本次得分”，外层的倍率 {x} 乘在它之前还是之后没有写明：得 100分 时，外层先乘是 {after}分，后乘是 100分",
                    en = "a multiplier of “{0}” looks at “awarded”, and whether the outer one, {x}, comes before it is open: of 100 points it leaves {after} if it comes first, 100 if it comes after",
                    src.decl.name.text
                ),
            )
            .label(outer_at, text!(zh = "外层的倍率", en = "the outer multiplier"))
            .fix(first, ahead, text!(zh = "外层先乘", en = "the outer one first"))
            .fix(last, behind, text!(zh = "外层后乘", en = "the outer one last")),
        );
    }

    /// By the minute, multipliers have to stand in one line; looking at the value between them takes two.
    fn split_order(&mut self, f: &FactorDraft, other: Span) {
        self.sink.push(
            Diagnostic::new(
                codes::FACTOR_ORDER,
                f.span,
                text!(
                    zh = "这条倍率要看前面各条乘过的“本次得分”，而它前后的倍率又要按时段一起拆开算，两样不能同时做",
                    en = "this multiplier looks at “awarded” as the ones before it have left it, while multipliers around it split one value by the minute: both cannot be"
                ),
            )
            .label(other, text!(zh = "这条要拆开时间", en = "this one splits time"))
            .help(text!(
                zh = "把这条倍率写在最前面（看还没乘的数），或在它后面不用“时段内”",
                en = "write this multiplier first (it sees the value not yet multiplied), or use no “during” after it"
            )),
        );
    }

    /// 得 says what an item is worth: two that can hold at once leave open whether they add up.
    pub(super) fn awards_stated(&mut self, src: &ItemSrc<'_>, awards: &[Award]) {
        for (i, b) in awards.iter().enumerate() {
            let before = awards.get(..i).unwrap_or_default();
            let both = before
                .iter()
                .find(|a| !self.conditions_apart(a.when, b.when));
            if let Some(a) = both {
                self.awards_open(src, a, b);
                return;
            }
        }
    }

    fn awards_open(&mut self, src: &ItemSrc<'_>, a: &Award, b: &Award) {
        let (ten, twenty) = (Decimal::from_int(10), Decimal::from_int(20));
        let (x, y) = match (self.sample(a.value), self.sample(b.value)) {
            (Some(x), Some(y)) => (x, y),
            _ => (ten, twenty),
        };
        let sum = x.add(y).unwrap_or(x);
        let word = self.sink.kw("加 ", "add ");
        self.sink.push(
            Diagnostic::new(
                codes::SEVERAL_AWARDS,
                b.span,
                text!(
                    zh = "“{0}”的两条“得”可能同时符合，两条都给还是只给一条没有写明。例如前一条 {x}分、后一条 {y}分：后一条改成“加”，共 {sum}分；写成一个“取先”，只给写在前面的那条，{x}分或 {y}分",
                    en = "two awards of “{0}” can hold at once, and whether both are given is open. With {x} points in the first and {y} in the second: “add” in place of the second gives {sum}; one “first” gives the one that stands first, {x} or {y}",
                    src.decl.name.text
                ),
            )
            .label(a.span, text!(zh = "前一条", en = "the first one"))
            .help(text!(
                zh = "只给一条：得 取先 {{ 当 时长 满 2小时: 20分   当 时长 满 1小时: 10分   其余: 0分 }}，或 得 按 时长 分档 {{ … }}",
                en = "to give one alone: award first {{ when hours reaches 2 hours: 20 points  when hours reaches 1 hours: 10 points  rest: 0 points }}, or award by hours bands {{ … }}"
            ))
            .fix(b.word, word, text!(zh = "两条都给", en = "give both")),
        );
    }
}

/// A 时段内 after the look at 本次得分 that would have to be split together with one before it, or that computes the lines
/// before it part by part.
fn crossed(before: &[FactorDraft], later: &[FactorDraft]) -> Option<Span> {
    let during = |f: &&FactorDraft| {
        let time = f.factor.time.as_ref();
        time.is_some_and(|t| t.mode == TimeMode::During)
    };
    let splits = before.iter().any(|f| during(&f));
    let parts = |f: &FactorDraft| matches!(f.split, Some((SplitWord::EachPart, _)));
    let mut later = later.iter().filter(during);
    later.find(|f| splits || parts(f)).map(|f| f.span)
}
