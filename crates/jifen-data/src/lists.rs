//! Many short lists in one buffer: a list for each subject costs what it holds and four bytes.

/// Lists by index; only the last can grow, by adding another behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lists<T> {
    /// Where each ends.
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Lists {
            ends: Vec::new(),
            items: Vec::new(),
        }
    }
}

impl<T> Lists<T> {
    /// No lists, with room for as many, of one item each.
    #[must_use]
    pub fn with_capacity(lists: usize) -> Lists<T> {
        Lists {
            ends: Vec::with_capacity(lists),
            items: Vec::with_capacity(lists),
        }
    }

    /// Number of lists.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// No lists.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A list; `None` past the last.
    #[must_use]
    #[inline]
    pub fn get(&self, i: usize) -> Option<&[T]> {
        let end = *self.ends.get(i)? as usize;
        let start = match i.checked_sub(1) {
            Some(before) => *self.ends.get(before)? as usize,
            None => 0,
        };
        self.items.get(start..end)
    }

    /// Adds a list. Readers admit far fewer than 2^32 rows, so that the places of all items fit.
    #[inline]
    pub fn push(&mut self, list: impl IntoIterator<Item = T>) {
        self.items.extend(list);
        self.ends
            .push(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[T]> {
        (0..self.len()).map(|i| self.get(i).unwrap_or_default())
    }
}

impl<T, L: IntoIterator<Item = T>> FromIterator<L> for Lists<T> {
    fn from_iter<I: IntoIterator<Item = L>>(lists: I) -> Lists<T> {
        let mut out = Lists::default();
        for list in lists {
            out.push(list);
        }
        out
    }
}

impl<'a, T> IntoIterator for &'a Lists<T> {
    type Item = &'a [T];
    type IntoIter = Box<dyn Iterator<Item = &'a [T]> + 'a>;
    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_back_as_they_went_in() {
        let mut lists: Lists<u8> = [vec![1, 2], vec![], vec![3]].into_iter().collect();
        lists.push([4, 5, 6]);
        let want: [&[u8]; 4] = [&[1, 2], &[], &[3], &[4, 5, 6]];
        assert_eq!(lists.iter().collect::<Vec<_>>(), want);
        assert_eq!(lists.get(4), None);
        assert_eq!((lists.len(), lists.is_empty()), (4, false));
        assert!(Lists::<u8>::default().is_empty());
    }
}
