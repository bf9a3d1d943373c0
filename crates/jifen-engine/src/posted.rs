//! What accounts have when periods close: what the sweep has posted, by the day on which it counts (evaluation.md 12, 15).

use jifen_calendar::{Day, Instant, Period};
use jifen_data::{Account, Evaluation};
use jifen_plan::{CurrencyIx, Expr, Item, ItemIx, Plan, PointsOf, PointsRead, Source};
use jifen_quantity::{Decimal, NumError, widen_mantissa};

use crate::balances::Opened;
use crate::case::Case;
use crate::error::Stop;
use crate::store::Sums;

/// What moved in accounts, by account and currency, in the order of the ledger.
#[derive(Debug, Default)]
pub(crate) struct Posted {
    /// By roster, then subject × currency.
    rosters: Vec<Vec<List>>,
    currencies: usize,
}

impl PartialEq for Posted {
    /// Accounts that nobody has written to are as if they were not there.
    fn eq(&self, other: &Posted) -> bool {
        fn used(list: &[List]) -> &[List] {
            let end = list.iter().rposition(|l| !l.is_empty());
            list.get(..end.map_or(0, |e| e + 1)).unwrap_or(list)
        }
        fn of(p: &Posted, i: usize) -> &[List] {
            p.rosters.get(i).map_or(&[], |l| used(l))
        }
        let rosters = self.rosters.len().max(other.rosters.len());
        (0..rosters).all(|i| of(self, i) == of(other, i))
    }
}

/// What moved in one account and currency.
#[derive(Clone, Debug, PartialEq, Eq)]
enum List {
    /// Amounts as mantissas at the largest scale that one of them needs.
    Narrow { scale: u8, changes: Vec<Narrow> },
    /// Exact.
    Wide(Vec<Change>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Narrow {
    day: Option<Day>,
    what: Moved,
    by: Option<ItemIx>,
    amount: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    /// The day on which it counts; none: it was there from the beginning.
    day: Option<Day>,
    what: Moved,
    /// The item that awarded it.
    by: Option<ItemIx>,
    amount: Decimal,
}

impl Default for List {
    fn default() -> List {
        List::Narrow {
            scale: 0,
            changes: Vec::new(),
        }
    }
}

impl List {
    fn is_empty(&self) -> bool {
        match self {
            List::Narrow { changes, .. } => changes.is_empty(),
            List::Wide(changes) => changes.is_empty(),
        }
    }

    fn push(&mut self, c: Change) {
        match self {
            List::Wide(changes) => changes.push(c),
            List::Narrow { scale, changes } => {
                if c.amount.scale() > *scale && !widen(changes, scale, c.amount.scale()) {
                    return self.push_wide(c);
                }
                let narrow = c.amount.rescale(*scale);
                let Some(amount) = narrow.and_then(|m| i64::try_from(m).ok()) else {
                    return self.push_wide(c);
                };
                changes.push(Narrow {
                    day: c.day,
                    what: c.what,
                    by: c.by,
                    amount,
                });
            }
        }
    }

    fn push_wide(&mut self, c: Change) {
        let mut changes = self.changes();
        changes.push(c);
        *self = List::Wide(changes);
    }

    fn changes(&self) -> Vec<Change> {
        match self {
            List::Wide(changes) => changes.clone(),
            List::Narrow { scale, changes } => {
                let exact = |c: &Narrow| Change {
                    day: c.day,
                    what: c.what,
                    by: c.by,
                    // A scale that a Decimal had.
                    amount: Decimal::new(i128::from(c.amount), *scale).unwrap_or_default(),
                };
                changes.iter().map(exact).collect()
            }
        }
    }

    fn sums(
        &self,
        within: impl Fn(Option<Day>, Option<ItemIx>) -> bool,
    ) -> Result<[Decimal; 8], NumError> {
        match self {
            List::Narrow { scale, changes } => {
                let mut sums = [0_i128; 8];
                for c in changes.iter().filter(|c| within(c.day, c.by)) {
                    // Fewer than 2^63 numbers below 2^63.
                    sums[c.what as usize] += i128::from(c.amount);
                }
                Ok(sums.map(|m| Decimal::new(m, *scale).unwrap_or_default()))
            }
            List::Wide(changes) => {
                let mut sums = [Decimal::ZERO; 8];
                for c in changes.iter().filter(|c| within(c.day, c.by)) {
                    let slot = &mut sums[c.what as usize];
                    *slot = slot.add(c.amount)?;
                }
                Ok(sums)
            }
        }
    }
}

/// Brings mantissas to a larger scale; `false`, and nothing done, where one would not fit.
fn widen(changes: &mut [Narrow], scale: &mut u8, to: u8) -> bool {
    let widened = |m: i64| {
        let wide = widen_mantissa(i128::from(m), *scale, to)?;
        i64::try_from(wide).ok()
    };
    if changes.iter().any(|c| widened(c.amount).is_none()) {
        return false;
    }
    for c in changes.iter_mut() {
        c.amount = widened(c.amount).unwrap_or(c.amount);
    }
    *scale = to;
    true
}

/// What moved; sums stand in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moved {
    Opening,
    Earned,
    Received,
    Deducted,
    Spent,
    Given,
    Expired,
    Decayed,
}

/// What takes effect at midnight for an earlier day counts on the day that has just ended: an award of a period that has closed.
fn counts_on(at: Instant, day: Day) -> Day {
    match at == at.day().start() && day < at.day() {
        true => at.day().add_days(-1),
        false => at.day(),
    }
}

impl Posted {
    /// All that moved.
    pub fn of(plan: &Plan, opened: &Opened, evaluation: &Evaluation) -> Result<Posted, NumError> {
        Posted::within(plan, opened, evaluation, |_| true)
    }

