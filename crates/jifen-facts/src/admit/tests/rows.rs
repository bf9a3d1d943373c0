//! Single rows, cells and mappings: what is refused, and how it comes back.

use super::*;

fn small(csv: &str, plan: &Plan) -> Admission {
    let mut rosters = rosters_from(&["roster-2026Q1.xlsx"]).data;
    let file = InputFile::new("facts-1.csv", csv.as_bytes().to_vec());
    read_facts(
        &[file],
        &sources(),
        plan,
        &zone(),
        &mut rosters,
        &ReadOptions::default(),
    )
    .unwrap()
}

fn reasons(a: &Admission) -> Vec<(u64, String, &str)> {
    let rejects = a.rejects.iter();
    rejects
        .flat_map(|r| {
            r.faults
                .iter()
                .map(|(c, f)| (r.place.row, c.clone(), f.reason.0))
        })
        .collect()
}

#[test]
fn single_rows_are_refused_with_their_column() {
    let mut plan = plan();
    let scored = &mut plan.kinds[5].fields[1];
    scored.range = Some((Decimal::from_int(10), Decimal::from_int(20)));
    scored.required = true;
    plan.kinds[11].fields[1].whole = true;
    let head =
        "记录编号,活动类型,居民编号,日期,开始,结束,时长,活动,难度,发现隐患,分值,商品,数量,登记日\n";
    let csv = format!(
        "{head}\
        A1,违约,XF01-0011,2026-01-05,,,,乱停车,,,9,,,\n\
        A2,违约,XF01-0011,2026-01-05,,,,乱停车,,,,,,\n\
        A3,志愿服务,XF01-0011,2026-01-05,,,1,扫雪,很难,,,,,\n\
        A4,巡逻,XF01-0011,2026-01-05,2026-01-06 21:00,2026-01-06 22:00,,,,大概,,,,\n\
        A5,兑换,XF01-0011,2026-01-05,,,,,,,,大米,1.5,\n\
        ,兑换,1.10102E+17,明天,,,,,,,,大米,1,\n\
        A7,违约,XF01-0011,2020-01-05,,,,乱停车,,,10,,,\n\
        A8,违约,XF01-0011,2026-01-05,,,,乱停车,,,\"1,0\",,,昨天\n\
        A9,违约,XF01-0011,2026-01-05,,,,乱停车,,,１２,,,2026-01-06\n"
    );
    let admission = small(&csv, &plan);
    let found = reasons(&admission);
    let expected = [
        (1, "分值", "out_of_range"),
        (2, "分值", "field_missing"),
        (3, "难度", "choice_unknown"),
        (4, "开始", "date_time_differ"),
        (4, "发现隐患", "yes_no_unknown"),
        (5, "数量", "not_whole"),
        (6, "记录编号", "id_missing"),
        (6, "居民编号", "number_scientific"),
        (6, "日期", "date_malformed"),
        (7, "居民编号", "subject_not_present"),
        (8, "分值", "number_separated"),
        (8, "登记日", "date_malformed"),
    ];
    let expected = expected.map(|(r, c, w)| (r, c.to_owned(), w));
    assert_eq!(found, expected);
    assert_eq!(admission.counts.accepted, 1);
    assert_eq!(
        admission.log.kinds[5].entered[0],
        Day::from_ymd(2026, 1, 6).unwrap()
    );
}

/// 21:00 to 23:30 of the date beside them; after midnight the end needs a date of its own; without a date nothing is guessed.
#[test]
fn clock_times_are_of_the_date_beside_them() {
    let head = "记录编号,活动类型,居民编号,日期,开始,结束,发现隐患\n";
    let csv = format!(
        "{head}\
        B1,巡逻,XF01-0011,2026-01-05,21:00,23:30,否\n\
        B2,巡逻,XF01-0011,2026-01-06,21:00,2026-01-07 01:00,否\n\
        B3,巡逻,XF01-0011,2026-01-07,21:00,01:00,否\n\
        B4,巡逻,XF01-0011,,21:00,23:00,否\n\
        B5,巡逻,XF01-0011,2026-01-08,0.875,21时30分,否\n"
    );
    let admission = small(&csv, &plan());
    let at = |d: u32, h: i32, m: i32| {
        let day = Day::from_ymd(2026, 1, d).unwrap();
        jifen_calendar::Instant::from_day_seconds(day, h * 3600 + m * 60)
    };
    let kind = admission
        .log
        .kinds
        .iter()
        .find(|k| !k.at.is_empty())
        .unwrap();
    assert_eq!(kind.at, [at(5, 21, 0), at(6, 21, 0), at(8, 21, 0)]);
    assert_eq!(kind.day_only, [false, false, false]);
    let found = reasons(&admission);
    let found: Vec<_> = found.iter().map(|(r, c, w)| (*r, c.as_str(), *w)).collect();
    assert_eq!(
        found,
        [(3, "结束", "end_before_start"), (4, "日期", "date_missing")]
    );
}

#[test]
fn formulas_are_protected_and_come_back() {
    use crate::rejects::{protect, unprotect};
    for cell in [
        "=1+1",
        "+86 138",
        "-两小时",
        "@x",
        "'quoted",
        "'=x",
        "-3",
        "plain",
        "",
        "\tx",
    ] {
        assert_eq!(unprotect(&protect(cell)), cell);
    }
    assert_eq!(protect("=1+1"), "'=1+1");
    assert_eq!(protect("-3"), "-3");
}

#[test]
fn a_mapping_with_mistakes_says_so() {
    let errors = mapping::parse("[[来源]]\n编好 = \"x\"\n日期次序 = \"年日月\"\n").unwrap_err();
    let codes: Vec<_> = errors.iter().map(|e| e.code).collect();
    assert_eq!(codes, ["mapping_value", "mapping_key"]);
    assert!(errors[1].fix.zh.contains("编号"), "{:?}", errors[1].fix);
    assert_eq!(mapping::parse("[[来源]\n").unwrap_err()[0].line, Some(1));
    let english = "[[source]]\nid = \"ID\"\n[source.records.patrol]\nfields = { span = [\"a\", \"b\"] }\n[source.void]\nnote = \"why\"\n";
    let sources = mapping::parse(english).unwrap();
    assert_eq!(
        sources.facts[0].records["patrol"].fields["span"].columns,
        ["a", "b"]
    );
}
