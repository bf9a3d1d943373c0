//! The life of points in a statement: what lapsed, what remains of each lot, what will lapse (S19).

use jifen_data::{Lapse, LotSource, Origin, Trace, Undated};
use jifen_diag::Lang;

use crate::assemble::{Sources, clause};
use crate::quantity::{instant, plain, signed};
use crate::render::{line, widths};
use crate::statement::{LapseLine, LotLine, LotName, Statement, UndatedLine};

/// Adds the lines of a trace.
pub(crate) fn add(to: &mut Statement, from: &Sources<'_>, trace: &Trace, lang: Lang) {
    let lapse = |l: &Lapse| LapseLine {
        lot: name(from, l.currency, l.source, l.day.to_string(), lang),
        decayed: l.decayed,
        at: instant(l.at),
        amount: l.amount,
    };
    to.lapses = trace.lapses.iter().map(lapse).collect();
    to.ahead = trace.ahead.iter().map(lapse).collect();
    let undated = |u: &Undated| UndatedLine {
        currency: from.currency(u.currency),
        lot: (u.lot).map(|(day, source)| name(from, u.currency, source, day.to_string(), lang)),
        not_before: instant(u.at),
        year: u.year,
    };
    to.undated = trace.undated.iter().map(undated).collect();
    let lot = |l: &jifen_data::Lot| LotLine {
        lot: name(from, l.currency, l.source, l.day.to_string(), lang),
        left: l.left,
    };
    to.lots = trace.lots.iter().map(lot).collect();
}

fn name(
    from: &Sources<'_>,
    currency: jifen_plan::CurrencyIx,
    source: LotSource,
    day: String,
    lang: Lang,
) -> LotName {
    let (title, id) = match source {
        LotSource::Opening => (lang.pick("期初", "opening").to_owned(), None),
        LotSource::Award(ix, origin) => {
            let item = from.plan.items.get(ix.ix());
            let title = item.map_or_else(String::new, |i| clause(from, ix, i, lang).text);
            let id = match origin {
                Origin::Fact(f) => Some(from.id(f)),
                Origin::Period(_) => None,
            };
            (title, id)
        }
    };
    LotName {
        currency: from.currency(currency),
        from: title,
        id,
        day,
    }
}

/// `2025-04-03  第3条 志愿服务 V-17`
fn lot_cells(lot: &LotName) -> [String; 2] {
    let id = lot
        .id
        .as_ref()
        .map_or_else(String::new, |i| format!(" {i}"));
    [lot.day.clone(), format!("{}{id}", lot.from)]
}

fn lapse_row(l: &LapseLine, lang: Lang) -> Vec<String> {
    let what = match l.decayed {
        true => lang.pick("衰减", "decayed"),
        false => lang.pick("到期", "expired"),
    };
    let [day, from] = lot_cells(&l.lot);
    let of = lang.pick(format!("{day} 获得的 {from}"), format!("{from} of {day}"));
    let less = l.amount.checked_neg().unwrap_or(l.amount);
    vec![
        l.at.clone(),
        what.to_owned(),
        l.lot.currency.clone(),
        of,
        signed(less),
    ]
}

fn table(rows: &[Vec<String>], out: &mut String) {
    let widths = widths(rows);
    for row in rows {
        line(row, &widths, out);
    }
}

/// What lapsed: lines of the sum.
pub(crate) fn render_lapses(s: &Statement, lang: Lang, out: &mut String) {
    let rows: Vec<_> = s.lapses.iter().map(|l| lapse_row(l, lang)).collect();
    table(&rows, out);
}

/// What remains of each lot, and what will lapse.
pub(crate) fn render_lots(s: &Statement, lang: Lang, out: &mut String) {
    if !s.lots.is_empty() {
        out.push_str(lang.pick(
            "还在的各笔（先用的在前）：\n",
            "What remains, first to be used first:\n",
        ));
        let row = |l: &LotLine| {
            let [day, from] = lot_cells(&l.lot);
            vec![day, l.lot.currency.clone(), from, plain(l.left)]
        };
        let rows: Vec<_> = s.lots.iter().map(row).collect();
        table(&rows, out);
    }
    if !s.ahead.is_empty() {
        out.push_str(lang.pick(
            "一年内会到期或衰减的（其间没有用掉的话）：\n",
            "What will lapse within a year, if it is not used before:\n",
        ));
        let rows: Vec<_> = s.ahead.iter().map(|l| lapse_row(l, lang)).collect();
        table(&rows, out);
    }
    undated(s, lang, out);
}

/// What stays until the calendar of a year is there.
fn undated(s: &Statement, lang: Lang, out: &mut String) {
    if s.undated.is_empty() {
        return;
    }
    out.push_str(lang.pick(
        "哪天到期或衰减还说不准，要等工作日历（之前照常可用）：\n",
        "What lapses on a day that cannot be told yet, for want of a calendar of working days (it stays until then):\n",
    ));
    let row = |u: &UndatedLine| {
        let [day, from] = match &u.lot {
            Some(lot) => lot_cells(lot),
            None => [String::new(), lang.pick("整户", "whole account").to_owned()],
        };
        let (at, year) = (&u.not_before, u.year);
        let why = lang.pick(
            format!("不早于 {at}（缺 {year} 年）"),
            format!("not before {at} ({year} is lacking)"),
        );
        vec![day, u.currency.clone(), from, why]
    };
    let rows: Vec<_> = s.undated.iter().map(row).collect();
    table(&rows, out);
}
