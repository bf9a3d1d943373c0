//! One part of the sweep: its candidates in key order, component by component, each fast where it can be and exact otherwise.

use jifen_calendar::Instant;
use jifen_data::{
    Account, Chunk, FactRef, Lapse, LedgerChunk, Lot, MoveLine, Outcome, Undated, WorthLine,
};
use jifen_plan::{CurrencyIx, ItemIx, Trigger};
use jifen_quantity::Decimal;
use rayon::prelude::*;
use std::collections::BTreeMap;

use crate::error::EngineError;
use crate::fast::{AccountSums, FastPlan, Scratch};
use crate::levels::{Meetings, Start, Transfer, transfer};
use crate::partition::Components;
use crate::rows::Candidate;
use crate::scatter::{Part, taken};
use crate::sweep::{Emitted, Event, Field, Source, Swept, sweep};
use crate::world::{World, compare_rows};

/// What a part gives.
#[derive(Default)]
pub(crate) struct PartOut<'w> {
    /// Where every account is a component: the ledger of the part, in order.
    pub chunk: LedgerChunk,
    /// Otherwise: its postings, to be put in order with the others'.
    pub postings: Vec<Emitted<'w>>,
    pub outcomes: Vec<Outcome>,
    pub scored: u64,
    pub sums: Vec<AccountSums>,
    pub lapses: Chunk<Lapse>,
    pub lots: Chunk<Lot>,
    pub worths: Vec<WorthLine>,
    pub moves: Vec<MoveLine>,
    pub undated: Vec<Undated>,
    /// Components that meet others: they are swept afterwards, side by side.
    pub starts: Vec<Start>,
}

/// What parts share.
pub(crate) struct Sweeps<'a, 'w> {
    pub field: &'a Field<'w>,
    pub components: &'a Components,
    /// Kind and roster of each item's facts.
    pub kinds: Vec<Option<(jifen_plan::KindIx, jifen_plan::RosterIx)>>,
    /// The fast plan, where every account is a component by itself.
    pub fast: Option<FastPlan>,
    /// Openings by account.
    pub openings: &'a crate::balances::Opened,
    /// Components with opening lots that lapse, ascending: they are swept without any run.
    pub aging: Vec<usize>,
    /// Accounts with openings, by component, ascending.
    pub opened: Vec<(usize, Account)>,
    /// Components that meet others.
    pub meetings: Meetings,
    /// The components to sweep, where not all are.
    pub only: Option<&'a [bool]>,
}

/// Components with opening lots that lapse.
pub(crate) fn aging(components: &Components, opened: &crate::balances::Opened) -> Vec<usize> {
    let aging = opened.iter().filter(|(_, o)| !o.lots.is_empty());
    let mut list: Vec<usize> = aging.map(|(a, _)| components.of(*a)).collect();
    list.sort_unstable();
    list.dedup();
    list
}

/// Accounts with openings, by component.
pub(crate) fn opened_by(
    components: &Components,
    opened: &crate::balances::Opened,
) -> Vec<(usize, Account)> {
    let mut list: Vec<_> = opened.keys().map(|a| (components.of(*a), *a)).collect();
    list.sort_unstable();
    list
}

/// Accounts of a component with openings.
pub(crate) fn opened_of(opened: &[(usize, Account)], component: usize) -> Vec<Account> {
    let from = opened.partition_point(|o| o.0 < component);
    let own = opened.iter().skip(from).take_while(|o| o.0 == component);
    own.map(|o| o.1).collect()
}

/// Kind and roster of the facts of each item.
pub(crate) fn kinds(world: &World<'_>) -> Vec<Option<(jifen_plan::KindIx, jifen_plan::RosterIx)>> {
    let of = |trigger: &Trigger| match trigger {
        Trigger::Fact(k) => world.plan.kinds.get(k.ix()).map(|kind| (*k, kind.subject)),
        Trigger::Period { .. } => None,
    };
    world.plan.items.iter().map(|i| of(&i.trigger)).collect()
}

