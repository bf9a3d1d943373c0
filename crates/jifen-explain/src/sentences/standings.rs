//! Ranks, grades, flags and rights as clauses; what reads them, and what reads closed periods.

use std::cell::RefCell;

use jifen_diag::Lang;
use jifen_plan::{
    AtLine, Earlier, Expr, ExprId, Fall, Flag, Grade, Holder, Plan, PointsOf, PointsRead,
    Rank as Ranking, Right, Source, Standing, StandingKind, StandingLabel, StandingRead, Take,
    Ties, TimesOf,
};

use super::block::{Clause, Sentence};
use super::prose::{Here, Prose, Rank, Tables, name};
use super::say;
use crate::words::Scope;

/// What a standing says.
pub(super) fn standing(
    plan: &Plan,
    standing: &Standing,
    label: Option<&StandingLabel>,
    lang: Lang,
) -> Clause {
    let Standing {
        name,
        version: _,
        roster,
        of,
        unit,
        what,
    } = standing;
    let tables = RefCell::new(Tables::default());
    let p = Prose::new(plan, Scope::of_roster(*roster), lang, &tables);
    let (whose, unit) = (p.roster(*roster), p.unit(*unit));
    let sort = match what {
        StandingKind::Rank(_) => lang.pick("排名", "a ranking"),
        StandingKind::Grade(_) => lang.pick("等级", "a grade"),
        StandingKind::Flag(f) if f.notice => lang.pick("提示", "a notice"),
        StandingKind::Flag(_) => lang.pick("标记", "a flag"),
        StandingKind::Right(_) => lang.pick("权益", "a right"),
    };
    let sort = capital(sort, lang);
    let mut out = vec![match of {
        Holder::Account => say!(
            lang,
            "{0}，每个{1}每{2}评一次，过了这一{2}才有。",
            "{0}, for each {1} and {2}, when the {2} is over.",
            sort,
            whose,
            unit
        ),
        Holder::Group(attr) => say!(
            lang,
            "{0}，各{1}按{3}分组，每组每{2}评一次，过了这一{2}才有。",
            "{0}, for each {3} of the {1} roster and {2}, when the {2} is over.",
            sort,
            whose,
            unit,
            p.group_word(*roster, *attr)
        ),
        Holder::Everyone => say!(
            lang,
            "{0}，所有{1}合起来每{2}评一次，过了这一{2}才有。",
            "{0}, for everyone on the {1} roster and {2}, when the {2} is over.",
            sort,
            whose,
            unit
        ),
    }];
    let p = match of {
        Holder::Account => p,
        _ => p.within(p.scope(), Here::Many),
    };
    match what {
        StandingKind::Rank(r) => rank(&p, r, standing, &mut out),
        StandingKind::Grade(g) => grade(&p, g, &mut out),
        StandingKind::Flag(f) => flag(&p, *f, unit, &mut out),
        StandingKind::Right(r) => right(&p, *r, unit, &mut out),
    }
    let tables = p.take_tables();
    let mut sentences: Vec<Sentence> = out.into_iter().map(Sentence::plain).collect();
    if let Some(last) = sentences.last_mut() {
        last.tables = tables;
    }
    let article = label.and_then(|l| l.article);
    let heading = match article {
        Some(n) => say!(lang, "第{}条 {}", "Article {} {}", n, name),
        None => name.clone(),
    };
    Clause {
        level: 3,
        article,
        heading,
        path: vec![name.clone()],
        note: (label.and_then(|l| l.doc.as_deref())).map(super::block::note),
        sentences,
    }
}

fn capital(word: &str, lang: Lang) -> String {
    let mut chars = word.chars();
    match (lang, chars.next()) {
        (Lang::En, Some(first)) => first.to_uppercase().chain(chars).collect(),
        _ => word.to_owned(),
    }
}

