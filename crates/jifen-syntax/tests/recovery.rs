//! Broken texts: the right message at the right place, and the rest of the file is read.
#![allow(clippy::panic, reason = "a test fails by panicking")]

use jifen_diag::{Diagnostic, SourceId, codes};
use jifen_syntax::ast::{DeclKind, StmtKind};
use jifen_syntax::{Parse, parse};

fn read(text: &str) -> Parse {
    parse(text, SourceId(0))
}

/// The only diagnostic of a text, with the text under its mark.
fn only(text: &str) -> (Diagnostic, String) {
    let all = read(text).diagnostics;
    assert_eq!(all.len(), 1, "{text}\n{all:#?}");
    let d = all.into_iter().next().unwrap_or_else(|| unreachable!());
    let under = text.get(d.span.range()).unwrap_or("").to_owned();
    (d, under)
}

fn fixed(text: &str) -> String {
    let (d, _) = only(text);
    let fix = d.fix.first().unwrap_or_else(|| panic!("no fix: {d:#?}"));
    let mut out = text.to_owned();
    out.replace_range(fix.span.range(), &fix.replacement);
    out
}

/// One mistake in one item: code, marked text, and the text after the offered fix is clean.
fn mistake(wrong: &str, code: jifen_diag::Code, marked: &str) {
    let text = format!("项目 甲 {{\n  凭 参会\n  {wrong}\n  上限 每日 60分\n}}\n");
    let (d, under) = only(&text);
    assert_eq!((d.code, under.as_str()), (code, marked), "{d:#?}");
    if !d.fix.is_empty() {
        assert!(
            read(&fixed(&text)).is_clean(),
            "the fix does not mend: {}",
            fixed(&text)
        );
    }
}

#[test]
fn mistakes_inside_an_item() {
    mistake("得 5分 5分", codes::UNEXPECTED, "5分");
    mistake("条件 级别 是 重大", codes::UNEXPECTED, "是");
    mistake("得 5分 当 次数 不是 3", codes::UNEXPECTED, "不是");
    mistake("得 5分\n  上线 每月 60分", codes::UNKNOWN_STATEMENT, "上线");
    mistake("上限 每日 60分 截段", codes::UNKNOWN_WORD, "截段");
    mistake("得5分当困难", codes::MISSING_BLANK, "5分当困难");
    mistake("得", codes::INCOMPLETE, "得");
    mistake("得 .5分", codes::BAD_NUMBER, ".5");
    mistake("得 1,000分", codes::BAD_NUMBER, ",000");
    mistake("得 10-20分", codes::RANGE_HYPHEN, "10-20分");
    mistake(
        "倍率 2 时段内 22:00-06:00",
        codes::RANGE_HYPHEN,
        "22:00-06:00",
    );
    mistake(
        "倍率 2 时段内 22:00 至 次日 06:75",
        codes::BAD_TIME,
        "06:75",
    );
    mistake("得 5分 当 时长 超国 2小时", codes::UNEXPECTED, "超国");
    mistake("施行 2026-01-01", codes::MISPLACED_STATEMENT, "施行");
    mistake("上限 每日 每月 60分", codes::REPEATED_PART, "每月");
    mistake("上限 每日", codes::CAP_WITHOUT_LIMIT, "上限 每日");
    mistake("期限 3天", codes::NOT_YET_SUPPORTED, "期限 3天");
    mistake(
        "得 按 时长 分档 { 满 1小时 10分  满 2小时: 20分 }",
        codes::SYNTAX,
        "满 1小时",
    );
}

#[test]
fn the_readable_beginning_of_a_statement_is_kept() {
    let p = read("项目 甲 { 凭 参会 得 5分 上线 每日 60分 }");
    let DeclKind::Item(item) = &p.file.decls[0].kind else {
        panic!("no item")
    };
    assert!(
        item.stmts
            .iter()
            .any(|s| matches!(s.kind, StmtKind::Award { .. }))
    );
}

