//! What stops a whole evaluation; what stops one run of one item is an outcome, not an error.

use std::fmt;

use jifen_data::{Failure, Missing};
use jifen_plan::CurrencyIx;
use jifen_quantity::NumError;

/// Why there is no evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineError {
    /// Plan and data do not fit together, or the Plan contradicts itself: a fault of the program that made them.
    Inconsistent(&'static str),
    /// The sums over all accounts of this currency are too large to be held exactly.
    TotalsOverflow(CurrencyIx),
    /// The worker threads could not be started.
    Threads(String),
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EngineError::Inconsistent(what) => write!(f, "plan and data do not fit: {what}"),
            EngineError::TotalsOverflow(c) => write!(f, "totals of currency {} overflow", c.0),
            EngineError::Threads(why) => write!(f, "no worker threads: {why}"),
        }
    }
}

impl std::error::Error for EngineError {}

/// Why an expression or a run has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Something is missing.
    Unknown(Missing),
    /// Overflow or division by zero.
    Failed(Failure),
    /// The Plan is not well-typed: ends the evaluation.
    Plan(&'static str),
}

impl From<NumError> for Stop {
    fn from(e: NumError) -> Stop {
        Stop::Failed(failure(e))
    }
}

/// The outcome of a failed operation.
pub(crate) fn failure(e: NumError) -> Failure {
    match e {
        NumError::Overflow => Failure::Overflow,
        NumError::DivisionByZero => Failure::DivisionByZero,
    }
}
