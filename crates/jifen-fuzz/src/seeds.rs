//! What each target starts from: the policies, error pages and data of this repository, small files made here, and words.

use crate::formats::zip::{Entry, pack};
use crate::rng::Rng;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use jifen_diag::{Diagnostic, Lang, SourceId};
use jifen_plan::Plan;
use jifen_syntax::{Parse, keywords, parse};
use jifen_testkit::repo::{fences, files, root};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// What compiling a text gives.
pub struct Compiled {
    /// Everything said.
    pub diagnostics: Vec<Diagnostic>,
    /// The Plan, without errors.
    pub plan: Option<Plan>,
}

/// Compiles one parsed file.
pub fn compile(parsed: Parse) -> Compiled {
    let lost: Vec<_> = parsed
        .diagnostics
        .iter()
        .filter(|d| d.is_error())
        .map(|d| d.span)
        .collect();
    let compiled = jifen_compiler::compile_after(std::slice::from_ref(&parsed.file), &lost);
    let mut diagnostics = parsed.diagnostics;
    diagnostics.extend(compiled.diagnostics);
    Compiled {
        diagnostics,
        plan: compiled.plan,
    }
}

/// A compiled policy.
pub struct Office {
    /// Its text.
    pub text: String,
    /// Its Plan.
    pub plan: Plan,
}

/// The policies that the evaluator target runs.
pub fn offices() -> &'static [Office] {
    static OFFICES: OnceLock<Vec<Office>> = OnceLock::new();
    OFFICES.get_or_init(|| {
        let texts = written()
            .into_iter()
            .filter_map(|b| String::from_utf8(b).ok());
        texts
            .filter_map(|text| {
                let plan = compile(parse(&text, SourceId(0))).plan?;
                (!plan.kinds.is_empty()).then_some(Office { text, plan })
            })
            .take(24)
            .collect()
    })
}

fn read(path: &Path) -> Option<Vec<u8>> {
    std::fs::read(path).ok().filter(|b| b.len() <= 16 << 10)
}

/// Longer policies are cut between declarations: a mutation is tried often, so it should be quick.
const LONG: usize = 3000;
/// The formatter reads each input a dozen times, and wants it without errors: a few declarations will do.
const SHORT: usize = 500;

/// Every policy of the repository, the corpus and the error pages, in pieces of a readable length.
pub fn policies() -> Vec<Vec<u8>> {
    pieces(LONG)
}

/// The same in short pieces.
pub fn declarations() -> Vec<Vec<u8>> {
    pieces(SHORT)
}

fn pieces(length: usize) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    for bytes in written() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut piece = String::new();
        for line in text.split_inclusive('\n') {
            // A line that is indented or closes goes on inside a declaration: cut there, neither piece could be read.
            let begins = !line.starts_with([' ', '}', '\n', '\r', '\t']);
            if begins && piece.len() + line.len() > length {
                out.push(std::mem::take(&mut piece).into_bytes());
            }
            piece.push_str(line);
        }
        out.push(piece.into_bytes());
    }
    out.sort();
    out.dedup();
    out
}

fn written() -> Vec<Vec<u8>> {
    let mut out: Vec<Vec<u8>> = Vec::new();
    let samples = "crates/jifen-syntax/tests/samples";
    for folder in ["policies", "crates/jifen-cli/templates", "tests", samples] {
        out.extend(files(folder, ".jifen").iter().filter_map(|p| read(p)));
    }
    let page = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    for folder in ["tests/corpus", "docs/errors", "docs/language"] {
        // Examples of pages stand under the prelude that the README of their folder gives, where they lack a header.
        let readme = page(&root().join(folder).join("README.md"));
        let all = fences(&readme).into_iter();
        let prelude = all
            .filter(|f| f.info == "jifen prelude")
            .map(|f| f.body)
            .next();
        for path in files(folder, ".md") {
            for example in fences(&page(&path)) {
                if example.after("jifen").is_none() {
                    continue;
                }
                let text = example.body;
                let whole = text.contains("政策 ") || text.contains("policy ");
                let before = prelude.as_deref().filter(|_| !whole).unwrap_or_default();
                out.push(format!("{before}{text}").into_bytes());
            }
        }
    }
    out
}

