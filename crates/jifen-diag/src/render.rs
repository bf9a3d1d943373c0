//! Diagnostics for people: miette draws the source, the words around it are ours and in the reader's language.

use crate::{Diagnostic, Edit, Lang, Severity, SourceId, Sources, Span, Text};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};
use std::borrow::Cow;
use std::fmt;
use unicode_width::UnicodeWidthChar;

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub struct RenderOptions {
    /// Language of all words.
    pub lang: Lang,
    /// Whether to use colour escapes; the caller decides (NO_COLOR, terminal or not).
    pub color: bool,
    /// Width of the page in cells.
    pub width: usize,
}

impl Default for RenderOptions {
    fn default() -> Self {
        RenderOptions {
            lang: Lang::Zh,
            color: false,
            width: 80,
        }
    }
}

/// Draws one diagnostic, ending with an empty line.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, options: RenderOptions) -> String {
    let main = diagnostic.span.source;
    let text = Plain(clean(sources.text(main)));
    let view = View::new(diagnostic, sources, &text, options.lang);
    let theme = match options.color {
        true => GraphicalTheme::unicode(),
        false => GraphicalTheme::none(),
    };
    let theme = GraphicalTheme {
        characters: GraphicalTheme::unicode().characters,
        ..theme
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(options.width.max(20))
        .with_links(false)
        .with_context_lines(1)
        .without_syntax_highlighting();
    let mut out = String::new();
    if handler.render_report(&mut out, &view).is_err() {
        out = format!(
            "{}\n\n  {}\n  {}\n",
            view.code,
            view.message,
            diagnostic.place(sources)
        );
    }
    for (word, text) in footers(diagnostic, sources, options.lang) {
        wrap_into(&mut out, &format!("  {word}: "), &text, options.width);
    }
    out.push('\n');
    out
}

/// Draws all diagnostics in order of place, followed by the summary line.
pub fn render_all(all: &[Diagnostic], sources: &Sources, options: RenderOptions) -> String {
    let mut sorted = all.to_vec();
    Diagnostic::sort(&mut sorted);
    let mut out: String = sorted.iter().map(|d| render(d, sources, options)).collect();
    out.push_str(&summary(&sorted, options.lang));
    out.push('\n');
    out
}

/// "3 个错误, 1 个提醒" / "3 errors, 1 warning".
pub fn summary(all: &[Diagnostic], lang: Lang) -> String {
    let kinds = [
        (Severity::Error, "个错误", "error", "errors"),
        (Severity::Warning, "个提醒", "warning", "warnings"),
        (Severity::Notice, "个提示", "notice", "notices"),
    ];
    let mut parts = Vec::new();
    for (severity, zh, one, many) in kinds {
        let n = all.iter().filter(|d| d.severity == severity).count();
        if n > 0 {
            let word = lang.pick(zh, if n == 1 { one } else { many });
            parts.push(format!("{n} {word}"));
        }
    }
    if parts.is_empty() {
        return lang.pick("没有问题", "no problems").to_owned();
    }
    parts.join(", ")
}

fn severity_word(severity: Severity, lang: Lang) -> &'static str {
    match severity {
        Severity::Error => lang.pick("错误", "error"),
        Severity::Warning => lang.pick("提醒", "warning"),
        Severity::Notice => lang.pick("提示", "notice"),
    }
}

/// Remarks in other files, advice and changes, as (word, text).
fn footers(d: &Diagnostic, sources: &Sources, lang: Lang) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    for label in d.labels.iter().filter(|l| l.span.source != d.span.source) {
        let (line, column) = sources.line_col(label.span.source, label.span.start as usize);
        let name = sources.name(label.span.source);
        out.push((
            lang.pick("另见", "see also"),
            format!("{name}:{line}:{column} {}", label.text.get(lang)),
        ));
    }
    for help in &d.help {
        out.push((lang.pick("帮助", "help"), help.get(lang).to_owned()));
    }
    for edit in &d.fix {
        out.push((
            lang.pick("改法", "fix"),
            edit_text(edit, sources).get(lang).to_owned(),
        ));
    }
    out
}

fn edit_text(edit: &Edit, sources: &Sources) -> Text {
    let old = sources.slice(edit.span);
    // Said in a line: blanks around it and line ends are for the file.
    let words: Vec<&str> = edit.replacement.split_whitespace().collect();
    let new = match words.is_empty() {
        true => edit.replacement.clone(),
        false => words.join(" "),
    };
    let what = match (old.is_empty(), new.is_empty()) {
        (true, _) => crate::text!(zh = "写上“{new}”", en = "write “{new}”"),
        (_, true) => crate::text!(zh = "删去“{old}”", en = "delete “{old}”"),
        _ => crate::text!(
            zh = "把“{old}”改为“{new}”",
            en = "change “{old}” to “{new}”"
        ),
    };
    if edit.note.is_empty() {
        return what;
    }
    Text::new(
        format!("{}：{}", edit.note.zh, what.zh),
        format!("{}: {}", edit.note.en, what.en),
    )
}

