//! Kinds of fact of all versions, merged by name; fields sorted, grading roles as a field.

use std::collections::BTreeMap;

use jifen_calendar::Period;
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{EventAt, Field, FieldIx, FieldType, Kind, KindIx, Overlap, RosterIx, Value};
use jifen_quantity::{Decimal, Dim};
use jifen_syntax::ast::{AtWord, FieldDecl, OverlapWord, PeriodWord, RecordDecl, TypeKind};

use super::rosters::{field_type, fresh, join_type};
use super::{Sym, VersionSrc, World};
use crate::constant;
use crate::sink::Sink;

/// The field that 评定人 adds.
pub(crate) const GRADED_BY: &str = "评定人";

/// The period of a word.
pub(crate) fn period(p: PeriodWord) -> Period {
    match p {
        PeriodWord::Day => Period::Day,
        PeriodWord::Week => Period::Week,
        PeriodWord::Month => Period::Month,
        PeriodWord::Quarter => Period::Quarter,
        PeriodWord::HalfYear => Period::HalfYear,
        PeriodWord::Year => Period::Year,
    }
}

/// `每月`, `per month`.
pub(crate) fn every(unit: Period) -> (&'static str, &'static str) {
    match unit {
        Period::Day => ("每日", "per day"),
        Period::Week => ("每周", "per week"),
        Period::Month => ("每月", "per month"),
        Period::Quarter => ("每季度", "per quarter"),
        Period::HalfYear => ("每半年", "per half-year"),
        Period::Year => ("每年", "per year"),
    }
}

#[derive(Clone, PartialEq)]
struct Extra {
    default: Option<Value>,
    range: Option<(Decimal, Decimal)>,
    whole: bool,
    required: bool,
}

#[derive(Clone)]
struct Draft {
    subject: RosterIx,
    period: Option<Period>,
    off_roster: bool,
    overlap: Option<Overlap>,
    at: At,
    span: Span,
    types: BTreeMap<String, (FieldType, Span)>,
    extras: BTreeMap<String, Extra>,
}

#[derive(Clone, PartialEq)]
enum At {
    Start,
    End,
    Entry,
    Field(String),
}

/// Fills `w.kinds` and binds record names.
pub(super) fn merge(w: &mut World<'_>, sink: &mut Sink) {
    let rosters: Vec<String> = w.rosters.iter().map(|r| r.name.clone()).collect();
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    for v in &w.versions {
        sink.lang = v.lang;
        let mut records: Vec<_> = v.records.values().collect();
        records.sort_by_key(|(d, _)| d.name.span);
        for (decl, span) in records {
            let Some(draft) = draft(decl, *span, v, &rosters, sink) else {
                continue;
            };
            match drafts.get_mut(&decl.name.text) {
                None => {
                    drafts.insert(decl.name.text.clone(), draft);
                }
                Some(old) => join(old, draft, decl, sink),
            }
        }
    }
    let names: Vec<String> = drafts.keys().cloned().collect();
    for v in &mut w.versions {
        for (i, n) in names.iter().enumerate() {
            if v.records.contains_key(n.as_str())
                && let Some(entry) = v.names.get_mut(n)
            {
                entry.0 = Sym::Kind(KindIx(u16::try_from(i).unwrap_or(u16::MAX)));
            }
        }
    }
    w.kinds = drafts.into_iter().map(|(n, d)| finish(n, d)).collect();
}

fn finish(name: String, d: Draft) -> Kind {
    let ix = |f: &str| {
        let at = d.types.keys().position(|n| n == f)?;
        Some(FieldIx(u16::try_from(at).unwrap_or(u16::MAX)))
    };
    let span = d
        .types
        .iter()
        .find(|(_, (t, _))| *t == FieldType::Span)
        .and_then(|(n, _)| ix(n));
    let at = match &d.at {
        At::Start => EventAt::Start,
        At::End => EventAt::End,
        At::Entry => EventAt::Entry,
        At::Field(f) => ix(f).map_or(EventAt::Start, EventAt::Field),
    };
    let fields = d
        .types
        .iter()
        .map(|(name, (ty, _))| {
            let e = d.extras.get(name);
            Field {
                name: name.clone(),
                ty: ty.clone(),
                default: e.and_then(|e| e.default.clone()),
                required: e.is_some_and(|e| e.required),
                range: e.and_then(|e| e.range),
                whole: e.is_some_and(|e| e.whole),
            }
        })
        .collect();
    Kind {
        name,
        subject: d.subject,
        period: d.period,
        off_roster: d.off_roster,
        fields,
        span,
        overlap: d.overlap.unwrap_or(Overlap::Each),
        at,
    }
}

