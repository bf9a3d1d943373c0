//! RP-1 written down a second time: one fact after another, whole hundredths, nothing of jifen but its dates; the award of
//! every fact, the balance of every account, its place, and what a quarter does to the next.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Decimal128Type, Int16Type, Int32Type, Int64Type, TimestampMillisecondType,
};
use arrow_array::{Array, RecordBatch};

use crate::Fault;
use crate::scan::reader;

struct Fact {
    ts: i64,
    id: i64,
    account: String,
    kind: String,
    tenths: Option<i64>,
    count: Option<i64>,
    cents: i64,
    confirmed: bool,
    place: String,
}

struct Person {
    born: i64,
    leader: bool,
    community: String,
}

/// (cap by day, category, cap of the category by month), in hundredths.
fn caps(kind: &str) -> (Option<i64>, &'static str, i64) {
    match kind {
        "meeting" => (Some(500), "participation", 15_000),
        "culture" => (Some(3_000), "participation", 15_000),
        "checkin" => (Some(50), "participation", 15_000),
        "learning" => (Some(500), "participation", 15_000),
        "volunteer" => (Some(6_000), "volunteer", 20_000),
        "patrol" => (Some(4_000), "volunteer", 20_000),
        "mediation" => (Some(3_000), "governance", 12_000),
        "proposal" => (Some(6_000), "governance", 12_000),
        "duty" => (Some(1_000), "governance", 12_000),
        "purchase" => (None, "commerce", 5_000),
        "recycling" => (Some(500), "environment", 6_000),
        _ => (None, "", 0),
    }
}

/// Base × multiplier, rounded half up to hundredths; `good`: the last quarter was a good one, and that counts.
fn raw(f: &Fact, p: &Person, year: i64, good: bool) -> i64 {
    let confirmed = ["volunteer", "patrol", "mediation", "proposal", "duty"];
    if confirmed.contains(&f.kind.as_str()) && !f.confirmed {
        return 0;
    }
    let tenths = f.tenths.unwrap_or(0);
    let second = f.ts.rem_euclid(86_400);
    match f.kind.as_str() {
        "meeting" => 500,
        "volunteer" if good => 150 * tenths,
        "volunteer" => 100 * tenths,
        "patrol" => {
            80 * tenths
                * if !(21_600..79_200).contains(&second) {
                    2
                } else {
                    1
                }
        }
        "culture" => 30 * tenths * if f.place.as_str() < "P020" { 2 } else { 1 },
        "mediation" => 1_500,
        "proposal" => 3_000,
        "purchase" => f.cents / 100 * 100,
        // 0.15 × count × 1.5 = 22.5 hundredths × count, half up.
        "recycling" if year - p.born >= 60 => (45 * f.count.unwrap_or(0) + 1) / 2,
        "recycling" => 15 * f.count.unwrap_or(0),
        "checkin" if good => 25,
        "checkin" => 50,
        // 1.25 an hour: 12.5 hundredths for a tenth, half up.
        "learning" => (25 * tenths + 1) / 2,
        "duty" if p.leader => 1_000,
        _ => 0,
    }
}

/// Quarters counted through, from year 0 on.
fn quarter(year: i64, month: i64) -> i64 {
    year * 4 + (month - 1) / 3
}

/// What an account earned in a quarter, in hundredths.
pub type Earned = HashMap<(String, i64), i64>;

/// The award of every fact with an item, in hundredths, by id.
pub fn awards(dir: &Path) -> Result<BTreeMap<i64, i64>, Fault> {
    Ok(scored(dir, false)?.0)
}

/// From this many hundredths on a quarter is good.
const GOOD: i64 = 15_000;

