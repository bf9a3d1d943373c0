//! Small Parquet files, sound and hostile.

use crate::raw::RawColumn;
use crate::{Limits, ReadOptions, read_parquet};
use arrow_array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use std::sync::Arc;

/// A file of 100 rows with an id, a kind and hours.
pub(crate) fn small_file() -> Bytes {
    let ids = Int64Array::from_iter_values(0..100);
    let kinds =
        StringArray::from_iter_values((0..100).map(|i| if i % 3 == 0 { "参会" } else { "巡逻" }));
    let hours = Decimal128Array::from_iter_values((0..100).map(i128::from))
        .with_precision_and_scale(9, 2)
        .unwrap();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("编号", Arc::new(ids)),
        ("类型", Arc::new(kinds)),
        ("时长", Arc::new(hours)),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    Bytes::from(out)
}

#[test]
fn only_columns_asked_for_are_read() {
    let options = ReadOptions {
        columns: Some(vec!["类型".into()]),
        ..ReadOptions::default()
    };
    let table = read_parquet(small_file(), &options).unwrap();
    assert_eq!(table.headers, ["类型"]);
    assert_eq!(table.unread, ["编号", "时长"]);
    assert_eq!(table.rows(), 100);
    let RawColumn::Typed(array) = &table.batches[0].columns[0] else {
        panic!("typed");
    };
    assert!(array.data_type().to_string().starts_with("Dictionary"));
}

#[test]
fn claims_are_checked_first() {
    let tight = |limits: Limits| {
        let options = ReadOptions {
            limits,
            ..ReadOptions::default()
        };
        read_parquet(small_file(), &options).unwrap_err().code
    };
    let all = Limits::default;
    assert_eq!(
        tight(Limits {
            footer_bytes: 64,
            ..all()
        }),
        "limit_footer_bytes"
    );
    assert_eq!(tight(Limits { rows: 99, ..all() }), "limit_rows");
    assert_eq!(
        tight(Limits {
            rows_per_byte: 0,
            ..all()
        }),
        "limit_rows_per_byte"
    );
    assert_eq!(
        tight(Limits {
            page_bytes: 100,
            ..all()
        }),
        "limit_page_bytes"
    );
    assert_eq!(
        tight(Limits {
            columns: 2,
            ..all()
        }),
        "limit_columns"
    );
    assert_eq!(
        tight(Limits {
            file_bytes: 10,
            ..all()
        }),
        "limit_file_bytes"
    );
}

/// A footer may claim any number of children of a schema element; memory for them is only taken if they can be there.
#[test]
fn children_that_cannot_be_there_are_refused() {
    let mut bytes = small_file().to_vec();
    // The root of the schema: field 4 its name "arrow_schema", then field 5, the number of children, 3 as a zigzag varint.
    let name = bytes
        .windows(12)
        .rposition(|w| w == b"arrow_schema")
        .unwrap();
    let at = name + 12;
    assert_eq!(bytes[at..at + 2], [0x15, 6]);
    // 2^26 children: the number has four bytes, not one, and the footer grows by three.
    bytes.splice(at + 1..at + 2, [0x80, 0x80, 0x80, 0x40]);
    let end = bytes.len() - 8;
    let length = u32::from_le_bytes(bytes[end..end + 4].try_into().unwrap()) + 3;
    bytes[end..end + 4].copy_from_slice(&length.to_le_bytes());
    // Asked of the check itself: the library would refuse as well, but only after it has taken a gigabyte.
    let limits = Limits::default();
    assert!(super::check::footer(&small_file(), &limits).is_ok());
    let found = super::check::footer(&bytes, &limits);
    assert_eq!(found.unwrap_err().code, "damaged");
}
