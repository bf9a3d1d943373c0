//! S17: where 过线 and 实得 can differ, the word is asked for, with both results on an example.

use indexmap::IndexSet;
use jifen_calendar::{Period, Window};
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Cap, CapMode, Expr, Exprs, Holder, Line, Tally, TallyIx, Value};
use jifen_quantity::Decimal;

use super::example::{Rule, differing};
use crate::check::{Checked, Draft};
use crate::resolve::World;
use crate::sink::Sink;

/// Asks for the word at every cap that needs it and lacks it.
pub(super) fn stated(w: &World<'_>, c: &Checked, sink: &mut Sink) {
    for ((version, ix), info) in &c.caps {
        if info.charge_stated {
            continue;
        }
        sink.lang = w.versions.get(info.version).map_or(sink.lang, |v| v.lang);
        let reached: Vec<&Draft> = c
            .items
            .iter()
            .filter(|d| d.version == *version && position(d, *ix).is_some())
            .collect();
        for d in &reached {
            let Some(at) = position(d, *ix) else { continue };
            if let Some(reason) = differs(d, at, *ix, &reached, c, w) {
                report(d, at, info.span, reason, c, w, sink);
                break;
            }
        }
    }
}

fn position(d: &Draft, ix: TallyIx) -> Option<usize> {
    d.lines
        .iter()
        .position(|(l, _)| matches!(l, Line::Cap(c) if c.tally == Some(ix)))
}

/// The later line that can make a difference.
fn differs(
    d: &Draft,
    at: usize,
    ix: TallyIx,
    reached: &[&Draft],
    c: &Checked,
    w: &World<'_>,
) -> Option<usize> {
    let this = c.tallies.get_index(ix.ix())?;
    for (i, (l, _)) in d.lines.iter().enumerate().skip(at + 1) {
        match l {
            Line::Add { .. } | Line::Deduct { .. } | Line::Multiply(_) | Line::Prorate { .. } => {
                return Some(i);
            }
            Line::Cap(later) => {
                if later.counted_only || (d.deducts && !later.of_deduction) {
                    continue;
                }
                let contained = contains(later, this, c, w)
                    && reached.iter().all(|other| {
                        let from = position(other, ix).unwrap_or(0);
                        other.lines.iter().skip(from).any(|(l, _)| {
                            matches!(l, Line::Cap(x) if x.tally == later.tally && !x.counted_only)
                        })
                    });
                if !contained {
                    return Some(i);
                }
            }
            Line::Round(_) | Line::Review(_) | Line::Choose(_) => {}
        }
    }
    None
}

/// The later cap, once it trims, stays shut for as long as the earlier tally matters.
fn contains(later: &Cap, this: &Tally, c: &Checked, w: &World<'_>) -> bool {
    let Some(d) = later.tally.and_then(|t| c.tallies.get_index(t.ix())) else {
        return false;
    };
    let clip = later.mode == CapMode::Clip || (d.times && later.mode == CapMode::Whole);
    let fixed = match c.exprs.get(later.limit) {
        Expr::Const(_) => true,
        Expr::Param(p) => w.params.get(p.ix()).is_some_and(|p| p.steps.is_empty()),
        _ => false,
    };
    let holder = match (d.holder, this.holder) {
        (Holder::Everyone, _) | (Holder::Account, Holder::Account) => true,
        (Holder::Group(a), Holder::Group(b)) => a == b,
        // A member may move to another group in mid-window, but not in mid-day.
        (Holder::Group(_), Holder::Account) => this.window == Window::Period(Period::Day),
        _ => false,
    };
    clip && fixed
        && later.when.is_none()
        && !d.net
        && holder
        && d.keys.iter().all(|k| this.keys.contains(k))
        && window_contains(d.window, this.window)
}

fn window_contains(outer: Window, inner: Window) -> bool {
    use Period::{Day, HalfYear, Month, Quarter, Week, Year};
    match (outer, inner) {
        (Window::Lifetime, _) => true,
        (Window::Period(o), Window::Period(i)) => match i {
            Day => true,
            Week => o == Week,
            Month => matches!(o, Month | Quarter | HalfYear | Year),
            Quarter => matches!(o, Quarter | HalfYear | Year),
            HalfYear => matches!(o, HalfYear | Year),
            Year => o == Year,
        },
        (Window::RollingDays(_) | Window::RollingMonths(_), Window::Period(Day)) => true,
        _ => false,
    }
}

fn rule(cap: &Cap, tallies: &IndexSet<Tally>, exprs: &Exprs, w: &World<'_>) -> Rule {
    let t = cap.tally.and_then(|t| tallies.get_index(t.ix()));
    let limit = match exprs.get(cap.limit) {
        Expr::Const(Value::Num(n)) => *n,
        Expr::Param(p) => w
            .params
            .get(p.ix())
            .map_or(Decimal::from_int(10), |p| p.first),
        _ => Decimal::from_int(10),
    };
    Rule {
        limit,
        window: t.map_or(Window::Occasion, |t| t.window),
        times: t.is_some_and(|t| t.times),
        mode: cap.mode,
        keyed: t.is_some_and(|t| !t.keys.is_empty()),
    }
}

fn report(
    d: &Draft,
    at: usize,
    span: Span,
    later: usize,
    c: &Checked,
    w: &World<'_>,
    sink: &mut Sink,
) {
    let (Some((Line::Cap(first), _)), Some((second, place))) =
        (d.lines.get(at), d.lines.get(later))
    else {
        return;
    };
    let from = w
        .versions
        .get(d.version)
        .map_or(jifen_calendar::Day(20_454), |v| v.from);
    let example = match second {
        Line::Cap(second) => {
            let a = rule(first, &c.tallies, &c.exprs, w);
            let b = rule(second, &c.tallies, &c.exprs, w);
            differing(&a, &b, from).unwrap_or_default()
        }
        _ => text!(
            zh = "。后面的行还会改变得分，过线的分和实得的分因此不同",
            en = ". A later line changes the award, so what passes and what is posted differ"
        ),
    };
    let words = [("计 过线", "charge passed"), ("计 实得", "charge posted")];
    let d = Diagnostic::new(
            codes::CHARGE_UNSTATED,
            span,
            jifen_diag::Text::new(format!("这条上限之后，分还可能再变；额度按通过这条上限的分算（计 过线），还是按最后记账的分算（计 实得），没有写明{0}", example.zh), format!("after this cap the award can still change; whether the cap is charged what passes it (charge passed) or what is finally posted (charge posted) is open{0}", example.en)),
        )
        .label(*place, text!(zh = "后面的这一条", en = "this later line"));
    let d = sink.each(d, (span.at_end(), " ", ""), &words);
    sink.push(d);
}
