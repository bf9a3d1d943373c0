//! Misspelt declaration words at the heads of declarations: `记绿 参会 对象 居民` is read as 记录, and said.

use super::Edit;
use super::tokens::{after_quote, declaration, skip_article};
use crate::keywords;
use jifen_diag::{Diagnostic, Lang, SourceId, Span, codes, suggest, text};

/// A word to be read as another one, with the message about it.
pub(crate) type Mend = (Edit, Diagnostic);

/// Looks for misspelt heads: at the beginning of a line (or after a brace), a word that is none of the language, a name
/// after it, and then what follows a head.
pub(crate) fn heads(text: &str, source: SourceId) -> Vec<Mend> {
    let mut out = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if out.len() < 50 {
            out.extend(in_line(line, start, source));
        }
        start += line.len();
    }
    out
}

/// A colon or a comma typed twice: one is left out, and that is said.
pub(crate) fn doubled(text: &str, source: SourceId) -> Vec<Mend> {
    const SIGNS: &[char] = &[':', '：', '、', '，', ',', '､'];
    let mut out = Vec::new();
    let mut at = 0;
    let mut last: Option<char> = None;
    while let Some(c) = text.get(at..).and_then(|r| r.chars().next()) {
        let rest = text.get(at..).unwrap_or("");
        if let Some(n) = after_quote(rest) {
            (at, last) = (at + n, None);
            continue;
        }
        // A comment, or a quote that is not closed: the rest of the line is no code.
        if matches!(c, '#' | '＃' | '“' | '《' | '「' | '＂' | '"') {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        let again = SIGNS.contains(&c)
            && last.is_some_and(|l| (l == ':' || l == '：') == (c == ':' || c == '：'));
        if again && out.len() < 50 {
            let span = Span::new(source, at, at + c.len_utf8());
            let d = Diagnostic::new(
                codes::UNEXPECTED,
                span,
                text!(zh = "这里多了一个“{c}”", en = "one “{c}” too many"),
            )
            .fix(span, "", text!(zh = "删去它", en = "delete it"));
            out.push((Edit::new(at, c.len_utf8(), ""), d));
        } else if SIGNS.contains(&c) {
            last = Some(c);
        } else if !c.is_whitespace() || c == '\n' {
            last = None;
        }
        at += c.len_utf8();
    }
    out
}

/// `条件 等级 是 甲`: between two words 是 compares, and the word for it is 为.
pub(crate) fn said_is(text: &str, source: SourceId) -> Vec<Mend> {
    let mut out = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if out.len() < 50 {
            in_code(line, |at, before, word, after| {
                let meant = match word {
                    "是" => "为",
                    "不是" => "不为",
                    _ => return,
                };
                // `投对: 是`: the value of a field.
                let name = |w: &str| {
                    let letters = w.chars().all(|c| c.is_alphanumeric() || c == '_');
                    letters && !crate::broken::is_reserved(w)
                };
                let value = after.starts_with(|c: char| c.is_numeric() || c == '“' || c == '「');
                if !name(before) || !(name(after) || value) {
                    return;
                }
                let at = start + at;
                let span = Span::new(source, at, at + word.len());
                let d = Diagnostic::new(
                    codes::UNEXPECTED,
                    span,
                    text!(
                        zh = "比较两个值，“{word}”要写“{meant}”；“是”只作值，同“否”相对",
                        en = "two values are compared by “{meant}”, not by “{word}”, which is a value"
                    ),
                )
                .fix(
                    span,
                    meant,
                    text!(zh = "改成“{meant}”", en = "write “{meant}”"),
                );
                out.push((Edit::new(at, word.len(), meant), d));
            });
        }
        start += line.len();
    }
    out
}

