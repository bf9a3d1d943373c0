//! What `jifen run` says at the end: for people, and as `jifen.run/1`.

use super::run::Done;
use super::{allot, worth};
use crate::table::{Align, table};
use jifen::data::OutcomeKind;
use jifen::{Code, Lang, RosterFault, data_code};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How many accounts of each currency are listed.
const TOP: usize = 10;

/// For people.
pub fn text(done: &Done<'_>) -> String {
    let lang = done.policy.lang;
    let mut out = head(done, lang);
    out.push_str(&rows(done, lang));
    out.push_str(&outcomes(done, lang));
    out.push_str(&undated(done, lang));
    out.push_str(&super::measure::text(done, lang));
    out.push_str(&super::standing::text(done, lang));
    out.push_str(&totals(done, lang));
    out.push_str(&top(done, lang));
    out.push_str(&conservation(done, lang));
    out.push_str(&allot::text(done, lang));
    out.push_str(&worth::text(done, lang));
    out.push_str(&files(done, lang));
    out
}

fn head(done: &Done<'_>, lang: Lang) -> String {
    let labels = &done.policy.compiled.labels;
    let title = labels.title.as_deref().unwrap_or("");
    let title = match (title.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!(" 《{title}》"),
        (false, Lang::En) => format!(" “{title}”"),
    };
    let versions: Vec<&str> = done
        .policy
        .compiled
        .plan
        .versions
        .iter()
        .map(|v| v.name.as_str())
        .collect();
    let (policy, versions, day) = (&labels.policy, versions.join(", "), done.inputs.as_of);
    match lang {
        Lang::Zh => format!("{policy}{title}  版本 {versions}  截至 {day}\n\n"),
        Lang::En => format!("{policy}{title}  version {versions}  as of {day}\n\n"),
    }
}

fn rows(done: &Done<'_>, lang: Lang) -> String {
    let loaded = &done.inputs.loaded;
    let c = &loaded.admission.counts;
    let mut out = String::new();
    for (file, note) in &loaded.notes {
        let file = if file.is_empty() {
            String::new()
        } else {
            format!("{file}: ")
        };
        out.push_str(&format!("  {file}{}\n", note.get(lang)));
    }
    let (read, accepted, duplicates, rejected) = (c.read, c.accepted, c.duplicates, c.rejected);
    out.push_str(&match lang {
        Lang::Zh => format!("读入 {read} 行 = 接受 {accepted} + 重复 {duplicates} + 退回 {rejected}\n"),
        Lang::En => {
            format!("rows read {read} = accepted {accepted} + duplicates {duplicates} + rejected {rejected}\n")
        }
    });
    if c.replaced > 0 {
        let n = c.replaced;
        out.push_str(&lang.pick(
            format!("另有 {n} 行由改好的退回行代替\n"),
            format!("{n} more rows were replaced by mended ones\n"),
        ));
    }
    let reasons = reasons(done, lang);
    let cells: Vec<Vec<String>> = reasons
        .iter()
        .map(|(r, n)| {
            vec![
                n.to_string(),
                r.code.to_string(),
                r.column.clone(),
                r.text.clone(),
            ]
        })
        .collect();
    let align = [Align::Right, Align::Left, Align::Left, Align::Left];
    out.push_str(&table(&cells, &align));
    if done.too_many_rejects {
        out.push_str(lang.pick(
            "退回的行超过允许的比例\n",
            "more rows were rejected than allowed\n",
        ));
    }
    let word = lang.pick("名册", "roster");
    out.push_str(&left_out(word, &loaded.roster_faults, lang));
    if loaded.opening_rows > 0 {
        let (read, bad) = (loaded.opening_rows, loaded.opening_faults.len());
        let lots = loaded.openings.lines.len();
        // 等级、标记、权益: only where there are any.
        let (zh, en) = match loaded.openings.standings.len() {
            0 => (String::new(), String::new()),
            n => (
                format!("、等级标记权益 {n} 条"),
                format!(" and {n} grades, flags or rights"),
            ),
        };
        out.push_str(&lang.pick(
            format!("期初读入 {read} 行，计入 {lots} 笔{zh}，未接受 {bad} 行\n"),
            format!(
                "opening balances: {read} rows read, {lots} lots{en} taken, {bad} rows refused\n"
            ),
        ));
    }
    let word = lang.pick("期初", "opening");
    out.push_str(&left_out(word, &loaded.opening_faults, lang));
    out.push('\n');
    out
}

