//! Tests of the crate (filled below).
