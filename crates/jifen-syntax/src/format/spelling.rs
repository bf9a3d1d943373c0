//! The canonical spelling of one token in a language, and the blank before it.

use super::tokens::{Around, Token};
use crate::build::{article_number, lunar, lunar_en, lunar_zh, normalise, plain_digits, unquote};
use crate::grammar::Rule;
use crate::keywords;
use jifen_diag::Lang;

/// The token as it is written.
pub(crate) fn spell(token: &Token<'_>, before: Option<&Token<'_>>, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    match token.rule {
        Rule::lbrace => "{".to_owned(),
        Rule::rbrace => "}".to_owned(),
        Rule::lparen => if zh && token.around == Around::List {
            "（"
        } else {
            "("
        }
        .to_owned(),
        Rule::rparen => if zh && token.around == Around::List {
            "）"
        } else {
            ")"
        }
        .to_owned(),
        Rule::comma => if zh && token.around == Around::List {
            "、"
        } else {
            ","
        }
        .to_owned(),
        Rule::colon => ":".to_owned(),
        Rule::dot => ".".to_owned(),
        Rule::slash => "/".to_owned(),
        Rule::number | Rule::han_number => plain_digits(token.text),
        Rule::article => {
            let n = article_number(token.text);
            lang.pick(format!("第{n}条"), format!("article {n}"))
        }
        Rule::date => date(token, lang),
        Rule::month_day => month_day(token.text, lang),
        Rule::time => time(token.text),
        Rule::lunar_day => match lunar(token.text) {
            Some(day) if zh => lunar_zh(day),
            Some(day) => lunar_en(day),
            None => token.text.to_owned(),
        },
        Rule::text => quoted(unquote(token.text)),
        Rule::title => title(token, lang),
        Rule::name | Rule::word | Rule::ident_text | Rule::member_name | Rule::glued_name => {
            name(token.text)
        }
        rule => match keywords::of_rule(rule) {
            Some(k) if k.class == "unit" => unit(k, before, lang),
            Some(k) => k.canonical(lang).to_owned(),
            None => token.text.to_owned(),
        },
    }
}

fn name(text: &str) -> String {
    if text.starts_with(['「', '“', '"', '＂']) {
        text.to_owned()
    } else {
        normalise(text)
    }
}

fn quoted(text: &str) -> String {
    if !text.contains('"') {
        format!("\"{text}\"")
    } else if !text.contains('”') {
        format!("“{text}”")
    } else {
        format!("＂{text}＂")
    }
}

fn title(token: &Token<'_>, lang: Lang) -> String {
    let inner = unquote(token.text);
    let book = matches!(token.parent, Rule::policy_decl | Rule::h_pursuant);
    if book && lang == Lang::Zh && !inner.contains('》') {
        format!("《{inner}》")
    } else {
        quoted(inner)
    }
}

fn date(token: &Token<'_>, lang: Lang) -> String {
    let plain = normalise(token.text);
    let n: Vec<u32> = plain
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|p| p.parse().ok())
        .collect();
    let [y, m, d] = n[..] else { return plain };
    if lang == Lang::Zh && !token.in_test {
        format!("{y:04}年{m}月{d}日")
    } else {
        format!("{y:04}-{m:02}-{d:02}")
    }
}

fn month_day(text: &str, lang: Lang) -> String {
    let plain = normalise(text);
    let n: Vec<u32> = plain
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|p| p.parse().ok())
        .collect();
    let [m, d] = n[..] else { return plain };
    lang.pick(format!("{m}月{d}日"), format!("{m:02}-{d:02}"))
}

fn time(text: &str) -> String {
    let plain = normalise(text);
    if plain.find(':') == Some(1) {
        format!("0{plain}")
    } else {
        plain
    }
}

fn unit(k: &keywords::Keyword, before: Option<&Token<'_>>, lang: Lang) -> String {
    let number = before.filter(|b| matches!(b.rule, Rule::number | Rule::han_number));
    if lang == Lang::Zh {
        let short = k.zh.strip_prefix('个').filter(|s| k.zh_aliases.contains(s));
        return match (number, short) {
            (None, Some(s)) => s.to_owned(),
            _ => k.zh.to_owned(),
        };
    }
    let per = before.is_some_and(|b| b.rule == Rule::slash);
    let one = per || number.is_some_and(|n| plain_digits(n.text) == "1");
    let singular = k
        .en_aliases
        .first()
        .filter(|a| one && !a.is_empty() && k.en != "%");
    singular.map_or(k.en, |a| a).to_owned()
}

/// Whether a blank stands between two tokens of one line.
pub(crate) fn blank(a: &Token<'_>, b: &Token<'_>, lang: Lang) -> bool {
    let zh = lang == Lang::Zh;
    let unit = |t: &Token<'_>| keywords::of_rule(t.rule).is_some_and(|k| k.class == "unit");
    match (a.rule, b.rule) {
        (_, Rule::kw_inside) => !zh,
        (_, Rule::comma | Rule::rparen | Rule::colon | Rule::dot | Rule::slash) => false,
        (Rule::lparen | Rule::dot | Rule::slash | Rule::kw_neg, _) => false,
        (Rule::comma, _) => !(zh && a.around == Around::List),
        (_, Rule::lparen) if b.around == Around::Call => false,
        (_, Rule::lparen) if b.around == Around::List => !zh,
        (Rule::number | Rule::han_number, _)
            if unit(b) && matches!(b.parent, Rule::quantity | Rule::han_quantity) =>
        {
            !zh && b.rule != Rule::kw_u_percent
        }
        _ => true,
    }
}
