//! On what an item runs: its record or its period, its subject, its conditions, its currencies; the policy header.

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::FieldType;
use jifen_plan::{
    CurrencyIx, Expr as Node, Hold, KindIx, Precision, Require, RosterIx, Trigger, Whose,
};
use jifen_quantity::Decimal;
use jifen_syntax::ast::{
    Expr, ExprKind, HeaderKind, HoldWord, Name, PeriodWord, PrecisionStmt, StmtKind,
};

use crate::expr::{Checker, Reads, Scope};
use crate::resolve::{ItemSrc, Sym, period};

/// What an item runs on, as written.
struct Written<'s> {
    on: Option<(&'s Name, Option<&'s Expr>, Span)>,
    every: Option<(PeriodWord, bool, Span)>,
}

impl Checker<'_> {
    /// Names in the policy header.
    pub(super) fn header(&mut self, vi: usize) {
        let Some(policy) = self.w.versions.get(vi).and_then(|v| v.policy) else {
            return;
        };
        for s in &policy.stmts {
            match &s.kind {
                HeaderKind::Workdays(n)
                    if !matches!(n.text.as_str(), "中国" | "China" | "china") =>
                {
                    let word = self.sink.kw("中国", "China");
                    self.sink.push(
                        Diagnostic::new(
                            codes::WORKDAYS_UNSTATED,
                            n.span,
                            text!(
                                zh = "没有叫“{}”的工作日历，现有的是：中国",
                                en = "there is no calendar of working days “{}”; there is: China",
                                n.text
                            ),
                        )
                        .fix(
                            n.span,
                            word,
                            text!(zh = "用中国的工作日历", en = "use that of China"),
                        ),
                    );
                }
                HeaderKind::Multiply(m) => {
                    for n in &m.applies {
                        self.clause_name(vi, n);
                    }
                }
                _ => {}
            }
        }
        let stmts = self.w.versions.get(vi).map(|v| v.categories.values());
        for c in stmts.into_iter().flatten() {
            for s in &c.decl.stmts {
                // The parser has said which statements do not belong here (JF0112).
                if let StmtKind::Multiply(m) = &s.kind {
                    for n in &m.applies {
                        self.clause_name(vi, n);
                    }
                }
            }
        }
    }

    /// A name that must be an item or a category.
    pub(super) fn clause_name(&mut self, vi: usize, n: &Name) -> bool {
        let Some(v) = self.w.versions.get(vi) else {
            return false;
        };
        match v.names.get(&n.text) {
            Some((Sym::Item | Sym::Category, _)) => true,
            Some((Sym::Poison, _)) => false,
            Some((other, at)) => {
                let sort = other.sort();
                self.sink.push(
                    Diagnostic::new(
                        codes::WRONG_SORT_OF_NAME,
                        n.span,
                        jifen_diag::Text::new(
                            format!("“{0}”是{1}；这里要写项目或类别的名字", n.text, sort.zh),
                            format!(
                                "“{0}” is a {1}; an item or a category is wanted here",
                                n.text, sort.en
                            ),
                        ),
                    )
                    .label(*at, text!(zh = "声明在这里", en = "declared here")),
                );
                false
            }
            None => {
                let known = v.names_where(|s| matches!(s, Sym::Item | Sym::Category));
                let what = text!(zh = "项目或类别", en = "item or category");
                self.sink.unknown(n, &what, known);
                false
            }
        }
    }

    /// Trigger and scope of an item.
    pub(super) fn trigger(&mut self, vi: usize, src: &ItemSrc<'_>) -> Option<(Trigger, Scope)> {
        let w = self.written(src);
        let of = |start: bool| {
            (w.every).and_then(|(unit, at_start, _)| (at_start == start).then(|| period(unit)))
        };
        let mut cx = Scope {
            period: w.every.is_some(),
            opens: of(true),
            closes: of(false),
            reads: Reads::of(src),
            ..Scope::of_version(vi)
        };
        let Some((name, _, span)) = w.on else {
            let Some((unit, at_start, span)) = w.every else {
                self.no_source(src);
                return None;
            };
            let roster = self.period_subject(vi, src, span)?;
            cx.roster = Some(roster);
            let trigger = Trigger::Period {
                roster,
                unit: period(unit),
                at_start,
                row: None,
            };
            return Some((trigger, cx));
        };
        let k = self.record_name(vi, name)?;
        self.uses_kind(k);
        let kind = self.w.kinds.get(k.ix())?;
        cx.kind = Some(k);
        cx.roster = Some(kind.subject);
        match (kind.period, w.every) {
            (None, None) => Some((Trigger::Fact(k), cx)),
            (Some(p), Some((unit, at_start, at))) => {
                if p != period(unit) {
                    self.period_error(
                        at,
                        &kind.name,
                        "周期要与记录的“每……”相同",
                        "the item's period must be the record's",
                    );
                    return None;
                }
                let trigger = Trigger::Period {
                    roster: kind.subject,
                    unit: p,
                    at_start,
                    row: Some(k),
                };
                Some((trigger, cx))
            }
            (Some(_), None) => {
                self.period_error(
                    span,
                    &kind.name,
                    "它每期一行，项目要写同样的“周期”",
                    "it has one row per period, so the item needs the same period",
                );
                None
            }
            (None, Some((_, _, at))) => {
                self.period_error(
                    at,
                    &kind.name,
                    "它一件一行，每件计一次分，不能再写“周期”；要限次数请用“上限”",
                    "it has one row per event and each is scored by itself: drop the period; use a cap to limit the number",
                );
                None
            }
        }
    }

    fn period_error(&mut self, at: Span, record: &str, zh: &str, en: &str) {
        self.sink.push(Diagnostic::new(
            codes::PERIOD_MISMATCH,
            at,
            text!(
                zh = "记录“{record}”与“周期”不合：{zh}",
                en = "the record “{record}” and the period do not fit: {en}"
            ),
        ));
    }

    fn written<'s>(&mut self, src: &ItemSrc<'s>) -> Written<'s> {
        let mut w = Written {
            on: None,
            every: None,
        };
        for s in &src.decl.stmts {
            match &s.kind {
                StmtKind::On { record, when } => {
                    if let Some((_, _, first)) = w.on {
                        self.twice(s.span, first);
                    } else {
                        w.on = Some((record, when.as_ref(), s.span));
                    }
                }
                StmtKind::Every { period, at_start } => {
                    if let Some((_, _, first)) = w.every {
                        self.twice(s.span, first);
                    } else {
                        w.every = Some((*period, *at_start, s.span));
                    }
                }
                _ => {}
            }
        }
        w
    }

    /// A statement that may stand once.
    pub(super) fn twice(&mut self, at: Span, first: Span) {
        self.sink.push(
            Diagnostic::new(
                codes::STATEMENT_TWICE,
                at,
                text!(
                    zh = "同样的语句前面已经写过，只能留一句",
                    en = "the same statement stands above; keep one of them"
                ),
            )
            .label(first, text!(zh = "先写的", en = "the first one")),
        );
    }

    fn no_source(&mut self, src: &ItemSrc<'_>) {
        if src
            .decl
            .stmts
            .iter()
            .any(|s| matches!(s.kind, StmtKind::Broken))
            || self.sink.lost_in(src.span)
        {
            return;
        }
        let record = self
            .w
            .kinds
            .first()
            .map_or("参会", |k| k.name.as_str())
            .to_owned();
        let fix = self
            .sink
            .lang
            .pick(format!("凭 {record}\n    "), format!("on {record}\n    "));
        let at = src
            .decl
            .stmts
            .first()
            .map_or(src.decl.name.span, |s| s.span);
        self.sink.push(
            Diagnostic::new(
                codes::ITEM_WITHOUT_SOURCE,
                src.decl.name.span,
                text!(
                    zh = "项目“{0}”没有写凭哪种记录计分（凭 …），也没有写周期（周期 每月）",
                    en = "the item “{0}” says neither on which record it awards (on …) nor in which period (every month)",
                    src.decl.name.text
                ),
            )
            .fix(at.at_start(), fix, text!(zh = "写明凭据", en = "say on which record")),
        );
    }

    /// A name that must be a record.
    pub(crate) fn record_name(&mut self, vi: usize, n: &Name) -> Option<KindIx> {
        let v = self.w.versions.get(vi)?;
        match v.names.get(&n.text) {
            Some((Sym::Kind(k), _)) => Some(*k),
            Some((Sym::Poison, _)) => None,
            Some((other, at)) => {
                let sort = other.sort();
                self.sink.push(
                    Diagnostic::new(
                        codes::WRONG_SORT_OF_NAME,
                        n.span,
                        jifen_diag::Text::new(
                            format!(
                                "“{0}”是{1}，不是记录；“凭”后面写记录的名字",
                                n.text, sort.zh
                            ),
                            format!(
                                "“{0}” is a {1}, not a record; a record stands after “on”",
                                n.text, sort.en
                            ),
                        ),
                    )
                    .label(*at, text!(zh = "声明在这里", en = "declared here")),
                );
                None
            }
            None => {
                let known = v.names_where(|s| matches!(s, Sym::Kind(_)));
                self.sink
                    .unknown(n, &text!(zh = "记录", en = "record"), known);
                None
            }
        }
    }

    /// The roster that is named, or the only one; `Ok(None)`: reported. Otherwise all of them.
    pub(super) fn roster_said(
        &mut self,
        vi: usize,
        named: Option<&Name>,
    ) -> Result<Option<RosterIx>, Vec<RosterIx>> {
        let Some(v) = self.w.versions.get(vi) else {
            return Ok(None);
        };
        if let Some(n) = named {
            return Ok(match v.names.get(&n.text) {
                Some((Sym::Roster(r), _)) => Some(*r),
                Some((Sym::Poison, _)) => None,
                _ => {
                    let known = v.names_where(|s| matches!(s, Sym::Roster(_)));
                    self.sink
                        .unknown(n, &text!(zh = "名册", en = "roster"), known);
                    None
                }
            });
        }
        let rosters = v.names.values().filter_map(|(s, _)| match s {
            Sym::Roster(r) => Some(*r),
            _ => None,
        });
        let all: Vec<RosterIx> = rosters.collect();
        match all.as_slice() {
            [only] => Ok(Some(*only)),
            [] if self.sink.lenient || !v.rosters.is_empty() => Ok(None),
            _ => Err(all),
        }
    }

    /// The roster of a period item: stated, the only one, or the only one with the attributes it reads.
    fn period_subject(&mut self, vi: usize, src: &ItemSrc<'_>, span: Span) -> Option<RosterIx> {
        let all = match self.roster_said(vi, src.decl.subject.as_ref()) {
            Ok(only) => return only,
            Err(all) => all,
        };
        let mut names = Vec::new();
        for s in &src.decl.stmts {
            if let StmtKind::Requires { cond, .. } = &s.kind {
                bare_names(cond, &mut names);
            }
        }
        let has = |r: &RosterIx| {
            self.w
                .rosters
                .get(r.ix())
                .is_some_and(|r| names.iter().any(|n| r.attrs.iter().any(|a| a.name == *n)))
        };
        let fitting: Vec<RosterIx> = all.iter().copied().filter(has).collect();
        if let [only] = fitting.as_slice() {
            return Some(*only);
        }
        let v = self.w.versions.get(vi)?;
        let list: Vec<&str> = v.rosters.keys().copied().collect();
        let (list, en) = jifen_diag::listed(&list);
        self.sink.push(Diagnostic::new(
            codes::SUBJECT_UNSTATED,
            span,
            text!(
                zh = "有几个名册（{list}），要写明这个项目给谁计分，例如：项目 {0} 对象 居民",
                en = "there are several rosters ({en}): say whom the item is for, e.g. “item {0} for residents”",
                src.decl.name.text
            ),
        ));
        None
    }

    /// 条件 and the tail of 凭.
    pub(super) fn conditions(&mut self, cx: Scope, src: &ItemSrc<'_>) -> Vec<(Require, Span)> {
        let mut out = Vec::new();
        for s in &src.decl.stmts {
            if let StmtKind::On { when: Some(e), .. } = &s.kind
                && let Some(v) = self.condition(cx, e)
            {
                let cond = v.id;
                self.held(cx, cond, None, e.span);
                out.push((Require { cond, hold: None }, e.span));
            }
        }
        for s in &src.decl.stmts {
            let StmtKind::Requires { cond, hold } = &s.kind else {
                continue;
            };
            self.daily = hold.is_some();
            let v = self.condition(cx, cond);
            self.daily = false;
            let Some(v) = v else {
                continue;
            };
            self.held(cx, v.id, *hold, cond.span);
            let hold = hold.map(|(h, _)| match h {
                HoldWord::Whole => Hold::Whole,
                HoldWord::FirstDay => Hold::FirstDay,
                HoldWord::AnyDay => Hold::AnyDay,
                HoldWord::Prorated => Hold::Prorated,
            });
            out.push((Require { cond: v.id, hold }, s.span));
        }
        out
    }

    /// S19a: an attribute that may change within the period needs a word.
    fn held(
        &mut self,
        cx: Scope,
        cond: jifen_plan::ExprId,
        hold: Option<(HoldWord, Span)>,
        at: Span,
    ) {
        let roster = cx.roster.and_then(|r| self.w.rosters.get(r.ix()));
        let dated = |n: &Node| match n {
            Node::Attr(Whose::Own, a) => !roster
                .and_then(|r| r.attrs.get(a.ix()))
                .is_some_and(|a| matches!(a.ty, FieldType::Date | FieldType::Instant)),
            _ => false,
        };
        // A measure is of the whole period: what it reads of the roster is not looked at day by day.
        let reads = self.reads_outside_measures(cond, &dated);
        match hold {
            None if cx.period && reads => {
                let words = [
                    ("整月在任", "whole month"),
                    ("月初在任", "on first day"),
                    ("当月曾任", "any day"),
                    ("按日折算", "prorated"),
                ];
                let d = Diagnostic::new(codes::HOLD_UNSTATED, at, hold_message());
                let d = self.sink.each(d, (at.at_end(), " ", ""), &words);
                self.sink.push(d);
            }
            Some((_, span)) if !cx.period => {
                self.sink.push(
                    Diagnostic::new(
                        codes::HOLD_NOT_HERE,
                        span,
                        text!(
                            zh = "任职词只用于“周期”项目；凭记录计分的，看的是事情发生那天的名册",
                            en = "holding words belong to period items; on a record, the roster of the event day is read"
                        ),
                    )
                    .fix(span, "", text!(zh = "删去", en = "drop it")),
                );
            }
            Some((_, span)) if !reads => {
                self.sink.push(
                    Diagnostic::new(
                        codes::HOLD_NOT_HERE,
                        span,
                        text!(
                            zh = "这个条件没有用到名册里会变的属性，不必写任职词",
                            en = "this condition reads nothing of the roster that changes: drop the holding word"
                        ),
                    )
                    .fix(span, "", text!(zh = "删去", en = "drop it")),
                );
            }
            _ => {}
        }
    }

    /// The rounding of an item: its own 精度, or the one that all its currencies share.
    pub(super) fn item_precision(
        &mut self,
        vi: usize,
        src: &ItemSrc<'_>,
        credit: &[CurrencyIx],
    ) -> Option<Precision> {
        let mut own: Option<(&PrecisionStmt, Span)> = None;
        for s in &src.decl.stmts {
            if let StmtKind::Precision(p) = &s.kind {
                if let Some((_, first)) = own {
                    self.twice(s.span, first);
                } else {
                    own = Some((p, s.span));
                }
            }
        }
        if let Some((p, span)) = own {
            return crate::resolve::precision(p, span, &mut self.sink);
        }
        let v = self.w.versions.get(vi)?;
        let all: Vec<Option<Precision>> =
            credit.iter().map(|c| v.precision.get(c).copied()).collect();
        let first = all.first().copied().flatten();
        if all.iter().all(|p| *p == first) || credit.iter().any(|c| v.precision_lost.contains(c)) {
            return first;
        }
        let sample = Decimal::new(73, 1).unwrap_or_default();
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        for (c, p) in credit.iter().zip(&all) {
            let name = self
                .w
                .currencies
                .get(c.ix())
                .map_or("", |c| c.name.as_str());
            let to = p.map_or(sample, |p| {
                sample.round_to(p.step, p.mode).unwrap_or(sample)
            });
            zh.push(format!("按“{name}”是 {to}分"));
            en.push(format!("{to} points as in “{name}”"));
        }
        let (zh, en) = (zh.join("，"), en.join(", "));
        self.sink.push(Diagnostic::new(
            codes::PRECISION_UNSTATED,
            src.decl.name.span,
            text!(
                zh = "“{0}”计入的几种积分精度不同，上限之前按哪个取整没有写明：{sample}分{zh}；在项目里写“精度 …”",
                en = "“{0}” feeds points of different precision, and how it is rounded before its caps is open: {sample} points become {en}; write “precision …” in the item",
                src.decl.name.text
            ),
        ));
        None
    }
}

