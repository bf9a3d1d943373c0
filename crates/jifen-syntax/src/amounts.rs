//! Numbers and units that could not be read: what they were meant to be. It finds no other mistakes.

use crate::ast::Span;
use crate::broken::word_at;
use crate::build::{Builder, normalise};
use crate::grammar::{Grammar, Rule};
use crate::keywords;
use jifen_diag::{Diagnostic, codes, suggest, text};
use pest::Parser as _;

impl Builder<'_> {
    /// `.5`, `1.`, `1,000`.
    pub(crate) fn bad_number(&mut self, part: &str, start: usize, at: usize) -> bool {
        let rest = normalise(
            part.get(at..)
                .unwrap_or("")
                .chars()
                .take(2)
                .collect::<String>()
                .as_str(),
        );
        let before = part
            .get(..at)
            .and_then(|p| p.chars().last())
            .is_some_and(|c| c.is_numeric());
        let mut chars = rest.chars();
        let (a, b) = (chars.next(), chars.next());
        let digit_next = b.is_some_and(|c| c.is_ascii_digit());
        let bad = match a {
            Some('.') => digit_next || before,
            Some(',') => digit_next && before,
            _ => false,
        };
        if bad {
            let len = part.get(at..).map_or(0, |r| {
                r.find(|c: char| !(c.is_numeric() || ".,．，".contains(c)))
                    .unwrap_or(r.len())
            });
            self.push(Diagnostic::new(
                codes::BAD_NUMBER,
                self.at(start + at, start + at + len.max(1)),
                text!(
                    zh = "数字写法不对：写 0.5、1000，不写 .5、1.、1,000",
                    en = "not a number: write 0.5 and 1000, not .5, 1. or 1,000"
                ),
            ));
        }
        bad
    }

    /// `10分-20分` where a range belongs.
    pub(crate) fn range_in(&mut self, part: &str, start: usize, from: usize) -> bool {
        let rest = part.get(from..).unwrap_or("");
        for (i, c) in rest.char_indices().filter(|(_, c)| "-－−–—".contains(*c)) {
            let before = rest.get(..i).unwrap_or("").trim_end();
            let after = rest.get(i + c.len_utf8()..).unwrap_or("").trim_start();
            let left = last_amount(before);
            let left_number = left.chars().next().is_some_and(|c| c.is_numeric());
            let date = left.len() == 4 && left.bytes().all(|b| b.is_ascii_digit());
            if left_number
                && !date
                && after.chars().next().is_some_and(|c| c.is_numeric())
                && !left.contains('-')
            {
                let sign = self.at(start + from + i, start + from + i + c.len_utf8());
                let tail = rest.get(i + c.len_utf8()..).unwrap_or("");
                let lead = tail.len() - tail.trim_start().len();
                let number = tail.get(lead..).unwrap_or("");
                let len = number
                    .find(|c: char| !(c.is_alphanumeric() || ".:：％%".contains(c)))
                    .unwrap_or(number.len());
                let stop = i + c.len_utf8() + lead + len;
                let all = self.at(
                    start + from + before.len() - left.len(),
                    start + from + stop,
                );
                // 22:00-06:00 runs into the next day.
                let end = number.get(..len).unwrap_or("");
                let next = crate::build::seconds(left)
                    .zip(crate::build::seconds(end))
                    .is_some_and(|(a, b)| b <= a);
                self.range_hyphen(all, Some((sign, next)));
                return true;
            }
        }
        false
    }

    /// `满 2 小是: 20分`: what follows the part is a misspelt unit.
    pub(crate) fn unit_after(&mut self, part: &str, start: usize) -> bool {
        let from = self.base + start + part.len();
        let Some(rest) = self.repaired.text.get(from..) else {
            return false;
        };
        let lead = rest.len() - rest.trim_start().len();
        let word = word_at(rest, lead).to_owned();
        let Some(near) = self.near_unit(&word) else {
            return false;
        };
        let at = start + part.len() + lead;
        let span = self.at(at, at + word.len());
        self.not_a_number(span, &word, &near);
        true
    }

    pub(crate) fn not_a_number(&mut self, span: Span, word: &str, fixed: &str) {
        self.push(
            Diagnostic::new(
                codes::BAD_NUMBER,
                span,
                text!(
                    zh = "“{word}”这样的数或单位没有，是不是“{fixed}”？",
                    en = "“{word}” is no number or unit; did you mean “{fixed}”?"
                ),
            )
            .fix(
                span,
                fixed,
                text!(zh = "改成“{fixed}”", en = "change it to “{fixed}”"),
            ),
        );
    }

    /// `1O points`, `8O%`: a letter that was typed for a digit. `0.5小是`: a misspelt unit.
    pub(crate) fn letter_in_number(&mut self, part: &str, start: usize, at: usize) -> bool {
        let before = part.get(..at).unwrap_or("").trim_end();
        let last = before
            .rsplit(|c: char| !(c.is_alphanumeric() || c == '.'))
            .next()
            .unwrap_or("");
        let here = part.get(at..).unwrap_or("");
        let n = here
            .find(|c: char| !(c.is_alphanumeric() || c == '.'))
            .unwrap_or(here.len());
        let words = [
            (start + before.len() - last.len(), last),
            (start + at, here.get(..n).unwrap_or("")),
        ];
        for (place, word) in words {
            if let Some(fixed) = self.plain_amount(word) {
                let span = self.at(place, place + word.len());
                let word = word.to_owned();
                self.not_a_number(span, &word, &fixed);
                return true;
            }
        }
        false
    }

    /// The amount that a word beginning with a digit was meant to be, if it is none.
    pub(crate) fn plain_amount(&self, word: &str) -> Option<String> {
        if !word.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let end = word
            .find(|c: char| !(c.is_ascii_digit() || ".OoQlI".contains(c)))
            .unwrap_or(word.len());
        let (number, unit) = word.split_at(end);
        let digits: String = number
            .chars()
            .map(|c| match c {
                'O' | 'o' | 'Q' => '0',
                'l' | 'I' => '1',
                c => c,
            })
            .collect();
        let known = keywords::of_class("unit")
            .flat_map(|k| k.spellings(self.lang))
            .any(|s| s == unit);
        let unit = match unit {
            "" => String::new(),
            u if known => u.to_owned(),
            u => self.near_unit(u)?,
        };
        let fixed = format!("{digits}{unit}");
        (fixed != word && Grammar::parse(Rule::quantity, &fixed).is_ok()).then_some(fixed)
    }

    /// The unit that a word was probably meant to be.
    pub(crate) fn near_unit(&self, word: &str) -> Option<String> {
        let units = keywords::of_class("unit").flat_map(|k| k.spellings(self.lang));
        suggest(word, units).map(str::to_owned)
    }
}

/// The number with its unit at the end of a text: `10分`, `1 point`.
fn last_amount(text: &str) -> &str {
    let last = text.rsplit(char::is_whitespace).next().unwrap_or("");
    if last.is_empty() || !last.chars().all(char::is_alphabetic) {
        return last;
    }
    let before = text.get(..text.len() - last.len()).unwrap_or("").trim_end();
    let number = before.rsplit(char::is_whitespace).next().unwrap_or("");
    if number.chars().next().is_some_and(char::is_numeric) {
        text.get(before.len() - number.len()..).unwrap_or("")
    } else {
        last
    }
}
