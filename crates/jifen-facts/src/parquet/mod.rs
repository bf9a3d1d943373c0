//! Parquet to typed columns, dictionary codes kept; a hostile file is an error, never an abort.
//!
//! Footer and page headers are walked against the limits first (`check`). Columns that nobody asked for are not
//! read. Nested columns are refused if asked for and otherwise left.

mod check;
mod thrift;

#[cfg(test)]
pub(crate) mod tests;

use crate::ReadOptions;
use crate::fault::FileError;
use crate::raw::{RawBatch, RawTable};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use bytes::Bytes;
use jifen_diag::text;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Encoding;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Rows of a batch.
const BATCH: usize = 65_536;

/// Reads the columns that `options.columns` names, or all.
pub fn read_parquet(bytes: Bytes, options: &ReadOptions) -> Result<RawTable, FileError> {
    let mut table = open(bytes, options)?;
    table.load()?;
    Ok(table)
}

/// Checks the file; its rows stay in it until they are asked for.
pub(crate) fn open(bytes: Bytes, options: &ReadOptions) -> Result<RawTable, FileError> {
    options.limits.check_file(bytes.len())?;
    let footer = check::footer(&bytes, &options.limits)?;
    guarded(|| checked(bytes, footer, options))
}

/// The library is careful but not written for hostile files; a panic of it is a damaged file.
fn guarded<T>(run: impl FnOnce() -> Result<T, FileError>) -> Result<T, FileError> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(FileError::damaged("parquet")))
}

fn checked(bytes: Bytes, footer: usize, options: &ReadOptions) -> Result<RawTable, FileError> {
    let plain = ArrowReaderOptions::new()
        .with_skip_arrow_metadata(true)
        .with_page_index_policy(PageIndexPolicy::Skip);
    let loaded = ArrowReaderMetadata::load(&bytes, plain.clone()).map_err(|e| broken(&e))?;
    let metadata = loaded.metadata().clone();
    options
        .limits
        .check_columns(loaded.schema().fields().len())?;
    check::rows(&metadata, bytes.len(), &options.limits)?;
    let chosen = choose(&loaded, options)?;
    check_pages(&bytes, footer, &metadata, &chosen, options)?;

    let schema = with_dictionaries(loaded.schema(), &metadata, &chosen);
    let typed = ArrowReaderMetadata::try_new(metadata, plain.with_schema(schema))
        .map_err(|e| broken(&e))?;
    Ok(RawTable {
        headers: chosen.iter().map(|c| c.name.clone()).collect(),
        unread: unread(loaded.schema(), &chosen),
        later: Some(Later {
            bytes,
            typed,
            leaves: chosen.iter().map(|c| c.leaf).collect(),
            fields: chosen.iter().map(|c| c.field).collect(),
        }),
        ..RawTable::default()
    })
}

/// Rows that are still in their file.
#[derive(Clone, Debug)]
pub(crate) struct Later {
    bytes: Bytes,
    typed: ArrowReaderMetadata,
    leaves: Vec<usize>,
    fields: Vec<usize>,
}

impl Later {
    /// How many.
    pub fn rows(&self) -> u64 {
        let rows = self.typed.metadata().file_metadata().num_rows();
        u64::try_from(rows).unwrap_or(0)
    }

    /// Does a column hold texts?
    pub fn is_text(&self, column: usize) -> bool {
        let field = self
            .fields
            .get(column)
            .map(|f| self.typed.schema().field(*f));
        field.is_none_or(|f| {
            let ty = f.data_type();
            matches!(ty, DataType::Utf8 | DataType::Dictionary(..))
        })
    }

    /// Hands over one batch after the other.
    pub fn each(
        &self,
        mut take: impl FnMut(&RawBatch) -> Result<(), FileError>,
    ) -> Result<(), FileError> {
        let descr = self.typed.metadata().file_metadata().schema_descr();
        let mut first = 1;
        // Row group by row group: a batch across two dictionaries would be hashed anew.
        for group in 0..self.typed.metadata().num_row_groups() {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
                self.bytes.clone(),
                self.typed.clone(),
            );
            let mask = ProjectionMask::leaves(descr, self.leaves.iter().copied());
            let mut reader = guarded(|| {
                let reader = builder
                    .with_projection(mask)
                    .with_row_groups(vec![group])
                    .with_batch_size(BATCH);
                reader.build().map_err(|e| broken(&e))
            })?;
            while let Some(batch) = guarded(|| Ok(reader.next()))? {
                let batch = batch.map_err(|e| FileError::damaged(&e.to_string()))?;
                let rows = batch.num_rows();
                take(&RawBatch::typed(first, batch.columns().to_vec(), rows))?;
                first += rows as u64;
            }
        }
        Ok(())
    }
}

