//! `docs/coverage.md`: every row of the seed table stands there once, what it names is there, and every clause that it names
//! is needed: without it the policy does not compile, or one of its tests fails, or its page of sums does not hold.

use std::collections::{BTreeMap, BTreeSet};

use jifen::{Compiled, Sources, compile, run_tests};
use jifen_testkit::repo::root;

use super::{Page, SHIPPED, found, read, stem};

/// The four sources and how many rows each has.
const SEEDS: [(char, usize); 4] = [('A', 39), ('B', 25), ('C', 84), ('D', 29)];

const WORDS: [&str; 18] = [
    "名册",
    "积分",
    "记录",
    "参数",
    "时段",
    "类别",
    "项目",
    "支用",
    "兑换",
    "转赠",
    "指标",
    "考评",
    "排名",
    "等级",
    "标记",
    "权益",
    "活动期",
    "分配",
];

struct Row {
    id: String,
    class: String,
    /// `folder: 类别 / 项目 / 语句`
    clauses: Vec<String>,
    cases: Vec<String>,
    note: String,
}

/// What stands between backquotes.
fn quoted(cell: &str) -> Vec<String> {
    let parts = cell.split('`').skip(1).step_by(2);
    parts.map(str::to_owned).collect()
}

fn rows(page: &str) -> Vec<Row> {
    let mut out = Vec::new();
    for line in page.lines().filter(|l| l.starts_with("| ")) {
        let cells = line.trim_matches('|').split(" | ");
        let cells: Vec<&str> = cells.map(str::trim).collect();
        let id = cells[0];
        let digits = id.get(1..).unwrap_or_default();
        let letter = id.starts_with(['A', 'B', 'C', 'D']);
        if letter && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
            assert_eq!(cells.len(), 6, "{line}");
            out.push(Row {
                id: id.to_owned(),
                class: cells[2].to_owned(),
                clauses: quoted(cells[3]),
                cases: quoted(cells[4]),
                note: cells[5].to_owned(),
            });
        }
    }
    out
}

fn page() -> Vec<Row> {
    rows(&std::fs::read_to_string(root().join("docs/coverage.md")).unwrap())
}

/// The end of what begins at `from`: a line break outside of braces, or the brace that closes what it stands in; in a list on
/// one line also the blanks before the next statement.
fn end(text: &str, from: usize, statement: bool) -> usize {
    let mut depth = 0;
    for (i, c) in text[from..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return from + i,
            '}' => depth -= 1,
            '\n' if depth == 0 => return from + i,
            ' ' if statement && depth == 0 && text[from + i..].starts_with("   ") => {
                return from + i;
            }
            _ => {}
        }
    }
    text.len()
}

/// Where a declaration of this name stands among those that begin in the range at its own level.
fn declared(text: &str, range: (usize, usize), name: &str) -> Option<(usize, usize)> {
    let (mut at, mut depth) = (range.0, 0);
    while at < range.1 {
        let stop = text[at..range.1].find('\n').map_or(range.1, |i| at + i);
        let line = &text[at..stop];
        if depth == 0 && !line.trim_start().starts_with('#') {
            let mut words = line.split_whitespace().peekable();
            words.next_if(|w| w.starts_with('第') && w.ends_with('条'));
            if words.next().is_some_and(|w| WORDS.contains(&w)) && words.next() == Some(name) {
                return Some((at, end(text, at, false)));
            }
        }
        depth += line.matches('{').count();
        depth = depth.saturating_sub(line.matches('}').count());
        at = stop + 1;
    }
    None
}

/// The text without the clause; nothing where it does not have it.
fn without(text: &str, path: &str) -> Option<String> {
    let steps: Vec<&str> = path.split(" / ").collect();
    let mut range = (0, text.len());
    for (n, step) in steps.iter().enumerate() {
        let found = declared(text, range, step);
        let Some((from, to)) = found else {
            // A statement of the last declaration: only the last step can be one.
            if n == 0 || n + 1 < steps.len() {
                return None;
            }
            let at = range.0 + text[range.0..range.1].find(step)?;
            let cut = end(text, at, true);
            return Some(format!("{}{}", &text[..at], &text[cut..]));
        };
        if n + 1 == steps.len() {
            return Some(format!("{}{}", &text[..from], &text[to..]));
        }
        let inside = text[from..to].find('{')? + from + 1;
        range = (inside, to);
    }
    None
}

/// The text without its tests.
fn untested(text: &str) -> String {
    let mut out = text.to_owned();
    while let Some(at) = out.find("\n测试 ") {
        let to = end(&out, at + 1, false);
        out.replace_range(at..to, "");
    }
    out
}

fn compiled(name: &str, text: &str) -> Option<Compiled> {
    let mut sources = Sources::new();
    sources.add(name, text);
    compile(sources).ok()
}

