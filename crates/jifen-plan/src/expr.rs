//! Expressions of a Plan: a hash-consed arena of typed nodes; nothing here evaluates.
//!
//! **Held units.** Durations are held in seconds, everything "per hour" is held per hour, and the lowering writes the
//! 3,600 where they meet: `10分/小时 × 起止.时长` is `MulDiv(10, seconds, 3600)`, one rounding, so that 3 h 20 min at
//! 15 an hour is exactly 50. Percent is held as a pure number (50 % = 0.5), 万元 as yuan, months and years as months.
//!
//! **Evaluation** (normative for both engines). A node gives a value, *unknown* (with the first missing field met, left to
//! right), or an error (overflow, division by zero). Operands run left to right; an error or unknown of an operand
//! is the node's own, except: `And` with a false left operand is false without looking right; with an unknown left operand it is
//! false if the right one is false, an error if that is an error, else unknown (the left one's field); `Or` is the mirror
//! image. `IsMissing` is never unknown. Selections evaluate the selector, then only the row taken; `First` stops at the first
//! condition that is true and is unknown at the first that is unknown. `InDays` and `RunStart` of a day that their calendar does
//! not know are errors.
//! `Div` and `MulDiv` round once to 18 fractional digits, half-even; `Add Sub Mul` are exact or overflow
//! (a result must fit a mantissa of 127 bits with at most 36 fractional digits after removing trailing noughts).

use indexmap::IndexSet;
use jifen_calendar::{Day, Period};
use jifen_quantity::{Decimal, Dim};
use serde::{Deserialize, Serialize};

use crate::aggregate::{Aggregate, Over, SetOp};
use crate::measure::{Earlier, MeasureIx, OverMembers, OverPeriods};
use crate::model::{AttrIx, CurrencyIx, FieldIx, ParamIx, Precision, RosterIx, TimeTest, Value};
use crate::standing::{PointsRead, StandingRead, Take};

/// Index of a node in [`Exprs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExprId(pub u32);

/// The type of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ty {
    /// A number of this dimension.
    Num(Dim),
    /// Text, option or group.
    Text,
    /// Condition.
    YesNo,
    /// Day.
    Date,
    /// Instant.
    Instant,
    /// Span.
    Span,
    /// A row of a roster.
    Subject(RosterIx),
    /// A set of days or months.
    Periods(Period),
    /// Several rows of a roster; never unknown for want of a name.
    Subjects(RosterIx),
}

/// Whose attribute is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Whose {
    /// The subject of the fact or period.
    Own,
    /// The subject that a reference field or attribute gives.
    Of(ExprId),
}

