//! The binary from outside: commands, languages, exit codes, files, JSON.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on must stop"
)]

mod aggregates;
mod allot;
mod doc;
mod joins;
mod lives;
mod measures;
mod moves;
mod scores;
mod standings;
mod worth;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A fresh folder for one test.
fn folder(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("jifen-cli-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).expect("a temporary folder");
    dir
}

fn write(dir: &Path, name: &str, text: &str) {
    std::fs::create_dir_all(dir.join(name).parent().expect("a folder")).expect("a folder");
    std::fs::write(dir.join(name), text).expect("a file");
}

fn jifen(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jifen"))
        .args(args)
        .current_dir(dir)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env_remove("LANG")
        .output()
        .expect("the binary runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Both streams.
fn said(output: &Output) -> String {
    stdout(output) + &stderr(output)
}

fn json(output: &Output) -> Value {
    let text = stdout(output);
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text} {}", stderr(output)))
}

const TEMPLATES: [(&str, &str); 6] = [
    ("文明积分", "2026-01-31"),
    ("志愿服务", "2026-01-31"),
    ("社区考核", "2026-03-31"),
    ("civility", "2026-01-31"),
    ("volunteering", "2026-01-31"),
    ("appraisal", "2026-03-31"),
];

#[test]
fn every_template_passes_every_command() {
    let dir = folder("templates");
    for (name, as_of) in TEMPLATES {
        let made = jifen(&dir, &["new", name, "--template", name]);
        assert_eq!(code(&made), 0, "{}", stderr(&made));
        for args in [
            &["check", name][..],
            &["test", name],
            &["fmt", name, "--check"],
            &["run", name, "--as-of", as_of, "--strict", "-o", "out"],
            &["compile", name, "--emit", "schedule"],
            &["doc", name],
            &["translate", name, "--to", "en"],
            &["translate", name, "--to", "zh"],
        ] {
            let out = jifen(&dir, args);
            assert_eq!(code(&out), 0, "{args:?}: {}{}", stdout(&out), stderr(&out));
        }
        let tests = json(&jifen(&dir, &["test", name, "--json"]));
        assert_eq!(tests["failed"], 0);
        assert!(tests["passed"].as_u64().is_some_and(|n| n >= 2), "{tests}");
        for file in [
            "ledger.csv",
            "balances.csv",
            "outcomes.csv",
            "rejects.csv",
            "summary.json",
        ] {
            assert!(dir.join("out").join(file).is_file(), "{file}");
        }
    }
}

#[test]
fn the_civility_template_gives_what_its_policy_says() {
    let dir = folder("civility");
    jifen(&dir, &["new", "p", "--template", "civility"]);
    let run = json(&jifen(
        &dir,
        &["run", "p", "--as-of", "2026-01-31", "--json"],
    ));
    // R001: meeting 5 + steward for the whole of January 10 = 15
    // R002: meeting 5 (the second time is the same meeting: 0) + volunteering 2 h 20 = 25
    // R003: volunteering 1.5 h 10 + 0.5 h 0 + patrol (1 h * 10 + 3 h * 20) 70 + delegate 10 = 90
    // R004: patrol 2 h 20 + hazard 20 − breach 10 = 30; the patrol without a word about hazards cannot be judged
    let top = &run["top"][0]["accounts"];
    let balances: Vec<(&str, &str)> = top
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|a| Some((a["account"].as_str()?, a["balance"].as_str()?)))
        .collect();
    assert_eq!(
        balances,
        [
            ("R003", "90"),
            ("R004", "30"),
            ("R002", "25"),
            ("R001", "15")
        ]
    );
    let c = &run["conservation"][0];
    assert_eq!(
        (c["earned"].as_str(), c["deducted"].as_str()),
        (Some("170"), Some("10"))
    );
    assert_eq!(
        (c["balance"].as_str(), c["holds"].as_bool()),
        (Some("160"), Some(true))
    );
    assert_eq!(run["outcomes"]["cannot_tell"], 1);
    assert_eq!(run["rows"]["read"], 10);
}

#[test]
fn chinese_and_english_names_are_the_same_commands() {
    let dir = folder("names");
    jifen(&dir, &["新建", "p", "--模板", "文明积分"]);
    let zh = jifen(&dir, &["计算", "p", "--截至", "2026-01-31", "--json"]);
    let en = jifen(&dir, &["run", "p", "--as-of", "2026-01-31", "--json"]);
    assert_eq!(code(&zh), 0, "{}", stderr(&zh));
    assert_eq!(json(&zh), json(&en));
    for (a, b) in [
        ("检查", "check"),
        ("测试", "test"),
        ("错误", "error"),
        ("编译", "compile"),
        ("成文", "doc"),
    ] {
        let args = |c| {
            if c == "错误" || c == "error" {
                vec![c, "JF0401"]
            } else {
                vec![c, "p"]
            }
        };
        let (a, b) = (jifen(&dir, &args(a)), jifen(&dir, &args(b)));
        assert_eq!((code(&a), stdout(&a)), (code(&b), stdout(&b)));
    }
}

#[test]
fn messages_follow_the_policy_and_lang() {
    let dir = folder("lang");
    jifen(&dir, &["new", "zh", "--template", "文明积分"]);
    jifen(&dir, &["new", "en", "--template", "civility"]);
    let run = |args: &[&str]| stdout(&jifen(&dir, args));
    assert!(run(&["run", "zh"]).contains("守恒"));
    assert!(run(&["run", "en"]).contains("conservation"));
    assert!(run(&["run", "zh", "--lang", "en"]).contains("conservation"));
    assert!(run(&["计算", "en", "--语言", "zh"]).contains("守恒"));
}

#[test]
fn exit_codes() {
    let dir = folder("codes");
    jifen(&dir, &["new", "p"]);
    std::fs::write(dir.join("bad.jifen"), "项目 {").expect("written");
    let cases: &[(&[&str], i32)] = &[
        (&[], 0),
        (&["--help"], 0),
        (&["--version"], 0),
        (&["chek"], 2),
        (&["check"], 2),
        (&["check", "p", "--foo"], 2),
        (&["check", "p", "--lang", "fr"], 2),
        (&["translate", "p", "--to", "fr"], 2),
        (&["compile", "p", "--emit", "x"], 2),
        (&["run", "p", "--as-of", "2026-02-30"], 2),
        (&["run", "p", "--threads", "0"], 2),
        (&["run", "p", "--max-rejects", "x"], 2),
        (&["explain", "p"], 2),
        (&["explain", "p", "--account", "nobody"], 2),
        (&["new", "p"], 2),
        (&["new", "q", "--template", "x"], 2),
        (&["error", "JF9999"], 2),
        (&["error", "JF0401"], 0),
        (&["check", "bad.jifen"], 1),
        (&["run", "bad.jifen"], 1),
        (&["test", "bad.jifen"], 1),
        (&["check", "missing.jifen"], 3),
        (&["run", "p", "--facts", "missing.csv"], 3),
        (&["run", "p", "--facts", "p/README.md"], 3),
    ];
    for (args, wanted) in cases {
        let out = jifen(&dir, args);
        assert_eq!(
            code(&out),
            *wanted,
            "{args:?}: {}{}",
            stdout(&out),
            stderr(&out)
        );
    }
}

#[test]
fn rejects_are_counted_listed_and_come_back() {
    let dir = folder("rejects");
    jifen(&dir, &["new", "p", "--template", "文明积分"]);
    let facts = dir.join("p/facts/2026年1月.csv");
    let good = std::fs::read_to_string(&facts).expect("the template's facts");
    let bad = good.clone() + "12,志愿,R099,2026-01-25,,,2,,清扫,,,2026-01-26\n";
    std::fs::write(&facts, bad).expect("written");
    // 1 of 11 rows is more than 5 %.
    let out = jifen(&dir, &["run", "p", "--json", "-o", "out"]);
    assert_eq!(code(&out), 1);
    let run = json(&out);
    assert_eq!(
        (
            run["rows"]["read"].as_u64(),
            run["rows"]["rejected"].as_u64()
        ),
        (Some(11), Some(1))
    );
    assert_eq!(run["rejects"][0]["code"], "JF0909");
    let allowed = jifen(&dir, &["run", "p", "--max-rejects", "9.1%"]);
    assert_eq!(code(&allowed), 0, "{}", stdout(&allowed));
    assert_eq!(
        code(&jifen(&dir, &["run", "p", "--max-rejects", "9.09"])),
        1
    );
    assert_eq!(
        code(&jifen(
            &dir,
            &["run", "p", "--max-rejects", "50", "--strict"]
        )),
        1
    );
    let rejects = std::fs::read_to_string(dir.join("out/rejects.csv")).expect("the rejects file");
    assert!(
        rejects.starts_with('\u{feff}') && rejects.contains("R099"),
        "{rejects}"
    );
    // Mended and imported together with the file it came from, the row counts.
    std::fs::write(dir.join("mended.csv"), rejects.replace("R099", "R001")).expect("written");
    let again = jifen(
        &dir,
        &[
            "run",
            "p",
            "--facts",
            "p/facts",
            "mended.csv",
            "--json",
            "--strict",
        ],
    );
    assert_eq!(code(&again), 0, "{}", stderr(&again));
    let rows = &json(&again)["rows"];
    assert_eq!(
        (rows["accepted"].as_u64(), rows["rejected"].as_u64()),
        (Some(11), Some(0))
    );
}

#[test]
fn threads_do_not_change_a_byte() {
    let dir = folder("threads");
    jifen(&dir, &["new", "p"]);
    let mut seen = Vec::new();
    for n in ["1", "2", "7"] {
        jifen(&dir, &["run", "p", "--threads", n, "-o", n]);
        let file = |name: &str| std::fs::read(dir.join(n).join(name)).expect("written");
        seen.push((
            file("ledger.csv"),
            file("balances.csv"),
            file("outcomes.csv"),
        ));
    }
    assert!(seen.windows(2).all(|w| w[0] == w[1]));
}

#[test]
fn translation_keeps_the_fingerprint() {
    let dir = folder("translate");
    jifen(&dir, &["new", "p", "--template", "文明积分"]);
    let print =
        |file: &str| json(&jifen(&dir, &["compile", file, "--json"]))["fingerprint"].clone();
    let out = jifen(
        &dir,
        &[
            "translate",
            "p/policy.jifen",
            "--to",
            "en",
            "-o",
            "en.jifen",
        ],
    );
    assert_eq!(code(&out), 0, "{}", stderr(&out));
    let back = jifen(
        &dir,
        &["translate", "en.jifen", "--to", "zh", "-o", "zh.jifen"],
    );
    assert_eq!(code(&back), 0, "{}", stderr(&back));
    assert_eq!(print("p/policy.jifen"), print("en.jifen"));
    let text = |f: &str| std::fs::read_to_string(dir.join(f)).expect("written");
    assert_eq!(text("zh.jifen"), text("p/policy.jifen"));
}

#[test]
fn explanations_add_up() {
    let dir = folder("explain");
    jifen(&dir, &["new", "p", "--template", "文明积分"]);
    let base = ["explain", "p", "--as-of", "2026-01-31", "--account", "R003"];
    let statement = json(&jifen(&dir, &[&base[..], &["--json"]].concat()));
    assert_eq!(statement["schema"], "jifen.statement/1");
    assert_eq!(statement["sums"][0]["balance"], "90");
    let one = json(&jifen(
        &dir,
        &[&base[..], &["--json", "--fact", "7"]].concat(),
    ));
    assert_eq!(one["awards"].as_array().map(Vec::len), Some(1));
    assert_eq!(one["awards"][0]["amount"], "70");
    let none = jifen(&dir, &[&base[..], &["--item", "参加会议"]].concat());
    assert_eq!(code(&none), 2);
}

#[test]
fn piped_output_has_no_colour() {
    let dir = folder("colour");
    std::fs::write(dir.join("bad.jifen"), "项目 {").expect("written");
    let out = jifen(&dir, &["check", "bad.jifen"]);
    assert!(
        !stderr(&out).contains('\u{1b}') && stderr(&out).contains("bad.jifen:1:"),
        "{}",
        stderr(&out)
    );
}

#[test]
fn help_is_in_one_language() {
    let dir = folder("help");
    for c in [
        "new",
        "check",
        "fmt",
        "translate",
        "run",
        "explain",
        "doc",
        "test",
        "compile",
        "error",
    ] {
        let zh = stdout(&jifen(&dir, &[c, "--help", "--lang", "zh"]));
        for word in [
            "Usage",
            "Options",
            "Arguments",
            "Commands",
            "default:",
            "possible values",
        ] {
            assert!(!zh.contains(word), "{c}: {word}\n{zh}");
        }
        let en = stdout(&jifen(&dir, &[c, "--help", "--lang", "en"]));
        assert!(en.contains("Usage: jifen"), "{en}");
    }
}

#[test]
fn every_code_can_be_asked_for() {
    let dir = folder("errors");
    let all = json(&jifen(&dir, &["error", "--json"]));
    let codes = all["codes"].as_array().cloned().unwrap_or_default();
    assert!(codes.len() >= 60);
    for row in codes.iter().step_by(9) {
        let code_word = row["code"].as_str().unwrap_or_default();
        for lang in ["zh", "en"] {
            let out = jifen(&dir, &["error", code_word, "--lang", lang, "--json"]);
            let page = json(&out);
            assert!(
                page["page"].as_str().is_some_and(|p| p.len() > 40),
                "{code_word}"
            );
        }
    }
}

/// A policy with one item and one deduction.
const SMALL: &str = "政策 小区 { 版本 1   施行 2026年1月1日   时区 Asia/Shanghai }
名册 居民 { 家庭: 组 }
积分 积分币 { 精度 0.5分 四舍五入   下限 0分 }
记录 参会 对象 居民
记录 违规 对象 居民 { 分值: 分 }
项目 参加会议 { 凭 参会   得 5分 }
项目 违反公约 { 凭 违规   扣 分值 }
";

fn small(name: &str) -> PathBuf {
    let dir = folder(name);
    write(&dir, "p.jifen", SMALL);
    write(&dir, "roster/居民.csv", "居民编号,姓名\nR1,甲\nR2,乙\n");
    write(
        &dir,
        "facts/记录.csv",
        "记录编号,类型,居民编号,日期,分值\n1,参会,R1,2026-01-05,\n2,参会,R1,2026-01-06,\n3,违规,R1,2026-01-07,60\n",
    );
    dir
}

#[test]
fn opening_balances_come_in_and_are_accounted_for() {
    let dir = small("openings");
    // 30 + 12.5 + 2 × 5 = 52.5; 60 are deducted down to the floor of 0: 52.5 taken, 7.5 waived. 乙 keeps his 8.
    write(
        &dir,
        "期初/旧系统.csv",
        "居民编号,期初,日期\nR1,30,2025-12-31\nR1,12.5,2025-11-30\nR2,8,2025-12-31\nR2,8,2025-12-31\n",
    );
    let run = jifen(&dir, &["计算", "p.jifen", "--json", "-o", "out"]);
    assert_eq!(code(&run), 0, "{}{}", stdout(&run), stderr(&run));
    let line = &json(&run)["conservation"][0];
    let expected = [
        ("opening", "50.5"),
        ("earned", "10"),
        ("deducted", "52.5"),
        ("waived", "7.5"),
        ("balance", "8"),
    ];
    for (field, value) in expected {
        assert_eq!(line[field], value, "{field}: {line}");
    }
    let balances = std::fs::read_to_string(dir.join("out/balances.csv")).expect("balances");
    assert!(
        balances.contains("R1,甲,积分币,42.5,10,0,52.5,0,0,0,0,7.5,0,0\r\n"),
        "{balances}"
    );
    let said = stdout(&jifen(&dir, &["计算", "p.jifen"]));
    assert!(
        said.contains("期初读入 4 行，计入 3 笔，未接受 0 行"),
        "{said}"
    );
    assert!(said.contains("1 行与另一行完全相同"), "{said}");
    let why = stdout(&jifen(&dir, &["说明", "p.jifen", "--账户", "R1"]));
    assert!(why.contains("期初 42.5"), "{why}");
}

#[test]
fn opening_balances_that_cannot_be_used_are_named() {
    let dir = small("openings-bad");
    write(
        &dir,
        "期初/旧系统.csv",
        "居民编号,期初,日期\nR1,30,2025-12-31\nR1,31,2025-12-31\nR9,8,2025-12-31\nR2,八分,2025-12-31\nR2,8,去年\n",
    );
    let run = jifen(&dir, &["计算", "p.jifen", "--json", "-o", "out"]);
    // Five of five lines refused is more than 5 %.
    assert_eq!(code(&run), 1, "{}", stderr(&run));
    let left = json(&run)["left_out"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let found: Vec<_> = left
        .iter()
        .map(|l| {
            (
                l["line"].as_u64().unwrap_or(0),
                l["column"].as_str().unwrap_or(""),
                l["code"].as_str().unwrap_or(""),
            )
        })
        .collect();
    let expected = [
        (2, "期初", "JF0929"),
        (3, "期初", "JF0929"),
        (4, "居民编号", "JF0909"),
        (5, "期初", "JF0913"),
        (6, "日期", "JF0905"),
    ];
    assert_eq!(found, expected);
    let table = std::fs::read_to_string(dir.join("out/left-out.csv")).expect("a table");
    assert_eq!(table.lines().count(), 6, "{table}");
    assert_eq!(
        code(&jifen(&dir, &["run", "p.jifen", "--max-rejects", "100"])),
        0
    );
}

#[test]
fn the_mapping_may_have_a_chinese_name() {
    let dir = small("mapping");
    write(
        &dir,
        "映射.toml",
        "[[来源]]\n编号 = \"记录编号\"\n类型 = \"类型\"\n对象 = \"居民编号\"\n日期 = \"发生\"\n",
    );
    write(
        &dir,
        "facts/记录.csv",
        "记录编号,类型,居民编号,日期,发生\n1,参会,R1,不明,2026-01-05\n",
    );
    let run = jifen(&dir, &["run", "p.jifen", "--json"]);
    assert_eq!(json(&run)["rows"]["accepted"], 1, "{}", stderr(&run));
}

#[test]
fn no_cell_of_a_result_is_run_by_a_spreadsheet() {
    let dir = small("formulas");
    write(&dir, "roster/居民.csv", "居民编号,姓名\nR1,=1+1\nR2,+86\n");
    write(
        &dir,
        "facts/记录.csv",
        "记录编号,类型,居民编号,日期,分值\n@SUM(A1),参会,R1,2026-01-05,\n-2+3,违规,R1,2026-01-07,\n=9,错,R1,2026-01-07,\n",
    );
    let run = jifen(
        &dir,
        &["run", "p.jifen", "-o", "out", "--max-rejects", "100"],
    );
    assert_eq!(code(&run), 0, "{}", stderr(&run));
    for file in ["ledger.csv", "balances.csv", "outcomes.csv", "rejects.csv"] {
        let text = std::fs::read_to_string(dir.join("out").join(file)).expect("a file");
        let cells = text
            .trim_start_matches('\u{feff}')
            .lines()
            .flat_map(|l| l.split(','));
        let live: Vec<_> = cells
            .filter(|c| {
                c.trim_matches('"').starts_with(['=', '+', '@', '\t']) || c.starts_with("-2+")
            })
            .collect();
        assert!(live.is_empty(), "{file}: {live:?}");
        let protected = text.contains("'=") || text.contains("'@");
        assert!(protected, "{file} holds no risky cell: {text}");
    }
}
