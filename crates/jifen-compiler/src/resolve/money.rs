//! Currencies and parameters of all versions.

use std::collections::BTreeMap;

use jifen_diag::{Diagnostic, Span, Text, codes, text};
use jifen_plan::{
    Currency, CurrencyIx, Floor, Life, LifeWhen, Param, ParamIx, ParamLabel, Precision, UseOrder,
};
use jifen_quantity::{Decimal, Dim, Rounding};
use jifen_syntax::ast::{
    Decl, DeclKind, OrderWord, ParamDecl, PointsDecl, PointsKind, PrecisionStmt, RoundWord,
};

use super::life::life;
use super::records::reversed;
use super::{Sym, World};
use crate::constant;
use crate::sink::Sink;
use crate::units::with_unit;

/// All declarations of a version, those inside categories too.
pub(crate) fn walk<'a>(decls: &'a [Decl], out: &mut Vec<&'a Decl>) {
    for d in decls {
        out.push(d);
        if let DeclKind::Category(c) = &d.kind {
            walk(&c.members, out);
        }
    }
}

/// Fills `w.currencies` and binds their names.
pub(super) fn currencies(w: &mut World<'_>, sink: &mut Sink) {
    type Declared<'d> = (usize, &'d PointsDecl, Option<String>);
    let mut found: BTreeMap<String, Vec<Declared<'_>>> = BTreeMap::new();
    for (i, v) in w.versions.iter().enumerate() {
        let mut all = Vec::new();
        walk(&v.file.decls, &mut all);
        for d in all {
            if let DeclKind::Points(p) = &d.kind
                && v.names
                    .get(&p.name.text)
                    .is_some_and(|n| n.1 == p.name.span)
            {
                found
                    .entry(p.name.text.clone())
                    .or_default()
                    .push((i, p, d.doc.clone()));
            }
        }
    }
    for (i, (name, decls)) in found.into_iter().enumerate() {
        let ix = CurrencyIx(u16::try_from(i).unwrap_or(u16::MAX));
        let mut floor: Option<(Option<Floor>, Span)> = None;
        let mut precision = None;
        let mut doc = None;
        let mut lives = Vec::new();
        let mut order: Option<(UseOrder, Span)> = None;
        let mut ceiling: Option<(Option<Decimal>, Span)> = None;
        let mut yuan = Vec::new();
        for (v, decl, d) in decls {
            let Some(version) = w.versions.get_mut(v) else {
                continue;
            };
            sink.lang = version.lang;
            let (p, lost, f) = points(decl, sink);
            let of = (version.ix, decl.name.text.as_str());
            lives.extend(lives_of(decl, of, p.is_some() || lost, sink));
            yuan.extend(worth(decl, sink).map(|y| (version.ix, y)));
            if lost {
                version.precision_lost.push(ix);
            }
            if let Some(entry) = version.names.get_mut(&name) {
                entry.0 = Sym::Currency(ix);
            }
            if let Some(p) = p {
                version.precision.insert(ix, p);
            }
            precision = p.or(precision);
            doc = d.or(doc);
            let used = order_of(decl, sink);
            match order {
                Some((old, place)) if old != used => {
                    let what = text!(zh = "支用次序", en = "order of use");
                    sink.push(disagree(decl, place, &name, &what));
                }
                _ => order = Some((used, decl.name.span)),
            }
            let most = ceiling_of(decl, f, sink);
            match ceiling {
                Some((old, place)) if old != most => {
                    let what = text!(zh = "上限", en = "cap");
                    sink.push(disagree(decl, place, &name, &what));
                }
                _ => ceiling = Some((most, decl.name.span)),
            }
            match floor {
                Some((old, place)) if old != f => {
                    let what = text!(zh = "下限", en = "floor");
                    sink.push(disagree(decl, place, &name, &what));
                }
                _ => floor = Some((f, decl.name.span)),
            }
        }
        let floor = floor.and_then(|f| f.0);
        w.floor_stated.push(floor.is_some());
        w.currency_docs.push(doc);
        // Written order means nothing: expiry comes before decay (S3).
        lives.sort_by_key(|l| (l.version, l.loss, l.due, l.when.map(LifeWhen::rank)));
        w.currencies.push(Currency {
            name,
            precision,
            floor: floor.unwrap_or(Floor::Negative),
            ceiling: ceiling.and_then(|c| c.0),
            lives,
            order: order.map(|o| o.0).unwrap_or_default(),
            yuan,
        });
    }
}

