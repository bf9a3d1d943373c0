//! One plain text form of an Evaluation: what two engines must agree on, byte for byte.
//!
//! One line a posting: `P|account|currency|item path|version|origin|day|posted|before_caps|amount|waived`, for one that another
//! account's fact or period earned with `|that account|index of the statement` (a transfer: `-`)
//! one a balance: `B|account|currency|opening|earned|received|deducted|spent|given|expired|decayed|waived|trimmed|balance`
//! one a lapse: `X|account|currency|item path|version|origin|day|expired or decayed|at|amount`
//! one that may have lapsed: `U|account|currency|item path|version|origin|day|not before|year`, of a whole account `U|account|currency|all|…`
//! one a measure: `K|account|measure|version|first day|value`, or `no value|why`, or `failed|why` in its place; of a group the account is
//!   `roster by attribute/group`, of everybody `roster all`
//! one a standing: `G|account|standing|version|first day|place n of m ahead n equal n by n [in group]`, `not eligible`, `level name`,
//!   `flag yes`, `right yes amount`, `no value|why` or `failed|why`
//! one a group's points that move: `M|from|currency|at|to or -|member or -|amount`
//! one a lot: `T|account|currency|item path|version|origin|day|left` (an opening has `-|-|opening`)
//! one a value of an award or spend: `V|account|item path|version|origin|day|points|yuan|who bears it or -`
//! one an allotment: `A|item path|version|origin|day|total|weights|allotted|how it ended`, with `-` for what was not reached
//! one a share of it: `S|account|item path|version|origin|weight|amount|1 with a step left over`
//! one an outcome: `O|account|origin|item path or -|version or -|kind|detail`.
//! Account is `roster/id`, origin the fact's id or `period:YYYY-MM-DD`, numbers plain digits, days and instants ISO
//! (instants always `YYYY-MM-DDTHH:MM:SS`), path parts joined by `/`. Lines are sorted as bytes.

use jifen_calendar::{Day, Instant};
use jifen_plan::{CurrencyIx, Holder, ItemIx, KindIx, Plan, RosterIx, Standing, StandingKind};
use jifen_quantity::Decimal;

use crate::allotment::{AllotState, Allotment};
use crate::evaluation::{
    Account, Evaluation, Failure, Measured, Missing, NotShared, Origin, OutcomeKind, Receiver,
    group_word,
};
use crate::facts::FactLog;
use crate::lots::LotSource;
use crate::roster::RosterData;
use crate::standing::Stood;

