//! Mutations: of bytes, of texts by whole words and lines, of numbers to their boundaries. Formats are in `formats`.

use crate::rng::Rng;
use std::collections::BTreeMap;

/// Numbers at which things tend to break.
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "-1",
    "9",
    "10",
    "12",
    "13",
    "24",
    "25",
    "29",
    "30",
    "31",
    "32",
    "60",
    "61",
    "99",
    "100",
    "255",
    "256",
    "365",
    "366",
    "1000",
    "9999",
    "10000",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "170141183460469231731687303715884105727",
    "170141183460469231731687303715884105728",
    "99999999999999999999999999999999999999999999",
    "0.000000000000000001",
    "0.0000000000000000001",
    "0.1",
    "0.5",
    "1.5",
    "2026",
    "1969",
    "1970",
    "2038",
    "9999-12-31",
    "2026-02-29",
    "2026-02-30",
    "0001-01-01",
    "00",
    "007",
    "1e9",
    "1e-9",
    "1E400",
    "Inf",
    "NaN",
    "1,000",
    "1 000",
    "１２",
    "一",
    "两",
    "十二",
    "百",
];

/// One to four mutations of raw bytes.
pub fn bytes(base: &[u8], pool: &[Vec<u8>], words: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let mut out = base.to_vec();
    for _ in 0..=rng.below(4) {
        byte_step(&mut out, pool, words, rng);
    }
    out
}

fn byte_step(out: &mut Vec<u8>, pool: &[Vec<u8>], words: &[Vec<u8>], rng: &mut Rng) {
    let at = rng.below(out.len() + 1);
    match rng.below(9) {
        0 => {
            if let Some(b) = out.get_mut(at) {
                *b ^= 1 << rng.below(8);
            }
        }
        1 => {
            if let Some(b) = out.get_mut(at) {
                *b = [0, 1, 0x7f, 0x80, 0xff, b'"', b'\n', b' '][rng.below(8)];
            }
        }
        2 => out.insert(at, rng.bits() as u8),
        3 => {
            let end = (at + 1 + rng.below(16)).min(out.len());
            out.drain(at.min(end)..end);
        }
        4 => {
            let end = (at + 1 + rng.below(64)).min(out.len());
            let copy = out[at.min(end)..end].to_vec();
            let to = rng.below(out.len() + 1);
            out.splice(to..to, copy);
        }
        5 => {
            if let Some(w) = rng.pick(words).cloned() {
                out.splice(at..at, w);
            }
        }
        6 => {
            if let Some(n) = rng.pick(NUMBERS) {
                out.splice(at..at, n.bytes());
            }
        }
        7 => splice(out, pool, rng),
        _ => numbers(out, rng),
    }
}

/// A part of another input put in.
fn splice(out: &mut Vec<u8>, pool: &[Vec<u8>], rng: &mut Rng) {
    let Some(other) = rng.pick(pool).filter(|o| !o.is_empty()) else {
        return;
    };
    let from = rng.below(other.len());
    let to = (from + 1 + rng.below(128)).min(other.len());
    let at = rng.below(out.len() + 1);
    let end = (at + rng.below(32)).min(out.len());
    out.splice(at..end, other[from..to].iter().copied());
}

/// A run of digits becomes a boundary number.
fn numbers(out: &mut Vec<u8>, rng: &mut Rng) {
    let starts: Vec<usize> = (0..out.len())
        .filter(|i| out[*i].is_ascii_digit() && (*i == 0 || !out[*i - 1].is_ascii_digit()))
        .collect();
    // First a neighbourhood, then a place in it: the one article number gets its turn among fifty times of day.
    let mut around: BTreeMap<(Vec<u8>, Vec<u8>), Vec<usize>> = BTreeMap::new();
    for start in starts {
        let digits = out[start..].iter().take_while(|b| b.is_ascii_digit());
        let end = start + digits.count();
        let before = out[start.saturating_sub(3)..start].to_vec();
        let after = out[end..(end + 3).min(out.len())].to_vec();
        around.entry((before, after)).or_default().push(start);
    }
    let places: Vec<Vec<usize>> = around.into_values().collect();
    let start = rng.pick(&places).and_then(|p| rng.pick(p)).copied();
    let (Some(start), Some(new)) = (start, rng.pick(NUMBERS)) else {
        return;
    };
    let len = out[start..]
        .iter()
        .take_while(|b| b.is_ascii_digit())
        .count();
    out.splice(start..start + len, new.bytes());
}

