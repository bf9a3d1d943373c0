//! What a run says in yuan, and what a statement says of balances, stock and yuan: the numbers of `policies/wuhou/expected.md`
//! and of arithmetic beside them.
#![allow(clippy::expect_used, reason = "a test that cannot go on must stop")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn jifen(dir: &Path, args: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_jifen"))
        .args(args)
        .current_dir(dir)
        .output()
        .expect("the binary runs");
    String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr)
}

fn wuhou(more: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut args = vec!["--facts", "policies/wuhou/data/facts-2026.csv", "--roster"];
    args.extend(["policies/wuhou/data/residents.csv", "--roster"]);
    args.extend(["policies/wuhou/data/pools.csv", "--as-of", "2027-01-10"]);
    let (command, more) = more.split_first().expect("a command");
    let args = [&[*command, "policies/wuhou/wuhou.jifen"], &args[..], more].concat();
    jifen(&root, &args)
}

#[test]
fn a_run_tells_what_is_outstanding_and_who_bears_what() {
    let out = std::env::temp_dir().join(format!("jifen-worth-{}", std::process::id()));
    let text = wuhou(&["run", "-o", out.to_str().expect("a path")]);
    for wanted in [
        "在外积分 可用积分: 5 户 608分，折合 60.8元",
        "家电行",
        "573",
        "worths.csv",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    let table = std::fs::read_to_string(out.join("worths.csv")).expect("worths.csv");
    let _ = std::fs::remove_dir_all(&out);
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

/// 30 % of 95 are 28.5; 10 % of what is left (95 − 28.5 = 66.5) are 6.65, and 50 or 10 are more; 2 + 2 pieces are more than 3.
#[test]
fn a_statement_works_out_shares_of_the_balance_and_stock() {
    let dir: PathBuf = std::env::temp_dir().join(format!("jifen-balance-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a temporary folder");
    for (file, text) in [
        ("p.jifen", POLICY),
        ("facts.csv", FACTS),
        ("roster.csv", "居民编号,楼栋\nR1,一\n"),
        (
            "sources.toml",
            "[[来源]]\n编号 = \"编号\"\n类型 = \"记录\"\n对象 = \"居民编号\"\n日期 = \"日期\"\n",
        ),
    ] {
        std::fs::write(dir.join(file), text).expect("a file");
    }
    let args = ["explain", "p.jifen", "--facts", "facts.csv", "--roster"];
    let more = ["roster.csv", "--as-of", "2026-04-30", "--account", "R1"];
    let text = jifen(&dir, &[&args[..], &more[..]].concat());
    let _ = std::fs::remove_dir_all(&dir);
    for wanted in ["余额() 95分", "28.5分", "3件", "2件", "6.65分"] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
}
