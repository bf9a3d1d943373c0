//! Cells of any column, typed or text, as text when nothing quicker is known.

use crate::raw::{CellMark, RawBatch, RawColumn, TextColumn};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal128Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, DictionaryArray, StringArray};
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

    /// Names the dictionary of a dictionary-coded column: where its texts lie. Batches share them for as long as the run.
    pub fn dictionary(&self) -> Option<(usize, usize)> {
        match self {
            View::Dict(_, values) => {
                let texts = values.value_data().as_ptr() as usize;
                Some((texts, values.value_offsets().as_ptr() as usize))
            }
            _ => None,
        }
    }

    /// What the cell was in its workbook.
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
    array: &'a ArrayRef,
    pub scale: u8,
    kind: IntKind,
}

#[derive(Clone, Copy)]
enum IntKind {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    D128,
}

impl<'a> Integers<'a> {
    pub fn new(array: &'a ArrayRef) -> Option<Self> {
        let (kind, scale) = match array.data_type() {
            DataType::Int8 => (IntKind::I8, 0),
            DataType::Int16 => (IntKind::I16, 0),
            DataType::Int32 => (IntKind::I32, 0),
            DataType::Int64 => (IntKind::I64, 0),
            DataType::UInt8 => (IntKind::U8, 0),
            DataType::UInt16 => (IntKind::U16, 0),
            DataType::UInt32 => (IntKind::U32, 0),
            DataType::UInt64 => (IntKind::U64, 0),
            DataType::Decimal128(_, s) => (IntKind::D128, u8::try_from(*s).ok()?),
            _ => return None,
        };
        Some(Integers { array, scale, kind })
    }

    /// Mantissa; none for a null.
    pub fn get(&self, i: usize) -> Option<i128> {
        let a = self.array;
        if i >= a.len() || a.is_null(i) {
            return None;
        }
        Some(match self.kind {
            IntKind::I8 => a.as_primitive::<Int8Type>().value(i).into(),
            IntKind::I16 => a.as_primitive::<Int16Type>().value(i).into(),
            IntKind::I32 => a.as_primitive::<Int32Type>().value(i).into(),
            IntKind::I64 => a.as_primitive::<Int64Type>().value(i).into(),
            IntKind::U8 => a.as_primitive::<UInt8Type>().value(i).into(),
            IntKind::U16 => a.as_primitive::<UInt16Type>().value(i).into(),
            IntKind::U32 => a.as_primitive::<UInt32Type>().value(i).into(),
            IntKind::U64 => a.as_primitive::<UInt64Type>().value(i).into(),
            IntKind::D128 => a.as_primitive::<Decimal128Type>().value(i),
        })
    }
}

/// Days or instants.
pub(crate) struct Times<'a> {
    array: &'a ArrayRef,
    /// Days without a time.
    pub days: bool,
    /// Instants of the world (UTC), to be turned into civil time.
    utc: bool,
    unit: TimeKind,
}

#[derive(Clone, Copy)]
enum TimeKind {
    Date32,
    Date64,
    Second,
    Milli,
    Micro,
    Nano,
}

impl<'a> Times<'a> {
    pub fn new(array: &'a ArrayRef) -> Option<Self> {
        let (unit, days, utc) = match array.data_type() {
            DataType::Date32 => (TimeKind::Date32, true, false),
            DataType::Date64 => (TimeKind::Date64, true, false),
            DataType::Timestamp(unit, zone) => {
                let kind = match unit {
                    TimeUnit::Second => TimeKind::Second,
                    TimeUnit::Millisecond => TimeKind::Milli,
                    TimeUnit::Microsecond => TimeKind::Micro,
                    TimeUnit::Nanosecond => TimeKind::Nano,
                };
                (kind, false, zone.is_some())
            }
            _ => return None,
        };
        Some(Times {
            array,
            days,
            utc,
            unit,
        })
    }

    /// The civil instant (a day's begin); none for a null or a value that no calendar has.
    pub fn get(&self, i: usize, zone: &Zone) -> Option<Instant> {
        let a = self.array;
        if i >= a.len() || a.is_null(i) {
            return None;
        }
        let seconds = match self.unit {
            TimeKind::Date32 => i64::from(a.as_primitive::<Date32Type>().value(i)) * 86_400,
            TimeKind::Date64 => a.as_primitive::<Date64Type>().value(i).div_euclid(1000),
            TimeKind::Second => a.as_primitive::<TimestampSecondType>().value(i),
            TimeKind::Milli => {
                let v = a.as_primitive::<TimestampMillisecondType>().value(i);
                v.div_euclid(1000)
            }
            TimeKind::Micro => {
                let v = a.as_primitive::<TimestampMicrosecondType>().value(i);
                v.div_euclid(1_000_000)
            }
            TimeKind::Nano => {
                let v = a.as_primitive::<TimestampNanosecondType>().value(i);
                v.div_euclid(1_000_000_000)
            }
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
