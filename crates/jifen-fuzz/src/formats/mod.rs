//! Mutations that know a file format: they keep checksums and lengths right, so that the inside is reached.

pub mod parquet;
pub mod zip;
