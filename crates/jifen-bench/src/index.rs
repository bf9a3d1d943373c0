//! Facts for the index of communities (`policies/zhishu`): 3,655 of them, ten scenes, four quarters.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use jifen::Day;
use parquet::arrow::ArrowWriter;

use crate::Fault;
use crate::make::{Rng, properties};

const COMMUNITIES: u64 = 3_655;
const SCENES: [&str; 10] = [
    "党建", "议事", "平安", "环境", "文化", "法治", "养老", "托育", "便民", "数字",
];

/// Writes `facts.parquet` and `roster.parquet`.
pub fn make(dir: &Path) -> Result<(), Fault> {
    std::fs::create_dir_all(dir)?;
    let names = || (0..COMMUNITIES).map(|c| format!("C{c:04}"));
    let counties = (0..COMMUNITIES).map(|c| format!("区{}", c % 16));
    let roster = RecordBatch::try_from_iter([
        (
            "account",
            Arc::new(names().map(Some).collect::<StringArray>()) as ArrayRef,
        ),
        (
            "county",
            Arc::new(counties.map(Some).collect::<StringArray>()),
        ),
    ])?;
    write(&dir.join("roster.parquet"), &roster)?;
    let mut rng = Rng::new(3_655);
    let (mut account, mut scene, mut ts, mut points) = (vec![], vec![], vec![], vec![]);
    for (month, days) in [(4, 91), (7, 92), (10, 92), (13, 90)] {
        let first =
            Day::from_ymd(2026 + month / 13, (month as u32 - 1) % 12 + 1, 1).ok_or("a day")?;
        for (name, good) in names().zip((0..COMMUNITIES).map(|c| 45 + c * 7 % 40)) {
            for s in SCENES {
                let second = i64::from(first.0) * 86_400 + rng.below(days * 86_400) as i64;
                account.push(name.clone());
                scene.push(s);
                ts.push(second * 1000);
                points.push((good + rng.below(30)).min(100) as i32);
            }
        }
    }
    let ids: Vec<i64> = (1..).take(ts.len()).collect();
    let coded = |v: Vec<&str>| -> DictionaryArray<Int32Type> { v.into_iter().collect() };
    let facts = RecordBatch::try_from_iter([
        ("fact_id", Arc::new(Int64Array::from(ids)) as ArrayRef),
        (
            "account",
            Arc::new(coded(account.iter().map(String::as_str).collect())),
        ),
        ("kind", Arc::new(coded(vec!["scene"; ts.len()]))),
        ("ts", Arc::new(TimestampMillisecondArray::from(ts))),
        ("scene", Arc::new(coded(scene))),
        ("points", Arc::new(Int32Array::from(points))),
    ])?;
    write(&dir.join("facts.parquet"), &facts)
}

fn write(path: &Path, batch: &RecordBatch) -> Result<(), Fault> {
    let mut writer =
        ArrowWriter::try_new(File::create(path)?, batch.schema(), Some(properties()?))?;
    writer.write(batch)?;
    writer.close()?;
    Ok(())
}
