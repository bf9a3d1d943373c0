//! The result of an evaluation: ledger, outcomes that are not points, balances, conservation.

use jifen_calendar::{Day, Instant};
use jifen_plan::{CurrencyIx, FieldIx, ItemIx, KindIx, MeasureIx, RosterIx, StandingIx, VersionIx};
use jifen_quantity::Decimal;

use crate::allotment::Allotment;
use crate::facts::FactRef;
use crate::ledger::Ledger;
use crate::lots::{Lapse, Lot, Undated};
use crate::moves::MoveLine;
use crate::packed::Packed;
use crate::standing::StandingValue;

/// Everything that `evaluate` gives.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// Facts registered after this day are not known; the day itself counts to its end.
    pub as_of: Day,
    /// Postings, in canonical order: account (roster, code), then (posted instant, phase, id), item path, currency.
    pub ledger: Ledger,
    /// Outcomes that posted nothing, in the order (kind, row or period, item).
    pub outcomes: Vec<Outcome>,
    /// Counts over pairs (fact or period, item).
    pub counts: Counts,
    /// What time took, sorted by account, currency, instant.
    pub lapses: Packed<Lapse>,
    /// What may have lapsed, but on a day that cannot be told; sorted. The run exits non-zero.
    pub undated: Vec<Undated>,
    /// What groups gave because members moved or split off, sorted by account, currency, instant, receiver and member.
    pub moves: Vec<MoveLine>,
    /// What awards and spends cost in yuan, where they say so (折合), sorted by account, then fact and item; it moves no point.
    pub worths: Vec<WorthLine>,
    /// Measures, sorted by measure, period and account.
    pub measures: Vec<MeasureValue>,
    /// Ranks, grades, flags and rights, sorted by standing, period and account.
    pub standings: Vec<StandingValue>,
    /// What became of allotments, sorted by item and period.
    pub allotments: Vec<Allotment>,
    /// What remains of each lot, by account and currency, in the order in which it would be used (S21).
    pub lots: Packed<Lot>,
    /// One for each account and currency that has a posting, an opening or a roster row; sorted by account, currency.
    pub balances: Vec<Balance>,
    /// One for each currency; checked (S22).
    pub conservation: Vec<Conservation>,
}

/// An account: a row of a roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    /// Roster.
    pub roster: RosterIx,
    /// Code in the roster's ids.
    pub subject: u32,
}

/// What an award came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A fact.
    Fact(FactRef),
    /// The run of a period item for its subject: first day of the period.
    Period(Day),
}

/// One posting. An award of 0 is a posting too (*scored, 0*).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Account.
    pub account: Account,
    /// Currency.
    pub currency: CurrencyIx,
    /// Item (of one version).
    pub item: ItemIx,
    /// Fact or period.
    pub origin: Origin,
    /// Event day: decides windows and version.
    pub day: Day,
    /// When it took effect: the event, or its release.
    pub posted: Instant,
    /// The running value before the first cap, rounded (what would have been given without caps).
    pub before_caps: Decimal,
    /// What the caps let through.
    pub amount: Decimal,
    /// Part of a deduction that the floor of the currency waived (≥ 0): the balance moved by amount + waived.
    pub waived: Decimal,
    /// Where it comes from, unless it is the account's own (S14).
    pub received: Option<Received>,
}

/// What an award or a spend cost in yuan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorthLine {
    /// Whose fact or period it was.
    pub account: Account,
    /// Which item or spend.
    pub item: ItemIx,
    /// The fact or period.
    pub origin: Origin,
    /// Event day.
    pub day: Day,
    /// Points that it gave or took, above 0.
    pub points: Decimal,
    /// Yuan; `None`: a value is missing or too large.
    pub yuan: Option<Decimal>,
    /// 记在: who bears it; `None`: it is not said, or missing.
    pub by: Option<String>,
}

/// Where a posting comes from that another's fact or period earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// Whose fact or period it was.
    pub from: Account,
    /// Which statement: an index into `Item::passes`; `None`: a transfer.
    pub by: Option<u16>,
}

/// What a measure came to for a subject in a period (S28).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureValue {
    /// Which.
    pub measure: MeasureIx,
    /// First day of the period.
    pub first: Day,
    /// Whose; of a group or of everybody its subject is none.
    pub account: Account,
    /// Of a measure of groups: which, as the code of its word in the attribute; of everybody 0.
    pub group: Option<u32>,
    /// The value, or why there is none.
    pub value: Measured,
}

/// The word of a group of a roster; of everybody there is none.
#[must_use]
pub fn group_word(
    (roster, of): (jifen_plan::RosterIx, jifen_plan::Holder),
    rosters: &crate::RosterData,
    code: u32,
) -> Option<&str> {
    let jifen_plan::Holder::Group(attr) = of else {
        return None;
    };
    let values = &rosters.table(roster)?.attrs.get(attr.ix())?.values;
    match values.get_index(code as usize)? {
        jifen_plan::Value::Text(word) => Some(word),
        _ => None,
    }
}

/// The value of a measure, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measured {
    /// A value.
    Value(Decimal),
    /// No value.
    NoValue(Missing),
    /// Overflow or division by zero: the run exits non-zero.
    Failed(Failure),
}

