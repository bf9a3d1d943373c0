//! Plan and trace to statements in plain Chinese and English; it computes no points, it shows what was computed.
//!
//! [`explain`] makes a [`Statement`] (plain data), [`render`] its text, [`sentence`] the words of an expression.
//! The lines of every award sum to its amount, and each printed calculation can be done again from its own operands.

mod aggregate;
mod allot;
mod assemble;
mod build;
pub mod calc;
mod dates;
mod fix;
mod join;
mod life;
mod measure;
mod moves;
mod parts;
mod pass;
mod probe;
mod quantity;
mod render;
pub mod sentences;
mod standing;
pub mod statement;
mod tally;
mod whynot;
mod words;

#[cfg(test)]
mod tests;

pub use assemble::{Sources, explain, statement};
pub use measure::{measured_number, measured_text};
pub use quantity::{Show, shown, value_text};
pub use render::{render, sum_of_parts};
pub use standing::stood_text;
pub use statement::Statement;
pub use words::{Scope, Words, sentence};
