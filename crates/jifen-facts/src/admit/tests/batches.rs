//! A Parquet file that is read batch by batch says what the same rows say in a CSV file.

use super::{Admission, rosters_from, zone};
use crate::mapping::Sources;
use crate::rejects::write_rejects;
use crate::{InputFile, ReadOptions, read_facts};
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use jifen_diag::Lang;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use std::sync::Arc;

/// Two row groups and a bit, of which one holds more than one batch.
const ROWS: i64 = 160_000;
const GROUP: usize = 70_000;

struct Row {
    id: i64,
    kind: &'static str,
    who: String,
    meeting: String,
}

/// Every 10,007th is of an unknown person, every 20,011th of no kind; 5 has the id of 3 and another day, and so has the last but one that of
/// the first; the last is the same as 4.
fn rows() -> Vec<Row> {
    let row = |i: i64| Row {
        id: match i {
            5 => 3,
            _ if i == ROWS - 2 => 0,
            _ if i == ROWS - 1 => 4,
            _ => i,
        },
        kind: if i % 20_011 == 20_010 {
            "散步"
        } else {
            "参会"
        },
        who: if i % 10_007 == 10_006 {
            format!("XF99-{i}")
        } else {
            "XF01-0011".to_owned()
        },
        meeting: if i == ROWS - 1 { 4 } else { i }.to_string(),
    };
    (0..ROWS).map(row).collect()
}

/// 2026-02-01 08:00, of the row that counts a second more.
fn at(i: i64) -> i64 {
    let first = jifen_calendar::Day::from_ymd(2026, 2, 1).unwrap();
    first.start().0 + 8 * 3600 + if i == ROWS - 1 { 4 } else { i % 3600 }
}

fn parquet(rows: &[Row]) -> Vec<u8> {
    let text = |f: &dyn Fn(&Row) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(f)))
    };
    let ids = Int64Array::from_iter_values(rows.iter().map(|r| r.id));
    let times = TimestampMillisecondArray::from_iter_values((0..ROWS).map(|i| at(i) * 1000));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("编号", Arc::new(ids)),
        ("活动类型", text(&|r| r.kind.to_owned())),
        ("居民编号", text(&|r| r.who.clone())),
        ("日期", Arc::new(times)),
        ("会议", text(&|r| r.meeting.clone())),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(GROUP))
        .build();
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    out
}

fn csv(rows: &[Row]) -> Vec<u8> {
    let mut out = "编号,活动类型,居民编号,日期,会议\n".to_owned();
    for (i, r) in (0..).zip(rows) {
        let s = at(i).rem_euclid(86_400);
        let clock = format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
        // A time of whole minutes is written without seconds, as typed cells are.
        let clock = clock.strip_suffix(":00").unwrap_or(&clock);
        let (id, kind, who, meeting) = (r.id, r.kind, &r.who, &r.meeting);
        out += &format!("{id},{kind},{who},2026-02-01 {clock},{meeting}\n");
    }
    out.into_bytes()
}

fn admitted(name: &str, bytes: Vec<u8>) -> Admission {
    let mut plan = super::plan();
    plan.kinds.truncate(1);
    let mut rosters = rosters_from(&["roster-2026Q1.xlsx"]).data;
    let file = InputFile::new(name, bytes);
    let options = ReadOptions::default();
    read_facts(
        &[file],
        &Sources::default(),
        &plan,
        &zone(),
        &mut rosters,
        &options,
    )
    .unwrap()
}

#[test]
fn batches_say_what_the_whole_says() {
    let rows = rows();
    let (typed, text) = (
        admitted("facts.parquet", parquet(&rows)),
        admitted("facts.csv", csv(&rows)),
    );
    // 15 unknown people (10,006 …, the 15th is 150,104), 7 unknown kinds, none of both; two conflicts of two rows; one duplicate.
    assert_eq!(
        (typed.counts.rejected, typed.counts.duplicates),
        (15 + 7 + 4, 1)
    );
    assert_eq!(typed.counts.accepted, ROWS as u64 - 26 - 1);
    assert_eq!(typed.counts, text.counts);
    let plain = |a: &Admission| {
        let mut rejects = a.rejects.clone();
        for r in &mut rejects {
            // The heading of a CSV file is a line.
            r.file.clear();
            r.place.line = r.place.row;
        }
        String::from_utf8(write_rejects(&rejects, Lang::Zh)).unwrap()
    };
    assert_eq!(plain(&typed), plain(&text));
    assert!(plain(&typed).contains("XF99-150104"));
    let ids = |a: &Admission| {
        let table = &a.log.kinds[0];
        (0..table.len())
            .map(|i| (table.ids.text(i), table.at[i], table.fields[0].value(i)))
            .collect::<Vec<_>>()
    };
    assert!(ids(&typed) == ids(&text));
}
