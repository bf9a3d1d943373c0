//! Formats or translates a policy file: `fmt FILE [zh|en]`; a help while working on the formatter.
use jifen_diag::Lang;

fn main() {
    let Some(path) = std::env::args().nth(1) else {
        return;
    };
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let out = match std::env::args().nth(2).as_deref() {
        Some("en") => jifen_syntax::translate(&text, Lang::En),
        Some("zh") => jifen_syntax::translate(&text, Lang::Zh),
        _ => jifen_syntax::format(&text),
    };
    match out {
        Ok(t) => print!("{t}"),
        Err(jifen_syntax::FormatError::Changed(t)) => println!("CHANGED\n{t}"),
        Err(e) => println!("{e:?}"),
    }
}
