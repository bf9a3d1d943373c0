//! Workbooks (XLSX) to raw tables by our own bounded reader; cells keep their text, formulas are not computed.
//!
//! What is read: cell values, shared texts, and which number formats are dates. What is refused: document types,
//! passwords, damaged or repeated entries, archives that inflate beyond their limits. Memory follows the cells
//! that are there, never a count or a position that the file claims.

mod sheet;
mod styles;
mod xml;
mod zip;

#[cfg(test)]
pub(crate) mod tests;

use crate::ReadOptions;
use crate::fault::FileError;
use crate::limits::Limits;
use crate::raw::RawTable;
use indexmap::IndexMap;
use jifen_diag::text;
use xml::{Node, Nodes, attribute};
use zip::Archive;

/// Reads every sheet of a workbook, or those that `options.sheets` names, in the order of the workbook.
pub fn read_xlsx(bytes: &[u8], options: &ReadOptions) -> Result<Vec<RawTable>, FileError> {
    options.limits.check_file(bytes.len())?;
    let archive = Archive::open(bytes, &options.limits)?;
    let book = Workbook::read(&archive, &options.limits)?;
    let texts = Texts::read(&archive, &options.limits)?;
    let dates = styles::date_styles(&archive, &options.limits)?;
    let mut tables = Vec::new();
    for (name, part) in &book.sheets {
        let wanted = options.sheets.is_empty() || options.sheets.contains(name);
        if !wanted {
            continue;
        }
        let Some(entry) = archive.read(part)? else {
            return Err(FileError::damaged("xlsx: a sheet is missing"));
        };
        let nodes = Nodes::new(entry, &options.limits);
        let mut table = sheet::read(nodes, &texts, &dates, options)?;
        table.sheet = Some(name.clone());
        table.epoch_1904 = book.epoch_1904;
        tables.push(table);
    }
    for name in &options.sheets {
        if !book.sheets.contains_key(name) {
            return Err(no_sheet(name, &book));
        }
    }
    Ok(tables)
}

fn no_sheet(name: &str, book: &Workbook) -> FileError {
    let have: Vec<&str> = book.sheets.keys().map(String::as_str).collect();
    let have = have.join("、");
    FileError::new(
        "sheet_missing",
        text!(
            zh = "工作簿里没有工作表“{name}”",
            en = "the workbook has no sheet “{name}”"
        ),
        text!(zh = "它有：{have}", en = "it has: {have}"),
    )
}

/// Sheets by name, with the part that holds each.
struct Workbook {
    sheets: IndexMap<String, String>,
    epoch_1904: bool,
}

impl Workbook {
    fn read(archive: &Archive<'_>, limits: &Limits) -> Result<Self, FileError> {
        let main = main_part(archive, limits)?;
        let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
        let targets = relations(archive, &format!("{folder}/_rels/{file}.rels"), limits)?;
        let Some(entry) = archive.read(&main)? else {
            return Err(FileError::damaged("xlsx: no workbook"));
        };
        let mut nodes = Nodes::new(entry, limits);
        let mut book = Workbook {
            sheets: IndexMap::new(),
            epoch_1904: false,
        };
        loop {
            match nodes.next()? {
                Node::End => return Ok(book),
                Node::Open(tag) if tag.local_name().as_ref() == b"workbookPr" => {
                    let flag = attribute(&tag, b"date1904")?;
                    book.epoch_1904 = matches!(flag.as_deref(), Some("1" | "true"));
                }
                Node::Open(tag) if tag.local_name().as_ref() == b"sheet" => {
                    let name = attribute(&tag, b"name")?.unwrap_or_default();
                    let id = attribute(&tag, b"id")?.unwrap_or_default();
                    let part = targets.get(&id).map(|t| join(folder, t));
                    if let Some(part) = part.filter(|p| p.contains("worksheets")) {
                        book.sheets.insert(name, part);
                    }
                }
                _ => {}
            }
        }
    }
}

/// The workbook part: what the package relations say, usually `xl/workbook.xml`.
fn main_part(archive: &Archive<'_>, limits: &Limits) -> Result<String, FileError> {
    let targets = relations(archive, "_rels/.rels", limits)?;
    let found = targets
        .values()
        .map(|t| join("", t))
        .find(|t| t.ends_with("workbook.xml"));
    match found {
        Some(part) => Ok(part),
        None if archive.names().any(|n| n == "xl/workbook.xml") => Ok("xl/workbook.xml".into()),
        None => Err(FileError::new(
            "not_xlsx",
            text!(
                zh = "这是压缩包，但不是 XLSX 工作簿",
                en = "this is an archive but not an XLSX workbook"
            ),
            text!(
                zh = "请另存为“Excel 工作簿 (*.xlsx)”",
                en = "save it as “Excel Workbook (*.xlsx)”"
            ),
        )),
    }
}

fn join(folder: &str, target: &str) -> String {
    match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => format!("{folder}/{target}"),
    }
}

fn relations(
    archive: &Archive<'_>,
    part: &str,
    limits: &Limits,
) -> Result<IndexMap<String, String>, FileError> {
    let mut targets = IndexMap::new();
    let Some(entry) = archive.read(part)? else {
        return Ok(targets);
    };
    let mut nodes = Nodes::new(entry, limits);
    loop {
        match nodes.next()? {
            Node::End => return Ok(targets),
            Node::Open(tag) if tag.local_name().as_ref() == b"Relationship" => {
                if let (Some(id), Some(target)) =
                    (attribute(&tag, b"Id")?, attribute(&tag, b"Target")?)
                {
                    targets.insert(id, target);
                }
            }
            _ => {}
        }
    }
}

/// The shared texts of a workbook, in one buffer.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    fn read(archive: &Archive<'_>, limits: &Limits) -> Result<Self, FileError> {
        let mut texts = Texts::default();
        let Some(entry) = archive.read("xl/sharedStrings.xml")? else {
            return Ok(texts);
        };
        let mut nodes = Nodes::new(entry, limits);
        loop {
            match nodes.next()? {
                Node::End => return Ok(texts),
                Node::Open(tag) if tag.local_name().as_ref() == b"si" => {
                    let text = nodes.text_within(limits.field_bytes)?;
                    texts.push(&text, limits)?;
                }
                _ => {}
            }
        }
    }

    fn push(&mut self, text: &str, limits: &Limits) -> Result<(), FileError> {
        let limit = limits.shared_bytes.min(u32::MAX as usize);
        // Four bytes for the end of each: empty texts cost something too.
        if self.text.len() + text.len() + self.ends.len() * 4 > limit {
            return Err(FileError::limit(
                "limit_shared_bytes",
                text!(
                    zh = "共享文字超过 {limit} 字节",
                    en = "the shared texts are longer than {limit} bytes"
                ),
            ));
        }
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        Ok(())
    }

    fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = match index {
            0 => 0,
            _ => *self.ends.get(index - 1)? as usize,
        };
        self.text.get(start..end)
    }
}
