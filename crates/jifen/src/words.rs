//! Names and short texts for results: outcomes, missing values, failures. Longer explanations are in `jifen-explain`.

use crate::Compiled;
use jifen_calendar::Instant;
use jifen_data::{Account, Evaluation, Failure, Missing, Origin, Outcome, OutcomeKind, Receiver};
use jifen_diag::{Lang, Text, text};
use jifen_engine::EngineError;
use jifen_plan::{Expr, ItemIx, Kind, MeasureIx, Plan, Trigger};
use jifen_quantity::Decimal;

/// `第3条 志愿服务`, or only the name.
pub fn item_title(compiled: &Compiled, item: ItemIx) -> Text {
    let label = compiled.labels.items.get(item.ix());
    let name = compiled
        .plan
        .items
        .get(item.ix())
        .and_then(|i| i.path.last())
        .map_or("", String::as_str);
    match label.and_then(|l| l.article) {
        Some(n) => text!(zh = "第{n}条 {name}", en = "article {n} {name}"),
        None => Text::same(name),
    }
}

/// The kind whose fields an outcome speaks of.
fn kind_of<'a>(plan: &'a Plan, o: &Outcome) -> Option<&'a Kind> {
    let row = match o.origin {
        Origin::Fact(f) => Some(f.kind),
        Origin::Period(_) => match o.item.and_then(|i| plan.items.get(i.ix()))?.trigger {
            Trigger::Period { row, .. } => row,
            Trigger::Fact(kind) => Some(kind),
        },
    };
    plan.kinds.get(row?.ix())
}

/// What is missing, by its name in the policy.
pub fn missing_name(plan: &Plan, o: &Outcome, missing: &Missing) -> Option<String> {
    name_of(plan, kind_of(plan, o), missing)
}

/// The same, where the fields are those of a kind, or of none.
fn name_of(plan: &Plan, kind: Option<&Kind>, missing: &Missing) -> Option<String> {
    Some(match missing {
        Missing::Field(f) => kind?.fields.get(f.ix())?.name.clone(),
        Missing::Attr(r, a) => plan.rosters.get(r.ix())?.attrs.get(a.ix())?.name.clone(),
        Missing::ClockTime => "时刻".to_owned(),
        Missing::PeriodRow => kind?.name.clone(),
        Missing::CalendarYear(y) => y.to_string(),
        Missing::FieldOf(k, f) => {
            let fields = &plan.kinds.get(k.ix())?.fields;
            fields.get(f.ix())?.name.clone()
        }
        Missing::NoFact(k) | Missing::ClockOf(k) => plan.kinds.get(k.ix())?.name.clone(),
        Missing::NoValue(m) | Missing::NoEarlier(m) => plan.measures.get(m.ix())?.name.clone(),
        Missing::NoStanding(s) => plan.standings.get(s.ix())?.name.clone(),
        Missing::NotOnRoster(_, id) => id.clone(),
    })
}

fn spends(plan: &Plan, o: &Outcome) -> bool {
    let item = o.item.and_then(|i| plan.items.get(i.ix()));
    item.is_some_and(|i| i.spend.is_some())
}

/// What a spend or a transfer asks for, and what becomes of it if it is refused.
fn asking(plan: &Plan, o: &Outcome) -> (&'static str, &'static str) {
    let item = o.item.and_then(|i| plan.items.get(i.ix()));
    match item.is_some_and(|i| i.give.is_some()) {
        true => ("要转", "未转"),
        false => ("要支用", "未支用"),
    }
}

/// Why something cannot be computed.
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

