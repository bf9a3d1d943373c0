//! Puts back missing braces and quotes before the grammar reads the text, so that one slip is one message.
//!
//! Inserted characters are kept in an offset map: every span that leaves this crate speaks of the original text.

use crate::scan::{Brace, Line, LineHead, Scan};
use jifen_diag::{Diagnostic, SourceId, Span, codes, text};

/// A text that the grammar can read, and the way back to the original offsets.
#[derive(Debug, Default)]
pub(crate) struct Repaired {
    pub text: String,
    /// (offset in the repaired text, bytes inserted there, bytes inserted before), in order.
    inserted: Vec<(usize, usize, usize)>,
}

impl Repaired {
    /// The original offset of an offset in the repaired text.
    pub fn original(&self, offset: usize) -> usize {
        let next = self.inserted.partition_point(|(at, _, _)| *at < offset);
        let back = match next.checked_sub(1).and_then(|i| self.inserted.get(i)) {
            Some((at, len, before)) => before + (*len).min(offset - at),
            None => 0,
        };
        offset.saturating_sub(back)
    }
}

enum Change {
    Insert(usize, &'static str),
    Blank(usize, usize),
}

/// Repairs a text; says what was missing.
pub(crate) fn repair(text: &str, scan: &Scan, source: SourceId) -> (Repaired, Vec<Diagnostic>) {
    let mut changes = Vec::new();
    let mut diagnostics = Vec::new();
    for q in &scan.quotes {
        changes.push(Change::Insert(q.at, q.close));
        let close = q.close;
        if diagnostics.len() >= 200 {
            continue;
        }
        diagnostics.push(
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
    braces(text, scan, source, &mut changes, &mut diagnostics);
    (apply(text, changes), diagnostics)
}

fn apply(text: &str, mut changes: Vec<Change>) -> Repaired {
    changes.sort_by_key(|c| match c {
        Change::Insert(at, _) | Change::Blank(at, _) => *at,
    });
    let mut out = Repaired {
        text: String::with_capacity(text.len() + 16),
        inserted: Vec::new(),
    };
    let mut done = 0;
    for change in changes {
        let at = match change {
            Change::Insert(at, _) | Change::Blank(at, _) => at.max(done),
        };
        out.text.push_str(text.get(done..at).unwrap_or(""));
        done = at;
        match change {
            Change::Insert(_, what) => {
                let before = out
                    .inserted
                    .last()
                    .map_or(0, |(_, len, before)| len + before);
                out.inserted.push((out.text.len(), what.len(), before));
                out.text.push_str(what);
            }
            Change::Blank(_, len) => {
                out.text.extend(std::iter::repeat_n(' ', len));
                done = at + len;
            }
        }
    }
    out.text.push_str(text.get(done..).unwrap_or(""));
    out
}

struct Open {
    brace: Option<Brace>,
    line: usize,
}

fn braces(
    text: &str,
    scan: &Scan,
    source: SourceId,
    changes: &mut Vec<Change>,
    out: &mut Vec<Diagnostic>,
) {
    let opens = scan.braces.iter().filter(|b| b.open).count();
    let closes = scan.braces.len() - opens;
    // Counts that agree may hide two slips, an opening and a closing brace; a declaration merely put into another is not one.
    let lacking = || {
        scan.lines
            .iter()
            .enumerate()
            .any(|(i, l)| lacks_open(scan, i, l))
    };
    let balanced = opens == closes && nests(&scan.braces);
    let misnested = misnested(scan) && (!balanced || lacking());
    if balanced && !misnested {
        return;
    }
    let mut added: Vec<usize> = Vec::new();
    if closes > opens || misnested {
        let most = if misnested {
            usize::MAX
        } else {
            closes - opens
        };
        for (i, line) in scan.lines.iter().enumerate() {
            if added.len() < most && lacks_open(scan, i, line) {
                added.push(i);
            }
        }
    }
    for i in &added {
        let Some(line) = scan.lines.get(*i) else {
            continue;
        };
        changes.push(Change::Insert(line.header_end, " { "));
        let at = Span::new(source, line.header_end, line.header_end);
        let head = Span::new(source, line.start + leading(text, line), line.header_end);
        out.push(
            Diagnostic::new(
                codes::MISSING_OPEN_BRACE,
                head,
                text!(zh = "后面缺少 {{", en = "a {{ is missing after this"),
            )
            .fix(at, " {", text!(zh = "补上 {{", en = "add {{")),
        );
    }
    Walk {
        scan,
        source,
        changes,
        out,
        stack: Vec::new(),
        heuristics: misnested || opens + added.len() > closes,
    }
    .run(&added);
}

fn leading(text: &str, line: &Line) -> usize {
    let code = text.get(line.start..line.end).unwrap_or("");
    code.len() - code.trim_start().len()
}

fn nests(all: &[Brace]) -> bool {
    let mut depth = 0i64;
    all.iter().all(|b| {
        depth += if b.open { 1 } else { -1 };
        depth >= 0
    })
}

/// A declaration begins where none can: some brace before it is missing.
fn misnested(scan: &Scan) -> bool {
    let mut stack: Vec<LineHead> = Vec::new();
    let mut next = 0;
    for (i, line) in scan.lines.iter().enumerate() {
        let wrong = match line.head {
            LineHead::Top => !stack.is_empty(),
            LineHead::Category | LineHead::Item => {
                stack.last().is_some_and(|h| *h != LineHead::Category)
            }
            LineHead::Other => false,
        };
        if wrong {
            return true;
        }
        while let Some(b) = scan.braces.get(next).filter(|b| b.line == i) {
            next += 1;
            if b.open {
                // A second brace on the line belongs to something inside.
                let first = scan
                    .braces
                    .get(next.wrapping_sub(2))
                    .is_none_or(|p| p.line != i);
                stack.push(if first { line.head } else { LineHead::Other });
            } else {
                stack.pop();
            }
        }
    }
    false
}

/// A declaration line without its opening brace.
fn lacks_open(scan: &Scan, i: usize, line: &Line) -> bool {
    if line.header_end <= line.start {
        return false;
    }
    let on_line = scan.braces.partition_point(|b| b.line < i);
    if scan
        .braces
        .get(on_line)
        .is_some_and(|b| b.line == i && b.open)
    {
        return false;
    }
    let next = scan
        .lines
        .iter()
        .enumerate()
        .skip(i + 1)
        .find(|(_, l)| !l.blank);
    let opens_next = next.is_some_and(|(n, l)| {
        scan.braces
            .iter()
            .skip(on_line)
            .find(|b| b.line >= n)
            .is_some_and(|b| b.open && b.line == n && b.pos < l.start + l.indent + 1)
    });
    !opens_next
}

struct Walk<'a> {
    scan: &'a Scan,
    source: SourceId,
    changes: &'a mut Vec<Change>,
    out: &'a mut Vec<Diagnostic>,
    stack: Vec<Open>,
    heuristics: bool,
}

impl Walk<'_> {
    fn run(mut self, added: &[usize]) {
        let mut next = 0;
        let mut last_end = 0;
        for (i, line) in self.scan.lines.iter().enumerate() {
            if line.blank {
                continue;
            }
            let first = self.scan.braces.get(next).filter(|b| b.line == i);
            let closing = first.is_some_and(|b| {
                !b.open && b.pos <= line.start + 4 * line.indent && only_brace_first(line, b)
            });
            if self.heuristics {
                while self.top_must_close(line, closing) {
                    self.close(last_end);
                }
            }
            if added.contains(&i) {
                self.stack.push(Open {
                    brace: None,
                    line: i,
                });
            }
            while let Some(b) = self.scan.braces.get(next).filter(|b| b.line == i) {
                next += 1;
                if b.open {
                    self.stack.push(Open {
                        brace: Some(*b),
                        line: i,
                    });
                } else if self.stack.pop().is_none() {
                    self.surplus(b);
                }
            }
            last_end = line.end;
        }
        while !self.stack.is_empty() {
            self.close(last_end);
        }
    }

    /// Judges by the line's first word and by its column whether the innermost brace should have been closed before.
    fn top_must_close(&self, line: &Line, closing: bool) -> bool {
        let Some(top) = self.stack.last() else {
            return false;
        };
        let Some(owner) = self.scan.lines.get(top.line) else {
            return false;
        };
        match line.head {
            LineHead::Top => true,
            LineHead::Category | LineHead::Item if owner.head != LineHead::Category => true,
            _ if closing => line.indent < owner.indent && self.stack.len() > 1,
            _ => line.indent <= owner.indent && line.indent < usize::MAX && !self.one_liner(top),
        }
    }

    /// The brace stands on a line that holds other open braces too: its column says nothing.
    fn one_liner(&self, top: &Open) -> bool {
        self.stack.iter().filter(|o| o.line == top.line).count() > 1
    }

    fn close(&mut self, at: usize) {
        let Some(open) = self.stack.pop() else { return };
        self.changes.push(Change::Insert(at, " }"));
        let span = match open.brace {
            Some(b) => Span::new(self.source, b.pos, b.pos + b.len),
            None => return,
        };
        let here = Span::new(self.source, at, at);
        self.out.push(
            Diagnostic::new(
                codes::MISSING_CLOSE_BRACE,
                span,
                text!(
                    zh = "这个 {{ 没有对应的 }}",
                    en = "this {{ has no matching }}"
                ),
            )
            .label(
                here,
                text!(zh = "大概应在这里收尾", en = "it should probably end here"),
            )
            .fix(here, " }", text!(zh = "补上 }}", en = "add }}")),
        );
    }

    fn surplus(&mut self, b: &Brace) {
        self.changes.push(Change::Blank(b.pos, b.len));
        let span = Span::new(self.source, b.pos, b.pos + b.len);
        self.out.push(
            Diagnostic::new(
                codes::EXTRA_CLOSE_BRACE,
                span,
                text!(zh = "多了一个 }}", en = "one }} too many"),
            )
            .fix(span, "", text!(zh = "删去它", en = "delete it")),
        );
    }
}

fn only_brace_first(line: &Line, b: &Brace) -> bool {
    // Everything before the brace on its line is blank.
    b.pos >= line.start && b.pos - line.start <= line.indent * 3
}
