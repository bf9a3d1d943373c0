//! Delimited text to rows, with physical lines; our own splitter, so that limits and lines are exact.
//!
//! RFC 4180 with the habits of spreadsheets: quoted cells may hold line feeds and doubled quotes; text after a
//! closing quote stays; a quote inside an unquoted cell is a character. A quote that is never closed costs one
//! row, not the rest of the file.

use crate::ReadOptions;
use crate::build::{Row, TableBuilder};
use crate::encoding::decode;
use crate::fault::FileError;
use crate::limits::Limits;
use crate::raw::{CellMark, RawTable};
use jifen_diag::text;

/// Delimiters looked for.
const DELIMITERS: [char; 5] = [',', '\t', ';', '，', '|'];
/// Rows looked at to find the delimiter.
const SAMPLE: usize = 24;
/// Rows with an unclosed quote after which the file is given up.
const MAX_OPEN_QUOTES: u32 = 1000;

/// Reads delimited text in any of the encodings.
pub fn read_csv(bytes: &[u8], options: &ReadOptions) -> Result<RawTable, FileError> {
    options.limits.check_file(bytes.len())?;
    let (text, encoding) = decode(bytes)?;
    let (text, first_line, stated) = separator_line(&text);
    let delimiter = match options.delimiter.or(stated) {
        Some(d) => d,
        None => find_delimiter(text, options)?,
    };
    let mut builder = TableBuilder::new(options, true);
    builder.table().notes.push(encoding.note());
    builder.table().notes.push(delimiter_note(delimiter));
    let mut splitter = Splitter::new(text, delimiter, &options.limits, first_line);
    while let Some(record) = splitter.next_record()? {
        match record {
            Record::Row(row) => builder.push(row)?,
            Record::OpenQuote(row) => {
                let line = row.line;
                builder.push_fault(
                    row,
                    "quote_open",
                    text!(
                        zh = "第 {line} 行有一个没有配对的双引号",
                        en = "line {line} opens a double quote that is never closed"
                    ),
                    text!(
                        zh = "删去这个引号，或在格末补上一个",
                        en = "delete the quote, or close it at the end of the cell"
                    ),
                )?;
            }
        }
    }
    builder.finish()
}

fn delimiter_note(delimiter: char) -> jifen_diag::Text {
    let (zh, en) = match delimiter {
        '\t' => ("制表符", "tab"),
        ',' => ("逗号", "comma"),
        ';' => ("分号", "semicolon"),
        '，' => ("全角逗号", "full-width comma"),
        _ => ("竖线", "bar"),
    };
    text!(zh = "分隔符：{zh}", en = "delimiter: {en}")
}

/// Excel's first line `sep=;`.
fn separator_line(text: &str) -> (&str, u64, Option<char>) {
    let Some((first, rest)) = text.split_once('\n') else {
        return (text, 1, None);
    };
    let mut after = match first.trim_end_matches('\r').strip_prefix("sep=") {
        Some(after) => after.chars(),
        None => return (text, 1, None),
    };
    match (after.next(), after.next()) {
        (Some(d), None) => (rest, 2, Some(d)),
        _ => (text, 1, None),
    }
}

/// The delimiter that gives most known headings, then the most rows of one width, then the widest rows.
fn find_delimiter(text: &str, options: &ReadOptions) -> Result<char, FileError> {
    let mut best = (',', (0usize, 0usize, 0usize));
    for delimiter in DELIMITERS {
        if !text.contains(delimiter) {
            continue;
        }
        let mut splitter = Splitter::new(text, delimiter, &options.limits, 1);
        let (mut widths, mut hits) = (Vec::new(), 0);
        while widths.len() < SAMPLE {
            // A limit met under a wrong delimiter says nothing about the file.
            let Ok(Some(Record::Row(row))) = splitter.next_record() else {
                break;
            };
            let known = |c: &&(String, CellMark)| options.known.iter().any(|k| k == c.0.trim());
            hits = hits.max(row.cells.iter().filter(known).count());
            widths.push(row.cells.len());
        }
        let score = (
            hits,
            agreeing(&widths),
            widths.iter().copied().max().unwrap_or(0),
        );
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    Ok(best.0)
}

/// How many rows have the commonest width above one.
fn agreeing(widths: &[usize]) -> usize {
    let count = |w: usize| widths.iter().filter(|x| **x == w).count();
    widths
        .iter()
        .filter(|w| **w > 1)
        .map(|w| count(*w))
        .max()
        .unwrap_or(0)
}

enum Record {
    Row(Row),
    OpenQuote(Row),
}

/// Cuts text into records.
struct Splitter<'t> {
    text: &'t str,
    at: usize,
    line: u64,
    delimiter: char,
    limits: &'t Limits,
    open_quotes: u32,
}

/// How a cell ended.
enum End {
    Cell,
    Record,
    OpenQuote,
}

