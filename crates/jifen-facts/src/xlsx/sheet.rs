//! One sheet, row by row, into a raw table; a far cell costs nothing but its own text.

use super::Texts;
use super::xml::{Node, Nodes, attribute};
use crate::ReadOptions;
use crate::build::{Row, TableBuilder};
use crate::fault::FileError;
use crate::raw::{CellMark, RawTable};
use crate::value::number::sheet_number;
use jifen_diag::text;
use quick_xml::events::BytesStart;

/// Rows that a sheet can have.
const SHEET_ROWS: u64 = 1_048_576;
/// Columns that a sheet can have.
const SHEET_COLUMNS: usize = 16_384;

pub(super) fn read(
    mut nodes: Nodes<'_>,
    texts: &Texts,
    dates: &[bool],
    options: &ReadOptions,
) -> Result<RawTable, FileError> {
    let mut builder = TableBuilder::new(options, false);
    let mut line = 0;
    let mut in_data = false;
    loop {
        match nodes.next()? {
            Node::End => return builder.finish(),
            Node::Open(tag) => match tag.local_name().as_ref() {
                b"sheetData" => in_data = true,
                b"row" if in_data => {
                    line = row_number(&tag, line)?;
                    let cells = Cells {
                        nodes: &mut nodes,
                        texts,
                        dates,
                        options,
                        line,
                    };
                    let row = cells.read()?;
                    if !row.cells.is_empty() {
                        builder.push(row)?;
                    }
                }
                _ => {}
            },
            Node::Close(name) if name == b"sheetData" => in_data = false,
            _ => {}
        }
    }
}

fn row_number(tag: &BytesStart<'_>, last: u64) -> Result<u64, FileError> {
    let number = match attribute(tag, b"r")? {
        Some(text) => text
            .parse()
            .map_err(|_| FileError::damaged("xlsx: row number"))?,
        None => last + 1,
    };
    if number <= last || number > SHEET_ROWS {
        return Err(FileError::damaged("xlsx: row numbers"));
    }
    Ok(number)
}

struct Cells<'n, 'a> {
    nodes: &'n mut Nodes<'a>,
    texts: &'n Texts,
    dates: &'n [bool],
    options: &'n ReadOptions,
    line: u64,
}

impl Cells<'_, '_> {
    fn read(self) -> Result<Row, FileError> {
        let mut row = Row {
            line: self.line,
            cells: Vec::new(),
        };
        let mut next = 0;
        loop {
            match self.nodes.next()? {
                Node::Open(tag) if tag.local_name().as_ref() == b"c" => {
                    let column = match attribute(&tag, b"r")? {
                        Some(name) => column_index(&name)
                            .ok_or_else(|| FileError::damaged("xlsx: cell name"))?,
                        None => next,
                    };
                    let kind = attribute(&tag, b"t")?;
                    let style = attribute(&tag, b"s")?.and_then(|s| s.parse::<usize>().ok());
                    let dated = style.is_some_and(|s| self.dates.get(s) == Some(&true));
                    let cell = cell(self.nodes, self.texts, self.options, kind.as_deref(), dated)?;
                    if column < next || column >= SHEET_COLUMNS {
                        return Err(FileError::damaged("xlsx: cell order"));
                    }
                    next = column + 1;
                    self.place(&mut row, column, cell)?;
                }
                Node::Close(name) if name == b"row" => return Ok(row),
                Node::End => return Err(FileError::damaged("xml ends early")),
                _ => {}
            }
        }
    }

    fn place(
        &self,
        row: &mut Row,
        column: usize,
        cell: (String, CellMark),
    ) -> Result<(), FileError> {
        if cell.0.is_empty() {
            return Ok(());
        }
        let limit = self.options.limits.columns;
        if column >= limit {
            let line = self.line;
            let number = column + 1;
            return Err(FileError::limit(
                "limit_columns",
                text!(
                    zh = "第 {line} 行第 {number} 列有字，超过限额 {limit} 列",
                    en = "row {line} has text in column {number}; the limit is {limit} columns"
                ),
            )
            .at(line));
        }
        row.cells.resize(column, Default::default());
        row.cells.push(cell);
        Ok(())
    }
}

/// Reads to the end of one cell.
fn cell(
    nodes: &mut Nodes<'_>,
    texts: &Texts,
    options: &ReadOptions,
    kind: Option<&str>,
    dated: bool,
) -> Result<(String, CellMark), FileError> {
    let limit = options.limits.field_bytes;
    let (mut value, mut inline) = (None, None);
    loop {
        match nodes.next()? {
            Node::Open(tag) => match tag.local_name().as_ref() {
                b"v" => value = Some(nodes.text_within(limit)?),
                b"is" => inline = Some(nodes.text_within(limit)?),
                _ => {
                    nodes.text_within(limit)?;
                }
            },
            Node::Close(name) if name == b"c" => break,
            Node::End => return Err(FileError::damaged("xml ends early")),
            _ => {}
        }
    }
    let text = |t: Option<String>| (t.unwrap_or_default(), CellMark::Text);
    match kind {
        Some("s") => {
            let index = value.unwrap_or_default();
            let shared = index.trim().parse().ok().and_then(|i| texts.get(i));
            let shared = shared.ok_or_else(|| FileError::damaged("xlsx: shared texts"))?;
            Ok((shared.to_owned(), CellMark::Text))
        }
        Some("inlineStr") => Ok(text(inline)),
        Some("b") => {
            Ok(text(value.map(|v| {
                if v.trim() == "1" { "true" } else { "false" }.to_owned()
            })))
        }
        Some("str" | "e" | "d") => Ok(text(value)),
        _ => {
            let number = value.as_deref().map(str::trim).unwrap_or("");
            let mark = if dated {
                CellMark::Date
            } else {
                CellMark::Number
            };
            Ok((sheet_number(number), mark))
        }
    }
}

/// `XFD12` is column 16383.
fn column_index(name: &str) -> Option<usize> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic);
    let mut column = 0usize;
    for letter in letters {
        let digit = usize::from(letter.to_ascii_uppercase() - b'A') + 1;
        column = column.checked_mul(26)?.checked_add(digit)?;
        if column > SHEET_COLUMNS {
            return None;
        }
    }
    column.checked_sub(1)
}
