//! Makes a failing case small: takes parts away as long as it still fails.

use jifen_data::{Change, Correction};

use crate::differential::Case;
use crate::generate::tree::{Category, Item, Line, On};

/// The smallest case found for which `fails` still holds.
pub fn shrink(case: &Case, mut fails: impl FnMut(&Case) -> bool) -> Case {
    let mut best = case.clone();
    for _ in 0..12 {
        let mut smaller = false;
        for step in steps(&best) {
            // An earlier step may have moved what this one speaks of: it then changes nothing or something else.
            let mut next = best.clone();
            apply(&mut next, &step);
            if size(&next) < size(&best) && fails(&next) {
                best = next;
                smaller = true;
            }
        }
        if !smaller {
            break;
        }
    }
    best
}

/// A way to make a case smaller. Numbers count from the end, so that removals do not shift what is still to come.
#[derive(Clone, Debug)]
enum Step {
    Version(usize),
    HeaderLine(usize),
    Spend(usize),
    Allot(usize),
    Measure(usize),
    Standing(usize),
    Campaign(usize),
    CampaignLine(usize),
    Category(usize),
    CategoryLine(usize, usize),
    Item(usize),
    ItemLine(usize, usize),
    Pass(usize, usize),
    Require(usize, usize),
    Join(usize, usize),
    When(usize),
    LineWhen(usize, usize),
    Params,
    Moving,
    Fact(usize),
    HalfFacts(bool),
    Confirmation(usize),
    Correction(usize),
    Void(usize),
    Opening(usize),
    Stood(usize),
    Subject(usize),
    FactField(usize, usize),
    Attr(usize),
}

fn categories(case: &Case) -> usize {
    let mut n = 0;
    let mut copy = case.clone();
    each_category(&mut copy, &mut |_| n += 1);
    n
}

fn each_category(case: &mut Case, f: &mut impl FnMut(&mut Category)) {
    fn walk(c: &mut Category, f: &mut impl FnMut(&mut Category)) {
        f(c);
        for inner in &mut c.inner {
            walk(inner, f);
        }
    }
    for v in &mut case.policy.versions {
        for c in &mut v.categories {
            walk(c, f);
        }
    }
}

fn each_item(case: &mut Case, f: &mut impl FnMut(&mut Item)) {
    each_category(case, &mut |c| c.items.iter_mut().for_each(&mut *f));
}

fn steps(case: &Case) -> Vec<Step> {
    let mut out = vec![Step::HalfFacts(true), Step::HalfFacts(false)];
    out.extend((0..case.policy.versions.len()).map(Step::Version));
    out.extend((0..categories(case)).map(Step::Category));
    let mut lines = Vec::new();
    each_item(&mut case.clone(), &mut |i| {
        lines.push((i.lines.len(), i.requires.len()))
    });
    out.extend((0..lines.len()).map(Step::Item));
    out.extend((0..case.input.facts.len()).map(Step::Fact));
    out.extend((0..case.input.confirmations.len()).map(Step::Confirmation));
    out.extend((0..case.input.corrections.len()).map(Step::Correction));
    out.extend((0..case.input.voids.len()).map(Step::Void));
    out.extend((0..case.input.openings.len()).map(Step::Opening));
    out.extend((0..case.input.stood.len()).map(Step::Stood));
    out.extend((0..case.input.subjects.len()).map(Step::Subject));
    out.extend((0..4).map(Step::HeaderLine));
    out.extend((0..2).map(Step::Spend));
    out.extend((0..2).map(Step::Allot));
    out.extend((0..4).map(Step::Standing));
    out.extend((0..3).map(Step::Measure));
    out.extend((0..2).map(Step::Campaign));
    out.extend((0..4).map(Step::CampaignLine));
    for c in 0..categories(case) {
        out.extend((0..4).map(|l| Step::CategoryLine(c, l)));
    }
    for (i, (n, requires)) in lines.iter().enumerate() {
        out.extend((0..*n).map(|l| Step::ItemLine(i, l)));
        out.extend((0..*n).map(|l| Step::LineWhen(i, l)));
        out.extend((0..6).map(|l| Step::Pass(i, l)));
        out.extend((0..*requires).map(|l| Step::Require(i, l)));
        out.push(Step::When(i));
        out.extend((0..6).map(|n| Step::Join(i, n)));
    }
    out.push(Step::Params);
    out.push(Step::Moving);
    out.extend((0..6).map(Step::Attr));
    for f in 0..case.input.facts.len() {
        out.extend((0..9).map(|x| Step::FactField(f, x)));
    }
    out
}

