//! Text to tree: scan, repair, grammar, builder. Never fails: what cannot be read is a `Broken` node with a diagnostic.

use crate::ast::File;
use crate::build::Builder;
use crate::grammar::{Grammar, Rule};
use crate::repair;
use crate::scan::{self, Comment};
use jifen_diag::{Diagnostic, Lang, SourceId, Span, codes, text};
use pest::Parser as _;

/// The largest text that is read, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// What came of a text.
#[derive(Clone, Debug)]
pub struct Parse {
    /// The tree.
    pub file: File,
    /// What was wrong, in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// Comments in written order.
    pub comments: Vec<Comment>,
}

impl Parse {
    /// True when the text can be compiled and formatted.
    pub fn is_clean(&self) -> bool {
        !self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Reads a policy text.
pub fn parse(text: &str, source: SourceId) -> Parse {
    let empty = |diagnostics, comments| Parse {
        file: File {
            lang: Lang::Zh,
            decls: Vec::new(),
        },
        diagnostics,
        comments,
    };
    if text.len() > MAX_BYTES {
        let d = Diagnostic::new(
            codes::TOO_LARGE,
            Span::new(source, 0, 0),
            text!(
                zh = "文件超过 1 MiB，不读取",
                en = "the file is larger than 1 MiB and is not read"
            ),
        );
        return empty(vec![d], Vec::new());
    }
    let scan = scan::scan(text);
    if let Some(at) = scan.too_deep {
        return empty(vec![too_deep(Span::new(source, at, at + 1))], scan.comments);
    }
    let (repaired, mut diagnostics) = repair::repair(text, &scan, source);
    let mut builder = Builder::new(source, text, &repaired, &scan.comments);
    let file = match Grammar::parse(Rule::file, &repaired.text) {
        Ok(pairs) => builder.file(pairs),
        Err(error) => {
            let at = repaired.original(position(&error));
            builder.push(Diagnostic::new(
                codes::SYNTAX,
                Span::new(source, at, at),
                text!(
                    zh = "从这里起读不懂",
                    en = "this cannot be read from here on"
                ),
            ));
            File {
                lang: Lang::Zh,
                decls: Vec::new(),
            }
        }
    };
    diagnostics.append(&mut builder.diagnostics);
    Diagnostic::sort(&mut diagnostics);
    Parse {
        file,
        diagnostics,
        comments: scan.comments,
    }
}

pub(crate) fn too_deep(span: Span) -> Diagnostic {
    let limit = scan::MAX_DEPTH;
    Diagnostic::new(
        codes::TOO_DEEP,
        span,
        text!(
            zh = "嵌套或连写超过限度（{limit} 层），请拆成几条",
            en = "nested too deeply (limit {limit}): split it"
        ),
    )
}

/// Where pest stopped.
pub(crate) fn position(error: &pest::error::Error<Rule>) -> usize {
    match error.location {
        pest::error::InputLocation::Pos(p) | pest::error::InputLocation::Span((p, _)) => p,
    }
}

/// The repaired text of a clean file is the file itself.
pub(crate) fn tree(text: &str) -> Option<pest::iterators::Pairs<'_, Rule>> {
    Grammar::parse(Rule::file, text).ok()
}