/// The canonical lines of an evaluation, sorted.
#[must_use]
pub fn canonical_lines(
    plan: &Plan,
    log: &FactLog,
    rosters: &RosterData,
    evaluation: &Evaluation,
) -> Vec<String> {
    let mut lines = Vec::new();
    for p in &evaluation.ledger {
        let from = p.received.map_or_else(String::new, |r| {
            let by = r.by.map_or_else(|| "-".to_owned(), |by| by.to_string());
            format!("|{}|{by}", account(plan, rosters, r.from))
        });
        lines.push(format!(
            "P|{}|{}|{}|{}|{}|{}|{}|{}|{}{from}",
            account(plan, rosters, p.account),
            plan.currencies
                .get(p.currency.ix())
                .map_or("?", |c| c.name.as_str()),
            item(plan, Some(p.item)),
            origin(log, p.origin),
            p.day,
            instant(p.posted),
            p.before_caps,
            p.amount,
            p.waived
        ));
    }
    for b in &evaluation.balances {
        lines.push(format!(
            "B|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}",
            account(plan, rosters, b.account),
            plan.currencies
                .get(b.currency.ix())
                .map_or("?", |c| c.name.as_str()),
            b.opening,
            b.earned,
            b.received,
            b.deducted,
            b.spent,
            b.given,
            b.expired,
            b.decayed,
            b.waived,
            b.trimmed,
            b.balance
        ));
    }
    let lot = |a: Account, c: CurrencyIx, source: LotSource, day: Day| {
        let currency = plan.currencies.get(c.ix()).map_or("?", |c| &c.name);
        let (ix, from) = match source {
            LotSource::Opening => (None, "opening".to_owned()),
            LotSource::Award(ix, o) => (Some(ix), origin(log, o)),
        };
        let (who, item) = (account(plan, rosters, a), item(plan, ix));
        format!("{who}|{currency}|{item}|{from}|{day}")
    };
    for l in &evaluation.lapses {
        let lot = lot(l.account, l.currency, l.source, l.day);
        let word = if l.decayed { "decayed" } else { "expired" };
        lines.push(format!("X|{lot}|{word}|{}|{}", instant(l.at), l.amount));
    }
    for u in &evaluation.undated {
        let at = instant(u.at);
        let of = match u.lot {
            Some((day, source)) => lot(u.account, u.currency, source, day),
            None => {
                let currency = plan.currencies.get(u.currency.ix());
                let currency = currency.map_or("?", |c| c.name.as_str());
                format!("{}|{currency}|all", account(plan, rosters, u.account))
            }
        };
        lines.push(format!("U|{of}|{at}|{}", u.year));
    }
    for m in &evaluation.moves {
        let named =
            |a: Option<Account>| a.map_or_else(|| "-".to_owned(), |a| account(plan, rosters, a));
        let currency = plan.currencies.get(m.currency.ix());
        lines.push(format!(
            "M|{}|{}|{}|{}|{}|{}",
            account(plan, rosters, m.from),
            currency.map_or("?", |c| c.name.as_str()),
            instant(m.at),
            named(m.to),
            named(m.member),
            m.amount
        ));
    }
    for l in &evaluation.lots {
        let lot = lot(l.account, l.currency, l.source, l.day);
        lines.push(format!("T|{lot}|{}", l.left));
    }
    for w in &evaluation.worths {
        lines.push(format!(
            "V|{}|{}|{}|{}|{}|{}|{}",
            account(plan, rosters, w.account),
            item(plan, Some(w.item)),
            origin(log, w.origin),
            w.day,
            w.points,
            w.yuan.map_or_else(|| "-".to_owned(), |y| y.to_string()),
            w.by.as_deref().unwrap_or("-")
        ));
    }
    for m in &evaluation.measures {
        let measure = plan.measures.get(m.measure.ix());
        let version = measure.and_then(|d| plan.versions.get(d.version.ix()));
        lines.push(format!(
            "K|{}|{}|{}|{}|{}",
            match (measure, m.group) {
                (Some(of), Some(code)) => group(plan, rosters, (of.roster, of.of), code),
                _ => account(plan, rosters, m.account),
            },
            measure.map_or("?", |d| d.name.as_str()),
            version.map_or("?", |v| v.name.as_str()),
            m.first,
            match &m.value {
                Measured::Value(n) => n.to_string(),
                Measured::NoValue(why) => format!("no value|{}", missing(plan, why)),
                Measured::Failed(why) => format!("failed|{}", failure(*why)),
            }
        ));
    }
    for s in &evaluation.standings {
        let of = plan.standings.get(s.standing.ix());
        let version = of.and_then(|d| plan.versions.get(d.version.ix()));
        lines.push(format!(
            "G|{}|{}|{}|{}|{}",
            match (of, s.group) {
                (Some(of), Some(code)) => group(plan, rosters, (of.roster, of.of), code),
                _ => account(plan, rosters, s.account),
            },
            of.map_or("?", |d| d.name.as_str()),
            version.map_or("?", |v| v.name.as_str()),
            s.first,
            stood(plan, of, &s.stood)
        ));
    }
    for a in &evaluation.allotments {
        allotment(plan, rosters, a, &mut lines);
    }
    for o in &evaluation.outcomes {
        lines.push(format!(
            "O|{}|{}|{}|{}",
            account(plan, rosters, o.account),
            origin(log, o.origin),
            item(plan, o.item),
            outcome(plan, log, rosters, &o.kind)
        ));
    }
    lines.sort();
    lines
}

