//! Standings (S30): ranks, grades, flags and rights of each subject at the end of each period; what measures read of accounts.

use jifen_calendar::Period;
use jifen_quantity::{Decimal, NumError, Rounding};
use serde::{Deserialize, Serialize};

use crate::expr::ExprId;
use crate::measure::{each, is_each};
use crate::model::{AttrIx, CurrencyIx, Holder, RosterIx, VersionIx};

/// Index of a standing of one version in [`crate::Plan::standings`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StandingIx(pub u16);

impl StandingIx {
    /// As an index.
    #[must_use]
    pub fn ix(self) -> usize {
        usize::from(self.0)
    }
}

/// A rank, grade, flag or right as one version says it: for each subject that is on the roster on some day of the period, when the
/// period is over; under the version in force on its last day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Its name.
    pub name: String,
    /// The version that says so.
    pub version: VersionIx,
    /// Whose.
    pub roster: RosterIx,
    /// 每 楼栋, 全体: how each group stands that had a member on the roster on some day of the period, or everybody together;
    /// `Account`: how each subject does.
    #[serde(default = "each", skip_serializing_if = "is_each")]
    pub of: Holder,
    /// Over which period.
    pub unit: Period,
    /// What it is.
    pub what: StandingKind,
}

impl Standing {
    /// Is it one of groups, or of everybody?
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.of != Holder::Account
    }
}

/// What a standing is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StandingKind {
    /// 排名
    Rank(Rank),
    /// 等级
    Grade(Grade),
    /// 标记
    Flag(Flag),
    /// 权益
    Right(Right),
}

/// `排名 年度榜 { 按 … 分组 … 参评范围 … 并列 … }`: places among those on the roster on the last day of the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rank {
    /// 按: a number, first the larger.
    pub by: ExprId,
    /// 低者在前: first the smaller.
    pub low_first: bool,
    /// 同分比较: what decides between equals, in this order; as `by`.
    pub then: Vec<(ExprId, bool)>,
    /// 分组: places are counted within each word of this attribute.
    pub within: Option<AttrIx>,
    /// 参评范围: who takes part; others are *not eligible*.
    pub among: Option<ExprId>,
    /// 并列
    pub ties: Ties,
    /// 取整: how a share of those who take part becomes a number of people.
    pub round: Option<Rounding>,
    /// 末位并列: what becomes of equals on both sides of a line.
    pub at_line: AtLine,
}

impl Rank {
    /// How many people a share of those who were ranked is.
    ///
    /// # Errors
    /// If it is too large to be held.
    pub fn line(&self, share: Decimal, entrants: u32) -> Result<Decimal, NumError> {
        let exact = share.mul(Decimal::from_int(i64::from(entrants)))?;
        match self.round {
            Some(mode) => exact.round_to(Decimal::ONE, mode),
            None => Ok(exact),
        }
    }

    /// Are so many people the subject and those before it, with what becomes of equals on the line?
    #[must_use]
    pub fn within(&self, ahead: u32, equal: u32, n: Decimal) -> bool {
        let count = |n: u32| Decimal::from_int(i64::from(n));
        match self.at_line {
            AtLine::AllIn => count(ahead) < n,
            AtLine::AllOut => count(ahead.saturating_add(equal)) <= n,
        }
    }
}

/// What places equals have, and those behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ties {
    /// 占位: 1, 1, 3.
    Gaps,
    /// 不占位: 1, 1, 2.
    Dense,
}

/// Equals of whom a line would let some in and leave some out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AtLine {
    /// 全取
    AllIn,
    /// 全不取
    AllOut,
}

/// `等级 考核等级 按 季度绩效 { 优秀: 90 以上 … }`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    /// The level that the period alone would give: an index into `names`.
    pub level: ExprId,
    /// Names of the levels, the lowest first.
    pub names: Vec<String>,
    /// 降级
    pub fall: Fall,
    /// 一票否决 … 等级: the level that a veto gives whatever 降级 says; negative where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub veto: Option<ExprId>,
}

