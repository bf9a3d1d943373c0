//! A member moves, from a roster file in which each row is valid over its days.

use crate::{folder, jifen, said, write};

const POLICY: &str = "政策 测 { 版本 1   施行 2026年1月1日   时区 Asia/Shanghai }
名册 家庭 { 地址: 文本 }
名册 居民 { 户: 家庭 变动 随人 分户 全留 }
积分 家庭分 { 精度 1分 舍去   下限 0分 }
记录 志愿 对象 居民 { 分值: 分 }
项目 志愿服务 { 凭 志愿   得 分值   计入 户 无则 待补 }
";
const FACTS: &str = "编号,记录,对象,日期,分值
1,志愿,张三,2026-02-05,60
2,志愿,李四,2026-02-05,30
3,志愿,张三,2026-03-12,5
";

fn data(name: &str, residents: &str) -> std::path::PathBuf {
    let dir = folder(name);
    write(&dir, "p.jifen", POLICY);
    write(&dir, "facts.csv", FACTS);
    write(&dir, "家庭.csv", "编号,地址\n甲户,一号\n乙户,二号\n");
    write(&dir, "居民.csv", residents);
    dir
}

fn run(dir: &std::path::Path) -> (String, String) {
    let out = jifen(
        dir,
        &[
            "run",
            "p.jifen",
            "--facts",
            "facts.csv",
            "--roster",
            "家庭.csv",
            "居民.csv",
            "--as-of",
            "2026-03-31",
            "-o",
            "out",
        ],
    );
    let balances = std::fs::read_to_string(dir.join("out/balances.csv")).unwrap_or_default();
    (said(&out), balances)
}

/// 60 of 90 were brought by 张三, who joins 王五 in 乙户 from 10 March and earns 5 more there: 30 and 65, in whatever order the rows stand.
#[test]
fn two_rows_of_one_person_are_a_move() {
    for rows in [
        "张三,甲户,,2026-03-09\n张三,乙户,2026-03-10,\n李四,甲户,,\n王五,乙户,,\n",
        "张三,乙户,2026-03-10,\n王五,乙户,,\n李四,甲户,,\n张三,甲户,,2026-03-09\n",
    ] {
        let dir = data("a-move", &format!("编号,户,自,至\n{rows}"));
        let (text, balances) = run(&dir);
        assert!(!text.contains("JF0911"), "{text}");
        let of = |who: &str| balances.lines().find(|l| l.starts_with(who));
        assert!(
            of("甲户").is_some_and(|l| l.ends_with(",30")),
            "{balances}\n{text}"
        );
        assert!(
            of("乙户").is_some_and(|l| l.ends_with(",65")),
            "{balances}\n{text}"
        );
        let moves = std::fs::read_to_string(dir.join("out/moves.csv")).unwrap_or_default();
        assert!(moves.contains("甲户,乙户"), "{moves}");
    }
}

/// S1, S2: in either order neither row is taken, both records of 张三 are refused, and 李四's 30 stand.
#[test]
fn two_rows_for_the_same_days_are_told_apart_by_the_clerk() {
    let mut seen = Vec::new();
    for rows in [
        "张三,乙户,2026-03-05,\n张三,甲户,,2026-03-09\n李四,甲户,,\n",
        "张三,甲户,,2026-03-09\n张三,乙户,2026-03-05,\n李四,甲户,,\n",
        "张三,甲户,,\n张三,乙户,,\n李四,甲户,,\n",
    ] {
        let dir = data("overlapping-rows", &format!("编号,户,自,至\n{rows}"));
        let (text, balances) = run(&dir);
        let told = text.contains("JF0911") && text.contains("说的是同一段日子");
        assert!(
            told && text.contains("第 3 行") && text.contains("第 2 行"),
            "{text}"
        );
        assert!(text.contains("接受 1 + 重复 0 + 退回 2"), "{text}");
        seen.push(balances);
    }
    assert!(
        seen.iter()
            .all(|b| *b == seen[0] && b.trim_end().ends_with(",30")),
        "{seen:?}"
    );
}
