//! The sample office's raw export against its manifest, row by row; the clean files; the way back of the rejects.

mod batches;
mod rows;

use super::{Admission, read_facts};
use crate::mapping::{self, Sources};
use crate::raw::RawColumn;
use crate::rejects::write_rejects;
use crate::tests::sample;
use crate::{InputFile, ReadOptions, Rosters, read, read_rosters};
use jifen_calendar::{Day, Zone};
use jifen_data::FactLog;
use jifen_diag::Lang;
use jifen_plan::{
    Attr, AttrIx, EventAt, Exprs, Field, FieldIx, FieldType, Kind, Overlap, Plan, Roster, RosterIx,
    RuleDate, Value,
};
use jifen_quantity::{Decimal, Dim};
use std::collections::{BTreeMap, BTreeSet};

fn field(name: &str, ty: FieldType) -> Field {
    Field {
        name: name.into(),
        ty,
        default: None,
        required: false,
        range: None,
        whole: false,
    }
}

fn kind(name: &str, fields: Vec<Field>) -> Kind {
    let span = fields.iter().position(|f| f.ty == FieldType::Span);
    Kind {
        name: name.into(),
        subject: RosterIx(0),
        period: None,
        off_roster: false,
        fields,
        span: span.map(|i| FieldIx(i as u16)),
        overlap: Overlap::Each,
        at: EventAt::Start,
    }
}

fn words(list: &[&str]) -> FieldType {
    FieldType::Choice(list.iter().map(|s| (*s).to_owned()).collect())
}

/// The records of the sample office, as its policy declares them.
fn plan() -> Plan {
    let text = |n: &str| field(n, FieldType::Text);
    let hours = |n: &str| field(n, FieldType::Number(Dim::DURATION));
    let yes = |n: &str| field(n, FieldType::YesNo);
    let person = |n: &str| field(n, FieldType::Ref(RosterIx(0)));
    let number = |n: &str, d: Dim| field(n, FieldType::Number(d));
    let attr = |n: &str, ty: FieldType| Attr { name: n.into(), ty };
    Plan {
        format: jifen_plan::FORMAT,
        zone: "Asia/Shanghai".into(),
        rule_date: RuleDate::Event,
        versions: Vec::new(),
        rosters: vec![Roster {
            name: "居民".into(),
            attrs: vec![
                attr("家庭", FieldType::Group),
                attr("楼栋", FieldType::Group),
                attr("社区", FieldType::Group),
                attr("出生", FieldType::Date),
                attr("角色", words(&["楼道长", "居民代表", "普通"])),
            ],
        }],
        kinds: vec![
            kind("参会", vec![text("会议")]),
            kind(
                "志愿服务",
                vec![
                    text("活动"),
                    hours("时长"),
                    field("难度", words(&["一般", "困难"])),
                ],
            ),
            kind(
                "巡逻",
                vec![field("起止", FieldType::Span), yes("发现隐患")],
            ),
            kind(
                "调解",
                vec![
                    text("活动"),
                    field("结果", words(&["成功", "部分达成", "未成"])),
                ],
            ),
            kind(
                "建议",
                vec![text("活动"), yes("采纳"), number("评分", Dim::POINTS)],
            ),
            kind("违约", vec![text("活动"), number("分值", Dim::POINTS)]),
            kind(
                "垃圾分类投放",
                vec![field("结果", words(&["正确", "有误"]))],
            ),
            kind("消费", vec![text("商户"), number("金额", Dim::MONEY)]),
            kind(
                "文化活动",
                vec![
                    text("活动"),
                    field("类别", words(&["书法", "戏曲", "读书"])),
                ],
            ),
            kind(
                "时间银行服务",
                vec![text("活动"), hours("时长"), person("服务对象")],
            ),
            kind("签到", vec![text("活动")]),
            kind("兑换", vec![text("商品"), number("数量", Dim::TIMES)]),
            kind("转赠", vec![number("分值", Dim::POINTS), person("受赠人")]),
        ],
        currencies: Vec::new(),
        params: Vec::new(),
        exprs: Exprs::default(),
        items: Vec::new(),
        tallies: Vec::new(),
        workdays: None,
        measures: Vec::new(),
        standings: Vec::new(),
        moves: Vec::new(),
    }
}