impl<'w> Sweeps<'_, 'w> {
    /// Does every part give a ledger in order, so that one after the other is the whole?
    pub fn by_account(&self) -> bool {
        self.components.by_account() && self.meetings.components().is_empty()
    }

    fn account(&self, c: &Candidate) -> Option<Account> {
        let (_, roster) = (*self.kinds.get(usize::from(c.item))?)?;
        Some(Account {
            roster,
            subject: c.subject,
        })
    }

    fn component(&self, c: &Candidate) -> usize {
        self.account(c).map_or(0, |a| self.components.of(a))
    }

    fn event(&self, c: &Candidate) -> Option<Event> {
        let (kind, roster) = (*self.kinds.get(usize::from(c.item))?)?;
        Some(Event {
            at: Instant(c.at),
            item: ItemIx(c.item),
            account: Account {
                roster,
                subject: c.subject,
            },
            source: Source::Fact(FactRef { kind, row: c.row }),
            ready: (!c.fresh).then_some((c.value, c.scale)),
        })
    }

    /// Transfers among the candidates of parts whose receiver is in another component.
    pub fn transfers(&self, parts: &[Part]) -> Vec<Transfer> {
        let world = self.field.world;
        let gives: Vec<bool> = world.plan.items.iter().map(|i| i.give.is_some()).collect();
        if !gives.contains(&true) {
            return Vec::new();
        }
        let gives = |c: &&Candidate| gives.get(usize::from(c.item)) == Some(&true);
        let of = |c: &Candidate| transfer(world, self.components, self.event(c)?);
        let all = parts.par_iter().flat_map(|p| p.candidates.par_iter());
        all.flat_map_iter(|piece| piece.iter().filter(gives).filter_map(of))
            .collect()
    }

    /// Key order of facts.
    fn compare(&self, a: &Candidate, b: &Candidate) -> std::cmp::Ordering {
        let world = self.field.world;
        a.at.cmp(&b.at).then_with(|| {
            let kind = |c: &Candidate| (*self.kinds.get(usize::from(c.item))?).map(|k| k.0);
            let order = match (kind(a), kind(b)) {
                (Some(x), Some(y)) => {
                    let ids = |k: jifen_plan::KindIx| world.facts.kinds.get(k.ix()).map(|t| &t.ids);
                    match (ids(x), ids(y)) {
                        (Some(p), Some(q)) => {
                            compare_rows(p, a.row as usize, q, b.row as usize).then(x.cmp(&y))
                        }
                        _ => std::cmp::Ordering::Equal,
                    }
                }
                _ => std::cmp::Ordering::Equal,
            };
            order.then(a.row.cmp(&b.row)).then(a.item.cmp(&b.item))
        })
    }

    /// Sweeps a part.
    pub fn part(&self, part: Part) -> Result<PartOut<'w>, EngineError> {
        let range = part.range;
        let (mut candidates, bounds) = self.by_component(&range, &part.candidates);
        drop(part.candidates);
        let mut periods = part.periods;
        periods.sort_by_key(|e| self.components.of(e.account));
        let mut out = PartOut {
            chunk: LedgerChunk::with_capacity(candidates.len()),
            ..PartOut::default()
        };
        let mut scratch = Scratch::default();
        let mut rest = periods.as_slice();
        for number in range.clone() {
            let k = number - range.start;
            let span = bounds.get(k).copied().unwrap_or(0)..bounds.get(k + 1).copied().unwrap_or(0);
            let own = candidates.get_mut(span).unwrap_or_default();
            let of_number = rest.partition_point(|e| self.components.of(e.account) <= number);
            let (own_periods, others) = rest.split_at(of_number);
            rest = others;
            // What was taken over may lapse or move without any run.
            let ages = self.aging.binary_search(&number).is_ok()
                || self.meetings.has(number)
                || !self.field.moves.of(number).is_empty();
            if !taken(self.only, number) || own.is_empty() && own_periods.is_empty() && !ages {
                continue;
            }
            if !own.is_sorted_by(|a, b| self.compare(a, b).is_lt()) {
                own.sort_unstable_by(|a, b| self.compare(a, b));
            }
            self.one(number, own, own_periods, &mut scratch, &mut out)?;
        }
        Ok(out)
    }

    /// Counting sort by component: the candidates, and where each component begins.
    fn by_component(
        &self,
        range: &std::ops::Range<usize>,
        pieces: &[Vec<Candidate>],
    ) -> (Vec<Candidate>, Vec<usize>) {
        let mut bounds = vec![0_usize; range.len() + 1];
        for c in pieces.iter().flatten() {
            if let Some(n) = bounds.get_mut(self.component(c).wrapping_sub(range.start) + 1) {
                *n += 1;
            }
        }
        let mut sum = 0;
        for n in &mut bounds {
            sum += *n;
            *n = sum;
        }
        let mut next = bounds.clone();
        let mut out = vec![Candidate::default(); sum];
        for c in pieces.iter().flatten() {
            if let Some(place) = next.get_mut(self.component(c).wrapping_sub(range.start)) {
                if let Some(slot) = out.get_mut(*place) {
                    *slot = *c;
                }
                *place += 1;
            }
        }
        (out, bounds)
    }

    /// One component.
    fn one(
        &self,
        number: usize,
        own: &[Candidate],
        periods: &[Event],
        scratch: &mut Scratch,
        out: &mut PartOut<'w>,
    ) -> Result<(), EngineError> {
        if let (Some(fast), true, Some(account)) = (
            &self.fast,
            periods.is_empty() && !self.meetings.has(number),
            own.first().and_then(|c| self.account(c)),
        ) {
            let openings = self.openings.get(&account);
            let openings = openings.map_or(&[][..], |o| o.sums.as_slice());
            if fast.sweep(account, own, openings, scratch, out) {
                return Ok(());
            }
        }
        let mut events: Vec<Event> = own.iter().filter_map(|c| self.event(c)).collect();
        if !periods.is_empty() {
            events.extend_from_slice(periods);
            events.sort_unstable_by(|a, b| a.compare(b, self.field.world));
        }
        let accounts = opened_of(&self.opened, number);
        if self.meetings.has(number) {
            out.starts.push(Start {
                component: number,
                events,
                accounts,
            });
            return Ok(());
        }
        let swept = sweep(self.field, number, &events, &accounts)?;
        self.collect(swept, out)
    }

    /// Puts what a component gave to the rest.
    pub fn collect(&self, mut swept: Swept<'w>, out: &mut PartOut<'w>) -> Result<(), EngineError> {
        swept.sort();
        let moved = moved(&swept)?;
        for ((account, currency), sums) in &swept.sums {
            let moved = moved
                .get(&(*account, *currency))
                .copied()
                .unwrap_or_default();
            out.sums.push((*account, *currency, *sums, moved));
        }
        out.outcomes.append(&mut swept.outcomes);
        out.lapses.extend(swept.lapses);
        out.lots.extend(swept.lots);
        out.worths.append(&mut swept.worths);
        out.moves.append(&mut swept.moves);
        out.undated.append(&mut swept.undated);
        out.scored += swept.scored;
        if self.by_account() {
            for e in &swept.postings {
                out.chunk.push(&e.posting);
            }
        } else {
            out.postings.append(&mut swept.postings);
        }
        Ok(())
    }
}

