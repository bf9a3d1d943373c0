//! What the Plan holds: canonical order, held units, rounding, tallies.

use jifen_plan::{Line, fingerprint};

use super::compile_text;

const HEAD: &str = "政策 示例 {\n  版本 2026Q1\n  施行 2026年1月1日\n  时区 Asia/Shanghai\n}\n名册 居民 { 家庭: 组  角色: 选项（楼道长、普通） }\n积分 可用积分 { 精度 0.5分 四舍五入  下限 0分 }\n记录 参会 对象 居民 { 会议: 文本 }\n记录 志愿 对象 居民 { 活动: 文本  时长: 小时  金额: 元 }\n记录 巡逻 对象 居民 { 起止: 时段  发现隐患: 是否  重叠 计一次 }\n记录 违规 对象 居民 { 分值: 分 10分 至 20分 }\n";

fn plan(body: &str) -> jifen_plan::Plan {
    let text = format!("{HEAD}{body}");
    let (c, all) = compile_text(&text);
    c.plan
        .unwrap_or_else(|| panic!("{:#?}", super::errors(&all, &text)))
}

fn print(body: &str) -> String {
    fingerprint(&plan(body))
}

#[test]
fn written_order_of_items_does_not_matter() {
    let a = "项目 甲 { 凭 参会 得 5分 }\n项目 乙 { 凭 志愿 得 10分/小时 × 时长 上限 每日 60分 }\n";
    let b = "第9条 项目 乙 《标题》 { 凭 志愿 得 10分/小时 × 时长 上限 每日 60分 }\n# 说明\n项目 甲 { 凭 参会 得 5分 }\n";
    let b = b.replace(" 《标题》", "");
    assert_eq!(print(a), print(&b));
}

#[test]
fn spelling_of_units_does_not_matter_but_values_do() {
    let f = |x: &str| {
        print(&format!(
            "项目 甲 {{ 凭 志愿 得 按 时长 分档 {{ 不满 {x}: 0分 满 {x}: 10分 }} }}"
        ))
    };
    assert_eq!(f("1.5小时"), f("90分钟"));
    assert_ne!(f("1.5小时"), f("91分钟"));
}

#[test]
fn rounding_stands_before_the_first_cap() {
    let p = plan("类别 类 { 上限 每月 200分\n 项目 甲 { 凭 参会 得 5分 倍率 2 } }");
    let kinds: Vec<&str> = p.items[0]
        .lines
        .iter()
        .map(|l| match l {
            Line::Add { .. } => "add",
            Line::Multiply(_) => "multiply",
            Line::Round(_) => "round",
            Line::Cap(_) => "cap",
            _ => "other",
        })
        .collect();
    assert_eq!(kinds, ["add", "multiply", "round", "cap"]);
}

#[test]
fn a_rate_per_hour_meets_seconds_in_one_division() {
    let p = plan("项目 甲 { 凭 巡逻 得 10分/小时 × 起止.时长 }");
    let shown = format!("{:?}", p.exprs);
    assert!(shown.contains("MulDiv"), "{shown}");
    assert!(shown.contains("3600"), "{shown}");
}