fn allotment(plan: &Plan, rosters: &RosterData, a: &Allotment, lines: &mut Vec<String>) {
    let head = format!("{}|period:{}", item(plan, Some(a.item)), a.first);
    let number = |n: Option<Decimal>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let state = match a.state {
        AllotState::Shared => "shared".to_owned(),
        AllotState::Nobody => "nobody".to_owned(),
        AllotState::NoWeight => "no-weight".to_owned(),
        AllotState::Waits(who) => format!("waits {}", account(plan, rosters, who)),
        AllotState::Failed(why) => format!("failed {}", failure(why)),
    };
    let numbers = [a.total, a.weights, a.allotted].map(number).join("|");
    lines.push(format!("A|{head}|{}|{numbers}|{state}", a.day));
    for s in &a.shares {
        let who = account(plan, rosters, s.account);
        let extra = u8::from(s.extra);
        lines.push(format!("S|{who}|{head}|{}|{}|{extra}", s.weight, s.amount));
    }
}

fn account(plan: &Plan, rosters: &RosterData, a: Account) -> String {
    let roster = plan
        .rosters
        .get(a.roster.ix())
        .map_or("?", |r| r.name.as_str());
    let id = rosters
        .table(a.roster)
        .and_then(|t| t.ids.get_index(a.subject as usize))
        .map_or("?", String::as_str);
    format!("{roster}/{id}")
}

fn group(plan: &Plan, rosters: &RosterData, of: (RosterIx, Holder), code: u32) -> String {
    let roster = plan.rosters.get(of.0.ix());
    let name = roster.map_or("?", |r| r.name.as_str());
    match of.1 {
        Holder::Group(attr) => {
            let attr = roster.and_then(|r| r.attrs.get(attr.ix()));
            let attr = attr.map_or("?", |a| a.name.as_str());
            let word = group_word(of, rosters, code).unwrap_or("?");
            format!("{name} by {attr}/{word}")
        }
        _ => format!("{name} all"),
    }
}

fn item(plan: &Plan, ix: Option<ItemIx>) -> String {
    match ix.and_then(|i| plan.items.get(i.ix())) {
        None => "-|-".to_owned(),
        Some(i) => {
            let version = plan
                .versions
                .get(i.version.ix())
                .map_or("?", |v| v.name.as_str());
            format!("{}|{version}", i.path.join("/"))
        }
    }
}

fn origin(log: &FactLog, o: Origin) -> String {
    match o {
        Origin::Fact(f) => log
            .kinds
            .get(f.kind.ix())
            .map(|k| k.ids.text(f.row as usize))
            .unwrap_or_default(),
        Origin::Period(day) => format!("period:{day}"),
    }
}

/// `YYYY-MM-DDTHH:MM:SS`
#[must_use]
pub fn instant(i: Instant) -> String {
    let s = i.seconds_of_day();
    format!(
        "{}T{:02}:{:02}:{:02}",
        i.day(),
        s / 3600,
        s / 60 % 60,
        s % 60
    )
}

fn outcome(plan: &Plan, log: &FactLog, rosters: &RosterData, kind: &OutcomeKind) -> String {
    match kind {
        OutcomeKind::NotShared(NotShared::NoWeight) => "not-shared|no weight".to_owned(),
        OutcomeKind::NotShared(NotShared::Waits(who)) => {
            format!("not-shared|waits {}", account(plan, rosters, *who))
        }
        OutcomeKind::NoVersion => "no-version|".to_owned(),
        OutcomeKind::NotApplicable(i) => format!("not-applicable|{i}"),
        OutcomeKind::NoPartner(i) => format!("no-partner|{i}"),
        OutcomeKind::NoAmount => "no-amount|".to_owned(),
        OutcomeKind::OverCap(asked) => format!("over-cap|{asked}"),
        OutcomeKind::NotCovered(asked, had) => format!("not-covered|{asked},{had}"),
        OutcomeKind::NoReceiver(Receiver::Absent) => "no-receiver|absent".to_owned(),
        OutcomeKind::NoReceiver(Receiver::Giver) => "no-receiver|self".to_owned(),
        OutcomeKind::CannotTell(m) => format!("cannot-tell|{}", missing(plan, m)),
        OutcomeKind::Failed(why) => format!("failed|{}", failure(*why)),
        OutcomeKind::Pending(v, at) => {
            format!("pending|{v},{}", at.map_or_else(|| "-".to_owned(), instant))
        }
        OutcomeKind::Rejected(v, at) => format!("rejected|{v},{}", instant(*at)),
        OutcomeKind::Lapsed(v, at) => format!("lapsed|{v},{}", instant(*at)),
        OutcomeKind::Overlaps(f) => format!("overlaps|{}", origin(log, Origin::Fact(*f))),
        OutcomeKind::Withdrawn => "withdrawn|".to_owned(),
        OutcomeKind::Contradiction => "contradiction|".to_owned(),
    }
}

