//! The limits of every reader, checked before memory is taken; not a policy setting.

use crate::fault::FileError;
use jifen_diag::text;

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// What a file may cost at most. The defaults are those that `jifen limits` prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file as stored.
    pub file_bytes: u64,
    /// Rows of a table.
    pub rows: u64,
    /// Columns of a table.
    pub columns: usize,
    /// Bytes of one cell.
    pub field_bytes: usize,
    /// Bytes of one physical line.
    pub line_bytes: usize,
    /// Entries of an archive (XLSX).
    pub archive_entries: usize,
    /// Inflated bytes of an archive for each started MiB of packed bytes.
    pub inflated_per_mib: u64,
    /// Inflated bytes of an archive in all.
    pub inflated_bytes: u64,
    /// Bytes of all shared texts of a workbook.
    pub shared_bytes: usize,
    /// Bytes of a Parquet footer.
    pub footer_bytes: usize,
    /// Bytes of one Parquet page once inflated.
    pub page_bytes: u64,
    /// Rows that a Parquet file may claim for each stored byte.
    pub rows_per_byte: u64,
    /// Nesting of a JSON value or of Parquet metadata.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            file_bytes: 4 * GIB,
            rows: 200_000_000,
            columns: 256,
            field_bytes: (64 * KIB) as usize,
            line_bytes: MIB as usize,
            archive_entries: 1024,
            inflated_per_mib: 64 * MIB,
            inflated_bytes: 2 * GIB,
            shared_bytes: (512 * MIB) as usize,
            footer_bytes: (16 * MIB) as usize,
            page_bytes: 128 * MIB,
            rows_per_byte: 16,
            depth: 64,
        }
    }
}

impl Limits {
    /// How far an archive of `packed` bytes may inflate.
    pub fn inflated_for(&self, packed: u64) -> u64 {
        let mib = packed.div_ceil(MIB).max(1);
        self.inflated_per_mib
            .saturating_mul(mib)
            .min(self.inflated_bytes)
    }

    /// Refuses a file that is larger than allowed.
    pub fn check_file(&self, bytes: usize) -> Result<(), FileError> {
        if bytes as u64 <= self.file_bytes {
            return Ok(());
        }
        let limit = self.file_bytes;
        Err(FileError::limit(
            "limit_file_bytes",
            text!(
                zh = "文件有 {bytes} 字节，超过限额 {limit} 字节",
                en = "the file has {bytes} bytes; the limit is {limit}"
            ),
        ))
    }

    /// Refuses one row more than allowed.
    pub fn check_rows(&self, rows: u64) -> Result<(), FileError> {
        if rows <= self.rows {
            return Ok(());
        }
        let limit = self.rows;
        Err(FileError::limit(
            "limit_rows",
            text!(
                zh = "行数超过限额 {limit}",
                en = "there are more rows than the limit of {limit}"
            ),
        ))
    }

    /// Refuses one column more than allowed.
    pub fn check_columns(&self, columns: usize) -> Result<(), FileError> {
        if columns <= self.columns {
            return Ok(());
        }
        let limit = self.columns;
        Err(FileError::limit(
            "limit_columns",
            text!(
                zh = "有 {columns} 列，超过限额 {limit} 列",
                en = "there are {columns} columns; the limit is {limit}"
            ),
        ))
    }
}
