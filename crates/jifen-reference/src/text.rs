//! The words of the canonical form (see `jifen_data::canonical`), written a second time.

use jifen_data::RosterData;
use jifen_plan::{Plan, RosterIx};

use crate::eval::Stop;
use crate::number::{self, N};
use crate::review::Fate;
use crate::time::instant_text;

/// `roster/id`
pub fn account(plan: &Plan, rosters: &RosterData, roster: RosterIx, subject: u32) -> String {
    let name = plan.rosters.get(roster.ix()).map_or("?", |r| &r.name);
    let ids = rosters.table(roster).map(|t| &t.ids);
    let id = ids
        .and_then(|ids| ids.get_index(subject as usize))
        .map_or("?", String::as_str);
    format!("{name}/{id}")
}

/// `path|version`
pub fn item(plan: &Plan, ix: Option<usize>) -> String {
    let item = ix.and_then(|i| plan.items.get(i));
    item.map_or_else(
        || "-|-".to_owned(),
        |i| {
            let version = plan.versions.get(i.version.ix()).map_or("?", |v| &v.name);
            format!("{}|{version}", i.path.join("/"))
        },
    )
}

/// Why a run stopped.
pub fn stop(stop: &Stop) -> String {
    match stop {
        Stop::Unknown(missing) => format!("cannot-tell|{missing}"),
        Stop::Failed(why) => format!("failed|{why}"),
    }
}

/// A refusal.
pub fn fate(value: &N, fate: Fate) -> String {
    let (word, at) = match fate {
        Fate::Reject(t) => ("rejected", instant_text(t)),
        Fate::Lapse(t) => ("lapsed", instant_text(t)),
        Fate::Release(t) => ("pending", instant_text(t)),
        Fate::Open => ("pending", "-".to_owned()),
    };
    format!("{word}|{},{at}", number::text(value))
}

/// A held award.
pub fn pending(value: &N, release: Option<i64>) -> String {
    let at = release.map_or_else(|| "-".to_owned(), instant_text);
    format!("pending|{},{at}", number::text(value))
}
