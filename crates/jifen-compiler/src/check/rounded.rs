//! 精度 of a measure: numbers, ratios and points to a number, yuan and hours to so much of them (S33).

use jifen_diag::{Diagnostic, Text, codes, text};
use jifen_plan::{Expr as Node, Precision};
use jifen_quantity::Dim;
use jifen_syntax::ast::PrecisionStmt;

use crate::constant;
use crate::expr::{Checker, Val};
use crate::resolve::{ROUNDINGS, precision, rounding};
use crate::units::{Tag, dim_text};

impl Checker<'_> {
    /// The value rounded as it is written: to a multiple in the measure's own unit.
    pub(super) fn rounded(&mut self, value: Val, dim: Dim, written: &PrecisionStmt) -> Option<Val> {
        let to = match (Dim { points: 0, ..dim }).is_pure() {
            true => precision(written, written.step.span, &mut self.sink)?,
            false => self.multiple(dim, written)?,
        };
        Some(self.node(Node::Round(value.id, to), value.kind, value.span))
    }

    /// `精度 0.01元 四舍五入`, `精度 0.5小时 舍去`
    fn multiple(&mut self, dim: Dim, written: &PrecisionStmt) -> Option<Precision> {
        let n = constant::number(&written.step, &mut self.sink)?;
        if n.dim != dim || n.tag != Tag::Plain || !n.value.is_positive() {
            let unit = dim_text(dim);
            self.sink.push(Diagnostic::new(
                codes::PRECISION_STEP,
                written.step.span,
                Text::new(
                    format!("这个指标是{}，精度写同样的单位，大于 0：精度 0.01元、精度 0.5小时", unit.zh),
                    format!("this measure is {}; its precision has that unit and is above 0: precision 0.01 yuan, precision 0.5 hours", unit.en),
                ),
            ));
            return None;
        }
        let Some(mode) = written.mode else {
            let d = Diagnostic::new(
                codes::PRECISION_MODE,
                written.step.span,
                text!(
                    zh = "精度后面要写怎么取整：2.5 步，四舍五入和进一是 3，舍去和四舍六入五成双是 2",
                    en = "say how to round: 2.5 steps become 3 half up and rounded up, 2 rounded down and half even"
                ),
            );
            let at = written.step.span.at_end();
            let d = self.sink.each(d, (at, " ", ""), &ROUNDINGS);
            self.sink.push(d);
            return None;
        };
        Some(Precision {
            step: n.value,
            mode: rounding(mode),
        })
    }
}
