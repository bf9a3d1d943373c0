//! The readers of single cells: numbers, percents, dates, times, yes and no, ids. The first byte chooses.

use crate::feature;
use jifen_calendar::{Day, Zone};
use jifen_facts::CellFault;
use jifen_facts::value::date::{self, DateOrder, DateStyle};
use jifen_facts::value::{number, time, words};
use jifen_quantity::Decimal;

fn told<T>(which: u8, result: &Result<T, CellFault>) {
    match result {
        Ok(_) => feature::note((which, "ok")),
        Err(f) => feature::note((which, f.reason.0, feature::shape(&f.text.zh))),
    }
}

fn style(first: u8) -> DateStyle {
    let order = match first / 16 % 3 {
        0 => None,
        1 => Some(DateOrder::DayFirst),
        _ => Some(DateOrder::MonthFirst),
    };
    DateStyle {
        order,
        epoch_1904: first >= 128,
    }
}

pub(super) fn values(bytes: &[u8]) {
    let (first, rest) = bytes.split_first().map_or((0, bytes), |(f, r)| (*f, r));
    let cell = String::from_utf8_lossy(rest);
    let which = first % 8;
    match which {
        0 => {
            let read = number::decimal(&cell);
            told(which, &read);
            if let Ok(n) = read {
                again(n);
            }
        }
        1 => {
            let read = number::percent(&cell);
            told(which, &read);
            if let Ok(n) = read {
                again(n);
            }
        }
        2 => {
            let read = date::day(&cell, style(first));
            told(which, &read);
            if let Ok(day) = read {
                assert_eq!(
                    Day::parse_iso(&day.to_string()),
                    Some(day),
                    "a day that does not read back"
                );
            }
            feature::note(("order", date::proves_order(&cell).is_some()));
        }
        3 => {
            let Some(zone) = Zone::parse("Asia/Shanghai") else {
                return;
            };
            told(which, &time::when(&cell, style(first), &zone));
        }
        4 => told(which, &words::yes_no(&cell)),
        5 => told(which, &words::id(&cell, first >= 128)),
        6 => {
            let plain = number::plain_digits(&cell);
            feature::note((which, plain.len().min(40), plain == cell));
        }
        _ => {
            let plain = number::sheet_number(&cell);
            feature::note((which, plain.len().min(40), number::looks_scientific(&cell)));
        }
    }
}

/// What a number prints reads back as the same number.
fn again(n: Decimal) {
    let text = n.to_string();
    feature::note(("digits", text.len(), text.contains('.')));
    match number::decimal(&text) {
        Ok(m) => assert_eq!(m, n, "a number that reads back as another"),
        Err(e) => panic!("{text} does not read back: {}", e.text.en),
    }
}
