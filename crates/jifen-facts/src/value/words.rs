//! Yes/no words and ids; not names of policies.

use super::{half_width, number, trim};
use crate::fault::CellFault;
use jifen_diag::text;

/// 是/否, true/false, 1/0, yes/no, √/×.
pub fn yes_no(cell: &str) -> Result<bool, CellFault> {
    let shown = trim(cell);
    let word = half_width(shown).to_lowercase();
    match word.as_str() {
        "是" | "true" | "1" | "yes" | "y" | "√" | "✓" | "✔" | "有" | "对" => Ok(true),
        "否" | "false" | "0" | "no" | "n" | "×" | "✗" | "✘" | "无" | "错" => Ok(false),
        _ => Err(CellFault::new(
            "yes_no_unknown",
            text!(
                zh = "“{shown}”不是“是”或“否”",
                en = "“{shown}” is neither yes nor no"
            ),
            text!(zh = "写 是 或 否", en = "write 是 or 否 (yes or no)"),
        )),
    }
}

/// An id: any text but one that a spreadsheet has damaged. A long number typed as one (`CellMark::Number`) is damaged too.
pub fn id(cell: &str, from_number: bool) -> Result<&str, CellFault> {
    let shown = trim(cell);
    let digits = shown.bytes().filter(u8::is_ascii_digit).count();
    if number::looks_scientific(shown) || (from_number && digits > 15) {
        return Err(number::scientific(shown));
    }
    Ok(shown)
}
