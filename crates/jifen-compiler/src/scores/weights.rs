//! Weights: percentages that come to 100 % at each level, for everybody; where they do not, 归一 or 不归一 is said (S29).

use std::collections::BTreeMap;

use jifen_diag::{Diagnostic, Span, Text, codes, text};
use jifen_quantity::Decimal;
use jifen_syntax::ast::{
    BinaryOp, Decl, DeclKind, Expr, ExprKind, Name, PartOf, Quantity, RowKey, ScoreDecl, ScorePart,
    SelectMode, Share, Unit,
};

use crate::sink::Sink;
use crate::units;

/// What the parameters of a file are, each at any time.
pub(super) type Params = BTreeMap<String, Vec<Expr>>;

/// How the weights of a level are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weights {
    /// They come to 100 % for everybody.
    Whole,
    /// 归一: divided by their sum.
    Scaled,
    /// 不归一
    AsWritten,
}

/// What a level comes to in one case, such as 乡村; no name: in every case.
type Case = (Option<String>, Decimal);

pub(super) fn params(decls: &[Decl]) -> Params {
    let mut out = Params::new();
    for d in decls {
        if let DeclKind::Param(p) = &d.kind {
            let steps = p.steps.iter().map(|s| s.1.clone());
            let all = [p.value.clone()].into_iter().chain(steps).collect();
            out.insert(p.name.text.clone(), all);
        }
    }
    out
}

/// How the weights of a level that vary are taken.
pub(super) fn of(parts: &[ScorePart], score: &ScoreDecl) -> Weights {
    match (cases(parts), score.weights) {
        (Some(all), _) if all.iter().all(|c| c.1 == Decimal::ONE) => Weights::Whole,
        (_, Some((true, _))) => Weights::Scaled,
        _ => Weights::AsWritten,
    }
}

/// What the weights of a level come to in every case, if that can be told: constants, and tables over one and the same thing.
fn cases(parts: &[ScorePart]) -> Option<Vec<Case>> {
    let mut fixed = Decimal::ZERO;
    let mut tables: Vec<BTreeMap<Option<String>, Decimal>> = Vec::new();
    let mut over: Option<&str> = None;
    for p in parts {
        match &p.share {
            Share::Bonus | Share::Penalty => {}
            Share::Weight(q, _) => fixed = fixed.add(units::literal(q)?.value).ok()?,
            Share::Varying(e) => {
                let (of, table) = table(e)?;
                if over.is_some_and(|o| o != of) {
                    return None;
                }
                over = Some(of);
                tables.push(table);
            }
        }
    }
    let mut keys: Vec<&Option<String>> = tables.iter().flat_map(|t| t.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut out = Vec::new();
    'keys: for key in keys {
        let mut sum = fixed;
        for t in &tables {
            // A key that a table lacks has its 其余; without that, the table gives nothing there and there is no score.
            match t.get(key).or_else(|| t.get(&None)) {
                Some(n) => sum = sum.add(*n).ok()?,
                None => continue 'keys,
            }
        }
        out.push((key.clone(), sum));
    }
    (!out.is_empty()).then_some(out)
}

/// `按 类型 { 城区: 40%  乡村: 20% }`: what it looks at, and the weight of each word; no word: 其余.
fn table(e: &Expr) -> Option<(&str, BTreeMap<Option<String>, Decimal>)> {
    let ExprKind::Select(s) = &e.kind else {
        return None;
    };
    let ExprKind::Name(of) = &s.of.kind else {
        return None;
    };
    if s.mode != SelectMode::Values {
        return None;
    }
    let mut out = BTreeMap::new();
    for row in &s.rows {
        let ExprKind::Number(q) = &row.value.kind else {
            return None;
        };
        let weight = units::literal(q)?.value;
        match &row.key {
            RowKey::Rest => {
                out.insert(None, weight);
            }
            RowKey::Values(words) => {
                for w in words {
                    let ExprKind::Name(word) = &w.kind else {
                        return None;
                    };
                    out.entry(Some(word.text.clone())).or_insert(weight);
                }
            }
            _ => return None,
        }
    }
    Some((&of.text, out))
}

/// Do the weights of each level come to 100 %, or is it said what becomes of them? `None`: no, and that is said. Otherwise
/// whether there are any.
pub(super) fn checked(
    of: &Name,
    parts: &[ScorePart],
    score: &ScoreDecl,
    params: &Params,
    sink: &mut Sink,
) -> Option<bool> {
    let (mut right, mut any, mut varies) = (true, false, false);
    for p in parts {
        match &p.share {
            Share::Weight(q, span) => {
                any = true;
                right &= percentage(q, *span, sink);
            }
            Share::Varying(e) => {
                (any, varies) = (true, true);
                right &= percentages(e, params, 0, sink);
            }
            Share::Bonus | Share::Penalty => {}
        }
        if let PartOf::Section(inner) = &p.of {
            if inner.is_empty() {
                right = false;
                empty(&p.name, sink);
            }
            match checked(&p.name, inner, score, params, sink) {
                Some(inside) => any |= inside,
                None => right = false,
            }
        }
    }
    // A part that could not be read has a weight, too.
    right &= !score.broken;
    let weighted = |p: &ScorePart| matches!(p.share, Share::Weight(..) | Share::Varying(_));
    if right && parts.iter().any(weighted) {
        right = if varies {
            told(of, parts, score, sink)
        } else {
            whole(of, parts, sink)
        };
    }
    right.then_some(any)
}

