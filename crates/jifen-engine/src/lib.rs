//! Plan and data to Evaluation: exact, parallel, pure; no clock, no reading of files, no words for people.
//!
//! `docs/evaluation.md` fixes the meaning; the stages here are that one loop cut into pieces:
//! `settle` (which facts count, and when) → `matching` (which earlier facts they are joined with) → `rows` (what needs no state, in columns) → `partition` (which accounts never
//! meet) → `sweep` (each part in key order: caps, reviews, floors; `fast` where that is simple) → `balances` (sums and conservation).
//! [`trace`] runs the same sweep for one account and keeps every value met.

mod aggregate;
mod allot;
mod amount;
mod balances;
mod before;
mod case;
mod choose;
mod closed;
mod error;
mod evaluate;
mod fall;
mod fast;
mod fast_lots;
mod fate;
mod give;
mod history;
mod levels;
mod links;
mod lots;
mod matching;
mod measure;
mod moves;
mod part;
mod partition;
mod pass;
mod period;
mod periods;
mod posted;
mod posting;
mod regroup;
mod rounds;
mod rows;
mod run;
mod running_sums;
mod scalar;
mod scatter;
mod settle;
mod shape;
mod shared;
mod standing;
mod stands;
mod store;
mod sweep;
mod trace;
mod world;

pub use error::EngineError;
pub use evaluate::{Options, evaluate};
pub use trace::trace;

#[cfg(test)]
mod tests;
