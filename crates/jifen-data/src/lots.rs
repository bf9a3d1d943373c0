//! Lots: what was earned, what remains of it, and what time took (S19).

use jifen_calendar::{Day, Instant};
use jifen_plan::{CurrencyIx, ItemIx, KindIx, RosterIx};
use jifen_quantity::Decimal;

use crate::evaluation::{Account, Origin};
use crate::facts::FactRef;
use crate::packed::{Pack, narrow, widened};

/// What a lot came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LotSource {
    /// Taken over from an older system.
    Opening,
    /// An award.
    Award(ItemIx, Origin),
}

/// A lot with what remains of it (above 0) at the end of the as-of day; only of currencies whose points lapse.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lot {
    /// Account.
    pub account: Account,
    /// Currency.
    pub currency: CurrencyIx,
    /// The day from which it ages: its event day.
    pub day: Day,
    /// What it came from.
    pub source: LotSource,
    /// What remains.
    pub left: Decimal,
}

/// Points that stay although they may have lapsed: on which day they do depends on a year that the working-day calendar
/// lacks (S5, decision 024).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undated {
    /// Account.
    pub account: Account,
    /// Currency.
    pub currency: CurrencyIx,
    /// They do not lapse before: when they would if every day of the years that are lacking were worked.
    pub at: Instant,
    /// The lot; `None`: all that the account holds.
    pub lot: Option<(Day, LotSource)>,
    /// The first year that is lacking.
    pub year: i32,
}

/// What time took of a lot (above 0).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lapse {
    /// Account.
    pub account: Account,
    /// Currency.
    pub currency: CurrencyIx,
    /// When: 00:00 of a day, or the release of an award that had already aged.
    pub at: Instant,
    /// Decayed; otherwise expired.
    pub decayed: bool,
    /// The day from which the lot ages.
    pub day: Day,
    /// The lot.
    pub source: LotSource,
    /// How much.
    pub amount: Decimal,
}

/// Marks an opening lot, and one that a period earned (its first day in `origin`), in the place of a kind.
const OPENING: u16 = u16::MAX;
const PERIOD: u16 = u16::MAX - 1;

/// A lot as it is held.
#[derive(Clone, Copy, Debug)]
pub struct LotRow {
    left: i64,
    subject: u32,
    day: Day,
    origin: u32,
    roster: u16,
    currency: u16,
    item: u16,
    kind: u16,
    scale: u8,
}

impl LotRow {
    #[inline]
    fn new(
        account: Account,
        currency: CurrencyIx,
        day: Day,
        source: LotSource,
        (left, scale): (i64, u8),
    ) -> Self {
        let (item, kind, origin) = match source {
            LotSource::Opening => (0, OPENING, 0),
            LotSource::Award(item, Origin::Period(first)) => {
                (item.0, PERIOD, first.0.cast_unsigned())
            }
            LotSource::Award(item, Origin::Fact(fact)) => (item.0, fact.kind.0, fact.row),
        };
        LotRow {
            left,
            subject: account.subject,
            day,
            origin,
            roster: account.roster.0,
            currency: currency.0,
            item,
            kind,
            scale,
        }
    }

    fn left(&self, wide: &[Decimal]) -> Option<Decimal> {
        widened((self.left, self.scale), wide)
    }

    fn account(&self) -> Account {
        Account {
            roster: RosterIx(self.roster),
            subject: self.subject,
        }
    }

    fn source(&self) -> LotSource {
        let origin = match self.kind {
            OPENING => return LotSource::Opening,
            PERIOD => Origin::Period(Day(self.origin.cast_signed())),
            kind => Origin::Fact(FactRef {
                kind: KindIx(kind),
                row: self.origin,
            }),
        };
        LotSource::Award(ItemIx(self.item), origin)
    }
}

impl Pack for Lot {
    type Row = LotRow;

    #[inline]
    fn pack(&self, wide: &mut Vec<Decimal>) -> LotRow {
        let left = narrow(self.left, wide);
        LotRow::new(self.account, self.currency, self.day, self.source, left)
    }

    fn unpack(row: &LotRow, wide: &[Decimal]) -> Option<Lot> {
        Some(Lot {
            account: row.account(),
            currency: CurrencyIx(row.currency),
            day: row.day,
            source: row.source(),
            left: row.left(wide)?,
        })
    }
}

/// A lapse as it is held.
#[derive(Clone, Copy, Debug)]
pub struct LapseRow {
    lot: LotRow,
    at: Instant,
    decayed: bool,
}

impl Pack for Lapse {
    type Row = LapseRow;

    #[inline]
    fn pack(&self, wide: &mut Vec<Decimal>) -> LapseRow {
        let amount = narrow(self.amount, wide);
        LapseRow {
            lot: LotRow::new(self.account, self.currency, self.day, self.source, amount),
            at: self.at,
            decayed: self.decayed,
        }
    }

    fn unpack(row: &LapseRow, wide: &[Decimal]) -> Option<Lapse> {
        Some(Lapse {
            account: row.lot.account(),
            currency: CurrencyIx(row.lot.currency),
            at: row.at,
            decayed: row.decayed,
            day: row.lot.day,
            source: row.lot.source(),
            amount: row.lot.left(wide)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packed::{Chunk, Packed};

    fn lot(source: LotSource, left: &str) -> Lot {
        Lot {
            account: Account {
                roster: RosterIx(1),
                subject: 7,
            },
            currency: CurrencyIx(2),
            day: Day(-3),
            source,
            left: Decimal::parse(left).unwrap_or_default(),
        }
    }

    #[test]
    fn rows_come_back_as_they_went_in() {
        let fact = Origin::Fact(FactRef {
            kind: KindIx(4),
            row: u32::MAX,
        });
        let rows = vec![
            lot(LotSource::Opening, "60.25"),
            lot(
                LotSource::Award(ItemIx(3), fact),
                "12345678901234567890123.5",
            ),
            lot(
                LotSource::Award(ItemIx(9), Origin::Period(Day(-20))),
                "0.000001",
            ),
            lot(LotSource::Award(ItemIx(0), fact), "9223372036854775807"),
        ];
        let lapse = |l: &Lot| Lapse {
            account: l.account,
            currency: l.currency,
            at: Instant(-5),
            decayed: l.source == LotSource::Opening,
            day: l.day,
            source: l.source,
            amount: l.left,
        };
        let lapses: Vec<Lapse> = rows.iter().map(lapse).collect();
        let mut packed = Packed::from(rows.clone());
        assert_eq!(packed.iter().collect::<Vec<_>>(), rows);
        assert_eq!(
            Packed::from(lapses.clone()).iter().collect::<Vec<_>>(),
            lapses
        );
        let mut more = Chunk::default();
        more.extend([rows[1].clone(), rows[0].clone()]);
        more.truncate(1);
        packed.push_chunk(more);
        packed.push_chunk(Chunk::default());
        assert_eq!((packed.len(), packed.is_empty()), (5, false));
        packed.sort_by_key(|l| l.left);
        let want: Vec<_> = [2, 0, 3, 1, 1].map(|i: usize| rows[i].clone()).to_vec();
        assert_eq!(packed.iter().collect::<Vec<_>>(), want);
        assert_eq!(packed, Packed::from(want));
        assert!(packed != Packed::from(rows));
    }
}