/// Control characters and direction marks replaced by question marks of the same byte length, so that a file
/// cannot send escapes to the terminal and places stay right.
fn clean(text: &str) -> Cow<'_, str> {
    let bad = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if bad(c) {
            out.extend(std::iter::repeat_n('?', c.len_utf8()));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Appends `text` after `prefix`, broken at `width` cells, continuation lines indented by the prefix.
fn wrap_into(out: &mut String, prefix: &str, text: &str, width: usize) {
    let cells = |s: &str| s.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>();
    let indent = cells(prefix);
    let room = width.max(indent + 20) - indent;
    let mut first = true;
    for line in clean(text).lines() {
        for piece in break_line(line, room) {
            out.push_str(&if first {
                prefix.to_owned()
            } else {
                " ".repeat(indent)
            });
            out.push_str(piece.trim_end());
            out.push('\n');
            first = false;
        }
    }
}

/// Breaks one line at spaces or before wide characters that may start a line.
fn break_line(line: &str, room: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut last_break, mut used) = (0, 0, 0);
    let mut previous = ' ';
    for (i, c) in line.char_indices() {
        let w = c.width().unwrap_or(0);
        let wide_break = w == 2
            && !"，。；：、）》」”？！％".contains(c)
            && !"（《「“".contains(previous)
            && !previous.is_ascii_alphanumeric();
        if previous == ' ' || wide_break {
            last_break = i;
        }
        if used + w > room && last_break > start {
            pieces.push(line.get(start..last_break).unwrap_or(""));
            used = line
                .get(last_break..i)
                .map_or(0, |s| s.chars().map(|c| c.width().unwrap_or(0)).sum());
            start = last_break;
        }
        used += w;
        previous = c;
    }
    pieces.push(line.get(start..).unwrap_or(""));
    pieces
}

/// A text whose reported column counts characters instead of bytes.
struct Plain<'a>(Cow<'a, str>);

struct Named<'a> {
    name: &'a str,
    text: &'a Plain<'a>,
}

impl SourceCode for Named<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let text: &str = &self.text.0;
        let inner = text.read_span(span, before, after)?;
        let offset = inner.span().offset();
        let column = match inner.column() {
            0 => 0,
            _ => text
                .get(..offset)
                .map_or(0, |s| s.chars().rev().take_while(|c| *c != '\n').count()),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.to_owned(),
            inner.data(),
            *inner.span(),
            inner.line(),
            column,
            inner.line_count(),
        )))
    }
}

/// A diagnostic in one language, as miette wants it.
struct View<'a> {
    code: String,
    message: String,
    severity: miette::Severity,
    source: Option<Named<'a>>,
    labels: Vec<LabeledSpan>,
}

impl<'a> View<'a> {
    fn new(d: &Diagnostic, sources: &'a Sources, text: &'a Plain<'a>, lang: Lang) -> Self {
        View {
            code: format!("{} {}", d.code, severity_word(d.severity, lang)),
            message: clean(d.message.get(lang)).into_owned(),
            severity: match d.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
                Severity::Notice => miette::Severity::Advice,
            },
            source: (d.span.source != SourceId::NONE).then(|| Named {
                name: sources.name(d.span.source),
                text,
            }),
            labels: labels(d, &text.0, lang),
        }
    }
}

fn labels(d: &Diagnostic, text: &str, lang: Lang) -> Vec<LabeledSpan> {
    if d.span.is_dummy() {
        return Vec::new();
    }
    let place = |span: Span| {
        let mut start = floor(text, span.start as usize);
        if start == text.len() {
            // miette marks nothing on the empty line after the last line end
            start = text.trim_end().len();
        }
        let end = floor(text, span.end as usize);
        let end = if start >= end || span.start == span.end {
            start
        } else {
            end
        };
        SourceSpan::new(start.into(), end - start)
    };
    let mut main_text = None;
    let mut others = Vec::new();
    for label in d.labels.iter().filter(|l| l.span.source == d.span.source) {
        let words = clean(label.text.get(lang)).into_owned();
        let words = (!words.is_empty()).then_some(words);
        if label.span == d.span && main_text.is_none() {
            main_text = words;
        } else {
            others.push(LabeledSpan::new_with_span(words, place(label.span)));
        }
    }
    let main = LabeledSpan::new_primary_with_span(main_text, place(d.span));
    std::iter::once(main).chain(others).collect()
}

/// The nearest character border at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for View<'_> {}

impl miette::Diagnostic for View<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|s| s as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

#[cfg(test)]
mod tests;
