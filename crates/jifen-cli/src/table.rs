//! Plain text tables whose columns line up under double-width text.

use unicode_width::UnicodeWidthStr as _;

/// Which side a column leans to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Lays rows out in columns, two spaces apart and two in front; a missing cell is empty.
pub fn table(rows: &[Vec<String>], align: &[Align]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (i, cell) in row.iter().enumerate() {
            match widths.get_mut(i) {
                Some(w) => *w = (*w).max(cell.width()),
                None => widths.push(cell.width()),
            }
        }
    }
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (i, cell) in row.iter().enumerate() {
            let width = widths.get(i).copied().unwrap_or(0);
            let pad = " ".repeat(width.saturating_sub(cell.width()));
            line.push_str("  ");
            match align.get(i) {
                Some(Align::Right) => line.push_str(&(pad + cell)),
                _ => line.push_str(&(cell.clone() + &pad)),
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
