//! How subjects stood before the policy (S37): found by who and when, however far back a line is dated.

use jifen_calendar::Day;
use jifen_data::Stood;
use jifen_plan::{Plan, Standing, StandingIx};

use crate::standing::{Said, like};

/// What was taken over, by standing, subject and period.
#[derive(Clone, Debug, Default)]
pub(crate) struct Before {
    lines: Vec<Line>,
}

/// One period of one subject.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub standing: StandingIx,
    pub subject: u32,
    /// First day of the period.
    pub first: Day,
    pub stood: Stood,
    /// Of a flag over several periods: what this period alone says.
    pub said: Option<Said>,
}

impl Line {
    fn key(&self) -> (StandingIx, u32, Day) {
        (self.standing, self.subject, self.first)
    }
}

impl Before {
    /// Puts a line behind the others, which come in the order of their keys.
    pub fn push(&mut self, line: Line) {
        debug_assert!(self.lines.last().is_none_or(|l| l.key() < line.key()));
        self.lines.push(line);
    }

    /// How a subject stood in the period that begins on a day.
    pub fn stood(&self, ix: StandingIx, first: Day, subject: u32) -> Option<&Line> {
        let key = (ix, subject, first);
        let at = self.lines.binary_search_by_key(&key, Line::key).ok()?;
        self.lines.get(at)
    }

    /// The first days of the periods of a subject that begin before a day, the last first.
    fn firsts(
        &self,
        ix: StandingIx,
        subject: u32,
        until: Day,
    ) -> impl Iterator<Item = Day> + use<'_> {
        let from = (self.lines).partition_point(|l| (l.standing, l.subject) < (ix, subject));
        let to = self
            .lines
            .partition_point(|l| l.key() < (ix, subject, until));
        let own = self.lines.get(from..to).unwrap_or_default();
        own.iter().rev().map(|l| l.first)
    }
}

/// The standing of this name in the periods that end at or before a day, the last first: those of the policy, then those of which it was
/// told how a subject stood.
pub(crate) fn back<'w>(
    plan: &'w Plan,
    before: &'w Before,
    of: &'w Standing,
    subject: u32,
    until: Day,
) -> impl Iterator<Item = (StandingIx, (Day, Day))> + use<'w> {
    let begin = plan.versions.first().map_or(until, |v| v.from);
    let mut end = until;
    let computed = std::iter::from_fn(move || {
        while begin < end {
            let period = of.unit.bounds(end.add_days(-1));
            end = period.0;
            let last = period.1.add_days(-1);
            if let Some(ix) = like(plan, of, last) {
                return Some((ix, period));
            }
        }
        None
    });
    let first = like(plan, of, begin.add_days(-1));
    let told = first.into_iter().flat_map(move |ix| {
        let firsts = before.firsts(ix, subject, until.min(begin));
        firsts.map(move |first| (ix, of.unit.bounds(first)))
    });
    computed.chain(told)
}