    /// All that moved, with what some accounts have from the beginning.
    pub fn within(
        plan: &Plan,
        opened: &Opened,
        evaluation: &Evaluation,
        wanted: impl Fn(Account) -> bool,
    ) -> Result<Posted, NumError> {
        let mut out = Posted {
            rosters: Vec::new(),
            currencies: plan.currencies.len(),
        };
        for (account, lines) in opened.iter().filter(|(a, _)| wanted(**a)) {
            for (currency, amount) in &lines.sums {
                let opening = (Moved::Opening, None);
                out.add((*account, *currency), None, opening, *amount);
            }
        }
        for p in evaluation.ledger.iter() {
            let item = plan.items.get(p.item.ix());
            let (spends, gives) =
                item.map_or((false, false), |i| (i.spend.is_some(), i.give.is_some()));
            let receipt = p.received.is_some_and(|r| r.by.is_none());
            let (what, amount) = match (receipt, gives, spends) {
                (true, _, _) => (Moved::Received, p.amount),
                (_, true, _) => (Moved::Given, p.amount.checked_neg()?),
                (_, _, true) => (Moved::Spent, p.amount.checked_neg()?),
                _ if p.amount.is_negative() => {
                    let taken = p.amount.add(p.waived)?.checked_neg()?;
                    (Moved::Deducted, taken)
                }
                // What the cap of the points kept off is waived, below 0.
                _ => (Moved::Earned, p.amount.add(p.waived)?),
            };
            let day = counts_on(p.posted, p.day);
            let by = (what == Moved::Earned).then_some(p.item);
            out.add((p.account, p.currency), Some(day), (what, by), amount);
        }
        for m in &evaluation.moves {
            // 归零: it lapses where it is.
            let what = match m.to {
                Some(_) => Moved::Given,
                None => Moved::Expired,
            };
            let day = Some(m.at.day());
            out.add((m.from, m.currency), day, (what, None), m.amount);
            if let Some(to) = m.to {
                out.add((to, m.currency), day, (Moved::Received, None), m.amount);
            }
        }
        for l in &evaluation.lapses {
            let what = match l.decayed {
                true => Moved::Decayed,
                false => Moved::Expired,
            };
            let day = Some(l.at.day());
            out.add((l.account, l.currency), day, (what, None), l.amount);
        }
        Ok(out)
    }

    /// Takes over what has been found anew of some accounts; gives those for whom it is not what it was, and the first day on which.
    pub fn replace(
        &mut self,
        accounts: &[Account],
        currencies: usize,
        mut new: Posted,
    ) -> (Vec<Account>, Option<Day>) {
        let (mut changed, mut first) = (Vec::new(), None);
        if self.rosters.is_empty() {
            self.currencies = new.currencies;
        }
        let currencies = || (0_u16..).map(CurrencyIx).take(currencies);
        for of in accounts.iter().flat_map(|a| currencies().map(|c| (*a, c))) {
            let now = new.slot(of).map(std::mem::take).unwrap_or_default();
            let Some(was) = self.slot(of) else { continue };
            if *was != now {
                changed.push(of.0);
                let day = first_difference(&was.changes(), &now.changes());
                first = [first, day].into_iter().flatten().min();
                *was = now;
            }
        }
        changed.dedup();
        (changed, first)
    }

    fn place(&self, (account, currency): (Account, CurrencyIx)) -> usize {
        account.subject as usize * self.currencies + currency.ix()
    }

    /// Where what moved in an account is written.
    fn slot(&mut self, of: (Account, CurrencyIx)) -> Option<&mut List> {
        let (roster, place) = (of.0.roster.ix(), self.place(of));
        if self.rosters.len() <= roster {
            self.rosters.resize_with(roster + 1, Vec::new);
        }
        let lists = self.rosters.get_mut(roster)?;
        if lists.len() <= place {
            lists.resize_with(place + 1, List::default);
        }
        lists.get_mut(place)
    }