/// Scheme O1, example 8: in office from 16 January to 15 March, 10 points a month.
fn hold_message() -> jifen_diag::Text {
    // Days in office: January 16 of 31, February 28 of 28, March 15 of 31.
    let months = [(16, 31), (28, 28), (15, 31)];
    let ten = Decimal::from_int(10);
    let sum = |f: &dyn Fn(i64, i64, usize) -> Decimal| {
        let parts = months.iter().enumerate().map(|(i, (h, d))| f(*h, *d, i));
        parts.fold(Decimal::ZERO, |a, b| a.add(b).unwrap_or(a))
    };
    let yes = |b: bool| if b { ten } else { Decimal::ZERO };
    let whole = sum(&|h, d, _| yes(h == d));
    // On the first day of January the office was not yet held.
    let first = sum(&|_, _, i| yes(i > 0));
    let any = sum(&|h, _, _| yes(h > 0));
    let share = sum(&|h, d, _| {
        let x = ten.mul(Decimal::from_int(h)).unwrap_or_default();
        x.div(Decimal::from_int(d)).unwrap_or_default()
    });
    let share = share.round(2, jifen_quantity::Rounding::HalfUp);
    text!(
        zh = "任职期间怎么算没有写明。每月 10分、1月16日上任3月15日离任：整月在任得 {whole}分，月初在任得 {first}分，当月曾任得 {any}分，按日折算得 {share}分",
        en = "how the office must be held is open. With 10 points a month, held from 16 January to 15 March: whole month gives {whole}, on first day {first}, any day {any}, prorated {share} points"
    )
}

/// Bare names in a condition.
fn bare_names(e: &Expr, out: &mut Vec<String>) {
    match &e.kind {
        ExprKind::Name(n) => out.push(n.text.clone()),
        ExprKind::Not(a)
        | ExprKind::Negate(a)
        | ExprKind::IsMissing(a)
        | ExprKind::Member(a, _) => {
            bare_names(a, out);
        }
        ExprKind::Compare(_, a, b)
        | ExprKind::And(a, b)
        | ExprKind::Or(a, b)
        | ExprKind::Binary(_, a, b) => {
            bare_names(a, out);
            bare_names(b, out);
        }
        ExprKind::OneOf(a, _) => bare_names(a, out),
        ExprKind::Between(a, b, c) => {
            bare_names(a, out);
            bare_names(b, out);
            bare_names(c, out);
        }
        ExprKind::Call(_, args) => args.iter().for_each(|a| bare_names(a, out)),
        _ => {}
    }
}
