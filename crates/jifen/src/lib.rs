//! The front door: compile, check, evaluate, explain, format, translate and test policies; the README follows.
//!
#![doc = include_str!("../../../README.md")]
//!
//! # What is here
//!
//! [`compile`] policy texts, [`load`] facts and rosters, [`evaluate`], [`statement::explain`], [`Compiled::document`], [`format()`](fn@format),
//! [`translate`], [`run_tests`]. Everything is a function of its arguments: bytes and texts come in, plain data goes out;
//! reading files, the clock and the environment are the caller's.

mod allot;
mod compile;
mod data_codes;
mod document;
mod load;
mod report;
mod rewrite;
mod testing;
pub mod words;
mod worth;

pub use compile::{Compiled, Emit, Problems, check, compile};
pub use data_codes::data_code;
pub use document::Form;
pub use load::{Files, LoadError, Loaded, decode, load, roster_patterns};
pub use report::{Report, last_entry, left_out_csv};
pub use rewrite::{Refused, format, translate};
pub use testing::{TestResult, run_tests, test_inputs};
pub use worth::{Cost, Outstanding};

pub use jifen_calendar::{Day, Instant, WorkCalendar};
pub use jifen_data as data;
pub use jifen_data::{
    Allotment, Conservation, Evaluation, FactLog, MeasureValue, Measured, Openings, Placed,
    RosterData, StandingValue, Stood,
};
pub use jifen_diag::{
    Code, Diagnostic, JsonDiagnostic, Lang, RenderOptions, Severity, SourceId, Sources, Span, Text,
    codes, render, render_all, suggest, summary, text, to_json,
};
pub use jifen_engine::{EngineError, Options, evaluate, trace};
pub use jifen_explain as statement;
pub use jifen_facts::mapping::fits;
pub use jifen_facts::{
    Admission, InputFile, Limits, Reject, RosterFault, RowCounts, write_rejects,
};
pub use jifen_plan as plan;
pub use jifen_quantity::Decimal;
