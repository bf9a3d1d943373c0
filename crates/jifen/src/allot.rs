//! Allotments as a table and in a few words: who got what of which sum.

use crate::report::{Csv, Report, num, word};
use crate::words::{failure_text, item_title};
use jifen_data::{Account, AllotState, Allotment, NotShared, Outcome, OutcomeKind};
use jifen_diag::{Text, text};
use jifen_plan::Plan;

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
                self.waits(who).get(self.lang).to_owned()
            }
            _ => plain.get(self.lang).to_owned(),
        }
    }

    /// For whose weight all others wait.
    fn waits(&self, who: Account) -> Text {
        let (id, name) = self.account(who);
        let who = format!("{id} {name}").trim().to_owned();
        text!(
            zh = "“{who}”的份数算不出来，这一期先不分",
            en = "the weight of “{who}” cannot be told: nothing is given out yet"
        )
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
            AllotState::Waits(who) => self.waits(who),
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
