//! Stage 2: which earlier facts the facts of an item are joined with (evaluation.md 8). Nothing is awarded here.
//!
//! Earlier facts lie in an index by their keys, in key order; one sweep over the later facts of a clause, all versions and
//! all accounts, decides who is paired with whom. What it finds is read by the sweep of awards.

mod index;
mod window;

use jifen_calendar::Instant;
use jifen_data::{FactRef, JoinedFact, Missing, NearMiss};
use jifen_plan::{ItemIx, Join, KindIx, Pairing, Trigger, Value};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::case::Case;
use crate::error::Stop;
use crate::scalar::Scalar;
use crate::world::World;
use index::Index;
use window::Since;

/// What a fact of an item with joins comes to.
#[derive(Clone, Debug)]
pub(crate) enum Match {
    /// One fact for each join.
    Found(Vec<FactRef>),
    /// So far, and then nothing.
    Nothing(Vec<FactRef>),
    /// It cannot be told, or has failed.
    Stop(Stop),
}

/// What is joined, by item.
#[derive(Debug, Default)]
pub(crate) struct Matches {
    clauses: Vec<Clause>,
    /// For each item: its clause, and its place there.
    places: Vec<Option<(usize, usize)>>,
}

/// One clause in all its versions: what has served outlives them.
#[derive(Debug, Default)]
struct Clause {
    versions: Vec<Versioned>,
    /// The earlier fact, and the later one with which it was joined first.
    served: FxHashMap<FactRef, FactRef>,
}

#[derive(Debug)]
struct Versioned {
    item: ItemIx,
    indexes: Vec<Index>,
    rows: FxHashMap<u32, Match>,
}

/// A later fact that takes part.
struct Later {
    at: Instant,
    fact: FactRef,
    version: usize,
}

impl Matches {
    /// Joins everything.
    pub fn new(world: &World<'_>) -> Result<Matches, Stop> {
        let plan = world.plan;
        let mut out = Matches {
            clauses: Vec::new(),
            places: vec![None; plan.items.len()],
        };
        // Items stand in the order of their paths.
        let mut groups: Vec<Vec<ItemIx>> = Vec::new();
        let mut path: Option<&[String]> = None;
        for (ix, item) in (0_u16..).map(ItemIx).zip(&plan.items) {
            if item.joins.is_empty() {
                continue;
            }
            if path != Some(&item.path) {
                groups.push(Vec::new());
                path = Some(&item.path);
            }
            if let (Some(group), Some(place)) = (groups.last_mut(), out.places.get_mut(ix.ix())) {
                group.push(ix);
                *place = Some((groups.len() - 1, groups.last().map_or(0, Vec::len) - 1));
            }
        }
        let clauses = groups.into_par_iter().map(|g| Clause::new(world, &g));
        out.clauses = clauses.collect::<Result<_, Stop>>()?;
        Ok(out)
    }

    /// What a fact of an item was joined with; nothing where it does not take part.
    pub fn get(&self, item: ItemIx, row: u32) -> Option<&Match> {
        let (clause, place) = (*self.places.get(item.ix())?)?;
        let version = self.clauses.get(clause)?.versions.get(place)?;
        version.rows.get(&row)
    }

    /// All facts of an item that were joined.
    pub fn found(&self, item: ItemIx) -> impl Iterator<Item = (u32, &[FactRef])> {
        let place = self.places.get(item.ix()).copied().flatten();
        let version = place.and_then(|(c, p)| self.clauses.get(c)?.versions.get(p));
        let rows = version.into_iter().flat_map(|v| &v.rows);
        rows.filter_map(|(row, m)| match m {
            Match::Found(facts) => Some((*row, facts.as_slice())),
            _ => None,
        })
    }

