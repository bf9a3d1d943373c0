//! Kinds of points: precision, floor, ceiling, what lapses when, what is used first.

use std::cell::RefCell;

use jifen_diag::Lang;
use jifen_plan::{
    Age, AgeUnit, Currency, CurrencyIx, Due, Floor, Labels, Life, LifeWhen, Line, Loss, MonthDay,
    Plan, UseOrder, VersionIx, keeps_lots,
};
use jifen_quantity::{Decimal, Dim};

use super::block::{Clause, Sentence};
use super::prose::{Prose, Tables, name};
use super::say;
use crate::quantity::{Show, shown};
use crate::words::Scope;

/// What a currency says.
pub(super) fn currency(plan: &Plan, labels: &Labels, at: usize, lang: Lang) -> Option<Clause> {
    let c = plan.currencies.get(at)?;
    let ix = CurrencyIx(u16::try_from(at).ok()?);
    let tables = RefCell::new(Tables::default());
    let scope = Scope {
        kind: None,
        roster: None,
        around: None,
        joins: None,
    };
    let prose = Prose::new(plan, scope, lang, &tables);
    Some(Clause {
        level: 3,
        article: None,
        heading: c.name.clone(),
        path: vec![c.name.clone()],
        note: (labels.currency_docs.get(at))
            .and_then(Option::as_deref)
            .map(super::block::note),
        sentences: sentences(&prose, c, ix)
            .into_iter()
            .map(Sentence::plain)
            .collect(),
    })
}

fn sentences(p: &Prose<'_>, c: &Currency, at: CurrencyIx) -> Vec<String> {
    let Currency {
        name: _,
        precision,
        floor,
        ceiling,
        lives,
        order,
        yuan,
    } = c;
    let lang = p.lang();
    let points = |n: Decimal| shown(n, Show::Dim(Dim::POINTS), lang);
    let mut out = Vec::new();
    out.push(match precision {
        Some(to) => {
            let to = p.precision(*to, Show::Dim(Dim::POINTS));
            say!(lang, "每次得分{}。", "Each award is rounded {}.", to)
        }
        None => lang
            .pick("得分不取整。", "Awards are not rounded.")
            .to_owned(),
    });
    let floor = match floor {
        Floor::At(n) => say!(
            lang,
            "扣分只扣到余额{}为止，其余免扣。",
            "Deductions stop at a balance of {}; the rest is waived.",
            points(*n)
        ),
        Floor::Negative => lang
            .pick(
                "扣分可以使余额小于0。",
                "Deductions may make the balance negative.",
            )
            .to_owned(),
        Floor::Owed => lang
            .pick(
                "余额不够扣的部分记为欠分，以后的得分先还。",
                "What the balance does not cover is a debt, paid by later gains.",
            )
            .to_owned(),
    };
    // Where nothing is taken off, it need not be said that nothing stops it.
    if c.floor != Floor::Negative || deducts(p.plan(), at) {
        out.push(floor);
    }
    out.extend(ceiling.map(|n| {
        say!(
            lang,
            "余额最多{}，得分超出的部分不计。",
            "A balance is at most {}; what awards would add beyond is not credited.",
            points(n)
        )
    }));
    out.extend(lives.iter().map(|l| life(p, l)));
    // The order matters where lots are told apart.
    if !order.is_default() || keeps_lots(p.plan(), at) {
        out.push(
            match order {
                UseOrder::SoonestExpiry => lang.pick(
                    "先用先到期的，再用先得的。",
                    "What expires first is used first, then what was earned first.",
                ),
                UseOrder::Oldest => {
                    lang.pick("先用先得的。", "What was earned first is used first.")
                }
                UseOrder::Newest => {
                    lang.pick("先用后得的。", "What was earned last is used first.")
                }
            }
            .to_owned(),
        );
    }
    for (version, each) in yuan {
        let each = shown(*each, Show::Dim(Dim::MONEY), lang);
        let text = say!(
            lang,
            "每分折合{}（不动积分）。",
            "A point is worth {} (no point is moved).",
            each
        );
        out.push(of_version(p, *version, text));
    }
    out
}

/// Does a clause that posts to it take points off?
fn deducts(plan: &Plan, at: CurrencyIx) -> bool {
    let mut items = plan.items.iter();
    items.any(|i| {
        let to = i.credit.contains(&at) || i.passes.iter().any(|p| p.credit.contains(&at));
        to && i.lines.iter().any(|l| matches!(l, Line::Deduct { .. }))
    })
}

/// The sentence, with its version where there are several.
pub(super) fn of_version(p: &Prose<'_>, version: VersionIx, text: String) -> String {
    match p.plan().versions.as_slice() {
        [_] => text,
        all => {
            let version = all.get(version.ix()).map_or("?", |v| v.name.as_str());
            say!(
                p.lang(),
                "版本{}：{}",
                "Version {}: {}",
                name(version),
                text
            )
        }
    }
}