fn zone() -> Zone {
    Zone::parse("Asia/Shanghai").unwrap()
}

fn sources() -> Sources {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../policies/xingfu/sources.toml"
    );
    mapping::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn rosters_from(files: &[&str]) -> Rosters {
    let files: Vec<InputFile> = files
        .iter()
        .map(|f| InputFile::new(*f, sample(&format!("roster/{f}"))))
        .collect();
    read_rosters(
        &files,
        &sources(),
        &plan(),
        &zone(),
        &ReadOptions::default(),
    )
    .unwrap()
}

fn admit(files: &[InputFile]) -> Admission {
    let mut rosters = rosters_from(&["roster-2026Q1.xlsx"]).data;
    let admission = read_facts(
        files,
        &sources(),
        &plan(),
        &zone(),
        &mut rosters,
        &ReadOptions::default(),
    );
    let admission = admission.unwrap();
    assert!(admission.counts.adds_up(), "{:?}", admission.counts);
    admission
}

fn raw() -> InputFile {
    InputFile::new("facts-2026Q1.csv", sample("raw/facts-2026Q1.csv"))
}

fn manifest() -> serde_json::Value {
    serde_json::from_slice(&sample("raw/manifest.json")).unwrap()
}

/// The manifest's word for each of our reasons.
const REASONS: [(&str, &str); 12] = [
    ("date_impossible", "date_impossible"),
    ("date_missing", "date_missing"),
    ("date_order_unknown", "date_order_unknown"),
    ("end_before_start", "end_before_start"),
    ("hours_in_words", "number_in_words"),
    ("hours_negative", "number_negative"),
    ("id_conflict", "id_conflict"),
    ("kind_misspelt", "kind_unknown"),
    ("resident_missing", "subject_missing"),
    ("resident_unknown", "subject_unknown"),
    ("row_too_long", "row_too_long"),
    ("total_row", "total_row"),
];

#[test]
fn the_raw_export_gives_the_manifest_row_by_row() {
    let admission = admit(&[raw()]);
    let manifest = manifest();
    let reasons = BTreeMap::from(REASONS);
    let mut rejected = BTreeMap::new();
    let mut duplicates = BTreeMap::new();
    for p in manifest["planted"].as_array().unwrap() {
        let row = p["row"].as_u64().unwrap();
        let line = p["line"].as_u64().unwrap();
        match p["verdict"].as_str().unwrap() {
            "rejected" => {
                let reason = reasons[p["defect"].as_str().unwrap()];
                rejected.insert((row, line), (p["column"].as_str().unwrap(), reason));
            }
            "duplicate" => {
                duplicates.insert((row, line), p["same_as_row"].as_u64().unwrap());
            }
            _ => {}
        }
    }
    let ours: BTreeMap<_, _> = admission
        .rejects
        .iter()
        .map(|r| ((r.place.row, r.place.line), r.main()))
        .collect();
    assert_eq!(ours, rejected);
    let faults = admission.rejects.iter().map(|r| r.faults.len());
    assert!(faults.into_iter().all(|n| n == 1), "one planted fault each");
    let ours: BTreeMap<_, _> = admission
        .duplicates
        .iter()
        .map(|d| ((d.place.row, d.place.line), d.same_as.1))
        .collect();
    assert_eq!(ours, duplicates);
    let total = |n: &str| manifest["totals"][n].as_u64().unwrap();
    let counts = admission.counts;
    assert_eq!(counts.read, total("rows_read"));
    assert_eq!(counts.accepted, total("accepted"));
    assert_eq!(counts.duplicates, total("duplicates"));
    assert_eq!(counts.rejected, total("rejected"));
    let by_kind = &manifest["accepted_by_kind"];
    for (kind, table) in plan().kinds.iter().zip(&admission.log.kinds) {
        assert_eq!(
            by_kind[&kind.name].as_u64(),
            Some(table.len() as u64),
            "{}",
            kind.name
        );
    }
    let log = &admission.log;
    assert_eq!(
        by_kind["确认"].as_u64(),
        Some(log.confirmations.len() as u64)
    );
    assert_eq!(by_kind["撤销"].as_u64(), Some(log.voids.len() as u64));
    // One of the 70 corrections is of 备注, which no record of this plan reads.
    assert_eq!(
        by_kind["更正"].as_u64(),
        Some(log.corrections.len() as u64 + 1)
    );
    let said = admission
        .notes
        .iter()
        .any(|(_, n)| n.en.contains("“备注” has 10 cells"));
    assert!(said, "{:?}", admission.notes);
}

