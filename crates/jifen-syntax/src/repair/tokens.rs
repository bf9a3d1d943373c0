//! What matters for brackets: the heads of declarations, the words that begin statements, keys with a colon, brackets,
//! and how far lines are indented. It knows words and layout, but no grammar.

use crate::keywords;
use jifen_diag::Lang;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a block is the block of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    File,
    Policy,
    Roster,
    Points,
    Record,
    Param,
    Category,
    Item,
    Test,
    Review,
    /// Caps of what another account receives.
    Pass,
    /// Rows of 按, 取先; the value of a clamp.
    Rows,
    /// `设 … { 名: 值 }`.
    Attrs,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The head of a declaration with its name; `None`: one that has no block.
    Head(Option<Block>),
    Open,
    Close,
    LeftParen,
    /// A round bracket that touches a word before it: 上月(响应率).
    Call,
    RightParen,
    /// A word that begins a statement; an index into [`BEGIN`].
    Begin(u16),
    /// A name before a colon.
    Key,
    /// 按: rows follow, probably.
    By,
    /// 分档, 累进, 取先: rows follow. Clamps: a value follows.
    Rows,
    /// A line that begins with nothing of this.
    Line,
    End,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub kind: Kind,
    pub start: usize,
    /// Of a head: after its name, title and subject.
    pub end: usize,
    /// End of what stands before it.
    pub before: usize,
    /// End of what stands before its line.
    pub above: usize,
    pub line: u32,
    /// Columns of blanks at the beginning of its line.
    pub indent: u32,
    /// Nothing stands before it on its line.
    pub first: bool,
}

/// A word that begins a statement, where it may do so, and the block that it opens.
pub(crate) struct Begin {
    pub blocks: &'static [Block],
    pub opens: Option<Block>,
}

fn begin(concept: &str) -> Option<Begin> {
    use Block::*;
    let (blocks, opens): (&'static [Block], Option<Block>) = match concept {
        "version" | "effective" | "expires" | "zone" | "pursuant" | "workdays" | "by_event"
        | "by_entry" | "by_confirmation" => (&[Policy], None),
        "cap" => (&[Policy, Category, Item, Pass], None),
        "multiply" | "stacking" => (&[Policy, Category, Item], None),
        "credit" => (&[Policy, Category, Item], Some(Pass)),
        "also" | "pass_on" => (&[Item], Some(Pass)),
        "on" | "every" | "requires" | "award" | "add" | "deduct" | "ask" | "spend_all"
        | "spend_part" | "spend_done" | "goes_to" | "dates_kept" | "dates_renewed"
        | "received_earns" | "received_not" | "is_use" | "not_use" => (&[Item], None),
        "review" => (&[Item], Some(Review)),
        "precision" => (&[Points, Category, Item], None),
        "worth" => (&[Points, Item], None),
        "confirm" | "publish" | "lapses" | "holds_room" => (&[Review], None),
        "floor" | "may_be_negative" | "owed" | "expiry" | "decay" | "use_soonest"
        | "use_oldest" | "use_newest" => (&[Points], None),
        "overlap" | "at" => (&[Record], None),
        "adjustable" | "decided_by" => (&[Param], None),
        "given" => (&[Test], Some(Attrs)),
        "expect" | "balance" | "opening" | "as_of" | "expect_error" => (&[Test], None),
        _ => return None,
    };
    Some(Begin { blocks, opens })
}

#[derive(Clone, Copy)]
enum Word {
    Begin(u16),
    By,
    Rows,
    /// 适用: a list of names follows, with or without the word for what they name.
    List,
}