/// A later version of a record: new fields come in, what both have must agree.
fn join(old: &mut Draft, new: Draft, decl: &RecordDecl, sink: &mut Sink) {
    let mut same = old.subject == new.subject
        && old.period == new.period
        && old.off_roster == new.off_roster
        && old.overlap == new.overlap
        && old.at == new.at;
    for (name, extra) in &mut old.extras {
        match new.extras.get(name) {
            // A field that one version lacks cannot be demanded of that version's facts.
            None => extra.required = false,
            Some(e) => same &= e == extra,
        }
    }
    for (name, mut e) in new.extras {
        old.extras.entry(name).or_insert_with(|| {
            e.required = false;
            e
        });
    }
    for f in &decl.fields {
        if let Some((ty, _)) = new.types.get(&f.name.text) {
            join_type(&mut old.types, f, ty.clone(), sink);
        }
    }
    if let Some((ty, _)) = new.types.get(GRADED_BY)
        && let Some((FieldType::Choice(a), _)) = old.types.get_mut(GRADED_BY)
        && let FieldType::Choice(b) = ty
    {
        a.extend(b.iter().cloned());
        a.sort();
        a.dedup();
    } else if let Some(t) = new.types.get(GRADED_BY) {
        old.types.insert(GRADED_BY.to_owned(), t.clone());
    }
    if !same {
        sink.push(
            Diagnostic::new(
                codes::VERSIONS_DISAGREE,
                decl.name.span,
                text!(
                    zh = "记录“{}”在各版本里不一致：对象、周期、重叠、时点、幅度、缺省、必填都要相同；要改就另起一种记录",
                    en = "the record “{}” differs between versions: subject, period, overlap, event date, ranges, defaults and required fields must agree; declare a new record to change them",
                    decl.name.text
                ),
            )
            .label(old.span, text!(zh = "另一版本", en = "the other version")),
        );
    }
}

fn draft(
    decl: &RecordDecl,
    span: Span,
    v: &VersionSrc<'_>,
    rosters: &[String],
    sink: &mut Sink,
) -> Option<Draft> {
    let subject = subject(decl, v, rosters, span, sink);
    let mut types: BTreeMap<String, (FieldType, Span)> = BTreeMap::new();
    let mut extras: BTreeMap<String, Extra> = BTreeMap::new();
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for f in &decl.fields {
        if !fresh(f, &mut seen, sink) {
            continue;
        }
        let Some(ty) =
            f.ty.as_ref()
                .and_then(|t| field_type(t, false, rosters, sink))
        else {
            continue;
        };
        if ty == FieldType::Span
            && let Some((_, (_, first))) = types.iter().find(|(_, (t, _))| *t == FieldType::Span)
        {
            sink.push(
                Diagnostic::new(
                    codes::RECORD_SPANS,
                    f.span,
                    text!(
                        zh = "一种记录只能有一个时段字段；另一段时间请用两个“时刻”字段，或另立一种记录",
                        en = "a record has one span; use two instants for the other time, or another record"
                    ),
                )
                .label(*first, text!(zh = "已有的时段", en = "the span it has")),
            );
            continue;
        }
        extras.insert(f.name.text.clone(), extra(f, &ty, sink));
        types.insert(f.name.text.clone(), (ty, f.name.span));
        grading(f, &mut types, &mut extras, sink);
    }
    let at = event_at(decl, &types, sink);
    overlap_rule(decl, span, &types, sink);
    let period = decl.period.map(|(p, at)| {
        if types.values().any(|(t, _)| *t == FieldType::Span) {
            sink.push(Diagnostic::new(
                codes::PERIOD_MISMATCH,
                at,
                text!(
                    zh = "每期一行的记录没有起止时间：删去时段字段，或删去“每……”",
                    en =
                        "a record with one row per period has no span: drop the span or the period"
                ),
            ));
        }
        period(p)
    });
    Some(Draft {
        subject: subject?,
        period,
        off_roster: decl.off_roster,
        overlap: decl.overlap.map(|(o, _)| match o {
            OverlapWord::Once => Overlap::Once,
            OverlapWord::Each => Overlap::Each,
            OverlapWord::Reject => Overlap::Reject,
        }),
        at,
        span,
        types,
        extras,
    })
}

