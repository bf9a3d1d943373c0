//! S30: how a subject stands when a period has closed, found by its definition when it is asked for; and what measures read of accounts.

use jifen_data::Was;
use jifen_plan::{
    AtLine, Fall, Flag, Grade, Holder, PointsOf, PointsRead, Rank, Right, Source, Standing,
    StandingKind, StandingRead, Take, Ties, TimesOf,
};

use crate::account::Account;
use crate::eval::{Cx, Stop, V};
use crate::number::{N, divide, fit, int, of, round_to};
use crate::run::Office;
use crate::shared;
use crate::text;
use crate::time::{self, DAY};

/// First day and first day after.
type Span = (i64, i64);

/// How somebody stands.
#[derive(Clone)]
pub enum Stood {
    /// In a ranking.
    Placed(Placed),
    /// Not in it.
    NotEligible,
    /// Which level.
    Level(usize),
    /// Is the flag there?
    Flagged(bool),
    /// A right, and how much of it.
    Right(bool, Option<N>),
}

/// A place.
#[derive(Clone)]
pub struct Placed {
    by: N,
    place: usize,
    ahead: usize,
    equal: usize,
    entrants: usize,
    group: Option<String>,
}

/// What one subject is compared by.
struct Entry {
    group: Option<String>,
    /// Larger stands before.
    keys: Vec<N>,
    by: N,
}

/// What a measure reads of the subject's account when its period has closed.
pub fn points(cx: &Cx, read: &PointsRead) -> Result<V, Stop> {
    let (first, end) = cx.period.ok_or(Stop::Failed("no period"))?;
    let from = match read.of {
        PointsOf::Earned => first,
        PointsOf::EarnedThisYear => time::year_of(end - 1),
        PointsOf::Awarded | PointsOf::Balance => i64::MIN / DAY - 1,
    };
    let mut sum = Account::default();
    for (at, day, key, change, item) in cx.book {
        // An award of a period that has just closed belongs to it.
        let at_midnight = at.rem_euclid(DAY) == 0 && *day < at.div_euclid(DAY);
        let effect = match at_midnight {
            true => at.div_euclid(DAY) - 1,
            false => at.div_euclid(DAY),
        };
        let own = *key == (cx.roster.ix(), cx.subject, read.currency.ix());
        // What was there from the beginning has no day.
        if own && effect < end && from <= effect && meant(cx, &read.from, *item) {
            sum.add(change);
        }
    }
    cx.note(match read.from.as_slice() {
        [] => "看账户",
        [Source::Item(_)] => "看一个项目的分",
        [Source::Category(_)] => "看类别的分",
        _ => "看几个项目的分",
    });
    let value = match read.of {
        PointsOf::Earned | PointsOf::EarnedThisYear => sum.earned,
        PointsOf::Awarded => sum.awarded(),
        PointsOf::Balance => sum.balance(),
    };
    Ok(V::Num(fit(value)?))
}

/// Did one of those that 来自 names award it? Without 来自 whatever moved is looked at.
fn meant(cx: &Cx, from: &[Source], item: Option<usize>) -> bool {
    if from.is_empty() {
        return true;
    }
    let Some(item) = item.and_then(|i| cx.plan.items.get(i)) else {
        return false;
    };
    from.iter().any(|source| match source {
        Source::Item(name) => item.path.iter().last() == Some(name),
        Source::Category(name) => item.path.iter().rev().skip(1).any(|c| c == name),
    })
}

