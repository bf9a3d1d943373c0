//! Makes a roster and facts for RP-1: seeded, of any size, with bursts, late rows, ties, blanks and people off the roster.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Decimal128Array, DictionaryArray, Int16Array, Int32Array, Int64Array,
    RecordBatch, StringArray, TimestampMillisecondArray,
};
use jifen::Day;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::Fault;

/// Kinds with their share in thousandths.
const KINDS: [(&str, u64); 14] = [
    ("checkin", 300),
    ("purchase", 180),
    ("volunteer", 110),
    ("browse", 90),
    ("recycling", 90),
    ("meeting", 65),
    ("learning", 50),
    ("culture", 40),
    ("patrol", 30),
    ("redeem", 20),
    ("duty", 12),
    ("mediation", 6),
    ("proposal", 4),
    ("violation", 3),
];

/// Weight of each hour of the day.
const HOURS: [u64; 24] = [
    1, 1, 1, 1, 1, 2, 4, 8, 10, 10, 9, 7, 6, 7, 8, 9, 9, 10, 10, 9, 7, 5, 3, 2,
];

const CHUNK: u64 = 500_000;

/// Splitmix64: small, seeded, the same everywhere.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// One in `n`.
    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut at = self.below(weights.iter().sum());
        for (i, w) in weights.iter().enumerate() {
            if at < *w {
                return i;
            }
            at -= w;
        }
        weights.len() - 1
    }
}

/// Writes `facts.parquet` and `roster.parquet`: facts of as many years, up to 30 June 2026.
pub fn make(dir: &Path, facts: &str, residents: &str, years: i32) -> Result<(), Fault> {
    std::fs::create_dir_all(dir)?;
    let (facts, residents) = (facts.parse()?, residents.parse()?);
    roster(&dir.join("roster.parquet"), residents)?;
    let first = Day::from_ymd(2026 - years, 7, 1).ok_or("a day")?;
    let size = Size {
        facts,
        residents,
        first,
    };
    write_facts(&dir.join("facts.parquet"), size)
}

/// How files are written: zstd, dictionaries for texts.
pub fn properties() -> Result<WriterProperties, Fault> {
    let zstd = Compression::ZSTD(ZstdLevel::try_new(1)?);
    let plain = [
        "fact_id",
        "ts",
        "hours",
        "count",
        "amount_cents",
        "confirmed",
    ];
    let mut p = WriterProperties::builder()
        .set_compression(zstd)
        .set_dictionary_page_size_limit(8 << 20);
    for column in plain {
        p = p.set_column_dictionary_enabled(column.into(), false);
    }
    Ok(p.build())
}

fn roster(path: &Path, residents: u64) -> Result<(), Fault> {
    let mut rng = Rng(1);
    let ids = 0..residents;
    let text = |f: &dyn Fn(u64) -> String| -> ArrayRef {
        Arc::new(ids.clone().map(|i| Some(f(i))).collect::<StringArray>())
    };
    let born: Vec<i16> = ids.clone().map(|_| 1935 + rng.below(84) as i16).collect();
    let leads = |i: u64| {
        if i % 50 == 7 {
            "building_leader"
        } else {
            "resident"
        }
    };
    let batch = RecordBatch::try_from_iter([
        ("account", text(&|i| format!("R{i:07}"))),
        ("household", text(&|i| format!("H{:07}", i * 2 / 5))),
        ("building", text(&|i| format!("B{:05}", i * 2 / 5 / 40))),
        ("community", text(&|i| format!("C{:04}", i * 2 / 5 / 1600))),
        ("birth_year", Arc::new(Int16Array::from(born)) as ArrayRef),
        ("role", text(&|i| leads(i).to_owned())),
    ])?;
    let mut writer =
        ArrowWriter::try_new(File::create(path)?, batch.schema(), Some(properties()?))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(())
}

/// The rows of one chunk, as columns.
#[derive(Default)]
struct Rows {
    id: Vec<i64>,
    account: Vec<u64>,
    kind: Vec<usize>,
    ts: Vec<i64>,
    hours: Vec<Option<i128>>,
    count: Vec<Option<i32>>,
    cents: Vec<i64>,
    confirmed: Vec<bool>,
    place: Vec<u64>,
}

/// How many, and from when on.
#[derive(Clone, Copy)]
struct Size {
    facts: u64,
    residents: u64,
    first: Day,
}

fn write_facts(path: &Path, size: Size) -> Result<(), Fault> {
    let facts = size.facts;
    let mut writer: Option<ArrowWriter<File>> = None;
    let mut from = 0;
    while from < facts {
        let to = (from + CHUNK).min(facts);
        let batch = chunk(from..to, size)?;
        let writer = match &mut writer {
            Some(w) => w,
            None => {
                let file = File::create(path)?;
                writer.insert(ArrowWriter::try_new(
                    file,
                    batch.schema(),
                    Some(properties()?),
                )?)
            }
        };
        writer.write(&batch)?;
        from = to;
    }
    if let Some(writer) = writer {
        writer.close()?;
    }
    Ok(())
}

