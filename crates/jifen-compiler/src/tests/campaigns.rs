//! Campaigns: which texts are refused, and what two texts of one meaning share.

use jifen_diag::Diagnostic;

use super::compile_text;

const HEAD: &str = "政策 示例 { 版本 1   施行 2026年1月1日   时区 Asia/Shanghai }
名册 居民 { 家庭: 组 }
积分 可用积分 { 精度 0.5分 四舍五入   下限 0分 }
记录 参会 对象 居民
";

fn codes(text: &str) -> Vec<String> {
    let (_, all) = compile_text(text);
    let errors = all.iter().filter(|d| d.is_error());
    errors.map(|d: &Diagnostic| d.code.to_string()).collect()
}

fn policy(rest: &str) -> Vec<String> {
    codes(&format!("{HEAD}{rest}"))
}

const ITEM: &str = "项目 开会 { 凭 参会   得 10分 }\n";

#[test]
fn campaigns_that_share_no_day_need_no_stacking_word() {
    let two = |from: &str| {
        policy(&format!(
            "{ITEM}活动期 甲 {{ 期间 2026年2月1日 至 2026年3月3日   倍率 2 }}
            活动期 乙 {{ 期间 {from} 至 2026年4月1日   倍率 3 }}"
        ))
    };
    assert_eq!(two("2026年3月4日"), [""; 0]);
    assert_eq!(two("2026年3月3日"), ["JF0504"]);
    // A feast is a day too: 除夕 and 春节 never fall on one day, 清明 may fall into a civil range.
    let feasts = |a: &str, b: &str| {
        policy(&format!(
            "{ITEM}活动期 甲 {{ 期间 {a}   倍率 2 }}\n活动期 乙 {{ 期间 {b}   倍率 3 }}"
        ))
    };
    assert_eq!(feasts("除夕", "春节"), [""; 0]);
    assert_eq!(feasts("清明", "2026年4月5日"), ["JF0504"]);
}

#[test]
fn stacking_words_agree_where_a_campaign_reaches() {
    let text = |applies: &str| {
        policy(&format!(
            "类别 甲类 {{ 同时符合 相乘   项目 开会 {{ 凭 参会   得 10分   倍率 2 }} }}
            类别 乙类 {{ 项目 走访 {{ 凭 参会   得 10分 }} }}
            活动期 春节平安 {{ 期间 春节   倍率 1.5{applies}   同时符合 取高 }}"
        ))
    };
    assert_eq!(text(""), ["JF0505"]);
    assert_eq!(text(" 适用 乙类"), [""; 0]);
}

#[test]
fn the_place_is_stated_as_for_categories() {
    let text = |place: &str| {
        policy(&format!(
            "项目 开会 {{ 凭 参会   得 10分{place}   加 5分 当 星期(日期) 为 6 }}
            活动期 春节平安 {{ 期间 春节   倍率 1.5 }}"
        ))
    };
    assert_eq!(text(""), ["JF0506"]);
    assert_eq!(text("   倍率 活动"), [""; 0]);
    let in_campaign = policy(&format!(
        "{ITEM}活动期 春节平安 {{ 期间 春节   倍率 活动 }}"
    ));
    assert_eq!(in_campaign, ["JF0513"]);
}

#[test]
fn days_change_between_runs_and_not_in_one() {
    let second = |from: &str, last: &str| {
        let old = format!(
            "{HEAD}{ITEM}活动期 旺季 {{ 期间 2026年5月1日 至 2026年5月5日   倍率 2   上限 每期 30分 }}"
        );
        let head = HEAD.replace("版本 1   施行 2026年1月1日", from);
        codes(&format!(
            "{old}\n=====\n{head}{ITEM}活动期 旺季 {{ 期间 2026年5月1日 至 {last}   倍率 2   上限 每期 30分 }}"
        ))
    };
    let early = "版本 2   施行 2026年4月1日";
    let in_run = "版本 2   施行 2026年5月3日";
    assert_eq!(second(early, "2026年5月7日"), [""; 0]);
    assert_eq!(second(in_run, "2026年5月5日"), [""; 0]);
    assert_eq!(second(in_run, "2026年5月7日"), ["JF0706"]);
}

#[test]
fn ends_the_wrong_way_round_are_seen() {
    let days = |d: &str| policy(&format!("{ITEM}活动期 甲 {{ 期间 {d}   倍率 2 }}"));
    assert_eq!(days("2026年3月3日 至 2026年2月1日"), ["JF0308"]);
    assert_eq!(days("农历 正月十五 至 腊月廿三"), ["JF0308"]);
    assert_eq!(days("农历 腊月廿三 至 正月十五"), [""; 0]);
    assert_eq!(days("2026年2月30日 至 2026年3月1日"), ["JF0105"]);
    assert_eq!(days("农历 八月三十一"), ["JF0718"]);
    assert_eq!(days("农历 八月三十"), ["JF0718"]);
}

#[test]
fn written_order_means_nothing_and_days_mean_something() {
    let a = "活动期 甲 { 期间 春节   倍率 2   上限 每期 5分 }\n";
    let b = "活动期 乙 { 期间 元宵   倍率 3   上限 每期 8分 计 过线 }\n";
    let print = |text: &str| {
        let (compiled, all) = compile_text(&format!("{HEAD}{text}"));
        assert!(!all.iter().any(Diagnostic::is_error), "{all:#?}");
        compiled.plan.as_ref().map(jifen_plan::fingerprint)
    };
    let one = print(&format!("{ITEM}{a}{b}"));
    assert_eq!(one, print(&format!("{b}{a}{ITEM}")));
    let other = a.replace("春节", "除夕");
    assert_ne!(one, print(&format!("{ITEM}{other}{b}")));
    // The same days, written as lunar days.
    let lunar = a.replace("春节", "农历 正月初一");
    assert_eq!(one, print(&format!("{ITEM}{lunar}{b}")));
}
