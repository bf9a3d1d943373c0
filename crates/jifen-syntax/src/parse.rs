//! Text to tree: scan, repair, grammar, builder. Never fails: what cannot be read is a `Broken` node with a diagnostic.

use crate::ast::File;
use crate::build::Builder;
use crate::grammar::{Grammar, Rule};
use crate::keywords;
use crate::repair::{self, Edit, Mend, Repaired};
use crate::scan::{self, Comment, Scan};
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

/// So often is a text mended and read again.
const ROUNDS: usize = 3;

/// Reads a policy text.
pub fn parse(text: &str, source: SourceId) -> Parse {
    let refused = |d: Diagnostic, comments| Parse {
        file: File {
            lang: Lang::Zh,
            decls: Vec::new(),
            mended: Vec::new(),
        },
        diagnostics: vec![d],
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
        return refused(d, Vec::new());
    }
    let scan = scan::scan(text);
    if let Some(at) = scan.too_deep {
        return refused(too_deep(Span::new(source, at, at + 1)), scan.comments);
    }
    let reader = Reader {
        text,
        source,
        scan: &scan,
    };
    let (mut file, mut diagnostics) = match reader.plain() {
        Some(clean) => clean,
        None => reader.mended(),
    };
    file.mended.sort_unstable();
    Diagnostic::sort(&mut diagnostics);
    Parse {
        file,
        diagnostics,
        comments: scan.comments,
    }
}

struct Reader<'t> {
    text: &'t str,
    source: SourceId,
    scan: &'t Scan,
}

impl Reader<'_> {
    /// The tree of a text without mistakes of writing.
    fn plain(&self) -> Option<(File, Vec<Diagnostic>)> {
        if !self.scan.balanced || !self.scan.quotes.is_empty() {
            return None;
        }
        let (file, diagnostics) = self.read(&Repaired::of(self.text));
        let clean = !diagnostics.iter().any(Diagnostic::is_error);
        clean.then_some((file, diagnostics))
    }

    /// Mends what is surely a slip, reads, mends what reading has shown, and so on, as long as it helps.
    fn mended(&self) -> (File, Vec<Diagnostic>) {
        let (quotes, said) = repair::quotes(self.scan, self.source);
        let mut mends = repair::heads(self.text, self.source);
        mends.extend(repair::doubled(self.text, self.source));
        mends.extend(repair::said_is(self.text, self.source));
        let mut best: Option<(usize, File, Vec<Diagnostic>)> = None;
        let mut fresh = mends.len();
        for _ in 0..ROUNDS {
            let mut r = Repaired::of(self.text);
            let words = mends.iter().map(|(e, _)| e.clone());
            r.apply(quotes.iter().cloned().chain(words).collect());
            let brackets = repair::brackets(&mut r, self.source);
            let (mut file, found) = self.read(&r);
            let more = self.more(&found, &mends);
            // What stays open; one that a mended word had hidden may come to light for each word.
            let open = found.len().saturating_sub(more.len());
            let solved = said
                .iter()
                .chain(mends.iter().map(|(_, d)| d))
                .chain(&brackets);
            let mut all: Vec<Diagnostic> = solved.cloned().collect();
            file.mended = all.iter().map(|d| d.span).collect();
            all.extend(found);
            if best
                .as_ref()
                .is_none_or(|(least, ..)| open <= least + fresh)
            {
                best = Some((open, file, all));
            }
            if more.is_empty() {
                break;
            }
            fresh = more.len();
            mends.extend(more);
        }
        best.map(|(_, file, all)| (file, all)).unwrap_or_default()
    }

    fn read(&self, r: &Repaired) -> (File, Vec<Diagnostic>) {
        let mut builder = Builder::new(self.source, self.text, r, &self.scan.comments);
        match Grammar::parse(Rule::file, &r.text) {
            Ok(pairs) => {
                let file = builder.file(pairs);
                (file, builder.diagnostics)
            }
            Err(error) => {
                let at = r.original(position(&error));
                builder.push(Diagnostic::new(
                    codes::SYNTAX,
                    Span::new(self.source, at, at),
                    text!(
                        zh = "从这里起读不懂",
                        en = "this cannot be read from here on"
                    ),
                ));
                (File::default(), builder.diagnostics)
            }
        }
    }

    /// Words with one likely meaning: they are read so, and the message stays.
    fn more(&self, found: &[Diagnostic], mends: &[Mend]) -> Vec<Mend> {
        let sure = [
            codes::UNKNOWN_STATEMENT,
            codes::UNKNOWN_DECLARATION,
            codes::UNEXPECTED,
            codes::UNKNOWN_WORD,
            codes::SYNTAX,
            codes::MISSING_BLANK,
            codes::RANGE_HYPHEN,
            codes::RESERVED_WORD,
            codes::BAD_NUMBER,
        ];
        let mut out: Vec<Mend> = Vec::new();
        for d in found {
            let said = match sure.contains(&d.code) {
                true => Some(d.clone()),
                false => self.same_name(d, mends),
            };
            let Some(said) = said else { continue };
            let [fix] = said.fix.as_slice() else { continue };
            let (at, end) = (fix.span.start as usize, fix.span.end as usize);
            let free = |e: &Edit| e.at + e.len <= at || end <= e.at;
            let taken = mends.iter().chain(&out).any(|(e, _)| !free(e));
            let written = self.text.get(at..end);
            if !taken && written.is_some_and(|w| w != fix.replacement) && out.len() < 50 {
                out.push((Edit::new(at, end - at, fix.replacement.clone()), said));
            }
        }
        out
    }

    /// `计入` that is not finished because the name of points follows without quotes, as it had none where it was declared: what was
    /// said there, of this place.
    fn same_name(&self, d: &Diagnostic, mends: &[Mend]) -> Option<Diagnostic> {
        let slice = |s: Span| self.text.get(s.start as usize..s.end as usize);
        let part = slice(d.span).filter(|_| d.code == codes::INCOMPLETE)?;
        let mut leads = keywords::of_class("statement")
            .filter(|k| matches!(k.concept, "credit" | "also" | "pass_on"))
            .flat_map(|k| k.spellings(Lang::Zh).chain(k.spellings(Lang::En)));
        leads.find(|s| *s == part)?;
        let rest = self.text.get(d.span.end as usize..)?;
        let at = self.text.len() - rest.trim_start().len();
        let word = crate::broken::word_at(self.text, at);
        let declared =
            |m: &&Mend| m.1.code == codes::RESERVED_WORD && slice(m.1.span) == Some(word);
        let mut said = mends.iter().find(declared)?.1.clone();
        said.span = Span::new(self.source, at, at + word.len());
        for fix in &mut said.fix {
            fix.span = said.span;
        }
        Some(said)
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
