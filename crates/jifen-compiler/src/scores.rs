//! 考评 is a weighted sum of measures (S29, S31): before names are resolved each part is written out as a measure of its
//! own (`季度绩效.居民评价`), each section too, and the score as the measure that adds them.
//!
//! - Weights that vary with the subject do not come to 100 % for everybody: 归一 divides by their sum, 不归一 leaves them as they
//!   are (decision 035). A part whose weight is 0 need not have a value.
//! - A weighted part without a value: 缺项 作废 is no score, 归一 divides by the weights of the parts that have one.
//! - 加分 and 扣分 are added and taken off as they are; where 归一 is said, one without a value counts for nothing.
//! - 总分 clamps; 一票否决 then says what the score is, or that there is none; 精度 rounds. The parts stay as they are.

mod vetoes;
mod weights;

use std::borrow::Cow;

use jifen_diag::{Diagnostic, codes, text};
use jifen_syntax::ast::{
    BinaryOp, CompareOp, Decl, DeclKind, Expr, ExprKind, File, FirstRow, MeasureDecl, MissingWord,
    Name, PartOf, Quantity, ScoreDecl, ScorePart, Share, Span, VetoThen, part_of,
};

use crate::sink::Sink;
use weights::{Params, Weights};

/// The files with every score written out as measures.
pub(crate) fn spelled_out<'f>(files: Cow<'f, [File]>, sink: &mut Sink) -> Cow<'f, [File]> {
    let is_score = |d: &Decl| matches!(d.kind, DeclKind::Score(_));
    if !files.iter().flat_map(|f| &f.decls).any(is_score) {
        return files;
    }
    let mut out = files.into_owned();
    for file in &mut out {
        sink.lang = file.lang;
        let decls = std::mem::take(&mut file.decls);
        let params = weights::params(&decls);
        let mut levels = Vec::new();
        for d in decls {
            let Decl { kind, span, doc } = d;
            match kind {
                DeclKind::Score(score) => {
                    levels.extend(vetoes::levels(&score));
                    for measure in written_out(&score, &params, sink) {
                        file.decls.push(Decl {
                            kind: DeclKind::Measure(measure),
                            span,
                            doc: doc.clone(),
                        });
                    }
                }
                kind => file.decls.push(Decl { kind, span, doc }),
            }
        }
        for level in levels {
            vetoes::given(&level, &mut file.decls, sink);
        }
    }
    Cow::Owned(out)
}

type Four = (Option<Expr>, Option<Expr>, Option<Expr>, Option<Expr>);

/// What all measures of a score have in common.
struct Whole<'s> {
    score: &'s ScoreDecl,
    missing: MissingWord,
    broken: bool,
}

fn written_out(score: &ScoreDecl, params: &Params, sink: &mut Sink) -> Vec<MeasureDecl> {
    let empty = score.parts.is_empty();
    if empty && !score.broken {
        no_parts(score, sink);
    }
    let weighted = weights::checked(&score.name, &score.parts, score, params, sink);
    let missing = match (&score.missing, weighted) {
        (Some((word, _)), _) => Some(*word),
        (None, Some(false)) | (None, None) => Some(MissingWord::Void),
        (None, Some(true)) => missing_unstated(score, sink),
    };
    let broken = score.broken || empty || weighted.is_none() || missing.is_none();
    let whole = Whole {
        score,
        missing: missing.unwrap_or(MissingWord::Void),
        broken,
    };
    let mut out = Vec::new();
    let (value, valid) = whole.sum(&score.parts, score.name.span);
    let total = whole.bounded(value);
    let (total, valid) = whole.vetoed(total, valid);
    out.push(MeasureDecl {
        precision: score.precision.clone(),
        ..whole.measure(score.name.clone(), total, valid, None)
    });
    whole.parts(&score.parts, &mut out);
    out
}