/// Why nothing was posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutcomeKind {
    /// No version is in force on the rule day (item is absent).
    NoVersion,
    /// A condition does not hold: index into `Item::requires`.
    NotApplicable(u16),
    /// No earlier fact to be joined with: index into `Item::joins`.
    NoPartner(u16),
    /// No 得/加/扣 line took effect; or a spend asks for nothing.
    NoAmount,
    /// A spend that its limits leave no room for: what was asked.
    OverCap(Decimal),
    /// A spend that is not covered: what was asked (after limits), and what there was.
    NotCovered(Decimal, Decimal),
    /// A transfer that nobody receives.
    NoReceiver(Receiver),
    /// An allotment of which nobody gets anything.
    NotShared(NotShared),
    /// A value is missing.
    CannotTell(Missing),
    /// Overflow or division by zero.
    Failed(Failure),
    /// Waiting for confirmation or publicity: the value that waits, and the release instant if it is known.
    Pending(Decimal, Option<Instant>),
    /// Refused by a reviewer at this instant.
    Rejected(Decimal, Instant),
    /// Not confirmed in time: lapsed at this instant.
    Lapsed(Decimal, Instant),
    /// 重叠 拒收: the span overlaps an earlier one (item is absent).
    Overlaps(FactRef),
    /// Withdrawn (item is absent).
    Withdrawn,
    /// A correction made the fact contradict itself, e.g. its end before its begin (item is absent).
    Contradiction,
}

/// Why nobody gets anything of an allotment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotShared {
    /// All weights are 0.
    NoWeight,
    /// The share of this account cannot be told, and nobody's share without it.
    Waits(Account),
}

/// Why nobody receives a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// The receiver is not on the roster on the event day.
    Absent,
    /// The receiver is the giver.
    Giver,
}

/// What is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A field of the fact or period row.
    Field(FieldIx),
    /// A roster attribute.
    Attr(RosterIx, jifen_plan::AttrIx),
    /// The clock time of a day-only fact.
    ClockTime,
    /// The row of a per-period record.
    PeriodRow,
    /// A date that the working-day calendar does not have.
    CalendarYear(i32),
    /// A field of a fact that an aggregate counts, or that is joined.
    FieldOf(KindIx, FieldIx),
    /// The clock time of a joined fact (or of one that may be joined), of which only the day is known.
    ClockOf(KindIx),
    /// An aggregate of no facts of this kind has no value.
    NoFact(KindIx),
    /// A measure that is none, since what it asks for does not hold (至少, 有效 当).
    NoValue(MeasureIx),
    /// How the subject stands cannot be told.
    NoStanding(StandingIx),
    /// A measure that had no value in an earlier period.
    NoEarlier(MeasureIx),
    /// The row that a reference names is not on its roster on that day.
    NotOnRoster(RosterIx, String),
}

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A number too large to be held exactly.
    Overflow,
    /// Division by zero.
    DivisionByZero,
    /// A day that the lunar calendar does not reach.
    BeyondCalendar,
    /// A weight of an allotment below 0.
    NegativeWeight,
    /// The total of an allotment is below 0.
    NegativeTotal,
    /// The total of an allotment is no whole number of steps.
    OffStep,
}

/// An outcome that posted nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Account.
    pub account: Account,
    /// Fact or period.
    pub origin: Origin,
    /// Item; absent when no item was reached.
    pub item: Option<ItemIx>,
    /// Why.
    pub kind: OutcomeKind,
}

/// Counts over pairs (fact or period, item); a fact that no item reads is counted once in `unused`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Postings (perhaps 0), counted once for each pair.
    pub scored: u64,
    /// Not applicable (also: no version, no amount, withdrawn, overlaps).
    pub not_applicable: u64,
    /// Cannot tell.
    pub cannot_tell: u64,
    /// Pending.
    pub pending: u64,
    /// Rejected or lapsed; spends and transfers refused.
    pub refused: u64,
    /// Failed (overflow, division by zero, contradiction): the run exits non-zero.
    pub failed: u64,
    /// Facts of kinds that no item of the version in force reads.
    pub unused: u64,
    /// Facts registered after the as-of date.
    pub unknown_yet: u64,
}

/// What one account holds in one currency at the end of the as-of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Account.
    pub account: Account,
    /// Currency.
    pub currency: CurrencyIx,
    /// Opening.
    pub opening: Decimal,
    /// Sum of positive postings.
    pub earned: Decimal,
    /// Received by transfers and with members who moved (≥ 0).
    pub received: Decimal,
    /// Sum of what deductions took (≥ 0, after the floor).
    pub deducted: Decimal,
    /// Spent (≥ 0).
    pub spent: Decimal,
    /// Given by transfers and with members who moved (≥ 0).
    pub given: Decimal,
    /// Expired (≥ 0).
    pub expired: Decimal,
    /// Decayed (≥ 0).
    pub decayed: Decimal,
    /// Waived by the floor (≥ 0).
    pub waived: Decimal,
    /// Trimmed by caps (before_caps − amount over positive awards).
    pub trimmed: Decimal,
    /// opening + earned + received − deducted − spent − given − expired − decayed.
    pub balance: Decimal,
}

/// S22 for one currency: opening + earned + received = deducted + spent + given + expired + decayed + balance, and over all
/// accounts received = given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conservation {
    /// Currency.
    pub currency: CurrencyIx,
    /// Sums over all accounts, as in [`Balance`].
    pub opening: Decimal,
    /// Earned.
    pub earned: Decimal,
    /// Received.
    pub received: Decimal,
    /// Deducted.
    pub deducted: Decimal,
    /// Spent.
    pub spent: Decimal,
    /// Given.
    pub given: Decimal,
    /// Expired.
    pub expired: Decimal,
    /// Decayed.
    pub decayed: Decimal,
    /// Waived.
    pub waived: Decimal,
    /// Trimmed.
    pub trimmed: Decimal,
    /// Sum of balances, added up by account.
    pub balance: Decimal,
    /// The equation holds for each account and for the whole, and what was given was received.
    pub holds: bool,
}

/// Where a version index is unknown (before the first version).
pub type MaybeVersion = Option<VersionIx>;
