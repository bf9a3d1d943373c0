//! Random choices (择一, 择优) in an item or a category, and what has to give way for one.

use jifen_calendar::Period;
use jifen_plan::{CapMode, Pick};

use super::make::Maker;
use super::taste::Fond;
use super::tree::*;
use super::value::quantity_limit;
use crate::rng::Rng;

impl Maker<'_> {
    /// Puts choices into some items or categories.
    pub(super) fn choices(&mut self, rng: &mut Rng, categories: &mut [Category]) {
        for c in categories {
            if !self.taste.chance(rng, Fond::Choice, 90, 22) {
                continue;
            }
            if rng.chance(50) {
                self.choice_of_items(rng, c);
            } else {
                self.choice_of_category(rng, c);
            }
        }
    }

    fn choice_of_items(&mut self, rng: &mut Rng, c: &mut Category) {
        for i in c.items.iter_mut().filter(|i| !deducts(i)) {
            if rng.chance(70) {
                let choice = self.choice(rng, keys(&i.on));
                give_way(rng, i, choice.pick);
                let at = place(&i.lines);
                i.lines.insert(at, Line::Choose(choice));
            }
        }
        for l in &mut c.lines {
            untimed(rng, l);
        }
    }

    /// Everything under the category stands for one choice: nothing deducts, and what two items of one record pass
    /// after it is the same for both.
    fn choice_of_category(&mut self, rng: &mut Rng, c: &mut Category) {
        if c.items.iter().all(deducts) {
            return;
        }
        c.inner.clear();
        c.items.retain(|i| !deducts(i));
        let plain = rng.chance(30);
        if !plain {
            let mut seen = Vec::new();
            c.items.retain(|i| {
                let new = !seen.contains(&moment(&i.on));
                seen.push(moment(&i.on));
                new
            });
        }
        let common = match c.items.as_slice() {
            [] => return,
            [one] => keys(&one.on),
            all if all.iter().all(|i| !keys(&i.on).is_empty()) => &["次数"],
            _ => &[],
        };
        let choice = self.choice(rng, common);
        let choice = match plain && choice.pick == Pick::First {
            true => Choice {
                pick: Pick::Best(1),
                ..choice
            },
            false => choice,
        };
        for i in &mut c.items {
            give_way(rng, i, choice.pick);
            if plain {
                i.lines.retain(|l| !has_memory(l));
            }
        }
        c.lines.retain(|l| !plain || !matches!(l, Line::Cap(_)));
        if plain && rng.chance(60) {
            let mut cap = self.shared_cap(rng, &[]);
            (cap.mode, cap.when, cap.times) = (CapMode::Clip, None, false);
            cap.limit = E::Lit(rng.word(&["5", "10", "12.5", "30"]).into(), U::Points);
            c.lines.push(Line::Cap(cap));
        }
        for l in &mut c.lines {
            untimed(rng, l);
            if let Line::Cap(cap) = l
                && !cap
                    .exempt
                    .iter()
                    .all(|e| c.items.iter().any(|i| i.name == e.0))
            {
                cap.exempt = None;
            }
        }
        c.lines.push(Line::Choose(choice));
    }

    fn choice(&self, rng: &mut Rng, keys: &[&'static str]) -> Choice {
        let pick = match rng.below(10) {
            0 | 1 => Pick::Best(1),
            2 | 6 | 7 => Pick::First,
            3 | 4 | 8 => Pick::Best(2),
            _ => Pick::Best(3),
        };
        let key = if rng.chance(45) { rng.pick(keys) } else { None };
        let periods = [Period::Day, Period::Month, Period::Quarter, Period::Year];
        let window = match (key, rng.below(4)) {
            (Some(_), 0 | 1) => W::Unwritten,
            (_, 2) => W::Lifetime,
            (_, 3) if rng.chance(50) => W::YearOn(3, 1),
            (_, 3) => W::OwnYear,
            _ => W::Civil(rng.pick(&periods).unwrap_or(Period::Month)),
        };
        let whose = match self.taste.has(Fond::Groups) {
            _ if window == W::OwnYear => 9,
            true => rng.below(4),
            false => rng.below(6),
        };
        Choice {
            pick,
            everyone: whose == 0,
            group: (whose == 1).then(|| rng.word(&["家庭", "社区"])),
            key,
            window,
        }
    }
}

/// Fields of the record that can be a key.
fn keys(on: &On) -> &'static [&'static str] {
    match on {
        On::Kind(0, _) => &["场次", "等次", "伙伴", "次数"],
        On::Kind(1 | 4, _) => &["片区", "次数"],
        On::Every(_, _, Some(_)) => &["次数"],
        _ => &[],
    }
}

/// Two items of one moment are told apart by their names alone.
fn moment(on: &On) -> Option<usize> {
    match on {
        On::Kind(k, _) => Some(*k),
        On::Every(..) => None,
    }
}

fn deducts(i: &Item) -> bool {
    i.lines.iter().any(|l| matches!(l, Line::Deduct(..)))
}

fn has_memory(l: &Line) -> bool {
    matches!(l, Line::Cap(c) if c.window != W::Occasion)
}

/// Where the choice stands: before the first cap that adds up over time.
pub(super) fn place(lines: &[Line]) -> usize {
    lines.iter().position(has_memory).unwrap_or(lines.len())
}

/// After a choice no amount changes, nothing waits with its room taken, and differences are no times.
fn give_way(rng: &mut Rng, i: &mut Item, pick: Pick) {
    let at = place(&i.lines);
    let mut place = 0..;
    i.lines.retain(|l| {
        let before = place.next().is_some_and(|n| n < at);
        before || matches!(l, Line::Cap(_) | Line::Stacking(_))
    });
    for l in &mut i.lines {
        if let Line::Review(r) = l {
            r.holds_room = false;
        }
        if pick != Pick::First {
            untimed(rng, l);
        }
    }
}

/// A cap on points instead of times.
pub(super) fn untimed(rng: &mut Rng, l: &mut Line) {
    if let Line::Cap(cap) = l {
        untimed_cap(rng, cap);
    }
}

fn untimed_cap(rng: &mut Rng, cap: &mut Cap) {
    if cap.times {
        cap.times = false;
        cap.limit = quantity_limit(rng);
    }
}

/// What stands around the categories gives way too: caps of the header and of campaigns.
pub(super) fn around(
    rng: &mut Rng,
    categories: &[Category],
    header: &mut Vec<Line>,
    campaigns: &mut [Campaign],
) {
    let chooses = |l: &[Line]| l.iter().any(|l| matches!(l, Line::Choose(_)));
    let by_category = categories.iter().any(|c| chooses(&c.lines));
    let by_item = categories
        .iter()
        .flat_map(|c| &c.items)
        .any(|i| chooses(&i.lines));
    if by_category {
        header.clear();
        for c in campaigns.iter_mut() {
            c.cap = None;
        }
    }
    if by_item {
        for l in header.iter_mut() {
            untimed(rng, l);
        }
        for cap in campaigns.iter_mut().filter_map(|c| c.cap.as_mut()) {
            untimed_cap(rng, cap);
        }
    }
}