pub(crate) struct Words {
    /// First character → spelling and meaning, the longest first.
    by_first: BTreeMap<char, Vec<(&'static str, Word)>>,
    pub begins: Vec<Begin>,
}

pub(crate) fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut out = Words {
            by_first: BTreeMap::new(),
            begins: Vec::new(),
        };
        for k in keywords::all() {
            let word = match k.concept {
                "by" => Word::By,
                "bands" | "slices" | "first" | "at_most" | "at_least" | "between" => Word::Rows,
                "applies" => Word::List,
                c if matches!(k.class, "statement" | "test") => match begin(c) {
                    Some(b) => {
                        out.begins.push(b);
                        Word::Begin(u16::try_from(out.begins.len() - 1).unwrap_or(0))
                    }
                    None => continue,
                },
                _ => continue,
            };
            for s in k.spellings(Lang::Zh).chain(k.spellings(Lang::En)) {
                if let Some(c) = s.chars().next() {
                    out.by_first.entry(c).or_default().push((s, word));
                }
            }
        }
        for list in out.by_first.values_mut() {
            list.sort_by_key(|(s, _)| std::cmp::Reverse(s.len()));
        }
        out
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_blank(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\u{3000}' | '\u{A0}' | '\r' | '\u{FEFF}' | '\u{200B}'
    )
}

/// Does a spelling stand at the beginning of a text, as a word of its own? Gives its length there.
fn stands(rest: &str, spelling: &str) -> Option<usize> {
    let mut at = 0;
    for (i, part) in spelling.split(' ').enumerate() {
        let here = rest.get(at..)?;
        let lead = here.len() - here.trim_start_matches(is_blank).len();
        // Words of several words have blanks between them; Han ones may go without.
        if i > 0 && lead == 0 && part.is_ascii() {
            return None;
        }
        let lead = if i > 0 { lead } else { 0 };
        here.get(lead..)?.starts_with(part).then_some(())?;
        at += lead + part.len();
    }
    let next = rest.get(at..)?.chars().next();
    let ends = match next {
        None => true,
        Some(c) if spelling.is_ascii() => !is_word(c),
        Some(c) => !(c.is_alphabetic() || c == '_'),
    };
    ends.then_some(at)
}

pub(crate) struct Tokens<'t> {
    text: &'t str,
    at: usize,
    before: usize,
    above: usize,
    line: u32,
    indent: u32,
    first: bool,
    /// What stands directly before: a number, a Begin word, the word 适用 or a comma after it.
    after: After,
    out: Vec<Token>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Start,
    Number,
    Begin,
    List,
    Other,
}

/// The tokens of a text whose quotes are closed; the last one is the end.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut t = Tokens {
        text,
        at: 0,
        before: 0,
        above: 0,
        line: 0,
        indent: 0,
        first: true,
        after: After::Start,
        out: Vec::new(),
    };
    t.run();
    t.out
}

