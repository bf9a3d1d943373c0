//! What flows back: closed periods that awards, measures and standings read, in which order they follow from each other, and where
//! that goes round in a circle (S32).

use indexmap::IndexSet;

use crate::expr::{Expr, ExprId};
use crate::measure::{Measure, MeasureIx};
use crate::model::{CurrencyIx, Item, ItemIx, Line, Plan, TallyIx, Trigger};
use crate::standing::{Standing, StandingIx, StandingKind, Take};

/// Does anything ask what accounts have when periods close, or how subjects stand?
#[must_use]
pub fn looks_back(plan: &Plan) -> bool {
    !plan.standings.is_empty() || plan.exprs.iter().any(|(_, e, _)| reads(e))
}

/// Do awards, spends or allotments depend on it?
#[must_use]
pub fn feeds_back(plan: &Plan) -> bool {
    plan.items.iter().any(|item| {
        let mut roots = Vec::new();
        roots_of(plan, item, &mut roots);
        roots.iter().any(|id| reads_closed(plan, *id))
    })
}

/// Does an expression read accounts or standings, by itself or through a measure?
#[must_use]
pub fn reads_closed(plan: &Plan, id: ExprId) -> bool {
    let (mut todo, mut seen) = (vec![id], IndexSet::new());
    while let Some(id) = todo.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = plan.exprs.get(id);
        if reads(node) {
            return true;
        }
        match node {
            Expr::Earlier(e) => todo.extend(of_name(plan, e.measure)),
            node => todo.extend(beside(plan, node)),
        }
        if let Some(a) = node.aggregate() {
            todo.extend(a.value.iter().chain(a.when.iter()));
        }
        todo.extend(node.operands());
    }
    false
}

fn reads(e: &Expr) -> bool {
    matches!(e, Expr::Points(_) | Expr::Standing(_))
}

/// What is read of closed periods.
#[derive(Clone, Debug, Default)]
pub struct ClosedReads {
    /// Measures whose earlier periods are read, and those of groups, in all versions.
    pub measures: IndexSet<MeasureIx>,
    /// Standings, in all versions.
    pub standings: IndexSet<StandingIx>,
    /// What accounts have when a period closes.
    pub points: bool,
}

/// What awards, spends and allotments read of closed periods, by themselves or through measures of their own period.
#[must_use]
pub fn item_reads(plan: &Plan) -> ClosedReads {
    let (mut out, mut roots) = (ClosedReads::default(), Vec::new());
    for item in &plan.items {
        roots_of(plan, item, &mut roots);
    }
    out.add(plan, roots);
    out
}

impl ClosedReads {
    /// With what those measures and standings read in turn.
    #[must_use]
    pub fn through(&self, plan: &Plan) -> ClosedReads {
        let mut out = self.clone();
        loop {
            let before = (out.measures.len(), out.standings.len());
            let measures = out
                .measures
                .iter()
                .filter_map(|m| plan.measures.get(m.ix()));
            let mut roots: Vec<ExprId> = measures.map(|m| m.node).collect();
            let standings = out.standings.iter();
            let standings = standings.filter_map(|s| plan.standings.get(s.ix()));
            roots.extend(standings.flat_map(standing_roots));
            out.add(plan, roots);
            if before == (out.measures.len(), out.standings.len()) {
                return out;
            }
        }
    }

    fn add(&mut self, plan: &Plan, mut todo: Vec<ExprId>) {
        let mut seen = IndexSet::new();
        while let Some(id) = todo.pop() {
            if !seen.insert(id) {
                continue;
            }
            let node = plan.exprs.get(id);
            match node {
                Expr::Points(_) => self.points = true,
                Expr::Standing(r) => self.standings.extend(named_alike(plan, r.standing)),
                Expr::Earlier(e) => self.measures.extend(measures_alike(plan, e.measure)),
                // Of groups the value is read, not what it is made of.
                Expr::Shared(m) => self.measures.extend(measures_alike(plan, *m)),
                Expr::OverPeriods(o) if shared(plan, o.measure) => {
                    self.measures.extend(measures_alike(plan, o.measure));
                }
                node => todo.extend(beside(plan, node)),
            }
            if let Some(a) = node.aggregate() {
                todo.extend(a.value.iter().chain(a.when.iter()));
            }
            todo.extend(node.operands());
        }
    }
}

