//! An item as a clause: what makes it run, its conditions, its lines, where the award goes.

use std::cell::RefCell;

use jifen_diag::Lang;
use jifen_plan::{Counted, Item, Join, JoinKey, Labels, Line, Pairing, Plan, Trigger, Within};

use super::block::{Clause, Sentence};
use super::prose::{Here, Prose, Tables, bare, name};
use super::say;
use crate::quantity::duration;
use crate::words::Scope;
use jifen_quantity::Decimal;

/// What one item says.
#[must_use]
pub fn clause(plan: &Plan, labels: &Labels, at: usize, lang: Lang) -> Option<Clause> {
    let item = plan.items.get(at)?;
    let label = labels.items.get(at);
    let own = item.path.last().cloned().unwrap_or_default();
    let article = label.and_then(|l| l.article);
    let heading = match article {
        Some(n) => say!(lang, "第{}条 {}", "Article {} {}", n, own),
        None => own,
    };
    let tables = RefCell::new(Tables::default());
    let prose = Prose::new(plan, Scope::of_item(plan, item), lang, &tables);
    // Below the heading of a category, where there are any.
    let alike = plan.items.iter().filter(|i| i.version == item.version);
    let level = match alike.into_iter().any(|i| i.path.len() > 1) {
        true => 4,
        false => 3,
    };
    Some(Clause {
        level,
        article,
        heading,
        path: item.path.clone(),
        note: label.and_then(|l| l.doc.as_deref()).map(super::block::note),
        sentences: sentences(prose, item),
    })
}

/// All that an item means. A part that is added to [`Item`] is missed here by the compiler.
fn sentences(mut prose: Prose<'_>, item: &Item) -> Vec<Sentence> {
    let Item {
        path,
        version: _,
        trigger,
        joins,
        requires,
        lines,
        credit,
        spend,
        give,
        worth,
        passes,
        allot,
    } = item;
    prose.spends = spend.is_some();
    let mut out = Vec::new();
    let mut say = |text: String| {
        let tables = prose.take_tables();
        out.push(Sentence { text, tables });
    };
    say(prose.trigger(*trigger));
    for (slot, join) in (0_u16..).zip(joins) {
        say(prose.join(slot, join));
    }
    for require in requires {
        say(prose.require(*require));
    }
    let mut first = true;
    for line in lines {
        say(prose.line(line, path, first));
        first &= !matches!(line, Line::Add { .. } | Line::Deduct { .. });
    }
    if let Some(a) = allot {
        prose.allot(*a).into_iter().for_each(&mut say);
    }
    for pass in passes {
        prose.pass(pass, path).into_iter().for_each(&mut say);
    }
    match spend {
        Some(s) => say(prose.spend(*s, credit)),
        None if credit.is_empty() && allot.is_some() => {}
        None => say(prose.credited(credit, passes)),
    }
    if let Some(g) = give {
        say(prose.give(*g, credit));
    }
    if let Some(w) = worth {
        say(prose.worth(*w));
    }
    out
}

impl Prose<'_> {
    fn trigger(&self, trigger: Trigger) -> String {
        let lang = self.lang();
        match trigger {
            Trigger::Fact(kind) => {
                let kind = self.plan().kinds.get(kind.ix());
                let record = name(kind.map_or("?", |k| k.name.as_str()));
                say!(
                    lang,
                    "每有一条{}记录，算一次。",
                    "For each {} record.",
                    record
                )
            }
            Trigger::Period {
                roster,
                unit,
                at_start,
                row,
            } => {
                let (roster, unit) = (self.roster(roster), self.unit(unit));
                let day = match at_start {
                    true => say!(lang, "每{}第一天", "on the first day of every {}", unit),
                    false => say!(lang, "每{}最后一天", "on the last day of every {}", unit),
                };
                let row = row.and_then(|k| self.plan().kinds.get(k.ix()));
                let row = row.map_or_else(String::new, |k| {
                    let k = name(&k.name);
                    say!(
                        lang,
                        "，看这一期的{0}记录；没有{0}记录的无法判断",
                        ", from its {0} record of the period; without one it cannot be told",
                        k
                    )
                });
                say!(
                    lang,
                    "{1}，给在册的每个{0}算一次{2}。",
                    "For each {} on the roster, {}{}.",
                    roster,
                    day,
                    row
                )
            }
        }
    }

    fn join(&self, slot: u16, join: &Join) -> String {
        let Join {
            kind: _,
            keys,
            when,
            from,
            within,
            pairing,
        } = join;
        let lang = self.lang();
        let Some((record, there)) = self.partner(slot) else {
            return String::new();
        };
        let around = Scope {
            around: self.scope().kind,
            ..there.scope()
        };
        let there = there.within(around, Here::Joined);
        let key = |k: &JoinKey| {
            let JoinKey { theirs, ours } = k;
            say!(
                lang,
                "其{}与{}相同",
                "its {} is the same as {}",
                bare(&there.thing(*theirs)),
                there.thing(*ours)
            )
        };
        let mut holds: Vec<String> = keys.iter().map(key).collect();
        holds.extend(when.map(|w| there.text(w)));
        let holds = holds.join(lang.pick("；", "; "));
        let anchor = match from.and_then(|f| self.partner(f)) {
            Some((name, _)) => say!(lang, "所接{}", "the joined {}", name),
            None => lang.pick("本条记录", "this record").to_owned(),
        };
        let within = self.join_window(within);
        let pairing = match pairing {
            Pairing::Each => lang.pick(
                "取最近的一条，一条可以接几次",
                "the nearest one; it may serve again",
            ),
            Pairing::First => lang.pick(
                "取最近的、而且本条是头一个接上它的一条",
                "the nearest of those for which this is the first to be joined",
            ),
            Pairing::OneToOne => lang.pick(
                "取最早的、还没有被接过的一条，一条只接一次",
                "the oldest that has not served yet; each serves once",
            ),
        };
        say!(
            lang,
            "要接上一条先前的{}记录：在{}之前{}（{}）；{}。没有接上的不适用。",
            "It needs an earlier {} record: before {}, {} ({}); {}. Without one it does not apply.",
            record,
            anchor,
            within,
            holds,
            pairing
        )
    }

    fn join_window(&self, within: &Within) -> String {
        let lang = self.lang();
        match within {
            Within::Seconds(n) => {
                let length = duration(Decimal::from_int(*n), lang);
                say!(lang, "{}内", "within {}", length)
            }
            Within::Counted(c) => {
                let Counted {
                    seconds,
                    windows,
                    working,
                } = c;
                let length = duration(Decimal::from_int(*seconds), lang);
                let days = match working {
                    true => lang.pick("工作日", "on working days"),
                    false => lang.pick("每日", "on all days"),
                };
                let windows = self.windows(windows);
                say!(
                    lang,
                    "{}内（只计{}的{}）",
                    "within {} (counting only, {}, {})",
                    length,
                    days,
                    windows
                )
            }
            Within::Days(d) => {
                let days = self.days(*d);
                say!(lang, "{}内", "within {}", days)
            }
            Within::Lifetime => lang.pick("任何时候", "at any time").to_owned(),
        }
    }
}