/// The first rows that were left out of a roster or of the opening balances.
fn left_out(word: &str, faults: &[RosterFault], lang: Lang) -> String {
    const SHOWN: usize = 5;
    let mut out = String::new();
    for f in faults.iter().take(SHOWN) {
        let (code, text, fix) = (
            data_code(f.fault.reason.0),
            f.fault.text.get(lang),
            f.fault.fix.get(lang),
        );
        let (file, line, column) = (&f.file, f.place.line, &f.column);
        out.push_str(&lang.pick(
            format!("  {word} {file} 第 {line} 行 {column}：{code} {text}；{fix}\n"),
            format!("  {word} {file} line {line}, {column}: {code} {text}; {fix}\n"),
        ));
    }
    let more = faults.len().saturating_sub(SHOWN);
    if more > 0 {
        out.push_str(&lang.pick(
            format!("  {word}另有 {more} 行，用 -o 文件夹 全部写出\n"),
            format!("  {more} more of the {word}; -o FOLDER writes them all\n"),
        ));
    }
    out
}

/// Why rows were refused.
struct Why {
    code: Code,
    column: String,
    /// The text of the first such row stands for all.
    text: String,
}

/// Rejects counted by column and reason, the most frequent first.
fn reasons(done: &Done<'_>, lang: Lang) -> Vec<(Why, usize)> {
    let mut counts: BTreeMap<(&str, &str), (usize, &str)> = BTreeMap::new();
    for reject in &done.inputs.loaded.admission.rejects {
        let Some((column, fault)) = reject.faults.first() else {
            continue;
        };
        let entry = counts
            .entry((column, fault.reason.0))
            .or_insert_with(|| (0, fault.text.get(lang)));
        entry.0 += 1;
    }
    let mut out: Vec<(Why, usize)> = counts
        .into_iter()
        .map(|((column, reason), (n, text))| {
            let why = Why {
                code: data_code(reason),
                column: column.to_owned(),
                text: text.to_owned(),
            };
            (why, n)
        })
        .collect();
    out.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.column.cmp(&b.0.column)));
    out
}

fn outcomes(done: &Done<'_>, lang: Lang) -> String {
    let c = &done.evaluation.counts;
    let declined = done.evaluation.outcomes.iter().filter(|o| {
        matches!(
            o.kind,
            OutcomeKind::OverCap(_) | OutcomeKind::NotCovered(..) | OutcomeKind::NoReceiver(_)
        )
    });
    let declined = declined.count() as u64;
    let rows = [
        (c.scored, "得分", "scored"),
        (c.not_applicable, "不适用", "not applicable"),
        (c.cannot_tell, "无法判断", "cannot tell"),
        (c.pending, "待定", "pending"),
        (
            c.refused.saturating_sub(declined),
            "驳回或逾期",
            "rejected or lapsed",
        ),
        (declined, "未兑付、未转", "not honoured, not transferred"),
        (c.failed, "算不出", "failed"),
        (c.unused, "没有规则用到", "used by no rule"),
        (
            c.unknown_yet,
            "截至日以后登记",
            "entered after the as-of date",
        ),
    ];
    let always = 3;
    let cells: Vec<String> = rows
        .iter()
        .enumerate()
        .filter(|(i, (n, _, _))| *i < always || *n > 0)
        .map(|(_, (n, zh, en))| format!("{} {n}", lang.pick(zh, en)))
        .collect();
    format!(
        "{}{}\n",
        lang.pick("结果: ", "outcomes: "),
        cells.join(", ")
    )
}

/// What stays because the day on which it lapses cannot be told; as an error, since a calendar is lacking.
fn undated(done: &Done<'_>, lang: Lang) -> String {
    let undated = &done.evaluation.undated;
    let mut years: Vec<i32> = undated.iter().map(|u| u.year).collect();
    years.sort_unstable();
    years.dedup();
    let count = |year: &i32| undated.iter().filter(|u| u.year == *year).count();
    let lines = years.iter().map(|year| {
        let (n, code) = (count(year), jifen::codes::BEYOND_CALENDAR);
        lang.pick(
            format!("  {code} 有 {n} 处可能已经到期或衰减，但工作日历缺 {year} 年，说不准哪天；先照常保留，装上有 {year} 年的版本再算\n"),
            format!("  {code} {n} times points may have lapsed, but the calendar of working days lacks {year}; they stay until a version that has {year} is installed\n"),
        )
    });
    lines.collect()
}

