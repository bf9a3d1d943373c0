//! Constants of declarations: bounds, parameters, defaults, dates. Reads no names but option words.

use jifen_calendar::{Day, Instant};
use jifen_diag::{Diagnostic, codes, text};
use jifen_plan::{FieldType, Value};
use jifen_quantity::{Decimal, Dim, NumError};
use jifen_syntax::ast::{BinaryOp, DateLit, Expr, ExprKind, Unit};

use crate::sink::Sink;
use crate::units::{self, HOUR, Num, Tag, dim_text};

/// A written date.
pub(crate) fn day(d: &DateLit, sink: &mut Sink) -> Option<Day> {
    let found = Day::from_ymd(d.year, d.month, d.day);
    if found.is_none() {
        sink.push(Diagnostic::new(
            codes::BAD_DATE,
            d.span,
            text!(
                zh = "没有 {}年{}月{}日 这一天",
                en = "there is no {:04}-{:02}-{:02}",
                d.year,
                d.month,
                d.day
            ),
        ));
    }
    found
}

/// A number that is fixed by the text; reports and gives `None` otherwise.
pub(crate) fn number(e: &Expr, sink: &mut Sink) -> Option<Num> {
    match fold(e) {
        Fold::Ok(n) => Some(n),
        Fold::Broken => None,
        Fold::TooLarge => {
            sink.push(Diagnostic::new(
                codes::BAD_NUMBER,
                e.span,
                text!(
                    zh = "这个数太大，或小数位太多",
                    en = "this number is too large or has too many digits"
                ),
            ));
            None
        }
        Fold::Not => {
            if let ExprKind::Name(n) = &e.kind
                && let Some(d) = crate::sink::letter_in_number(&n.text, n.span)
            {
                sink.push(d);
                return None;
            }
            sink.push(Diagnostic::new(
                codes::NOT_CONSTANT,
                e.span,
                text!(
                    zh = "这里要写定数，例如 60分，不能引用字段或参数",
                    en = "write a fixed number here, such as 60 points; fields and parameters cannot stand here"
                ),
            ));
            None
        }
    }
}

/// Is it written as `50%`?
pub(crate) fn in_percent(e: &Expr) -> bool {
    matches!(&e.kind, ExprKind::Number(q) if q.unit == Some(Unit::Percent))
}

/// Is the expression fixed by the text?
pub(crate) fn is_number(e: &Expr) -> bool {
    matches!(fold(e), Fold::Ok(_))
}

enum Fold {
    Ok(Num),
    Broken,
    Not,
    TooLarge,
}

fn fold(e: &Expr) -> Fold {
    match &e.kind {
        ExprKind::Number(q) => units::literal(q).map_or(Fold::TooLarge, Fold::Ok),
        ExprKind::Negate(x) => match fold(x) {
            Fold::Ok(n) => done(n.value.checked_neg(), n.dim, n.tag),
            other => other,
        },
        ExprKind::Binary(op, a, b) => match (fold(a), fold(b)) {
            (Fold::Ok(a), Fold::Ok(b)) => combine(*op, a, b),
            (Fold::Broken, _) | (_, Fold::Broken) => Fold::Broken,
            (Fold::TooLarge, _) | (_, Fold::TooLarge) => Fold::TooLarge,
            _ => Fold::Not,
        },
        ExprKind::Broken => Fold::Broken,
        _ => Fold::Not,
    }
}

fn done(value: Result<Decimal, NumError>, dim: Dim, tag: Tag) -> Fold {
    value.map_or(Fold::TooLarge, |value| Fold::Ok(Num { value, dim, tag }))
}

fn combine(op: BinaryOp, a: Num, b: Num) -> Fold {
    match op {
        BinaryOp::Add if a.dim == b.dim => done(a.value.add(b.value), a.dim, a.tag),
        BinaryOp::Sub if a.dim == b.dim => done(a.value.sub(b.value), a.dim, a.tag),
        BinaryOp::Mul => {
            let v = a.value.mul(b.value);
            done(
                shifted(v, units::shift_mul(a.dim, b.dim)),
                a.dim.mul(b.dim),
                Tag::Plain,
            )
        }
        BinaryOp::Div if !b.value.is_zero() => {
            let v = a.value.div(b.value);
            done(
                shifted(v, units::shift_div(a.dim, b.dim)),
                a.dim.div(b.dim),
                Tag::Plain,
            )
        }
        _ => Fold::Not,
    }
}

fn shifted(v: Result<Decimal, NumError>, n: i32) -> Result<Decimal, NumError> {
    match n {
        0 => v,
        n if n > 0 => v?.mul(HOUR),
        _ => v?.div(HOUR),
    }
}

/// A number of a wanted dimension.
pub(crate) fn number_of(e: &Expr, dim: Dim, sink: &mut Sink) -> Option<Decimal> {
    let n = number(e, sink)?;
    if n.dim == dim {
        return Some(n.value);
    }
    sink.push(unit_error(e, n.dim, dim, sink));
    None
}

