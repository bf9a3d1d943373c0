//! Columns of values of one node over the rows of a batch, with the reason where a row has none; no evaluation.

use indexmap::IndexSet;
use jifen_calendar::{Day, Instant};
use jifen_data::{Failure, Missing};
use jifen_plan::{AttrIx, FieldIx, MeasureIx, RosterIx, StandingIx, Value};
use jifen_quantity::{Decimal, NumError};

use crate::error::Stop;
use crate::world::Val;

/// Why a row has no value; 0: it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Bad(u64);

impl Bad {
    pub const NONE: Bad = Bad(0);
    pub const OVERFLOW: Bad = Bad(1 << 56);
    pub const DIVISION: Bad = Bad(2 << 56);
    pub const CALENDAR: Bad = Bad(3 << 56);
    pub const CLOCK: Bad = Bad(4 << 56);

    pub fn field(f: FieldIx) -> Bad {
        Bad(5 << 56 | u64::from(f.0))
    }

    pub fn attr(roster: RosterIx, attr: AttrIx) -> Bad {
        Bad(6 << 56 | u64::from(roster.0) << 16 | u64::from(attr.0))
    }

    fn measure(tag: u64, m: MeasureIx) -> Bad {
        Bad(tag << 56 | u64::from(m.0))
    }

    pub fn is_some(self) -> bool {
        self.0 != 0
    }

    /// Something is missing (rather than failed).
    pub fn is_unknown(self) -> bool {
        self.0 >> 56 >= 4
    }

    pub fn of_number(e: NumError) -> Bad {
        match e {
            NumError::Overflow => Bad::OVERFLOW,
            NumError::DivisionByZero => Bad::DIVISION,
        }
    }

    /// A stop as a reason; `None` for what rows cannot meet.
    pub fn of(stop: &Stop) -> Option<Bad> {
        Some(match stop {
            Stop::Failed(Failure::Overflow) => Bad::OVERFLOW,
            Stop::Failed(Failure::DivisionByZero) => Bad::DIVISION,
            Stop::Failed(Failure::BeyondCalendar) => Bad::CALENDAR,
            Stop::Unknown(Missing::ClockTime) => Bad::CLOCK,
            Stop::Unknown(Missing::Field(f)) => Bad::field(*f),
            Stop::Unknown(Missing::Attr(r, a)) => Bad::attr(*r, *a),
            Stop::Unknown(Missing::NoValue(m)) => Bad::measure(7, *m),
            Stop::Unknown(Missing::NoEarlier(m)) => Bad::measure(8, *m),
            Stop::Unknown(Missing::NoStanding(s)) => Bad(9 << 56 | u64::from(s.0)),
            Stop::Unknown(
                Missing::PeriodRow
                | Missing::CalendarYear(_)
                | Missing::FieldOf(..)
                | Missing::NoFact(_)
                | Missing::ClockOf(_)
                | Missing::NotOnRoster(..),
            )
            | Stop::Failed(Failure::NegativeWeight | Failure::NegativeTotal | Failure::OffStep)
            | Stop::Plan(_) => {
                return None;
            }
        })
    }

    /// The reason as a stop.
    pub fn stop(self) -> Stop {
        let low = |shift: u32| (self.0 >> shift) as u16;
        match self.0 >> 56 {
            1 => Stop::Failed(Failure::Overflow),
            2 => Stop::Failed(Failure::DivisionByZero),
            3 => Stop::Failed(Failure::BeyondCalendar),
            4 => Stop::Unknown(Missing::ClockTime),
            5 => Stop::Unknown(Missing::Field(FieldIx(low(0)))),
            7 => Stop::Unknown(Missing::NoValue(MeasureIx(low(0)))),
            8 => Stop::Unknown(Missing::NoEarlier(MeasureIx(low(0)))),
            9 => Stop::Unknown(Missing::NoStanding(StandingIx(low(0)))),
            _ => Stop::Unknown(Missing::Attr(RosterIx(low(16)), AttrIx(low(0)))),
        }
    }
}

/// Values of a node; where a row is bad its value means nothing.
#[derive(Clone, Debug)]
pub(crate) struct Col<'w> {
    pub data: Data<'w>,
    pub bad: Option<Vec<Bad>>,
}

