//! Second pass: items statement by statement. Expressions become nodes of the arena; what is left open is asked.

mod allot;
mod apart;
mod campaigns;
mod caps;
mod choose;
mod closed;
mod credit;
mod divided;
mod floor;
mod follow;
mod groups;
mod hours;
mod items;
mod joins;
mod lives;
mod many;
mod measures;
mod moves;
mod multiply;
mod order;
mod pass;
mod pieces;
mod review;
mod rivals;
mod rounded;
mod source;
mod spend;
mod standings;
mod transfer;
mod worth;
mod year_from;

use std::collections::BTreeMap;

use indexmap::IndexSet;
use jifen_diag::{Diagnostic, Span, codes};
use jifen_plan::{
    Allot, CurrencyIx, Exprs, Give, Join, KindIx, Line, MeasureIx, Move, Pass, Precision, Require,
    Spend, StandingIx, Tally, TallyIx, Trigger, Worth,
};

use crate::expr::{Checker, Scope, Used};
use crate::resolve::{Sym, World};
use crate::sink::Sink;

/// An item whose statements are typed; the order of lines and rounding are still open.
pub(crate) struct Draft {
    pub(crate) path: Vec<String>,
    pub(crate) version: usize,
    pub(crate) trigger: Trigger,
    pub(crate) joins: Vec<Join>,
    pub(crate) requires: Vec<(Require, Span)>,
    /// The item's own lines, then its categories' (inner first), then the policy's.
    pub(crate) lines: Vec<(Line, Span)>,
    pub(crate) credit: Vec<CurrencyIx>,
    pub(crate) precision: Option<Precision>,
    pub(crate) article: Option<u32>,
    pub(crate) doc: Option<String>,
    pub(crate) span: Span,
    /// Only 扣 lines.
    pub(crate) deducts: bool,
    /// 支用.
    pub(crate) spend: Option<Spend>,
    /// 转赠: who receives.
    pub(crate) give: Option<Give>,
    /// 折合.
    pub(crate) worth: Option<Worth>,
    pub(crate) passes: Vec<Pass>,
    /// 分配.
    pub(crate) allot: Option<Allot>,
}

/// What the text says about a cap, for the questions that need all items.
pub(crate) struct CapInfo {
    pub(crate) span: Span,
    /// 计 过线 or 计 实得 is written.
    pub(crate) charge_stated: bool,
    pub(crate) version: usize,
}

/// Everything checked.
pub(crate) struct Checked {
    pub(crate) items: Vec<Draft>,
    pub(crate) exprs: Exprs,
    pub(crate) tallies: IndexSet<Tally>,
    pub(crate) caps: BTreeMap<(usize, TallyIx), CapInfo>,
    pub(crate) needs_workdays: bool,
    pub(crate) used: Used,
    pub(crate) moves: Vec<Move>,
    pub(crate) measures: Vec<jifen_plan::Measure>,
    pub(crate) standings: Vec<jifen_plan::Standing>,
}

/// State of the pass beside the expressions.
#[derive(Default)]
pub(crate) struct Clauses {
    pub(crate) tallies: IndexSet<Tally>,
    pub(crate) caps: BTreeMap<(usize, TallyIx), CapInfo>,
    pub(crate) needs_workdays: bool,
}

/// What a cap says of its scope and window, as written.
fn cap_as_written(c: &jifen_syntax::ast::CapStmt) -> String {
    use jifen_syntax::ast::{ExprKind, Unit};
    let mut keys: Vec<&str> = c.keys.iter().map(|k| k.text.as_str()).collect();
    keys.sort_unstable();
    let times = matches!(&c.limit.kind, ExprKind::Number(q) if q.unit == Some(Unit::Times));
    format!(
        "{} {keys:?} {:?} {times}",
        c.everyone,
        c.window.map(|w| w.0)
    )
}