/// Runs of civil days under one name: the periods of a campaign, a feast as it falls in each year. The calendar that they
/// were taken from plays no further part: the days themselves are the meaning (decision 010).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DaySet {
    /// The campaign or feast.
    pub name: String,
    /// Half-open, ascending, without a common day.
    pub runs: Vec<(Day, Day)>,
    /// Days outside of this half-open range are unknown to the calendar that the runs come from; `None`: all are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<(Day, Day)>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Expr {
    /// A constant.
    Const(Value),
    /// A field of the fact (or of the period item's row). Blank with a default is the default; blank is unknown.
    Field(FieldIx),
    /// A roster attribute on the event day (in a held condition: on the day looked at).
    Attr(Whose, AttrIx),
    /// A parameter on the rule day.
    Param(ParamIx),
    /// 本次得分.
    Running,
    /// 当日合计 (reviews only).
    DayTotal,
    /// Seconds of the fact's span that count (after the overlap rule; in 分段计, of the segment).
    SpanSeconds,
    /// Begin of the span.
    SpanStart,
    /// End of the span.
    SpanEnd,
    /// 日期: the event day; for a period item the day it is dated.
    EventDay,
    /// 登记日.
    EntryDay,
    /// 时刻 of the event; unknown for a day-only fact (field name: 时刻).
    EventInstant,
    /// 期初: first day of the item's period.
    PeriodStart,
    /// 期末: last day of the item's period.
    PeriodEnd,
    /// Sum.
    Add(ExprId, ExprId),
    /// Difference.
    Sub(ExprId, ExprId),
    /// Product.
    Mul(ExprId, ExprId),
    /// Quotient, rounded to 18 digits half-even.
    Div(ExprId, ExprId),
    /// a × b ÷ c with a constant c > 0, rounded once.
    MulDiv(ExprId, ExprId, Decimal),
    /// ⌊a ÷ b⌋; b = 0 is an error.
    IntDiv(ExprId, ExprId),
    /// −a.
    Neg(ExprId),
    /// Comparison of numbers, days, instants; `Eq` and `Ne` also of texts, yes/no and subjects.
    Compare(Cmp, ExprId, ExprId),
    /// Kleene and.
    And(ExprId, ExprId),
    /// Kleene or.
    Or(ExprId, ExprId),
    /// Kleene not.
    Not(ExprId),
    /// Is one of these constants.
    OneOf(ExprId, Vec<Value>),
    /// Is blank (a default counts as a value).
    IsMissing(ExprId),
    /// `始于时段` / `触及时段` of the fact; unknown for a day-only fact (field name: 时刻).
    InTime(TimeTest),
    /// Value of the band; bounds ascending, no gap. `below` is taken under the first bound.
    Bands {
        /// Selector.
        of: ExprId,
        /// Under the first bound.
        below: ExprId,
        /// (bound, value).
        rows: Vec<(Decimal, ExprId)>,
        /// 满: the bound belongs to the upper band; otherwise (超过) to the lower one.
        reaches: bool,
    },
    /// Sum of slices: Σ rate × (part of the quantity in the slice), each divided by `per` (3,600 for rates per hour, else 1)
    /// at the end: one rounding of the whole sum. Starts at 0; a negative quantity is 0.
    Slices {
        /// Quantity.
        of: ExprId,
        /// (lower bound, rate), ascending from 0.
        rows: Vec<(Decimal, ExprId)>,
        /// Divisor.
        per: Decimal,
    },
    /// By exact values; `rest` for others.
    Select {
        /// Selector.
        of: ExprId,
        /// (values, value).
        rows: Vec<(Vec<Value>, ExprId)>,
        /// 其余; absent only where the rows cover all options.
        rest: Option<ExprId>,
    },
    /// First condition that holds.
    First {
        /// (condition, value).
        rows: Vec<(ExprId, ExprId)>,
        /// 其余.
        rest: ExprId,
    },
    /// Clamp.
    Clamp {
        /// Lower bound.
        low: Option<ExprId>,
        /// Upper bound.
        high: Option<ExprId>,
        /// Value.
        of: ExprId,
    },
    /// 周岁: full years of age of someone born on `.0` on day `.1`; 29 February counts from 28 February in common years.
    Age(ExprId, ExprId),
    /// The latest anniversary of day `.0` that is not after day `.1`: `.0` and as many years as `Age` gives, added as months.
    YearStart(ExprId, ExprId),
    /// The day so many months or days later (earlier, if negative); months land on the last day of a shorter one (S5).
    Shift(ExprId, i32, ShiftUnit),
    /// 交, 并, 减 of two sets of periods.
    SetOf(SetOp, ExprId, ExprId),
    /// 个数: how many days or months a set has.
    SetSize(ExprId),
    /// 最长连续: how many of them stand on end at most.
    SetRun(ExprId),
    /// 乘方: base to a whole exponent, exact, then rounded once. An exponent beyond ±100 overflows; 0 to one below 0 is a
    /// division by zero.
    Power(ExprId, ExprId, Precision),
    /// 年份, 月份, 日, 星期 (1 = Monday) of a day.
    DatePart(DatePart, ExprId),
    /// 距(later, earlier): calendar days between two days, or seconds between two instants.
    Since(ExprId, ExprId),
    /// The day lies in one of these runs; a day outside of `known` is an error.
    InDays(ExprId, Box<DaySet>),
    /// First day of the run that the day lies in, the day itself outside of all runs: keeps runs apart as a cap's key. A
    /// day outside of `known` is an error.
    RunStart(ExprId, Box<DaySet>),
    /// 计数, 合计 and their like over the subject's own facts; see [`Aggregate`].
    Aggregate(Box<Aggregate>),
    /// 本条.字段, inside an aggregate: the value on the fact of the run (or the period item's row), not on the counted one.
    This(ExprId),
    /// 维修.师傅: the value on the fact that the item's join of this place has found (a field, its day, its subject).
    Joined(u16, ExprId),
    /// 对象, inside a join: whose fact it is.
    Subject,
    /// 余额(币): what the account has of it just before the run, as the sweep sees it; in spends and transfers only.
    Balance(CurrencyIx),
    /// 累计(币): what the account was ever awarded of it before the run, with what it was opened with; in spends and
    /// transfers only.
    Awarded(CurrencyIx),
    /// 精度 of a measure: rounded so.
    Round(ExprId, Precision),
    /// 响应率: what a measure comes to, of the run's own subject and period (unknown, *no value*, where the last operand does
    /// not hold; that is looked at first).
    Measure(MeasureIx, ExprId, Option<ExprId>),
    /// 平均(响应率): what the measure of this name came to in the shorter periods inside the period of the run.
    OverPeriods(OverPeriods),
    /// 参与率 每 社区: what a measure of groups, or of everybody, comes to in the period of the run: of the group that the run is about, or
    /// in which its subject is on the day on which it reads attributes.
    Shared(MeasureIx),
    /// 合计(个人分): over the members of the group that the run is about.
    OverMembers(OverMembers),
    /// 计数(居民 当 …): how many members it has, those for whom the condition holds; read as by a period item of each member.
    Members(Option<ExprId>),
    /// 上月(响应率): what the measure of this name came to in an earlier period.
    Earlier(Earlier),
    /// A parameter that follows measures of periods that are over (S32): its name, and what it is.
    Follows(String, ExprId),
    /// 获得(币), 余额(币) in a measure: what the subject's account has when the period has closed.
    Points(PointsRead),
    /// 年度榜 前 20%, 考核等级, 红牌, 提案权: how the subject stands.
    Standing(StandingRead),
    /// 属于: is the subject one of those whom the other names?
    Among(ExprId, ExprId),
    /// 个数: how many it names.
    HowMany(ExprId),
}

