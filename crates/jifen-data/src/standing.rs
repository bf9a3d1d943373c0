//! How subjects stand at the end of each period (S30): ranks, grades, flags, rights.

use jifen_calendar::Day;
use jifen_plan::StandingIx;
use jifen_quantity::Decimal;

use crate::evaluation::{Account, Failure, Missing};

/// How a subject stands in one of the standings when a period has closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingValue {
    /// In which.
    pub standing: StandingIx,
    /// First day of the period.
    pub first: Day,
    /// Who.
    pub account: Account,
    /// Of a standing of groups: which, as the code of its word in the attribute; of everybody 0.
    pub group: Option<u32>,
    /// How.
    pub stood: Stood,
}

/// How a subject stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stood {
    /// Ranked.
    Placed(Placed),
    /// 不参评: not on the roster on the last day of the period, or outside of 参评范围. It is no place, and not the last one.
    NotEligible,
    /// A grade: an index into its levels, the lowest first.
    Level(u16),
    /// A flag: is it there?
    Flagged(bool),
    /// A right: is it held, and how much of it?
    Right(bool, Option<Decimal>),
    /// It cannot be told; never ranked.
    NoValue(Missing),
    /// Overflow or division by zero: the run exits non-zero.
    Failed(Failure),
}

/// A place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// What was compared.
    pub by: Decimal,
    /// 名次, from 1.
    pub place: u32,
    /// How many stand before.
    pub ahead: u32,
    /// How many stand equal, the subject among them.
    pub equal: u32,
    /// How many were ranked in the group.
    pub entrants: u32,
    /// The group, where places are counted within groups.
    pub group: Option<String>,
}

impl Placed {
    /// How many stand behind.
    #[must_use]
    pub fn behind(&self) -> u32 {
        self.entrants
            .saturating_sub(self.ahead)
            .saturating_sub(self.equal)
    }
}
