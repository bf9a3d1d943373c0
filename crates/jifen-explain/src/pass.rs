//! Points that go from one account to another (S14): what an award passes on, what an account receives of others' facts.

use jifen_data::{Account, ItemRun, Posting, Received, Trace};
use jifen_diag::Lang;
use jifen_plan::{Item, PassHow};
use jifen_quantity::{Decimal, Dim};

use crate::assemble::{Sources, clause, credit, source};
use crate::calc::{Calc, Op, Term};
use crate::quantity::{Show, number, plain, quantity, signed};
use crate::render::source_text;
use crate::statement::{Award, Part, PartKind, Passed, ReceivedLine};
use crate::words::{Scope, Words};

/// Id of an account, with its name if it has one.
pub(crate) fn who(from: &Sources<'_>, account: Account) -> String {
    let table = from.rosters.table(account.roster);
    let ix = account.subject as usize;
    let id = table.and_then(|t| t.ids.get_index(ix).cloned());
    let name = table.and_then(|t| t.names.get(ix).cloned().flatten());
    let id = id.unwrap_or_default();
    name.map_or_else(|| id.clone(), |n| format!("{id} {n}"))
}

/// `另计 联络员`: what reached the other account: 计入, 另计 or 转计, or a transfer.
fn statement(from: &Sources<'_>, item: &Item, by: Option<u16>, lang: Lang) -> String {
    let pass = by.and_then(|by| item.passes.get(usize::from(by)));
    let scope = Scope::of_item(from.plan, item);
    let plan = from.plan;
    let Some(to) = pass.map(|p| p.to).or(item.give.map(|g| g.to)) else {
        return String::new();
    };
    let to = Words { plan, scope, lang }.text(to);
    let word = match pass.map(|p| p.how) {
        Some(PassHow::Instead) => lang.pick("计入", "credited to"),
        Some(PassHow::Also) => lang.pick("另计", "also credit"),
        Some(PassHow::On) => lang.pick("转计", "pass on to"),
        None => lang.pick("转给", "goes to"),
    };
    let many = match pass.and_then(|p| p.many).map(|m| m.equally) {
        Some(true) => lang.pick(" 均分", " equally"),
        Some(false) => lang.pick(" 各", " each"),
        None => "",
    };
    format!("{word} {to}{many}")
}

/// The first posting of each statement and account: an award in two kinds of points is one.
fn firsts(run: &ItemRun) -> Vec<(&Posting, Received)> {
    let mut out: Vec<(&Posting, Received)> = Vec::new();
    for p in &run.postings {
        if let Some(r) = p.received
            && out.iter().all(|o| (o.1, o.0.account) != (r, p.account))
        {
            out.push((p, r));
        }
    }
    out
}

/// What of a gain the account could hold.
fn credited(p: &Posting) -> Decimal {
    match p.amount.is_positive() {
        true => p.amount.add(p.waived).unwrap_or(p.amount),
        false => p.amount,
    }
}

/// What an award gives to others.
pub(crate) fn passed(from: &Sources<'_>, item: &Item, run: &ItemRun, lang: Lang) -> Vec<Passed> {
    let postings = run.postings.iter().filter_map(|p| Some((p, p.received?)));
    let line = |(p, r): (&Posting, Received)| Passed {
        text: statement(from, item, r.by, lang),
        to: who(from, p.account),
        currency: from.currency(p.currency),
        amount: credited(p),
        trimmed: p.before_caps.sub(credited(p)).unwrap_or_default(),
    };
    postings.map(line).collect()
}

