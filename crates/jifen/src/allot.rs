//! Allotments as a table and in a few words: who got what of which sum.

use crate::report::{Csv, Report, num, word};
use crate::words::item_title;
use jifen_data::{AllotState, Allotment, Failure, NotShared, Outcome, OutcomeKind};
use jifen_diag::{Text, text};
use jifen_plan::Plan;

/// What went wrong with an allotment.
pub(crate) fn failure_text(why: Failure) -> Text {
    match why {
        Failure::NegativeWeight => text!(zh = "份数小于 0，分不了", en = "the weight is below 0"),
        Failure::NegativeTotal => text!(zh = "总额小于 0，分不了", en = "the total is below 0"),
        Failure::OffStep => text!(
            zh = "总额不是最小一份的整数倍，按最大余额分不完",
            en = "the total is no multiple of the step and cannot be given out exactly"
        ),
        Failure::Overflow => text!(zh = "数字过大", en = "a number is too large"),
        Failure::DivisionByZero => text!(zh = "除以零", en = "division by zero"),
        Failure::BeyondCalendar => text!(
            zh = "这一天不在所查的日历里：农历查得到 2000 年到 2050 年，工作日历只有已经公布放假安排的年份",
            en = "the calendar does not know this day: the lunar one reaches from 2000 to 2050, that of working days only the years whose notice is out"
        ),
    }
}

/// Why nobody gets anything.
pub(crate) fn not_shared_text(why: NotShared) -> Text {
    match why {
        NotShared::NoWeight => text!(
            zh = "大家的份数都是 0，这一期没有分",
            en = "all weights are 0: nothing was given out"
        ),
        NotShared::Waits(_) => text!(
            zh = "有人的份数算不出来，这一期先不分",
            en = "somebody's weight cannot be told: nothing is given out yet"
        ),
    }
}

/// Does an item split yuan?
pub(crate) fn is_yuan(plan: &Plan, item: jifen_plan::ItemIx) -> bool {
    let item = plan.items.get(item.ix());
    item.and_then(|i| i.allot).is_some_and(|a| a.yuan)
}

impl Report<'_> {
    /// Why nothing came of it, with the account that others wait for.
    pub(crate) fn reason(&self, o: &Outcome) -> String {
        let plain = crate::words::outcome_text(&self.compiled.plan, o);
        match o.kind {
            OutcomeKind::NotShared(NotShared::Waits(who)) => {
                let (id, name) = self.account(who);
                let who = format!("{id} {name}").trim().to_owned();
                let zh = format!("“{who}”的份数算不出来，这一期先不分");
                let en = format!("the weight of “{who}” cannot be told: nothing is given out yet");
                self.lang.pick(zh, en)
            }
            _ => plain.get(self.lang).to_owned(),
        }
    }

    /// `公益金 2026-01-01/2026-12-31`.
    #[must_use]
    pub fn allotment_title(&self, a: &Allotment) -> String {
        let title = item_title(self.compiled, a.item);
        format!("{} {}/{}", title.get(self.lang), a.first, a.day)
    }

    /// Yuan or points.
    #[must_use]
    pub fn allotment_unit(&self, a: &Allotment) -> &'static str {
        match is_yuan(&self.compiled.plan, a.item) {
            true => self.lang.pick("元", "yuan"),
            false => self.lang.pick("分", "points"),
        }
    }

    /// Is it in yuan?
    #[must_use]
    pub fn allotment_is_yuan(&self, a: &Allotment) -> bool {
        is_yuan(&self.compiled.plan, a.item)
    }

    /// How an allotment ended, in a few words; nothing where it was shared out.
    #[must_use]
    pub fn allotment_state(&self, a: &Allotment) -> String {
        let said = match a.state {
            AllotState::Shared => return String::new(),
            AllotState::Nobody => text!(
                zh = "没有人参加，没有分",
                en = "nobody takes part: not given out"
            ),
            AllotState::NoWeight => not_shared_text(NotShared::NoWeight),
            AllotState::Waits(who) => {
                let (id, name) = self.account(who);
                let who = format!("{id} {name}").trim().to_owned();
                text!(
                    zh = "“{who}”的份数算不出来，先不分",
                    en = "the weight of “{who}” cannot be told: not given out yet"
                )
            }
            AllotState::Failed(why) => failure_text(why),
        };
        said.get(self.lang).to_owned()
    }

    /// One row for each share; `None` where the policy splits nothing.
    #[must_use]
    pub fn allotments_csv(&self) -> Option<String> {
        let said = self.compiled.plan.items.iter().any(|i| i.allot.is_some());
        said.then(|| {
            let mut csv = Csv::new(&self.lang.pick(
                [
                    "账户",
                    "姓名",
                    "条",
                    "项目",
                    "版本",
                    "起",
                    "止",
                    "总额",
                    "单位",
                    "份数",
                    "份数合计",
                    "分得",
                    "补尾",
                ],
                [
                    "account", "name", "article", "item", "version", "from", "to", "total", "unit",
                    "weight", "weights", "share", "extra",
                ],
            ));
            for a in &self.evaluation.allotments {
                for s in &a.shares {
                    let (id, name) = self.account(s.account);
                    let [article, item, version] = self.item_cells(Some(a.item));
                    let extra = if s.extra { "1" } else { "" };
                    csv.row([
                        word(id),
                        word(name),
                        article,
                        item,
                        version,
                        word(a.first.to_string()),
                        word(a.day.to_string()),
                        a.total.map_or_else(|| word(""), num),
                        word(self.allotment_unit(a)),
                        num(self.weight(a, s.weight)),
                        a.weights
                            .map_or_else(|| word(""), |w| num(self.weight(a, w))),
                        num(s.amount),
                        word(extra),
                    ]);
                }
            }
            csv.finish()
        })
    }

    /// Durations are held in seconds and told in hours, where that is exact.
    fn weight(&self, a: &Allotment, held: jifen_quantity::Decimal) -> jifen_quantity::Decimal {
        use jifen_quantity::{Decimal, Dim};
        let plan = &self.compiled.plan;
        let allot = plan.items.get(a.item.ix()).and_then(|i| i.allot);
        let ty = allot.and_then(|x| x.weight).map(|w| plan.exprs.ty(w));
        match ty {
            Some(jifen_plan::Ty::Num(Dim::DURATION)) => {
                held.div(Decimal::from_int(3600)).unwrap_or(held)
            }
            _ => held,
        }
    }
}
