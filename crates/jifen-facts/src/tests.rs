//! The readers on the sample office's files, and on damaged bytes.

use crate::raw::{RawColumn, RawTable};
use crate::{Limits, ReadOptions, read};
use bytes::Bytes;
use std::path::PathBuf;

/// A file of the sample office.
pub(crate) fn sample(name: &str) -> Bytes {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../policies/xingfu/data")
        .join(name);
    Bytes::from(std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
}

fn rows_of(table: &RawTable) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for batch in &table.batches {
        for i in 0..batch.len() {
            rows.push(
                batch
                    .columns
                    .iter()
                    .map(|c| match c {
                        RawColumn::Text(t) => t.get(i).to_owned(),
                        RawColumn::Typed(_) => String::new(),
                    })
                    .collect(),
            );
        }
    }
    rows
}

#[test]
fn the_raw_export_is_read_with_its_lines() {
    let bytes = sample("raw/facts-2026Q1.csv");
    let tables = read("facts.csv", bytes, &ReadOptions::default()).unwrap();
    let table = &tables[0];
    // README of the sample: 42560 rows read; the header has 34 names and one unnamed column.
    assert_eq!(table.rows(), 42560);
    assert_eq!(table.headers.len(), 35);
    assert_eq!(table.headers[34], "");
    assert_eq!(table.notes[0].en, "encoding: GB18030");
    assert_eq!(table.notes[1].en, "delimiter: comma");
    // The manifest: three rows of 36 cells, at these rows and lines.
    let faults: Vec<_> = table
        .faults
        .iter()
        .map(|f| (f.reason.0, f.place.row, f.place.line, f.cells.len()))
        .collect();
    assert_eq!(
        faults,
        [
            ("row_too_long", 27158, 27160, 36),
            ("row_too_long", 30798, 30801, 36),
            ("row_too_long", 37462, 37465, 36)
        ]
    );
    // The last row is row 42560 on line 42565 (four line feeds inside remarks, and the header).
    let last = table.batches.last().unwrap();
    let place = last.place(last.len() - 1);
    assert_eq!((place.row, place.line), (42560, 42565));
}

#[test]
fn the_workbook_equals_its_csv() {
    let book = read(
        "roster.xlsx",
        sample("roster/roster-2026Q1.xlsx"),
        &ReadOptions::default(),
    )
    .unwrap();
    let names: Vec<_> = book.iter().map(|t| t.sheet.clone().unwrap()).collect();
    assert_eq!(names, ["居民", "任职", "家庭迁移"]);
    for (table, csv) in book.iter().zip(["residents", "roles", "moves"]) {
        let csv = read(
            csv,
            sample(&format!("roster/{csv}.csv")),
            &ReadOptions::default(),
        )
        .unwrap();
        assert_eq!(table.headers, csv[0].headers);
        let (a, b) = (rows_of(table), rows_of(&csv[0]));
        assert_eq!(a.len(), b.len());
        let style = crate::value::date::DateStyle::default();
        for (x, y) in a.iter().zip(&b) {
            for (x, y) in x.iter().zip(y) {
                // Dates are serials or texts in the book, ISO in the CSV.
                let same = x == y
                    || crate::value::date::day(x, style)
                        .ok()
                        .is_some_and(|d| Some(d) == crate::value::date::day(y, style).ok());
                assert!(same, "{x:?} {y:?}");
            }
        }
    }
    assert!(
        book[0].notes[0].en.contains("skipped"),
        "{:?}",
        book[0].notes
    );
}

#[test]
fn parquet_is_typed_and_coded() {
    let tables = read(
        "facts.parquet",
        sample("clean/facts-2026Q1.parquet"),
        &ReadOptions::default(),
    )
    .unwrap();
    let table = &tables[0];
    assert_eq!(table.rows(), 42515);
    let types: Vec<String> = table.batches[0]
        .columns
        .iter()
        .map(|c| match c {
            RawColumn::Typed(a) => a.data_type().to_string(),
            RawColumn::Text(_) => "text".into(),
        })
        .collect();
    println!("{:?}\n{types:?}", table.headers);
    assert!(types[1].starts_with("Dictionary"), "{types:?}");
}

