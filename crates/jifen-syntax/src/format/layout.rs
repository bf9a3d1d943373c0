//! Lines, indents, blank lines and comments.
//!
//! A block that stood on one line stays on one line when it holds no comment and its Chinese form fits into
//! 100 columns (the same choice in both languages, so that translating back and forth changes nothing); any other block
//! has one entry a line. At most one blank line is kept between entries.

use super::spelling::{blank, spell};
use super::tokens::Token;
use crate::grammar::Rule;
use crate::scan::Comment;
use jifen_diag::Lang;

const WIDTH: usize = 100;

pub(crate) fn lay_out(
    source: &str,
    tokens: &[Token<'_>],
    comments: &[Comment],
    lang: Lang,
) -> String {
    let mut l = Layout {
        source,
        tokens,
        comments,
        lang,
        closing: matching(tokens),
        out: String::new(),
        blocks: Vec::new(),
        next_comment: 0,
        seen: 0,
        hang: false,
        entry: 0,
    };
    for i in 0..tokens.len() {
        l.token(i);
    }
    l.comments_before(source.len() + 1, true);
    if !l.out.is_empty() {
        l.out.push('\n');
    }
    l.out
}

/// The index of the closing brace of each opening one.
fn matching(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut out = vec![0; tokens.len()];
    let mut stack = Vec::new();
    for (i, t) in tokens.iter().enumerate() {
        match t.rule {
            Rule::lbrace => stack.push(i),
            Rule::rbrace => {
                if let Some(slot) = stack.pop().and_then(|o: usize| out.get_mut(o)) {
                    *slot = i;
                }
            }
            _ => {}
        }
    }
    out
}

struct Layout<'a, 't> {
    source: &'a str,
    tokens: &'a [Token<'t>],
    comments: &'a [Comment],
    lang: Lang,
    closing: Vec<usize>,
    out: String,
    /// Open blocks: true = on one line.
    blocks: Vec<bool>,
    next_comment: usize,
    /// How far the source has been copied.
    seen: usize,
    /// A comment ended the line inside a statement.
    hang: bool,
    /// Where the entry of the current line begins.
    entry: usize,
}

impl<'t> Layout<'_, 't> {
    fn inline(&self) -> bool {
        self.blocks.last() == Some(&true)
    }

    fn indent(&self) -> usize {
        2 * self.blocks.iter().filter(|b| !**b).count()
    }

    fn token(&mut self, i: usize) {
        let Some(t) = self.tokens.get(i) else { return };
        let closes = t.rule == Rule::rbrace;
        let own_line = t.entry || (closes && !self.inline());
        self.comments_before(t.start, own_line);
        let before = i.checked_sub(1).and_then(|p| self.tokens.get(p));
        let after_open = before.is_some_and(|b| b.rule == Rule::lbrace);
        let inline = self.inline();
        if closes {
            self.blocks.pop();
        }
        if own_line && !inline {
            self.entry = i;
            let gap = !closes && !after_open && self.blank_line(t.start);
            self.new_line(gap, 0);
        } else if self.hang {
            self.new_line(false, 4);
        } else if t.entry && inline && !after_open {
            self.out.push_str(self.lang.pick("   ", "  "));
        } else if before.is_some_and(|b| closes || after_open || blank(b, t, self.lang)) {
            self.out.push(' ');
        }
        self.hang = false;
        self.out.push_str(&spell(t, before, self.lang));
        self.seen = self.seen.max(t.end);
        if t.rule == Rule::lbrace {
            let fits = self.fits(i);
            self.blocks.push(fits);
        }
    }

    fn new_line(&mut self, gap: bool, more: usize) {
        while self.out.ends_with(' ') {
            self.out.pop();
        }
        if !self.out.is_empty() {
            self.out.push('\n');
            if gap {
                self.out.push('\n');
            }
        }
        let n = self.indent() + more;
        self.out.extend(std::iter::repeat_n(' ', n));
    }

    fn blank_line(&self, start: usize) -> bool {
        let between = self.source.get(self.seen..start).unwrap_or("");
        between.bytes().filter(|b| *b == b'\n').count() > 1
    }

    /// Writes the comments that stand before an offset.
    fn comments_before(&mut self, start: usize, own_line: bool) {
        while let Some(c) = self
            .comments
            .get(self.next_comment)
            .filter(|c| c.start < start)
        {
            self.next_comment += 1;
            let text = self.source.get(c.start..c.end).unwrap_or("");
            let fresh = self.out.is_empty() || self.out.ends_with("{");
            if c.own_line {
                let gap = !fresh && self.blank_line(c.start);
                self.new_line(gap, if own_line { 0 } else { 4 });
            } else if !self.out.is_empty() {
                self.out.push_str("  ");
            }
            self.out.push_str(text);
            self.seen = self.seen.max(c.end);
            self.hang = !own_line;
        }
    }

    /// Whether the block that opens here is written on one line.
    fn fits(&self, open: usize) -> bool {
        if self.inline() {
            return true;
        }
        let close = self.closing.get(open).copied().unwrap_or(0);
        let (Some(a), Some(b)) = (self.tokens.get(open), self.tokens.get(close)) else {
            return false;
        };
        if close == open + 1 && !self.comment_between(a.end, b.start) {
            return true;
        }
        let same_line = !self
            .source
            .get(a.start..b.end)
            .unwrap_or("\n")
            .contains('\n');
        same_line
            && !self.comment_between(a.end, b.start)
            && self.indent() + self.width(close) <= WIDTH
    }

    fn comment_between(&self, start: usize, end: usize) -> bool {
        let first = self.comments.partition_point(|c| c.start < start);
        self.comments.get(first).is_some_and(|c| c.start < end)
    }

    /// Columns of the Chinese form from the beginning of the entry to a token, all on one line.
    fn width(&self, to: usize) -> usize {
        let mut columns = 0;
        let mut before: Option<&Token<'t>> = None;
        for t in self.tokens.get(self.entry..=to).unwrap_or(&[]) {
            if let Some(b) = before {
                let braces = b.rule == Rule::lbrace || t.rule == Rule::rbrace;
                columns += if t.entry && !braces {
                    3
                } else {
                    usize::from(braces || blank(b, t, Lang::Zh))
                };
            }
            columns += spell(t, before, Lang::Zh)
                .chars()
                .map(|c| if c.is_ascii() { 1 } else { 2 })
                .sum::<usize>();
            if columns > WIDTH {
                return columns;
            }
            before = Some(t);
        }
        columns
    }
}
