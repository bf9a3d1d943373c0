//! Cells of a roster as values of its attributes, each distinct value once.

use crate::admit::same_texts;
use crate::fault::CellFault;
use crate::raw::CellMark;
use crate::value::date::{DateStyle, day};
use crate::value::{number, words};
use crate::view::View;
use arrow_array::{Array, StringArray};
use indexmap::IndexSet;
use jifen_diag::{suggest, text};
use jifen_plan::{FieldType, Value};
use rustc_hash::FxHashMap;

/// The distinct values of an attribute, and which cells were read as which: most cells of a roster repeat.
#[derive(Default)]
pub(super) struct Known {
    pub(super) values: IndexSet<Value>,
    /// By column and whether the cell was a number of a workbook.
    pub(super) cells: Vec<((usize, bool), FxHashMap<String, u32>)>,
    /// By column: the dictionary met last and the codes of its entries, as far as they have been read.
    dictionaries: Vec<(usize, StringArray, Vec<Option<u32>>)>,
}

/// So many cells of a column are remembered; a column of birth dates repeats less.
pub(super) const REMEMBERED: usize = 4096;

impl Known {
    pub(super) fn code(&mut self, value: Value) -> u32 {
        u32::try_from(self.values.insert_full(value).0).unwrap_or(u32::MAX)
    }

    /// Where the code of an entry of a column's dictionary is kept.
    pub(super) fn entry(
        &mut self,
        column: usize,
        view: View<'_>,
        i: usize,
    ) -> Option<&mut Option<u32>> {
        let View::Dict(keys, values) = view else {
            return None;
        };
        let found = self.dictionaries.iter().position(|d| d.0 == column);
        let at = match found {
            Some(at) => at,
            None => {
                let none = vec![None; values.len()];
                self.dictionaries.push((column, values.clone(), none));
                self.dictionaries.len() - 1
            }
        };
        let (_, held, codes) = self.dictionaries.get_mut(at)?;
        if !same_texts(held, values) {
            *held = values.clone();
            *codes = vec![None; values.len()];
        }
        codes.get_mut(keys.key(i)?)
    }

    pub(super) fn seen(&self, key: (usize, bool), cell: &str) -> Option<u32> {
        let (_, cells) = self.cells.iter().find(|(k, _)| *k == key)?;
        cells.get(cell).copied()
    }

    pub(super) fn remember(&mut self, key: (usize, bool), cell: &str, code: u32) {
        if !self.cells.iter().any(|(k, _)| *k == key) {
            self.cells.push((key, FxHashMap::default()));
        }
        let cells = self.cells.iter_mut().find(|(k, _)| *k == key);
        if let Some((_, cells)) = cells
            && cells.len() < REMEMBERED
        {
            cells.insert(cell.to_owned(), code);
        }
    }
}

/// One attribute value from text.
pub(super) fn value(
    cell: &str,
    ty: &FieldType,
    style: DateStyle,
    mark: CellMark,
) -> Result<Value, CellFault> {
    Ok(match ty {
        FieldType::Number(dim) => {
            let n = number::decimal(cell)?;
            Value::Num(crate::admit::held(n, *dim).ok_or_else(|| crate::admit::too_large(cell))?)
        }
        FieldType::Percent => Value::Num(number::percent(cell)?),
        FieldType::YesNo => Value::YesNo(words::yes_no(cell)?),
        FieldType::Date => Value::Date(day(cell, style)?),
        FieldType::Instant => Value::Instant(day(cell, style)?.start()),
        FieldType::Choice(options) => choice(cell, options)?,
        FieldType::Text => Value::Text(cell.to_owned()),
        FieldType::Group | FieldType::Ref(_) => {
            Value::Text(words::id(cell, mark == CellMark::Number)?.to_owned())
        }
        FieldType::Refs(_) => several(cell, mark).0,
        FieldType::Span => Value::Text(cell.to_owned()),
    })
}

/// Ids of several, between 、, commas, semicolons or bars, and what is wrong with the cell: who stands twice counts once, and
/// what cannot be read stands as it is, so that it is not taken for nobody.
pub(super) fn several(cell: &str, mark: CellMark) -> (Value, Option<CellFault>) {
    let mut ids: Vec<String> = Vec::new();
    let mut fault = None;
    for part in cell.split(SEPARATORS).map(str::trim) {
        let id = match words::id(part, mark == CellMark::Number) {
            Ok(id) => id,
            Err(wrong) => {
                fault = fault.or(Some(wrong));
                part
            }
        };
        if id.is_empty() {
            continue;
        }
        if ids.iter().any(|known| known == id) {
            fault = fault.or_else(|| {
                Some(CellFault::new(
                    "listed_twice",
                    text!(zh = "“{id}”写了两次", en = "“{id}” stands twice"),
                    text!(zh = "只留一个", en = "keep one of them"),
                ))
            });
            continue;
        }
        ids.push(id.to_owned());
    }
    (Value::several(ids), fault)
}

/// What stands between the ids of several.
const SEPARATORS: [char; 8] = ['、', '，', ',', '；', ';', '|', '｜', '､'];

pub(crate) fn choice(cell: &str, options: &[String]) -> Result<Value, CellFault> {
    if options.iter().any(|o| o == cell) {
        return Ok(Value::Text(cell.to_owned()));
    }
    Err(choice_fault(cell, options))
}

pub(crate) fn choice_fault(cell: &str, options: &[String]) -> CellFault {
    let near = suggest(cell, options.iter().map(String::as_str));
    let list = options.join("、");
    let fix = match near {
        Some(near) => text!(zh = "是不是“{near}”？", en = "did you mean “{near}”?"),
        None => text!(zh = "可以写：{list}", en = "it may be: {list}"),
    };
    CellFault::new(
        "choice_unknown",
        text!(
            zh = "“{cell}”不是这一项可选的词",
            en = "“{cell}” is not one of the words of this field"
        ),
        fix,
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn ids(cell: &str) -> (Vec<String>, Option<&'static str>) {
        match several(cell, CellMark::Text) {
            (Value::List(ids), fault) => (ids, fault.map(|f| f.reason.0)),
            (other, _) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_cell_of_several_is_a_set_in_the_order_of_ids() {
        let plain = vec!["R2".to_owned(), "R10".to_owned()];
        for cell in ["R10、R2", "R2;R10；", "R10 | R2", "R2，R10", "R10,R2,"] {
            assert_eq!(ids(cell), (plain.clone(), None), "{cell}");
        }
        assert_eq!(ids("R2、R10、R2"), (plain, Some("listed_twice")));
        assert_eq!(ids("、"), (Vec::new(), None));
    }

    #[test]
    fn what_cannot_be_read_is_not_nobody() {
        let (ids, fault) = ids("1.2E+17");
        assert_eq!(ids, ["1.2E+17"]);
        assert!(fault.is_some());
    }
}
