//! Standings, and what is read of them and of accounts.

use super::{currency, expr};
use crate::expr::ExprId;
use crate::model::{Holder, Plan};
use crate::standing::{PointsOf, PointsRead, Source, Standing, StandingKind, StandingRead, Take};

/// A standing on one line.
pub(super) fn standing(p: &Plan, s: &Standing) -> String {
    let e = |id: &ExprId| expr(p, None, *id);
    let roster = p.rosters.get(s.roster.ix());
    let whose = roster.map_or("?", |r| r.name.as_str());
    let (sort, what) = match &s.what {
        StandingKind::Rank(r) => {
            let first = |low: bool| if low { "low first" } else { "high first" };
            let mut keys = vec![format!("{} {}", e(&r.by), first(r.low_first))];
            keys.extend(r.then.iter().map(|t| format!("{} {}", e(&t.0), first(t.1))));
            let group = r
                .within
                .and_then(|a| roster.and_then(|r| r.attrs.get(a.ix())));
            let within = group.map_or(String::new(), |a| format!(" within {}", a.name));
            let among = r
                .among
                .map_or(String::new(), |a| format!(" among {}", e(&a)));
            let line = format!("{:?} {:?} {:?}", r.ties, r.round, r.at_line);
            (
                "rank",
                format!("by {}{within}{among} {line}", keys.join(", then ")),
            )
        }
        StandingKind::Grade(g) => {
            let names = g.names.join(", ");
            let veto = (g.veto).map_or(String::new(), |v| format!(" veto {}", e(&v)));
            (
                "grade",
                format!("{} of ({names}) falls {:?}{veto}", e(&g.level), g.fall),
            )
        }
        StandingKind::Flag(f) => {
            let times = f
                .times
                .map_or(String::new(), |t| format!(" {} times {:?}", t.n, t.of));
            let sort = if f.notice { "notice" } else { "flag" };
            (sort, format!("when {}{times}", e(&f.when)))
        }
        StandingKind::Right(r) => {
            let worth = r
                .worth
                .map_or(String::new(), |w| format!(" worth {}", e(&w)));
            let months = r
                .months
                .map_or(String::new(), |m| format!(" for {m} months"));
            ("right", format!("when {}{worth}{months}", e(&r.has)))
        }
    };
    let version = s.version.0;
    let of = match s.of {
        Holder::Account => String::new(),
        other => format!(" {other:?}"),
    };
    format!(
        "{sort} {} version {version} of {whose}{of} per {:?}: {what}",
        s.name, s.unit
    )
}

/// What is read of a standing.
pub(super) fn read(p: &Plan, r: StandingRead) -> String {
    let of = p.standings.get(r.standing.ix());
    let name = of.map_or("?", |s| s.name.as_str());
    let name = match r.back {
        0 => name.to_owned(),
        back => format!("{name} {back} back"),
    };
    match r.take {
        Take::First(n) => format!("first {} of {name}", expr(p, None, n)),
        Take::Top(n) => format!("top {} of {name}", expr(p, None, n)),
        take => format!("{take:?} of {name}"),
    }
}

/// What is read of an account when a period has closed.
pub(super) fn points(p: &Plan, r: &PointsRead) -> String {
    let word = match r.of {
        PointsOf::Earned => "earned",
        PointsOf::EarnedThisYear => "earned_this_year",
        PointsOf::Awarded => "awarded_by_then",
        PointsOf::Balance => "balance_then",
    };
    let from = r.from.iter().map(|s| match s {
        Source::Item(name) => name.clone(),
        Source::Category(name) => format!("category {name}"),
    });
    let from: Vec<String> = from.collect();
    match from.is_empty() {
        true => format!("{word}({})", currency(p, r.currency)),
        false => format!(
            "{word}({} from {})",
            currency(p, r.currency),
            from.join(", ")
        ),
    }
}
