//! Stages 4 and 5: the runs of a component in key order, with caps, reviews, releases and floors.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

use jifen_calendar::{Day, Instant};
use jifen_data::{
    Account, FactRef, Ids, ItemRun, Lapse, Lot, Missing, MoveLine, Origin, Outcome, OutcomeKind,
    Posting, Undated, WorthLine, compare_ids,
};
use jifen_plan::{CurrencyIx, ItemIx, Line, Trigger};
use jifen_quantity::Decimal;

use crate::balances::Opened;
use crate::case::Case;
use crate::error::{EngineError, Stop};
use crate::fate::Fate;
use crate::lots::{Fall, LotKey, LotState};
use crate::moves::{Moves, Step};
use crate::period::PeriodRows;
use crate::rows::stop_line;
use crate::run::{Advance, Halt, Progress, Run};
use crate::store::{Charge, Store, Sums};
use crate::world::World;

/// What a run is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Fact(FactRef),
    Period {
        first: Day,
        after: Day,
        at_start: bool,
    },
}

/// A run to come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    pub at: Instant,
    pub item: ItemIx,
    pub account: Account,
    pub source: Source,
    /// Running value (mantissa, scale) at the first line that needs state, if the rows stage has computed it.
    pub ready: Option<(i64, u8)>,
}

impl Event {
    pub fn of_period(item: ItemIx, account: Account, period: (Day, Day), at_start: bool) -> Event {
        let at = if at_start {
            period.0.start()
        } else {
            period.1.start()
        };
        Event {
            at,
            item,
            account,
            source: crate::period::source(period, at_start),
            ready: None,
        }
    }

    /// What its postings say they came from.
    pub fn origin(&self) -> Origin {
        match self.source {
            Source::Fact(f) => Origin::Fact(f),
            Source::Period { first, .. } => Origin::Period(first),
        }
    }

    fn phase(&self) -> u8 {
        match self.source {
            Source::Period { .. } => 0,
            Source::Fact(_) => 2,
        }
    }

    /// Key order.
    pub fn compare(&self, other: &Event, world: &World<'_>) -> Ordering {
        (self.at, self.phase())
            .cmp(&(other.at, other.phase()))
            .then_with(|| {
                let (a, b) = (Id::of(self, world), Id::of(other, world));
                a.cmp(&b).then(self.item.cmp(&other.item))
            })
    }
}

/// The id of a run: of its fact, or of its subject. Ties fall by kind or roster, then row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id<'w> {
    text: IdText<'w>,
    tie: (u16, u32),
}

#[derive(Clone, Copy, Debug)]
enum IdText<'w> {
    Int(i64),
    Text(&'w str),
}

impl<'w> Id<'w> {
    pub fn of(event: &Event, world: &'w World<'_>) -> Id<'w> {
        match event.source {
            Source::Fact(f) => {
                let ids = world.facts.kinds.get(f.kind.ix()).map(|k| &k.ids);
                let text = match ids {
                    Some(Ids::Int(v)) => v.get(f.row as usize).map(|i| IdText::Int(*i)),
                    Some(Ids::Text(v)) => v.get(f.row as usize).map(|t| IdText::Text(t)),
                    None => None,
                };
                Id {
                    text: text.unwrap_or(IdText::Text("")),
                    tie: (f.kind.0, f.row),
                }
            }
            Source::Period { .. } => {
                let a = event.account;
                let table = world.rosters.table(a.roster);
                let id = table.and_then(|t| t.ids.get_index(a.subject as usize));
                Id {
                    text: IdText::Text(id.map_or("", String::as_str)),
                    tie: (a.roster.0, a.subject),
                }
            }
        }
    }
}

