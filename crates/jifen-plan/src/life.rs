//! The life of points after they are earned: when a lot, or what an account holds, lapses or shrinks (S19).

use jifen_quantity::Decimal;
use serde::{Deserialize, Serialize};

use crate::expr::Cmp;
use crate::model::VersionIx;

/// One `到期` or `衰减` of a currency.
///
/// A lot follows the lives of the version that its item belongs to (an opening lot: of the first version); what happens
/// to a whole account follows the version in force on the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// The version that says so.
    pub version: VersionIx,
    /// When it acts.
    pub due: Due,
    /// What it takes.
    pub loss: Loss,
    /// 当 余额() …: only of accounts whose balance compares so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<LifeWhen>,
}

/// What the balance of an account is compared with when something falls due: the balance that it had when the first of what
/// falls due at that instant was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifeWhen {
    /// How.
    pub cmp: Cmp,
    /// With so many points.
    pub than: Decimal,
}

impl LifeWhen {
    /// Lives that differ by nothing else stand in this order.
    #[must_use]
    pub fn rank(self) -> (Decimal, u8) {
        (self.than, self.cmp as u8)
    }

    /// Does a balance compare so?
    #[must_use]
    pub fn holds(&self, balance: Decimal) -> bool {
        match self.cmp {
            Cmp::Eq => balance == self.than,
            Cmp::Ne => balance != self.than,
            Cmp::Ge => balance >= self.than,
            Cmp::Gt => balance > self.than,
            Cmp::Le => balance <= self.than,
            Cmp::Lt => balance < self.than,
        }
    }
}

/// When a life acts: at 00:00 of a day, but for 按时刻.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Due {
    /// 逐笔 自 获得: counted from the event day of the lot.
    Age(Age),
    /// 逐笔 每年|次年: a date of the year in which the lot was earned, or of the next.
    LotDate {
        /// The date; the day itself is still usable.
        date: MonthDay,
        /// 次年: of the year after; otherwise the first such date on or after the event day.
        next: bool,
        /// Every year again; otherwise once.
        yearly: bool,
    },
    /// 账户 自 末次…: counted from the day on which the account last gained or spent, for all that it holds.
    Idle {
        /// How long idle.
        age: Age,
        /// A gain counts as use.
        gains: bool,
        /// A spend counts as use.
        spends: bool,
    },
    /// 账户 每年: on a date of every year, for all that the account holds.
    AccountDate(MonthDay),
}

/// An age of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Age {
    /// How many; 0 only with `through`.
    pub count: u32,
    /// Of what.
    pub unit: AgeUnit,
    /// 月末: moved to the last day of its month.
    pub month_end: bool,
    /// 至: that day is still usable, so that it acts at 00:00 of the next. 满: at 00:00 of that day.
    pub through: bool,
    /// 按时刻: at the clock time of the event, not at 00:00; without `month_end` and `through`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clock: bool,
    /// 每 n: again after so many, counted from the event day; `None`: once.
    pub again: Option<u32>,
}

/// Units of an age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AgeUnit {
    /// Calendar months (S5).
    Months,
    /// Calendar days.
    Days,
    /// Working days of the plan's calendar; in a year that it lacks, when the life acts cannot be told (decision 024).
    WorkingDays,
}

/// A date without a year; 29 February is the last day of February in other years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MonthDay {
    /// 1–12.
    pub month: u8,
    /// 1–31.
    pub day: u8,
}

/// Which lot is used first, whatever takes from them: a spend, a gift, a deduction, a loss of the whole account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum UseOrder {
    /// 先到期先用: soonest expiry, then oldest, then first posted.
    #[default]
    SoonestExpiry,
    /// 先得先用: oldest, then first posted.
    Oldest,
    /// 后得先用: newest, then last posted.
    Newest,
}

impl UseOrder {
    /// Nothing need be written.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::SoonestExpiry
    }
}

/// What a life takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Loss {
    /// 到期: everything.
    All,
    /// 衰减: this share, above 0 and below 1; what is kept is rounded to the currency's precision, and never grows.
    Share(Decimal),
}
