//! Fuzz targets as plain functions over bytes, and a driver for them on stable Rust; not part of the product.
//!
//! A target takes any bytes and must come back: no panic, no endless work, no memory beyond its input's worth. What it
//! meets on its way it tells through [`feature::note`]; the driver keeps inputs that met something new and mutates
//! them further, which stands in for coverage. `cargo test -p jifen-fuzz` runs each target for a short time;
//! `cargo run -p jifen-fuzz -- TARGET --seconds 60 --seed 1` as long as wanted.
#![allow(
    clippy::panic,
    reason = "a broken law of a target is a panic: that is what the driver looks for"
)]

pub mod alloc;
pub mod driver;
pub mod feature;
pub mod formats;
pub mod mutate;
pub mod rng;
pub mod seeds;
pub mod targets;

/// All memory of programs that use this crate is counted.
#[global_allocator]
static COUNTING: alloc::Counting = alloc::Counting;