fn chunk(range: std::ops::Range<u64>, size: Size) -> Result<RecordBatch, Fault> {
    let Size {
        facts,
        residents,
        first,
    } = size;
    let mut rng = Rng(20_240_701 ^ (range.start << 8));
    let after = Day::from_ymd(2026, 7, 1).ok_or("a day")?;
    let days = u64::from((after.0 - first.0).unsigned_abs());
    let weights: Vec<u64> = KINDS.iter().map(|k| k.1).collect();
    // (ts, account, kind) in order of time, as rows arrive.
    let mut events: Vec<(i64, u64, usize)> = Vec::new();
    for i in range.clone() {
        let day = i64::from(first.0) + (i * days / facts) as i64;
        let second = rng.weighted(&HOURS) as i64 * 3600 + rng.below(3600) as i64;
        let kind = rng.weighted(&weights);
        // Some act much more than others; one in seventeen never.
        let mut account =
            ((u128::from(rng.below(residents)) * u128::from(rng.bits())) >> 64) as u64;
        if account.is_multiple_of(17) {
            account += 1;
        }
        if KINDS[kind].0 == "duty" && !rng.one_in(10) {
            account = account / 50 * 50 + 7;
        }
        events.push((day * 86_400 + second, account.min(residents - 1), kind));
    }
    events.sort_unstable();
    // Bursts: the same person does the same again, a third of them in the same second.
    for i in 1..events.len() {
        if rng.below(100) < 6 {
            let (ts, account, kind) = events[i - 1];
            let ts = if rng.one_in(3) { ts } else { events[i].0 };
            events[i] = (ts, account, kind);
        }
    }
    let start = i64::from(first.0) * 86_400;
    let mut rows = Rows::default();
    for (i, (ts, account, kind)) in range.zip(events) {
        // Late rows: days earlier than their neighbours.
        let late = if rng.below(100) < 3 {
            rng.below(6 * 86_400) as i64
        } else {
            0
        };
        let off = if rng.one_in(1000) {
            residents + rng.below(50)
        } else {
            account
        };
        rows.push(&mut rng, i as i64 + 1, off, kind, (ts - late).max(start));
    }
    rows.batch(residents)
}

impl Rows {
    fn push(&mut self, rng: &mut Rng, id: i64, account: u64, kind: usize, ts: i64) {
        let name = KINDS[kind].0;
        let timed = ["volunteer", "patrol", "culture", "learning"].contains(&name);
        let halves = if rng.one_in(4) {
            1
        } else {
            2 + rng.below(7) + rng.below(9)
        };
        self.id.push(id);
        self.account.push(account);
        self.kind.push(kind);
        self.ts.push(ts * 1000);
        self.hours
            .push((timed && !rng.one_in(500)).then_some(i128::from(halves) * 5));
        self.count.push(match name {
            "recycling" => Some(1 + (rng.below(9) * rng.below(10)) as i32),
            "redeem" => Some(10 + 10 * rng.below(30) as i32),
            "checkin" | "browse" => None,
            _ => Some(1),
        });
        let cents = 300 + (rng.below(1_000_000) * rng.below(1_000) / 20_000) as i64;
        self.cents.push(if name == "purchase" { cents } else { 0 });
        let rare = ["mediation", "proposal"].contains(&name);
        self.confirmed
            .push(rng.below(100) < if rare { 60 } else { 95 });
        self.place.push(rng.below(200) * rng.below(200) / 200);
    }

    fn batch(self, residents: u64) -> Result<RecordBatch, Fault> {
        let accounts = self.account.iter().map(|a| match a.checked_sub(residents) {
            Some(off) => format!("X{off:07}"),
            None => format!("R{a:07}"),
        });
        let accounts: Vec<String> = accounts.collect();
        let accounts: DictionaryArray<Int32Type> = accounts.iter().map(String::as_str).collect();
        let kinds: DictionaryArray<Int32Type> = self.kind.iter().map(|k| KINDS[*k].0).collect();
        let places: Vec<String> = self.place.iter().map(|p| format!("P{p:03}")).collect();
        let places: DictionaryArray<Int32Type> = places.iter().map(String::as_str).collect();
        let hours = Decimal128Array::from(self.hours).with_precision_and_scale(6, 1)?;
        Ok(RecordBatch::try_from_iter([
            ("fact_id", Arc::new(Int64Array::from(self.id)) as ArrayRef),
            ("account", Arc::new(accounts)),
            ("kind", Arc::new(kinds)),
            ("ts", Arc::new(TimestampMillisecondArray::from(self.ts))),
            ("hours", Arc::new(hours)),
            ("count", Arc::new(Int32Array::from(self.count))),
            ("amount_cents", Arc::new(Int64Array::from(self.cents))),
            ("confirmed", Arc::new(BooleanArray::from(self.confirmed))),
            ("place", Arc::new(places)),
        ])?)
    }
}
