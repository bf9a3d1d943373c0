//! What a document is made of: headings, paragraphs, numbered clauses, tables, notes. Texts carry no markup: renderers escape them whole.

use jifen_diag::Lang;
use serde::Serialize;

/// A policy as a document that people read.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    /// Its language.
    #[serde(serialize_with = "code")]
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// What follows, from top to bottom.
    pub blocks: Vec<Block>,
}

fn code<S: serde::Serializer>(lang: &Lang, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(lang.pick("zh", "en"))
}

/// A part of a document.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading; 2 is the largest below the title.
    Heading {
        /// 2, 3 or 4.
        level: u8,
        /// Its text.
        text: String,
    },
    /// A paragraph.
    Para(String),
    /// What the author of the policy wrote beside it; it is not what runs.
    Note(String),
    /// Sentences that belong together, without numbers.
    List(Vec<Sentence>),
    /// A clause: numbered sentences in the order in which they act.
    Clause(Clause),
    /// A table.
    Table(Table),
}

/// A clause (or a currency, a measure): what it is called and what it says.
#[derive(Clone, Debug, Serialize)]
pub struct Clause {
    /// The level of its heading.
    pub level: u8,
    /// Article number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<u32>,
    /// Its heading, with the number.
    pub heading: String,
    /// Names of its categories and its own, outermost first.
    pub path: Vec<String>,
    /// What the author wrote beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What it says, in order.
    pub sentences: Vec<Sentence>,
}

/// A sentence, with the tables that it speaks of.
#[derive(Clone, Debug, Serialize)]
pub struct Sentence {
    /// The sentence.
    pub text: String,
    /// Its tables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
}

/// A table.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    /// What stands above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Heads of its columns.
    pub head: Vec<String>,
    /// Its rows, each as wide as the head.
    pub rows: Vec<Vec<String>>,
}

impl Block {
    pub(crate) fn heading(level: u8, text: impl Into<String>) -> Block {
        let text = text.into();
        Block::Heading { level, text }
    }
}

impl Sentence {
    pub(crate) fn plain(text: impl Into<String>) -> Sentence {
        let (text, tables) = (text.into(), Vec::new());
        Sentence { text, tables }
    }
}

/// What an author wrote, in one line.
pub(super) fn note(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}
