//! A statement as plain text in columns; Chinese characters count two columns.

use jifen_diag::Lang;
use jifen_quantity::Decimal;
use unicode_width::UnicodeWidthStr;

use crate::life;
use crate::moves;
use crate::pass;
use crate::quantity::{plain, signed};
use crate::statement::{Award, Node, Nothing, Part, PartKind, Source, Statement};
use crate::whynot::fix_text;

/// The statement as text.
#[must_use]
pub fn render(statement: &Statement, lang: Lang) -> String {
    let mut out = String::new();
    head(statement, lang, &mut out);
    let lines = by_day(statement, lang);
    let rows: Vec<Vec<String>> = lines.iter().map(|l| l.0.clone()).collect();
    let widths = widths(&rows);
    for (row, award) in &lines {
        line(row, &widths, &mut out);
        let Some(award) = award else { continue };
        if statement.detail {
            details(award, lang, &mut out);
        }
        notes(award, lang, &mut out);
    }
    moves::render(statement, &mut out);
    life::render_lapses(statement, lang, &mut out);
    totals(statement, lang, &mut out);
    life::render_lots(statement, lang, &mut out);
    crate::measure::render(statement, lang, &mut out);
    crate::standing::render(statement, lang, &mut out);
    nothing(statement, lang, &mut out);
    out
}

/// Lines of the sum in order of days; what was received stands before what was done with it on that day.
fn by_day(s: &Statement, lang: Lang) -> Vec<(Vec<String>, Option<&Award>)> {
    let mut lines: Vec<(Vec<String>, Option<&Award>)> = Vec::new();
    let mut received = s.received.iter().peekable();
    for award in &s.awards {
        while let Some(r) = received.next_if(|r| r.source.day <= award.source.day) {
            lines.push((pass::row(r, lang), None));
        }
        lines.push((row(award, lang), Some(award)));
    }
    lines.extend(received.map(|r| (pass::row(r, lang), None)));
    lines
}

fn head(s: &Statement, lang: Lang, out: &mut String) {
    let name = s
        .name
        .as_deref()
        .map_or_else(String::new, |n| format!(" {n}"));
    out.push_str(&format!("{} {}{name}  {}", s.roster, s.account, s.policy));
    if let Some(day) = &s.as_of {
        out.push_str(&format!("  {} {day}", lang.pick("截至", "as of")));
    }
    out.push('\n');
}

/// Kind and id of a fact, or the days of a period.
pub(crate) fn source_text(s: &Source) -> String {
    match (&s.id, &s.period) {
        (Some(id), _) => format!("{} {id}", s.record),
        (None, Some(period)) => format!("{} {period}", s.record).trim().to_owned(),
        _ => s.record.clone(),
    }
}

/// Date, clause, record, how, amount.
fn row(award: &Award, lang: Lang) -> Vec<String> {
    vec![
        award.source.day.clone(),
        award.clause.text.clone(),
        source_text(&award.source),
        summary(award, lang),
        match (award.yuan, award.spend) {
            (true, _) => format!("{}{}", plain(award.amount), lang.pick("元", " yuan")),
            (_, true) => signed(award.amount.checked_neg().unwrap_or(award.amount)),
            (_, false) => signed(award.amount),
        },
    ]
}

/// `10分/小时 × 4小时；倍率 +30；上限 −20`.
fn summary(award: &Award, lang: Lang) -> String {
    let mut words = Vec::new();
    for part in &award.parts {
        let amount = matches!(
            part.kind,
            PartKind::Base | PartKind::Bonus | PartKind::Deduction
        );
        if part.delta.is_zero() && !amount {
            continue;
        }
        let calc = part.calcs.last().map_or("", |c| c.text.as_str());
        words.push(match part.kind {
            PartKind::Base if award.parts.len() == 1 => calc.to_owned(),
            PartKind::Base => calc.to_owned(),
            PartKind::Deduction => {
                let inner = part
                    .calcs
                    .iter()
                    .rev()
                    .nth(1)
                    .map_or(calc, |c| c.text.as_str());
                format!("{} {inner}", part.label)
            }
            _ => format!("{} {}", part.label, signed(part.delta)),
        });
    }
    words.join(lang.pick("；", "; "))
}

pub(crate) fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (i, cell) in row.iter().enumerate() {
            match widths.get_mut(i) {
                Some(w) => *w = (*w).max(cell.width()),
                None => widths.push(cell.width()),
            }
        }
    }
    // A very long calculation does not push the amounts off the page.
    if let Some(w) = widths.get_mut(3) {
        *w = (*w).min(72);
    }
    widths
}

pub(crate) fn line(row: &[String], widths: &[usize], out: &mut String) {
    let last = row.len().saturating_sub(1);
    for (i, cell) in row.iter().enumerate() {
        let width = widths.get(i).copied().unwrap_or(0);
        let gap = " ".repeat(width.saturating_sub(cell.width()));
        if i == last {
            out.push_str(&format!("  {gap}{cell}\n"));
        } else {
            out.push_str(&format!("  {cell}{gap}"));
        }
    }
}