/// Texts: words, lines and numbers are moved as wholes, so that most results still read as a policy or a table.
pub fn text(base: &[u8], pool: &[Vec<u8>], words: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    if rng.below(8) == 0 {
        return bytes(base, pool, words, rng);
    }
    let mut out = String::from_utf8_lossy(base).into_owned();
    // Mostly one step: what lies behind a whole file is met only by texts that are still without errors.
    let steps = [1, 1, 1, 2, 3][rng.below(5)];
    for _ in 0..steps {
        let step = rng.below(STEPS);
        text_step(step, &mut out, pool, words, rng);
    }
    out.into_bytes()
}

/// Texts for a target that looks only at those without errors: mostly one number, name or line is changed for another.
pub fn tame(base: &[u8], pool: &[Vec<u8>], words: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let step = match rng.below(8) {
        0..=4 => NUMBER,
        5 => OWN_WORD,
        6 => DOUBLED_LINE,
        _ => return text(base, pool, words, rng),
    };
    let mut out = String::from_utf8_lossy(base).into_owned();
    text_step(step, &mut out, pool, words, rng);
    out.into_bytes()
}

/// How many steps there are, and the numbers of those that [`tame`] takes.
const STEPS: usize = 10;
const OWN_WORD: usize = 2;
const DOUBLED_LINE: usize = 6;
const NUMBER: usize = 8;

fn text_step(step: usize, out: &mut String, pool: &[Vec<u8>], words: &[Vec<u8>], rng: &mut Rng) {
    match step {
        0 | 1 => {
            // A word becomes another of the dictionary.
            let range = word_at(out, rng);
            if let Some(w) = rng.pick(words) {
                out.replace_range(range, &String::from_utf8_lossy(w));
            }
        }
        OWN_WORD => {
            // A word becomes another word of the same text: names stay known.
            let from = word_at(out, rng);
            let word = out[from].to_owned();
            let range = word_at(out, rng);
            out.replace_range(range, &word);
        }
        3 => {
            let at = char_at(out, rng);
            if let Some(w) = rng.pick(words) {
                out.insert_str(at, &format!(" {} ", String::from_utf8_lossy(w)));
            }
        }
        4 => {
            let range = word_at(out, rng);
            out.replace_range(range, "");
        }
        5 => {
            let range = line_at(out, rng);
            out.replace_range(range, "");
        }
        DOUBLED_LINE => {
            let copy = out[line_at(out, rng)].to_owned();
            let at = line_at(out, rng).start;
            out.insert_str(at, &copy);
        }
        7 => {
            // A line of another input.
            if let Some(other) = rng.pick(pool) {
                let other = String::from_utf8_lossy(other).into_owned();
                let line = other[line_at(&other, rng)].to_owned();
                let at = line_at(out, rng).start;
                out.insert_str(at, &line);
            }
        }
        NUMBER => {
            let mut raw = std::mem::take(out).into_bytes();
            numbers(&mut raw, rng);
            *out = String::from_utf8_lossy(&raw).into_owned();
        }
        _ => {
            // A piece within braces or brackets, or a piece of any kind, doubled inside itself.
            let at = char_at(out, rng);
            let end = char_at(out, rng).max(at).min(at + 200);
            let end = floor(out, end);
            let copy = out[at..end].to_owned();
            let to = char_at(out, rng);
            out.insert_str(to, &copy);
        }
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn char_at(text: &str, rng: &mut Rng) -> usize {
    floor(text, rng.below(text.len() + 1))
}

/// A run of letters and digits, or of signs, around a random place.
fn word_at(text: &str, rng: &mut Rng) -> std::ops::Range<usize> {
    let at = char_at(text, rng);
    let wordy = |c: char| c.is_alphanumeric() || c == '_';
    let Some(c) = text[at..].chars().next() else {
        return at..at;
    };
    if !wordy(c) {
        return at..at + c.len_utf8();
    }
    let start = text[..at]
        .char_indices()
        .rev()
        .take_while(|(_, c)| wordy(*c))
        .last()
        .map_or(at, |(i, _)| i);
    let end = text[at..]
        .char_indices()
        .find(|(_, c)| !wordy(*c))
        .map_or(text.len(), |(i, _)| at + i);
    start..end
}

/// A line with its end.
fn line_at(text: &str, rng: &mut Rng) -> std::ops::Range<usize> {
    let at = char_at(text, rng);
    let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    let end = text[at..].find('\n').map_or(text.len(), |i| at + i + 1);
    start..end
}
