//! What admission of a large typed file costs beside reading it; run by hand: `cargo test -p jifen-facts --lib cost -- --ignored --nocapture`.

use super::read_facts;
use crate::mapping::Sources;
use crate::{InputFile, ReadOptions, read};
use arrow_array::builder::{Int64Builder, StringDictionaryBuilder, TimestampMillisecondBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, BooleanArray, Decimal128Array, Int32Array, RecordBatch};
use bytes::Bytes;
use jifen_calendar::{Day, Zone};
use jifen_data::{RosterData, RosterTable};
use jifen_plan::{
    EventAt, Exprs, Field, FieldType, Kind, Overlap, Plan, Roster, RosterIx, RuleDate,
};
use jifen_quantity::Dim;
use parquet::arrow::ArrowWriter;
use std::sync::Arc;

const KINDS: [&str; 4] = ["checkin", "purchase", "volunteer", "patrol"];
const PEOPLE: usize = 30_000;

fn field(name: &str, ty: FieldType) -> Field {
    Field {
        name: name.into(),
        ty,
        default: None,
        required: false,
        range: None,
        whole: false,
    }
}

fn plan() -> Plan {
    let fields = || {
        vec![
            field("hours", FieldType::Number(Dim::DURATION)),
            field("count", FieldType::Number(Dim::TIMES)),
            field("amount_cents", FieldType::Number(Dim::PURE)),
            field("confirmed", FieldType::YesNo),
            field("place", FieldType::Text),
        ]
    };
    Plan {
        format: jifen_plan::FORMAT,
        zone: "Asia/Shanghai".into(),
        rule_date: RuleDate::Event,
        versions: Vec::new(),
        rosters: vec![Roster {
            name: "account".into(),
            attrs: Vec::new(),
        }],
        kinds: KINDS
            .iter()
            .map(|k| Kind {
                name: (*k).into(),
                subject: RosterIx(0),
                period: None,
                off_roster: false,
                fields: fields(),
                span: None,
                overlap: Overlap::Each,
                at: EventAt::Start,
            })
            .collect(),
        currencies: Vec::new(),
        params: Vec::new(),
        exprs: Exprs::default(),
        items: Vec::new(),
        tallies: Vec::new(),
        workdays: None,
    }
}

fn file(rows: usize) -> Bytes {
    let mut out = Vec::new();
    let mut writer: Option<ArrowWriter<&mut Vec<u8>>> = None;
    let sink = &mut out;
    let mut sink = Some(sink);
    let mut state = 7_u64;
    let mut roll = |n: usize| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) as usize % n
    };
    for start in (0..rows).step_by(500_000) {
        let n = 500_000.min(rows - start);
        let mut ids = Int64Builder::new();
        let mut accounts = StringDictionaryBuilder::<Int32Type>::new();
        let mut kinds = StringDictionaryBuilder::<Int32Type>::new();
        let mut places = StringDictionaryBuilder::<Int32Type>::new();
        let mut times = TimestampMillisecondBuilder::new();
        for i in 0..n {
            ids.append_value((start + i) as i64);
            accounts.append_value(format!("R{:07}", roll(PEOPLE)));
            kinds.append_value(KINDS[roll(4)]);
            places.append_value(format!("P{:03}", roll(200)));
            times.append_value(1_720_000_000_000 + (start + i) as i64 * 6000);
        }
        let hours =
            Decimal128Array::from_iter((0..n).map(|i| (i % 3 > 0).then_some((i % 80) as i128)));
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("fact_id", Arc::new(ids.finish())),
            ("account", Arc::new(accounts.finish())),
            ("kind", Arc::new(kinds.finish())),
            ("ts", Arc::new(times.finish())),
            (
                "hours",
                Arc::new(hours.with_precision_and_scale(6, 1).unwrap()),
            ),
            (
                "count",
                Arc::new(Int32Array::from_iter(
                    (0..n).map(|i| (i % 2 > 0).then_some((i % 9) as i32)),
                )),
            ),
            (
                "amount_cents",
                Arc::new(arrow_array::Int64Array::from_iter(
                    (0..n).map(|i| Some((i % 9999) as i64)),
                )),
            ),
            (
                "confirmed",
                Arc::new(BooleanArray::from_iter((0..n).map(|i| Some(i % 5 > 0)))),
            ),
            ("place", Arc::new(places.finish())),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let writer = writer.get_or_insert_with(|| {
            ArrowWriter::try_new(sink.take().unwrap(), batch.schema(), None).unwrap()
        });
        writer.write(&batch).unwrap();
    }
    writer.unwrap().close().unwrap();
    Bytes::from(out)
}

#[test]
#[ignore = "a measurement"]
#[expect(clippy::disallowed_types, reason = "a measurement needs a clock")]
fn cost_of_admission() {
    let rows = 2_000_000;
    let bytes = file(rows);
    let mut table = RosterTable::default();
    for i in 0..PEOPLE {
        table.ids.insert(format!("R{i:07}"));
        table.names.push(None);
        table.present.push(vec![(Day::MIN, Day::MAX)]);
    }
    let mut rosters = RosterData {
        tables: vec![table],
    };
    let start = std::time::Instant::now();
    let tables = read("facts.parquet", bytes.clone(), &ReadOptions::default()).unwrap();
    println!("read {} rows: {:?}", tables[0].rows(), start.elapsed());
    drop(tables);
    let start = std::time::Instant::now();
    let admission = read_facts(
        &[InputFile::new("facts.parquet", bytes)],
        &Sources::default(),
        &plan(),
        &Zone::parse("Asia/Shanghai").unwrap(),
        &mut rosters,
        &ReadOptions::default(),
    )
    .unwrap();
    println!(
        "read and admit: {:?} {:?}",
        start.elapsed(),
        admission.counts
    );
    assert_eq!(admission.counts.accepted, rows as u64);
}
