//! Third pass: lines in their final order with rounding, S17 over whole items, and the Plan in canonical order.

mod charge;
mod example;

use std::collections::BTreeMap;

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{
    Cap, Choose, Currency, Expr, Flag, Grade, Hold, Item, ItemLabel, Join, Labels, Line, Link,
    Pass, Plan, Precision, Rank, Right, Standing, StandingKind, StandingLabel, Tally, TallyIx,
    TimeMode, Value, Version, VersionIx,
};
use jifen_quantity::{Decimal, Rounding};

use crate::check::{Checked, Draft};
use crate::resolve::World;
use crate::sink::Sink;
use crate::walk::Copier;

/// The Plan with its labels; `None` when something is wrong.
pub(crate) fn lower(w: &World<'_>, mut c: Checked, sink: &mut Sink) -> (Option<Plan>, Labels) {
    for d in &mut c.items {
        arrange(d);
    }
    charge::stated(w, &c, sink);
    tallies_agree(w, &c, sink);
    c.items
        .sort_by(|a, b| (&a.path, a.version).cmp(&(&b.path, b.version)));
    let labels = labels(w, &c.items);
    if sink.has_errors() {
        return (None, labels);
    }
    let plan = plan(w, c);
    if let Some(way) = jifen_plan::circle(&plan) {
        circle(&plan, &labels, &way, sink);
        return (None, labels);
    }
    (Some(plan), labels)
}

/// S32: what an item of a period gives cannot depend on what it gives.
fn circle(plan: &Plan, labels: &Labels, way: &[Link], sink: &mut Sink) {
    let name = |l: &Link| match l {
        Link::Item(i) => plan.items.get(i.ix()).and_then(|i| i.path.last()).cloned(),
        Link::Points(c) => plan.currencies.get(c.ix()).map(|c| c.name.clone()),
        Link::Standing(s) => plan.standings.get(s.ix()).map(|s| s.name.clone()),
    };
    let ring: Vec<String> = way.iter().filter_map(name).collect();
    let ring = ring.join(" → ");
    let at = way.iter().find_map(|l| match l {
        Link::Item(i) => labels.items.get(i.ix()).map(|l| l.span),
        _ => None,
    });
    let Some(at) = at else { return };
    sink.push(
        Diagnostic::new(
            codes::STANDING_CIRCLE,
            at,
            text!(
                zh = "绕成了一圈：{ring}。这一期给多少，要看这一期一共得了多少",
                en = "a circle: {ring}. What it gives in a period depends on what was given in that period"
            ),
        )
        .help(text!(
            zh = "把它计入另一种积分，或者看已经评出的权益（从下一期起有效）",
            en = "credit it to other points, or read a right that was given before (in force from the next period on)"
        )),
    );
}

/// Prorating, rounding: where they stand.
fn arrange(d: &mut Draft) {
    let is_stop = |l: &Line| matches!(l, Line::Cap(_) | Line::Choose(_) | Line::Review(_));
    let prorated: Vec<(u16, Span)> = d
        .requires
        .iter()
        .enumerate()
        .filter(|(_, (r, _))| r.hold == Some(Hold::Prorated))
        .map(|(i, (_, s))| (u16::try_from(i).unwrap_or(u16::MAX), *s))
        .collect();
    for (require, span) in prorated {
        let at = d
            .lines
            .iter()
            .position(|(l, _)| is_stop(l))
            .unwrap_or(d.lines.len());
        d.lines.insert(at, (Line::Prorate { require }, span));
    }
    settle_split(d);
    let Some(precision) = d.precision else {
        return;
    };
    let first_cap = d
        .lines
        .iter()
        .position(|(l, _)| matches!(l, Line::Choose(_) | Line::Cap(_)));
    let at = first_cap.unwrap_or(d.lines.len());
    let changes = |l: &Line| {
        matches!(
            l,
            Line::Add { .. } | Line::Deduct { .. } | Line::Multiply(_) | Line::Prorate { .. }
        )
    };
    let again = d.lines.iter().skip(at).any(|(l, _)| changes(l));
    d.lines
        .insert(at, (Line::Round(precision), d.span.at_end()));
    if again {
        d.lines.push((Line::Round(precision), d.span.at_end()));
    }
}

