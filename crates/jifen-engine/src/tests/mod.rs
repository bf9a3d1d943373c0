//! Runs of hand-built Plans; every expected value is worked out beside it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod build;
mod caps;
mod facts;
mod lots;
mod periods;
mod reviews;
mod shapes;