/// The words of a line of code between blanks, with the words around them: (where, before, word, after). What stands in
/// quotes is none of them.
fn in_code(line: &str, mut see: impl FnMut(usize, &str, &str, &str)) {
    let code = line.split(['#', '＃']).next().unwrap_or("");
    let (mut at, mut quoted) = (0, 0);
    let mut words = Vec::new();
    for part in code.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        if let Some(n) = code
            .get(at..)
            .filter(|_| at >= quoted)
            .and_then(after_quote)
        {
            quoted = at + n;
        }
        if !word.is_empty() && at >= quoted {
            words.push((at, word));
        }
        at += part.len();
    }
    for three in words.windows(3) {
        if let [(_, before), (at, word), (_, after)] = three {
            see(*at, before, word, after);
        }
    }
}

fn in_line(line: &str, start: usize, source: SourceId) -> Option<Mend> {
    let code = line.trim_start();
    let body = skip_article(code);
    let article = body.len() < code.len();
    let end = body
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(body.len());
    let (word, after) = body.split_at(end);
    if word.is_empty() || known(word, body) {
        return None;
    }
    let lang = if word.is_ascii() && !heads_in_letters(word) {
        Lang::En
    } else {
        Lang::Zh
    };
    let words = ["declaration", "later"]
        .into_iter()
        .flat_map(keywords::of_class)
        .flat_map(|k| k.spellings(lang));
    let near = suggest(word, words)?;
    let needs = tail(after, near)?;
    if !(needs || article) {
        return None;
    }
    let at = start + line.len() - body.len();
    let span = Span::new(source, at, at + end);
    let d = Diagnostic::new(
        codes::UNKNOWN_DECLARATION,
        span,
        text!(
            zh = "没有“{word}”这种条目",
            en = "there is no declaration “{word}”"
        ),
    )
    .fix(
        span,
        near,
        text!(zh = "是不是“{near}”？", en = "did you mean “{near}”?"),
    );
    Some((Edit::new(at, end, near), d))
}

/// Pinyin in an otherwise Chinese file.
fn heads_in_letters(word: &str) -> bool {
    let words = ["declaration", "later"]
        .into_iter()
        .flat_map(keywords::of_class);
    suggest(word, words.flat_map(|k| k.spellings(Lang::Zh))).is_some()
}

/// A word of the language that may begin a line.
fn known(word: &str, body: &str) -> bool {
    declaration(word).is_some()
        || crate::broken::is_reserved(word)
        || keywords::find("test", word).is_some()
        || keywords::find("score", word).is_some()
        || ["statement", "test", "operator", "declaration"]
            .iter()
            .flat_map(|c| keywords::of_class(c))
            .flat_map(|k| k.spellings(Lang::En))
            .any(|s| s.contains(' ') && body.starts_with(s))
}

/// A name, then a brace, a subject, `=`, or the end of the line. `None`: no head.
fn tail(after: &str, near: &str) -> Option<bool> {
    let name = after.trim_start_matches([' ', '\t', '\u{3000}']);
    let c = name.chars().next()?;
    let quoted = matches!(c, '《' | '“' | '"' | '「');
    if !(quoted || name.len() < after.len() && (c.is_alphabetic() || c == '_')) {
        return None;
    }
    let end = after_quote(name)
        .or_else(|| name.find(|c: char| !(c.is_alphanumeric() || c == '_')))
        .unwrap_or(name.len());
    if !quoted && crate::broken::is_reserved(name.get(..end)?) {
        return None;
    }
    let rest = name.get(end..)?.trim();
    let rest = match after_quote(rest) {
        Some(n) => rest.get(n..)?.trim_start(),
        None => rest,
    };
    let first = rest
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .next()
        .unwrap_or("");
    let subject = keywords::find("operator", first).is_some_and(|k| k.concept == "subject");
    let bare = rest.is_empty() || rest.starts_with(['#', '＃']);
    let alone = declaration(near).is_some_and(|c| matches!(c, "d_points" | "d_fact"));
    Some(subject || rest.starts_with(['{', '｛', '=', '＝']) || (bare && (alone || quoted)))
}