/// The award of every fact with an item, and what was earned by quarters; with `feedback` a good quarter changes the next.
pub fn scored(dir: &Path, feedback: bool) -> Result<(BTreeMap<i64, i64>, Earned), Fault> {
    let mut earned = Earned::new();
    let people = people(dir)?;
    let mut facts = facts(dir)?;
    facts.retain(|f| people.contains_key(&f.account));
    facts.sort_by_key(|f| (f.ts, f.id));
    let mut used: HashMap<(String, String, i64), i64> = HashMap::new();
    let mut out = BTreeMap::new();
    for f in &facts {
        let Some(person) = people.get(&f.account) else {
            continue;
        };
        let day = f.ts.div_euclid(86_400);
        let (year, month, _) = jifen::Day(i32::try_from(day)?).ymd();
        if f.kind == "violation" {
            out.insert(f.id, if f.confirmed { -1_000 } else { 0 });
            continue;
        }
        let (by_day, category, by_month) = caps(&f.kind);
        if category.is_empty() {
            continue;
        }
        let at = quarter(i64::from(year), i64::from(month));
        let before = earned.get(&(f.account.clone(), at - 1));
        let good = feedback && before.is_some_and(|e| *e >= GOOD);
        let month = i64::from(year) * 12 + i64::from(month);
        let mut stages = Vec::new();
        if let Some(cap) = by_day {
            stages.push((format!("day {}", f.kind), day, cap));
        }
        if f.kind == "duty" {
            stages.push(("duty".to_owned(), month, 1_000));
        }
        stages.push((category.to_owned(), month, by_month));
        stages.push(("all".to_owned(), month, 50_000));
        let mut x = raw(f, person, i64::from(year), good);
        for (name, window, cap) in stages {
            let slot = used.entry((f.account.clone(), name, window)).or_default();
            x = x.min(cap - *slot);
            *slot += x;
        }
        *earned.entry((f.account.clone(), at)).or_default() += x;
        out.insert(f.id, x);
    }
    Ok((out, earned))
}

/// What an account holds: lots, the oldest first, and what it owes; in hundredths.
#[derive(Default)]
struct Held {
    /// Day of the halving, what remains, halved already.
    lots: VecDeque<(i32, i64, bool)>,
    owed: i64,
}

impl Held {
    /// Halvings due by the begin of a day; the kept half is rounded half up.
    fn halve(&mut self, day: i32) {
        for (due, left, halved) in &mut self.lots {
            if !*halved && *due <= day {
                *left = (*left + 1) / 2;
                *halved = true;
            }
        }
    }

    fn gain(&mut self, day: i32, points: i64) {
        let paid = points.min(self.owed);
        self.owed -= paid;
        if points > paid {
            self.lots
                .push_back((a_year_later(day), points - paid, false));
        }
    }

    /// Takes from the oldest lots; gives what they do not cover.
    fn take(&mut self, points: i64) -> i64 {
        let mut rest = points;
        for (_, left, _) in &mut self.lots {
            let part = rest.min(*left);
            *left -= part;
            rest -= part;
        }
        self.lots.retain(|l| l.1 > 0);
        rest
    }
}

/// The same date of the next year; 28 February for the 29th.
fn a_year_later(day: i32) -> i32 {
    let (year, month, date) = jifen::Day(day).ymd();
    let next = jifen::Day::from_ymd(year + 1, month, date);
    let next = next.or_else(|| jifen::Day::from_ymd(year + 1, month, date - 1));
    next.map_or(i32::MAX, |d| d.0)
}

/// The balance of every account with a fact, in hundredths, at the end of a day.
pub fn balances(
    dir: &Path,
    awards: &BTreeMap<i64, i64>,
    last: i32,
) -> Result<BTreeMap<String, i64>, Fault> {
    let people = people(dir)?;
    let mut facts = facts(dir)?;
    facts.retain(|f| people.contains_key(&f.account));
    facts.sort_by_key(|f| (f.ts, f.id));
    let mut held: BTreeMap<String, Held> = BTreeMap::new();
    for f in &facts {
        let day = i32::try_from(f.ts.div_euclid(86_400))?;
        let account = held.entry(f.account.clone()).or_default();
        account.halve(day);
        let award = awards.get(&f.id).copied().unwrap_or(0);
        if f.kind == "redeem" {
            // What is not there is refused and forgotten.
            account.take(100 * f.count.unwrap_or(0));
        } else if award > 0 {
            account.gain(day, award);
        } else {
            account.owed += account.take(-award);
        }
    }
    let mut out = BTreeMap::new();
    for (name, mut account) in held {
        account.halve(last);
        let left: i64 = account.lots.iter().map(|l| l.1).sum();
        out.insert(name, left - account.owed);
    }
    Ok(out)
}

