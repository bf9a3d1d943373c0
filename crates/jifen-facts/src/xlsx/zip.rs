//! The directory of a ZIP archive and bounded reading of its entries; reads what workbooks need and refuses the rest.

use crate::fault::FileError;
use crate::limits::Limits;
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};

const END: &[u8; 4] = b"PK\x05\x06";
const CENTRAL: &[u8; 4] = b"PK\x01\x02";
const LOCAL: &[u8; 4] = b"PK\x03\x04";

/// One file inside an archive, checked against its limits.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    method: u16,
    crc: u32,
    packed: u64,
    pub size: u64,
    offset: u64,
}

/// A checked archive.
pub(crate) struct Archive<'a> {
    bytes: &'a [u8],
    entries: BTreeMap<String, Entry>,
    /// Offset of the central directory: entries end before it.
    directory: u64,
}

impl<'a> Archive<'a> {
    /// Reads the directory. Sizes, counts, names and places are checked; nothing is inflated yet.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, FileError> {
        let end = find_end(bytes).ok_or_else(|| FileError::damaged("zip"))?;
        let count = u16_at(bytes, end + 10)? as usize;
        let start = u64::from(u32_at(bytes, end + 16)?);
        if count == 0xFFFF || start == 0xFFFF_FFFF || u16_at(bytes, end + 4)? != 0 {
            return Err(FileError::damaged("zip64"));
        }
        if count > limits.archive_entries {
            let limit = limits.archive_entries;
            return Err(FileError::limit(
                "limit_archive_entries",
                jifen_diag::text!(
                    zh = "压缩包里有 {count} 个文件，超过限额 {limit}",
                    en = "the archive has {count} entries; the limit is {limit}"
                ),
            ));
        }
        let mut archive = Archive {
            bytes,
            entries: BTreeMap::new(),
            directory: start,
        };
        archive.read_directory(start as usize, count, end)?;
        archive.check_sizes(limits)?;
        Ok(archive)
    }

    fn read_directory(&mut self, mut at: usize, count: usize, end: usize) -> Result<(), FileError> {
        for _ in 0..count {
            let bytes = self.bytes;
            if at >= end || slice(bytes, at, 4)? != CENTRAL {
                return Err(FileError::damaged("zip directory"));
            }
            let flags = u16_at(bytes, at + 8)?;
            let name_len = u16_at(bytes, at + 28)? as usize;
            let extra = u16_at(bytes, at + 30)? as usize + u16_at(bytes, at + 32)? as usize;
            let name = std::str::from_utf8(slice(bytes, at + 46, name_len)?)
                .map_err(|_| FileError::damaged("zip names"))?;
            let entry = Entry {
                method: u16_at(bytes, at + 10)?,
                crc: u32_at(bytes, at + 16)?,
                packed: u64::from(u32_at(bytes, at + 20)?),
                size: u64::from(u32_at(bytes, at + 24)?),
                offset: u64::from(u32_at(bytes, at + 42)?),
            };
            if flags & 1 != 0 {
                return Err(FileError::new(
                    "encrypted",
                    jifen_diag::text!(zh = "工作簿有密码", en = "the workbook has a password"),
                    jifen_diag::text!(
                        zh = "去掉密码后另存，再导入",
                        en = "save it without the password and import that"
                    ),
                ));
            }
            if self.entries.insert(name.to_owned(), entry).is_some() {
                return Err(FileError::damaged("zip: one name twice"));
            }
            at += 46 + name_len + extra;
        }
        Ok(())
    }

    fn check_sizes(&self, limits: &Limits) -> Result<(), FileError> {
        let allowed = limits.inflated_for(self.bytes.len() as u64);
        let total: u64 = self.entries.values().map(|e| e.size).sum();
        if total > allowed {
            return Err(FileError::limit(
                "limit_inflated_bytes",
                jifen_diag::text!(
                    zh = "压缩包展开后有 {total} 字节，超过限额 {allowed}",
                    en = "the archive inflates to {total} bytes; the limit is {allowed}"
                ),
            ));
        }
        Ok(())
    }

    /// Names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// A reader over one entry that ends with an error if its size or checksum is not what the directory says.
    pub fn read(&self, name: &str) -> Result<Option<EntryReader<'a>>, FileError> {
        let Some(entry) = self.entries.get(name) else {
            return Ok(None);
        };
        let at = usize::try_from(entry.offset).map_err(|_| FileError::damaged("zip"))?;
        if slice(self.bytes, at, 4)? != LOCAL || u16_at(self.bytes, at + 8)? != entry.method {
            return Err(FileError::damaged("zip entry"));
        }
        let skip = u16_at(self.bytes, at + 26)? as usize + u16_at(self.bytes, at + 28)? as usize;
        let data = at + 30 + skip;
        if data as u64 + entry.packed > self.directory {
            return Err(FileError::damaged("zip entry"));
        }
        let packed = slice(self.bytes, data, entry.packed as usize)?;
        let inner = match entry.method {
            0 => Inner::Stored(packed),
            8 => Inner::Deflated(BufReader::with_capacity(
                16 << 10,
                DeflateDecoder::new(packed),
            )),
            _ => return Err(FileError::damaged("zip method")),
        };
        Ok(Some(EntryReader {
            inner,
            left: entry.size,
            crc: Crc::new(),
            expected: entry.crc,
            budget: u64::MAX,
        }))
    }
}

