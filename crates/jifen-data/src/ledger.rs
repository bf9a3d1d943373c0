//! The ledger: postings in canonical order, held narrow (about 48 bytes each), read as rows; it does not sort.

use jifen_calendar::{Day, Instant};
use jifen_plan::{CurrencyIx, ItemIx, KindIx, RosterIx};
use jifen_quantity::Decimal;

use crate::evaluation::{Account, Origin, Posting, Received};
use crate::facts::FactRef;

/// Postings, in chunks; amounts as mantissas where they fit.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    chunks: Vec<LedgerChunk>,
    /// Number of postings before each chunk.
    starts: Vec<usize>,
    len: usize,
}

/// A run of postings; the engine fills one for each part of its work.
#[derive(Clone, Debug, Default)]
pub struct LedgerChunk {
    rows: Vec<Row>,
    wide: Vec<(Decimal, Decimal, Decimal)>,
    /// Rows that another account's fact or period earned, ascending.
    received: Vec<(u32, Received)>,
}

/// Marks a row whose amounts stand in `wide` (index in `before`).
const WIDE: u8 = u8::MAX;
/// Marks a row that came from a period (its first day in `origin`).
const PERIOD: u16 = u16::MAX;

#[derive(Clone, Copy, Debug)]
struct Row {
    posted: i64,
    before: i64,
    amount: i64,
    subject: u32,
    origin: u32,
    day: i32,
    roster: u16,
    currency: u16,
    item: u16,
    kind: u16,
    scale: u8,
}

impl LedgerChunk {
    /// An empty chunk with room for `n` postings.
    #[must_use]
    #[inline]
    pub fn with_capacity(n: usize) -> LedgerChunk {
        LedgerChunk {
            rows: Vec::with_capacity(n),
            wide: Vec::new(),
            received: Vec::new(),
        }
    }

    /// Number of postings.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// No postings.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Appends a posting.
    #[inline]
    pub fn push(&mut self, p: &Posting) {
        let scale = p.before_caps.scale().max(p.amount.scale());
        let narrow = |d: Decimal| d.rescale(scale).and_then(|m| i64::try_from(m).ok());
        if p.waived.is_zero()
            && scale < WIDE
            && let (Some(before), Some(amount)) = (narrow(p.before_caps), narrow(p.amount))
        {
            self.push_narrow(p, before, amount, scale);
            return;
        }
        let at = self.wide.len() as i64;
        self.wide.push((p.before_caps, p.amount, p.waived));
        self.push_narrow(p, at, 0, WIDE);
    }

    /// Appends a posting whose amounts are `before` and `amount` ÷ 10^`scale`; those of `p` are not looked at.
    pub fn push_narrow(&mut self, p: &Posting, before: i64, amount: i64, scale: u8) {
        if let (Some(received), Ok(at)) = (p.received, u32::try_from(self.rows.len())) {
            self.received.push((at, received));
        }
        let (kind, origin) = match p.origin {
            Origin::Fact(f) => (f.kind.0, f.row),
            Origin::Period(day) => (PERIOD, day.0.cast_unsigned()),
        };
        self.rows.push(Row {
            posted: p.posted.0,
            before,
            amount,
            subject: p.account.subject,
            origin,
            day: p.day.0,
            roster: p.account.roster.0,
            currency: p.currency.0,
            item: p.item.0,
            kind,
            scale,
        });
    }

