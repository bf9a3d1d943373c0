//! Policy texts: parser, checker, formatter and translator.

use crate::feature;
use jifen_diag::{Diagnostic, Lang, SourceId};
use jifen_syntax::{ast_eq, emit_ast, format, parse, translate};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Codes, and pairs of codes, met; every place must lie in the text and at characters.
fn diagnostics(text: &str, all: &[Diagnostic]) {
    let mut before = 0;
    for d in all {
        feature::note((before, d.code.0));
        feature::note(feature::shape(&d.message.zh));
        before = d.code.0;
        let spans = [d.span]
            .into_iter()
            .chain(d.labels.iter().map(|l| l.span))
            .chain(d.fix.iter().map(|f| f.span));
        for span in spans.filter(|s| !s.is_dummy()) {
            assert!(
                text.get(span.range()).is_some(),
                "{}: a place outside the text or inside a character",
                d.code
            );
        }
    }
}

pub(super) fn parser(bytes: &[u8]) {
    let text = text(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let parsed = parse(text, SourceId(0));
    diagnostics(text, &parsed.diagnostics);
    feature::note(("clean", parsed.is_clean(), parsed.file.decls.len().min(6)));
    // The variety of the tree: which node words follow each other.
    let printed = emit_ast(&parsed.file);
    let mut before = "";
    for word in printed
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|w| w.len() > 1)
    {
        feature::note((before, word));
        before = word;
    }
}

pub(super) fn checker(bytes: &[u8]) {
    let text = text(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let parsed = parse(text, SourceId(0));
    let compiled = super::super::seeds::compile(parsed);
    diagnostics(text, &compiled.diagnostics);
    if let Some(plan) = &compiled.plan {
        feature::note(("plan", plan.items.len().min(8), plan.tallies.len().min(8)));
    }
}

pub(super) fn formatter(bytes: &[u8]) {
    let text = text(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let parsed = parse(text, SourceId(0));
    diagnostics(text, &parsed.diagnostics);
    if !parsed.is_clean() {
        return;
    }
    feature::note(("clean", parsed.comments.len().min(4)));
    let first = match format(text) {
        Ok(first) => first,
        Err(e) => panic!("a text without errors is not formatted: {e:?}"),
    };
    assert_eq!(
        format(&first).ok().as_ref(),
        Some(&first),
        "formatting twice changes the text"
    );
    for lang in [Lang::Zh, Lang::En] {
        // A name may be a word of the other language: then the translation is refused, which is right.
        let Ok(there) = translate(text, lang) else {
            feature::note("untranslatable");
            continue;
        };
        feature::note(("translated", lang == Lang::Zh, there.len() / 256));
        let read = parse(&there, SourceId(0));
        assert!(
            ast_eq(&read.file, &parsed.file),
            "the translation means something else"
        );
        if let Ok(back) = translate(&there, parsed.file.lang) {
            assert_eq!(back, first, "there and back is not the formatted text");
        }
    }
}
