//! Names that are read as amounts where they are used: a measure 四年 could never be read, `四年` is 4 years.

use jifen_diag::{Diagnostic, codes, text};
use jifen_syntax::ast::Name;
use jifen_syntax::keywords;

use crate::sink::Sink;

/// What a number is written with in words (`han_number` of the grammar).
const HAN_DIGITS: [char; 15] = [
    '零', '〇', '一', '二', '两', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千',
];

/// Reports a name without quotes that is a number in words and a unit.
pub(super) fn amount(name: &Name, sink: &mut Sink) {
    let unit = name.text.trim_start_matches(HAN_DIGITS);
    let quoted = (name.span.end - name.span.start) as usize != name.text.len();
    if quoted || unit == name.text || keywords::find("unit", unit).is_none() {
        return;
    }
    let fixed = format!("「{}」", name.text);
    let told = text!(
        zh = "“{}”读出来是一个数，作名称要加引号：{fixed}",
        en = "“{}” is read as an amount; as a name it needs quotes: {fixed}",
        name.text
    );
    let fix = text!(zh = "写成{fixed}", en = "write {fixed}");
    let d = Diagnostic::new(codes::RESERVED_WORD, name.span, told);
    sink.push(d.fix(name.span, fixed.clone(), fix));
}
