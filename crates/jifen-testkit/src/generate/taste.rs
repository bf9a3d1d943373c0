//! What a generated policy is fond of: rare constructs are gathered in some policies, so that they meet each other there.

use crate::rng::Rng;

/// A fondness. Each is independent of the others; most policies have three to ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fond {
    /// Caps that count net, and deductions under them.
    Net,
    /// Numbers near the end of what can be held.
    Huge,
    /// Divisors that are 0.
    Zero,
    /// Fields with a default, left blank.
    Default,
    /// 缺失, and values that are missing beside what decides alone.
    Missing,
    /// 分段计
    EachPart,
    /// Deductions under their own 上限.
    DeductCap,
    /// 除外 … 仍计入
    Exempt,
    /// 待定 占上限 and refusals.
    Refund,
    /// Publicity.
    Publicity,
    /// Period items.
    Periods,
    /// Spans that end before they begin.
    Contradiction,
    /// 每次
    Occasion,
    /// Other dates than the event's choose the version; versions that end.
    OtherDay,
    /// Lines after a cap.
    AfterCap,
    /// Keys of caps.
    Keys,
    /// Groups and everybody.
    Groups,
    /// 整笔, 越线即止, 计 实得
    Modes,
    /// Overlapping spans.
    Overlap,
    /// 按 and 取先, 周岁 and parts of dates.
    Choices,
    /// Caps with a condition.
    CapWhen,
    /// Points that expire or decay.
    Lives,
    /// Spends.
    Spends,
    /// 活动期, feasts in conditions.
    Campaign,
    /// Aggregates over earlier facts.
    Aggregates,
    /// Transfers.
    Transfers,
    /// Points that go to other accounts.
    Passes,
    /// 择一 and 择优
    Choice,
    /// 接
    Joins,
    /// 余额 and 累计 where spends are decided.
    Accounts,
    /// 变动 and 分户
    Moves,
    /// 指标
    Measures,
    /// 排名、等级、标记、权益
    Standings,
}

const ALL: usize = 33;

/// Drawn more often: what they bring is met seldom.
const RARE: [Fond; 15] = [
    Fond::Campaign,
    Fond::Choice,
    Fond::Choice,
    Fond::Huge,
    Fond::Joins,
    Fond::Joins,
    Fond::Moves,
    Fond::Moves,
    Fond::Moves,
    Fond::Spends,
    Fond::Measures,
    Fond::Standings,
    Fond::Transfers,
    Fond::Lives,
    Fond::Passes,
];

/// Fond of nothing but caps of accounts in all their modes: what the engine sweeps by its shortest way.
const PLAIN: u64 = 1 << 63;

/// The fondnesses of a policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taste(u64);

impl Taste {
    /// Random.
    #[must_use]
    pub fn new(rng: &mut Rng) -> Taste {
        if rng.chance(8) {
            return Taste(PLAIN);
        }
        let mut bits = 0;
        for _ in 0..[0, 1, 4, 6, 8, 9, 11, 14][rng.below(8)] {
            let at = rng.below(ALL + RARE.len());
            let fond = at.checked_sub(ALL).and_then(|r| RARE.get(r));
            bits |= 1_u64 << fond.map_or(at, |f| *f as usize);
        }
        Taste(bits)
    }

    /// Is it fond of this?
    #[must_use]
    pub fn has(self, what: Fond) -> bool {
        self.0 & (1_u64 << what as u32) != 0 || self.plain() && what == Fond::Modes
    }

    /// Is it fond of nothing but plain caps?
    #[must_use]
    pub fn plain(self) -> bool {
        self.0 == PLAIN
    }

    /// True in `often` of 100 cases where fond of it, otherwise in `seldom`.
    pub fn chance(self, rng: &mut Rng, what: Fond, often: usize, seldom: usize) -> bool {
        match self.plain() {
            true => false,
            false => rng.chance(if self.has(what) { often } else { seldom }),
        }
    }
}