impl Whole<'_> {
    fn measure(
        &self,
        name: Name,
        value: Expr,
        valid: Option<Expr>,
        least: Option<(Expr, Span)>,
    ) -> MeasureDecl {
        MeasureDecl {
            subject: self.score.subject.clone(),
            of: None,
            every: self.score.every,
            precision: None,
            least,
            valid: valid.map(|v| {
                let at = v.span;
                (v, at)
            }),
            score: Some(self.score.name.clone()),
            broken: self.broken,
            name,
            value,
        }
    }

    /// A measure for each part.
    fn parts(&self, parts: &[ScorePart], out: &mut Vec<MeasureDecl>) {
        for p in parts {
            let name = part_of(&self.score.name, &p.name);
            match &p.of {
                PartOf::Value(p) => {
                    let valid = p.valid.clone().map(|(v, _)| v);
                    out.push(self.measure(name, p.value.clone(), valid, p.least.clone()));
                }
                PartOf::Section(inner) => {
                    let (value, valid) = self.sum(inner, p.name.span);
                    out.push(self.measure(name, value, valid, None));
                    self.parts(inner, out);
                }
            }
        }
    }

    fn read(&self, p: &ScorePart) -> Expr {
        let name = part_of(&self.score.name, &p.name);
        let at = name.span;
        node(ExprKind::Name(name), at)
    }

    /// The value of a part; what it counts for where there is none.
    fn or_nothing(&self, p: &ScorePart, value: Expr) -> Expr {
        let at = p.name.span;
        let missing = node(ExprKind::IsMissing(Box::new(self.read(p))), at);
        let row = FirstRow {
            cond: missing,
            value: number("0", at),
            span: at,
        };
        node(ExprKind::First(vec![row], Some(Box::new(value))), at)
    }

    /// Weight and value of a part, each 0 where the part does not count.
    fn weighed(&self, p: &ScorePart) -> Option<(Expr, Expr)> {
        let (weight, varies) = match &p.share {
            Share::Weight(q, w) => (node(ExprKind::Number(q.clone()), *w), false),
            Share::Varying(e) => (e.clone(), true),
            Share::Bonus | Share::Penalty => return None,
        };
        let at = p.name.span;
        let mut term = binary(BinaryOp::Mul, weight.clone(), self.read(p), at);
        if varies {
            let none = (Box::new(weight.clone()), Box::new(number("0", at)));
            let row = FirstRow {
                cond: node(ExprKind::Compare(CompareOp::Eq, none.0, none.1), at),
                value: number("0", at),
                span: at,
            };
            term = node(ExprKind::First(vec![row], Some(Box::new(term))), at);
        }
        Some(match self.missing {
            MissingWord::Void => (weight, term),
            MissingWord::Renormalised => (self.or_nothing(p, weight), self.or_nothing(p, term)),
        })
    }

    /// The weighted parts, and when they come to something at all.
    fn weighted(&self, parts: &[ScorePart], at: Span) -> (Option<Expr>, Option<Expr>) {
        let scaled = self.missing == MissingWord::Renormalised;
        let (mut sum, mut whole, mut all, mut none): Four = (None, None, None, None);
        for p in parts {
            let Some((weight, term)) = self.weighed(p) else {
                continue;
            };
            sum = Some(joined(BinaryOp::Add, sum, term));
            whole = Some(joined(BinaryOp::Add, whole, weight));
            if let Share::Varying(weight) = &p.share {
                all = Some(joined(BinaryOp::Add, all, weight.clone()));
            } else if let Share::Weight(q, w) = &p.share {
                let weight = node(ExprKind::Number(q.clone()), *w);
                all = Some(joined(BinaryOp::Add, all, weight));
            }
            let missing = node(ExprKind::IsMissing(Box::new(self.read(p))), p.name.span);
            none = Some(match none {
                None => missing,
                Some(n) => node(ExprKind::And(Box::new(n), Box::new(missing)), at),
            });
        }
        let (Some(total), Some(whole)) = (sum.clone(), whole) else {
            return (sum, None);
        };
        let varies = parts.iter().any(|p| matches!(p.share, Share::Varying(_)));
        let of = if varies {
            weights::of(parts, self.score)
        } else {
            Weights::Whole
        };
        if !scaled && of != Weights::Scaled {
            return (sum, None);
        }
        let valid = match varies {
            true => {
                let some = (Box::new(whole.clone()), Box::new(number("0", at)));
                node(ExprKind::Compare(CompareOp::Gt, some.0, some.1), at)
            }
            false => node(
                ExprKind::Not(Box::new(none.unwrap_or_else(|| node(ExprKind::Broken, at)))),
                at,
            ),
        };
        let mut value = binary(BinaryOp::Div, total, whole, at);
        if let (Weights::AsWritten, Some(all)) = (of, all) {
            // What the others take over is the weight of what is missing, no more.
            value = binary(BinaryOp::Mul, value, all, at);
        }
        (Some(value), Some(valid))
    }

    /// The sum of parts, and when it is one at all.
    fn sum(&self, parts: &[ScorePart], at: Span) -> (Expr, Option<Expr>) {
        if self.broken {
            return (node(ExprKind::Broken, at), None);
        }
        let scaled = self.missing == MissingWord::Renormalised;
        let (mut sum, valid) = self.weighted(parts, at);
        for p in parts {
            let op = match p.share {
                Share::Weight(..) | Share::Varying(_) => continue,
                Share::Bonus => BinaryOp::Add,
                Share::Penalty => BinaryOp::Sub,
            };
            let value = match scaled {
                true => self.or_nothing(p, self.read(p)),
                false => self.read(p),
            };
            sum = Some(match (sum, op) {
                (None, BinaryOp::Add) => value,
                (None, _) => binary(op, number("0", p.name.span), value, p.name.span),
                (Some(s), op) => binary(op, s, value, p.name.span),
            });
        }
        (sum.unwrap_or_else(|| node(ExprKind::Broken, at)), valid)
    }

    fn bounded(&self, value: Expr) -> Expr {
        let Some((low, high)) = &self.score.total else {
            return value;
        };
        let at = value.span;
        let clamp = ExprKind::Clamp {
            low: Some(Box::new(low.clone())),
            high: Some(Box::new(high.clone())),
            of: Box::new(value),
        };
        node(clamp, at)
    }

    fn vetoed(&self, mut value: Expr, mut valid: Option<Expr>) -> (Expr, Option<Expr>) {
        let mut rows = Vec::new();
        for v in &self.score.vetoes {
            match &v.then {
                VetoThen::Level(_) => {}
                VetoThen::Counts(counts) => rows.push(FirstRow {
                    cond: v.when.clone(),
                    value: counts.clone(),
                    span: v.when.span,
                }),
                VetoThen::NoScore => {
                    let not = node(ExprKind::Not(Box::new(v.when.clone())), v.when.span);
                    valid = Some(match valid {
                        None => not,
                        Some(and) => node(ExprKind::And(Box::new(and), Box::new(not)), v.when.span),
                    });
                }
            }
        }
        if !rows.is_empty() {
            let at = value.span;
            value = node(ExprKind::First(rows, Some(Box::new(value))), at);
        }
        (value, valid)
    }
}