    /// Forgets all postings from place `len` on.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        let gone = self.rows.get(len..).unwrap_or_default();
        let wide = gone.iter().filter(|r| r.scale == WIDE).count();
        self.wide.truncate(self.wide.len() - wide);
        self.rows.truncate(len);
        self.received.retain(|(at, _)| (*at as usize) < len);
    }

    fn get(&self, i: usize) -> Option<Posting> {
        let r = self.rows.get(i)?;
        let (before_caps, amount, waived) = if r.scale == WIDE {
            *self.wide.get(usize::try_from(r.before).ok()?)?
        } else {
            let number = |m: i64| Decimal::new(i128::from(m), r.scale);
            (number(r.before)?, number(r.amount)?, Decimal::ZERO)
        };
        Some(Posting {
            account: Account {
                roster: RosterIx(r.roster),
                subject: r.subject,
            },
            currency: CurrencyIx(r.currency),
            item: ItemIx(r.item),
            origin: if r.kind == PERIOD {
                Origin::Period(Day(r.origin.cast_signed()))
            } else {
                Origin::Fact(FactRef {
                    kind: KindIx(r.kind),
                    row: r.origin,
                })
            },
            day: Day(r.day),
            posted: Instant(r.posted),
            before_caps,
            amount,
            waived,
            received: self.received_by(i),
        })
    }

    fn received_by(&self, i: usize) -> Option<Received> {
        let i = u32::try_from(i).ok()?;
        let at = self.received.binary_search_by_key(&i, |r| r.0).ok()?;
        self.received.get(at).map(|r| r.1)
    }
}

impl Ledger {
    /// An empty ledger.
    #[must_use]
    #[inline]
    pub fn new() -> Ledger {
        Ledger::default()
    }

    /// Number of postings.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// No postings.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The posting at place `i`.
    #[must_use]
    #[inline]
    pub fn get(&self, i: usize) -> Option<Posting> {
        let chunk = self.starts.partition_point(|s| *s <= i).checked_sub(1)?;
        self.chunks.get(chunk)?.get(i - self.starts.get(chunk)?)
    }

    /// All postings, in order.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = Posting> + '_ {
        self.chunks
            .iter()
            .flat_map(|c| (0..c.len()).filter_map(move |i| c.get(i)))
    }

    /// Appends a chunk.
    #[inline]
    pub fn push_chunk(&mut self, chunk: LedgerChunk) {
        if !chunk.is_empty() {
            self.starts.push(self.len);
            self.len += chunk.len();
            self.chunks.push(chunk);
        }
    }
}

impl FromIterator<Posting> for Ledger {
    fn from_iter<I: IntoIterator<Item = Posting>>(postings: I) -> Ledger {
        let mut chunk = LedgerChunk::default();
        for p in postings {
            chunk.push(&p);
        }
        let mut ledger = Ledger::default();
        ledger.push_chunk(chunk);
        ledger
    }
}

impl From<Vec<Posting>> for Ledger {
    fn from(postings: Vec<Posting>) -> Ledger {
        postings.into_iter().collect()
    }
}

impl<'a> IntoIterator for &'a Ledger {
    type Item = Posting;
    type IntoIter = Box<dyn Iterator<Item = Posting> + 'a>;
    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posting(amount: &str, waived: &str, origin: Origin) -> Posting {
        let number = |t: &str| Decimal::parse(t).unwrap_or_default();
        Posting {
            account: Account {
                roster: RosterIx(1),
                subject: 7,
            },
            currency: CurrencyIx(2),
            item: ItemIx(3),
            origin,
            day: Day(-5),
            posted: Instant(-77),
            before_caps: number("60.25"),
            amount: number(amount),
            waived: number(waived),
            received: None,
        }
    }

    #[test]
    fn rows_come_back_as_they_went_in() {
        let fact = Origin::Fact(FactRef {
            kind: KindIx(4),
            row: 9,
        });
        let own = posting("60.5", "0", fact);
        let from = own.account;
        let received = Some(Received { from, by: Some(1) });
        let rows = vec![
            own.clone(),
            Posting { received, ..own },
            posting("-3", "2", Origin::Period(Day(-1))),
            posting("12345678901234567890123.000000001", "0", fact),
        ];
        let mut ledger = Ledger::from(rows.clone());
        ledger.push_chunk(LedgerChunk::default());
        let mut more = LedgerChunk::with_capacity(1);
        more.push(&rows[0]);
        ledger.push_chunk(more);
        assert_eq!(ledger.len(), 5);
        assert_eq!(ledger.iter().take(4).collect::<Vec<_>>(), rows);
        assert_eq!(ledger.get(4).as_ref(), rows.first());
        assert_eq!(ledger.get(1).as_ref(), rows.get(1));
        assert_eq!(ledger.get(5), None);
    }
}