    fn add(
        &mut self,
        of: (Account, CurrencyIx),
        day: Option<Day>,
        (what, by): (Moved, Option<ItemIx>),
        amount: Decimal,
    ) {
        if let Some(list) = self.slot(of) {
            list.push(Change {
                day,
                what,
                by,
                amount,
            });
        }
    }

    /// What moved from one day to before another; with no first day also what was there from the beginning.
    pub fn sums(
        &self,
        of: (Account, CurrencyIx),
        from: Option<Day>,
        before: Day,
    ) -> Result<Sums, NumError> {
        let lists = self.rosters.get(of.0.roster.ix());
        let Some(list) = lists.and_then(|l| l.get(self.place(of))) else {
            return Ok(Sums::default());
        };
        let within = |day: Option<Day>, _| lies(day, from, before);
        let [
            opening,
            earned,
            received,
            deducted,
            spent,
            given,
            expired,
            decayed,
        ] = list.sums(within)?;
        Ok(Sums {
            opening,
            earned,
            received,
            deducted,
            spent,
            given,
            expired,
            decayed,
            ..Sums::default()
        })
    }

    /// What some items awarded in that time.
    fn earned_from(
        &self,
        of: (Account, CurrencyIx),
        from: Option<Day>,
        before: Day,
        meant: &[bool],
    ) -> Result<Decimal, NumError> {
        let lists = self.rosters.get(of.0.roster.ix());
        let Some(list) = lists.and_then(|l| l.get(self.place(of))) else {
            return Ok(Decimal::ZERO);
        };
        let within = |day: Option<Day>, by: Option<ItemIx>| {
            by.is_some_and(|i| meant.get(i.ix()) == Some(&true)) && lies(day, from, before)
        };
        Ok(list.sums(within)?[Moved::Earned as usize])
    }
}

/// From one day to before another; without a first day also what was there from the beginning.
fn lies(day: Option<Day>, from: Option<Day>, before: Day) -> bool {
    match day {
        Some(day) => day < before && from.is_none_or(|f| f <= day),
        None => from.is_none(),
    }
}

/// Which items the reads with 来自 mean.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources(Vec<(Vec<Source>, Vec<bool>)>);

impl Sources {
    /// Of each set of names that is read from: is this item one of them?
    pub fn new(plan: &Plan) -> Sources {
        let mut out: Vec<(Vec<Source>, Vec<bool>)> = Vec::new();
        for (_, node, _) in plan.exprs.iter() {
            let Expr::Points(PointsRead { from, .. }) = node else {
                continue;
            };
            if from.is_empty() || out.iter().any(|(known, _)| known == from) {
                continue;
            }
            let meant = |item: &Item| from.iter().any(|s| s.gives(&item.path));
            out.push((from.clone(), plan.items.iter().map(meant).collect()));
        }
        Sources(out)
    }

    fn of(&self, from: &[Source]) -> Option<&[bool]> {
        let known = self.0.iter().find(|(known, _)| known == from);
        known.map(|(_, meant)| meant.as_slice())
    }
}

/// The first day on which two lists of one account differ.
fn first_difference(a: &[Change], b: &[Change]) -> Option<Day> {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let rest = |list: &[Change]| {
        let days = list.iter().skip(same).map(|c| c.day.unwrap_or(Day::MIN));
        days.min()
    };
    [rest(a), rest(b)].into_iter().flatten().min()
}

/// 获得(币), 余额(币) in a measure.
pub(crate) fn read(case: &Case<'_>, read: &PointsRead) -> Result<Decimal, Stop> {
    let period = case.period;
    let (first, end) = period.ok_or(Stop::Plan("an account without a period"))?;
    let from = match read.of {
        PointsOf::Earned => Some(first),
        PointsOf::EarnedThisYear => Some(Period::Year.bounds(end.add_days(-1)).0),
        PointsOf::Awarded | PointsOf::Balance => None,
    };
    let of = (case.account, read.currency);
    if !read.from.is_empty() {
        let meant = case.world.sources.of(&read.from);
        let meant = meant.ok_or(Stop::Plan("items that nothing is read from"))?;
        return Ok(case.world.posted.earned_from(of, from, end, meant)?);
    }
    let sums = case.world.posted.sums(of, from, end)?;
    Ok(match read.of {
        PointsOf::Earned | PointsOf::EarnedThisYear => sums.earned,
        PointsOf::Awarded => sums.awarded()?,
        PointsOf::Balance => sums.balance()?,
    })
}
