//! Checks a Parquet file against its limits before the library may take memory for it.

use super::thrift::Walk;
use crate::fault::FileError;
use crate::limits::Limits;
use flate2::bufread::MultiGzDecoder;
use jifen_diag::text;
use parquet::basic::Compression;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use std::io::{Read, sink};

const MAGIC: &[u8; 4] = b"PAR1";

/// The footer: marks, length, and a walk over the whole of it. Gives the offset at which it begins.
pub(super) fn footer(bytes: &[u8], limits: &Limits) -> Result<usize, FileError> {
    let damaged = || FileError::damaged("parquet footer");
    let end = bytes.len().checked_sub(8).ok_or_else(damaged)?;
    if bytes.get(..4) != Some(MAGIC) || bytes.get(end + 4..) != Some(MAGIC) {
        return Err(damaged());
    }
    let length: [u8; 4] = bytes
        .get(end..end + 4)
        .and_then(|b| b.try_into().ok())
        .ok_or_else(damaged)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > limits.footer_bytes {
        let limit = limits.footer_bytes;
        return Err(FileError::limit(
            "limit_footer_bytes",
            text!(
                zh = "文件尾有 {length} 字节，超过限额 {limit}",
                en = "the footer has {length} bytes; the limit is {limit}"
            ),
        ));
    }
    let start = end
        .checked_sub(length)
        .filter(|s| *s >= 4)
        .ok_or_else(damaged)?;
    let footer = bytes.get(start..end).unwrap_or_default();
    // The library takes memory for the children that an element of the schema claims; each takes a byte at least.
    let mut children = 0_i64;
    Walk::new(footer, limits.depth).structure(&mut |path, value| {
        if path == [2, 0, 5] {
            let claimed = if value < 0 { i64::MAX } else { value };
            children = children.saturating_add(claimed);
        }
    })?;
    if usize::try_from(children).map_or(true, |c| c > footer.len()) {
        return Err(damaged());
    }
    Ok(start)
}

/// Rows claimed by the file and its row groups.
pub(super) fn rows(
    metadata: &ParquetMetaData,
    bytes: usize,
    limits: &Limits,
) -> Result<u64, FileError> {
    let damaged = || FileError::damaged("parquet row counts");
    let mut total = 0_u64;
    for group in metadata.row_groups() {
        let rows = u64::try_from(group.num_rows()).map_err(|_| damaged())?;
        total = total.checked_add(rows).ok_or_else(damaged)?;
    }
    if i64::try_from(total).ok() != Some(metadata.file_metadata().num_rows()) {
        return Err(damaged());
    }
    limits.check_rows(total)?;
    let most = limits.rows_per_byte.saturating_mul(bytes as u64);
    if total > most {
        return Err(FileError::limit(
            "limit_rows_per_byte",
            text!(
                zh = "文件只有 {bytes} 字节，却说有 {total} 行",
                en = "the file has {bytes} bytes but claims {total} rows"
            ),
        ));
    }
    Ok(total)
}

/// Sizes of the pages of the columns that will be read.
pub(super) struct Pages<'a> {
    pub bytes: &'a [u8],
    /// Where the footer begins.
    pub end: usize,
    pub limits: &'a Limits,
    /// Inflated bytes so far.
    pub inflated: u64,
}

/// What a page header says.
#[derive(Default)]
struct Header {
    inflated: i64,
    packed: i64,
    data_values: i64,
    dictionary_values: i64,
    levels: i64,
    encoding: i64,
}

