//! The registry of message codes: one line per code, nothing else. Messages are written where they are raised.
//!
//! To add a code: put ONE line into the table, in number order, inside its range, and write `docs/errors/JFxxxx.md`
//! (format: `docs/errors/README.md`). Line form: `NUMBER NAME Severity "中文标题" "English title";`
//! The compiler refuses two rows with one number or name and rows out of order. Codes are never reused.
//! Use it as `Diagnostic::new(codes::UNKNOWN_NAME, span, text!(zh = "…", en = "…"))`.
//!
//! Ranges: 01xx syntax · 02xx names · 03xx types and units · 04xx selection and bands · 05xx items and multipliers ·
//! 06xx caps · 07xx time, versions, rosters, periods · 08xx points, review, tests · 09xx facts and data files
//! (reasons of rejects) · 10xx run time.
#![allow(
    clippy::zero_prefixed_literal,
    reason = "codes are written with four digits, as people see them"
)]

use crate::{Code, Row, Severity};

macro_rules! table {
    ($($number:literal $name:ident $severity:ident $zh:literal $en:literal;)+) => {
        $(#[doc = $en] pub const $name: Code = Code($number);)+
        /// All codes, in number order.
        pub const ALL: &[Row] = &[
            $(Row { code: $name, name: stringify!($name), severity: Severity::$severity, zh: $zh, en: $en },)+
        ];
    };
}

table! {
    // 01xx syntax
    0101 SYNTAX Error "这里的写法读不懂" "this cannot be read here";
    0102 MISSING_CLOSE_BRACE Error "缺少右花括号" "missing closing brace";
    0103 MISSING_CLOSE_QUOTE Error "缺少右引号" "missing closing quote";
    0104 BAD_NUMBER Error "数字写法不对" "not a number";
    0105 BAD_DATE Error "没有这一天" "no such date";
    0106 TOO_DEEP Error "嵌套过深" "nested too deeply";
    // 02xx names
    0201 UNKNOWN_NAME Error "没有这个名称" "unknown name";
    0202 DUPLICATE_NAME Error "名称重复" "name used twice";
    // 03xx types and units
    0301 UNIT_MISMATCH Error "单位不符" "units do not fit";
    0302 TYPE_MISMATCH Error "类型不符" "types do not fit";
    // 04xx selection and bands
    0401 BAND_GAP Error "分档有空缺" "bands leave a gap";
    0402 BAND_OVERLAP Error "分档有重叠" "bands overlap";
    // 05xx items and multipliers
    0501 ITEM_WITHOUT_AWARD Error "项目没有得分" "the item awards nothing";
    // 06xx caps
    0601 CAP_WINDOW_UNSTATED Error "上限没有写明周期" "the cap does not say its window";
    // 07xx time, versions, rosters, periods
    0701 VERSION_GAP Error "版本之间有空档" "versions leave a gap";
    0702 VERSION_OVERLAP Error "版本施行日期重叠" "versions overlap";
    // 08xx points, review, tests
    0801 TEST_FAILED Error "测试没有通过" "a test failed";
    // 09xx facts and data files
    0901 MISSING_VALUE Error "必填栏为空" "a required value is missing";
    // 10xx run time
    1001 DIVISION_BY_ZERO Error "除以零" "division by zero";
    1002 OVERFLOW Error "数字过大" "number too large";
}

// A row out of order or used twice stops the build here.
const _: () = {
    let mut i = 1;
    while i < ALL.len() {
        assert!(
            ALL[i - 1].code.0 < ALL[i].code.0,
            "codes.rs: rows must be in number order, each number once"
        );
        i += 1;
    }
};
