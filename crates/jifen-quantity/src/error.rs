//! The two ways in which exact arithmetic can fail; not a message for users (those are written in both languages elsewhere).

use std::fmt;

/// Why an operation on decimals has no result (S34).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumError {
    /// The exact (or once rounded) result does not fit a [`crate::Decimal`].
    Overflow,
    /// The divisor, or the multiple to round to, is zero.
    DivisionByZero,
}

impl fmt::Display for NumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NumError::Overflow => "number too large",
            NumError::DivisionByZero => "division by zero",
        })
    }
}

impl std::error::Error for NumError {}