/// What leaves the award: what is passed on, then the rest where it is credited to another account.
pub(crate) fn parts(from: &Sources<'_>, item: &Item, run: &ItemRun, lang: Lang) -> Vec<Part> {
    let Some(mut value) = run.steps.last().map(|s| s.after) else {
        return Vec::new();
    };
    let how = |r: &Received| item.passes.get(usize::from(r.by?)).map(|p| p.how);
    let mut firsts = firsts(run);
    // Written last: it takes what the others have left.
    firsts.sort_by_key(|(_, r)| how(r) == Some(PassHow::Instead));
    let mut out = Vec::new();
    let mut instead = false;
    for (p, r) in &firsts {
        let (taken, to) = match how(r) {
            Some(PassHow::On) => (p.amount, who(from, p.account)),
            Some(PassHow::Instead) if !instead => {
                instead = true;
                // One line for all: what equal parts leave over stays.
                let stays = run.postings.iter().find(|p| p.received.is_none());
                let stays = stays.map_or(Decimal::ZERO, |p| p.amount);
                let all = firsts.iter().filter(|f| f.1 == *r);
                let all: Vec<String> = all.map(|f| who(from, f.0.account)).collect();
                let taken = value.sub(stays).unwrap_or(value);
                (taken, all.join(lang.pick("、", ", ")))
            }
            _ => continue,
        };
        let before = value;
        value = before.sub(taken).unwrap_or_default();
        let label = statement(from, item, r.by, lang);
        let label = lang.pick(format!("{label}（{to}）"), format!("{label} ({to})"));
        out.push(part(label, before, taken, value, lang));
    }
    out
}

fn part(label: String, before: Decimal, taken: Decimal, after: Decimal, lang: Lang) -> Part {
    let points = |n| number(n, Show::Dim(Dim::POINTS), None, lang);
    let left = match taken.is_negative() {
        true => points(after),
        false => Term::op(Op::Sub, vec![points(before), points(taken)]),
    };
    let right = quantity(after, Show::Dim(Dim::POINTS), None, lang);
    Part {
        kind: PartKind::PassedOn,
        label,
        before,
        after,
        delta: taken.checked_neg().unwrap_or_default(),
        calcs: vec![Calc::new(Vec::new(), left, false, right, lang)],
        cap: None,
        segments: Vec::new(),
        note: String::new(),
        tree: Vec::new(),
    }
}

/// What other accounts' facts gave to this one.
pub(crate) fn received(from: &Sources<'_>, trace: &Trace, lang: Lang) -> Vec<ReceivedLine> {
    let line = |p: &Posting| {
        let item = from.plan.items.get(p.item.ix())?;
        let r = p.received?;
        Some(ReceivedLine {
            clause: clause(from, p.item, item, lang),
            source: source(from, item, p.origin, p.day, lang),
            from: who(from, r.from),
            text: statement(from, item, r.by, lang),
            credit: credit(from, p),
            trimmed: p.before_caps.sub(credited(p)).unwrap_or_default(),
        })
    };
    trace.received.iter().filter_map(line).collect()
}

/// A line of what was received.
pub(crate) fn row(r: &ReceivedLine, lang: Lang) -> Vec<String> {
    let trimmed = match r.trimmed.is_positive() {
        true => lang.pick(
            format!("（上限扣去 {}）", plain(r.trimmed)),
            format!(" ({} over the cap)", plain(r.trimmed)),
        ),
        false => String::new(),
    };
    vec![
        r.source.day.clone(),
        r.clause.text.clone(),
        lang.pick(
            format!("{} 的 {}", r.from, source_text(&r.source)),
            format!("{} of {}", source_text(&r.source), r.from),
        ),
        format!("{}{trimmed} {}", r.text, r.credit.currency),
        signed(r.credit.counted),
    ]
}

/// What went to others, below the award.
pub(crate) fn render_passed(award: &Award, lang: Lang, out: &mut String) {
    for p in &award.passed {
        let trimmed = match p.trimmed.is_positive() {
            true => lang.pick(
                format!("（上限扣去 {}）", plain(p.trimmed)),
                format!(" ({} over the cap)", plain(p.trimmed)),
            ),
            false => String::new(),
        };
        out.push_str(&format!(
            "      {}{}{} {} {}{trimmed}\n",
            p.text,
            lang.pick("：", ": "),
            p.to,
            p.currency,
            signed(p.amount)
        ));
    }
}
