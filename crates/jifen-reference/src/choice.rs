//! 择一, 择优 (S13): what one more award adds to the awards of its deed that count.

use jifen_plan::{Choose, Pick, TallyIx};
use num_traits::{Signed, Zero};

use crate::caps;
use crate::eval::{Cx, Stop, V};
use crate::number::{N, fit};
use crate::time;

/// An award that stood for choice.
#[derive(Clone)]
pub struct Chosen {
    among: TallyIx,
    key: Vec<V>,
    day: i64,
    value: N,
}

/// What passes of the running value, and what is to be remembered if it is posted.
pub fn choose(cx: &Cx, c: &Choose, before: &[Chosen]) -> Result<(N, Option<Chosen>), Stop> {
    let value = cx.running.clone();
    let tally = cx.plan.tallies.get(c.among.ix());
    let (Some(tally), true) = (tally, value.is_positive()) else {
        return Ok((value, None));
    };
    let mut key = caps::key(cx, tally)?;
    for k in &c.keys {
        key.push(cx.eval(*k)?);
    }
    let day = cx.event_day;
    let same = before.iter().filter(|b| {
        b.among == c.among && b.key == key && time::same_window(tally.window, day, b.day)
    });
    let others: Vec<N> = same.map(|b| b.value.clone()).collect();
    let passes = match c.pick {
        Pick::First if others.is_empty() => value.clone(),
        Pick::First => N::zero(),
        Pick::Best(n) => {
            let mut with = others.clone();
            with.push(value.clone());
            fit(best(with, n) - best(others.clone(), n))?
        }
    };
    note(cx, c.pick, &passes, &value);
    let among = c.among;
    Ok((
        passes,
        Some(Chosen {
            among,
            key,
            day,
            value,
        }),
    ))
}

/// The sum of the n largest.
fn best(mut values: Vec<N>, n: u16) -> N {
    values.sort();
    values.into_iter().rev().take(usize::from(n)).sum()
}

fn note(cx: &Cx, pick: Pick, passes: &N, value: &N) {
    match pick {
        Pick::First if passes < value => cx.note("择一取先"),
        Pick::Best(1) if passes < value => cx.note("择一取高"),
        Pick::Best(_) if passes < value => cx.note("择优"),
        Pick::First | Pick::Best(_) => {}
    }
    if passes.is_positive() && passes < value {
        cx.note("补差");
    }
}
