//! Changes to a text and the way back: every place in the changed text has a place in the original one.

/// One change: `len` bytes at `at` become `with`.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    pub at: usize,
    pub len: usize,
    pub with: String,
}

impl Edit {
    pub(crate) fn new(at: usize, len: usize, with: impl Into<String>) -> Edit {
        Edit {
            at,
            len,
            with: with.into(),
        }
    }
}

/// Where a change stands in the new and in the old text.
#[derive(Clone, Copy, Debug)]
struct Mark {
    new: usize,
    new_len: usize,
    old: usize,
    old_len: usize,
}

/// A text that the grammar can read, and the way back to the original offsets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Repaired {
    pub text: String,
    /// One list of marks for each round of changes, the first round first.
    layers: Vec<Vec<Mark>>,
}

impl Repaired {
    /// The text as it is.
    pub(crate) fn of(text: &str) -> Repaired {
        Repaired {
            text: text.to_owned(),
            layers: Vec::new(),
        }
    }

    /// The original offset of an offset in the changed text.
    pub(crate) fn original(&self, offset: usize) -> usize {
        self.layers.iter().rev().fold(offset, |at, l| back(l, at))
    }

    /// Makes changes; one that touches the change before it is left out.
    pub(crate) fn apply(&mut self, mut edits: Vec<Edit>) {
        if edits.is_empty() {
            return;
        }
        edits.sort_by_key(|e| e.at);
        let mut text = String::with_capacity(self.text.len() + 16 * edits.len());
        let mut marks = Vec::with_capacity(edits.len());
        let mut done = 0;
        for e in edits {
            if e.at < done {
                continue;
            }
            text.push_str(self.text.get(done..e.at).unwrap_or(""));
            marks.push(Mark {
                new: text.len(),
                new_len: e.with.len(),
                old: e.at,
                old_len: e.len,
            });
            text.push_str(&e.with);
            done = e.at + e.len;
        }
        text.push_str(self.text.get(done..).unwrap_or(""));
        self.text = text;
        self.layers.push(marks);
    }
}

fn back(marks: &[Mark], offset: usize) -> usize {
    let count = marks.partition_point(|m| m.new < offset);
    let Some(m) = count.checked_sub(1).and_then(|i| marks.get(i)) else {
        return offset;
    };
    let into = offset - m.new;
    if into < m.new_len {
        // Inside what was put there: no character of the old text stands there.
        m.old
    } else {
        m.old + m.old_len + (into - m.new_len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_go_back_through_all_rounds() {
        let mut r = Repaired::of("ab cd ef");
        r.apply(vec![Edit::new(2, 0, "XX"), Edit::new(6, 2, "longer")]);
        assert_eq!(r.text, "abXX cd longer");
        r.apply(vec![Edit::new(0, 1, "  ")]);
        assert_eq!(r.text, "  bXX cd longer");
        let at = |word: &str| r.original(r.text.find(word).unwrap_or(0));
        assert_eq!(at("b"), 1);
        assert_eq!(at("cd"), 3); // "ab " is three bytes
        assert_eq!(at("longer"), 6);
        assert_eq!(r.original(r.text.len()), 8);
    }
}
