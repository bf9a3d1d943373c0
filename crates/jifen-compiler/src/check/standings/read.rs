//! Where ranks, grades, flags and rights may be read, and as what.

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Expr as Node, StandingIx, StandingKind, StandingRead, Take};
use jifen_quantity::Dim;
use jifen_syntax::ast::{ClosedExpr, CompareOp, Expr, ExprKind, Name, StandingBody, Unit};

use crate::expr::{Checker, Kind, Making, Scope, Val};
use crate::resolve::Sym;
use crate::units::Tag;

impl Checker<'_> {
    /// The rank that an expression names, as 年度榜 or 上年(年度榜).
    pub(crate) fn rank_named(&self, cx: Scope, of: &Expr) -> Option<StandingIx> {
        let ix = self.standing_named(cx, of)?;
        let s = self.w.standings.get(ix.ix())?;
        matches!(s.decl.body, StandingBody::Rank(_)).then_some(ix)
    }

    /// The standing that an expression names, of its own period or of the one before.
    pub(crate) fn standing_named(&self, cx: Scope, of: &Expr) -> Option<StandingIx> {
        let of = match &of.kind {
            ExprKind::Closed(c) => &c.of,
            _ => of,
        };
        let ExprKind::Name(n) = &of.kind else {
            return None;
        };
        match self.version(cx)?.names.get(&n.text) {
            Some((Sym::Standing(ix), _)) => Some(*ix),
            _ => None,
        }
    }

    /// Is a level of some grade called so?
    pub(crate) fn is_level(&self, name: &str) -> bool {
        self.w.standings.iter().any(|s| match &s.decl.body {
            StandingBody::Grade(g) => g.rows.iter().any(|r| r.name.text == name),
            _ => false,
        })
    }

    /// `上年(考核等级)` and its like; `None`: no standing is named.
    pub(crate) fn closed_standing(
        &mut self,
        cx: Scope,
        c: &ClosedExpr,
        span: Span,
    ) -> Option<Option<Val>> {
        let ix = self.standing_named(cx, &c.of)?;
        Some(self.closed_value(cx, ix, c, span))
    }

    fn closed_value(
        &mut self,
        cx: Scope,
        ix: StandingIx,
        c: &ClosedExpr,
        span: Span,
    ) -> Option<Val> {
        let kind = self.stood_before(cx, ix, c)?;
        let name = self.w.standings.get(ix.ix())?.decl.name.text.clone();
        let value = match kind {
            StandingKind::Rank(_) => {
                self.rank_alone(&name, span);
                return None;
            }
            other => self.value_of(ix, other, 1, span)?,
        };
        let Some(default) = &c.default else {
            return Some(value);
        };
        let at = default.span;
        let default = self.beside(cx, default, &value.kind)?;
        self.same_kind(&value.kind, &default.kind, at, &name)?;
        let missing = self.node(Node::IsMissing(value.id), Kind::YesNo, span);
        let node = Node::First {
            rows: vec![(missing.id, default.id)],
            rest: value.id,
        };
        Some(self.node(node, value.kind, span))
    }

    /// May its last period that is over be read here?
    fn stood_before(&mut self, cx: Scope, ix: StandingIx, c: &ClosedExpr) -> Option<StandingKind> {
        if !self.standing_agrees(cx, ix, c.of.span)? {
            return None;
        }
        let s = self.w.standings.get(ix.ix())?;
        let name = s.decl.name.text.clone();
        let at = c.of.span;
        if let StandingBody::Right(_) = s.decl.body {
            self.sink.push(Diagnostic::new(
                codes::STANDING_PLACE,
                at,
                text!(
                    zh = "权益有效的时候就看得到，直接写“{name}”",
                    en = "a right is read while it is in force: write “{name}” alone"
                ),
            ));
            return None;
        }
        if self.measuring.contains(&Making::Standing(ix)) {
            self.sink.push(Diagnostic::new(
                codes::STANDING_CIRCLE,
                at,
                text!(
                    zh = "“{name}”看的是它自己上一期的结果：等级写 降级 逐级 或 不降，标记写 连续、累计",
                    en = "“{name}” reads its own result of the period before: a grade says falling stepwise or never, a flag in a row or in all"
                ),
            ));
            return None;
        }
        let (roster, unit) = self.stance(ix)?;
        let place = (self.single_facts(cx, &name)).or_else(|| self.anothers(cx, roster, &name));
        if let Some(message) = place {
            self.sink
                .push(Diagnostic::new(codes::STANDING_PLACE, at, message));
            return None;
        }
        self.word_fits(c, unit, &name)?;
        self.standing(ix)
    }

    /// The rank that an expression names, if it may be read here, and how many periods back.
    fn rank_at(&mut self, cx: Scope, ix: StandingIx, of: &Expr) -> Option<u16> {
        match &of.kind {
            ExprKind::Closed(c) => {
                if let Some(d) = &c.default {
                    self.sink.push(Diagnostic::new(
                        codes::STANDING_PLACE,
                        d.span,
                        text!(
                            zh = "排名没有缺省的名次；没有上榜的人，前几名一律为否",
                            en = "a ranking has no default place; who is not ranked is not among the first"
                        ),
                    ));
                    return None;
                }
                self.stood_before(cx, ix, c).map(|_| 1)
            }
            _ => self.stands(cx, ix, of.span).map(|_| 0),
        }
    }

    /// May it be read here? Then what it is.
    fn stands(&mut self, cx: Scope, ix: StandingIx, span: Span) -> Option<StandingKind> {
        if let Some(at) = (self.measuring.iter()).position(|x| *x == Making::Standing(ix)) {
            self.measure_circle(at, span);
            return None;
        }
        if !self.standing_agrees(cx, ix, span)? {
            return None;
        }
        let s = self.w.standings.get(ix.ix())?;
        let name = s.decl.name.text.clone();
        let (roster, unit) = self.stance(ix)?;
        let message = match &s.decl.body {
            // It holds from day to day.
            StandingBody::Right(_) if cx.inside || self.joining || self.daily => Some(text!(
                zh = "统计、接续和按天看的条件里面看不到权益“{name}”；把它写在外面",
                en = "the right “{name}” cannot be read inside an aggregate, a join or a condition held through a period: write it outside"
            )),
            StandingBody::Right(_) if cx.roster != Some(roster) || self.passing.is_some() => {
                let r = self.w.rosters.get(roster.ix());
                let whose = r.map_or("", |r| r.name.as_str()).to_owned();
                Some(text!(
                    zh = "“{name}”是“{whose}”的权益，这里说的是别的对象",
                    en = "“{name}” is a right of “{whose}”, and this is about another subject"
                ))
            }
            StandingBody::Right(_) => None,
            _ => self.misread(cx, roster, unit, &name),
        };
        if let Some(message) = message {
            self.sink
                .push(Diagnostic::new(codes::STANDING_PLACE, span, message).label(
                    s.decl.name.span,
                    text!(zh = "在这里声明", en = "declared here"),
                ));
            return None;
        }
        self.standing(ix)
    }

    fn stood_at(
        &mut self,
        (ix, back): (StandingIx, u16),
        take: Take,
        kind: Kind,
        span: Span,
    ) -> Val {
        let read = StandingRead {
            standing: ix,
            take,
            back,
        };
        self.node(Node::Standing(read), kind, span)
    }

    /// 考核等级, 红牌, 提案权, 表决票 by name.
    pub(crate) fn read_standing(&mut self, cx: Scope, ix: StandingIx, span: Span) -> Option<Val> {
        match self.stands(cx, ix, span)? {
            StandingKind::Rank(_) => {
                let name = self.w.standings.get(ix.ix())?.decl.name.text.clone();
                self.rank_alone(&name, span);
                None
            }
            other => self.value_of(ix, other, 0, span),
        }
    }

    fn value_of(
        &mut self,
        ix: StandingIx,
        what: StandingKind,
        back: u16,
        span: Span,
    ) -> Option<Val> {
        let of = (ix, back);
        if matches!(what, StandingKind::Flag(f) if f.notice) {
            self.notice_read(ix, span);
            return None;
        }
        Some(match what {
            StandingKind::Grade(g) => {
                let names = g.names.into_iter().rev().collect();
                self.stood_at(of, Take::Level, Kind::Choice(names), span)
            }
            StandingKind::Flag(_) => self.stood_at(of, Take::Flagged, Kind::YesNo, span),
            StandingKind::Right(r) => match r.worth {
                None => self.stood_at(of, Take::InForce, Kind::YesNo, span),
                Some(worth) => {
                    let jifen_plan::Ty::Num(dim) = self.exprs.ty(worth) else {
                        return None;
                    };
                    let kind = Kind::Num(dim, Tag::Plain);
                    self.stood_at(of, Take::Worth, kind, span)
                }
            },
            StandingKind::Rank(_) => return None,
        })
    }

    /// A ranking by its name alone.
    fn rank_alone(&mut self, name: &str, span: Span) {
        self.sink.push(Diagnostic::new(
            codes::STANDING_PLACE,
            span,
            text!(
                zh = "“{name}”是排名，写看它的什么：{name}.名次、{name}.人数、{name}.胜过（排在后面的占多少），或 {name} 前 20%、{name} 前 3名",
                en = "“{name}” is a ranking; say what of it: “{name}”.place, .entrants, .beats (the share of those behind), or “{name}” top 20%, top 3 people"
            ),
        ));
    }

    /// 年度榜.名次
    pub(crate) fn of_rank(&mut self, cx: Scope, of: &Expr, n: &Name, span: Span) -> Option<Val> {
        let ix = self.rank_named(cx, of)?;
        let take = match n.text.as_str() {
            "名次" | "place" => Take::Place,
            "人数" | "entrants" => Take::Entrants,
            "胜过" | "beats" => Take::Beats,
            _ => {
                let words = match self.sink.lang {
                    jifen_diag::Lang::Zh => ["名次", "人数", "胜过"],
                    jifen_diag::Lang::En => ["place", "entrants", "beats"],
                };
                self.field_error(n, &words);
                return None;
            }
        };
        let back = self.rank_at(cx, ix, of)?;
        let kind = Kind::Num(Dim::PURE, Tag::Plain);
        Some(self.stood_at((ix, back), take, kind, span))
    }

    /// 提示 only tells the council.
    fn notice_read(&mut self, ix: StandingIx, span: Span) {
        let name = (self.w.standings.get(ix.ix())).map_or("", |s| s.decl.name.text.as_str());
        self.sink.push(Diagnostic::new(
            codes::NOTICE_READ,
            span,
            text!(
                zh = "“{name}”是提示，只报给居民代表会议，什么都不能看它；要看它，写成 标记",
                en = "“{name}” is a notice: it is told to the council and nothing reads it; declare a flag to read it"
            ),
        ));
    }

    /// `年度榜 前 20%`, `年度榜 前 3名`
    pub(crate) fn top(&mut self, cx: Scope, rank: &Expr, quota: &Expr, span: Span) -> Option<Val> {
        let Some(ix) = self.rank_named(cx, rank) else {
            // An unknown name is told as one.
            if self.standing_named(cx, rank).is_some() || self.expr(cx, rank).is_some() {
                self.sink.push(Diagnostic::new(
                    codes::STANDING_PLACE,
                    rank.span,
                    text!(
                        zh = "“前”看的是排名：年度榜 前 20%；先写一个 排名",
                        en = "“top” is about a ranking: year_list top 20%; declare a ranking first"
                    ),
                ));
            }
            return None;
        };
        let many = self.quota(cx, quota);
        let back = self.rank_at(cx, ix, rank)?;
        let take = many?;
        self.line_drawn(ix, matches!(take, Take::Top(_)), span)?;
        Some(self.stood_at((ix, back), take, Kind::YesNo, span))
    }

    /// How many: a share of those ranked, or a number of people.
    fn quota(&mut self, cx: Scope, e: &Expr) -> Option<Take> {
        let plain = std::mem::replace(&mut self.plain, false);
        let cx = Scope::of_version(cx.version);
        let value = self.numeric(cx, e);
        self.plain = plain;
        let (value, dim, tag) = value?;
        let bare = matches!(&e.kind, ExprKind::Number(q) if q.unit != Some(Unit::Percent));
        if dim == Dim::PEOPLE {
            return Some(Take::First(value.id));
        }
        if dim.is_pure() && tag == Tag::Plain && !bare {
            return Some(Take::Top(value.id));
        }
        self.sink.push(Diagnostic::new(
            codes::QUOTA,
            e.span,
            text!(
                zh = "“前”后面写百分之几或几名：前 20%、前 3名",
                en = "“top” takes a percentage or so many people: top 20%, top 3 people"
            ),
        ));
        None
    }

    /// What a line through a ranking needs to be told (S30): asked once for each ranking.
    fn line_drawn(&mut self, ix: StandingIx, share: bool, span: Span) -> Option<()> {
        let s = self.w.standings.get(ix.ix())?;
        let StandingBody::Rank(body) = &s.decl.body else {
            return None;
        };
        let name = &s.decl.name.text;
        let mut open = Vec::new();
        if body.at_line.is_none() {
            open.push(text!(
                zh = "取到的最后一名有并列，只够一部分人，全取还是全不取没有写明：5 人取 2 名，90、80、80、70、60：全取 是 3 人，全不取 是 1 人（末位并列 全取 或 全不取）",
                en = "what becomes of equals on the line is not stated: of five with 90, 80, 80, 70, 60 the top two are three people with “ties at line in”, one with “ties at line out”"
            ));
        }
        if share && body.round.is_none() {
            open.push(text!(
                zh = "137 人的 10% 是 13.7 人，取几人没有写明：取整 舍去 是 13 人，进一 是 14 人",
                en = "10 % of 137 people are 13.7; how many that is is not stated: “rounded round down” gives 13, “rounded round up” 14"
            ));
        }
        if share && body.among.is_none() {
            open.push(text!(
                zh = "百分之几是谁的百分之几没有写明：参评范围 在册（期末在册的都算），或 参评范围 获得(可用积分) 超过 0分，或 周岁(出生, 期末) 不低于 18岁",
                en = "of whom the percentage is taken is not stated: among registered (all who are on the roster at the end), or among earned(points) exceeds 0 points, or age(born, period_end) not below 18 years"
            ));
        }
        if open.is_empty() {
            return Some(());
        }
        if self.quotas.insert(ix) {
            for message in open {
                let d = Diagnostic::new(codes::QUOTA, s.decl.name.span, message);
                let why = text!(
                    zh = "“{name}”在这里取前几名",
                    en = "the line through “{name}”"
                );
                self.sink.push(d.label(span, why));
            }
        }
        None
    }

    /// `考核等级 不低于 良好`: the levels from there on.
    pub(crate) fn grade_compared(
        &mut self,
        cx: Scope,
        op: CompareOp,
        (a, b): (&Expr, &Expr),
        span: Span,
    ) -> Option<Option<Val>> {
        if matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return None;
        }
        let ix = self.standing_named(cx, a)?;
        let s = self.w.standings.get(ix.ix())?;
        let (StandingBody::Grade(_), ExprKind::Name(level)) = (&s.decl.body, &b.kind) else {
            return None;
        };
        Some(self.levels(cx, op, ix, (a, level), span))
    }

    fn levels(
        &mut self,
        cx: Scope,
        op: CompareOp,
        ix: StandingIx,
        (of, level): (&Expr, &Name),
        span: Span,
    ) -> Option<Val> {
        let read = self.expr(cx, of)?;
        let Some(Some(StandingKind::Grade(grade))) = self.stood.get(&ix).cloned() else {
            return None;
        };
        let Some(line) = grade.names.iter().position(|n| *n == level.text) else {
            let names: Vec<&str> = grade.names.iter().rev().map(String::as_str).collect();
            self.field_error(level, &names);
            return None;
        };
        let within = |i: usize| match op {
            CompareOp::Ge => i >= line,
            CompareOp::Gt => i > line,
            CompareOp::Le => i <= line,
            CompareOp::Lt => i < line,
            CompareOp::Eq | CompareOp::Ne => false,
        };
        let mut names: Vec<jifen_plan::Value> = (grade.names.iter().enumerate())
            .filter(|(i, _)| within(*i))
            .map(|(_, n)| jifen_plan::Value::Text(n.clone()))
            .collect();
        names.sort();
        Some(self.node(Node::OneOf(read.id, names), Kind::YesNo, span))
    }
}
