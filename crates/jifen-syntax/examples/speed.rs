//! Times the parser on a valid text of growing length: `speed [ITEMS …]`.
#![allow(clippy::disallowed_types, reason = "a stopwatch")]
use jifen_diag::SourceId;

fn main() {
    let mut sizes: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|a| a.parse().ok())
        .collect();
    if sizes.is_empty() {
        sizes = vec![500, 2000, 8000];
    }
    for n in sizes {
        let text = "项目 甲 { 凭 参会 得 5分 }\n".repeat(n);
        let start = std::time::Instant::now();
        let p = jifen_syntax::parse(&text, SourceId(0));
        println!(
            "{} bytes {:?} {}",
            text.len(),
            start.elapsed(),
            p.file.decls.len()
        );
    }
}