/// Everything that a log says, without where it comes from.
fn content(log: &FactLog, subjects: &Rosters) -> BTreeSet<String> {
    let plan = plan();
    let mut lines = BTreeSet::new();
    for (kind, table) in plan.kinds.iter().zip(&log.kinds) {
        for i in 0..table.len() {
            let who = subjects.data.tables[0]
                .ids
                .get_index(table.subject[i] as usize);
            let fields: Vec<_> = table.fields.iter().map(|f| f.value(i)).collect();
            lines.insert(format!(
                "{} {} {who:?} {:?} {} {:?} {fields:?}",
                kind.name,
                table.ids.text(i),
                table.at[i],
                table.day_only[i],
                table.entered[i],
            ));
        }
    }
    lines.extend(log.confirmations.iter().map(|c| format!("{c:?}")));
    lines.extend(log.voids.iter().map(|c| format!("{c:?}")));
    lines.extend(log.corrections.iter().map(|c| format!("{c:?}")));
    lines
}

fn clean_records() -> (Vec<String>, BTreeMap<String, Vec<String>>) {
    let mut reader =
        csv::Reader::from_reader(std::io::Cursor::new(sample("clean/facts-2026Q1.csv")));
    let headers = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let rows = reader.records().map(|r| {
        let cells: Vec<String> = r.unwrap().iter().map(str::to_owned).collect();
        (cells[0].clone(), cells)
    });
    (headers, rows.collect())
}

