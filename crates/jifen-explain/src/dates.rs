//! Days moved, sets of days and powers in words.

use jifen_plan::{ExprId, Precision, SetOp, ShiftUnit};
use jifen_quantity::Rounding;

use crate::words::Words;

impl Words<'_> {
    /// `入住日 + 12个月`, `日期 − 30天`.
    pub(crate) fn shift(&self, day: ExprId, n: i32, unit: ShiftUnit) -> String {
        let sign = if n < 0 { "−" } else { "+" };
        let size = n.unsigned_abs();
        let s = if size == 1 { "" } else { "s" };
        let (zh, en) = match unit {
            ShiftUnit::Months => (format!("{size}个月"), format!("{size} month{s}")),
            ShiftUnit::Days => (format!("{size}天"), format!("{size} day{s}")),
        };
        format!("{} {sign} {}", self.text(day), self.lang.pick(zh, en))
    }

    /// `日集(…) 并 日集(…)`.
    pub(crate) fn set_of(&self, op: SetOp, a: ExprId, b: ExprId) -> String {
        let word = match op {
            SetOp::Common => self.pick("交", "intersect"),
            SetOp::Either => self.pick("并", "union"),
            SetOp::Without => self.pick("减", "minus"),
        };
        let side = |e| match self.plan.exprs.get(e) {
            jifen_plan::Expr::SetOf(..) => self.wrap(&self.text(e)),
            _ => self.text(e),
        };
        format!("{} {word} {}", side(a), side(b))
    }

    /// `乘方(1.1, 年数 精度 0.01 四舍五入)`.
    pub(crate) fn power(&self, base: ExprId, exponent: ExprId, to: Precision) -> String {
        format!(
            "{}({}, {} {} {} {})",
            self.pick("乘方", "power"),
            self.text(base),
            self.text(exponent),
            self.pick("精度", "precision"),
            to.step,
            self.mode(to.mode)
        )
    }

    /// How a number is rounded.
    pub(crate) fn mode(&self, mode: Rounding) -> &'static str {
        match mode {
            Rounding::HalfUp => self.pick("四舍五入", "half up"),
            Rounding::Up => self.pick("进一", "round up"),
            Rounding::Down => self.pick("舍去", "round down"),
            Rounding::HalfEven => self.pick("四舍六入五成双", "half even"),
        }
    }
}
