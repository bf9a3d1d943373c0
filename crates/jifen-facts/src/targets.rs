//! What a fuzz driver calls: each reader as a plain function over bytes that must return; results are thrown away.

use crate::{Limits, ReadOptions, mapping, read_csv, read_jsonl, read_parquet, read_xlsx, value};
use bytes::Bytes;

/// Limits small enough for a driver that allows 512 MiB.
fn options() -> ReadOptions {
    ReadOptions {
        limits: Limits {
            inflated_per_mib: 32 << 20,
            page_bytes: 16 << 20,
            shared_bytes: 64 << 20,
            ..Limits::default()
        },
        ..ReadOptions::default()
    }
}

/// Delimited text.
pub fn csv(bytes: &[u8]) {
    let _ = read_csv(bytes, &options());
}

/// JSON lines.
pub fn jsonl(bytes: &[u8]) {
    let _ = read_jsonl(bytes, &options());
}

/// Parquet.
pub fn parquet(bytes: &[u8]) {
    let _ = read_parquet(Bytes::copy_from_slice(bytes), &options());
}

/// Workbooks.
pub fn xlsx(bytes: &[u8]) {
    let _ = read_xlsx(bytes, &options());
}

/// Mappings.
pub fn sources(bytes: &[u8]) {
    let _ = mapping::parse(&String::from_utf8_lossy(bytes));
}

/// Cells: every kind of value from one text.
pub fn cells(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let style = value::date::DateStyle::default();
    let _ = value::number::decimal(&text);
    let _ = value::number::percent(&text);
    let _ = value::number::sheet_number(&text);
    let _ = value::number::looks_scientific(&text);
    let _ = value::date::day(&text, style);
    let _ = value::date::proves_order(&text);
    let _ = value::words::yes_no(&text);
    if let Some(zone) = jifen_calendar::Zone::parse("Asia/Shanghai") {
        let _ = value::time::when(&text, style, &zone);
    }
}
