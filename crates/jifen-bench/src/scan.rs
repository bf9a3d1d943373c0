//! The floor: decodes the same columns of the same file, dictionaries kept, and adds them up; it scores nothing.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Decimal128Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};

use crate::Fault;

/// A reader of a file whose texts stay dictionary codes.
pub fn reader(path: &Path) -> Result<ParquetRecordBatchReader, Fault> {
    let file = File::open(path)?;
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let loaded = ArrowReaderMetadata::load(&file, options.clone())?;
    let coded = |f: &Arc<Field>| -> Arc<Field> {
        if *f.data_type() == DataType::Utf8 {
            let ty = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            Arc::new(f.as_ref().clone().with_data_type(ty))
        } else {
            f.clone()
        }
    };
    let schema = Arc::new(Schema::new(
        loaded
            .schema()
            .fields()
            .iter()
            .map(coded)
            .collect::<Vec<_>>(),
    ));
    let metadata =
        ArrowReaderMetadata::try_new(loaded.metadata().clone(), options.with_schema(schema))?;
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
    Ok(builder.with_batch_size(65_536).build()?)
}

/// Scans the facts and prints sums, so that nothing is left out.
pub fn scan(dir: &Path) -> Result<(), Fault> {
    let (mut rows, mut sum) = (0, 0_i128);
    for batch in reader(&dir.join("facts.parquet"))? {
        let batch = batch?;
        rows += batch.num_rows();
        sum = sum.wrapping_add(add_up(&batch));
    }
    println!("{rows} rows, sum {sum}");
    Ok(())
}

fn add_up(batch: &RecordBatch) -> i128 {
    let mut sum = 0_i128;
    for column in batch.columns() {
        sum += match column.data_type() {
            DataType::Int64 => whole(column.as_primitive::<Int64Type>().values()),
            DataType::Int32 => {
                let v = column.as_primitive::<Int32Type>().values();
                v.iter()
                    .map(|x| i64::from(*x))
                    .fold(0_i64, i64::wrapping_add)
                    .into()
            }
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                whole(column.as_primitive::<TimestampMillisecondType>().values())
            }
            DataType::Timestamp(..) => {
                whole(column.as_primitive::<TimestampMicrosecondType>().values())
            }
            DataType::Decimal128(..) => column
                .as_primitive::<Decimal128Type>()
                .values()
                .iter()
                .sum::<i128>(),
            DataType::Boolean => column.as_boolean().true_count() as i128,
            DataType::Dictionary(..) => {
                let codes = column.as_dictionary::<Int32Type>();
                codes
                    .keys()
                    .values()
                    .iter()
                    .map(|k| i64::from(*k))
                    .sum::<i64>()
                    .into()
            }
            _ => column.len() as i128,
        };
    }
    sum
}

fn whole(values: &[i64]) -> i128 {
    values.iter().fold(0_i64, |a, b| a.wrapping_add(*b)).into()
}