fn disagree(decl: &PointsDecl, other: Span, name: &str, what: &Text) -> Diagnostic {
    let (zh, en) = (&what.zh, &what.en);
    Diagnostic::new(
        codes::VERSIONS_DISAGREE,
        decl.name.span,
        text!(
            zh = "“{name}”的{zh}在各版本里必须相同",
            en = "“{name}” must have the same {en} in all versions"
        ),
    )
    .label(other, text!(zh = "另一版本", en = "the other version"))
}

/// 上限: what an account can hold.
fn ceiling_of(decl: &PointsDecl, floor: Option<Floor>, sink: &mut Sink) -> Option<Decimal> {
    let mut found = None;
    for s in &decl.stmts {
        if let PointsKind::Ceiling(e) = &s.kind {
            if found.is_some() {
                sink.push(twice(s.span));
            }
            let n = constant::number_of(e, Dim::POINTS, sink)?;
            found = Some((n, e.span));
        }
    }
    let (most, at) = found?;
    let above = !matches!(floor, Some(Floor::At(f)) if f >= most);
    if most.is_positive() && above {
        return Some(most);
    }
    sink.push(Diagnostic::new(
        codes::CEILING,
        at,
        text!(
            zh = "积分的上限是一个账户最多能有多少分，要大于 0、高于下限，如 上限 2000分；每天、每月最多得多少，写在项目或类别里",
            en = "the cap of points is the most that an account can hold: above 0 and above the floor, as in cap 2000 points; how much a day or a month may bring is said in an item or category"
        ),
    ));
    None
}

/// Which lot is used first.
fn order_of(decl: &PointsDecl, sink: &mut Sink) -> UseOrder {
    let mut found: Option<UseOrder> = None;
    for s in &decl.stmts {
        let PointsKind::Order(word) = s.kind else {
            continue;
        };
        if found.is_some() {
            sink.push(twice(s.span));
        }
        found = Some(match word {
            OrderWord::SoonestExpiry => UseOrder::SoonestExpiry,
            OrderWord::Oldest => UseOrder::Oldest,
            OrderWord::Newest => UseOrder::Newest,
        });
    }
    found.unwrap_or_default()
}

/// 折合: yuan for each point.
fn worth(decl: &PointsDecl, sink: &mut Sink) -> Option<Decimal> {
    let mut found = None;
    for s in &decl.stmts {
        let PointsKind::Worth(e) = &s.kind else {
            continue;
        };
        if found.is_some() {
            sink.push(twice(s.span));
            continue;
        }
        let n = constant::number(e, sink)?;
        if n.dim != Dim::MONEY.div(Dim::POINTS) || n.value.is_negative() {
            sink.push(Diagnostic::new(
                codes::WORTH_VALUE,
                e.span,
                text!(
                    zh = "一分折合多少元，写 0.1元/分；100分 当 1元 用的，是 0.01元/分",
                    en = "what a point is worth is written 0.1 yuan/point; where 100 points are one yuan it is 0.01 yuan/point"
                ),
            ));
            return None;
        }
        found = Some(n.value);
    }
    found
}

fn lives_of(
    decl: &PointsDecl,
    version: (jifen_plan::VersionIx, &str),
    has_precision: bool,
    sink: &mut Sink,
) -> Vec<Life> {
    let mut out: Vec<Life> = Vec::new();
    for s in &decl.stmts {
        let PointsKind::Life(stmt) = &s.kind else {
            continue;
        };
        if let Some(life) = life(stmt, s.span, version, has_precision, sink) {
            if out.contains(&life) {
                sink.push(twice(s.span));
            } else {
                out.push(life);
            }
        }
    }
    out
}

