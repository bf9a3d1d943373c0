//! The patrol policy over its facts: every posting as worked by hand, the translation, and statements that add up.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    reason = "a test stops at what it did not expect"
)]

mod district;
#[path = "../../jifen-explain/src/tests/recompute.rs"]
mod recompute;

use std::collections::BTreeMap;

use jifen::data::{Account, Missing, Origin, OutcomeKind};
use jifen::plan::RosterIx;
use jifen::statement::{Sources as From, explain, render};
use jifen::{Decimal, Lang, Loaded, Openings, translate};

use district::District;

const PATROL: District = District {
    name: "patrol",
    roster: "residents.csv",
    facts: "facts-2026Q1.csv",
    as_of: "2026-03-31",
};

fn id(loaded: &Loaded, origin: Origin) -> String {
    match origin {
        Origin::Fact(f) => loaded.admission.log.kinds[f.kind.ix()]
            .ids
            .text(f.row as usize)
            .to_string(),
        Origin::Period(day) => day.to_string(),
    }
}

#[test]
fn every_posting_is_as_worked_by_hand() {
    let compiled = PATROL.policy("patrol.jifen");
    let (loaded, evaluation) = PATROL.quarter(&compiled);
    assert_eq!(loaded.admission.counts.accepted, 19);
    let item = |ix: jifen::plan::ItemIx| compiled.plan.items[ix.ix()].path.last().unwrap().clone();
    let mut posted: BTreeMap<(String, String), Decimal> = BTreeMap::new();
    for p in &evaluation.ledger {
        let old = posted.insert((id(&loaded, p.origin), item(p.item)), p.amount);
        assert!(old.is_none());
    }
    let mut expected = BTreeMap::new();
    let mut balances = BTreeMap::new();
    for line in PATROL
        .text("expected.md")
        .lines()
        .filter(|l| l.starts_with('|'))
    {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        match cells.as_slice() {
            [fact, name, _, points] if fact.starts_with('T') => {
                let points = Decimal::parse(points).unwrap();
                expected.insert(((*fact).to_owned(), (*name).to_owned()), points);
            }
            [who, points] if who.starts_with('P') => {
                balances.insert((*who).to_owned(), Decimal::parse(points).unwrap());
            }
            _ => {}
        }
    }
    assert_eq!(expected.len(), 21);
    assert_eq!(posted, expected);
    let ids = &loaded.rosters.tables[0].ids;
    let found = evaluation.balances.iter().map(|b| {
        let who = ids.get_index(b.account.subject as usize).unwrap();
        (who.clone(), b.balance)
    });
    assert_eq!(found.collect::<BTreeMap<_, _>>(), balances);
    // The paper slip without times.
    let unknown: Vec<_> = evaluation
        .outcomes
        .iter()
        .filter(|o| matches!(o.kind, OutcomeKind::CannotTell(Missing::Field(_))))
        .map(|o| (id(&loaded, o.origin), o.item.map(&item)))
        .collect();
    assert_eq!(unknown, [("T19".to_owned(), Some("平安巡逻".to_owned()))]);
    assert!(evaluation.conservation.iter().all(|c| c.holds));
}

#[test]
fn the_english_text_is_the_translation_and_means_the_same() {
    let made = translate(&PATROL.text("patrol.jifen"), Lang::En);
    if std::env::var_os("JIFEN_BLESS").is_some() {
        std::fs::write(
            PATROL.folder().join("en/patrol.jifen"),
            made.as_ref().unwrap(),
        )
        .unwrap();
    }
    let (zh, en) = (
        PATROL.policy("patrol.jifen"),
        PATROL.policy("en/patrol.jifen"),
    );
    assert_eq!(zh.fingerprint(), en.fingerprint());
    assert_eq!(
        made.ok().as_deref(),
        Some(PATROL.text("en/patrol.jifen").as_str())
    );
    let back = translate(&PATROL.text("en/patrol.jifen"), Lang::Zh);
    assert_eq!(
        back.ok().as_deref(),
        Some(PATROL.text("patrol.jifen").as_str())
    );
}

#[test]
fn statements_add_up_and_name_the_campaign() {
    let compiled = PATROL.policy("patrol.jifen");
    let (loaded, evaluation) = PATROL.quarter(&compiled);
    let (log, openings) = (&loaded.admission.log, Openings::default());
    let from = From {
        plan: &compiled.plan,
        labels: &compiled.labels,
        facts: log,
        rosters: &loaded.rosters,
        openings: Some(&openings),
        evaluation: Some(&evaluation),
    };
    for subject in 0..3 {
        let account = Account {
            roster: RosterIx(0),
            subject,
        };
        let (plan, rosters) = (&compiled.plan, &loaded.rosters);
        let trace = jifen::trace(plan, log, rosters, &openings, evaluation.as_of, account).unwrap();
        for (lang, detail) in [(Lang::Zh, false), (Lang::Zh, true), (Lang::En, true)] {
            let statement = explain(&from, &trace, lang, detail);
            let shown = render(&statement, lang);
            let json = serde_json::to_value(&statement).unwrap();
            recompute::statement(&json).unwrap_or_else(|e| panic!("{e}\n{shown}"));
            if std::env::var("JIFEN_SHOW").is_ok() {
                println!("{shown}");
            }
            if subject == 0 && detail {
                let days = lang.pick("2026-02-10 至 2026-03-03", "2026-02-10 to 2026-03-03");
                assert!(
                    shown.contains("春节平安") && shown.contains(days),
                    "{shown}"
                );
            }
        }
    }
}