fn csv_of(headers: &[String], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(headers).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

fn accepted_ids(log: &FactLog) -> BTreeSet<String> {
    let kinds = log
        .kinds
        .iter()
        .flat_map(|t| (0..t.len()).map(|i| t.ids.text(i)));
    let mut ids: BTreeSet<String> = kinds.collect();
    ids.extend(log.confirmations.iter().map(|c| c.id.clone()));
    ids.extend(log.voids.iter().map(|c| c.id.clone()));
    ids.extend(log.corrections.iter().map(|c| c.id.clone()));
    ids
}

#[test]
fn the_clean_files_cut_to_the_accepted_ids_say_the_same() {
    let rosters = rosters_from(&["roster-2026Q1.xlsx"]);
    let raw = admit(&[raw()]);
    let ids = accepted_ids(&raw.log);
    let expected = content(&raw.log, &rosters);
    // 70 corrections, of which one is not kept: its row is accepted, but says nothing.
    assert_eq!(expected.len(), 42399);

    let (headers, rows) = clean_records();
    let cut = rows.into_values().filter(|r| ids.contains(&r[0]));
    let bytes = csv_of(&headers, cut);
    let clean = admit(&[InputFile::new("facts-clean.csv", bytes)]);
    assert_eq!(content(&clean.log, &rosters), expected);

    // The Parquet file has all records: the others are taken out of what it says.
    let all = admit(&[InputFile::new(
        "facts.parquet",
        sample("clean/facts-2026Q1.parquet"),
    )]);
    assert_eq!(all.counts.rejected, 0, "{:?}", all.rejects.first());
    let said = content(&all.log, &rosters);
    let known: BTreeSet<String> = ids;
    let cut: BTreeSet<String> = said
        .into_iter()
        .filter(|line| {
            let id = line.split(['"', ' ']).find(|w| w.starts_with("J26-"));
            id.is_some_and(|id| known.contains(id))
        })
        .collect();
    assert_eq!(cut, expected);
}

/// The raw export in another order of rows, and in two files.
#[test]
fn the_order_of_rows_and_files_plays_no_part() {
    let rosters = rosters_from(&["roster-2026Q1.xlsx"]);
    let expected = admit(&[raw()]);
    let (text, _) = crate::encoding::decode(&raw().bytes)
        .map(|(t, e)| (t.into_owned(), e))
        .unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_reader(std::io::Cursor::new(text));
    let mut rows: Vec<csv::StringRecord> = reader.records().map(|r| r.unwrap()).collect();
    let header = rows.remove(0);
    rows.reverse();
    let (late, early) = rows.split_at(rows.len() / 3);
    let file = |name: &str, rows: &[csv::StringRecord]| {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .from_writer(Vec::new());
        writer.write_record(&header).unwrap();
        for row in rows {
            writer.write_record(row).unwrap();
        }
        InputFile::new(name, writer.into_inner().unwrap())
    };
    let shuffled = admit(&[file("facts-b.csv", early), file("facts-a.csv", late)]);
    assert_eq!(shuffled.counts, expected.counts);
    assert_eq!(
        content(&shuffled.log, &rosters),
        content(&expected.log, &rosters)
    );
    let ids = |a: &Admission| -> Vec<(String, String)> {
        let mut list: Vec<_> = a
            .rejects
            .iter()
            .map(|r| (r.cells[0].clone(), r.main().1.to_owned()))
            .collect();
        list.sort();
        list
    };
    assert_eq!(ids(&shuffled), ids(&expected));
}

#[test]
fn json_lines_say_the_same() {
    let rosters = rosters_from(&["roster-2026Q1.xlsx"]);
    let (headers, rows) = clean_records();
    let mut lines = String::new();
    let numbers = ["时长", "金额", "分值", "评分", "数量"];
    let mut picked = Vec::new();
    for row in rows.into_values().step_by(37) {
        let cells = headers.iter().zip(&row).filter(|(_, c)| !c.is_empty());
        let cells = cells.map(|(h, c)| match numbers.contains(&h.as_str()) {
            true => format!("{h:?}:{c}"),
            false => format!("{h:?}:{c:?}"),
        });
        lines.push_str(&format!("{{{}}}\n", cells.collect::<Vec<_>>().join(",")));
        picked.push(row);
    }
    let json = admit(&[InputFile::new("facts-x.jsonl", lines.into_bytes())]);
    let csv = admit(&[InputFile::new(
        "facts-x.csv",
        csv_of(&headers, picked.into_iter()),
    )]);
    assert_eq!(json.counts, csv.counts);
    assert_eq!(content(&json.log, &rosters), content(&csv.log, &rosters));
    let bad = admit(&[InputFile::new(
        "facts-x.jsonl",
        "{\"记录编号\":1,\"活动类型\":\"签到\"}\n{\"记录编号\":[1]}\n{oops\n"
            .as_bytes()
            .to_vec(),
    )]);
    let reasons: Vec<_> = bad.rejects.iter().map(|r| r.main().1.to_owned()).collect();
    assert_eq!(
        reasons,
        ["subject_missing", "value_nested", "json_malformed"]
    );
}

/// Days from 1899-12-30 and the fraction of the day, as a workbook holds them.
fn serial(cell: &str) -> String {
    let zero = Day::from_ymd(1899, 12, 30).unwrap();
    let day = Day::parse_iso(&cell[..10]).unwrap().0 - zero.0;
    let Some(time) = cell.get(11..16) else {
        return day.to_string();
    };
    let minutes: u64 = time[..2].parse::<u64>().unwrap() * 60 + time[3..].parse::<u64>().unwrap();
    // Ten digits of the fraction are exact to a hundredth of a second.
    format!("{day}.{:010}", (minutes * 10_000_000_000 + 720) / 1440)
}

#[test]
fn workbooks_say_the_same() {
    let rosters = rosters_from(&["roster-2026Q1.xlsx"]);
    let (headers, rows) = clean_records();
    let picked: Vec<Vec<String>> = rows.into_values().step_by(101).collect();
    let mut sheet = String::from(
        "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>2026年第一季度</t></is></c></row>",
    );
    let texts = |cells: &[String]| -> String {
        let cells = cells
            .iter()
            .map(|c| format!("<c t=\"inlineStr\"><is><t>{c}</t></is></c>"));
        cells.collect()
    };
    sheet.push_str(&format!("<row r=\"2\">{}</row>", texts(&headers)));
    for (i, row) in picked.iter().enumerate() {
        sheet.push_str(&format!("<row r=\"{}\">", i + 3));
        for (heading, cell) in headers.iter().zip(row) {
            let body = match heading.as_str() {
                _ if cell.is_empty() => "<c/>".to_owned(),
                "日期" | "登记日" | "开始" | "结束" => {
                    format!("<c s=\"1\"><v>{}</v></c>", serial(cell))
                }
                "时长" | "金额" | "分值" | "评分" | "数量" => {
                    format!("<c><v>{cell}</v></c>")
                }
                _ => texts(std::slice::from_ref(cell)),
            };
            sheet.push_str(&body);
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    let book = admit(&[InputFile::new(
        "facts-x.xlsx",
        crate::xlsx::tests::book(&sheet),
    )]);
    let csv = admit(&[InputFile::new(
        "facts-x.csv",
        csv_of(&headers, picked.into_iter()),
    )]);
    assert_eq!(book.rejects, []);
    assert_eq!(book.counts, csv.counts);
    assert_eq!(content(&book.log, &rosters), content(&csv.log, &rosters));
}

#[test]
fn mended_rejects_give_the_whole_clean_file() {
    let rosters = rosters_from(&["roster-2026Q1.xlsx"]);
    let first = admit(&[raw()]);
    let bytes = write_rejects(&first.rejects, Lang::Zh);

    // Unmended, they are refused again for the same reasons.
    let again = admit(&[raw(), InputFile::new("拒收.csv", bytes.clone())]);
    assert_eq!(again.counts.rejected, 119);
    assert_eq!(again.counts.replaced, 119);
    let mains = |a: &Admission| -> Vec<_> {
        let rejects = a.rejects.iter();
        rejects
            .map(|r| (r.place, r.main().0.to_owned(), r.main().1.to_owned()))
            .collect()
    };
    assert_eq!(mains(&again), mains(&first));

    // Mended: each row gets the cells of its clean record.
    let (headers, clean) = clean_records();
    let mends: BTreeMap<u64, String> = manifest()["planted"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| p["verdict"] == "rejected")
        .filter_map(|p| Some((p["row"].as_u64()?, p["clean_id"].as_str()?.to_owned())))
        .collect();
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(std::io::Cursor::new(&bytes[3..]));
    let names: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let mut cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        let row: u64 = cells[1].parse().unwrap();
        let Some(id) = mends.get(&row) else { continue };
        for (name, cell) in names.iter().zip(&mut cells).skip(6) {
            let at = headers.iter().position(|h| h == name);
            *cell = at.map(|i| clean[id][i].clone()).unwrap_or_default();
        }
        rows.push(cells);
    }
    let mended = csv_of(&names, rows.into_iter());
    let done = admit(&[InputFile::new("拒收.csv", mended), raw()]);
    // Only the row of sums is left; the three rows keyed twice are duplicates now.
    assert_eq!(done.counts.rejected, 1, "{:?}", done.rejects);
    assert_eq!(done.counts.duplicates, 41 + 3);
    assert_eq!(done.counts.accepted, 42515);
    let whole = admit(&[InputFile::new(
        "facts-2026Q1.csv",
        sample("clean/facts-2026Q1.csv"),
    )]);
    assert_eq!(content(&done.log, &rosters), content(&whole.log, &rosters));
}

/// residency.csv, made from the three sheets by another program, holds a row for each stay: it is a roster by itself.
#[test]
fn rows_with_dates_are_a_roster() {
    let sheets = rosters_from(&["roster-2026Q1.xlsx"]);
    let file = InputFile::new("residency.csv", sample("roster/residency.csv"));
    let options = ReadOptions::default();
    let stays = read_rosters(&[file], &Sources::default(), &plan(), &zone(), &options).unwrap();
    assert_eq!(stays.faults, []);
    let (table, other) = (&sheets.data.tables[0], &stays.data.tables[0]);
    assert_eq!(other.ids.len(), 3218);
    let (first, last) = (Day::parse_iso("2024-01-01"), Day::parse_iso("2026-04-10"));
    let mut moved = 0;
    for (subject, id) in (0_u32..).zip(&other.ids) {
        let same = table.ids.get_index_of(id).unwrap() as u32;
        let (mut day, mut seen) = (first.unwrap(), BTreeSet::new());
        while day <= last.unwrap() {
            assert_eq!(table.is_present(same, day), other.is_present(subject, day));
            for attr in (0..3).map(AttrIx) {
                let value = other.attr(attr, subject, day);
                assert_eq!(table.attr(attr, same, day), value, "{id} {day}");
                if attr == AttrIx(0) {
                    seen.extend(value.cloned());
                }
            }
            day = day.add_days(7);
        }
        moved += usize::from(seen.len() > 1);
    }
    assert!(moved > 0, "nobody moved");
}

#[test]
fn the_roster_says_who_belonged_where_and_when() {
    let rosters = rosters_from(&["roster-2026Q1.xlsx"]);
    assert_eq!(rosters.faults, []);
    let from_csv = rosters_from(&["residents.csv", "roles.csv", "moves.csv"]);
    assert_eq!(from_csv.faults, []);
    let table = &rosters.data.tables[0];
    let other = &from_csv.data.tables[0];
    assert_eq!(table.ids.len(), 3218);
    assert_eq!(table.ids, other.ids);
    assert_eq!(table.present, other.present);
    // residency.csv is derived from the three sheets by another program.
    let residency = read(
        "residency.csv",
        sample("roster/residency.csv"),
        &ReadOptions::default(),
    );
    let residency = residency.unwrap();
    let mut days = 0;
    for batch in &residency[0].batches {
        let cell = |c: usize, i: usize| match &batch.columns[c] {
            RawColumn::Text(t) => t.get(i).to_owned(),
            RawColumn::Typed(_) => String::new(),
        };
        for i in 0..batch.len() {
            let subject = table.ids.get_index_of(&cell(0, i)).unwrap() as u32;
            let from = Day::parse_iso(&cell(4, i)).unwrap();
            let to = Day::parse_iso(&cell(5, i));
            for day in [from, to.unwrap_or(from.add_days(400))] {
                assert!(table.is_present(subject, day));
                for (attr, column) in [(0, 1), (1, 2), (2, 3)] {
                    let have = table.attr(AttrIx(attr), subject, day);
                    assert_eq!(have, Some(&Value::Text(cell(column, i))));
                    assert_eq!(other.attr(AttrIx(attr), subject, day), have);
                }
                days += 1;
            }
        }
    }
    // 3218 residents and 17 moves, two days each.
    assert!(days >= 2 * 3218, "{days}");
    let zhang = table.ids.get_index_of("XF01-0011").unwrap() as u32;
    let role = |d: Day| table.attr(AttrIx(4), zhang, d).cloned();
    // In roles.csv: 居民代表 from 2024-06-16.
    let first = Day::from_ymd(2024, 6, 16).unwrap();
    assert_eq!(role(first), Some(Value::Text("居民代表".into())));
    let before = role(first.add_days(-1));
    assert!(before.is_none() || before == Some(Value::Text("普通".into())));
}

#[test]
fn rejects_of_a_parquet_file_have_all_its_columns() {
    let mut plan = plan();
    // A policy that reads little: the other columns are not read at first.
    plan.kinds.truncate(1);
    let mut rosters = rosters_from(&["roster-2026Q1.xlsx"]).data;
    let file = InputFile::new("facts-1.parquet", sample("clean/facts-2026Q1.parquet"));
    let bare = Sources::default();
    let options = ReadOptions::default();
    let read = read_facts(&[file], &bare, &plan, &zone(), &mut rosters, &options).unwrap();
    // 参会 and the three built-in records are known: 2304 + 1309 + 37 + 70 of 42515.
    assert_eq!(read.counts.accepted, 3720);
    let first = &read.rejects[0];
    assert_eq!(first.main(), ("活动类型", "kind_unknown"));
    // The first record of the clean file.
    assert_eq!(first.place.row, 1);
    let cell = |n: &str| {
        first
            .headers
            .iter()
            .position(|h| h == n)
            .map(|i| first.cells[i].as_str())
    };
    assert_eq!(cell("姓名"), Some("王月英"));
    assert_eq!(cell("来源"), Some("智能箱"));
    assert_eq!(cell("开始"), Some("2026-01-01 19:18"));
}
