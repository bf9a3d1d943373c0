//! The quarter of the example, given in many ways: the files that `run` writes are the same, byte for byte (S1, S2).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops at what it did not expect"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jifen::{
    Compiled, Day, Files, InputFile, Lang, Limits, Loaded, Options, Report, Sources, compile,
    evaluate, load, write_rejects,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/xingfu")
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

fn text(name: &str) -> String {
    String::from_utf8(bytes(name)).unwrap()
}

fn policy() -> Compiled {
    let mut sources = Sources::new();
    sources.add("xingfu.jifen", text("xingfu.jifen"));
    compile(sources).unwrap_or_else(|_| panic!("the example compiles"))
}

fn admit(compiled: &Compiled, facts: Vec<InputFile>) -> Loaded {
    let toml = text("sources.toml");
    let files = Files {
        sources_toml: Some(("sources.toml", toml.as_str())),
        rosters: vec![InputFile::new(
            "roster-2026Q1.xlsx",
            bytes("data/roster/roster-2026Q1.xlsx"),
        )],
        facts,
        openings: Vec::new(),
    };
    load(compiled, &files, &Limits::default()).unwrap_or_else(|e| panic!("{e:?}"))
}

/// Ledger, balances and what came to nothing, as `run` writes them.
fn results(compiled: &Compiled, loaded: &Loaded, threads: usize, batch_rows: usize) -> [String; 3] {
    let options = Options {
        threads,
        batch_rows,
    };
    let (log, rosters) = (&loaded.admission.log, &loaded.rosters);
    let as_of = Day::parse_iso("2026-04-10").unwrap();
    let evaluation = evaluate(
        &compiled.plan,
        log,
        rosters,
        &loaded.openings,
        as_of,
        &options,
    );
    let report = Report {
        compiled,
        facts: log,
        rosters,
        evaluation: &evaluation.unwrap(),
        lang: Lang::Zh,
    };
    [
        report.ledger_csv(),
        report.balances_csv(),
        report.outcomes_csv(),
    ]
}

fn raw() -> InputFile {
    InputFile::new("facts-2026Q1.csv", bytes("data/raw/facts-2026Q1.csv"))
}

/// Headings and records of a CSV text.
fn records(text: &str) -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let head = rows.remove(0);
    (head, rows)
}

fn csv_file<'a>(
    name: &str,
    head: &csv::StringRecord,
    rows: impl Iterator<Item = &'a csv::StringRecord>,
) -> InputFile {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    writer.write_record(head).unwrap();
    rows.for_each(|row| writer.write_record(row).unwrap());
    InputFile::new(name, writer.into_inner().unwrap())
}

fn assert_same(got: &[String; 3], expected: &[String; 3], what: &str) {
    for (file, (got, expected)) in ["ledger", "balances", "outcomes"]
        .iter()
        .zip(got.iter().zip(expected))
    {
        if got != expected {
            let first = got.lines().zip(expected.lines()).find(|(a, b)| a != b);
            panic!("{what}: the {file} differ: {first:?}");
        }
    }
}

#[test]
fn threads_and_batches_play_no_part() {
    let compiled = policy();
    let loaded = admit(&compiled, vec![raw()]);
    let expected = results(&compiled, &loaded, 1, 8_192);
    assert!(expected[0].lines().count() > 30_000);
    for (threads, batch) in [(2, 8_192), (7, 8_192), (1, 1), (2, 777), (7, 1 << 20)] {
        let what = format!("{threads} threads, batches of {batch}");
        assert_same(
            &results(&compiled, &loaded, threads, batch),
            &expected,
            &what,
        );
    }
}

