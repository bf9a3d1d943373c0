//! Results as tables for other programs and for spreadsheets: CSV with a byte order mark, no cell that a spreadsheet would run.

mod closed;

use crate::words::{item_title, minute};
use crate::{Compiled, data_code};
use jifen_calendar::Day;
use jifen_data::{
    Account, Evaluation, FactLog, LotSource, NotShared, Origin, Outcome, OutcomeKind, RosterData,
};
use jifen_diag::Lang;
use jifen_facts::{RosterFault, protect};
use jifen_plan::{CurrencyIx, ItemIx, Trigger, VersionIx};
use jifen_quantity::Decimal;

/// An evaluation with all that is needed to name things in it.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// The policy.
    pub compiled: &'a Compiled,
    /// Its facts.
    pub facts: &'a FactLog,
    /// Its rosters.
    pub rosters: &'a RosterData,
    /// What came of them.
    pub evaluation: &'a Evaluation,
    /// Language of headings and words.
    pub lang: Lang,
}

/// A table as CSV text: with a byte order mark, so that spreadsheets know the encoding.
pub(crate) struct Csv {
    out: csv::Writer<Vec<u8>>,
}

impl Csv {
    pub(crate) fn new(headings: &[&str]) -> Self {
        let mut writer = csv::WriterBuilder::new();
        writer.terminator(csv::Terminator::CRLF);
        let mut csv = Csv {
            out: writer.from_writer("\u{feff}".into()),
        };
        csv.row(headings.iter().map(|h| word(*h)));
        csv
    }