/// One line a kind of points. What only some policies have (openings, spends, transfers, expiry, decay) is shown where it is not 0.
fn totals(done: &Done<'_>, lang: Lang) -> String {
    let report = done.report();
    let lines = &done.evaluation.conservation;
    type Column = (
        &'static str,
        &'static str,
        fn(&jifen::Conservation) -> jifen::Decimal,
        bool,
    );
    let columns: [Column; 10] = [
        ("期初", "opening", |c| c.opening, false),
        ("获得", "earned", |c| c.earned, true),
        ("收到", "received", |c| c.received, false),
        ("扣减", "deducted", |c| c.deducted, true),
        ("支用", "spent", |c| c.spent, false),
        ("转出", "given", |c| c.given, false),
        ("到期", "expired", |c| c.expired, false),
        ("衰减", "decayed", |c| c.decayed, false),
        ("封顶扣除", "trimmed", |c| c.trimmed, true),
        ("余额", "balance", |c| c.balance, true),
    ];
    let shown = |c: &&Column| c.3 || lines.iter().any(|l| !(c.2)(l).is_zero());
    let columns: Vec<&Column> = columns.iter().filter(shown).collect();
    let mut head = lang
        .pick(["积分", "账户"], ["points", "accounts"])
        .map(str::to_owned)
        .to_vec();
    head.extend(columns.iter().map(|c| lang.pick(c.0, c.1).to_owned()));
    let mut cells = vec![head];
    for line in lines {
        let mine = done
            .evaluation
            .balances
            .iter()
            .filter(|b| b.currency == line.currency);
        let mut row = vec![
            report.currency(line.currency).to_owned(),
            mine.count().to_string(),
        ];
        row.extend(columns.iter().map(|c| (c.2)(line).to_string()));
        cells.push(row);
    }
    let mut align = vec![Align::Right; columns.len() + 2];
    if let Some(first) = align.first_mut() {
        *first = Align::Left;
    }
    format!("\n{}", table(&cells, &align))
}

fn top(done: &Done<'_>, lang: Lang) -> String {
    let report = done.report();
    let mut out = String::new();
    for c in &done.evaluation.conservation {
        let name = report.currency(c.currency);
        let rows: Vec<Vec<String>> = report
            .top(c.currency, TOP)
            .into_iter()
            .enumerate()
            .map(|(i, (id, name, n))| vec![(i + 1).to_string(), id, name, n.to_string()])
            .collect();
        if rows.is_empty() {
            continue;
        }
        let n = rows.len();
        out.push_str(&lang.pick(
            format!("\n{name} 前 {n} 名\n"),
            format!("\n{name}, top {n}\n"),
        ));
        let align = [Align::Right, Align::Left, Align::Left, Align::Right];
        out.push_str(&table(&rows, &align));
    }
    out
}

fn conservation(done: &Done<'_>, lang: Lang) -> String {
    let report = done.report();
    let mut out = "\n".to_owned();
    for c in &done.evaluation.conservation {
        let (name, o, e, d, b) = (
            report.currency(c.currency),
            c.opening,
            c.earned,
            c.deducted,
            c.balance,
        );
        let verdict = match (c.holds, lang) {
            (true, Lang::Zh) => "✓ 逐户核对",
            (true, Lang::En) => "✓ checked account by account",
            (false, Lang::Zh) => "✗ 不平衡，请报告",
            (false, Lang::En) => "✗ does not balance, please report",
        };
        let life = |word: &str, n: jifen::Decimal| match n.is_zero() {
            true => String::new(),
            false => format!("{word} {n} + "),
        };
        let got = match c.received.is_zero() {
            true => String::new(),
            false => format!(" + {} {}", lang.pick("收到", "received"), c.received),
        };
        let gone = [
            life(lang.pick("支用", "spent"), c.spent),
            life(lang.pick("转出", "given"), c.given),
            life(lang.pick("到期", "expired"), c.expired),
            life(lang.pick("衰减", "decayed"), c.decayed),
        ]
        .concat();
        out.push_str(&match lang {
            Lang::Zh => format!("守恒 {name}: 期初 {o} + 获得 {e}{got} = 扣减 {d} + {gone}余额 {b}  {verdict}\n"),
            Lang::En => {
                format!("conservation {name}: opening {o} + earned {e}{got} = deducted {d} + {gone}balance {b}  {verdict}\n")
            }
        });
        if !c.waived.is_zero() || !c.trimmed.is_zero() {
            let (w, t) = (c.waived, c.trimmed);
            out.push_str(&lang.pick(
                format!("  另列: 封顶扣除 {t}, 免扣 {w}\n"),
                format!("  beside it: trimmed {t}, waived {w}\n"),
            ));
        }
    }
    out
}

