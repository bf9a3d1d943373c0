//! Period items: dated roles, rows, share of days.

use super::build::*;
use jifen_calendar::{Day, Period};
use jifen_data::*;
use jifen_plan::*;
use jifen_quantity::Dim;

/// A monthly item of 10 for a role, held as said; the resident has the role from 11 April on.
fn role(hold: Hold) -> World {
    let mut w = world();
    w.resident("1", "h", "leader");
    let from = day("2026-04-11");
    let roles = &mut w.rosters.tables[0].attrs[1];
    let plain = roles.values.insert_full(Value::Text("none".into())).0;
    let line = [(day("2026-01-01"), from, plain as u32), (from, Day::MAX, 0)];
    roles.rows = [line].into_iter().collect();
    let attr = w
        .plan
        .exprs
        .add(Expr::Attr(Whose::Own, AttrIx(1)), Ty::Text);
    let cond = w.plan.exprs.add(
        Expr::OneOf(attr, vec![Value::Text("leader".into())]),
        Ty::YesNo,
    );
    let mut lines = vec![w.add("10")];
    if hold == Hold::Prorated {
        lines.push(Line::Prorate { require: 0 });
    }
    w.plan.items.push(Item {
        path: vec!["i".into()],
        version: VersionIx(0),
        trigger: Trigger::Period {
            roster: RosterIx(0),
            unit: Period::Month,
            at_start: false,
            row: None,
        },
        requires: vec![Require {
            cond,
            hold: Some(hold),
        }],
        lines,
        credit: vec![CurrencyIx(0)],
        spend: None,
        give: None,
        worth: None,
        allot: None,
        passes: Vec::new(),
        joins: Vec::new(),
    });
    w
}

#[test]
fn dated_roles() {
    let may = ("2026-05-01", "10");
    expect(role(Hold::Whole).amounts("2026-05-31"), &[may]);
    expect(role(Hold::FirstDay).amounts("2026-05-31"), &[may]);
    expect(
        role(Hold::AnyDay).amounts("2026-05-31"),
        &[("2026-04-01", "10"), may],
    );
    // 11 to 30 April are 20 of 30 days: 10 x 20 / 30 = 6.666…, to 18 places, half to even.
    let third = "6.666666666666666667";
    expect(
        role(Hold::Prorated).amounts("2026-05-31"),
        &[("2026-04-01", third), may],
    );
    // May has not ended on the 30th.
    expect(role(Hold::Whole).amounts("2026-05-30"), &[]);
}

#[test]
fn a_day_off_the_roster_does_not_hold() {
    let mut w = role(Hold::Whole);
    w.rosters.tables[0].present = [[(day("2026-01-01"), day("2026-05-31"))]]
        .into_iter()
        .collect();
    let out = w.run("2026-05-31");
    // January to May: none is whole.
    assert_eq!((out.counts.not_applicable, out.counts.scored), (5, 0));
}

#[test]
fn the_row_of_the_period() {
    let mut w = world();
    let who = w.resident("1", "h", "");
    let kind = w.kind("sorting", &[("rate", FieldType::Percent)]);
    w.plan.kinds[0].period = Some(Period::Month);
    w.fact(kind, "a", who, "2026-01-17", &[num("0.9")]);
    let value = w.field(0, Ty::Num(Dim::PURE));
    let trigger = Trigger::Period {
        roster: RosterIx(0),
        unit: Period::Month,
        at_start: false,
        row: Some(kind),
    };
    w.item(kind, "i", vec![Line::Add { value, when: None }]);
    w.plan.items[0].trigger = trigger;
    let out = w.run("2026-02-28");
    assert_eq!(out.ledger.get(0).unwrap().amount, dec("0.9"));
    assert_eq!(out.ledger.get(0).unwrap().day, day("2026-01-31"));
    assert_eq!(
        out.outcomes[0].kind,
        OutcomeKind::CannotTell(Missing::PeriodRow)
    );
    assert_eq!(out.counts.unused, 0);
}
