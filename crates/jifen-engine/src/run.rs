//! One run of one item, line by line, on exact decimals: what is normative in evaluation.md 4; it posts nothing itself.

mod caps;

use jifen_calendar::{Segment, contains, segments};
use jifen_data::{Account, Missing, Origin, OutcomeKind, SegmentFactor, Step, StepDetail};
use jifen_plan::{
    ExprId, Hold, Item, ItemIx, Line, Multiply, Require, Review, Spend, TimeMode, TimeTest, Worth,
};
use jifen_quantity::Decimal;

use crate::amount::combine;
use crate::case::Case;
use crate::error::Stop;
use crate::fate::{Fate, fate};
use crate::matching::Match;
use crate::scalar::Scalar;
use crate::store::{Charge, Store, TallyKey};
use crate::world::Val;

/// How far a run has come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    /// The next line.
    pub line: usize,
    /// Running value.
    pub running: Decimal,
    /// An Add or Deduct line took effect.
    pub took: bool,
    /// Running value when the first cap line was reached.
    pub before_caps: Option<Decimal>,
    /// (index of the requirement, days that held, days of the period).
    pub shares: Vec<(u16, i64, i64)>,
    /// Charges of this run so far.
    pub charges: Vec<Charge>,
    /// Charges of what is finally posted.
    finals: Vec<FinalCharge>,
    /// 择一: under which key the award stood, and with what; remembered when it is posted.
    pub stood: Option<(TallyKey, Decimal)>,
    /// 待定 占上限: held by a review, with the value at that review.
    pub held: Option<(Fate, Decimal)>,
    /// 转赠: who receives.
    pub receiver: Option<Account>,
    /// 折合: what it costs, and who bears it.
    pub worth: Option<(Option<Decimal>, Option<String>)>,
}