/// By what a date is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ShiftUnit {
    /// Calendar months (S5).
    Months,
    /// Calendar days.
    Days,
}

/// Parts of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DatePart {
    /// 年份
    Year,
    /// 月份
    Month,
    /// 日
    DayOfMonth,
    /// 星期
    Weekday,
}

/// Comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Cmp {
    /// =
    Eq,
    /// ≠
    Ne,
    /// ≥
    Ge,
    /// >
    Gt,
    /// ≤
    Le,
    /// <
    Lt,
}

/// The arena. Nodes equal in expression and type are one (`10` points and `10` yuan are two, and so are first
/// fields of two kinds).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Exprs {
    nodes: IndexSet<(Expr, Ty)>,
}

impl Exprs {
    /// Adds a node, or finds the equal one.
    ///
    /// # Panics
    /// Never in practice: an arena of 2³² nodes does not fit in the 1 MiB of text a policy may have.
    #[inline]
    pub fn add(&mut self, expr: Expr, ty: Ty) -> ExprId {
        let (ix, _) = self.nodes.insert_full((expr, ty));
        ExprId(u32::try_from(ix).unwrap_or(u32::MAX))
    }

    /// The node.
    #[must_use]
    #[inline]
    pub fn get(&self, id: ExprId) -> &Expr {
        &self
            .nodes
            .get_index(id.0 as usize)
            .unwrap_or_else(|| unreachable!("ids come from add"))
            .0
    }

    /// Its type.
    #[must_use]
    #[inline]
    pub fn ty(&self, id: ExprId) -> Ty {
        self.nodes
            .get_index(id.0 as usize)
            .unwrap_or_else(|| unreachable!("ids come from add"))
            .1
    }

    /// All nodes; operands stand before the nodes that use them.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = (ExprId, &Expr, Ty)> {
        self.nodes
            .iter()
            .enumerate()
            .map(|(i, (e, t))| (ExprId(u32::try_from(i).unwrap_or(u32::MAX)), e, *t))
    }

    /// How many nodes.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// No nodes.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// A numeric constant.
    #[inline]
    pub fn number(&mut self, value: Decimal, dim: Dim) -> ExprId {
        self.add(Expr::Const(Value::Num(value)), Ty::Num(dim))
    }

    /// A day constant.
    #[inline]
    pub fn day(&mut self, day: Day) -> ExprId {
        self.add(Expr::Const(Value::Date(day)), Ty::Date)
    }
}

