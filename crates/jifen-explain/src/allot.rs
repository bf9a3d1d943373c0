//! Allotments in a statement: how a share came of the sum, and why there is none.

use jifen_data::{Account, NotShared, Step, StepDetail};
use jifen_plan::Allot;
use jifen_quantity::{Dim, Remainder};

use crate::calc::{Calc, Op, Term};
use crate::parts::Parts;
use crate::quantity::{Show, number, quantity, shown};
use crate::statement::{Nothing, Part, PartKind, Reason};
use crate::whynot::WhyNot;

/// How the sum and its shares are shown.
fn show(allot: Allot) -> Show {
    match allot.yuan {
        true => Show::Dim(Dim::MONEY),
        false => Show::Dim(Dim::POINTS),
    }
}

impl Parts<'_> {
    /// `舍去(10000元 × 12.5小时 ÷ 480小时, 0.01元) + 0.01元 = 260.42元`.
    pub(crate) fn allotted(&mut self, step: &Step) -> Option<Part> {
        let StepDetail::Allotted {
            total,
            weight,
            weights,
            takers,
            extras,
            extra,
        } = step.detail
        else {
            return None;
        };
        let allot = self.item.allot?;
        let (unit, lang) = (show(allot), self.lang);
        let money = |n| number(n, unit, None, lang);
        let label = self.pick("分得", "share").to_owned();
        let mut part = self.blank(PartKind::Base, label, step);
        let exact = match allot.weight {
            Some(e) => {
                let at = self.seek(e);
                part.calcs = self.build.calcs(e, at);
                let by = self.build.words.show(e);
                let own = Term::op(Op::Mul, vec![money(total), number(weight, by, None, lang)]);
                Term::op(Op::Div, vec![own, number(weights, by, None, lang)])
            }
            None => Term::op(
                Op::Div,
                vec![money(total), number(weights, Show::Raw, None, lang)],
            ),
        };
        let op = match allot.remainder {
            Remainder::Largest => Op::RoundDown,
            Remainder::Each(mode) => Op::rounding(mode),
        };
        let mut left = Term::op(op, vec![exact, money(allot.step)]);
        if extra {
            left = Term::op(Op::Add, vec![left, money(allot.step)]);
        }
        let right = quantity(step.after, unit, None, lang);
        part.calcs
            .push(Calc::new(Vec::new(), left, false, right, lang));
        part.note = lang.pick(
            format!("{takers} 个对象参加"),
            format!("{takers} take part"),
        );
        if allot.remainder == Remainder::Largest && extras > 0 {
            let size = shown(allot.step, unit, lang);
            let own = match extra {
                true => self.pick("这里有一个", "one of them here"),
                false => self.pick("这里没有", "none of them here"),
            };
            let told = lang.pick(
                format!("，舍去后剩下 {extras} 个 {size}，给余数最大的 {extras} 个（余数相同的按编号先后），{own}"),
                format!(", {extras} × {size} left over went to the {extras} largest remainders (equal ones by id), {own}"),
            );
            part.note.push_str(&told);
        }
        Some(part)
    }
}

impl WhyNot<'_> {
    /// Nobody gets anything of it.
    pub(crate) fn not_shared(&self, line: &mut Nothing, why: NotShared) {
        line.reason = Reason::NotShared;
        line.text = match why {
            NotShared::NoWeight => self.lang.pick(
                "大家的份数都是 0，这一期没有分".to_owned(),
                "all weights are 0: nothing was given out".to_owned(),
            ),
            NotShared::Waits(who) => {
                let who = self.named(who);
                self.lang.pick(
                    format!("“{who}”的份数算不出来，各人的份都由它定，这一期先不分"),
                    format!("the weight of “{who}” cannot be told, and all shares depend on it: nothing is given out yet"),
                )
            }
        };
    }

    /// Id and name.
    fn named(&self, who: Account) -> String {
        let table = self.from.rosters.table(who.roster);
        let ix = who.subject as usize;
        let id = table.and_then(|t| t.ids.get_index(ix).cloned());
        let name = table.and_then(|t| t.names.get(ix).cloned().flatten());
        let id = id.unwrap_or_default();
        name.map_or(id.clone(), |n| format!("{id} {n}"))
    }
}
