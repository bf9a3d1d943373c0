//! A document as one HTML file: no script, nothing from outside; readable on a phone, on paper (A4), by day and by night.

use super::block::{Block, Clause, Document, Sentence, Table};

/// How it looks.
const STYLE: &str = include_str!("document.css");

/// The document as a whole HTML file.
#[must_use]
pub fn html(document: &Document) -> String {
    let title = escape(&document.title);
    let mut body = String::new();
    let mut first = true;
    for block in &document.blocks {
        if let Block::Heading { level: 2, .. } = block {
            if !first {
                body.push_str("</section>\n");
            }
            body.push_str("<section>\n");
            first = false;
        }
        body.push_str(&one(block));
    }
    if !first {
        body.push_str("</section>\n");
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n",
        document.lang.pick("zh-CN", "en")
    )
}

fn one(block: &Block) -> String {
    match block {
        Block::Heading { level, text } => {
            let level = (*level).clamp(2, 6);
            format!("<h{level}>{}</h{level}>\n", escape(text))
        }
        Block::Para(text) => format!("<p>{}</p>\n", escape(text)),
        Block::Note(text) => note(text),
        Block::List(all) => format!("<ul>\n{}</ul>\n", items(all)),
        Block::Clause(c) => clause(c),
        Block::Table(t) => table(t),
    }
}

fn note(text: &str) -> String {
    format!("<p class=\"note\">{}</p>\n", escape(text))
}

fn clause(c: &Clause) -> String {
    let note = c.note.as_deref().map(note).unwrap_or_default();
    let (heading, level) = (escape(&c.heading), c.level.clamp(2, 6));
    let sentences = items(&c.sentences);
    format!("<article>\n<h{level}>{heading}</h{level}>\n{note}<ol>\n{sentences}</ol>\n</article>\n")
}

fn items(all: &[Sentence]) -> String {
    let one = |s: &Sentence| {
        let tables: String = s.tables.iter().map(table).collect();
        format!("<li>{}{tables}</li>\n", escape(&s.text))
    };
    all.iter().map(one).collect()
}

fn table(t: &Table) -> String {
    let caption = t.caption.as_ref();
    let caption = caption.map_or_else(String::new, |c| format!("<caption>{}</caption>", escape(c)));
    let head = t
        .head
        .iter()
        .map(|c| format!("<th scope=\"col\">{}</th>", escape(c)));
    let row = |cells: &Vec<String>| {
        let cell = |(at, c): (usize, &String)| match at {
            0 => format!("<th scope=\"row\">{}</th>", escape(c)),
            _ => format!("<td>{}</td>", escape(c)),
        };
        let cells: String = cells.iter().enumerate().map(cell).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let head: String = head.collect();
    let rows: String = t.rows.iter().map(row).collect();
    format!(
        "<div class=\"wide\"><table>{caption}<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n"
    )
}

/// What a policy says is text and nothing else.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push('↵'),
            '\t' => out.push(' '),
            c if c.is_control() => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}