/// Constants come to 100 %.
fn whole(of: &Name, parts: &[ScorePart], sink: &mut Sink) -> bool {
    let (mut sum, mut written) = (Decimal::ZERO, Vec::new());
    for p in parts {
        if let Share::Weight(q, _) = &p.share {
            let more = units::literal(q).and_then(|n| sum.add(n.value).ok());
            let Some(more) = more else { return false };
            sum = more;
            written.push(format!("“{}” {}%", p.name.text, q.digits));
        }
    }
    if sum == Decimal::ONE {
        return true;
    }
    let list = written.join(" + ");
    let percent = percent(sum);
    sink.push(Diagnostic::new(
        codes::SCORE_WEIGHTS,
        of.span,
        text!(
            zh = "“{0}”各项的权重合起来要正好 100%，这里是 {list} = {percent}",
            en = "the weights in “{0}” have to come to 100 %; here {list} = {percent}",
            of.text
        ),
    ));
    false
}

/// Weights that vary come to 100 % for everybody, or 归一 or 不归一 is said.
fn told(of: &Name, parts: &[ScorePart], score: &ScoreDecl, sink: &mut Sink) -> bool {
    if score.weights.is_some() {
        return true;
    }
    let all = cases(parts);
    let off = all.iter().flatten().find(|c| c.1 != Decimal::ONE);
    let why = match (&all, off) {
        (Some(_), None) => return true,
        (_, Some((case, sum))) => {
            let sum = percent(*sum);
            let (zh, en) = match case {
                Some(word) => (format!("“{word}”"), format!("for “{word}”")),
                None => ("其余".to_owned(), "for the rest".to_owned()),
            };
            Text::new(
                format!("{zh}合起来是 {sum}"),
                format!("{en} they come to {sum}"),
            )
        }
        (None, None) => text!(
            zh = "合起来是不是 100%，要看对象",
            en = "whether they come to 100 % depends on the subject"
        ),
    };
    let d = Diagnostic::new(
        codes::SCORE_VARIES,
        of.span,
        Text::new(
            format!(
                "“{}”各项的权重因对象而不同，{}；怎么办没有写明。权重 40% 和 20%，两项 90 和 60：归一 → (36 + 12) ÷ 60% = 80；不归一 → 36 + 12 = 48",
                of.text, why.zh
            ),
            format!(
                "the weights in “{}” vary with the subject, and {}; what becomes of that is open. Weights 40 % and 20 %, parts 90 and 60: weight renormalised → (36 + 12) ÷ 60 % = 80; weight as written → 36 + 12 = 48",
                of.text, why.en
            ),
        ),
    );
    let words = [
        ("权重 归一", "weight renormalised"),
        ("权重 不归一", "weight as written"),
    ];
    let Some(last) = score.parts.last().map(|p| p.span.at_end()) else {
        return false;
    };
    let d = sink.each(d, (last, "\n  ", ""), &words);
    sink.push(d);
    false
}

fn percentage(q: &Quantity, span: Span, sink: &mut Sink) -> bool {
    if q.unit == Some(Unit::Percent) && q.per.is_none() && units::literal(q).is_some() {
        return true;
    }
    sink.push(Diagnostic::new(
        codes::SCORE_WEIGHTS,
        span,
        text!(
            zh = "权重写百分数，例如 权重 40% 居民评价 = …",
            en = "a weight is a percentage, such as weight 40% residents = …"
        ),
    ));
    false
}

/// Is every number that a weight can be a percentage?
fn percentages(e: &Expr, params: &Params, depth: u32, sink: &mut Sink) -> bool {
    // Each is looked at, so that each mistake is told.
    let mut inside = |e: &Expr| percentages(e, params, depth, sink);
    match &e.kind {
        ExprKind::Number(q) => percentage(q, e.span, sink),
        ExprKind::Select(s) => s.rows.iter().filter(|r| !inside(&r.value)).count() == 0,
        ExprKind::First(rows, rest) => {
            let all = rows.iter().map(|r| &r.value).chain(rest.as_deref());
            all.filter(|e| !inside(e)).count() == 0
        }
        ExprKind::Binary(BinaryOp::Add | BinaryOp::Sub, a, b) => {
            let left = inside(a);
            inside(b) && left
        }
        ExprKind::Name(n) if depth < 4 => {
            let all = params.get(&n.text).map_or(&[][..], Vec::as_slice);
            let mut below = |e: &&Expr| percentages(e, params, depth + 1, sink);
            all.iter().filter(|e| !below(e)).count() == 0
        }
        _ => true,
    }
}

fn percent(n: Decimal) -> String {
    let hundred = n.mul(Decimal::from_int(100));
    hundred.map_or_else(|_| n.to_string(), |p| format!("{p}%"))
}

fn empty(name: &Name, sink: &mut Sink) {
    sink.push(Diagnostic::new(
        codes::SCORE_INCOMPLETE,
        name.span,
        text!(
            zh = "“{0}”里一项也没有",
            en = "there is no part in “{0}”",
            name.text
        ),
    ));
}
