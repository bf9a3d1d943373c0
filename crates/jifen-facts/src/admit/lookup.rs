//! Quick lookups of subjects for files with millions of rows; says the same as the roster itself.

use super::kinds::NOBODY;
use crate::view::View;
use arrow_array::{Array, StringArray};
use jifen_calendar::Day;
use jifen_data::{RosterData, RosterTable};
use jifen_plan::RosterIx;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// One for each roster.
#[derive(Default)]
pub(super) struct Lookups {
    rosters: Vec<Lookup>,
}

/// Subjects of one roster.
#[derive(Default)]
struct Lookup {
    /// The dictionary that `codes` belongs to; it is kept, or another might come to lie at its address.
    dictionary: Option<StringArray>,
    codes: Vec<u32>,
    /// Ids of at most 15 bytes, packed with their length: found with one look at memory.
    short: Short,
    /// Hash of a longer id → its code; the id itself is compared after.
    hashes: FxHashMap<u64, u32>,
    /// The one range of days of each subject; those with none or several have an empty one and are looked up.
    ranges: Vec<(Day, Day)>,
}

/// Packed ids and their codes, each at the place of its hash or behind it.
struct Short {
    /// A power of two, at least twice as many as there are ids.
    slots: Vec<(u128, u32)>,
}

impl Default for Short {
    fn default() -> Self {
        Short::with_room(0)
    }
}

impl Short {
    fn with_room(ids: usize) -> Short {
        Short {
            slots: vec![(0, NOBODY); (ids * 2 + 1).next_power_of_two()],
        }
    }

    #[inline]
    fn place(&self, id: u128) -> usize {
        // Multiplied by an odd number without a pattern (2^64 ÷ the golden ratio); what is on top is mixed best.
        let folded = (id as u64).rotate_left(29) ^ (id >> 64) as u64;
        let mixed = folded.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((mixed >> 32) as usize ^ mixed as usize) & (self.slots.len() - 1)
    }

