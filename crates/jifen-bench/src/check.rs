//! Compares the engine with the oracle, fact by fact and account by account; with a file, also the oracle with another one's awards.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use jifen::data::{FactRef, Ids, Origin, Stood};
use jifen::{Day, Decimal};

use crate::scan::reader;
use crate::score::{AWARDS, LOTS, as_of, evaluation, inputs};
use crate::{Fault, oracle};

/// Fails where an award differs.
pub fn check(dir: &Path, awards: Option<&Path>) -> Result<(), Fault> {
    let expected = oracle::awards(dir)?;
    if let Some(path) = awards {
        compare("oracle and file", &expected, &read(path)?)?;
    }
    let inputs = inputs(dir, AWARDS)?;
    let out = evaluation(&inputs, 2)?;
    let mut found = BTreeMap::new();
    let id = |f: FactRef| -> Result<i64, Fault> {
        match inputs
            .loaded
            .admission
            .log
            .kinds
            .get(f.kind.ix())
            .map(|k| &k.ids)
        {
            Some(Ids::Int(v)) => Ok(*v.get(f.row as usize).ok_or("row")?),
            Some(Ids::Text(v)) => Ok(v.get(f.row as usize).ok_or("row")?.parse()?),
            None => Err("kind".into()),
        }
    };
    for p in &out.ledger {
        if let Origin::Fact(f) = p.origin {
            found.insert(id(f)?, hundredths(p.amount)?);
        }
    }
    // What has a reason instead of points is 0 in RP-1.
    for o in &out.outcomes {
        if let Origin::Fact(f) = o.origin {
            found.insert(id(f)?, 0);
        }
    }
    compare("oracle and engine", &expected, &found)?;
    let holds = out.conservation.iter().all(|c| c.holds);
    let sum: i64 = found.values().sum();
    let balance = out
        .conservation
        .first()
        .map(|c| c.balance)
        .unwrap_or_default();
    if !holds || hundredths(balance)? != sum {
        return Err("conservation".into());
    }
    println!("{} awards agree, sum {sum} hundredths", found.len());
    balances(dir)
}

/// Fails where a balance or a place differs: lots, halving, redemption, debt, ranking.
fn balances(dir: &Path) -> Result<(), Fault> {
    let expected = oracle::balances(dir, as_of()?.0)?;
    let inputs = inputs(dir, LOTS)?;
    let out = evaluation(&inputs, 2)?;
    let table = inputs.loaded.rosters.tables.first().ok_or("a roster")?;
    // Who has nothing but facts without points has no row, and 0.
    let mut found: BTreeMap<String, i64> = expected.keys().map(|k| (k.clone(), 0)).collect();
    for b in &out.balances {
        let id = table.ids.get_index(b.account.subject as usize);
        found.insert(id.ok_or("an account")?.clone(), hundredths(b.balance)?);
    }
    compare("balances of oracle and engine", &expected, &found)?;
    if !out.conservation.iter().all(|c| c.holds) {
        return Err("conservation".into());
    }
    let sum: i64 = found.values().sum();
    println!("{} balances agree, sum {sum} hundredths", found.len());
    let places = oracle::places(dir, &expected)?;
    let mut found = BTreeMap::new();
    let last = last_half_year()?;
    for s in out.standings.iter().filter(|s| s.first == last) {
        let id = table.ids.get_index(s.account.subject as usize);
        if let Stood::Placed(p) = &s.stood {
            found.insert(id.ok_or("an account")?.clone(), i64::from(p.place));
        }
    }
    compare("places of oracle and engine", &places, &found)?;
    println!("{} places agree", found.len());
    Ok(())
}

/// The first day of the half-year that RP-1 ends with.
fn last_half_year() -> Result<Day, Fault> {
    Ok(Day::from_ymd(2026, 1, 1).ok_or("a day")?)
}

fn hundredths(d: Decimal) -> Result<i64, Fault> {
    Ok(i64::try_from(
        d.rescale(2).ok_or("more than two decimals")?,
    )?)
}

/// `fact_id`, `award` in hundredths.
fn read(path: &Path) -> Result<BTreeMap<i64, i64>, Fault> {
    let mut out = BTreeMap::new();
    for batch in reader(path)? {
        let batch = batch?;
        let column = |name: &'static str| batch.column_by_name(name).ok_or(name);
        let ids = column("fact_id")?.as_primitive::<Int64Type>().values();
        let awards = column("award")?.as_primitive::<Int64Type>().values();
        out.extend(ids.iter().copied().zip(awards.iter().copied()));
    }
    Ok(out)
}

fn compare<K: Ord + Clone + Debug>(
    what: &str,
    a: &BTreeMap<K, i64>,
    b: &BTreeMap<K, i64>,
) -> Result<(), Fault> {
    let differing = |x: &BTreeMap<K, i64>, y: &BTreeMap<K, i64>| -> Vec<(K, i64)> {
        x.iter()
            .filter(|(k, v)| y.get(k) != Some(v))
            .map(|(k, v)| (k.clone(), *v))
            .collect()
    };
    let (only_a, only_b) = (differing(a, b), differing(b, a));
    if only_a.is_empty() && only_b.is_empty() {
        return Ok(());
    }
    let some = |v: &[(K, i64)]| format!("{:?}", v.iter().take(5).collect::<Vec<_>>());
    let (na, nb) = (only_a.len(), only_b.len());
    Err(format!(
        "{what}: {na} and {nb} rows differ: {} {}",
        some(&only_a),
        some(&only_b)
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oracle_and_engine_agree_on_small_facts() -> Result<(), Fault> {
        let dir = std::env::temp_dir().join(format!("jifen-bench-{}", std::process::id()));
        let done = crate::make::make(&dir, "30000", "400").and_then(|()| check(&dir, None));
        std::fs::remove_dir_all(&dir)?;
        done
    }
}
