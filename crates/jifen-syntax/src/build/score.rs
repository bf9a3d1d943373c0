//! Scores: parts with their weights, sections, what holds for the whole.

use super::{Builder, P};
use crate::ast::{
    Expr, ExprKind, MissingWord, PartOf, PartValue, ScoreDecl, ScorePart, Share, Span, StmtKind,
    Veto, VetoThen,
};
use crate::grammar::Rule;
use jifen_diag::{Diagnostic, codes, text};

impl Builder<'_> {
    pub(super) fn score(&mut self, pair: P<'_>) -> ScoreDecl {
        let (mut name, mut word) = (None, Span::DUMMY);
        let mut out = ScoreDecl {
            name: crate::ast::Name {
                text: String::new(),
                span: word,
            },
            subject: None,
            every: None,
            parts: Vec::new(),
            total: None,
            precision: None,
            missing: None,
            weights: None,
            vetoes: Vec::new(),
            broken: false,
        };
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::kw_d_score => word = span,
                Rule::name => name = Some(self.name(&p)),
                Rule::item_subject => {
                    let inner = p.into_inner().find(|n| n.as_rule() == Rule::name);
                    out.subject = inner.map(|n| self.name(&n));
                }
                Rule::score_line => self.score_line(p, &mut out),
                Rule::broken_score => {
                    out.broken = true;
                    self.broken_score(&p);
                }
                Rule::later_stmt => {
                    out.broken = true;
                    self.not_supported(&p);
                }
                other => self.around(other, &p),
            }
        }
        out.name = self.decl_name(name, word, Rule::kw_d_score);
        out
    }

    fn score_line(&mut self, pair: P<'_>, out: &mut ScoreDecl) {
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::sc_part => {
                    let part = self.score_part(p, out);
                    out.parts.extend(part);
                }
                Rule::sc_total => {
                    let bounds = p.into_inner().filter(|b| b.as_rule() == Rule::arith);
                    let bounds: Vec<Expr> = bounds.map(|b| self.expr(b)).collect();
                    if let Ok([low, high]) = <[Expr; 2]>::try_from(bounds) {
                        self.once(&mut out.total, (low, high), span);
                    }
                }
                Rule::sc_weights => {
                    let scaled = p
                        .into_inner()
                        .any(|w| w.as_rule() == Rule::kw_sc_renormalised);
                    self.once(&mut out.weights, (scaled, span), span);
                }
                Rule::sc_missing => {
                    let renormalised = p
                        .into_inner()
                        .any(|w| w.as_rule() == Rule::kw_sc_renormalised);
                    let said = match renormalised {
                        true => MissingWord::Renormalised,
                        false => MissingWord::Void,
                    };
                    self.once(&mut out.missing, (said, span), span);
                }
                Rule::sc_veto => out.vetoes.extend(self.veto(p)),
                Rule::precision_stmt => {
                    let written = self.precision(p);
                    self.once(&mut out.precision, written, span);
                }
                Rule::every_stmt => {
                    if let StmtKind::Every { period, at_start } = self.stmt(p).kind {
                        if at_start {
                            self.score_at_start(span);
                        }
                        self.once(&mut out.every, (period, span), span);
                    }
                }
                _ => {}
            }
        }
    }

    fn score_part(&mut self, pair: P<'_>, out: &mut ScoreDecl) -> Option<ScorePart> {
        let span = self.span(&pair);
        let (mut share, mut name, mut value) = (None, None, None);
        let (mut least, mut valid, mut section) = (None, None, Vec::new());
        for p in pair.into_inner() {
            let at = self.span(&p);
            match p.as_rule() {
                Rule::quantity => {
                    if let ExprKind::Number(q) = self.expr(p).kind {
                        share = Some(Share::Weight(q, at));
                    }
                }
                Rule::sc_varies => {
                    let weight = p.into_inner().next().map(|e| self.expr(e));
                    share = weight.map(Share::Varying);
                }
                Rule::kw_sc_bonus => share = Some(Share::Bonus),
                Rule::kw_sc_malus => share = Some(Share::Penalty),
                Rule::name => name = Some(self.name(&p)),
                Rule::value => value = Some(self.expr(p)),
                Rule::me_least => self.least(p, at, &mut least),
                Rule::me_valid => self.valid(p, at, &mut valid),
                Rule::score_line => {
                    // What holds for the whole stands outside of sections.
                    let mut inner = ScoreDecl {
                        parts: Vec::new(),
                        ..out.clone()
                    };
                    self.score_line(p, &mut inner);
                    section.append(&mut inner.parts);
                    *out = ScoreDecl {
                        parts: std::mem::take(&mut out.parts),
                        ..inner
                    };
                }
                Rule::broken_score => {
                    out.broken = true;
                    self.broken_score(&p);
                }
                other => self.around(other, &p),
            }
        }
        let of = match value {
            Some(value) => PartOf::Value(Box::new(PartValue {
                value,
                least,
                valid,
            })),
            None => PartOf::Section(section),
        };
        Some(ScorePart {
            share: share?,
            name: name?,
            of,
            span,
        })
    }

    fn veto(&mut self, pair: P<'_>) -> Option<Veto> {
        let (mut when, mut then) = (None, VetoThen::NoScore);
        for p in pair.into_inner() {
            match p.as_rule() {
                Rule::when => {
                    let cond = p.into_inner().find(|e| e.as_rule() == Rule::expr);
                    when = cond.map(|e| self.expr(e));
                }
                Rule::quantity => then = VetoThen::Counts(self.expr(p)),
                Rule::name => then = VetoThen::Level(self.name(&p)),
                _ => {}
            }
        }
        Some(Veto { when: when?, then })
    }

    fn score_at_start(&mut self, span: Span) {
        self.push(Diagnostic::new(
            codes::INCOMPLETE,
            span,
            text!(
                zh = "考评到期末才算得出来，周期不写“期初”",
                en = "a score is known when its period is over; drop “at start”"
            ),
        ));
    }

    /// What is none of the lines of a score.
    fn broken_score(&mut self, pair: &P<'_>) {
        let span = self.span(pair);
        let span = self.first_line(pair, span);
        let word = crate::broken::first_word(pair.as_str());
        let said = crate::keywords::find("score", word).map(|k| k.concept);
        let message = match said {
            Some("sc_weight") => text!(
                zh = "“权重”后面写百分数、名称和等于什么：权重 40% 居民评价 = …；因对象而不同的写 权重 按 类型 {{ 城区: 40%   乡村: 20% }} 居民评价 = …",
                en = "“weight” takes a percentage, a name and what it is: weight 40% residents = …; one that varies is weight by kind {{ town: 40%   country: 20% }} residents = …"
            ),
            Some("sc_bonus" | "sc_malus") => text!(
                zh = "“{word}”后面写名称和等于什么：{word} 治理创新 = …",
                en = "“{word}” takes a name and what it is: bonus innovation = …"
            ),
            Some("sc_total") => text!(
                zh = "“总分”后面写最低和最高：总分 0 至 100",
                en = "“total” takes the lowest and the highest: total 0 to 100"
            ),
            _ if pair.as_str().starts_with("missing part") || said == Some("sc_missing") => text!(
                zh = "“缺项”后面写 作废（缺一项就没有分）或 归一（其余各项的权重放大到 100%）",
                en = "“missing part” takes void (no score where a part is missing) or renormalised (the other weights are scaled to 100 %)"
            ),
            _ if crate::keywords::find("statement", word).is_some_and(|k| k.concept == "every") => {
                text!(
                    zh = "“周期”后面写多久一次：周期 每月、周期 每季度、周期 每年",
                    en = "“every” takes a period: every month, every quarter, every year"
                )
            }
            Some("sc_veto") => text!(
                zh = "“一票否决”后面写条件和结果：一票否决 当 … 计 0、一票否决 当 … 无分，或 一票否决 当 … 等级 不合格",
                en = "“veto” takes a condition and what follows: veto when … counts as 0, veto when … no score, or veto when … grade failed"
            ),
            _ if crate::keywords::find("period", word).is_some() => text!(
                zh = "多久评一次写：周期 {word}",
                en = "how often it is made is said by: every month"
            ),
            _ if limits(word) => text!(
                zh = "最多多少写在前面，把式子括起来：最多 100 {{ 服务时长 ÷ 20小时 × 100 }}、最多 4次 {{ 计数(参会) }}；至少 同样",
                en = "a limit stands before what it limits, in braces: at most 100 {{ hours / 20 hours * 100 }}, at most 4 times {{ count(meeting) }}; at least in the same way"
            ),
            _ => text!(
                zh = "考评里读不懂“{word}”；可以写：周期、权重、加分、扣分、总分、精度、缺项、一票否决",
                en = "“{word}” is no line of a score; there are: every, weight, bonus, penalty, total, precision, missing part, veto"
            ),
        };
        self.push(Diagnostic::new(codes::INCOMPLETE, span, message));
    }
}

/// Words that people put behind a value to limit it.
fn limits(word: &str) -> bool {
    [
        "最多",
        "至多",
        "封顶",
        "不超过",
        "最高",
        "最少",
        "最低",
        "保底",
        "上限",
        "下限",
        "capped",
        "at",
        "cap",
        "limited",
        "not",
        "min",
        "max",
        "up",
    ]
    .contains(&word)
}
