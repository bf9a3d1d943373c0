//! Which cell styles of a workbook show a number as a date or time; nothing else of styles is read.

use super::xml::{Node, Nodes, attribute};
use super::zip::Archive;
use crate::fault::FileError;
use crate::limits::Limits;
use std::collections::BTreeSet;

/// One flag for each cell style.
pub(super) fn date_styles(archive: &Archive<'_>, limits: &Limits) -> Result<Vec<bool>, FileError> {
    let mut flags = Vec::new();
    let Some(entry) = archive.read("xl/styles.xml")? else {
        return Ok(flags);
    };
    let mut nodes = Nodes::new(entry, limits);
    let mut custom = BTreeSet::new();
    let mut in_cells = false;
    loop {
        match nodes.next()? {
            Node::End => return Ok(flags),
            Node::Open(tag) => match tag.local_name().as_ref() {
                b"numFmt" => {
                    let id = attribute(&tag, b"numFmtId")?;
                    let code = attribute(&tag, b"formatCode")?.unwrap_or_default();
                    if let Some(id) = id.and_then(|t| t.parse::<u32>().ok())
                        && is_date_format(&code)
                    {
                        custom.insert(id);
                    }
                }
                b"cellXfs" => in_cells = true,
                b"xf" if in_cells => {
                    let id = attribute(&tag, b"numFmtId")?;
                    let id = id.and_then(|t| t.parse().ok()).unwrap_or(0);
                    flags.push(is_built_in_date(id) || custom.contains(&id));
                }
                _ => {}
            },
            Node::Close(name) if name == b"cellXfs" => in_cells = false,
            _ => {}
        }
    }
}

/// The formats that every workbook knows without saying (ECMA-376, 18.8.30; 27–36 and 50–58 are the East Asian dates).
fn is_built_in_date(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// A format code with a date or time letter outside quotes, brackets and escapes.
fn is_date_format(code: &str) -> bool {
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '[' => while chars.next().is_some_and(|c| c != ']') {},
            '\\' | '_' | '*' => {
                chars.next();
            }
            'y' | 'Y' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'm' | 'M' => return true,
            '年' | '月' | '日' => return true,
            _ => {}
        }
    }
    false
}
