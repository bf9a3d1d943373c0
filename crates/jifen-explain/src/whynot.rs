//! "Why not" lines: which condition failed, what is missing or awaited, and what would have to change.

mod review;

use jifen_calendar::{Day, Instant};
use jifen_data::{Eval, Failure, ItemRun, Missing, Origin, Outcome, OutcomeKind, Receiver};
use jifen_diag::Lang;
use jifen_plan::{Expr, ExprId, Hold, Item, Line, Trigger, Value, Whose};
use jifen_quantity::Decimal;

use crate::Sources;
use crate::build::{At, Builder, relation};
use crate::calc::Relation;
use crate::fix::Fixer;
use crate::parts::{Parts, missing_name};
use crate::quantity::{Show, instant, shown, value_text, yes_no};
use crate::statement::{Fix, Nothing, PartKind, Reason};
use crate::words::{Scope, Words};

/// Fills a "why not" line whose clause and source are known.
pub struct WhyNot<'a> {
    /// Sources.
    pub from: &'a Sources<'a>,
    /// Language.
    pub lang: Lang,
}

impl WhyNot<'_> {
    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(zh, en)
    }

    fn text(&self, zh: String, en: String) -> String {
        self.lang.pick(zh, en)
    }

    /// For an outcome of a run.
    pub fn of_run(&self, line: &mut Nothing, item: &Item, run: &ItemRun, outcome: &OutcomeKind) {
        match outcome {
            OutcomeKind::NotApplicable(ix) => {
                line.reason = Reason::NotApplicable;
                line.index = Some(*ix);
                if let Some(require) = item.requires.get(usize::from(*ix)) {
                    let before: Vec<ExprId> = item
                        .requires
                        .iter()
                        .take(usize::from(*ix))
                        .map(|r| r.cond)
                        .collect();
                    self.failed(line, item, run, require.cond, &before);
                    if let Some(hold) = require.hold {
                        self.held(line, item, run, (require.cond, hold));
                    }
                }
            }
            OutcomeKind::NoPartner(slot) => {
                crate::join::nothing(self.from, line, (item, run, *slot), self.lang);
            }
            OutcomeKind::NoAmount if item.spend.is_some() => {
                line.reason = Reason::NoAmount;
                line.text = self
                    .pick(
                        match item.give {
                            Some(_) => "要转的是 0分或负数，核对数量",
                            None => "要支用的是 0分或负数，核对数量",
                        },
                        "it asks for 0 points or less: look the number up",
                    )
                    .to_owned();
            }
            OutcomeKind::NoAmount => self.no_amount(line, item, run),
            OutcomeKind::OverCap(asked) => {
                line.reason = Reason::OverCap;
                line.amount = Some(*asked);
                let asked = self.points(*asked);
                let caps = self.spent_caps(item, run);
                let (ask, undone) = asking(item);
                line.text = self.text(
                    format!("{ask} {asked}，超过了上限{caps}，{undone}"),
                    format!("{asked} asked, beyond the cap{caps}: refused"),
                );
            }
            OutcomeKind::NotCovered(asked, had) => {
                line.reason = Reason::NotCovered;
                line.amount = Some(*asked);
                let short = asked.sub(*had).unwrap_or(*asked);
                let (asked, had) = (self.points(*asked), self.points(*had));
                let (short, caps) = (self.points(short), self.spent_caps(item, run));
                let (ask, undone) = asking(item);
                line.text = self.text(
                    format!("{ask} {asked}{caps}，当时可用 {had}，差 {short}，{undone}"),
                    format!("{asked} asked{caps}, {had} available then, {short} short: refused"),
                );
            }
            OutcomeKind::NoReceiver(why) => {
                line.reason = Reason::NoReceiver;
                line.text = match why {
                    Receiver::Absent => self.pick(
                        "接收方那天不在册，未转",
                        "the receiver was not on the roster that day: refused",
                    ),
                    Receiver::Giver => self.pick("转给了自己，未转", "given to oneself: refused"),
                }
                .to_owned();
            }
            OutcomeKind::CannotTell(missing) => {
                line.reason = Reason::CannotTell;
                let name = missing_name(&self.missing_words(item, run), missing);
                line.text = self.text(
                    format!("缺 {name}，无法判断"),
                    format!("cannot tell: {name} is missing"),
                );
                if let Missing::NoFact(_) = missing {
                    line.text = self.text(
                        format!("这段时间里没有“{name}”，无法判断"),
                        format!("cannot tell: there is no “{name}” in the window"),
                    );
                }
                if let Missing::NoValue(_) | Missing::NoStanding(_) = missing {
                    line.text = self.text(
                        format!("“{name}”这一期无值，无法判断"),
                        format!("cannot tell: “{name}” has no value in this period"),
                    );
                }
                if let Missing::NoEarlier(_) = missing {
                    line.text = self.text(
                        format!("“{name}”前一期无值，无法判断"),
                        format!("cannot tell: “{name}” had no value in the period before"),
                    );
                }
                if let Missing::NotOnRoster(roster, id) = missing {
                    let roster = self.from.plan.rosters.get(roster.ix());
                    let roster = roster.map_or("", |r| r.name.as_str());
                    line.text = self.text(
                        format!("“{id}”那天不在名册“{roster}”上，无法判断计给谁"),
                        format!("cannot tell whom to credit: “{id}” is not on the roster “{roster}” that day"),
                    );
                }
                if *missing == Missing::PeriodRow {
                    line.text = self.text(
                        "缺当期记录，无法判断".to_owned(),
                        "cannot tell: no row for this period".to_owned(),
                    );
                }
                line.missing = Some(name);
            }
            OutcomeKind::Pending(amount, release) => {
                line.reason = Reason::Pending;
                line.amount = Some(*amount);
                self.pending(line, item, run, *release);
            }
            OutcomeKind::Rejected(amount, at) => {
                line.reason = Reason::Rejected;
                line.amount = Some(*amount);
                self.rejected(line, run, *at);
            }
            OutcomeKind::Lapsed(amount, at) => {
                line.reason = Reason::Lapsed;
                line.amount = Some(*amount);
                let points = self.points(*amount);
                let (at, still) = (instant(*at), self.awaited(item, run).join("、"));
                line.text = self.text(
                    format!("逾期未确认，{points}于 {at} 作废（未确认：{still}）"),
                    format!("not confirmed in time: {points} lapsed at {at} (missing: {still})"),
                );
            }
            OutcomeKind::NotShared(why) => self.not_shared(line, *why),
            other => self.of_fact(line, other, Some(run.day)),
        }
    }

    /// The caps that took something off, with what was used: `（上限 每季度 2次，此前已用 2次）`.
    fn spent_caps(&self, item: &Item, run: &ItemRun) -> String {
        let parts = Parts::new(self.from.plan, item, run, self.lang, false).all();
        let caps = parts.iter().filter(|p| p.kind == PartKind::Cap);
        let list: Vec<String> = caps
            .map(|p| format!("{}{}{}", p.label, self.pick("，", ", "), p.note))
            .collect();
        match list.is_empty() {
            true => String::new(),
            false => self.text(
                format!("（{}）", list.join("；")),
                format!(" ({})", list.join("; ")),
            ),
        }
    }

    /// For an outcome that reached no item.
    pub fn of_outcome(&self, line: &mut Nothing, outcome: &Outcome) {
        let day = match outcome.origin {
            Origin::Fact(f) => self.from.at(f).map(Instant::day),
            Origin::Period(d) => Some(d),
        };
        self.of_fact(line, &outcome.kind, day);
        if outcome.kind == OutcomeKind::Withdrawn {
            self.withdrawn(line, outcome.origin);
        }
    }

    fn of_fact(&self, line: &mut Nothing, kind: &OutcomeKind, day: Option<Day>) {
        match kind {
            OutcomeKind::NoVersion => {
                line.reason = Reason::NoVersion;
                let day = day.map(|d| d.to_string()).unwrap_or_default();
                line.text = self.text(
                    format!("{day} 没有施行中的规则{}", self.version_line()),
                    format!("no rules in force on {day}{}", self.version_line()),
                );
            }
            OutcomeKind::Overlaps(other) => {
                line.reason = Reason::Overlaps;
                let id = self.from.id(*other);
                line.text = self.text(
                    format!("与记录 {id} 的时间重叠"),
                    format!("its time overlaps record {id}"),
                );
            }
            OutcomeKind::Contradiction => {
                line.reason = Reason::Contradiction;
                line.text = self.text(
                    "更正之后结束早于开始".to_owned(),
                    "after its correction it ends before it begins".to_owned(),
                );
            }
            OutcomeKind::Failed(failure) => {
                line.reason = Reason::Failed;
                line.text = match failure {
                    Failure::Overflow => {
                        self.pick("数字太大，算不出", "a number is too large to be computed")
                    }
                    Failure::DivisionByZero => self.pick("除数为 0，算不出", "division by zero"),
                    Failure::NegativeWeight => self.pick(
                        "份数小于 0，分不了",
                        "the weight is below 0: nothing can be split by it",
                    ),
                    Failure::NegativeTotal => {
                        self.pick("总额小于 0，分不了", "the total is below 0")
                    }
                    Failure::OffStep => self.pick(
                        "总额不是最小一份的整数倍，按最大余额分不完",
                        "the total is no multiple of the step and cannot be given out exactly",
                    ),
                    Failure::BeyondCalendar => self.pick(
                        "这一天不在所查的日历里：农历查得到 2000 年到 2050 年，工作日历只有已经公布放假安排的年份",
                        "the calendar does not know this day: the lunar one reaches from 2000 to 2050, that of working days only the years whose notice is out",
                    ),
                }
                .to_owned();
            }
            _ => {
                line.reason = Reason::Withdrawn;
                line.text = self
                    .pick("记录已撤销", "the record was withdrawn")
                    .to_owned();
            }
        }
    }

    fn version_line(&self) -> String {
        let list: Vec<String> = self
            .from
            .plan
            .versions
            .iter()
            .map(|v| {
                let to = v.to.map(|t| t.add_days(-1).to_string()).unwrap_or_default();
                format!("{} {}～{to}", v.name, v.from)
            })
            .collect();
        self.text(
            format!("（{}）", list.join("、")),
            format!(" ({})", list.join(", ")),
        )
    }

    fn withdrawn(&self, line: &mut Nothing, origin: Origin) {
        let Origin::Fact(fact) = origin else {
            return;
        };
        let id = self.from.id(fact);
        let mut voids: Vec<_> = self
            .from
            .facts
            .voids
            .iter()
            .filter(|v| v.target == id)
            .collect();
        voids.sort_by(|a, b| (a.entered, &a.id).cmp(&(b.entered, &b.id)));
        if let Some(v) = voids.last() {
            let note = if v.note.is_empty() {
                String::new()
            } else {
                self.text(format!("：{}", v.note), format!(": {}", v.note))
            };
            line.text = self.text(
                format!("记录已由 {} 撤销（{}）{note}", v.id, v.entered),
                format!("withdrawn by {} ({}){note}", v.id, v.entered),
            );
        }
    }

    fn words<'b>(&'b self, item: &Item) -> Words<'b> {
        Words {
            plan: self.from.plan,
            scope: Scope::of_item(self.from.plan, item),
            lang: self.lang,
        }
    }

    /// A field may be missing in the fact itself (its own kind), also for an item of a period.
    fn missing_words<'b>(&'b self, item: &Item, run: &ItemRun) -> Words<'b> {
        let mut words = self.words(item);
        if let Origin::Fact(f) = run.origin {
            words.scope.kind = Some(f.kind);
        }
        words
    }

    fn points(&self, n: Decimal) -> String {
        shown(n, Show::Dim(jifen_quantity::Dim::POINTS), self.lang)
    }

    /// A condition that is looked at day by day: how it had to hold, and the day on which the subject was not on the roster.
    fn held(&self, line: &mut Nothing, item: &Item, run: &ItemRun, (cond, hold): (ExprId, Hold)) {
        let word = self.words(item).hold(hold);
        let no = Eval::Value(Value::YesNo(false));
        let failed = run.nodes.iter().any(|n| n.expr == cond && n.value == no);
        let absent = self.absent(item, run, hold);
        line.text = match (absent, failed) {
            // Somebody who was not there cannot have held an office.
            (Some(day), false) => {
                line.fix = None;
                self.text(
                    format!("{day} 不在册，需{word}"),
                    format!("not on the roster on {day}, must hold: {word}"),
                )
            }
            (absent, _) => {
                line.fix = line.fix.take().filter(|_| absent.is_none());
                self.text(
                    format!("{}（{word}）", line.text),
                    format!("{} ({word})", line.text),
                )
            }
        };
    }

    /// The first day that counts on which the subject was not on the roster.
    fn absent(&self, item: &Item, run: &ItemRun, hold: Hold) -> Option<Day> {
        let (Trigger::Period { roster, unit, .. }, Origin::Period(first)) =
            (item.trigger, run.origin)
        else {
            return None;
        };
        let table = self.from.rosters.table(roster)?;
        let subject = run.outcome.as_ref()?.account.subject;
        let (first, end) = unit.bounds(first);
        let last = match hold {
            Hold::Whole => end,
            Hold::FirstDay => first.add_days(1),
            Hold::AnyDay | Hold::Prorated => first,
        };
        let mut days = (first.0..last.0).map(Day);
        days.find(|d| !table.is_present(subject, *d))
    }

    /// Describes a condition that is false.
    fn failed(
        &self,
        line: &mut Nothing,
        item: &Item,
        run: &ItemRun,
        cond: ExprId,
        before: &[ExprId],
    ) {
        let words = self.words(item);
        let build = Builder {
            words,
            nodes: &run.nodes,
        };
        line.condition = Some(words.text(cond));
        // A condition that is looked at day by day: the first day on which it failed.
        let no = Eval::Value(Value::YesNo(false));
        let place = run
            .nodes
            .iter()
            .position(|n| n.expr == cond && n.value == no);
        let mut needs = Vec::new();
        if let Some(i) = place {
            line.checks = build.checks(cond, false, At(i));
            needs = self.needs(&build, cond, false, At(i));
        }
        line.text = if needs.is_empty() {
            self.text(
                format!("不符合：{}", words.text(cond)),
                format!("does not hold: {}", words.text(cond)),
            )
        } else {
            needs.join(self.pick("；", "; "))
        };
        // Another value of a field may match another fact: what that would come to is not known here.
        if item.joins.is_empty() {
            line.fix = self.fixer(item, run).fix(cond, before);
        }
    }

    fn fixer<'b>(&'b self, item: &'b Item, run: &'b ItemRun) -> Fixer<'b> {
        Fixer {
            plan: self.from.plan,
            facts: self.from.facts,
            rosters: self.from.rosters,
            run,
            item,
            lang: self.lang,
        }
    }

    /// `时长 0.5小时，需满 1小时` for each comparison that made the condition `!want`.
    fn needs(&self, build: &Builder<'_>, cond: ExprId, holds: bool, at: At) -> Vec<String> {
        let plan = self.from.plan;
        match plan.exprs.get(cond) {
            Expr::And(a, b) | Expr::Or(a, b) => {
                let and = matches!(plan.exprs.get(cond), Expr::And(..));
                let truth = |e: ExprId| match build.value(e, at) {
                    Some(Value::YesNo(t)) => Some(t),
                    _ => None,
                };
                let sides = [*a, *b].into_iter().filter(|s| truth(*s) == Some(holds));
                let take = if and == holds { 2 } else { 1 };
                sides
                    .take(take)
                    .flat_map(|s| self.needs(build, s, holds, at))
                    .collect()
            }
            Expr::Not(a) => self.needs(build, *a, !holds, at),
            Expr::Compare(cmp, a, b) => {
                let wanted = if holds {
                    relation(*cmp).opposite()
                } else {
                    relation(*cmp)
                };
                self.need_compare(build, wanted, *a, *b, at)
                    .into_iter()
                    .collect()
            }
            Expr::Among(who, list) => {
                let values = build.value(*who, at).zip(build.value(*list, at));
                let Some((actual, ids)) = values else {
                    return Vec::new();
                };
                let (name, of) = (build.words.text(*who), build.words.text(*list));
                let show = build.words.show(*who);
                let actual = value_text(&actual, show, self.lang);
                let ids = value_text(&ids, show, self.lang);
                let word = match holds {
                    false => self.pick("需属于", "must be one of"),
                    true => self.pick("不得属于", "must be none of"),
                };
                vec![self.text(
                    format!("{name} {actual}，{word} {of}（{ids}）"),
                    format!("{name} is {actual}, {word} {of} ({ids})"),
                )]
            }
            Expr::OneOf(a, values) => {
                let Some(actual) = build.value(*a, at) else {
                    return Vec::new();
                };
                let show = build.words.show(*a);
                let list: Vec<String> = values
                    .iter()
                    .map(|v| value_text(v, show, self.lang))
                    .collect();
                let (name, list) = (build.words.text(*a), list.join(self.pick("、", ", ")));
                let actual = value_text(&actual, show, self.lang);
                let word = match holds {
                    false => self.pick("需属于", "must be one of"),
                    true => self.pick("不得属于", "must be none of"),
                };
                vec![self.text(
                    format!("{name} {actual}，{word}（{list}）"),
                    format!("{name} is {actual}, {word} ({list})"),
                )]
            }
            Expr::InDays(a, set) => {
                let Some(Value::Date(day)) = build.value(*a, at) else {
                    return Vec::new();
                };
                let (of, name) = (build.words.text(*a), &set.name);
                vec![match holds {
                    false => self.text(
                        format!("{of} {day}，不在“{name}”的日子里"),
                        format!("{of} is {day}, not a day of “{name}”"),
                    ),
                    true => self.text(
                        format!("{of} {day}，在“{name}”的日子里，需在其外"),
                        format!("{of} is {day}, a day of “{name}”, must be outside of it"),
                    ),
                }]
            }
            Expr::IsMissing(a) => {
                let name = build.words.text(*a);
                vec![match holds {
                    true => self.text(format!("{name} 空缺"), format!("{name} is blank")),
                    false => self.text(
                        format!("{name} 已填，需空缺"),
                        format!("{name} is filled in, must be blank"),
                    ),
                }]
            }
            _ => self.need_yes(build, cond, holds),
        }
    }

    fn need_yes(&self, build: &Builder<'_>, cond: ExprId, holds: bool) -> Vec<String> {
        let plan = self.from.plan;
        let leaf = matches!(
            plan.exprs.get(cond),
            Expr::Field(_) | Expr::Attr(Whose::Own | Whose::Of(_), _)
        );
        let name = build.words.text(cond);
        let (is, needed) = (yes_no(holds, self.lang), yes_no(!holds, self.lang));
        vec![match leaf {
            true => self.text(
                format!("{name} 为 {is}，需为 {needed}"),
                format!("{name} is {is}, must be {needed}"),
            ),
            false if holds => self.text(format!("不得 {name}"), format!("must not: {name}")),
            false => self.text(format!("不符合：{name}"), format!("does not hold: {name}")),
        }]
    }

    fn need_compare(
        &self,
        build: &Builder<'_>,
        wanted: Relation,
        a: ExprId,
        b: ExprId,
        at: At,
    ) -> Option<String> {
        let show = |e: ExprId, other: ExprId| match build.words.show(other) {
            s @ (Show::Percent | Show::Days | Show::Months | Show::Years) => s,
            _ => build.words.show(e),
        };
        let text = |e: ExprId, other: ExprId| {
            let value = build.value(e, at)?;
            Some(value_text(&value, show(e, other), self.lang))
        };
        let (actual, needed) = (text(a, b)?, text(b, a)?);
        let constant = |e: ExprId| matches!(self.from.plan.exprs.get(e), Expr::Const(_));
        let named = |e: ExprId, text: String| match constant(e) {
            true => text,
            false => format!("{} {text}", build.words.text(e)),
        };
        let word = match wanted {
            Relation::AtLeast => self.pick("需满", "must be at least"),
            Relation::Above => self.pick("需超过", "must exceed"),
            Relation::AtMost => self.pick("不得超过", "must not exceed"),
            Relation::Below => self.pick("需不足", "must be below"),
            Relation::NotEqual => self.pick("不得为", "must not be"),
            _ => self.pick("需为", "must be"),
        };
        let (left, right) = (named(a, actual), named(b, needed));
        Some(self.text(
            format!("{left}，{word} {right}"),
            format!("{left}, {word} {right}"),
        ))
    }

    fn no_amount(&self, line: &mut Nothing, item: &Item, run: &ItemRun) {
        line.reason = Reason::NoAmount;
        let whens = item.lines.iter().enumerate().filter_map(|(i, l)| match l {
            Line::Add { when: Some(w), .. } | Line::Deduct { when: Some(w), .. } => Some((i, *w)),
            _ => None,
        });
        let all: Vec<(usize, ExprId)> = whens.collect();
        let before: Vec<ExprId> = item.requires.iter().map(|r| r.cond).collect();
        if let Some((first, when)) = all.first() {
            line.index = u16::try_from(*first).ok();
            self.failed(line, item, run, *when, &before);
            let parts = |l: &Line| matches!(l, Line::Multiply(m) if m.each_part);
            if item.lines.iter().skip(*first).any(parts) && self.reads_time(*when) {
                // 分段计 asks this of each part of the time, a change is tried on the whole.
                line.fix = None;
            }
        }
        let words = self.words(item);
        let build = Builder {
            words,
            nodes: &run.nodes,
        };
        let texts: Vec<String> = all
            .iter()
            .flat_map(|(_, w)| self.needs(&build, *w, false, build.seek(*w, 0)))
            .collect();
        if !texts.is_empty() {
            line.text = texts.join(self.pick("；", "; "));
        }
    }

    fn reads_time(&self, expr: ExprId) -> bool {
        let node = self.from.plan.exprs.get(expr);
        let time = matches!(
            node,
            Expr::SpanSeconds | Expr::SpanStart | Expr::SpanEnd | Expr::InTime(_)
        );
        time || node.operands().into_iter().any(|e| self.reads_time(e))
    }
}

/// A fix in words.
#[must_use]
pub fn fix_text(fix: &Fix, lang: Lang) -> String {
    lang.pick(
        format!("若 {} 为 {}，此条件即符合", fix.field, fix.value),
        format!("with {} {} this condition holds", fix.field, fix.value),
    )
}

/// What a spend or a transfer asks for, and what becomes of it if it is refused.
fn asking(item: &Item) -> (&'static str, &'static str) {
    match item.give {
        Some(_) => ("要转", "未转"),
        None => ("要支用", "未支用"),
    }
}
