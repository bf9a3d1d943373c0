//! What a run and a statement say of measures.

use crate::{folder, jifen, json, said, write};

const POLICY: &str = "政策 测 { 版本 1   施行 2026年3月1日   时区 Asia/Shanghai }
名册 居民 { 楼栋: 组 }
积分 可用积分 { 精度 1分 四舍五入 }
记录 志愿 对象 居民 { 时长: 小时   满意: 是否 }
指标 满意率 每月 = 计数(志愿 当 满意) ÷ 计数(志愿) 至少 2次
指标 时长均 每月 = 平均(志愿.时长)
指标 除零 每月 = 计数(志愿) ÷ 合计(志愿.时长) 至少 1次
项目 满意 { 周期 每月   条件 满意率 不低于 60%   得 20分 }
";
/// R1: 2 of 4 content, 50 %, (1 + 1 + 2 + 2) ÷ 4 = 1.5 hours. R2: one fact, too few for a rate; 0 hours to divide by.
const FACTS: &str = "编号,记录,居民编号,日期,时长,满意
1,志愿,R1,2026-03-05,1,是
2,志愿,R1,2026-03-06,1,是
3,志愿,R1,2026-03-07,2,否
4,志愿,R1,2026-03-31,2,否
5,志愿,R2,2026-03-31,0,是
";

fn ask(name: &str, args: &[&str]) -> (std::path::PathBuf, std::process::Output) {
    let dir = folder(name);
    write(&dir, "p.jifen", POLICY);
    write(&dir, "facts.csv", FACTS);
    write(
        &dir,
        "roster.csv",
        "居民编号,姓名,楼栋\nR1,张三,一\nR2,=李四,一\n",
    );
    let head = ["p.jifen", "--facts", "facts.csv", "--roster", "roster.csv"];
    let all = [&args[..1], &head, &args[1..]].concat();
    let output = jifen(&dir, &all);
    (dir, output)
}

#[test]
fn a_run_writes_a_table_and_counts_what_has_no_value() {
    let (dir, output) = ask("measures", &["run", "--as-of", "2026-04-02", "-o", "out"]);
    assert_eq!(output.status.code(), Some(1), "the division by zero");
    let text = said(&output);
    for line in [
        "指标 满意率: 有值 1, 无值 1\n",
        "指标 时长均: 有值 2, 无值 0\n",
        "指标 除零: 有值 1, 无值 0，算不出 1\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let table = std::fs::read_to_string(dir.join("out/measures.csv")).unwrap();
    let rows: Vec<&str> = table.lines().skip(1).collect();
    assert_eq!(
        rows,
        [
            "时长均,R1,张三,2026-03-01,2026-03-31,1.5,小时,",
            "时长均,R2,'=李四,2026-03-01,2026-03-31,0,小时,",
            "满意率,R1,张三,2026-03-01,2026-03-31,0.5,,",
            "满意率,R2,'=李四,2026-03-01,2026-03-31,,,不满足：计数(志愿 在 本月) 不低于 2次",
            // 4 times in 6 hours
            "除零,R1,张三,2026-03-01,2026-03-31,0.666666666666666667,次/小时,",
            "除零,R2,'=李四,2026-03-01,2026-03-31,,,除以零",
        ]
    );
}

#[test]
fn a_statement_shows_how_a_measure_came_about() {
    let args = ["explain", "--as-of", "2026-04-02", "--account", "R1"];
    let text = said(&ask("measures-statement", &args).1);
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    for line in [
        "2026-03-01 至 2026-03-31 满意率 50% ",
        "计数(志愿 当 满意 在 本月) 2次，计数(志愿 在 本月) 4次：2次 ÷ 4次 = 0.5 ",
        "为什么没有：满意率 50%，需满 60%",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let args = ["explain", "--as-of", "2026-04-02", "--account", "R2"];
    let text = said(&ask("measures-none", &args).1);
    let why = "满意率  无值：计数(志愿 在 本月) 1次；要 计数(志愿 在 本月) 不低于 2次 才算";
    assert!(text.contains(why), "{text}");
}

#[test]
fn programs_read_the_same() {
    let args = ["run", "--as-of", "2026-04-02", "--json"];
    let json = json(&ask("measures-json", &args).1);
    let last = &json["measures"][2];
    assert_eq!(last["name"], "除零");
    assert_eq!(last["values"], 1);
    assert_eq!(last["failed"], 1);
}

/// 1.5 hours are held as 5,400 seconds: neither the number alone nor another unit holds, and what is there is no “no value”.
#[test]
fn a_test_that_names_another_unit_does_not_hold() {
    let dir = folder("measures-units");
    let policy = format!(
        "{POLICY}
测试 \"单位\" {{
  设 居民 甲 {{ 楼栋: 一 }}
  设 志愿 甲 2026-03-03 {{ 时长: 1.5小时   满意: 是 }}
  截至 2026-03-31
  应得 甲 时长均 1.5小时
  应得 甲 时长均 5400
  应得 甲 时长均 1.5次
  应得 甲 时长均 无值
  应得 甲 满意率 0次
}}
"
    );
    write(&dir, "p.jifen", &policy);
    let output = jifen(&dir, &["test", "p.jifen"]);
    assert_eq!(output.status.code(), Some(1));
    let text = said(&output);
    assert_eq!(
        text.matches("与预期不符：实际是1.5小时").count(),
        3,
        "{text}"
    );
    assert_eq!(text.matches("与预期不符：实际是无值").count(), 1, "{text}");
}

