//! 折合: what an award or a spend costs in yuan, and who bears it (S20, decision 017).

use jifen_diag::{Diagnostic, codes};
use jifen_plan::Worth;
use jifen_quantity::Dim;
use jifen_syntax::ast::{Expr, Name, StmtKind};

use super::items::Seen;
use crate::expr::{Checker, Kind, Scope};
use crate::resolve::ItemSrc;

impl Checker<'_> {
    /// What an item or a spend says it costs.
    pub(super) fn worth(&mut self, cx: Scope, src: &ItemSrc<'_>, seen: &mut Seen) -> Option<Worth> {
        let mut found = None;
        for s in &src.decl.stmts {
            let StmtKind::Worth { value, by } = &s.kind else {
                continue;
            };
            if let Some((_, first)) = found {
                seen.poisoned = true;
                self.twice(s.span, first);
                return None;
            }
            // It does not belong to a transfer: that has been said.
            if src.decl.transfer {
                return None;
            }
            let worth = self.worth_of(cx, value, by.as_ref());
            seen.poisoned |= worth.is_none();
            found = Some((worth, s.span));
        }
        found.and_then(|f| f.0)
    }

    fn worth_of(&mut self, cx: Scope, value: &Expr, by: Option<&Name>) -> Option<Worth> {
        // What is given or taken is known by then.
        let cx = Scope {
            running: true,
            ..cx
        };
        let (v, dim, _) = self.numeric(cx, value)?;
        let negative = self.constant(v.id).is_some_and(|n| n.is_negative());
        if dim != Dim::MONEY || negative {
            let is = crate::units::dim_text(dim);
            self.sink.push(Diagnostic::new(
                codes::WORTH_VALUE,
                value.span,
                jifen_diag::Text::new(
                    format!("“折合”要写多少元，不为负，这里是{}；例如 折合 10元 × 数量，折合 0.1元/分 × 本次得分", is.zh),
                    format!("what it is worth is so many yuan, not below 0, and this is {}; e.g. worth 10 yuan * pieces, worth 0.1 yuan/point * awarded", is.en),
                ),
            ));
            return None;
        }
        let by = match by {
            None => None,
            Some(n) => Some(self.borne_by(cx, n)?),
        };
        Some(Worth { value: v.id, by })
    }

    fn borne_by(&mut self, cx: Scope, n: &Name) -> Option<jifen_plan::ExprId> {
        let v = self.name(cx, n)?;
        if matches!(
            v.kind,
            Kind::Text | Kind::Choice(_) | Kind::Group | Kind::Subject(_)
        ) {
            return Some(v.id);
        }
        let is = v.kind.text();
        self.sink.push(Diagnostic::new(
            codes::WORTH_BY,
            n.span,
            jifen_diag::Text::new(
                format!("“记在”后面写说明是哪一家的一栏（文本、选项、组或名册），“{}”是{}", n.text, is.zh),
                format!("“borne by” takes a field that names who it is (a text, option, group or roster), and “{}” is {}", n.text, is.en),
            ),
        ));
        None
    }
}