impl<'t> Tokens<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn token(&mut self, kind: Kind, start: usize, end: usize) {
        self.out.push(Token {
            kind,
            start,
            end,
            before: self.before,
            above: self.above,
            line: self.line,
            indent: self.indent,
            first: self.first,
        });
    }

    /// Steps over code.
    fn step(&mut self, end: usize, after: After) {
        self.at = end;
        self.before = end;
        self.first = false;
        self.after = after;
    }

    fn run(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            let len = c.len_utf8();
            match c {
                '\n' => {
                    self.at += 1;
                    self.line += 1;
                    self.above = self.before;
                    self.indent = 0;
                    self.first = true;
                    if self.after != After::List {
                        self.after = After::Start;
                    }
                }
                c if is_blank(c) => {
                    if self.first {
                        self.indent += match c {
                            '\t' => 4,
                            '\u{3000}' => 2,
                            ' ' | '\u{A0}' => 1,
                            _ => 0,
                        };
                    }
                    self.at += len;
                }
                '#' | '＃' => {
                    self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                }
                '“' | '"' | '＂' | '《' | '「' => self.quoted(c),
                '{' | '｛' => self.sign(Kind::Open, len),
                '}' | '｝' => self.sign(Kind::Close, len),
                '(' | '（' if self.touches() => self.sign(Kind::Call, len),
                '(' | '（' | '[' | '【' | '［' => self.sign(Kind::LeftParen, len),
                ')' | '）' | ']' | '】' | '］' => self.sign(Kind::RightParen, len),
                c if is_word(c) => self.word(),
                '、' | '，' | ',' | '､' if self.after == After::List => {
                    self.step(self.at + len, After::List);
                }
                ':' | '：' if self.row_colon(len) => {
                    self.token(Kind::Key, self.at, self.at + len);
                    self.step(self.at + len, After::Other);
                }
                _ => {
                    self.line_start();
                    self.step(self.at + len, After::Other);
                }
            }
        }
        self.first = true;
        self.indent = 0;
        self.token(Kind::End, self.text.len(), self.text.len());
    }

    fn line_start(&mut self) {
        if self.first {
            self.token(Kind::Line, self.at, self.at);
        }
    }

    fn sign(&mut self, kind: Kind, len: usize) {
        self.token(kind, self.at, self.at + len);
        self.step(self.at + len, After::Start);
    }

    fn quoted(&mut self, open: char) {
        let end = after_quote(self.rest()).unwrap_or(open.len_utf8());
        let end = self.at + end;
        if open == '「' && self.colon_after(end) {
            self.token(Kind::Key, self.at, end);
        } else {
            self.line_start();
        }
        let after = if self.after == After::List {
            After::List
        } else {
            After::Other
        };
        self.step(end, after);
    }

    /// The colon after the key of a row (`满 1小时:`): not of 22:00, not after a name, which is a key itself, and not
    /// after the word of a statement.
    fn row_colon(&self, len: usize) -> bool {
        let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
        let (before, after) = self.text.split_at(self.at);
        let clock =
            digit(before.chars().last()) && digit(after.get(len..).and_then(|r| r.chars().next()));
        let said = self
            .out
            .last()
            .is_some_and(|t| t.end == self.before && matches!(t.kind, Kind::Key | Kind::Begin(_)));
        !clock && !said
    }

    fn colon_after(&self, end: usize) -> bool {
        self.text
            .get(end..)
            .unwrap_or("")
            .trim_start_matches(is_blank)
            .starts_with([':', '：'])
    }

    fn word(&mut self) {
        if matches!(self.after, After::Start | After::Other | After::Number) && self.head() {
            return;
        }
        let rest = self.rest();
        let first = rest.chars().next().unwrap_or(' ');
        let list = words().by_first.get(&first).map_or(&[][..], Vec::as_slice);
        let found = list
            .iter()
            .find_map(|(s, w)| stands(rest, s).map(|n| (*w, n)));
        if let Some((word, len)) = found {
            return self.keyword(word, len);
        }
        let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let end = self.at + len;
        let number = first.is_numeric();
        // 22:00 is no key.
        if self.colon_after(end) && !number {
            self.token(Kind::Key, self.at, end);
        } else {
            self.line_start();
        }
        let after = match self.after {
            After::List => After::List,
            _ if number => After::Number,
            _ => After::Other,
        };
        self.step(end, after);
    }

    fn keyword(&mut self, word: Word, len: usize) {
        let end = self.at + len;
        match word {
            // 精度 inside 乘方(…) is a part of it.
            Word::Begin(_) if self.in_power() => {
                self.line_start();
                self.step(end, After::Other);
            }
            Word::Begin(i) if self.after != After::Begin => {
                self.token(Kind::Begin(i), self.at, end);
                self.step(end, After::Begin);
            }
            Word::By => {
                self.line_start();
                self.token(Kind::By, self.at, end);
                self.step(end, After::Other);
            }
            Word::Rows => {
                self.line_start();
                self.token(Kind::Rows, self.at, end);
                self.step(end, After::Other);
            }
            Word::List => {
                self.line_start();
                self.step(end, After::List);
            }
            Word::Begin(_) => self.step(end, After::Other),
        }
    }

    /// A word ends here that is no number.
    fn touches(&self) -> bool {
        let before = self.text.get(..self.at).unwrap_or("");
        before.ends_with(|c: char| c.is_alphabetic() || c == '_')
    }

    /// Inside the brackets of 乘方, on one line.
    fn in_power(&self) -> bool {
        let mut closed = 0;
        for t in self.out.iter().rev().take_while(|t| t.line == self.line) {
            match t.kind {
                Kind::RightParen => closed += 1,
                Kind::LeftParen | Kind::Call if closed > 0 => closed -= 1,
                Kind::LeftParen | Kind::Call => {
                    let before = self.text.get(..t.start).unwrap_or("").trim_end();
                    let word = |s: &str| before.ends_with(s);
                    let power = keywords::all().iter().find(|k| k.concept == "f_power");
                    return power.is_some_and(|k| {
                        k.spellings(Lang::Zh).chain(k.spellings(Lang::En)).any(word)
                    });
                }
                Kind::Open | Kind::Close => return false,
                _ => {}
            }
        }
        false
    }

    /// The head of a declaration, if one stands here.
    fn head(&mut self) -> bool {
        let Some(h) = head_at(self.rest()) else {
            return false;
        };
        // 70 points patrol: a unit.
        if self.after == After::Number && !h.article {
            return false;
        }
        if !h.article && named_by_from(self.text.get(..self.at).unwrap_or(""), self.rest()) {
            return false;
        }
        let start = self.at;
        let end = self.at + h.end;
        self.token(Kind::Head(h.block), start, end);
        self.step(end, After::Start);
        true
    }
}