/// Decision 007: a value split by the minute has passed two divisions; before a review or a choice compares it, it is rounded to
/// 12 digits, so that exact 70.5 points do not arrive as 70.500000000000000001.
fn settle_split(d: &mut Draft) {
    let split = |l: &Line| match l {
        Line::Multiply(m) => m
            .factors
            .iter()
            .any(|f| f.time.as_ref().is_some_and(|t| t.mode == TimeMode::During)),
        _ => false,
    };
    let review = d
        .lines
        .iter()
        .position(|(l, _)| matches!(l, Line::Review(_) | Line::Choose(_)));
    let Some((at, step)) = review.zip(Decimal::new(1, 12)) else {
        return;
    };
    if d.lines.iter().take(at).any(|(l, _)| split(l)) {
        let mode = Rounding::HalfEven;
        let line = Line::Round(Precision { step, mode });
        d.lines.insert(at, (line, d.span.at_end()));
    }
}

/// S18: what tells a tally apart is its clause and label; how it counts may change only where its window begins anew.
fn tallies_agree(w: &World<'_>, c: &Checked, sink: &mut Sink) {
    type Clause<'c> = (&'c [String], &'c str);
    let mut by_label: BTreeMap<Clause<'_>, Vec<(usize, TallyIx)>> = BTreeMap::new();
    for (version, ix) in c.caps.keys() {
        if let Some(t) = c.tallies.get_index(ix.ix()) {
            by_label
                .entry((&t.path, &t.label))
                .or_default()
                .push((*version, *ix));
        }
    }
    for uses in by_label.values() {
        for pair in uses.windows(2) {
            let [(v1, a), (v2, b)] = pair else { continue };
            if a == b || v1 == v2 {
                continue;
            }
            let (Some(t), Some(info)) = (c.tallies.get_index(b.ix()), c.caps.get(&(*v2, *b)))
            else {
                continue;
            };
            let from = w
                .versions
                .get(*v2)
                .map_or(jifen_calendar::Day::MIN, |v| v.from);
            let fresh = match t.window {
                jifen_calendar::Window::Period(p) => p.bounds(from).0 == from,
                // Each run of a campaign counts by itself: nothing is carried over unless the change comes in mid-run.
                _ => t.keys.iter().any(|k| match c.exprs.get(*k) {
                    Expr::RunStart(_, set) => set.runs.iter().all(|r| from <= r.0 || r.1 <= from),
                    Expr::YearStart(of, _) => match c.exprs.get(*of) {
                        Expr::Const(Value::Date(d)) => jifen_calendar::year_start(*d, from) == from,
                        _ => false,
                    },
                    _ => false,
                }),
            };
            if fresh {
                continue;
            }
            let mut d = Diagnostic::new(
                codes::VERSIONS_DISAGREE,
                info.span,
                text!(
                    zh = "这条上限换了算法（计得、计净，过线、实得，或“每……”所指），而 {from} 正在它的周期当中：已用的额度接不上；从周期的第一天起改，或改成另一种周期",
                    en = "this cap counts in another way than before, and {from} lies inside its window, so what was used cannot be carried over; change it from the first day of a window"
                ),
            );
            if let Some(old) = c.caps.get(&(*v1, *a)) {
                d = d.label(old.span, text!(zh = "前一版", en = "the version before"));
            }
            sink.push(d);
        }
    }
}