fn points(p: &PointsDecl, sink: &mut Sink) -> (Option<Precision>, bool, Option<Floor>) {
    let mut precision_: Option<Precision> = None;
    let mut seen_precision = false;
    let mut floor: Option<(Floor, Span)> = None;
    for s in &p.stmts {
        let this = match &s.kind {
            PointsKind::Precision(stmt) => {
                if std::mem::replace(&mut seen_precision, true) {
                    sink.push(twice(s.span));
                }
                precision_ = precision(stmt, s.span, sink);
                continue;
            }
            PointsKind::Floor(e) => {
                let at = constant::number_of(e, Dim::POINTS, sink);
                Floor::At(at.unwrap_or(Decimal::ZERO))
            }
            PointsKind::MayBeNegative => Floor::Negative,
            PointsKind::Owed => Floor::Owed,
            PointsKind::Life(_)
            | PointsKind::Order(_)
            | PointsKind::Worth(_)
            | PointsKind::Ceiling(_) => continue,
            // Already reported; what it would have said is open, so nothing further is asked.
            PointsKind::Broken => Floor::Negative,
        };
        if let Some((_, first)) = floor {
            if !matches!(s.kind, PointsKind::Broken) {
                sink.push(twice(s.span).label(first, text!(zh = "先写的", en = "the first one")));
            }
        } else {
            floor = Some((this, s.span));
        }
    }
    let broken = p.stmts.iter().any(|s| matches!(s.kind, PointsKind::Broken));
    let lost = precision_.is_none() && (seen_precision || broken);
    (precision_, lost, floor.map(|f| f.0))
}

fn twice(span: Span) -> Diagnostic {
    Diagnostic::new(
        codes::STATEMENT_TWICE,
        span,
        text!(
            zh = "这种积分已经写过这一句，只能留一句",
            en = "these points say this already; keep one of them"
        ),
    )
}

/// The ways to round, as they are offered where one is missing.
pub(crate) const ROUNDINGS: [(&str, &str); 4] = [
    ("四舍五入", "half up"),
    ("进一", "round up"),
    ("舍去", "round down"),
    ("四舍六入五成双", "half even"),
];

/// A precision statement.
pub(crate) fn precision(p: &PrecisionStmt, span: Span, sink: &mut Sink) -> Option<Precision> {
    let n = constant::number(&p.step, sink)?;
    if !n.dim.is_pure() && n.dim != Dim::POINTS || !n.value.is_positive() {
        sink.push(Diagnostic::new(
            codes::PRECISION_STEP,
            p.step.span,
            text!(
                zh = "精度要写成大于 0 的分数，例如 0.5分（到半分）、1分（到整分）",
                en = "the precision is a number of points above 0, such as 0.5 points or 1 points"
            ),
        ));
        return None;
    }
    let Some(mode) = p.mode else {
        // 2.2, 2.5 and 2.8 steps: no two of the ways agree on all three.
        let samples = [22, 25, 28].map(|m| {
            let times = Decimal::new(m, 1).unwrap_or_default();
            n.value.mul(times).unwrap_or_default()
        });
        let each = |f: &dyn Fn(Decimal) -> Decimal| {
            let [a, b, c] = samples.map(f);
            Text::new(format!("{a}、{b}、{c}"), format!("{a}, {b}, {c}"))
        };
        let x = each(&|x| x);
        let to = |m: Rounding| each(&|x| x.round_to(n.value, m).unwrap_or_default());
        let (near, up) = (to(Rounding::HalfUp), to(Rounding::Up));
        let (down, even) = (to(Rounding::Down), to(Rounding::HalfEven));
        let d = Diagnostic::new(
            codes::PRECISION_MODE,
            span,
            Text::new(
                format!(
                    "精度后面要写怎么取整：得 {}分 时，四舍五入是 {}，进一是 {}，舍去是 {}，四舍六入五成双是 {}",
                    x.zh, near.zh, up.zh, down.zh, even.zh
                ),
                format!(
                    "say how to round: {} points become {} half up, {} rounded up, {} rounded down, {} half even",
                    x.en, near.en, up.en, down.en, even.en
                ),
            ),
        );
        let d = sink.each(d, (p.step.span.at_end(), " ", ""), &ROUNDINGS);
        sink.push(d);
        return None;
    };
    Some(Precision {
        step: n.value,
        mode: rounding(mode),
    })
}

/// What a rounding word means.
pub(crate) fn rounding(word: RoundWord) -> Rounding {
    match word {
        RoundWord::HalfUp => Rounding::HalfUp,
        RoundWord::Up => Rounding::Up,
        RoundWord::Down => Rounding::Down,
        RoundWord::HalfEven => Rounding::HalfEven,
    }
}

/// A parameter of one version that follows measures (S32).
pub(crate) struct FollowSrc<'a> {
    pub(crate) decl: &'a ParamDecl,
    /// Version, by index.
    pub(crate) version: usize,
}

