//! `参数 签到分 = 取先 { 当 上月(参与率) 超过 50%: 3分  其余: 5分 }`: parameters that follow measures of periods that are over (S32).

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Expr as Node, ExprId, RosterIx};
use jifen_quantity::Dim;
use jifen_syntax::ast::{Expr, ExprKind, ParamDecl};

use crate::constant;
use crate::expr::{Checker, Kind, Making, Scope, Val};
use crate::resolve::{Sym, outside};

impl Checker<'_> {
    /// All of a version: also those that nothing reads.
    pub(super) fn follow_all(&mut self, version: usize) {
        for (ix, f) in self.w.follows.iter().enumerate() {
            if f.version == version {
                self.follow(ix);
            }
        }
    }

    /// A parameter that follows, as a value.
    pub(crate) fn read_following(&mut self, cx: Scope, ix: usize, span: Span) -> Option<Val> {
        let name = self.w.follows.get(ix)?.decl.name.text.clone();
        self.used.names.insert((cx.version, name.clone()));
        if let Some(message) = self.single_facts(cx, &name) {
            self.sink
                .push(Diagnostic::new(codes::MEASURE_PLACE, span, message));
            return None;
        }
        if cx.shared.is_some() {
            self.no_single(span);
            return None;
        }
        if let Some(at) = self.following.iter().position(|x| *x == ix) {
            self.follow_circle(at, span);
            return None;
        }
        let (id, kind, roster) = self.follow(ix)?;
        if cx.roster != Some(roster) || self.passing.is_some() {
            let whose = self.w.rosters.get(roster.ix());
            let whose = whose.map_or("", |r| r.name.as_str()).to_owned();
            self.sink.push(Diagnostic::new(
                codes::MEASURE_PLACE,
                span,
                text!(
                    zh = "“{name}”跟着“{whose}”的指标走，这里说的是别的对象",
                    en = "“{name}” follows a measure of “{whose}”, and this is about another subject"
                ),
            ));
            return None;
        }
        let kind = self.unitless(kind);
        Some(Val { id, kind, span })
    }

    /// Made where it is first met.
    fn follow(&mut self, ix: usize) -> Option<(ExprId, Kind, RosterIx)> {
        if let Some(made) = self.followed.get(&ix) {
            return made.clone();
        }
        self.following.push(ix);
        let blind = std::mem::replace(&mut self.blind, false);
        let daily = std::mem::replace(&mut self.daily, false);
        let plain = std::mem::replace(&mut self.plain, false);
        let passing = self.passing.take();
        let made = self.make_following(ix);
        (self.blind, self.daily, self.plain, self.passing) = (blind, daily, plain, passing);
        self.following.pop();
        self.followed.insert(ix, made.clone());
        self.look_again();
        made
    }

    fn make_following(&mut self, ix: usize) -> Option<(ExprId, Kind, RosterIx)> {
        let f = self.w.follows.get(ix)?;
        let name = f.decl.name.text.as_str();
        let mut wrong = Vec::new();
        self.foreign(f.version, &f.decl.value, &mut wrong);
        for (at, what) in &wrong {
            self.reads_foreign(name, *at, what);
        }
        if let Some((day, _)) = f.decl.steps.first() {
            self.sink.push(Diagnostic::new(
                codes::FOLLOW_DATED,
                day.span,
                text!(
                    zh = "“{name}”跟着指标走，不再写从哪天起是多少；要从哪天起换个算法，写在下一版里",
                    en = "“{name}” follows a measure, and takes no values from certain days on; another rule from a day on belongs into the next version"
                ),
            ));
        }
        if !wrong.is_empty() || !f.decl.steps.is_empty() {
            return None;
        }
        let roster = self.followed_roster(f.version, &f.decl.value)?;
        let cx = Scope {
            roster: Some(roster),
            ..Scope::of_version(f.version)
        };
        let (v, dim, tag) = self.numeric(cx, &f.decl.value)?;
        self.within_bounds(f.decl, dim);
        let kind = Kind::Num(dim, tag);
        let node = Node::Follows(name.to_owned(), v.id);
        let made = self.node(node, kind.clone(), f.decl.value.span);
        Some((made.id, kind, roster))
    }

    /// Whose measures it looks at.
    fn followed_roster(&mut self, version: usize, e: &Expr) -> Option<RosterIx> {
        if let ExprKind::Closed(c) = &e.kind
            && let Some((ix, _)) = self.measure_named(Scope::of_version(version), &c.of)
        {
            return Some(self.measure_head(ix)?.0);
        }
        if let ExprKind::Closed(c) = &e.kind
            && let Some(ix) = self.standing_named(Scope::of_version(version), &c.of)
        {
            return Some(self.stance(ix)?.0);
        }
        if let ExprKind::Closed(c) = &e.kind {
            // What the name is wrong for is said where it is looked at.
            self.closed(Scope::of_version(version), c, e.span);
            return None;
        }
        let parts = e.parts();
        parts
            .into_iter()
            .find_map(|p| self.followed_roster(version, p))
    }

    /// What is no value of a closed period, no number and no parameter.
    fn foreign(&self, version: usize, e: &Expr, out: &mut Vec<(Span, jifen_diag::Text)>) {
        let named = |n: &str| text!(zh = "“{n}”", en = "“{n}”");
        let what = match &e.kind {
            ExprKind::Name(n) => {
                let names = self.w.versions.get(version).map(|v| &v.names);
                match names.and_then(|all| all.get(&n.text)) {
                    Some((Sym::Param(_) | Sym::Following(_) | Sym::Poison, _)) => return,
                    Some((Sym::Measure(_), _)) => text!(
                        zh = "“{0}”还没有过完的这一期",
                        en = "“{0}” of a period that is not over",
                        n.text
                    ),
                    // 上季度(考核等级) 为 优秀
                    None if self.is_level(&n.text) => return,
                    _ => named(&n.text),
                }
            }
            // 上年(年度榜).名次
            ExprKind::Member(of, _) if matches!(of.kind, ExprKind::Closed(_)) => return,
            ExprKind::Member(of, n) => match &of.kind {
                ExprKind::Name(of) => named(&format!("{}.{}", of.text, n.text)),
                _ => named(&n.text),
            },
            ExprKind::Call(n, _) => named(&n.text),
            ExprKind::Earned(a) => named(&a.function.text),
            ExprKind::Aggregate(_) | ExprKind::Dates(_) => {
                text!(zh = "记录的统计", en = "an aggregate of facts")
            }
            ExprKind::Running => text!(zh = "本次得分", en = "this award"),
            ExprKind::DayTotal => text!(zh = "当日合计", en = "the day’s total"),
            ExprKind::ThisFact => text!(zh = "本条", en = "this fact"),
            ExprKind::InTime(_) => text!(zh = "记录的时刻", en = "the time of a fact"),
            _ => {
                for p in e.parts() {
                    self.foreign(version, p, out);
                }
                return;
            }
        };
        out.push((e.span, what));
    }

    fn reads_foreign(&mut self, name: &str, at: Span, what: &jifen_diag::Text) {
        self.sink.push(
            Diagnostic::new(
                codes::FOLLOW_READS,
                at,
                jifen_diag::Text::new(
                    format!("“{name}”是跟着指标走的参数，只能看已经过完的一期，这里看的是{}", what.zh),
                    format!(
                        "“{name}” is a parameter that follows measures: it reads only periods that are over, and this reads {}",
                        what.en
                    ),
                ),
            )
            .help(text!(
                zh = "要数的写成指标，这里写 上月(…)；同一条记录的条件写在项目里",
                en = "what is counted becomes a measure, and this reads last month(…); what depends on the fact stands in the item"
            )),
        );
    }

    /// 可调: each number that it may be.
    fn within_bounds(&mut self, decl: &ParamDecl, dim: Dim) {
        let Some((low, high)) = &decl.adjustable else {
            return;
        };
        let a = constant::number_of(low, dim, &mut self.sink);
        let b = constant::number_of(high, dim, &mut self.sink);
        let (Some(a), Some(b)) = (a, b) else { return };
        let mut found = Vec::new();
        leaves(&decl.value, &mut found);
        for e in found.into_iter().filter(|e| constant::is_number(e)) {
            let n = constant::number_of(e, dim, &mut self.sink);
            if let Some(n) = n.filter(|n| *n < a || *n > b) {
                let d = outside(&decl.name.text, n, e.span, (a, b, dim));
                let bounds = text!(zh = "可调范围", en = "the bounds");
                self.sink.push(d.label(low.span.to(high.span), bounds));
            }
        }
    }

    pub(super) fn follow_circle(&mut self, from: usize, span: Span) {
        let params = self.following.iter().skip(from);
        let names = params.filter_map(|f| self.w.follows.get(*f));
        let mut ring: Vec<&str> = names.map(|f| f.decl.name.text.as_str()).collect();
        let first = ring.first().copied();
        let measures = self.measuring.iter();
        let names = measures.filter_map(|m| match m {
            Making::Measure(m) => self.w.measures.get(m.ix()).map(|m| &m.decl.name),
            Making::Standing(s) => self.w.standings.get(s.ix()).map(|s| &s.decl.name),
        });
        ring.extend(names.map(|n| n.text.as_str()));
        ring.extend(first);
        let ring = ring.join(" → ");
        self.sink.push(
            Diagnostic::new(
                codes::FOLLOW_CIRCLE,
                span,
                text!(
                    zh = "参数跟着指标走，指标又看这个参数，绕成了一圈：{ring}",
                    en = "a parameter follows what is computed from it: “{ring}”"
                ),
            )
            .help(text!(
                zh = "指标看的若是前一期定下的参数，写明最早一期以前当作多少：上月(…) 缺省 …",
                en = "if the measure is meant to read what the period before has set, say what stands before the first: last month(…) default …"
            )),
        );
    }
}

/// What an expression may come to.
fn leaves<'e>(e: &'e Expr, out: &mut Vec<&'e Expr>) {
    match &e.kind {
        ExprKind::First(rows, rest) => {
            rows.iter().for_each(|r| leaves(&r.value, out));
            rest.iter().for_each(|r| leaves(r, out));
        }
        ExprKind::Select(s) => s.rows.iter().for_each(|r| leaves(&r.value, out)),
        ExprKind::Closed(c) => c.default.iter().for_each(|d| leaves(d, out)),
        _ => out.push(e),
    }
}
