//! The lines of an item that need no history: 得, 加, 扣, 倍率, 按日折算, rounding (S7 to S10, S33).

use jifen_calendar::ClockWindow;
use jifen_plan::{Factor, Hold, Item, Line, Multiply, Stacking, TimeMode};
use num_traits::{One, Zero};

use crate::eval::{Cx, Stop};
use crate::notes;
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

/// One line; 复核, 择一 and 上限 do nothing here.
pub fn line(cx: &Cx, item: &Item, at: usize, mut run: Running) -> Result<Running, Stop> {
    let mut cx = cx.clone();
    cx.running = run.value.clone();
    let capped = (item.lines.iter().take(at)).any(|l| matches!(l, Line::Cap(_)));
    if capped
        && matches!(
            item.lines.get(at),
            Some(Line::Add { .. } | Line::Multiply(_))
        )
    {
        cx.note("限后变动");
    }
    match item.lines.get(at) {
        Some(Line::Add { value, when }) => {
            if cx.holds(*when)? {
                cx.note(if run.took { "加" } else { "得" });
                run = Running {
                    value: fit(run.value + cx.num(*value)?)?,
                    took: true,
                };
            }
        }
        Some(Line::Deduct { value, when }) => {
            if cx.holds(*when)? {
                cx.note("扣");
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
        Some(Line::Round(p)) => {
            let rounded = round_to(&run.value, &of(p.step), p.mode)?;
            if rounded != run.value {
                cx.note("精度");
            }
            run.value = rounded;
        }
        Some(Line::Review(_) | Line::Choose(_) | Line::Cap(_)) | None => {}
    }
    Ok(run)
}

/// S9, S10: several factors, by segment where one of them is 时段内.
fn multiply(cx: &Cx, item: &Item, at: usize, m: &Multiply, run: Running) -> Result<Running, Stop> {
    let windows: Vec<_> = m.factors.iter().filter_map(during).collect();
    if m.each_part {
        return each_part(cx, item, at, m, &windows);
    }
    let factors = holding(cx, m)?;
    if windows.is_empty() || cx.span.is_none() {
        let factor = factor_at(m.stacking, &factors, begin(cx))?;
        return Ok(Running {
            value: fit(run.value * factor)?,
            ..run
        });
    }
    let (mut sum, mut seconds) = (N::zero(), 0);
    if segments(cx, &windows).len() > 1 && factors.iter().any(|f| f.1.is_some()) {
        cx.note("时段内");
    }
    for (a, b) in segments(cx, &windows) {
        let factor = factor_at(m.stacking, &factors, a)?;
        if a == b {
            return Ok(Running {
                value: fit(run.value * factor)?,
                ..run
            });
        }
        sum = fit(sum + fit(int(b - a) * factor)?)?;
        seconds += b - a;
    }
    Ok(Running {
        value: divide(&(run.value * sum), &int(seconds))?,
        ..run
    })
}

/// 分段计: the lines before for each segment as if it were the span; 本次得分 of the factors is their sum.
fn each_part(
    cx: &Cx,
    item: &Item,
    at: usize,
    m: &Multiply,
    windows: &[&[ClockWindow]],
) -> Result<Running, Stop> {
    let mut parts = Vec::new();
    match cx.span {
        None => parts.push((begin(cx), prefix(cx, item, at)?)),
        Some(_) => {
            for segment in segments(cx, windows) {
                let mut part = cx.clone();
                part.span = Some(segment);
                part.counted = vec![segment];
                parts.push((segment.0, prefix(&part, item, at)?));
            }
        }
    }
    if parts.len() > 1 {
        cx.note("分段计");
    }
    let mut cx = cx.clone();
    cx.running = parts
        .iter()
        .try_fold(N::zero(), |sum, p| fit(sum + &p.1.value))?;
    let factors = holding(&cx, m)?;
    let mut out = Running::new();
    for (from, part) in parts {
        let factor = factor_at(m.stacking, &factors, from)?;
        out.value = fit(out.value + fit(part.value * factor)?)?;
        out.took |= part.took;
    }
    Ok(out)
}

/// The lines before, on this span.
fn prefix(cx: &Cx, item: &Item, at: usize) -> Result<Running, Stop> {
    (0..at).try_fold(Running::new(), |run, i| line(cx, item, i, run))
}

/// Where an award is computed part by part, the lines begin there: the last 分段计.
pub fn first_line(item: &Item) -> usize {
    let each = |l: &Line| matches!(l, Line::Multiply(m) if m.each_part);
    item.lines.iter().rposition(each).unwrap_or(0)
}

/// A factor that holds, with the windows to which it is confined.
type Held<'a> = (N, Option<&'a [ClockWindow]>);

fn holding<'a>(cx: &Cx, m: &'a Multiply) -> Result<Vec<Held<'a>>, Stop> {
    let mut factors = Vec::new();
    for f in &m.factors {
        if !cx.holds(f.when)? {
            continue;
        }
        if f.time.is_some() {
            cx.clock_known()?;
        }
        let value = cx.num(f.value)?;
        if whole_test(cx, f)? {
            factors.push((value, during(f)));
        }
    }
    if !factors.is_empty() {
        notes::of_multiply(cx, m, factors.len());
    }
    Ok(factors)
}

/// S10: the combined factor at an instant.
fn factor_at(stacking: Stacking, factors: &[Held], at: i64) -> Result<N, Stop> {
    let here = |f: &&Held| f.1.is_none_or(|w| time::in_clock(w, at));
    let factors: Vec<N> = factors.iter().filter(here).map(|f| f.0.clone()).collect();
    combine(stacking, &factors)
}

fn begin(cx: &Cx) -> i64 {
    cx.span.map_or(cx.instant, |s| s.0)
}

fn during(f: &Factor) -> Option<&[ClockWindow]> {
    let t = f.time.as_ref()?;
    (t.mode == TimeMode::During).then_some(&t.windows)
}

/// The time test as far as it speaks of the whole fact; 时段内 waits for the segments.
fn whole_test(cx: &Cx, f: &Factor) -> Result<bool, Stop> {
    match &f.time {
        None => Ok(true),
        Some(t) if t.mode == TimeMode::During => Ok(true),
        Some(t) => cx.time_test(t),
    }
}

/// The counted parts cut at the windows; where nothing counts, the begin alone.
fn segments(cx: &Cx, windows: &[&[ClockWindow]]) -> Vec<(i64, i64)> {
    let pieces = time::cut(&cx.counted, windows);
    match (pieces.is_empty(), cx.span) {
        (true, Some((begin, _))) => vec![(begin, begin)],
        _ => pieces.into_iter().map(|p| (p.0, p.1)).collect(),
    }
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

/// S19a: the conditions that read no joined fact, or (`after`) those that do. `Ok(None)`: all hold; `Ok(Some(i))`: the
/// i-th does not.
pub fn requires(cx: &mut Cx, item: &Item, after: bool) -> Result<Option<usize>, Stop> {
    cx.held.resize(item.requires.len(), 0);
    for (i, require) in item.requires.iter().enumerate() {
        if !item.joins.is_empty() && cx.plan.exprs.reads_joined(require.cond) != after {
            continue;
        }
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
        match require.hold {
            None => {}
            Some(Hold::Whole) => cx.note("整月在任"),
            Some(Hold::FirstDay) => cx.note("月初在任"),
            Some(Hold::AnyDay) => cx.note("当月曾任"),
            Some(Hold::Prorated) => cx.note("按日折算"),
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