#[test]
fn the_order_of_rows_and_files_plays_no_part() {
    let compiled = policy();
    let expected = results(&compiled, &admit(&compiled, vec![raw()]), 2, 8_192);
    let decoded = jifen::decode(&raw().bytes).unwrap();
    let (head, rows) = records(&decoded);
    // A walk over all rows in steps that share no factor with their number: far from any order.
    let n = rows.len();
    let step = (20_011..).find(|s| gcd(*s, n) == 1).unwrap();
    let shuffled: Vec<_> = (0..n).map(|i| &rows[i * step % n]).collect();
    let (first, rest) = shuffled.split_at(n / 5);
    let (second, third) = rest.split_at(n / 2);
    let files = [
        ("facts-c.csv", third),
        ("facts-a.csv", first),
        ("facts-b.csv", second),
    ]
    .map(|(name, rows)| csv_file(name, &head, rows.iter().copied()));
    let loaded = admit(&compiled, files.to_vec());
    assert_same(
        &results(&compiled, &loaded, 2, 8_192),
        &expected,
        "shuffled",
    );
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Ids of the accepted rows of the raw file: those of its rows whose id is not among the rejected ones.
fn accepted(loaded: &Loaded) -> BTreeSet<String> {
    let log = &loaded.admission.log;
    let kinds = log.kinds.iter();
    let ids = kinds.flat_map(|t| (0..t.len()).map(|i| t.ids.text(i)));
    ids.chain(log.confirmations.iter().map(|c| c.id.clone()))
        .chain(log.voids.iter().map(|v| v.id.clone()))
        .chain(log.corrections.iter().map(|c| c.id.clone()))
        .collect()
}

/// The rows of a Parquet file that `keep` names, as a new file.
fn parquet_cut(bytes: Vec<u8>, keep: &[bool]) -> Vec<u8> {
    use parquet::arrow::arrow_reader::{
        ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
    };
    let selectors = keep.iter().map(|k| match k {
        true => RowSelector::select(1),
        false => RowSelector::skip(1),
    });
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes)).unwrap();
    let schema = builder.schema().clone();
    let reader = builder.with_row_selection(RowSelection::from_iter(selectors));
    let mut writer = parquet::arrow::ArrowWriter::try_new(Vec::new(), schema, None).unwrap();
    for batch in reader.build().unwrap() {
        writer.write(&batch.unwrap()).unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn the_clean_files_cut_to_the_accepted_ids_give_the_raw_ledger() {
    let compiled = policy();
    let raw = admit(&compiled, vec![raw()]);
    let expected = results(&compiled, &raw, 2, 8_192);
    let ids = accepted(&raw);
    let (head, rows) = records(&text("data/clean/facts-2026Q1.csv"));
    // The one correction that is not kept as such is accepted too: it stands in the manifest, not in the log.
    let rejected: BTreeSet<String> = raw
        .admission
        .rejects
        .iter()
        .filter_map(|r| r.cells.first().cloned())
        .collect();
    let keep: Vec<bool> = rows
        .iter()
        .map(|r| ids.contains(&r[0]) || (&r[1] == "更正" && !rejected.contains(&r[0])))
        .collect();
    assert_eq!(keep.iter().filter(|k| **k).count(), 42_400);
    let cut = rows.iter().zip(&keep).filter(|(_, k)| **k).map(|(r, _)| r);
    let clean = admit(&compiled, vec![csv_file("facts-clean.csv", &head, cut)]);
    assert_eq!(clean.admission.counts.accepted, 42_400);
    assert_same(
        &results(&compiled, &clean, 2, 8_192),
        &expected,
        "clean CSV",
    );

    // The Parquet file has the same rows in the same order.
    let bytes = parquet_cut(bytes("data/clean/facts-2026Q1.parquet"), &keep);
    let clean = admit(
        &compiled,
        vec![InputFile::new("facts-clean.parquet", bytes)],
    );
    assert_eq!(clean.admission.counts.accepted, 42_400);
    assert_same(&results(&compiled, &clean, 2, 8_192), &expected, "Parquet");
}

#[test]
fn mended_rejects_with_the_raw_file_give_the_ledger_of_the_whole_clean_file() {
    let compiled = policy();
    let first = admit(&compiled, vec![raw()]);
    let written = String::from_utf8(write_rejects(&first.admission.rejects, Lang::Zh)).unwrap();
    let manifest: serde_json::Value =
        serde_json::from_str(&text("data/raw/manifest.json")).unwrap();
    let planted = manifest["planted"].as_array().unwrap();
    let clean_ids: BTreeMap<u64, String> = planted
        .iter()
        .filter(|p| p["verdict"] == "rejected")
        .filter_map(|p| Some((p["row"].as_u64()?, p["clean_id"].as_str()?.to_owned())))
        .collect();
    let (clean_head, clean_rows) = records(&text("data/clean/facts-2026Q1.csv"));
    let clean: BTreeMap<&str, &csv::StringRecord> = clean_rows.iter().map(|r| (&r[0], r)).collect();
    // Each refused row gets the cells of its clean record; the row of sums has none and goes.
    let (head, rows) = records(&written);
    let mended: Vec<csv::StringRecord> = rows
        .iter()
        .filter_map(|row| {
            let id = clean_ids.get(&row[1].parse().ok()?)?;
            let from = |i: usize, cell: &str| match i < 6 {
                true => cell.to_owned(),
                false => clean_head
                    .iter()
                    .position(|h| h == &head[i])
                    .map(|at| clean[id.as_str()][at].to_owned())
                    .unwrap_or_default(),
            };
            Some(row.iter().enumerate().map(|(i, c)| from(i, c)).collect())
        })
        .collect();
    let mended = csv_file("退回.csv", &head, mended.iter());
    let both = admit(&compiled, vec![mended, raw()]);
    let whole = InputFile::new("facts-2026Q1.csv", bytes("data/clean/facts-2026Q1.csv"));
    let whole = admit(&compiled, vec![whole]);
    assert_same(
        &results(&compiled, &both, 2, 8_192),
        &results(&compiled, &whole, 2, 8_192),
        "mended",
    );
}
