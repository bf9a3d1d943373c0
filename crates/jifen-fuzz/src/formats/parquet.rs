//! Parquet: mutates the footer's Thrift bytes or the pages and keeps magic and footer length right.

use crate::mutate;
use crate::rng::Rng;
use parquet::file::metadata::ParquetMetaDataReader;

/// (pages with the leading magic, footer), or nothing if the ends are not those of a Parquet file.
pub fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.len().checked_sub(8)?;
    let length: [u8; 4] = bytes.get(end..end + 4)?.try_into().ok()?;
    let start = end.checked_sub(u32::from_le_bytes(length) as usize)?;
    Some((bytes.get(..start)?, bytes.get(start..end)?))
}

/// Puts the parts together again.
pub fn join(pages: &[u8], footer: &[u8]) -> Vec<u8> {
    let mut out = pages.to_vec();
    out.extend(footer);
    out.extend((footer.len() as u32).to_le_bytes());
    out.extend(b"PAR1");
    out
}

/// The footer, a page header or page bytes mutated; sometimes the raw file.
pub fn mutated(base: &[u8], pool: &[Vec<u8>], words: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let Some((pages, footer)) = split(base).filter(|_| rng.below(10) != 0) else {
        return mutate::bytes(base, pool, words, rng);
    };
    let headers = headers(base);
    let (mut pages, mut footer) = (pages.to_vec(), footer.to_vec());
    for _ in 0..=rng.below(3) {
        match rng.below(5) {
            0 => poke(&mut pages, 4, rng),
            1 => poke(&mut footer, 0, rng),
            2 => varint(&mut footer, rng),
            _ => {
                let from = rng.pick(&headers).copied().unwrap_or(4);
                let to = (from + HEADER).min(pages.len());
                if let Some(header) = pages.get_mut(from..to) {
                    poke(header, 0, rng);
                }
            }
        }
    }
    join(&pages, &footer)
}

/// About so long is the header of a page.
const HEADER: usize = 24;

/// Where the pages begin that the footer names; most of a file is their content.
fn headers(bytes: &[u8]) -> Vec<usize> {
    let bytes = bytes::Bytes::copy_from_slice(bytes);
    let Ok(metadata) = ParquetMetaDataReader::new().parse_and_finish(&bytes) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for column in metadata.row_groups().iter().flat_map(|g| g.columns()) {
        let named = [
            column.dictionary_page_offset(),
            Some(column.data_page_offset()),
        ];
        let named = named.into_iter().flatten();
        out.extend(named.filter_map(|at| usize::try_from(at).ok()));
    }
    out
}

/// One byte changed in place: offsets stay right.
fn poke(bytes: &mut [u8], from: usize, rng: &mut Rng) {
    let at = from + rng.below(bytes.len().saturating_sub(from));
    if let Some(b) = bytes.get_mut(at) {
        *b = match rng.below(6) {
            0 => b.wrapping_add(1),
            1 => b.wrapping_sub(1),
            2 => 0,
            3 => 0xff,
            4 => *b ^ (1 << rng.below(8)),
            _ => rng.bits() as u8,
        };
    }
}

/// A varint of the footer becomes a large, small or negative number (the footer's length changes with it).
fn varint(footer: &mut Vec<u8>, rng: &mut Rng) {
    let at = rng.below(footer.len());
    let len = footer[at..]
        .iter()
        .take(10)
        .take_while(|b| **b >= 0x80)
        .count()
        + 1;
    let number: u64 = match rng.below(6) {
        0 => u64::MAX,
        1 => 1 << (rng.below(63) as u32),
        2 => (1 << (rng.below(63) as u32)) - 1,
        3 => rng.bits() % 300,
        4 => u64::from(u32::MAX) * 2,
        _ => 0,
    };
    let mut coded = Vec::new();
    let mut n = number;
    while n >= 0x80 {
        coded.push(n as u8 | 0x80);
        n >>= 7;
    }
    coded.push(n as u8);
    let end = (at + len).min(footer.len());
    footer.splice(at..end, coded);
}
