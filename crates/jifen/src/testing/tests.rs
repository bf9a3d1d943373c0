//! Tests of the test runner: each kind of expectation met and missed.

use crate::{Sources, compile, run_tests};

const POLICY: &str = "
政策 试 { 版本 1  施行 2026-01-01  时区 Asia/Shanghai }
名册 居民 { 角色: 选项（楼道长、普通） }
积分 可用积分 { 精度 1分 四舍五入  下限 0分 }
记录 参会 对象 居民 { 会议: 文本 }
记录 志愿 对象 居民 { 时长: 小时 }
记录 违规 对象 居民 { 分值: 分 1分 至 20分 }
项目 开会 { 凭 参会 当 会议 不为 \"闲谈\"  得 5分  上限 每 会议 1次 }
项目 服务 {
  凭 志愿
  得 10分/小时 × 时长
  复核 当 本次得分 超过 50分 { 确认 社区  逾期 3个自然日 作废 }
}
项目 违约 { 凭 违规  扣 分值 }
指标 季次 对象 居民 每季度 = 计数(参会)
等级 星级 按 季次 { 评定 每季度  降级 不降  三星: 20次 以上  二星: 10次 以上  一星: 其余 }
项目 履职 { 周期 每月  条件 角色 为 楼道长 整月在任  得 10分 }
";

const PEOPLE: &str = "设 居民 张三 { 角色: 普通 }\n";

/// Messages of the only test, in Chinese.
fn run(lines: &str) -> Vec<String> {
    let mut sources = Sources::new();
    sources.add("t", format!("{POLICY}测试 \"t\" {{\n{PEOPLE}{lines}\n}}\n"));
    match compile(sources) {
        Ok(compiled) => run_tests(&compiled)
            .into_iter()
            .flat_map(|r| r.problems)
            .map(|d| d.message.zh)
            .collect(),
        Err(p) => p.diagnostics.into_iter().map(|d| d.message.zh).collect(),
    }
}

fn passes(lines: &str) {
    let problems = run(lines);
    assert!(problems.is_empty(), "{lines}: {problems:?}");
}

fn fails(lines: &str, with: &str) {
    let problems = run(lines);
    assert!(
        problems.len() == 1 && problems[0].contains(with),
        "{lines}: {problems:?}"
    );
}

const MEETING: &str = "设 2次 参会 张三 2026-01-05 { 会议: \"大会\" }\n";

#[test]
fn amounts() {
    passes(&format!("{MEETING}应得 张三 开会 5分"));
    passes(&format!("{MEETING}应得 张三 合计 5分"));
    fails(&format!("{MEETING}应得 张三 开会 10分"), "5分");
    // Nothing was given for it: 0 is not the same as not applicable.
    fails(
        "设 参会 张三 2026-01-05 { 会议: \"闲谈\" }\n应得 张三 开会 0分",
        "条件不符",
    );
}

#[test]
fn not_applicable_and_cannot_tell() {
    passes("设 参会 张三 2026-01-05 { 会议: \"闲谈\" }\n应得 张三 开会 不适用");
    passes("设 参会 张三 2026-01-05\n应得 张三 开会 缺 会议");
    passes("设 参会 张三 2026-01-05\n应得 张三 开会 缺");
    fails("设 参会 张三 2026-01-05\n应得 张三 开会 不适用", "会议");
    fails(&format!("{MEETING}应得 张三 服务 不适用"), "没有记录用到它");
}

#[test]
fn reviews() {
    // 6 hours at 10 points are 60: more than 50
    let given = "设 志愿 张三 2026-01-05 编号 A { 时长: 6小时 }\n";
    passes(&format!("{given}应得 张三 服务 待定 60分"));
    passes(&format!("{given}应得 张三 服务 待定"));
    fails(&format!("{given}应得 张三 服务 60分"), "待定 60分");
    fails(&format!("{given}应得 张三 服务 待定 50分"), "待定 60分");
    // 3 days after the entry on 5 January are over at 00:00 of 9 January
    passes(&format!("{given}截至 2026-01-09\n应得 张三 服务 作废"));
    passes(&format!("{given}截至 2026-01-08\n应得 张三 服务 待定"));
}

#[test]
fn balances_on_a_day() {
    // 5 − 3 = 2; a deduction goes down to 0 at most
    let lines = format!(
        "{MEETING}设 违规 张三 2026-01-10 {{ 分值: 3分 }}\n设 违规 张三 2026-01-20 {{ 分值: 9分 }}\n"
    );
    passes(&format!("{lines}余额 张三 可用积分 于 2026-01-09 5分"));
    passes(&format!("{lines}余额 张三 可用积分 于 2026-01-10 2分"));
    passes(&format!("{lines}余额 张三 0分"));
    fails(&format!("{lines}余额 张三 2分"), "余额是 0分");
}

#[test]
fn dated_offices_and_openings() {
    let steward = "设 居民 李四 { 角色: 楼道长 自 2026-01-01 至 2026-01-31 }\n截至 2026-02-28\n";
    passes(&format!("{steward}应得 李四 履职 10分"));
    passes("期初 张三 可用积分 7分\n截至 2026-01-31\n余额 张三 7分");
}

#[test]
fn a_test_without_expectation_is_told() {
    fails(MEETING.trim(), "没有写预期");
}

#[test]
fn what_was_taken_over_is_said_once() {
    let end = "期初 张三 星级 于 2025-11-30 三星\n";
    let rest = "截至 2026-04-01\n应得 张三 星级 于 2026-03-31 三星";
    passes(&format!("{end}期初 张三 星级 于 2025-12-01 三星\n{rest}"));
    fails(
        &format!("{end}期初 张三 星级 于 2025-12-01 二星\n{rest}"),
        "结果不同",
    );
}

/// The balance is 10^37 and a bit, and fits; what is left of the large lot has one digit more.
#[test]
fn a_lot_that_cannot_be_held_is_told() {
    let mut sources = Sources::new();
    let policy = "
政策 试 { 版本 1  施行 2026-01-01  时区 Asia/Shanghai }
名册 居民 {}
积分 分 { 精度 0.5分 四舍五入  下限 0分  到期 逐笔 自 获得 满 1200个月 }
记录 兑 对象 居民
支用 用 { 凭 兑  额 10分 从 分  全额或拒绝 }
测试 \"t\" {
  设 居民 甲 {}
  期初 甲 分 于 2025-01-01 0.5分
  期初 甲 分 于 2025-01-03 0.5分
  期初 甲 分 于 2025-01-02 85070591730234615865843651857942052860分
  设 兑 甲 2026-01-05
  余额 甲 85070591730234615865843651857942052851分
}
";
    sources.add("t", policy.to_owned());
    let compiled = compile(sources).map_err(|p| p.diagnostics);
    let compiled = compiled.expect("a policy");
    let told: Vec<String> = run_tests(&compiled)
        .into_iter()
        .flat_map(|r| r.problems)
        .map(|d| d.message.zh)
        .collect();
    assert!(told.len() == 1 && told[0].contains("大得无法"), "{told:?}");
}
