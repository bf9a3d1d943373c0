//! Decimal numbers as people write them; no thousands separators, no words, no floats.

use super::{half_width, trim};
use crate::fault::CellFault;
use jifen_diag::text;
use jifen_quantity::Decimal;

/// A decimal number: full-width digits, sign and point are read as their ASCII forms.
pub fn decimal(cell: &str) -> Result<Decimal, CellFault> {
    let trimmed = trim(cell);
    if let Some(value) = Decimal::parse(trimmed) {
        return Ok(value);
    }
    let ascii = half_width(trimmed);
    let ascii = trim(ascii.strip_prefix('+').unwrap_or(&ascii));
    Decimal::parse(ascii).ok_or_else(|| refuse(trimmed, ascii))
}

/// A percentage: `50%` is 0.5; `0.5` without a sign is refused, since it may mean either.
pub fn percent(cell: &str) -> Result<Decimal, CellFault> {
    let ascii = half_width(trim(cell));
    let (digits, places) = if let Some(rest) = ascii.strip_suffix('%') {
        (rest, 2)
    } else if let Some(rest) = ascii.strip_suffix('‰') {
        (rest, 3)
    } else {
        let shown = trim(cell);
        return Err(CellFault::new(
            "percent_sign_missing",
            text!(
                zh = "“{shown}”没有百分号，不知道是 {shown}% 还是 {shown} 倍",
                en = "“{shown}” has no percent sign: is it {shown}% or {shown} times?"
            ),
            text!(
                zh = "写成 95% 这样，或在 sources.toml 里说明该列是比值（百分数 = \"比值\"）",
                en = "write it like 95%, or say in sources.toml that the column holds ratios (percent = \"ratio\")"
            ),
        ));
    };
    let number = decimal(digits)?;
    Decimal::new(number.mantissa(), number.scale().saturating_add(places))
        .ok_or_else(|| refuse(trim(cell), &ascii))
}

/// Why a text is not a number, with the hint that fits.
fn refuse(shown: &str, ascii: &str) -> CellFault {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let joined: String = ascii
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | ' ' | '\''))
        .collect();
    if joined != ascii && Decimal::parse(&joined).is_some() {
        return CellFault::new(
            "number_separated",
            text!(
                zh = "“{shown}”里有千分位分隔符，数字里不能有",
                en = "“{shown}” has a thousands separator; numbers must not"
            ),
            text!(zh = "写成 {joined}", en = "write {joined}"),
        );
    }
    if let Some((mantissa, exponent)) = ascii.split_once(['e', 'E'])
        && Decimal::parse(mantissa).is_some()
        && digits(exponent.trim_start_matches(['+', '-']))
    {
        return scientific(shown);
    }
    if let Some((number, unit)) = with_unit(ascii) {
        return CellFault::new(
            "number_with_unit",
            text!(
                zh = "“{shown}”在数字后面带着“{unit}”，这一列只收数字",
                en = "“{shown}” has “{unit}” after the number; this column takes numbers only"
            ),
            text!(zh = "写成 {number}", en = "write {number}"),
        );
    }
    if !joined.is_empty()
        && joined
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'))
        && joined.bytes().filter(|b| *b == b'.').count() <= 1
        && joined.len() > SHEET_DIGITS
        && !joined.get(1..).unwrap_or("").contains('-')
    {
        return CellFault::new(
            "number_too_large",
            text!(
                zh = "“{shown}”的位数太多，装不下",
                en = "“{shown}” has more digits than can be held"
            ),
            text!(
                zh = "核对这个数；编号要放在编号那一列",
                en = "check the number; an id belongs into the column of ids"
            ),
        );
    }
    CellFault::new(
        "number_in_words",
        text!(
            zh = "“{shown}”不是数字；不猜测文字的意思",
            en = "“{shown}” is not a number; words are not guessed"
        ),
        text!(
            zh = "写成数字，例如 2 或 1.5",
            en = "write a number, such as 2 or 1.5"
        ),
    )
}

fn with_unit(ascii: &str) -> Option<(&str, &str)> {
    let at = ascii.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-')?;
    let (number, unit) = ascii.split_at_checked(at)?;
    Decimal::parse(trim(number))?;
    Some((trim(number), trim(unit)))
}

