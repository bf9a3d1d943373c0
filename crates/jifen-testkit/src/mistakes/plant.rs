//! Chooses places that do not touch each other, makes the changes, and takes them back.

use super::{Base, Change, Site};
use crate::rng::Rng;
use std::ops::Range;

/// A text with mistakes.
pub struct Planted {
    /// The text.
    pub text: String,
    /// The mistakes, by place.
    pub sites: Vec<Site>,
    /// For each mistake its clause in the new text.
    pub clauses: Vec<Vec<Range<usize>>>,
    /// The changes that take everything back, by place in the new text.
    pub back: Vec<Change>,
}

/// Up to `wanted` mistakes of different kinds that do not touch each other. Kinds are drawn first, so that a kind with
/// few places is not rare.
pub fn choose(all: &[Vec<Site>], wanted: usize, rng: &mut Rng) -> Vec<Site> {
    let mut kinds: Vec<usize> = (0..all.len()).filter(|k| !all[*k].is_empty()).collect();
    let mut chosen: Vec<Site> = Vec::new();
    while chosen.len() < wanted && !kinds.is_empty() {
        let kind = kinds.swap_remove(rng.below(kinds.len()));
        let list = &all[kind];
        let first = rng.below(list.len());
        let free = (0..list.len()).map(|i| &list[(first + i) % list.len()]);
        let found = free
            .into_iter()
            .find(|s| chosen.iter().all(|c| apart(c, s)));
        chosen.extend(found.cloned());
    }
    chosen
}

fn apart(a: &Site, b: &Site) -> bool {
    let touch = |x: &Range<usize>, y: &Range<usize>| x.start <= y.end && y.start <= x.end;
    let all = |s: &Site| -> Vec<Range<usize>> {
        let changed = s.changes.iter().map(|c| c.range.clone());
        s.clause.iter().cloned().chain(changed).collect()
    };
    let (ca, cb) = (all(a), all(b));
    let meets = |xs: &[Range<usize>], ys: &[Range<usize>]| {
        xs.iter().any(|x| ys.iter().any(|y| touch(x, y)))
    };
    !meets(&ca, &cb) && !meets(&a.shadow, &cb) && !meets(&ca, &b.shadow)
}

/// Makes the changes.
pub fn plant(base: &Base, sites: Vec<Site>) -> Planted {
    let mut changes: Vec<Change> = sites
        .iter()
        .flat_map(|s| s.changes.iter().cloned())
        .collect();
    changes.sort_by_key(|c| (c.range.start, c.range.end));
    let mut text = String::new();
    let mut back = Vec::new();
    let mut at = 0;
    for c in &changes {
        text.push_str(&base.text[at..c.range.start]);
        let start = text.len();
        text.push_str(&c.new);
        back.push(Change {
            range: start..text.len(),
            new: base.text[c.range.clone()].to_owned(),
        });
        at = c.range.end;
    }
    text.push_str(&base.text[at..]);
    let clauses = sites
        .iter()
        .map(|s| s.clause.iter().map(|r| moved(r, &changes)).collect())
        .collect();
    Planted {
        text,
        sites,
        clauses,
        back,
    }
}

/// Where a part of the old text stands in the new one; what is put in at its edges belongs to it.
fn moved(range: &Range<usize>, changes: &[Change]) -> Range<usize> {
    let (mut start, mut end) = (range.start as i64, range.end as i64);
    for c in changes {
        let by = c.new.len() as i64 - c.range.len() as i64;
        if c.range.end <= range.start && c.range.start < range.start {
            start += by;
        }
        if c.range.start <= range.end {
            end += by;
        }
    }
    start.max(0) as usize..end.max(start) as usize
}

/// Takes all mistakes back.
pub fn undo(planted: &Planted) -> String {
    let mut text = planted.text.clone();
    for c in planted.back.iter().rev() {
        text.replace_range(c.range.clone(), &c.new);
    }
    text
}