fn subject(
    decl: &RecordDecl,
    v: &VersionSrc<'_>,
    rosters: &[String],
    span: Span,
    sink: &mut Sink,
) -> Option<RosterIx> {
    let Some(name) = &decl.subject else {
        if sink.lost_in(span) {
            return None;
        }
        let only = rosters.first().filter(|_| rosters.len() == 1);
        let example = only.map_or("居民", String::as_str);
        let word = sink.kw(" 对象 ", " for ");
        sink.push(
            Diagnostic::new(
                codes::SUBJECT_UNSTATED,
                decl.name.span,
                text!(
                    zh = "记录“{}”没有写明记的是谁的事，例如：记录 {0} 对象 {example}",
                    en = "the record “{}” does not say whose facts it holds, e.g. fact {0} for {example}",
                    decl.name.text
                ),
            )
            .fix(
                decl.name.span.at_end(),
                format!("{word}{example}"),
                text!(zh = "补上对象", en = "add the subject"),
            ),
        );
        return None;
    };
    match v.names.get(&name.text) {
        Some((Sym::Roster(ix), _)) => Some(*ix),
        Some((Sym::Poison, _)) => None,
        Some((other, at)) => {
            let sort = other.sort();
            sink.push(
                Diagnostic::new(
                    codes::WRONG_SORT_OF_NAME,
                    name.span,
                    jifen_diag::Text::new(
                        format!(
                            "“{0}”是{1}，不是名册；对象要写名册的名字",
                            name.text, sort.zh
                        ),
                        format!(
                            "“{0}” is a {1}, not a roster; the subject is a roster",
                            name.text, sort.en
                        ),
                    ),
                )
                .label(*at, text!(zh = "声明在这里", en = "declared here")),
            );
            None
        }
        None => {
            let known = v.names_where(|s| matches!(s, Sym::Roster(_)));
            sink.unknown(name, &text!(zh = "名册", en = "roster"), known);
            None
        }
    }
}

fn extra(f: &FieldDecl, ty: &FieldType, sink: &mut Sink) -> Extra {
    let whole_type =
        f.ty.as_ref()
            .is_some_and(|t| matches!(t.kind, TypeKind::Whole));
    let range = f.range.as_ref().and_then(|(a, b)| {
        let dim = match ty {
            FieldType::Number(d) => *d,
            FieldType::Percent => Dim::PURE,
            _ => {
                sink.push(Diagnostic::new(
                    codes::TYPE_MISMATCH,
                    a.span.to(b.span),
                    text!(
                        zh = "只有数才能写范围，“{}”不是数",
                        en = "only numbers have a range, and “{}” is none",
                        f.name.text
                    ),
                ));
                return None;
            }
        };
        let low = constant::number_of(a, dim, sink);
        let high = constant::number_of(b, dim, sink);
        let (low, high) = (low?, high?);
        if low > high {
            sink.push(reversed(a.span.to(b.span), sink));
            return None;
        }
        Some((low, high))
    });
    let default = f.default.as_ref().and_then(|e| {
        let mut probe = Sink::default();
        let value = constant::value(e, ty, &mut probe);
        let outside = match (&value, range) {
            (Some(Value::Num(n)), Some((a, b))) => *n < a || *n > b,
            _ => false,
        };
        let broken = matches!(e.kind, jifen_syntax::ast::ExprKind::Broken);
        if (value.is_none() || outside) && !broken {
            let t = constant::type_text(ty);
            sink.push(Diagnostic::new(
                codes::BAD_DEFAULT,
                e.span,
                jifen_diag::Text::new(
                    format!("“{0}”的缺省值要是{1}，并在它的范围之内", f.name.text, t.zh),
                    format!(
                        "the default of “{0}” must be {1}, and inside its range",
                        f.name.text, t.en
                    ),
                ),
            ));
            return None;
        }
        value
    });
    Extra {
        default,
        range,
        whole: f.whole || whole_type,
        required: f.required,
    }
}

