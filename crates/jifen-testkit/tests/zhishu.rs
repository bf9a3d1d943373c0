//! The index of `policies/zhishu` over 3,655 communities, the number that its source names: facts made here by a formula, never
//! kept in a file; four quarters of indices, awards, places, weakest scenes and cards compared with whole-number arithmetic.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at what it did not expect"
)]

use std::collections::BTreeMap;
use std::fmt::Write;

use jifen::data::{Measured, Stood};
use jifen::{
    Day, Decimal, Evaluation, Files, InputFile, Limits, Openings, Options, RosterData, Sources,
    compile, evaluate, load, plan::Plan,
};
use jifen_calendar::Period;
use jifen_testkit::repo::root;

const COMMUNITIES: u32 = 3655;
const SCENES: [&str; 10] = [
    "党建", "议事", "平安", "环境", "文化", "法治", "养老", "托育", "便民", "数字",
];

const QUARTERS: [(&str, &str); 4] = [
    ("2026-05-10", "2026-06-30"),
    ("2026-08-10", "2026-09-30"),
    ("2026-11-10", "2026-12-31"),
    ("2027-02-10", "2027-03-31"),
];

/// What the community was given for a scene in a quarter.
const fn grade(community: u32, scene: u32, quarter: u32) -> u32 {
    let base = 45 + (community * 7) % 40;
    let given = base + (community * 31 + scene * 17 + community * scene + quarter * 13) % 30;
    if given > 100 { 100 } else { given }
}

/// One scene of such a community was not looked at.
const fn one_is_missing(community: u32, quarter: u32) -> bool {
    (community + quarter).is_multiple_of(97)
}

const fn had_an_accident(community: u32, quarter: u32) -> bool {
    (community + 3 * quarter).is_multiple_of(211)
}

const fn county(community: u32) -> u32 {
    community % 16
}

fn facts() -> String {
    let mut out = String::from("记录编号,活动类型,社区编号,日期,场景,分值,登记日\n");
    for c in 1..=COMMUNITIES {
        for (q, (day, _)) in (0..).zip(QUARTERS) {
            for (s, name) in (0..).zip(SCENES) {
                if !(one_is_missing(c, q) && s == c % 10) {
                    let points = grade(c, s, q);
                    let row =
                        format_args!("F{c}-{q}-{s},场景测评,C{c},{day},{name},{points},{day}");
                    writeln!(out, "{row}").unwrap();
                }
            }
            if had_an_accident(c, q) {
                writeln!(out, "A{c}-{q},重大事故,C{c},{day},,,{day}").unwrap();
            }
        }
    }
    out
}

fn communities() -> String {
    let mut out = String::from("社区编号,姓名,区县\n");
    for c in 1..=COMMUNITIES {
        writeln!(out, "C{c},社区{c},区{}", county(c)).unwrap();
    }
    out
}

/// How a community stood at the end of a quarter.
#[derive(Clone, Debug, Default, PartialEq)]
struct Stands {
    /// The index in tenths.
    index: Option<u32>,
    model: bool,
    place: Option<u32>,
    weakest: Option<usize>,
    first_fifth: Option<bool>,
    yellow: Option<bool>,
    red: Option<bool>,
}

/// By community and quarter.
type All = BTreeMap<(String, usize), Stands>;

