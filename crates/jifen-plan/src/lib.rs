//! The Plan: what a policy means, as plain data. Compiler and engine meet here and nowhere else.
//!
//! [`model`] is the Plan itself, [`expr`] its expressions with their normative evaluation rules, [`labels`] what people
//! call things (outside the fingerprint). [`fingerprint()`], [`schedule()`] and [`mod@print`] are pure functions of it.

pub mod aggregate;
pub mod allot;
pub mod choice;
pub mod expr;
pub mod feedback;
pub mod fingerprint;
pub mod join;
pub mod labels;
pub mod life;
pub mod measure;
pub mod model;
pub mod moves;
pub mod pass;
pub mod print;
pub mod schedule;
pub mod standing;
pub mod worth;

pub use aggregate::{Aggregate, AggregateOf, Over, SetOp, aggregates, all_aggregates, balances};
pub use allot::Allot;
pub use choice::{Choose, Pick};
pub use expr::{Cmp, DatePart, DaySet, Expr, ExprId, Exprs, ShiftUnit, Ty, Whose};
pub use feedback::{
    ClosedReads, Closing, Link, circle, closing_order, feeds_back, item_reads, looks_back,
    standing_roots,
};
pub use fingerprint::fingerprint;
pub use join::{Counted, Join, JoinKey, Pairing, Within};
pub use labels::{ItemLabel, Labels, ParamLabel, StandingLabel};
pub use life::{Age, AgeUnit, Due, Life, LifeWhen, Loss, MonthDay, UseOrder};
pub use measure::{Earlier, Gather, Measure, MeasureIx, OfMembers, OverMembers, OverPeriods};
pub use model::*;
pub use moves::{Move, Split, keeps_lots};
pub use pass::{Many, Pass, PassHow};
pub use schedule::{Schedule, schedule};
pub use standing::{
    AtLine, Fall, Flag, Grade, PointsOf, PointsRead, Rank, Right, Source, Standing, StandingIx,
    StandingKind, StandingRead, Take, Ties, Times, TimesOf,
};
pub use worth::{Worth, yuan_on};