/// Every expression that an item begins from.
fn roots_of(plan: &Plan, item: &Item, out: &mut Vec<ExprId>) {
    let keys = tallies(item)
        .into_iter()
        .filter_map(|t| plan.tallies.get(t.ix()));
    out.extend(keys.flat_map(|t| t.keys.iter().copied().chain(t.of)));
    out.extend(item.requires.iter().map(|r| r.cond));
    for join in &item.joins {
        out.extend(join.when);
    }
    for line in &item.lines {
        match line {
            Line::Add { value, when } | Line::Deduct { value, when } => {
                out.push(*value);
                out.extend(*when);
            }
            Line::Multiply(m) => {
                for f in &m.factors {
                    out.push(f.value);
                    out.extend(f.when);
                }
            }
            Line::Review(r) => out.extend(r.when),
            Line::Choose(c) => out.extend(&c.keys),
            Line::Cap(c) => {
                out.push(c.limit);
                out.extend(c.when);
            }
            Line::Prorate { .. } | Line::Round(_) => {}
        }
    }
    for pass in &item.passes {
        out.extend([pass.to, pass.amount]);
        out.extend(pass.when);
        for cap in &pass.caps {
            out.push(cap.limit);
            out.extend(cap.when);
        }
    }
    out.extend(item.give.map(|g| g.to));
    if let Some(worth) = item.worth {
        out.push(worth.value);
        out.extend(worth.by);
    }
    if let Some(allot) = item.allot {
        out.push(allot.total);
        out.extend(allot.weight);
    }
}

/// The expressions of a standing.
#[must_use]
pub fn standing_roots(standing: &Standing) -> Vec<ExprId> {
    match &standing.what {
        StandingKind::Rank(r) => (r.among.iter().copied())
            .chain([r.by])
            .chain(r.then.iter().map(|t| t.0))
            .collect(),
        StandingKind::Grade(g) => g.veto.into_iter().chain([g.level]).collect(),
        StandingKind::Flag(f) => vec![f.when],
        StandingKind::Right(r) => [r.has].into_iter().chain(r.worth).collect(),
    }
}

/// What is found for all together when a period closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Closing {
    /// How subjects stand.
    Standing(StandingIx),
    /// A measure of groups or of everybody.
    Measure(MeasureIx),
}

/// Standings, and measures of groups and of everybody, in an order in which each stands behind those that it reads of its own period.
#[must_use]
pub fn closing_order(plan: &Plan) -> Vec<Closing> {
    let mut out = Vec::new();
    let standings = (0..).take(plan.standings.len()).map(StandingIx);
    let measures = (0..).map(MeasureIx).zip(&plan.measures);
    let measures = measures.filter(|(_, m)| m.is_shared()).map(|(ix, _)| ix);
    for ix in standings
        .map(Closing::Standing)
        .chain(measures.map(Closing::Measure))
    {
        place(plan, ix, &mut Vec::new(), &mut out);
    }
    out
}

fn place(plan: &Plan, ix: Closing, above: &mut Vec<Closing>, out: &mut Vec<Closing>) {
    // A circle is refused by the compiler.
    if out.contains(&ix) || above.contains(&ix) {
        return;
    }
    let roots = match ix {
        Closing::Standing(ix) => plan.standings.get(ix.ix()).map(standing_roots),
        Closing::Measure(ix) => plan.measures.get(ix.ix()).map(|m| vec![m.node]),
    };
    let Some(roots) = roots else {
        return;
    };
    above.push(ix);
    let (mut todo, mut seen) = (roots, IndexSet::new());
    while let Some(id) = todo.pop() {
        if !seen.insert(id) {
            continue;
        }
        match plan.exprs.get(id) {
            Expr::Standing(r) if r.back == 0 => {
                for other in named_alike(plan, r.standing) {
                    place(plan, Closing::Standing(other), above, out);
                }
                todo.extend(plan.exprs.get(id).operands());
            }
            Expr::Shared(m) => {
                for other in alike_in_versions(plan, *m) {
                    place(plan, Closing::Measure(other), above, out);
                }
            }
            Expr::OverPeriods(o) if shared(plan, o.measure) => {
                for other in alike_in_versions(plan, o.measure) {
                    place(plan, Closing::Measure(other), above, out);
                }
            }
            node => {
                todo.extend(beside(plan, node));
                todo.extend(node.operands());
            }
        }
    }
    above.pop();
    out.push(ix);
}

/// What stands in a measure that a node reads, of the same period or of those inside it.
fn beside(plan: &Plan, node: &Expr) -> Vec<ExprId> {
    match node {
        Expr::OverPeriods(o) => of_name(plan, o.measure),
        Expr::Shared(m) => of_name(plan, *m),
        Expr::OverMembers(o) => of_name(plan, o.measure),
        _ => Vec::new(),
    }
}

/// Is it a measure of groups or of everybody?
fn shared(plan: &Plan, ix: MeasureIx) -> bool {
    plan.measures.get(ix.ix()).is_some_and(Measure::is_shared)
}

/// The measure of this name, where it is one of groups, in every version.
fn alike_in_versions(plan: &Plan, ix: MeasureIx) -> Vec<MeasureIx> {
    let all = measures_alike(plan, ix).into_iter();
    all.filter(|ix| shared(plan, *ix)).collect()
}