/// A column that will be read.
struct Chosen {
    name: String,
    /// Index among the top-level columns.
    field: usize,
    /// Index among the leaves.
    leaf: usize,
}

fn choose(loaded: &ArrowReaderMetadata, options: &ReadOptions) -> Result<Vec<Chosen>, FileError> {
    let descr = loaded.metadata().file_metadata().schema_descr();
    let mut chosen = Vec::new();
    for (field, column) in loaded.schema().fields().iter().enumerate() {
        let name = column.name().trim().to_owned();
        let wanted = options.columns.as_ref().is_none_or(|c| c.contains(&name));
        if !wanted {
            continue;
        }
        let mut leaves =
            (0..descr.num_columns()).filter(|l| descr.get_column_root_idx(*l) == field);
        let leaf = leaves.next();
        let flat = leaves.next().is_none() && !column.data_type().is_nested();
        match leaf {
            Some(leaf) if flat => chosen.push(Chosen { name, field, leaf }),
            _ if options.columns.is_some() => {
                return Err(FileError::new(
                    "column_nested",
                    text!(
                        zh = "“{name}”列里是结构或列表，不是一个值",
                        en = "column “{name}” holds structures or lists, not single values"
                    ),
                    text!(zh = "把它拆成几列", en = "split it into several columns"),
                ));
            }
            _ => {}
        }
    }
    Ok(chosen)
}

fn unread(schema: &SchemaRef, chosen: &[Chosen]) -> Vec<String> {
    let read: BTreeSet<usize> = chosen.iter().map(|c| c.field).collect();
    let fields = schema.fields().iter().enumerate();
    fields
        .filter(|(i, _)| !read.contains(i))
        .map(|(_, f)| f.name().trim().to_owned())
        .collect()
}

fn check_pages(
    bytes: &Bytes,
    footer: usize,
    metadata: &ParquetMetaData,
    chosen: &[Chosen],
    options: &ReadOptions,
) -> Result<(), FileError> {
    let mut pages = check::Pages {
        bytes,
        end: footer,
        limits: &options.limits,
        inflated: 0,
    };
    for group in metadata.row_groups() {
        for column in chosen {
            let chunk = group
                .columns()
                .get(column.leaf)
                .ok_or_else(|| FileError::damaged("parquet columns"))?;
            pages.check(chunk, group.num_rows())?;
        }
    }
    Ok(())
}

/// Text columns that are dictionary-coded throughout stay codes; others (ids) would only be hashed for nothing.
fn with_dictionaries(
    schema: &SchemaRef,
    metadata: &ParquetMetaData,
    chosen: &[Chosen],
) -> SchemaRef {
    let mut fields: Vec<Arc<Field>> = schema.fields().iter().cloned().collect();
    for column in chosen {
        let Some(field) = fields.get_mut(column.field) else {
            continue;
        };
        if *field.data_type() == DataType::Utf8 && coded(metadata, column.leaf) {
            let ty = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            *field = Arc::new(field.as_ref().clone().with_data_type(ty));
        }
    }
    Arc::new(Schema::new(fields))
}

fn coded(metadata: &ParquetMetaData, leaf: usize) -> bool {
    metadata.row_groups().iter().all(|group| {
        let Some(chunk) = group.columns().get(leaf) else {
            return false;
        };
        if chunk.dictionary_page_offset().is_none() {
            return false;
        }
        match chunk.page_encoding_stats() {
            Some(stats) => stats.iter().all(|s| {
                use parquet::basic::PageType::{DATA_PAGE, DATA_PAGE_V2};
                let data = matches!(s.page_type, DATA_PAGE | DATA_PAGE_V2);
                !data
                    || matches!(
                        s.encoding,
                        Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY
                    )
            }),
            // Without statistics: a dictionary that stayed small against the rows was kept to the end.
            None => match chunk.page_encoding_stats_mask() {
                Some(mask) => {
                    mask.is_only(Encoding::RLE_DICTIONARY)
                        || mask.is_only(Encoding::PLAIN_DICTIONARY)
                }
                None => false,
            },
        }
    })
}

fn broken(error: &parquet::errors::ParquetError) -> FileError {
    use parquet::errors::ParquetError::NYI;
    match error {
        NYI(what) => FileError::new(
            "parquet_unsupported",
            text!(
                zh = "Parquet 文件用了不支持的写法：{what}",
                en = "the Parquet file uses something unsupported: {what}"
            ),
            text!(
                zh = "用 snappy、zstd 或不压缩另存",
                en = "save it with snappy, zstd or no compression"
            ),
        ),
        other => FileError::damaged(&other.to_string()),
    }
}
