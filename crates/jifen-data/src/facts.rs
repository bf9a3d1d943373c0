//! The FactLog: admitted facts, one table for each kind of the Plan, and the built-in records that speak of facts.
//!
//! Admission has already refused what cannot stand by itself (S2: unreadable, duplicate, conflicting, off the roster). What
//! depends on other facts or on the as-of date (void, correct, confirm, overlap, entry date) is settled by the engine.

use std::cmp::Ordering;

use jifen_calendar::{Day, Instant};
use jifen_plan::{CurrencyIx, FieldIx, KindIx, RosterIx, Value};
use jifen_quantity::Decimal;

use crate::column::Column;
use crate::taken::OpeningStanding;

/// All admitted facts.
#[derive(Clone, Debug, Default)]
pub struct FactLog {
    /// Parallel to `Plan::kinds`.
    pub kinds: Vec<KindTable>,
    /// 撤销.
    pub voids: Vec<Void>,
    /// 更正.
    pub corrections: Vec<Correction>,
    /// 确认.
    pub confirmations: Vec<Confirmation>,
    /// Names of the files that rows came from.
    pub files: Vec<String>,
}

/// The facts of one kind, in any order.
#[derive(Clone, Debug, Default)]
pub struct KindTable {
    /// Ids.
    pub ids: Ids,
    /// Code of the subject in its roster's [`crate::RosterTable::ids`].
    pub subject: Vec<u32>,
    /// Day (at 00:00) or instant of the event; begin of the span where there is one.
    pub at: Vec<Instant>,
    /// Only a day is known.
    pub day_only: Vec<bool>,
    /// Entry day (the event day where the source has none).
    pub entered: Vec<Day>,
    /// Parallel to the kind's fields.
    pub fields: Vec<Column>,
    /// (file, row) of each fact; empty when the source has none. Row counts records after the header from 1.
    pub rows: Vec<(u32, u32)>,
}

impl KindTable {
    /// Number of facts.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.subject.len()
    }

    /// No facts.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.subject.is_empty()
    }
}

/// Fact ids: whole numbers without leading noughts are kept as such.
#[derive(Clone, Debug)]
pub enum Ids {
    /// Non-negative whole numbers.
    Int(Vec<i64>),
    /// Texts.
    Text(Vec<Box<str>>),
}

impl Default for Ids {
    fn default() -> Self {
        Ids::Text(Vec::new())
    }
}

impl Ids {
    /// The id of row `i` as text.
    #[must_use]
    #[inline]
    pub fn text(&self, i: usize) -> String {
        match self {
            Ids::Int(v) => v.get(i).map(i64::to_string).unwrap_or_default(),
            Ids::Text(v) => v.get(i).map(|s| s.to_string()).unwrap_or_default(),
        }
    }

    /// Number of ids.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        match self {
            Ids::Int(v) => v.len(),
            Ids::Text(v) => v.len(),
        }
    }

    /// No ids.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// S3: ids compare by length, then bytes.
#[must_use]
pub fn compare_ids(a: &str, b: &str) -> Ordering {
    a.len()
        .cmp(&b.len())
        .then_with(|| a.as_bytes().cmp(b.as_bytes()))
}

/// One fact: kind and row in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactRef {
    /// Kind.
    pub kind: KindIx,
    /// Row.
    pub row: u32,
}

/// A withdrawal of a fact (also of a built-in record), by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Void {
    /// Its own id.
    pub id: String,
    /// The id withdrawn.
    pub target: String,
    /// Entry day.
    pub entered: Day,
    /// Who, why (for the statement).
    pub note: String,
}

/// A correction of one field of a fact, by id. The last one by (entry day, id) stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Its own id.
    pub id: String,
    /// The id corrected.
    pub target: String,
    /// What is corrected, with the right value.
    pub change: Change,
    /// Entry day.
    pub entered: Day,
    /// Who, why.
    pub note: String,
}

/// The content of a correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A field of the target's kind; `None` blanks it. A span's begin or end is corrected as the whole span.
    Field(FieldIx, Option<Value>),
    /// The event day or instant; `true`: only the day is known.
    At(Instant, bool),
    /// Only the begin of the span.
    SpanStart(Instant),
    /// Only the end of the span.
    SpanEnd(Instant),
    /// The subject, as code in the kind's roster.
    Subject(u32),
}

/// A confirmation or objection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Its own id.
    pub id: String,
    /// The fact spoken of.
    pub target: String,
    /// Role of the one who confirms.
    pub role: String,
    /// Who.
    pub who: String,
    /// `false`: 驳回.
    pub positive: bool,
    /// When.
    pub at: Instant,
    /// Entry day.
    pub entered: Day,
}

/// What is taken over from an older system (期初, S37).
#[derive(Clone, Debug, Default)]
pub struct Openings {
    /// Balances.
    pub lines: Vec<Opening>,
    /// How subjects stood in periods that ended before the first version.
    pub standings: Vec<OpeningStanding>,
}

/// An opening balance; it stands before every other posting of its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Roster of the account.
    pub roster: RosterIx,
    /// Code of the subject.
    pub subject: u32,
    /// Currency.
    pub currency: CurrencyIx,
    /// Amount.
    pub amount: Decimal,
    /// Earned date.
    pub day: Day,
}
