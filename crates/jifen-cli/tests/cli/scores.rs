//! What a run and a statement say of scores and of measures over several periods.

use crate::{folder, jifen, json, said, write};

const POLICY: &str = "政策 评 { 版本 1   施行 2026年1月1日   时区 Asia/Shanghai }
名册 居民 { 楼栋: 组 }
积分 可用积分 { 精度 1分 四舍五入 }
记录 志愿 对象 居民
记录 评分 对象 居民 { 分值: 数 0 至 100 }
记录 事故 对象 居民
指标 次数 每月 = 计数(志愿)
考评 季评 {
  周期 每季度
  权重 60% 常来 = 10 × 平均(次数)
  权重 40% 满意 = 平均(评分.分值)
  缺项 归一
  一票否决 当 计数(事故) 不低于 1次 计 0
}
项目 达标 { 周期 每季度   条件 季评 不低于 50   得 20分 }
";

/// R1 comes on 15 February: 4 times in February, 6 in March, a mean of 5; 10 × 5 = 50, graded 80: 0.6 × 50 + 0.4 × 80 = 62.
/// R2 is there since January: 0, 4 and 8, a mean of 4; not graded: 0.6 × 40 ÷ 0.6 = 40. R3 had an accident.
fn facts() -> String {
    let mut out = "编号,记录,居民编号,日期,分值\n".to_owned();
    let mut n = 0;
    let mut add = |kind: &str, who: &str, day: &str, grade: &str| {
        n += 1;
        out.push_str(&format!("F{n},{kind},{who},{day},{grade}\n"));
    };
    for (who, day, times) in [
        ("R1", "2026-02-20", 4),
        ("R1", "2026-03-02", 6),
        ("R2", "2026-02-20", 4),
        ("R2", "2026-03-02", 8),
        ("R3", "2026-01-20", 9),
    ] {
        (0..times).for_each(|_| add("志愿", who, day, ""));
    }
    add("评分", "R1", "2026-03-20", "80");
    add("事故", "R3", "2026-03-21", "");
    out
}

fn ask(name: &str, args: &[&str]) -> (std::path::PathBuf, std::process::Output) {
    let dir = folder(name);
    write(&dir, "p.jifen", POLICY);
    write(&dir, "facts.csv", &facts());
    let roster = "居民编号,楼栋,自,至\nR1,一,2026-02-15,\nR2,一,,\nR3,一,,\n";
    write(&dir, "roster.csv", roster);
    let head = ["p.jifen", "--facts", "facts.csv", "--roster", "roster.csv"];
    let all = [&args[..1], &head, &args[1..]].concat();
    let output = jifen(&dir, &all);
    (dir, output)
}

#[test]
fn a_score_and_its_parts_stand_in_the_table() {
    let (dir, output) = ask("scores", &["run", "--as-of", "2026-03-31", "-o", "out"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let table = std::fs::read_to_string(dir.join("out/measures.csv")).unwrap();
    let of = |name: &str| -> Vec<String> {
        let rows = table.lines().filter(|r| r.starts_with(&format!("{name},")));
        let cells = rows.map(|r| r.split(',').collect::<Vec<&str>>());
        cells.map(|c| format!("{} {}", c[1], c[5])).collect()
    };
    assert_eq!(of("季评"), ["R1 62", "R2 40", "R3 0"]);
    assert_eq!(of("季评.常来"), ["R1 50", "R2 40", "R3 30"]);
    assert_eq!(of("季评.满意"), ["R1 80", "R2 ", "R3 "]);
    // January is none of R1's months.
    assert_eq!(of("次数").iter().filter(|r| r.starts_with("R1")).count(), 2);
}

#[test]
fn a_statement_shows_how_the_parts_are_added() {
    let args = ["explain", "--as-of", "2026-03-31", "--account", "R1"];
    let words = said(&ask("scores-statement", &args).1);
    let text = words.split_whitespace().collect::<Vec<&str>>().join(" ");
    for line in [
        "季评 62 ",
        "季评.常来 50：0.6 × 50 = 30 ",
        "季评.满意 80：0.4 × 80 = 32 ",
        "(30 + 32) ÷ (0.6 + 0.4) = 62",
        "季评.常来 50 平均(次数) 5次：10 × 5次 = 50",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let args = [
        "explain",
        "--as-of",
        "2026-03-31",
        "--account",
        "R3",
        "--lang",
        "en",
    ];
    let words = said(&ask("scores-veto", &args).1);
    let text = words.split_whitespace().collect::<Vec<&str>>().join(" ");
    assert!(text.contains("1 time ≥ 1: 0"), "{text}");
}

#[test]
fn programs_read_the_parts_by_name() {
    let args = ["run", "--as-of", "2026-03-31", "--json"];
    let json = json(&ask("scores-json", &args).1);
    let names: Vec<&str> = json["measures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["季评", "季评.常来", "季评.满意", "次数"]);
    assert_eq!(json["measures"][2]["no_value"], 2);
}