fn details(award: &Award, lang: Lang, out: &mut String) {
    if let Some(version) = &award.source.version {
        out.push_str(&format!(
            "      {} {version}\n",
            lang.pick("版本", "version")
        ));
    }
    let rows: Vec<Vec<String>> = award.parts.iter().map(part_row).collect();
    let widths = widths(&rows);
    for (part, row) in award.parts.iter().zip(&rows) {
        out.push_str("    ");
        line(row, &widths, out);
        let inner = part.calcs.len().saturating_sub(1);
        for calc in part.calcs.iter().take(inner) {
            let name = match calc.name.is_empty() {
                true => String::new(),
                false => format!("{}{}", calc.name, lang.pick("：", ": ")),
            };
            out.push_str(&format!("          {name}{}\n", calc.text));
        }
        for s in &part.segments {
            out.push_str(&format!(
                "          {} {} {}  × {}\n",
                s.from,
                lang.pick("至", "to"),
                s.to,
                plain(s.factor)
            ));
        }
        for node in &part.tree {
            tree(node, 5, out);
        }
    }
}

fn part_row(part: &Part) -> Vec<String> {
    let calc = part.calcs.last().map_or("", |c| c.text.as_str());
    let how = match (part.note.is_empty(), calc.is_empty()) {
        (true, _) => calc.to_owned(),
        (false, true) => part.note.clone(),
        (false, false) => format!("{calc}  {}", part.note),
    };
    vec![part.label.clone(), how, signed(part.delta)]
}

fn tree(node: &Node, depth: usize, out: &mut String) {
    let value = match node.text == node.value {
        true => String::new(),
        false => format!(" = {}", node.value),
    };
    out.push_str(&format!("{}{}{value}\n", "  ".repeat(depth), node.text));
    for child in &node.children {
        if !child.children.is_empty() || child.text != child.value {
            tree(child, depth + 1, out);
        }
    }
}

fn notes(award: &Award, lang: Lang, out: &mut String) {
    crate::join::render(award, lang, out);
    pass::render_passed(award, lang, out);
    if let Some(worth) = &award.worth {
        out.push_str(&format!("      {worth}\n"));
    }
    for credit in award.postings.iter().filter(|c| !c.waived.is_zero()) {
        out.push_str(&format!(
            "      {} {}{}\n",
            credit.currency,
            match credit.waived.is_negative() {
                true => lang.pick("到上限为止，不再计入 ", "is full, not credited "),
                false => lang.pick("到下限为止，免扣 ", "stops at its floor, waived "),
            },
            signed(credit.waived)
        ));
    }
    if let Some(at) = &award.released {
        out.push_str(&format!(
            "      {}{at}\n",
            lang.pick("复核通过，计入时间 ", "review passed, counted at ")
        ));
    }
}

fn totals(s: &Statement, lang: Lang, out: &mut String) {
    for sum in &s.sums {
        out.push_str(&format!("  {}{}", sum.currency, lang.pick("：", ": ")));
        if !sum.opening.is_zero() {
            out.push_str(&format!(
                "{} {} + ",
                lang.pick("期初", "opening"),
                plain(sum.opening)
            ));
        }
        let moved = match sum.moved.is_zero() {
            true => String::new(),
            false => format!(
                " {} {}",
                lang.pick("随人、分户", "moved"),
                signed(sum.moved)
            ),
        };
        let lapsed = match sum.lapsed.is_zero() {
            true => String::new(),
            false => format!(
                " − {} {}",
                lang.pick("到期和衰减", "expired and decayed"),
                plain(sum.lapsed)
            ),
        };
        out.push_str(&format!(
            "{} {}{moved}{lapsed} = {} {}\n",
            lang.pick("本表合计", "these lines"),
            plain(sum.counted),
            lang.pick("余额", "balance"),
            plain(sum.balance)
        ));
    }
    if s.sums.is_empty() {
        out.push_str(lang.pick("  没有积分\n", "  no points\n"));
    }
}

fn nothing(s: &Statement, lang: Lang, out: &mut String) {
    if !s.nothing.is_empty() {
        out.push_str(lang.pick("没有计分的：\n", "Not counted:\n"));
    }
    let rows: Vec<Vec<String>> = s.nothing.iter().map(|n| nothing_row(n, lang)).collect();
    let widths = widths(&rows);
    for (n, row) in s.nothing.iter().zip(&rows) {
        let mut text = String::new();
        for (i, cell) in row.iter().enumerate() {
            let width = widths.get(i).copied().unwrap_or(0);
            let gap = " ".repeat(width.saturating_sub(cell.width()));
            text.push_str(&format!("  {cell}{gap}"));
        }
        out.push_str(text.trim_end());
        out.push('\n');
        if let Some(fix) = &n.fix {
            out.push_str(&format!("      {}\n", fix_text(fix, lang)));
        }
    }
    for unused in &s.unused {
        let (record, count) = (&unused.record, unused.count);
        out.push_str(&lang.pick(
            format!("  {record} {count}条：本规则尚未用到\n"),
            format!("  {record}: {count} records that no rule reads yet\n"),
        ));
    }
}

fn nothing_row(n: &Nothing, lang: Lang) -> Vec<String> {
    let clause = n.clause.as_ref().map_or("—", |c| c.text.as_str());
    vec![
        n.source.day.clone(),
        clause.to_owned(),
        source_text(&n.source),
        format!("{}{}", lang.pick("为什么没有：", "why not: "), n.text),
    ]
}

/// The sum of parts, for tests and checks: must equal the amount.
#[must_use]
pub fn sum_of_parts(award: &Award) -> Option<Decimal> {
    let mut sum = Decimal::ZERO;
    for part in &award.parts {
        sum = sum.add(part.delta).ok()?;
    }
    Some(sum)
}
