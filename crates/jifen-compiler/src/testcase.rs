//! Tests of a policy file as plain data, in indices and values of the Plan; running them is the front door's task.

use jifen_calendar::{Day, Instant};
use jifen_diag::{Code, Span};
use jifen_plan::{AttrIx, CurrencyIx, FieldIx, KindIx, MeasureIx, RosterIx, StandingIx, Value};
use jifen_quantity::{Decimal, Dim};

/// One `测试`.
#[derive(Clone, Debug, Default)]
pub struct TestCase {
    /// Its title.
    pub title: String,
    /// The whole declaration.
    pub span: Span,
    /// Rows of rosters; everyone is on the roster at all times.
    pub subjects: Vec<TestSubject>,
    /// Facts, in written order; `25次` is 25 of them.
    pub facts: Vec<TestFact>,
    /// 撤销.
    pub voids: Vec<TestVoid>,
    /// 更正.
    pub corrections: Vec<TestCorrection>,
    /// 确认.
    pub confirmations: Vec<TestConfirmation>,
    /// 期初.
    pub openings: Vec<TestOpening>,
    /// How subjects stood before the policy.
    pub taken_over: Vec<TestStood>,
    /// 截至; `None`: the last day that the test mentions.
    pub as_of: Option<Day>,
    /// What must come out, in written order.
    pub expects: Vec<Expectation>,
    /// `应报错`: codes that the policy text must raise (then nothing is run).
    pub errors: Vec<(Code, Span)>,
}

/// A row of a roster.
#[derive(Clone, Debug)]
pub struct TestSubject {
    /// Roster.
    pub roster: RosterIx,
    /// Id.
    pub id: String,
    /// Attribute values with the days on which they hold, half-open; `None`: without end.
    pub attrs: Vec<(AttrIx, Value, Option<Day>, Option<Day>)>,
    /// Where it stands.
    pub span: Span,
}

/// A fact.
#[derive(Clone, Debug)]
pub struct TestFact {
    /// Kind.
    pub kind: KindIx,
    /// Its id: 编号, else T1, T2, … in written order.
    pub id: String,
    /// Id of the subject.
    pub subject: String,
    /// Day or instant (begin of the span).
    pub at: Instant,
    /// Only the day is known.
    pub day_only: bool,
    /// Entry day.
    pub entered: Day,
    /// Fields that are not blank, the span among them.
    pub fields: Vec<(FieldIx, Value)>,
    /// Where it stands.
    pub span: Span,
}

/// A withdrawal.
#[derive(Clone, Debug)]
pub struct TestVoid {
    /// Its id.
    pub id: String,
    /// The id withdrawn.
    pub target: String,
    /// Entry day.
    pub entered: Day,
}

/// A correction of one field, or of the date, begin, end or subject.
#[derive(Clone, Debug)]
pub struct TestCorrection {
    /// Its id.
    pub id: String,
    /// The id corrected.
    pub target: String,
    /// What.
    pub change: TestChange,
    /// Entry day.
    pub entered: Day,
}

/// What a correction changes.
#[derive(Clone, Debug)]
pub enum TestChange {
    /// A field of the fact.
    Field(FieldIx, Value),
    /// The date; `true`: only a day.
    At(Instant, bool),
    /// Begin of the span.
    SpanStart(Instant),
    /// End of the span.
    SpanEnd(Instant),
    /// The subject.
    Subject(String),
}

/// A confirmation or objection.
#[derive(Clone, Debug)]
pub struct TestConfirmation {
    /// Its id.
    pub id: String,
    /// The id confirmed.
    pub target: String,
    /// Role.
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

/// How a subject stood in a period that ended before the policy.
#[derive(Clone, Debug)]
pub struct TestStood {
    /// Id of the subject.
    pub subject: String,
    /// Its roster.
    pub roster: RosterIx,
    /// The standing, in the version of the test.
    pub standing: StandingIx,
    /// A day of the period.
    pub day: Day,
    /// How.
    pub was: Stand,
    /// Where it is written.
    pub span: Span,
}

/// An opening balance.
#[derive(Clone, Debug)]
pub struct TestOpening {
    /// Id of the account.
    pub subject: String,
    /// Roster of the account.
    pub roster: RosterIx,
    /// Currency.
    pub currency: CurrencyIx,
    /// The day of the lot, if it is written.
    pub day: Option<Day>,
    /// Amount.
    pub amount: Decimal,
}

/// What must come out.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// What is asked.
    pub ask: Ask,
    /// Where it stands.
    pub span: Span,
}

/// The question of an expectation.
#[derive(Clone, Debug)]
pub enum Ask {
    /// The sum of an account's awards (of one currency, if several are fed: the first it feeds).
    Award {
        /// Roster.
        roster: RosterIx,
        /// Account.
        subject: String,
        /// Only items whose path begins so; empty: all.
        path: Vec<String>,
        /// The answer.
        outcome: Outcome,
    },
    /// A measure of a group or of everybody in the period of a day.
    Shared {
        /// The word of the group; of everybody 全体.
        group: String,
        /// The measure.
        measure: MeasureIx,
        /// A day of the period; the last period if unsaid.
        on: Option<Day>,
        /// The value; `None`: no value.
        value: Option<(Decimal, Dim)>,
    },
    /// How a group stood, or everybody, in the period of a day.
    GroupStanding {
        /// The word of the group; of everybody 全体.
        group: String,
        /// The standing.
        standing: StandingIx,
        /// A day of the period; the last period if unsaid.
        on: Option<Day>,
        /// How.
        wanted: Stand,
    },
    /// A measure in the period of a day.
    Measure {
        /// Roster.
        roster: RosterIx,
        /// Account.
        subject: String,
        /// The measure.
        measure: MeasureIx,
        /// A day of the period; `None`: the last period that is over.
        on: Option<Day>,
        /// The value with its dimension; `None`: no value.
        value: Option<(Decimal, Dim)>,
    },
    /// How a subject stands in the period of a day.
    Standing {
        /// Roster.
        roster: RosterIx,
        /// Account.
        subject: String,
        /// In what.
        standing: StandingIx,
        /// A day of the period; `None`: the last period that is over.
        on: Option<Day>,
        /// How.
        wanted: Stand,
    },
    /// The balance at the end of a day.
    Balance {
        /// Roster.
        roster: RosterIx,
        /// Account.
        subject: String,
        /// Currency.
        currency: CurrencyIx,
        /// Day; `None`: the as-of day.
        on: Option<Day>,
        /// Amount.
        amount: Decimal,
    },
}

/// The expected outcome.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// So many points posted.
    Amount(Decimal),
    /// So many yuan of an allotment.
    Yuan(Decimal),
    /// Nothing applied.
    NotApplicable,
    /// Cannot tell (because of this field).
    CannotTell(Option<String>),
    /// Waiting, with the amount if written.
    Pending(Option<Decimal>),
    /// Lapsed or refused.
    Refused,
}

/// How a subject has to stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stand {
    /// In this place.
    Place(u32),
    /// 不参评
    NotEligible,
    /// In the level of this name.
    Level(String),
    /// A flag or a right that is there, or not.
    YesNo(bool),
    /// A right of so much, in its unit.
    Worth(Decimal, Dim),
    /// 无值
    NoValue,
}
