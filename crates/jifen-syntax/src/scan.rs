//! One pass over the text before the grammar: comments, texts, brackets, and how the lines begin.
//!
//! It knows no statements. `repair.rs` uses it to put back a missing brace or quote.

use crate::keywords;

/// A comment, with its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// First byte.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// Begins with `##`.
    pub doc: bool,
    /// Nothing but blanks stands before it on its line.
    pub own_line: bool,
}

/// A curly bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Brace {
    pub pos: usize,
    pub len: usize,
    pub open: bool,
    pub line: usize,
}

/// A text or name whose closing quote is missing; `close` belongs at `at`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenQuote {
    pub pos: usize,
    pub len: usize,
    pub at: usize,
    pub close: &'static str,
}

/// What a line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineHead {
    /// A declaration that only stands at the outermost level.
    Top,
    Category,
    Item,
    Other,
}

#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub start: usize,
    /// After the last character that is neither blank nor comment.
    pub end: usize,
    pub indent: usize,
    pub head: LineHead,
    /// After the name of a declaration: where its brace belongs.
    pub header_end: usize,
    pub blank: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub comments: Vec<Comment>,
    pub braces: Vec<Brace>,
    pub quotes: Vec<OpenQuote>,
    pub lines: Vec<Line>,
    /// Where the nesting passes the limit.
    pub too_deep: Option<usize>,
}

/// Deepest nesting of braces and brackets.
pub(crate) const MAX_DEPTH: usize = 64;

/// Scans a text.
pub(crate) fn scan(text: &str) -> Scan {
    let mut out = Scan::default();
    let mut depth: Vec<bool> = Vec::new();
    let mut start = 0;
    for (number, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.trim_end_matches(['\n', '\r']);
        scan_line(line, start, number, &mut out, &mut depth);
        start += whole.len();
    }
    out
}

fn scan_line(line: &str, start: usize, number: usize, out: &mut Scan, depth: &mut Vec<bool>) {
    let blanks = line.len() - line.trim_start().len();
    let mut at = 0;
    let mut end = 0;
    // Once no 」 follows on the line, none follows any later 「 either.
    let mut unclosed = false;
    while let Some(c) = line.get(at..).and_then(|r| r.chars().next()) {
        let here = start + at;
        let mut next = at + c.len_utf8();
        match c {
            '#' | '＃' => {
                let doc = line.get(next..).is_some_and(|r| r.starts_with(['#', '＃']));
                let stop = start + line.trim_end().len();
                out.comments.push(Comment {
                    start: here,
                    end: stop,
                    doc,
                    own_line: at == blanks,
                });
                break;
            }
            '“' | '"' | '＂' | '《' | '「' => {
                let before = out.quotes.len();
                next = quote(line, at, c, start, out, unclosed && c == '「');
                unclosed |= c == '「' && out.quotes.len() > before;
            }
            '{' | '｛' | '}' | '｝' => {
                let open = matches!(c, '{' | '｛');
                out.braces.push(Brace {
                    pos: here,
                    len: c.len_utf8(),
                    open,
                    line: number,
                });
                nest(depth, open, true);
            }
            '(' | '（' => nest(depth, true, false),
            ')' | '）' => nest(depth, false, false),
            _ => {}
        }
        if depth.len() > MAX_DEPTH && out.too_deep.is_none() {
            out.too_deep = Some(here);
        }
        at = next;
        if !c.is_whitespace() {
            end = at;
        }
    }
    let code = line.get(..end).unwrap_or("");
    let (head, header_end) = head_of(code);
    out.lines.push(Line {
        start,
        end: start + end,
        indent: code
            .chars()
            .take_while(|c| c.is_whitespace())
            .map(|c| match c {
                '\t' => 4,
                '\u{3000}' => 2,
                _ => 1,
            })
            .sum(),
        head,
        header_end: start + header_end,
        blank: code.trim().is_empty(),
    });
}