fn drop_at<T>(list: &mut Vec<T>, from_end: usize) {
    if from_end < list.len() {
        list.remove(list.len() - 1 - from_end);
    }
}

fn apply(case: &mut Case, step: &Step) {
    let input = &mut case.input;
    match step {
        Step::Version(n) if case.policy.versions.len() > 1 => {
            drop_at(&mut case.policy.versions, *n)
        }
        Step::Spend(n) => case
            .policy
            .versions
            .iter_mut()
            .for_each(|v| drop_at(&mut v.spends, *n)),
        Step::Standing(n) => case
            .policy
            .versions
            .iter_mut()
            .for_each(|v| drop_at(&mut v.standings, *n)),
        Step::Measure(n) => case
            .policy
            .versions
            .iter_mut()
            .for_each(|v| drop_at(&mut v.measures, *n)),
        Step::Allot(n) => case
            .policy
            .versions
            .iter_mut()
            .for_each(|v| drop_at(&mut v.allots, *n)),
        Step::HeaderLine(n) => case
            .policy
            .versions
            .iter_mut()
            .for_each(|v| drop_at(&mut v.header, *n)),
        Step::Campaign(n) => case
            .policy
            .versions
            .iter_mut()
            .for_each(|v| drop_at(&mut v.campaigns, *n)),
        Step::CampaignLine(n) => {
            let all = case.policy.versions.iter_mut();
            for c in all.filter_map(|v| v.campaigns.iter_mut().rev().nth(n / 2)) {
                match n % 2 {
                    0 if c.cap.is_some() => c.factor = None,
                    1 if c.factor.is_some() => c.cap = None,
                    _ => {}
                }
            }
        }
        Step::Category(n) => remove_category(case, *n),
        Step::CategoryLine(c, l) => {
            let mut at = 0;
            each_category(case, &mut |x| {
                if at == *c {
                    drop_at(&mut x.lines, *l);
                }
                at += 1;
            });
        }
        Step::Item(n) => {
            let mut at = 0;
            each_category(case, &mut |c| {
                let from = at;
                at += c.items.len();
                if (from..at).contains(n) {
                    c.items.remove(n - from);
                }
            });
        }
        Step::ItemLine(i, l) => on_item(case, *i, |x| drop_at(&mut x.lines, *l)),
        // Caps of the passes first, then the passes.
        Step::Pass(i, n) => on_item(case, *i, |x| {
            match (n % 2, x.passes.iter_mut().rev().nth(n / 2)) {
                (0, Some(p)) => {
                    p.caps.pop();
                }
                (_, Some(_)) => drop_at(&mut x.passes, n / 2),
                _ => {}
            }
        }),
        Step::Require(i, l) => on_item(case, *i, |x| drop_at(&mut x.requires, *l)),
        // The condition, a second key, the join itself.
        Step::Join(i, n) => on_item(case, *i, |x| {
            let at = x.joins.len().wrapping_sub(1 + n / 3);
            match (n % 3, x.joins.get_mut(at)) {
                (0, Some(j)) => j.when = None,
                (1, Some(j)) => j.keys.truncate(1),
                (_, Some(_)) => drop(x.joins.remove(at)),
                _ => {}
            }
        }),
        Step::When(i) => on_item(case, *i, |x| {
            if let On::Kind(_, when) = &mut x.on {
                *when = None;
            }
        }),
        Step::LineWhen(i, l) => on_item(case, *i, |x| match x.lines.get_mut(*l) {
            Some(
                Line::Award(_, w) | Line::Add(_, w) | Line::Deduct(_, w) | Line::Multiply(_, _, w),
            ) => *w = None,
            _ => {}
        }),
        Step::Moving => case
            .policy
            .versions
            .iter_mut()
            .for_each(|v| v.moving = None),
        Step::Params => case
            .policy
            .versions
            .iter_mut()
            .for_each(|v| v.params.iter_mut().for_each(|p| p.steps.clear())),
        Step::Fact(n) => drop_at(&mut input.facts, *n),
        Step::HalfFacts(front) => {
            let half = input.facts.len() / 2;
            if *front {
                input.facts.truncate(half);
            } else {
                input.facts.drain(..half);
            }
        }
        Step::Confirmation(n) => drop_at(&mut input.confirmations, *n),
        Step::Correction(n) => drop_at(&mut input.corrections, *n),
        Step::Void(n) => drop_at(&mut input.voids, *n),
        Step::Opening(n) => drop_at(&mut input.openings, *n),
        Step::Stood(n) => drop_at(&mut input.stood, *n),
        Step::Subject(n) => remove_subject(case, *n),
        Step::FactField(f, x) => {
            if let Some(v) = input.facts.get_mut(*f).and_then(|f| f.fields.get_mut(*x)) {
                *v = None;
            }
        }
        Step::Attr(n) => {
            for attr in input
                .subjects
                .iter_mut()
                .filter_map(|s| s.attrs.get_mut(*n))
            {
                attr.clear();
            }
        }
        Step::Version(_) => {}
    }
}

