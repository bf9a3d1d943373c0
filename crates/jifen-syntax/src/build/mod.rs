//! pest's tree to ours. Judges nothing but what the grammar could not: repeated parts, missing names, numbers.

mod aggregate;
mod allot;
mod campaign;
mod choose;
mod closed;
mod decl;
mod expr;
mod item;
mod join;
mod life;
mod literal;
mod measure;
mod pass;
mod score;
mod standing;
mod stmt;
mod test_decl;

use crate::ast::{Name, Span};
use crate::grammar::Rule;
use crate::keywords::{self, Keyword};
use crate::repair::Repaired;
use crate::scan::Comment;
use jifen_diag::{Diagnostic, Lang, SourceId, codes, text};
use pest::iterators::Pair;

pub(crate) use campaign::{lunar, lunar_en, lunar_zh};
pub(crate) use literal::{article_number, han_value, normalise, plain_digits, seconds};

pub(crate) type P<'t> = Pair<'t, Rule>;

/// Turns pairs into tree nodes and collects diagnostics.
pub(crate) struct Builder<'t> {
    pub(crate) source: SourceId,
    pub(crate) repaired: &'t Repaired,
    original: &'t str,
    comments: &'t [Comment],
    /// Added to the offsets of pairs that come from a second parse of a part.
    pub(crate) base: usize,
    pub(crate) lang: Lang,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'t> Builder<'t> {
    pub(crate) fn new(
        source: SourceId,
        original: &'t str,
        repaired: &'t Repaired,
        comments: &'t [Comment],
    ) -> Self {
        Builder {
            source,
            repaired,
            original,
            comments,
            base: 0,
            lang: Lang::Zh,
            diagnostics: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, d: Diagnostic) {
        self.diagnostics.push(d);
    }

    /// The original span of offsets in the text that is being read.
    pub(crate) fn at(&self, start: usize, end: usize) -> Span {
        let s = self.repaired.original(self.base + start);
        let e = self.repaired.original(self.base + end);
        Span::new(self.source, s, e)
    }

    /// The span of a pair without the blanks at its end.
    pub(crate) fn span(&self, pair: &P<'_>) -> Span {
        let s = pair.as_span();
        self.at(s.start(), s.start() + code_len(pair.as_str()))
    }

    pub(crate) fn name(&self, pair: &P<'_>) -> Name {
        Name {
            text: plain_name(pair.as_str()),
            span: self.span(pair),
        }
    }

    pub(crate) fn name_list(&self, pair: P<'_>) -> Vec<Name> {
        pair.into_inner()
            .filter(|p| matches!(p.as_rule(), Rule::name | Rule::word))
            .map(|p| self.name(&p))
            .collect()
    }

    /// The doc comment that stands directly above.
    pub(crate) fn doc(&self, span: Span) -> Option<String> {
        let mut before = span.start as usize;
        let mut lines = Vec::new();
        let count = self.comments.partition_point(|c| c.end <= before);
        for c in self.comments.get(..count)?.iter().rev() {
            let between = self.original.get(c.end..before)?;
            if !(c.doc && c.own_line && between.trim().is_empty()) {
                break;
            }
            let line = self.original.get(c.start..c.end)?;
            lines.push(line.trim_start_matches(['#', '＃']).trim().to_owned());
            before = c.start;
        }
        lines.reverse();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    pub(crate) fn missing_name(&mut self, after: Span, what: &Keyword) -> Name {
        let (zh, en) = (what.zh, what.en);
        self.push(Diagnostic::new(
            codes::MISSING_NAME,
            after,
            text!(zh = "{zh} 后面缺少名称", en = "{en} needs a name"),
        ));
        Name {
            text: String::new(),
            span: after.at_end(),
        }
    }

    /// Stores a part of a statement that may stand only once.
    pub(crate) fn once<T>(&mut self, slot: &mut Option<T>, value: T, span: Span) {
        if slot.is_some() {
            self.push(Diagnostic::new(
                codes::REPEATED_PART,
                span,
                text!(
                    zh = "这一部分在同一句里写了两次",
                    en = "this part stands twice in one statement"
                ),
            ));
        } else {
            *slot = Some(value);
        }
    }
}

/// Length of a text without blanks and comments at its end.
pub(crate) fn code_len(text: &str) -> usize {
    let mut end = text.trim_end().len();
    loop {
        let code = text.get(..end).unwrap_or("");
        let line = code.rfind('\n').map_or(0, |n| n + 1);
        let last = code.get(line..).unwrap_or("");
        let cut = match comment_at(last) {
            Some(n) => line + n,
            None => return end,
        };
        end = text.get(..cut).unwrap_or("").trim_end().len();
    }
}

/// Where a comment begins on a line, outside quotes.
fn comment_at(line: &str) -> Option<usize> {
    let mut close = None;
    for (i, c) in line.char_indices() {
        match (close, c) {
            (Some(q), c) if c == q => close = None,
            (Some(_), _) => {}
            (None, '“') => close = Some('”'),
            (None, '"') => close = Some('"'),
            (None, '＂') => close = Some('＂'),
            (None, '《') => close = Some('》'),
            (None, '「') => close = Some('」'),
            (None, '#' | '＃') => return Some(i),
            _ => {}
        }
    }
    None
}

/// Takes 「」, 《》, “” or "" off.
pub(crate) fn unquote(text: &str) -> &str {
    for (open, close) in [
        ('「', '」'),
        ('《', '》'),
        ('“', '”'),
        ('"', '"'),
        ('＂', '＂'),
    ] {
        if let Some(inner) = text.strip_prefix(open).and_then(|t| t.strip_suffix(close)) {
            return inner;
        }
    }
    text
}

/// A name, title or id without its quotes. What stands in quotes stays as typed; bare words, and letters and digits in
/// 「」, which could as well be bare, have one form.
pub(crate) fn plain_name(text: &str) -> String {
    let inner = unquote(text);
    let bare = inner.len() == text.len();
    let word = text.starts_with('「') && inner.chars().all(|c| c.is_alphanumeric() || c == '_');
    if bare || word {
        normalise(inner)
    } else {
        inner.to_owned()
    }
}

/// The language that a keyword was written in.
pub(crate) fn language_of(word: &str) -> Lang {
    match word.chars().next() {
        Some(c) if c.is_ascii_alphabetic() => Lang::En,
        _ => Lang::Zh,
    }
}

pub(crate) fn keyword(rule: Rule) -> Option<&'static Keyword> {
    keywords::of_rule(rule)
}