/// Whole numbers alone: the index is the sum of ten grades, in tenths.
fn expected() -> All {
    let index = |c: u32, q: u32| {
        let there = !one_is_missing(c, q) && !had_an_accident(c, q);
        there.then(|| (0..10).map(|s| grade(c, s, q)).sum::<u32>())
    };
    let one = |c: u32, q: u32| {
        let grades: Vec<u32> = (0..10).map(|s| grade(c, s, q)).collect();
        let mine = index(c, q);
        let neighbours = || (1..=COMMUNITIES).filter(|o| county(*o) == county(c));
        let ranked: Vec<u32> = neighbours().filter_map(|o| index(o, q)).collect();
        let place = mine.map(|m| 1 + ranked.iter().filter(|r| **r > m).count() as u32);
        let low = mine.map(|m| m < 750);
        let before = q > 0 && index(c, q.saturating_sub(1)).is_some_and(|b| b < 750);
        let least = grades.iter().min();
        Stands {
            index: mine,
            model: mine.is_some_and(|s| s >= 850) && grades.iter().all(|g| *g >= 60),
            place,
            // An accident leaves the grades; a scene not looked at does not.
            weakest: (!one_is_missing(c, q))
                .then(|| grades.iter().position(|g| Some(g) == least))
                .flatten(),
            first_fifth: place.map(|p| p <= ranked.len() as u32 / 5),
            yellow: low,
            red: low.map(|l| l && before),
        }
    };
    let all = (1..=COMMUNITIES).flat_map(|c| (0..4_u32).map(move |q| (c, q)));
    all.map(|(c, q)| ((format!("C{c}"), q as usize), one(c, q)))
        .collect()
}

/// Puts what the run says into the same form.
fn found(plan: &Plan, rosters: &RosterData, evaluation: &Evaluation) -> All {
    let mut out = All::new();
    let quarter = |first: Day, unit: Period| {
        let last = unit.bounds(first).1.add_days(-1).to_string();
        QUARTERS.iter().position(|q| q.1 == last)
    };
    let id = |subject: u32| {
        rosters.tables[0]
            .ids
            .get_index(subject as usize)
            .unwrap()
            .clone()
    };
    for m in &evaluation.measures {
        let of = &plan.measures[m.measure.ix()];
        let Some(q) = quarter(m.first, of.unit).filter(|_| of.name == "治理指数") else {
            continue;
        };
        let slot = out.entry((id(m.account.subject), q)).or_default();
        if let Measured::Value(v) = &m.value {
            let tenths = v.mul(Decimal::parse("10").unwrap()).unwrap();
            slot.index = Some(tenths.to_string().parse().expect("tenths"));
        }
    }
    for s in &evaluation.standings {
        let of = &plan.standings[s.standing.ix()];
        let Some(q) = quarter(s.first, of.unit) else {
            continue;
        };
        let slot = out.entry((id(s.account.subject), q)).or_default();
        match (of.name.as_str(), &s.stood) {
            ("区县榜", Stood::Placed(p)) => slot.place = Some(p.place),
            // Levels count from the last that is written.
            ("短板场景", Stood::Level(n)) => slot.weakest = Some(9 - usize::from(*n)),
            ("先进", Stood::Flagged(yes)) => slot.first_fifth = Some(*yes),
            ("黄牌", Stood::Flagged(yes)) => slot.yellow = Some(*yes),
            ("红牌", Stood::Flagged(yes)) => slot.red = Some(*yes),
            (_, Stood::NoValue(_)) => {}
            (name, other) => panic!("{name}: {other:?}"),
        }
    }
    for p in &evaluation.ledger {
        let last = p.day.to_string();
        let q = QUARTERS.iter().position(|q| q.1 == last).unwrap();
        out.get_mut(&(id(p.account.subject), q)).unwrap().model = true;
    }
    out
}

#[test]
fn four_quarters_of_3655_communities_are_what_the_sums_say() {
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
        facts: vec![InputFile::new("facts-2026Q2.csv", facts().into_bytes())],
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
        Day::parse_iso("2027-03-31").unwrap(),
        &Options::default(),
    )
    .unwrap();
    let (found, expected) = (found(plan, rosters, &evaluation), expected());
    let how_many = |f: &dyn Fn(&Stands) -> bool| expected.values().filter(|e| f(e)).count();
    let counts = [
        how_many(&|e| e.model),
        how_many(&|e| e.index.is_none()),
        how_many(&|e| e.first_fifth == Some(true)),
        how_many(&|e| e.yellow == Some(true) && e.red == Some(false)),
        how_many(&|e| e.red == Some(true)),
    ];
    assert!(counts.iter().all(|n| *n > 20), "{counts:?}");
    assert_eq!(found.len(), expected.len());
    for (community, wanted) in &expected {
        assert_eq!(found.get(community), Some(wanted), "{community:?}");
    }
}