/// Checks all items of all versions.
pub(crate) fn check(w: &World<'_>, sink: &mut Sink) -> Checked {
    let mut c = Checker {
        w,
        exprs: Exprs::default(),
        sink: std::mem::take(sink),
        used: Used::default(),
        judged: std::collections::BTreeSet::new(),
        blind: false,
        plain: false,
        campaign: None,
        passing: None,
        joined: Vec::new(),
        joining: false,
        measured: BTreeMap::new(),
        heads: BTreeMap::new(),
        holders: BTreeMap::new(),
        stance_holders: BTreeMap::new(),
        measuring: Vec::new(),
        taken_for: Vec::new(),
        following: Vec::new(),
        followed: BTreeMap::new(),
        daily: false,
        stood: BTreeMap::new(),
        stances: BTreeMap::new(),
        stances_open: std::collections::BTreeSet::new(),
        quotas: std::collections::BTreeSet::new(),
    };
    let mut clauses = Clauses::default();
    let mut items = Vec::new();
    for (vi, v) in w.versions.iter().enumerate() {
        c.sink.lang = v.lang;
        c.header(vi);
        clauses.needs_workdays |= c.working_lives(vi);
        c.campaign_clauses(vi);
        for src in &v.items {
            let draft = match src.decl.allot {
                true => c.allotment(vi, src),
                false => c.item(vi, src, &mut clauses),
            };
            if let Some(d) = draft {
                items.push(d);
            }
        }
        c.outer_alone(vi);
    }
    for (vi, v) in w.versions.iter().enumerate() {
        c.sink.lang = v.lang;
        c.follow_all(vi);
    }
    for (ix, m) in (0_u16..).map(MeasureIx).zip(&w.measures) {
        let lang = w.versions.get(m.version).map(|v| v.lang);
        c.sink.lang = lang.unwrap_or(c.sink.lang);
        c.measure(ix);
    }
    for (ix, s) in (0_u16..).map(StandingIx).zip(&w.standings) {
        let lang = w.versions.get(s.version).map(|v| v.lang);
        c.sink.lang = lang.unwrap_or(c.sink.lang);
        c.standing(ix);
    }
    c.rivals(&items, &clauses.tallies);
    c.sources_give(&items);
    let moves = c.moves(&items);
    let measures = c.measures();
    let standings = c.standings();
    let used = std::mem::take(&mut c.used);
    let exprs = std::mem::take(&mut c.exprs);
    *sink = c.sink;
    Checked {
        items,
        exprs,
        tallies: clauses.tallies,
        caps: clauses.caps,
        needs_workdays: clauses.needs_workdays,
        used,
        moves,
        measures,
        standings,
    }
}

/// What the items use.
pub(crate) fn used(c: &Checked) -> Used {
    Used {
        kinds: c.used.kinds.clone(),
        names: c.used.names.clone(),
        sources: Vec::new(),
    }
}

/// Records that no item reads, parameters that no line uses: notices.
pub(crate) fn unused(w: &World<'_>, used: &Used, sink: &mut Sink) {
    for (vi, v) in w.versions.iter().enumerate() {
        for (name, (sym, span)) in &v.names {
            let idle = match sym {
                Sym::Kind(k) => !used.kinds.contains(k) && !in_tests(v, name),
                Sym::Param(_) | Sym::Following(_) | Sym::Windows(_) | Sym::Campaign => {
                    !used.names.contains(&(vi, name.clone()))
                }
                _ => false,
            };
            if idle {
                let sort = sym.sort();
                sink.push(Diagnostic::new(
                    codes::UNUSED_NAME,
                    *span,
                    jifen_diag::Text::new(
                        format!("{0}“{name}”没有任何项目用到", sort.zh),
                        format!("no item uses the {0} “{name}”", sort.en),
                    ),
                ));
            }
        }
    }
}

impl Checker<'_> {
    /// Caps and multipliers of categories and the policy, as far as they can be judged without an item: where every
    /// item under them is damaged, nobody else looks at them.
    fn outer_alone(&mut self, vi: usize) {
        use jifen_syntax::ast::{CapStmt, HeaderKind, StmtKind};
        let Some(v) = self.w.versions.get(vi) else {
            return;
        };
        let mut blocks: Vec<Vec<(&CapStmt, Span)>> = Vec::new();
        for c in v.categories.values() {
            let caps = c.decl.stmts.iter().filter_map(|s| match &s.kind {
                StmtKind::Cap(c) => Some((c, s.span)),
                _ => None,
            });
            blocks.push(caps.collect());
        }
        let header = v.policy.iter().flat_map(|p| &p.stmts);
        blocks.push(
            header
                .filter_map(|s| match &s.kind {
                    HeaderKind::Cap(c) => Some((c, s.span)),
                    _ => None,
                })
                .collect(),
        );
        let cx = Scope {
            running: true,
            ..Scope::of_version(vi)
        };
        let plain = blocks.into_iter().map(|b| (None, b));
        let campaigns = v.campaigns.values().map(|c| {
            let caps = c.decl.stmts.iter().filter_map(|s| match &s.kind {
                StmtKind::Cap(c) => Some((c, s.span)),
                _ => None,
            });
            (c.days.clone(), caps.collect())
        });
        let blocks: Vec<(_, Vec<(&CapStmt, Span)>)> = plain.chain(campaigns).collect();
        for (days, block) in blocks {
            self.campaign = days;
            let mut seen: Vec<(String, Span)> = Vec::new();
            for (c, span) in block {
                if self.judged.contains(&span) {
                    continue;
                }
                self.cap_alone(cx, c, span);
                let written = cap_as_written(c);
                if let Some((_, first)) = seen.iter().find(|(w, _)| *w == written) {
                    self.twice_cap(span, *first);
                }
                seen.push((written, span));
            }
        }
        self.campaign = None;
    }

    pub(crate) fn uses_kind(&mut self, k: KindIx) {
        self.used.kinds.insert(k);
    }
}

fn in_tests(v: &crate::resolve::VersionSrc<'_>, name: &str) -> bool {
    use jifen_syntax::ast::TestKind;
    v.tests.iter().any(|(t, _)| {
        t.lines
            .iter()
            .any(|l| matches!(&l.kind, TestKind::GivenFact { record, .. } if record.text == name))
    })
}
