//! Plain text tables whose columns line up under double-width text.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Which side a column leans to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// The widest that a cell of words may be.
const WIDEST: usize = 90;

/// A cell on one line: line ends and other control characters are shown, a long text is cut.
fn one_line(cell: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for c in cell.chars() {
        let c = if c.is_control() { '⏎' } else { c };
        width += c.width().unwrap_or(0);
        if width > WIDEST {
            out.push('…');
            break;
        }
        out.push(c);
    }
    out
}

/// Lays rows out in columns, two spaces apart and two in front; a missing cell is empty.
pub fn table(rows: &[Vec<String>], align: &[Align]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    let shown = |row: &Vec<String>| row.iter().map(|c| one_line(c)).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = rows.iter().map(shown).collect();
    for row in &rows {
        for (i, cell) in row.iter().enumerate() {
            match widths.get_mut(i) {
                Some(w) => *w = (*w).max(cell.width()),
                None => widths.push(cell.width()),
            }
        }
    }
    let mut out = String::new();
    for row in &rows {
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
