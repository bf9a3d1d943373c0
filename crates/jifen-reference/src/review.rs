//! 复核 (S24): what becomes of a held award, from the confirmations of its fact.

use jifen_data::Confirmation;
use jifen_plan::{Days, Plan, PublishFrom, Review};

use crate::eval::{Cx, Stop};
use crate::time::{self, DAY};

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Released at this instant.
    Release(i64),
    /// Refused by a reviewer.
    Reject(i64),
    /// Not confirmed in time.
    Lapse(i64),
    /// Waits.
    Open,
}

/// The fate of an award held by `review`, `list` being the fact's confirmations in order.
pub fn fate(cx: &Cx, review: &Review, list: &[&Confirmation]) -> Result<Fate, Stop> {
    let lapse = review
        .lapse
        .map(|days| after(cx.plan, cx.entry_day, days))
        .transpose()?;
    let late = |t: i64| lapse.is_some_and(|l| l <= t);
    let release = |complete: i64| publication(cx, review, complete);
    let mut given: Vec<(&str, &str)> = Vec::new();
    let mut released = None;
    if review.confirm.is_empty() && !late(cx.instant) {
        released = Some(release(cx.instant)?);
    }
    for c in list {
        let at = c.at.0.max(cx.instant);
        if released.is_none() && late(at) {
            break;
        }
        if !c.positive {
            if released.is_some_and(|r| r <= at) {
                break;
            }
            return Ok(Fate::Reject(at));
        }
        let counts = review.confirm.contains(&c.role)
            && given
                .iter()
                .all(|(role, who)| *role != c.role && *who != c.who);
        if released.is_none() && counts {
            given.push((&c.role, &c.who));
            if given.len() == review.confirm.len() {
                released = Some(release(at)?);
            }
        }
    }
    Ok(match (released, lapse) {
        (Some(r), _) => Fate::Release(r),
        (None, Some(l)) => Fate::Lapse(l),
        (None, None) => Fate::Open,
    })
}

/// When an award whose list is complete is released.
fn publication(cx: &Cx, review: &Review, complete: i64) -> Result<i64, Stop> {
    let Some(publish) = review.publish else {
        return Ok(complete);
    };
    let from = match publish.from {
        PublishFrom::LastConfirmation => complete.div_euclid(DAY),
        PublishFrom::Event => cx.event_day,
        PublishFrom::Entry => cx.entry_day,
    };
    Ok(after(cx.plan, from, publish.days)?.max(complete))
}

/// 00:00 of the day after the last of these days.
fn after(plan: &Plan, from: i64, days: Days) -> Result<i64, Stop> {
    let last = if days.working {
        time::working_day(plan.workdays.as_ref(), from, days.count)
            .map_err(|year| Stop::Unknown(format!("calendar {year}")))?
    } else {
        from + i64::from(days.count)
    };
    Ok((last + 1) * DAY)
}
