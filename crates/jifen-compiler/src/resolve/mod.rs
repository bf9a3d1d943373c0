//! First pass: versions on the time line, declarations merged by name, and one name space per version.
//!
//! Expressions are not looked at here, except the constants of declarations. Everything is sorted by name, so that the
//! written order of declarations never reaches the Plan.

mod amounts;
mod days;
mod life;
mod measures;
mod money;
mod records;
mod rosters;
mod standings;
mod versions;

pub(crate) use days::{feast, known_years};
pub(crate) use measures::MeasureSrc;
pub(crate) use money::{FollowSrc, ROUNDINGS, outside, precision, rounding, walk};
pub(crate) use records::{GRADED_BY, every, period, reversed};
pub(crate) use standings::StandingSrc;

use std::collections::BTreeMap;

use jifen_calendar::{ClockWindow, Day};
use jifen_diag::{Diagnostic, Lang, Span, codes, text};
use jifen_plan as plan;
use jifen_plan::{
    CurrencyIx, KindIx, MeasureIx, ParamIx, Precision, RosterIx, StandingIx, VersionIx,
};
use jifen_syntax::ast::{
    CampaignDecl, CategoryDecl, Decl, DeclKind, File, ItemDecl, Name, PolicyDecl, RecordDecl,
    RosterDecl, TestDecl,
};

use crate::sink::Sink;

/// All versions with their names bound to indices of the Plan.
pub(crate) struct World<'a> {
    pub(crate) versions: Vec<VersionSrc<'a>>,
    pub(crate) rosters: Vec<plan::Roster>,
    pub(crate) kinds: Vec<plan::Kind>,
    pub(crate) currencies: Vec<plan::Currency>,
    pub(crate) currency_docs: Vec<Option<String>>,
    /// A currency said nothing about deductions that an empty account cannot cover.
    pub(crate) floor_stated: Vec<bool>,
    pub(crate) params: Vec<plan::Param>,
    pub(crate) follows: Vec<FollowSrc<'a>>,
    pub(crate) param_labels: Vec<plan::ParamLabel>,
    pub(crate) measures: Vec<MeasureSrc<'a>>,
    pub(crate) standings: Vec<StandingSrc<'a>>,
    pub(crate) zone: String,
    pub(crate) rule_date: plan::RuleDate,
}

/// One version: its text and its names.
pub(crate) struct VersionSrc<'a> {
    pub(crate) ix: VersionIx,
    pub(crate) file: &'a File,
    pub(crate) policy: Option<&'a PolicyDecl>,
    pub(crate) lang: Lang,
    pub(crate) name: String,
    pub(crate) from: Day,
    pub(crate) to: Option<Day>,
    pub(crate) names: BTreeMap<String, (Sym, Span)>,
    pub(crate) items: Vec<ItemSrc<'a>>,
    /// Category name → (path, items in it, by index into `items`).
    pub(crate) categories: BTreeMap<String, CategorySrc<'a>>,
    pub(crate) campaigns: BTreeMap<String, CampaignSrc<'a>>,
    pub(crate) rosters: BTreeMap<&'a str, &'a RosterDecl>,
    pub(crate) records: BTreeMap<&'a str, (&'a RecordDecl, Span)>,
    pub(crate) precision: BTreeMap<CurrencyIx, Precision>,
    /// Currencies whose precision is written wrongly: reported.
    pub(crate) precision_lost: Vec<CurrencyIx>,
    pub(crate) tests: Vec<(&'a TestDecl, Span)>,
}

/// A category of one version.
pub(crate) struct CategorySrc<'a> {
    pub(crate) decl: &'a CategoryDecl,
    pub(crate) path: Vec<String>,
}

/// A campaign of one version.
pub(crate) struct CampaignSrc<'a> {
    pub(crate) decl: &'a CampaignDecl,
    /// Its days; `None`: reported.
    pub(crate) days: Option<plan::DaySet>,
}

/// An item of one version with the categories around it, outermost first.
pub(crate) struct ItemSrc<'a> {
    pub(crate) decl: &'a ItemDecl,
    pub(crate) doc: Option<String>,
    pub(crate) span: Span,
    pub(crate) path: Vec<String>,
    pub(crate) chain: Vec<&'a CategoryDecl>,
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(crate) enum Sym {
    Roster(RosterIx),
    Kind(KindIx),
    Item,
    Category,
    Param(ParamIx),
    /// A parameter that follows measures, by index.
    Following(usize),
    Currency(CurrencyIx),
    Windows(Vec<ClockWindow>),
    Measure(MeasureIx),
    /// A rank, grade, flag or right.
    Standing(StandingIx),
    Campaign,
    /// Declared, but wrongly: already reported.
    Poison,
}