/// The fault of a number that a spreadsheet has cut.
pub fn scientific(shown: &str) -> CellFault {
    CellFault::new(
        "number_scientific",
        text!(
            zh = "“{shown}”是表格软件改写过的长数字，后面的数字已经丢失",
            en = "“{shown}” is a long number that a spreadsheet has rewritten; its last digits are lost"
        ),
        text!(
            zh = "从原系统重新导出，并把该列设为“文本”",
            en = "export it again with the column set to “text”"
        ),
    )
}

/// Whether a text looks like a long number that a spreadsheet damaged: `1.10102E+17`.
pub fn looks_scientific(cell: &str) -> bool {
    let ascii = half_width(trim(cell));
    let Some((mantissa, exponent)) = ascii.split_once(['e', 'E']) else {
        return false;
    };
    let Some(exponent) = exponent.strip_prefix('+') else {
        return false;
    };
    mantissa.contains('.')
        && Decimal::parse(mantissa).is_some()
        && !exponent.is_empty()
        && exponent.len() <= 3
        && exponent.bytes().all(|b| b.is_ascii_digit())
}

/// The most digits that a spreadsheet keeps of a number.
const SHEET_DIGITS: usize = 15;

/// A JSON or workbook number with an exponent, written out where that loses nothing and is short; otherwise as it stands.
pub fn plain_digits(raw: &str) -> String {
    expand(raw).unwrap_or_else(|| raw.to_owned())
}

fn expand(raw: &str) -> Option<String> {
    let (mantissa, exponent) = raw.split_once(['e', 'E'])?;
    let exponent: i32 = exponent
        .strip_prefix('+')
        .unwrap_or(exponent)
        .parse()
        .ok()?;
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    // A whole number of more than 15 digits has lost some: its exponent must stay visible.
    if point > SHEET_DIGITS as i32 || point < -20 || digits.len() > 40 {
        return None;
    }
    Some(format!("{sign}{}", place_point(&digits, point)))
}

fn place_point(digits: &str, point: i32) -> String {
    let mut out = String::new();
    if point <= 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', point.unsigned_abs() as usize));
        out.push_str(digits);
    } else {
        let whole = point as usize;
        let split = whole.min(digits.len());
        out.push_str(digits.get(..split).unwrap_or(""));
        out.extend(std::iter::repeat_n('0', whole - split));
        out.push('.');
        out.push_str(digits.get(split..).unwrap_or(""));
    }
    let trimmed = out.trim_end_matches('0').trim_end_matches('.');
    let trimmed = trimmed.trim_start_matches('0');
    match trimmed {
        "" => "0".to_owned(),
        t if t.starts_with('.') => format!("0{t}"),
        t => t.to_owned(),
    }
}

/// A workbook number as the spreadsheet shows it: at most 15 significant digits, half away from zero.
///
/// The file holds the nearest binary number, such as `0.30000000000000004`; the digits past the fifteenth are
/// noise that nobody typed. Done on the text, without floats.
pub fn sheet_number(raw: &str) -> String {
    let plain = plain_digits(raw);
    let (sign, body) = match plain.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", plain.as_str()),
    };
    let significant = body.bytes().filter(u8::is_ascii_digit).count()
        - body
            .bytes()
            .take_while(|b| matches!(b, b'0' | b'.'))
            .filter(|b| *b == b'0')
            .count();
    let odd = body.bytes().any(|b| !b.is_ascii_digit() && b != b'.');
    let whole = body.find('.').unwrap_or(body.len());
    if odd || significant <= SHEET_DIGITS || whole > SHEET_DIGITS || !body.contains('.') {
        return plain;
    }
    let drop = significant - SHEET_DIGITS;
    let fraction = body.len() - whole - 1;
    if drop > fraction {
        return plain;
    }
    let digits: String = body.chars().filter(char::is_ascii_digit).collect();
    let places = fraction - drop;
    match rounded(&digits, drop) {
        Some(kept) => {
            let point = kept.len() as i32 - places as i32;
            format!("{sign}{}", place_point(&kept, point))
        }
        None => plain,
    }
}

/// Drops the last `drop` digits, rounding half up.
fn rounded(digits: &str, drop: usize) -> Option<String> {
    let keep = digits.len().checked_sub(drop)?;
    let (kept, rest) = digits.split_at_checked(keep)?;
    if rest.bytes().next().is_none_or(|b| b < b'5') {
        return Some(kept.to_owned());
    }
    let width = kept.len();
    let next = kept.parse::<u128>().ok()?.checked_add(1)?;
    Some(format!("{next:0>width$}"))
}
