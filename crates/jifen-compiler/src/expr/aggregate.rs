//! Aggregates over the subject's own facts (S19b): the record, what is read on each of its facts, the window, 含本条.

use jifen_calendar::Period;
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Aggregate, AggregateOf, Expr as Node, ExprId, KindIx, Over, Value};
use jifen_quantity::Dim;
use jifen_syntax::ast::{AggregateExpr, AggregateWord, Expr, ExprKind, Name, OverWord};

use super::{Checker, Kind, Scope, Val};
use crate::resolve::period;
use crate::sink::Sink;
use crate::units::Tag;

impl Checker<'_> {
    /// An aggregate as a value: a set is none.
    pub(super) fn aggregate(&mut self, cx: Scope, a: &AggregateExpr, span: Span) -> Option<Val> {
        let v = self.aggregate_or_set(cx, a, span)?;
        if let Kind::Periods(_) = v.kind {
            self.aggregate_form(
                span,
                "日集、月集是一组日子，不是数：写 个数(日集(…)) 或 最长连续(日集(…))",
                "a set of days or months is no number: write size(day_set(…)) or longest_run(day_set(…))",
            );
            return None;
        }
        Some(v)
    }

    /// `计数(志愿 当 … 在 本月)`, `日集(…)`.
    pub(super) fn aggregate_or_set(
        &mut self,
        cx: Scope,
        a: &AggregateExpr,
        span: Span,
    ) -> Option<Val> {
        if self.joining {
            self.aggregate_in_join(span);
            return None;
        }
        if cx.inside {
            self.aggregate_form(
                span,
                "统计里面不能再写统计",
                "an aggregate cannot read another aggregate",
            );
            return None;
        }
        if let Some(of) = self.measure_named(cx, &a.of) {
            return self.over_periods(cx, a, of, span);
        }
        if let Some(roster) = self.members_named(cx, &a.of) {
            return self.members(cx, a, roster, span);
        }
        if let Some((_, at)) = a.skip {
            self.aggregate_form(
                at,
                "“缺项 略过”说的是指标无值的那几期；记录里缺一栏的，写 当 非 (… 缺失)",
                "“missing part skipped” is about periods in which a measure has no value; facts without a field are left out by “when not (… is missing)”",
            );
            return None;
        }
        let base = base(&a.of)?;
        let kind = self.record_name(cx.version, base)?;
        self.uses_kind(kind);
        let inner = Scope {
            kind: Some(kind),
            period: false,
            running: false,
            day_total: false,
            inside: true,
            around: cx.kind,
            around_period: cx.period,
            ..cx
        };
        let when = a.when.as_ref().map(|w| self.condition(inner, w));
        let value = match &a.of.kind {
            ExprKind::Name(_) => None,
            _ => Some(self.expr(inner, &a.of)),
        };
        let over = self.over(cx, a, span);
        let same = self.same_subject(cx, kind, base);
        let (when, value) = (lift(when)?, lift(value)?);
        let made = self.made(cx, a, value.as_ref(), when.is_some());
        if let Some(v) = &value {
            self.time_stated(inner, v);
        }
        same?;
        let over = over?;
        let with_this = self.this_fact(cx, a, kind, base, over, span)?;
        let (what, ty) = made?;
        let best = self.best(a, what)?;
        let node = Aggregate {
            what,
            kind,
            value: value.map(|v| v.id),
            when: when.map(|w| w.id),
            over,
            with_this,
            best,
        };
        Some(self.node(Node::Aggregate(Box::new(node)), ty, span))
    }

    pub(super) fn this_alone(&mut self, at: Span) {
        self.aggregate_form(
            at,
            "“本条”后面要写是它的哪个字段，如 本条.活动",
            "“this fact” stands before one of its fields, as in this fact.activity",
        );
    }

    /// `本条.活动`: inside an aggregate a field of the fact being scored; elsewhere the field itself.
    pub(super) fn this_field(&mut self, cx: Scope, n: &Name, span: Span) -> Option<Val> {
        let outer = Scope {
            kind: if cx.inside { cx.around } else { cx.kind },
            inside: false,
            ..cx
        };
        if outer.kind.is_none() {
            if !self.blind {
                self.aggregate_form(
                    span,
                    "这个项目不凭记录计分，没有“本条”",
                    "this item is on no record: there is no “this fact”",
                );
            }
            return None;
        }
        if let Some((node, kind)) = super::names::built_in(outer, &n.text) {
            let own = self.node(node, kind.clone(), span);
            return Some(match cx.inside {
                true => self.node(Node::This(own.id), kind, span),
                false => own,
            });
        }
        if let Some(own) = self.subject_of(outer, outer.kind, n, span) {
            return Some(match cx.inside {
                true => self.node(Node::This(own.id), own.kind, span),
                false => own,
            });
        }
        let Some(field) = self.field(outer, &n.text) else {
            self.unknown_field(outer, n);
            return None;
        };
        let ty = self.w.kinds.get(outer.kind?.ix())?.fields.get(field.ix())?;
        let kind = Kind::of_field(&ty.ty);
        if kind == Kind::Span {
            self.aggregate_form(
                span,
                "“本条”的时段不能在统计里用",
                "the span of this fact cannot be read inside an aggregate",
            );
            return None;
        }
        let own = self.node(Node::Field(field), kind.clone(), span);
        match cx.inside {
            true => Some(self.node(Node::This(own.id), kind, span)),
            false => Some(own),
        }
    }

    pub(crate) fn aggregate_form(&mut self, at: Span, zh: &str, en: &str) {
        self.sink.push(Diagnostic::new(
            codes::WRONG_ARGUMENTS,
            at,
            text!(zh = "{zh}", en = "{en}"),
        ));
    }

    /// What is made of the facts, and its type.
    fn made(
        &mut self,
        cx: Scope,
        a: &AggregateExpr,
        value: Option<&Val>,
        when: bool,
    ) -> Option<(AggregateOf, Kind)> {
        let (word, at) = a.word;
        let name = base(&a.of).map_or("", |n| n.text.as_str()).to_owned();
        let times = Kind::Num(Dim::TIMES, Tag::Plain);
        if word != AggregateWord::Streak
            && let Some((_, unit)) = a.unit
        {
            self.aggregate_form(
                unit,
                "“每日”“每周”“每月”只跟“连续”用；一段时间请写“在 本日”“在 本月”",
                "“daily”, “weekly”, “monthly” belong to “streak”; a window is written “in this day”, “in this month”",
            );
            return None;
        }
        let what = match word {
            AggregateWord::Count => AggregateOf::Count,
            AggregateWord::Distinct => AggregateOf::Distinct,
            AggregateWord::Sum => AggregateOf::Sum,
            AggregateWord::Mean => AggregateOf::Mean,
            AggregateWord::Share => AggregateOf::Share,
            AggregateWord::Max => AggregateOf::Max,
            AggregateWord::Min => AggregateOf::Min,
            AggregateWord::First => AggregateOf::First,
            AggregateWord::Last => AggregateOf::Last,
            AggregateWord::Days => AggregateOf::Set(Period::Day),
            AggregateWord::Months => AggregateOf::Set(Period::Month),
            AggregateWord::Streak => match a.unit {
                Some((unit, _)) => AggregateOf::Streak(period(unit)),
                None => {
                    let (zh, en) = (
                        format!("“连续”要写明按什么数：连续({name} 每日 …)、每周或每月"),
                        format!(
                            "“streak” says what it counts: streak({name} daily …), weekly or monthly"
                        ),
                    );
                    self.aggregate_form(at, &zh, &en);
                    return None;
                }
            },
        };
        let kind = match (what, value) {
            (
                AggregateOf::Count
                | AggregateOf::Share
                | AggregateOf::Streak(_)
                | AggregateOf::Set(_),
                Some(v),
            ) => {
                self.aggregate_form(
                    v.span,
                    "这里数的是记录，只写记录的名字；数字段有几种请用“去重计数”",
                    "facts are counted here: write the record alone; how many different values a field has is “distinct”",
                );
                return None;
            }
            (AggregateOf::Share, None) if !when => {
                let (zh, en) = (
                    format!("“占比”要写明占的是哪些：占比({name} 当 …)"),
                    format!("“share” says which of them: “share({name} when …)”"),
                );
                self.aggregate_form(at, &zh, &en);
                return None;
            }
            (AggregateOf::Count, None) => times,
            (AggregateOf::Set(unit), None) => Kind::Periods(unit),
            (AggregateOf::Share, None) => Kind::Num(Dim::PURE, Tag::Plain),
            (AggregateOf::Streak(Period::Day | Period::Week), None) => {
                Kind::Num(Dim::PURE, Tag::Days)
            }
            (AggregateOf::Streak(_), None) => Kind::Num(Dim::PURE, Tag::Months),
            (AggregateOf::First | AggregateOf::Last, None) => Kind::Date,
            (AggregateOf::First | AggregateOf::Last, Some(v)) => v.kind.clone(),
            (AggregateOf::Distinct, Some(v)) if *self.exprs.get(v.id) == Node::Subject => {
                Kind::Num(Dim::PEOPLE, Tag::Plain)
            }
            (AggregateOf::Distinct, Some(v)) if v.kind != Kind::Span => times,
            (
                AggregateOf::Sum | AggregateOf::Mean | AggregateOf::Max | AggregateOf::Min,
                Some(v),
            ) => {
                self.as_number(v)?;
                v.kind.clone()
            }
            (_, None | Some(_)) => {
                let field = self.first_number(cx, a);
                let word = self.sink.lang.pick(word_text(word).0, word_text(word).1);
                let (zh, en) = (
                    format!("“{word}”要写明是哪个字段，如 {word}({name}.{field} …)"),
                    format!("“{word}” needs a field, as in {word}({name}.{field} …)"),
                );
                self.aggregate_form(a.of.span, &zh, &en);
                return None;
            }
        };
        Some((what, kind))
    }

    /// A field to show in an example: the first that is a number, or any.
    fn first_number(&self, cx: Scope, a: &AggregateExpr) -> String {
        let field = || {
            let name = &base(&a.of)?.text;
            let (decl, _) = self.version(cx)?.records.get(name.as_str())?;
            let kind = self.w.kinds.iter().find(|k| k.name == *name)?;
            let number = kind.fields.iter().find(|f| {
                matches!(
                    f.ty,
                    jifen_plan::FieldType::Number(_) | jifen_plan::FieldType::Percent
                )
            });
            let first = decl.fields.first().map(|f| f.name.text.clone());
            number.map(|f| f.name.clone()).or(first)
        };
        field().unwrap_or_else(|| self.sink.kw("字段", "field").to_owned())
    }

    /// The facts of another roster are not this account's.
    fn same_subject(&mut self, cx: Scope, kind: KindIx, base: &Name) -> Option<()> {
        let k = self.w.kinds.get(kind.ix())?;
        let Some(own) = cx.roster else {
            return Some(());
        };
        if k.subject == own {
            return Some(());
        }
        let name = |r: jifen_plan::RosterIx| {
            let r = self.w.rosters.get(r.ix());
            r.map_or("", |r| r.name.as_str()).to_owned()
        };
        let (theirs, ours) = (name(k.subject), name(own));
        if cx.measure {
            self.sink.push(Diagnostic::new(
                codes::AGGREGATE_SUBJECT,
                base.span,
                text!(
                    zh = "记录“{0}”的对象是“{theirs}”，这个指标是“{ours}”的；只能统计同一个对象自己的记录",
                    en = "the facts “{0}” belong to “{theirs}”, and this is a measure of “{ours}”: only the subject's own facts can be counted",
                    base.text
                ),
            ));
            return None;
        }
        self.sink.push(Diagnostic::new(
            codes::AGGREGATE_SUBJECT,
            base.span,
            text!(
                zh = "记录“{0}”的对象是“{theirs}”，这个项目计的是“{ours}”的分；只能统计同一个对象自己的记录",
                en = "the facts “{0}” belong to “{theirs}”, and this item scores “{ours}”: only the subject's own facts can be counted",
                base.text
            ),
        ));
        None
    }

    /// The window; there is none without words (principle 6).
    fn over(&mut self, cx: Scope, a: &AggregateExpr, span: Span) -> Option<Over> {
        if let (None, true, Some(unit)) = (&a.over, cx.measure, cx.closes) {
            return Some(Over::Current(unit));
        }
        let Some((word, at)) = &a.over else {
            let gap = Sink::gap(a.this.map(|t| t.1), a.close.at_start());
            let words = [
                ("在 本月", "in this month"),
                ("在 本年", "in this year"),
                ("在 上月", "in last month"),
                ("在 终身", "in lifetime"),
            ];
            let d = Diagnostic::new(
                codes::AGGREGATE_WINDOW_UNSTATED,
                span,
                text!(
                    zh = "统计的是哪段时间没有写明。一个人去年有 4条记录，今年 3月有 2条、4月有 1条，4月30日来数：在 本月 是 1条，在 本年 是 3条，在 终身 是 7条；也可以写 上月、此前 6个月、滚动 30天",
                    en = "the aggregate does not say over what time. With 4 facts last year, 2 this March and 1 in April, counted on 30 April: in this month gives 1, in this year 3, in lifetime 7; there are also last month, previous 6 months, rolling 30 days"
                ),
            );
            let d = self.sink.each(d, gap, &words);
            self.sink.push(d);
            return None;
        };
        let at = *at;
        let over = match word {
            OverWord::This(p) => Over::Current(period(*p)),
            OverWord::Before(n, p) => Over::Before(period(*p), *n),
            OverWord::RollingDays(n) => Over::RollingDays(*n),
            OverWord::RollingMonths(n) => Over::RollingMonths(*n),
            OverWord::Lifetime => Over::Lifetime,
            OverWord::Between(from, to) => {
                let (from, to) = (self.a_day(cx, from), self.a_day(cx, to));
                let (from, to) = (from?, to?);
                self.days_in_order(from, to, at)?;
                Over::Between(from, to)
            }
        };
        if let (Some(unit), Over::Current(p)) = (cx.opens, over)
            && begins_with(unit, p)
        {
            let fix = self.sink.kw("在 上月", "in last month");
            self.sink.push(
                Diagnostic::new(
                    codes::AGGREGATE_NOTHING_YET,
                    at,
                    text!(
                        zh = "这个项目在期初计分，这段时间那时才开始，里面还没有记录，统计出来总是空的；要看前一段请写“上月”“此前 …”，要看这一段请改成期末计分",
                        en = "this item runs at the start of its period, when this window only begins: it would always be empty. Write “last month” or “previous …” for the time before, or let the item run at the end"
                    ),
                )
                .help(text!(zh = "例如：{fix}", en = "for example: {fix}")),
            );
            return None;
        }
        Some(over)
    }

    /// An end of a window, read on the run.
    fn a_day(&mut self, cx: Scope, e: &Expr) -> Option<ExprId> {
        let v = self.expr(cx, e)?;
        if v.kind == Kind::Date {
            return Some(v.id);
        }
        let t = v.kind.text();
        self.sink.push(Diagnostic::new(
            codes::TYPE_MISMATCH,
            e.span,
            jifen_diag::Text::new(
                format!("窗口的起止要写日期，写的是{0}；例：自 2026年3月1日 至 日期，自 日期 - 24个月 至 日期 - 12个月", t.zh),
                format!("a window runs from a date to a date, but this is {0}; as in: from 2026-03-01 to date, from date - 24 months to date - 12 months", t.en),
            ),
        ));
        None
    }

    fn days_in_order(&mut self, from: ExprId, to: ExprId, at: Span) -> Option<()> {
        let day = |e| match self.exprs.get(e) {
            Node::Const(Value::Date(d)) => Some(*d),
            _ => None,
        };
        if day(from).zip(day(to)).is_some_and(|(a, b)| a > b) {
            self.sink.push(Diagnostic::new(
                codes::RANGE_REVERSED,
                at,
                text!(
                    zh = "起的日子在止的日子之后：从早写到晚",
                    en = "the window begins after its end: write the earlier day first"
                ),
            ));
            return None;
        }
        Some(())
    }

    /// `最好 3次`. Outside `None`: reported.
    fn best(&mut self, a: &AggregateExpr, what: AggregateOf) -> Option<Option<u32>> {
        let Some((n, at)) = &a.best else {
            return Some(None);
        };
        let number = crate::constant::number_of(n, Dim::TIMES, &mut self.sink)?;
        let whole = number.to_i128().and_then(|n| u32::try_from(n).ok());
        let adds = matches!(what, AggregateOf::Sum | AggregateOf::Mean);
        if let (Some(n), true) = (whole.filter(|n| (1..=1_000).contains(n)), adds) {
            return Some(Some(n));
        }
        self.sink.push(Diagnostic::new(
            codes::BEST_MISPLACED,
            *at,
            match adds {
                true => text!(
                    zh = "“最好”后面写 1 到 1000 的整数次：合计(比赛.得分 最好 3次 …)",
                    en = "“best” is followed by 1 to 1000 times: sum(match.score best 3 times …)"
                ),
                false => text!(
                    zh = "“最好 n次”只跟“合计”“平均”：最好的几次加起来写 合计(… 最好 3次 …)，取平均写 平均(… 最好 3次 …)",
                    en = "“best n times” goes with “sum” and “mean” only: sum(… best 3 times …) adds the best up, mean(… best 3 times …) takes their mean"
                ),
            },
        ));
        None
    }

    /// 含本条: must be said where the fact being scored could be one of those counted (decision 011).
    fn this_fact(
        &mut self,
        cx: Scope,
        a: &AggregateExpr,
        kind: KindIx,
        base: &Name,
        over: Over,
        span: Span,
    ) -> Option<bool> {
        let can = cx.kind == Some(kind) && !cx.period && !matches!(over, Over::Before(..));
        match a.this {
            Some((with, _)) => Some(can && with),
            None if !can => Some(false),
            None if self.blind => None,
            None => {
                let words = [("含本条", "including this"), ("不含本条", "excluding this")];
                let at = a.close.at_start();
                let d = Diagnostic::new(
                    codes::THIS_FACT_UNSTATED,
                    span,
                    text!(
                        zh = "正在计分的这条“{0}”自己算不算在内没有写明。前面已有 2条，现在是第 3条：含本条 算 3条，不含本条 算 2条",
                        en = "whether the fact “{0}” that is being scored is itself counted is open. With two before it, at the third: including this there are 3, excluding this 2",
                        base.text
                    ),
                );
                let d = self.sink.each(d, (at, " ", ""), &words);
                self.sink.push(d);
                None
            }
        }
    }

    /// S4: the time of spans is added up, so what overlapping spans do must be stated.
    fn time_stated(&mut self, inner: Scope, v: &Val) {
        if self.reads(v.id, &|n| *n == Node::SpanSeconds) {
            self.overlap_word(inner);
        }
    }
}