    /// The nearest earlier fact with the same key, for a fact that found nothing.
    pub fn near(&self, case: &Case<'_>, item: ItemIx, row: u32) -> Option<(JoinedFact, NearMiss)> {
        let Some(Match::Nothing(joined)) = self.get(item, row) else {
            return None;
        };
        let (clause, place) = (*self.places.get(item.ix())?)?;
        let clause = self.clauses.get(clause)?;
        let index = clause.versions.get(place)?.indexes.get(joined.len())?;
        let world = case.world;
        let join = world.plan.items.get(item.ix())?.joins.get(joined.len())?;
        let mut run = *case;
        run.joined = joined;
        let search = Search::new(run, join).ok()?;
        let fact = search.before(index, None).last()?;
        let taken = clause.served.get(&fact).filter(|by| {
            let at = world.settled.kinds.get(by.kind.ix());
            let at = at.and_then(|k| k.instant.get(by.row as usize));
            at.is_some_and(|at| *at <= case.at)
        });
        let why = match (taken, join.pairing, search.since.holds(world, fact)) {
            (_, _, Ok(false)) => NearMiss::TooEarly(Case::of_fact(world, search.from).ok()?.at),
            (Some(by), Pairing::First | Pairing::OneToOne, _) => NearMiss::Taken(*by),
            _ => NearMiss::Condition,
        };
        Some((told(world, fact)?, why))
    }
}

/// What is told of a fact that is joined, or nearly.
pub(crate) fn told(world: &World<'_>, fact: FactRef) -> Option<JoinedFact> {
    let case = Case::of_fact(world, fact).ok()?;
    Some(JoinedFact {
        fact,
        whose: case.account,
        at: case.at,
        day_only: case.day_only,
    })
}

impl Clause {
    fn new(world: &World<'_>, items: &[ItemIx]) -> Result<Clause, Stop> {
        let mut clause = Clause::default();
        let mut later = Vec::new();
        for (version, ix) in items.iter().enumerate() {
            let item = world.item(*ix)?;
            let indexes = item.joins.iter().map(|j| Index::new(world, j));
            clause.versions.push(Versioned {
                item: *ix,
                indexes: indexes.collect::<Result<_, Stop>>()?,
                rows: FxHashMap::default(),
            });
            if let Trigger::Fact(kind) = item.trigger {
                later.append(&mut taking_part(world, *ix, kind, version)?);
            }
        }
        later.sort_unstable_by(|a, b| {
            let ids = || world.compare_fact_ids(a.fact, b.fact);
            a.at.cmp(&b.at).then_with(ids)
        });
        for l in &later {
            clause.join(world, l)?;
        }
        Ok(clause)
    }

    /// One later fact: what it is joined with has served.
    fn join(&mut self, world: &World<'_>, later: &Later) -> Result<(), Stop> {
        let Some(version) = self.versions.get_mut(later.version) else {
            return Ok(());
        };
        let item = world.item(version.item)?;
        let mut joined: Vec<FactRef> = Vec::new();
        let mut serves: Vec<FactRef> = Vec::new();
        let mut whole = true;
        for (join, index) in item.joins.iter().zip(&version.indexes) {
            let found = {
                let mut run = Case::of_fact(world, later.fact)?;
                run.joined = &joined;
                let search = Search::new(run, join);
                search.and_then(|s| s.find(index, &self.served, &mut serves))
            };
            match found {
                Ok(Some(fact)) => joined.push(fact),
                Ok(None) => {
                    whole = false;
                    break;
                }
                Err(Stop::Plan(what)) => return Err(Stop::Plan(what)),
                Err(stop) => {
                    version.rows.insert(later.fact.row, Match::Stop(stop));
                    return Ok(());
                }
            }
        }
        let out = match whole {
            true => Match::Found(joined),
            false => Match::Nothing(joined),
        };
        version.rows.insert(later.fact.row, out);
        if whole {
            for fact in serves {
                self.served.entry(fact).or_insert(later.fact);
            }
        }
        Ok(())
    }
}

/// The facts of an item that meet all conditions which read no joined fact.
fn taking_part(
    world: &World<'_>,
    ix: ItemIx,
    kind: KindIx,
    version: usize,
) -> Result<Vec<Later>, Stop> {
    let item = world.item(ix)?;
    let settled = world.settled.kinds.get(kind.ix());
    let settled = settled.ok_or(Stop::Plan("kind index"))?;
    let mut out = Vec::new();
    let rows = (0_u32..).zip(settled.standing.iter().zip(settled.instant.iter()));
    for (row, (standing, at)) in rows {
        if standing.version() != Some(item.version) {
            continue;
        }
        let fact = FactRef { kind, row };
        let mut scalar = Scalar::new(Case::of_fact(world, fact)?, false);
        let mut all = true;
        for (_, require) in item.requires_of(&world.plan.exprs, false) {
            all = match scalar.yes(require.cond) {
                Err(Stop::Plan(what)) => return Err(Stop::Plan(what)),
                held => held == Ok(true),
            };
            if !all {
                break;
            }
        }
        if all {
            out.push(Later {
                at: *at,
                fact,
                version,
            });
        }
    }
    Ok(out)
}

