//! What came and went with members who moved or split off, as lines of a statement (S14).

use jifen_data::{Account, MoveLine, Trace};
use jifen_diag::Lang;
use jifen_quantity::Decimal;

use crate::assemble::Sources;
use crate::pass::who;
use crate::quantity::{instant, signed};
use crate::render::{line, widths};
use crate::statement::{MovedLine, Statement};

/// The lines of a trace, in order.
pub(crate) fn moved(from: &Sources<'_>, trace: &Trace, lang: Lang) -> Vec<MovedLine> {
    let mut list: Vec<&MoveLine> = trace.moves.iter().collect();
    list.sort_by_key(|m| m.at);
    let line = |m: &&MoveLine| MovedLine {
        currency: from.currency(m.currency),
        at: instant(m.at),
        text: text(from, m, trace.account, lang),
        amount: change(m, trace.account),
    };
    list.iter().map(line).collect()
}

/// What a move does to one of its accounts.
pub(crate) fn change(m: &MoveLine, account: Account) -> Decimal {
    match m.from == account {
        true => m.amount.checked_neg().unwrap_or(m.amount),
        false => m.amount,
    }
}

fn text(from: &Sources<'_>, m: &MoveLine, account: Account, lang: Lang) -> String {
    let old = who(from, m.from);
    let new = m.to.map(|to| who(from, to));
    let out = m.from == account;
    match (m.member.map(|member| who(from, member)), new) {
        (_, None) => lang.pick(
            "分户：户里的分归零".to_owned(),
            "split: what was there lapsed".to_owned(),
        ),
        (Some(member), Some(new)) if out => lang.pick(
            format!("随 {member} 转出，到 {new}"),
            format!("to {new} with {member}"),
        ),
        (Some(member), Some(_)) => lang.pick(
            format!("随 {member} 转入，来自 {old}"),
            format!("from {old} with {member}"),
        ),
        (None, Some(new)) if out => lang.pick(
            format!("分户：分给 {new}"),
            format!("split: the share of {new}"),
        ),
        (None, Some(_)) => lang.pick(
            format!("分户：从 {old} 分得"),
            format!("split: a share from {old}"),
        ),
    }
}

/// What moved: lines of the sum.
pub(crate) fn render(s: &Statement, out: &mut String) {
    let row = |m: &MovedLine| {
        vec![
            m.at.clone(),
            m.text.clone(),
            m.currency.clone(),
            signed(m.amount),
        ]
    };
    let rows: Vec<Vec<String>> = s.moves.iter().map(row).collect();
    let widths = widths(&rows);
    for row in &rows {
        line(row, &widths, out);
    }
}