/// How the subject stands, as a value.
pub fn read(cx: &Cx, read: StandingRead) -> Result<V, Stop> {
    let standing = cx.plan.standings.get(read.standing.ix());
    let standing = standing.ok_or(Stop::Failed("no standing"))?;
    let nothing = || Stop::Unknown(format!("no value {}", standing.name));
    if let Take::InForce | Take::Worth = read.take {
        return in_force(cx, standing, read.take == Take::Worth);
    }
    let (standing, period) = match read.back {
        0 => (standing, cx.period.ok_or(Stop::Failed("no period"))?),
        back => {
            let from = cx.period.map_or(cx.event_day, |p| p.0);
            let mut period = time::period(standing.unit, from);
            for _ in 0..back {
                period = time::period(standing.unit, period.0 - 1);
            }
            let like = like(cx, standing, period.1 - 1).ok_or_else(nothing)?;
            (like, period)
        }
    };
    let who = whose(cx, standing)?;
    // Nobody of the group, or the subject itself, was there in that period.
    if taken_over(cx, standing, who, period).is_none() {
        at_close(cx, standing, who, period).ok_or_else(nothing)?;
    }
    cx.note(match (read.back, standing.of) {
        (_, Holder::Group(_)) => "看组的排名等级",
        (_, Holder::Everyone) => "看全体的排名等级",
        (0, _) => "看排名等级",
        _ => "看上一期的排名等级",
    });
    let stood = stood(cx, standing, who, period).map_err(|e| match e {
        Stop::Unknown(_) => nothing(),
        failed => failed,
    })?;
    let count = |n: usize| int(i64::try_from(n).unwrap_or(i64::MAX));
    Ok(match (read.take, stood) {
        (Take::Place, Stood::Placed(p)) => V::Num(count(p.place)),
        (Take::Entrants, Stood::Placed(p)) => V::Num(count(p.entrants)),
        (Take::Beats, Stood::Placed(p)) => {
            let behind = p.entrants - p.ahead - p.equal;
            V::Num(divide(&count(behind), &count(p.entrants))?)
        }
        (Take::Place | Take::Entrants | Take::Beats, Stood::NotEligible) => return Err(nothing()),
        (Take::First(_) | Take::Top(_), Stood::NotEligible) => V::YesNo(false),
        (Take::First(n), Stood::Placed(p)) => {
            let (n, StandingKind::Rank(rank)) = (cx.num(n)?, &standing.what) else {
                return Err(Stop::Failed("not a rank"));
            };
            V::YesNo(match rank.ties {
                Ties::Dense => count(p.place) <= n,
                Ties::Gaps => within(rank, &p, &n),
            })
        }
        (Take::Top(share), Stood::Placed(p)) => {
            let (share, StandingKind::Rank(rank)) = (cx.num(share)?, &standing.what) else {
                return Err(Stop::Failed("not a rank"));
            };
            let exact = fit(share * count(p.entrants))?;
            let n = match rank.round {
                Some(mode) => fit(round_to(&exact, &int(1), mode)?)?,
                None => exact,
            };
            V::YesNo(within(rank, &p, &n))
        }
        (Take::Level, Stood::Level(level)) => match &standing.what {
            StandingKind::Grade(g) => {
                let name = g.names.get(level).ok_or(Stop::Failed("no such level"))?;
                V::Text(name.clone())
            }
            _ => return Err(Stop::Failed("not a grade")),
        },
        (Take::Flagged, Stood::Flagged(yes)) => V::YesNo(yes),
        _ => return Err(Stop::Failed("not that standing")),
    })
}

/// Are so many people the subject and those before it, with what becomes of equals on the line?
fn within(rank: &Rank, p: &Placed, n: &N) -> bool {
    let count = |n: usize| int(i64::try_from(n).unwrap_or(i64::MAX));
    match rank.at_line {
        AtLine::AllIn => count(p.ahead) < *n,
        AtLine::AllOut => count(p.ahead + p.equal) <= *n,
    }
}

/// Rights that closed periods have given: is one in force on the event day, and how much of it?
fn in_force(cx: &Cx, standing: &Standing, worth: bool) -> Result<V, Stop> {
    let today = cx.event_day;
    let nothing = || Stop::Unknown(format!("no value {}", standing.name));
    let mut open = false;
    for (like, period) in history(cx, standing, cx.subject, today + 1)
        .into_iter()
        .rev()
    {
        let (StandingKind::Right(right), true) = (&like.what, period.1 <= today) else {
            continue;
        };
        let until = match right.months {
            None => time::period(like.unit, period.1).1,
            Some(m) => time::add_months(period.1, i32::from(m)),
        };
        if until <= today {
            continue;
        }
        match stood(cx, like, cx.subject, period) {
            Ok(Stood::Right(true, much)) => {
                cx.note("权益在有效期内");
                return match worth {
                    false => Ok(V::YesNo(true)),
                    true => much.map(V::Num).ok_or_else(nothing),
                };
            }
            Ok(_) => {}
            Err(Stop::Unknown(_)) => open = true,
            Err(failed) => return Err(failed),
        }
    }
    match open || worth {
        true => Err(nothing()),
        false => Ok(V::YesNo(false)),
    }
}

