//! Compares the engine with the oracle, fact by fact and account by account; with a file, also the oracle with another one's awards.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use jifen::data::{FactRef, Ids, Origin, Stood};
use jifen::{Day, Decimal};

use crate::scan::reader;
use crate::score::{AWARDS, FEEDBACK, LOTS, evaluation, inputs};
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
    let inputs = inputs(dir, LOTS)?;
    let expected = oracle::balances(dir, &oracle::awards(dir)?, inputs.until.0)?;
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

/// Fails where feedback comes out differently: balances, and grades, places and votes of each quarter.
pub fn feedback(dir: &Path) -> Result<(), Fault> {
    let (awards, earned) = oracle::scored(dir, true)?;
    let inputs = inputs(dir, FEEDBACK)?;
    let expected = oracle::balances(dir, &awards, inputs.until.0)?;
    let out = evaluation(&inputs, 2)?;
    let plan = &inputs.compiled.plan;
    let table = inputs.loaded.rosters.tables.first().ok_or("a roster")?;
    let id = |subject: u32| table.ids.get_index(subject as usize).ok_or("an account");
    let mut found: BTreeMap<String, i64> = expected.keys().map(|k| (k.clone(), 0)).collect();
    for b in &out.balances {
        found.insert(id(b.account.subject)?.clone(), hundredths(b.balance)?);
    }
    compare("balances with feedback", &expected, &found)?;
    let quarters: Vec<i64> = (2025 * 4 + 2..2026 * 4 + 2).collect();
    let expected = oracle::stands(dir, &earned, &quarters)?;
    let mut found = oracle::Stands::new();
    for s in &out.standings {
        let (year, month, _) = s.first.ymd();
        let quarter = i64::from(year) * 4 + (i64::from(month) - 1) / 3;
        let slot = (found.entry((id(s.account.subject)?.clone(), quarter))).or_default();
        let name = plan.standings.get(s.standing.ix()).map(|s| s.name.as_str());
        match (name, &s.stood) {
            (Some("季级"), Stood::Level(n)) => slot.0 = *n,
            (Some("季度榜"), Stood::Placed(p)) => slot.1 = i64::from(p.place),
            (Some("表决票"), Stood::Right(true, Some(n))) => slot.2 = *n > Decimal::ONE,
            (Some("社区榜"), _) => {}
            (_, other) => return Err(format!("{other:?}").into()),
        }
    }
    compare("standings with feedback", &expected, &found)?;
    let boosted = expected.values().filter(|s| s.0 == 2).count();
    println!("{} standings agree, {boosted} good quarters", found.len());
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

fn compare<K: Ord + Clone + Debug, V: Clone + PartialEq + Debug>(
    what: &str,
    a: &BTreeMap<K, V>,
    b: &BTreeMap<K, V>,
) -> Result<(), Fault> {
    let differing = |x: &BTreeMap<K, V>, y: &BTreeMap<K, V>| -> Vec<(K, V)> {
        x.iter()
            .filter(|(k, v)| y.get(k) != Some(v))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect()
    };
    let (only_a, only_b) = (differing(a, b), differing(b, a));
    if only_a.is_empty() && only_b.is_empty() {
        return Ok(());
    }
    let some = |v: &[(K, V)]| format!("{:?}", v.iter().take(5).collect::<Vec<_>>());
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
        let done = crate::make::make(&dir, "30000", "400", 2).and_then(|()| check(&dir, None));
        std::fs::remove_dir_all(&dir)?;
        done
    }

    #[test]
    fn oracle_and_engine_agree_on_a_year_with_feedback() -> Result<(), Fault> {
        let dir = std::env::temp_dir().join(format!("jifen-bench-year-{}", std::process::id()));
        let done = crate::make::make(&dir, "30000", "600", 1).and_then(|()| feedback(&dir));
        std::fs::remove_dir_all(&dir)?;
        done
    }
}