/// The name of the record.
fn base(of: &Expr) -> Option<&Name> {
    match &of.kind {
        ExprKind::Name(n) => Some(n),
        ExprKind::Member(inner, _) => base(inner),
        // A weighted field: the record stands at the beginning.
        ExprKind::Binary(_, left, _) => base(left),
        _ => None,
    }
}

/// `None` inside: reported.
fn lift(v: Option<Option<Val>>) -> Option<Option<Val>> {
    match v {
        None => Some(None),
        Some(inner) => inner.map(Some),
    }
}

/// Does a period of this sort begin with every period of `unit`?
fn begins_with(unit: Period, p: Period) -> bool {
    p == Period::Day || p == unit || (p >= Period::Month && unit >= Period::Month && p <= unit)
}

fn word_text(w: AggregateWord) -> (&'static str, &'static str) {
    match w {
        AggregateWord::Count => ("计数", "count"),
        AggregateWord::Distinct => ("去重计数", "distinct"),
        AggregateWord::Sum => ("合计", "sum"),
        AggregateWord::Mean => ("平均", "mean"),
        AggregateWord::Share => ("占比", "share"),
        AggregateWord::Max => ("最大", "max"),
        AggregateWord::Min => ("最小", "min"),
        AggregateWord::First => ("最早", "earliest"),
        AggregateWord::Last => ("最近", "latest"),
        AggregateWord::Streak => ("连续", "streak"),
        AggregateWord::Days => ("日集", "day_set"),
        AggregateWord::Months => ("月集", "month_set"),
    }
}