impl Ord for Id<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_text = match (self.text, other.text) {
            (IdText::Int(a), IdText::Int(b)) => a.cmp(&b),
            (IdText::Text(a), IdText::Text(b)) => compare_ids(a, b),
            (IdText::Int(a), IdText::Text(b)) => compare_ids(&a.to_string(), b),
            (IdText::Text(a), IdText::Int(b)) => compare_ids(a, &b.to_string()),
        };
        by_text.then(self.tie.cmp(&other.tie))
    }
}

impl PartialOrd for Id<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Id<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Id<'_> {}

/// A posting with the rest of its key.
pub(crate) struct Emitted<'w> {
    pub posting: Posting,
    pub phase: u8,
    pub id: Id<'w>,
}

/// What a sweep gives.
#[derive(Default)]
pub(crate) struct Swept<'w> {
    pub postings: Vec<Emitted<'w>>,
    pub outcomes: Vec<Outcome>,
    pub scored: u64,
    pub sums: BTreeMap<(Account, CurrencyIx), Sums>,
    pub runs: Vec<ItemRun>,
    pub lapses: Vec<Lapse>,
    /// What stays because the day on which it lapses cannot be told; where an account is traced, also of the year ahead.
    pub undated: Vec<Undated>,
    pub lots: Vec<Lot>,
    pub worths: Vec<WorthLine>,
    pub moves: Vec<MoveLine>,
    /// Where an account is traced: what time will take in the year after the as-of day if nothing else happens.
    pub ahead: Vec<Lapse>,
}

impl Swept<'_> {
    /// Canonical order: account, then key, then currency.
    pub fn sort(&mut self) {
        let key = |e: &Emitted<'_>| (e.posting.account, e.posting.posted, e.phase);
        self.postings.sort_by(|a, b| {
            key(a).cmp(&key(b)).then_with(|| {
                let (p, q) = (&a.posting, &b.posting);
                a.id.cmp(&b.id)
                    .then((p.item, p.currency).cmp(&(q.item, q.currency)))
            })
        });
    }
}

/// What becomes due at an instant.
struct Due<'w> {
    at: Instant,
    id: Id<'w>,
    event: Event,
    what: What<'w>,
}

enum What<'w> {
    /// Go on with the lines.
    Resume(Box<(Run<'w>, Progress)>),
    /// Post what the caps let through at the event.
    Post(Box<(Run<'w>, Progress)>),
    /// Give the charges of a refused award back.
    GiveBack(Vec<Charge>),
}

impl Ord for Due<'_> {
    /// Reversed: the heap gives the earliest.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |d: &Self| (d.at, d.event.item);
        (other.at.cmp(&self.at))
            .then_with(|| other.id.cmp(&self.id))
            .then_with(|| key(other).cmp(&key(self)))
    }
}

impl PartialOrd for Due<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Due<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Due<'_> {}

/// What all sweeps share.
pub(crate) struct Field<'w> {
    pub world: &'w World<'w>,
    pub rows: &'w PeriodRows,
    pub openings: &'w Opened,
    pub moves: &'w Moves,
    /// Whose runs are traced.
    pub traced: Option<Account>,
}

/// Sweeps the runs of a component, which must be in key order.
pub(crate) fn sweep<'w>(
    field: &Field<'w>,
    component: usize,
    events: &[Event],
    accounts: &[Account],
) -> Result<Swept<'w>, EngineError> {
    let mut sweeper = Sweeper::new(field, component, accounts)?;
    for event in events {
        sweeper.go(event, None)?;
    }
    sweeper.finish()
}

pub(crate) struct Sweeper<'w, 'f> {
    pub field: &'f Field<'w>,
    pub store: Store,
    dues: BinaryHeap<Due<'w>>,
    pub falls: BinaryHeap<Fall>,
    /// Balances as they were when the first of what falls due at an instant was met.
    pub met: (Instant, BTreeMap<(Account, CurrencyIx), Decimal>),
    /// Days on which groups change, still to come.
    pub steps: &'f [Step],
    /// The currency in which a sum did not fit while time was taking its part.
    pub too_large: Option<CurrencyIx>,
    pub out: Swept<'w>,
}

