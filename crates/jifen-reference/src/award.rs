//! The lines of an item that need no history: 得, 加, 扣, 倍率, 按日折算, rounding (S7 to S10, S33).

use jifen_plan::{Factor, Hold, Item, Line, Multiply, Stacking, TimeMode};
use num_traits::{One, Zero};

use crate::eval::{Cx, Stop};
use crate::number::{N, divide, fit, int, of, round_to};
use crate::time;

/// The running value, and whether any 得, 加 or 扣 took effect.
#[derive(Clone)]
pub struct Running {
    /// 本次得分
    pub value: N,
    /// Something was awarded or deducted.
    pub took: bool,
}

impl Running {
    /// Nothing yet.
    pub fn new() -> Running {
        Running {
            value: N::zero(),
            took: false,
        }
    }
}

/// One line; 复核 and 上限 do nothing here.
pub fn line(cx: &Cx, item: &Item, at: usize, mut run: Running) -> Result<Running, Stop> {
    let mut cx = cx.clone();
    cx.running = run.value.clone();
    match item.lines.get(at) {
        Some(Line::Add { value, when }) => {
            if cx.holds(*when)? {
                run = Running {
                    value: fit(run.value + cx.num(*value)?)?,
                    took: true,
                };
            }
        }
        Some(Line::Deduct { value, when }) => {
            if cx.holds(*when)? {
                run = Running {
                    value: fit(run.value - cx.num(*value)?)?,
                    took: true,
                };
            }
        }
        Some(Line::Multiply(m)) => return multiply(&cx, item, at, m, run),
        Some(Line::Prorate { require }) => {
            let days = cx.held.get(usize::from(*require)).copied().unwrap_or(0);
            let all = cx.period.map_or(1, |(a, b)| b - a);
            run.value = divide(&(run.value * int(days)), &int(all))?;
        }
        Some(Line::Round(p)) => run.value = round_to(&run.value, &of(p.step), p.mode)?,
        Some(Line::Review(_) | Line::Cap(_)) | None => {}
    }
    Ok(run)
}

/// S9, S10: several factors, by segment where one of them is 时段内.
fn multiply(cx: &Cx, item: &Item, at: usize, m: &Multiply, run: Running) -> Result<Running, Stop> {
    // Factors that hold, each with the windows to which it is confined.
    let mut factors = Vec::new();
    for f in &m.factors {
        if cx.holds(f.when)? && whole_test(cx, f)? {
            factors.push((cx.num(f.value)?, during(f)));
        }
    }
    let split = m.each_part || m.factors.iter().any(|f| during(f).is_some());
    if !split || cx.span.is_none() {
        let all: Vec<N> = factors.into_iter().map(|f| f.0).collect();
        return Ok(Running {
            value: fit(run.value * combine(m.stacking, &all)?)?,
            ..run
        });
    }
    let windows: Vec<_> = factors.iter().filter_map(|f| f.1).collect();
    let mut sum = N::zero();
    let mut seconds = 0;
    let mut took = run.took;
    for (a, b) in segments(cx, &windows) {
        let here = |w: &Option<&[_]>| w.is_none_or(|w| time::in_clock(w, a));
        let holding = factors.iter().filter(|f| here(&f.1)).map(|f| f.0.clone());
        let factor = combine(m.stacking, &holding.collect::<Vec<_>>())?;
        if m.each_part {
            let part = prefix(cx, item, at, (a, b))?;
            took |= part.took;
            sum = fit(sum + fit(part.value * factor)?)?;
        } else if a == b {
            return Ok(Running {
                value: fit(run.value * factor)?,
                ..run
            });
        } else {
            sum = fit(sum + fit(int(b - a) * factor)?)?;
            seconds += b - a;
        }
    }
    let value = match m.each_part {
        true => sum,
        false => divide(&(run.value * sum), &int(seconds))?,
    };
    Ok(Running { value, took })
}

