//! What a statement says about joins: what an award rests on, and what the nearest miss was.

use crate::{folder, jifen, said, write};

const POLICY: &str = "政策 测 { 版本 1   施行 2026年1月1日   时区 Asia/Shanghai }
名册 师傅 { 片区: 文本 }
名册 居民 { 楼栋: 组 }
积分 分 { 精度 1分 四舍五入 }
记录 维修 对象 师傅 { 单号: 文本   类别: 选项（水、电） }
记录 点赞 对象 居民 { 单号: 文本 }
项目 快修 {
  凭 点赞
  接 维修 当 单号 为 本条.单号 且 类别 为 水 24小时内 首个
  得 10分
  另计 维修.对象 50%
}
";
const FACTS: &str = "编号,记录,编号人,时间,单号,类别
R1,维修,王,2026-05-01 08:00,A,水
L1,点赞,甲,2026-05-01 10:00,A,
L2,点赞,甲,2026-05-01 11:00,A,
L3,点赞,甲,2026-05-02 10:00,A,
R2,维修,王,2026-05-03 08:00,B,电
L4,点赞,甲,2026-05-03 10:00,B,
L5,点赞,甲,2026-05-03 10:00,Z,
";
const SOURCES: &str = "[[来源]]
文件 = [\"facts*\"]
编号 = \"编号\"
类型 = \"记录\"
对象 = \"编号人\"
日期 = \"时间\"
[[名册]]
名册 = \"居民\"
文件 = [\"residents*\"]
编号 = \"编号\"
[[名册]]
名册 = \"师傅\"
文件 = [\"staff*\"]
编号 = \"编号\"
";

fn statement(lang: &str) -> String {
    let dir = folder(&format!("joins-{lang}"));
    write(&dir, "p.jifen", POLICY);
    write(&dir, "facts.csv", FACTS);
    write(&dir, "residents.csv", "编号\n甲\n");
    write(&dir, "staff.csv", "编号\n王\n");
    write(&dir, "sources.toml", SOURCES);
    let mut args = vec!["explain", "p.jifen", "--facts", "facts.csv", "--roster"];
    args.extend(["residents.csv", "staff.csv", "--sources", "sources.toml"]);
    args.extend(["--account", "甲", "--lang", lang]);
    said(&jifen(&dir, &args))
}

/// L1 is the first like after R1. L2 finds R1 joined already, L3 stands 26 hours after it, L4 finds a repair of electricity,
/// L5 none of its order.
#[test]
fn a_statement_names_the_joined_fact_and_the_nearest_miss() {
    let chinese = statement("zh");
    for wanted in [
        "接上 维修 R1，2026-05-01 08:00，王",
        "点赞 L2  为什么没有：此前 24小时内没有单号相同（且 类别 为 水）的“维修”；最近的是 R1（2026-05-01 08:00），已经和 点赞 L1 接上",
        "最近的是 R1（2026-05-01 08:00），相隔 26小时",
        "最近的是 R2（2026-05-03 08:00），不符合 类别 为 水",
        "点赞 L5  为什么没有：此前 24小时内没有单号相同（且 类别 为 水）的“维修”\n",
    ] {
        assert!(chinese.contains(wanted), "{wanted}\n{chinese}");
    }
    let english = statement("en");
    for wanted in [
        "joined with 维修 R1, 2026-05-01 08:00, 王",
        "no “维修” with the same 单号 (and 类别 is 水) 24 hours or less before; the nearest is R1 (2026-05-01 08:00), 26 hours before",
        "joined with 点赞 L1 already",
        "where it does not hold: 类别 is 水",
    ] {
        assert!(english.contains(wanted), "{wanted}\n{english}");
    }
}

const OFFICE: &str = "政策 接单 { 版本 1   施行 2026年1月1日   时区 Asia/Shanghai   工作日历 中国 }
名册 居民 { 家长: 居民 多个 }
积分 甲分 { 精度 1分 舍去   下限 0分 }
时段 办公时间 = 09:00 至 12:00、13:30 至 17:30
记录 派单 对象 居民 { 单号: 文本 }
记录 办结 对象 居民 { 单号: 文本 }
项目 限时 {
  凭 办结
  接 派单 当 单号 为 本条.单号 8小时内 只计 工作日 办公时间 一对一
  得 10分
  另计 家长 各 30% 无则 略过
}
";

/// 1 to 5 May 2026 are holidays. A1: 16:00 to 17:30 of 30 April and 9:00 to 11:00 of 6 May are 3.5 hours. A2: 3 and 4 hours of
/// 30 April and 2 of 6 May are 9, one too many. 己 is on no roster, so that nobody can tell whom 丁's share is for.
#[test]
fn a_statement_counts_the_hours_of_the_office_and_names_who_is_missing() {
    let dir = folder("joins-office");
    write(&dir, "p.jifen", OFFICE);
    let facts = "编号,记录,对象,时刻,单号
1,派单,甲,2026-04-30 16:00,A1
2,办结,甲,2026-05-06 11:00,A1
3,派单,甲,2026-04-30 09:00,A2
4,办结,甲,2026-05-06 11:00,A2
5,派单,丁,2026-05-06 09:00,A3
6,办结,丁,2026-05-06 11:00,A3
";
    write(&dir, "facts.csv", facts);
    write(
        &dir,
        "居民.csv",
        "编号,家长\n甲,乙、丙\n乙,\n丙,\n丁,丙、己\n",
    );
    let data = ["p.jifen", "--facts", "facts.csv", "--roster", "居民.csv"];
    let until = ["--as-of", "2026-06-30"];
    let told = |account: &str| {
        let args = [&["explain"][..], &data, &until, &["--account", account]];
        said(&jifen(&dir, &args.concat()))
    };
    let statement = told("甲");
    for part in [
        "接上 派单 1，2026-04-30 16:00",
        "另计 家长 各：乙 甲分 +3",
        "另计 家长 各：丙 甲分 +3",
        "8小时内（只计工作日 09:00 至 12:00、13:30 至 17:30）没有单号相同的“派单”",
        "最近的是 3（2026-04-30 09:00），相隔 9小时（只计工作日的这些钟点）",
    ] {
        assert!(statement.contains(part), "{part}: {statement}");
    }
    let waiting = told("丁");
    assert!(waiting.contains("“己”那天不在名册“居民”上"), "{waiting}");
    let run = said(&jifen(&dir, &[&["run"][..], &data, &until].concat()));
    let note = "名册“居民”的“家长”里有 1 个编号不在名册“居民”里：己";
    assert!(run.contains(note), "{run}");
}
