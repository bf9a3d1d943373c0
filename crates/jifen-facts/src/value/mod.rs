//! The text of a cell to a value: strict, exact, as people write; nothing is guessed.

pub mod date;
pub mod number;
pub mod time;
pub mod words;

#[cfg(test)]
mod tests;

/// Trims spaces of every width and the marks that spreadsheets leave at the edges of cells.
pub fn trim(cell: &str) -> &str {
    cell.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{200E}' | '\u{200F}')
    })
}

/// Full-width digits and punctuation as their ASCII forms; other characters as they are.
pub fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            '−' => '-',
            _ => c,
        })
        .collect()
}
