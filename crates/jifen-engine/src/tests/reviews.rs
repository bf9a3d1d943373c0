//! Reviews: release, publicity, refusal, lapse, room held or not.

use super::build::*;
use jifen_calendar::{Period, Window};
use jifen_data::*;
use jifen_plan::*;

/// Three awards of 40 under 100 a month; those on the 2nd need two roles and three days of publicity.
fn reviewed(holds_room: bool) -> (World, KindIx) {
    let mut w = world();
    let who = w.resident("1", "h", "");
    let kind = w.kind("k", &[("big", FieldType::YesNo)]);
    let flag = |b| Some(Value::YesNo(b));
    w.fact(kind, "a", who, "2026-04-01", &[flag(false)]);
    w.fact(kind, "b", who, "2026-04-02", &[flag(true)]);
    w.fact(kind, "c", who, "2026-04-03", &[flag(false)]);
    let big = w.field(0, Ty::YesNo);
    let tally = w.tally("t", Window::Period(Period::Month));
    let publish = Publish {
        days: Days {
            count: 3,
            working: false,
        },
        from: PublishFrom::LastConfirmation,
    };
    let review = Review {
        when: Some(big),
        day_total: None,
        confirm: vec!["organiser".into(), "community".into()],
        publish: Some(publish),
        lapse: Some(Days {
            count: 30,
            working: false,
        }),
        holds_room,
    };
    let (forty, cap) = (w.add("40"), w.cap(tally, "100", CapMode::Clip));
    w.item(kind, "i", vec![forty, Line::Review(review), cap]);
    (w, kind)
}

fn confirm(id: &str, role: &str, who: &str, positive: bool, when: &str) -> Confirmation {
    Confirmation {
        id: id.into(),
        target: "b".into(),
        role: role.into(),
        who: who.into(),
        positive,
        at: at(when),
        entered: at(when).day(),
    }
}

#[test]
fn released_after_publicity_within_the_caps_of_its_day() {
    let (mut w, _) = reviewed(false);
    w.facts.confirmations = vec![
        confirm("1", "organiser", "x", true, "2026-04-05"),
        confirm("2", "community", "x", true, "2026-04-06"),
        confirm("3", "community", "y", true, "2026-04-10"),
    ];
    // x cannot be both: complete on the 10th; publicity 11th to 13th; released at 00:00 of the 14th.
    // a and c have taken 80 by then: 20 are left for b.
    expect(
        w.amounts("2026-04-14"),
        &[("a", "40"), ("c", "40"), ("b", "20")],
    );
    let out = w.run("2026-04-14");
    assert_eq!(out.ledger.get(2).unwrap().posted, at("2026-04-14"));
    assert_eq!(out.ledger.get(2).unwrap().day, day("2026-04-02"));
    let pending = w.run("2026-04-13").outcomes[0].kind.clone();
    assert_eq!(
        pending,
        OutcomeKind::Pending(dec("40"), Some(at("2026-04-14")))
    );
}

#[test]
fn room_can_be_held() {
    let (mut w, _) = reviewed(true);
    w.facts.confirmations = vec![
        confirm("1", "organiser", "x", true, "2026-04-05"),
        confirm("3", "community", "y", true, "2026-04-10"),
    ];
    // b took its 40 on the 2nd, so c has 20.
    expect(
        w.amounts("2026-04-14"),
        &[("a", "40"), ("c", "20"), ("b", "40")],
    );
    // Refused on the 2nd, its room is free for c on the 3rd.
    w.facts.confirmations = vec![confirm("1", "anyone", "z", false, "2026-04-02")];
    expect(w.amounts("2026-04-14"), &[("a", "40"), ("c", "40")]);
    let refused = w.run("2026-04-14").outcomes[0].kind.clone();
    assert_eq!(refused, OutcomeKind::Rejected(dec("40"), at("2026-04-02")));
}

#[test]
fn lapses_after_thirty_days() {
    let (w, _) = reviewed(false);
    // Entered on 2 April; the 30th day after is 2 May; lapsed at 00:00 of the 3rd.
    let pending = w.run("2026-05-02").outcomes[0].kind.clone();
    assert_eq!(pending, OutcomeKind::Pending(dec("40"), None));
    let lapsed = w.run("2026-05-03").outcomes[0].kind.clone();
    assert_eq!(lapsed, OutcomeKind::Lapsed(dec("40"), at("2026-05-03")));
}