/// Whom it is about: the subject, or the group of the run or in which its subject is.
fn whose(cx: &Cx, standing: &Standing) -> Result<u32, Stop> {
    match standing.is_shared() {
        true => shared::group_named(cx, standing.of),
        false => Ok(cx.subject),
    }
}

/// The periods, ending at or before a day, on some day of which a subject is on the roster, or a group has a member, with the standing
/// of the version then in force.
fn history<'a>(cx: &Cx<'a>, of: &Standing, who: u32, until: i64) -> Vec<(&'a Standing, Span)> {
    let mut out = Vec::new();
    let from = cx.plan.versions.first().map(|v| i64::from(v.from.0));
    let before = cx.taken.iter().map(|t| i64::from(t.first.0));
    let Some(day) = from.into_iter().chain(before).min() else {
        return out;
    };
    let mut period = time::period(of.unit, day);
    while period.1 <= until {
        let there = match period.1 <= from.unwrap_or(day) {
            true => taken_over(cx, of, who, period).is_some(),
            false => at_close(cx, of, who, period).is_some(),
        };
        if let (true, Some(like)) = (there, like(cx, of, period.1 - 1)) {
            out.push((like, period));
        }
        period = time::period(of.unit, period.1);
    }
    out
}

/// The standing of the same name, roster, sort of groups and period in the version of a day.
fn like<'a>(cx: &Cx<'a>, of: &Standing, day: i64) -> Option<&'a Standing> {
    let found = (cx.plan.versions.iter())
        .position(|v| i64::from(v.from.0) <= day && v.to.is_none_or(|to| day < i64::from(to.0)));
    let version = match found {
        Some(version) => version,
        // What was taken over is told in the words of the first version.
        None if day < i64::from(cx.plan.versions.first()?.from.0) => 0,
        None => return None,
    };
    cx.plan.standings.iter().find(|s| {
        s.version.ix() == version
            && (&s.name, s.roster, s.of, s.unit) == (&of.name, of.roster, of.of, of.unit)
    })
}

/// S37: how a subject stood in a period before the policy, as it was taken over.
fn taken_over(cx: &Cx, of: &Standing, who: u32, period: Span) -> Option<Was> {
    let begin = i64::from(cx.plan.versions.first()?.from.0);
    if of.is_shared() || begin < period.1 {
        return None;
    }
    let own = cx.taken.iter().find(|t| {
        let like = cx.plan.standings.get(t.standing.ix());
        let like = like.filter(|s| (&s.name, s.roster, s.unit) == (&of.name, of.roster, of.unit));
        like.is_some() && t.subject == who && i64::from(t.first.0) == period.0
    });
    own.map(|t| t.was)
}

/// A subject when a period has closed, if it was there; a group, if it had a member.
fn at_close<'a>(cx: &Cx<'a>, of: &Standing, who: u32, period: Span) -> Option<Cx<'a>> {
    let last = period.1 - 1;
    // Before the policy nothing is computed.
    cx.plan
        .versions
        .first()
        .filter(|v| i64::from(v.from.0) <= last)?;
    let mut inner = cx.clone();
    (inner.roster, inner.subject, inner.group) = (of.roster, who, None);
    if of.is_shared() {
        inner.group = Some((of.of, who));
        shared::somebody(&inner, of.roster, of.of, who, period).then_some(())?;
        inner.subject = u32::MAX;
        inner.attr_day = last;
        return Some(closing(inner, period));
    }
    inner.attr_day = (period.0..period.1).rev().find(|d| inner.is_present(*d))?;
    Some(closing(inner, period))
}