/// Whether all tests of the policy pass and its page of sums holds.
fn holds(folder: &str, page: Option<&Page>, text: &str) -> bool {
    let Some(policy) = compiled(folder, &untested(text)) else {
        return false;
    };
    if let Some(page) = page {
        let district = SHIPPED.into_iter().find(|d| d.name == folder).unwrap();
        let (loaded, evaluation) = district.quarter(&policy);
        if found(&policy.plan, &loaded, &evaluation) != *page {
            return false;
        }
    }
    compiled(folder, text).is_some_and(|p| run_tests(&p).iter().all(jifen::TestResult::passed))
}

#[test]
fn every_row_of_the_seeds_stands_once_and_says_where_it_is() {
    let rows = page();
    let ids: Vec<&str> = rows.iter().map(|r| r.id.as_str()).collect();
    let all: Vec<String> = SEEDS
        .iter()
        .flat_map(|(s, n)| (1..=*n).map(move |i| format!("{s}{i}")))
        .collect();
    assert_eq!(ids, all, "177 rows, each once, in order");
    for row in &rows {
        let letters = row.class.split(' ');
        let known: BTreeSet<&str> = ["E", "L", "R", "O"].into();
        assert!(letters.clone().all(|l| known.contains(l)), "{}", row.id);
        let told = !row.clauses.is_empty() || !row.cases.is_empty();
        match row.class.starts_with('E') {
            true => assert!(
                told && !row.clauses.is_empty() || row.note.contains("以后"),
                "{}: a clause, or which later part brings it",
                row.id
            ),
            false => assert!(
                told || !row.note.is_empty(),
                "{}: where, or why not",
                row.id
            ),
        }
    }
}

#[test]
fn every_file_that_the_page_names_is_there() {
    for row in page() {
        for name in row.cases.iter().chain(&quoted(&row.note)) {
            let case = root().join("tests/corpus").join(format!("{name}.md"));
            let there = case.is_file() || root().join(name).exists();
            let command = name.starts_with("jifen ") || !name.contains(['/', '.']);
            assert!(there || command, "{}: {name}", row.id);
        }
        for name in &row.cases {
            let case = root().join("tests/corpus").join(format!("{name}.md"));
            assert!(
                case.is_file() || root().join(name).is_file(),
                "{}: {name}",
                row.id
            );
        }
    }
}

#[test]
fn every_clause_that_the_page_names_is_needed() {
    let mut clauses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in page() {
        for clause in row.clauses {
            let (folder, path) = clause
                .split_once(": ")
                .unwrap_or_else(|| panic!("{clause}"));
            let paths = clauses.entry(folder.to_owned()).or_default();
            paths.insert(path.to_owned());
        }
    }
    let (mut count, mut wrong) = (0, Vec::new());
    for (folder, paths) in clauses {
        let files = root().join("policies").join(&folder);
        let text =
            std::fs::read_to_string(files.join(format!("{}.jifen", stem(&folder)))).expect(&folder);
        let known = SHIPPED.iter().any(|d| d.name == folder);
        let page = known.then(|| std::fs::read_to_string(files.join("expected.md")).unwrap());
        let page = page.as_deref().map(read);
        assert!(holds(&folder, page.as_ref(), &text), "{folder} itself");
        for path in paths {
            count += 1;
            match without(&text, &path) {
                None => wrong.push(format!("{folder}: {path} is not there")),
                Some(rest) if holds(&folder, page.as_ref(), &rest) => {
                    wrong.push(format!("{folder}: {path} can go and nothing fails"));
                }
                Some(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 60, "only {count} clauses");
}

#[test]
fn a_clause_is_cut_whole_and_nothing_else() {
    let text = "类别 甲 {\n  上限 每月 60分\n  ## 注\n  第1条 项目 乙 {\n    凭 丙\n    得 按 丁 {\n      一: 1分\n    }\n    上限 每日 1次\n  }\n}\n\
        项目 戊 { 凭 丙   得 2分   上限 每日 1次 }\n";
    let cut = |path| without(text, path);
    assert_eq!(
        cut("甲 / 乙"),
        Some(
            text.replace(
                "  第1条 项目 乙 {\n    凭 丙\n    得 按 丁 {\n      一: 1分\n    }\n    上限 每日 1次\n  }",
                ""
            )
        )
    );
    let inner = text.replace("得 按 丁 {\n      一: 1分\n    }", "");
    assert_eq!(cut("甲 / 乙 / 得 按 丁"), Some(inner));
    assert_eq!(
        cut("甲 / 上限 每月"),
        Some(text.replace("上限 每月 60分", ""))
    );
    assert_eq!(cut("戊 / 得 2分"), Some(text.replace("得 2分", "")));
    assert_eq!(
        cut("戊 / 上限 每日"),
        Some(text.replace("   上限 每日 1次 }", "   }"))
    );
    assert_eq!(cut("乙"), None);
    assert_eq!(cut("戊 / 上限 每月"), None);
}