fn files(done: &Done<'_>, lang: Lang) -> String {
    if done.files.is_empty() {
        let rejected = done.inputs.loaded.admission.counts.rejected;
        return match (rejected, lang) {
            (0, _) => String::new(),
            (_, Lang::Zh) => "退回的行: 加 -o 文件夹 写出退回表\n".to_owned(),
            (_, Lang::En) => "rejected rows: add -o FOLDER to write them to a file\n".to_owned(),
        };
    }
    let rows: Vec<Vec<String>> = done
        .files
        .iter()
        .map(|(what, path)| {
            let zh = match *what {
                "ledger" => "台账",
                "balances" => "余额",
                "lapses" => "到期和衰减",
                "measures" => "指标",
                "standings" => "排名、等级、标记、权益",
                "moves" => "随人和分户",
                "lots" => "还在的各笔",
                "worths" => "折合",
                "allotments" => "分配",
                "outcomes" => "未得分",
                "left_out" => "未接受的名册和期初",
                _ => "退回",
            };
            vec![lang.pick(zh, what).to_owned(), path.display().to_string()]
        })
        .collect();
    format!("\n{}", table(&rows, &[Align::Left, Align::Left]))
}

/// For programs: `jifen.run/1`. Points are strings, so that no reader rounds them.
pub fn json(done: &Done<'_>) -> Value {
    let lang = done.policy.lang;
    let compiled = &done.policy.compiled;
    let (c, e) = (
        &done.inputs.loaded.admission.counts,
        &done.evaluation.counts,
    );
    let report = done.report();
    let versions: Vec<&str> = compiled
        .plan
        .versions
        .iter()
        .map(|v| v.name.as_str())
        .collect();
    let rejects: Vec<Value> = reasons(done, lang)
        .into_iter()
        .map(|(r, rows)| {
            json!({ "code": r.code.to_string(), "column": r.column, "reason": r.text, "rows": rows })
        })
        .collect();
    let conservation: Vec<Value> = done
        .evaluation
        .conservation
        .iter()
        .map(|c| {
            json!({
                "points": report.currency(c.currency), "opening": c.opening.to_string(),
                "earned": c.earned.to_string(), "received": c.received.to_string(), "deducted": c.deducted.to_string(),
                "spent": c.spent.to_string(), "given": c.given.to_string(), "expired": c.expired.to_string(), "decayed": c.decayed.to_string(),
                "balance": c.balance.to_string(), "waived": c.waived.to_string(),
                "trimmed": c.trimmed.to_string(), "holds": c.holds,
            })
        })
        .collect();
    let top: Vec<Value> = done
        .evaluation
        .conservation
        .iter()
        .map(|c| {
            let accounts: Vec<Value> = report
                .top(c.currency, TOP)
                .into_iter()
                .map(|(id, name, n)| json!({ "account": id, "name": name, "balance": n.to_string() }))
                .collect();
            json!({ "points": report.currency(c.currency), "accounts": accounts })
        })
        .collect();
    let files: serde_json::Map<String, Value> = done
        .files
        .iter()
        .map(|(what, path)| ((*what).to_owned(), json!(path.display().to_string())))
        .collect();
    json!({
        "schema": "jifen.run/1",
        "policy": compiled.labels.policy,
        "versions": versions,
        "fingerprint": compiled.fingerprint(),
        "as_of": done.inputs.as_of.to_string(),
        "rows": {
            "read": c.read, "accepted": c.accepted, "duplicates": c.duplicates, "rejected": c.rejected,
            "replaced": c.replaced,
        },
        "rejects": rejects,
        "left_out": left_out_json(done, lang),
        "opening_rows": done.inputs.loaded.opening_rows,
        "too_many_rejects": done.too_many_rejects,
        "outcomes": {
            "scored": e.scored, "not_applicable": e.not_applicable, "cannot_tell": e.cannot_tell,
            "pending": e.pending, "refused": e.refused, "failed": e.failed, "unused": e.unused,
            "unknown_yet": e.unknown_yet,
        },
        "undated": done.evaluation.undated.len(),
        "conservation": conservation,
        "measures": super::measure::list(done),
        "standings": super::standing::list(done),
        "allotments": allot::list(done),
        "liability": worth::liability(done),
        "costs": worth::costs(done),
        "top": top,
        "files": files,
    })
}

/// Rows of rosters and of opening balances that were left out.
fn left_out_json(done: &Done<'_>, lang: Lang) -> Vec<Value> {
    let loaded = &done.inputs.loaded;
    let of = |what: &'static str, f: &RosterFault| {
        json!({
            "what": what, "file": f.file, "line": f.place.line, "column": f.column,
            "code": data_code(f.fault.reason.0).to_string(),
            "reason": f.fault.text.get(lang), "fix": f.fault.fix.get(lang),
        })
    };
    let rosters = loaded.roster_faults.iter().map(|f| of("roster", f));
    rosters
        .chain(loaded.opening_faults.iter().map(|f| of("opening", f)))
        .collect()
}
