//! `docs/language/words.md` is the word table `grammar/keywords.tsv` as a page; `JIFEN_BLESS=1` writes it anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops at what it did not expect; it is told to bless by the environment"
)]

use std::fmt::Write;

use jifen_testkit::repo::root;

/// The classes of the table, with what they are, in the order of the page.
const CLASSES: [(&str, &str, &str); 26] = [
    ("declaration", "声明", "Declarations"),
    ("later", "以后的声明", "Declarations of later parts"),
    ("statement", "语句", "Statements"),
    ("later_statement", "以后的语句", "Statements of later parts"),
    ("allot", "分配里的词", "Words of allotments"),
    ("measure", "指标里的词", "Words of measures"),
    ("score", "考评里的词", "Words of scores"),
    (
        "standing",
        "排名、等级、标记里的词",
        "Words of ranks, tiers and flags",
    ),
    ("closed", "已经过完的几期", "Periods that are over"),
    ("test", "测试的语句", "Lines of tests"),
    ("test_word", "测试里的词", "Words of tests"),
    ("builtin", "现成的记录", "Built-in records"),
    ("operator", "式子里的词", "Words of expressions"),
    ("sign", "符号", "Signs"),
    ("choice", "选择", "Choices"),
    ("feast", "节日", "Feasts"),
    ("part", "部分", "Parts"),
    ("window", "窗口", "Windows"),
    ("lookback", "往回看的窗口", "Windows that look back"),
    ("period", "周期", "Periods"),
    ("type", "类型", "Types"),
    ("value", "值", "Values"),
    ("function", "函数", "Functions"),
    ("aggregate", "统计", "Aggregates"),
    ("state", "结果", "Outcomes"),
    ("unit", "单位", "Units"),
];

const HEAD: &str = "\
# 词 · Words

本页由 `grammar/keywords.tsv` 生成（`JIFEN_BLESS=1 cargo test -p jifen-testkit --test words_page`）。一行一个词：中文、别的写法、英文、别的写法。整理时都改成第一种写法。
声明的词只在名称前面才保留；语句的词作名称要加引号「」；类型、单位、选择、函数的词从来不保留，可以作名称。

This page is made from `grammar/keywords.tsv`. A line is one word: Chinese, its other spellings, English, its other spellings. The formatter turns all of them into the first.
Words of declarations are reserved only before a name; those of statements are quoted 「」 as names; those of types, units, choices and functions never are.
";

fn cell(text: &str) -> String {
    let words = text.split('、').filter(|w| !w.is_empty());
    let words: Vec<String> = words.map(|w| format!("`{w}`")).collect();
    match words.is_empty() {
        true => "–".to_owned(),
        false => words.join(" "),
    }
}

fn made(table: &str) -> String {
    let lines = table.lines();
    let lines = lines.filter(|l| !l.starts_with('#') && !l.trim().is_empty());
    let rows: Vec<Vec<&str>> = lines.map(|l| l.split('\t').collect()).collect();
    let mut page = HEAD.to_owned();
    let mut count = 0;
    for (class, zh, en) in CLASSES {
        if rows.iter().all(|r| r[1] != class) {
            continue;
        }
        write!(
            page,
            "\n## {zh} · {en}\n\n| 概念 concept | 中文 | 别的写法 | English | other spellings |\n|---|---|---|---|---|\n"
        )
        .unwrap();
        for row in rows.iter().filter(|r| r[1] == class) {
            count += 1;
            let aliases = row.get(5).copied().unwrap_or_default();
            writeln!(
                page,
                "| {} | {} | {} | {} | {} |",
                row[0],
                cell(row[2]),
                cell(row[3]),
                cell(row[4]),
                cell(aliases)
            )
            .unwrap();
        }
    }
    let untitled = rows.iter().find(|r| CLASSES.iter().all(|c| c.0 != r[1]));
    assert!(
        untitled.is_none(),
        "its class has no title here: {untitled:?}"
    );
    assert_eq!(count, rows.len());
    page
}

#[test]
fn the_page_of_words_is_the_table() {
    let table = std::fs::read_to_string(root().join("grammar/keywords.tsv")).unwrap();
    let path = root().join("docs/language/words.md");
    let page = made(&table);
    if std::env::var_os("JIFEN_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == page,
        "JIFEN_BLESS=1 cargo test -p jifen-testkit --test words_page makes docs/language/words.md anew"
    );
}