/// All spellings of the language, and some of what people type.
pub fn keywords() -> Vec<Vec<u8>> {
    const MORE: &[&str] = &[
        "{",
        "}",
        "（",
        "）",
        "(",
        ")",
        "：",
        ":",
        "、",
        "，",
        "。",
        ";",
        "「",
        "」",
        "《",
        "》",
        "“",
        "”",
        "\"",
        "#",
        "##",
        ".",
        "/",
        "%",
        "％",
        "10分",
        "1.5小时",
        "50%",
        "2026-02-30",
        "2026年1月1日",
        "22:00",
        "25:61",
        "次日 06:00",
        "3个工作日",
        "第1条",
        "每 会议 1次",
        "０",
        "１２",
        "5 points",
        "2 hours",
        "1 time",
        "article 1",
        "\u{feff}",
        "\u{200b}",
        "😀",
        "e\u{301}",
    ];
    let words = keywords::all().iter();
    let words = words.flat_map(|k| k.spellings(Lang::Zh).chain(k.spellings(Lang::En)));
    words
        .chain(MORE.iter().copied())
        .map(|w| w.as_bytes().to_vec())
        .collect()
}

/// No dictionary.
pub fn nothing() -> Vec<Vec<u8>> {
    Vec::new()
}

/// Mapping files.
pub fn mappings() -> Vec<Vec<u8>> {
    let mut out: Vec<Vec<u8>> = files("policies", "sources.toml")
        .iter()
        .filter_map(|p| read(p))
        .collect();
    let small = "[[来源]]\n编号 = \"记录编号\"\n类型 = \"活动类型\"\n对象 = [\"居民编号\", \"id\"]\n日期 = \"日期\"\n\n[来源.记录.巡逻]\n字段 = { 起止 = [\"开始\", \"结束\"], 金额 = { 列 = \"金额\", 倍 = \"0.01\" } }\n";
    let english = "[[source]]\nid = \"id\"\nkind = \"kind\"\nsubject = \"who\"\ndate = \"day\"\n[source.record.patrol]\nfields = { span = [\"from\", \"to\"] }\n[[roster]]\nroster = \"resident\"\nid = \"id\"\n";
    out.extend([small.as_bytes().to_vec(), english.as_bytes().to_vec()]);
    out
}

/// Words of mapping files.
pub fn mapping_words() -> Vec<Vec<u8>> {
    const WORDS: &[&str] = &[
        "[[来源]]\n",
        "[[名册]]\n",
        "[来源.确认]\n",
        "[来源.撤销]\n",
        "[来源.更正]\n",
        "[来源.记录.x]\n",
        "[[名册.任期]]\n",
        "[[名册.变更]]\n",
        "[[source]]\n",
        "[[roster]]\n",
        "文件",
        "编号",
        "类型",
        "对象",
        "日期",
        "时刻",
        "登记日",
        "字段",
        "记录",
        "角色",
        "确认人",
        "原因",
        "值",
        "自",
        "至",
        "其余",
        "属性",
        "工作表",
        "= []",
        "= {}",
        "= \"\"",
        "= 1",
        "= true",
        "= -1.5",
        "= 2026-01-01",
        "\"*\"",
        "倍",
        "列",
        "日月",
        "月日",
    ];
    // The keys that the reader itself knows, with a wrong and a right sort of value.
    let source = std::fs::read_to_string(root().join("crates/jifen-facts/src/mapping.rs"))
        .unwrap_or_default();
    let keys = source
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|k| k.chars().count() < 12 && k.chars().all(char::is_alphanumeric));
    let keys = keys.flat_map(|k| [format!("{k} = 1\n"), format!("{k} = \"x\"\n"), k.to_owned()]);
    WORDS
        .iter()
        .map(|w| w.as_bytes().to_vec())
        .chain(keys.map(String::into_bytes))
        .collect()
}

/// Cell texts.
pub fn cells() -> Vec<Vec<u8>> {
    const WORDS: &[&str] = &[
        ",",
        ";",
        "\t",
        "\"",
        "\"\"",
        "\r\n",
        "\n",
        "编号",
        "日期",
        "时长",
        "2026-04-03",
        "2026年4月3日",
        "4/3/2026",
        "46027",
        "46027.5",
        "2026-04-03 21:00",
        "2026-04-03T21:00:00+08:00",
        "下午3点",
        "3:30 PM",
        "是",
        "否",
        "Y",
        "true",
        "1,234.50",
        "1.50",
        "12.5%",
        "（3）",
        "￥5",
        "1.23E+17",
        "—",
        "N/A",
        "null",
        "{\"编号\": 1}",
        "[",
        "]",
        "{",
        "}",
        ":",
        "\\u6f22",
        "\\ud800",
        "\u{feff}",
        "０．５",
        "一月",
        "2026.4.3",
        "昨天",
    ];
    WORDS.iter().map(|w| w.as_bytes().to_vec()).collect()
}