/// A range written from the larger to the smaller.
pub(crate) fn reversed(span: Span, _: &Sink) -> Diagnostic {
    Diagnostic::new(
        codes::RANGE_REVERSED,
        span,
        text!(
            zh = "前一个数比后一个大：范围从小写到大",
            en = "the first number is larger than the second: write the range from small to large"
        ),
    )
}

/// 评定人: an extra field that holds one of the listed words where a source has it. It is not required: office exports
/// name the grader nowhere, and the graded value itself is checked by its range (S12).
fn grading(
    f: &FieldDecl,
    types: &mut BTreeMap<String, (FieldType, Span)>,
    extras: &mut BTreeMap<String, Extra>,
    sink: &mut Sink,
) {
    let Some(first) = f.graded_by.first() else {
        return;
    };
    if types.contains_key(GRADED_BY) {
        sink.push(Diagnostic::new(
            codes::DUPLICATE_NAME,
            first.span,
            text!(
                zh = "“评定人”会成为记录的一个字段，这种记录里已经有了",
                en = "“graded by” becomes a field of the record, and there is one already"
            ),
        ));
        return;
    }
    let mut words: Vec<String> = f.graded_by.iter().map(|n| n.text.clone()).collect();
    words.sort();
    words.dedup();
    types.insert(GRADED_BY.to_owned(), (FieldType::Choice(words), first.span));
    let optional = Extra {
        default: None,
        range: None,
        whole: false,
        required: false,
    };
    extras.insert(GRADED_BY.to_owned(), optional);
}

fn event_at(decl: &RecordDecl, types: &BTreeMap<String, (FieldType, Span)>, sink: &mut Sink) -> At {
    let Some((word, span)) = &decl.at else {
        return At::Start;
    };
    let has_span = types.values().any(|(t, _)| *t == FieldType::Span);
    match word {
        AtWord::Start => At::Start,
        AtWord::Entry => At::Entry,
        AtWord::End if has_span => At::End,
        AtWord::End
            if decl
                .fields
                .iter()
                .any(|f| !types.contains_key(&f.name.text)) =>
        {
            At::Start
        }
        AtWord::End => {
            sink.push(Diagnostic::new(
                codes::EVENT_DATE,
                *span,
                text!(
                    zh = "这种记录没有时段，也就没有“结束”；写开始、登记，或一个日期字段",
                    en = "this record has no span and so no end; write start, entry, or a date field"
                ),
            ));
            At::Start
        }
        AtWord::Field(name) => match types.get(&name.text) {
            Some((FieldType::Date | FieldType::Instant, _)) => At::Field(name.text.clone()),
            Some((other, _)) => {
                let t = constant::type_text(other);
                sink.push(Diagnostic::new(
                    codes::EVENT_DATE,
                    name.span,
                    jifen_diag::Text::new(
                        format!("“时点”要指一个日期或时刻字段，“{0}”是{1}", name.text, t.zh),
                        format!(
                            "the event date is a date or instant field; “{0}” is {1}",
                            name.text, t.en
                        ),
                    ),
                ));
                At::Start
            }
            None => {
                let dates = types
                    .iter()
                    .filter(|(_, (t, _))| matches!(t, FieldType::Date | FieldType::Instant));
                let names: Vec<&str> = dates.map(|(n, _)| n.as_str()).collect();
                let declared = decl.fields.iter().any(|f| f.name.text == name.text);
                if !declared && !sink.lost_in(decl.name.span.to(*span)) {
                    sink.unknown(name, &text!(zh = "日期字段", en = "date field"), names);
                }
                At::Start
            }
        },
    }
}

fn overlap_rule(
    decl: &RecordDecl,
    whole: Span,
    types: &BTreeMap<String, (FieldType, Span)>,
    sink: &mut Sink,
) {
    let Some((_, span)) = decl.overlap else {
        return;
    };
    let lost = sink.lost_in(whole)
        || decl
            .fields
            .iter()
            .any(|f| !types.contains_key(&f.name.text));
    if !lost && !types.values().any(|(t, _)| *t == FieldType::Span) {
        sink.push(
            Diagnostic::new(
                codes::OVERLAP_NOT_HERE,
                span,
                text!(
                    zh = "这种记录没有时段字段，时间不会重叠",
                    en = "this record has no span, so nothing can overlap"
                ),
            )
            .fix(
                span,
                "",
                text!(zh = "删去“重叠”", en = "drop the overlap rule"),
            ),
        );
    }
}
