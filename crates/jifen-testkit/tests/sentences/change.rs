//! One-token changes of a policy text: a number, a word of the language for another of its class, a name for another, a sign, a token
//! left out, two lines exchanged. Most do not compile; those that do mean something else.

use jifen_testkit::repo::root;
use jifen_testkit::rng::Rng;

/// A token of a text: where it stands.
#[derive(Clone, Copy, Debug)]
struct Token {
    from: usize,
    to: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Word,
    Sign,
}

/// The words of the language by class, both spellings.
pub struct Words {
    classes: Vec<[Vec<String>; 2]>,
}

impl Words {
    /// Reads `grammar/keywords.tsv`.
    pub fn read() -> Words {
        let text = std::fs::read_to_string(root().join("grammar/keywords.tsv")).unwrap();
        let mut classes: Vec<(String, [Vec<String>; 2])> = Vec::new();
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [_, class, zh, _, en, ..] = cells.as_slice() else {
                continue;
            };
            let class = (*class).to_owned();
            if !classes.iter().any(|c| c.0 == class) {
                classes.push((class.clone(), Default::default()));
            }
            let entry = classes.iter_mut().find(|c| c.0 == class).unwrap();
            entry.1[0].push((*zh).to_owned());
            entry.1[1].push((*en).to_owned());
        }
        Words {
            classes: classes.into_iter().map(|c| c.1).collect(),
        }
    }

    /// A word that may stand for this one. Those of one construct stand together in the table: mostly a near one.
    fn like(&self, word: &str, rng: &mut Rng) -> Option<&str> {
        let mut out = Vec::new();
        for words in self.classes.iter().flatten() {
            let Some(at) = words.iter().position(|w| w == word) else {
                continue;
            };
            let near = at.saturating_sub(3)..(at + 4).min(words.len());
            let some = match rng.chance(75) {
                true => &words[near],
                false => words.as_slice(),
            };
            out.extend(some.iter().filter(|w| *w != word));
        }
        rng.pick(&out).map(String::as_str)
    }

    /// Where a word of the language that is written as several ends.
    fn end_of(&self, text: &str, from: usize, to: usize) -> usize {
        let all = self.classes.iter().flatten().flatten();
        let long = all.filter(|w| w.contains(' ') && text[from..].starts_with(w.as_str()));
        long.map(|w| from + w.len()).max().unwrap_or(to).max(to)
    }

    fn knows(&self, word: &str) -> bool {
        let mut all = self.classes.iter().flatten();
        all.any(|words| words.iter().any(|w| w == word))
    }
}

fn is_word(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == '「' || c == '」'
}

/// The tokens outside of comments and titles.
fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((from, c)) = chars.next() {
        let close = match c {
            '#' => Some('\n'),
            '《' => Some('》'),
            '"' => Some('"'),
            _ => None,
        };
        if let Some(close) = close {
            for (_, c) in chars.by_ref() {
                if c == close {
                    break;
                }
            }
            continue;
        }
        let kind = match c {
            c if c.is_ascii_digit() => Kind::Number,
            c if is_word(c) => Kind::Word,
            '+' | '-' | '−' | '×' | '÷' | '*' | '/' | '%' | '（' | '(' => Kind::Sign,
            _ => continue,
        };
        let mut to = from + c.len_utf8();
        while let Some((at, c)) = chars.peek().copied() {
            let more = match kind {
                Kind::Number => c.is_ascii_digit() || c == '.',
                Kind::Word => is_word(c) || (c.is_ascii_digit() && text[from..at].is_ascii()),
                Kind::Sign => false,
            };
            if !more {
                break;
            }
            to = at + c.len_utf8();
            chars.next();
        }
        out.push(Token { from, to, kind });
    }
    out
}

/// The text with one token changed; nothing where there is no other to put there.
pub fn change(text: &str, words: &Words, rng: &mut Rng) -> Option<String> {
    let all = tokens(text);
    let known = |t: &&Token| words.knows(&text[t.from..t.to]);
    let token = match rng.chance(40) {
        true => rng.pick(&all.iter().filter(known).collect::<Vec<_>>())?,
        false => &rng.pick(&all)?,
    };
    let token = Token {
        to: words.end_of(text, token.from, token.to),
        ..*token
    };
    let old = &text[token.from..token.to];
    if rng.chance(8) {
        return swapped_lines(text, token.from);
    }
    if matches!(old, "(" | "（") {
        return unbracketed(text, token.from);
    }
    let new = match token.kind {
        _ if rng.chance(5) => String::new(),
        Kind::Number => {
            let n: i64 = old.split('.').next()?.parse().ok()?;
            let fraction = old.split_once('.').map_or("", |f| f.1);
            let n = rng.pick(&[n + 1, (n - 1).max(0), n * 2, n + 10])?;
            match fraction {
                "" => n.to_string(),
                f => format!("{n}.{f}"),
            }
        }
        Kind::Sign => rng.word(&["+", "-", "×", "÷", "/", "%"]).to_owned(),
        Kind::Word if words.knows(old) && rng.chance(80) => words.like(old, rng)?.to_owned(),
        Kind::Word => {
            let names: Vec<&str> = all
                .iter()
                .filter(|t| t.kind == Kind::Word)
                .map(|t| &text[t.from..t.to])
                .filter(|w| !words.knows(w))
                .collect();
            (*names.get(rng.below(names.len()))?).to_owned()
        }
    };
    (new != old).then(|| format!("{}{new}{}", &text[..token.from], &text[token.to..]))
}

/// The line of a place and the one after it exchanged.
fn swapped_lines(text: &str, at: usize) -> Option<String> {
    let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
    let mid = start + text[start..].find('\n')? + 1;
    let end = mid + text[mid..].find('\n')? + 1;
    let (a, b) = (&text[start..mid], &text[mid..end]);
    Some(format!("{}{b}{a}{}", &text[..start], &text[end..]))
}

/// Without the brackets that begin here.
fn unbracketed(text: &str, at: usize) -> Option<String> {
    let mut depth = 0;
    for (n, c) in text[at..].char_indices() {
        depth += match c {
            '（' | '(' => 1,
            '）' | ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            let open = at + text[at..].chars().next()?.len_utf8();
            let close = at + n;
            let after = close + c.len_utf8();
            return Some(format!(
                "{}{}{}",
                &text[..at],
                &text[open..close],
                &text[after..]
            ));
        }
    }
    None
}