/// CSV files: plain, quoted, with titles above, in GB18030, with tabs.
pub fn csv() -> Vec<Vec<u8>> {
    let mut out: Vec<Vec<u8>> = Vec::new();
    for path in files("policies", ".csv") {
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        let mut end = bytes.len().min(2500);
        while end > 0 && bytes.get(end - 1) != Some(&b'\n') {
            end -= 1;
        }
        out.push(bytes.get(..end).unwrap_or_default().to_vec());
    }
    for text in [
        "编号,日期,时长\n1,2026-01-01,2\n2,2026-01-02,\"1,5\"\n",
        "\u{feff}统计表\n\n编号;日期;时长\r\n1;2026/1/1;2\r\n",
        "id\tday\tnote\n1\t2026-01-01\t\"two\nlines \"\"x\"\"\"\n\n3\t2026-01-03\t\n",
        "编号,日期\n1,2026-01-01,太多,了\n2\n",
    ] {
        out.push(text.as_bytes().to_vec());
    }
    // 编号,日期 in GB18030.
    out.push(b"\xb1\xe0\xba\xc5,\xc8\xd5\xc6\xda\n1,2026-01-01\n".to_vec());
    out
}

/// JSON lines.
pub fn jsonl() -> Vec<Vec<u8>> {
    let texts = [
        "{\"编号\": \"1\", \"日期\": \"2026-01-01\", \"时长\": 2.50}\n{\"编号\": 2, \"日期\": null, \"发现隐患\": true}\n",
        "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"编号\":12345678901234567890123}\r\n\r\n{\"编号\":1e3}\n",
        "{\"编号\":\"\\u6f22\\n\",\"编号\":2}\n[1]\n\"x\"\n{bad\n",
    ];
    texts.iter().map(|t| t.as_bytes().to_vec()).collect()
}

