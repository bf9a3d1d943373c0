//! Rosters with dated rows: who is on it when, and which value an attribute has on a day.

use indexmap::IndexSet;
use jifen_calendar::Day;
use jifen_plan::{AttrIx, RosterIx, Value};

use crate::lists::Lists;

/// All rosters, parallel to `Plan::rosters`.
#[derive(Clone, Debug, Default)]
pub struct RosterData {
    /// Tables.
    pub tables: Vec<RosterTable>,
}

impl RosterData {
    /// A table.
    #[must_use]
    #[inline]
    pub fn table(&self, roster: RosterIx) -> Option<&RosterTable> {
        self.tables.get(roster.ix())
    }
}

/// One roster.
#[derive(Clone, Debug, Default)]
pub struct RosterTable {
    /// Subject ids; code = index.
    pub ids: IndexSet<String>,
    /// Display names (may be empty).
    pub names: Vec<Option<String>>,
    /// For each subject: half-open ranges of days on which it is on the roster, ascending, disjoint.
    pub present: Lists<(Day, Day)>,
    /// Parallel to the roster's attributes.
    pub attrs: Vec<AttrTable>,
}

/// The values of one attribute.
#[derive(Clone, Debug, Default)]
pub struct AttrTable {
    /// Distinct values; code = index.
    pub values: IndexSet<Value>,
    /// For each subject: (from, to, value code), half-open, ascending, disjoint. A gap is a blank.
    pub rows: Lists<(Day, Day, u32)>,
}

impl RosterTable {
    /// Code of the subject with this id.
    #[must_use]
    #[inline]
    pub fn subject(&self, id: &str) -> Option<u32> {
        u32::try_from(self.ids.get_index_of(id)?).ok()
    }

    /// Is the subject on the roster on this day?
    #[must_use]
    #[inline]
    pub fn is_present(&self, subject: u32, day: Day) -> bool {
        self.present
            .get(subject as usize)
            .is_some_and(|r| r.iter().any(|(a, b)| *a <= day && day < *b))
    }

    /// Code of an attribute's value on a day.
    #[must_use]
    #[inline]
    pub fn attr_code(&self, attr: AttrIx, subject: u32, day: Day) -> Option<u32> {
        let rows = self.attrs.get(attr.ix())?.rows.get(subject as usize)?;
        rows.iter()
            .find(|(a, b, _)| *a <= day && day < *b)
            .map(|r| r.2)
    }

    /// An attribute's value on a day; `None` is a blank.
    #[must_use]
    #[inline]
    pub fn attr(&self, attr: AttrIx, subject: u32, day: Day) -> Option<&Value> {
        let code = self.attr_code(attr, subject, day)?;
        self.attrs.get(attr.ix())?.values.get_index(code as usize)
    }
}