/// What the measure of this name is in every version.
fn of_name(plan: &Plan, ix: MeasureIx) -> Vec<ExprId> {
    let same = measures_alike(plan, ix).into_iter();
    same.filter_map(|ix| plan.measures.get(ix.ix()))
        .map(|m| m.node)
        .collect()
}

/// The measure of this name in every version.
fn measures_alike(plan: &Plan, ix: MeasureIx) -> Vec<MeasureIx> {
    let name = plan.measures.get(ix.ix()).map(|m| &m.name);
    (0..)
        .map(MeasureIx)
        .zip(&plan.measures)
        .filter(|(_, m)| Some(&m.name) == name)
        .map(|(ix, _)| ix)
        .collect()
}

/// The standing of this name in every version.
fn named_alike(plan: &Plan, ix: StandingIx) -> Vec<StandingIx> {
    let name = plan.standings.get(ix.ix()).map(|s| &s.name);
    (0..)
        .map(StandingIx)
        .zip(&plan.standings)
        .filter(|(_, s)| Some(&s.name) == name)
        .map(|(ix, _)| ix)
        .collect()
}

/// The tallies that an item is counted in.
fn tallies(item: &Item) -> Vec<TallyIx> {
    let of = |l: &Line| match l {
        Line::Cap(c) => c.tally,
        Line::Choose(c) => Some(c.among),
        Line::Review(r) => r.day_total,
        _ => None,
    };
    let passed = item.passes.iter().flat_map(|p| &p.caps);
    (item.lines.iter().filter_map(of))
        .chain(passed.filter_map(|c| c.tally))
        .collect()
}

/// What stands in a circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// A period item.
    Item(ItemIx),
    /// Points.
    Points(CurrencyIx),
    /// A standing that is read on the way.
    Standing(StandingIx),
}

/// A circle at one close: points that an item of a period gives, and that it reads, by itself, through measures and standings of that
/// period, or through others with whom it shares a cap. The first link is the points, and they stand at the end again.
#[must_use]
pub fn circle(plan: &Plan) -> Option<Vec<Link>> {
    for c in (0..).take(plan.currencies.len()).map(CurrencyIx) {
        let mut way = vec![Link::Points(c)];
        if walk(plan, Link::Points(c), &mut way, &mut IndexSet::new()) {
            return Some(way);
        }
    }
    None
}

/// Does it run when a period closes?
fn closes(item: &Item) -> bool {
    matches!(
        item.trigger,
        Trigger::Period {
            at_start: false,
            ..
        }
    )
}

/// Looks for a way back to the first link.
fn walk(plan: &Plan, at: Link, way: &mut Vec<Link>, seen: &mut IndexSet<Link>) -> bool {
    for next in follows_from(plan, at) {
        if way.first() == Some(&next) && way.len() > 1 {
            way.push(next);
            return true;
        }
        if !seen.insert(next) {
            continue;
        }
        way.push(next);
        if walk(plan, next, way, seen) {
            return true;
        }
        way.pop();
    }
    false
}

/// What it depends on at the same close.
fn follows_from(plan: &Plan, at: Link) -> Vec<Link> {
    match at {
        Link::Points(c) => {
            let moves =
                |i: &Item| i.credit.contains(&c) || i.passes.iter().any(|p| p.credit.contains(&c));
            let all = (0..).map(ItemIx).zip(&plan.items);
            all.filter(|(_, i)| closes(i) && moves(i))
                .map(|(ix, _)| Link::Item(ix))
                .collect()
        }
        Link::Standing(s) => {
            let roots = plan.standings.get(s.ix()).map(standing_roots);
            links(plan, roots.unwrap_or_default())
        }
        Link::Item(ix) => {
            let Some(item) = plan.items.get(ix.ix()) else {
                return Vec::new();
            };
            let mut roots = Vec::new();
            roots_of(plan, item, &mut roots);
            let mut out = links(plan, roots);
            // Who is counted in one tally takes room from the other.
            let own = tallies(item);
            let shared = |i: &Item| tallies(i).iter().any(|t| own.contains(t));
            let all = (0..).map(ItemIx).zip(&plan.items);
            out.extend(
                all.filter(|(o, i)| *o != ix && closes(i) && shared(i))
                    .map(|(o, _)| Link::Item(o)),
            );
            out
        }
    }
}

/// The points and standings of its own period that an expression reads.
fn links(plan: &Plan, roots: Vec<ExprId>) -> Vec<Link> {
    let mut out = Vec::new();
    let (mut todo, mut seen) = (roots, IndexSet::new());
    while let Some(id) = todo.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = plan.exprs.get(id);
        match node {
            Expr::Points(p) => out.push(Link::Points(p.currency)),
            // A right in force was given by an earlier close.
            Expr::Standing(r) if r.back == 0 && !matches!(r.take, Take::InForce | Take::Worth) => {
                out.push(Link::Standing(r.standing));
            }
            node => todo.extend(beside(plan, node)),
        }
        todo.extend(node.operands());
    }
    out
}
