//! Which reader a file needs, by its content first and its name second.

use crate::fault::FileError;
use crate::raw::RawTable;
use crate::{ReadOptions, read_csv, read_jsonl, read_parquet, read_xlsx};
use bytes::Bytes;
use jifen_diag::text;

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Delimited text.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Apache Parquet.
    Parquet,
    /// Excel workbook (2007 and later).
    Xlsx,
}

/// The format of a file. The content decides; the name only tells CSV from JSONL where the first line does not.
pub fn detect(name: &str, bytes: &[u8]) -> Result<Format, FileError> {
    let lower = name.to_ascii_lowercase();
    if bytes.starts_with(b"PAR1") {
        return Ok(Format::Parquet);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Format::Xlsx);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(FileError::new(
            "old_excel",
            text!(
                zh = "这是旧式 Excel 文件（.xls），或有密码的工作簿",
                en = "this is an old Excel file (.xls), or a workbook with a password"
            ),
            text!(
                zh = "请另存为“Excel 工作簿 (*.xlsx)”，不设密码",
                en = "save it as “Excel Workbook (*.xlsx)” without a password"
            ),
        ));
    }
    for (ending, format) in [(".parquet", "Parquet"), (".xlsx", "XLSX")] {
        if lower.ends_with(ending) {
            return Err(FileError::damaged(format));
        }
    }
    let mut content = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    content = content.trim_ascii_start();
    if content.starts_with(b"{") || lower.ends_with(".jsonl") || lower.ends_with(".ndjson") {
        return Ok(Format::Jsonl);
    }
    Ok(Format::Csv)
}

/// Reads a file of any format. Only a workbook gives more than one table.
pub fn read(name: &str, bytes: Bytes, options: &ReadOptions) -> Result<Vec<RawTable>, FileError> {
    options.limits.check_file(bytes.len())?;
    match detect(name, &bytes)? {
        Format::Csv => read_csv(&bytes, options).map(|t| vec![t]),
        Format::Jsonl => read_jsonl(&bytes, options).map(|t| vec![t]),
        Format::Parquet => read_parquet(bytes, options).map(|t| vec![t]),
        Format::Xlsx => read_xlsx(&bytes, options),
    }
}

/// As [`read`], but the rows of a Parquet file stay in it until they are asked for.
pub(crate) fn open(
    name: &str,
    bytes: Bytes,
    options: &ReadOptions,
) -> Result<Vec<RawTable>, FileError> {
    options.limits.check_file(bytes.len())?;
    match detect(name, &bytes)? {
        Format::Parquet => crate::parquet::open(bytes, options).map(|t| vec![t]),
        _ => read(name, bytes, options),
    }
}
