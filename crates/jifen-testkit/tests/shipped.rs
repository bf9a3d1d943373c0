//! The smaller shipped policies over their sample facts: every posting, every refusal and every balance as worked by hand in
//! their `expected.md`, and the translation.
//!
//! The page: `## ACCOUNT name` headings; under them tables `| 记录 | 项目 | … | 得分 |` and `| 记录 | 项目 | … | 结果 |` (a period
//! item's record is the day it is dated), and for what time took `| 从哪一刻 | 积分 | … | 到期 |` or `… | 衰减 |`, and for measures `| 期末 | 指标 | … | 值 |`, for standings `| 期末 | 评定 | … | 结果 |` (a place as `3/10`: third of ten);
//! at the end `| 账户 | a currency | … |`. What is not applicable, or before the first version, is not listed. Where the
//! policy speaks of yuan, `| 记在 | 次数 | 分 | 元 | … |` and `| 在外积分 | 户 | 分 | 元 | … |`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    reason = "a test stops at what it did not expect; its size comes from the environment"
)]

#[path = "shipped/coverage_page.rs"]
mod coverage_page;
mod district;

use std::collections::BTreeMap;

use jifen::data::{Account, Measured, Missing, Origin, OutcomeKind, Stood, group_word};
use jifen::plan::{ItemIx, Plan, Standing, StandingKind, Trigger};
use jifen::{Decimal, Evaluation, Lang, Loaded, translate};

use district::District;

const fn one(
    name: &'static str,
    facts: &'static str,
    roster: &'static str,
    as_of: &'static str,
) -> District {
    District {
        name,
        roster,
        facts,
        as_of,
    }
}

const SHIPPED: [District; 33] = [
    one(
        "baoan",
        "facts-2026.csv",
        "communities.csv residents.csv",
        "2026-12-31",
    ),
    one(
        "beijing",
        "facts-2026Q1.csv",
        "volunteers.csv platforms.csv",
        "2026-03-31",
    ),
    one("cangku", "facts-2026Q1.csv", "residents.csv", "2026-03-31"),
    one("chaoyang", "facts-2026Q1.csv", "workers.csv", "2026-03-31"),
    one(
        "chengxiang",
        "facts-2026Q1.csv",
        "communities.csv",
        "2026-03-31",
    ),
    one("dangyuan", "facts-2026.csv", "members.csv", "2026-12-31"),
    one(
        "daoqi",
        "facts-2020-2026.csv",
        "residents.csv",
        "2026-12-31",
    ),
    one("dianti", "facts-2026Q1.csv", "households.csv", "2026-04-09"),
    one(
        "dongtai",
        "facts-2026Q1.csv",
        "communities.csv residents.csv",
        "2026-03-31",
    ),
    one(
        "fengqiao",
        "facts-2026Q1.csv",
        "residents.csv",
        "2026-03-31",
    ),
    one("fenlei", "facts-2026-04.csv", "residents.csv", "2026-04-10"),
    one("futian", "facts-2026Q1.csv", "residents.csv", "2026-03-31"),
    one(
        "futian-yishi",
        "facts-2026.csv",
        "residents.csv motions.csv",
        "2027-03-31",
    ),
    one(
        "hongmiao",
        "facts-2026-03.csv",
        "stewards.csv panel.csv",
        "2026-03-31",
    ),
    one(
        "jiedao",
        "facts-2026Q1.csv",
        "communities.csv workers.csv residents.csv",
        "2026-03-31",
    ),
    one(
        "jiefang",
        "facts-2026.csv",
        "workers.csv panel.csv",
        "2026-12-31",
    ),
    one(
        "jinshan",
        "facts-2026Q1.csv",
        "teams.csv workers.csv",
        "2026-03-31",
    ),
    one(
        "juzhu",
        "facts-2022-2026.csv",
        "applicants.csv",
        "2026-05-31",
    ),
    one("kuaisu", "facts-2026.csv", "applicants.csv", "2026-05-31"),
    one(
        "linlibang",
        "facts-2026Q1.csv",
        "residents.csv",
        "2026-03-31",
    ),
    one("longgang", "facts-2026.csv", "lawyers.csv", "2026-12-31"),
    one("lvse", "facts-2026Q1.csv", "residents.csv", "2026-03-31"),
    one(
        "nanshan",
        "facts-2026Q1.csv",
        "residents.csv roles.csv moves.csv households.csv",
        "2026-04-10",
    ),
    one("saiche", "facts-1988.csv", "drivers.csv", "1988-12-31"),
    one(
        "shangcheng",
        "facts-2026.csv",
        "residents.csv roles.csv",
        "2027-01-25",
    ),
    one(
        "std/oversight",
        "facts-2026Q1.csv",
        "residents.csv recorders.csv pairs.csv kinds.csv communities.csv",
        "2026-03-31",
    ),
    one("wangge", "facts-2026Q2.csv", "residents.csv", "2026-06-30"),
    one(
        "wuhou",
        "facts-2026.csv",
        "residents.csv pools.csv",
        "2027-01-10",
    ),
    one("xiane", "facts-2026-04.csv", "members.csv", "2026-04-30"),
    one(
        "xihu",
        "facts-2026Q1.csv",
        "residents.csv roles.csv",
        "2026-03-31",
    ),
    one(
        "zhishu",
        "facts-2026Q2.csv",
        "communities.csv",
        "2026-06-30",
    ),
    one(
        "zhuhu",
        "facts-2024-2026.csv",
        "households.csv",
        "2026-12-31",
    ),
    one("zuqiu", "facts-2022-2026.csv", "teams.csv", "2026-06-30"),
];

