//! Mends a text before the grammar reads it, so that one slip is one message: quotes, misspelt heads, brackets.
//!
//! Every span that leaves this crate speaks of the original text; `edits.rs` knows the way back.

mod edits;
mod search;
mod spelling;
mod tokens;

pub(crate) use edits::{Edit, Repaired};
pub(crate) use spelling::{Mend, doubled, heads, said_is};

use crate::scan::Scan;
use jifen_diag::{Diagnostic, SourceId, Span, codes, text};
use search::Fix;

/// So many messages about brackets; a text with more is not a policy.
const MAX_MESSAGES: usize = 200;

/// The missing ends of quotes.
pub(crate) fn quotes(scan: &Scan, source: SourceId) -> (Vec<Edit>, Vec<Diagnostic>) {
    let mut edits = Vec::new();
    let mut out = Vec::new();
    for q in &scan.quotes {
        edits.push(Edit::new(q.at, 0, q.close));
        let close = q.close;
        if out.len() >= MAX_MESSAGES {
            continue;
        }
        out.push(
            Diagnostic::new(
                codes::MISSING_CLOSE_QUOTE,
                Span::new(source, q.pos, q.at.max(q.pos + q.len)),
                text!(
                    zh = "这里的引号没有收尾，缺少 {close}",
                    en = "this quote is not closed: {close} is missing"
                ),
            )
            .fix(
                Span::new(source, q.at, q.at),
                close,
                text!(zh = "补上 {close}", en = "add {close}"),
            ),
        );
    }
    (edits, out)
}

/// Puts missing brackets in and takes surplus ones out; says which.
pub(crate) fn brackets(r: &mut Repaired, source: SourceId) -> Vec<Diagnostic> {
    let fixes = search::search(&r.text);
    let mut edits = Vec::new();
    let mut out = Vec::new();
    for fix in &fixes {
        let say = Say { r, source };
        let (edit, d) = match *fix {
            Fix::Open { at, head } => (Edit::new(at, 0, " { "), Some(say.open(at, head))),
            Fix::Both { at, head } => (Edit::new(at, 0, " { } "), Some(say.open(at, head))),
            Fix::Close { at, open } => (Edit::new(at, 0, " } "), open.map(|o| say.close(at, o))),
            Fix::Paren { open, end } => {
                let at = paren_end(&r.text, open, end);
                (Edit::new(at, 0, ")"), Some(say.paren(open, at)))
            }
            Fix::Surplus { at, len, open } => (
                Edit::new(at, len, " ".repeat(len)),
                Some(say.surplus(at, len, open)),
            ),
            Fix::Instead {
                at,
                len,
                open,
                said,
            } => {
                let brace = if open { "{" } else { "}" };
                let d = (!said).then(|| say.instead(at, len, brace));
                (Edit::new(at, len, brace), d)
            }
        };
        edits.push(edit);
        if out.len() < MAX_MESSAGES {
            out.extend(d);
        }
    }
    r.apply(edits);
    out
}

/// Where a round bracket probably ends: before a word that compares or closes a condition, or at the end.
fn paren_end(text: &str, open: usize, end: usize) -> usize {
    const BEFORE: &[&str] = &[
        "ge",
        "le",
        "gt",
        "lt",
        "is",
        "is_not",
        "when",
        "one_of",
        "h_whole",
        "h_first",
        "h_any",
        "h_prorated",
        "whole_only",
        "default",
        "required",
        "bands",
        "slices",
        "al_total",
        "al_step",
        "al_remainder",
    ];
    let inside = text.get(open..end).unwrap_or("");
    // A list goes on in the next line after a comma only.
    let line = inside
        .find('\n')
        .map(|n| inside.get(..n).unwrap_or("").trim_end());
    let inside = match line {
        Some(l) if !l.ends_with(['、', '，', ',']) && l.chars().count() > 1 => l,
        _ => inside,
    };
    let end = open + inside.len();
    let mut at = 0;
    for part in inside.split_inclusive(char::is_whitespace) {
        let word = part.trim();
        let found = ["operator", "choice", "statement", "allot"]
            .iter()
            .filter_map(|c| crate::keywords::find(c, word))
            .any(|k| BEFORE.contains(&k.concept));
        // 至少 after a count; inside a condition it compares.
        let before = inside.get(..at).unwrap_or("");
        let measure = crate::keywords::find("measure", word).is_some();
        let found = found || measure && !before.contains('当') && !before.contains("when");
        if at > 0 && found {
            return open + inside.get(..at).unwrap_or("").trim_end().len();
        }
        at += part.len();
    }
    end
}