#[test]
fn mistakes_of_declarations() {
    for (text, code, marked) in [
        ("名侧 居民 { 家庭: 组 }", codes::UNKNOWN_DECLARATION, "名侧"),
        (
            "记录 参会 对像 居民 { 会议: 文本 }",
            codes::UNEXPECTED,
            "对像 居民",
        ),
        ("项目 { 凭 参会 得 5分 }", codes::MISSING_NAME, "项目"),
        ("名册 居民 { 上限: 数 }", codes::RESERVED_WORD, "上限"),
        (
            "保证 公平 按 得分 { 优秀: 90 以上 }",
            codes::NOT_YET_SUPPORTED,
            "保证 公平 按 得分",
        ),
        ("类别 甲 { 凭 参会 }", codes::MISPLACED_STATEMENT, "凭 参会"),
        (
            "项目 甲 { 名册 居民 { 家庭: 组 } }",
            codes::MISPLACED_DECLARATION,
            "名册 居民",
        ),
        (
            "政策 甲 “乙 {\n  版本 1\n}",
            codes::MISSING_CLOSE_QUOTE,
            "“乙",
        ),
        (
            "记录 甲 对象 居民 { 分值: 分 10分-20分 }",
            codes::RANGE_HYPHEN,
            "10分-20分",
        ),
        ("参数 甲 = 2 { 可调 1-3 }", codes::RANGE_HYPHEN, "1-3"),
    ] {
        let (d, under) = only(text);
        assert_eq!((d.code, under.as_str()), (code, marked), "{d:#?}");
        if matches!(
            code,
            codes::RANGE_HYPHEN
                | codes::MISSING_CLOSE_QUOTE
                | codes::UNKNOWN_DECLARATION
                | codes::RESERVED_WORD
        ) {
            assert!(read(&fixed(text)).is_clean(), "{}", fixed(text));
        }
    }
}

#[test]
fn a_missing_brace_is_one_message_and_hides_nothing() {
    let text = "类别 甲 {\n  项目 一 {\n    凭 参会\n    得 5分\n\n  项目 二 {\n    凭 参会\n    得 5分\n  }\n}\n\n项目 三 { 凭 参会 得 5分 }\n";
    let (d, _) = only(text);
    assert_eq!(d.code, codes::MISSING_CLOSE_BRACE);
    assert_eq!(
        text[..d.span.range().start].matches('\n').count(),
        1,
        "the brace of 项目 一"
    );
    assert!(read(&fixed(text)).is_clean());
    let p = read(text);
    assert_eq!(p.file.decls.len(), 2);
    let DeclKind::Category(c) = &p.file.decls[0].kind else {
        panic!("no category")
    };
    assert_eq!(c.members.len(), 2);

    let text = "项目 三\n  凭 参会\n  得 5分\n}\n项目 四 { 凭 参会 得 5分 }\n";
    assert_eq!(only(text).0.code, codes::MISSING_OPEN_BRACE);
    assert!(read(&fixed(text)).is_clean());
    assert_eq!(read(text).file.decls.len(), 2);

    let text = "项目 四 { 凭 参会 得 5分 }\n}\n";
    assert_eq!(only(text).0.code, codes::EXTRA_CLOSE_BRACE);
    assert!(read(&fixed(text)).is_clean());
}

#[test]
fn ten_mistakes_are_ten_messages() {
    let kinds = [
        "得 5分 5分",
        "得",
        "得 .5分",
        "上限 每日",
        "施行 2026-01-01",
    ];
    let text: String = (0..10)
        .map(|i| {
            format!(
                "项目 第{i}个 {{\n  凭 参会\n  {}\n}}\n",
                kinds[i % kinds.len()]
            )
        })
        .collect();
    let p = read(&text);
    assert_eq!(p.diagnostics.len(), 10, "{:#?}", p.diagnostics);
    assert_eq!(p.file.decls.len(), 10);
}

#[test]
fn limits() {
    let deep = format!("参数 甲 = {}1{}", "(".repeat(70), ")".repeat(70));
    assert_eq!(only(&deep).0.code, codes::TOO_DEEP);
    assert!(read(&format!("参数 甲 = {}1{}", "(".repeat(60), ")".repeat(60))).is_clean());
    let long = format!("参数 甲 = 1{}", " + 1".repeat(1000));
    assert_eq!(only(&long).0.code, codes::TOO_DEEP);
    assert_eq!(
        only(&"#".repeat(jifen_syntax::MAX_BYTES + 1)).0.code,
        codes::TOO_LARGE
    );
}

#[test]
fn messages_follow_the_language_and_show_no_rule_names() {
    let p = read(
        "item a {\n  on x\n  awrd 5 points\n  cap per day\n  award by x bands { reaches 1 5 points }\n}\n",
    );
    assert_eq!(p.diagnostics.len(), 3, "{:#?}", p.diagnostics);
    for d in &p.diagnostics {
        for t in [&d.message.zh, &d.message.en] {
            assert!(
                !t.contains("kw_") && !t.contains("_stmt") && !t.contains("Rule"),
                "{t}"
            );
        }
        assert!(
            !d.message.en.chars().any(|c| ('一'..='鿿').contains(&c)),
            "{}",
            d.message.en
        );
    }
}

/// A word of the language as the name of a block does not lead the search for brackets astray.
#[test]
fn a_block_named_by_a_word_of_the_language() {
    let text = "类别 甲 {\n  项目 乙 { 凭 参会   得 1分 }\n}\n\n类别 倍率 {\n  项目 丙 { 凭 参会   得 2分 }\n}\n";
    let (d, under) = only(text);
    assert_eq!((d.code, under.as_str()), (codes::RESERVED_WORD, "倍率"));
    assert!(read(&fixed(text)).is_clean());
}