impl Sym {
    /// The sort of name, in words.
    pub(crate) fn sort(&self) -> jifen_diag::Text {
        match self {
            Sym::Roster(_) => text!(zh = "名册", en = "roster"),
            Sym::Kind(_) => text!(zh = "记录", en = "record"),
            Sym::Item => text!(zh = "项目", en = "item"),
            Sym::Category => text!(zh = "类别", en = "category"),
            Sym::Param(_) | Sym::Following(_) => text!(zh = "参数", en = "parameter"),
            Sym::Currency(_) => text!(zh = "积分", en = "points"),
            Sym::Windows(_) => text!(zh = "时段", en = "time window"),
            Sym::Measure(_) => text!(zh = "指标", en = "measure"),
            Sym::Standing(_) => text!(
                zh = "排名、等级、标记或权益",
                en = "ranking, grade, flag or right"
            ),
            Sym::Campaign => text!(zh = "活动期", en = "campaign"),
            Sym::Poison => text!(zh = "名称", en = "name"),
        }
    }
}

impl VersionSrc<'_> {
    /// The declaration around a name.
    pub(crate) fn decl_span(&self, name: Span) -> Option<Span> {
        let found = self.file.decls.iter().find(|d| d.span.contains(name));
        found.map(|d| d.span)
    }

    /// The names of one sort, for suggestions.
    pub(crate) fn names_where(&self, f: impl Fn(&Sym) -> bool) -> Vec<&str> {
        let all = self.names.iter().filter(|(_, (s, _))| f(s));
        all.map(|(n, _)| n.as_str()).collect()
    }
}

/// Indices of a Plan have 16 bits; several versions share them.
const MAX_NAMES: usize = 20_000;

/// Binds names; see the module.
pub(crate) fn resolve<'a>(files: &'a [File], sink: &mut Sink) -> World<'a> {
    let (mut versions, zone, rule_date) = versions::time_line(files, sink);
    for v in &mut versions {
        sink.lang = v.lang;
        collect(v, sink);
        if v.names.len() > MAX_NAMES {
            let at = v.file.decls.first().map_or(Span::DUMMY, |d| d.span);
            let n = v.names.len();
            sink.push(Diagnostic::new(
                codes::TOO_LARGE,
                at,
                text!(
                    zh = "一个文件最多声明 {MAX_NAMES} 个名称，这里有 {n} 个",
                    en = "a file declares at most {MAX_NAMES} names; this one has {n}"
                ),
            ));
        }
    }
    let mut w = World {
        versions,
        rosters: Vec::new(),
        kinds: Vec::new(),
        currencies: Vec::new(),
        currency_docs: Vec::new(),
        param_labels: Vec::new(),
        floor_stated: Vec::new(),
        params: Vec::new(),
        follows: Vec::new(),
        measures: Vec::new(),
        standings: Vec::new(),
        zone,
        rule_date,
    };
    rosters::merge(&mut w, sink);
    records::merge(&mut w, sink);
    money::currencies(&mut w, sink);
    money::params(&mut w, sink);
    measures::measures(&mut w);
    standings::standings(&mut w);
    w
}

/// Walks the declarations of a version: name space, items with their categories, tests.
fn collect<'a>(v: &mut VersionSrc<'a>, sink: &mut Sink) {
    let file: &'a File = v.file;
    for decl in &file.decls {
        match &decl.kind {
            DeclKind::Test(t) => v.tests.push((t, decl.span)),
            DeclKind::Broken => broken(decl, sink),
            _ => collect_one(v, decl, &mut Vec::new(), sink),
        }
    }
}

