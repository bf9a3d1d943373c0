//! What a run and a statement say of allotments; who is on the roster, from a file with dates.

use crate::{folder, jifen, said, write};

const POLICY: &str = "政策 测 { 版本 1   施行 2026年1月1日   时区 Asia/Shanghai }
名册 居民 { 楼栋: 组 }
积分 可用积分 { 精度 1分 四舍五入   下限 0分 }
记录 志愿 对象 居民 { 时长: 小时 }
项目 服务 { 凭 志愿   得 10分/小时 × 时长 }
第2条 分配 公益金 每年 { 总额 1万元   在 居民   按 合计(志愿.时长 在 本年)   到 0.01元   余数 最大余额 }
分配 零头 每年 { 总额 100元   在 居民   均分   到 0.01元   余数 各自舍入 进一 }
分配 楼栋分 每月 { 总额 200分   在 居民   条件 计数(志愿 在 本月) 不低于 1次   均分   到 1分   余数 最大余额 }
";
const FACTS: &str = "编号,记录,居民编号,日期,时长
1,志愿,R1,2026-02-03,12.5
2,志愿,R2,2026-03-04,227.5
3,志愿,R3,2026-03-05,240
4,志愿,R4,2026-03-05,500
";
// R4 has left: his last day is 30 November.
const ROSTER: &str = "居民编号,姓名,楼栋,在册止
R1,张三,一,
R2,李四,一,
R3,王五,一,
R4,赵六,一,2026-11-30
";
const SOURCES: &str = "[[来源]]
编号 = \"编号\"
类型 = \"记录\"
对象 = \"居民编号\"
日期 = \"日期\"
[[名册]]
名册 = \"居民\"
文件 = [\"roster.csv\"]
编号 = \"居民编号\"
姓名 = \"姓名\"
至 = \"在册止\"
";

fn data(name: &str, facts: &str) -> std::path::PathBuf {
    let dir = folder(name);
    write(&dir, "p.jifen", POLICY);
    write(&dir, "facts.csv", facts);
    write(&dir, "roster.csv", ROSTER);
    write(&dir, "sources.toml", SOURCES);
    dir
}

/// 10000 × 12.5 ÷ 480 = 260.4166…, × 227.5 ÷ 480 = 4739.5833…, × 240 ÷ 480 = 5000: 260.41 + 4739.58 + 5000 = 9999.99, and the
/// cent left goes to R1. R4 is not there on 31 December, whatever he did. 100 ÷ 3 up are 33.34: 100.02, 0.02 too many.
#[test]
fn a_run_writes_a_table_and_tells_the_difference() {
    let dir = data("allotments", FACTS);
    let args = ["run", "p.jifen", "--facts", "facts.csv", "--roster"];
    let more = ["roster.csv", "--as-of", "2027-01-03", "-o", "out"];
    let text = said(&jifen(&dir, &[&args[..], &more[..]].concat()));
    let rows: Vec<Vec<&str>> = text
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    let year = "2026-01-01/2026-12-31";
    for wanted in [
        vec!["第2条", "公益金", year, "10000元", "3", "10000元"],
        vec!["零头", year, "100元", "3", "100.02元", "0.02元"],
        vec!["楼栋分", "2026-03-01/2026-03-31", "200分", "3", "200分"],
    ] {
        assert!(rows.contains(&wanted), "{wanted:?}\n{text}");
    }
    assert!(text.contains("没有人参加，没有分"), "January\n{text}");
    let table = std::fs::read_to_string(dir.join("out/allotments.csv")).expect("allotments.csv");
    for wanted in [
        "R1,张三,2,公益金,1,2026-01-01,2026-12-31,10000,元,12.5,480,260.42,1",
        "R2,李四,2,公益金,1,2026-01-01,2026-12-31,10000,元,227.5,480,4739.58,",
        "R3,王五,2,公益金,1,2026-01-01,2026-12-31,10000,元,240,480,5000,",
        "R4,赵六,,楼栋分,1,2026-03-01,2026-03-31,200,分,1,3,66,",
    ] {
        assert!(table.lines().any(|l| l == wanted), "{wanted}\n{table}");
    }
    assert!(!table.contains("赵六,2,"), "{table}");
}

/// 200 points among R2, R3, R4 in March: 66.66…; down 66 each, two left, to R2 and R3 (equal remainders go by id).
#[test]
fn a_statement_says_how_a_share_came_about() {
    let dir = data("allotments-explained", FACTS);
    let args = ["explain", "p.jifen", "--facts", "facts.csv", "--roster"];
    let text = |who: &str| {
        let more = ["roster.csv", "--as-of", "2027-01-03", "--account", who];
        said(&jifen(
            &dir,
            &[&args[..], &more[..], &["--detail"]].concat(),
        ))
    };
    let (first, second) = (text("R1"), text("R2"));
    for wanted in [
        "舍去(10000元 × 12.5小时 ÷ 480小时, 0.01元) + 0.01元 = 260.42元",
        "合计(志愿.时长 在 本年)：12.5小时",
        "3 个对象参加，舍去后剩下 1 个 0.01元，给余数最大的 1 个（余数相同的按编号先后），这里有一个",
        "舍去(200分 ÷ 1, 1分) = 200分",
    ] {
        assert!(first.contains(wanted), "{wanted}\n{first}");
    }
    for wanted in [
        "舍去(200分 ÷ 3, 1分) + 1分 = 67分",
        "进一(100元 ÷ 3, 0.01元) = 33.34元",
        "这里没有",
    ] {
        assert!(second.contains(wanted), "{wanted}\n{second}");
    }
}

/// R2's hours are blank: nobody's share of the year can be told, and it is said for whom it waits.
#[test]
fn everybody_waits_for_a_weight_that_is_missing() {
    let dir = data("allotments-waiting", &FACTS.replace("227.5", ""));
    let args = ["run", "p.jifen", "--facts", "facts.csv", "--roster"];
    let more = ["roster.csv", "--as-of", "2027-01-03", "-o", "out"];
    let text = said(&jifen(&dir, &[&args[..], &more[..]].concat()));
    assert!(text.contains("“R2 李四”的份数算不出来"), "{text}");
    let table = std::fs::read_to_string(dir.join("out/outcomes.csv")).expect("outcomes.csv");
    assert!(
        table.contains("无法判断,“R2 李四”的份数算不出来"),
        "{table}"
    );
    let args = ["explain", "p.jifen", "--facts", "facts.csv", "--roster"];
    let more = ["roster.csv", "--as-of", "2027-01-03", "--account", "R1"];
    let text = said(&jifen(&dir, &[&args[..], &more[..]].concat()));
    assert!(
        text.contains("“R2 李四”的份数算不出来，各人的份都由它定"),
        "{text}"
    );
}
