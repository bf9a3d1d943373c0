//! What periods that are over came to, as tables: measures and standings.

use super::{Cell, Csv, Report, num, word};
use jifen_data::{Measured, Stood};
use jifen_plan::{Holder, RosterIx, StandingKind};
use jifen_quantity::Decimal;

impl Report<'_> {
    /// One row for each measure, period and subject; `None` where the policy has no measure.
    pub fn measures_csv(&self) -> Option<String> {
        let plan = &self.compiled.plan;
        (!plan.measures.is_empty()).then(|| {
            let mut csv = Csv::new(&self.lang.pick(
                [
                    "指标",
                    "对象",
                    "姓名",
                    "期初",
                    "期末",
                    "值",
                    "单位",
                    "无值的原因",
                ],
                [
                    "measure",
                    "subject",
                    "name",
                    "from",
                    "to",
                    "value",
                    "unit",
                    "why no value",
                ],
            ));
            for m in &self.evaluation.measures {
                let Some(declared) = plan.measures.get(m.measure.ix()) else {
                    continue;
                };
                let (id, name) = match m.group {
                    None => self.account(m.account),
                    Some(code) => (
                        self.group((declared.roster, declared.of), code),
                        String::new(),
                    ),
                };
                let (first, after) = declared.unit.bounds(m.first);
                let none = |why: jifen_diag::Text| {
                    let why = why.get(self.lang).to_owned();
                    (Cell::Plain(String::new()), String::new(), why)
                };
                let (value, unit, why) = match &m.value {
                    Measured::Value(n) => {
                        let (n, unit) =
                            jifen_explain::measured_number(plan, declared, *n, self.lang);
                        (num(n), unit, String::new())
                    }
                    Measured::NoValue(why) => {
                        none(crate::words::no_value_text(plan, m.measure, why))
                    }
                    Measured::Failed(why) => none(crate::words::failure_text(*why)),
                };
                csv.row([
                    word(declared.name.as_str()),
                    word(id),
                    word(name),
                    Cell::Plain(first.to_string()),
                    Cell::Plain(after.add_days(-1).to_string()),
                    value,
                    word(unit),
                    word(why),
                ]);
            }
            csv.finish()
        })
    }

    /// What a group is called; everybody together: 全体.
    pub fn group(&self, of: (RosterIx, Holder), code: u32) -> String {
        let word = jifen_data::group_word(of, self.rosters, code);
        let everyone = self.lang.pick("全体", "everyone");
        word.unwrap_or(everyone).to_owned()
    }

    /// One row for each rank, grade, flag and right of each period and subject; `None` where the policy has none.
    pub fn standings_csv(&self) -> Option<String> {
        let plan = &self.compiled.plan;
        (!plan.standings.is_empty()).then(|| {
            let mut csv = Csv::new(&self.lang.pick(
                [
                    "名称",
                    "种类",
                    "对象",
                    "姓名",
                    "期初",
                    "期末",
                    "结果",
                    "名次",
                    "组",
                    "参评人数",
                    "按",
                ],
                [
                    "standing", "sort", "subject", "name", "from", "to", "result", "place",
                    "group", "entrants", "by",
                ],
            ));
            for v in &self.evaluation.standings {
                let Some(declared) = plan.standings.get(v.standing.ix()) else {
                    continue;
                };
                let (id, name) = match v.group {
                    None => self.account(v.account),
                    Some(code) => (
                        self.group((declared.roster, declared.of), code),
                        String::new(),
                    ),
                };
                let (first, after) = declared.unit.bounds(v.first);
                let sort = match &declared.what {
                    StandingKind::Rank(_) => self.lang.pick("排名", "ranking"),
                    StandingKind::Grade(_) => self.lang.pick("等级", "grade"),
                    StandingKind::Flag(f) if f.notice => self.lang.pick("提示", "notice"),
                    StandingKind::Flag(_) => self.lang.pick("标记", "flag"),
                    StandingKind::Right(_) => self.lang.pick("权益", "right"),
                };
                let count = |n: u32| num(Decimal::from_int(i64::from(n)));
                let nothing = || Cell::Plain(String::new());
                let [place, group, entrants, by] = match &v.stood {
                    Stood::Placed(p) => [
                        count(p.place),
                        word(p.group.clone().unwrap_or_default()),
                        count(p.entrants),
                        num(p.by),
                    ],
                    _ => [nothing(), nothing(), nothing(), nothing()],
                };
                csv.row([
                    word(declared.name.as_str()),
                    word(sort),
                    word(id),
                    word(name),
                    Cell::Plain(first.to_string()),
                    Cell::Plain(after.add_days(-1).to_string()),
                    word(jifen_explain::stood_text(
                        plan, declared, &v.stood, self.lang,
                    )),
                    place,
                    group,
                    entrants,
                    by,
                ]);
            }
            csv.finish()
        })
    }
}
