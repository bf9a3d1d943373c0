//! 变动 and 分户: random words on 联络, people who change whom they belong to, and their second lowering.

use std::collections::BTreeSet;

use jifen_plan::{AttrIx, Item, Move, RosterIx, Split, Value, VersionIx};

use super::lower::ix;
use super::taste::{Fond, Taste};
use super::tree::{ATTRS, Policy, Version};
use crate::rng::Rng;

/// What a version says: 随人 or not, and what a split does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moving {
    /// 随人
    pub follow: bool,
    /// 分户
    pub split: Split,
}

/// The words of a version, if it has any.
pub(super) fn words(rng: &mut Rng, taste: Taste) -> Option<Moving> {
    let seldom = if taste.has(Fond::Passes) { 50 } else { 4 };
    taste.chance(rng, Fond::Moves, 95, seldom).then(|| Moving {
        follow: rng.chance(75),
        split: rng
            .pick(&[Split::Keep, Split::Share, Split::Share, Split::Clear])
            .unwrap_or(Split::Keep),
    })
}

/// Another version may say otherwise.
pub(super) fn mutate(rng: &mut Rng, taste: Taste, v: &mut Version) {
    if taste.has(Fond::Moves) && rng.chance(40) {
        v.moving = words(rng, taste);
    }
}

/// As text, after the type.
pub(super) fn write(moving: Option<Moving>) -> String {
    let Some(m) = moving else {
        return String::new();
    };
    let how = if m.follow { "随人" } else { "按发生时" };
    let split = match m.split {
        Split::Keep => "全留",
        Split::Share => "均分",
        Split::Clear => "归零",
    };
    format!(" 变动 {how} 分户 {split}")
}

/// Whom somebody belongs to: a few changes on edges, often among few, sometimes with a gap.
pub(super) fn rows(
    rng: &mut Rng,
    count: usize,
    ends: (i32, i32),
    mut edge: impl FnMut(&mut Rng) -> i32,
) -> Vec<(i32, i32, Value)> {
    let mut edges: Vec<i32> = (0..2 + rng.below(5))
        .map(|_| edge(rng) + [0, 1, 3, 6, 12][rng.below(5)])
        .collect();
    edges.sort_unstable();
    edges.dedup();
    let few = if rng.chance(60) { count.min(3) } else { count };
    let mut from = ends.0;
    let mut out = Vec::new();
    for to in edges.into_iter().chain([ends.1]) {
        let gap = i32::from(rng.chance(15)) * 2;
        let whom = if rng.chance(25) { count } else { few };
        let value = Value::Text(format!("居民{}", 1 + rng.below(whom)));
        if from + gap < to {
            out.push((from + gap, to, value));
        }
        from = to;
    }
    out
}

/// The second lowering: every currency that a clause names may come to everybody.
pub(super) fn moves(p: &Policy, items: &[Item]) -> Vec<Move> {
    let mut currencies = BTreeSet::new();
    for i in items {
        currencies.extend(i.credit.iter().copied());
        currencies.extend(i.passes.iter().flat_map(|x| x.credit.iter().copied()));
    }
    let attr = ATTRS.iter().position(|a| a.0 == "联络").unwrap_or(0);
    let versions = p.versions.iter().enumerate();
    let said = versions.filter_map(|(n, v)| Some((n, v.moving?)));
    said.filter(|(_, m)| m.follow || m.split != Split::Keep)
        .map(|(n, m)| Move {
            roster: RosterIx(0),
            attr: AttrIx(ix(attr)),
            version: VersionIx(ix(n)),
            group: RosterIx(0),
            follow: m.follow,
            split: m.split,
            currencies: currencies.iter().copied().collect(),
        })
        .collect()
}
