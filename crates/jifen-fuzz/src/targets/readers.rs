//! The mapping file and the readers of fact files. Every cell of what was read is looked at.

use crate::feature;
use bytes::Bytes;
use jifen_facts::{FileError, RawColumn, RawTable, ReadOptions, mapping as map};
use jifen_facts::{read_csv, read_jsonl, read_parquet, read_xlsx};

fn error(e: &FileError) {
    feature::note(("error", e.code, feature::shape(&e.text.zh)));
}

fn table(t: &RawTable) {
    feature::note(("columns", t.headers.len().min(12)));
    feature::note(("rows", t.rows().min(6), t.batches.len().min(3)));
    for fault in &t.faults {
        feature::note(("fault", fault.reason.0));
    }
    for note in &t.notes {
        feature::note(("note", feature::shape(&note.zh)));
    }
    for batch in &t.batches {
        assert_eq!(
            batch.columns.len(),
            t.headers.len(),
            "as many columns as headings"
        );
        for column in &batch.columns {
            match column {
                RawColumn::Text(c) => {
                    assert_eq!(c.len(), batch.len(), "as many cells as rows");
                    for i in 0..c.len() {
                        feature::note(("mark", c.mark(i) as u8, c.get(i).is_empty()));
                    }
                }
                RawColumn::Typed(array) => {
                    use arrow_array::Array;
                    assert_eq!(array.len(), batch.len(), "as many values as rows");
                    feature::note((
                        "type",
                        array.data_type().to_string(),
                        array.null_count() > 0,
                    ));
                }
            }
        }
        for i in 0..batch.len() {
            let _ = batch.place(i);
        }
    }
}

fn options() -> ReadOptions {
    ReadOptions {
        known: vec!["编号".into(), "日期".into(), "时长".into()],
        ..ReadOptions::default()
    }
}

pub(super) fn mapping(bytes: &[u8]) {
    match map::parse(&String::from_utf8_lossy(bytes)) {
        Ok(sources) => {
            feature::note((
                "ok",
                sources.facts.len().min(3),
                sources.rosters.len().min(3),
            ));
            for f in &sources.facts {
                let built_in = (f.confirm.is_some(), f.void.is_some(), f.correct.is_some());
                feature::note((f.fixed.is_some(), f.records.len().min(4), built_in));
            }
        }
        Err(errors) => errors.iter().for_each(error),
    }
}

pub(super) fn csv(bytes: &[u8]) {
    match read_csv(bytes, &options()) {
        Ok(t) => table(&t),
        Err(e) => error(&e),
    }
}

pub(super) fn jsonl(bytes: &[u8]) {
    match read_jsonl(bytes, &options()) {
        Ok(t) => table(&t),
        Err(e) => error(&e),
    }
}

pub(super) fn xlsx(bytes: &[u8]) {
    match read_xlsx(bytes, &options()) {
        Ok(tables) => tables.iter().for_each(table),
        Err(e) => error(&e),
    }
}

pub(super) fn parquet(bytes: &[u8]) {
    match read_parquet(Bytes::copy_from_slice(bytes), &options()) {
        Ok(t) => table(&t),
        Err(e) => error(&e),
    }
}
