//! Standings in words: places, grades, flags, rights; what reads them; their lines in a statement (S30).

use jifen_data::{Failure, Missing, Placed, StandingValue, Stood, Trace, group_word};
use jifen_diag::Lang;
use jifen_plan::{
    Currency, ExprId, Plan, PointsOf, PointsRead, Source, Standing, StandingKind, StandingRead,
    Take,
};
use jifen_quantity::Decimal;

use crate::assemble::Sources;
use crate::parts::missing_name;
use crate::quantity::{shown, yes_no};
use crate::render::{line, widths};
use crate::statement::{StandingLine, Statement};
use crate::words::{Scope, Words};

impl Words<'_> {
    /// `年度榜 前 20%`, `考核等级`, `提案权`
    pub(crate) fn standing(&self, read: StandingRead) -> String {
        let of = self.plan.standings.get(read.standing.ix());
        let name = of.map_or("?", |s| s.name.as_str()).to_owned();
        let name = match (read.back, of) {
            (0, _) | (_, None) => name,
            (_, Some(s)) => format!("{}({name})", self.period_before(s.unit)),
        };
        let top = |n: ExprId, share: bool| {
            let n = match (self.plan.exprs.get(n), share) {
                (jifen_plan::Expr::Const(jifen_plan::Value::Num(n)), true) => percent(*n),
                // Places, of people or of groups.
                (jifen_plan::Expr::Const(jifen_plan::Value::Num(n)), false)
                    if self.lang == Lang::Zh =>
                {
                    format!("{n}名")
                }
                _ => self.text(n),
            };
            format!("{name} {} {n}", self.pick("前", "top"))
        };
        match read.take {
            Take::Place => format!("{name}.{}", self.pick("名次", "place")),
            Take::Entrants => format!("{name}.{}", self.pick("人数", "entrants")),
            Take::Beats => format!("{name}.{}", self.pick("胜过", "beats")),
            Take::First(n) => top(n, false),
            Take::Top(n) => top(n, true),
            Take::Level | Take::Flagged | Take::InForce | Take::Worth => name,
        }
    }

    /// ` 来自 志愿服务、类别 公益`
    fn sources(&self, from: &[Source]) -> String {
        let one = |s: &Source| match s {
            Source::Item(name) => name.clone(),
            Source::Category(name) => format!("{} {name}", self.pick("类别", "category")),
        };
        let all: Vec<String> = from.iter().map(one).collect();
        match all.is_empty() {
            true => String::new(),
            false => format!(
                " {} {}",
                self.pick("来自", "from"),
                all.join(self.pick("、", ", "))
            ),
        }
    }

    /// `获得(可用积分 来自 志愿服务)`
    pub(crate) fn closed_points(&self, read: &PointsRead) -> String {
        let (zh, en) = match read.of {
            PointsOf::Earned => ("获得", "earned"),
            PointsOf::EarnedThisYear => ("本年获得", "earned this year"),
            PointsOf::Awarded => ("累计", "total awarded"),
            PointsOf::Balance => ("余额", "balance"),
        };
        let of: Option<&Currency> = self.plan.currencies.get(read.currency.ix());
        format!(
            "{}({}{})",
            self.pick(zh, en),
            of.map_or("?", |c| c.name.as_str()),
            self.sources(&read.from)
        )
    }
}

fn percent(n: Decimal) -> String {
    let hundred = n.mul(Decimal::from_int(100));
    hundred.map_or_else(|_| n.to_string(), |p| format!("{p}%"))
}

fn words<'a>(plan: &'a Plan, standing: &Standing, lang: Lang) -> Words<'a> {
    let scope = Scope::of_roster(standing.roster);
    Words { plan, scope, lang }
}

/// How a subject stands, as it is printed: `第 3 名（共 57 人）`, `优秀`, `有`, `1.5票`.
#[must_use]
pub fn stood_text(plan: &Plan, standing: &Standing, stood: &Stood, lang: Lang) -> String {
    match stood {
        Stood::Placed(p) => place(p, standing.is_shared(), lang),
        Stood::NotEligible => lang.pick("不参评", "not eligible").to_owned(),
        Stood::Level(level) => match &standing.what {
            StandingKind::Grade(g) => {
                (g.names.get(usize::from(*level))).map_or_else(|| "?".to_owned(), Clone::clone)
            }
            _ => "?".to_owned(),
        },
        Stood::Flagged(yes) | Stood::Right(yes, None) => yes_no(*yes, lang).to_owned(),
        Stood::Right(_, Some(much)) => match &standing.what {
            StandingKind::Right(r) => match r.worth {
                Some(worth) => shown(*much, words(plan, standing, lang).show(worth), lang),
                None => much.to_string(),
            },
            _ => much.to_string(),
        },
        Stood::NoValue(why) => no_value(plan, standing, why, lang),
        Stood::Failed(why) => {
            let why = match why {
                Failure::DivisionByZero => lang.pick("除以零", "division by zero"),
                Failure::BeyondCalendar => lang.pick("日期超出日历", "a day beyond the calendar"),
                _ => lang.pick("数字过大", "a number too large"),
            };
            lang.pick(format!("算不出：{why}"), format!("failed: {why}"))
        }
    }
}

