//! Hostile workbooks: far cells, count bombs, wrong checksums, repeated names, document types.

use crate::raw::RawColumn;
use crate::{ReadOptions, read_xlsx};
use bytes::Bytes;
use flate2::Crc;

/// Writes an archive of stored entries; `crc` is added to each checksum.
fn archive(parts: &[(&str, &str)], crc: u32) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, body) in parts {
        let mut sum = Crc::new();
        sum.update(body.as_bytes());
        let offset = out.len() as u32;
        let mut common = Vec::new();
        common.extend([20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        common.extend(sum.sum().wrapping_add(crc).to_le_bytes());
        common.extend((body.len() as u32).to_le_bytes());
        common.extend((body.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(body.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = out.len() as u32;
    let count = (parts.len() as u16).to_le_bytes();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

const RELS: &str =
    r#"<Relationships><Relationship Id="r1" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str =
    r#"<workbook><workbookPr/><sheets><sheet name="表" r:id="s1"/></sheets></workbook>"#;
const BOOK_RELS: &str =
    r#"<Relationships><Relationship Id="s1" Target="worksheets/sheet1.xml"/></Relationships>"#;
const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="200" formatCode="yyyy\-mm\-dd"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="200"/></cellXfs></styleSheet>"#;

fn parts<'a>(sheet: &'a str, texts: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ("xl/styles.xml", STYLES),
        ("xl/sharedStrings.xml", texts),
        ("xl/worksheets/sheet1.xml", sheet),
    ]
}

const TEXTS: &str = "<sst count=\"4294967295\" uniqueCount=\"4294967295\"><si><t>编号</t></si><si><r><t>时</t></r><r><t>长</t></r><rPh><t>shi</t></rPh></si><si><t>a&amp;b &#x5e78;</t></si></sst>";
const SHEET: &str = r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>日期</t></is></c></row><row r="5"><c r="A5" t="s"><v>2</v></c><c r="B5"><v>0.30000000000000004</v></c><c r="C5" s="1"><v>46027</v></c></row></sheetData></worksheet>"#;

/// A small workbook as a seed for mutation.
pub(crate) fn small_book() -> Bytes {
    Bytes::from(archive(&parts(SHEET, TEXTS), 0))
}

/// A workbook with one sheet; style 1 is a date.
pub(crate) fn book(sheet: &str) -> Vec<u8> {
    archive(&parts(sheet, "<sst/>"), 0)
}

#[test]
fn a_small_book_is_read() {
    let tables = read_xlsx(&small_book(), &ReadOptions::default()).unwrap();
    assert_eq!(tables[0].headers, ["编号", "时长", "日期"]);
    let batch = &tables[0].batches[0];
    assert_eq!(batch.place(0).line, 5);
    let cells: Vec<_> = batch
        .columns
        .iter()
        .map(|c| match c {
            RawColumn::Text(t) => (t.get(0).to_owned(), t.mark(0)),
            RawColumn::Typed(_) => Default::default(),
        })
        .collect();
    use crate::CellMark::{Date, Number, Text};
    let expected = [("a&b 幸", Text), ("0.3", Number), ("46027", Date)];
    assert_eq!(cells, expected.map(|(t, m)| (t.to_owned(), m)));
}

fn error_of(bytes: &[u8]) -> (&'static str, String) {
    let e = read_xlsx(bytes, &ReadOptions::default()).unwrap_err();
    (e.code, e.text.en)
}

#[test]
fn hostile_books_are_refused() {
    let far = SHEET.replace("C5", "XFD5");
    assert_eq!(
        error_of(&archive(&parts(&far, TEXTS), 0)).0,
        "limit_columns"
    );
    // The far last row alone is no harm: it costs its own cells.
    let low = SHEET.replace("r=\"5\"", "r=\"1048576\"");
    assert!(read_xlsx(&archive(&parts(&low, TEXTS), 0), &ReadOptions::default()).is_ok());
    let over = SHEET.replace("r=\"5\"", "r=\"1048577\"");
    assert_eq!(error_of(&archive(&parts(&over, TEXTS), 0)).0, "damaged");
    let crc = error_of(&archive(&parts(SHEET, TEXTS), 1));
    assert!(crc.1.contains("checksum"), "{crc:?}");
    let mut twice = parts(SHEET, TEXTS);
    twice.push(("xl/workbook.xml", BOOK));
    assert!(error_of(&archive(&twice, 0)).1.contains("twice"));
    let doctype = format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{SHEET}");
    assert!(
        error_of(&archive(&parts(&doctype, TEXTS), 0))
            .1
            .contains("DOCTYPE")
    );
    let entity = SHEET.replace("46027", "&a;");
    assert!(
        error_of(&archive(&parts(&entity, TEXTS), 0))
            .1
            .contains("entity")
    );
    let long = TEXTS.replace("编号", &"长".repeat(30_000));
    assert_eq!(
        error_of(&archive(&parts(SHEET, &long), 0)).0,
        "limit_field_bytes"
    );
    let no_end = SHEET.replace("</worksheet>", "");
    assert_eq!(error_of(&archive(&parts(&no_end, TEXTS), 0)).0, "damaged");
}