impl Expr {
    /// The nodes that this one reads on its own fact, left to right. What an aggregate reads on other facts is not among
    /// them ([`Expr::aggregate`]), nor what is read on a joined one.
    #[must_use]
    pub fn operands(&self) -> Vec<ExprId> {
        match self {
            Expr::Const(_)
            | Expr::Field(_)
            | Expr::Param(_)
            | Expr::Running
            | Expr::DayTotal
            | Expr::SpanSeconds
            | Expr::SpanStart
            | Expr::SpanEnd
            | Expr::EventDay
            | Expr::EntryDay
            | Expr::EventInstant
            | Expr::OverPeriods(_)
            | Expr::Earlier(_)
            | Expr::Shared(_)
            | Expr::OverMembers(_)
            | Expr::PeriodStart
            | Expr::PeriodEnd
            | Expr::Joined(..)
            | Expr::Subject
            | Expr::Balance(_)
            | Expr::Awarded(_)
            | Expr::Points(_)
            | Expr::InTime(_) => Vec::new(),
            Expr::Members(when) => when.iter().copied().collect(),
            // A line is read on the run.
            Expr::Standing(r) => match r.take {
                Take::First(n) | Take::Top(n) => vec![n],
                _ => Vec::new(),
            },
            // The ends of its window are read on the run.
            Expr::Aggregate(a) => match a.over {
                Over::Between(from, to) => vec![from, to],
                _ => Vec::new(),
            },
            Expr::Attr(whose, _) => match whose {
                Whose::Own => Vec::new(),
                Whose::Of(e) => vec![*e],
            },
            Expr::Add(a, b)
            | Expr::Sub(a, b)
            | Expr::Mul(a, b)
            | Expr::Div(a, b)
            | Expr::MulDiv(a, b, _)
            | Expr::IntDiv(a, b)
            | Expr::Compare(_, a, b)
            | Expr::And(a, b)
            | Expr::Or(a, b)
            | Expr::Age(a, b)
            | Expr::YearStart(a, b)
            | Expr::SetOf(_, a, b)
            | Expr::Among(a, b)
            | Expr::Power(a, b, _)
            | Expr::Since(a, b) => vec![*a, *b],
            Expr::Neg(a)
            | Expr::Not(a)
            | Expr::OneOf(a, _)
            | Expr::IsMissing(a)
            | Expr::InDays(a, _)
            | Expr::RunStart(a, _)
            | Expr::This(a)
            | Expr::Shift(a, ..)
            | Expr::SetSize(a)
            | Expr::SetRun(a)
            | Expr::HowMany(a)
            | Expr::DatePart(_, a) => {
                vec![*a]
            }
            Expr::Bands {
                of, below, rows, ..
            } => [*of, *below]
                .into_iter()
                .chain(rows.iter().map(|r| r.1))
                .collect(),
            Expr::Slices { of, rows, .. } => std::iter::once(*of)
                .chain(rows.iter().map(|r| r.1))
                .collect(),
            Expr::Select { of, rows, rest } => std::iter::once(*of)
                .chain(rows.iter().map(|r| r.1))
                .chain(*rest)
                .collect(),
            Expr::First { rows, rest } => rows
                .iter()
                .flat_map(|r| [r.0, r.1])
                .chain(std::iter::once(*rest))
                .collect(),
            Expr::Round(a, _) | Expr::Follows(_, a) => vec![*a],
            Expr::Measure(_, value, valid) => valid.iter().copied().chain([*value]).collect(),
            Expr::Clamp { low, high, of } => low
                .iter()
                .chain(high.iter())
                .copied()
                .chain([*of])
                .collect(),
        }
    }

    /// The aggregate that this node is.
    #[must_use]
    pub fn aggregate(&self) -> Option<&Aggregate> {
        match self {
            Expr::Aggregate(a) => Some(a),
            _ => None,
        }
    }
}

impl Exprs {
    /// The aggregates that an expression reads.
    #[must_use]
    pub fn aggregates(&self, id: ExprId) -> Vec<&Aggregate> {
        let mut out: Vec<&Aggregate> = Vec::new();
        let (mut todo, mut seen) = (vec![id], IndexSet::new());
        while let Some(id) = todo.pop() {
            if seen.insert(id) {
                let node = self.get(id);
                out.extend(node.aggregate());
                todo.extend(node.operands());
            }
        }
        out
    }
}
