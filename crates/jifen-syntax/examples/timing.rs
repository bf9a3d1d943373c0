//! How long one reading of a file takes: `cargo run -p jifen-syntax --example timing -- FILE…`.
use std::time::Instant;

fn main() {
    for path in std::env::args().skip(1) {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let start = Instant::now();
        let p = jifen_syntax::parse(&text, jifen_diag::SourceId(0));
        let read = start.elapsed();
        let start = Instant::now();
        let out = jifen_syntax::format(&text).is_ok();
        println!(
            "{path}: {} bytes, read in {read:?} ({} messages), formatted in {:?} ({out})",
            text.len(),
            p.diagnostics.len(),
            start.elapsed()
        );
    }
}
