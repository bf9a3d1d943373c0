//! What a run and a statement say of points whose life is counted in working days.

use crate::{folder, jifen, said, write};

const POLICY: &str = "政策 测 { 版本 1   施行 2026年1月1日   时区 Asia/Shanghai   工作日历 中国 }
名册 居民 { 家庭: 组 }
积分 可用积分 { 精度 1分 舍去   到期 逐笔 自 获得 满 3个工作日 }
记录 奖励 对象 居民 { 分数: 分 }
项目 得奖 { 凭 奖励   得 分数 }
";
/// 29, 30 and 31 December are worked: fact 1 lapses on the 31st. Fact 2 needs a day of 2027, for which there is no notice;
/// were every day of it worked, it would lapse on 1 January.
const FACTS: &str = "编号,记录,居民编号,日期,分数
1,奖励,R1,2026-12-28,5
2,奖励,R1,2026-12-29,7
";

fn ask(name: &str, args: &[&str]) -> std::process::Output {
    let dir = folder(name);
    write(&dir, "p.jifen", POLICY);
    write(&dir, "facts.csv", FACTS);
    write(&dir, "roster.csv", "居民编号,家庭\nR1,一\n");
    jifen(&dir, args)
}

#[test]
fn what_may_have_lapsed_stays_and_is_told() {
    let head = [
        "run",
        "p.jifen",
        "--facts",
        "facts.csv",
        "--roster",
        "roster.csv",
    ];
    let run = |name: &str, as_of: &str| ask(name, &[&head[..], &["--as-of", as_of]].concat());
    let before = run("undated-before", "2026-12-31");
    assert_eq!(before.status.code(), Some(0));
    assert!(!said(&before).contains("JF1003"));
    let after = run("undated-after", "2027-01-01");
    assert_eq!(after.status.code(), Some(1));
    let text = said(&after);
    assert!(
        text.contains("JF1003 有 1 处可能已经到期或衰减，但工作日历缺 2027 年"),
        "{text}"
    );
    assert!(text.contains("到期 5 + 余额 7"), "{text}");
}

#[test]
fn a_statement_says_from_when_on_it_is_open() {
    let args = [
        "explain",
        "p.jifen",
        "--facts",
        "facts.csv",
        "--roster",
        "roster.csv",
        "--as-of",
        "2026-12-29",
        "--account",
        "R1",
    ];
    let text = said(&ask("undated-statement", &args));
    assert!(
        text.contains("2026-12-31 00:00  到期  可用积分  2026-12-28 获得的 得奖 1  −5"),
        "{text}"
    );
    assert!(
        text.contains("2026-12-29  可用积分  得奖 2  不早于 2027-01-01 00:00（缺 2027 年）"),
        "{text}"
    );
}
