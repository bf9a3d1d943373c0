//! Where passes put their diagnostics, and how unknown names are reported; it decides nothing about meaning.

use std::collections::BTreeSet;

use jifen_diag::{Diagnostic, Lang, Sources, Span, Text, codes, suggest, text};
use jifen_syntax::ast::Name;

/// Collects diagnostics of all passes.
#[derive(Default)]
pub(crate) struct Sink {
    pub(crate) all: Vec<Diagnostic>,
    /// Language of the file that is being looked at: fixes are written in it.
    pub(crate) lang: Lang,
    /// The parser lost a declaration: its name is unknown, so unknown names are not reported.
    pub(crate) lenient: bool,
    /// Places at which the parser lost something.
    pub(crate) broken: Vec<Span>,
    /// Declarations that could not be read.
    pub(crate) broken_decls: Vec<Span>,
    /// The texts, if something was lost: a name that stands in a lost part is not reported as unknown.
    pub(crate) texts: Option<Sources>,
    pub(crate) reported: BTreeSet<(u32, Span)>,
    /// Unknown names that were reported.
    pub(crate) unknown: BTreeSet<String>,
    /// Test lines do not repeat what the rules have shown.
    pub(crate) in_tests: bool,
}

impl Sink {
    /// Reports; the same code at the same place only once.
    pub(crate) fn push(&mut self, d: Diagnostic) {
        if self.reported.insert((u32::from(d.code.0), d.span)) {
            self.all.push(d);
        }
    }

    /// Takes back what was said since then and may only follow from a record that is not known.
    pub(crate) fn forget(&mut self, since: usize) {
        let follows = [
            codes::UNKNOWN_NAME,
            codes::UNKNOWN_FIELD,
            codes::AMBIGUOUS_NAME,
            codes::SELECT_KIND,
            codes::TIME_WORD_NEEDS_SPAN,
            codes::NO_CLOCK_TIME,
            codes::SPLIT_UNSTATED,
            codes::CAP_KEY,
            codes::CHARGE_UNSTATED,
            codes::SUBJECT_UNSTATED,
            codes::MEASURE_PLACE,
            codes::STANDING_PLACE,
        ];
        let mut at = 0;
        self.all.retain(|d| {
            at += 1;
            at <= since || !follows.contains(&d.code)
        });
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.all.iter().any(Diagnostic::is_error)
    }

    /// The spelling in the language of the file.
    pub(crate) fn kw(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(zh, en)
    }

    /// Where a missing word goes, and the blank beside it: before what stands after it, or at the end.
    pub(crate) fn gap(next: Option<Span>, end: Span) -> (Span, &'static str, &'static str) {
        match next {
            Some(next) => (next.at_start(), "", " "),
            None => (end, " ", ""),
        }
    }

    /// Each spelling as a change of its own, in the language of the file: none of them is the compiler's choice.
    pub(crate) fn each(
        &self,
        d: Diagnostic,
        (at, before, after): (Span, &str, &str),
        words: &[(&str, &str)],
    ) -> Diagnostic {
        words.iter().fold(d, |d, (zh, en)| {
            let word = self.lang.pick(*zh, *en);
            d.fix(
                at,
                format!("{before}{word}{after}"),
                text!(zh = "写明“{zh}”", en = "say “{en}”"),
            )
        })
    }

    /// Did the parser lose something inside this span?
    pub(crate) fn lost_in(&self, span: Span) -> bool {
        self.broken.iter().any(|b| span.contains(*b))
    }

    /// Does the text of a span contain a name? Without texts it may.
    pub(crate) fn mentions(&self, span: Span, name: &str) -> bool {
        self.texts
            .as_ref()
            .is_none_or(|t| t.slice(span).contains(name))
    }

    /// The declaration of a name may be in a part that the parser lost.
    pub(crate) fn may_be_lost(&self, name: &Name) -> bool {
        let mut places = self.broken_decls.iter();
        if places.any(|s| !s.contains(name.span) && self.mentions(*s, &name.text)) {
            return true;
        }
        self.texts.is_some()
            && self
                .broken
                .iter()
                .any(|s| !s.contains(name.span) && self.mentions(*s, &name.text))
    }

