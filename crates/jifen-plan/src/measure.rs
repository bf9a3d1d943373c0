//! A measure: one value for each subject and period (S28).

use jifen_calendar::Period;
use serde::{Deserialize, Serialize};

use crate::expr::ExprId;
use crate::model::{RosterIx, VersionIx};

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
    /// Over which period.
    pub unit: Period,
    /// An [`crate::Expr::Measure`]: how a period item of the same roster and period reads it, too.
    pub node: ExprId,
}
