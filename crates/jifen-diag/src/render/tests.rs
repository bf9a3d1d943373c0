//! Snapshots of rendering with double-width text, tabs and full-width punctuation.

use super::*;
use crate::{codes, text};

fn sample() -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    let id = sources.add(
        "社区.jifen",
        "政策 幸福 {\n  项目 志愿服务 ｛\n\t得：时长 × 次数 ＋ hours；  # 备注\n    上限：１００分 每日\n}\n",
    );
    let other = sources.add("名册.jifen", "名册 居民 { 角色: 文本 }\n");
    let find = |s: SourceId, what: &str| {
        let at = sources.text(s).find(what).unwrap_or(0);
        Span::new(s, at, at + what.len())
    };
    let all = vec![
        Diagnostic::new(
            codes::UNIT_MISMATCH,
            find(id, "次数"),
            text!(zh = "单位不符：小时 × 次数", en = "units do not fit: hours × count"),
        )
        .label(find(id, "次数"), text!(zh = "这里要单价", en = "a rate is wanted here"))
        .label(find(id, "时长"), text!(zh = "这里是小时", en = "this is hours"))
        .label(find(other, "角色"), text!(zh = "角色在这里说明", en = "declared here"))
        .help(text!(
            zh = "积分项的每一部分都要是分；小时要乘以“分/小时”的单价才成为分，例如写成 10分/小时 × 时长，再写上限",
            en = "each part must be points; hours become points when multiplied by a rate, for example 10 points/hour * duration"
        ))
        .fix(find(id, "次数"), "10分/小时", Text::default()),
        Diagnostic::new(
            codes::MISSING_CLOSE_BRACE,
            find(id, "政策").at_start(),
            text!(zh = "这里的括号没有合上", en = "this brace is never closed"),
        )
        .severity(Severity::Warning),
        Diagnostic::new(
            codes::MISSING_CLOSE_BRACE,
            Span::new(id, sources.text(id).len(), sources.text(id).len()),
            text!(zh = "缺少“}}”", en = "missing “}}”"),
        )
        .fix(
            Span::new(id, sources.text(id).len(), sources.text(id).len()),
            "}",
            Text::default(),
        ),
    ];
    (sources, all)
}

fn draw(lang: Lang, width: usize) -> String {
    let (sources, all) = sample();
    render_all(
        &all,
        &sources,
        RenderOptions {
            lang,
            color: false,
            width,
        },
    )
}

#[test]
fn chinese() {
    insta::assert_snapshot!(draw(Lang::Zh, 80));
}

#[test]
fn english() {
    insta::assert_snapshot!(draw(Lang::En, 60));
}

#[test]
fn json() {
    let (sources, all) = sample();
    let json = crate::to_json(&all[..1], &sources, Lang::Zh);
    // line 3 is: tab 得 ： 时 长 space × space 次 — the ninth character
    assert_eq!((json[0].line, json[0].column), (3, 9));
    assert_eq!((json[0].end_line, json[0].end_column), (3, 11));
    assert_eq!(json[0].labels[2].file, "名册.jifen");
    assert_eq!(json[0].fixes[0].replacement.as_deref(), Some("10分/小时"));
}

#[test]
fn colour_only_when_asked() {
    let (sources, all) = sample();
    let draw = |color| {
        let options = RenderOptions {
            color,
            ..RenderOptions::default()
        };
        render_all(&all, &sources, options)
    };
    assert!(!draw(false).contains('\u{1b}'));
    assert!(draw(true).contains('\u{1b}'));
}

#[test]
fn odd_places_and_odd_texts_never_panic() {
    let mut sources = Sources::new();
    let id = sources.add("x", "a\u{1b}[31m文\u{202e}");
    let empty = sources.add("e", "");
    let spans = [
        Span::DUMMY,
        Span::new(id, 0, 999),
        Span::new(id, 7, 8), // inside a character
        Span::new(id, 999, 1000),
        Span::new(empty, 0, 0),
        Span::new(empty, 3, 4),
        Span::new(SourceId(77), 0, 1),
    ];
    for span in spans {
        let d = Diagnostic::new(codes::SYNTAX, span, Text::same("a\u{1b}[31mb"))
            .label(span, Text::default())
            .help(Text::same(""))
            .fix(span, "", Text::default());
        let out = render(&d, &sources, RenderOptions::default());
        assert!(!out.contains('\u{1b}'), "{out}");
        assert!(out.contains("JF0101"), "{out}");
    }
}

#[test]
fn summaries() {
    let (_, all) = sample();
    assert_eq!(summary(&all, Lang::Zh), "2 个错误, 1 个提醒");
    assert_eq!(summary(&all, Lang::En), "2 errors, 1 warning");
    assert_eq!(summary(&[], Lang::En), "no problems");
}

#[test]
fn wrapping_keeps_every_character() {
    let text = "积分（每月）不超过 100 分，并且 every word stays whole；“引号”也不拆开。";
    let pieces = break_line(text, 20);
    assert_eq!(pieces.concat(), text);
    assert!(pieces.len() > 2);
    assert!(pieces.iter().all(|p| !p.starts_with('，')));
}

#[test]
fn a_change_is_told_in_one_line() {
    let mut sources = Sources::new();
    let id = sources.add("a.jifen", "项目 甲 { }");
    let span = Span::new(id, 9, 9);
    let d = Diagnostic::new(codes::SYNTAX, span, text!(zh = "缺", en = "lacks")).fix(
        span,
        "\n  计入 积分\n",
        text!(zh = "写明", en = "say"),
    );
    let drawn = render(&d, &sources, RenderOptions::default());
    assert!(drawn.contains("改法: 写明：写上“计入 积分”"), "{drawn}");
}