    /// A name that nothing declares. `what` says what was looked for.
    pub(crate) fn unknown<'n>(
        &mut self,
        name: &Name,
        what: &Text,
        candidates: impl IntoIterator<Item = &'n str>,
    ) {
        if let Some(d) = letter_in_number(&name.text, name.span) {
            self.push(d);
            return;
        }
        let candidates: Vec<&str> = candidates.into_iter().collect();
        let near = suggest(&name.text, candidates.iter().copied());
        // A test that speaks of what the rules have shown to be missing adds nothing; a misspelt name is one anywhere.
        let known = !self.unknown.insert(name.text.clone()) && self.in_tests && near.is_none();
        if self.may_be_lost(name) || known {
            return;
        }
        if let Some(split) = split_operator(&name.text, &candidates) {
            self.push(
                Diagnostic::new(
                    codes::OPERATOR_IN_NAME,
                    name.span,
                    text!(
                        zh = "没有叫“{}”的名称；“{}”是连接词，前后要空一格",
                        en =
                            "there is no “{}”; “{}” is an operator word: put a space on both sides",
                        name.text,
                        split.1
                    ),
                )
                .fix(
                    name.span,
                    split.0,
                    text!(zh = "拆开来写", en = "write it apart"),
                ),
            );
            return;
        }
        let mut d = Diagnostic::new(
            codes::UNKNOWN_NAME,
            name.span,
            Text::new(
                format!("没有叫“{}”的{}", name.text, what.zh),
                format!("there is no {} called “{}”", what.en, name.text),
            ),
        );
        if let Some((help, fix)) = measured(&name.text) {
            d = d.help(help);
            if let Some(fix) = fix {
                let note = text!(zh = "改成“{fix}”", en = "change it to “{fix}”");
                d = d.fix(name.span, fix, note);
            }
            self.push(d);
            return;
        }
        let units = ["unit", "choice", "value"]
            .into_iter()
            .flat_map(jifen_syntax::keywords::of_class)
            .flat_map(|k| k.spellings(self.lang))
            // 小时 is in 志愿小时数, and not what was meant.
            .filter(|s| !name.text.contains(s));
        if let Some(s) = near.or_else(|| suggest(&name.text, units)) {
            d = d
                .help(text!(zh = "是不是“{s}”？", en = "did you mean “{s}”?"))
                .fix(
                    name.span,
                    s,
                    text!(zh = "改成“{s}”", en = "change it to “{s}”"),
                );
        } else if !candidates.is_empty() && candidates.len() <= 8 {
            let (list, en) = jifen_diag::listed(&candidates);
            d = d.help(text!(zh = "可用的有：{list}", en = "there are: {en}"));
        }
        self.push(d);
    }
}

/// `半小时`, `年满60周岁`, `每小时10分` written as one word: how the language says it, and the change where there is one.
fn measured(name: &str) -> Option<(Text, Option<String>)> {
    let half = [
        ("半小时", "0.5小时"),
        ("半个小时", "0.5小时"),
        ("一个半小时", "1.5小时"),
    ];
    if let Some((_, fixed)) = half.iter().find(|h| h.0 == name) {
        let help = text!(
            zh = "半小时写“{fixed}”",
            en = "half an hour is written “{fixed}”"
        );
        return Some((help, Some((*fixed).to_owned())));
    }
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    if name.is_ascii() || digits.is_empty() {
        return None;
    }
    let tail = name.trim_start_matches(|c: char| !c.is_ascii_digit());
    let unit = tail.trim_start_matches(|c: char| c.is_ascii_digit());
    if ["岁", "周岁"].iter().any(|u| unit.starts_with(u)) {
        return Some((
            text!(
                zh = "年龄写“周岁(出生, 日期) 不低于 {digits}岁”，出生是名册里的一栏日期",
                en = "an age is written “周岁(出生, 日期) 不低于 {digits}岁”, with the birthday as a date of the roster"
            ),
            None,
        ));
    }
    let per = name.trim_start_matches('每').strip_suffix(tail)?;
    let known = |k: &str| jifen_syntax::keywords::find("unit", k).is_some();
    if known(per) && known(unit) {
        let fixed = format!("{digits}{unit}/{per}");
        let help = text!(
            zh = "每{per} {digits}{unit} 写“{fixed}”，再乘时长这类字段",
            en = "a rate is written “{fixed}”, times a field such as the duration"
        );
        // 每 stands before the name: what has to be replaced is not the name alone.
        return Some((help, None));
    }
    None
}

/// `1O分` where 10分 was meant, `1小是` where 1小时 was.
pub(crate) fn letter_in_number(name: &str, span: Span) -> Option<Diagnostic> {
    if !name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let end = name
        .find(|c: char| !(c.is_ascii_digit() || "OoQlI".contains(c)))
        .unwrap_or(name.len());
    let digits: String = name
        .get(..end)?
        .chars()
        .map(|c| match c {
            'O' | 'o' | 'Q' => '0',
            'l' | 'I' => '1',
            c => c,
        })
        .collect();
    let rest = name.get(end..)?;
    let units: Vec<&str> = jifen_syntax::keywords::of_class("unit")
        .flat_map(|k| k.spellings(Lang::Zh).chain(k.spellings(Lang::En)))
        .collect();
    let unit = match rest {
        "" => "",
        _ if units.contains(&rest) => rest,
        _ => suggest(rest, units)?,
    };
    let fixed = format!("{digits}{unit}");
    Some(
        Diagnostic::new(
            codes::BAD_NUMBER,
            span,
            text!(
                zh = "“{name}”不是数，是不是“{fixed}”？",
                en = "“{name}” is not a number; did you mean “{fixed}”?"
            ),
        )
        .fix(
            span,
            fixed.clone(),
            text!(zh = "改成“{fixed}”", en = "change it to “{fixed}”"),
        ),
    )
}

/// `夜间且周末` → (`夜间 且 周末`, `且`), when at least one part is known.
fn split_operator(name: &str, known: &[&str]) -> Option<(String, String)> {
    const WORDS: &[&str] = &[
        "并且",
        "或者",
        "不为",
        "属于",
        "不低于",
        "不超过",
        "超过",
        "不足",
        "缺失",
        "且",
        "或",
        "非",
    ];
    for word in WORDS {
        let Some((a, b)) = name.split_once(word) else {
            continue;
        };
        let ok = |s: &str| known.contains(&s);
        if (a.is_empty() && *word == "非" && ok(b)) || (!a.is_empty() && (ok(a) || ok(b))) {
            let spaced = format!("{a} {word} {b}");
            return Some((spaced.trim().to_owned(), (*word).to_owned()));
        }
    }
    None
}
