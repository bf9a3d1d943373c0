//! The index of `policies/zhishu` over 3,655 communities, the number that its source names: facts made here by a formula, never
//! kept in a file; every index and every award compared with whole-number arithmetic.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

use std::collections::BTreeMap;
use std::fmt::Write;

use jifen::data::Measured;
use jifen::{
    Day, Decimal, Files, InputFile, Limits, Openings, Options, RosterData, Sources, compile,
    evaluate, load,
};
use jifen_testkit::repo::root;

const COMMUNITIES: u32 = 3655;
const SCENES: [&str; 10] = [
    "党建", "议事", "平安", "环境", "文化", "法治", "养老", "托育", "便民", "数字",
];

/// What the community was given for a scene.
const fn grade(community: u32, scene: u32) -> u32 {
    55 + (community * 31 + scene * 17 + community * scene) % 46
}

/// One scene of such a community was not looked at.
const fn one_is_missing(community: u32) -> bool {
    community.is_multiple_of(97)
}

const fn had_an_accident(community: u32) -> bool {
    community.is_multiple_of(211)
}

fn facts() -> String {
    let mut out = String::from("记录编号,活动类型,社区编号,日期,场景,分值,登记日\n");
    for c in 1..=COMMUNITIES {
        for (s, name) in (0..).zip(SCENES) {
            if !(one_is_missing(c) && s == c % 10) {
                let row = format_args!(
                    "F{c}-{s},场景测评,C{c},2026-06-10,{name},{},2026-06-10",
                    grade(c, s)
                );
                writeln!(out, "{row}").unwrap();
            }
        }
        if had_an_accident(c) {
            writeln!(out, "A{c},重大事故,C{c},2026-08-01,,,2026-08-01").unwrap();
        }
    }
    out
}

fn communities() -> String {
    let mut out = String::from("社区编号,姓名,区县\n");
    for c in 1..=COMMUNITIES {
        writeln!(out, "C{c},社区{c},区{}", c % 16).unwrap();
    }
    out
}

/// Of each community the index, in tenths, and whether it is a model.
fn expected() -> BTreeMap<String, (Option<u32>, bool)> {
    let of = |c: u32| {
        let grades: Vec<u32> = (0..10).map(|s| grade(c, s)).collect();
        let there = !one_is_missing(c) && !had_an_accident(c);
        let sum = there.then(|| grades.iter().sum::<u32>());
        let model = sum.is_some_and(|s| s >= 850) && grades.iter().all(|g| *g >= 60);
        (format!("C{c}"), (sum, model))
    };
    (1..=COMMUNITIES).map(of).collect()
}

#[test]
fn the_index_of_3655_communities_is_what_the_sums_say() {
    let text = |name| std::fs::read_to_string(root().join("policies/zhishu").join(name)).unwrap();
    let mut sources = Sources::new();
    sources.add("zhishu.jifen", text("zhishu.jifen"));
    let Ok(compiled) = compile(sources) else {
        panic!("the policy is good");
    };
    let toml = text("sources.toml");
    let files = Files {
        sources_toml: Some(("sources.toml", toml.as_str())),
        rosters: vec![InputFile::new(
            "communities.csv",
            communities().into_bytes(),
        )],
        facts: vec![InputFile::new("facts-2026.csv", facts().into_bytes())],
        openings: Vec::new(),
    };
    let Ok(loaded) = load(&compiled, &files, &Limits::default()) else {
        panic!("the files are good");
    };
    let plan = &compiled.plan;
    let rosters: &RosterData = &loaded.rosters;
    let evaluation = evaluate(
        plan,
        &loaded.admission.log,
        rosters,
        &Openings::default(),
        Day::parse_iso("2026-12-31").unwrap(),
        &Options::default(),
    )
    .unwrap();
    let id = |subject: u32| rosters.tables[0].ids.get_index(subject as usize).unwrap();
    let mut found: BTreeMap<String, (Option<u32>, bool)> = BTreeMap::new();
    for m in &evaluation.measures {
        if plan.measures[m.measure.ix()].name == "治理指数" {
            let tenths = match m.value {
                Measured::Value(v) => Some(v.mul(Decimal::parse("10").unwrap()).unwrap()),
                _ => None,
            };
            let tenths = tenths.map(|t| t.to_string().parse().expect("tenths"));
            found.insert(id(m.account.subject).clone(), (tenths, false));
        }
    }
    for p in &evaluation.ledger {
        found.get_mut(id(p.account.subject)).unwrap().1 = true;
    }
    let expected = expected();
    let models = expected.values().filter(|e| e.1).count();
    let none = expected.values().filter(|e| e.0.is_none()).count();
    assert!(models > 20 && none > 20, "{models} models, {none} without");
    assert_eq!(found.len(), COMMUNITIES as usize);
    for (community, wanted) in &expected {
        assert_eq!(found.get(community), Some(wanted), "{community}");
    }
}
