//! Generator of policies and facts, differential driver, corpus runner; development only.

pub mod coverage;
pub mod differential;
pub mod generate;
pub mod mistakes;
pub mod rng;
pub mod shrink;