fn rank(p: &Prose<'_>, r: &Ranking, of: &Standing, out: &mut Vec<String>) {
    let lang = p.lang();
    let Ranking {
        by,
        low_first,
        then,
        within,
        among,
        ties,
        round,
        at_line,
    } = r;
    let first = |low: bool| match low {
        true => lang.pick("小的在前", "the smaller first"),
        false => lang.pick("大的在前", "the larger first"),
    };
    let key = p.text(*by);
    out.push(say!(
        lang,
        "按{}排，{}。",
        "By {}, {}.",
        key,
        first(*low_first)
    ));
    for (key, low) in then {
        let key = p.text(*key);
        out.push(say!(
            lang,
            "还同的，再看{}，{}。",
            "Equals are told apart by {}, {}.",
            key,
            first(*low)
        ));
    }
    let roster = p.plan().rosters.get(of.roster.ix());
    if let Some(group) = within.and_then(|a| roster.and_then(|r| r.attrs.get(a.ix()))) {
        out.push(say!(
            lang,
            "{}不同的分开排。",
            "Each {} has a ranking of its own.",
            name(&group.name)
        ));
    }
    out.push(match among {
        None if of.is_shared() => lang
            .pick(
                "本期最后一天有成员、算得出值的组都参评。",
                "All groups take part that have a member on the last day of the period and a value.",
            )
            .to_owned(),
        Some(among) if of.is_shared() => {
            let among = p.text(*among);
            say!(
                lang,
                "本期最后一天有成员、算得出值，并且{}的组参评。",
                "Those groups take part that have a member on the last day of the period and a value, and for which {}.",
                among
            )
        }
        None => lang
            .pick(
                "本期最后一天在册、算得出值的都参评。",
                "All take part who are on the roster on the last day of the period and have a value.",
            )
            .to_owned(),
        Some(among) => {
            let among = p.text(*among);
            say!(
                lang,
                "本期最后一天在册、算得出值，并且{}的参评。",
                "Those take part who are on the roster on the last day of the period, have a value, and for whom {}.",
                among
            )
        }
    });
    out.push(
        match ties {
            Ties::Gaps => lang.pick(
                "并列的占掉后面的名次（1、1、3）。",
                "Equals take up the places behind them (1, 1, 3).",
            ),
            Ties::Dense => lang.pick(
                "并列的不占后面的名次（1、1、2）。",
                "Equals take up no places behind them (1, 1, 2).",
            ),
        }
        .to_owned(),
    );
    if let Some(mode) = round {
        let mode = p.mode(*mode);
        out.push(say!(
            lang,
            "百分之几合多少{1}，{0}取整。",
            "The number of {1} that a percentage comes to is rounded {0}.",
            mode,
            match of.is_shared() {
                true => lang.pick("组", "groups"),
                false => lang.pick("人", "people"),
            }
        ));
    }
    out.push(
        match at_line {
            AtLine::AllIn => lang.pick(
                "取到的最后一名有并列的，全取。",
                "Equals on the line are all in.",
            ),
            AtLine::AllOut => lang.pick(
                "取到的最后一名有并列、取不全的，全不取。",
                "Equals on the line who would not all be in are all out.",
            ),
        }
        .to_owned(),
    );
}

fn grade(p: &Prose<'_>, g: &Grade, out: &mut Vec<String>) {
    let lang = p.lang();
    let Grade {
        level,
        names,
        fall,
        veto,
    } = g;
    let named = |level: ExprId| match p.plan().exprs.get(level) {
        Expr::Const(jifen_plan::Value::Num(n)) => n
            .to_i128()
            .and_then(|n| usize::try_from(n).ok())
            .and_then(|n| names.get(n))
            .map_or_else(|| "?".to_owned(), |n| name(n)),
        _ => p.text(level),
    };
    if let Some(veto) = veto
        && let Expr::First { rows, .. } = p.plan().exprs.get(*veto)
    {
        for (when, level) in rows {
            out.push(say!(
                lang,
                "一票否决：{}的，不论能不能降级，就是{}；说不定的，没有等级。",
                "Veto: if {}: {}, whatever is said of falling; where that cannot be told, there is no level.",
                p.text(*when),
                named(*level)
            ));
        }
    }
    match p.plan().exprs.get(*level) {
        Expr::First { rows, rest } => {
            for (when, level) in rows {
                let when = p.text(*when);
                out.push(say!(
                    lang,
                    "{}的，是{}；不够的往下看。",
                    "If {}: {}; otherwise what follows.",
                    when,
                    named(*level)
                ));
            }
            out.push(say!(lang, "其余是{}。", "All others: {}.", named(*rest)));
        }
        _ => out.push(say!(lang, "都是{}。", "All: {}.", named(*level))),
    }
    out.push(
        match fall {
            Fall::Freely => lang.pick(
                "只看本期，可以降级。",
                "Only the period itself counts: grades can fall.",
            ),
            Fall::Stepwise => lang.pick(
                "比上次有级别的那一期低的，一次最多降一级。",
                "A grade falls by one level at most from that of the last period that had one.",
            ),
            Fall::Never => lang.pick(
                "不低于上次有级别的那一期。",
                "A grade is never lower than that of the last period that had one.",
            ),
        }
        .to_owned(),
    );
}

