//! A measure: one value for each subject and period (S28).

use jifen_calendar::Period;
use serde::{Deserialize, Serialize};

use crate::expr::ExprId;
use crate::model::{Holder, RosterIx, VersionIx};

/// Index of a measure of one version in [`crate::Plan::measures`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MeasureIx(pub u16);

impl MeasureIx {
    /// As an index.
    #[must_use]
    pub fn ix(self) -> usize {
        usize::from(self.0)
    }
}

/// `指标 响应率 对象 社区 每月 = …`, as one version says it: for each subject that is on the roster on some day of the period,
/// when the period is over; under the version in force on its last day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Its name.
    pub name: String,
    /// The version that says so.
    pub version: VersionIx,
    /// Whose.
    pub roster: RosterIx,
    /// 每 社区, 全体: one value for each group that had a member on the roster on some day of the period, or one for all of the
    /// roster; `Account`: one for each subject.
    #[serde(default = "each", skip_serializing_if = "is_each")]
    pub of: Holder,
    /// Over which period.
    pub unit: Period,
    /// An [`crate::Expr::Measure`]: how a period item of the same roster and period reads it, too.
    pub node: ExprId,
}

pub(crate) fn each() -> Holder {
    Holder::Account
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
pub(crate) fn is_each(of: &Holder) -> bool {
    *of == Holder::Account
}

impl Measure {
    /// Is it one of groups, or of everybody?
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.of != Holder::Account
    }
}

/// `合计(个人分)` in a measure of groups or of everybody: of the values that a measure of single subjects has in the same period, for
/// the members (those on the roster, and in the group, on the last day of it). One without a value: there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OverMembers {
    /// What is made of the values; of nobody, a sum and a count are 0 and the others are no value.
    pub what: OfMembers,
    /// The measure, in the version that says so.
    pub measure: MeasureIx,
    /// 缺项 略过: members without a value are left out.
    pub skip: bool,
}

/// What is made of the values of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OfMembers {
    /// 合计
    Sum,
    /// 平均: sum over number, rounded as a division (S33).
    Mean,
    /// 最大
    Max,
    /// 最小
    Min,
    /// 计数: how many have a value.
    Count,
}

/// `平均(响应率)`, `最大(响应率 缺项 略过)`: of the periods of a measure that lie in the period of the run, those on some day of which
/// the subject is on the roster. Each has the value that the version in force on its last day gives the measure of this name; no value where
/// that version has none of this roster and period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OverPeriods {
    /// What is made of the values.
    pub what: Gather,
    /// The measure, in the version that says so.
    pub measure: MeasureIx,
    /// 缺项 略过: periods without a value are left out; otherwise there is no value then.
    pub skip: bool,
}

/// `上月(响应率)`: what the measure came to in a period that is over, of the run's own subject. Counted back from the period of the
/// measure that holds the event day, or the first day of the run's period, 1 is the last that has ended before it. The version in force on
/// its last day says what it is (S26); no value where that has no measure of this name, roster, period and type, or where the subject
/// was not on the roster on any day of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Earlier {
    /// The measure, in the version that says so.
    pub measure: MeasureIx,
    /// How many periods back, from 1.
    pub back: u16,
}

/// What is made of values of several periods; of none, a sum is 0 and the others are no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Gather {
    /// 合计
    Sum,
    /// 平均: sum over number, rounded as a division (S33).
    Mean,
    /// 最大
    Max,
    /// 最小
    Min,
    /// 最早: of the first of the periods.
    First,
    /// 最近: of the last.
    Last,
}
