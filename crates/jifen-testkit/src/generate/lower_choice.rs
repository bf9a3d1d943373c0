//! The second lowering of 择一 and 择优.

use jifen_calendar::Window;
use jifen_plan::{Choose, Holder, Line as PlanLine, Precision, Tally};
use jifen_quantity::{Decimal, Rounding};

use super::lower::{Above, Lowering, precision, split_by_time};
use super::lower_values::attr_ix;
use super::tree::*;

/// The choice of a category that reaches an item, with the path of the category.
pub(super) fn choice_above<'a>(
    i: &Item,
    above: &'a [Above<'a>],
) -> Option<(&'a Choice, &'a [String])> {
    let all = above.iter().filter(|_| i.spend.is_none());
    let mut all = all.flat_map(|a| a.lines.iter().map(move |l| (l, a.path.as_slice())));
    all.find_map(|(l, path)| match l {
        Line::Choose(c) => Some((c, path)),
        _ => None,
    })
}

impl Lowering<'_> {
    /// The choice, after the amount has been rounded.
    pub(super) fn choose(
        &mut self,
        c: &Choice,
        path: &[String],
        out: &mut Vec<PlanLine>,
        round: Option<(&'static str, Rounding)>,
    ) {
        let reviewed = out.iter().any(|l| matches!(l, PlanLine::Review(_)));
        if let (true, false, Some(step)) = (split_by_time(out), reviewed, Decimal::new(1, 12)) {
            let mode = Rounding::HalfEven;
            out.push(PlanLine::Round(Precision { step, mode }));
        }
        if let Some(p) = round {
            out.push(PlanLine::Round(precision(p)));
        }
        let group = c.group.and_then(attr_ix);
        let holder = match (c.everyone, group) {
            (true, _) => Holder::Everyone,
            (_, Some(a)) => Holder::Group(a),
            _ => Holder::Account,
        };
        let window = match c.window {
            W::Civil(p) => Window::Period(p),
            _ => Window::Lifetime,
        };
        let keys = c.key.map(|k| self.expr(&E::Field(k)).0);
        let keys = keys.into_iter().chain(self.year_start(c.window)).collect();
        let label = format!("choice {holder:?} {:?} {window:?}", c.key);
        let among = self.tally(Tally {
            path: path.to_vec(),
            label,
            holder,
            keys: Vec::new(),
            window,
            times: false,
            net: false,
            charge_final: false,
            of: None,
        });
        let pick = c.pick;
        out.push(PlanLine::Choose(Choose { among, keys, pick }));
    }
}
