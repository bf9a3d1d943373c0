//! S28, decision 033: measures of groups and of everybody, by their definition: who is in a group is asked of everybody, day by day.

use jifen_plan::{ExprId, Holder, Measure, MeasureIx, OfMembers, OverMembers, RosterIx, Value};

use crate::eval::{Cx, Stop, V};
use crate::measure::like;
use crate::number::{self, N};
use crate::run::Office;
use crate::settle::id_order;
use crate::time::{self, DAY};

/// First day and first day after.
type Span = (i64, i64);

/// The code of the word that a subject has on a day; of everybody 0.
pub fn group_on(cx: &Cx, holder: Holder, subject: u32, day: i64) -> Option<u32> {
    let Holder::Group(attr) = holder else {
        return Some(0);
    };
    let word = cx.attr_of(cx.roster, Some(subject), attr, day).ok()?;
    let V::Text(word) = word else { return None };
    let attrs = cx.rosters.table(cx.roster)?.attrs.get(attr.ix())?;
    let at = attrs.values.get_index_of(&Value::Text(word))?;
    u32::try_from(at).ok()
}

/// The group that the run is about, or in which its subject is on the day on which it reads attributes.
pub fn group_of(cx: &Cx, of: &Measure) -> Result<u32, Stop> {
    group_named(cx, of.of)
}

/// The same for any sort of groups.
pub fn group_named(cx: &Cx, of: Holder) -> Result<u32, Stop> {
    let Holder::Group(attr) = of else {
        return Ok(0);
    };
    match cx.group {
        Some((holder, code)) if holder == of => Ok(code),
        Some(_) => Err(Stop::Failed("another sort of group")),
        None => {
            let found = group_on(cx, of, cx.subject, cx.attr_day);
            found.ok_or_else(|| cx.no_attr(cx.roster, attr))
        }
    }
}

/// All subjects of a roster, in the order of ids.
fn everybody(cx: &Cx, roster: RosterIx) -> Vec<u32> {
    let Some(table) = cx.rosters.table(roster) else {
        return Vec::new();
    };
    let mut all: Vec<u32> = (0..).take(table.ids.len()).collect();
    let id = |s: &u32| table.ids.get_index(*s as usize).map_or("", String::as_str);
    all.sort_by(|a, b| id_order(id(a), id(b)));
    all
}

/// Is a subject on the roster, and in the group, on a day?
fn belongs(cx: &Cx, of: (RosterIx, Holder), subject: u32, group: u32, day: i64) -> bool {
    cx.is_there(of.0, subject, day) && group_on(cx, of.1, subject, day) == Some(group)
}

/// Has a group a member on some day of a period?
pub fn somebody(cx: &Cx, roster: RosterIx, of: Holder, group: u32, period: Span) -> bool {
    let there = Cx {
        roster,
        ..cx.clone()
    };
    everybody(cx, roster).into_iter().any(|s| {
        let mut days = period.0..period.1;
        days.any(|d| belongs(&there, (roster, of), s, group, d))
    })
}

/// The same for the group that a measure is about.
fn of_group<'a>(cx: &Cx<'a>, m: &Measure, group: u32, period: Span) -> Cx<'a> {
    let last = period.1 - 1;
    Cx {
        roster: m.roster,
        subject: u32::MAX,
        group: Some((m.of, group)),
        ..at_end(cx, m.version.ix(), period, last)
    }
}

/// At the end of a period, attributes being read on a day of it.
fn at_end<'a>(cx: &Cx<'a>, version: usize, period: Span, attr_day: i64) -> Cx<'a> {
    let last = period.1 - 1;
    Cx {
        fact: None,
        version,
        event_day: last,
        entry_day: last,
        rule_day: last,
        attr_day,
        instant: period.1 * DAY,
        day_only: true,
        period: Some(period),
        span: None,
        counted: Vec::new(),
        joined: Vec::new(),
        around: None,
        ..cx.clone()
    }
}

/// What a group's measure comes to in a period; none if it has no member on any day of it.
fn once(cx: &Cx, ix: usize, m: &Measure, group: u32, period: Span) -> Option<Result<N, Stop>> {
    if !somebody(cx, m.roster, m.of, group, period) {
        return None;
    }
    let key = (ix, m.roster.ix(), group, period.0);
    let known = cx.known.measures.borrow().get(&key).cloned();
    let (value, noted) = known.unwrap_or_else(|| {
        let before = cx.notes.mark();
        let value = of_group(cx, m, group, period).num(m.node);
        let found = (value, cx.notes.of_nobody(before));
        cx.known.measures.borrow_mut().insert(key, found.clone());
        found
    });
    // What took effect in the value took effect for whoever reads it.
    if cx.subject != u32::MAX {
        noted.iter().for_each(|what| cx.note(what));
    }
    Some(value)
}

/// The same under the version in force at the end of the period; where that has no such measure there is no value.
pub fn of_version(cx: &Cx, of: &Measure, group: u32, period: Span) -> Option<Result<N, Stop>> {
    match like(cx.plan, of, period.1 - 1) {
        Some((ix, m)) => once(cx, ix, m, group, period),
        None => Some(Err(Stop::Unknown(format!("no value {}", of.name)))),
    }
}

