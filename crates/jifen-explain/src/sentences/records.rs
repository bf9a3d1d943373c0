//! Rosters and records: who can hold points, what is entered, what is refused.

use std::cell::RefCell;

use jifen_diag::Lang;
use jifen_plan::{
    Attr, EventAt, Field, FieldType, Kind, Move, Overlap, Plan, Roster, RosterIx, Split,
};

use super::block::{Block, Sentence, Table};
use super::points::of_version;
use super::prose::{Prose, Tables, name, noun, show_of};
use super::say;
use crate::quantity::{Show, shown};
use crate::words::Scope;

/// All rosters.
pub(super) fn rosters(plan: &Plan, lang: Lang) -> Vec<Block> {
    let tables = RefCell::new(Tables::default());
    let mut out = Vec::new();
    for (at, roster) in (0_u16..).zip(&plan.rosters) {
        let scope = Scope {
            kind: None,
            roster: Some(RosterIx(at)),
            around: None,
            joins: None,
        };
        let p = Prose::new(plan, scope, lang, &tables);
        let Roster {
            name: called,
            attrs,
        } = roster;
        out.push(Block::heading(3, noun(called, lang)));
        let row = |a: &Attr| {
            let Attr { name, ty } = a;
            vec![name.clone(), field_type(&p, ty)]
        };
        if attrs.is_empty() {
            let none = lang.pick("没有另外登记的属性。", "It has no attributes.");
            out.push(Block::Para(none.to_owned()));
        } else {
            out.push(Block::Table(Table {
                caption: None,
                head: vec![
                    lang.pick("属性", "attribute").to_owned(),
                    lang.pick("写什么", "what it holds").to_owned(),
                ],
                rows: attrs.iter().map(row).collect(),
            }));
        }
        let own = plan.moves.iter().filter(|m| m.roster == RosterIx(at));
        let own: Vec<Sentence> = own.map(|m| Sentence::plain(moves(&p, m))).collect();
        if !own.is_empty() {
            out.push(Block::List(own));
        }
    }
    out
}

/// What becomes of points when a member is in another group.
fn moves(p: &Prose<'_>, m: &Move) -> String {
    let Move {
        roster,
        attr,
        version,
        group,
        follow,
        split,
        currencies,
    } = m;
    let lang = p.lang();
    let attrs = p.plan().rosters.get(roster.ix());
    let attr = attrs.and_then(|r| r.attrs.get(attr.ix()));
    let attr = name(attr.map_or("?", |a| a.name.as_str()));
    let group = p.roster(*group);
    let follow = match follow {
        true => lang.pick(
            "本人带来的、还没有用掉的分跟着走",
            "what is left of what the member brought goes along",
        ),
        false => lang.pick("分留在原处", "the points stay"),
    };
    let split = match split {
        Split::Keep => lang.pick("分也留在原处", "the points stay, too"),
        Split::Share => lang.pick(
            "余额按人头分给分出去的人",
            "those who leave take their share of the balance by heads",
        ),
        Split::Clear => lang.pick("余额归零", "the balance lapses"),
    };
    let points = p.credit(currencies);
    let text = say!(
        lang,
        "{}变动、换到另一个{}的，{}；有人分出去另立新户、原户还有人的，{}。管的是{}。",
        "When {} changes to another {}, {}; when members found a new one while others stay, {}. This is for {}.",
        attr,
        group,
        follow,
        split,
        points
    );
    of_version(p, *version, text)
}

/// `选项：A、B`
fn field_type(p: &Prose<'_>, ty: &FieldType) -> String {
    let lang = p.lang();
    match ty {
        FieldType::Text => lang.pick("文字", "text").to_owned(),
        FieldType::Number(dim) => {
            let unit = match show_of(*dim) {
                Show::Dim(d) => crate::quantity::unit(d, false, lang),
                _ => format!("{dim:?}"),
            };
            match unit.is_empty() {
                true => lang.pick("数", "number").to_owned(),
                false => say!(lang, "数（{}）", "number ({})", unit),
            }
        }
        FieldType::Percent => lang.pick("百分数", "percentage").to_owned(),
        FieldType::YesNo => lang.pick("是或否", "yes or no").to_owned(),
        FieldType::Date => lang.pick("日期", "date").to_owned(),
        FieldType::Instant => lang.pick("日期和钟点", "date and time").to_owned(),
        FieldType::Choice(options) => {
            let all = p.list(options.iter().map(|o| name(o)).collect());
            say!(lang, "选一个：{}", "one of {}", all)
        }
        FieldType::Group => lang.pick("组的名称", "name of a group").to_owned(),
        FieldType::Ref(r) => say!(
            lang,
            "{}名册里的一个",
            "one row of the roster {}",
            p.roster(*r)
        ),
        FieldType::Span => lang.pick("从何时到何时", "from when to when").to_owned(),
        FieldType::Refs(r) => say!(
            lang,
            "{}名册里的几个",
            "several rows of the roster {}",
            p.roster(*r)
        ),
    }
}

