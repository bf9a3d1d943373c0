//! A compiled policy as a document that people read.

use jifen_diag::Lang;
use jifen_explain::sentences;

use crate::compile::Compiled;

/// In which form a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Markdown.
    Markdown,
    /// One HTML file that needs nothing else.
    Html,
}

impl Compiled {
    /// The policy in plain sentences, from its meaning: see [`jifen_explain::sentences`].
    #[must_use]
    pub fn document(&self, lang: Lang) -> sentences::Document {
        sentences::document(&self.plan, &self.labels, lang)
    }

    /// The same written out.
    #[must_use]
    pub fn document_text(&self, form: Form, lang: Lang) -> String {
        let document = self.document(lang);
        match form {
            Form::Markdown => sentences::markdown(&document),
            Form::Html => sentences::html(&document),
        }
    }
}