/// Forty measures, each reading the one before it twice: each is computed once, and said once.
#[test]
fn measures_that_read_each_other_are_computed_once() {
    let dir = folder("measures-chain");
    let mut policy = "政策 测 { 版本 1   施行 2026年1月1日   时区 Asia/Shanghai }
名册 居民 { 楼栋: 组 }
积分 可用积分
记录 志愿 对象 居民
指标 标0 每月 = 计数(志愿) ÷ 1次
"
    .to_owned();
    for n in 1..=40 {
        let before = n - 1;
        policy.push_str(&format!(
            "指标 标{n} 每月 = (标{before} + 标{before}) ÷ 2\n"
        ));
    }
    policy.push_str("项目 够 { 周期 每月   条件 标40 不低于 2   得 1分 }\n");
    write(&dir, "p.jifen", &policy);
    write(
        &dir,
        "facts.csv",
        "编号,记录,居民编号,日期\n1,志愿,R1,2026-01-05\n2,志愿,R1,2026-01-06\n",
    );
    write(&dir, "roster.csv", "居民编号,楼栋\nR1,一\n");
    let head = ["p.jifen", "--facts", "facts.csv", "--roster", "roster.csv"];
    let all = [&["run"], &head[..], &["--as-of", "2026-01-31", "-o", "out"]].concat();
    let output = jifen(&dir, &all);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let table = std::fs::read_to_string(dir.join("out/measures.csv")).unwrap();
    assert!(
        table.contains("标40,R1,,2026-01-01,2026-01-31,2,,"),
        "{table}"
    );
    let emitted = said(&jifen(&dir, &["compile", "p.jifen", "--emit", "plan"]));
    assert!(emitted.contains("measure 标39"), "{emitted}");
}

const BEFORE: &str = "政策 测 { 版本 1   施行 2026年2月1日   时区 Asia/Shanghai }
名册 居民 { 楼栋: 组 }
积分 可用积分 { 精度 1分 四舍五入 }
记录 志愿 对象 居民 { 时长: 小时   满意: 是否 }
指标 次数 每月 = 计数(志愿)
项目 看上月 { 凭 志愿   得 1分/次 × 上月(次数) }
项目 不足三次 { 凭 志愿   条件 上月(次数) 缺省 0次 不足 3次   得 5分 }
项目 涨了 { 周期 每月   条件 次数 超过 上月(次数)   得 10分 }
参数 每次 = 取先 { 当 上月(次数) 缺省 0次 不低于 1次: 3分   其余: 5分 }
项目 跟着 { 凭 志愿   得 每次 × 2 }
";

/// February, the first month of the policy, has 1 fact, March 3.
#[test]
fn a_statement_shows_what_the_period_before_came_to() {
    let dir = folder("measures-before");
    write(&dir, "p.jifen", BEFORE);
    write(
        &dir,
        "facts.csv",
        &FACTS.replace("1,志愿,R1,2026-03-05", "1,志愿,R1,2026-02-05"),
    );
    write(
        &dir,
        "roster.csv",
        "居民编号,姓名,楼栋\nR1,张三,一\nR2,李四,一\n",
    );
    let args = [
        "explain",
        "p.jifen",
        "--facts",
        "facts.csv",
        "--roster",
        "roster.csv",
        "--as-of",
        "2026-04-02",
        "--account",
        "R1",
    ];
    let text = said(&jifen(&dir, &args));
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    for line in [
        "2026-03-06 看上月 志愿 2 上月(次数) 1次：1分/次 × 1次 = 1分",
        "2026-02-05 看上月 志愿 1 为什么没有：“次数”前一期无值，无法判断",
        "2026-03-31 涨了 2026-03-01 至 2026-03-31 10分",
        "上月(次数) 1次，每次 3分：3分 × 2 = 6分",
        "每次 5分：5分 × 2 = 10分",
    ] {
        assert!(text.contains(line), "{text}");
    }
}