/// Under the version in force at the end of a period.
fn closing<'a>(mut inner: Cx<'a>, period: Span) -> Cx<'a> {
    let last = period.1 - 1;
    inner.fact = None;
    let in_force = |v: &jifen_plan::Version| {
        i64::from(v.from.0) <= last && v.to.is_none_or(|t| last < i64::from(t.0))
    };
    inner.version = (inner.plan.versions.iter()).position(in_force).unwrap_or(0);
    (inner.event_day, inner.entry_day, inner.rule_day) = (last, last, last);
    inner.instant = period.1 * DAY;
    inner.period = Some(period);
    inner.day_only = true;
    inner.span = None;
    inner.counted.clear();
    inner.joined.clear();
    inner.around = None;
    inner
}

/// Is a subject on the roster on the last day of a period, or has a group a member then?
fn at_the_end(own: &Cx, standing: &Standing, who: u32, period: Span) -> bool {
    let last = period.1 - 1;
    match standing.is_shared() {
        true => shared::somebody(own, standing.roster, standing.of, who, (last, period.1)),
        false => own.is_present(last),
    }
}

fn stood(cx: &Cx, standing: &Standing, who: u32, period: Span) -> Result<Stood, Stop> {
    let taken = taken_over(cx, standing, who, period);
    if taken.is_some() {
        cx.note("期初的等级标记");
    }
    match taken {
        Some(Was::Level(level)) => return Ok(Stood::Level(usize::from(level))),
        Some(Was::Right(has, worth)) => return Ok(Stood::Right(has, worth.map(of))),
        Some(Was::Held(_)) => {
            let StandingKind::Flag(flag) = standing.what else {
                return Err(Stop::Failed("not a flag"));
            };
            return flagged(cx, flag, standing, (who, period)).map(Stood::Flagged);
        }
        None => {}
    }
    // Who looks back where nothing is known looks at each period before: to find all of them anew would take twice as long with each.
    let at = (cx.plan.standings.iter()).position(|s| std::ptr::eq(s, standing));
    let key = (at.unwrap_or(usize::MAX), who, period.0);
    if let Some(known) = cx.known.standings.borrow().get(&key) {
        return known.clone();
    }
    let found = found(cx, standing, who, period);
    (cx.known.standings.borrow_mut()).insert(key, found.clone());
    found
}

fn found(cx: &Cx, standing: &Standing, who: u32, period: Span) -> Result<Stood, Stop> {
    let own = at_close(cx, standing, who, period).ok_or(Stop::Failed("not there"))?;
    match &standing.what {
        StandingKind::Rank(rank) => ranked(&own, rank, standing, (who, period)),
        StandingKind::Grade(grade) => graded(&own, grade, standing, (who, period)),
        StandingKind::Flag(flag) => {
            flagged(&own, *flag, standing, (who, period)).map(Stood::Flagged)
        }
        StandingKind::Right(right) => entitled(&own, *right),
    }
}

/// Against everybody who is on the roster on the last day of the period.
fn ranked(
    own: &Cx,
    rank: &Rank,
    standing: &Standing,
    (who, period): (u32, Span),
) -> Result<Stood, Stop> {
    if !at_the_end(own, standing, who, period) {
        return Ok(Stood::NotEligible);
    }
    let Some(mine) = entry(own, rank)? else {
        own.note("不参评");
        return Ok(Stood::NotEligible);
    };
    let all = candidates(own, standing);
    let (mut before, mut equal, mut entrants) = (Vec::new(), 0, 0);
    for other in (0_u32..).take(all) {
        let Some(them) = at_close(own, standing, other, period) else {
            continue;
        };
        if !at_the_end(&them, standing, other, period) {
            continue;
        }
        // Whose own value cannot be told is not ranked.
        let Ok(Some(theirs)) = entry(&them, rank) else {
            continue;
        };
        if theirs.group != mine.group {
            continue;
        }
        entrants += 1;
        if theirs.keys == mine.keys {
            equal += 1;
        } else if theirs.keys > mine.keys {
            before.push(theirs.keys);
        }
    }
    let ahead = before.len();
    before.sort();
    before.dedup();
    own.note("排名");
    if equal > 1 {
        own.note("并列");
    }
    Ok(Stood::Placed(Placed {
        by: mine.by,
        place: 1 + match rank.ties {
            Ties::Gaps => ahead,
            Ties::Dense => before.len(),
        },
        ahead,
        equal,
        entrants,
        group: mine.group,
    }))
}

