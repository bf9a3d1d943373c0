//! What a run and a statement say of ranks, grades, flags and rights.

use crate::{code, folder, jifen, json, said, stderr, write};

const POLICY: &str = "政策 榜 { 版本 1   施行 2026年1月1日   时区 Asia/Shanghai }
名册 居民 { 楼栋: 组 }
积分 可用积分 { 精度 1分 四舍五入 }
记录 志愿 对象 居民 { 分值: 分 }
项目 志愿服务 { 凭 志愿   得 分值   倍率 2 当 (上季度(季级) 缺省 无) 为 优 }
排名 季榜 对象 居民 { 周期 每季度   按 获得(可用积分)   分组 楼栋   参评范围 在册   并列 占位   取整 舍去   末位并列 全取 }
等级 季级 对象 居民 按 获得(可用积分) { 评定 每季度   降级 允许   优: 50 以上   无: 其余 }
标记 久未参加 对象 居民 每季度 当 获得(可用积分) 不足 1 连续 2个季度 无值 跳过
权益 表决票 当 季榜 前 50% { 1.5票 } 否则 { 1票 }
";

/// First quarter: R1 60, R2 and R3 30 each in building 一 (places 1, 2, 2 of 3); R4 alone in 二. Half of three are 1.5, down 1: R1 has
/// 1.5 votes; half of one is 0: R4 has one. Second quarter: R1 is graded 优, 10 × 2 = 20.
fn ask(name: &str, args: &[&str]) -> (std::path::PathBuf, std::process::Output) {
    let dir = folder(name);
    write(&dir, "p.jifen", POLICY);
    let facts = "编号,记录,居民编号,日期,分值
F1,志愿,R1,2026-02-01,60
F2,志愿,R2,2026-02-02,30
F3,志愿,R3,2026-02-03,30
F4,志愿,R1,2026-05-01,10
";
    write(&dir, "facts.csv", facts);
    write(
        &dir,
        "roster.csv",
        "居民编号,楼栋\nR1,一\nR2,一\nR3,一\nR4,二\n",
    );
    let head = ["p.jifen", "--facts", "facts.csv", "--roster", "roster.csv"];
    let all = [&args[..1], &head, &args[1..]].concat();
    let output = jifen(&dir, &all);
    (dir, output)
}

