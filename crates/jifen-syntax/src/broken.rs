//! What is wrong with a part that could not be read: reads it again strictly and says it in plain words.

use crate::ast::{Span, Stmt};
use crate::build::{Builder, P, code_len};
pub(crate) use crate::context::Context;
use crate::grammar::{Grammar, Rule};
use crate::keywords;
use crate::parse::position;
use jifen_diag::{Diagnostic, Text, codes, suggest, text};
use pest::Parser as _;
use pest::error::ErrorVariant;

/// So many broken parts are explained; a text with more is not a policy.
const MAX_MESSAGES: usize = 200;

impl Builder<'_> {
    /// Reports a broken part.
    pub(crate) fn report(&mut self, pair: &P<'_>, context: Context) {
        self.salvage(pair, context);
    }

    /// Reports a broken statement; its readable beginning, if any, is kept so that nothing follows from its loss.
    pub(crate) fn report_stmt(&mut self, pair: &P<'_>, context: Context) -> Option<Stmt> {
        let end = self.salvage(pair, context)?;
        let piece = pair.as_str().get(..end)?;
        let old = self.base;
        self.base += pair.as_span().start();
        let prefix = context.strict().1.filter(|_| context == Context::Allot);
        let found = Grammar::parse(prefix.unwrap_or(Rule::prefix_stmt), piece)
            .ok()
            .and_then(|mut p| p.next())
            .and_then(|p| p.into_inner().next())
            .map(|p| self.stmt(p));
        self.base = old;
        found
    }

    /// Raises the diagnostic; gives the length of the readable beginning.
    fn salvage(&mut self, pair: &P<'_>, context: Context) -> Option<usize> {
        if self.diagnostics.len() >= MAX_MESSAGES {
            return None;
        }
        let whole = pair.as_str();
        let part = whole.get(..code_len(whole)).unwrap_or(whole);
        let start = pair.as_span().start();
        let (strict, prefix) = context.strict();
        let readable = prefix
            .and_then(|r| Grammar::parse(r, part).ok())
            .and_then(|mut p| p.next())
            .map(|p| code_len(p.as_str()))
            .filter(|n| *n > 0);
        if let Some(n) = readable {
            let rest = part.get(n..).unwrap_or("");
            let at = n + rest.len() - rest.trim_start().len();
            let new_line = rest.get(..at - n).is_some_and(|b| b.contains('\n'));
            // A word of the language that could go on here: what is wrong comes after it.
            let operator = keywords::find("operator", word_at(part, at)).is_some();
            if operator && !new_line {
                let further = Grammar::parse(strict, part).err().map(|e| position(&e));
                if let Some(p) = further.filter(|p| *p > at && *p < part.len()) {
                    if !self.range_in(part, start, at) {
                        self.unexpected(part, start, p, context, false);
                    }
                    return Some(n);
                }
            }
            self.unexpected(part, start, at, context, new_line);
            return Some(n);
        }
        match Grammar::parse(strict, part) {
            Ok(_) => self.unexpected(part, start, 0, context, false),
            Err(error) => {
                let at = position(&error).min(part.len());
                let expected = match &error.variant {
                    ErrorVariant::ParsingError { positives, .. } => positives.clone(),
                    ErrorVariant::CustomError { .. } => Vec::new(),
                };
                self.failed(part, start, at, context, &expected);
            }
        }
        None
    }

    fn word_span(&self, part: &str, start: usize, at: usize) -> (String, Span) {
        let word = word_at(part, at);
        (
            word.to_owned(),
            self.at(start + at, start + at + word.len()),
        )
    }

    /// Something stands where a statement has ended.
    fn unexpected(
        &mut self,
        part: &str,
        start: usize,
        at: usize,
        context: Context,
        new_line: bool,
    ) {
        let (word, span) = self.word_span(part, start, at);
        if self.hinted(part, start, at, context)
            || self.range_in(part, start, at)
            || self.bad_number(part, start, at)
            || self.letter_in_number(part, start, at)
            || self.glued_words(&word, span, context)
        {
            return;
        }
        let rest = part.get(at..).unwrap_or("");
        let next = first_word(rest.get(word.len()..).unwrap_or("").trim_start());
        if let Some(k) = lead(rest) {
            // 类别 属于（…）: a field that is called like a declaration.
            let declaration = keywords::of_rule(k).is_some_and(|k| k.class == "declaration");
            if !(declaration && keywords::find("operator", next).is_some()) {
                self.misplaced_word(k, span, context);
                return;
            }
        }
        let field = matches!(context, Context::Roster | Context::Record | Context::Attr);
        if field
            && new_line
            && next.starts_with(char::is_alphanumeric)
            && self.near(&word, context.starters()).is_none()
        {
            self.put_colon(start + at, start + at + word.len());
            return;
        }
        if matches!(context, Context::Row) && self.colon_missing(part, start, at) {
            return;
        }
        if word.chars().all(|c| "，,、；;：:。".contains(c)) {
            let d = Diagnostic::new(
                codes::UNEXPECTED,
                span,
                text!(zh = "这里不用“{word}”", en = "no “{word}” belongs here"),
            );
            self.push(d.fix(span, "", text!(zh = "删去它", en = "delete it")));
            return;
        }
        let starters = self.near(&word, context.starters());
        let inner = self.near(&word, OPERATORS);
        let after_number = part
            .get(..at)
            .unwrap_or("")
            .trim_end()
            .ends_with(char::is_numeric);
        let unit = after_number && !new_line && self.near_unit(&word).is_some();
        let code = if unit {
            codes::UNEXPECTED
        } else if new_line || (starters.is_some() && inner.is_none()) {
            context.code()
        } else {
            codes::UNEXPECTED
        };
        let message = if code == codes::UNEXPECTED {
            text!(
                zh = "这句话到“{word}”这里接不下去",
                en = "the statement does not go on with “{word}”"
            )
        } else {
            self.no_such_start(&word, context)
        };
        let d = Diagnostic::new(code, span, message);
        let near = starters.or(inner);
        let near = match unit {
            true => self.near_unit(&word),
            false => near,
        };
        let otherwise = crate::hints::said_otherwise(&word).filter(|_| near.is_none());
        let condition = near.is_none()
            && otherwise.is_none()
            && code == codes::UNEXPECTED
            && context.is_clause()
            && !is_reserved(&word);
        let d = if condition && word.chars().all(char::is_alphanumeric) {
            let when = self.spell(Rule::kw_when);
            d.help(text!(
                zh = "如果这是条件，前面要写“{when}”",
                en = "a condition has “{when}” before it"
            ))
        } else {
            match otherwise {
                Some(h) => d.help(h),
                None => d,
            }
        };
        let d = offer(d, span, near);
        self.push(d);
    }

    /// `满 1小时 10分`: the key of a row without its colon.
    fn colon_missing(&mut self, part: &str, start: usize, at: usize) -> bool {
        let rest = part.get(at..).unwrap_or("");
        let Some(key) = Grammar::parse(Rule::row_key, rest)
            .ok()
            .and_then(|mut p| p.next())
        else {
            return false;
        };
        let n = code_len(key.as_str());
        let next = rest.get(n..).unwrap_or("").trim_start();
        if next.is_empty() {
            return self.unit_after(part, start);
        }
        if next.starts_with([':', '：']) {
            return false;
        }
        self.put_colon(start + at, start + at + n);
        true
    }

    /// Says that a colon is missing after a key, and puts it there.
    fn put_colon(&mut self, key: usize, end: usize) {
        let here = self.at(end, end);
        self.push(
            Diagnostic::new(
                codes::SYNTAX,
                self.at(key, end),
                text!(
                    zh = "这后面缺少冒号；每行写作 名：值",
                    en = "a colon is missing after this; each line has the form name: value"
                ),
            )
            .fix(here, ": ", text!(zh = "补上冒号", en = "add a colon")),
        );
    }

    fn no_such_start(&self, word: &str, context: Context) -> Text {
        let all: Vec<&str> = context.starters().iter().map(|r| self.spell(*r)).collect();
        let (zh, en) = jifen_diag::listed(&all);
        match context {
            Context::Top => text!(
                zh = "没有“{word}”这种条目；可以写：{zh}",
                en = "there is no declaration “{word}”; there are: {en}"
            ),
            _ if all.is_empty() => text!(
                zh = "读不懂“{word}”；每行写作 名：值",
                en = "“{word}” cannot be read; each line has the form name: value"
            ),
            _ => text!(
                zh = "这里没有“{word}”这个语句；可以写：{zh}",
                en = "there is no statement “{word}” here; there are: {en}"
            ),
        }
    }

    /// The beginning itself could not be read.
    fn failed(&mut self, part: &str, start: usize, at: usize, context: Context, expected: &[Rule]) {
        if self.name_in_disguise(part, start, at, context) {
            return;
        }
        let first = lead(part);
        let known = first.is_some_and(|r| context.starters().contains(&r))
            || context == Context::Allot && begins_part(part);
        let needs_starter = !matches!(
            context,
            Context::Roster | Context::Attr | Context::Row | Context::Record
        );
        if !known && needs_starter {
            let (word, span) = self.word_span(part, start, 0);
            match first {
                Some(k) => self.misplaced_word(k, span, context),
                None if self.glued_words(&word, span, context) => {}
                None => {
                    let near = self.near(&word, context.starters());
                    let mut d =
                        Diagnostic::new(context.code(), span, self.no_such_start(&word, context));
                    if let (None, Some(h)) = (&near, crate::hints::said_otherwise(&word)) {
                        d = d.help(h);
                    }
                    self.push(offer(d, span, near));
                }
            }
            return;
        }
        if expected.contains(&Rule::kw_to) && self.range_in(part, start, 0) {
            return;
        }
        let (word, span) = self.word_span(part, start, at);
        let wanted = self.wanted(expected);
        let last = part.trim_end().len();
        if at >= last {
            let lead_len = word_at(part, 0).len();
            let d = Diagnostic::new(
                codes::INCOMPLETE,
                self.at(start, start + last.max(lead_len)),
                Text::new(
                    format!("这句话没写完：后面还应有{}", wanted.zh),
                    format!("this is not finished: it still needs {}", wanted.en),
                ),
            );
            self.push(d);
            return;
        }
        if at == 0 && first.is_none() && !is_reserved(&word) {
            let near = self.near(&word, context.starters());
            let d = Diagnostic::new(codes::SYNTAX, span, self.no_such_start(&word, context));
            self.push(offer(d, span, near));
            return;
        }
        let names_here = matches!(
            context,
            Context::Top | Context::Roster | Context::Record | Context::Attr
        );
        let named = part
            .get(at + word.len()..)
            .is_some_and(|r| r.trim_start().starts_with([':', '：']));
        if at == 0
            && !named
            && context != Context::Top
            && let Some(k) = lead(part)
        {
            self.misplaced_word(k, span, context);
            return;
        }
        if names_here && (at == 0 || expected.contains(&Rule::name)) && is_reserved(&word) {
            self.reserved(&word, span);
            return;
        }
        if self.bad_number(part, start, at) || self.glued_words(&word, span, context) {
            return;
        }
        let lines = matches!(
            context,
            Context::Roster | Context::Record | Context::Attr | Context::Row | Context::First
        );
        let value = word
            .chars()
            .next()
            .is_some_and(|c| c.is_alphanumeric() || "“\"（(-".contains(c));
        if lines && value && expected.contains(&Rule::colon) {
            let end = start + part.get(..at).unwrap_or("").trim_end().len();
            self.put_colon(start, end);
            return;
        }
        if at > 0 && self.letter_in_number(part, start, at) {
            return;
        }
        let near = self.near(&word, expected);
        let near_sign = expected == [Rule::kw_assign] && value;
        let message = Text::new(
            format!("读到“{word}”读不下去，这里应有{}", wanted.zh),
            format!("“{word}” does not fit here: expected {}", wanted.en),
        );
        let d = Diagnostic::new(codes::SYNTAX, span, message);
        if near_sign {
            let here = self.at(start + at, start + at);
            self.push(d.fix(here, "= ", text!(zh = "补上 =", en = "add =")));
            return;
        }
        self.push(offer(d, span, near));
    }

    /// `凭参会`, `项目参加会议`: a word of the language written together with a name.
    fn glued_words(&mut self, word: &str, span: Span, context: Context) -> bool {
        let found = context
            .starters()
            .iter()
            .chain(OPERATORS)
            .filter_map(|r| keywords::of_rule(*r))
            .find_map(|k| {
                k.spellings(jifen_diag::Lang::Zh).find(|s| {
                    s.chars().all(char::is_alphabetic)
                        && word.len() > s.len()
                        && word.starts_with(s)
                })
            });
        let Some(head) = found else { return false };
        // 整月再任 is a misspelt word, not 整月 and something.
        let as_long = |n: &String| n.chars().count() == word.chars().count();
        let near = self.near(word, OPERATORS).filter(as_long);
        if near
            .or_else(|| self.near(word, context.starters()).filter(as_long))
            .is_some()
        {
            return false;
        }
        let rest = word.get(head.len()..).unwrap_or("").to_owned();
        if head.chars().count() == 1 && self.near(word, context.starters()).is_some() {
            return false;
        }
        self.missing_blank(span, head, &rest);
        true
    }

    fn missing_blank(&mut self, span: Span, head: &str, rest: &str) {
        let fixed = format!("{head} {rest}");
        self.push(
            Diagnostic::new(
                codes::MISSING_BLANK,
                span,
                text!(
                    zh = "“{head}”和“{rest}”连在一起了，中间要空格",
                    en = "“{head}” and “{rest}” run together: put a blank between them"
                ),
            )
            .fix(
                span,
                fixed.clone(),
                text!(zh = "写成“{fixed}”", en = "write “{fixed}”"),
            ),
        );
    }

    /// `10分当困难`: an amount and an operator word without a blank.
    pub(crate) fn glued(&mut self, pair: &P<'_>) -> bool {
        let word = pair.as_str();
        let digits = word.find(|c: char| !c.is_numeric()).unwrap_or(word.len());
        let (number, rest) = word.split_at(digits);
        for unit in keywords::of_class("unit").flat_map(|k| k.spellings(jifen_diag::Lang::Zh)) {
            let Some(tail) = rest.strip_prefix(unit) else {
                continue;
            };
            let operator = ["statement", "operator"]
                .iter()
                .flat_map(|class| keywords::of_class(class))
                .flat_map(|k| k.spellings(jifen_diag::Lang::Zh))
                .filter(|s| tail.starts_with(s) && tail.len() > s.len())
                .max_by_key(|s| s.len());
            if let Some(op) = operator {
                let span = self.span(pair);
                let rest = tail.get(op.len()..).unwrap_or("");
                self.missing_blank(span, &format!("{number}{unit}"), &format!("{op} {rest}"));
                return true;
            }
        }
        false
    }

    /// A word of the language where a name belongs.
    pub(crate) fn reserved(&mut self, word: &str, span: Span) {
        let quoted = format!("「{word}」");
        self.push(
            Diagnostic::new(
                codes::RESERVED_WORD,
                span,
                text!(
                    zh = "“{word}”是语句用词，作名称要加引号：{quoted}",
                    en = "“{word}” is a word of the language; as a name it needs quotes: {quoted}"
                ),
            )
            .fix(
                span,
                quoted.clone(),
                text!(zh = "写成{quoted}", en = "write {quoted}"),
            ),
        );
    }

    fn misplaced_word(&mut self, rule: Rule, span: Span, context: Context) {
        let Some(k) = keywords::of_rule(rule) else {
            return;
        };
        let word = k.canonical(self.lang);
        if matches!(k.class, "declaration" | "later") {
            self.push(Diagnostic::new(
                codes::MISPLACED_DECLARATION,
                span,
                text!(
                    zh = "“{word}”不能写在这里",
                    en = "“{word}” cannot stand here"
                ),
            ));
            return;
        }
        let all: Vec<&str> = context.starters().iter().map(|r| self.spell(*r)).collect();
        let (zh, en) = jifen_diag::listed(&all);
        let d = Diagnostic::new(
            codes::MISPLACED_STATEMENT,
            span,
            text!(
                zh = "“{word}”不能写在这里",
                en = "“{word}” cannot stand here"
            ),
        );
        let d = if all.is_empty() {
            d
        } else {
            d.help(text!(
                zh = "这里可以写：{zh}",
                en = "here you may write: {en}"
            ))
        };
        self.push(d);
    }

    /// The keyword that a word was probably meant to be.
    fn near(&self, word: &str, rules: &[Rule]) -> Option<String> {
        let all: Vec<&str> = rules
            .iter()
            .filter_map(|r| keywords::of_rule(*r))
            .filter(|k| k.class != "unit")
            .flat_map(|k| k.spellings(self.lang))
            .filter(|s| s.chars().any(char::is_alphabetic))
            .collect();
        suggest(word, all.iter().copied())
            .filter(|s| *s != word)
            .map(str::to_owned)
    }

    /// "a value, 当 or the end", in both languages.
    fn wanted(&self, rules: &[Rule]) -> Text {
        let mut all: Vec<(String, String)> = Vec::new();
        for r in rules {
            let Some((zh, en)) = self.plain(*r) else {
                continue;
            };
            if !all.iter().any(|(z, _)| *z == zh) {
                all.push((zh, en));
            }
        }
        if all.is_empty() {
            return Text::new("别的内容", "something else");
        }
        all.truncate(8);
        let zh: Vec<&str> = all.iter().map(|(z, _)| z.as_str()).collect();
        let en: Vec<&str> = all.iter().map(|(_, e)| e.as_str()).collect();
        Text::new(zh.join("、"), en.join(", "))
    }

    fn plain(&self, rule: Rule) -> Option<(String, String)> {
        use Rule::*;
        let pair = |zh: &str, en: &str| Some((zh.to_owned(), en.to_owned()));
        match rule {
            kw_plus | kw_minus | kw_times_op | kw_divide | kw_int_div => {
                return pair("运算符号", "an operator");
            }
            kw_is | kw_is_not | kw_ge | kw_gt | kw_le | kw_lt | kw_reaches | kw_under
            | kw_one_of | kw_between | kw_missing | kw_and_above | kw_and_below | compare
            | compare_after | one_of | between | missing => return pair("比较词", "a comparison"),
            _ => {}
        }
        if let Some(k) = keywords::of_rule(rule) {
            if matches!(k.class, "unit") {
                return pair("单位", "a unit");
            }
            let spelt = format!("“{}”", k.canonical(self.lang));
            return Some((spelt.clone(), spelt));
        }
        match rule {
            name | word | field_name | ident_text | member_name | glued_name | name_list => {
                pair("名称", "a name")
            }
            value | arith | operand | atom | key_arith | key_operand | cap_limit | amount => {
                pair("数值", "a value")
            }
            expr | and_expr | not_expr | cmp => pair("条件", "a condition"),
            number | han_number | quantity | han_quantity | lone_quantity => {
                pair("数量", "a number")
            }
            date | moment | instant => pair("日期", "a date"),
            time | clock_range => pair("钟点", "a time of day"),
            text | title => pair("引号里的文字", "a quoted text"),
            type_expr | choice_type => pair("类型", "a type"),
            lbrace => pair("“{”", "“{”"),
            rbrace => pair("“}”", "“}”"),
            lparen => pair("左括号", "an opening bracket"),
            rparen => pair("右括号", "a closing bracket"),
            comma => pair("逗号", "a comma"),
            colon => pair("冒号", "a colon"),
            when => pair("“当”", "“when”"),
            row_key | bound => pair("档位", "a band"),
            outcome => pair("应得的结果", "the expected result"),
            _ => None,
        }
    }
}

