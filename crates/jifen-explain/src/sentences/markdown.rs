//! A document as Markdown (CommonMark with tables).

use super::block::{Block, Clause, Document, Sentence, Table};

/// The document as Markdown.
#[must_use]
pub fn markdown(document: &Document) -> String {
    let mut out = format!("# {}\n", escape(&document.title));
    for block in &document.blocks {
        out.push('\n');
        out.push_str(&one(block));
    }
    out
}

fn one(block: &Block) -> String {
    match block {
        Block::Heading { level, text } => {
            format!("{} {}\n", "#".repeat(usize::from(*level)), escape(text))
        }
        Block::Para(text) => format!("{}\n", escape(text)),
        Block::Note(text) => format!("> {}\n", escape(text)),
        Block::List(all) => list(all, |_| "- ".to_owned()),
        Block::Clause(c) => clause(c),
        Block::Table(t) => table(t, ""),
    }
}

/// A clause by itself.
#[must_use]
pub fn clause(c: &Clause) -> String {
    let mark = "#".repeat(usize::from(c.level));
    let mut out = format!("{mark} {}\n", escape(&c.heading));
    if let Some(note) = &c.note {
        out.push_str(&format!("\n> {}\n", escape(note)));
    }
    out.push('\n');
    out.push_str(&list(&c.sentences, |n| format!("{n}. ")));
    out
}

fn list(all: &[Sentence], mark: impl Fn(usize) -> String) -> String {
    let mut out = String::new();
    for (n, s) in (1..).zip(all) {
        let mark = mark(n);
        out.push_str(&format!("{mark}{}\n", escape(&s.text)));
        let indent = " ".repeat(mark.len());
        for t in &s.tables {
            out.push('\n');
            out.push_str(&table(t, &indent));
            out.push('\n');
        }
    }
    out
}

fn table(t: &Table, indent: &str) -> String {
    let mut out = String::new();
    if let Some(caption) = &t.caption {
        out.push_str(&format!("{indent}{}\n\n", escape(caption)));
    }
    let row = |cells: Vec<String>| format!("{indent}| {} |\n", cells.join(" | "));
    out.push_str(&row(t.head.iter().map(|c| escape(c)).collect()));
    out.push_str(&row(t.head.iter().map(|_| "---".to_owned()).collect()));
    for cells in &t.rows {
        out.push_str(&row(cells.iter().map(|c| escape(c)).collect()));
    }
    out
}

/// Nothing that a policy says is markup, and no line of it begins a block.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' => out.push('↵'),
            '\t' => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}
