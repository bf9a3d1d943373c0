//! One pass over the text before the grammar: comments, quotes that are not closed, nesting.
//!
//! It knows no words. `repair` puts missing quotes and brackets back.

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

/// A text or name whose closing quote is missing; `close` belongs at `at`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenQuote {
    pub pos: usize,
    pub len: usize,
    pub at: usize,
    pub close: &'static str,
}

#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub comments: Vec<Comment>,
    pub quotes: Vec<OpenQuote>,
    /// Every brace has its partner.
    pub balanced: bool,
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
    out.balanced = true;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches(['\n', '\r']);
        scan_line(line, start, &mut out, &mut depth);
        start += whole.len();
        if out.too_deep.is_some() {
            break;
        }
    }
    out.balanced &= !depth.contains(&true);
    out
}

fn scan_line(line: &str, start: usize, out: &mut Scan, depth: &mut Vec<bool>) {
    let blanks = line.len() - line.trim_start().len();
    let mut at = 0;
    // Once no end of a kind of quote follows on the line, none follows any later beginning either.
    let mut unclosed = String::new();
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
                next = quote(line, at, c, start, out, unclosed.contains(c));
                if out.quotes.len() > before && !unclosed.contains(c) {
                    unclosed.push(c);
                }
            }
            '{' | '｛' | '}' | '｝' => {
                let open = matches!(c, '{' | '｛');
                out.balanced &= open || depth.contains(&true);
                nest(depth, open, true);
            }
            '(' | '（' => nest(depth, true, false),
            ')' | '）' => nest(depth, false, false),
            _ => {}
        }
        if depth.len() > MAX_DEPTH {
            out.too_deep = Some(here);
            return;
        }
        at = next;
    }
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
