//! Times the parser on a valid text of growing length.
#![allow(clippy::disallowed_types, reason = "a stopwatch")]
use jifen_diag::SourceId;

fn main() {
    for n in [500usize, 2000, 8000] {
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