impl<'w, 'f> Sweeper<'w, 'f> {
    /// A sweep that has begun: what these accounts of the component opened with.
    pub fn new(
        field: &'f Field<'w>,
        component: usize,
        accounts: &[Account],
    ) -> Result<Self, EngineError> {
        let mut sweeper = Sweeper {
            field,
            store: Store::default(),
            dues: BinaryHeap::new(),
            falls: BinaryHeap::new(),
            met: (Instant(i64::MIN), BTreeMap::new()),
            steps: field.moves.of(component),
            too_large: None,
            out: Swept::default(),
        };
        sweeper.open(accounts)?;
        Ok(sweeper)
    }

    /// The next event, in key order. What it gives to another component reaches the partner, which stands at the same moment.
    pub fn go(&mut self, event: &Event, partner: Option<&mut Self>) -> Result<(), EngineError> {
        let done = self
            .dues_before((event.at, event.phase()))
            .and_then(|()| self.event(event, partner));
        done.map_err(|stop| self.broken(stop))
    }

    /// Everything that falls due before the runs of this key's instant and phase.
    pub fn wait_for(&mut self, event: &Event) -> Result<(), EngineError> {
        let done = self.dues_before((event.at, event.phase()));
        done.map_err(|stop| self.broken(stop))
    }

