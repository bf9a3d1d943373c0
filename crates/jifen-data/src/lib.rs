//! Inputs and outputs of an evaluation as columns with row views; no reading of files, no evaluation.
//!
//! Inputs: [`RosterData`], [`FactLog`], [`Openings`]. Outputs: [`Evaluation`] with its [`Ledger`], and a [`Trace`] on request.

pub mod allotment;
pub mod canonical;
pub mod column;
pub mod evaluation;
pub mod facts;
pub mod ledger;
pub mod lists;
pub mod lots;
pub mod moves;
pub mod packed;
pub mod roster;
pub mod standing;
pub mod taken;
pub mod trace;

pub use allotment::{AllotState, Allotment, ShareLine};
pub use column::{Column, Numbers, TextColumn};
pub use evaluation::*;
pub use facts::*;
pub use ledger::{Ledger, LedgerChunk};
pub use lists::Lists;
pub use lots::{Lapse, Lot, LotSource, Undated};
pub use moves::MoveLine;
pub use packed::{Chunk, Packed};
pub use roster::*;
pub use standing::{Placed, StandingValue, Stood};
pub use taken::{NotTaken, OpeningStanding, Was};
pub use trace::*;