impl Progress {
    /// Only caps are still to come.
    pub fn of(running: Decimal) -> Progress {
        Progress {
            running,
            ..Progress::default()
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct FinalCharge {
    key: TallyKey,
    of_deduction: bool,
    /// 计 数量: how many pieces the award is.
    pieces: Option<Decimal>,
    times: bool,
    net: bool,
    step: Option<usize>,
}

/// Why a run ended without an amount.
#[derive(Clone, Debug)]
pub(crate) enum Halt {
    NotApplicable(u16),
    NoPartner(u16),
    NoAmount,
    /// A spend beyond its limits, or not covered.
    Refused(OutcomeKind),
    Stop(Stop),
}

impl<E: Into<Stop>> From<E> for Halt {
    fn from(e: E) -> Halt {
        Halt::Stop(e.into())
    }
}

/// How far the lines went.
#[derive(Clone, Debug)]
pub(crate) enum Advance {
    /// To the end.
    Done,
    /// To a review that holds the award.
    Held(Fate),
}

/// A run of an item.
pub(crate) struct Run<'w> {
    pub item: &'w Item,
    pub item_ix: ItemIx,
    pub scalar: Scalar<'w>,
    pub steps: Option<Vec<Step>>,
    /// Who holds the tallies of caps; `None`: the account.
    pub holder: Option<Account>,
}

impl<'w> Run<'w> {
    pub fn new(case: Case<'w>, item_ix: ItemIx, traced: bool) -> Result<Run<'w>, Stop> {
        Ok(Run {
            item: case.world.item(item_ix)?,
            item_ix,
            scalar: Scalar::new(case, traced),
            steps: traced.then(Vec::new),
            holder: None,
        })
    }

    /// The requirements, in order.
    pub fn requires(&mut self, progress: &mut Progress) -> Result<(), Halt> {
        self.requires_of(progress, false)?;
        if self.item.joins.is_empty() {
            return Ok(());
        }
        self.joined()?;
        self.requires_of(progress, true)
    }

    /// 接: what the matching stage has found.
    fn joined(&mut self) -> Result<(), Halt> {
        let case = &mut self.scalar.case;
        let Origin::Fact(fact) = case.origin else {
            return Err(Stop::Plan("a join without a fact").into());
        };
        match case.world.matches.get(self.item_ix, fact.row) {
            Some(Match::Found(joined)) => case.joined = joined,
            Some(Match::Nothing(joined)) => {
                case.joined = joined;
                let slot = u16::try_from(joined.len()).unwrap_or(u16::MAX);
                return Err(Halt::NoPartner(slot));
            }
            Some(Match::Stop(stop)) => return Err(Halt::Stop(stop.clone())),
            None => return Err(Stop::Plan("a fact that was not matched").into()),
        }
        Ok(())
    }

    fn requires_of(&mut self, progress: &mut Progress, after: bool) -> Result<(), Halt> {
        let item = self.item;
        let world = self.scalar.case.world;
        for (i, require) in item.requires_of(&world.plan.exprs, after) {
            let held = match require.hold {
                None => self.scalar.yes(require.cond)?,
                Some(hold) => self.dated(i, *require, hold, progress)?,
            };
            if !held {
                return Err(Halt::NotApplicable(i));
            }
        }
        Ok(())
    }

    /// A condition over the days of the period.
    fn dated(
        &mut self,
        index: u16,
        require: Require,
        hold: Hold,
        progress: &mut Progress,
    ) -> Result<bool, Stop> {
        let period = self
            .scalar
            .case
            .period
            .ok_or(Stop::Plan("a dated role without a period"))?;
        let last = if hold == Hold::FirstDay {
            period.0.add_days(1)
        } else {
            period.1
        };
        let mut unknown = None;
        let mut held = 0_i64;
        for day in (period.0.0..last.0).map(jifen_calendar::Day) {
            let holds = if self.scalar.case.is_present(day) {
                self.scalar.attr_day = day;
                let result = self.scalar.yes(require.cond);
                self.scalar.attr_day = self.scalar.case.attr_day;
                match result {
                    Ok(holds) => holds,
                    Err(Stop::Unknown(m)) if hold != Hold::FirstDay => {
                        unknown.get_or_insert(m);
                        continue;
                    }
                    Err(e) => return Err(e),
                }
            } else {
                false
            };
            held += i64::from(holds);
            match hold {
                Hold::Whole if !holds => return Ok(false),
                Hold::AnyDay if holds => return Ok(true),
                _ => {}
            }
        }
        if let Some(m) = unknown {
            return Err(Stop::Unknown(m));
        }
        let days = i64::from(period.1.0) - i64::from(period.0.0);
        if hold == Hold::Prorated {
            progress.shares.push((index, held, days));
        }
        Ok(match hold {
            Hold::AnyDay => false,
            Hold::Whole => true,
            Hold::FirstDay | Hold::Prorated => held > 0,
        })
    }

    /// The lines from where the run stands.
    pub fn advance(&mut self, progress: &mut Progress, store: &mut Store) -> Result<Advance, Halt> {
        let item = self.item;
        if progress.line == 0
            && let Some(k) =
                (item.lines.iter()).rposition(|l| matches!(l, Line::Multiply(m) if m.each_part))
        {
            self.each_part(k, progress)?;
            progress.line = k + 1;
        }
        while let Some(line) = item.lines.get(progress.line) {
            let at = progress.line;
            progress.line += 1;
            self.scalar.running = progress.running;
            if ends_amount(line) && !progress.took && self.is_first_end(at) {
                return Err(Halt::NoAmount);
            }
            match line {
                Line::Review(review) => {
                    if let Some(fate) = self.review(at, review, progress, store)? {
                        return Ok(Advance::Held(fate));
                    }
                }
                Line::Choose(choose) => self.choose(at, choose, progress, store)?,
                Line::Cap(cap) => self.cap(at, cap, progress, store)?,
                line => self.plain(at, line, progress)?,
            }
        }
        if !progress.took && !item.lines.iter().any(ends_amount) {
            return Err(Halt::NoAmount);
        }
        if let Some(give) = item.give {
            progress.receiver = Some(self.receiver(give)?);
        }
        if let Some(mode) = item.spend {
            self.cover(mode, progress, store)?;
        }
        if let Some(worth) = item.worth.filter(|_| progress.running.is_positive()) {
            self.worth(worth, progress)?;
        }
        self.charge_finals(progress)?;
        Ok(Advance::Done)
    }

    /// S20: what a spend takes becomes the running value.
    fn cover(&mut self, mode: Spend, progress: &mut Progress, store: &Store) -> Result<(), Halt> {
        let passed = progress.running;
        let asked = *progress.before_caps.get_or_insert(passed);
        if !asked.is_positive() {
            return Err(Halt::NoAmount);
        }
        if !passed.is_positive() {
            return Err(Halt::Refused(OutcomeKind::OverCap(asked)));
        }
        let world = self.scalar.case.world;
        let currency = *self
            .item
            .credit
            .first()
            .ok_or(Stop::Plan("a spend of nothing"))?;
        let floor = world.plan.currencies.get(currency.ix());
        let floor = floor.ok_or(Stop::Plan("currency index"))?.floor;
        let had = store.available(&(self.scalar.case.account, currency), floor)?;
        let covered = match mode {
            Spend::Honoured => true,
            Spend::AllOrNothing => passed <= had,
            Spend::Partial => had.is_positive(),
        };
        if !covered {
            return Err(Halt::Refused(OutcomeKind::NotCovered(passed, had)));
        }
        if mode == Spend::Partial {
            progress.running = passed.min(had);
        }
        let line = self.item.lines.len();
        self.step(line, passed, progress.running, StepDetail::Covered(had));
        Ok(())
    }

    /// 折合: what is given or taken costs so many yuan. What is missing there moves no point.
    fn worth(&mut self, worth: Worth, progress: &mut Progress) -> Result<(), Stop> {
        self.scalar.running = progress.running;
        let yuan = known(self.scalar.num(worth.value))?;
        let by = match worth.by.map(|e| known(self.scalar.eval(e))).transpose()? {
            Some(Some(Val::Text(name))) => Some(name.to_owned()),
            _ => None,
        };
        let (line, moved) = (self.item.lines.len(), progress.running);
        self.step(line, moved, moved, StepDetail::Worth(yuan, by.clone()));
        progress.worth = Some((yuan, by));
        Ok(())
    }

    fn is_first_end(&self, at: usize) -> bool {
        !self.item.lines.iter().take(at).any(ends_amount)
    }

    /// A line without state.
    fn plain(&mut self, at: usize, line: &'w Line, progress: &mut Progress) -> Result<(), Stop> {
        let before = progress.running;
        let detail = match line {
            Line::Add { value, when } | Line::Deduct { value, when } => {
                if !self.holds(*when)? {
                    StepDetail::Skipped
                } else {
                    let v = self.scalar.num(*value)?;
                    let deduct = matches!(line, Line::Deduct { .. });
                    progress.running = if deduct {
                        before.sub(v)?
                    } else {
                        before.add(v)?
                    };
                    progress.took = true;
                    StepDetail::Amount(v)
                }
            }
            Line::Multiply(m) => {
                let factors = self.multiply(m, progress)?;
                StepDetail::Multiplied(factors)
            }
            Line::Prorate { require } => {
                let share = progress.shares.iter().find(|s| s.0 == *require);
                let (_, held, days) = *share.ok_or(Stop::Plan("a share without a dated role"))?;
                let (h, d) = (Decimal::from_int(held), Decimal::from_int(days));
                progress.running = Decimal::mul_div(before, h, d)?;
                StepDetail::Prorated(held, days)
            }
            Line::Round(p) => {
                progress.running = before.round_to(p.step, p.mode)?;
                StepDetail::Rounded
            }
            Line::Review(_) | Line::Choose(_) | Line::Cap(_) => {
                return Err(Stop::Plan("a cap or review before 分段计"));
            }
        };
        self.step(at, before, progress.running, detail);
        Ok(())
    }

    fn holds(&mut self, when: Option<ExprId>) -> Result<bool, Stop> {
        when.map_or(Ok(true), |w| self.scalar.yes(w))
    }

    pub(crate) fn step(&mut self, at: usize, before: Decimal, after: Decimal, detail: StepDetail) {
        if let Some(steps) = &mut self.steps {
            let line = u16::try_from(at).unwrap_or(u16::MAX);
            steps.push(Step {
                line,
                before,
                after,
                detail,
            });
        }
    }

    fn multiply(
        &mut self,
        m: &'w Multiply,
        progress: &mut Progress,
    ) -> Result<Vec<SegmentFactor>, Stop> {
        let holding = self.factors(m)?;
        let during = has_during(m);
        let parts = match self.parts(m).filter(|_| during) {
            None => {
                let factor = combine(m.stacking, holding.iter().filter_map(|h| h.at_begin()))?;
                progress.running = progress.running.mul(factor)?;
                let at = self.scalar.case.at;
                return Ok(vec![SegmentFactor {
                    start: at,
                    end: at,
                    factor,
                    value: None,
                }]);
            }
            Some(parts) => parts,
        };
        let mut weighted = Decimal::ZERO;
        let mut seconds = Decimal::ZERO;
        let mut out = Vec::with_capacity(parts.len());
        for part in &parts {
            let factor = combine(m.stacking, holding.iter().filter_map(|h| h.inside(part)))?;
            let length = Decimal::from_int(part.end.0.saturating_sub(part.start.0));
            weighted = weighted.add(length.mul(factor)?)?;
            seconds = seconds.add(length)?;
            out.push(SegmentFactor {
                start: part.start,
                end: part.end,
                factor,
                value: None,
            });
        }
        progress.running = if let ([only], true) = (out.as_slice(), seconds.is_zero()) {
            progress.running.mul(only.factor)?
        } else {
            Decimal::mul_div(progress.running, weighted, seconds)?
        };
        Ok(out)
    }

    /// 分段计: all lines before `k` for each segment by itself.
    fn each_part(&mut self, k: usize, progress: &mut Progress) -> Result<(), Halt> {
        let item = self.item;
        let Some(Line::Multiply(m)) = item.lines.get(k) else {
            return Ok(());
        };
        let parts = self.parts(m);
        let mut values = Vec::new();
        let mut unweighted = Decimal::ZERO;
        for part in parts.iter().flatten() {
            self.scalar.segment = Some((part.start, part.end));
            let value = self.part_value(k, progress);
            self.scalar.segment = None;
            let value = value?;
            unweighted = unweighted.add(value)?;
            values.push((Some(*part), value));
        }
        if parts.is_none() {
            unweighted = self.part_value(k, progress)?;
            values.push((None, unweighted));
        }
        // What the conditions of the factors read as 本次得分.
        self.scalar.running = unweighted;
        let holding = self.factors(m)?;
        let mut out = Vec::new();
        let mut sum = Decimal::ZERO;
        for (part, value) in values {
            let at = self.scalar.case.at;
            let (start, end) = part.map_or((at, at), |p| (p.start, p.end));
            let holds = |h: &Holding| part.map_or(h.at_begin(), |p| h.inside(&p));
            let factor = combine(m.stacking, holding.iter().filter_map(holds))?;
            sum = sum.add(value.mul(factor)?)?;
            let value = Some(value);
            out.push(SegmentFactor {
                start,
                end,
                factor,
                value,
            });
        }
        if !progress.took && item.lines.iter().take(k).any(ends_amount) {
            return Err(Halt::NoAmount);
        }
        progress.running = sum;
        self.step(k, unweighted, sum, StepDetail::Multiplied(out));
        Ok(())
    }

    fn part_value(&mut self, k: usize, progress: &mut Progress) -> Result<Decimal, Stop> {
        let item = self.item;
        let mut part = Progress {
            shares: progress.shares.clone(),
            ..Progress::default()
        };
        let steps = self.steps.take();
        let mut result = Ok(());
        for (at, line) in item.lines.iter().enumerate().take(k) {
            self.scalar.running = part.running;
            result = self.plain(at, line, &mut part);
            if result.is_err() {
                break;
            }
        }
        self.steps = steps;
        progress.took |= part.took;
        result.map(|()| part.running)
    }

    /// Which factors hold, as far as the whole fact can tell.
    fn factors(&mut self, m: &'w Multiply) -> Result<Vec<Holding>, Stop> {
        let mut bit = 0;
        let mut out = Vec::with_capacity(m.factors.len());
        for f in &m.factors {
            let own_bit = bit;
            let during = is_during(f.time.as_ref());
            bit += u32::from(during);
            if !self.holds(f.when)? {
                continue;
            }
            if f.time.is_some() && self.scalar.case.day_only {
                return Err(Stop::Unknown(Missing::ClockTime));
            }
            let value = self.scalar.num(f.value)?;
            let begins = f.time.as_ref().is_none_or(|t| self.scalar.holds_at(t));
            out.push(Holding {
                value,
                begins,
                bit: during.then_some(own_bit),
            });
        }
        Ok(out)
    }

    /// The segments of what counts of the span: cut at every edge of the `During` windows.
    fn parts(&self, m: &'w Multiply) -> Option<Vec<Segment>> {
        let (start, end) = self.scalar.segment.or(self.scalar.case.counted)?;
        let during = m.factors.iter().filter_map(|f| f.time.as_ref());
        let sets: Vec<&[_]> = during
            .filter(|t| t.mode == TimeMode::During)
            .map(|t| t.windows.as_slice())
            .collect();
        if start < end {
            return Some(segments(&sets, start, end));
        }
        let whole = self
            .scalar
            .segment
            .or_else(|| self.scalar.case.fact.and_then(|f| f.span()));
        let begin = whole.map_or(start, |s| s.0);
        let inside = (0_u32..64).zip(&sets).fold(0, |mask, (i, w)| {
            mask | (u64::from(contains(w, begin)) << i)
        });
        Some(vec![Segment {
            start: begin,
            end: begin,
            inside,
        }])
    }

    /// A review: `Some` if it holds the award here.
    fn review(
        &mut self,
        at: usize,
        review: &'w Review,
        progress: &mut Progress,
        store: &mut Store,
    ) -> Result<Option<Fate>, Stop> {
        let value = progress.running;
        if let Some(tally) = review.day_total {
            let key = self.tally_key(tally, store)?;
            self.scalar.day_total = store.used(&key)?.add(value)?;
            progress.charges.push(Charge { key, amount: value });
        }
        let passes = match review.when {
            Some(when) => !self.scalar.yes(when)?,
            None => false,
        };
        if passes {
            self.step(at, value, value, StepDetail::Reviewed(None));
            return Ok(None);
        }
        let fate = fate(&self.scalar.case, review).map_err(Stop::Unknown)?;
        if let Fate::Release(release) = fate {
            self.step(at, value, value, StepDetail::Reviewed(Some(release)));
        }
        if review.holds_room {
            progress.held.get_or_insert((fate, value));
            return Ok(None);
        }
        Ok(Some(fate))
    }
}

/// A value, unless it is missing or too large.
fn known<T>(value: Result<T, Stop>) -> Result<Option<T>, Stop> {
    match value {
        Ok(value) => Ok(Some(value)),
        Err(Stop::Unknown(_) | Stop::Failed(_)) => Ok(None),
        Err(plan) => Err(plan),
    }
}

/// Lines before which an amount must have been given.
fn ends_amount(line: &Line) -> bool {
    matches!(
        line,
        Line::Round(_) | Line::Review(_) | Line::Choose(_) | Line::Cap(_)
    )
}

fn is_during(time: Option<&TimeTest>) -> bool {
    time.is_some_and(|t| t.mode == TimeMode::During)
}

fn has_during(m: &Multiply) -> bool {
    m.factors.iter().any(|f| is_during(f.time.as_ref()))
}

/// A factor whose `when` holds.
struct Holding {
    value: Decimal,
    /// Its time test holds for the whole fact (`During`: at the begin).
    begins: bool,
    /// `During`: which bit of a segment tells.
    bit: Option<u32>,
}

impl Holding {
    fn at_begin(&self) -> Option<Decimal> {
        self.begins.then_some(self.value)
    }

    fn inside(&self, part: &Segment) -> Option<Decimal> {
        match self.bit {
            Some(bit) => (part.inside >> bit & 1 == 1).then_some(self.value),
            None => self.at_begin(),
        }
    }
}