/// All kinds of records.
pub(super) fn kinds(plan: &Plan, lang: Lang) -> Vec<Block> {
    let tables = RefCell::new(Tables::default());
    let mut out = Vec::new();
    for kind in &plan.kinds {
        let scope = Scope {
            kind: None,
            roster: Some(kind.subject),
            around: None,
            joins: None,
        };
        let p = Prose::new(plan, scope, lang, &tables);
        out.extend(one(&p, kind));
    }
    out
}

fn one(p: &Prose<'_>, kind: &Kind) -> Vec<Block> {
    let Kind {
        name: called,
        subject,
        period,
        off_roster,
        fields,
        span,
        overlap,
        at,
    } = kind;
    let lang = p.lang();
    let mut out = vec![Block::heading(3, called.clone())];
    let roster = p.roster(*subject);
    let mut says = vec![match period {
        Some(unit) => say!(
            lang,
            "每个{}每{}一条。",
            "One for each {} and {}.",
            roster,
            p.unit(*unit)
        ),
        None => say!(
            lang,
            "记在{}名下。",
            "It belongs to a row of the roster {}.",
            roster
        ),
    }];
    if *off_roster {
        let text = say!(
            lang,
            "不在{}名册上的也收。",
            "Also of those who are not on the roster {}.",
            roster
        );
        says.push(text);
    }
    let field = |f: jifen_plan::FieldIx| fields.get(f.ix()).map_or("?", |f| f.name.as_str());
    match at {
        EventAt::Start if span.is_none() => {}
        EventAt::Start => says.push(
            lang.pick(
                "发生日是开始那天。",
                "The event day is that of its beginning.",
            )
            .to_owned(),
        ),
        EventAt::End => says.push(
            lang.pick("发生日是结束那天。", "The event day is that of its end.")
                .to_owned(),
        ),
        EventAt::Entry => says.push(
            lang.pick("发生日是登记日。", "The event day is the entry day.")
                .to_owned(),
        ),
        EventAt::Field(f) => says.push(say!(
            lang,
            "发生日看{}。",
            "The event day is {}.",
            name(field(*f))
        )),
    }
    if let Some(s) = span {
        let s = name(field(*s));
        says.push(match overlap {
            Overlap::Once => say!(
                lang,
                "同一对象的{}有重叠的，重叠的时间只计一次，归先开始的。",
                "Where two {} of one subject overlap, that time counts once, for the earlier one.",
                s
            ),
            Overlap::Each => say!(
                lang,
                "同一对象的{}有重叠的，各计各的。",
                "Where two {} of one subject overlap, each counts.",
                s
            ),
            Overlap::Reject => say!(
                lang,
                "同一对象的{}有重叠的，后开始的不收。",
                "Where two {} of one subject overlap, the later one is refused.",
                s
            ),
        });
    }
    out.push(Block::Para(says.join(lang.pick("", " "))));
    if !fields.is_empty() {
        let pick = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
        out.push(Block::Table(Table {
            caption: None,
            head: vec![
                pick("栏", "field"),
                pick("写什么", "what it holds"),
                pick("空白时", "if blank"),
            ],
            rows: fields.iter().map(|f| row(p, f)).collect(),
        }));
    }
    out
}

fn row(p: &Prose<'_>, f: &Field) -> Vec<String> {
    let Field {
        name,
        ty,
        default,
        required,
        range,
        whole,
    } = f;
    let lang = p.lang();
    let show = match ty {
        FieldType::Number(dim) => show_of(*dim),
        FieldType::Percent => Show::Percent,
        _ => Show::Raw,
    };
    let mut holds = vec![field_type(p, ty)];
    if *whole {
        holds.push(lang.pick("整数", "whole").to_owned());
    }
    if let Some((low, high)) = range {
        let (low, high) = (shown(*low, show, lang), shown(*high, show, lang));
        holds.push(say!(
            lang,
            "{}至{}，之外的不收",
            "{} to {}, others are refused",
            low,
            high
        ));
    }
    let blank = match (default, required) {
        (Some(v), required) => {
            let v = p.constant(v, show).0;
            let also = match required {
                true => lang.pick("（必填）", " (required)"),
                false => "",
            };
            say!(lang, "当作{}{}", "taken as {}{}", v, also)
        }
        (None, true) => lang.pick("不收", "the record is refused").to_owned(),
        (None, false) => lang
            .pick("用到时无法判断", "what needs it cannot be told")
            .to_owned(),
    };
    vec![name.clone(), holds.join(lang.pick("，", ", ")), blank]
}
