//! `jifen error JF0401`: the page of a code, or the list of all codes.

use super::Answer;
use crate::context::{Context, Exit, Failure};
use crate::table::{Align, table};
use clap::ArgMatches;
use jifen::{Code, Lang, codes, suggest, text};

/// The pages of `docs/errors`, in number order, put in at build time.
const PAGES: &[(u16, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// Runs the command.
pub fn run(given: &ArgMatches, context: &Context) -> Answer {
    let lang = context.lang_or(None);
    let Some(word) = given.get_one::<String>("code") else {
        list(context, lang);
        return Ok(Exit::Done);
    };
    let Some(code) = Code::parse(word).filter(|c| c.row().is_some()) else {
        let known: Vec<String> = codes::ALL.iter().map(|r| r.code.to_string()).collect();
        let near = suggest(&word.to_uppercase(), known.iter().map(String::as_str));
        let zh = near.map_or(String::new(), |n| format!("，是不是 {n}？"));
        let en = near.map_or(String::new(), |n| format!("; did you mean {n}?"));
        return Err(Failure::usage(text!(
            zh = "没有错误代码“{word}”{zh}",
            en = "there is no error code “{word}”{en}"
        )));
    };
    show(code, context, lang);
    Ok(Exit::Done)
}

fn list(context: &Context, lang: Lang) {
    if context.json {
        let rows: Vec<_> = codes::ALL
            .iter()
            .map(|r| {
                serde_json::json!({
                    "code": r.code.to_string(), "severity": r.severity, "title": r.title().get(lang),
                })
            })
            .collect();
        context.print_json(&serde_json::json!({ "schema": "jifen.codes/1", "codes": rows }));
        return;
    }
    let rows: Vec<Vec<String>> = codes::ALL
        .iter()
        .map(|r| vec![r.code.to_string(), r.title().get(lang).to_owned()])
        .collect();
    context.print(&table(&rows, &[Align::Left, Align::Left]));
    let name = lang.pick("错误", "error");
    context.next(lang, &format!("jifen {name} JF0301"));
}

fn show(code: Code, context: &Context, lang: Lang) {
    let title = code.row().map(|r| r.title()).unwrap_or_default();
    let page = PAGES.iter().find(|(n, _)| *n == code.0).map(|(_, p)| *p);
    let body = page.map(|p| in_language(p, lang)).unwrap_or_default();
    if context.json {
        context.print_json(&serde_json::json!({
            "schema": "jifen.code/1", "code": code.to_string(), "severity": code.severity(),
            "title": title.get(lang), "page": body,
        }));
        return;
    }
    context.print(&format!("{code} {}\n\n{}\n", title.get(lang), body.trim()));
}

/// Leaves out the title and the section in the other language.
fn in_language(page: &str, lang: Lang) -> String {
    let other = lang.pick("## English", "## 中文");
    let mut out = String::new();
    let mut skip = false;
    for line in page.lines() {
        if line.starts_with("## ") {
            skip = line.trim() == other;
        }
        let own_heading = line.trim() == "## 中文" || line.trim() == "## English";
        if !skip && !line.starts_with("# ") && !own_heading {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}