/// The place of everybody on the roster within the community: by balance, without gaps (`balances` of those with facts; others have 0).
pub fn places(
    dir: &Path,
    balances: &BTreeMap<String, i64>,
) -> Result<BTreeMap<String, i64>, Fault> {
    let people = people(dir)?;
    let of = |account: &String| balances.get(account).copied().unwrap_or(0);
    let mut by_community: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for (account, person) in &people {
        let held = by_community.entry(&person.community).or_default();
        held.insert(of(account));
    }
    let mut out = BTreeMap::new();
    for (community, held) in by_community {
        let place: BTreeMap<i64, i64> = held.into_iter().rev().zip(1..).collect();
        for (account, _) in people.iter().filter(|p| p.1.community == community) {
            let at = place.get(&of(account)).ok_or("a place")?;
            out.insert(account.clone(), *at);
        }
    }
    Ok(out)
}

/// How somebody stood at the end of a quarter: grade (0 to 2), place in the community with gaps, and whether the vote counts more.
pub type Stands = BTreeMap<(String, i64), (u16, i64, bool)>;

/// Everybody on the roster in each quarter of a year.
pub fn stands(dir: &Path, earned: &Earned, quarters: &[i64]) -> Result<Stands, Fault> {
    let mut communities: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (account, person) in people(dir)? {
        communities
            .entry(person.community)
            .or_default()
            .push(account);
    }
    let mut out = Stands::new();
    for quarter in quarters {
        let of = |a: &String| earned.get(&(a.clone(), *quarter)).copied().unwrap_or(0);
        for members in communities.values() {
            let mut all: Vec<i64> = members.iter().map(of).collect();
            all.sort_unstable_by(|a, b| b.cmp(a));
            let tenth = i64::try_from(all.len() / 10)?;
            for account in members {
                let own = of(account);
                let place = 1 + i64::try_from(all.partition_point(|e| *e > own))?;
                let grade = match own {
                    GOOD.. => 2,
                    5_000.. => 1,
                    _ => 0,
                };
                let more = place <= tenth;
                out.insert((account.clone(), *quarter), (grade, place, more));
            }
        }
    }
    Ok(out)
}

fn text(batch: &RecordBatch, name: &str, i: usize) -> Option<String> {
    let column = batch.column_by_name(name)?.as_dictionary::<Int32Type>();
    let key = column.key(i)?;
    Some(column.values().as_string::<i32>().value(key).to_owned())
}

fn people(dir: &Path) -> Result<BTreeMap<String, Person>, Fault> {
    let mut out = BTreeMap::new();
    for batch in reader(&dir.join("roster.parquet"))? {
        let batch = batch?;
        let born = batch.column_by_name("birth_year").ok_or("birth_year")?;
        let born = born.as_primitive::<Int16Type>();
        for i in 0..batch.num_rows() {
            let leader = text(&batch, "role", i).as_deref() == Some("building_leader");
            let born = i64::from(born.value(i));
            out.insert(
                text(&batch, "account", i).ok_or("account")?,
                Person {
                    born,
                    leader,
                    community: text(&batch, "community", i).ok_or("community")?,
                },
            );
        }
    }
    Ok(out)
}

fn facts(dir: &Path) -> Result<Vec<Fact>, Fault> {
    let mut out = Vec::new();
    for batch in reader(&dir.join("facts.parquet"))? {
        let batch = batch?;
        let column = |name: &'static str| batch.column_by_name(name).ok_or(name);
        let id = column("fact_id")?.as_primitive::<Int64Type>();
        let ts = column("ts")?.as_primitive::<TimestampMillisecondType>();
        let hours = column("hours")?.as_primitive::<Decimal128Type>();
        let count = column("count")?.as_primitive::<Int32Type>();
        let cents = column("amount_cents")?.as_primitive::<Int64Type>();
        let confirmed = column("confirmed")?.as_boolean();
        for i in 0..batch.num_rows() {
            let hours = hours.is_valid(i).then(|| i64::try_from(hours.value(i)));
            out.push(Fact {
                ts: ts.value(i) / 1000,
                id: id.value(i),
                account: text(&batch, "account", i).ok_or("account")?,
                kind: text(&batch, "kind", i).ok_or("kind")?,
                tenths: hours.transpose()?,
                count: count.is_valid(i).then(|| i64::from(count.value(i))),
                cents: cents.value(i),
                confirmed: confirmed.value(i),
                place: text(&batch, "place", i).ok_or("place")?,
            });
        }
    }
    Ok(out)
}
