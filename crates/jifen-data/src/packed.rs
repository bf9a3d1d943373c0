//! Millions of rows held narrow, in the chunks in which they were made: read as rows by value, never copied together.

use std::fmt;

use jifen_quantity::Decimal;

/// A row that can be held narrow.
pub trait Pack: Clone + fmt::Debug + PartialEq {
    /// How it is held.
    type Row: Copy + fmt::Debug;
    /// Held so; an amount that does not fit goes to `wide`.
    fn pack(&self, wide: &mut Vec<Decimal>) -> Self::Row;
    /// As it was; `None` only of what [`Pack::pack`] does not give.
    fn unpack(row: &Self::Row, wide: &[Decimal]) -> Option<Self>;
}

/// Marks an amount that stands in `wide`.
const WIDE: u8 = u8::MAX;

/// A number as 64 bits and its digits after the point; where it does not fit, as its place in `wide`.
#[inline]
pub fn narrow(number: Decimal, wide: &mut Vec<Decimal>) -> (i64, u8) {
    match i64::try_from(number.mantissa()) {
        Ok(mantissa) => (mantissa, number.scale()),
        Err(_) => {
            wide.push(number);
            (wide.len() as i64 - 1, WIDE)
        }
    }
}

/// The number that [`narrow`] held.
#[must_use]
#[inline]
pub fn widened((mantissa, scale): (i64, u8), wide: &[Decimal]) -> Option<Decimal> {
    match scale {
        WIDE => wide.get(usize::try_from(mantissa).ok()?).copied(),
        scale => Decimal::new(i128::from(mantissa), scale),
    }
}

/// A run of rows; the engine fills one for each part of its work.
#[derive(Clone, Debug)]
pub struct Chunk<T: Pack> {
    rows: Vec<T::Row>,
    wide: Vec<Decimal>,
}

impl<T: Pack> Default for Chunk<T> {
    fn default() -> Self {
        Chunk {
            rows: Vec::new(),
            wide: Vec::new(),
        }
    }
}

impl<T: Pack> Chunk<T> {
    /// Number of rows.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// No rows.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Appends a row.
    #[inline]
    pub fn push(&mut self, row: &T) {
        let row = row.pack(&mut self.wide);
        self.rows.push(row);
    }

    /// Forgets all rows from place `len` on.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        self.rows.truncate(len);
    }

    /// All rows, in order.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.rows.iter().filter_map(|r| T::unpack(r, &self.wide))
    }
}

impl<T: Pack> Extend<T> for Chunk<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, rows: I) {
        rows.into_iter().for_each(|r| self.push(&r));
    }
}

/// All rows, chunk after chunk.
#[derive(Clone)]
pub struct Packed<T: Pack> {
    chunks: Vec<Chunk<T>>,
}

impl<T: Pack> Default for Packed<T> {
    fn default() -> Self {
        Packed { chunks: Vec::new() }
    }
}

impl<T: Pack> Packed<T> {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.iter().map(Chunk::len).sum()
    }

    /// No rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks.iter().all(Chunk::is_empty)
    }

    /// All rows, in order.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.chunks.iter().flat_map(Chunk::iter)
    }

    /// Appends a chunk.
    pub fn push_chunk(&mut self, chunk: Chunk<T>) {
        if !chunk.is_empty() {
            self.chunks.push(chunk);
        }
    }

    /// Puts rows in the order of a key, those of one key as they stand; nothing moves where they are.
    pub fn sort_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K) {
        if !self.iter().is_sorted_by_key(|r| key(&r)) {
            let mut rows: Vec<T> = self.iter().collect();
            rows.sort_by_key(key);
            *self = rows.into_iter().collect();
        }
    }
}

impl<T: Pack> PartialEq for Packed<T> {
    /// In whatever chunks they stand.
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: Pack + Eq> Eq for Packed<T> {}

impl<T: Pack> fmt::Debug for Packed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: Pack> FromIterator<T> for Packed<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        let mut chunk = Chunk::default();
        chunk.extend(rows);
        let mut out = Packed::default();
        out.push_chunk(chunk);
        out
    }
}

impl<T: Pack> From<Vec<T>> for Packed<T> {
    fn from(rows: Vec<T>) -> Self {
        rows.into_iter().collect()
    }
}

impl<'a, T: Pack> IntoIterator for &'a Packed<T> {
    type Item = T;
    type IntoIter = Box<dyn Iterator<Item = T> + 'a>;
    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}
