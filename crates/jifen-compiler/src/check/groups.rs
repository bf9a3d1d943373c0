//! Measures of groups and of everybody: how people are grouped, what is read of their members, who is counted (S28, decision 033).

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{
    Aggregate, AggregateOf, Cmp, Expr as Node, ExprId, FieldType, Holder, MeasureIx, OfMembers,
    OverMembers, RosterIx, StandingIx,
};
use jifen_quantity::{Decimal, Dim};
use jifen_syntax::ast::{AggregateExpr, AggregateWord, Expr, ExprKind, MeasureOf};

use crate::expr::{Checker, Kind, Making, Scope, Val};
use crate::resolve::Sym;
use crate::units::Tag;

impl Checker<'_> {
    /// Of each, of groups or of everybody; said once.
    pub(crate) fn measure_holder(&mut self, ix: MeasureIx) -> Option<Holder> {
        if let Some(known) = self.holders.get(&ix) {
            return *known;
        }
        let found = self.find_holder(ix);
        self.holders.insert(ix, found);
        found
    }

    fn find_holder(&mut self, ix: MeasureIx) -> Option<Holder> {
        let m = self.w.measures.get(ix.ix())?;
        match &m.decl.of {
            None => Some(Holder::Account),
            Some(of) if of.everyone => Some(Holder::Everyone),
            Some(of) => {
                let (roster, _) = self.measure_head(ix)?;
                self.grouping(of, roster, m.version)
            }
        }
    }

    /// How a standing is counted: of each, of groups or of everybody; said once.
    pub(crate) fn standing_holder(&mut self, ix: StandingIx) -> Option<Holder> {
        if let Some(known) = self.stance_holders.get(&ix) {
            return *known;
        }
        let s = self.w.standings.get(ix.ix())?;
        let found = match &s.decl.of {
            None => Some(Holder::Account),
            Some(of) if of.everyone => Some(Holder::Everyone),
            Some(of) => match self.stance(ix) {
                Some((roster, _)) => self.grouping(of, roster, s.version),
                None => None,
            },
        };
        self.stance_holders.insert(ix, found);
        found
    }

    /// 每 楼栋: what of the roster is meant.
    fn grouping(&mut self, of: &MeasureOf, roster: RosterIx, version: usize) -> Option<Holder> {
        if of.everyone {
            return Some(Holder::Everyone);
        }
        let cx = Scope {
            roster: Some(roster),
            ..Scope::of_version(version)
        };
        if let [one] = of.keys.as_slice()
            && let Some(attr) = self.group(cx, &one.text)
        {
            return Some(Holder::Group(attr));
        }
        let known = self.groupings(roster);
        let name = self.w.rosters.get(roster.ix());
        let name = name.map_or("", |r| r.name.as_str()).to_owned();
        let (zh, en) = match known.is_empty() {
            true => ("没有".to_owned(), "nothing".to_owned()),
            false => {
                let quoted: Vec<String> = known.iter().map(|k| format!("“{k}”")).collect();
                (known.join("、"), quoted.join(", "))
            }
        };
        self.sink.push(Diagnostic::new(
            codes::GROUP_WHICH,
            of.span,
            text!(
                zh = "“每 …”写一样能把“{name}”分成组的：名册里的组，或指名册的一栏；这里有：{zh}",
                en = "“per …” takes one thing that “{name}” is grouped by: a group of the roster, or a reference to a roster; there is: {en}"
            ),
        ));
        None
    }

    /// What the subjects of a roster can be grouped by.
    fn groupings(&self, roster: RosterIx) -> Vec<String> {
        let roster = self.w.rosters.get(roster.ix());
        let attrs = roster.into_iter().flat_map(|r| &r.attrs);
        attrs
            .filter(|a| matches!(a.ty, FieldType::Group | FieldType::Ref(_)))
            .map(|a| a.name.clone())
            .collect()
    }

    /// What a single subject has, in a measure of many.
    pub(crate) fn no_single(&mut self, span: Span) {
        self.sink.push(
            Diagnostic::new(
                codes::GROUP_SINGLE,
                span,
                text!(
                    zh = "说的是一群人，没有“这个人”：这里要的是单个人才有的",
                    en = "of groups, or of everybody, there is no single subject, and this is what a single subject has"
                ),
            )
            .help(text!(
                zh = "先写成每个人的指标，再合起来：指标 个人分 每月 = 获得(积分)，然后 合计(个人分)；数人写 计数(居民 当 …)",
                en = "make it a measure of each subject, and add those up: measure own per month = earned(points), then sum(own); people are counted by count(resident when …)"
            )),
        );
    }

    /// Can a measure be read here, as to groups?
    pub(crate) fn groups_agree(&mut self, cx: Scope, ix: MeasureIx, span: Span) -> Option<bool> {
        let of = self.measure_holder(ix)?;
        let name = self.w.measures.get(ix.ix())?.decl.name.text.clone();
        Some(self.same_groups(cx, of, &name, span))
    }

    /// The same for a standing.
    pub(crate) fn standing_agrees(
        &mut self,
        cx: Scope,
        ix: StandingIx,
        span: Span,
    ) -> Option<bool> {
        if cx.shared.is_none() {
            return Some(true);
        }
        let of = self.standing_holder(ix)?;
        if of == Holder::Account {
            self.no_single(span);
            return Some(false);
        }
        let name = self.w.standings.get(ix.ix())?.decl.name.text.clone();
        Some(self.same_groups(cx, of, &name, span))
    }

    fn same_groups(&mut self, cx: Scope, of: Holder, name: &str, span: Span) -> bool {
        let Some(here) = cx.shared else {
            return true;
        };
        if of == Holder::Everyone || of == here {
            return true;
        }
        let d = match of {
            Holder::Account => Diagnostic::new(
                codes::GROUP_SINGLE,
                span,
                text!(
                    zh = "“{name}”一人一个值，这里说的是一群人：把各人的合起来",
                    en = "“{name}” has one value for each subject, and this is about many: put theirs together"
                ),
            )
            .help(text!(
                zh = "合计({name})、平均({name})、最大({name})、最小({name})、计数({name})",
                en = "sum(“{name}”), mean(“{name}”), max(“{name}”), min(“{name}”), count(“{name}”)"
            )),
            _ => Diagnostic::new(
                codes::GROUP_WHICH,
                span,
                text!(
                    zh = "“{name}”说的是另一种组，这里的组对不上它；只看得到同一种组的和 全体 的",
                    en = "“{name}” is of another sort of group: only those of the same groups and of everyone can be read here"
                ),
            ),
        };
        self.sink.push(d);
        false
    }

    /// `合计(个人分)` in a measure of many.
    pub(super) fn over_members(
        &mut self,
        cx: Scope,
        a: &AggregateExpr,
        (ix, at): (MeasureIx, Span),
        span: Span,
    ) -> Option<Val> {
        let name = self.w.measures.get(ix.ix())?.decl.name.text.clone();
        let ring = self.measuring.iter();
        let mut ring = ring.enumerate().filter(|(_, m)| **m == Making::Measure(ix));
        if let Some((from, _)) = ring.next() {
            self.measure_circle(from, at);
            return None;
        }
        let what = match a.word.0 {
            AggregateWord::Sum => OfMembers::Sum,
            AggregateWord::Mean => OfMembers::Mean,
            AggregateWord::Max => OfMembers::Max,
            AggregateWord::Min => OfMembers::Min,
            AggregateWord::Count => OfMembers::Count,
            _ => {
                self.aggregate_form(
                    a.word.1,
                    &format!("“{name}”一人一个值：写 合计、平均、最大、最小、计数"),
                    &format!("“{name}” has one value for each subject: write sum, mean, max, min or count"),
                );
                return None;
            }
        };
        self.nothing_more(a, &name, a.when.as_ref().map(|w| w.span))?;
        let (roster, unit) = self.measure_head(ix)?;
        if let Some(message) = self.misread(cx, roster, unit, &name) {
            self.sink
                .push(Diagnostic::new(codes::MEASURE_PLACE, at, message));
            return None;
        }
        let (_, kind) = self.measure(ix)?;
        let kind = match (what, kind) {
            (OfMembers::Count, _) => Kind::Num(Dim::PEOPLE, Tag::Plain),
            (_, Kind::Num(dim, _)) => Kind::Num(dim, Tag::Plain),
            (_, other) => other,
        };
        let kind = self.unitless(kind);
        let over = OverMembers {
            what,
            measure: ix,
            skip: a.skip.is_some(),
        };
        Some(self.node(Node::OverMembers(over), kind, span))
    }

    /// Words that belong to facts.
    fn nothing_more(&mut self, a: &AggregateExpr, name: &str, when: Option<Span>) -> Option<()> {
        let more = when
            .or(a.over.as_ref().map(|o| o.1))
            .or(a.this.map(|t| t.1))
            .or(a.unit.map(|u| u.1))
            .or(a.best.as_ref().map(|b| b.1));
        let Some(at) = more else { return Some(()) };
        self.aggregate_form(
            at,
            &format!("“{name}”看的就是这一期期末在册的各人，这一段不能写在这里"),
            &format!("of “{name}”, those on the roster at the end of the period are meant, and this cannot be written here"),
        );
        None
    }

    /// The roster whose members are counted.
    pub(crate) fn members_named(&self, cx: Scope, of: &Expr) -> Option<RosterIx> {
        let ExprKind::Name(n) = &of.kind else {
            return None;
        };
        match self.w.versions.get(cx.version)?.names.get(&n.text) {
            Some((Sym::Roster(r), _)) => Some(*r),
            _ => None,
        }
    }

    /// `计数(居民 当 …)`: how many are there, and in the group, on the last day of the period.
    pub(crate) fn members(
        &mut self,
        cx: Scope,
        a: &AggregateExpr,
        roster: RosterIx,
        span: Span,
    ) -> Option<Val> {
        let name = self.w.rosters.get(roster.ix())?.name.clone();
        if cx.shared.is_none() || cx.roster != Some(roster) {
            self.sink.push(Diagnostic::new(
                codes::GROUP_WHICH,
                span,
                text!(
                    zh = "数“{name}”里的人，要写在“{name}”的 每 …、全体 的指标里：那里才知道数的是哪一群",
                    en = "those of “{name}” are counted in a measure of “{name}” per group or of everyone, which says who they are"
                ),
            ));
            return None;
        }
        if a.word.0 != AggregateWord::Count || a.skip.is_some() {
            self.aggregate_form(
                a.word.1,
                &format!("名册里的人只能数：计数({name})、计数({name} 当 …)"),
                &format!(
                    "those on a roster can only be counted: count({name}), count({name} when …)"
                ),
            );
            return None;
        }
        self.nothing_more(a, &name, None)?;
        let one = Scope { shared: None, ..cx };
        let when = match &a.when {
            Some(w) => Some(self.condition(one, w)?.id),
            None => None,
        };
        let kind = self.unitless(Kind::Num(Dim::PEOPLE, Tag::Plain));
        Some(self.node(Node::Members(when), kind, span))
    }

    /// 至少 50人: of those by whom it is divided, or who are counted, or whose values or facts are read.
    pub(super) fn enough_people(
        &mut self,
        value: ExprId,
        n: Decimal,
        number: Span,
        at: Span,
    ) -> Option<Val> {
        let mut divisors = Vec::new();
        self.divisors(value, &mut divisors);
        let (mut below, mut all) = (Vec::new(), Vec::new());
        divisors.iter().for_each(|d| self.crowds(*d, &mut below));
        self.crowds(value, &mut all);
        let mut found = if below.is_empty() { all } else { below };
        found.sort_by_key(|c| format!("{c:?}"));
        found.dedup();
        if found.is_empty() {
            found.extend(self.actors(value));
        }
        let [only] = found.as_slice() else {
            self.least_of(at, None);
            return None;
        };
        let people = Kind::Num(Dim::PEOPLE, Tag::Plain);
        let counted = self.node(only.clone(), people, at);
        let n = self.num(n, Dim::PEOPLE, Tag::Plain, number);
        Some(self.node(Node::Compare(Cmp::Ge, counted.id, n.id), Kind::YesNo, at))
    }

    /// The counts of people that a value rests on.
    pub(super) fn crowds(&self, id: ExprId, out: &mut Vec<Node>) {
        match self.exprs.get(id) {
            Node::Members(when) => out.push(Node::Members(*when)),
            Node::OverMembers(o) => out.push(Node::OverMembers(OverMembers {
                what: OfMembers::Count,
                skip: true,
                ..*o
            })),
            Node::Measure(..) | Node::Aggregate(_) => {}
            node => node.operands().iter().for_each(|o| self.crowds(*o, out)),
        }
    }

    /// How many different subjects the facts have that it rests on.
    fn actors(&mut self, value: ExprId) -> Vec<Node> {
        let mut all: Vec<Aggregate> = self.basis(value).into_iter().cloned().collect();
        let mut out = Vec::new();
        for a in &mut all {
            let Some(roster) = self.w.kinds.get(a.kind.ix()).map(|k| k.subject) else {
                continue;
            };
            let subject = self.exprs.add(Node::Subject, Kind::Subject(roster).ty());
            let counted = Aggregate {
                what: AggregateOf::Distinct,
                value: Some(subject),
                when: a.when.filter(|_| a.what != AggregateOf::Share),
                with_this: false,
                best: None,
                ..a.clone()
            };
            let node = Node::Aggregate(Box::new(counted));
            if !out.contains(&node) {
                out.push(node);
            }
        }
        out
    }
}