/// Why nothing was posted, in a few words.
pub fn outcome_text(plan: &Plan, o: &Outcome) -> Text {
    let (ask, undone) = asking(plan, o);
    match &o.kind {
        OutcomeKind::NoVersion => text!(
            zh = "那天没有版本施行",
            en = "no version was in force that day"
        ),
        OutcomeKind::NotApplicable(_) => text!(zh = "条件不符", en = "a condition does not hold"),
        OutcomeKind::NoPartner(slot) => {
            let item = o.item.and_then(|i| plan.items.get(i.ix()));
            let join = item.and_then(|i| i.joins.get(usize::from(*slot)));
            let kind = join.and_then(|j| plan.kinds.get(j.kind.ix()));
            let kind = kind.map_or("", |k| k.name.as_str());
            text!(
                zh = "没有接上“{kind}”",
                en = "there is no “{kind}” to be joined with"
            )
        }
        OutcomeKind::OverCap(v) => text!(
            zh = "{ask} {v}分，超过上限，{undone}",
            en = "{v} points asked, beyond the cap: refused"
        ),
        OutcomeKind::NotCovered(v, had) => text!(
            zh = "{ask} {v}分，可用 {had}分，{undone}",
            en = "{v} points asked, {had} available: refused"
        ),
        OutcomeKind::NoReceiver(Receiver::Absent) => text!(
            zh = "接收方那天不在册，未转",
            en = "the receiver was not on the roster that day: refused"
        ),
        OutcomeKind::NoReceiver(Receiver::Giver) => {
            text!(zh = "转给了自己，未转", en = "given to oneself: refused")
        }
        OutcomeKind::NoAmount if spends(plan, o) => text!(
            zh = "{ask}的是 0分或负数，核对数量",
            en = "it asks for 0 points or less: look the number up"
        ),
        OutcomeKind::NoAmount => text!(zh = "没有一行给分", en = "no line gave points"),
        OutcomeKind::CannotTell(m) => {
            let name = missing_name(plan, o, m).unwrap_or_default();
            missing_text(plan, m, &name)
        }
        OutcomeKind::Failed(why) => failure_text(*why),
        OutcomeKind::NotShared(why) => crate::allot::not_shared_text(*why),
        OutcomeKind::Pending(v, Some(at)) => {
            let at = minute(*at);
            text!(
                zh = "待定 {v}分，{at} 起生效",
                en = "{v} points pending, due {at}"
            )
        }
        OutcomeKind::Pending(v, None) => text!(zh = "待定 {v}分", en = "{v} points pending"),
        OutcomeKind::Rejected(v, at) => {
            let at = minute(*at);
            text!(
                zh = "{v}分于 {at} 被驳回",
                en = "{v} points were rejected at {at}"
            )
        }
        OutcomeKind::Lapsed(v, at) => {
            let at = minute(*at);
            text!(
                zh = "{v}分于 {at} 逾期作废",
                en = "{v} points lapsed at {at}"
            )
        }
        OutcomeKind::Overlaps(_) => text!(
            zh = "与更早的记录时间重叠",
            en = "it overlaps an earlier fact"
        ),
        OutcomeKind::Withdrawn => text!(zh = "已撤销", en = "withdrawn"),
        OutcomeKind::Contradiction => text!(
            zh = "更正后结束早于开始",
            en = "after its correction it ends before it begins"
        ),
    }
}

/// `2026-04-03 21:00`
pub fn minute(at: Instant) -> String {
    let s = at.seconds_of_day();
    format!("{} {:02}:{:02}", at.day(), s / 3600, s / 60 % 60)
}

/// What stopped the engine.
pub fn engine_error(plan: &Plan, e: &EngineError) -> Text {
    match e {
        EngineError::TotalsOverflow(c) => {
            let name = plan.currencies.get(c.ix()).map_or("", |c| &c.name);
            text!(
                zh = "“{name}”的合计大得无法精确表示",
                en = "the total of “{name}” is too large to be held exactly"
            )
        }
        EngineError::Threads(why) => {
            text!(zh = "不能启动线程：{why}", en = "no worker threads: {why}")
        }
        EngineError::Inconsistent(what) => text!(
            zh = "程序内部错误，请报告：{what}",
            en = "an internal error, please report it: {what}"
        ),
    }
}