/// Values by type.
#[derive(Clone, Debug)]
pub(crate) enum Data<'w> {
    Num(Nums),
    Bool(Vec<bool>),
    Day(Vec<i32>),
    Instant(Vec<i64>),
    /// Texts of a field, as codes of its dictionary.
    Text(&'w IndexSet<String>, Vec<u32>),
    /// Values of an attribute, as codes.
    Attr(&'w IndexSet<Value>, Vec<u32>),
    Any(Vec<Val<'w>>),
}

/// Numbers: mantissas at one scale, or exact decimals.
#[derive(Clone, Debug)]
pub(crate) enum Nums {
    Narrow(u8, Vec<i64>),
    Wide(Vec<Decimal>),
}

impl Nums {
    pub fn len(&self) -> usize {
        match self {
            Nums::Narrow(_, v) => v.len(),
            Nums::Wide(v) => v.len(),
        }
    }

    pub fn get(&self, i: usize) -> Decimal {
        match self {
            Nums::Narrow(s, v) => {
                let m = v.get(i).copied().unwrap_or_default();
                Decimal::new(i128::from(m), *s).unwrap_or_default()
            }
            Nums::Wide(v) => v.get(i).copied().unwrap_or_default(),
        }
    }

    /// The values at these places.
    pub fn pick(&self, places: &[u32]) -> Nums {
        match self {
            Nums::Narrow(s, v) => Nums::Narrow(*s, pick(v, places)),
            Nums::Wide(v) => Nums::Wide(pick(v, places)),
        }
    }

    /// The same numbers with mantissas at `scale`, where all fit.
    pub fn at_scale(&self, scale: u8) -> Option<Vec<i64>> {
        match self {
            Nums::Narrow(s, v) if *s == scale => Some(v.clone()),
            Nums::Narrow(s, v) => {
                let unit = pow10(scale.checked_sub(*s)?)?;
                v.iter().map(|m| m.checked_mul(unit)).collect()
            }
            Nums::Wide(v) => {
                let one = |d: &Decimal| i64::try_from(d.rescale(scale)?).ok();
                v.iter().map(one).collect()
            }
        }
    }
}

/// Powers of ten that fit.
pub(crate) fn pow10(n: u8) -> Option<i64> {
    10_i64.checked_pow(u32::from(n))
}

pub(crate) fn pick<T: Copy + Default>(v: &[T], places: &[u32]) -> Vec<T> {
    places
        .iter()
        .map(|i| v.get(*i as usize).copied().unwrap_or_default())
        .collect()
}

impl<'w> Col<'w> {
    pub fn good(data: Data<'w>) -> Col<'w> {
        Col { data, bad: None }
    }

    pub fn bad_at(&self, i: usize) -> Bad {
        self.bad
            .as_ref()
            .and_then(|b| b.get(i).copied())
            .unwrap_or_default()
    }

    /// The value of a good row.
    pub fn at(&self, i: usize) -> Option<Val<'w>> {
        Some(match &self.data {
            Data::Num(n) => Val::Num(n.get(i)),
            Data::Bool(v) => Val::YesNo(*v.get(i)?),
            Data::Day(v) => Val::Date(Day(*v.get(i)?)),
            Data::Instant(v) => Val::Instant(Instant(*v.get(i)?)),
            Data::Text(dict, v) => Val::Text(dict.get_index(*v.get(i)? as usize)?),
            Data::Attr(values, v) => Val::of(values.get_index(*v.get(i)? as usize)?),
            Data::Any(v) => *v.get(i)?,
        })
    }
}

/// The first reason of two operands, left to right.
pub(crate) fn either(a: Option<Vec<Bad>>, b: Option<Vec<Bad>>) -> Option<Vec<Bad>> {
    match (a, b) {
        (None, b) => b,
        (a, None) => a,
        (Some(mut a), Some(b)) => {
            for (x, y) in a.iter_mut().zip(b) {
                if !x.is_some() {
                    *x = y;
                }
            }
            Some(a)
        }
    }
}

/// Marks a row as bad.
pub(crate) fn mark(bad: &mut Option<Vec<Bad>>, len: usize, i: usize, why: Bad) {
    let list = bad.get_or_insert_with(|| vec![Bad::NONE; len]);
    if let Some(slot) = list.get_mut(i)
        && !slot.is_some()
    {
        *slot = why;
    }
}