/// Cases of each mutation test: few by default, more with `JIFEN_CASES`.
#[expect(
    clippy::disallowed_methods,
    reason = "the number of cases is no result"
)]
fn cases() -> u64 {
    let asked = std::env::var("JIFEN_CASES").ok();
    asked.and_then(|t| t.parse().ok()).unwrap_or(300)
}

/// A small generator of our own: the same seed, the same bytes.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % sides.max(1)
    }
}

fn mutate(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.roll(6) {
        let at = dice.roll(bytes.len());
        match dice.roll(7) {
            0 => bytes[at] = dice.roll(256) as u8,
            1 => bytes[at] ^= 1 << dice.roll(8),
            2 => bytes.truncate(at.max(1)),
            3 => {
                let end = (at + dice.roll(64)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            4 => {
                let end = (at + dice.roll(8)).min(bytes.len());
                bytes.splice(at..end, [0xFF, 0xFF, 0xFF, 0x7F]);
            }
            5 => bytes.insert(at, b"\"\n,\0\xFF<&{"[dice.roll(8)]),
            _ => {
                // Most of a Parquet or ZIP file's sense is in its last bytes.
                let tail = bytes.len().saturating_sub(1 + dice.roll(400));
                bytes[tail] = dice.roll(256) as u8;
            }
        }
        if bytes.is_empty() {
            bytes.push(0);
        }
    }
    bytes
}

fn small() -> ReadOptions {
    ReadOptions {
        limits: Limits {
            inflated_per_mib: 8 << 20,
            page_bytes: 4 << 20,
            ..Limits::default()
        },
        ..ReadOptions::default()
    }
}

/// Damaged files give a table or an error: no panic, and no memory that the limits do not know.
#[test]
fn damaged_files_are_errors() {
    let csv = sample("raw/facts-2026Q1.csv").slice(..20_000);
    let parquet = crate::parquet::tests::small_file();
    let book = crate::xlsx::tests::small_book();
    let jsonl = Bytes::from_static(
        "{\"编号\":\"A1\",\"时长\":1.50,\"完成\":true}\n{\"编号\":\"A2\",\"时长\":null}\n"
            .as_bytes(),
    );
    for (name, seed) in [
        ("a.csv", csv),
        ("a.parquet", parquet),
        ("a.xlsx", book),
        ("a.jsonl", jsonl),
    ] {
        let mut dice = Dice(0x5EED);
        let mut errors = 0;
        for _ in 0..cases() {
            let bytes = mutate(&seed, &mut dice);
            if read(name, Bytes::from(bytes), &small()).is_err() {
                errors += 1;
            }
        }
        println!("{name}: {errors} errors in {} cases", cases());
    }
}

/// Mappings of any text are a mapping or errors.
#[test]
fn damaged_mappings_are_errors() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../policies/xingfu/sources.toml"
    );
    let seed = std::fs::read(path).unwrap();
    let mut dice = Dice(0xFACE);
    for _ in 0..cases() {
        let bytes = mutate(&seed, &mut dice);
        let _ = crate::mapping::parse(&String::from_utf8_lossy(&bytes));
    }
}

/// Every mapping in the repository is one.
#[test]
fn mappings_of_the_repository_are_sound() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut folders = vec![root];
    let mut found = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with(crate::mapping::FILE_NAME) {
                let text = std::fs::read_to_string(&path).unwrap();
                let parsed = crate::mapping::parse(&text);
                assert!(parsed.is_ok(), "{}: {parsed:?}", path.display());
                found += 1;
            }
        }
    }
    assert!(found >= 1);
}

/// Texts made of the characters that dates, numbers and mappings are made of.
#[test]
fn odd_cells_are_values_or_faults() {
    let letters: Vec<char> =
        "0123456789０９.．-－+/年月日 T:：Z%‰eE,，'\"是否√=\u{3000}\u{feff}[]{}\n#王"
            .chars()
            .collect();
    let mut dice = Dice(0xCE11);
    for _ in 0..cases() * 30 {
        let text: String = (0..dice.roll(24))
            .map(|_| letters[dice.roll(letters.len())])
            .collect();
        crate::targets::cells(text.as_bytes());
        crate::targets::sources(text.as_bytes());
        crate::targets::csv(text.as_bytes());
        crate::targets::jsonl(text.as_bytes());
    }
}