/// The postings of one account in one line, for the help of a failed test.
pub(crate) fn lines_of(compiled: &Compiled, result: &Evaluation, account: Account) -> Option<Text> {
    let mut zh = Vec::new();
    let mut en = Vec::new();
    for p in result
        .ledger
        .iter()
        .filter(|p| p.account == account)
        .take(8)
    {
        let title = item_title(compiled, p.item);
        let (day, amount) = (p.day, plain(p.amount));
        zh.push(format!("{day} {} {amount}分", title.zh));
        en.push(format!("{day} {} {amount} points", title.en));
    }
    for a in &result.allotments {
        if !crate::allot::is_yuan(&compiled.plan, a.item) {
            continue;
        }
        for s in a.shares.iter().filter(|s| s.account == account) {
            let title = item_title(compiled, a.item);
            let (day, amount) = (a.day, plain(s.amount));
            zh.push(format!("{day} {} {amount}元", title.zh));
            en.push(format!("{day} {} {amount} yuan", title.en));
        }
    }
    for o in result
        .outcomes
        .iter()
        .filter(|o| o.account == account)
        .take(4)
    {
        let title = o.item.map(|i| item_title(compiled, i)).unwrap_or_default();
        let why = outcome_text(&compiled.plan, o);
        zh.push(format!("{} {}", title.zh, why.zh));
        en.push(format!("{} {}", title.en, why.en));
    }
    if zh.is_empty() {
        return None;
    }
    Some(Text::new(
        format!("算得：{}", zh.join("；")),
        format!("computed: {}", en.join("; ")),
    ))
}

/// A number without trailing noughts.
pub fn plain(n: Decimal) -> String {
    n.to_string()
}

/// Why a measure is no value.
pub fn no_value_text(plan: &Plan, measure: MeasureIx, missing: &Missing) -> Text {
    let declared = plan.measures.get(measure.ix());
    if let (Missing::NoValue(of), Some(m)) = (missing, declared)
        && *of == measure
        && let Expr::Measure(_, _, Some(valid)) = plan.exprs.get(m.node)
    {
        let scope = jifen_explain::Scope::of_measure(m);
        let words = |lang| jifen_explain::sentence(plan, scope, *valid, lang);
        return Text::new(
            format!("不满足：{}", words(Lang::Zh)),
            format!("does not hold: {}", words(Lang::En)),
        );
    }
    let name = name_of(plan, None, missing);
    missing_text(plan, missing, &name.unwrap_or_default())
}

/// What is missing, in words.
fn missing_text(plan: &Plan, missing: &Missing, name: &str) -> Text {
    match missing {
        Missing::ClockTime => text!(zh = "缺钟点", en = "the time of day is missing"),
        Missing::PeriodRow => text!(
            zh = "缺这一期的“{name}”",
            en = "the row of “{name}” is missing for this period"
        ),
        Missing::CalendarYear(_) => text!(
            zh = "工作日历缺 {name} 年",
            en = "the calendar of working days lacks {name}"
        ),
        Missing::FieldOf(k, _) => {
            let kind = plan.kinds.get(k.ix()).map_or("", |k| k.name.as_str());
            text!(
                zh = "要看的“{kind}”里有一条缺“{name}”",
                en = "one of the “{kind}” that are looked at lacks “{name}”"
            )
        }
        Missing::ClockOf(_) => text!(
            zh = "有一条“{name}”只有日期，缺钟点",
            en = "one of the “{name}” has a day but no time of day"
        ),
        Missing::NoFact(_) => text!(
            zh = "这段时间里没有“{name}”",
            en = "there is no “{name}” in the window"
        ),
        Missing::NoValue(_) | Missing::NoStanding(_) => text!(
            zh = "“{name}”这一期无值",
            en = "“{name}” has no value in this period"
        ),
        Missing::NoEarlier(_) => text!(
            zh = "“{name}”前一期无值",
            en = "“{name}” had no value in the period before"
        ),
        Missing::NotOnRoster(r, _) => {
            let roster = plan.rosters.get(r.ix()).map_or("", |r| r.name.as_str());
            text!(
                zh = "“{name}”那天不在名册“{roster}”上",
                en = "“{name}” is not on the roster “{roster}” that day"
            )
        }
        _ => text!(zh = "缺“{name}”", en = "“{name}” is missing"),
    }
}