    /// The end of the as-of day.
    pub fn finish(mut self) -> Result<Swept<'w>, EngineError> {
        let end = self.field.world.as_of.add_days(1).start();
        let done = self.dues_before((end, 0));
        done.map_err(|stop| self.broken(stop))?;
        let mut out = std::mem::take(&mut self.out);
        out.sums = self.store.take_sums();
        let lot = |(account, currency, key, lot): (_, _, LotKey, &LotState)| Lot {
            account,
            currency,
            day: key.day,
            source: lot.source,
            left: lot.left,
        };
        out.lots = self.store.lots.iter().map(lot).collect();
        if self.field.traced.is_some() {
            let (ahead, mut undated) = self.look_ahead();
            out.ahead = ahead;
            out.undated.append(&mut undated);
        }
        Ok(out)
    }

    fn broken(&self, stop: Stop) -> EngineError {
        match (stop, self.too_large) {
            (Stop::Plan(_), Some(currency)) => EngineError::TotalsOverflow(currency),
            (Stop::Plan(what), None) => EngineError::Inconsistent(what),
            (Stop::Unknown(_) | Stop::Failed(_), _) => {
                EngineError::Inconsistent("a tally that cannot be given back")
            }
        }
    }

    /// Everything due before a key (instant, phase); dues have phase 1. Releases come before what falls due then, and that
    /// before groups change.
    fn dues_before(&mut self, key: (Instant, u8)) -> Result<(), Stop> {
        let before = |at: Instant| (at, 1) < key;
        loop {
            let release = self.dues.peek().map(|d| d.at).filter(|at| before(*at));
            let fall = self.falls.peek().map(|f| f.at).filter(|at| before(*at));
            let step = self.steps.first().map(|s| s.at).filter(|at| before(*at));
            if step.is_some_and(|s| [release, fall].into_iter().flatten().all(|d| s < d)) {
                self.regroup()?;
                continue;
            }
            if fall.is_some_and(|f| release.is_none_or(|r| f < r)) {
                self.fall()?;
                continue;
            }
            if release.is_none() {
                break;
            }
            let Some(due) = self.dues.pop() else { break };
            match due.what {
                What::Resume(held) => {
                    let (mut run, mut progress) = *held;
                    let result = run.advance(&mut progress, &mut self.store);
                    self.settle(&due.event, run, progress, result, (due.at, 1), None)?;
                }
                What::Post(held) => {
                    self.post(&due.event, held.0, &held.1, (due.at, 1), None)?;
                }
                What::GiveBack(charges) => {
                    for c in &charges {
                        self.store.give_back(c)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn event(&mut self, event: &Event, partner: Option<&mut Self>) -> Result<(), Stop> {
        let world = self.field.world;
        let mut no_row = false;
        let case = match event.source {
            Source::Fact(f) => Case::of_fact(world, f)?,
            Source::Period {
                first,
                after,
                at_start,
            } => {
                let row = match world.item(event.item)?.trigger {
                    Trigger::Period {
                        unit,
                        row: Some(kind),
                        ..
                    } => {
                        let row = self
                            .field
                            .rows
                            .get(kind, unit, event.account.subject, first);
                        no_row = row.is_none();
                        row
                    }
                    _ => None,
                };
                Case::of_period(world, event.account, (first, after), at_start, row)?
            }
        };
        let share = match (world.item(event.item)?.allot, event.source) {
            (Some(_), Source::Period { first, .. }) => {
                Some(world.shares.get(event.item, first, event.account))
            }
            _ => None,
        };
        // Of an allotment the trace is made where all shares are known.
        let traced = self.field.traced == Some(event.account) && share.is_none();
        let mut run = Run::new(case, event.item, traced)?;
        let mut progress = Progress::default();
        if let Some(share) = share {
            let share = share.ok_or(Stop::Plan("a share that was not split"))?;
            progress.running = share;
            let key = (event.at, event.phase());
            return self.post(event, run, &progress, key, None);
        }
        for c in world.items.balances(event.item) {
            let of = (event.account, *c);
            run.scalar.found.push((*c, self.store.sums(&of)));
        }
        let result = if let Some((value, scale)) = event.ready {
            progress.line = stop_line(run.item);
            progress.running = Decimal::new(i128::from(value), scale).unwrap_or_default();
            progress.took = true;
            run.advance(&mut progress, &mut self.store)
        } else if no_row {
            Err(Halt::Stop(Stop::Unknown(Missing::PeriodRow)))
        } else {
            match run.requires(&mut progress) {
                Ok(()) => run.advance(&mut progress, &mut self.store),
                Err(halt) => Err(halt),
            }
        };
        let key = (event.at, event.phase());
        self.settle(event, run, progress, result, key, partner)
    }

    /// Charges, posts, holds or gives an outcome.
    fn settle(
        &mut self,
        event: &Event,
        run: Run<'w>,
        mut progress: Progress,
        result: Result<Advance, Halt>,
        (now, phase): (Instant, u8),
        partner: Option<&mut Self>,
    ) -> Result<(), Stop> {
        let advance = match result {
            Ok(advance) => advance,
            Err(Halt::NotApplicable(i)) => {
                return self.outcome(event, run, OutcomeKind::NotApplicable(i));
            }
            Err(Halt::NoPartner(i)) => {
                return self.outcome(event, run, OutcomeKind::NoPartner(i));
            }
            Err(Halt::NoAmount) => return self.outcome(event, run, OutcomeKind::NoAmount),
            Err(Halt::Refused(kind)) => return self.outcome(event, run, kind),
            Err(Halt::Stop(stop)) => return self.stopped(event, run, stop),
        };
        if let Err(e) = self.store.charge(&progress.charges) {
            return self.stopped(event, run, e.into());
        }
        match (advance, progress.held.take()) {
            (Advance::Held(fate), _) => {
                progress.charges.clear();
                self.hold(event, run, progress, fate, now)
            }
            (Advance::Done, Some((fate, value))) => {
                // What a refusal gives back is what caps were charged; 当日合计 keeps what it was asked about.
                let total = run.item.lines.iter().find_map(|l| match l {
                    Line::Review(r) => r.day_total,
                    _ => None,
                });
                progress.charges.retain(|c| Some(c.key.tally) != total);
                self.hold_with_room(event, run, progress, fate, value, now)
            }
            (Advance::Done, None) => self.post(event, run, &progress, (now, phase), partner),
        }
    }

    pub fn stopped(&mut self, event: &Event, run: Run<'w>, stop: Stop) -> Result<(), Stop> {
        match stop {
            Stop::Unknown(m) => self.outcome(event, run, OutcomeKind::CannotTell(m)),
            Stop::Failed(f) => self.outcome(event, run, OutcomeKind::Failed(f)),
            Stop::Plan(what) => Err(Stop::Plan(what)),
        }
    }

    fn hold(
        &mut self,
        event: &Event,
        run: Run<'w>,
        progress: Progress,
        fate: Fate,
        now: Instant,
    ) -> Result<(), Stop> {
        if let Fate::Release(t) = fate
            && self.field.world.happens(t)
        {
            let what = What::Resume(Box::new((run, progress)));
            self.due(event, t.max(now), what);
            return Ok(());
        }
        let kind = self.held_outcome(fate, progress.running);
        self.outcome(event, run, kind)
    }

    fn hold_with_room(
        &mut self,
        event: &Event,
        run: Run<'w>,
        progress: Progress,
        fate: Fate,
        value: Decimal,
        now: Instant,
    ) -> Result<(), Stop> {
        let happens = |t: Instant| self.field.world.happens(t);
        match fate {
            Fate::Release(t) if happens(t) => {
                let what = What::Post(Box::new((run, progress)));
                self.due(event, t.max(now), what);
                return Ok(());
            }
            Fate::Refused(t) | Fate::Lapsed(t) if happens(t) => {
                self.due(event, t.max(now), What::GiveBack(progress.charges));
            }
            _ => {}
        }
        let kind = self.held_outcome(fate, value);
        self.outcome(event, run, kind)
    }

    fn held_outcome(&self, fate: Fate, value: Decimal) -> OutcomeKind {
        let happens = |t: Instant| self.field.world.happens(t);
        match fate {
            Fate::Refused(t) if happens(t) => OutcomeKind::Rejected(value, t),
            Fate::Lapsed(t) if happens(t) => OutcomeKind::Lapsed(value, t),
            Fate::Release(t) => OutcomeKind::Pending(value, Some(t)),
            Fate::Refused(_) | Fate::Lapsed(_) | Fate::Open => OutcomeKind::Pending(value, None),
        }
    }

    fn due(&mut self, event: &Event, at: Instant, what: What<'w>) {
        let id = Id::of(event, self.field.world);
        self.dues.push(Due {
            at,
            id,
            event: *event,
            what,
        });
    }

    /// A posting with its place in the ledger.
    pub fn emitted(&mut self, event: &Event, posting: Posting, phase: u8) {
        let id = Id::of(event, self.field.world);
        self.out.postings.push(Emitted { posting, phase, id });
    }

    pub fn outcome(&mut self, event: &Event, run: Run<'w>, kind: OutcomeKind) -> Result<(), Stop> {
        let origin: Origin = run.scalar.case.origin;
        let outcome = Outcome {
            account: event.account,
            origin,
            item: Some(event.item),
            kind,
        };
        if run.steps.is_some() {
            self.record(run, Vec::new(), Some(outcome.clone()));
        }
        self.out.outcomes.push(outcome);
        Ok(())
    }

    pub fn record(&mut self, run: Run<'w>, postings: Vec<Posting>, outcome: Option<Outcome>) {
        let case = run.scalar.case;
        let near = match case.origin {
            Origin::Fact(f) => case.world.matches.near(&case, run.item_ix, f.row),
            Origin::Period(_) => None,
        };
        self.out.runs.push(ItemRun {
            joined: (case.joined.iter())
                .filter_map(|f| crate::matching::told(case.world, *f))
                .collect(),
            near,
            item: run.item_ix,
            origin: case.origin,
            day: case.event_day,
            rule_day: case.rule_day,
            nodes: run.scalar.nodes.unwrap_or_default(),
            steps: run.steps.unwrap_or_default(),
            postings,
            outcome,
        });
    }
}
