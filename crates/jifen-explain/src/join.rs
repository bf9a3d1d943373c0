//! Joined facts in words: what an award rests on, and why a fact was joined with nothing (S19b).

use jifen_calendar::{Instant, MissingYear, counted_seconds};
use jifen_data::{FactRef, ItemRun, JoinedFact, NearMiss};
use jifen_diag::Lang;
use jifen_plan::{Counted, ExprId, Item, Join, Plan, Within};
use jifen_quantity::Decimal;

use crate::assemble::Sources;
use crate::pass::who;
use crate::quantity::instant;
use crate::statement::{Award, Joined, Nothing, Reason};
use crate::words::{Scope, Words};

impl Words<'_> {
    /// The words for a joined fact: fields are those of its record.
    pub(crate) fn on_joined(&self, slot: u16) -> Option<Words<'_>> {
        let item = self.plan.items.get(self.scope.joins?.ix())?;
        let kind = item.joins.get(usize::from(slot))?.kind;
        let roster = self.plan.kinds.get(kind.ix()).map(|k| k.subject);
        Some(Words {
            scope: Scope {
                kind: Some(kind),
                roster,
                around: None,
                ..self.scope
            },
            ..*self
        })
    }

    /// `维修.师傅`
    pub(crate) fn joined(&self, slot: u16, of: ExprId) -> Option<String> {
        let there = self.on_joined(slot)?;
        let kind = self.plan.kinds.get(there.scope.kind?.ix())?;
        Some(format!("{}.{}", kind.name, there.text(of)))
    }
}

/// The facts that an award rests on.
pub(crate) fn joined(from: &Sources<'_>, run: &ItemRun) -> Vec<Joined> {
    let line = |j: &JoinedFact| Joined {
        record: kind(from, j.fact),
        id: from.id(j.fact),
        at: at(j),
        of: who(from, j.whose),
    };
    run.joined.iter().map(line).collect()
}

/// What an award rests on, below it.
pub(crate) fn render(award: &Award, lang: Lang, out: &mut String) {
    for j in &award.joined {
        let line = lang.pick(
            format!("接上 {} {}，{}，{}", j.record, j.id, j.at, j.of),
            format!("joined with {} {}, {}, {}", j.record, j.id, j.at, j.of),
        );
        out.push_str(&format!("      {line}\n"));
    }
}

/// Why there is nothing to be joined with.
pub(crate) fn nothing(
    from: &Sources<'_>,
    line: &mut Nothing,
    (item, run, slot): (&Item, &ItemRun, u16),
    lang: Lang,
) {
    line.reason = Reason::NoPartner;
    let Some(join) = item.joins.get(usize::from(slot)) else {
        return;
    };
    let words = Words {
        plan: from.plan,
        scope: Scope::of_item(from.plan, item),
        lang,
    };
    let Some(there) = words.on_joined(slot) else {
        return;
    };
    let there = Words {
        scope: Scope {
            around: words.scope.kind,
            ..there.scope
        },
        ..there
    };
    let name = from.plan.kinds.get(join.kind.ix()).map_or("", |k| &k.name);
    let keys: Vec<String> = join.keys.iter().map(|k| there.text(k.theirs)).collect();
    let when = join.when.map_or_else(String::new, |w| {
        let when = there.text(w);
        lang.pick(format!("（且 {when}）"), format!(" (and {when})"))
    });
    let keys = keys.join(lang.pick("、", " and "));
    let anchor = join.from.and_then(|f| item.joins.get(usize::from(f)));
    let anchor = anchor.and_then(|j| from.plan.kinds.get(j.kind.ix()));
    let anchor_zh = anchor.map_or("此前".to_owned(), |k| format!("“{}”之前", k.name));
    let anchor_en = anchor.map_or("before".to_owned(), |k| format!("before “{}”", k.name));
    let (zh, en) = window(join, &words);
    line.text = lang.pick(
        format!("{anchor_zh}{zh}没有{keys}相同{when}的“{name}”"),
        format!("no “{name}” with the same {keys}{when}{en} {anchor_en}"),
    );
    line.condition = Some(line.text.clone());
    if let Some((near, why)) = &run.near {
        let (zh, en) = near_miss(from, near, *why, (join, &there));
        line.text.push_str(&lang.pick(zh, en));
    }
}

