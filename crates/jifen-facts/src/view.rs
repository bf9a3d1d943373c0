//! Cells of any column, typed or text, as text when nothing quicker is known.

use crate::raw::{CellMark, RawBatch, RawColumn, TextColumn};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal128Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, DictionaryArray, StringArray};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, TimeUnit};
use jifen_calendar::{Day, Instant, Zone};
use std::borrow::Cow;

/// A column of one batch.
#[derive(Clone, Copy)]
pub(crate) enum View<'a> {
    Text(&'a TextColumn),
    Str(&'a StringArray),
    Dict(&'a DictionaryArray<Int32Type>, &'a StringArray),
    Typed(&'a ArrayRef),
}

impl<'a> View<'a> {
    #[inline]
    pub fn new(batch: &'a RawBatch, column: usize) -> Option<Self> {
        Some(match batch.columns.get(column)? {
            RawColumn::Text(t) => View::Text(t),
            RawColumn::Typed(array) => Self::typed(array),
        })
    }

    fn typed(array: &'a ArrayRef) -> Self {
        if let Some(s) = array.as_any().downcast_ref::<StringArray>() {
            return View::Str(s);
        }
        let dict = array.as_any().downcast_ref::<DictionaryArray<Int32Type>>();
        if let Some(d) = dict
            && let Some(values) = d.values().as_any().downcast_ref::<StringArray>()
        {
            return View::Dict(d, values);
        }
        View::Typed(array)
    }

    /// The cell as text; blank for a null.
    #[inline]
    pub fn text(&self, i: usize, zone: &Zone) -> Cow<'a, str> {
        match self {
            View::Text(t) => Cow::Borrowed(t.get(i)),
            View::Str(s) if i < s.len() && s.is_valid(i) => Cow::Borrowed(s.value(i)),
            View::Dict(d, values) => match d.key(i).filter(|_| i < d.len()) {
                Some(key) if values.is_valid(key) => Cow::Borrowed(values.value(key)),
                _ => Cow::Borrowed(""),
            },
            View::Str(_) => Cow::Borrowed(""),
            View::Typed(a) if i < a.len() && a.is_valid(i) => Cow::Owned(typed_text(a, i, zone)),
            View::Typed(_) => Cow::Borrowed(""),
        }
    }

    /// What the cell was in its workbook.
    #[inline]
    pub fn mark(&self, i: usize) -> CellMark {
        match self {
            View::Text(t) => t.mark(i),
            _ => CellMark::Text,
        }
    }
}

/// The text of a typed value as jifen writes it.
fn typed_text(array: &ArrayRef, i: usize, zone: &Zone) -> String {
    if let Some(numbers) = Integers::new(array)
        && let Some(n) = numbers.get(i)
    {
        return plain(n, numbers.scale);
    }
    if let Some(times) = Times::new(array)
        && let Some(at) = times.get(i, zone)
    {
        if times.days {
            return at.day().to_string();
        }
        let s = at.seconds_of_day();
        let (h, m, s) = (s / 3600, s / 60 % 60, s % 60);
        let day = at.day();
        return match s {
            0 => format!("{day} {h:02}:{m:02}"),
            _ => format!("{day} {h:02}:{m:02}:{s:02}"),
        };
    }
    match array.data_type() {
        DataType::Boolean => if array.as_boolean().value(i) {
            "是"
        } else {
            "否"
        }
        .to_owned(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(i).to_owned(),
        DataType::Utf8View => array.as_string_view().value(i).to_owned(),
        other => format!("({other})"),
    }
}

fn plain(mantissa: i128, scale: u8) -> String {
    let digits = mantissa.unsigned_abs().to_string();
    let sign = if mantissa < 0 { "-" } else { "" };
    let scale = usize::from(scale);
    if scale == 0 {
        return format!("{sign}{digits}");
    }
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let fraction = fraction.trim_end_matches('0');
    match fraction {
        "" => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{fraction}"),
    }
}

/// Whole numbers or decimals of any width.
pub(crate) struct Integers<'a> {
    values: Ints<'a>,
    nulls: Option<&'a NullBuffer>,
    pub scale: u8,
}

#[derive(Clone, Copy)]
enum Ints<'a> {
    I8(&'a [i8]),
    I16(&'a [i16]),
    I32(&'a [i32]),
    I64(&'a [i64]),
    U8(&'a [u8]),
    U16(&'a [u16]),
    U32(&'a [u32]),
    U64(&'a [u64]),
    D128(&'a [i128]),
}

impl<'a> Integers<'a> {
    pub fn new(array: &'a ArrayRef) -> Option<Self> {
        let (values, scale) = match array.data_type() {
            DataType::Int8 => (Ints::I8(array.as_primitive::<Int8Type>().values()), 0),
            DataType::Int16 => (Ints::I16(array.as_primitive::<Int16Type>().values()), 0),
            DataType::Int32 => (Ints::I32(array.as_primitive::<Int32Type>().values()), 0),
            DataType::Int64 => (Ints::I64(array.as_primitive::<Int64Type>().values()), 0),
            DataType::UInt8 => (Ints::U8(array.as_primitive::<UInt8Type>().values()), 0),
            DataType::UInt16 => (Ints::U16(array.as_primitive::<UInt16Type>().values()), 0),
            DataType::UInt32 => (Ints::U32(array.as_primitive::<UInt32Type>().values()), 0),
            DataType::UInt64 => (Ints::U64(array.as_primitive::<UInt64Type>().values()), 0),
            DataType::Decimal128(_, s) => {
                let values = array.as_primitive::<Decimal128Type>().values();
                (Ints::D128(values), u8::try_from(*s).ok()?)
            }
            _ => return None,
        };
        let nulls = array.nulls();
        Some(Integers {
            values,
            nulls,
            scale,
        })
    }

    /// Mantissa; none for a null.
    #[inline]
    pub fn get(&self, i: usize) -> Option<i128> {
        if is_null(self.nulls, i) {
            return None;
        }
        Some(match self.values {
            Ints::I8(v) => (*v.get(i)?).into(),
            Ints::I16(v) => (*v.get(i)?).into(),
            Ints::I32(v) => (*v.get(i)?).into(),
            Ints::I64(v) => (*v.get(i)?).into(),
            Ints::U8(v) => (*v.get(i)?).into(),
            Ints::U16(v) => (*v.get(i)?).into(),
            Ints::U32(v) => (*v.get(i)?).into(),
            Ints::U64(v) => (*v.get(i)?).into(),
            Ints::D128(v) => *v.get(i)?,
        })
    }
}

/// A null; a row beyond the end counts as one.
#[inline]
fn is_null(nulls: Option<&NullBuffer>, i: usize) -> bool {
    nulls.is_some_and(|n| i >= n.len() || n.is_null(i))
}

/// Days or instants.
pub(crate) struct Times<'a> {
    values: Moments<'a>,
    nulls: Option<&'a NullBuffer>,
    /// Days without a time.
    pub days: bool,
    /// Instants of the world (UTC), to be turned into civil time.
    utc: bool,
}

/// What the numbers of a column of times count.
#[derive(Clone, Copy)]
enum Moments<'a> {
    Days(&'a [i32]),
    /// So many to a second.
    Parts(&'a [i64], i64),
}

impl<'a> Times<'a> {
    pub fn new(array: &'a ArrayRef) -> Option<Self> {
        let a = array;
        let parts = |values: &'a ScalarBuffer<i64>, n| Moments::Parts(values, n);
        let (values, days, utc) = match array.data_type() {
            DataType::Date32 => {
                let values = a.as_primitive::<Date32Type>().values();
                (Moments::Days(values), true, false)
            }
            DataType::Date64 => {
                let values = a.as_primitive::<Date64Type>().values();
                (parts(values, 1000), true, false)
            }
            DataType::Timestamp(unit, zone) => {
                let values = match unit {
                    TimeUnit::Second => parts(a.as_primitive::<TimestampSecondType>().values(), 1),
                    TimeUnit::Millisecond => {
                        parts(a.as_primitive::<TimestampMillisecondType>().values(), 1000)
                    }
                    TimeUnit::Microsecond => parts(
                        a.as_primitive::<TimestampMicrosecondType>().values(),
                        1_000_000,
                    ),
                    TimeUnit::Nanosecond => parts(
                        a.as_primitive::<TimestampNanosecondType>().values(),
                        1_000_000_000,
                    ),
                };
                (values, false, zone.is_some())
            }
            _ => return None,
        };
        let nulls = array.nulls();
        Some(Times {
            values,
            nulls,
            days,
            utc,
        })
    }

    /// The civil instant (a day's begin); none for a null or a value that no calendar has.
    #[inline]
    pub fn get(&self, i: usize, zone: &Zone) -> Option<Instant> {
        if is_null(self.nulls, i) {
            return None;
        }
        let seconds = match self.values {
            Moments::Days(v) => i64::from(*v.get(i)?) * 86_400,
            Moments::Parts(v, n) => v.get(i)?.div_euclid(n),
        };
        if seconds < Day::MIN.start().0 || seconds >= Day::MAX.start().0 {
            return None;
        }
        Some(if self.utc {
            zone.to_civil(seconds)
        } else {
            Instant(seconds)
        })
    }
}
