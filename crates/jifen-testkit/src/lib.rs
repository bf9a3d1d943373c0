//! Generator of policies and facts, differential driver, corpus runner; development only.
#![allow(
    clippy::type_complexity,
    clippy::single_range_in_vec_init,
    clippy::needless_lifetimes,
    clippy::elidable_lifetime_names,
    clippy::single_match,
    clippy::needless_borrow,
    clippy::float_arithmetic,
    reason = "development only, no score passes through here; tables of mistakes read better as they are"
)]

pub mod coverage;
pub mod differential;
pub mod generate;
pub mod mistakes;
pub mod repo;
pub mod rng;
pub mod shrink;