#[test]
fn each_period_stands_in_the_table() {
    let (dir, output) = ask("standings", &["run", "--as-of", "2026-06-30", "-o", "out"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let table = std::fs::read_to_string(dir.join("out/standings.csv")).unwrap();
    let of = |name: &str, from: &str| -> Vec<String> {
        let rows = table.lines().filter(|r| {
            r.trim_start_matches('\u{feff}')
                .starts_with(&format!("{name},"))
        });
        let cells = rows.map(|r| r.split(',').collect::<Vec<&str>>());
        let own = cells.filter(|c| c[4] == from);
        own.map(|c| format!("{} {} {}", c[2], c[6], c[7])).collect()
    };
    let first = "2026-01-01";
    assert_eq!(
        of("季榜", first),
        [
            "R1 “一”第 1 名（共 3 人） 1",
            "R2 “一”并列第 2 名（2 人同分，共 3 人） 2",
            "R3 “一”并列第 2 名（2 人同分，共 3 人） 2",
            "R4 “二”第 1 名（共 1 人） 1"
        ]
    );
    assert_eq!(
        of("表决票", first),
        ["R1 1.5票 ", "R2 1票 ", "R3 1票 ", "R4 1票 "]
    );
    assert_eq!(of("季级", first)[0], "R1 优 ");
    assert_eq!(
        of("久未参加", "2026-04-01"),
        ["R1 否 ", "R2 否 ", "R3 否 ", "R4 是 "]
    );
    let words = said(&output);
    assert!(
        words.contains("前 50%: “一”参评 3 人，取 1 人，算上并列 1 人"),
        "{words}"
    );
    let balances = std::fs::read_to_string(dir.join("out/balances.csv")).unwrap();
    assert!(balances.contains("R1"), "{balances}");
    assert!(
        balances
            .lines()
            .any(|l| l.contains("R1") && l.contains(",80,")),
        "{balances}"
    );
    let summary = json(&jifen(
        &dir,
        &[
            "run",
            "p.jifen",
            "--facts",
            "facts.csv",
            "--roster",
            "roster.csv",
            "--as-of",
            "2026-06-30",
            "--json",
        ],
    ));
    assert_eq!(summary["standings"][0]["name"], "久未参加");
    assert_eq!(summary["standings"][0]["counts"][0]["subjects"], 3);
    // Second quarter: 20, 0, 0 in 一: half of three, down, is one. Half of one is none.
    let rank = summary["standings"].as_array().unwrap();
    let rank = rank.iter().find(|s| s["name"] == "季榜").unwrap();
    let lines = rank["lines"].as_array().unwrap();
    let told = |l: &serde_json::Value| {
        format!(
            "{} {} {} {}",
            l["group"], l["ranked"], l["people"], l["within"]
        )
    };
    let lines: Vec<String> = lines.iter().map(told).collect();
    assert_eq!(lines, ["\"一\" 3 \"1\" 1", "\"二\" 1 \"0\" 0"]);
}

#[test]
fn a_statement_says_how_one_stands() {
    let (_, output) = ask(
        "standings-statement",
        &["explain", "--as-of", "2026-06-30", "--account", "R1"],
    );
    let text = said(&output)
        .split_whitespace()
        .collect::<Vec<&str>>()
        .join(" ");
    for line in [
        "排名、等级、标记、权益：",
        "季榜 “一”第 1 名（共 3 人）：获得(可用积分) 60",
        "季级 优",
        "表决票 1.5票",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

/// 10 × 2 of R1, nothing of R2: the council is told of R2, by name; points do not depend on it.
#[test]
fn a_notice_says_of_whom() {
    let dir = folder("notices");
    let policy = "政策 榜 { 版本 1   施行 2026年1月1日   时区 Asia/Shanghai }
名册 居民 { 楼栋: 组 }
积分 可用积分 { 精度 1分 四舍五入 }
记录 志愿 对象 居民 { 分值: 分 }
项目 志愿服务 { 凭 志愿   得 分值 }
提示 请走访 对象 居民 每季度 当 获得(可用积分) 不足 1
";
    write(&dir, "p.jifen", policy);
    let facts =
        "编号,记录,居民编号,日期,分值\nF1,志愿,R1,2026-02-01,10\nF2,志愿,R1,2026-02-02,10\n";
    write(&dir, "facts.csv", facts);
    write(&dir, "roster.csv", "居民编号,楼栋\nR1,一\nR2,一\n");
    let inputs = [
        "run",
        "p.jifen",
        "--facts",
        "facts.csv",
        "--roster",
        "roster.csv",
        "--as-of",
        "2026-03-31",
        "-o",
        "out",
    ];
    let output = jifen(&dir, &inputs);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("提请会议注意: R2\n"), "{text}");
    let table = std::fs::read_to_string(dir.join("out/standings.csv")).unwrap();
    assert!(table.contains("请走访,提示,R2,"), "{table}");
    let told = json(&jifen(&dir, &[&inputs[..], &["--json"]].concat()));
    assert_eq!(told["standings"][0]["sort"], "notice");
    assert_eq!(told["standings"][0]["subjects"], serde_json::json!(["R2"]));
}

/// S37: what was so before the policy is read beside the balances; what does not fit is named, and the order of rows plays no part.
#[test]
fn how_somebody_stood_before_the_policy() {
    let policy = "政策 接着算 { 版本 1   施行 2026年1月1日   时区 Asia/Shanghai }
名册 居民 {}
积分 会分
记录 参会 对象 居民
等级 星级 对象 居民 按 获得(会分) { 评定 每季度   降级 逐级   三星: 20 以上   二星: 10 以上   一星: 其余 }
项目 参会积分 { 凭 参会   得 1分   倍率 2 当 上季度(星级) 缺省 一星 为 三星 }
";
    let dir = folder("taken-over");
    write(&dir, "p.jifen", policy);
    write(&dir, "roster/居民.csv", "居民编号\nR1\nR2\n");
    write(
        &dir,
        "facts/参会.csv",
        "记录编号,居民编号,日期\n1,R1,2026-02-01\n2,R2,2026-02-01\n",
    );
    let lines = [
        "R1,星级,三星,2025-12-31",
        "R2,会分,5,2025-12-01",
        "R2,星级,三颗星,2025-12-31",
        "R1,星级,三星,2026-03-01",
        "R2,星号,三星,2025-12-31",
        "R2,星级,二星,2025-09-30",
        "R2,星级,一星,2025-08-30",
    ];
    let head = "居民编号,积分,期初,日期";
    let mut results = Vec::new();
    for rows in [lines.to_vec(), lines.iter().rev().copied().collect()] {
        let rows: Vec<&str> = rows;
        write(
            &dir,
            "期初/旧.csv",
            &format!("{head}\n{}\n", rows.join("\n")),
        );
        let args = [
            "计算",
            "p.jifen",
            "--截至",
            "2026-03-31",
            "--json",
            "-o",
            "out",
        ];
        let run = jifen(&dir, &args);
        // Five of seven lines refused is more than 5 %.
        assert_eq!(code(&run), 1, "{}", stderr(&run));
        let left = json(&run)["left_out"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let mut found: Vec<_> = left
            .iter()
            .map(|l| l["code"].as_str().unwrap_or("").to_owned())
            .collect();
        found.sort();
        let expected = ["JF0918", "JF0918", "JF0929", "JF0929", "JF0930"];
        assert_eq!(found, expected, "{left:?}");
        // R1 was 三星: 1 × 2 = 2, and falls by one level only. R2: 5 + 1; nothing of him was taken.
        let table =
            |name: &str| std::fs::read_to_string(dir.join("out").join(name)).expect("a table");
        let standings = table("standings.csv");
        assert!(
            standings.contains("星级,等级,R1,,2026-01-01,2026-03-31,二星"),
            "{standings}"
        );
        assert!(
            standings.contains("星级,等级,R2,,2026-01-01,2026-03-31,一星"),
            "{standings}"
        );
        assert_eq!(standings.lines().count(), 3, "{standings}");
        results.push((table("ledger.csv"), standings, table("balances.csv")));
    }
    assert_eq!(results.first(), results.last());
}