/// The name of the policy of a folder: the last part of its path.
fn stem(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

/// (account, record or day, item).
type Line = (String, String, String);

/// (account, the moment from which it is gone, currency, 到期 or 衰减).
type Gone = (String, String, String, &'static str);

#[derive(Debug, Default, PartialEq)]
struct Page {
    postings: BTreeMap<Line, Decimal>,
    refusals: BTreeMap<Line, String>,
    /// What time took, of all lots of a moment together; only where the page has such tables.
    lapses: BTreeMap<Gone, Decimal>,
    /// Of each account, by last day and measure; `None`: no value.
    measures: BTreeMap<Line, Option<Decimal>>,
    /// Of each account, by last day and ranking, grade, flag or right.
    standings: BTreeMap<Line, String>,
    /// Balances that are not 0.
    balances: BTreeMap<(String, String), Decimal>,
    /// By who bears it (`—`: nobody is named), or outstanding of a currency: times or accounts, points, yuan.
    yuan: BTreeMap<(&'static str, String), (u64, Decimal, Decimal)>,
}

fn number(text: &str) -> Decimal {
    Decimal::parse(&text.replace('−', "-")).unwrap_or_else(|| panic!("{text}"))
}

fn read(page: &str) -> Page {
    let (mut out, mut account, mut head) = (Page::default(), String::new(), Vec::new());
    for line in page.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            title
                .split(' ')
                .next()
                .unwrap_or_default()
                .clone_into(&mut account);
        }
        if !line.starts_with('|') {
            head.clear();
            continue;
        }
        let cells = line.trim_matches('|').split('|');
        let cells: Vec<String> = cells.map(|c| c.trim().to_owned()).collect();
        if cells[0].starts_with("---") {
            continue;
        }
        if head.is_empty() {
            head = cells;
            continue;
        }
        let key = || (account.clone(), cells[0].clone(), cells[1].clone());
        let last = cells.last().unwrap();
        if let Some(table) = ["记在", "在外积分"].into_iter().find(|t| *t == head[0]) {
            let row = (
                cells[1].parse().unwrap(),
                number(&cells[2]),
                number(&cells[3]),
            );
            out.yuan.insert((table, cells[0].clone()), row);
            continue;
        }
        if head[0] == "期末" && head[1] == "评定" {
            let old = out.standings.insert(key(), last.clone());
            assert!(old.is_none(), "twice: {line}");
            continue;
        }
        if head[0] == "期末" {
            let value = (last != "无值").then(|| number(last));
            let old = out.measures.insert(key(), value);
            assert!(old.is_none(), "twice: {line}");
            continue;
        }
        let time = ["到期", "衰减"]
            .into_iter()
            .find(|t| head.last().unwrap() == t);
        if let Some(time) = time {
            let key = (account.clone(), cells[0].clone(), cells[1].clone(), time);
            let old = out.lapses.insert(key, number(last));
            assert!(old.is_none(), "twice: {line}");
            continue;
        }
        match head.last().unwrap().as_str() {
            "得分" => assert!(
                out.postings.insert(key(), number(last)).is_none(),
                "twice: {line}"
            ),
            "结果" => assert!(
                out.refusals.insert(key(), last.clone()).is_none(),
                "twice: {line}"
            ),
            _ => {
                assert_eq!(head[0], "账户");
                for (currency, cell) in head.iter().zip(&cells).skip(1) {
                    if cell != "—" && number(cell) != Decimal::ZERO {
                        out.balances
                            .insert((cells[0].clone(), currency.clone()), number(cell));
                    }
                }
            }
        }
    }
    out
}

/// How the page words what was not posted; nothing for what is not applicable.
fn word(plan: &Plan, kind: &OutcomeKind) -> Option<String> {
    let field = |kind: usize, field: usize| plan.kinds[kind].fields[field].name.clone();
    Some(match kind {
        OutcomeKind::NotApplicable(_) | OutcomeKind::NoAmount | OutcomeKind::NoVersion => {
            return None;
        }
        OutcomeKind::NoPartner(_) => "接不上".into(),
        OutcomeKind::NotCovered(..) => "不够".into(),
        OutcomeKind::OverCap(_) => "超限".into(),
        OutcomeKind::Pending(v, _) => format!("待定 {v}"),
        OutcomeKind::Rejected(v, _) => format!("驳回 {v}"),
        OutcomeKind::Lapsed(v, _) => format!("作废 {v}"),
        OutcomeKind::Withdrawn => "撤销".into(),
        OutcomeKind::Overlaps(_) => "重叠".into(),
        OutcomeKind::CannotTell(Missing::FieldOf(k, f)) => format!("缺 {}", field(k.ix(), f.ix())),
        OutcomeKind::CannotTell(Missing::ClockTime) => "缺 钟点".into(),
        OutcomeKind::CannotTell(Missing::PeriodRow) => "缺行".into(),
        OutcomeKind::CannotTell(Missing::NoFact(k)) => format!("缺 {}", plan.kinds[k.ix()].name),
        OutcomeKind::CannotTell(Missing::NoValue(m)) => {
            format!("缺 {}", plan.measures[m.ix()].name)
        }
        OutcomeKind::CannotTell(Missing::NoStanding(s)) => {
            format!("缺 {}", plan.standings[s.ix()].name)
        }
        OutcomeKind::CannotTell(Missing::Attr(r, a)) => {
            format!("缺 {}", plan.rosters[r.ix()].attrs[a.ix()].name)
        }
        other => format!("{other:?}"),
    })
}

/// How the page words a place, a level, a flag or a right.
fn stood(of: &Standing, stood: &Stood) -> String {
    let yes = |y: bool| if y { "是" } else { "否" }.to_owned();
    match stood {
        Stood::Placed(p) => format!("{}/{}", p.place, p.entrants),
        Stood::NotEligible => "不参评".into(),
        Stood::Level(level) => match &of.what {
            StandingKind::Grade(g) => g.names[usize::from(*level)].clone(),
            other => panic!("a level of {other:?}"),
        },
        Stood::Flagged(there) | Stood::Right(there, None) => yes(*there),
        Stood::Right(_, Some(much)) => much.to_string(),
        Stood::NoValue(_) => "无值".into(),
        Stood::Failed(why) => format!("{why:?}"),
    }
}

fn found(plan: &Plan, loaded: &Loaded, evaluation: &Evaluation) -> Page {
    let mut out = Page::default();
    let log = &loaded.admission.log;
    let who = |a: Account| {
        let ids = &loaded.rosters.tables[a.roster.ix()].ids;
        ids.get_index(a.subject as usize).unwrap().clone()
    };
    // A period item's record is the last day of its period.
    let record = |origin: Origin, item: Option<ItemIx>| match origin {
        Origin::Fact(f) => log.kinds[f.kind.ix()].ids.text(f.row as usize).to_string(),
        Origin::Period(day) => match plan.items[item.unwrap().ix()].trigger {
            Trigger::Period { unit, .. } => unit.bounds(day).1.add_days(-1).to_string(),
            Trigger::Fact(_) => panic!("a period of an item on a record"),
        },
    };
    let item = |ix: ItemIx| plan.items[ix.ix()].path.last().unwrap().clone();
    for p in &evaluation.ledger {
        let key = (who(p.account), record(p.origin, Some(p.item)), item(p.item));
        let old = out.postings.insert(key, p.amount);
        assert!(
            old.is_none_or(|o| o == p.amount),
            "one award, two amounts: {p:?}"
        );
    }
    for o in &evaluation.outcomes {
        let missing = match (&o.kind, o.origin) {
            (OutcomeKind::CannotTell(Missing::Field(f)), Origin::Fact(fact)) => {
                let name = &plan.kinds[fact.kind.ix()].fields[f.ix()].name;
                Some(format!("缺 {name}"))
            }
            (OutcomeKind::CannotTell(Missing::Field(f)), Origin::Period(_)) => {
                match plan.items[o.item.unwrap().ix()].trigger {
                    Trigger::Period { row: Some(k), .. } => {
                        Some(format!("缺 {}", plan.kinds[k.ix()].fields[f.ix()].name))
                    }
                    _ => panic!("a field, and no row"),
                }
            }
            (kind, _) => word(plan, kind),
        };
        if let Some(text) = missing {
            let name = o.item.map_or_else(|| "—".to_owned(), item);
            out.refusals
                .insert((who(o.account), record(o.origin, o.item), name), text);
        }
    }
    for b in &evaluation.balances {
        if b.balance != Decimal::ZERO {
            let currency = plan.currencies[b.currency.ix()].name.clone();
            out.balances.insert((who(b.account), currency), b.balance);
        }
    }
    for m in &evaluation.measures {
        let of = &plan.measures[m.measure.ix()];
        let last = of.unit.bounds(m.first).1.add_days(-1);
        let value = match m.value {
            Measured::Value(n) => Some(n),
            _ => None,
        };
        let whose = match m.group {
            None => who(m.account),
            Some(code) => group_word((of.roster, of.of), &loaded.rosters, code)
                .unwrap_or("全体")
                .to_owned(),
        };
        let key = (whose, last.to_string(), of.name.clone());
        out.measures.insert(key, value);
    }
    for s in &evaluation.standings {
        let of = &plan.standings[s.standing.ix()];
        let last = of.unit.bounds(s.first).1.add_days(-1);
        let key = (who(s.account), last.to_string(), of.name.clone());
        out.standings.insert(key, stood(of, &s.stood));
    }
    for l in &evaluation.lapses {
        let second = l.at.seconds_of_day();
        let moment = format!(
            "{} {:02}:{:02}",
            l.at.day(),
            second / 3600,
            second / 60 % 60
        );
        let currency = plan.currencies[l.currency.ix()].name.clone();
        let time = if l.decayed { "衰减" } else { "到期" };
        let sum = out.lapses.entry((who(l.account), moment, currency, time));
        let sum = sum.or_default();
        *sum = sum.add(l.amount).unwrap();
    }
    out.yuan = yuan(plan, evaluation);
    out
}

/// What was borne by whom, and what is outstanding.
fn yuan(
    plan: &Plan,
    evaluation: &Evaluation,
) -> BTreeMap<(&'static str, String), (u64, Decimal, Decimal)> {
    let mut out: BTreeMap<_, (u64, Decimal, Decimal)> = BTreeMap::new();
    let mut add = |table, name: String, points: Decimal, yuan: Decimal| {
        let row = out.entry((table, name)).or_default();
        row.0 += 1;
        row.1 = row.1.add(points).unwrap();
        row.2 = row.2.add(yuan).unwrap();
    };
    for w in &evaluation.worths {
        let by = w.by.clone().unwrap_or_else(|| "—".to_owned());
        add("记在", by, w.points, w.yuan.unwrap());
    }
    for b in &evaluation.balances {
        let each = jifen::plan::yuan_on(plan, b.currency, evaluation.as_of);
        if let Some(each) = each.filter(|_| b.balance.is_positive()) {
            let name = plan.currencies[b.currency.ix()].name.clone();
            add("在外积分", name, b.balance, b.balance.mul(each).unwrap());
        }
    }
    out
}

#[test]
fn every_posting_refusal_and_balance_is_as_worked_by_hand() {
    for district in SHIPPED {
        let name = district.name;
        let compiled = district.policy(&format!("{}.jifen", stem(district.name)));
        let (loaded, evaluation) = district.quarter(&compiled);
        let counts = &loaded.admission.counts;
        assert_eq!(
            (counts.rejected, counts.duplicates),
            (0, 0),
            "{name}: all rows are good"
        );
        let page = read(&district.text("expected.md"));
        assert!(
            page.postings.len() + page.measures.len() + page.standings.len() >= 8,
            "{name}: {} postings on the page",
            page.postings.len()
        );
        assert_eq!(found(&compiled.plan, &loaded, &evaluation), page, "{name}");
        assert!(evaluation.conservation.iter().all(|c| c.holds), "{name}");
    }
}

/// Texts to copy from: tests of their own, no data.
const TO_COPY: [District; 1] = [one("std/common", "", "", "")];

#[test]
fn the_english_text_is_the_translation_and_means_the_same() {
    for district in SHIPPED.into_iter().chain(TO_COPY) {
        let (zh, en) = (
            format!("{}.jifen", stem(district.name)),
            format!("en/{}.jifen", stem(district.name)),
        );
        let made = translate(&district.text(&zh), Lang::En).expect(district.name);
        if std::env::var_os("JIFEN_BLESS").is_some() {
            std::fs::create_dir_all(district.folder().join("en")).unwrap();
            std::fs::write(district.folder().join(&en), &made).unwrap();
        }
        assert_eq!(
            made,
            district.text(&en),
            "{en}: JIFEN_BLESS=1 makes it anew"
        );
        assert_eq!(
            district.policy(&zh).fingerprint(),
            district.policy(&en).fingerprint()
        );
        let back = translate(&district.text(&en), Lang::Zh).expect(district.name);
        assert_eq!(back, district.text(&zh), "{en} translated back");
    }
}

/// What its README tells to run is there.
#[test]
fn every_readme_names_the_files_of_its_folder() {
    for district in SHIPPED {
        let page = district.text("README.md");
        let folder = format!("policies/{}", district.name);
        let mut named = vec![format!("{folder}/data/{}", district.facts)];
        named.extend(
            district
                .roster
                .split(' ')
                .map(|r| format!("{folder}/data/{r}")),
        );
        named.push(format!("--as-of {}", district.as_of));
        for name in named {
            assert!(
                page.contains(&name),
                "{}: README does not name {name}",
                district.name
            );
        }
        let day = format!("截至 {}", district.as_of);
        assert!(
            district.text("expected.md").contains(&day),
            "{}: {day}",
            district.name
        );
    }
}
