//! JSON lines to rows: one flat object a line; numbers keep the digits they were written with.

use crate::ReadOptions;
use crate::build::{Row, TableBuilder};
use crate::encoding::decode;
use crate::fault::FileError;
use crate::raw::{CellMark, RawTable};
use crate::value::number::plain_digits;
use indexmap::IndexMap;
use jifen_diag::{Text, text};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

/// Reads JSON lines.
pub fn read_jsonl(bytes: &[u8], options: &ReadOptions) -> Result<RawTable, FileError> {
    options.limits.check_file(bytes.len())?;
    let (text, encoding) = decode(bytes)?;
    let headers = collect_headers(&text, options)?;
    let mut builder = TableBuilder::new(options, true);
    builder.table().notes.push(encoding.note());
    builder.table().sparse = true;
    builder.set_headers(headers.keys().map(String::as_str))?;
    for (line, source) in lines(&text) {
        match cells_of(source, &headers, options) {
            Ok(cells) => builder.push(Row { line, cells })?,
            Err((code, text)) => {
                let row = Row {
                    line,
                    cells: vec![(source.to_owned(), CellMark::Text)],
                };
                let fix = text!(
                    zh = "每行写一个对象，例如 {{\"记录编号\": \"A1\", \"时长\": 1.5}}",
                    en = "write one object a line, such as {{\"id\": \"A1\", \"hours\": 1.5}}"
                );
                builder.push_fault(row, code, text, fix)?;
            }
        }
    }
    builder.finish()
}

fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    text.split('\n')
        .enumerate()
        .map(|(i, line)| (i as u64 + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty())
}

/// All keys in the order in which they first occur.
fn collect_headers(
    text: &str,
    options: &ReadOptions,
) -> Result<IndexMap<String, usize>, FileError> {
    let mut headers = IndexMap::new();
    for (line, source) in lines(text) {
        check_line(source, line, options)?;
        let Ok(object) = serde_json::from_str::<Object<'_>>(source) else {
            continue;
        };
        for (key, _) in object.0 {
            if headers.contains_key(key.trim()) {
                continue;
            }
            let index = headers.len();
            headers.insert(key.trim().to_owned(), index);
            options
                .limits
                .check_columns(headers.len())
                .map_err(|e| e.at(line))?;
        }
    }
    Ok(headers)
}

fn check_line(source: &str, line: u64, options: &ReadOptions) -> Result<(), FileError> {
    let limit = options.limits.line_bytes;
    if source.len() <= limit {
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

type Cells = Vec<(String, CellMark)>;

fn cells_of(
    source: &str,
    headers: &IndexMap<String, usize>,
    options: &ReadOptions,
) -> Result<Cells, (&'static str, Text)> {
    let object: Object<'_> = serde_json::from_str(source).map_err(|e| {
        let column = e.column();
        (
            "json_malformed",
            text!(
                zh = "这一行在第 {column} 个字节处不是合法的 JSON 对象",
                en = "the line is not a JSON object (byte {column})"
            ),
        )
    })?;
    let mut cells: Cells = vec![Default::default(); headers.len()];
    let mut given = vec![false; headers.len()];
    for (key, value) in object.0 {
        let key = key.trim();
        let Some(&index) = headers.get(key) else {
            continue;
        };
        let (Some(cell), Some(given)) = (cells.get_mut(index), given.get_mut(index)) else {
            continue;
        };
        if std::mem::replace(given, true) {
            let text = text!(
                zh = "“{key}”在这一行里出现两次",
                en = "“{key}” stands twice in the line"
            );
            return Err(("key_twice", text));
        }
        *cell = cell_of(key, value.get())?;
        if cell.0.len() > options.limits.field_bytes {
            let limit = options.limits.field_bytes;
            let text = text!(
                zh = "“{key}”超过 {limit} 字节",
                en = "“{key}” is longer than {limit} bytes"
            );
            return Err(("field_too_long", text));
        }
    }
    Ok(cells)
}

fn cell_of(key: &str, raw: &str) -> Result<(String, CellMark), (&'static str, Text)> {
    match raw.as_bytes().first() {
        Some(b'"') => match serde_json::from_str::<String>(raw) {
            Ok(text) => Ok((text, CellMark::Text)),
            Err(_) => Err(("json_malformed", Text::same(key))),
        },
        Some(b'n') => Ok(Default::default()),
        Some(b't' | b'f') => Ok((raw.to_owned(), CellMark::Text)),
        Some(b'{' | b'[') => Err((
            "value_nested",
            text!(
                zh = "“{key}”里还有对象或数组：一格只能是一个值",
                en = "“{key}” holds an object or an array: a cell is one value"
            ),
        )),
        _ => Ok((plain_digits(raw), CellMark::Number)),
    }
}

/// The pairs of one object, in their order, repeated keys included.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Object<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry::<String, &'de RawValue>()? {
                    pairs.push(pair);
                }
                Ok(Object(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}
