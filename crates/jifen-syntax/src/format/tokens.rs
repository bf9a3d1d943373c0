//! The leaves of the grammar's tree in order, each with what the layout must know of its place.

use crate::build::P;
use crate::grammar::Rule;
use crate::scan::Comment;
use pest::iterators::Pairs;

/// The brackets and commas around a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Around {
    /// A list of names or values: （、） in Chinese.
    List,
    /// Arguments of a function.
    Call,
    /// A bracket in arithmetic.
    Plain,
}

#[derive(Clone, Debug)]
pub(crate) struct Token<'t> {
    pub rule: Rule,
    pub text: &'t str,
    pub start: usize,
    pub end: usize,
    /// First token of a statement, field, row or declaration.
    pub entry: bool,
    pub around: Around,
    pub in_test: bool,
    /// The rule directly around the token.
    pub parent: Rule,
}

struct Flat<'c, 't> {
    comments: &'c [Comment],
    out: Vec<Token<'t>>,
    entry: bool,
    in_test: bool,
}

pub(crate) fn flatten<'t>(pairs: Pairs<'t, Rule>, comments: &[Comment]) -> Vec<Token<'t>> {
    let mut flat = Flat {
        comments,
        out: Vec::new(),
        entry: false,
        in_test: false,
    };
    for p in pairs {
        flat.walk(p, Around::List, Rule::file);
    }
    flat.out
}

impl<'t> Flat<'_, 't> {
    fn walk(&mut self, pair: P<'t>, around: Around, parent: Rule) {
        let rule = pair.as_rule();
        if rule == Rule::EOI {
            return;
        }
        self.entry |= is_entry(rule);
        let span = pair.as_span();
        let text = pair.as_str();
        let mut inner = pair.into_inner().peekable();
        if inner.peek().is_none() {
            if !text.is_empty() {
                let entry = std::mem::take(&mut self.entry);
                let (start, end) = (span.start(), span.end());
                self.out.push(Token {
                    rule,
                    text,
                    start,
                    end,
                    entry,
                    around,
                    in_test: self.in_test,
                    parent,
                });
            }
            return;
        }
        let inside = match rule {
            Rule::call
            | Rule::call_head
            | Rule::aggregate
            | Rule::aggregate_head
            | Rule::closed
            | Rule::closed_head
            | Rule::dates
            | Rule::dates_head
            | Rule::size_of
            | Rule::size_head
            | Rule::power
            | Rule::earned
            | Rule::earned_head
            | Rule::power_head => Around::Call,
            Rule::paren => Around::Plain,
            _ => Around::List,
        };
        let was_test = self.in_test;
        self.in_test |= rule == Rule::test_decl;
        let plain = !self
            .comments
            .iter()
            .any(|c| span.start() <= c.start && c.end <= span.end());
        if matches!(rule, Rule::cap_stmt | Rule::choose_stmt) && plain {
            let mut parts: Vec<P<'t>> = inner.collect();
            parts.sort_by_key(|p| cap_rank(p.as_rule()));
            for p in parts {
                self.walk(p, inside, rule);
            }
        } else {
            for p in inner {
                self.walk(p, inside, rule);
            }
        }
        self.in_test = was_test;
    }
}

/// The canonical order inside a cap: whom, per what, in which window, how much, how, except, when; a choice begins
/// with its word or number.
fn cap_rank(rule: Rule) -> u8 {
    match rule {
        Rule::kw_cap | Rule::kw_exclusive | Rule::kw_keep_best => 0,
        Rule::kw_s_best | Rule::kw_first | Rule::quantity | Rule::han_quantity => 1,
        Rule::cap_everyone => 2,
        Rule::cap_per => 3,
        Rule::cap_window => 4,
        Rule::cap_limit => 5,
        Rule::when => 7,
        _ => 6,
    }
}

fn is_entry(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::policy_decl
            | Rule::roster_decl
            | Rule::points_decl
            | Rule::record_decl
            | Rule::param_decl
            | Rule::clock_decl
            | Rule::measure_decl
            | Rule::score_decl
            | Rule::score_line
            | Rule::rank_decl
            | Rule::rank_line
            | Rule::grade_decl
            | Rule::grade_line
            | Rule::flag_decl
            | Rule::right_decl
            | Rule::campaign_decl
            | Rule::category_decl
            | Rule::item_decl
            | Rule::spend_decl
            | Rule::reward_decl
            | Rule::transfer_decl
            | Rule::allot_decl
            | Rule::allot_stmt
            | Rule::test_decl
            | Rule::header_stmt
            | Rule::stmt
            | Rule::points_stmt
            | Rule::record_stmt
            | Rule::field
            | Rule::param_part
            | Rule::review_part
            | Rule::pass_cap
            | Rule::test_line
            | Rule::attr
            | Rule::row
            | Rule::first_row
            | Rule::first_rest
    )
}
