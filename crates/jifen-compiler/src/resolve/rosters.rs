//! Rosters of all versions, merged by name and sorted.

use std::collections::BTreeMap;

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Attr, FieldType, Roster, RosterIx};
use jifen_quantity::Dim;
use jifen_syntax::ast::{FieldDecl, TypeExpr, TypeKind, Unit};

use super::{Sym, World};
use crate::sink::Sink;
use crate::units;

/// Fills `w.rosters` and binds roster names.
pub(super) fn merge(w: &mut World<'_>, sink: &mut Sink) {
    let mut names: Vec<String> = Vec::new();
    for v in &w.versions {
        names.extend(v.rosters.keys().map(|n| (*n).to_owned()));
    }
    names.sort();
    names.dedup();
    for v in &mut w.versions {
        for (i, n) in names.iter().enumerate() {
            if v.rosters.contains_key(n.as_str())
                && let Some(entry) = v.names.get_mut(n)
            {
                entry.0 = Sym::Roster(RosterIx(u16::try_from(i).unwrap_or(u16::MAX)));
            }
        }
    }
    let mut merged: Vec<BTreeMap<String, (FieldType, Span)>> = vec![BTreeMap::new(); names.len()];
    for v in 0..w.versions.len() {
        let Some(version) = w.versions.get(v) else {
            continue;
        };
        sink.lang = version.lang;
        for (i, n) in names.iter().enumerate() {
            let Some(decl) = version.rosters.get(n.as_str()) else {
                continue;
            };
            let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
            for f in &decl.fields {
                if !fresh(f, &mut seen, sink) {
                    continue;
                }
                let Some(ty) =
                    f.ty.as_ref()
                        .and_then(|t| field_type(t, true, &names, sink))
                else {
                    continue;
                };
                if let Some(target) = merged.get_mut(i) {
                    join_type(target, f, ty, sink);
                }
            }
        }
    }
    w.rosters = names
        .into_iter()
        .zip(merged)
        .map(|(name, attrs)| Roster {
            name,
            attrs: attrs
                .into_iter()
                .map(|(name, (ty, _))| Attr { name, ty })
                .collect(),
        })
        .collect();
}

/// A field name that stands for the first time; a second one is reported.
pub(super) fn fresh<'f>(
    f: &'f FieldDecl,
    seen: &mut BTreeMap<&'f str, Span>,
    sink: &mut Sink,
) -> bool {
    if let Some(first) = seen.get(f.name.text.as_str()) {
        sink.push(
            Diagnostic::new(
                codes::DUPLICATE_NAME,
                f.name.span,
                text!(
                    zh = "字段“{}”写了两次",
                    en = "the field “{}” stands twice",
                    f.name.text
                ),
            )
            .label(*first, text!(zh = "先在这里", en = "first here")),
        );
        return false;
    }
    super::amounts::amount(&f.name, sink);
    seen.insert(&f.name.text, f.name.span);
    true
}

/// Adds a field's type to those of other versions: the same type, or options put together.
pub(super) fn join_type(
    into: &mut BTreeMap<String, (FieldType, Span)>,
    f: &FieldDecl,
    ty: FieldType,
    sink: &mut Sink,
) {
    let Some((old, place)) = into.get_mut(&f.name.text) else {
        into.insert(f.name.text.clone(), (ty, f.name.span));
        return;
    };
    match (old, ty) {
        (FieldType::Choice(a), FieldType::Choice(b)) => {
            a.extend(b);
            a.sort();
            a.dedup();
        }
        (a, b) if *a == b => {}
        _ => {
            let place = *place;
            sink.push(
                Diagnostic::new(
                    codes::VERSIONS_DISAGREE,
                    f.span,
                    text!(
                        zh = "“{}”的类型与另一版本不同；类型变了请另起一个字段名",
                        en = "“{}” has another type in another version; give the new one another name",
                        f.name.text
                    ),
                )
                .label(place, text!(zh = "另一版本", en = "the other version")),
            );
        }
    }
}

