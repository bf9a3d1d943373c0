//! What becomes of a held award: released, refused, lapsed or still open (evaluation.md 1.6 and 4.6).

use jifen_calendar::{Day, Instant, MissingYear};
use jifen_data::{Missing, Origin};
use jifen_plan::{Days, PublishFrom, Review};

use crate::case::Case;

/// The fate of a held award, whether or not the as-of day sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Release(Instant),
    Refused(Instant),
    Lapsed(Instant),
    Open,
}

/// Walks the confirmations of the run's fact.
pub(crate) fn fate(case: &Case<'_>, review: &Review) -> Result<Fate, Missing> {
    let lapse = match review.lapse {
        Some(days) => Some(after(case, case.entry_day, days)?),
        None => None,
    };
    let in_time = |at: Instant| lapse.is_none_or(|l| at < l);
    let mut given: Vec<(&str, &str)> = Vec::new();
    let mut release = None;
    if review.confirm.is_empty() && in_time(case.at) {
        release = Some(release_after(case, review, case.at)?);
    }
    for c in confirmations(case) {
        let at = c.at.max(case.at);
        if !c.positive {
            match release {
                Some(r) if r <= at => break,
                _ if release.is_none() && !in_time(at) => break,
                _ => return Ok(Fate::Refused(at)),
            }
        }
        let wanted = review.confirm.contains(&c.role);
        let fresh = given
            .iter()
            .all(|(role, who)| *role != c.role && *who != c.who);
        if release.is_none() && wanted && fresh && in_time(at) {
            given.push((&c.role, &c.who));
            if review
                .confirm
                .iter()
                .all(|r| given.iter().any(|(role, _)| role == r))
            {
                release = Some(release_after(case, review, at)?);
            }
        }
    }
    Ok(match (release, lapse) {
        (Some(r), _) => Fate::Release(r),
        (None, Some(l)) => Fate::Lapsed(l.max(case.at)),
        (None, None) => Fate::Open,
    })
}

fn confirmations<'w>(
    case: &Case<'w>,
) -> impl Iterator<Item = &'w jifen_data::Confirmation> + use<'w> {
    let world = case.world;
    let list: &'w [u32] = match case.origin {
        Origin::Fact(f) => (world.settled.kinds.get(f.kind.ix()))
            .and_then(|k| k.confirmations.get(&f.row))
            .map_or(&[], Vec::as_slice),
        Origin::Period(_) => &[],
    };
    list.iter()
        .filter_map(|i| world.facts.confirmations.get(*i as usize))
}

fn release_after(case: &Case<'_>, review: &Review, complete: Instant) -> Result<Instant, Missing> {
    let Some(publish) = review.publish else {
        return Ok(complete);
    };
    let from = match publish.from {
        PublishFrom::LastConfirmation => complete.day(),
        PublishFrom::Event => case.event_day,
        PublishFrom::Entry => case.entry_day,
    };
    Ok(after(case, from, publish.days)?.max(complete))
}

/// 00:00 of the day after the last of so many days, counted from the day after `from`.
fn after(case: &Case<'_>, from: Day, days: Days) -> Result<Instant, Missing> {
    let last = if days.working {
        let missing = |MissingYear(y)| Missing::CalendarYear(y);
        match &case.world.plan.workdays {
            Some(calendar) => calendar
                .add_working_days(from, days.count)
                .map_err(missing)?,
            None if days.count == 0 => from,
            None => return Err(Missing::CalendarYear(from.add_days(1).ymd().0)),
        }
    } else {
        from.add_days(i64::from(days.count))
    };
    Ok(last.add_days(1).start())
}
