//! Typed columns with missing values; texts are dictionary codes.

use indexmap::IndexSet;
use jifen_calendar::{Day, Instant};
use jifen_plan::Value;
use jifen_quantity::Decimal;

/// A column of field values. `None`/code [`MISSING`] is a blank; defaults are *not* filled in (the Plan does that).
#[derive(Clone, Debug)]
pub enum Column {
    /// Numbers in held units.
    Number(Numbers),
    /// Texts, options, groups, references (ids).
    Text(TextColumn),
    /// 是/否: 0, 1 or 2 for a blank.
    YesNo(Vec<u8>),
    /// Days.
    Date(Vec<Option<Day>>),
    /// Instants.
    Instant(Vec<Option<Instant>>),
    /// Spans, end not included.
    Span(Vec<Option<(Instant, Instant)>>),
}

/// Code of a blank text.
pub const MISSING: u32 = u32::MAX;

/// Numbers: narrow where all share a scale, else exact decimals.
#[derive(Clone, Debug)]
pub enum Numbers {
    /// mantissa × 10^−scale; `i64::MIN` is a blank.
    Narrow {
        /// Digits after the point.
        scale: u8,
        /// Mantissas.
        values: Vec<i64>,
    },
    /// Exact decimals.
    Wide(Vec<Option<Decimal>>),
}

/// Blank in [`Numbers::Narrow`].
pub const BLANK: i64 = i64::MIN;

impl Numbers {
    /// The value of row `i`; `None` for a blank or a row that does not exist.
    #[must_use]
    #[inline]
    pub fn get(&self, i: usize) -> Option<Decimal> {
        match self {
            Numbers::Narrow { scale, values } => match values.get(i) {
                None | Some(&BLANK) => None,
                Some(&m) => Decimal::new(i128::from(m), *scale),
            },
            Numbers::Wide(values) => values.get(i).copied().flatten(),
        }
    }
}

/// Dictionary-coded texts.
#[derive(Clone, Debug, Default)]
pub struct TextColumn {
    /// Distinct texts; code = index.
    pub dict: IndexSet<String>,
    /// A code for each row, [`MISSING`] for a blank.
    pub codes: Vec<u32>,
}

impl TextColumn {
    /// The text of row `i`; `None` for a blank.
    #[must_use]
    #[inline]
    pub fn get(&self, i: usize) -> Option<&str> {
        self.codes
            .get(i)
            .and_then(|c| self.dict.get_index(*c as usize))
            .map(String::as_str)
    }

    /// Appends a text or a blank.
    #[inline]
    pub fn push(&mut self, text: Option<&str>) {
        let code = match text {
            None => MISSING,
            Some(t) => match self.dict.get_index_of(t) {
                Some(i) => i as u32,
                None => self.dict.insert_full(t.to_owned()).0 as u32,
            },
        };
        self.codes.push(code);
    }
}

impl Column {
    /// The value of row `i`; `None` for a blank.
    #[must_use]
    #[inline]
    pub fn value(&self, i: usize) -> Option<Value> {
        match self {
            Column::Number(n) => n.get(i).map(Value::Num),
            Column::Text(t) => t.get(i).map(|s| Value::Text(s.to_owned())),
            Column::YesNo(v) => match v.get(i) {
                Some(0) => Some(Value::YesNo(false)),
                Some(1) => Some(Value::YesNo(true)),
                _ => None,
            },
            Column::Date(v) => v.get(i).copied().flatten().map(Value::Date),
            Column::Instant(v) => v.get(i).copied().flatten().map(Value::Instant),
            Column::Span(v) => v.get(i).copied().flatten().map(|(a, b)| Value::Span(a, b)),
        }
    }

    /// Number of rows.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        match self {
            Column::Number(Numbers::Narrow { values, .. }) => values.len(),
            Column::Number(Numbers::Wide(v)) => v.len(),
            Column::Text(t) => t.codes.len(),
            Column::YesNo(v) => v.len(),
            Column::Date(v) => v.len(),
            Column::Instant(v) => v.len(),
            Column::Span(v) => v.len(),
        }
    }

    /// No rows.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
