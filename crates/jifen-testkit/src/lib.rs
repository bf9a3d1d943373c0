//! Generator of policies and facts, differential driver, corpus runner; development only.

pub mod differential;
pub mod generate;
pub mod rng;
pub mod shrink;
