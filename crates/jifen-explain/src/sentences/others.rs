//! Where an award goes: accounts, other accounts, transfers, allotments; what it costs.

use jifen_plan::{
    Allot, CurrencyIx, Expr, ExprId, Give, Many, Pass, PassHow, Spend, Ty, Value, Worth, keeps_lots,
};
use jifen_quantity::{Dim, Remainder};

use super::prose::{Prose, Rank};
use super::say;
use crate::quantity::{Show, shown};

impl Prose<'_> {
    pub(super) fn credit(&self, credit: &[CurrencyIx]) -> String {
        self.list(credit.iter().map(|c| self.currency(*c)).collect())
    }

    pub(super) fn credited(&self, credit: &[CurrencyIx], passes: &[Pass]) -> String {
        let lang = self.lang();
        let gives = |how| passes.iter().any(|p| p.how == how);
        match credit {
            [] => lang
                .pick(
                    "不计入任何积分，只供指标使用。",
                    "It is credited to no points; only measures read it.",
                )
                .to_owned(),
            all if gives(PassHow::Instead) => say!(
                lang,
                "没有改记出去的，计入{}。",
                "What does not go there is credited to {}.",
                self.credit(all)
            ),
            all if gives(PassHow::On) => say!(
                lang,
                "余下的计入{}。",
                "The rest is credited to {}.",
                self.credit(all)
            ),
            all => say!(lang, "计入{}。", "It is credited to {}.", self.credit(all)),
        }
    }

    pub(super) fn spend(&self, spend: Spend, from: &[CurrencyIx]) -> String {
        let (lang, from) = (self.lang(), self.credit(from));
        let rest = match spend {
            Spend::AllOrNothing => lang.pick("余额不够的，整笔拒绝", "if the balance does not cover all of it, it is refused"),
            Spend::Partial => lang.pick("余额不够的，有多少用多少", "if the balance does not cover it, what there is is taken"),
            Spend::Honoured => lang.pick(
                "已经兑付，余额不够的部分挂账，以后的得分先还",
                "it has been honoured already: what the balance does not cover is a debt, paid by later gains",
            ),
        };
        say!(
            lang,
            "从{}里支用；{}。",
            "It is taken from {}; {}.",
            from,
            rest
        )
    }

    pub(super) fn give(&self, give: Give, from: &[CurrencyIx]) -> String {
        let Give {
            to,
            keeps_dates,
            earns,
            uses,
        } = give;
        let (lang, to) = (self.lang(), self.text(to));
        let mut parts = vec![say!(lang, "支用的分转给{}", "What is taken goes to {}", to)];
        // Where points never lapse nobody asks how old they are.
        let aged = from.iter().any(|c| keeps_lots(self.plan(), *c));
        let dates = match keeps_dates {
            true => lang.pick(
                "各笔仍从原来获得那天算起",
                "the lots keep the days on which they were earned",
            ),
            false => lang.pick(
                "收到的算转赠那天的一笔",
                "what is received is one lot of the day of the transfer",
            ),
        };
        if keeps_dates || aged {
            parts.push(dates.to_owned());
        }
        if earns {
            parts.push(
                lang.pick("收到算一次获得", "to receive it is a gain")
                    .to_owned(),
            );
        }
        if uses {
            parts.push(
                lang.pick("转出算一次使用", "to give it is a use")
                    .to_owned(),
            );
        }
        let parts = parts.join(lang.pick("；", "; "));
        say!(lang, "{}。", "{}.", parts)
    }

    pub(super) fn worth(&self, worth: Worth) -> String {
        let Worth { value, by } = worth;
        let (lang, value) = (self.lang(), self.text(value));
        let by = by.map_or_else(String::new, |b| {
            let b = self.thing(b);
            say!(lang, "，记在{}", ", borne by {}", b)
        });
        say!(
            lang,
            "折合{}{}（不动积分）。",
            "It is worth {}{} (no point is moved).",
            value,
            by
        )
    }

    pub(super) fn pass(&self, pass: &Pass, path: &[String]) -> Vec<String> {
        let Pass {
            how,
            to,
            many,
            none_skips,
            amount,
            when,
            round,
            credit,
            caps,
        } = pass;
        let lang = self.lang();
        let (when, whose, amount) = (self.when(*when), self.text(*to), self.share(*amount));
        let several = many.map_or_else(String::new, |m| self.several(m));
        let round = round.map_or_else(String::new, |r| {
            let to = self.precision(r, Show::Dim(Dim::POINTS));
            say!(lang, "（{}）", " ({})", to)
        });
        let credit = self.credit(credit);
        let what = match how {
            PassHow::Instead => say!(
                lang,
                "{2}{3}改记到{0}{1}名下，计入{4}",
                "instead, {2}{3} goes to {0}{1}, credited to {4}",
                whose,
                several,
                amount,
                round,
                credit
            ),
            PassHow::Also => say!(
                lang,
                "另外给{}{}记{}{}，计入{}，本次得分不减少",
                "in addition, {2}{3} goes to {0}{1}, credited to {4}; the award is not reduced",
                whose,
                several,
                amount,
                round,
                credit
            ),
            PassHow::On => say!(
                lang,
                "从本次得分里拿出{2}{3}转给{0}{1}，计入{4}",
                "{2}{3} is taken from the award for {0}{1}, credited to {4}",
                whose,
                several,
                amount,
                round,
                credit
            ),
        };
        let none = match none_skips {
            true => say!(
                lang,
                "{}缺失的，略过这一句",
                "where {} is missing this sentence is passed over",
                whose
            ),
            false => say!(
                lang,
                "{}缺失的，本次得分等补上再计",
                "where {} is missing the award waits for it",
                whose
            ),
        };
        let mut out = vec![self.begin(&say!(lang, "{}{}；{}。", "{}{}; {}.", when, what, none))];
        out.extend((caps.iter()).map(|c| self.begin(&self.cap(c, path, true))));
        out
    }

    /// `本次得分 × 30%`
    fn share(&self, amount: ExprId) -> String {
        if let Expr::Mul(a, b) = self.plan().exprs.get(amount)
            && let Expr::Const(Value::Num(n)) = self.plan().exprs.get(*b)
            && self.plan().exprs.ty(*b) == Ty::Num(Dim::PURE)
        {
            let share = shown(*n, Show::Percent, self.lang());
            return format!("{} × {share}", self.at(*a, Rank::Product));
        }
        self.text(amount)
    }

    fn several(&self, many: Many) -> String {
        let Many { equally, step } = many;
        let lang = self.lang();
        let step = step.map_or_else(String::new, |s| {
            let s = shown(s, Show::Dim(Dim::POINTS), lang);
            say!(
                lang,
                "，每份取到{}的整倍数",
                ", each part a multiple of {}",
                s
            )
        });
        match equally {
            true => say!(lang, "（几个人均分{}）", " (shared equally{})", step),
            false => say!(
                lang,
                "（几个人各得一份{}）",
                " (each of them gets it{})",
                step
            ),
        }
    }

    pub(super) fn allot(&self, allot: Allot) -> Vec<String> {
        let Allot {
            total,
            yuan,
            weight,
            step,
            remainder,
        } = allot;
        let lang = self.lang();
        let unit = match yuan {
            true => Show::Dim(Dim::MONEY),
            false => Show::Dim(Dim::POINTS),
        };
        let total = self.text(total);
        let by = match weight {
            Some(w) => {
                let w = self.text(w);
                say!(
                    lang,
                    "按份数分，每个对象的份数是{}",
                    "by weight, which is {}",
                    w
                )
            }
            None => lang.pick("平均分", "equally").to_owned(),
        };
        let step = shown(step, unit, lang);
        let rest = match remainder {
            Remainder::Largest => lang
                .pick(
                    "先都舍去零头，余下的给余数最大的，正好分完",
                    "all go down to it, what is left goes to the largest remainders, so that nothing is left over",
                )
                .to_owned(),
            Remainder::Each(mode) => say!(
                lang,
                "各自取整（{}），合起来可以与总额不等",
                "each is rounded by itself ({}), so that they may not add up to the sum",
                self.mode(mode)
            ),
        };
        let moves = match yuan {
            true => lang.pick(
                "分的是钱，列一张表，不动积分。",
                "It is money: a table of its own, no point is moved.",
            ),
            false => lang.pick("分的是积分。", "It is points."),
        };
        vec![
            say!(
                lang,
                "总额：{}。分给符合条件的各个对象，{}。",
                "Total: {}. It is split among all who meet the conditions, {}.",
                total,
                by
            ),
            say!(
                lang,
                "每份取到{}的整倍数；{}。",
                "Shares are multiples of {}; {}.",
                step,
                rest
            ),
            moves.to_owned(),
        ]
    }
}
