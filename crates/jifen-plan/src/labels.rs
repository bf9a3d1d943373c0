//! What people call things: titles, article numbers and places in the text; beside the meaning, outside the fingerprint.

use jifen_diag::{Lang, Span};
use jifen_quantity::Decimal;

/// Labels of a Plan. Vectors run parallel to those of [`crate::Plan`].
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// Language of the (newest) policy text.
    pub lang: Option<Lang>,
    /// Policy name.
    pub policy: String,
    /// Policy title in 《》, if any.
    pub title: Option<String>,
    /// Legal basis lines.
    pub basis: Vec<String>,
    /// For each item of the Plan.
    pub items: Vec<ItemLabel>,
    /// For each ranking, grade, flag and right of the Plan.
    pub standings: Vec<StandingLabel>,
    /// For each parameter of the Plan.
    pub params: Vec<ParamLabel>,
    /// For each currency: its doc comment.
    pub currency_docs: Vec<Option<String>>,
}

/// What a policy says of a parameter for those who may set it; its values are checked against it when it is compiled.
#[derive(Clone, Debug, Default)]
pub struct ParamLabel {
    /// 可调: from, to, in held units.
    pub adjustable: Option<(Decimal, Decimal)>,
    /// 由.
    pub decided_by: Option<String>,
    /// It is written in percent; the Plan only knows that it has no unit.
    pub percent: bool,
}

/// Labels of a ranking, grade, flag or right.
#[derive(Clone, Debug, Default)]
pub struct StandingLabel {
    /// Article number.
    pub article: Option<u32>,
    /// Doc comment.
    pub doc: Option<String>,
    /// Where its name stands.
    pub span: Span,
}

/// Labels of one item.
#[derive(Clone, Debug, Default)]
pub struct ItemLabel {
    /// Item name (the last part of its path).
    pub name: String,
    /// Article number.
    pub article: Option<u32>,
    /// Doc comment.
    pub doc: Option<String>,
    /// Where the item stands.
    pub span: Span,
    /// Where each of its `requires` stands.
    pub requires: Vec<Span>,
    /// Where each of its `lines` stands.
    pub lines: Vec<Span>,
}