    /// Texts are protected from being run as formulas; numbers and dates of ours are as they are.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let cells = cells.into_iter().map(|cell| match cell {
            Cell::Text(text) => protect(&text),
            Cell::Plain(text) => text,
        });
        // Writing to memory cannot fail.
        let _ = self.out.write_record(cells);
    }

    pub(crate) fn finish(self) -> String {
        String::from_utf8(self.out.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}

pub(crate) enum Cell {
    /// From data or policy.
    Text(String),
    /// A number or date of ours.
    Plain(String),
}

pub(crate) fn word(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

pub(crate) fn num(n: Decimal) -> Cell {
    Cell::Plain(n.to_string())
}

impl Report<'_> {
    /// Id and display name of an account.
    pub fn account(&self, a: Account) -> (String, String) {
        let table = self.rosters.table(a.roster);
        let ix = a.subject as usize;
        let id = table.and_then(|t| t.ids.get_index(ix).cloned());
        let name = table.and_then(|t| t.names.get(ix).cloned().flatten());
        (id.unwrap_or_default(), name.unwrap_or_default())
    }

    /// Name of a currency.
    pub fn currency(&self, c: CurrencyIx) -> &str {
        let found = self.compiled.plan.currencies.get(c.ix());
        found.map_or("", |c| &c.name)
    }

    fn version(&self, v: VersionIx) -> &str {
        let found = self.compiled.plan.versions.get(v.ix());
        found.map_or("", |v| &v.name)
    }

    /// Kind of record and id of what something came from; a period gives its first day.
    pub fn origin(&self, origin: Origin, item: Option<ItemIx>) -> (String, String) {
        let plan = &self.compiled.plan;
        match origin {
            Origin::Fact(f) => {
                let kind = plan.kinds.get(f.kind.ix()).map_or("", |k| &k.name);
                let id = self
                    .facts
                    .kinds
                    .get(f.kind.ix())
                    .map(|t| t.ids.text(f.row as usize));
                (kind.to_owned(), id.unwrap_or_default())
            }
            Origin::Period(day) => {
                let trigger = item.and_then(|i| plan.items.get(i.ix())).map(|i| i.trigger);
                let (kind, last) = match trigger {
                    Some(Trigger::Period { row, unit, .. }) => {
                        let kind = row.and_then(|k| plan.kinds.get(k.ix()));
                        (
                            kind.map_or("", |k| &k.name),
                            unit.bounds(day).1.add_days(-1),
                        )
                    }
                    _ => ("", day),
                };
                (kind.to_owned(), format!("{day}/{last}"))
            }
        }
    }

    pub(crate) fn item_cells(&self, item: Option<ItemIx>) -> [Cell; 3] {
        let Some(ix) = item else {
            return [word(""), word(""), word("")];
        };
        let label = self.compiled.labels.items.get(ix.ix());
        let article = label.and_then(|l| l.article);
        let found = self.compiled.plan.items.get(ix.ix());
        [
            Cell::Plain(article.map(|n| n.to_string()).unwrap_or_default()),
            word(found.map(|i| i.path.join("/")).unwrap_or_default()),
            word(found.map_or("", |i| self.version(i.version))),
        ]
    }

    /// One row a posting, in canonical order.
    pub fn ledger_csv(&self) -> String {
        let mut csv = Csv::new(&self.lang.pick(
            [
                "账户",
                "姓名",
                "积分",
                "条",
                "项目",
                "版本",
                "记录",
                "记录编号",
                "日期",
                "生效时间",
                "封顶前",
                "得分",
                "免扣",
                "来自",
            ],
            [
                "account",
                "name",
                "points",
                "article",
                "item",
                "version",
                "record",
                "fact",
                "day",
                "posted",
                "before_caps",
                "amount",
                "waived",
                "from",
            ],
        ));
        for p in &self.evaluation.ledger {
            let (id, name) = self.account(p.account);
            let (kind, fact) = self.origin(p.origin, Some(p.item));
            let [article, item, version] = self.item_cells(Some(p.item));
            csv.row([
                word(id),
                word(name),
                word(self.currency(p.currency)),
                article,
                item,
                version,
                word(kind),
                word(fact),
                Cell::Plain(p.day.to_string()),
                Cell::Plain(minute(p.posted)),
                num(p.before_caps),
                num(p.amount),
                num(p.waived),
                word(
                    p.received
                        .map_or_else(String::new, |r| self.account(r.from).0),
                ),
            ]);
        }
        csv.finish()
    }

    /// One row for each account and currency; with what the balance is worth, where points of the policy are worth yuan.
    pub fn balances_csv(&self) -> String {
        let valued = self.points_are_worth();
        let headings = self.lang.pick(
            [
                "账户",
                "姓名",
                "积分",
                "期初",
                "获得",
                "收到",
                "扣减",
                "支用",
                "转出",
                "到期",
                "衰减",
                "免扣",
                "封顶扣除",
                "余额",
            ],
            [
                "account", "name", "points", "opening", "earned", "received", "deducted", "spent",
                "given", "expired", "decayed", "waived", "trimmed", "balance",
            ],
        );
        let mut headings = headings.to_vec();
        if valued {
            headings.push(self.lang.pick("折合元", "yuan"));
        }
        let mut csv = Csv::new(&headings);
        for b in &self.evaluation.balances {
            let (id, name) = self.account(b.account);
            let mut row = vec![
                word(id),
                word(name),
                word(self.currency(b.currency)),
                num(b.opening),
                num(b.earned),
                num(b.received),
                num(b.deducted),
                num(b.spent),
                num(b.given),
                num(b.expired),
                num(b.decayed),
                num(b.waived),
                num(b.trimmed),
                num(b.balance),
            ];
            if valued {
                // A debt is no liability: it is not set off against what others hold.
                let yuan = self.yuan(b.currency, b.balance.max(Decimal::ZERO));
                row.push(yuan.map_or_else(|| word(""), num));
            }
            csv.row(row);
        }
        csv.finish()
    }

    /// One row for each time that points expired or decayed; `None` where no points of the policy lapse.
    pub fn lapses_csv(&self) -> Option<String> {
        self.points_lapse().then(|| {
            let mut csv = Csv::new(&self.lang.pick(
                [
                    "账户",
                    "姓名",
                    "积分",
                    "时间",
                    "到期或衰减",
                    "来源",
                    "记录编号",
                    "获得日",
                    "数额",
                ],
                [
                    "account",
                    "name",
                    "points",
                    "at",
                    "what",
                    "from",
                    "fact",
                    "earned on",
                    "amount",
                ],
            ));
            for l in &self.evaluation.lapses {
                let (id, name) = self.account(l.account);
                let what = match l.decayed {
                    true => self.lang.pick("衰减", "decayed"),
                    false => self.lang.pick("到期", "expired"),
                };
                let (from, fact) = self.lot(l.source);
                csv.row([
                    word(id),
                    word(name),
                    word(self.currency(l.currency)),
                    Cell::Plain(minute(l.at)),
                    word(what),
                    word(from),
                    word(fact),
                    Cell::Plain(l.day.to_string()),
                    num(l.amount),
                ]);
            }
            for u in &self.evaluation.undated {
                let (id, name) = self.account(u.account);
                let year = u.year;
                let what = self.lang.pick(
                    format!("未定，不早于此时：缺 {year} 年工作日历"),
                    format!("open, not before: no calendar of working days for {year}"),
                );
                let (from, fact) = u.lot.map_or_else(
                    || {
                        let all = self.lang.pick("整户", "whole account");
                        (all.to_owned(), String::new())
                    },
                    |(_, source)| self.lot(source),
                );
                csv.row([
                    word(id),
                    word(name),
                    word(self.currency(u.currency)),
                    Cell::Plain(minute(u.at)),
                    word(&what),
                    word(from),
                    word(fact),
                    Cell::Plain(u.lot.map_or_else(String::new, |l| l.0.to_string())),
                    num(Decimal::ZERO),
                ]);
            }
            csv.finish()
        })
    }

    /// One row for what remains of each lot, in the order in which it would be used; `None` where no account keeps lots.
    pub fn lots_csv(&self) -> Option<String> {
        let plan = &self.compiled.plan;
        let mut currencies = (0_u16..).map(CurrencyIx).take(plan.currencies.len());
        let kept = currencies.any(|c| jifen_plan::keeps_lots(plan, c));
        kept.then(|| {
            let mut csv = Csv::new(&self.lang.pick(
                ["账户", "姓名", "积分", "来源", "记录编号", "获得日", "剩余"],
                [
                    "account",
                    "name",
                    "points",
                    "from",
                    "fact",
                    "earned on",
                    "left",
                ],
            ));
            for l in &self.evaluation.lots {
                let (id, name) = self.account(l.account);
                let (from, fact) = self.lot(l.source);
                csv.row([
                    word(id),
                    word(name),
                    word(self.currency(l.currency)),
                    word(from),
                    word(fact),
                    Cell::Plain(l.day.to_string()),
                    num(l.left),
                ]);
            }
            csv.finish()
        })
    }

    /// One row for what each award and spend cost in yuan; `None` where none of the policy says so.
    pub fn worths_csv(&self) -> Option<String> {
        let said = self.compiled.plan.items.iter().any(|i| i.worth.is_some());
        said.then(|| {
            let mut csv = Csv::new(&self.lang.pick(
                [
                    "账户",
                    "姓名",
                    "条",
                    "项目",
                    "版本",
                    "记录",
                    "记录编号",
                    "日期",
                    "积分",
                    "折合元",
                    "记在",
                ],
                [
                    "account", "name", "article", "item", "version", "record", "fact", "day",
                    "points", "yuan", "borne_by",
                ],
            ));
            for w in &self.evaluation.worths {
                let (id, name) = self.account(w.account);
                let (kind, fact) = self.origin(w.origin, Some(w.item));
                let [article, item, version] = self.item_cells(Some(w.item));
                csv.row([
                    word(id),
                    word(name),
                    article,
                    item,
                    version,
                    word(kind),
                    word(fact),
                    Cell::Plain(w.day.to_string()),
                    num(w.points),
                    w.yuan.map_or_else(|| word(""), num),
                    word(w.by.clone().unwrap_or_default()),
                ]);
            }
            csv.finish()
        })
    }

    /// One row for each time that points went along with a member or were divided; `None` where the policy has no such words.
    pub fn moves_csv(&self) -> Option<String> {
        (!self.compiled.plan.moves.is_empty()).then(|| {
            let mut csv = Csv::new(&self.lang.pick(
                [
                    "时间",
                    "积分",
                    "转出账户",
                    "转入账户",
                    "事由",
                    "随谁",
                    "数额",
                ],
                ["at", "points", "from", "to", "what", "member", "amount"],
            ));
            for m in &self.evaluation.moves {
                let id = |a: jifen_data::Account| self.account(a).0;
                let what = match (m.member, m.to) {
                    (Some(_), _) => self.lang.pick("随人", "moved"),
                    (None, Some(_)) => self.lang.pick("分户均分", "split, share"),
                    (None, None) => self.lang.pick("分户归零", "split, forfeit"),
                };
                csv.row([
                    Cell::Plain(minute(m.at)),
                    word(self.currency(m.currency)),
                    word(id(m.from)),
                    word(m.to.map_or_else(String::new, id)),
                    word(what),
                    word(m.member.map_or_else(String::new, id)),
                    num(m.amount),
                ]);
            }
            csv.finish()
        })
    }

    fn points_lapse(&self) -> bool {
        let mut currencies = self.compiled.plan.currencies.iter();
        currencies.any(|c| !c.lives.is_empty())
    }

    /// Clause and record of a lot.
    fn lot(&self, source: LotSource) -> (String, String) {
        match source {
            LotSource::Opening => (self.lang.pick("期初", "opening").to_owned(), String::new()),
            LotSource::Award(item, origin) => (self.title(item), self.origin(origin, Some(item)).1),
        }
    }

    /// One row for each fact or period and item that posted nothing.
    pub fn outcomes_csv(&self) -> String {
        let mut csv = Csv::new(&self.lang.pick(
            [
                "账户",
                "姓名",
                "条",
                "项目",
                "版本",
                "记录",
                "记录编号",
                "结果",
                "原因",
            ],
            [
                "account", "name", "article", "item", "version", "record", "fact", "outcome",
                "reason",
            ],
        ));
        // By account, record and item: rows of a log have no order of their own (S1).
        let mut ordered: Vec<_> = self
            .evaluation
            .outcomes
            .iter()
            .map(|o| {
                let (kind, fact) = self.origin(o.origin, o.item);
                (self.account(o.account), kind, fact, o)
            })
            .collect();
        ordered.sort_by(|a, b| {
            let by_id = jifen_data::compare_ids(&a.2, &b.2);
            let by_kind = a.1.cmp(&b.1);
            a.0.cmp(&b.0)
                .then(by_kind)
                .then(by_id)
                .then(a.3.item.cmp(&b.3.item))
        });
        for ((id, name), kind, fact, o) in ordered {
            let [article, item, version] = self.item_cells(o.item);
            csv.row([
                word(id),
                word(name),
                article,
                item,
                version,
                word(kind),
                word(fact),
                word(self.outcome_word(o)),
                word(self.reason(o)),
            ]);
        }
        csv.finish()
    }

    fn outcome_word(&self, o: &Outcome) -> &'static str {
        let (zh, en) = match o.kind {
            OutcomeKind::CannotTell(_) | OutcomeKind::NotShared(NotShared::Waits(_)) => {
                ("无法判断", "cannot tell")
            }
            OutcomeKind::Pending(..) => ("待定", "pending"),
            OutcomeKind::Rejected(..)
            | OutcomeKind::Lapsed(..)
            | OutcomeKind::OverCap(_)
            | OutcomeKind::NotCovered(..)
            | OutcomeKind::NoReceiver(_) => ("未通过", "refused"),
            OutcomeKind::Failed(_) | OutcomeKind::Contradiction => ("算不出", "failed"),
            _ => ("不适用", "not applicable"),
        };
        self.lang.pick(zh, en)
    }

    /// The accounts with the highest balance in a currency; equal ones in order of account.
    pub fn top(&self, currency: CurrencyIx, count: usize) -> Vec<(String, String, Decimal)> {
        let mut all: Vec<_> = self
            .evaluation
            .balances
            .iter()
            .filter(|b| b.currency == currency)
            .collect();
        all.sort_by(|a, b| b.balance.cmp(&a.balance).then(a.account.cmp(&b.account)));
        all.into_iter()
            .take(count)
            .map(|b| {
                let (id, name) = self.account(b.account);
                (id, name, b.balance)
            })
            .collect()
    }

    /// `第3条 志愿服务`
    pub fn title(&self, item: ItemIx) -> String {
        item_title(self.compiled, item).get(self.lang).to_owned()
    }
}

/// Rows of rosters and of opening balances that were left out: one row each, with why and how to mend it.
pub fn left_out_csv<'a>(faults: impl Iterator<Item = &'a RosterFault>, lang: Lang) -> String {
    let mut csv = Csv::new(&lang.pick(
        ["文件", "行", "列", "代码", "原因", "改法"],
        ["file", "line", "column", "code", "reason", "fix"],
    ));
    for f in faults {
        csv.row([
            word(f.file.as_str()),
            Cell::Plain(f.place.line.to_string()),
            word(f.column.as_str()),
            Cell::Plain(data_code(f.fault.reason.0).to_string()),
            word(f.fault.text.get(lang)),
            word(f.fault.fix.get(lang)),
        ]);
    }
    csv.finish()
}

/// The last day on which something was entered: the as-of day when none is stated.
pub fn last_entry(facts: &FactLog) -> Option<Day> {
    let rows = facts.kinds.iter().flat_map(|k| k.entered.iter().copied());
    let voids = facts.voids.iter().map(|v| v.entered);
    let corrections = facts.corrections.iter().map(|c| c.entered);
    let confirmations = facts.confirmations.iter().map(|c| c.entered);
    rows.chain(voids)
        .chain(corrections)
        .chain(confirmations)
        .max()
}