fn on_item(case: &mut Case, n: usize, mut f: impl FnMut(&mut Item)) {
    let mut at = 0;
    each_item(case, &mut |i| {
        if at == n {
            f(i);
        }
        at += 1;
    });
}

fn remove_category(case: &mut Case, n: usize) {
    let mut at = 0;
    for v in &mut case.policy.versions {
        let mut keep = Vec::new();
        for mut c in std::mem::take(&mut v.categories) {
            let mine = at == n;
            at += 1 + c.inner.len();
            if c.inner.len() == 1 && at - 1 == n {
                c.inner.clear();
            }
            if !mine {
                keep.push(c);
            }
        }
        v.categories = keep;
    }
}

/// The n-th person from the end, if nothing speaks of him.
fn remove_subject(case: &mut Case, n: usize) {
    let input = &mut case.input;
    let Some(at) = input.subjects.len().checked_sub(1 + n) else {
        return;
    };
    let moved = |c: &Correction| matches!(c.change, Change::Subject(_));
    let used = input.facts.iter().any(|f| f.subject == at)
        || input.openings.iter().any(|o| o.0 == at)
        || input.stood.iter().any(|o| o.1 == at)
        || input.corrections.iter().any(moved);
    if used || input.subjects.len() == 1 {
        return;
    }
    input.subjects.remove(at);
    for subject in input.facts.iter_mut().map(|f| &mut f.subject) {
        *subject -= usize::from(*subject > at);
    }
    for subject in input.openings.iter_mut().map(|o| &mut o.0) {
        *subject -= usize::from(*subject > at);
    }
    for subject in input.stood.iter_mut().map(|o| &mut o.1) {
        *subject -= usize::from(*subject > at);
    }
}

fn size(case: &Case) -> usize {
    let mut n = 0;
    each_category(&mut case.clone(), &mut |c| n += 3 + 2 * c.lines.len());
    each_item(&mut case.clone(), &mut |i| {
        n += 3 + 2 * (i.lines.len() + i.requires.len());
        n += i
            .lines
            .iter()
            .filter(|l| {
                matches!(
                    l,
                    Line::Award(_, Some(_)) | Line::Add(_, Some(_)) | Line::Multiply(_, _, Some(_))
                )
            })
            .count();
        n += usize::from(matches!(i.on, On::Kind(_, Some(_))));
        let joins = i.joins.iter();
        n += joins
            .map(|j| 3 + j.keys.len() + usize::from(j.when.is_some()))
            .sum::<usize>();
    });
    for v in &case.policy.versions {
        for c in &v.campaigns {
            n += 3 + usize::from(c.factor.is_some()) + usize::from(c.cap.is_some());
        }
        n += 2 * usize::from(v.moving.is_some());
        n += 5 + v.header.len() + v.params.iter().map(|p| p.steps.len()).sum::<usize>();
    }
    let i = &case.input;
    n += i
        .facts
        .iter()
        .map(|f| 10 + f.fields.iter().flatten().count())
        .sum::<usize>();
    n + i.voids.len()
        + i.corrections.len()
        + i.confirmations.len()
        + i.openings.len()
        + i.stood.len()
        + i.subjects
            .iter()
            .map(|s| 1 + s.attrs.iter().map(Vec::len).sum::<usize>())
            .sum::<usize>()
}
