//! Transfers between accounts drawn at random, as many as there are accounts: evaluated with one thread and two, and recounted.
//!
//! The recount knows nothing of the engine: one loop over the facts in order, a queue of (day, points) for each account.
#![allow(clippy::disallowed_types, reason = "a benchmark measures with a clock")]

use std::collections::VecDeque;
use std::fmt::Write;
use std::time::Instant;

use jifen::{
    Compiled, Day, Evaluation, Files, InputFile, Limits, Loaded, Openings, Options, Sources,
    compile, evaluate, load,
};
use serde_json::json;

use crate::Fault;
use crate::make::Rng;
use crate::measure::own_ticks;

const POLICY: &str = "
政策 转赠 { 版本 1   施行 2025年1月1日   时区 Asia/Shanghai }
名册 居民 { 楼栋: 组 }
积分 可用积分 { 精度 1分 舍去   下限 0分   到期 逐笔 自 获得 满 200自然日 }
记录 得奖 对象 居民 { 分值: 分 }
记录 转让 对象 居民 { 受赠人: 居民   分值: 分 }
项目 奖励 { 凭 得奖   得 分值 }
转赠 赠予 { 凭 转让   额 分值   转给 受赠人   部分支用   日期 保留 }
";

/// Days that points live, as the policy says.
const LIFE: u64 = 200;
const DAYS: u64 = 365;

/// A fact: day, giver or earner, receiver (of a transfer), points.
struct Fact {
    day: u64,
    who: u64,
    to: Option<u64>,
    points: u64,
}

/// Facts in order of their ids: two gains of an account for one transfer, over a year.
fn facts(accounts: u64) -> Vec<Fact> {
    let mut rng = Rng::new(77);
    let one = |_| {
        let (day, who) = (rng.below(DAYS), rng.below(accounts));
        let to = (rng.below(3) == 0).then(|| rng.below(accounts));
        let points = 1 + rng.below(100);
        Fact {
            day,
            who,
            to,
            points,
        }
    };
    (0..3 * accounts).map(one).collect()
}

fn first() -> Result<Day, Fault> {
    Ok(Day::from_ymd(2025, 1, 1).ok_or("a day")?)
}

fn files(accounts: u64, facts: &[Fact]) -> Result<Files<'static>, Fault> {
    let first = first()?;
    let mut roster = String::from("编号,楼栋\n");
    for i in 0..accounts {
        writeln!(roster, "R{i},{}", i / 40)?;
    }
    let mut gains = String::from("记录编号,类型,居民编号,日期,分值\n");
    let mut gifts = String::from("记录编号,类型,居民编号,日期,分值,受赠人\n");
    for (id, f) in facts.iter().enumerate() {
        let day = first.add_days(i64::try_from(f.day)?);
        match f.to {
            None => writeln!(gains, "{},得奖,R{},{day},{}", id + 1, f.who, f.points)?,
            Some(to) => writeln!(gifts, "{},转让,R{},{day},{},R{to}", id + 1, f.who, f.points)?,
        }
    }
    Ok(Files {
        sources_toml: None,
        rosters: vec![InputFile::new("居民.csv", roster.into_bytes())],
        facts: vec![
            InputFile::new("得奖.csv", gains.into_bytes()),
            InputFile::new("转让.csv", gifts.into_bytes()),
        ],
        openings: Vec::new(),
    })
}

/// What every account holds at the end of the year, by a loop.
fn recount(accounts: u64, facts: &[Fact]) -> Vec<u64> {
    let mut order: Vec<&Fact> = facts.iter().collect();
    // Ids of one day stand in order already: a stable sort keeps them.
    order.sort_by_key(|f| f.day);
    let mut held: Vec<VecDeque<(u64, u64)>> = vec![VecDeque::new(); accounts as usize];
    for f in order {
        let mine = held.get_mut(f.who as usize);
        let Some(mine) = mine else { continue };
        drop_old(mine, f.day);
        let Some(to) = f.to.filter(|to| *to != f.who) else {
            if f.to.is_none() {
                put(mine, f.day, f.points);
            }
            continue;
        };
        let mut rest = f.points;
        let mut parts = Vec::new();
        while let Some((day, points)) = mine.front_mut() {
            let part = rest.min(*points);
            if part == 0 {
                break;
            }
            parts.push((*day, part));
            rest -= part;
            *points -= part;
            if *points == 0 {
                mine.pop_front();
            }
        }
        if let Some(theirs) = held.get_mut(to as usize) {
            for (day, part) in parts {
                put(theirs, day, part);
            }
        }
    }
    let end = DAYS - 1;
    held.iter_mut()
        .map(|lots| {
            drop_old(lots, end);
            lots.iter().map(|l| l.1).sum()
        })
        .collect()
}

