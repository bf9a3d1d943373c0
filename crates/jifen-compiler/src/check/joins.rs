//! 接: with which earlier facts an item's fact is joined, by what key, within how long, and how they are paired (S19b).

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{
    Cmp, Days, EventAt, Expr as Node, ExprId, FieldType, Join, JoinKey, KindIx, Pairing, Within,
};
use jifen_quantity::{Decimal, Dim, Rounding};
use jifen_syntax::ast::{Expr, ExprKind, JoinStmt, JoinWindow, Name, PairWord, StmtKind, Unit};

use super::Clauses;
use super::items::Seen;
use crate::constant;
use crate::expr::{Checker, Scope};
use crate::resolve::ItemSrc;
use crate::sink::Sink;

/// Ten years, in seconds.
const LONGEST: i64 = 3660 * 86_400;

impl Checker<'_> {
    /// The joins of an item, in written order.
    pub(super) fn joins(
        &mut self,
        cx: Scope,
        src: &ItemSrc<'_>,
        seen: &mut Seen,
        clauses: &mut Clauses,
    ) -> Vec<Join> {
        let mut out = Vec::new();
        for s in &src.decl.stmts {
            let StmtKind::Join(j) = &s.kind else {
                continue;
            };
            if src.decl.spend || cx.period {
                self.join_place(src, s.span);
                seen.poisoned = true;
                continue;
            }
            match self.join(cx, j, s.span, clauses) {
                Some(join) => out.push(join),
                None => seen.poisoned = true,
            }
        }
        out
    }

    fn join_place(&mut self, src: &ItemSrc<'_>, at: Span) {
        let d = Diagnostic::new(
            codes::JOIN_PLACE,
            at,
            match src.decl.spend {
                true => text!(
                    zh = "“{0}”是支用或转赠，现在还不能写“接”；把要对上的写成一个项目",
                    en = "“{0}” is a spend or a transfer, which cannot be joined yet; make what has to be matched an item",
                    src.decl.name.text
                ),
                false => text!(
                    zh = "“{0}”按周期计分，没有可接的那一条；写“凭”一种记录，一条一条地接",
                    en = "“{0}” runs once a period and has no fact to join; put it on a record",
                    src.decl.name.text
                ),
            },
        );
        self.sink.push(d);
    }

    fn join(&mut self, cx: Scope, j: &JoinStmt, span: Span, clauses: &mut Clauses) -> Option<Join> {
        let kind = self.record_name(cx.version, &j.record)?;
        self.uses_kind(kind);
        let same = self.other_record(cx, &j.record, kind);
        let condition = self.join_condition(cx, j, kind, span);
        let from = self.counted_from(j, span);
        let within = self.join_window(cx, j, (kind, from), span, clauses);
        let pairing = self.pairing(j, span);
        self.joined.push((j.record.text.clone(), kind));
        same?;
        let (keys, when) = condition?;
        Some(Join {
            kind,
            keys,
            when,
            from: from?,
            within: within?,
            pairing: pairing?,
        })
    }

    /// A record is told from the item's own, and from those joined before, by its name.
    fn other_record(&mut self, cx: Scope, n: &Name, kind: KindIx) -> Option<()> {
        let own = cx.kind == Some(kind);
        if !own && self.joined.iter().all(|j| j.1 != kind) {
            return Some(());
        }
        self.sink.push(
            Diagnostic::new(
                codes::JOIN_RECORD,
                n.span,
                match own {
                    true => text!(
                        zh = "这个项目凭的就是“{0}”，它和自己接不上：“{0}.字段”说的是哪一条就不清楚了",
                        en = "this item is on “{0}” itself and cannot be joined with it: which fact “{0}.field” means would be open",
                        n.text
                    ),
                    false => text!(
                        zh = "“{0}”前面已经接过：“{0}.字段”说的是哪一条就不清楚了",
                        en = "“{0}” has been joined above: which fact “{0}.field” means would be open",
                        n.text
                    ),
                },
            )
            .help(text!(
                zh = "把两种情形登记成两种记录；只要数一数、找最近一条的，用统计：最近({0}.日期栏 … 在 …)",
                en = "make two records of the two cases; to count them or to find the latest, use an aggregate: “latest({0}.day in …)”",
                n.text
            )),
        );
        None
    }

    /// 当, cut into the keys and the rest.
    fn join_condition(
        &mut self,
        cx: Scope,
        j: &JoinStmt,
        kind: KindIx,
        span: Span,
    ) -> Option<(Vec<JoinKey>, Option<ExprId>)> {
        let inner = Scope {
            kind: Some(kind),
            roster: self.w.kinds.get(kind.ix()).map(|k| k.subject),
            period: false,
            running: false,
            day_total: false,
            inside: true,
            around: cx.kind,
            ..cx
        };
        let (mut keys, mut rest) = (Vec::new(), Vec::new());
        if let Some(when) = &j.when {
            self.joining = true;
            let v = self.condition(inner, when);
            self.joining = false;
            self.conjuncts(v?.id, &mut keys, &mut rest);
        }
        if keys.is_empty() {
            if !self.blind {
                self.key_missing(cx, j, kind, span);
            }
            return None;
        }
        let mut rest = rest.into_iter();
        let first = rest.next();
        let when = first.map(|first| {
            rest.fold(first, |a, b| {
                self.exprs.add(Node::And(a, b), jifen_plan::Ty::YesNo)
            })
        });
        Some((keys, when))
    }

    /// The parts of an 且: equalities between both facts, and what else is asked.
    fn conjuncts(&self, id: ExprId, keys: &mut Vec<JoinKey>, rest: &mut Vec<ExprId>) {
        match self.exprs.get(id) {
            Node::And(a, b) => {
                self.conjuncts(*a, keys, rest);
                self.conjuncts(*b, keys, rest);
            }
            Node::Compare(Cmp::Eq, a, b) => {
                let theirs = |e: &ExprId| {
                    let whose = self.exprs.get(*e);
                    matches!(
                        whose,
                        Node::Field(_) | Node::Subject | Node::Attr(jifen_plan::Whose::Own, _)
                    )
                };
                let ours =
                    |e: &ExprId| matches!(self.exprs.get(*e), Node::This(_) | Node::Joined(..));
                match (a, b) {
                    (a, b) if theirs(a) && ours(b) => keys.push(JoinKey {
                        theirs: *a,
                        ours: *b,
                    }),
                    (a, b) if ours(a) && theirs(b) => keys.push(JoinKey {
                        theirs: *b,
                        ours: *a,
                    }),
                    _ => rest.push(id),
                }
            }
            _ => rest.push(id),
        }
    }

    /// What both records could have in common, as it would be written.
    fn shared_field(&self, cx: Scope, record: &Name, kind: KindIx) -> Option<(String, String)> {
        let theirs = self.w.kinds.get(kind.ix())?;
        let own = self.w.kinds.get(cx.kind?.ix())?;
        let shared = theirs.fields.iter().find(|f| {
            let same = |o: &jifen_plan::Field| o.name == f.name && o.ty == f.ty;
            f.ty != FieldType::Span && own.fields.iter().any(same)
        });
        let name = &record.text;
        Some(match (shared, theirs.subject == own.subject) {
            (Some(f), _) => (
                format!("{0} 为 本条.{0}", f.name),
                format!("{0} is this fact.{0}", f.name),
            ),
            (None, true) => (
                format!("{name}.对象 为 本条.对象"),
                format!("{name}.subject is this fact.subject"),
            ),
            (None, false) => (
                "单号 为 本条.单号".to_owned(),
                "order is this fact.order".to_owned(),
            ),
        })
    }

    fn key_missing(&mut self, cx: Scope, j: &JoinStmt, kind: KindIx, span: Span) {
        let Some((zh, en)) = self.shared_field(cx, &j.record, kind) else {
            return;
        };
        let name = &j.record.text;
        let at = j.when.as_ref().map_or(j.record.span, |w| w.span);
        let text = match j.when {
            Some(_) => (format!(" 且 {zh}"), format!(" and {en}")),
            None => (format!(" 当 {zh}"), format!(" when {en}")),
        };
        let word = self.sink.lang.pick(text.0, text.1);
        self.sink.push(
            Diagnostic::new(
                codes::JOIN_KEY_MISSING,
                span,
                text!(
                    zh = "凭什么接上没有写明：“{name}”的哪一栏要和这一条的哪一栏相同？没有这一句，别人的“{name}”也会接上。这里可以写“{zh}”；“{name}.对象”是那条记录是谁的，“本条.对象”是这一条是谁的",
                    en = "by what facts are joined is not stated: which field of “{name}” equals which field of this fact? Without it other people's facts would be joined. Here one may write “{en}”; “{name}.subject” is whose fact that one is, “this fact.subject” whose this one is"
                ),
            )
            .fix(at.at_end(), word, text!(zh = "写明相同的栏", en = "say what is equal")),
        );
    }

    /// 距: needed from the second join on. `Some(None)`: from the item's own fact.
    #[allow(clippy::option_option, reason = "outer: reported; inner: this fact")]
    fn counted_from(&mut self, j: &JoinStmt, span: Span) -> Option<Option<u16>> {
        if let Some((name, at)) = &j.from {
            let Some(name) = name else {
                return Some(None);
            };
            let place = self.joined.iter().position(|x| x.0 == name.text);
            if place.is_none() {
                let mut known: Vec<&str> = self.joined.iter().map(|x| x.0.as_str()).collect();
                known.push(self.sink.kw("本条", "this fact"));
                let (list, en) = jifen_diag::listed(&known);
                self.sink.push(Diagnostic::new(
                    codes::JOIN_FROM_UNSTATED,
                    *at,
                    text!(
                        zh = "“距”后面写前面接上的记录，或 本条；这里有：{list}",
                        en = "“counted from” takes a record joined above, or this fact; there are: {en}"
                    ),
                ));
            }
            return place.map(|p| u16::try_from(p).ok());
        }
        let Some((last, _)) = self.joined.last().cloned() else {
            return Some(None);
        };
        self.ask_from(j, &last, span);
        None
    }

    /// Asks from which fact time is counted.
    fn ask_from(&mut self, j: &JoinStmt, last: &str, span: Span) {
        let zh = ["距 本条".to_owned(), format!("距 {last}")];
        let en = [
            "counted from this fact".to_owned(),
            format!("counted from {last}"),
        ];
        let words: Vec<(&str, &str)> = zh
            .iter()
            .map(String::as_str)
            .zip(en.iter().map(String::as_str))
            .collect();
        let gap = Sink::gap(j.window.as_ref().map(|w| w.1), span.at_end());
        let d = Diagnostic::new(
            codes::JOIN_FROM_UNSTATED,
            span,
            text!(
                zh = "时间从哪一条算起没有写明。“{0}”在 5日、“{last}”在 2日、这一条在 6日，3个自然日内：“距 {last}”要“{0}”在“{last}”之前，接不上；“距 本条”接得上",
                en = "from which fact time is counted is open. With “{0}” on the 5th, “{last}” on the 2nd and this fact on the 6th, 3 calendar days or less before: counted from “{last}”, “{0}” has to stand before it and is not joined; counted from this fact it is",
                j.record.text
            ),
        );
        let d = self.sink.each(d, gap, &words);
        self.sink.push(d);
    }

    fn join_window(
        &mut self,
        cx: Scope,
        j: &JoinStmt,
        (kind, from): (KindIx, Option<Option<u16>>),
        span: Span,
        clauses: &mut Clauses,
    ) -> Option<Within> {
        self.only_hours_count(j)?;
        let within = match &j.window {
            None => {
                self.join_window_unstated(j, span);
                return None;
            }
            Some((JoinWindow::Lifetime, _)) => return Some(Within::Lifetime),
            Some((JoinWindow::Within(e), _)) => e,
        };
        let ExprKind::Number(q) = &within.kind else {
            return None;
        };
        match q.unit {
            Some(Unit::Hours | Unit::Minutes) if q.per.is_none() => {}
            Some(Unit::Weeks) if q.per.is_none() => return self.weeks(within, &q.digits),
            Some(Unit::Days | Unit::CalendarDays | Unit::WorkingDays) => {
                return self.days(within, clauses).map(Within::Days);
            }
            _ => {
                self.wrong_window(within.span);
                return None;
            }
        }
        let seconds = self.seconds(within)?;
        let anchor = match from? {
            None => cx.kind,
            Some(slot) => self.joined.get(usize::from(slot)).map(|x| x.1),
        };
        for k in anchor.into_iter().chain([kind]) {
            self.has_clock(k, within.span)?;
        }
        match &j.only {
            None => Some(Within::Seconds(seconds)),
            Some((only, at)) => self.office_hours(cx, (seconds, within.span), (only, *at), clauses),
        }
    }

    /// Hours or minutes as whole seconds.
    fn seconds(&mut self, e: &Expr) -> Option<i64> {
        let n = constant::number(e, &mut self.sink)?;
        let whole = n.value.round_to(Decimal::ONE, Rounding::Down).ok();
        let seconds = whole
            .filter(|w| *w == n.value && w.is_positive() && n.dim == Dim::DURATION)
            .and_then(|w| i64::try_from(w.rescale(0)?).ok())
            .filter(|s| *s <= LONGEST);
        if seconds.is_none() {
            self.wrong_window(e.span);
        }
        seconds
    }

    /// Weeks are calendar days.
    fn weeks(&mut self, e: &Expr, digits: &str) -> Option<Within> {
        let weeks = digits.parse::<u32>().ok();
        let count = weeks.and_then(|n| n.checked_mul(7));
        let count = count.filter(|n| (1..=3660).contains(n));
        if count.is_none() {
            self.wrong_window(e.span);
        }
        let working = false;
        count.map(|count| Within::Days(Days { count, working }))
    }

    /// S4: hours cannot be counted between facts that only know their day.
    fn has_clock(&mut self, kind: KindIx, at: Span) -> Option<()> {
        let k = self.w.kinds.get(kind.ix())?;
        let day = |f: &jifen_plan::Field| f.ty == FieldType::Date;
        let no_clock = k.period.is_some()
            || match k.at {
                EventAt::Entry => true,
                EventAt::Field(f) => k.fields.get(f.ix()).is_some_and(day),
                EventAt::Start | EventAt::End => false,
            };
        if !no_clock {
            return Some(());
        }
        self.sink.push(Diagnostic::new(
            codes::JOIN_WINDOW,
            at,
            text!(
                zh = "“{0}”只有日期没有钟点，数不出几小时；请写几个自然日内，或几个工作日内",
                en = "“{0}” has a day but no time of day: hours cannot be counted; write so many calendar days or working days",
                k.name
            ),
        ));
        None
    }

    pub(super) fn wrong_window(&mut self, at: Span) {
        self.sink.push(Diagnostic::new(
            codes::JOIN_WINDOW,
            at,
            text!(
                zh = "时限写小时、分钟（整秒），或整数的自然日、工作日、周：24小时内、3个自然日内、5个工作日内；不限时间写 终身",
                en = "a time limit is in hours or minutes (whole seconds) or whole calendar days, working days or weeks: 24 hours, 3 calendar days, 5 working days or less before; without a limit: lifetime"
            ),
        ));
    }

    fn join_window_unstated(&mut self, j: &JoinStmt, span: Span) {
        let name = &j.record.text;
        let gap = Sink::gap(j.pairing.map(|p| p.1), span.at_end());
        let words = [
            ("24小时内", "24 hours or less before"),
            ("3个自然日内", "3 calendar days or less before"),
            ("5个工作日内", "5 working days or less before"),
            ("终身", "lifetime"),
        ];
        let d = Diagnostic::new(
            codes::JOIN_WINDOW_UNSTATED,
            span,
            text!(
                zh = "多久以前的“{name}”还算没有写明。“{name}”在 5月6日 10:00，这一条在 5月8日 09:00：24小时内 接不上，3个自然日内 接得上，终身 总接得上",
                en = "how long before a “{name}” may stand is open. With one at 10:00 on 6 May and this fact at 09:00 on 8 May: 24 hours or less before is not met, 3 calendar days is, lifetime always is"
            ),
        );
        let d = self.sink.each(d, gap, &words);
        self.sink.push(d);
    }

    fn pairing(&mut self, j: &JoinStmt, span: Span) -> Option<Pairing> {
        if let Some((word, _)) = j.pairing {
            return Some(match word {
                PairWord::Each => Pairing::Each,
                PairWord::First => Pairing::First,
                PairWord::OneToOne => Pairing::OneToOne,
            });
        }
        let words = [
            ("每个", "each one"),
            ("首个", "first one"),
            ("一对一", "one to one"),
        ];
        let d = Diagnostic::new(
            codes::JOIN_PAIRING_UNSTATED,
            span,
            text!(
                zh = "怎样一一对上没有写明。先有两条“{0}”，后有三条这种记录，每条得 2分：每个 都得，共 6分；首个 只有头一条得，共 2分；一对一 用掉一条“{0}”得一次，共 4分",
                en = "how facts are paired is open. With two of “{0}” and then three of these, 2 points each: each one gives 6 in all, first one 2 (the first of them alone), one to one 4 (each “{0}” serves once)",
                j.record.text
            ),
        );
        let d = self.sink.each(d, (span.at_end(), " ", ""), &words);
        self.sink.push(d);
        None
    }
}
