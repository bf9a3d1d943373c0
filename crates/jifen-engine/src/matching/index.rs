//! Earlier facts by the values of their keys, each list in key order.

use jifen_data::FactRef;
use jifen_plan::{Join, Value};
use rustc_hash::FxHashMap;

use crate::case::Case;
use crate::error::Stop;
use crate::scalar::Scalar;
use crate::settle::Standing;
use crate::world::World;

/// The facts that a join may find.
#[derive(Debug, Default)]
pub(crate) struct Index {
    rows: FxHashMap<Vec<Value>, Vec<u32>>,
}

impl Index {
    /// The settled facts of the join's kind; one with a blank key is joined with nothing.
    pub fn new(world: &World<'_>, join: &Join) -> Result<Index, Stop> {
        let kind = join.kind;
        let settled = world.settled.kinds.get(kind.ix());
        let settled = settled.ok_or(Stop::Plan("kind index"))?;
        let stands = |row: u32, s: Standing| {
            ![Standing::UNKNOWN, Standing::WITHDRAWN].contains(&s)
                && !settled.refused.contains(&row)
        };
        let all = (0_u32..).zip(&settled.standing);
        let mut rows: Vec<u32> = all.filter(|(r, s)| stands(*r, **s)).map(|x| x.0).collect();
        let at = |row: u32| settled.instant.get(row as usize).copied();
        rows.sort_unstable_by(|a, b| {
            let fact = |row: u32| FactRef { kind, row };
            let ids = || world.compare_fact_ids(fact(*a), fact(*b));
            at(*a).cmp(&at(*b)).then_with(ids)
        });
        let mut index = Index::default();
        for row in rows {
            if let Some(keys) = keys(world, join, FactRef { kind, row })? {
                index.rows.entry(keys).or_default().push(row);
            }
        }
        Ok(index)
    }

    /// Those with these keys, in key order.
    pub fn get(&self, keys: &[Value]) -> &[u32] {
        self.rows.get(keys).map_or(&[], Vec::as_slice)
    }
}

/// The keys of an earlier fact; `None`: one is blank.
fn keys(world: &World<'_>, join: &Join, fact: FactRef) -> Result<Option<Vec<Value>>, Stop> {
    let mut scalar = Scalar::new(Case::of_fact(world, fact)?, false);
    let mut out = Vec::with_capacity(join.keys.len());
    for key in &join.keys {
        match scalar.eval(key.theirs) {
            Ok(v) => out.push(v.to_value()),
            Err(Stop::Unknown(_)) => return Ok(None),
            Err(stop) => return Err(stop),
        }
    }
    Ok(Some(out))
}