/// Fills `w.params` and `w.follows`, sorted by (name, version), and binds their names.
pub(super) fn params(w: &mut World<'_>, sink: &mut Sink) {
    let mut found = Vec::new();
    for (i, v) in w.versions.iter().enumerate() {
        let mut all = Vec::new();
        walk(&v.file.decls, &mut all);
        for d in all {
            if let DeclKind::Param(p) = &d.kind
                && v.names
                    .get(&p.name.text)
                    .is_some_and(|n| n.1 == p.name.span)
            {
                found.push((p.name.text.clone(), i, p));
            }
        }
    }
    found.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    for (name, i, decl) in found {
        let Some(v) = w.versions.get_mut(i) else {
            continue;
        };
        sink.lang = v.lang;
        if decl.value.looks_back() {
            if let Some(entry) = v.names.get_mut(&name) {
                entry.0 = Sym::Following(w.follows.len());
            }
            w.follows.push(FollowSrc { decl, version: i });
            continue;
        }
        let Some((param, label)) = param(&name, v.ix, decl, sink) else {
            continue;
        };
        let ix = ParamIx(u16::try_from(w.params.len()).unwrap_or(u16::MAX));
        w.params.push(param);
        w.param_labels.push(label);
        if let Some(entry) = v.names.get_mut(&name) {
            entry.0 = Sym::Param(ix);
        }
    }
}

fn param(
    name: &str,
    version: jifen_plan::VersionIx,
    decl: &ParamDecl,
    sink: &mut Sink,
) -> Option<(Param, ParamLabel)> {
    let first = constant::number(&decl.value, sink)?;
    let dim = first.dim;
    let mut steps = Vec::new();
    for (date, value) in &decl.steps {
        let (Some(day), Some(n)) = (
            constant::day(date, sink),
            constant::number_of(value, dim, sink),
        ) else {
            continue;
        };
        if let Some((before, _)) = steps.last()
            && *before >= day
        {
            sink.push(Diagnostic::new(
                codes::PARAM_STEPS,
                date.span,
                text!(
                    zh = "{day} 不晚于前一行的 {before}：日期要一行比一行晚",
                    en = "{day} is not after {before} of the line before: dates go forward line by line"
                ),
            ));
            continue;
        }
        steps.push((day, n));
    }
    let mut label = ParamLabel {
        adjustable: None,
        decided_by: decl.decided_by.as_ref().map(|n| n.text.clone()),
        percent: constant::in_percent(&decl.value),
    };
    if let Some((low, high)) = &decl.adjustable {
        let a = constant::number_of(low, dim, sink);
        let b = constant::number_of(high, dim, sink);
        label.adjustable = a.zip(b);
        if let (Some(a), Some(b)) = (a, b) {
            bounds(name, decl, first.value, &steps, (a, b, dim), sink);
        }
    }
    let param = Param {
        name: name.to_owned(),
        version,
        dim,
        first: first.value,
        steps,
    };
    Some((param, label))
}

fn bounds(
    name: &str,
    decl: &ParamDecl,
    first: Decimal,
    steps: &[(jifen_calendar::Day, Decimal)],
    (a, b, dim): (Decimal, Decimal, Dim),
    sink: &mut Sink,
) {
    let Some((low, high)) = &decl.adjustable else {
        return;
    };
    if a > b {
        sink.push(reversed(low.span.to(high.span), sink));
        return;
    }
    let mut check = |value: Decimal, span: Span| {
        if value < a || value > b {
            let d = outside(name, value, span, (a, b, dim));
            let bounds = text!(zh = "可调范围", en = "the bounds");
            sink.push(d.label(low.span.to(high.span), bounds));
        }
    };
    check(first, decl.value.span);
    for ((_, value), written) in steps.iter().zip(&decl.steps) {
        check(*value, written.1.span);
    }
}

/// A value outside of its bounds.
pub(crate) fn outside(
    name: &str,
    value: Decimal,
    span: Span,
    (a, b, dim): (Decimal, Decimal, Dim),
) -> Diagnostic {
    let (v, a, b) = (with_unit(value, dim), with_unit(a, dim), with_unit(b, dim));
    Diagnostic::new(
        codes::PARAM_BOUNDS,
        span,
        Text::new(
            format!(
                "“{name}”写的是 {0}，可调范围是 {1} 至 {2}",
                v.zh, a.zh, b.zh
            ),
            format!("“{name}” is {0}, but may be {1} to {2}", v.en, a.en, b.en),
        ),
    )
}