fn book(sheet: &str, deflate: bool) -> Vec<u8> {
    let parts = [
        (
            "[Content_Types].xml",
            r#"<?xml version="1.0" encoding="UTF-8"?><Types><Override PartName="/xl/workbook.xml"/></Types>"#,
        ),
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook><workbookPr date1904="0"/><sheets><sheet name="表" sheetId="1" r:id="s1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="s1" Target="worksheets/sheet1.xml"/><Relationship Id="s2" Target="styles.xml"/></Relationships>"#,
        ),
        (
            "xl/styles.xml",
            r#"<styleSheet><numFmts count="1"><numFmt numFmtId="200" formatCode="yyyy\-mm\-dd &quot;d&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="200"/><xf numFmtId="14"/></cellXfs></styleSheet>"#,
        ),
        (
            "xl/sharedStrings.xml",
            r#"<sst count="3" uniqueCount="3"><si><t>编号</t></si><si><r><t>时</t></r><r><t xml:space="preserve">长</t></r><rPh><t>shi</t></rPh></si><si><t>a&amp;b &#x5e78; &lt;</t></si></sst>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let entries: Vec<Entry> = parts
        .iter()
        .map(|(name, body)| Entry {
            name: (*name).into(),
            body: body.as_bytes().to_vec(),
            deflate,
        })
        .collect();
    pack(&entries)
}

/// Workbooks.
pub fn xlsx() -> Vec<Vec<u8>> {
    let first = r#"<worksheet><dimension ref="A1:C5"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>日期</t></is></c></row><row r="5"><c r="A5" t="s"><v>2</v></c><c r="B5"><f>1+1</f><v>0.30000000000000004</v></c><c r="C5" s="1"><v>46027</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>"#;
    let second = r#"<worksheet><sheetData><row><c t="inlineStr"><is><t>编号</t></is></c><c t="str"><v>日期</v></c></row><row><c><v>1</v></c><c s="2"><v>46027.5</v></c></row><row r="4"><c r="B4" t="b"><v>1</v></c><c r="C4" t="e"><v>#N/A</v></c><c r="D4" t="d"><v>2026-01-01</v></c></row></sheetData></worksheet>"#;
    vec![book(first, true), book(first, false), book(second, true)]
}

/// Words of workbooks.
pub fn xml_words() -> Vec<Vec<u8>> {
    const WORDS: &[&str] = &[
        "<row>",
        "</row>",
        "<row r=\"1048577\">",
        "<c r=\"XFD1\">",
        "<c r=\"A1\"/>",
        "</c>",
        "<v>",
        "</v>",
        "<is>",
        "<t>",
        "</t>",
        "<si>",
        "</si>",
        "<f>",
        "t=\"s\"",
        "t=\"b\"",
        "t=\"e\"",
        "t=\"n\"",
        "t=\"d\"",
        "s=\"1\"",
        "s=\"99\"",
        "&amp;",
        "&#0;",
        "&#x110000;",
        "&lt;",
        "<!DOCTYPE x>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
        "xml:space=\"preserve\"",
        "date1904=\"1\"",
        "../",
        "/xl/workbook.xml",
        "r:id=\"s1\"",
        "Target=\"\"",
        "Id=\"s1\"",
        "<sheetData>",
        "</sheetData>",
        "numFmtId=\"14\"",
        "<xf numFmtId=\"200\"/>",
        "formatCode=\"[h]:mm\"",
        "4294967296",
        "-1",
    ];
    WORDS.iter().map(|w| w.as_bytes().to_vec()).collect()
}

/// Parquet files of several types, codecs and page forms.
pub fn parquet() -> Vec<Vec<u8>> {
    let kinds = StringArray::from_iter(
        (0..60).map(|i| (i % 7 != 0).then_some(if i % 3 == 0 { "参会" } else { "巡逻" })),
    );
    let hours =
        Decimal128Array::from_iter_values((0..60).map(i128::from)).with_precision_and_scale(9, 2);
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("编号", Arc::new(Int64Array::from_iter_values(0..60))),
        ("类型", Arc::new(kinds)),
        (
            "日期",
            Arc::new(Date32Array::from_iter_values(20_454..20_514)),
        ),
        (
            "时刻",
            Arc::new(TimestampMicrosecondArray::from_iter_values(
                (0..60).map(|i| i * 1_000_000),
            )),
        ),
        (
            "是否",
            Arc::new(BooleanArray::from_iter((0..60).map(|i| Some(i % 2 == 0)))),
        ),
    ];
    columns.extend(hours.ok().map(|h| ("时长", Arc::new(h) as ArrayRef)));
    let Ok(batch) = RecordBatch::try_from_iter(columns) else {
        return Vec::new();
    };
    [
        (Compression::UNCOMPRESSED, true),
        (Compression::SNAPPY, true),
        (Compression::UNCOMPRESSED, false),
        (Compression::ZSTD(Default::default()), false),
        (Compression::GZIP(Default::default()), true),
    ]
    .into_iter()
    .filter_map(|(codec, dictionary)| {
        let properties = WriterProperties::builder()
            .set_compression(codec)
            .set_dictionary_enabled(dictionary)
            .set_data_page_row_count_limit(20)
            .build();
        let mut out = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), Some(properties)).ok()?;
        writer.write(&batch).ok()?;
        writer.close().ok()?;
        Some(out)
    })
    .collect()
}

/// A cell text for each reader of values.
pub fn values() -> Vec<Vec<u8>> {
    let texts = cells();
    let mut out = Vec::new();
    for first in [0_u8, 1, 2, 3, 4, 5, 6, 7, 18, 34, 130, 131, 133] {
        for text in &texts {
            out.push([&[first], text.as_slice()].concat());
        }
    }
    out
}

/// Bytes that become facts.
pub fn fact_bytes() -> Vec<Vec<u8>> {
    // Compiled here, so that no input is charged with it.
    let _ = offices();
    let mut rng = Rng::new(7);
    (0..64)
        .map(|i| {
            let len = 64 + rng.below(400);
            let mut bytes: Vec<u8> = (0..len).map(|_| rng.bits() as u8).collect();
            // The policy, and an as-of day late in the year.
            if let [policy, day, ..] = bytes.as_mut_slice() {
                (*policy, *day) = (i, 190);
            }
            bytes
        })
        .collect()
}