/// 获得(积分 来自 志愿服务、类别 公益): points that are called 积分, and a category that is named; neither is declared.
fn named_by_from(before: &str, rest: &str) -> bool {
    let from = |s: &str| keywords::find("measure", s).is_some_and(|k| k.concept == "me_from");
    let word = |s: &str| s.find(|c| !is_word(c)).unwrap_or(s.len());
    let n = word(rest);
    let next = rest.get(n..).unwrap_or("").trim_start_matches(is_blank);
    let (name, after) = next.split_at(word(next));
    if after.trim_start_matches(is_blank).starts_with(['{', '｛']) {
        return false;
    }
    match rest.get(..n).and_then(declaration) {
        Some("d_points") => from(name),
        Some("d_category" | "d_item") => {
            let before = before.trim_end_matches([' ', '\u{3000}', '\t']);
            let start = before.trim_end_matches(is_word).len();
            before.ends_with(['、', '，', ',', '､']) || from(before.get(start..).unwrap_or(""))
        }
        _ => false,
    }
}

/// The length of a quoted text at the beginning, if it is closed on its line.
pub(crate) fn after_quote(rest: &str) -> Option<usize> {
    let open = rest.chars().next()?;
    let close = match open {
        '“' => '”',
        '《' => '》',
        '「' => '」',
        '＂' => '＂',
        '"' => '"',
        _ => return None,
    };
    let inside = rest.get(open.len_utf8()..)?;
    let n = inside.find([close, '\n'])?;
    inside
        .get(n..)?
        .starts_with(close)
        .then_some(open.len_utf8() + n + close.len_utf8())
}

/// The head of a declaration.
pub(crate) struct Head {
    pub block: Option<Block>,
    /// After name, title and subject.
    pub end: usize,
    pub article: bool,
}

/// Reads the head of a declaration at the beginning of a text.
pub(crate) fn head_at(rest: &str) -> Option<Head> {
    let body = skip_article(rest);
    let article = body.len() < rest.len();
    let len = body.find(|c| !is_word(c)).unwrap_or(body.len());
    let mut word_len = len;
    let mut concept = declaration(body.get(..len)?);
    if let Some(n) = stands(body, "time window") {
        (word_len, concept) = (n, Some("d_clock"));
    }
    // 支用 先得先用: a statement that begins with the word of a declaration.
    let longer = |s: &&str| s.len() > word_len && stands(body, s).is_some();
    if !article && statements().any(|s| longer(&s)) {
        return None;
    }
    let block = block_of(concept?);
    let after = body.get(word_len..)?;
    let name = after.trim_start_matches(is_blank);
    let c = name.chars().next()?;
    let quoted = matches!(c, '《' | '“' | '"' | '「');
    let bare = name.len() < after.len() && (c.is_alphabetic() || c == '_');
    let open = matches!(c, '{' | '｛');
    if bare {
        let n = name.find(|c| !is_word(c)).unwrap_or(name.len());
        // 类别 倍率 {: a name that is a word of the language. 按 类别 分档 {: a field of that name.
        let word = name.get(..n)?;
        let block = name.get(n..)?.trim_start_matches(is_blank);
        let named = block.starts_with(['{', '｛']) && keywords::find("operator", word).is_none();
        if crate::broken::is_reserved(word) && !named {
            return None;
        }
        // 事项 选项（…）: a field whose colon is missing.
        let next = name.get(n..)?.trim_start_matches(is_blank);
        let ty = keywords::find("type", name.get(..n)?).is_some();
        if ty && next.starts_with(['(', '（', '}', '｝']) {
            return None;
        }
    }
    if !(quoted || bare || open) {
        return None;
    }
    let tail = if open { name } else { after_header(name) };
    // 凭 兑换 商品 为 券: a record of that name, and no entry of the catalogue.
    if concept == Some("d_reward") && bare && !article && !begins_block(tail.trim_start()) {
        return None;
    }
    let header = rest.len() - tail.len();
    let end = rest.get(..header)?.trim_end().len();
    Some(Head {
        block,
        end,
        article,
    })
}