fn drop_old(lots: &mut VecDeque<(u64, u64)>, today: u64) {
    while lots.front().is_some_and(|l| l.0 + LIFE <= today) {
        lots.pop_front();
    }
}

/// In order of days.
fn put(lots: &mut VecDeque<(u64, u64)>, day: u64, points: u64) {
    let at = lots.partition_point(|l| l.0 <= day);
    lots.insert(at, (day, points));
}

fn compiled() -> Result<Compiled, Fault> {
    let mut sources = Sources::new();
    sources.add("转赠.jifen", POLICY);
    Ok(compile(sources).map_err(|p| format!("{:?}", p.diagnostics))?)
}

fn run(compiled: &Compiled, loaded: &Loaded, threads: usize) -> Result<Evaluation, Fault> {
    let options = Options {
        threads,
        ..Options::default()
    };
    let last = first()?.add_days(i64::try_from(DAYS - 1)?);
    let (log, none) = (&loaded.admission.log, Openings::default());
    Ok(evaluate(
        &compiled.plan,
        log,
        &loaded.rosters,
        &none,
        last,
        &options,
    )?)
}

/// Balances by number of the account; those without a row hold nothing.
fn balances(loaded: &Loaded, e: &Evaluation, accounts: u64) -> Result<Vec<u64>, Fault> {
    let mut out = vec![0; accounts as usize];
    for b in &e.balances {
        let table = loaded.rosters.table(b.account.roster).ok_or("a roster")?;
        let id = table.ids.get_index(b.account.subject as usize);
        let number: usize = id.and_then(|id| id.get(1..)).ok_or("an id")?.parse()?;
        if let Some(slot) = out.get_mut(number) {
            *slot = b.balance.to_string().parse()?;
        }
    }
    Ok(out)
}

/// Makes, evaluates with one thread and with two, recounts; prints JSON.
pub fn transfers(accounts: &str) -> Result<(), Fault> {
    let accounts: u64 = accounts.parse()?;
    let facts = facts(accounts);
    let compiled = compiled()?;
    let loaded = load(&compiled, &files(accounts, &facts)?, &Limits::default());
    let loaded = loaded.map_err(|e| format!("{e:?}"))?;
    let expected = recount(accounts, &facts);
    let mut costs = serde_json::Map::new();
    for threads in [1, 2] {
        let (ticks, began) = (own_ticks()?, Instant::now());
        let evaluation = run(&compiled, &loaded, threads)?;
        let wall = began.elapsed().as_millis();
        let cpu = (own_ticks()? - ticks) * 10;
        if !evaluation.conservation.iter().all(|c| c.holds) {
            return Err("conservation does not hold".into());
        }
        if balances(&loaded, &evaluation, accounts)? != expected {
            return Err("a balance differs from the recount".into());
        }
        let cost = json!({ "wall_ms": u64::try_from(wall)?, "cpu_ms": cpu });
        costs.insert(format!("{threads} threads"), cost);
    }
    let gifts = facts.iter().filter(|f| f.to.is_some()).count();
    let out = json!({
        "accounts": accounts, "facts": facts.len(), "transfers": gifts,
        "evaluate": costs, "balances": "equal to the recount",
    });
    println!("{}", serde_json::to_string_pretty(&out)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First in, first out: a queue of lots for each account, counted without the engine.
    #[test]
    fn balances_are_those_of_an_independent_recount() -> Result<(), Fault> {
        let accounts = 2_000;
        let facts = facts(accounts);
        let compiled = compiled()?;
        let loaded = load(&compiled, &files(accounts, &facts)?, &Limits::default());
        let loaded = loaded.map_err(|e| format!("{e:?}"))?;
        let expected = recount(accounts, &facts);
        assert!(expected.iter().any(|b| *b > 0), "somebody holds something");
        for threads in [1, 2] {
            let evaluation = run(&compiled, &loaded, threads)?;
            assert!(evaluation.conservation.iter().all(|c| c.holds));
            assert_eq!(balances(&loaded, &evaluation, accounts)?, expected);
        }
        Ok(())
    }
}