impl Pages<'_> {
    /// Walks the pages of one column chunk with `rows` rows.
    pub fn check(&mut self, chunk: &ColumnChunkMetaData, rows: i64) -> Result<(), FileError> {
        let first = match chunk.dictionary_page_offset() {
            Some(offset) if offset > 0 => offset.min(chunk.data_page_offset()),
            _ => chunk.data_page_offset(),
        };
        let start = usize::try_from(first).map_err(|_| bad())?;
        let len = usize::try_from(chunk.compressed_size()).map_err(|_| bad())?;
        let end = start
            .checked_add(len)
            .filter(|e| *e <= self.end)
            .ok_or_else(bad)?;
        if start < 4 {
            return Err(bad());
        }
        let (mut at, mut values) = (start, 0_i64);
        let mut coded = false;
        while at < end && values < rows {
            let rest = self.bytes.get(at..end).unwrap_or_default();
            let mut walk = Walk::new(rest, self.limits.depth);
            let mut header = Header::default();
            walk.structure(&mut |path, value| match path {
                [2] => header.inflated = value,
                [3] => header.packed = value,
                [5 | 8, 1] => header.data_values = value,
                [7, 1] => {
                    header.dictionary_values = value;
                    coded = true;
                }
                [5, 2] | [8, 4] => header.encoding = value,
                [8, 5 | 6] => header.levels = header.levels.saturating_add(value.max(0)),
                _ => {}
            })?;
            // PLAIN_DICTIONARY and RLE_DICTIONARY need a dictionary page before them.
            if matches!(header.encoding, 2 | 8) && header.data_values > 0 && !coded {
                return Err(bad());
            }
            let body = rest.get(walk.at..).unwrap_or_default();
            self.check_page(&header, body, chunk.compression())?;
            values = values.checked_add(header.data_values).ok_or_else(bad)?;
            at += walk.at + usize::try_from(header.packed).map_err(|_| bad())?;
        }
        // Flat columns have a value for each row.
        if values != rows || chunk.num_values() != rows {
            return Err(bad());
        }
        Ok(())
    }

    fn check_page(
        &mut self,
        header: &Header,
        body: &[u8],
        codec: Compression,
    ) -> Result<(), FileError> {
        let inflated = u64::try_from(header.inflated).map_err(|_| bad())?;
        let packed = usize::try_from(header.packed).map_err(|_| bad())?;
        let body = body.get(..packed).ok_or_else(bad)?;
        if header.data_values < 0 || header.dictionary_values < 0 || header.levels > header.packed {
            return Err(bad());
        }
        if header.dictionary_values > header.inflated {
            return Err(bad());
        }
        self.inflated = self.inflated.saturating_add(inflated);
        let per_mib = self.limits.inflated_per_mib;
        let mib = (self.bytes.len() as u64).div_ceil(1 << 20).max(1);
        if inflated > self.limits.page_bytes || self.inflated > per_mib.saturating_mul(mib) {
            return Err(FileError::limit(
                "limit_page_bytes",
                text!(
                    zh = "文件展开后过大（一页 {inflated} 字节）",
                    en = "the file inflates to too much (one page of {inflated} bytes)"
                ),
            ));
        }
        let levels = usize::try_from(header.levels).map_err(|_| bad())?;
        let data = body.get(levels..).unwrap_or_default();
        check_codec(codec, data, inflated)
    }
}

/// Codecs whose decoder trusts its input for the size of its output.
fn check_codec(codec: Compression, data: &[u8], inflated: u64) -> Result<(), FileError> {
    match codec {
        Compression::SNAPPY if !data.is_empty() => {
            let mut length = 0_u64;
            for (i, byte) in data.iter().take(5).enumerate() {
                length |= u64::from(byte & 127) << (7 * i);
                if *byte < 128 {
                    return if length <= inflated {
                        Ok(())
                    } else {
                        Err(bad())
                    };
                }
            }
            Err(bad())
        }
        Compression::GZIP(_) if !data.is_empty() => {
            let mut reader = MultiGzDecoder::new(data).take(inflated + 1);
            let got = std::io::copy(&mut reader, &mut sink()).map_err(|_| bad())?;
            if got > inflated { Err(bad()) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

fn bad() -> FileError {
    FileError::damaged("parquet pages")
}