fn place(p: &Placed, of_groups: bool, lang: Lang) -> String {
    let (n, all, equal) = (p.place, p.entrants, p.equal);
    let group = p.group.as_ref();
    let who = if of_groups { "组" } else { "人" };
    let zh_group = group.map_or(String::new(), |g| format!("“{g}”"));
    let en_group = group.map_or(String::new(), |g| format!(" in “{g}”"));
    match equal {
        1 => lang.pick(
            format!("{zh_group}第 {n} 名（共 {all} {who}）"),
            format!("place {n} of {all}{en_group}"),
        ),
        _ => lang.pick(
            format!("{zh_group}并列第 {n} 名（{equal} {who}同分，共 {all} {who}）"),
            format!("place {n} of {all}{en_group}, shared by {equal}"),
        ),
    }
}

fn no_value(plan: &Plan, standing: &Standing, why: &Missing, lang: Lang) -> String {
    let name = missing_name(&words(plan, standing, lang), why);
    match why {
        Missing::NoFact(_) => lang.pick(
            format!("无值：这段时间里没有“{name}”"),
            format!("no value: there is no “{name}” in the window"),
        ),
        Missing::NoValue(_) | Missing::NoStanding(_) => lang.pick(
            format!("无值：“{name}”这一期无值"),
            format!("no value: “{name}” has none in this period"),
        ),
        _ => lang.pick(
            format!("无值：缺 {name}"),
            format!("no value: {name} is missing"),
        ),
    }
}

/// How an account stands.
pub(crate) fn lines(from: &Sources<'_>, trace: &Trace, lang: Lang) -> Vec<StandingLine> {
    let one = |v: &StandingValue| {
        let standing = from.plan.standings.get(v.standing.ix())?;
        let (first, after) = standing.unit.bounds(v.first);
        let by = match (&v.stood, &standing.what) {
            (Stood::Placed(p), StandingKind::Rank(r)) => {
                let words = words(from.plan, standing, lang);
                let value = shown(p.by, words.show(r.by), lang);
                Some(format!("{} {value}", words.text(r.by)))
            }
            _ => None,
        };
        Some(StandingLine {
            standing: standing.name.clone(),
            group: v.group.map(|code| {
                let word = group_word((standing.roster, standing.of), from.rosters, code);
                word.map_or_else(|| lang.pick("全体", "everyone").to_owned(), str::to_owned)
            }),
            from: first.to_string(),
            to: after.add_days(-1).to_string(),
            text: stood_text(from.plan, standing, &v.stood, lang),
            by,
        })
    };
    trace.standings.iter().filter_map(one).collect()
}

/// A line for each standing and period.
pub(crate) fn render(s: &Statement, lang: Lang, out: &mut String) {
    if s.standings.is_empty() {
        return;
    }
    out.push_str(lang.pick(
        "排名、等级、标记、权益：\n",
        "Rankings, grades, flags, rights:\n",
    ));
    let row = |l: &StandingLine| {
        let period = match l.from == l.to {
            true => l.from.clone(),
            false => lang.pick(
                format!("{} 至 {}", l.from, l.to),
                format!("{} to {}", l.from, l.to),
            ),
        };
        let by = l.by.as_ref().map_or(String::new(), |by| {
            lang.pick(format!("：{by}"), format!(": {by}"))
        });
        let called = match &l.group {
            Some(group) => lang.pick(
                format!("{}（{group}）", l.standing),
                format!("{} ({group})", l.standing),
            ),
            None => l.standing.clone(),
        };
        vec![period, called, format!("{}{by}", l.text)]
    };
    let rows: Vec<_> = s.standings.iter().map(row).collect();
    let widths = widths(&rows);
    for row in &rows {
        line(row, &widths, out);
    }
}
