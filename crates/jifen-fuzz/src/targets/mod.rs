//! The targets: plain functions over bytes. A wrong result is a panic, like any other finding.

mod evaluator;
mod language;
mod readers;
mod values;

use crate::rng::Rng;
use crate::{formats, mutate, seeds};

/// How inputs of a target are mutated: base, all inputs, dictionary.
pub type Mutate = fn(&[u8], &[Vec<u8>], &[Vec<u8>], &mut Rng) -> Vec<u8>;

/// A target with what the driver needs.
pub struct Target {
    /// The word on the command line.
    pub name: &'static str,
    /// Takes any bytes.
    pub run: fn(&[u8]),
    /// Inputs to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Dictionary.
    pub words: fn() -> Vec<Vec<u8>>,
    /// Mutation.
    pub mutate: Mutate,
    /// Longer inputs are cut.
    pub max_len: usize,
}

const fn target(
    name: &'static str,
    run: fn(&[u8]),
    seeds: fn() -> Vec<Vec<u8>>,
    words: fn() -> Vec<Vec<u8>>,
    mutate: Mutate,
    max_len: usize,
) -> Target {
    Target {
        name,
        run,
        seeds,
        words,
        mutate,
        max_len,
    }
}

/// All targets.
pub const ALL: &[Target] = &[
    target(
        "parser",
        language::parser,
        seeds::policies,
        seeds::keywords,
        mutate::text,
        4 << 10,
    ),
    target(
        "checker",
        language::checker,
        seeds::policies,
        seeds::keywords,
        mutate::text,
        4 << 10,
    ),
    target(
        "formatter",
        language::formatter,
        seeds::declarations,
        seeds::keywords,
        mutate::tame,
        4 << 10,
    ),
    target(
        "mapping",
        readers::mapping,
        seeds::mappings,
        seeds::mapping_words,
        mutate::text,
        8 << 10,
    ),
    target(
        "csv",
        readers::csv,
        seeds::csv,
        seeds::cells,
        mutate::text,
        16 << 10,
    ),
    target(
        "jsonl",
        readers::jsonl,
        seeds::jsonl,
        seeds::cells,
        mutate::text,
        16 << 10,
    ),
    target(
        "xlsx",
        readers::xlsx,
        seeds::xlsx,
        seeds::xml_words,
        formats::zip::mutated,
        64 << 10,
    ),
    target(
        "parquet",
        readers::parquet,
        seeds::parquet,
        seeds::nothing,
        formats::parquet::mutated,
        64 << 10,
    ),
    target(
        "values",
        values::values,
        seeds::values,
        seeds::cells,
        mutate::text,
        256,
    ),
    target(
        "evaluator",
        evaluator::evaluator,
        seeds::fact_bytes,
        seeds::nothing,
        mutate::bytes,
        512,
    ),
];

/// A target by name.
pub fn find(name: &str) -> Option<&'static Target> {
    ALL.iter().find(|t| t.name == name)
}