fn nest(depth: &mut Vec<bool>, open: bool, brace: bool) {
    if open {
        depth.push(brace);
    } else if brace {
        // A closing brace ends whatever bracket was left open inside.
        while let Some(last) = depth.pop() {
            if last {
                break;
            }
        }
    } else if depth.last() == Some(&false) {
        depth.pop();
    }
}

/// Steps over a quoted text; notes a missing end.
fn quote(line: &str, at: usize, open: char, start: usize, out: &mut Scan, unclosed: bool) -> usize {
    let close = match open {
        '“' => "”",
        '《' => "》",
        '「' => "」",
        '＂' => "＂",
        _ => "\"",
    };
    let inside = at + open.len_utf8();
    let rest = line.get(inside..).unwrap_or("");
    if let Some(n) = if unclosed { None } else { rest.find(close) } {
        return inside + n + close.len();
    }
    let stop = rest
        .find(|c: char| {
            if open == '「' {
                !(c.is_alphanumeric() || c == '_')
            } else {
                matches!(c, '{' | '｛' | '#' | '}' | '｝')
            }
        })
        .unwrap_or(rest.len());
    let kept = rest.get(..stop).unwrap_or(rest).trim_end().len();
    let end = inside + kept;
    out.quotes.push(OpenQuote {
        pos: start + at,
        len: open.len_utf8(),
        at: start + end,
        close,
    });
    end.max(inside)
}

/// Which declaration a line begins with, and where its name ends.
fn head_of(code: &str) -> (LineHead, usize) {
    let mut rest = code.trim_start();
    rest = skip_article(rest);
    let word_len = rest
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(rest.len());
    let (word, after) = rest.split_at(word_len);
    let Some(keyword) = keywords::find("declaration", word) else {
        return (LineHead::Other, 0);
    };
    let name = after.trim_start();
    let named = name
        .chars()
        .next()
        .is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '「' | '《' | '“' | '"'));
    if !named || name.len() == after.len() {
        return (LineHead::Other, 0);
    }
    let head = match keyword.concept {
        "d_category" => LineHead::Category,
        "d_item" => LineHead::Item,
        _ => LineHead::Top,
    };
    let needs_block = !matches!(keyword.concept, "d_param" | "d_clock" | "d_points");
    let header_end = if needs_block {
        code.len() - after_header(name).len()
    } else {
        0
    };
    (head, header_end)
}

fn skip_article(rest: &str) -> &str {
    let after = rest
        .strip_prefix('第')
        .and_then(|r| {
            r.find('条')
                .filter(|n| *n < 24)
                .and_then(|n| r.get(n + '条'.len_utf8()..))
        })
        .or_else(|| {
            let r = rest
                .strip_prefix("article ")
                .or_else(|| rest.strip_prefix("clause "))?;
            Some(
                r.trim_start()
                    .trim_start_matches(|c: char| c.is_ascii_digit()),
            )
        });
    after.map_or(rest, str::trim_start)
}

/// What follows the name (and title, and subject) of a declaration.
fn after_header(name: &str) -> &str {
    let mut rest = after_name(name);
    loop {
        let next = rest.trim_start();
        let word_len = next
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(next.len());
        let (word, after) = next.split_at(word_len);
        if next.starts_with(['《', '“', '"']) {
            rest = after_name(next);
        } else if matches!(word, "对象" | "对" | "for") {
            rest = after_name(after.trim_start());
        } else {
            return rest;
        }
        if rest.len() == next.len() {
            return rest;
        }
    }
}

fn after_name(name: &str) -> &str {
    let close = match name.chars().next() {
        Some('《') => Some('》'),
        Some('“') => Some('”'),
        Some('「') => Some('」'),
        Some('"') => Some('"'),
        _ => None,
    };
    let end = match close {
        Some(c) => name
            .char_indices()
            .skip(1)
            .find(|(_, x)| *x == c)
            .map(|(i, _)| i + c.len_utf8()),
        None => name.find(|c: char| !(c.is_alphanumeric() || c == '_')),
    };
    end.and_then(|e| name.get(e..)).unwrap_or("")
}