struct Say<'a> {
    r: &'a Repaired,
    source: SourceId,
}

impl Say<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, self.r.original(start), self.r.original(end))
    }

    fn open(&self, at: usize, head: (usize, usize)) -> Diagnostic {
        let here = self.span(at, at);
        Diagnostic::new(
            codes::MISSING_OPEN_BRACE,
            self.span(head.0, head.1),
            text!(zh = "后面缺少 {{", en = "a {{ is missing after this"),
        )
        .fix(here, " {", text!(zh = "补上 {{", en = "add {{"))
    }

    fn close(&self, at: usize, open: (usize, usize)) -> Diagnostic {
        let here = self.span(at, at);
        Diagnostic::new(
            codes::MISSING_CLOSE_BRACE,
            self.span(open.0, open.1),
            text!(
                zh = "这个 {{ 没有对应的 }}",
                en = "this {{ has no matching }}"
            ),
        )
        .label(
            here,
            text!(zh = "大概应在这里收尾", en = "it should probably end here"),
        )
        .fix(here, " }", text!(zh = "补上 }}", en = "add }}"))
    }

    fn paren(&self, open: usize, at: usize) -> Diagnostic {
        let here = self.span(at, at);
        let len = self
            .r
            .text
            .get(open..)
            .and_then(|r| r.chars().next())
            .map_or(1, char::len_utf8);
        let written = self.r.text.get(open..open + len).unwrap_or("(");
        Diagnostic::new(
            codes::MISSING_PAREN,
            self.span(open, open + len),
            text!(
                zh = "这个 {written} 没有收尾的括号",
                en = "this {written} is not closed"
            ),
        )
        .label(
            here,
            text!(zh = "大概应在这里收尾", en = "it should probably end here"),
        )
        .fix(here, ")", text!(zh = "补上 )", en = "add )"))
    }

    fn surplus(&self, at: usize, len: usize, open: bool) -> Diagnostic {
        let span = self.span(at, at + len);
        let written = self.r.text.get(at..at + len).unwrap_or("");
        let (code, message) = if matches!(written, ")" | "）" | "]" | "】" | "］") {
            (
                codes::EXTRA_PAREN,
                text!(zh = "多了一个 {written}", en = "one {written} too many"),
            )
        } else if open {
            (
                codes::EXTRA_OPEN_BRACE,
                text!(zh = "多了一个 {{", en = "one {{ too many"),
            )
        } else {
            (
                codes::EXTRA_CLOSE_BRACE,
                text!(zh = "多了一个 }}", en = "one }} too many"),
            )
        };
        Diagnostic::new(code, span, message).fix(span, "", text!(zh = "删去它", en = "delete it"))
    }

    fn instead(&self, at: usize, len: usize, brace: &str) -> Diagnostic {
        let span = self.span(at, at + len);
        let written = self.r.text.get(at..at + len).unwrap_or("");
        Diagnostic::new(
            codes::WRONG_BRACKET,
            span,
            text!(
                zh = "这里要用花括号 {brace}，不是 {written}",
                en = "a brace {brace} belongs here, not {written}"
            ),
        )
        .fix(
            span,
            brace,
            text!(zh = "改成 {brace}", en = "write {brace}"),
        )
    }
}
