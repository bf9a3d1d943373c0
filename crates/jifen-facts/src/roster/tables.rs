//! Tables of a roster: rows with what is known of their dates, and columns by their headings.

use super::Named;
use crate::fault::{FileError, Place};
use crate::mapping::RosterPart;
use crate::raw::{CellMark, RawTable};
use crate::value::date::{DateStyle, proves_order};
use crate::value::trim;
use crate::view::View;
use jifen_calendar::Zone;
use jifen_diag::{suggest, text};
use std::borrow::Cow;

/// Rows of a table with what is known about their dates.
pub(super) struct Rows<'a> {
    pub(super) named: &'a Named,
    pub(super) zone: &'a Zone,
    pub(super) styles: Vec<DateStyle>,
}

impl<'a> Rows<'a> {
    /// `dates`: the columns that hold days.
    pub(super) fn new(
        named: &'a Named,
        part: &RosterPart,
        dates: &[usize],
        zone: &'a Zone,
    ) -> Self {
        let styles = date_styles(&named.table, part.date_order, dates, zone);
        Rows {
            named,
            zone,
            styles,
        }
    }

    pub(super) fn heading(&self, column: usize) -> String {
        let headers = &self.named.table.headers;
        headers.get(column).cloned().unwrap_or_default()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = RowView<'_>> {
        let batches = self.named.table.batches.iter();
        batches.flat_map(move |batch| {
            (0..batch.len()).map(move |i| RowView {
                rows: self,
                batch,
                index: i,
                place: batch.place(i),
            })
        })
    }
}

pub(super) struct RowView<'a> {
    pub(super) rows: &'a Rows<'a>,
    pub(super) batch: &'a crate::raw::RawBatch,
    pub(super) index: usize,
    pub(super) place: Place,
}

impl RowView<'_> {
    pub(super) fn text(&self, column: usize) -> Cow<'_, str> {
        let view = View::new(self.batch, column);
        match view.map(|v| v.text(self.index, self.rows.zone)) {
            Some(Cow::Borrowed(cell)) => Cow::Borrowed(trim(cell)),
            Some(Cow::Owned(cell)) => Cow::Owned(trim(&cell).to_owned()),
            None => Cow::Borrowed(""),
        }
    }

    pub(super) fn view(&self, column: usize) -> Option<View<'_>> {
        View::new(self.batch, column)
    }

    pub(super) fn mark(&self, column: usize) -> CellMark {
        View::new(self.batch, column).map_or(CellMark::Text, |v| v.mark(self.index))
    }

    pub(super) fn style(&self, column: usize) -> DateStyle {
        self.rows.styles.get(column).copied().unwrap_or_default()
    }
}

/// For each column, the order of its dates: stated, or proved by a value with a part above 12 (looked for in `dates`).
pub(crate) fn date_styles(
    table: &RawTable,
    stated: Option<crate::value::date::DateOrder>,
    dates: &[usize],
    zone: &Zone,
) -> Vec<DateStyle> {
    let style = |order| DateStyle {
        order,
        epoch_1904: table.epoch_1904,
    };
    (0..table.headers.len())
        .map(|column| match stated {
            Some(order) => style(Some(order)),
            None if dates.contains(&column) => style(proved(table, column, zone)),
            None => style(None),
        })
        .collect()
}

pub(super) fn proved(
    table: &RawTable,
    column: usize,
    zone: &Zone,
) -> Option<crate::value::date::DateOrder> {
    let mut found = None;
    for batch in &table.batches {
        let view = match View::new(batch, column)? {
            View::Typed(_) => return None,
            view => view,
        };
        for i in 0..batch.len() {
            let cell = view.text(i, zone);
            // d/m/yyyy: 8 to 10 characters, perhaps a time after it.
            if !(8..=60).contains(&cell.len()) || crate::value::date::plain(&cell).is_some() {
                continue;
            }
            match (proves_order(&cell), found) {
                (None, _) => {}
                (Some(order), None) => found = Some(order),
                (Some(order), Some(other)) if order == other => {}
                // The column contradicts itself: nothing is proved.
                _ => return None,
            }
        }
    }
    found
}

pub(super) fn find(table: &RawTable, headings: &[String]) -> Option<usize> {
    headings.iter().find_map(|h| table.columns_named(h).next())
}

pub(super) fn column(
    table: &RawTable,
    headings: &[String],
    named: &Named,
) -> Result<usize, FileError> {
    let file = named.label();
    find(table, headings).ok_or_else(|| column_missing(&file, headings, &table.headers))
}

/// A column that a mapping needs is not there.
pub(crate) fn column_missing(file: &str, wanted: &[String], have: &[String]) -> FileError {
    const SHOWN: usize = 12;
    let name = wanted.first().map_or("", String::as_str);
    let others = wanted.get(1..).unwrap_or_default();
    let (or_zh, or_en) = match others.is_empty() {
        true => (String::new(), String::new()),
        false => (
            format!("（也可以叫 {}）", others.join("、")),
            format!(" (or {})", others.join(", ")),
        ),
    };
    let near = wanted
        .iter()
        .find_map(|w| suggest(w, have.iter().map(String::as_str)));
    let list: Vec<&str> = have
        .iter()
        .map(String::as_str)
        .filter(|h| !h.is_empty())
        .collect();
    let more = if list.len() > SHOWN { "…" } else { "" };
    let list: Vec<&str> = list.into_iter().take(SHOWN).collect();
    let (list_zh, list_en) = (list.join("、") + more, list.join(", ") + more);
    FileError::new(
        "column_missing",
        text!(
            zh = "{file} 里没有“{name}”这一列{or_zh}",
            en = "{file} has no column “{name}”{or_en}"
        ),
        match near {
            Some(near) => text!(zh = "是不是“{near}”？", en = "did you mean “{near}”?"),
            None if list.is_empty() => text!(
                zh = "这个文件是空的：核对是不是导出时出了错",
                en = "the file is empty: see whether the export failed"
            ),
            None => text!(
                zh = "它的列是：{list_zh}。在 sources.toml 里写明哪一列是它",
                en = "its columns are: {list_en}. Say in sources.toml which one it is"
            ),
        },
    )
}
