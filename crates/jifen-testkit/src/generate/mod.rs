//! Random cases: policies as a small typed tree, their text, a second lowering, and facts.

pub mod aggregate;
pub mod allots;
pub mod campaigns;
mod closed;
mod dates;
pub mod facts;
pub mod joins;
pub mod lower;
mod lower_choice;
mod lower_lives;
mod lower_values;
pub mod make;
mod make_caps;
mod make_choice;
mod make_lives;
mod make_order;
mod make_spends;
pub mod measures;
mod moves;
mod passes;
pub mod scores;
pub mod tables;
pub mod taste;
pub mod text;
pub mod tree;
pub mod value;
mod working_days;