/// How many subjects or groups there may be.
fn candidates(cx: &Cx, standing: &Standing) -> usize {
    match standing.of {
        Holder::Account => {
            let table = cx.rosters.table(standing.roster);
            table.map_or(0, |t| t.ids.len())
        }
        of => shared::groups(cx, standing.roster, of),
    }
}

/// What somebody is compared by; none: outside of 参评范围.
fn entry(cx: &Cx, rank: &Rank) -> Result<Option<Entry>, Stop> {
    if let Some(among) = rank.among
        && !cx.truth(among)?
    {
        return Ok(None);
    }
    let group = match rank.within {
        None => None,
        Some(attr) => match cx.attr_of(cx.roster, Some(cx.subject), attr, cx.attr_day)? {
            V::Text(word) => Some(word),
            _ => return Err(Stop::Failed("not a group")),
        },
    };
    let by = cx.num(rank.by)?;
    let turned = |n: N, low: bool| if low { -n } else { n };
    let mut keys = vec![turned(by.clone(), rank.low_first)];
    for (key, low) in &rank.then {
        keys.push(turned(cx.num(*key)?, *low));
    }
    Ok(Some(Entry { group, keys, by }))
}

fn graded(
    own: &Cx,
    grade: &Grade,
    standing: &Standing,
    (who, period): (u32, Span),
) -> Result<Stood, Stop> {
    let index = |level: &N| {
        (0..grade.names.len()).find(|i| int(i64::try_from(*i).unwrap_or(i64::MAX)) == *level)
    };
    if let Some(veto) = grade.veto
        && let Some(given) = index(&own.num(veto)?)
    {
        own.note("一票否决给的等级");
        return Ok(Stood::Level(given));
    }
    let now = index(&own.num(grade.level)?).ok_or(Stop::Failed("no such level"))?;
    let step = match grade.fall {
        Fall::Freely => return Ok(Stood::Level(now)),
        Fall::Stepwise => 1,
        Fall::Never => 0,
    };
    for (like, earlier) in history(own, standing, who, period.0).into_iter().rev() {
        let (Ok(Stood::Level(was)), StandingKind::Grade(old)) =
            (stood(own, like, who, earlier), &like.what)
        else {
            continue;
        };
        let name = old.names.get(was);
        let Some(was) = name.and_then(|n| grade.names.iter().position(|x| x == n)) else {
            break;
        };
        if was > now + step {
            own.note("保级");
        }
        return Ok(Stood::Level(now.max(was.saturating_sub(step))));
    }
    Ok(Stood::Level(now))
}