/// 参与率, of the period of the run.
pub fn read(cx: &Cx, ix: MeasureIx) -> Result<V, Stop> {
    let m = cx.plan.measures.get(ix.ix());
    let m = m.ok_or(Stop::Failed("no measure"))?;
    let period = cx.period.ok_or(Stop::Failed("no period"))?;
    let group = group_of(cx, m)?;
    cx.note(match m.of {
        Holder::Everyone => "全体的指标",
        _ => "组的指标",
    });
    let nothing = || Err(Stop::Unknown(format!("no value {}", m.name)));
    let value = once(cx, ix.ix(), m, group, period);
    value.unwrap_or_else(nothing).map(V::Num)
}

/// What each member has who is there, and in the group, on the last day of the period.
fn of_each<T>(
    cx: &Cx,
    of: (RosterIx, Holder),
    find: impl Fn(&Cx) -> Result<T, Stop>,
) -> Result<Vec<Result<T, Stop>>, Stop> {
    let period = cx.period.ok_or(Stop::Failed("no period"))?;
    let (_, group) = cx.group.ok_or(Stop::Failed("no group"))?;
    let last = period.1 - 1;
    let mut out = Vec::new();
    for subject in everybody(cx, of.0) {
        if belongs(cx, of, subject, group, last) {
            let member = Cx {
                subject,
                group: None,
                ..at_end(cx, cx.version, period, last)
            };
            out.push(find(&member));
        }
    }
    if out.is_empty() {
        cx.note("组里没有人");
    }
    Ok(out)
}

/// Whose members are asked.
fn grouping(cx: &Cx) -> Result<(RosterIx, Holder), Stop> {
    let (holder, _) = cx.group.ok_or(Stop::Failed("no group"))?;
    Ok((cx.roster, holder))
}

/// 合计(个人分)
pub fn over_members(cx: &Cx, over: OverMembers) -> Result<V, Stop> {
    let m = cx.plan.measures.get(over.measure.ix());
    let m = m.ok_or(Stop::Failed("no measure"))?;
    let nothing = || Stop::Unknown(format!("no value {}", m.name));
    let mut values = Vec::new();
    let of = grouping(cx)?;
    for value in of_each(cx, of, |member| member.num(m.node))? {
        match value {
            Ok(n) => values.push(n),
            Err(Stop::Unknown(_)) if over.skip => cx.note("略过无值"),
            Err(Stop::Unknown(_)) => return Err(nothing()),
            Err(failed) => return Err(failed),
        }
    }
    cx.note("成员合看");
    let many = number::int(i64::try_from(values.len()).unwrap_or(i64::MAX));
    let mut sum = number::int(0);
    if let OfMembers::Sum | OfMembers::Mean = over.what {
        for n in &values {
            sum = number::fit(sum + n)?;
        }
    }
    let found = match over.what {
        OfMembers::Sum => Some(sum),
        OfMembers::Count => Some(many),
        OfMembers::Mean if values.is_empty() => None,
        OfMembers::Mean => Some(number::divide(&sum, &many)?),
        OfMembers::Max => values.into_iter().max(),
        OfMembers::Min => values.into_iter().min(),
    };
    found.map(V::Num).ok_or_else(nothing)
}

/// 计数(居民 当 …)
pub fn members(cx: &Cx, when: Option<ExprId>) -> Result<V, Stop> {
    let of = grouping(cx)?;
    let mut n = 0;
    for holds in of_each(cx, of, |member| member.holds(when))? {
        n += i64::from(holds?);
    }
    cx.note("数成员");
    Ok(V::Num(number::int(n)))
}

/// How many groups there may be: words of the attribute; of everybody one.
pub fn groups(cx: &Cx, roster: RosterIx, of: Holder) -> usize {
    let Holder::Group(attr) = of else { return 1 };
    let table = cx.rosters.table(roster);
    let values = table.and_then(|t| t.attrs.get(attr.ix()));
    values.map_or(0, |a| a.values.len())
}

/// What a group is called in a line of the result.
pub fn called(cx: &Cx, roster: RosterIx, of: Holder, group: u32) -> String {
    let declared = cx.plan.rosters.get(roster.ix());
    let name = declared.map_or("?", |r| r.name.as_str());
    let Holder::Group(attr) = of else {
        return format!("{name} all");
    };
    let values = cx
        .rosters
        .table(roster)
        .and_then(|t| t.attrs.get(attr.ix()));
    let word = match values.and_then(|v| v.values.get_index(group as usize)) {
        Some(Value::Text(word)) => word,
        _ => "?",
    };
    let attr = declared.and_then(|r| r.attrs.get(attr.ix()));
    let attr = attr.map_or("?", |a| a.name.as_str());
    format!("{name} by {attr}/{word}")
}

impl Office<'_> {
    /// A line for each group of a measure in a period.
    pub fn of_groups(&mut self, ix: usize, m: &Measure, period: Span) {
        let cx = self.cx(m.roster, u32::MAX, period.1 - 1);
        let mut lines = Vec::new();
        for group in (0_u32..).take(groups(&cx, m.roster, m.of)) {
            let who = called(&cx, m.roster, m.of, group);
            let Some(value) = once(&cx, ix, m, group, period) else {
                continue;
            };
            let result = match value {
                Ok(n) => number::text(&n),
                Err(Stop::Unknown(why)) => format!("no value|{why}"),
                Err(Stop::Failed(why)) => format!("failed|{why}"),
            };
            let version = self.plan.versions.get(m.version.ix());
            let version = version.map_or("?", |v| v.name.as_str());
            let first = time::day_text(period.0);
            lines.push(format!("K|{who}|{}|{version}|{first}|{result}", m.name));
        }
        self.lines.extend(lines);
    }
}