fn flag(p: &Prose<'_>, f: Flag, unit: &str, out: &mut Vec<String>) {
    let lang = p.lang();
    let Flag {
        notice,
        when,
        times,
    } = f;
    let when = p.text(when);
    let (zh, en) = match notice {
        true => (
            "提示居民代表会议，不影响得分",
            "The council is told, and no points depend on it, where",
        ),
        false => ("有这个标记", "It is there if"),
    };
    let Some(times) = times else {
        out.push(lang.pick(format!("{when}的，{zh}。"), format!("{en} {when}.")));
        return;
    };
    let n = times.n;
    out.push(match times.of {
        TimesOf::Running { skip } => {
            let gap = match skip {
                true => lang.pick(
                    "说不定的期跳过不算",
                    "periods of which it cannot be told are passed over",
                ),
                false => lang.pick(
                    "说不定的期打断连续",
                    "a period of which it cannot be told breaks the row",
                ),
            };
            match lang {
                Lang::Zh => format!("{when}，到本期为止连续{n}个{unit}的，{zh}；{gap}。"),
                Lang::En => format!(
                    "{en} in {n} periods ({unit}) in a row, this one the last, {when}; {gap}."
                ),
            }
        }
        TimesOf::Ever => match lang {
            Lang::Zh => format!("{when}，到本期为止累计有{n}个{unit}的，{zh}。"),
            Lang::En => format!("{en} in {n} periods ({unit}) so far {when}."),
        },
        TimesOf::Last(last) => match lang {
            Lang::Zh => format!("{when}，最近{last}个{unit}（含本期）里有{n}个的，{zh}。"),
            Lang::En => format!(
                "{en} in {n} of the last {last} periods ({unit}), this one among them, {when}."
            ),
        },
    });
}

fn right(p: &Prose<'_>, r: Right, unit: &str, out: &mut Vec<String>) {
    let lang = p.lang();
    let Right { has, worth, months } = r;
    let has = match p.plan().exprs.get(has) {
        Expr::Const(jifen_plan::Value::YesNo(true)) => None,
        _ => Some(p.text(has)),
    };
    out.push(match has {
        None => lang.pick("都有。", "All have it.").to_owned(),
        Some(has) => say!(lang, "{}的才有。", "Those have it for whom {}.", has),
    });
    if let Some(worth) = worth {
        let worth = p.text(worth);
        out.push(say!(lang, "是{}。", "It is {}.", worth));
    }
    out.push(match months {
        None => say!(
            lang,
            "下一{}内有效。",
            "It is in force through the {} that follows.",
            unit
        ),
        Some(n) => say!(
            lang,
            "从本期结束起{}个月内有效。",
            "It is in force for {} months from the end of the period.",
            n
        ),
    });
}