/// How a grade can fall from the one before it (the last period that had one).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fall {
    /// 允许
    Freely,
    /// 逐级: one level at a time.
    Stepwise,
    /// 不降
    Never,
}

/// `标记 红牌 当 季度绩效 不足 75 连续 2个季度 无值 跳过`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// 提示: it only tells the council; nothing reads it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub notice: bool,
    /// The condition of one period.
    pub when: ExprId,
    /// In how many periods it has to hold; none: in this one.
    pub times: Option<Times>,
}

/// In how many periods a condition has to hold, this one among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// How many.
    pub n: u16,
    /// Of which.
    pub of: TimesOf,
}

/// Which periods are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimesOf {
    /// 连续: each directly after the other.
    Running {
        /// 无值 跳过: a period of which it cannot be told is passed over; otherwise it breaks the row.
        skip: bool,
    },
    /// 累计: all so far.
    Ever,
    /// 累计 … 近 n期: the last so many, this one among them.
    Last(u16),
}

/// `权益 表决票 当 年度榜 前 10% { 1.5票 } 否则 { 1票 }`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    /// Who has it.
    pub has: ExprId,
    /// How much of it.
    pub worth: Option<ExprId>,
    /// 有效 n个月: for how many months from the end of the period; none: until the period after it ends.
    pub months: Option<u16>,
}

/// A standing as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StandingRead {
    /// The standing, in the version that reads it.
    pub standing: StandingIx,
    /// What is read of it.
    pub take: Take,
    /// 上年(…): how many periods back, counted as for [`crate::Earlier`]; 0: of the run's own period. Rights have none: they are in
    /// force or not.
    pub back: u16,
}

/// What is read of a standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Take {
    /// 名次, of the period of the run.
    Place,
    /// 人数: how many were ranked in the group, of the period of the run.
    Entrants,
    /// 胜过: the share of those ranked in the group who stand behind, of the period of the run.
    Beats,
    /// 前 n名: is the subject among the first so many, of the period of the run?
    First(ExprId),
    /// 前 20%: the same, of a share of those ranked in the group.
    Top(ExprId),
    /// The level of a grade, by its name, of the period of the run.
    Level,
    /// Is the flag there, of the period of the run?
    Flagged,
    /// Is the right in force on the event day?
    InForce,
    /// How much of the right is in force on the event day.
    Worth,
}

/// What a measure reads of the subject's account when its period has closed: what took effect before that, and at that instant for
/// an earlier day.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PointsRead {
    /// Which points.
    pub currency: CurrencyIx,
    /// What of them.
    pub of: PointsOf,
    /// 来自: only what these awarded, by whichever version; empty: all. Of `Earned` and `EarnedThisYear` only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Source>,
}

impl PointsRead {
    /// All of it, whatever awarded it.
    #[must_use]
    pub fn all(currency: CurrencyIx, of: PointsOf) -> PointsRead {
        PointsRead {
            currency,
            of,
            from: Vec::new(),
        }
    }
}

/// What awarded points, by its name: that is the same in all versions (decision 003).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Source {
    /// An item.
    Item(String),
    /// Every item of a category, and of the categories in it.
    Category(String),
}

impl Source {
    /// Is an item of this path meant?
    #[must_use]
    pub fn gives(&self, path: &[String]) -> bool {
        let Some((item, around)) = path.split_last() else {
            return false;
        };
        match self {
            Source::Item(name) => name == item,
            Source::Category(name) => around.contains(name),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Source::Item(name) | Source::Category(name) => name,
        }
    }
}

/// What is read of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PointsOf {
    /// 获得: awarded in the period of the run. An award counts on the day on which it took effect.
    Earned,
    /// 本年获得: awarded since the first of January of the year in which the period ends.
    EarnedThisYear,
    /// 累计: ever awarded, with what the account was opened with.
    Awarded,
    /// 余额
    Balance,
}