enum Inner<'a> {
    Stored(&'a [u8]),
    Deflated(BufReader<DeflateDecoder<&'a [u8]>>),
}

/// Reads one entry: never more than it declares, and not past `budget` (set anew before each XML event).
pub(crate) struct EntryReader<'a> {
    inner: Inner<'a>,
    left: u64,
    crc: Crc,
    expected: u32,
    budget: u64,
}

impl EntryReader<'_> {
    /// How many bytes may be read until it is set again.
    pub fn set_budget(&mut self, bytes: u64) {
        self.budget = bytes;
    }
}

fn bad(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl BufRead for EntryReader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.budget == 0 {
            return Err(bad("limit: one XML element is too long"));
        }
        let most = self.left.min(self.budget);
        let (left, expected, sum) = (self.left, self.expected, self.crc.sum());
        let buffer = match &mut self.inner {
            Inner::Stored(bytes) => *bytes,
            Inner::Deflated(reader) => reader.fill_buf()?,
        };
        match (buffer.is_empty(), left) {
            (true, 0) if sum != expected => Err(bad("wrong checksum")),
            (true, 0) => Ok(&[]),
            (true, _) => Err(bad("entry ends early")),
            (false, 0) => Err(bad("entry is longer than its directory says")),
            (false, _) => {
                let n = buffer
                    .len()
                    .min(usize::try_from(most).unwrap_or(usize::MAX));
                Ok(buffer.get(..n).unwrap_or(buffer))
            }
        }
    }

    fn consume(&mut self, amount: usize) {
        match &mut self.inner {
            Inner::Stored(bytes) => {
                self.crc.update(bytes.get(..amount).unwrap_or(bytes));
                *bytes = bytes.get(amount..).unwrap_or(&[]);
            }
            Inner::Deflated(reader) => {
                let buffer = reader.buffer();
                self.crc.update(buffer.get(..amount).unwrap_or(buffer));
                reader.consume(amount);
            }
        }
        self.left = self.left.saturating_sub(amount as u64);
        self.budget = self.budget.saturating_sub(amount as u64);
    }
}

impl Read for EntryReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let buffer = self.fill_buf()?;
        let n = buffer.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..n), buffer.get(..n)) {
            to.copy_from_slice(from);
        }
        self.consume(n);
        Ok(n)
    }
}

/// The end record lies in the last 64 KiB + 22 bytes, and its comment ends the file.
fn find_end(bytes: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(22 + 0xFFFF);
    let last = bytes.len().checked_sub(22)?;
    (from..=last).rev().find(|at| {
        bytes.get(*at..at + 4) == Some(END)
            && u16_at(bytes, at + 20).is_ok_and(|n| at + 22 + n as usize == bytes.len())
    })
}

fn slice(bytes: &[u8], at: usize, len: usize) -> Result<&[u8], FileError> {
    at.checked_add(len)
        .and_then(|end| bytes.get(at..end))
        .ok_or_else(|| FileError::damaged("zip"))
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, FileError> {
    let b = slice(bytes, at, 2)?;
    Ok(u16::from_le_bytes([b[0], b[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, FileError> {
    let b = slice(bytes, at, 4)?;
    Ok(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}