fn labels(w: &World<'_>, items: &[Draft]) -> Labels {
    let newest = w.versions.last();
    let policy = w.versions.iter().rev().find_map(|v| v.policy);
    let basis = policy.map_or(Vec::new(), |p| {
        let lines = p.stmts.iter().filter_map(|s| match &s.kind {
            jifen_syntax::ast::HeaderKind::PursuantTo(n) => Some(n.text.clone()),
            _ => None,
        });
        lines.collect()
    });
    Labels {
        lang: newest.map(|v| v.lang),
        policy: policy.map_or(String::new(), |p| p.name.text.clone()),
        title: policy
            .and_then(|p| p.title.as_ref())
            .map(|t| t.text.clone()),
        basis,
        items: items
            .iter()
            .map(|d| ItemLabel {
                name: d.path.last().cloned().unwrap_or_default(),
                article: d.article,
                doc: d.doc.clone(),
                span: d.span,
                requires: d.requires.iter().map(|r| r.1).collect(),
                lines: d.lines.iter().map(|l| l.1).collect(),
            })
            .collect(),
        standings: (w.standings.iter())
            .map(|s| StandingLabel {
                article: s.decl.article.map(|a| a.0),
                doc: s.doc.map(str::to_owned),
                span: s.decl.name.span,
            })
            .collect(),
        params: w.param_labels.clone(),
        currency_docs: w.currency_docs.clone(),
    }
}

/// Everything in canonical order: items by path and version, nodes and tallies as these meet them.
fn plan(w: &World<'_>, c: Checked) -> Plan {
    let mut copier = Copier::new(&c.exprs);
    let mut tallies: Vec<Tally> = Vec::new();
    let mut new_ix: BTreeMap<TallyIx, TallyIx> = BTreeMap::new();
    let mut tally = |ix: TallyIx, copier: &mut Copier<'_>| -> TallyIx {
        if let Some(n) = new_ix.get(&ix) {
            return *n;
        }
        let n = TallyIx(u16::try_from(tallies.len()).unwrap_or(u16::MAX));
        if let Some(t) = c.tallies.get_index(ix.ix()) {
            let mut t = t.clone();
            t.keys = t.keys.iter().map(|k| copier.copy(*k)).collect();
            t.of = t.of.map(|e| copier.copy(e));
            tallies.push(t);
        }
        new_ix.insert(ix, n);
        n
    };
    let mut items = Vec::new();
    for d in &c.items {
        let joins = d.joins.iter().map(|j| join(j, &mut copier)).collect();
        let requires = d
            .requires
            .iter()
            .map(|(r, _)| jifen_plan::Require {
                cond: copier.copy(r.cond),
                hold: r.hold,
            })
            .collect();
        let mut lines = Vec::new();
        for (l, _) in &d.lines {
            lines.push(line(l, &mut copier, &mut tally));
        }
        items.push(Item {
            path: d.path.clone(),
            version: VersionIx(u16::try_from(d.version).unwrap_or(u16::MAX)),
            trigger: d.trigger,
            joins,
            requires,
            lines,
            credit: d.credit.clone(),
            spend: d.spend,
            give: d.give.map(|g| jifen_plan::Give {
                to: copier.copy(g.to),
                ..g
            }),
            worth: d.worth.map(|w| jifen_plan::Worth {
                value: copier.copy(w.value),
                by: w.by.map(|e| copier.copy(e)),
            }),
            passes: (d.passes.iter())
                .map(|p| pass(p, &mut copier, &mut tally))
                .collect(),
            allot: d.allot.map(|a| jifen_plan::Allot {
                weight: a.weight.map(|w| copier.copy(w)),
                total: copier.copy(a.total),
                ..a
            }),
        });
    }
    let measures = (c.measures.iter())
        .map(|m| jifen_plan::Measure {
            node: copier.copy(m.node),
            ..m.clone()
        })
        .collect();
    let standings = (c.standings.iter())
        .map(|s| standing(s, &mut copier))
        .collect();
    let exprs = copier.to;
    Plan {
        format: jifen_plan::FORMAT,
        zone: w.zone.clone(),
        rule_date: w.rule_date,
        versions: w
            .versions
            .iter()
            .map(|v| Version {
                name: v.name.clone(),
                from: v.from,
                to: v.to,
            })
            .collect(),
        rosters: w.rosters.clone(),
        kinds: w.kinds.clone(),
        currencies: w.currencies.iter().map(Currency::clone).collect(),
        params: w.params.clone(),
        exprs,
        items,
        tallies,
        workdays: if c.needs_workdays {
            crate::workdays()
        } else {
            None
        },
        measures,
        standings,
        moves: c.moves,
    }
}

