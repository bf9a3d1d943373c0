//! 接 (section 8 of the evaluation page): every fact is looked at for every run; what has served is a list.

use jifen_plan::{Counted, Join, Pairing, Plan, Within};

use crate::eval::{Cx, Stop, V};
use crate::run::{Office, Run};
use crate::settle::{Fact, id_order};
use crate::time::{self, DAY};

/// A fact that may be joined, and whether what else the join asks holds on it.
type Candidate<'a> = (&'a Fact, Result<bool, Stop>);

impl<'a> Office<'a> {
    /// Finds what the run is joined with. `Ok(Some(i))`: for the i-th join there is nothing.
    ///
    /// It is found when the run's turn comes: runs of facts come in the order of facts, which is all that pairing asks.
    pub fn partners(&mut self, run: &mut Run<'a>) -> Result<Option<usize>, Stop> {
        let plan = self.plan;
        let Some(item) = plan.items.get(run.item) else {
            return Ok(None);
        };
        let mut served: Vec<(usize, String)> = Vec::new();
        for (slot, join) in item.joins.iter().enumerate() {
            let used = |f: &Fact| {
                let name = (item.path.clone(), f.kind, f.id.clone());
                self.served.contains(&name)
            };
            let mut list = candidates(&run.cx, join, self.facts)?;
            if join.pairing != Pairing::Each {
                list.retain(|(f, _)| !used(f));
            }
            if join.pairing != Pairing::OneToOne {
                list.reverse();
            }
            let mut found = None;
            for (fact, holds) in &list {
                if holds.clone()? {
                    found = Some(*fact);
                    break;
                }
            }
            let Some(found) = found else {
                return Ok(Some(slot));
            };
            match join.pairing {
                // All of them have now had their first.
                Pairing::First => {
                    let open = list.iter().filter(|(_, holds)| *holds == Ok(true));
                    served.extend(open.map(|(f, _)| (f.kind, f.id.clone())));
                    if list.len() > 1 {
                        run.cx.note("首个之外");
                    }
                }
                _ => served.push((found.kind, found.id.clone())),
            }
            run.cx.note(match join.pairing {
                Pairing::Each => "每个",
                Pairing::First => "首个",
                Pairing::OneToOne => "一对一",
            });
            if let Within::Counted(c) = &join.within {
                run.cx.note(if c.working {
                    "只计工作日"
                } else {
                    "只计每日"
                });
            }
            if slot > 0 {
                run.cx.note("接成链");
            }
            run.cx.joined.push(found);
        }
        for (kind, id) in served {
            self.served.push((item.path.clone(), kind, id));
        }
        Ok(None)
    }
}

/// The facts in the window with the same key, in order, before the fact from which time is counted.
fn candidates<'a>(cx: &Cx<'a>, join: &Join, facts: &'a [Fact]) -> Result<Vec<Candidate<'a>>, Stop> {
    let from = match join.from {
        None => cx.fact,
        Some(slot) => cx.joined.get(usize::from(slot)).copied(),
    };
    let from = from.ok_or(Stop::Failed("no fact"))?;
    if join.within.in_hours() && from.day_only {
        return Err(Stop::Unknown(match join.from {
            None => "clock time".to_owned(),
            Some(_) => format!("clock time {}", name(cx.plan, from.kind)),
        }));
    }
    let first_day = first_day(cx.plan, &join.within, from.instant.div_euclid(DAY))?;
    let worked = match &join.within {
        Within::Counted(c) => Some(Worked::before(cx.plan, c, from.instant)?),
        _ => None,
    };
    let mut keys: Vec<V> = Vec::new();
    let run = inside(cx, from);
    for key in &join.keys {
        keys.push(run.eval(key.ours)?);
    }
    let mut list: Vec<&Fact> = facts.iter().collect();
    list.retain(|f| f.kind == join.kind.ix() && f.out.is_none() && before(f, from));
    list.sort_by(|x, y| (x.instant.cmp(&y.instant)).then_with(|| id_order(&x.id, &y.id)));
    let mut out = Vec::new();
    for f in list {
        let there = inside(cx, f);
        // What is blank there is equal to nothing.
        let same =
            |(key, ours): (&jifen_plan::JoinKey, &V)| there.eval(key.theirs).as_ref() == Ok(ours);
        if !join.keys.iter().zip(&keys).all(same) {
            continue;
        }
        let near = match (&join.within, &worked) {
            (Within::Seconds(n), _) => in_time(cx.plan, f, |at| from.instant - n <= at),
            (_, Some(worked)) => in_time(cx.plan, f, |at| worked.near(at)),
            _ => Ok(first_day <= f.instant.div_euclid(DAY)),
        };
        match near {
            Ok(false) => {}
            Ok(true) => out.push((f, there.holds(join.when))),
            Err(stop) => out.push((f, Err(stop))),
        }
    }
    Ok(out)
}