/// Words inside statements that people misspell.
const OPERATORS: &[Rule] = &[
    Rule::kw_when,
    Rule::kw_and,
    Rule::kw_or,
    Rule::kw_not,
    Rule::kw_gt,
    Rule::kw_ge,
    Rule::kw_le,
    Rule::kw_lt,
    Rule::kw_is_not,
    Rule::kw_one_of,
    Rule::kw_between,
    Rule::kw_missing,
    Rule::kw_and_above,
    Rule::kw_and_below,
    Rule::kw_during,
    Rule::kw_starting_in,
    Rule::kw_touching,
    Rule::kw_bands,
    Rule::kw_slices,
    Rule::kw_h_whole,
    Rule::kw_h_first,
    Rule::kw_h_any,
    Rule::kw_h_prorated,
    Rule::kw_applies,
    Rule::kw_r_half_up,
    Rule::kw_r_up,
    Rule::kw_r_down,
    Rule::kw_graded_by,
    Rule::kw_required,
    Rule::kw_default,
    Rule::kw_subject,
    Rule::kw_per_full,
];

fn offer(d: Diagnostic, span: Span, near: Option<String>) -> Diagnostic {
    match near {
        Some(n) => d.fix(
            span,
            n.clone(),
            text!(zh = "是不是“{n}”？", en = "did you mean “{n}”?"),
        ),
        None => d,
    }
}

/// The first word of a text.
pub(crate) fn first_word(part: &str) -> &str {
    word_at(part, 0)
}

pub(crate) fn word_at(part: &str, at: usize) -> &str {
    let rest = part.get(at..).unwrap_or("");
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let end = match rest.chars().next() {
        None => 0,
        Some(c) if word(c) => rest.find(|c: char| !word(c)).unwrap_or(rest.len()),
        Some(c) => c.len_utf8(),
    };
    rest.get(..end).unwrap_or("")
}

/// True for a word that cannot be a name without quotes.
pub(crate) fn is_reserved(word: &str) -> bool {
    ["statement", "later_statement", "operator"]
        .iter()
        .any(|c| keywords::find(c, word).is_some())
}

/// Does a part of an allotment begin here? Its words are reserved nowhere else.
fn begins_part(part: &str) -> bool {
    let word = word_at(part, 0);
    let by = keywords::find("operator", word).is_some_and(|k| k.concept == "by");
    by || keywords::find("allot", word).is_some()
}

fn lead(part: &str) -> Option<Rule> {
    let mut found = Grammar::parse(Rule::lead_word, part).ok()?;
    found.next()?.into_inner().next().map(|p| p.as_rule())
}