/// A brace or a statement.
fn begins_block(rest: &str) -> bool {
    rest.starts_with(['{', '｛']) || statements().any(|s| stands(rest, s).is_some())
}

/// All words that begin a statement.
fn statements() -> impl Iterator<Item = &'static str> {
    keywords::of_class("statement").flat_map(|k| k.spellings(Lang::Zh).chain(k.spellings(Lang::En)))
}

/// The concept of a declaration word.
pub(crate) fn declaration(word: &str) -> Option<&'static str> {
    keywords::find("declaration", word)
        .or_else(|| keywords::find("later", word))
        .map(|k| k.concept)
}

pub(crate) fn block_of(concept: &str) -> Option<Block> {
    Some(match concept {
        "d_policy" => Block::Policy,
        "d_roster" => Block::Roster,
        "d_points" => Block::Points,
        "d_fact" => Block::Record,
        "d_param" => Block::Param,
        "d_clock" | "d_measure" | "d_flag" | "d_notice" | "d_right" => return None,
        "d_category" => Block::Category,
        "d_item" | "d_spend" | "d_reward" | "d_transfer" | "d_allot" => Block::Item,
        "d_test" => Block::Test,
        _ => Block::Unknown,
    })
}

/// What follows `第5条` or `article 5`; the text itself if there is none.
pub(crate) fn skip_article(rest: &str) -> &str {
    let after = rest
        .strip_prefix('第')
        .and_then(|r| {
            r.find('条')
                .filter(|n| *n < 24)
                .and_then(|n| r.get(n + '条'.len_utf8()..))
        })
        .or_else(|| {
            let r = rest
                .strip_prefix("article ")
                .or_else(|| rest.strip_prefix("clause "))?;
            let digits = r
                .trim_start()
                .trim_start_matches(|c: char| c.is_ascii_digit());
            (digits.len() < r.trim_start().len()).then_some(digits)
        });
    after.map_or(rest, |r| r.trim_start_matches(is_blank))
}

/// What follows the name (and title, subject, window) of a declaration.
fn after_header(name: &str) -> &str {
    let mut rest = after_name(name);
    loop {
        let next = rest.trim_start_matches(is_blank);
        let len = next.find(|c| !is_word(c)).unwrap_or(next.len());
        let (word, after) = next.split_at(len);
        let subject = keywords::find("operator", word).is_some_and(|k| k.concept == "subject");
        let window = ["window", "choice"]
            .iter()
            .find_map(|c| keywords::of_class(c).find_map(|k| named(k, next)));
        let step = if next.starts_with(['《', '“', '"']) {
            after_name(next)
        } else if subject {
            after_name(after.trim_start_matches(is_blank))
        } else if let Some(n) = window {
            next.get(n..).unwrap_or("")
        } else {
            return rest;
        };
        if step.len() >= next.len() {
            return rest;
        }
        rest = step;
    }
}

/// A window or 不限在册 after the name of a record.
fn named(k: &keywords::Keyword, next: &str) -> Option<usize> {
    if k.class == "choice" && k.concept != "off_roster" {
        return None;
    }
    [Lang::Zh, Lang::En]
        .into_iter()
        .flat_map(|l| k.spellings(l))
        .find_map(|s| stands(next, s))
}

fn after_name(name: &str) -> &str {
    let end = after_quote(name).or_else(|| name.find(|c: char| !is_word(c)));
    end.and_then(|e| name.get(e..)).unwrap_or("")
}