fn flagged(
    own: &Cx,
    flag: Flag,
    standing: &Standing,
    (who, period): (u32, Span),
) -> Result<bool, Stop> {
    let said = |standing: &Standing, at: Span, when| match taken_over(own, standing, who, at) {
        Some(Was::Held(yes)) => Ok(yes),
        Some(_) => Err(Stop::Failed("not a flag")),
        None => {
            let cx = at_close(own, standing, who, at).ok_or(Stop::Failed("not there"))?;
            cx.truth(when)
        }
    };
    let Some(times) = flag.times else {
        return said(standing, period, flag.when);
    };
    let wanted = usize::from(times.n);
    // What each period says, the latest first, and whether it stands directly before the one before it.
    let mut all = Vec::new();
    let mut next = period.1;
    for (like, at) in history(own, standing, who, period.1).into_iter().rev() {
        let StandingKind::Flag(then) = like.what else {
            continue;
        };
        all.push((at.1 == next, at, like, then.when));
        next = at.0;
    }
    let mut held = 0;
    let (mut seen, mut chained) = (0_usize, true);
    for (close, at, like, when) in all {
        chained &= close;
        seen += 1;
        let counts = match times.of {
            TimesOf::Ever => true,
            TimesOf::Last(m) => {
                let mut oldest = period;
                for _ in 1..m {
                    oldest = time::period(standing.unit, oldest.0 - 1);
                }
                oldest.0 <= at.0
            }
            TimesOf::Running { .. } => chained,
        };
        if !counts {
            break;
        }
        let said = said(like, at, when);
        match (times.of, said) {
            (_, Err(Stop::Failed(why))) => return Err(Stop::Failed(why)),
            (TimesOf::Running { .. }, Err(unknown)) if seen == 1 => return Err(unknown),
            (TimesOf::Running { skip: false }, Err(_)) | (TimesOf::Running { .. }, Ok(false)) => {
                break;
            }
            (_, Ok(true)) => held += 1,
            (_, Ok(false) | Err(_)) => {}
        }
        if held == wanted {
            own.note("几期达到");
            return Ok(true);
        }
    }
    Ok(false)
}

fn entitled(own: &Cx, right: Right) -> Result<Stood, Stop> {
    if !own.truth(right.has)? {
        return Ok(Stood::Right(false, None));
    }
    let worth = right.worth.map(|w| own.num(w)).transpose()?;
    Ok(Stood::Right(true, worth))
}

impl Office<'_> {
    /// A line for each standing, period and subject.
    pub fn standings(&mut self) {
        let plan = self.plan;
        // What a run that failed had found was noted with it.
        self.known.standings.borrow_mut().clear();
        for s in &plan.standings {
            let asked = self.cx(s.roster, u32::MAX, self.as_of);
            for code in (0_u32..).take(candidates(&asked, s)) {
                let cx = match s.is_shared() {
                    true => self.cx(s.roster, u32::MAX, self.as_of),
                    false => self.cx(s.roster, code, self.as_of),
                };
                for (like, period) in history(&cx, s, code, self.as_of + 1) {
                    // What was taken over is no result.
                    if !std::ptr::eq(like, s) || taken_over(&cx, s, code, period).is_some() {
                        continue;
                    }
                    let result = match stood(&cx, s, code, period) {
                        Ok(stood) => in_words(s, &stood),
                        Err(Stop::Unknown(why)) => format!("no value|{why}"),
                        Err(Stop::Failed(why)) => format!("failed|{why}"),
                    };
                    let who = match s.is_shared() {
                        true => shared::called(&cx, s.roster, s.of, code),
                        false => text::account(plan, self.rosters, s.roster, code),
                    };
                    let version = plan.versions.get(s.version.ix());
                    let version = version.map_or("?", |v| v.name.as_str());
                    let first = time::day_text(period.0);
                    let line = format!("G|{who}|{}|{version}|{first}|{result}", s.name);
                    self.lines.push(line);
                }
            }
        }
    }
}

fn in_words(s: &Standing, stood: &Stood) -> String {
    let word = |yes: bool| if yes { "yes" } else { "no" };
    match (stood, &s.what) {
        (Stood::Placed(p), _) => {
            let group = p
                .group
                .as_ref()
                .map_or(String::new(), |g| format!(" in {g}"));
            let by = crate::number::text(&p.by);
            format!(
                "place {} of {} ahead {} equal {} by {by}{group}",
                p.place, p.entrants, p.ahead, p.equal
            )
        }
        (Stood::NotEligible, _) => "not eligible".to_owned(),
        (Stood::Level(level), StandingKind::Grade(g)) => {
            format!("level {}", g.names.get(*level).map_or("?", String::as_str))
        }
        (Stood::Flagged(yes), _) => format!("flag {}", word(*yes)),
        (Stood::Right(yes, worth), _) => {
            let worth = worth
                .as_ref()
                .map_or(String::new(), |w| format!(" {}", crate::number::text(w)));
            format!("right {}{worth}", word(*yes))
        }
        _ => "?".to_owned(),
    }
}