fn collect_one<'a>(
    v: &mut VersionSrc<'a>,
    decl: &'a Decl,
    chain: &mut Vec<&'a CategoryDecl>,
    sink: &mut Sink,
) {
    match &decl.kind {
        DeclKind::Roster(r) => {
            if declare(v, &r.name, Sym::Poison, sink) {
                v.rosters.insert(&r.name.text, r);
            }
        }
        DeclKind::Record(r) => {
            if declare(v, &r.name, Sym::Poison, sink) {
                v.records.insert(&r.name.text, (r, decl.span));
            }
        }
        DeclKind::Points(p) => {
            declare(v, &p.name, Sym::Poison, sink);
        }
        DeclKind::Param(p) => {
            declare(v, &p.name, Sym::Poison, sink);
        }
        DeclKind::Measure(m) => {
            declare(v, &m.name, Sym::Poison, sink);
        }
        DeclKind::Standing(s) => {
            declare(v, &s.name, Sym::Poison, sink);
        }
        DeclKind::ClockWindows(c) => {
            let windows: Option<Vec<ClockWindow>> =
                c.windows.iter().map(|r| clock_window(r, sink)).collect();
            let sym = windows.map_or(Sym::Poison, Sym::Windows);
            declare(v, &c.name, sym, sink);
        }
        DeclKind::Item(i) => {
            if declare(v, &i.name, Sym::Item, sink) {
                let mut path: Vec<String> = chain.iter().map(|c| c.name.text.clone()).collect();
                path.push(i.name.text.clone());
                v.items.push(ItemSrc {
                    decl: i,
                    doc: decl.doc.clone(),
                    span: decl.span,
                    path,
                    chain: chain.clone(),
                });
            }
        }
        DeclKind::Category(c) => {
            let mut path: Vec<String> = chain.iter().map(|c| c.name.text.clone()).collect();
            path.push(c.name.text.clone());
            if declare(v, &c.name, Sym::Category, sink) {
                v.categories
                    .insert(c.name.text.clone(), CategorySrc { decl: c, path });
            }
            chain.push(c);
            for member in &c.members {
                collect_one(v, member, chain, sink);
            }
            chain.pop();
        }
        DeclKind::Campaign(c) => {
            let days = days::campaign(c, (v.from, v.to), sink);
            let sym = days.as_ref().map_or(Sym::Poison, |_| Sym::Campaign);
            if declare(v, &c.name, sym, sink) {
                let src = CampaignSrc { decl: c, days };
                v.campaigns.insert(c.name.text.clone(), src);
            }
        }
        DeclKind::Test(t) => v.tests.push((t, decl.span)),
        // Written out as measures before (scores.rs).
        DeclKind::Policy(_) | DeclKind::Score(_) => {}
        DeclKind::Broken => broken(decl, sink),
    }
}

fn broken(decl: &Decl, sink: &mut Sink) {
    sink.lenient = true;
    sink.broken_decls.push(decl.span);
}

/// Enters a name; a second declaration of it is reported and dropped.
fn declare(v: &mut VersionSrc<'_>, name: &Name, sym: Sym, sink: &mut Sink) -> bool {
    if name.text.is_empty() {
        return false;
    }
    if let Some((_, first)) = v.names.get(&name.text) {
        sink.push(
            Diagnostic::new(
                codes::DUPLICATE_NAME,
                name.span,
                text!(
                    zh = "“{}”已经用作别的名称；记录、项目、类别、指标、参数、积分、名册不能同名",
                    en = "“{}” is already declared; records, items, categories, measures, parameters, points and rosters share one set of names",
                    name.text
                ),
            )
            .label(*first, text!(zh = "先在这里声明", en = "first declared here")),
        );
        return false;
    }
    if !matches!(sym, Sym::Item | Sym::Category) {
        amounts::amount(name, sink);
    }
    v.names.insert(name.text.clone(), (sym, name.span));
    true
}

/// A written window of the clock.
pub(crate) fn clock_window(
    r: &jifen_syntax::ast::ClockRange,
    sink: &mut Sink,
) -> Option<ClockWindow> {
    if let Some(w) = ClockWindow::new(r.from, r.to) {
        return Some(w);
    }
    if !r.next_day {
        // The parser has said that it ends before it begins (JF0121).
        return None;
    }
    let clock = |s: i32| format!("{:02}:{:02}", s / 3600 % 24, s / 60 % 60);
    let (a, b) = (clock(r.from), clock(r.to));
    sink.push(Diagnostic::new(
        codes::CLOCK_WINDOW,
        r.span,
        text!(
            zh = "从 {a} 到次日 {b} 超过一昼夜",
            en = "from {a} to {b} of the next day is more than a day"
        ),
    ));
    None
}