/// Near enough, by its instant; of a fact that knows its day alone it may not be certain.
fn in_time(plan: &Plan, f: &Fact, near: impl Fn(i64) -> bool) -> Result<bool, Stop> {
    if !f.day_only {
        return Ok(near(f.instant));
    }
    let day = f.instant.div_euclid(DAY) * DAY;
    let last_second = day + DAY - 1;
    match (near(day), near(last_second)) {
        (true, _) => Ok(true),
        (false, false) => Ok(false),
        (false, true) => Err(Stop::Unknown(format!("clock time {}", name(plan, f.kind)))),
    }
}

/// 只计: the time that counts before an instant, as far back as can matter.
struct Worked<'p> {
    counted: &'p Counted,
    until: i64,
    /// Half-open parts, in any order; they may overlap.
    parts: Vec<(i64, i64)>,
    /// The first day that was looked at.
    since: i64,
}

impl<'p> Worked<'p> {
    fn before(plan: &Plan, counted: &'p Counted, until: i64) -> Result<Worked<'p>, Stop> {
        let mut worked = Worked {
            counted,
            until,
            parts: Vec::new(),
            since: until.div_euclid(DAY) + 1,
        };
        // All seconds before this are too far.
        while worked.near(worked.since * DAY) && worked.since > EARLIEST {
            worked.since -= 1;
            let day = worked.since;
            for w in &counted.windows {
                let (from, to) = (i64::from(w.from), i64::from(w.to));
                if counts(plan, counted, day)? {
                    worked.parts.push((day * DAY + from, day * DAY + to));
                }
                // That of the evening before.
                if to > DAY && counts(plan, counted, day - 1)? {
                    worked.parts.push((day * DAY, day * DAY + to - DAY));
                }
            }
        }
        Ok(worked)
    }

    /// Do no more seconds count from here on than the limit says?
    fn near(&self, at: i64) -> bool {
        let mut edges = vec![at, self.until];
        edges.extend(self.parts.iter().flat_map(|(a, b)| [*a, *b]));
        edges.retain(|e| at <= *e && *e <= self.until);
        edges.sort_unstable();
        let mut sum = 0;
        for pair in edges.windows(2) {
            if let [a, b] = pair
                && self.parts.iter().any(|p| p.0 <= *a && *a < p.1)
            {
                sum += b - a;
            }
        }
        sum <= self.counted.seconds
    }
}

/// 1800-01-01, before which nothing happens.
const EARLIEST: i64 = -62_091;

fn counts(plan: &Plan, counted: &Counted, day: i64) -> Result<bool, Stop> {
    if !counted.working {
        return Ok(true);
    }
    let working = time::is_working(plan.workdays.as_ref(), day);
    working.map_err(|y| Stop::Unknown(format!("calendar {y}")))
}

/// The first day that is still near enough.
fn first_day(plan: &Plan, within: &Within, day: i64) -> Result<i64, Stop> {
    Ok(match within {
        Within::Days(d) if d.working => {
            let (mut at, mut left) = (day, d.count);
            while left > 0 {
                at -= 1;
                let working = time::is_working(plan.workdays.as_ref(), at);
                if working.map_err(|y| Stop::Unknown(format!("calendar {y}")))? {
                    left -= 1;
                }
            }
            at
        }
        Within::Days(d) => day - i64::from(d.count),
        Within::Seconds(_) | Within::Counted(_) | Within::Lifetime => i64::MIN,
    })
}

/// S3.
fn before(f: &Fact, from: &Fact) -> bool {
    let order = f.instant.cmp(&from.instant);
    let order = order.then_with(|| id_order(&f.id, &from.id));
    order.then(f.kind.cmp(&from.kind)).is_lt()
}

fn name(plan: &Plan, kind: usize) -> &str {
    plan.kinds.get(kind).map_or("?", |k| k.name.as_str())
}

/// What expressions read on an earlier fact, the run standing around it.
fn inside<'a>(cx: &Cx<'a>, f: &'a Fact) -> Cx<'a> {
    let mut inner = on(cx, f);
    inner.around = Some(Box::new(cx.clone()));
    inner
}

/// What `维修.师傅` reads: the fact's own fields, day and subject.
pub fn on<'a>(cx: &Cx<'a>, f: &'a Fact) -> Cx<'a> {
    let roster = cx.plan.kinds.get(f.kind).map_or(cx.roster, |k| k.subject);
    let mut around = cx.clone();
    around.around = None;
    Cx {
        roster,
        subject: f.subject,
        ..crate::aggregate::inside(&around, f)
    }
}
