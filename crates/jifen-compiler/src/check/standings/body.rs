//! What ranks, grades, flags and rights say.

use jifen_calendar::Period;
use jifen_diag::{Diagnostic, codes, text};
use jifen_plan::{
    AtLine, Expr as Node, ExprId, Fall, FieldType, Flag, Grade, Rank, Right, Ties, Times, TimesOf,
    Value,
};
use jifen_quantity::{Decimal, Dim};
use jifen_syntax::ast::{
    CompareOp, Expr, ExprKind, FallWord, FlagBody, FlagTimes, GradeBody, GradeKey, GradeRow, Name,
    Quantity, RankBody, RankKey, RightBody, RightValid, RowKey, StandingDecl, Unit,
};

use crate::constant;
use crate::expr::{Checker, Kind, Scope, Val};
use crate::resolve::{every, period, rounding};
use crate::units::Tag;

impl Checker<'_> {
    pub(super) fn rank(&mut self, cx: Scope, decl: &StandingDecl, body: &RankBody) -> Option<Rank> {
        let by = body.by.as_ref().map(|k| self.rank_key(cx, k));
        let then: Vec<_> = body.then.iter().map(|k| self.rank_key(cx, k)).collect();
        let among = body.among.as_ref().map(|e| {
            let cx = Scope { among: true, ..cx };
            self.condition(cx, e)
        });
        let within = body.within.as_ref().map(|n| self.rank_group(cx, n));
        if decl.broken {
            return None;
        }
        let name = &decl.name;
        let Some(by) = by else {
            self.asked(
                name.span,
                text!(
                    zh = "排名“{0}”没有写按什么排：按 获得(可用积分)、按 余额(可用积分)、按 某个指标",
                    en = "the ranking “{0}” does not say by what: by earned(points), by balance(points), by a measure",
                    name.text
                ),
            );
            return None;
        };
        let Some((gaps, _)) = body.ties else {
            let d = Diagnostic::new(
                codes::STANDING_INCOMPLETE,
                name.span,
                text!(
                    zh = "排名“{0}”没有写同分怎么排。90、90、80 三个人：占位 是第 1、1、3 名，不占位 是第 1、1、2 名",
                    en = "the ranking “{0}” does not say what equals get. For 90, 90 and 80: “ties skip” gives 1, 1, 3, “ties do not skip” gives 1, 1, 2",
                    name.text
                ),
            );
            let at = body
                .by
                .as_ref()
                .map_or(name.span, |k| k.value.span)
                .at_end();
            let words = [
                ("并列 占位", "ties skip"),
                ("并列 不占位", "ties do not skip"),
            ];
            let d = self.sink.each(d, (at, "\n  ", ""), &words);
            self.sink.push(d);
            return None;
        };
        Some(Rank {
            by: by?,
            low_first: body.by.as_ref().and_then(|k| k.low_first) == Some(true),
            then: then
                .into_iter()
                .zip(&body.then)
                .map(|(k, written)| Some((k?, written.low_first == Some(true))))
                .collect::<Option<_>>()?,
            within: match within {
                Some(group) => Some(group?),
                None => None,
            },
            among: match among {
                // 在册: who is not on the roster on the last day takes no part anyhow.
                Some(among) => Some(among?.id)
                    .filter(|a| *self.exprs.get(*a) != Node::Const(Value::YesNo(true))),
                None => None,
            },
            ties: match gaps {
                true => Ties::Gaps,
                false => Ties::Dense,
            },
            round: body.round.map(|(word, _)| rounding(word)),
            at_line: match body.at_line {
                Some((false, _)) => AtLine::AllOut,
                _ => AtLine::AllIn,
            },
        })
    }

    fn rank_key(&mut self, cx: Scope, key: &RankKey) -> Option<ExprId> {
        self.numeric(cx, &key.value).map(|v| v.0.id)
    }

    fn rank_group(&mut self, cx: Scope, n: &Name) -> Option<jifen_plan::AttrIx> {
        let roster = cx.roster?;
        let r = self.w.rosters.get(roster.ix())?;
        let attr = self.attr(cx, roster, &n.text);
        let ty = attr.and_then(|a| r.attrs.get(a.ix())).map(|a| &a.ty);
        if let Some(FieldType::Group | FieldType::Choice(_) | FieldType::Text) = ty {
            return attr;
        }
        if self.damaged(cx, Some(n)) {
            return None;
        }
        let groups = (r.attrs.iter())
            .filter(|a| matches!(a.ty, FieldType::Group | FieldType::Choice(_)))
            .map(|a| a.name.as_str());
        let groups: Vec<&str> = groups.collect();
        self.field_error(n, &groups);
        None
    }

    pub(super) fn grade(
        &mut self,
        cx: Scope,
        decl: &StandingDecl,
        body: &GradeBody,
    ) -> Option<Grade> {
        let name = &decl.name;
        let mut rows = Vec::new();
        let mut right = self.levels_in_order(body);
        for (i, row) in body.rows.iter().enumerate() {
            let level = i64::try_from(body.rows.len() - 1 - i).unwrap_or(0);
            let cond = match &row.key {
                GradeKey::Rest => None,
                key => match self.level(cx, name, body, row, key) {
                    Some(cond) => Some(cond.id),
                    None => {
                        right = false;
                        continue;
                    }
                },
            };
            let value = self.num(Decimal::from_int(level), Dim::PURE, Tag::Plain, row.span);
            rows.push((cond, value.id));
        }
        if decl.broken {
            return None;
        }
        let veto = self.veto(cx, body);
        let Some((fall, _)) = body.fall else {
            let d = Diagnostic::new(
                codes::STANDING_INCOMPLETE,
                name.span,
                text!(
                    zh = "等级“{0}”没有写能不能降。上一期 优秀，这一期只够最低一级：允许 就是最低一级，逐级 降一级，不降 还是 优秀",
                    en = "the grade “{0}” does not say whether it can fall. Best last time, only enough for the lowest now: “allowed” gives the lowest, “stepwise” one level less, “never” still the best",
                    name.text
                ),
            );
            let words = [
                ("降级 允许", "falling allowed"),
                ("降级 逐级", "falling stepwise"),
                ("降级 不降", "falling never"),
            ];
            let at = body.rows.first().map_or(name.span, |r| r.span).at_start();
            let d = self.sink.each(d, (at, "", "\n  "), &words);
            self.sink.push(d);
            return None;
        };
        if !right {
            return None;
        }
        let (_, rest) = rows.pop()?;
        let rows: Option<Vec<_>> = rows.into_iter().map(|(c, v)| Some((c?, v))).collect();
        let rows = rows?;
        let level = match rows.is_empty() {
            true => rest,
            false => {
                let kind = Kind::Num(Dim::PURE, Tag::Plain);
                self.node(Node::First { rows, rest }, kind, name.span).id
            }
        };
        Some(Grade {
            veto: veto?,
            level,
            names: body
                .rows
                .iter()
                .rev()
                .map(|r| r.name.text.clone())
                .collect(),
            fall: match fall {
                FallWord::Freely => Fall::Freely,
                FallWord::Stepwise => Fall::Stepwise,
                FallWord::Never => Fall::Never,
            },
        })
    }

    /// The level that a veto of the score gives; below 0 where none does.
    fn veto(&mut self, cx: Scope, body: &GradeBody) -> Option<Option<ExprId>> {
        let mut rows = Vec::new();
        let Some((_, last)) = body.vetoes.last() else {
            return Some(None);
        };
        for (when, level) in &body.vetoes {
            let cond = self.condition(cx, when);
            let up = (body.rows.iter().rev()).position(|r| r.name.text == level.text)?;
            let up = Decimal::from_int(i64::try_from(up).ok()?);
            let value = self.num(up, Dim::PURE, Tag::Plain, level.span);
            rows.push((cond?.id, value.id));
        }
        let none = Decimal::from_int(-1);
        let rest = self.num(none, Dim::PURE, Tag::Plain, last.span).id;
        let kind = Kind::Num(Dim::PURE, Tag::Plain);
        Some(Some(
            self.node(Node::First { rows, rest }, kind, last.span).id,
        ))
    }

    /// The condition of a level.
    fn level(
        &mut self,
        cx: Scope,
        name: &Name,
        body: &GradeBody,
        row: &GradeRow,
        key: &GradeKey,
    ) -> Option<Val> {
        let bound = match key {
            GradeKey::When(e) => return self.condition(cx, e),
            GradeKey::Top(quota) => None.or(Some(Err(quota))),
            GradeKey::Bound(key) => Some(Ok(key)),
            GradeKey::Rest => None,
        }?;
        let Some(by) = &body.by else {
            self.asked(
                row.span,
                text!(
                    zh = "“{1}”和什么比没有写明：等级 {0} 按 季度绩效 {{ … }}",
                    en = "with what “{1}” is compared is not stated: grade {0} by quarter_score {{ … }}",
                    name.text,
                    row.name.text
                ),
            );
            return None;
        };
        match bound {
            Err(quota) => self.top(cx, by, quota, row.span),
            Ok(key) => self.bounded(cx, by, key, row),
        }
    }

    fn bounded(&mut self, cx: Scope, by: &Expr, key: &RowKey, row: &GradeRow) -> Option<Val> {
        let op = |op, e: &Expr| Expr {
            kind: ExprKind::Compare(op, Box::new(by.clone()), Box::new(e.clone())),
            span: row.span,
        };
        let written = match key {
            RowKey::From(e) => op(CompareOp::Ge, e),
            RowKey::Above(e) => op(CompareOp::Gt, e),
            RowKey::NotAbove(e) => op(CompareOp::Le, e),
            RowKey::Under(e) => op(CompareOp::Lt, e),
            RowKey::Range(a, b) => {
                let (a, b) = (self.bounded(cx, by, a, row), self.bounded(cx, by, b, row));
                return Some(self.node(Node::And(a?.id, b?.id), Kind::YesNo, row.span));
            }
            RowKey::Values(_) | RowKey::Rest => {
                self.sink.push(Diagnostic::new(
                    codes::GRADE_ROWS,
                    row.span,
                    text!(
                        zh = "“{0}”从多少起没有写明：{0}: 90 以上、{0}: 不足 60、{0}: 前 20%、{0}: 当 条件",
                        en = "from where “{0}” begins is not stated: {0}: 90 and above, {0}: below 60, {0}: top 20%, {0}: when condition",
                        row.name.text
                    ),
                ));
                return None;
            }
        };
        self.condition(cx, &written)
    }

    /// 其余 stands last and once; each bound is lower than the one before it, so that every level can be reached; no name twice.
    fn levels_in_order(&mut self, body: &GradeBody) -> bool {
        let mut wrong: Vec<(jifen_diag::Span, jifen_diag::Text)> = Vec::new();
        let last = body.rows.len().saturating_sub(1);
        let mut before: Option<(Decimal, bool)> = None;
        for (i, row) in body.rows.iter().enumerate() {
            let name = &row.name.text;
            if body.rows.iter().take(i).any(|r| r.name.text == *name) {
                wrong.push((
                    row.name.span,
                    text!(zh = "“{name}”写了两次", en = "“{name}” stands there twice"),
                ));
            }
            match (&row.key, i == last) {
                (GradeKey::Rest, false) => wrong.push((
                    row.span,
                    text!(
                        zh = "“其余”写在最后一级：从高到低一级一级看，先够哪一级就是哪一级",
                        en = "“rest” stands last: levels are looked at from the highest down, and the first that is reached counts"
                    ),
                )),
                (GradeKey::Rest, true) => {}
                (_, true) => wrong.push((
                    row.span,
                    text!(
                        zh = "都不够的是哪一级没有写明：最后一级写 其余，例如 “无: 其余”",
                        en = "which level those have who reach none is not stated: the last is “rest”, as in none: rest"
                    ),
                )),
                _ => {}
            }
            let GradeKey::Bound(key) = &row.key else {
                before = None;
                continue;
            };
            let (bound, falls) = match key {
                RowKey::From(e) | RowKey::Above(e) => (e, true),
                RowKey::NotAbove(e) | RowKey::Under(e) => (e, false),
                _ => {
                    before = None;
                    continue;
                }
            };
            let mut quiet = crate::sink::Sink::default();
            let bound = constant::number(bound, &mut quiet).map(|n| n.value);
            if let (Some(bound), Some((was, fell))) = (bound, before)
                && falls == fell
                && (falls && bound >= was || !falls && bound <= was)
            {
                wrong.push((
                    row.span,
                    text!(
                        zh = "“{name}”谁也到不了：够得上它的，都已经够得上前一级",
                        en =
                            "nobody gets “{name}”: whoever reaches it has reached the level before"
                    ),
                ));
            }
            before = bound.map(|b| (b, falls));
        }
        let right = wrong.is_empty();
        for (at, message) in wrong {
            self.sink
                .push(Diagnostic::new(codes::GRADE_ROWS, at, message));
        }
        right && !body.rows.is_empty()
    }

    pub(super) fn flag(
        &mut self,
        cx: Scope,
        unit: Period,
        decl: &StandingDecl,
        body: &FlagBody,
    ) -> Option<Flag> {
        let when = self.condition(cx, &body.when);
        let times = match &body.times {
            Some(times) => Some(self.times(unit, decl, body, times)?),
            None => None,
        };
        let when = when?.id;
        Some(Flag {
            notice: body.notice,
            when,
            times,
        })
    }

    fn times(
        &mut self,
        unit: Period,
        decl: &StandingDecl,
        body: &FlagBody,
        times: &FlagTimes,
    ) -> Option<Times> {
        let n = self.periods_of(unit, &times.n)?;
        let of_last = match &times.of_last {
            Some(e) => Some(self.periods_of(unit, e)?),
            None => None,
        };
        let of = match (times.running, of_last) {
            (true, None) => {
                let Some((skip, _)) = body.gaps else {
                    let d = Diagnostic::new(
                        codes::STANDING_INCOMPLETE,
                        times.span,
                        text!(
                            zh = "“{0}”要连续几期，中间一期没有值（没有数据、不够数）怎么办没有写明。不合格、无值、不合格：跳过 算连续两期，中断 不算",
                            en = "“{0}” is about periods in a row; what a period without a value does is not stated. Failed, no value, failed: “skipped” counts two in a row, “breaks” does not",
                            decl.name.text
                        ),
                    );
                    let words = [
                        ("无值 跳过", "no value skipped"),
                        ("无值 中断", "no value breaks"),
                    ];
                    let d = self.sink.each(d, (times.span.at_end(), " ", ""), &words);
                    self.sink.push(d);
                    return None;
                };
                TimesOf::Running { skip }
            }
            (false, None) => TimesOf::Ever,
            (false, Some(last)) if last >= n => TimesOf::Last(last),
            (_, Some(_)) => {
                self.asked(
                    times.span,
                    text!(
                        zh = "“近 几期”写在“累计”后面，不少于累计的期数：累计 2个季度 近 4个季度",
                        en = "“of the last” follows “in all” and is no less than that: in all 2 quarters of the last 4 quarters"
                    ),
                );
                return None;
            }
        };
        Some(Times { n, of })
    }

    /// So many periods, in the unit of the flag or 期, 次.
    fn periods_of(&mut self, unit: Period, e: &Expr) -> Option<u16> {
        let each = match unit {
            Period::Day => Unit::Days,
            Period::Week => Unit::Weeks,
            Period::Month => Unit::Months,
            Period::Quarter => Unit::Quarters,
            Period::HalfYear => Unit::Times,
            Period::Year => Unit::Years,
        };
        let fits = |q: &Quantity| matches!(q.unit, Some(u) if u == each || u == Unit::Times);
        if let ExprKind::Number(q) = &e.kind
            && fits(q)
            && let Ok(n @ 1..) = q.digits.parse::<u16>()
        {
            return Some(n);
        }
        let here = every(unit);
        let message = jifen_diag::Text::new(
            format!(
                "它是{}看一次的，这里写几次，或者同样的期数，整数：连续 2次",
                here.0
            ),
            format!(
                "it is looked at {}; so many times or periods of that sort is wanted, a whole number: in a row 2 times",
                here.1
            ),
        );
        self.asked(e.span, message);
        None
    }

    pub(super) fn right(&mut self, cx: Scope, unit: Period, body: &RightBody) -> Option<Right> {
        let mut conds = Vec::new();
        let mut values = Vec::new();
        for (when, value) in &body.cases {
            conds.push((self.condition(cx, when), when.span));
            if let Some(e) = value {
                values.push((self.right_worth(cx, e), e.span));
            }
        }
        let rest = body
            .rest
            .as_ref()
            .map(|e| (self.right_worth(cx, e), e.span));
        let months = match &body.valid {
            Some((valid, at)) => self.validity(unit, valid, *at)?,
            None => None,
        };
        let valued = values.len();
        if valued != 0 && valued != conds.len()
            || valued == 0 && (rest.is_some() || conds.len() > 1)
        {
            let at = body.cases.first().map(|c| c.0.span)?;
            self.asked(
                at,
                text!(
                    zh = "有几种情形的权益，每种都写是多少：当 … {{ 1.5票 }} 否则 {{ 1票 }}；只问有没有的，写一个“当”",
                    en = "a right with several cases says for each how much it is: when … {{ 1.5 votes }} otherwise {{ 1 vote }}; one that is only had or not has one “when”"
                ),
            );
            return None;
        }
        let conds: Option<Vec<Val>> = conds.into_iter().map(|c| c.0).collect();
        let conds = conds?;
        let mut has = conds.first()?.clone();
        for c in conds.iter().skip(1) {
            has = self.node(Node::Or(has.id, c.id), Kind::YesNo, c.span);
        }
        let kinds: Option<Vec<Val>> = (values.into_iter().chain(rest.clone()))
            .map(|v| v.0)
            .collect();
        let kinds = kinds?;
        let worth = self.same_worth(&kinds)?;
        if let (Some((Some(rest), _)), Some(kind)) = (rest, worth.clone()) {
            let rows: Vec<(ExprId, ExprId)> = conds
                .iter()
                .map(|c| c.id)
                .zip(kinds.iter().map(|v| v.id))
                .collect();
            let value = Node::First {
                rows,
                rest: rest.id,
            };
            let value = self.valued(value, kind, rest.span);
            let yes = Node::Const(Value::YesNo(true));
            let all = self.node(yes, Kind::YesNo, rest.span);
            // Whoever has nothing better has the rest; whether that can be told is asked all the same.
            return Some(Right {
                has: all.id,
                worth: Some(value.id),
                months,
            });
        }
        let worth = match (worth, kinds.last(), kinds.len()) {
            (Some(_), Some(only), 1) => Some(only.id),
            (Some(kind), Some(last), _) => {
                let rows = conds.iter().map(|c| c.id).zip(kinds.iter().map(|v| v.id));
                let mut rows: Vec<(ExprId, ExprId)> = rows.collect();
                rows.pop();
                let value = Node::First {
                    rows,
                    rest: last.id,
                };
                Some(self.valued(value, kind, last.span).id)
            }
            _ => None,
        };
        Some(Right {
            has: has.id,
            worth,
            months,
        })
    }

    /// A value that keeps its unit: votes, yuan.
    fn right_worth(&mut self, cx: Scope, e: &Expr) -> Option<Val> {
        let plain = std::mem::replace(&mut self.plain, false);
        let value = self.numeric(cx, e).map(|v| v.0);
        self.plain = plain;
        value
    }

    fn valued(&mut self, node: Node, kind: Kind, span: jifen_diag::Span) -> Val {
        let plain = std::mem::replace(&mut self.plain, false);
        let value = self.node(node, kind, span);
        self.plain = plain;
        value
    }

    /// The unit of all of them; `Some(None)`: there are none.
    fn same_worth(&mut self, values: &[Val]) -> Option<Option<Kind>> {
        let Some(first) = values.first() else {
            return Some(None);
        };
        if let Some(other) = values.iter().find(|v| v.kind != first.kind) {
            let (a, b) = (first.kind.text(), other.kind.text());
            self.sink.push(Diagnostic::new(
                codes::UNIT_MISMATCH,
                other.span,
                jifen_diag::Text::new(
                    format!("前面是{}，这里是{}；同一项权益要一样", a.zh, b.zh),
                    format!(
                        "the first is {}, this is {}; one right has one unit",
                        a.en, b.en
                    ),
                ),
            ));
            return None;
        }
        Some(Some(first.kind.clone()))
    }

    /// For how many months; none: until the period after it ends.
    fn validity(
        &mut self,
        unit: Period,
        valid: &RightValid,
        at: jifen_diag::Span,
    ) -> Option<Option<u16>> {
        match valid {
            RightValid::Next(word) if period(*word) == unit => Some(None),
            RightValid::Next(_) => {
                let here = every(unit);
                self.asked(
                    at,
                    jifen_diag::Text::new(
                        format!("它是{}评的，“有效”写下一个同样的周期，或者写几个月", here.0),
                        format!("it is given {}; “valid” takes the next period of that sort, or so many months", here.1),
                    ),
                );
                None
            }
            RightValid::For(e) => {
                let n = constant::number(e, &mut self.sink)?;
                let months = n.value.to_i128().and_then(|m| u16::try_from(m).ok());
                match (n.tag, months) {
                    (Tag::Months, Some(m @ 1..=1200)) => Some(Some(m)),
                    _ => {
                        self.asked(
                            e.span,
                            text!(
                                zh = "“有效”后面写几个月、几年，或者 次年、次季度：有效 12个月",
                                en = "“valid” takes so many months or years, or next year, next quarter: valid 12 months"
                            ),
                        );
                        None
                    }
                }
            }
        }
    }
}