impl Prose<'_> {
    /// `本期获得的可用积分`
    pub(super) fn closed_points(&self, r: &PointsRead) -> String {
        let (lang, c) = (self.lang(), self.currency(r.currency));
        let by = self.sources(&r.from);
        match (r.of, r.from.is_empty()) {
            (PointsOf::Earned, false) => say!(
                lang,
                "本期{}给的{}",
                "the {1} awarded in the period by {0}",
                by,
                c
            ),
            (PointsOf::EarnedThisYear, false) => say!(
                lang,
                "本年到期末{}给的{}",
                "the {1} awarded by {0} from 1 January to the end of the period",
                by,
                c
            ),
            (of, _) => self.whole_account(of, &c),
        }
    }

    /// `项目“志愿服务”和类别“公益”里的各项目`
    fn sources(&self, from: &[Source]) -> String {
        let lang = self.lang();
        let one = |s: &Source| match s {
            Source::Item(item) => say!(lang, "项目{}", "the item {}", name(item)),
            Source::Category(category) => say!(
                lang,
                "类别{}里的各项目",
                "the items of the category {}",
                name(category)
            ),
        };
        self.list(from.iter().map(one).collect())
    }

    fn whole_account(&self, of: PointsOf, c: &str) -> String {
        let lang = self.lang();
        match of {
            PointsOf::Earned => say!(lang, "本期获得的{}", "the {} awarded in the period", c),
            PointsOf::EarnedThisYear => say!(
                lang,
                "本年到期末获得的{}",
                "the {} awarded from 1 January to the end of the period",
                c
            ),
            PointsOf::Awarded => say!(
                lang,
                "到期末累计得过的{}",
                "all {} ever awarded by the end of the period",
                c
            ),
            PointsOf::Balance => say!(
                lang,
                "期末{}的余额",
                "the balance of {} at the end of the period",
                c
            ),
        }
    }

    /// How the subject stands, or its group, or everybody.
    pub(super) fn stands(&self, r: StandingRead) -> (String, Rank) {
        let lang = self.lang();
        let (alone, rank) = self.stands_alone(r);
        let of = self.plan().standings.get(r.standing.ix());
        // What a group reads of itself needs no such words.
        let text = match of.map(|s| (s.roster, s.of)) {
            Some((roster, Holder::Group(attr))) if self.here != Here::Many => {
                let group = self.group_word(roster, attr);
                match rank {
                    Rank::Test => say!(lang, "本{}{}", "of the same {}: {}", group, alone),
                    _ => say!(lang, "本{}的{}", "{1} of the same {0}", group, alone),
                }
            }
            Some((_, Holder::Everyone)) if self.here != Here::Many => match rank {
                Rank::Test => say!(lang, "全体{}", "of everyone together: {}", alone),
                _ => say!(lang, "全体的{}", "{} of everyone together", alone),
            },
            _ => alone,
        };
        (text, rank)
    }

    fn stands_alone(&self, r: StandingRead) -> (String, Rank) {
        let StandingRead {
            standing,
            take,
            back,
        } = r;
        let lang = self.lang();
        let of = self.plan().standings.get(standing.ix());
        let called = name(of.map_or("?", |s| s.name.as_str()));
        let called = match (back, of) {
            (0, _) | (_, None) => called,
            (n, Some(s)) => self.before(n, s.unit, &called),
        };
        let test = |zh: String, en: String| (lang.pick(zh, en), Rank::Test);
        match take {
            Take::Place => (
                say!(lang, "{}的名次", "the place in {}", called),
                Rank::Atom,
            ),
            Take::Entrants => (
                say!(
                    lang,
                    "{}本组的参评人数",
                    "the number ranked in the group of {}",
                    called
                ),
                Rank::Atom,
            ),
            Take::Beats => (
                say!(
                    lang,
                    "{}本组里排在后面的占参评的几成",
                    "the share of those ranked in the group of {} who stand behind",
                    called
                ),
                Rank::Atom,
            ),
            Take::First(n) => {
                let shared = of.is_some_and(Standing::is_shared);
                let n = match (self.plan().exprs.get(n), lang) {
                    (Expr::Const(jifen_plan::Value::Num(n)), Lang::Zh) => format!("{n}名"),
                    (Expr::Const(jifen_plan::Value::Num(n)), Lang::En) if shared => {
                        let one = *n == jifen_quantity::Decimal::ONE;
                        format!("{n} {}", if one { "group" } else { "groups" })
                    }
                    _ => self.text(n),
                };
                test(
                    format!("在{called}排在前{n}"),
                    format!("in {called} among the first {n}"),
                )
            }
            Take::Top(share) => {
                let share = match self.plan().exprs.get(share) {
                    Expr::Const(value) => self.constant(value, crate::quantity::Show::Percent).0,
                    _ => self.text(share),
                };
                test(
                    format!("在{called}排在前{share}"),
                    format!("in {called} among the first {share} of those ranked"),
                )
            }
            Take::Level => (say!(lang, "等级{}", "the grade {}", called), Rank::Atom),
            Take::Flagged => test(
                format!("有标记{called}"),
                format!("the flag {called} is there"),
            ),
            Take::InForce => test(
                format!("那天权益{called}有效"),
                format!("the right {called} is in force on that day"),
            ),
            Take::Worth => (
                say!(
                    lang,
                    "那天有效的权益{}的多少",
                    "how much of the right {} is in force on that day",
                    called
                ),
                Rank::Atom,
            ),
        }
    }

    /// What a measure came to in an earlier period.
    pub(super) fn earlier(&self, e: Earlier) -> String {
        let Earlier { measure, back } = e;
        let of = self.plan().measures.get(measure.ix());
        let called = self.measure(measure);
        match of {
            Some(m) => self.before(back, m.unit, &called),
            None => called,
        }
    }

    fn before(&self, back: u16, unit: jifen_calendar::Period, what: &str) -> String {
        let unit = self.unit(unit);
        match (self.lang(), back) {
            (Lang::Zh, 1) => format!("上一{unit}的{what}"),
            (Lang::Zh, n) => format!("往前数第{n}个{unit}的{what}"),
            (Lang::En, 1) => format!("{what} of the {unit} before"),
            (Lang::En, n) => format!("{what} of the {unit} {n} back"),
        }
    }
}