fn failure(why: Failure) -> &'static str {
    match why {
        Failure::Overflow => "overflow",
        Failure::DivisionByZero => "division-by-zero",
        Failure::BeyondCalendar => "beyond-calendar",
        Failure::NegativeWeight => "negative-weight",
        Failure::NegativeTotal => "negative-total",
        Failure::OffStep => "off-step",
    }
}

fn missing(plan: &Plan, m: &Missing) -> String {
    match m {
        // The field's kind is known from the fact; its index is enough to compare engines.
        Missing::Field(f) => format!("field {}", f.0),
        Missing::Attr(r, a) => {
            let roster = plan.rosters.get(r.ix());
            let attr = roster
                .and_then(|r| r.attrs.get(a.ix()))
                .map_or("?", |a| a.name.as_str());
            format!("attr {}.{attr}", roster.map_or("?", |r| r.name.as_str()))
        }
        Missing::ClockTime => "clock time".to_owned(),
        Missing::PeriodRow => "period row".to_owned(),
        Missing::CalendarYear(y) => format!("calendar {y}"),
        Missing::FieldOf(k, f) => format!("field {}.{}", kind(plan, *k), f.0),
        Missing::ClockOf(k) => format!("clock time {}", kind(plan, *k)),
        Missing::NoValue(m) => {
            let measure = plan.measures.get(m.ix());
            format!("no value {}", measure.map_or("?", |m| m.name.as_str()))
        }
        Missing::NoStanding(s) => {
            let of = plan.standings.get(s.ix());
            format!("no value {}", of.map_or("?", |s| s.name.as_str()))
        }
        Missing::NoEarlier(m) => {
            let measure = plan.measures.get(m.ix());
            format!("no earlier {}", measure.map_or("?", |m| m.name.as_str()))
        }
        Missing::NoFact(k) => format!("no fact {}", kind(plan, *k)),
        Missing::NotOnRoster(r, id) => {
            let roster = plan.rosters.get(r.ix()).map_or("?", |r| r.name.as_str());
            format!("not on roster {roster}/{id}")
        }
    }
}

fn stood(plan: &Plan, of: Option<&Standing>, stood: &Stood) -> String {
    let word = |yes: bool| if yes { "yes" } else { "no" };
    match stood {
        Stood::Placed(p) => {
            let group = p
                .group
                .as_ref()
                .map_or(String::new(), |g| format!(" in {g}"));
            format!(
                "place {} of {} ahead {} equal {} by {}{group}",
                p.place, p.entrants, p.ahead, p.equal, p.by
            )
        }
        Stood::NotEligible => "not eligible".to_owned(),
        Stood::Level(level) => {
            let names = of.and_then(|s| match &s.what {
                StandingKind::Grade(g) => g.names.get(usize::from(*level)),
                _ => None,
            });
            format!("level {}", names.map_or("?", String::as_str))
        }
        Stood::Flagged(yes) => format!("flag {}", word(*yes)),
        Stood::Right(yes, worth) => {
            let worth = worth.map_or(String::new(), |w| format!(" {w}"));
            format!("right {}{worth}", word(*yes))
        }
        Stood::NoValue(why) => format!("no value|{}", missing(plan, why)),
        Stood::Failed(why) => format!("failed|{}", failure(*why)),
    }
}

fn kind(plan: &Plan, k: KindIx) -> &str {
    plan.kinds.get(k.ix()).map_or("?", |k| k.name.as_str())
}
