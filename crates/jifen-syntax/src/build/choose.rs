//! The statements 择一 and 择优.

use super::{Builder, P};
use crate::ast::ChooseStmt;
use crate::grammar::Rule;

impl Builder<'_> {
    pub(super) fn choose(&mut self, pair: P<'_>) -> ChooseStmt {
        let mut out = ChooseStmt {
            best: None,
            first: None,
            stray: None,
            everyone: None,
            keys: Vec::new(),
            window: None,
            year_from: None,
        };
        let mut number = None;
        for p in pair.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::kw_keep_best => out.best = Some(None),
                Rule::kw_s_best => self.once(&mut out.first, (false, span), span),
                Rule::kw_first => self.once(&mut out.first, (true, span), span),
                Rule::cap_everyone => self.once(&mut out.everyone, span, span),
                Rule::cap_per => self.per(p, &mut out.keys),
                Rule::cap_window => {
                    if let Some(from) = self.year_from(&p) {
                        out.year_from = Some(from);
                    }
                    if let Some(w) = self.window(p) {
                        self.once(&mut out.window, (w, span), span);
                    }
                }
                Rule::quantity | Rule::han_quantity => {
                    let quantity = self.quantity(p);
                    self.once(&mut number, (quantity, span), span);
                }
                _ => {}
            }
        }
        match &mut out.best {
            Some(best) => *best = number,
            None => out.stray = number.map(|n| n.1),
        }
        out
    }
}