/// A written type; options are sorted.
pub(super) fn field_type(
    t: &TypeExpr,
    roster: bool,
    rosters: &[String],
    sink: &mut Sink,
) -> Option<FieldType> {
    Some(match &t.kind {
        TypeKind::Text => FieldType::Text,
        TypeKind::Number | TypeKind::Whole => FieldType::Number(Dim::PURE),
        TypeKind::Percent | TypeKind::Unit(Unit::Percent) => FieldType::Percent,
        TypeKind::Date => FieldType::Date,
        TypeKind::Instant => FieldType::Instant,
        TypeKind::Span if roster => {
            sink.push(wrong(
                t.span,
                "名册的属性不能是时段",
                "an attribute of a roster cannot be a span",
            ));
            return None;
        }
        TypeKind::Span => FieldType::Span,
        TypeKind::YesNo => FieldType::YesNo,
        TypeKind::Choice(words) => {
            let mut out: Vec<String> = Vec::new();
            for word in words {
                if out.contains(&word.text) {
                    sink.push(Diagnostic::new(
                        codes::DUPLICATE_NAME,
                        word.span,
                        text!(
                            zh = "选项“{}”写了两次",
                            en = "the option “{}” stands twice",
                            word.text
                        ),
                    ));
                } else {
                    out.push(word.text.clone());
                }
            }
            out.sort();
            FieldType::Choice(out)
        }
        TypeKind::Group if roster => FieldType::Group,
        TypeKind::Group => {
            sink.push(wrong(
                t.span,
                "组只能写在名册里：记录的字段写“文本”，或从名册读",
                "groups belong to rosters: make the field a text, or read the roster's group",
            ));
            return None;
        }
        TypeKind::Unit(u) => unit_type(*u, t.span, sink)?,
        TypeKind::Refs(name) if !roster => {
            sink.push(
                Diagnostic::new(
                    codes::SEVERAL_PLACE,
                    t.span,
                    text!(
                        zh = "“多个”只写在名册里：一条记录的一栏是一个人",
                        en = "“several” belongs to rosters: a field of a record names one"
                    ),
                )
                .help(text!(
                    zh = "几个人一起做的，各填一条记录；固定的关系（家长、子女）写在名册“{0}”里",
                    en = "of what several do together each has a record; standing relations (parents, children) belong in the roster “{0}”",
                    name.text
                )),
            );
            return None;
        }
        TypeKind::Ref(name) | TypeKind::Refs(name) => {
            let Ok(ix) = rosters.binary_search(&name.text) else {
                let types = [
                    "文本",
                    "数",
                    "整数",
                    "日期",
                    "时刻",
                    "时段",
                    "是否",
                    "选项",
                    "小时",
                    "分",
                    "元",
                    "次",
                    "百分数",
                ];
                let all = rosters.iter().map(String::as_str).chain(types);
                sink.unknown(name, &text!(zh = "类型或名册", en = "type or roster"), all);
                return None;
            };
            let to = RosterIx(u16::try_from(ix).unwrap_or(u16::MAX));
            match t.kind {
                TypeKind::Refs(_) => FieldType::Refs(to),
                _ => FieldType::Ref(to),
            }
        }
    })
}

fn wrong(span: Span, zh: &str, en: &str) -> Diagnostic {
    Diagnostic::new(codes::TYPE_MISMATCH, span, jifen_diag::Text::new(zh, en))
}

/// Numbers in files are written in one unit for each dimension.
fn unit_type(u: Unit, span: Span, sink: &mut Sink) -> Option<FieldType> {
    let instead = match u {
        Unit::Points
        | Unit::Hours
        | Unit::Times
        | Unit::Cases
        | Unit::People
        | Unit::Households
        | Unit::Votes
        | Unit::Yuan => return Some(FieldType::Number(units::unit_dim(u))),
        Unit::Minutes => ("小时", "hours"),
        Unit::TenThousandYuan => ("元", "yuan"),
        _ => ("数", "number"),
    };
    sink.push(
        Diagnostic::new(
            codes::FIELD_UNIT,
            span,
            jifen_diag::Text::new(format!("字段里的数一律以“{0}”填报，请写成“{0}”；条文里的数仍可用别的单位，如 90分钟", instead.0), format!("data are written in {0}: give the field that unit; the rules may still say 90 minutes", instead.1)),
        )
        .fix(
            span,
            sink.kw(instead.0, instead.1),
            text!(zh = "改用这个单位", en = "use this unit"),
        ),
    );
    None
}
