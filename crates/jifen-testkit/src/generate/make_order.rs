//! Multipliers that look at 本次得分 among others: what has to be written, and what cannot be.

use super::tree::*;
use crate::rng::Rng;

/// Does a multiplier ask what the award is so far?
pub(super) fn looks_back(l: &Line) -> bool {
    matches!(l, Line::Multiply(_, _, Some(C::Cmp(_, E::Running, _))))
}

fn parts(l: &Line) -> Option<bool> {
    match l {
        Line::Multiply(_, Some(t), _) if t.mode == jifen_plan::TimeMode::During => {
            Some(t.split == Some(true))
        }
        _ => None,
    }
}

/// Takes 本次得分 out of conditions where time is split on both sides of them, and marks the place of the `shared`
/// multipliers where one looks at it. True: only the product will do.
pub(super) fn state_order(rng: &mut Rng, lines: &mut Vec<Line>, shared: usize) -> bool {
    let multiplies = |l: &Line| matches!(l, Line::Multiply(..));
    let mut product = false;
    let mut at = 0;
    let mut joined = shared == 0;
    while at < lines.len() {
        let run = lines.iter().skip(at).take_while(|l| multiplies(l)).count();
        if run == 0 {
            at += 1;
            continue;
        }
        let beside = usize::from(!joined);
        for k in at..at + run {
            let split = lines[at..k].iter().any(|l| parts(l).is_some());
            let crossed = |l: &Line| parts(l).is_some_and(|each| each || split);
            let crossed = lines[k..at + run].iter().any(crossed);
            if k + beside == at || !looks_back(&lines[k]) {
                continue;
            }
            match &mut lines[k] {
                Line::Multiply(_, _, when) if crossed => *when = None,
                _ => product = true,
            }
        }
        let looks = lines[at..at + run].iter().any(looks_back);
        if looks && !joined {
            lines.insert(at + rng.below(run + 1), Line::Place);
            at += 1;
        }
        joined = true;
        at += run;
    }
    product
}