fn life(p: &Prose<'_>, life: &Life) -> String {
    let Life {
        version,
        due,
        loss,
        when,
    } = life;
    let lang = p.lang();
    let what = match loss {
        Loss::All => lang.pick("到期失效", "expires").to_owned(),
        Loss::Share(s) => {
            let s = shown(*s, Show::Percent, lang);
            say!(
                lang,
                "衰减{}，留下的按精度取整",
                "loses {} (decays), what is kept being rounded to the precision",
                s
            )
        }
    };
    let when = when.map_or_else(String::new, |w| {
        let LifeWhen { cmp, than } = w;
        let than = shown(than, Show::Dim(Dim::POINTS), lang);
        let cmp = p.cmp_word(cmp);
        say!(
            lang,
            "，只在账户余额{}{}时",
            ", only where the balance of the account{}{}",
            cmp,
            than
        )
    });
    let text = match due {
        Due::Age(a) => {
            let (at, again) = age(p, a, lang.pick("获得那天", "the day it was earned"));
            say!(
                lang,
                "每笔分，{}没有用掉的{}{}{}。",
                "Of each award, {}, what is left {}{}{}.",
                at,
                what,
                again,
                when
            )
        }
        Due::LotDate { date, next, yearly } => {
            let date = month_day(p, *date);
            let which = match next {
                true => lang.pick("获得的次年", "of the year after it was earned"),
                false => lang.pick(
                    "获得当日或之后最近的一个",
                    "that is the first on or after the day it was earned",
                ),
            };
            let yearly = match yearly {
                true => lang.pick("，以后每年再一次", ", and again every year"),
                false => "",
            };
            say!(
                lang,
                "每笔分可以用到{0}{1}，过后没有用掉的{2}{3}{4}。",
                "Each award can be used up to {1} {0}; what is left then {2}{3}{4}.",
                which,
                date,
                what,
                yearly,
                when
            )
        }
        Due::Idle {
            age: a,
            gains,
            spends,
        } => {
            let last = match (gains, spends) {
                (true, true) => lang.pick("最后一次获得或支用", "the last gain or spend"),
                (true, false) => lang.pick("最后一次获得", "the last gain"),
                (false, true) => lang.pick("最后一次支用", "the last spend"),
                (false, false) => "?",
            };
            let (at, again) = age(p, a, last);
            say!(
                lang,
                "账户里的分，{}全部{}{}{}。",
                "All that an account holds, {}, {}{}{}.",
                at,
                what,
                again,
                when
            )
        }
        Due::AccountDate(date) => {
            let date = month_day(p, *date);
            say!(
                lang,
                "账户里的分每年可以用到{}，过后全部{}{}。",
                "Every year points can be used up to {}; then all that an account holds {}{}.",
                date,
                what,
                when
            )
        }
    };
    of_version(p, *version, text)
}

/// When, and how often again.
fn age(p: &Prose<'_>, a: &Age, since: &str) -> (String, String) {
    let Age {
        count,
        unit,
        month_end,
        through,
        clock,
        again,
    } = a;
    let lang = p.lang();
    let length = |n: u32| {
        let s = if n == 1 { "" } else { "s" };
        match (lang, unit) {
            (Lang::Zh, AgeUnit::Months) => format!("{n}个月"),
            (Lang::Zh, AgeUnit::Days) => format!("{n}个自然日"),
            (Lang::Zh, AgeUnit::WorkingDays) => format!("{n}个工作日"),
            (Lang::En, AgeUnit::Months) => format!("{n} month{s}"),
            (Lang::En, AgeUnit::Days) => format!("{n} calendar day{s}"),
            (Lang::En, AgeUnit::WorkingDays) => format!("{n} working day{s}"),
        }
    };
    let end = match month_end {
        true => lang.pick("，顺延到当月月末", ", moved to the end of that month"),
        false => "",
    };
    let moment = match (through, clock) {
        (_, true) => lang.pick("，到那天的同一时刻", ", at the same clock time"),
        (true, false) => lang.pick("，那天还能用，过后", ", when that day is over"),
        (false, false) => lang.pick("，到那天零时", ", at 00:00"),
    };
    let length_of = length(*count);
    let at = say!(
        lang,
        "从{}起满{}{}{}",
        "{1} after {0}{2}{3}",
        since,
        length_of,
        end,
        moment
    );
    let again = again.map_or_else(String::new, |n| {
        let n = length(n);
        say!(lang, "，以后每满{}再一次", ", and again after every {}", n)
    });
    (at, again)
}

fn month_day(p: &Prose<'_>, date: MonthDay) -> String {
    let MonthDay { month, day } = date;
    say!(p.lang(), "{}月{}日", "{:02}-{:02}", month, day)
}