fn standing(s: &Standing, copier: &mut Copier<'_>) -> Standing {
    let what = match &s.what {
        StandingKind::Rank(r) => StandingKind::Rank(Rank {
            among: r.among.map(|e| copier.copy(e)),
            by: copier.copy(r.by),
            then: r
                .then
                .iter()
                .map(|(e, low)| (copier.copy(*e), *low))
                .collect(),
            ..r.clone()
        }),
        StandingKind::Grade(g) => StandingKind::Grade(Grade {
            veto: g.veto.map(|v| copier.copy(v)),
            level: copier.copy(g.level),
            ..g.clone()
        }),
        StandingKind::Flag(f) => StandingKind::Flag(Flag {
            when: copier.copy(f.when),
            ..*f
        }),
        StandingKind::Right(r) => StandingKind::Right(Right {
            has: copier.copy(r.has),
            worth: r.worth.map(|w| copier.copy(w)),
            ..*r
        }),
    };
    Standing { what, ..s.clone() }
}

fn join(j: &Join, copier: &mut Copier<'_>) -> Join {
    let mut j = j.clone();
    for key in &mut j.keys {
        key.theirs = copier.copy(key.theirs);
        key.ours = copier.copy(key.ours);
    }
    j.when = j.when.map(|w| copier.copy(w));
    j
}

fn pass(
    p: &Pass,
    copier: &mut Copier<'_>,
    tally: &mut dyn FnMut(TallyIx, &mut Copier<'_>) -> TallyIx,
) -> Pass {
    let to = copier.copy(p.to);
    let amount = copier.copy(p.amount);
    let when = p.when.map(|w| copier.copy(w));
    let caps = p.caps.iter().map(|c| cap(c, copier, tally)).collect();
    let p = p.clone();
    Pass {
        to,
        amount,
        when,
        caps,
        ..p
    }
}

fn cap(
    c: &Cap,
    copier: &mut Copier<'_>,
    tally: &mut dyn FnMut(TallyIx, &mut Copier<'_>) -> TallyIx,
) -> Cap {
    Cap {
        tally: c.tally.map(|t| tally(t, copier)),
        limit: copier.copy(c.limit),
        when: c.when.map(|w| copier.copy(w)),
        ..c.clone()
    }
}

fn line(
    l: &Line,
    copier: &mut Copier<'_>,
    tally: &mut dyn FnMut(TallyIx, &mut Copier<'_>) -> TallyIx,
) -> Line {
    match l {
        Line::Add { value, when } => Line::Add {
            value: copier.copy(*value),
            when: when.map(|w| copier.copy(w)),
        },
        Line::Deduct { value, when } => Line::Deduct {
            value: copier.copy(*value),
            when: when.map(|w| copier.copy(w)),
        },
        Line::Multiply(m) => {
            let mut m = m.clone();
            for f in &mut m.factors {
                f.value = copier.copy(f.value);
                f.when = f.when.map(|w| copier.copy(w));
            }
            Line::Multiply(m)
        }
        Line::Prorate { require } => Line::Prorate { require: *require },
        Line::Round(p) => Line::Round(*p),
        Line::Review(r) => {
            let mut r = r.clone();
            r.when = r.when.map(|w| copier.copy(w));
            r.day_total = r.day_total.map(|t| tally(t, copier));
            Line::Review(r)
        }
        Line::Choose(c) => Line::Choose(Choose {
            among: tally(c.among, copier),
            keys: c.keys.iter().map(|k| copier.copy(*k)).collect(),
            pick: c.pick,
        }),
        Line::Cap(c) => Line::Cap(cap(c, copier, tally)),
    }
}
