//! A walk over Thrift's compact protocol that allocates nothing: proves that what a footer or page header claims is there.
//!
//! The Parquet library takes memory for lists before it reads them and trusts sizes in page headers, so both are
//! walked here first.

use crate::fault::FileError;

/// Most elements of one list.
const MAX_LIST: u64 = 1 << 20;

/// A place in Thrift bytes.
pub(super) struct Walk<'a> {
    bytes: &'a [u8],
    pub at: usize,
    depth: usize,
}

/// Called with the ids of the fields down to a number, and the number.
type Visit<'v> = dyn FnMut(&[i16], i64) + 'v;

impl<'a> Walk<'a> {
    pub fn new(bytes: &'a [u8], depth: usize) -> Self {
        Walk {
            bytes,
            at: 0,
            depth,
        }
    }

    /// Walks one struct.
    pub fn structure(&mut self, visit: &mut Visit<'_>) -> Result<(), FileError> {
        let mut path = Vec::with_capacity(self.depth);
        self.fields(&mut path, visit)
    }

    fn fields(&mut self, path: &mut Vec<i16>, visit: &mut Visit<'_>) -> Result<(), FileError> {
        if path.len() >= self.depth {
            return Err(bad());
        }
        let mut id = 0_i16;
        loop {
            let header = self.byte()?;
            if header == 0 {
                return Ok(());
            }
            let delta = i16::from(header >> 4);
            id = if delta == 0 {
                i16::try_from(self.zigzag()?).map_err(|_| bad())?
            } else {
                id.checked_add(delta).ok_or_else(bad)?
            };
            path.push(id);
            self.value(header & 15, false, path, visit)?;
            path.pop();
        }
    }

    fn value(
        &mut self,
        kind: u8,
        in_list: bool,
        path: &mut Vec<i16>,
        visit: &mut Visit<'_>,
    ) -> Result<(), FileError> {
        match kind {
            1 | 2 if in_list => self.skip(1),
            1 | 2 => Ok(()),
            3 => self.skip(1),
            4..=6 => {
                let number = self.zigzag()?;
                visit(path, number);
                Ok(())
            }
            7 => self.skip(8),
            8 => {
                let len = self.varint()?;
                self.skip(len)
            }
            9 | 10 => self.list(path, visit),
            11 => self.map(path, visit),
            12 => self.fields(path, visit),
            13 => self.skip(16),
            _ => Err(bad()),
        }
    }

    fn list(&mut self, path: &mut Vec<i16>, visit: &mut Visit<'_>) -> Result<(), FileError> {
        let header = self.byte()?;
        let size = match header >> 4 {
            15 => self.varint()?,
            n => u64::from(n),
        };
        self.check_size(size)?;
        path.push(0);
        if path.len() >= self.depth {
            return Err(bad());
        }
        for _ in 0..size {
            self.value(header & 15, true, path, visit)?;
        }
        path.pop();
        Ok(())
    }

    fn map(&mut self, path: &mut Vec<i16>, visit: &mut Visit<'_>) -> Result<(), FileError> {
        let size = self.varint()?;
        if size == 0 {
            return Ok(());
        }
        self.check_size(size)?;
        let kinds = self.byte()?;
        for _ in 0..size {
            self.value(kinds >> 4, true, path, visit)?;
            self.value(kinds & 15, true, path, visit)?;
        }
        Ok(())
    }

    /// Every element takes a byte at least.
    fn check_size(&self, size: u64) -> Result<(), FileError> {
        let left = self.bytes.len().saturating_sub(self.at) as u64;
        if size > left || size > MAX_LIST {
            return Err(bad());
        }
        Ok(())
    }

    fn byte(&mut self) -> Result<u8, FileError> {
        let byte = *self.bytes.get(self.at).ok_or_else(bad)?;
        self.at += 1;
        Ok(byte)
    }

    fn skip(&mut self, len: u64) -> Result<(), FileError> {
        let left = self.bytes.len().saturating_sub(self.at) as u64;
        if len > left {
            return Err(bad());
        }
        self.at += len as usize;
        Ok(())
    }

    fn varint(&mut self) -> Result<u64, FileError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Ok(value);
            }
        }
        Err(bad())
    }

    fn zigzag(&mut self) -> Result<i64, FileError> {
        let n = self.varint()?;
        Ok((n >> 1) as i64 ^ -((n & 1) as i64))
    }
}

fn bad() -> FileError {
    FileError::damaged("parquet metadata")
}