fn near_miss(
    from: &Sources<'_>,
    near: &JoinedFact,
    why: NearMiss,
    (join, there): (&Join, &Words<'_>),
) -> (String, String) {
    let (id, day) = (from.id(near.fact), at(near));
    let (zh, en) = match why {
        NearMiss::TooEarly(anchor) => {
            let (zh, en) = apart(from.plan, join, near.at, anchor);
            (format!("相隔 {zh}"), format!("{en} before"))
        }
        NearMiss::Taken(by) => {
            let (record, by) = (kind(from, by), from.id(by));
            (
                format!("已经和 {record} {by} 接上"),
                format!("joined with {record} {by} already"),
            )
        }
        NearMiss::Condition => {
            let when = join.when.map_or_else(String::new, |w| there.text(w));
            (
                format!("不符合 {when}"),
                format!("where it does not hold: {when}"),
            )
        }
    };
    (
        format!("；最近的是 {id}（{day}），{zh}"),
        format!("; the nearest is {id} ({day}), {en}"),
    )
}

/// `24小时内`; nothing for 终身.
fn window(join: &Join, words: &Words<'_>) -> (String, String) {
    match &join.within {
        Within::Lifetime => (String::new(), String::new()),
        Within::Seconds(n) => {
            let (zh, en) = length(*n);
            (format!(" {zh}内"), format!(" {en} or less"))
        }
        Within::Counted(c) => {
            let (zh, en) = length(c.seconds);
            let windows = words.windows(&c.windows);
            let (days_zh, days_en) = days_word(c);
            (
                format!(" {zh}内（只计{days_zh} {windows}）"),
                format!(" {en} or less (counting only {days_en} {windows})"),
            )
        }
        Within::Days(d) => {
            let (zh, en) = match d.working {
                true => ("个工作日", "working days"),
                false => ("个自然日", "calendar days"),
            };
            let n = d.count;
            (format!(" {n}{zh}内"), format!(" {n} {en} or less"))
        }
    }
}

/// How far apart, in the unit of the join.
fn apart(plan: &Plan, join: &Join, near: Instant, from: Instant) -> (String, String) {
    match &join.within {
        Within::Seconds(_) => length(from.0.saturating_sub(near.0)),
        Within::Counted(c) => worked(plan, c, near, from),
        Within::Days(_) | Within::Lifetime => {
            let days = i64::from(from.day().0) - i64::from(near.day().0);
            (format!("{days}天"), format!("{days} days"))
        }
    }
}

/// The counted time between two facts; where the calendar does not reach back so far, that it is more than the limit.
fn worked(plan: &Plan, c: &Counted, near: Instant, from: Instant) -> (String, String) {
    let working = |day: jifen_calendar::Day| match &plan.workdays {
        Some(calendar) if c.working => calendar.is_working(day),
        None if c.working => Err(MissingYear(day.ymd().0)),
        _ => Ok(true),
    };
    let (days_zh, days_en) = days_word(c);
    let seconds = counted_seconds(&c.windows, near, from, working);
    let (over_zh, over_en) = match seconds {
        Ok(_) => ("", ""),
        Err(_) => ("超过 ", "more than "),
    };
    let (zh, en) = length(seconds.unwrap_or(c.seconds));
    (
        format!("{over_zh}{zh}（只计{days_zh}的这些钟点）"),
        format!("{over_en}{en} (counting only these {days_en} hours)"),
    )
}

/// 工作日, 每日
fn days_word(c: &Counted) -> (&'static str, &'static str) {
    match c.working {
        true => ("工作日", "working-day"),
        false => ("每日", "daily"),
    }
}

/// Hours and minutes; what is less than a minute counts as one more.
fn length(seconds: i64) -> (String, String) {
    let minutes = seconds.div_euclid(60) + i64::from(seconds.rem_euclid(60) > 0);
    let (hours, rest) = (minutes.div_euclid(60), minutes.rem_euclid(60));
    let hours = Decimal::from_int(hours);
    match rest {
        0 => (format!("{hours}小时"), format!("{hours} hours")),
        _ => (
            format!("{hours}小时{rest}分钟"),
            format!("{hours} hours {rest} minutes"),
        ),
    }
}

fn kind(from: &Sources<'_>, fact: FactRef) -> String {
    let kind = from.plan.kinds.get(fact.kind.ix());
    kind.map(|k| k.name.clone()).unwrap_or_default()
}

/// The day, and the time of day where it is known.
fn at(j: &JoinedFact) -> String {
    match j.day_only {
        true => j.at.day().to_string(),
        false => instant(j.at),
    }
}
