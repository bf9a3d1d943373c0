//! ZIP archives: unpacks entries, mutates one, packs again with right sizes and checksums. Forgiving: fuzz input only.

use crate::mutate;
use crate::rng::Rng;
use flate2::Crc;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use std::io::{Read, Write};

/// An entry, inflated.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Name.
    pub name: String,
    /// Inflated content.
    pub body: Vec<u8>,
    /// Packed with deflate.
    pub deflate: bool,
}

fn number(bytes: &[u8], at: usize, len: usize) -> Option<usize> {
    let slice = bytes.get(at..at.checked_add(len)?)?;
    Some(
        slice
            .iter()
            .rev()
            .fold(0, |n, b| (n << 8) | usize::from(*b)),
    )
}

/// The entries by the central directory, as far as they can be read.
pub fn unpack(bytes: &[u8]) -> Vec<Entry> {
    let mut out = Vec::new();
    let end = bytes.windows(4).rposition(|w| w == b"PK\x05\x06");
    let Some(mut at) = end.and_then(|e| number(bytes, e + 16, 4)) else {
        return out;
    };
    while bytes.get(at..at.saturating_add(4)) == Some(b"PK\x01\x02") && out.len() < 64 {
        let field = |o, l| number(bytes, at + o, l).unwrap_or(0);
        let (name_len, extra) = (field(28, 2), field(30, 2) + field(32, 2));
        let (packed, offset) = (field(20, 4), field(42, 4));
        let name = bytes.get(at + 46..at + 46 + name_len).unwrap_or_default();
        let skip = |o| number(bytes, offset.saturating_add(o), 2).unwrap_or(0);
        let start = offset.saturating_add(30 + skip(26) + skip(28));
        let data = bytes
            .get(start..start.saturating_add(packed))
            .unwrap_or_default();
        let deflate = field(10, 2) == 8;
        let mut body = Vec::new();
        match deflate {
            // What cannot be inflated to its end is taken as far as it goes.
            true => drop(
                DeflateDecoder::new(data)
                    .take(1 << 20)
                    .read_to_end(&mut body),
            ),
            false => body.extend_from_slice(data),
        }
        out.push(Entry {
            name: String::from_utf8_lossy(name).into_owned(),
            body,
            deflate,
        });
        at += 46 + name_len + extra;
    }
    out
}

/// An archive with these entries; sizes and checksums are right.
pub fn pack(entries: &[Entry]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for e in entries {
        let data = if e.deflate {
            deflated(&e.body)
        } else {
            e.body.clone()
        };
        let mut sum = Crc::new();
        sum.update(&e.body);
        let mut common = vec![20, 0, 0, 0];
        common.extend(if e.deflate { [8, 0] } else { [0, 0] });
        common.extend([0; 4]);
        common.extend(sum.sum().to_le_bytes());
        common.extend((data.len() as u32).to_le_bytes());
        common.extend((e.body.len() as u32).to_le_bytes());
        common.extend((e.name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        let offset = out.len() as u32;
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(e.name.as_bytes());
        out.extend(data);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(e.name.as_bytes());
    }
    let start = out.len() as u32;
    let count = (entries.len() as u16).to_le_bytes();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn deflated(body: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing to a Vec does not fail.
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default()
}

/// Mostly one entry mutated as text with everything around it right; sometimes raw bytes of the archive.
pub fn mutated(base: &[u8], pool: &[Vec<u8>], words: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    if rng.below(6) == 0 {
        return mutate::bytes(base, pool, words, rng);
    }
    let mut entries = unpack(base);
    if entries.is_empty() {
        return mutate::bytes(base, pool, words, rng);
    }
    let at = rng.below(entries.len());
    match rng.below(12) {
        0 => {
            entries.remove(at);
        }
        1 => {
            let copy = entries[at].clone();
            entries.push(copy);
        }
        2 => entries[at].deflate = !entries[at].deflate,
        3 => {
            let to = rng.below(entries.len());
            entries.swap(at, to);
        }
        _ => {
            let bodies: Vec<Vec<u8>> = entries.iter().map(|e| e.body.clone()).collect();
            entries[at].body = mutate::text(&bodies[at], &bodies, words, rng);
        }
    }
    pack(&entries)
}
