//! Plants beginners' mistakes into valid policy texts; finds the places by the tree, changes only the text.
//!
//! A [`Kind`] looks at the tree of a valid file and gives [`Site`]s: the edits that make the mistake, the *clause* in
//! which a message is due (the statement or declaration that was changed), and a *shadow*: text whose meaning the
//! mistake takes away, where no second mistake is planted. It does not judge messages: `tests/planted_mistakes.rs` does.

mod kinds;
mod plant;
mod walk;
mod words;

use crate::rng::Rng;
use jifen_diag::{Code, Lang, Span};
use jifen_syntax::ast::File;
use std::collections::BTreeSet;
use std::ops::Range;

pub use kinds::KINDS;
pub use plant::{Planted, choose, plant, undo};

/// A valid policy text with its tree.
pub struct Base {
    /// Where it comes from, for people.
    pub name: String,
    /// The text.
    pub text: String,
    /// Its tree.
    pub file: File,
    /// All words of the text, which a misspelling must avoid.
    words: BTreeSet<String>,
}

impl Base {
    /// Takes a text and its tree; the tree must come from this very text.
    pub fn new(name: impl Into<String>, text: impl Into<String>, file: File) -> Self {
        let text = text.into();
        let words = text
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect();
        Base {
            name: name.into(),
            text,
            file,
            words,
        }
    }

    /// The language of the text.
    pub fn lang(&self) -> Lang {
        self.file.lang
    }

    pub(crate) fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// A span as a range, without the spaces and comments at its end.
    pub(crate) fn range(&self, span: Span) -> Range<usize> {
        let text = self.slice(span);
        let mut end = text.trim_end().len();
        // A trailing comment is not part of the statement.
        while let Some(line_start) = text[..end].rfind('\n').map(|i| i + 1).or(Some(0)) {
            let line = &text[line_start..end];
            if line.trim_start().starts_with('#') || line.trim_start().starts_with('＃') {
                end = text[..line_start].trim_end().len();
                if line_start == 0 {
                    break;
                }
                continue;
            }
            break;
        }
        let start = span.range().start;
        start..start + end
    }

    pub(crate) fn taken(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

/// A change of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is replaced; an empty range inserts.
    pub range: Range<usize>,
    /// By what.
    pub new: String,
}

/// A place where a mistake can be made.
#[derive(Clone, Debug)]
pub struct Site {
    /// Index into [`KINDS`].
    pub kind: usize,
    /// Parts of the valid text in one of which a message is due.
    pub clause: Vec<Range<usize>>,
    /// Parts in which no second mistake is planted, beside the clause.
    pub shadow: Vec<Range<usize>>,
    /// The changes.
    pub changes: Vec<Change>,
}

impl Site {
    /// One clause, one change.
    pub(crate) fn one(clause: Range<usize>, range: Range<usize>, new: impl Into<String>) -> Site {
        Site {
            kind: 0,
            clause: vec![clause],
            shadow: Vec::new(),
            changes: vec![Change {
                range,
                new: new.into(),
            }],
        }
    }

    pub(crate) fn shadow(mut self, range: Range<usize>) -> Site {
        self.shadow.push(range);
        self
    }

    pub(crate) fn also_in(mut self, range: Range<usize>) -> Site {
        self.clause.push(range);
        self
    }
}

/// A kind of mistake.
pub struct Kind {
    /// A word for people.
    pub name: &'static str,
    /// Messages that answer it.
    pub codes: &'static [Code],
    /// Where it can be made.
    pub find: Find,
}

/// Finds the places for a kind of mistake.
pub type Find = fn(&Base, &mut Rng) -> Vec<Site>;

/// All places of a text, by kind.
pub fn sites(base: &Base, rng: &mut Rng) -> Vec<Vec<Site>> {
    KINDS
        .iter()
        .enumerate()
        .map(|(kind, k)| {
            let found = (k.find)(base, rng);
            found.into_iter().map(|s| Site { kind, ..s }).collect()
        })
        .collect()
}