    fn insert(&mut self, id: u128, code: u32) {
        let mut at = self.place(id);
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.1 == NOBODY || slot.0 == id {
                *slot = (id, code);
                return;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    #[inline]
    fn get(&self, id: u128) -> Option<u32> {
        let mut at = self.place(id);
        // There is always an empty slot.
        loop {
            let slot = self.slots.get(at)?;
            if slot.1 == NOBODY {
                return None;
            }
            if slot.0 == id {
                return Some(slot.1);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }
}

fn hash(id: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(id.as_bytes());
    hasher.finish()
}

/// The bytes of a short id and their number.
#[inline]
fn short(id: &[u8]) -> Option<u128> {
    let mut packed = [0_u8; 16];
    let (length, bytes) = packed.split_last_mut()?;
    bytes.get_mut(..id.len())?.copy_from_slice(id);
    *length = id.len() as u8;
    Some(u128::from_le_bytes(packed))
}

/// The same for the bytes from `start` to `end` of a longer text, without a copy of a length that varies.
#[inline]
fn short_within(texts: &[u8], start: usize, end: usize) -> Option<u128> {
    let length = end.checked_sub(start).filter(|l| *l <= 15)?;
    let Some((whole, _)) = texts.get(start..).and_then(|t| t.split_first_chunk::<16>()) else {
        return short(texts.get(start..end)?);
    };
    let mask = (1_u128 << (8 * length)) - 1;
    Some(u128::from_le_bytes(*whole) & mask | (length as u128) << 120)
}

/// Are these the same texts, at the same place in memory?
pub(crate) fn same_texts(a: &StringArray, b: &StringArray) -> bool {
    let at = |s: &StringArray| (s.value_data().as_ptr(), s.value_offsets().as_ptr(), s.len());
    at(a) == at(b)
}

impl Lookups {
    pub fn new(rosters: &RosterData) -> Self {
        let rosters = rosters.tables.iter().map(Lookup::new).collect();
        Lookups { rosters }
    }

    fn get(&self, roster: RosterIx) -> Option<&Lookup> {
        self.rosters.get(roster.ix())
    }

    /// Makes ready for a column: looks the entries of another dictionary up.
    pub fn prepare(&mut self, roster: RosterIx, view: View<'_>) {
        let (Some(lookup), View::Dict(_, values)) = (self.rosters.get_mut(roster.ix()), view)
        else {
            return;
        };
        let held = lookup.dictionary.as_ref();
        if held.is_none_or(|h| !same_texts(h, values)) {
            lookup.dictionary = Some(values.clone());
            lookup.know(values);
        }
    }

    /// The code that an entry of the dictionary had before.
    pub fn coded(&self, roster: RosterIx, key: usize) -> Option<u32> {
        let code = *self.get(roster)?.codes.get(key)?;
        (code != NOBODY).then_some(code)
    }

    /// Remembers the code of an entry of the dictionary.
    pub fn remember(&mut self, roster: RosterIx, key: usize, code: u32) {
        let lookup = self.rosters.get_mut(roster.ix());
        if let Some(slot) = lookup.and_then(|l| l.codes.get_mut(key)) {
            *slot = code;
        }
    }

    /// The code of a short id, written exactly so.
    pub fn find_short(&self, roster: RosterIx, id: &str) -> Option<u32> {
        self.get(roster)?.short.get(short(id.as_bytes())?)
    }

    /// The code of an id.
    pub fn find(&self, roster: RosterIx, table: &RosterTable, id: &str) -> Option<u32> {
        if let Some(code) = self.find_short(roster, id) {
            return Some(code);
        }
        let code = self.get(roster)?.hashes.get(&hash(id)).copied();
        match code.filter(|c| table.ids.get_index(*c as usize).is_some_and(|i| i == id)) {
            Some(code) => Some(code),
            // Not there, or two ids with one hash.
            None => table.subject(id),
        }
    }

    /// Is the subject on the roster on this day?
    pub fn is_present(
        &self,
        roster: RosterIx,
        table: &RosterTable,
        subject: u32,
        day: Day,
    ) -> bool {
        let range = self
            .get(roster)
            .and_then(|l| l.ranges.get(subject as usize));
        match range {
            Some((from, to)) if from < to => *from <= day && day < *to,
            _ => table.is_present(subject, day),
        }
    }
}

impl Lookup {
    /// The codes of a dictionary's short entries; the others are looked up when they come.
    fn know(&mut self, values: &StringArray) {
        let (texts, ends) = (values.value_data(), values.value_offsets());
        let bounds = ends.iter().zip(ends.iter().skip(1));
        self.codes.clear();
        // One after the other and nothing else, so that the looks at memory overlap.
        self.codes.extend(bounds.map(|(start, end)| {
            let (start, end) = (*start as usize, *end as usize);
            let id = short_within(texts, start, end);
            id.and_then(|id| self.short.get(id)).unwrap_or(NOBODY)
        }));
        for i in (0..values.len()).filter(|i| values.is_null(*i)) {
            if let Some(code) = self.codes.get_mut(i) {
                *code = NOBODY;
            }
        }
    }

    fn new(table: &RosterTable) -> Self {
        let mut packed = Short::with_room(table.ids.len());
        let mut hashes = FxHashMap::default();
        for (code, id) in table.ids.iter().enumerate() {
            match short(id.as_bytes()) {
                Some(key) => packed.insert(key, code as u32),
                None => {
                    hashes.entry(hash(id)).or_insert(code as u32);
                }
            }
        }
        let range = |r: &[(Day, Day)]| match r {
            [one] => *one,
            _ => (Day::MAX, Day::MIN),
        };
        Lookup {
            short: packed,
            hashes,
            ranges: table.present.iter().map(range).collect(),
            ..Lookup::default()
        }
    }
}