impl<'t> Splitter<'t> {
    fn new(text: &'t str, delimiter: char, limits: &'t Limits, line: u64) -> Self {
        Splitter {
            text,
            at: 0,
            line,
            delimiter,
            limits,
            open_quotes: 0,
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn next_record(&mut self) -> Result<Option<Record>, FileError> {
        self.skip_empty_lines();
        if self.at >= self.text.len() {
            return Ok(None);
        }
        self.check_line()?;
        let (start, line) = (self.at, self.line);
        let mut cells = Vec::new();
        loop {
            let mut cell = String::new();
            let end = self.cell(&mut cell)?;
            if matches!(end, End::OpenQuote) {
                return self.give_up(start, line).map(Some);
            }
            cells.push((cell, CellMark::Text));
            self.limits
                .check_columns(cells.len())
                .map_err(|e| e.at(line))?;
            if matches!(end, End::Record) {
                return Ok(Some(Record::Row(Row { line, cells })));
            }
        }
    }

    fn skip_empty_lines(&mut self) {
        let rest = self.rest().as_bytes();
        let mut n = 0;
        while let Some(b) = rest.get(n) {
            match b {
                b'\r' if rest.get(n + 1) != Some(&b'\n') => self.line += 1,
                b'\r' => {}
                b'\n' => self.line += 1,
                _ => break,
            }
            n += 1;
        }
        self.at += n;
    }

    /// The physical line that starts here must be short enough.
    fn check_line(&self) -> Result<(), FileError> {
        let (line, limit) = (self.line, self.limits.line_bytes);
        let rest = self.rest().as_bytes();
        let window = rest.get(..limit.saturating_add(1)).unwrap_or(rest);
        if window.len() <= limit || memchr::memchr2(b'\n', b'\r', window).is_some() {
            return Ok(());
        }
        Err(FileError::limit(
            "limit_line_bytes",
            text!(
                zh = "第 {line} 行超过 {limit} 字节",
                en = "line {line} is longer than {limit} bytes"
            ),
        )
        .at(line))
    }

    /// The row with the open quote is its physical line as one cell; reading goes on after it.
    fn give_up(&mut self, start: usize, line: u64) -> Result<Record, FileError> {
        self.open_quotes += 1;
        if self.open_quotes > MAX_OPEN_QUOTES {
            return Err(FileError::damaged("“\"”").at(line));
        }
        self.at = start;
        self.line = line;
        let rest = self.rest();
        let end = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        let whole = rest.get(..end).unwrap_or("").to_owned();
        self.at += end;
        self.end_of_line();
        let cells = vec![(whole, CellMark::Text)];
        Ok(Record::OpenQuote(Row { line, cells }))
    }

    fn cell(&mut self, out: &mut String) -> Result<End, FileError> {
        if self.rest().starts_with('"') {
            self.at += 1;
            if !self.quoted(out)? {
                return Ok(End::OpenQuote);
            }
        }
        let rest = self.rest();
        let end = rest
            .find([self.delimiter, '\n', '\r'])
            .unwrap_or(rest.len());
        let part = rest.get(..end).unwrap_or("");
        self.check_field(out.len() + part.len())?;
        out.push_str(part);
        self.at += end;
        if self.rest().starts_with(self.delimiter) {
            self.at += self.delimiter.len_utf8();
            return Ok(End::Cell);
        }
        self.end_of_line();
        Ok(End::Record)
    }

    /// Reads to the closing quote; false if there is none within the limits.
    fn quoted(&mut self, out: &mut String) -> Result<bool, FileError> {
        loop {
            let rest = self.rest();
            let limit = self.limits.field_bytes.saturating_sub(out.len());
            let bytes = rest.as_bytes();
            let window = bytes.get(..limit.saturating_add(1)).unwrap_or(bytes);
            let Some(end) = memchr::memchr(b'"', window) else {
                return Ok(false);
            };
            let part = rest.get(..end).unwrap_or("");
            self.line += memchr::memchr_iter(b'\n', part.as_bytes()).count() as u64;
            out.push_str(part);
            self.at += end + 1;
            if !self.rest().starts_with('"') {
                return Ok(true);
            }
            out.push('"');
            self.at += 1;
        }
    }

    fn check_field(&self, bytes: usize) -> Result<(), FileError> {
        let (line, limit) = (self.line, self.limits.field_bytes);
        if bytes <= limit {
            return Ok(());
        }
        Err(FileError::limit(
            "limit_field_bytes",
            text!(
                zh = "第 {line} 行有一格超过 {limit} 字节",
                en = "line {line} has a cell longer than {limit} bytes"
            ),
        )
        .at(line))
    }

    fn end_of_line(&mut self) {
        let rest = self.rest();
        if rest.is_empty() {
            return;
        }
        self.at += if rest.starts_with("\r\n") { 2 } else { 1 };
        self.line += 1;
    }
}