fn during(f: &Factor) -> Option<&[jifen_calendar::ClockWindow]> {
    let t = f.time.as_ref()?;
    (t.mode == TimeMode::During).then_some(&t.windows)
}

/// The time test as far as it speaks of the whole fact; 时段内 only asks for a clock here.
fn whole_test(cx: &Cx, f: &Factor) -> Result<bool, Stop> {
    match &f.time {
        None => Ok(true),
        Some(t) if t.mode == TimeMode::During => cx.clock_known().map(|()| true),
        Some(t) => cx.time_test(t),
    }
}

/// The counted parts cut at the windows; where nothing counts, the begin alone.
fn segments(cx: &Cx, windows: &[&[jifen_calendar::ClockWindow]]) -> Vec<(i64, i64)> {
    let pieces = time::cut(&cx.counted, windows);
    match (pieces.is_empty(), cx.span) {
        (true, Some((begin, _))) => vec![(begin, begin)],
        _ => pieces.into_iter().map(|p| (p.0, p.1)).collect(),
    }
}

/// 分段计: the lines before, as if the segment were the whole span.
fn prefix(cx: &Cx, item: &Item, at: usize, segment: (i64, i64)) -> Result<Running, Stop> {
    let mut cx = cx.clone();
    cx.span = Some(segment);
    cx.counted = vec![segment];
    (0..at).try_fold(Running::new(), |run, i| line(&cx, item, i, run))
}

/// S10.
fn combine(stacking: Stacking, factors: &[N]) -> Result<N, Stop> {
    let one = N::one();
    let extras = |sum: Result<N, Stop>, f: &N| fit(sum? + fit(f - &one)?);
    Ok(match stacking {
        Stacking::Product => {
            return factors.iter().try_fold(one, |product, f| fit(product * f));
        }
        Stacking::SumOfExtras => return factors.iter().fold(Ok(one.clone()), extras),
        Stacking::Best => factors.iter().max().cloned().unwrap_or(one),
        Stacking::Lowest => factors.iter().min().cloned().unwrap_or(one),
    })
}

/// S19a: the conditions. `Ok(None)`: all hold; `Ok(Some(i))`: the i-th does not.
pub fn requires(cx: &mut Cx, item: &Item) -> Result<Option<usize>, Stop> {
    cx.held = vec![0; item.requires.len()];
    for (i, require) in item.requires.iter().enumerate() {
        let holds = match require.hold {
            None => cx.truth(require.cond)?,
            Some(hold) => {
                let days = held_days(cx, require.cond, hold)?;
                let length = cx.period.map_or(0, |(a, b)| b - a);
                if let Some(slot) = cx.held.get_mut(i) {
                    *slot = days;
                }
                days > 0 && (hold != Hold::Whole || days == length)
            }
        };
        if !holds {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

/// On how many days of the period the condition holds, as far as `hold` asks. An unknown day waits for one that decides.
fn held_days(cx: &Cx, cond: jifen_plan::ExprId, hold: Hold) -> Result<i64, Stop> {
    let (first, end) = cx.period.unwrap_or((0, 0));
    let end = if hold == Hold::FirstDay {
        first + 1
    } else {
        end
    };
    let (mut days, mut unknown) = (0, None);
    for day in first..end {
        let mut on = cx.clone();
        on.attr_day = day;
        let on_roster = cx.is_present(day);
        match if on_roster { on.truth(cond) } else { Ok(false) } {
            Ok(true) if hold == Hold::AnyDay => return Ok(1),
            Ok(true) => days += 1,
            Ok(false) if hold == Hold::Whole => return Ok(0),
            Ok(false) => {}
            Err(Stop::Unknown(missing)) => unknown = unknown.or(Some(missing)),
            Err(failed) => return Err(failed),
        }
    }
    unknown.map_or(Ok(days), |missing| Err(Stop::Unknown(missing)))
}