fn node(kind: ExprKind, span: Span) -> Expr {
    Expr { kind, span }
}

fn binary(op: BinaryOp, a: Expr, b: Expr, at: Span) -> Expr {
    node(ExprKind::Binary(op, Box::new(a), Box::new(b)), at)
}

fn joined(op: BinaryOp, a: Option<Expr>, b: Expr) -> Expr {
    let at = b.span;
    match a {
        None => b,
        Some(a) => binary(op, a, b, at),
    }
}

fn number(digits: &str, at: Span) -> Expr {
    let q = Quantity {
        digits: digits.to_owned(),
        unit: None,
        per: None,
    };
    node(ExprKind::Number(q), at)
}

fn no_parts(score: &ScoreDecl, sink: &mut Sink) {
    let name = &score.name.text;
    sink.push(Diagnostic::new(
        codes::SCORE_INCOMPLETE,
        score.name.span,
        text!(
            zh = "考评“{name}”里一项也没有；写 权重 40% 名称 = …，或 加分 名称 = …",
            en = "the score “{name}” has no part; write weight 40% NAME = …, or bonus NAME = …"
        ),
    ));
}

fn missing_unstated(score: &ScoreDecl, sink: &mut Sink) -> Option<MissingWord> {
    if score.broken {
        return None;
    }
    let d = Diagnostic::new(
        codes::SCORE_MISSING_PART,
        score.name.span,
        text!(
            zh = "“{0}”里有一项没有数时怎么办没有写明。权重 40%、30%、30%，前两项 90 和 80，第三项没有数：缺项 作废 → 没有分；缺项 归一 → (36 + 24) ÷ 70% = 85.71",
            en = "what becomes of “{0}” where a part has no value is open. Weights 40 %, 30 %, 30 %, the first two 90 and 80, the third without a value: missing part void → no score; missing part renormalised → (36 + 24) ÷ 70 % = 85.71",
            score.name.text
        ),
    );
    let words = [
        ("缺项 作废", "missing part void"),
        ("缺项 归一", "missing part renormalised"),
    ];
    let last = score.parts.last()?.span.at_end();
    let d = sink.each(d, (last, "\n  ", ""), &words);
    sink.push(d);
    None
}
