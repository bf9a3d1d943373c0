//! What runs read of how subjects and groups stand: places, levels, flags, rights in force (S30, S32).

use jifen_data::{Missing, Stood};
use jifen_plan::{Rank, Standing, StandingKind, StandingRead, Take, Ties};
use jifen_quantity::Decimal;

use crate::case::Case;
use crate::error::Stop;
use crate::scalar::Scalar;
use crate::shared;
use crate::standing::like;
use crate::world::Val;

type Result<T> = std::result::Result<T, Stop>;

/// How the subject of a run stands, as a value.
pub(crate) fn read<'w>(scalar: &mut Scalar<'w>, read: StandingRead) -> Result<Val<'w>> {
    let case = scalar.case;
    let world = case.world;
    let standing = world.plan.standings.get(read.standing.ix());
    let standing = standing.ok_or(Stop::Plan("a standing index"))?;
    if let Take::InForce | Take::Worth = read.take {
        return in_force(&case, standing, read);
    }
    let nothing = Stop::Unknown(Missing::NoStanding(read.standing));
    let (ix, standing, first) = match read.back {
        0 => {
            let (first, _) = (case.period).ok_or(Stop::Plan("a standing without a period"))?;
            (read.standing, standing, first)
        }
        back => {
            let mut period = standing
                .unit
                .bounds(case.period.map_or(case.event_day, |p| p.0));
            for _ in 0..back {
                period = standing.unit.bounds(period.0.add_days(-1));
            }
            let found = like(world.plan, standing, period.1.add_days(-1));
            match found.and_then(|ix| Some((ix, world.plan.standings.get(ix.ix())?))) {
                Some((ix, of)) => (ix, of, period.0),
                None => return Err(nothing),
            }
        }
    };
    let who = match standing.is_shared() {
        true => shared::group_in(&case, standing.of)?,
        false => case.account.subject,
    };
    let Some(stood) = world.standings.stood(ix, first, who) else {
        return Err(nothing);
    };
    let count = |n: u32| Val::Num(Decimal::from_int(i64::from(n)));
    Ok(match (read.take, stood) {
        (_, Stood::NoValue(_)) => return Err(nothing),
        (_, Stood::Failed(why)) => return Err(Stop::Failed(*why)),
        (Take::Place, Stood::Placed(p)) => count(p.place),
        (Take::Entrants, Stood::Placed(p)) => count(p.entrants),
        (Take::Beats, Stood::Placed(p)) => {
            let (behind, all) = (i64::from(p.behind()), i64::from(p.entrants));
            Val::Num(Decimal::from_int(behind).div(Decimal::from_int(all))?)
        }
        (Take::Place | Take::Entrants | Take::Beats, Stood::NotEligible) => return Err(nothing),
        (Take::First(_) | Take::Top(_), Stood::NotEligible) => Val::YesNo(false),
        (Take::First(n), Stood::Placed(p)) => {
            let n = scalar.num(n)?;
            Val::YesNo(match rank_of(standing)?.ties {
                Ties::Dense => Decimal::from_int(i64::from(p.place)) <= n,
                Ties::Gaps => rank_of(standing)?.within(p.ahead, p.equal, n),
            })
        }
        (Take::Top(share), Stood::Placed(p)) => {
            let rank = rank_of(standing)?;
            let n = rank.line(scalar.num(share)?, p.entrants)?;
            Val::YesNo(rank.within(p.ahead, p.equal, n))
        }
        (Take::Level, Stood::Level(level)) => Val::Text(level_name(standing, *level)?),
        (Take::Flagged, Stood::Flagged(yes)) => Val::YesNo(*yes),
        _ => return Err(Stop::Plan("another sort of standing")),
    })
}

fn level_name(standing: &Standing, level: u16) -> Result<&str> {
    let name = match &standing.what {
        StandingKind::Grade(g) => g.names.get(usize::from(level)),
        _ => None,
    };
    name.map(String::as_str).ok_or(Stop::Plan("a level"))
}

fn rank_of(standing: &Standing) -> Result<&Rank> {
    match &standing.what {
        StandingKind::Rank(rank) => Ok(rank),
        _ => Err(Stop::Plan("a standing that is no rank")),
    }
}

/// Rights that closed periods have given: is one in force on the event day, and how much of it? The latest decides.
fn in_force<'w>(case: &Case<'w>, of: &Standing, read: StandingRead) -> Result<Val<'w>> {
    let (world, today) = (case.world, case.event_day);
    let nothing = Stop::Unknown(Missing::NoStanding(read.standing));
    let months = |s: &Standing| match &s.what {
        StandingKind::Right(r) if s.name == of.name => r.months,
        _ => None,
    };
    // None of those that ended earlier can hold any more.
    let longest = world.plan.standings.iter().filter_map(months).max();
    let (mut open, subject) = (false, case.account.subject);
    let closed = of.unit.bounds(today).0;
    // A run at the end of a period is dated its last day, which the period does not outlive.
    for (like, period) in world.standings.back(world.plan, of, subject, closed) {
        let reach = period.1.add_months(i64::from(longest.unwrap_or(0)));
        if reach <= today && of.unit.bounds(period.1).1 <= today {
            break;
        }
        let standing = world.plan.standings.get(like.ix());
        let Some(StandingKind::Right(right)) = standing.map(|s| &s.what) else {
            continue;
        };
        let until = match right.months {
            None => of.unit.bounds(period.1).1,
            Some(m) => period.1.add_months(i64::from(m)),
        };
        if until <= today {
            continue;
        }
        match world.standings.stood(like, period.0, subject) {
            Some(Stood::Right(true, worth)) => {
                return match (read.take, worth) {
                    (Take::Worth, Some(n)) => Ok(Val::Num(*n)),
                    (Take::Worth, None) => Err(nothing),
                    _ => Ok(Val::YesNo(true)),
                };
            }
            Some(Stood::NoValue(_)) => open = true,
            Some(Stood::Failed(why)) => return Err(Stop::Failed(*why)),
            _ => {}
        }
    }
    match open || read.take == Take::Worth {
        true => Err(nothing),
        false => Ok(Val::YesNo(false)),
    }
}