/// A number has another unit than wanted, or none.
pub(crate) fn unit_error(e: &Expr, got: Dim, want: Dim, sink: &Sink) -> Diagnostic {
    let (g, w) = (dim_text(got), dim_text(want));
    if got.is_pure()
        && let Some(word) = units::unit_word(want, sink.lang)
    {
        return Diagnostic::new(
            codes::UNIT_UNWRITTEN,
            e.span,
            jifen_diag::Text::new(
                format!("数字后面要写单位“{0}”", w.zh),
                format!("write the unit after the number: {0}", w.en),
            ),
        )
        .fix(
            e.span.at_end(),
            word,
            text!(zh = "补上单位", en = "add the unit"),
        );
    }
    Diagnostic::new(
        codes::UNIT_MISMATCH,
        e.span,
        jifen_diag::Text::new(
            format!("这里要的是{0}，写的是{1}", w.zh, g.zh),
            format!("this wants {0}, but {1} is written", w.en, g.en),
        ),
    )
}

/// A constant of a field or attribute type (defaults, test values).
pub(crate) fn value(e: &Expr, ty: &FieldType, sink: &mut Sink) -> Option<Value> {
    let wrong = |sink: &mut Sink| {
        let t = type_text(ty);
        sink.push(Diagnostic::new(
            codes::TYPE_MISMATCH,
            e.span,
            jifen_diag::Text::new(
                format!("这里要的是{0}", t.zh),
                format!("this wants {0}", t.en),
            ),
        ));
        None
    };
    match (ty, &e.kind) {
        (_, ExprKind::Broken) => None,
        (FieldType::Number(dim), _) => {
            if matches!(
                e.kind,
                ExprKind::Name(_) | ExprKind::Text(_) | ExprKind::YesNo(_)
            ) {
                return wrong(sink);
            }
            number_of(e, *dim, sink).map(Value::Num)
        }
        (FieldType::Percent, _) => number_of(e, Dim::PURE, sink).map(Value::Num),
        (FieldType::YesNo, ExprKind::YesNo(b)) => Some(Value::YesNo(*b)),
        (FieldType::Date, ExprKind::Date(d)) => day(d, sink).map(Value::Date),
        (FieldType::Instant, ExprKind::Date(d)) => day(d, sink).map(|d| Value::Instant(d.start())),
        (FieldType::Instant, ExprKind::Instant(d, s)) => {
            day(d, sink).map(|d| Value::Instant(Instant::from_day_seconds(d, *s)))
        }
        (FieldType::Choice(words), _) => {
            let Some(word) = word(e) else {
                return wrong(sink);
            };
            if words.contains(&word) {
                return Some(Value::Text(word));
            }
            sink.push(option_error(e, &word, words));
            None
        }
        (FieldType::Refs(_), _) => match word(e) {
            Some(w) => Some(Value::several(vec![w])),
            None => wrong(sink),
        },
        (FieldType::Text | FieldType::Group | FieldType::Ref(_), _) => match word(e) {
            Some(w) => Some(Value::Text(w)),
            None => wrong(sink),
        },
        _ => wrong(sink),
    }
}

/// A text or a bare word (also a number written where a word may stand).
pub(crate) fn word(e: &Expr) -> Option<String> {
    match &e.kind {
        ExprKind::Text(t) => Some(t.clone()),
        ExprKind::Name(n) => Some(n.text.clone()),
        ExprKind::YesNo(true) => Some("是".to_owned()),
        ExprKind::YesNo(false) => Some("否".to_owned()),
        ExprKind::Number(q) if q.unit.is_none() => Some(q.digits.clone()),
        _ => None,
    }
}

/// A word that is not one of the options.
pub(crate) fn option_error(e: &Expr, word: &str, words: &[String]) -> Diagnostic {
    let (list, en) = jifen_diag::listed(words);
    let mut d = Diagnostic::new(
        codes::UNKNOWN_OPTION,
        e.span,
        text!(
            zh = "选项里没有“{word}”，只有：{list}",
            en = "“{word}” is not one of the options: {en}"
        ),
    );
    if let Some(s) = jifen_diag::suggest(word, words.iter().map(String::as_str)) {
        d = d.fix(
            e.span,
            s,
            text!(zh = "改成“{s}”", en = "change it to “{s}”"),
        );
    }
    d
}

/// A field type in words.
pub(crate) fn type_text(ty: &FieldType) -> jifen_diag::Text {
    match ty {
        FieldType::Text => text!(zh = "文本", en = "text"),
        FieldType::Number(d) => dim_text(*d),
        FieldType::Percent => text!(zh = "百分数", en = "a percentage"),
        FieldType::YesNo => text!(zh = "是或否", en = "yes or no"),
        FieldType::Date => text!(zh = "日期", en = "a date"),
        FieldType::Instant => text!(zh = "时刻", en = "an instant"),
        FieldType::Choice(w) => {
            let (list, en) = jifen_diag::listed(w);
            text!(zh = "选项（{list}）", en = "one of ({en})")
        }
        FieldType::Group => text!(zh = "组名", en = "a group"),
        FieldType::Ref(_) => text!(zh = "名册里的人", en = "a row of a roster"),
        FieldType::Refs(_) => text!(zh = "名册里的几个人", en = "several rows of a roster"),
        FieldType::Span => text!(zh = "时段", en = "a span"),
    }
}
