//! What caps count, in words: whose, over what, and in which unit.

use jifen_calendar::Window;
use jifen_plan::{Expr, Holder, Tally, Ty, Whose};
use jifen_quantity::Dim;

use crate::quantity::Show;
use crate::words::Words;

impl Words<'_> {
    /// Whose a tally is and over what: `每户每日`, `每会议 每月`, `全体 每年`.
    #[must_use]
    pub fn tally(&self, tally: &Tally) -> String {
        let mut words: Vec<String> = Vec::new();
        match tally.holder {
            Holder::Account => {}
            Holder::Everyone => words.push(self.pick("全体", "everyone").to_owned()),
            Holder::Group(a) => {
                words.push(format!(
                    "{}{}",
                    self.pick("每", "per "),
                    self.attr(Whose::Own, a)
                ));
            }
        }
        let mut runs = false;
        for key in &tally.keys {
            let of_years = match self.plan.exprs.get(*key) {
                Expr::RunStart(..) => Some(self.text(*key)),
                Expr::YearStart(from, _) => {
                    let word = self.pick("每年 自 ", "per year since ");
                    Some(format!("{word}{}", self.year_from(*from)))
                }
                _ => None,
            };
            if let Some(text) = of_years {
                runs = true;
                words.push(text);
                continue;
            }
            words.push(format!("{} {}", self.pick("每", "per"), self.text(*key)));
        }
        let window = match tally.window {
            Window::Occasion => self.pick("每次", "per occasion").to_owned(),
            Window::Period(p) => self.every(p).to_owned(),
            Window::RollingDays(n) => self
                .lang
                .pick(format!("滚动 {n}天"), format!("rolling {n} days")),
            Window::RollingMonths(n) => self
                .lang
                .pick(format!("滚动 {n}个月"), format!("rolling {n} months")),
            // The run is the window.
            Window::Lifetime if runs => return words.join(" "),
            Window::Lifetime => self.pick("终身", "lifetime").to_owned(),
        };
        words.push(window);
        words.join(" ")
    }

    /// How what a tally counts is shown.
    #[must_use]
    pub fn show_tally(&self, tally: Option<&Tally>) -> Show {
        match tally {
            Some(t) if t.times => Show::Dim(Dim::TIMES),
            Some(Tally { of: Some(e), .. }) => match self.plan.exprs.ty(*e) {
                Ty::Num(d) if !d.is_pure() && d != Dim::TIMES => self.show(*e),
                _ => Show::Pieces,
            },
            _ => Show::Dim(Dim::POINTS),
        }
    }
}
