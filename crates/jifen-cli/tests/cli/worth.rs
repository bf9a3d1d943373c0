//! What a run says in yuan, and what a statement says of balances, stock and yuan: the numbers of `policies/wuhou/expected.md`
//! and of arithmetic beside them.

use std::path::Path;

use crate::{folder, jifen, said, write};

/// Over the shipped facts of Wuhou.
fn wuhou(more: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut args = vec!["--facts", "policies/wuhou/data/facts-2026.csv", "--roster"];
    args.extend(["policies/wuhou/data/residents.csv", "--roster"]);
    args.extend(["policies/wuhou/data/pools.csv", "--as-of", "2027-01-10"]);
    let (command, more) = more.split_first().expect("a command");
    let args = [&[*command, "policies/wuhou/wuhou.jifen"], &args[..], more].concat();
    said(&jifen(&root, &args))
}

/// The sums of the page's table; eight requests are refused there, none of them in a review.
#[test]
fn a_run_tells_what_is_outstanding_who_bears_what_and_what_was_not_served() {
    let out = folder("worth");
    let text = wuhou(&["run", "-o", out.to_str().expect("a path")]);
    for wanted in [
        "在外积分 可用积分: 5 户 608分，折合 60.8元",
        "未兑付、未转 8",
        "worths.csv",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    let rows: Vec<Vec<&str>> = text
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    for wanted in [
        ["家电行", "3", "573"],
        ["社区便利店", "3", "4.8"],
        ["鲜果店", "2", "11"],
        ["合计", "8", "588.8"],
    ] {
        assert!(rows.iter().any(|r| *r == wanted), "{wanted:?}\n{text}");
    }
    let table = std::fs::read_to_string(out.join("worths.csv")).expect("worths.csv");
    // 258 yuan are 20 points: the shop pays 2 yuan; three vouchers are 30.
    let row = |start: &str, end: &str| table.lines().any(|l| l.contains(start) && l.ends_with(end));
    assert!(row("消费,M01", "20,2,鲜果店"), "{table}");
    assert!(row("兑换,R13", "300,30,"), "{table}");
    assert!(!table.contains("M02"), "0 points cost nothing\n{table}");
    let statement = wuhou(&["explain", "--account", "W01"]);
    assert!(statement.contains("折合 2元，记在 鲜果店"), "{statement}");
}

const POLICY: &str = "政策 测 { 版本 1   施行 2026年4月1日   时区 Asia/Shanghai }
名册 居民 { 楼栋: 组 }
积分 可用积分 { 精度 0.1分 四舍五入 }
记录 奖励 对象 居民 { 分数: 分 }
记录 兑换 对象 居民 { 分数: 分   数量: 整数 缺省 1 }
项目 得奖 { 凭 奖励   得 分数 }
支用 用分 { 凭 兑换   额 最多 30% × 余额(可用积分) { 分数 }   全额或拒绝   上限 全体 终身 3件 计 数量 }
支用 再用 { 凭 兑换   条件 分数 不超过 10% × 余额()   额 分数   全额或拒绝 }
";
const FACTS: &str = "编号,记录,居民编号,日期,分数,数量
1,奖励,R1,2026-04-03,95,
2,兑换,R1,2026-04-13,50,2
3,兑换,R1,2026-04-21,10,2
";
const SOURCES: &str = "[[来源]]
编号 = \"编号\"
类型 = \"记录\"
对象 = \"居民编号\"
日期 = \"日期\"
";

/// 30 % of 95 are 28.5; 10 % of what is left (95 − 28.5 = 66.5) are 6.65, and 50 or 10 are more; 2 + 2 pieces are more than 3.
#[test]
fn a_statement_works_out_shares_of_the_balance_and_stock() {
    let dir = folder("balance");
    write(&dir, "p.jifen", POLICY);
    write(&dir, "facts.csv", FACTS);
    write(&dir, "roster.csv", "居民编号,楼栋\nR1,一\n");
    write(&dir, "sources.toml", SOURCES);
    let args = ["explain", "p.jifen", "--facts", "facts.csv", "--roster"];
    let more = ["roster.csv", "--as-of", "2026-04-30", "--account", "R1"];
    let text = said(&jifen(&dir, &[&args[..], &more[..]].concat()));
    for wanted in [
        "余额() 95分：取小(50分, 0.3 × 95分) = 28.5分",
        "不得超过 0.1 × 余额() 6.65分",
        "上限 全体 终身 3件（用分），此前已用 2件",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
}
