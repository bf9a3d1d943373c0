//! Texts by number, and places in them: byte offsets inside, line and character columns outside.

use serde::{Deserialize, Serialize};

/// The number of a text in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceId(pub u32);

impl SourceId {
    /// Stands for "no text".
    pub const NONE: SourceId = SourceId(u32::MAX);
}

impl Default for SourceId {
    fn default() -> Self {
        SourceId::NONE
    }
}

/// A half-open range of bytes in one text. The default is a dummy that points nowhere.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// A span that points nowhere.
    pub const DUMMY: Span = Span {
        source: SourceId::NONE,
        start: 0,
        end: 0,
    };

    /// A span of bytes `start..end`; offsets beyond 4 GiB are clamped.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span {
            source,
            start: clamp(start),
            end: clamp(end.max(start)),
        }
    }

    /// True when the span points nowhere.
    pub fn is_dummy(self) -> bool {
        self.source == SourceId::NONE
    }

    /// The smallest span over both; a dummy or a span of another text adds nothing.
    pub fn to(self, other: Span) -> Span {
        if self.is_dummy() {
            return other;
        }
        if other.source != self.source {
            return self;
        }
        Span {
            source: self.source,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The empty span where this one starts.
    pub fn at_start(self) -> Span {
        Span {
            end: self.start,
            ..self
        }
    }

    /// The empty span where this one ends.
    pub fn at_end(self) -> Span {
        Span {
            start: self.end,
            ..self
        }
    }

    /// True when `other` lies inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }

    /// The bytes as a range.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

#[derive(Clone, Debug)]
struct Source {
    name: String,
    text: String,
    line_starts: Vec<u32>,
}

/// Named texts with a line index.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// No texts yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stores a text under a name (a path, for people). A byte order mark is taken off, so read the text back
    /// with [`Sources::text`] before counting bytes.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let mut text: String = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        let mut line_starts = vec![0u32];
        line_starts.extend(
            text.bytes()
                .enumerate()
                .filter(|(_, b)| *b == b'\n')
                .map(|(i, _)| u32::try_from(i + 1).unwrap_or(u32::MAX)),
        );
        let id = SourceId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(Source {
            name: name.into(),
            text,
            line_starts,
        });
        id
    }

    fn get(&self, id: SourceId) -> Option<&Source> {
        self.all.get(id.0 as usize)
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// True when there is no text.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The numbers of all texts, in order.
    pub fn ids(&self) -> impl Iterator<Item = SourceId> + use<> {
        (0..u32::try_from(self.all.len()).unwrap_or(u32::MAX)).map(SourceId)
    }

    /// The name of a text; empty for an unknown number.
    pub fn name(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |s| &s.name)
    }

    /// The text; empty for an unknown number.
    pub fn text(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |s| &s.text)
    }

    /// The text under a span; empty when the span points nowhere or cuts a character.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.source).get(span.range()).unwrap_or("")
    }

    /// Line and column, both from 1, the column counted in characters. An offset past the end is the end.
    pub fn line_col(&self, id: SourceId, byte: usize) -> (usize, usize) {
        let Some(source) = self.get(id) else {
            return (1, 1);
        };
        let mut byte = byte.min(source.text.len());
        while !source.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = source
            .line_starts
            .partition_point(|s| *s as usize <= byte)
            .max(1);
        let start = source.line_starts.get(line - 1).map_or(0, |s| *s as usize);
        let column = source
            .text
            .get(start..byte)
            .map_or(0, |s| s.chars().count());
        (line, column + 1)
    }

    /// The text of a line (from 1) without its line end.
    pub fn line(&self, id: SourceId, line: usize) -> &str {
        let Some(source) = self.get(id) else {
            return "";
        };
        let start = line
            .checked_sub(1)
            .and_then(|l| source.line_starts.get(l))
            .map(|s| *s as usize);
        let end = source
            .line_starts
            .get(line)
            .map_or(source.text.len(), |s| *s as usize);
        start
            .and_then(|s| source.text.get(s..end))
            .unwrap_or("")
            .trim_end_matches(['\n', '\r'])
    }
}