/// What the ledger and the lapses moved, by account and currency.
fn moved(swept: &Swept<'_>) -> Result<BTreeMap<(Account, CurrencyIx), Decimal>, EngineError> {
    let mut out: BTreeMap<_, Decimal> = BTreeMap::new();
    let mut fits = true;
    for p in swept.postings.iter().map(|e| &e.posting) {
        let slot = out.entry((p.account, p.currency)).or_default();
        let moved = p.amount.add(p.waived).and_then(|m| slot.add(m));
        fits &= moved.is_ok();
        *slot = moved.unwrap_or_default();
    }
    for l in &swept.lapses {
        let slot = out.entry((l.account, l.currency)).or_default();
        let moved = slot.sub(l.amount);
        fits &= moved.is_ok();
        *slot = moved.unwrap_or_default();
    }
    for (of, amount, arrives) in swept.moves.iter().flat_map(both) {
        let slot = out.entry(of).or_default();
        let moved = if arrives {
            slot.add(amount)
        } else {
            slot.sub(amount)
        };
        fits &= moved.is_ok();
        *slot = moved.unwrap_or_default();
    }
    if fits { Ok(out) } else { moved_in_all(swept) }
}

/// Both sides of a move: account, amount, and whether it arrives there.
fn both(m: &MoveLine) -> impl Iterator<Item = ((Account, CurrencyIx), Decimal, bool)> {
    let gives = ((m.from, m.currency), m.amount, false);
    let receives = m.to.map(|to| ((to, m.currency), m.amount, true));
    std::iter::once(gives).chain(receives)
}

/// The same where a sum on the way does not fit.
fn moved_in_all(
    swept: &Swept<'_>,
) -> Result<BTreeMap<(Account, CurrencyIx), Decimal>, EngineError> {
    type Terms = (Vec<Decimal>, Vec<Decimal>);
    let mut terms: BTreeMap<_, Terms> = BTreeMap::new();
    for p in swept.postings.iter().map(|e| &e.posting) {
        let ups = &mut terms.entry((p.account, p.currency)).or_default().0;
        ups.extend([p.amount, p.waived]);
    }
    for l in &swept.lapses {
        let downs = &mut terms.entry((l.account, l.currency)).or_default().1;
        downs.push(l.amount);
    }
    for (of, amount, arrives) in swept.moves.iter().flat_map(both) {
        let (ups, downs) = terms.entry(of).or_default();
        if arrives { ups } else { downs }.push(amount);
    }
    let net = |((account, currency), (ups, downs)): ((Account, CurrencyIx), Terms)| {
        let net = Decimal::net(&ups, &downs);
        let net = net.map_err(|_| EngineError::TotalsOverflow(currency))?;
        Ok(((account, currency), net))
    };
    terms.into_iter().map(net).collect()
}
