//! A raw table with its mapping worked out against the Plan.

use super::resolve::{Resolved, resolve};
use super::{date_styles, source_for};
use crate::fault::{FileError, Place};
use crate::mapping::Sources;
use crate::parquet::Later;
use crate::raw::{RawBatch, RawTable};
use crate::rejects::{MarkColumns, MendView, extra_columns, unprotect_table};
use crate::value::date::DateStyle;
use crate::view::View;
use jifen_calendar::Zone;
use jifen_plan::Plan;
use std::sync::Arc;

pub(super) struct Table {
    pub label: String,
    pub raw: RawTable,
    pub resolved: Resolved,
    /// For each column.
    pub styles: Vec<DateStyle>,
    /// The columns of a rejects file, if it is one.
    pub marks: Option<MarkColumns>,
    /// Columns of a rejects file with cells beyond the headings.
    pub extra: Vec<usize>,
}

impl Table {
    pub fn new(
        label: String,
        mut raw: RawTable,
        sources: &Sources,
        plan: &Plan,
        zone: &Zone,
    ) -> Result<Self, FileError> {
        let marks = MarkColumns::find(&raw.headers);
        if marks.is_some() {
            raw.load()?;
            unprotect_table(&mut raw);
        }
        let source = source_for(sources, label.split('#').next().unwrap_or(&label));
        let resolved = resolve(&label, &raw, &source, plan)?;
        // What has to be looked through before it can be read.
        let texts = |l: &Later| resolved.dates.iter().any(|c| l.is_text(*c));
        if raw.later.as_ref().is_some_and(texts) {
            raw.load()?;
        }
        let styles = date_styles(&raw, source.date_order, &resolved.dates, zone);
        let extra = match marks {
            Some(_) => extra_columns(&raw.headers),
            None => Vec::new(),
        };
        Ok(Table {
            label,
            raw,
            resolved,
            styles,
            marks,
            extra,
        })
    }

    pub fn mend_view(&self) -> MendView<'_> {
        MendView {
            raw: &self.raw,
            marks: self.marks,
        }
    }

    pub fn style(&self, column: usize) -> DateStyle {
        self.styles.get(column).copied().unwrap_or_default()
    }

    /// File and place that a row speaks for: its own, or the one that it mends.
    pub fn origin(&self, place: Place, zone: &Zone) -> (String, Place) {
        let own = (self.label.clone(), place);
        let (Some(marks), Some((batch, i))) = (self.marks, self.find(place)) else {
            return own;
        };
        marks.origin(batch, i, zone).unwrap_or(own)
    }

    /// The batch and index of a place.
    pub fn find(&self, place: Place) -> Option<(&RawBatch, usize)> {
        find_row(&self.raw, place)
    }

    /// Headings of the table itself, without those of a rejects file.
    pub fn own_headers(&self) -> Arc<[String]> {
        let own = self.raw.headers.iter().enumerate();
        own.filter(|(i, _)| !self.is_mark(*i))
            .map(|(_, h)| h.clone())
            .collect()
    }

    /// Whether a column is one of our own in a rejects file.
    pub fn is_mark(&self, column: usize) -> bool {
        self.marks.is_some_and(|m| m.has(column))
    }

    /// The cells of a row as they stood; none where more of them are in the file than have been read.
    pub fn cells(&self, place: Place, zone: &Zone) -> Vec<String> {
        if self.raw.later.is_some() || !self.raw.unread.is_empty() {
            return Vec::new();
        }
        let faults = &self.raw.faults;
        if let Ok(at) = faults.binary_search_by_key(&place, |f| f.place)
            && let Some(fault) = faults.get(at)
        {
            return fault.cells.clone();
        }
        let found = self.find(place);
        found.map_or_else(Vec::new, |(batch, _)| self.cells_in(batch, place, zone))
    }

    /// The cells of a row of a batch.
    pub fn cells_in(&self, batch: &RawBatch, place: Place, zone: &Zone) -> Vec<String> {
        let Some(i) = row_in(batch, place) else {
            return Vec::new();
        };
        let columns = (0..self.raw.headers.len()).filter(|c| !self.is_mark(*c));
        columns
            .map(|c| {
                let cell = View::new(batch, c).map(|v| v.text(i, zone));
                cell.unwrap_or_default().into_owned()
            })
            .collect()
    }
}

/// The batch and index of a place.
fn find_row(raw: &RawTable, place: Place) -> Option<(&RawBatch, usize)> {
    let last = |b: &RawBatch| b.place(b.len().saturating_sub(1)).row;
    let at = raw.batches.partition_point(|b| last(b) < place.row);
    let batch = raw.batches.get(at)?;
    row_in(batch, place).map(|i| (batch, i))
}

/// The index of a place.
pub(super) fn row_in(batch: &RawBatch, place: Place) -> Option<usize> {
    let (mut low, mut high) = (0, batch.len());
    while low < high {
        let middle = low.midpoint(high);
        if batch.place(middle).row < place.row {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    (batch.place(low).row == place.row).then_some(low)
}
