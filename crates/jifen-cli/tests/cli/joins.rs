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
