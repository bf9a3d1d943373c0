//! 上限 (S11, S15 to S18): room = limit − the sum over the history of charges.

use jifen_calendar::Window;
use jifen_plan::{Cap, CapMode, Holder, Tally, TallyIx};
use num_traits::{One, Signed, Zero};

use crate::eval::{Cx, Stop, V};
use crate::notes;
use crate::number::{N, add, fit, int};
use crate::time;

/// One charge.
#[derive(Clone)]
pub struct Charge {
    /// What it counts in.
    pub tally: TallyIx,
    /// Holder and keys.
    pub key: Vec<V>,
    /// Event day.
    pub day: i64,
    /// The run that made it.
    pub run: usize,
    /// The version under which it was made.
    pub version: usize,
    /// How much.
    pub amount: N,
    /// Given back when the award is refused (not so 当日合计).
    pub returns: bool,
}

/// A charge that waits for what is finally posted (计 实得).
pub struct Waiting {
    charge: Charge,
    /// 计 数量: how many pieces the award is.
    pieces: Option<N>,
    times: bool,
    sign: N,
    net: bool,
}

impl Waiting {
    /// The charge for an award of `amount`.
    pub fn settle(self, amount: &N) -> Charge {
        let size = amount * &self.sign;
        let counts = size.is_positive() || (self.net && !self.times);
        let amount = match (counts, self.pieces, self.times) {
            (false, ..) => N::zero(),
            (true, Some(pieces), _) => pieces,
            (true, None, true) => N::one(),
            (true, None, false) => size,
        };
        Charge {
            amount,
            ..self.charge
        }
    }
}

/// The account, group or everybody, and the further keys.
pub fn key(cx: &Cx, tally: &Tally) -> Result<Vec<V>, Stop> {
    let own = |n: usize| V::Num(int(i64::try_from(n).unwrap_or(i64::MAX)));
    let (roster, subject) = cx.holder.unwrap_or((cx.roster, cx.subject));
    let mut key = match tally.holder {
        Holder::Account => vec![own(roster.ix()), own(subject as usize)],
        Holder::Group(attr) => {
            let group = cx.attr_of(cx.roster, Some(cx.subject), attr, cx.attr_day)?;
            vec![own(cx.roster.ix()), group]
        }
        Holder::Everyone => Vec::new(),
    };
    for k in &tally.keys {
        key.push(cx.eval(*k)?);
    }
    Ok(key)
}

/// What a tally holds for an award of `day`.
pub fn used(history: &[Charge], tally: &Tally, charge: &Charge) -> Result<N, Stop> {
    let same = history.iter().filter(|c| {
        let occasion = tally.window == Window::Occasion && c.run != charge.run;
        c.tally == charge.tally
            && c.key == charge.key
            && !occasion
            && time::same_window(tally.window, charge.day, c.day)
    });
    let mut sum = N::zero();
    same.for_each(|c| add(&mut sum, &c.amount));
    fit(sum)
}

/// S34: what a tally comes to has to fit as well; one that rolls keeps a sum for each day. `from`: the first new charge.
pub fn fits(history: &[Charge], from: usize, tallies: &[Tally]) -> Result<(), Stop> {
    for (at, new) in history.iter().enumerate().skip(from) {
        let Some(tally) = tallies.get(new.tally.ix()) else {
            continue;
        };
        let together = |c: &&Charge| match tally.window {
            Window::RollingDays(_) | Window::RollingMonths(_) => c.day == new.day,
            window => time::same_window(window, new.day, c.day),
        };
        let same = history.iter().take(at + 1);
        let same = same.filter(|c| c.tally == new.tally && c.key == new.key);
        let mut sum = N::zero();
        (same.filter(together)).for_each(|c| add(&mut sum, &c.amount));
        fit(sum)?;
    }
    Ok(())
}

/// One cap line on the running value: what passes. Charges go to `history`, or to `waiting` for 计 实得.
pub fn cap(
    cx: &Cx,
    cap: &Cap,
    run: usize,
    history: &mut Vec<Charge>,
    waiting: &mut Vec<Waiting>,
) -> Result<N, Stop> {
    let x = cx.running.clone();
    let tally = cap
        .tally
        .and_then(|t| Some((t, cx.plan.tallies.get(t.ix())?)));
    let net = tally.is_some_and(|t| t.1.net) && !cap.of_deduction;
    let sign = if cap.of_deduction {
        -N::one()
    } else {
        N::one()
    };
    let size = &x * &sign;
    let reached = cx.holds(cap.when)?;
    if cap.when.is_some() && !x.is_zero() {
        cx.note("限附条件");
    }
    if !reached || x.is_zero() || (size.is_negative() && !net) {
        return Ok(x);
    }
    let Some((ix, tally)) = tally else {
        let room = cx.num(cap.limit)?;
        let passed = if cap.counted_only {
            size.clone()
        } else {
            limited(cap.mode, false, size.clone(), &room)
        };
        if passed != size {
            notes::of_cap(cx, cap, None);
        }
        return Ok(passed * sign);
    };
    let mut charge = Charge {
        tally: ix,
        key: key(cx, tally)?,
        day: cx.event_day,
        run,
        version: cx.version,
        amount: N::zero(),
        returns: true,
    };
    let pieces = tally.of.map(|e| cx.num(e)).transpose()?;
    if pieces.as_ref().is_some_and(|n| !n.is_positive()) {
        return Ok(x);
    }
    let held = used(history, tally, &charge)?;
    let passed = if cap.counted_only || size.is_negative() {
        cx.note(if cap.counted_only {
            "仍计入"
        } else {
            "计净"
        });
        size
    } else {
        let room = fit(cx.num(cap.limit)? - held)?;
        match &pieces {
            Some(n) => {
                cx.note("计件数");
                let fits = match cap.mode {
                    CapMode::LastThrough => room.is_positive(),
                    CapMode::Clip | CapMode::Whole => *n <= room,
                };
                if fits { size } else { N::zero() }
            }
            None => limited(cap.mode, tally.times, size, &room),
        }
    };
    if passed != &x * &sign {
        notes::of_cap(cx, cap, Some(tally));
    }
    let other = |c: &&Charge| c.tally == ix && c.version != charge.version;
    let here =
        |c: &&Charge| c.key == charge.key && time::same_window(tally.window, charge.day, c.day);
    if history.iter().filter(other).any(|c| here(&c)) {
        cx.note("窗内换版");
    }
    if tally.charge_final {
        cx.note("计实得");
        let (times, sign) = (tally.times, sign.clone());
        waiting.push(Waiting {
            charge,
            pieces,
            times,
            sign,
            net,
        });
    } else {
        charge.amount = match (tally.times, pieces) {
            (_, Some(n)) if passed.is_positive() => n,
            (_, Some(_)) => N::zero(),
            (true, None) => int(i64::from(passed.is_positive())),
            (false, None) => passed.clone(),
        };
        history.push(charge);
    }
    Ok(passed * sign)
}

/// S15: what passes of x > 0.
fn limited(mode: CapMode, times: bool, x: N, room: &N) -> N {
    let size = if times { N::one() } else { x.clone() };
    let fits = size <= *room;
    match mode {
        CapMode::LastThrough if room.is_positive() => x,
        CapMode::Clip if !times => x.min(room.clone().max(N::zero())),
        CapMode::Clip | CapMode::Whole if fits => x,
        _ => N::zero(),
    }
}
