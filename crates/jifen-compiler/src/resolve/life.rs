//! `到期` and `衰减` of a currency → [`Life`]: which parts are needed, which cannot stand together (S19).

use jifen_diag::{Diagnostic, Span, Text, codes, text};
use jifen_plan::{Age, AgeUnit, Due, Life, LifeWhen, Loss, MonthDay, VersionIx};
use jifen_quantity::{Decimal, Dim};
use jifen_syntax::ast::{Expr, ExprKind, LifeKind, LifeStmt, Unit};

use crate::constant;
use crate::sink::Sink;
use crate::units::Tag;

/// The parts of a statement, each at most once.
#[derive(Default)]
struct Parts<'a> {
    lot: Option<Span>,
    account: Option<Span>,
    earned: Option<Span>,
    idle: Option<(Span, bool, bool)>,
    age: Option<(Span, Option<bool>, &'a Expr)>,
    month_end: Option<Span>,
    clock: Option<Span>,
    date: Option<(Span, bool, u32, u32)>,
    halved: Option<Span>,
    reduced: Option<(Span, &'a Expr)>,
    once: Option<Span>,
    again: Option<(Span, &'a Expr)>,
    when: Option<(Span, &'a Expr)>,
}

/// Reads a statement; reports what is open or contradictory and gives `None` then.
pub(super) fn life(
    stmt: &LifeStmt,
    span: Span,
    (version, points): (VersionIx, &str),
    has_precision: bool,
    sink: &mut Sink,
) -> Option<Life> {
    let parts = parts(stmt, sink)?;
    let due = due(stmt, &parts, span, sink)?;
    let loss = loss(stmt, &parts, span, sink)?;
    let when = match parts.when {
        Some((at, e)) => Some(when(points, e, at, sink)?),
        None => None,
    };
    if stmt.decay && !has_precision {
        sink.push(no_precision(span));
        return None;
    }
    Some(Life {
        version,
        due,
        loss,
        when,
    })
}

/// 当 余额() 满 100分: nothing else, so that what is left of a lot hangs on nothing that may be unknown.
fn when(points: &str, e: &Expr, at: Span, sink: &mut Sink) -> Option<LifeWhen> {
    if let ExprKind::Compare(op, left, right) = &e.kind
        && let ExprKind::Call(f, args) = &left.kind
        && f.text == "余额"
        && match args.as_slice() {
            [] => true,
            [one] => matches!(&one.kind, ExprKind::Name(n) if n.text == points),
            _ => false,
        }
    {
        let than = constant::number_of(right, Dim::POINTS, sink)?;
        let cmp = crate::expr::cmp_of(*op);
        return Some(LifeWhen { cmp, than });
    }
    sink.push(Diagnostic::new(
        codes::LIFE_WHEN,
        at,
        text!(
            zh = "到期、衰减的“当”只看这种积分的余额，同一个写明的分数比，如 当 余额() 满 100分；不同来路的分要有不同的寿命，分成两种积分",
            en = "the “when” of expiry and decay looks at the balance of these points and compares it with a written number, as in when balance() reaches 100 points; where points from different items should live differently, make them two sorts of points"
        ),
    ));
    None
}

fn parts<'a>(stmt: &'a LifeStmt, sink: &mut Sink) -> Option<Parts<'a>> {
    let mut p = Parts::default();
    let mut fine = true;
    for part in &stmt.parts {
        let at = part.span;
        let before = match &part.kind {
            LifeKind::Lot => p.lot.replace(at),
            LifeKind::Account => p.account.replace(at),
            LifeKind::Earned => p.earned.replace(at),
            LifeKind::Idle { gains, spends } => p.idle.replace((at, *gains, *spends)).map(|i| i.0),
            LifeKind::Clock => p.clock.replace(at),
            LifeKind::MonthEnd => p.month_end.replace(at),
            LifeKind::Halved => p.halved.replace(at),
            LifeKind::Once => p.once.replace(at),
            LifeKind::Age { through, count } => p.age.replace((at, *through, count)).map(|a| a.0),
            LifeKind::Date { next, month, day } => {
                p.date.replace((at, *next, *month, *day)).map(|d| d.0)
            }
            LifeKind::Reduced(e) => p.reduced.replace((at, e)).map(|r| r.0),
            LifeKind::Again(e) => p.again.replace((at, e)).map(|a| a.0),
            LifeKind::When(e) => p.when.replace((at, e)).map(|a| a.0),
        };
        if let Some(first) = before {
            fine = false;
            sink.push(
                Diagnostic::new(
                    codes::STATEMENT_TWICE,
                    at,
                    text!(
                        zh = "这一句里已经写过同样的部分，只能留一个",
                        en = "this statement says that already; keep one of them"
                    ),
                )
                .label(first, text!(zh = "先写的", en = "the first one")),
            );
        }
    }
    fine.then_some(p)
}

fn due(stmt: &LifeStmt, p: &Parts<'_>, span: Span, sink: &mut Sink) -> Option<Due> {
    let by_day = p.month_end.or(p.account).or(p.date.map(|d| d.0));
    let through = p.age.filter(|a| a.1 == Some(true)).map(|a| a.0);
    if let (Some(clock), Some(other)) = (p.clock, by_day.or(through)) {
        sink.push(
            due_error(
                clock,
                text!(
                    zh = "按时刻是每一笔从得分那一刻起满多久，不能和至、月末、账户、每年的日子一起写",
                    en = "by the clock counts from the moment each lot was earned: it cannot stand with through, month end, whole account or a date of the year"
                ),
            )
            .label(other, text!(zh = "这一处按日子算", en = "this counts by days")),
        );
        return None;
    }
    if let (Some(_), Some(second)) = (p.lot, p.account) {
        sink.push(Diagnostic::new(
            codes::LIFE_SCOPE,
            second,
            text!(
                zh = "逐笔和账户只能写一个：逐笔看每一笔各自的日子，账户在一个日子对全部余额",
                en = "either each lot or whole account: each lot by its own date, or all that the account holds on one date"
            ),
        ));
        return None;
    }
    match (p.age, p.date) {
        (Some((first, ..)), Some((second, ..))) => {
            sink.push(
                due_error(
                    second,
                    text!(
                        zh = "时间写了两种：一句里写“满/至 多久”，或者写每年几月几日，不能都写",
                        en = "two times: write how old (after, through) or a date of the year, not both"
                    ),
                )
                .label(first, text!(zh = "先写的", en = "the first one")),
            );
            None
        }
        (None, None) => {
            sink.push(
                due_error(
                    span,
                    text!(
                        zh = "没有写明什么时候",
                        en = "it does not say when"
                    ),
                )
                .help(text!(
                    zh = "写 逐笔 自 获得 满 12个月（满 12个月那天 0 点起），或 至 12个月（那天还能用），或 每年 12月31日，或 次年 12月31日",
                    en = "write: each lot from earning after 12 months (from 00:00 of that day), or through 12 months (that day is still usable), or yearly 12-31, or following year 12-31"
                )),
            );
            None
        }
        (Some((at, through, count)), None) => age(p, at, through, count, sink),
        (None, Some(date)) => on_date(stmt, p, date, sink),
    }
}

fn due_error(at: Span, message: Text) -> Diagnostic {
    Diagnostic::new(codes::LIFE_DUE, at, message)
}

/// 逐笔 自 获得 满|至 n [月末] [一次 | 每 n]
fn age(
    p: &Parts<'_>,
    at: Span,
    through: Option<bool>,
    count: &Expr,
    sink: &mut Sink,
) -> Option<Due> {
    if p.idle.is_some() {
        return idle(p, at, through, count, sink);
    }
    if let Some(account) = p.account {
        sink.push(due_error(
            account,
            text!(
                zh = "账户没有获得的日子：写 逐笔 自 获得，或 账户 自 末次支用、自 末次获得、自 末次获得或支用",
                en = "an account has no day of earning: write each lot from earning, or whole account since last spending, since last earning, since last earning or spending"
            ),
        ));
        return None;
    }
    if p.lot.is_none() || p.earned.is_none() {
        let missing = match (p.lot, p.earned) {
            (None, None) => sink.kw("逐笔 自 获得 ", "each lot from earning "),
            (None, _) => sink.kw("逐笔 ", "each lot "),
            _ => sink.kw("自 获得 ", "from earning "),
        };
        sink.push(
            Diagnostic::new(
                codes::LIFE_SCOPE,
                at,
                text!(
                    zh = "没有写从什么时候算起、按什么算：每一笔从获得那天算起，写 逐笔 自 获得",
                    en = "from when and of what it counts is open: for each lot from the day it was earned, write each lot from earning"
                ),
            )
            .fix(
                at.at_start(),
                missing,
                text!(zh = "写明逐笔 自 获得", en = "say each lot from earning"),
            ),
        );
        return None;
    }
    let age = age_of(p, at, through, count, sink)?;
    Some(Due::Age(age))
}

/// 账户 自 末次… 满|至 n [月末] [一次 | 每 n]
fn idle(
    p: &Parts<'_>,
    at: Span,
    through: Option<bool>,
    count: &Expr,
    sink: &mut Sink,
) -> Option<Due> {
    let (place, gains, spends) = p.idle?;
    if let Some(wrong) = p.lot.or(p.earned) {
        sink.push(due_error(
            wrong,
            text!(
                zh = "末次获得、支用说的是整个账户：写 账户 自 末次…",
                en = "the last earning or spending is that of the whole account: write whole account since last …"
            ),
        ));
        return None;
    }
    if p.account.is_none() {
        sink.push(
            Diagnostic::new(
                codes::LIFE_SCOPE,
                place,
                text!(
                    zh = "末次获得、支用说的是整个账户，要写出来：账户 自 末次…",
                    en = "the last earning or spending is that of the whole account: say whole account"
                ),
            )
            .fix(
                place.at_start(),
                sink.kw("账户 ", "whole account "),
                text!(zh = "写明账户", en = "say whole account"),
            ),
        );
        return None;
    }
    let age = age_of(p, at, through, count, sink)?;
    Some(Due::Idle { age, gains, spends })
}

fn age_of(
    p: &Parts<'_>,
    at: Span,
    through: Option<bool>,
    count: &Expr,
    sink: &mut Sink,
) -> Option<Age> {
    let least = if through == Some(true) { 0 } else { 1 };
    let (n, unit) = span_of(count, least, sink)?;
    let Some(through) = through else {
        let d = due_error(
            at,
            text!(
                zh = "没有写满还是至。4月3日得的分：满 12个月，次年4月3日 0 点起不能用；至 12个月，次年4月3日当天还能用",
                en = "after or through is open. Earned on 3 April: after 12 months, gone from 00:00 of 3 April; through 12 months, still usable on 3 April"
            ),
        );
        let d = sink.each(
            d,
            (at.at_start(), "", " "),
            &[("满", "after"), ("至", "through")],
        );
        sink.push(d);
        return None;
    };
    let again = match p.again {
        None => None,
        Some((at, e)) => {
            let (m, other) = span_of(e, 1, sink)?;
            if other != unit {
                sink.push(Diagnostic::new(
                    codes::LIFE_REPEAT,
                    at,
                    text!(
                        zh = "每隔多久的单位要和前面的一致（都用月，都用自然日，或都用工作日）",
                        en = "the interval needs the unit of the age (both months, both calendar days or both working days)"
                    ),
                ));
                return None;
            }
            Some(m)
        }
    };
    Some(Age {
        count: n,
        unit,
        month_end: p.month_end.is_some(),
        through,
        clock: p.clock.is_some(),
        again,
    })
}

/// A number of months, calendar days or working days: up to a hundred years, of working days up to ten.
fn span_of(e: &Expr, least: u32, sink: &mut Sink) -> Option<(u32, AgeUnit)> {
    if let ExprKind::Number(q) = &e.kind
        && q.unit == Some(Unit::Days)
    {
        sink.push(day_kind(e, &q.digits, sink));
        return None;
    }
    let n = constant::number(e, sink)?;
    let unit = match n.tag {
        Tag::Months => AgeUnit::Months,
        Tag::Days => AgeUnit::Days,
        Tag::WorkingDays => AgeUnit::WorkingDays,
        _ => {
            sink.push(due_error(
                e.span,
                text!(
                    zh = "时间写成几个月、几年、几个自然日或几个工作日，如 12个月、90自然日、30个工作日",
                    en = "write the time in months, years, calendar days or working days, such as 12 months, 90 calendar days or 30 working days"
                ),
            ));
            return None;
        }
    };
    let most = match unit {
        AgeUnit::Months => 1_200,
        AgeUnit::Days => 36_525,
        AgeUnit::WorkingDays => 2_500,
    };
    let whole = n.value.to_i128().and_then(|v| u32::try_from(v).ok());
    match whole.filter(|v| (least..=most).contains(v)) {
        Some(v) => Some((v, unit)),
        None => {
            sink.push(due_error(
                e.span,
                text!(
                    zh = "时间要是整数：1 到 1200 个月，或 1 到 36525 个自然日，或 1 到 2500 个工作日",
                    en = "the time is a whole number: 1 to 1,200 months, 1 to 36,525 calendar days or 1 to 2,500 working days"
                ),
            ));
            None
        }
    }
}

fn day_kind(e: &Expr, digits: &str, sink: &Sink) -> Diagnostic {
    let d = Diagnostic::new(
        codes::DAY_KIND_UNSTATED,
        e.span,
        text!(
            zh = "是自然日还是工作日没有写明。30个自然日是四周多；30个工作日是六周，遇上节假日还要久，要看每年的放假通知",
            en = "calendar days or working days is open. 30 calendar days are a little over four weeks; 30 working days are six weeks, longer over public holidays, and follow each year's notice"
        ),
    );
    let words = [
        ("个自然日", " calendar days"),
        ("个工作日", " working days"),
    ];
    sink.each(d, (e.span, digits, ""), &words)
}

/// 逐笔 每年|次年 12月31日, 账户 每年 12月31日
fn on_date(
    stmt: &LifeStmt,
    p: &Parts<'_>,
    (at, next, month, day): (Span, bool, u32, u32),
    sink: &mut Sink,
) -> Option<Due> {
    // 2024 has every date.
    if jifen_calendar::Day::from_ymd(2024, month, day).is_none() {
        sink.push(Diagnostic::new(
            codes::BAD_DATE,
            at,
            text!(
                zh = "没有 {month}月{day}日 这一天",
                en = "there is no {month:02}-{day:02}"
            ),
        ));
        return None;
    }
    let date = MonthDay {
        month: u8::try_from(month).ok()?,
        day: u8::try_from(day).ok()?,
    };
    if let Some(end) = p.month_end {
        sink.push(due_error(
            end,
            text!(
                zh = "已经写了几月几日，不能再写月末",
                en = "with a date of the year, month end cannot stand"
            ),
        ));
        return None;
    }
    if let Some((again, _)) = p.again {
        sink.push(Diagnostic::new(
            codes::LIFE_REPEAT,
            again,
            text!(
                zh = "写了每年的日子，就是每年一次；不能再写每隔多久",
                en = "a date of the year comes every year; an interval cannot stand beside it"
            ),
        ));
        return None;
    }
    if let Some((idle, ..)) = p.idle {
        sink.push(due_error(
            idle,
            text!(
                zh = "写了每年的日子，就和末次获得、支用无关；删去“自 末次…”",
                en = "a date of the year has nothing to do with the last use: drop “since last …”"
            ),
        ));
        return None;
    }
    match (p.lot, p.account, p.earned) {
        (_, Some(_), Some(earned)) => {
            sink.push(due_error(
                earned,
                text!(
                    zh = "账户没有获得的日子：删去“自 获得”，或改成逐笔",
                    en = "an account has no day of earning: drop “from earning”, or say each lot"
                ),
            ));
            None
        }
        (None, Some(account), None) if next => {
            sink.push(due_error(
                account,
                text!(
                    zh = "次年是相对每一笔获得的年份说的：写 逐笔 次年，或写 账户 每年",
                    en = "the following year is counted from the year of each lot: say each lot following year, or whole account yearly"
                ),
            ));
            None
        }
        (None, Some(_), None) if p.once.is_some() => {
            let once = p.once?;
            sink.push(Diagnostic::new(
                codes::LIFE_REPEAT,
                once,
                text!(
                    zh = "账户按每年的日子，每年都算；只算一次就写 逐笔",
                    en =
                        "for a whole account the date comes every year; if only once, say each lot"
                ),
            ));
            None
        }
        (None, Some(_), None) => Some(Due::AccountDate(date)),
        (Some(_), _, _) => Some(Due::LotDate {
            date,
            next,
            yearly: stmt.decay && !next && p.once.is_none(),
        }),
        (None, None, _) => {
            sink.push(scope_open(stmt, at, next, sink));
            None
        }
    }
}

fn scope_open(stmt: &LifeStmt, at: Span, next: bool, sink: &Sink) -> Diagnostic {
    let message = if stmt.decay {
        text!(
            zh = "没有写逐笔还是账户。精度 1分、四舍五入，两笔各 5分 减半：逐笔各留 3分，共 6分；账户 10分 留 5分",
            en = "each lot or whole account is open. With a precision of 1 point half up, two lots of 5 halved: each lot keeps 3, together 6; the whole account of 10 keeps 5"
        )
    } else {
        text!(
            zh = "没有写逐笔还是账户。12月30日的得分到次年1月5日才确认计入：逐笔，这一笔在计入时已经到期；账户，1月5日才进账，到下一个日子才到期",
            en = "each lot or whole account is open. An award of 30 December that is confirmed on 5 January: for each lot it has lapsed when it comes; for the whole account it came after the date and lapses at the next"
        )
    };
    let d = Diagnostic::new(codes::LIFE_SCOPE, at, message);
    // The following year is counted from the year of each lot.
    let words = [("逐笔", "each lot"), ("账户", "whole account")];
    let words = &words[..if next { 1 } else { 2 }];
    sink.each(d, (at.at_start(), "", " "), words)
}

fn loss(stmt: &LifeStmt, p: &Parts<'_>, span: Span, sink: &mut Sink) -> Option<Loss> {
    if !stmt.decay {
        let parts = [
            p.halved,
            p.reduced.map(|r| r.0),
            p.once,
            p.again.map(|a| a.0),
        ];
        let Some(at) = parts.into_iter().flatten().next() else {
            return Some(Loss::All);
        };
        sink.push(Diagnostic::new(
            codes::LIFE_SHARE,
            at,
            text!(
                zh = "到期就是剩下的全部失效，不写减多少、几次；只减一部分就写“衰减”",
                en = "expiry takes all that is left: no share and no number of times; to take a part, write decay"
            ),
        ));
        return None;
    }
    let share = how_much(p, span, sink)?;
    how_often(p, span, sink)?;
    Some(Loss::Share(share))
}

fn how_much(p: &Parts<'_>, span: Span, sink: &mut Sink) -> Option<Decimal> {
    match (p.halved, p.reduced) {
        (Some(_), None) => Decimal::new(5, 1),
        (None, Some((_, e))) => share(e, sink),
        (Some(first), Some((second, _))) => {
            let message = text!(
                zh = "减多少写了两次，只能留一个",
                en = "how much it takes stands twice; keep one"
            );
            let d = Diagnostic::new(codes::LIFE_SHARE, second, message);
            sink.push(d.label(first, text!(zh = "先写的", en = "the first one")));
            None
        }
        (None, None) => {
            let message = text!(
                zh = "没有写衰减多少：减半，或减百分之几，如 减 10%",
                en = "how much decays is open: halved, or a share such as reduced by 10%"
            );
            let d = Diagnostic::new(codes::LIFE_SHARE, span, message);
            let words = [("减半", "halved"), ("减 10%", "reduced by 10%")];
            let d = sink.each(d, (span.at_end(), " ", ""), &words);
            sink.push(d);
            None
        }
    }
}

/// A decay by age says once or how often.
fn how_often(p: &Parts<'_>, span: Span, sink: &mut Sink) -> Option<()> {
    match (p.age, p.once, p.again) {
        (None, ..) | (_, Some(_), None) | (_, None, Some(_)) => Some(()),
        (_, Some(_), Some((second, _))) => {
            sink.push(Diagnostic::new(
                codes::LIFE_REPEAT,
                second,
                text!(
                    zh = "一次和每隔多久只能写一个",
                    en = "either only once or an interval"
                ),
            ));
            None
        }
        (_, None, None) => {
            let message = text!(
                zh = "没有写衰减几次。80分 满 12个月减半：一次，以后一直是 40分；每 12个月，第二年剩 20分，第三年剩 10分",
                en = "how often is open. 80 points halved after 12 months: only once, 40 from then on; per 12 months, 20 in the next year and 10 in the one after"
            );
            let d = Diagnostic::new(codes::LIFE_REPEAT, span, message);
            let words = [("一次", "only once"), ("每 12个月", "per 12 months")];
            let d = sink.each(d, (span.at_end(), " ", ""), &words);
            sink.push(d);
            None
        }
    }
}

fn share(e: &Expr, sink: &mut Sink) -> Option<Decimal> {
    let value = constant::number_of(e, Dim::PURE, sink)?;
    if value.is_positive() && value < Decimal::ONE {
        return Some(value);
    }
    sink.push(Diagnostic::new(
        codes::LIFE_SHARE,
        e.span,
        text!(
            zh = "减多少要大于 0、小于 100%，如 减 10%；全部失效就写“到期”",
            en = "the share lies above 0 and below 100%, such as 10%; to take all, write expiry"
        ),
    ));
    None
}

fn no_precision(span: Span) -> Diagnostic {
    Diagnostic::new(
        codes::LIFE_PRECISION,
        span,
        text!(
            zh = "会衰减的积分要写精度：15分 减半是 7.5分，到整分四舍五入是 8分，舍去是 7分",
            en = "points that decay need a precision: half of 15 is 7.5, which is 8 half up and 7 rounded down"
        ),
    )
    .help(text!(
        zh = "在这种积分里写一句，如 精度 1分 舍去",
        en = "write in these points, for example: precision 1 points round down"
    ))
}
