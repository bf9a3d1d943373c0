//! Seeded mutations of the samples: parser, formatter and translator never panic and stay quick.
//!
//! `JIFEN_CASES` sets how many (default 200).
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a test reads its size from the environment and holds a stopwatch"
)]

use jifen_diag::{Lang, SourceId};
use jifen_syntax::{format, parse, translate};
use std::time::{Duration, Instant};

/// A small generator of our own: the same cases on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n.max(1)).unwrap_or(1)).unwrap_or(0)
    }
}

const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    "（",
    "）",
    "“",
    "\"",
    "「",
    "《",
    "：",
    "、",
    "；",
    "#",
    "\n",
    "得",
    "上限",
    "每日",
    "按",
    "分档",
    "当",
    "满 1: ",
    "项目 甲 {",
    "类别",
    "60分",
    "2026-13-45",
    "25:99",
    "- ",
    "非 ",
    "1.",
    "\u{0}",
    "𠮷",
    "，，",
    "when ",
    "award ",
    "第十百条",
    "99999999999999999999",
    "最多 1 {",
    "设 ",
    "应得 ",
    "\u{feff}",
    "\r",
    "至",
    "次日",
];

fn mutate(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(6) {
        let at = random.below(chars.len() + 1);
        match random.below(4) {
            0 => {
                let end = (at + random.below(12)).min(chars.len());
                chars.drain(at..end);
            }
            1 => {
                let piece = PIECES[random.below(PIECES.len())];
                chars.splice(at..at, piece.chars());
            }
            2 => {
                let from = random.below(chars.len() + 1);
                let end = (from + random.below(40)).min(chars.len());
                let copy: Vec<char> = chars[from..end].to_vec();
                chars.splice(at..at, copy);
            }
            _ => {
                if let Some(c) = chars.get_mut(at) {
                    *c = PIECES[random.below(PIECES.len())]
                        .chars()
                        .next()
                        .unwrap_or(' ');
                }
            }
        }
    }
    chars.into_iter().collect()
}

#[test]
fn nothing_panics() {
    let samples = [
        include_str!("samples/taste.jifen"),
        include_str!("samples/forms.jifen"),
        include_str!("samples/english.jifen"),
    ];
    let cases: usize = std::env::var("JIFEN_CASES")
        .ok()
        .and_then(|c| c.parse().ok())
        .unwrap_or(200);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut clean = 0;
    for case in 0..cases {
        let text = mutate(samples[case % samples.len()], &mut random);
        let start = Instant::now();
        let p = parse(&text, SourceId(0));
        for d in &p.diagnostics {
            assert!(
                text.get(d.span.range()).is_some(),
                "case {case}: a span cuts a character: {d:#?}\n{text}"
            );
        }
        if p.is_clean() {
            clean += 1;
            let once = format(&text);
            if let Ok(once) = &once {
                assert_eq!(
                    format(once).ok().as_ref(),
                    Some(once),
                    "case {case}: not a fixed point\n{text}"
                );
            } else {
                panic!("case {case}: a clean text is not formatted\n{text}\n{once:?}");
            }
            let _ = translate(&text, Lang::En);
        } else {
            assert!(format(&text).is_err());
        }
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "case {case} is slow\n{text}"
        );
    }
    assert!(clean > 0);
}

/// Time of one parse, the best of three.
fn cost(text: &str) -> Duration {
    (0..3)
        .map(|_| {
            let start = Instant::now();
            let _ = parse(text, SourceId(0));
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

#[test]
fn time_grows_with_the_length_only() {
    for (piece, n) in [
        ("项目 甲 { 凭 参会 得 5分 }\n", 50),
        ("得 5分 ", 200),
        ("(", 3_000),
        ("“", 3_000),
        ("「", 3_000),
        ("}", 1_000),
        ("项目 甲\n", 200),
        ("非 ", 1_000),
        ("参数 x = -- -", 200),
        ("项目 甲 {\n 凭 参会\n", 50),
        ("类别 甲 { 按 x { 1: ", 20),
    ] {
        let (short, long) = (cost(&piece.repeat(n)), cost(&piece.repeat(n * 8)));
        // Eight times the text; a quadratic step would cost sixty-four times.
        let limit = short.max(Duration::from_millis(5)) * 32;
        assert!(
            long < limit,
            "{piece:?}: {short:?} for {n}, {long:?} for {}",
            n * 8
        );
    }
    // Nesting: nothing is read again and again.
    for text in [
        "按 x { ".repeat(60),
        format!("参数 x = {}", "按 x { 1: ".repeat(60)),
        format!(
            "项目 甲 {{ 得 {}5 5{} }}",
            "按 x { 1: ".repeat(50),
            "}".repeat(50)
        ),
        format!("参数 x = {}1 1{}", "(".repeat(60), ")".repeat(60)),
        "类别 甲 {\n".repeat(60),
    ] {
        let took = cost(&text);
        assert!(
            took < Duration::from_secs(5),
            "{took:?} for {} bytes",
            text.len()
        );
    }
}
