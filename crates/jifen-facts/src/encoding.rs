//! Bytes to text: byte order mark, then strict UTF-8, then GB18030, then an error that says the line.

use crate::fault::FileError;
use encoding_rs::{DecoderResult, GB18030, UTF_16BE, UTF_16LE};
use jifen_diag::{Text, text};
use std::borrow::Cow;

/// How the text of a file was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a mark.
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Mark,
    /// GB18030 (and so GBK and GB2312).
    Gb18030,
    /// UTF-16 with a mark, as spreadsheets save “Unicode text”.
    Utf16,
}

impl Encoding {
    /// The usual name.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf8Mark => "UTF-8 BOM",
            Encoding::Gb18030 => "GB18030",
            Encoding::Utf16 => "UTF-16",
        }
    }

    /// The note that a table carries.
    pub fn note(self) -> Text {
        let name = self.name();
        text!(zh = "编码：{name}", en = "encoding: {name}")
    }
}

/// Decodes a whole file.
pub fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), FileError> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return match std::str::from_utf8(rest) {
            Ok(text) => check_text(Cow::Borrowed(text), Encoding::Utf8Mark),
            Err(e) => Err(malformed("UTF-8", line_of(rest, e.valid_up_to()))),
        };
    }
    if bytes.starts_with(b"\xFF\xFE") {
        return foreign(&bytes[2..], UTF_16LE, Encoding::Utf16);
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return foreign(&bytes[2..], UTF_16BE, Encoding::Utf16);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => check_text(Cow::Borrowed(text), Encoding::Utf8),
        Err(_) => foreign(bytes, GB18030, Encoding::Gb18030),
    }
}

fn foreign(
    bytes: &[u8],
    with: &'static encoding_rs::Encoding,
    name: Encoding,
) -> Result<(Cow<'static, str>, Encoding), FileError> {
    let mut decoder = with.new_decoder_without_bom_handling();
    let mut out = String::with_capacity(bytes.len() + bytes.len() / 2 + 16);
    let mut read = 0;
    loop {
        let rest = bytes.get(read..).unwrap_or_default();
        let (result, n) = decoder.decode_to_string_without_replacement(rest, &mut out, true);
        read += n;
        match result {
            DecoderResult::InputEmpty => return check_text(Cow::Owned(out), name),
            DecoderResult::OutputFull => out.reserve(rest.len().max(64)),
            DecoderResult::Malformed(..) => {
                let line = 1 + memchr::memchr_iter(b'\n', out.as_bytes()).count() as u64;
                return Err(malformed(name.name(), line));
            }
        }
    }
}

fn line_of(bytes: &[u8], at: usize) -> u64 {
    let before = bytes.get(..at).unwrap_or(bytes);
    1 + memchr::memchr_iter(b'\n', before).count() as u64
}

fn malformed(name: &str, line: u64) -> FileError {
    FileError::new(
        "encoding",
        text!(
            zh = "第 {line} 行不是合法的 {name} 文字（UTF-8 和 GB18030 都读不通）",
            en = "line {line} is not valid {name} (neither UTF-8 nor GB18030 reads it)"
        ),
        text!(
            zh = "在表格软件里另存为“CSV UTF-8”再导入",
            en = "save it as “CSV UTF-8” in the spreadsheet and import that"
        ),
    )
    .at(line)
}

/// A text file has no NUL: such a file is a binary one under a wrong name.
fn check_text(text: Cow<'_, str>, name: Encoding) -> Result<(Cow<'_, str>, Encoding), FileError> {
    match memchr::memchr(0, text.as_bytes()) {
        None => Ok((text, name)),
        Some(at) => {
            let line = line_of(text.as_bytes(), at);
            Err(FileError::new(
                "binary",
                text!(
                    zh = "第 {line} 行有空字符：这不是文本文件",
                    en = "line {line} holds a NUL character: this is not a text file"
                ),
                text!(
                    zh = "请导出为 CSV、XLSX、JSONL 或 Parquet",
                    en = "export it as CSV, XLSX, JSONL or Parquet"
                ),
            )
            .at(line))
        }
    }
}
