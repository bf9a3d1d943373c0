//! 择一 and 择优 as a part of an award: what of the deed counts already.

use jifen_data::{Step, StepDetail};
use jifen_plan::{Choose, Pick};
use jifen_quantity::Decimal;

use super::{POINTS, Parts};
use crate::calc::{Op, Term};
use crate::quantity::shown;
use crate::statement::{Part, PartKind};

impl Parts<'_> {
    pub(super) fn choice(&self, choose: &Choose, step: &Step) -> Part {
        let over = match step.detail {
            StepDetail::Chosen(over) => over,
            _ => None,
        };
        let label = match over {
            Some(over) => self.counted(choose, over),
            None => self.pick("择一", "choice").to_owned(),
        };
        let mut part = self.blank(PartKind::Choice, label, step);
        part.note = self.among(choose);
        let (value, after) = (self.points(step.before), step.after);
        let left = match (choose.pick, over) {
            (_, None) => value,
            (Pick::First, Some(_)) => self.points(after),
            (Pick::Best(_), Some(over)) => {
                let more = Term::op(Op::Sub, vec![value, self.points(over)]);
                Term::op(Op::Max, vec![more, self.points(Decimal::ZERO)])
            }
        };
        part.calcs = vec![self.points_calc(Vec::new(), left, false, after)];
        part
    }

    /// `同一 事迹 已计 15分`.
    fn counted(&self, choose: &Choose, over: Decimal) -> String {
        let over = shown(over, POINTS, self.lang);
        let keys = choose.keys.iter().map(|k| self.build.words.text(*k));
        let keys: Vec<String> = keys.collect();
        if let Pick::Best(n @ 2..) = choose.pick {
            return self.lang.pick(
                format!("已有 {n}次算数，其中最低的 {over}"),
                format!("{n} count already, the lowest of them {over}"),
            );
        }
        match keys.is_empty() {
            true => self.lang.pick(
                format!("本期已计 {over}"),
                format!("{over} counted already in this period"),
            ),
            false => self.lang.pick(
                format!("同一 {} 已计 {over}", keys.join("、")),
                format!("{over} counted already for the same {}", keys.join(", ")),
            ),
        }
    }

    /// `择一 取高 每 事迹 每年（表彰）`.
    fn among(&self, choose: &Choose) -> String {
        let tally = self.plan.tallies.get(choose.among.ix());
        let word = match choose.pick {
            Pick::First => self.pick("择一 取先", "exclusive first").to_owned(),
            Pick::Best(1) => self.pick("择一 取高", "exclusive best").to_owned(),
            Pick::Best(n) => self
                .lang
                .pick(format!("择优 {n}次"), format!("keep best {n} times")),
        };
        let mut words = vec![word];
        for k in &choose.keys {
            let key = self.build.words.text(*k);
            words.push(format!("{} {key}", self.pick("每", "per")));
        }
        words.extend(tally.map(|t| self.build.words.tally(t)));
        let holder = tally.and_then(|t| t.path.last());
        let holder = holder.map_or("", String::as_str);
        let words = words.join(" ");
        self.lang.pick(
            format!("{words}（{holder}）"),
            format!("{words} ({holder})"),
        )
    }
}
