//! Feedback (S32): awards that read closed periods, which read awards. One sweep after the other, until what was read is what comes out
//! (evaluation.md 16).
//!
//! After the first sweep of everything only those are swept again whom a change can reach, and only what closed since the first change
//! is made anew. One more sweep of everything then gives the result, and shows that nothing changes any more.

use jifen_calendar::Day;
use jifen_data::{Account, Evaluation};
use jifen_plan::{ClosedReads, Item, Plan, RosterIx, feeds_back, item_reads, looks_back};

use crate::balances::Opened;
use crate::closed::{self, Closed};
use crate::error::EngineError;
use crate::evaluate::{Options, SUMS, Ways, reset, round, swept};
use crate::measure;
use crate::partition::Components;
use crate::posted::Posted;
use crate::shared::Values;
use crate::standing::{self, Standings};
use crate::world::World;

/// Sweeps until nothing changes.
pub(crate) fn settle(
    world: &mut World<'_>,
    opened: &Opened,
    options: &Options,
    ways: Ways,
) -> Result<Evaluation, EngineError> {
    let plan = world.plan;
    let (looks, feeds) = (looks_back(plan), feeds_back(plan));
    let reads = item_reads(plan);
    let needed = reads.through(plan);
    let narrow = Narrow {
        alone: alone(plan),
        reads,
        needed,
        opened,
        options,
        ways,
    };
    let mut left = most_rounds(world);
    loop {
        let mut out = round(world, opened, options, ways)?;
        if looks {
            let posted = Posted::of(plan, opened, &out).map_err(|_| SUMS)?;
            if !feeds {
                world.posted = posted;
            } else if !narrow.takes_over(world, posted, &mut left)? {
                continue;
            }
        }
        // Until here only what items read was needed.
        closed::fill(world, Day::MIN, None)?;
        out.measures = measure::all(world)?;
        out.standings = standing::all(world);
        return Ok(out);
    }
}

/// What is read of closed periods is right from the first of them on, by one more with each round.
fn one_more(left: &mut u32) -> Result<(), EngineError> {
    *left = left
        .checked_sub(1)
        .ok_or(EngineError::Inconsistent("a circle of closed periods"))?;
    Ok(())
}

/// Each close can change what later ones see, and at one close each of what is read there.
fn most_rounds(world: &World<'_>) -> u32 {
    let plan = world.plan;
    let from = plan.versions.first().map_or(world.as_of, |v| v.from);
    let days = u32::try_from(world.as_of.0 - from.0).unwrap_or(0);
    let at_once = plan.measures.len() + plan.standings.len() + plan.items.len();
    let at_once = u32::try_from(at_once).unwrap_or(u32::MAX);
    (days + 2).saturating_mul(at_once + 2)
}

/// What items had read.
type Seen = (Closed, Standings, Values);

/// Can what one account reads reach others only within their component? Not with joins, allotments, transfers.
fn alone(plan: &Plan) -> bool {
    let alone = |i: &Item| i.joins.is_empty() && i.allot.is_none() && i.give.is_none();
    plan.items.iter().all(alone)
}

/// Sweeps of those whom a change reaches.
struct Narrow<'a> {
    /// Whether that can be told.
    alone: bool,
    /// What items read.
    reads: ClosedReads,
    /// What that comes from.
    needed: ClosedReads,
    opened: &'a Opened,
    options: &'a Options,
    ways: Ways,
}

impl Narrow<'_> {
    /// Lets closed periods see what was posted; had the sweep read it so already?
    fn takes_over(
        &self,
        world: &mut World<'_>,
        posted: Posted,
        left: &mut u32,
    ) -> Result<bool, EngineError> {
        if posted == world.posted {
            return Ok(true);
        }
        let before = self.seen(world);
        reset(world, posted, Some(&self.needed))?;
        if !self.alone {
            one_more(left)?;
            return Ok(false);
        }
        // Whoever has anything has something new.
        let all = match self.reads.points {
            true => everybody(world),
            false => Vec::new(),
        };
        self.settle(world, before, all, left)
    }

    /// What items have read so far.
    fn seen(&self, world: &World<'_>) -> Seen {
        let closed = match self.reads.measures.is_empty() {
            true => Closed::default(),
            false => world.closed.clone(),
        };
        (closed, world.standings.clone(), world.shared.values())
    }

    /// Sweeps those who are reached until none is; `true` if nobody was to begin with.
    fn settle(
        &self,
        world: &mut World<'_>,
        mut before: Seen,
        mut moved: Vec<Account>,
        left: &mut u32,
    ) -> Result<bool, EngineError> {
        let components = Components::new(world);
        let mut nobody = true;
        loop {
            let mut only = vec![false; components.count];
            for account in self.reached(world, &before, &moved) {
                if let Some(slot) = only.get_mut(components.of(account)) {
                    *slot = true;
                }
            }
            if !only.contains(&true) {
                return Ok(nobody);
            }
            nobody = false;
            one_more(left)?;
            let taken = |a: &Account| only.get(components.of(*a)) == Some(&true);
            let (out, _) = swept(world, self.opened, self.options, self.ways, Some(&only))?;
            let new =
                Posted::within(world.plan, self.opened, &out, |a| taken(&a)).map_err(|_| SUMS)?;
            let mut accounts = everybody(world);
            accounts.retain(taken);
            let currencies = world.plan.currencies.len();
            let (changed, first) = world.posted.replace(&accounts, currencies, new);
            let Some(first) = first else {
                return Ok(false);
            };
            before = self.seen(world);
            closed::fill(world, first, Some(&self.needed))?;
            moved = if self.reads.points {
                changed
            } else {
                Vec::new()
            };
        }
    }

    /// Those for whom something that items read is not what it was.
    fn reached(&self, world: &World<'_>, before: &Seen, moved: &[Account]) -> Vec<Account> {
        let plan = world.plan;
        let mut out = moved.to_vec();
        for ix in &self.reads.measures {
            let Some(measure) = plan.measures.get(ix.ix()) else {
                continue;
            };
            let roster = measure.roster;
            if measure.is_shared() {
                if world.shared.differs(&before.2, *ix) {
                    out.extend(everybody(world).into_iter().filter(|a| a.roster == roster));
                }
                continue;
            }
            let subjects = world.rosters.table(roster).map_or(0, |t| t.ids.len());
            let differing = world.closed.differing(&before.0, *ix, subjects);
            out.extend(
                differing
                    .into_iter()
                    .map(|subject| Account { roster, subject }),
            );
        }
        for ix in &self.reads.standings {
            let Some(standing) = plan.standings.get(ix.ix()) else {
                continue;
            };
            let roster = standing.roster;
            let differing = world.standings.differing(&before.1, *ix);
            if standing.is_shared() {
                if !differing.is_empty() {
                    out.extend(everybody(world).into_iter().filter(|a| a.roster == roster));
                }
                continue;
            }
            out.extend(
                differing
                    .into_iter()
                    .map(|subject| Account { roster, subject }),
            );
        }
        out
    }
}

fn everybody(world: &World<'_>) -> Vec<Account> {
    let tables = (0_u16..).map(RosterIx).zip(&world.rosters.tables);
    tables
        .flat_map(|(roster, table)| {
            let subjects = (0_u32..).take(table.ids.len());
            subjects.map(move |subject| Account { roster, subject })
        })
        .collect()
}