/// The search of one later fact for one join.
struct Search<'w> {
    /// The later fact, with what it has been joined with so far.
    run: Case<'w>,
    join: &'w Join,
    /// From which fact time is counted.
    from: FactRef,
    since: Since,
    keys: Vec<Value>,
}

impl<'w> Search<'w> {
    fn new(run: Case<'w>, join: &'w Join) -> Result<Search<'w>, Stop> {
        let from = match (join.from, run.origin) {
            (None, jifen_data::Origin::Fact(own)) => Some(own),
            (None, _) => None,
            (Some(slot), _) => run.joined.get(usize::from(slot)).copied(),
        };
        let from = from.ok_or(Stop::Plan("a join without a fact"))?;
        let anchor = Case::of_fact(run.world, from)?;
        if anchor.day_only && join.within.in_hours() {
            return Err(Stop::Unknown(match join.from {
                None => Missing::ClockTime,
                Some(_) => Missing::ClockOf(from.kind),
            }));
        }
        let since = Since::of(&join.within, &anchor)?;
        let mut scalar = Scalar::new(anchor, false);
        scalar.around = Some(run);
        let mut keys = Vec::with_capacity(join.keys.len());
        for key in &join.keys {
            keys.push(scalar.eval(key.ours)?.to_value());
        }
        Ok(Search {
            run,
            join,
            from,
            since,
            keys,
        })
    }

    /// The facts with the same key before the one from which time is counted, since then, in key order.
    fn before<'i>(
        &'i self,
        index: &'i Index,
        since: Option<Instant>,
    ) -> impl DoubleEndedIterator<Item = FactRef> + 'i {
        let kind = self.join.kind;
        let settled = self.run.world.settled.kinds.get(kind.ix());
        let at = move |row: &u32| settled.and_then(|k| k.instant.get(*row as usize)).copied();
        let rows = index.get(&self.keys);
        let first = rows.partition_point(|r| since.is_some_and(|s| at(r).is_some_and(|t| t < s)));
        let from_at = (self.run.world.settled.kinds.get(self.from.kind.ix()))
            .and_then(|k| k.instant.get(self.from.row as usize).copied());
        let stands_before = |row: &u32| {
            let fact = FactRef { kind, row: *row };
            let ids = || self.run.world.compare_fact_ids(fact, self.from);
            at(row).cmp(&from_at).then_with(ids).is_lt()
        };
        let end = rows.partition_point(stands_before).max(first);
        let rows = rows.get(first..end).unwrap_or_default();
        rows.iter().map(move |row| FactRef { kind, row: *row })
    }

    /// The fact that this one is joined with; `serves` takes those that have served by it.
    fn find(
        &self,
        index: &Index,
        served: &FxHashMap<FactRef, FactRef>,
        serves: &mut Vec<FactRef>,
    ) -> Result<Option<FactRef>, Stop> {
        let again = self.join.pairing == Pairing::Each;
        let near = self.before(index, self.since.first());
        let mut open = near.filter(|f| again || !served.contains_key(f));
        let mut found = None;
        while let Some(fact) = match self.join.pairing {
            Pairing::OneToOne => open.next(),
            Pairing::Each | Pairing::First => open.next_back(),
        } {
            match self.holds(fact) {
                Ok(true) => {
                    serves.push(fact);
                    found = found.or(Some(fact));
                    if self.join.pairing != Pairing::First {
                        break;
                    }
                }
                Ok(false) => {}
                // Once one is found, what is not known of others does not matter.
                Err(stop) if found.is_none() || matches!(stop, Stop::Plan(_)) => return Err(stop),
                Err(_) => {}
            }
        }
        Ok(found)
    }

    /// Is it near enough, and does what else is asked hold on it?
    fn holds(&self, fact: FactRef) -> Result<bool, Stop> {
        if !self.since.holds(self.run.world, fact)? {
            return Ok(false);
        }
        let Some(when) = self.join.when else {
            return Ok(true);
        };
        let mut case = Case::of_fact(self.run.world, fact)?;
        case.rule_day = self.run.rule_day;
        let mut scalar = Scalar::new(case, false);
        scalar.around = Some(self.run);
        scalar.yes(when)
    }
}
