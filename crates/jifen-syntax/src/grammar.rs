//! The parser made by pest from the files in `grammar/`; nothing else knows pest's types but this crate.
#![allow(missing_docs, reason = "the rules are documented in grammar/")]

use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "../../grammar/lexical.pest"]
#[grammar = "../../grammar/keywords.pest"]
#[grammar = "../../grammar/expression.pest"]
#[grammar = "../../grammar/policy.pest"]
pub struct Grammar;
