//! Quick lookups of subjects for files with millions of rows; says the same as the roster itself.

use super::kinds::NOBODY;
use crate::view::View;
use arrow_array::Array;
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
    /// The dictionary that `codes` belongs to.
    dictionary: (usize, usize),
    codes: Vec<u32>,
    /// Ids of at most 15 bytes, packed with their length: found with one look at memory.
    short: FxHashMap<(u64, u64), u32>,
    /// Hash of a longer id → its code; the id itself is compared after.
    hashes: FxHashMap<u64, u32>,
    /// The one range of days of each subject; those with none or several have an empty one and are looked up.
    ranges: Vec<(Day, Day)>,
}

fn hash(id: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(id.as_bytes());
    hasher.finish()
}

/// The bytes of a short id and their number.
fn short(id: &str) -> Option<(u64, u64)> {
    let mut packed = [0_u8; 16];
    let (length, bytes) = packed.split_last_mut()?;
    bytes.get_mut(..id.len())?.copy_from_slice(id.as_bytes());
    *length = id.len() as u8;
    let packed = u128::from_le_bytes(packed);
    Some((packed as u64, (packed >> 64) as u64))
}

impl Lookups {
    pub fn new(rosters: &RosterData) -> Self {
        let rosters = rosters.tables.iter().map(Lookup::new).collect();
        Lookups { rosters }
    }

    fn get(&self, roster: RosterIx) -> Option<&Lookup> {
        self.rosters.get(roster.ix())
    }

    /// Makes ready for a column: forgets the codes of another dictionary.
    pub fn prepare(&mut self, roster: RosterIx, view: View<'_>) {
        let (Some(lookup), View::Dict(_, values)) = (self.rosters.get_mut(roster.ix()), view)
        else {
            return;
        };
        let address = view.dictionary().unwrap_or_default();
        if lookup.dictionary != address || lookup.codes.len() != values.len() {
            lookup.dictionary = address;
            lookup.codes.clear();
            lookup.codes.resize(values.len(), NOBODY);
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
        self.get(roster)?.short.get(&short(id)?).copied()
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
    fn new(table: &RosterTable) -> Self {
        let (mut packed, mut hashes) = (FxHashMap::default(), FxHashMap::default());
        packed.reserve(table.ids.len());
        for (code, id) in table.ids.iter().enumerate() {
            match short(id) {
                Some(key) => packed.insert(key, code as u32),
                None => Some(*hashes.entry(hash(id)).or_insert(code as u32)),
            };
        }
        let range = |r: &Vec<(Day, Day)>| match r.as_slice() {
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
