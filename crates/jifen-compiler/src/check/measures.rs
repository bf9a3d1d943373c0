//! 指标: whose and when, what it is, when it is no value; where it may be read (S28).

use jifen_calendar::Period;
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{
    Aggregate, AggregateOf, Cmp, Expr as Node, ExprId, FieldIx, FieldType, Gather, Holder, KindIx,
    Measure, MeasureIx, OverPeriods, RosterIx,
};
use jifen_quantity::Dim;
use jifen_syntax::ast::{AggregateExpr, AggregateWord, Expr, ExprKind, MeasureDecl, Name};

use crate::constant;
use crate::expr::{Checker, Kind, Making, Scope, Val};
use crate::resolve::{Sym, every, period};
use crate::units::{Tag, dim_text};

impl Checker<'_> {
    /// The measures that are right, in the order of the Plan.
    pub(super) fn measures(&mut self) -> Vec<Measure> {
        let mut out = Vec::new();
        for (ix, m) in (0_u16..).map(MeasureIx).zip(&self.w.measures) {
            let made = self.measured.get(&ix).cloned().flatten();
            let head = self.heads.get(&ix).copied().flatten();
            let version = self.w.versions.get(m.version);
            if let (Some((node, _)), Some((roster, unit)), Some(v)) = (made, head, version) {
                out.push(Measure {
                    name: m.decl.name.text.clone(),
                    version: v.ix,
                    roster,
                    of: self
                        .holders
                        .get(&ix)
                        .copied()
                        .flatten()
                        .unwrap_or(Holder::Account),
                    unit,
                    node,
                });
            }
        }
        out
    }

    /// A measure, made where it is first met.
    pub(super) fn measure(&mut self, ix: MeasureIx) -> Option<(ExprId, Kind)> {
        if let Some(made) = self.measured.get(&ix) {
            return made.clone();
        }
        self.measuring.push(Making::Measure(ix));
        let blind = std::mem::replace(&mut self.blind, false);
        let daily = std::mem::replace(&mut self.daily, false);
        let score = self
            .w
            .measures
            .get(ix.ix())
            .is_some_and(|m| m.decl.score.is_some());
        let plain = std::mem::replace(&mut self.plain, score);
        let passing = self.passing.take();
        let made = self.make_measure(ix);
        (self.blind, self.daily, self.passing) = (blind, daily, passing);
        self.plain = plain;
        self.measuring.pop();
        self.measured.insert(ix, made.clone());
        self.look_again();
        made
    }

    fn make_measure(&mut self, ix: MeasureIx) -> Option<(ExprId, Kind)> {
        let m = self.w.measures.get(ix.ix())?;
        let (roster, unit) = self.measure_head(ix)?;
        let holder = self.measure_holder(ix)?;
        let cx = Scope {
            roster: Some(roster),
            period: true,
            closes: Some(unit),
            measure: true,
            shared: Some(holder).filter(|h| *h != Holder::Account),
            ..Scope::of_version(m.version)
        };
        let value = self.numeric(cx, &m.decl.value);
        let valid = m.decl.valid.as_ref().map(|(e, _)| self.condition(cx, e));
        let (value, dim, tag) = value?;
        if m.decl.score.is_some() && !dim.is_pure() {
            self.no_number(m.decl, dim);
            return None;
        }
        let least = match &m.decl.least {
            Some((n, at)) => Some(self.observed(cx, value.id, n, *at)?),
            None => None,
        };
        let valid = match valid {
            Some(v) => Some(v?),
            None => None,
        };
        if least.is_none() && valid.is_none() && !m.decl.broken {
            self.divisor_stated(cx, value.id, m.decl)?;
        }
        if m.decl.broken {
            return None;
        }
        let valid = match (least, valid) {
            (Some(a), Some(b)) => {
                Some(self.node(Node::And(a.id, b.id), Kind::YesNo, m.decl.value.span))
            }
            (a, b) => a.or(b),
        };
        let value = match &m.decl.precision {
            Some(p) => self.rounded(value, dim, p)?,
            None => value,
        };
        // 1分 = 1.
        let dim = Dim { points: 0, ..dim };
        let kind = Kind::Num(dim, tag);
        let node = Node::Measure(ix, value.id, valid.map(|v| v.id));
        let made = self.node(node, kind.clone(), m.span);
        Some((made.id, kind))
    }

    /// Hours and yuan do not add up with grades.
    fn no_number(&mut self, decl: &MeasureDecl, dim: Dim) {
        let unit = dim_text(dim);
        self.sink.push(Diagnostic::new(
            codes::UNIT_MISMATCH,
            decl.value.span,
            jifen_diag::Text::new(
                format!(
                    "“{}”的单位是{}，考评的一项要是没有单位的数：除以 1小时、1元……",
                    decl.name.text, unit.zh
                ),
                format!(
                    "“{}” is in {}; a part of a score is a number without a unit: divide by 1 hour, 1 yuan …",
                    decl.name.text, unit.en
                ),
            ),
        ));
    }

    /// Whose it is and over which period; said once.
    pub(super) fn measure_head(&mut self, ix: MeasureIx) -> Option<(RosterIx, Period)> {
        if let Some(head) = self.heads.get(&ix) {
            return *head;
        }
        let m = self.w.measures.get(ix.ix())?;
        let roster = self.measure_subject(m.version, m.decl);
        let every = m.decl.every.map(|(word, _)| period(word));
        if let (None, Some(score)) = (every, &m.decl.score) {
            // A line that could not be read may have said it.
            if !m.decl.broken {
                self.score_period(score);
            }
        } else if every.is_none() {
            let at = m.decl.name.span.at_end();
            let d = Diagnostic::new(
                codes::MEASURE_INCOMPLETE,
                m.decl.name.span,
                text!(
                    zh = "指标“{0}”没有写多久一个值：每月、每季度、每年……",
                    en = "the measure “{0}” does not say over which period it is: per month, per quarter, per year …",
                    m.decl.name.text
                ),
            );
            let words = [
                ("每月", "per month"),
                ("每季度", "per quarter"),
                ("每年", "per year"),
            ];
            let d = self.sink.each(d, (at, " ", ""), &words);
            self.sink.push(d);
        }
        let head = roster.zip(every);
        self.heads.insert(ix, head);
        head
    }

    fn score_period(&mut self, score: &Name) {
        let name = &score.text;
        self.sink.push(
            Diagnostic::new(
                codes::SCORE_INCOMPLETE,
                score.span,
                text!(
                    zh = "考评“{name}”没有写多久一次：周期 每季度",
                    en = "the score “{name}” does not say over which period it is: every quarter"
                ),
            )
            .help(text!(
                zh = "例如：周期 每月、周期 每季度、周期 每年",
                en = "such as: every month, every quarter, every year"
            )),
        );
    }

    fn measure_subject(&mut self, version: usize, decl: &MeasureDecl) -> Option<RosterIx> {
        let all = match self.roster_said(version, decl.subject.as_ref()) {
            Ok(only) => return only,
            Err(all) => all,
        };
        // Said once for all parts of a score.
        let (code, name, message) = match &decl.score {
            Some(score) => (
                codes::SCORE_INCOMPLETE,
                score,
                text!(
                    zh = "考评“{0}”没有写考评谁：对象 居民、对象 社区……",
                    en = "the score “{0}” does not say whom it is about: for resident, for community …",
                    score.text
                ),
            ),
            None => (
                codes::MEASURE_INCOMPLETE,
                &decl.name,
                text!(
                    zh = "指标“{0}”没有写是谁的：对象 居民、对象 社区……",
                    en =
                        "the measure “{0}” does not say whose it is: for resident, for community …",
                    decl.name.text
                ),
            ),
        };
        let at = name.span.at_end();
        let mut d = Diagnostic::new(code, name.span, message);
        for roster in all {
            let roster = self.w.rosters.get(roster.ix());
            let name = roster.map_or("", |r| r.name.as_str()).to_owned();
            let fix = self
                .sink
                .lang
                .pick(format!(" 对象 {name}"), format!(" for {name}"));
            let why = text!(zh = "是“{name}”的", en = "it is that of a “{name}”");
            d = d.fix(at, fix, why);
        }
        self.sink.push(d);
        None
    }

    /// 至少 n件, n人: how many facts, or different people, there have to be, as a condition.
    fn observed(&mut self, cx: Scope, value: ExprId, least: &Expr, at: Span) -> Option<Val> {
        let n = constant::number(least, &mut self.sink)?;
        let people = n.dim == Dim::PEOPLE;
        if !(people || n.dim == Dim::TIMES) || n.value.to_i128().is_none_or(|v| v < 1) {
            self.sink.push(Diagnostic::new(
                codes::MEASURE_LEAST,
                least.span,
                text!(
                    zh = "“至少”后面写几件、几次或几人，整数：至少 10件、至少 50人",
                    en = "“at least” takes a whole number of cases, times or people: at least 10 cases, at least 50 people"
                ),
            ));
            return None;
        }
        if people && cx.shared.is_some() {
            return self.enough_people(value, n.value, least.span, at);
        }
        let any = self.basis(value).into_iter().next().cloned();
        let Some(a) = any.filter(|_| self.one_sort_of_facts(value)) else {
            self.least_of(at, None);
            return None;
        };
        let (what, field) = match people {
            false => (AggregateOf::Count, None),
            true => {
                let Some(field) = self.people_field(cx, a.kind) else {
                    self.least_of(at, Some(a.kind));
                    return None;
                };
                (AggregateOf::Distinct, Some(field))
            }
        };
        let value = field.map(|(f, roster)| {
            let read = self.node(Node::Field(f), Kind::Subject(roster), at);
            read.id
        });
        let count = Aggregate {
            what,
            value,
            when: a.when.filter(|_| a.what != AggregateOf::Share),
            with_this: false,
            best: None,
            ..a
        };
        let node = Node::Aggregate(Box::new(count));
        let counted = self.node(node, Kind::Num(Dim::TIMES, Tag::Plain), at);
        let n = self.num(n.value, Dim::TIMES, Tag::Plain, least.span);
        Some(self.node(Node::Compare(Cmp::Ge, counted.id, n.id), Kind::YesNo, at))
    }

    /// What is counted to be divided by; where nothing is divided by a count, all that is counted. What measures count by
    /// themselves, and the days between which is counted, are not meant.
    pub(super) fn basis(&self, value: ExprId) -> Vec<&Aggregate> {
        let mut divisors = Vec::new();
        self.divisors(value, &mut divisors);
        let (mut below, mut all) = (Vec::new(), Vec::new());
        divisors.iter().for_each(|d| self.counts(*d, &mut below));
        self.counts(value, &mut all);
        if below.is_empty() { all } else { below }
    }

    /// What a value divides by.
    pub(super) fn divisors(&self, id: ExprId, out: &mut Vec<ExprId>) {
        match self.exprs.get(id) {
            Node::Aggregate(_) | Node::Measure(..) | Node::Members(_) => {}
            node => {
                if let Node::Div(_, b) | Node::IntDiv(_, b) = node {
                    out.push(*b);
                }
                node.operands().iter().for_each(|o| self.divisors(*o, out));
            }
        }
    }

    /// What a value counts.
    fn counts<'c>(&'c self, id: ExprId, out: &mut Vec<&'c Aggregate>) {
        match self.exprs.get(id) {
            Node::Aggregate(a) => out.push(a),
            Node::Measure(..) | Node::Members(_) => {}
            node => node.operands().iter().for_each(|o| self.counts(*o, out)),
        }
    }

    /// The one field of a record that names people, and their roster.
    fn people_field(&self, cx: Scope, kind: KindIx) -> Option<(FieldIx, RosterIx)> {
        let of = self.w.kinds.get(kind.ix())?;
        let mut found = Vec::new();
        for f in &of.fields {
            if let FieldType::Ref(roster) = f.ty {
                found.push((f.name.as_str(), roster));
            }
        }
        let [(name, roster)] = found.as_slice() else {
            return None;
        };
        let cx = Scope {
            kind: Some(kind),
            ..cx
        };
        Some((self.field(cx, name)?, *roster))
    }

    pub(super) fn least_of(&mut self, at: Span, people: Option<KindIx>) {
        let record = people.and_then(|k| self.w.kinds.get(k.ix()));
        let record = record.map(|k| k.name.clone());
        let message = match record {
            None => text!(
                zh = "数哪一种记录看不出来；写 有效 当 计数(…) 不低于 10次",
                en = "which facts are counted is open; write valid when count(…) is not below 10 times"
            ),
            Some(record) => text!(
                zh = "“{0}”里没有（或不止）一栏写着是谁，数不出几人；写 有效 当 去重计数({0}.…) 不低于 50次，或数几件",
                en = "“{0}” has no field, or several, that names people; write valid when distinct({0}.…) is not below 50 times, or count cases",
                record
            ),
        };
        self.sink
            .push(Diagnostic::new(codes::MEASURE_LEAST, at, message));
    }

    /// A measure as a value.
    pub(crate) fn read_measure(&mut self, cx: Scope, ix: MeasureIx, span: Span) -> Option<Val> {
        let m = self.w.measures.get(ix.ix())?;
        let name = m.decl.name.text.clone();
        if let Some(at) = self
            .measuring
            .iter()
            .position(|x| *x == Making::Measure(ix))
        {
            self.measure_circle(at, span);
            return None;
        }
        let score = m.decl.score.is_some();
        let (roster, unit) = self.measure_head(ix)?;
        if let Some(message) = self.misread(cx, roster, unit, &name) {
            self.sink
                .push(Diagnostic::new(codes::MEASURE_PLACE, span, message).label(
                    m.decl.name.span,
                    match score {
                        true => text!(zh = "考评在这里", en = "the score"),
                        false => text!(zh = "指标在这里", en = "the measure"),
                    },
                ));
            return None;
        }
        if !self.groups_agree(cx, ix, span)? {
            return None;
        }
        let (id, kind) = self.measure(ix)?;
        let kind = self.unitless(kind);
        if self.measure_holder(ix)? != Holder::Account {
            return Some(self.node(Node::Shared(ix), kind, span));
        }
        Some(Val { id, kind, span })
    }

    /// The measure, or part of a score, that an aggregate is made of.
    pub(crate) fn measure_named(&self, cx: Scope, of: &Expr) -> Option<(MeasureIx, Span)> {
        let part = match &of.kind {
            ExprKind::Member(score, n) => self.part_of_score(cx, score, n)?,
            ExprKind::Name(n) => n.clone(),
            _ => return None,
        };
        match self.w.versions.get(cx.version)?.names.get(&part.text) {
            Some((Sym::Measure(ix), _)) => Some((*ix, of.span)),
            _ => None,
        }
    }

    /// `平均(响应率 缺项 略过)`: of the periods of the measure that lie in this one.
    pub(crate) fn over_periods(
        &mut self,
        cx: Scope,
        a: &AggregateExpr,
        (ix, at): (MeasureIx, Span),
        span: Span,
    ) -> Option<Val> {
        if cx.shared.is_some() && self.measure_holder(ix)? == Holder::Account {
            return self.over_members(cx, a, (ix, at), span);
        }
        let name = self.w.measures.get(ix.ix())?.decl.name.text.clone();
        if let Some(ring) = self
            .measuring
            .iter()
            .position(|x| *x == Making::Measure(ix))
        {
            self.measure_circle(ring, at);
            return None;
        }
        let what = match a.word.0 {
            AggregateWord::Sum => Gather::Sum,
            AggregateWord::Mean => Gather::Mean,
            AggregateWord::Max => Gather::Max,
            AggregateWord::Min => Gather::Min,
            AggregateWord::First => Gather::First,
            AggregateWord::Last => Gather::Last,
            _ => {
                self.aggregate_form(
                    a.word.1,
                    &format!("“{name}”是指标，一期一个值：写 平均、合计、最大、最小、最早、最近"),
                    &format!("“{name}” is a measure with one value a period: write mean, sum, max, min, earliest or latest"),
                );
                return None;
            }
        };
        let more = (a.when.as_ref().map(|w| w.span))
            .or(a.over.as_ref().map(|o| o.1))
            .or(a.this.map(|t| t.1))
            .or(a.unit.map(|u| u.1))
            .or(a.best.as_ref().map(|b| b.1));
        if let Some(at) = more {
            self.aggregate_form(
                at,
                &format!("“{name}”是指标：看的就是这一期里面的各期，后面只写 缺项 略过"),
                &format!("“{name}” is a measure: its periods inside this one are meant, and only missing part skipped may follow"),
            );
            return None;
        }
        let (roster, unit) = self.measure_head(ix)?;
        let inside = cx.closes.filter(|c| parts_of(*c).contains(&unit));
        let place = match (inside, cx.closes) {
            // 平均(响应率) of the same period is the measure itself.
            (None, Some(closes)) => {
                let (each, here) = (every(unit), every(closes));
                Some(jifen_diag::Text::new(
                    format!(
                        "“{name}”是{}的，这里是{}的：要比这里短，并且正好分完这里的一期（周分不完一个月）",
                        each.0, here.0
                    ),
                    format!(
                        "“{name}” is {}, and this is {}: its periods have to be shorter and to make up this one (weeks do not make up a month)",
                        each.1, here.1
                    ),
                ))
            }
            (_, closes) => self.misread(cx, roster, closes.unwrap_or(unit), &name),
        };
        if let Some(message) = place {
            self.sink
                .push(Diagnostic::new(codes::MEASURE_PLACE, at, message));
            return None;
        }
        if !self.groups_agree(cx, ix, at)? {
            return None;
        }
        let (_, kind) = self.measure(ix)?;
        let kind = match kind {
            Kind::Num(dim, _) => Kind::Num(dim, Tag::Plain),
            other => other,
        };
        let over = OverPeriods {
            what,
            measure: ix,
            skip: a.skip.is_some(),
        };
        Some(self.node(Node::OverPeriods(over), kind, span))
    }

    /// Why a measure cannot be read at a place.
    pub(super) fn misread(
        &self,
        cx: Scope,
        roster: RosterIx,
        unit: Period,
        name: &str,
    ) -> Option<jifen_diag::Text> {
        let each = every(unit);
        if let Some(message) = self.single_facts(cx, name) {
            return Some(message);
        }
        if cx.opens.is_some() {
            return Some(text!(
                zh = "期初的项目看不到这一期的“{name}”，它到期末才有；周期不写“期初”",
                en = "at the start of a period “{name}” of that period is not there yet; drop “at start”"
            ));
        }
        let Some(closes) = cx.closes else {
            return Some(jifen_diag::Text::new(
                format!(
                    "“{name}”{0}一个值，过完才有；凭记录计分的时候还没有。写在 周期 {0} 的项目里",
                    each.0
                ),
                format!(
                    "“{name}” has one value {0}, when the period is over; it is not there yet while facts are scored. Write it in an item with every {1}",
                    each.1,
                    each.1.trim_start_matches("per ")
                ),
            ));
        };
        if closes != unit {
            let here = every(closes);
            return Some(jifen_diag::Text::new(
                format!("“{name}”是{}的，这里是{}的；周期要一样", each.0, here.0),
                format!(
                    "“{name}” is {}, and this is {}: the periods have to be the same",
                    each.1, here.1
                ),
            ));
        }
        self.anothers(cx, roster, name)
    }

    /// Where single facts, or single days, are looked at.
    pub(super) fn single_facts(&self, cx: Scope, name: &str) -> Option<jifen_diag::Text> {
        if cx.inside || self.joining {
            return Some(text!(
                zh = "统计和接续里面看的是一条一条的记录，“{name}”一期才有一个值",
                en = "inside an aggregate or a join single facts are looked at; “{name}” has one value for a period"
            ));
        }
        if self.daily {
            return Some(text!(
                zh = "整月在任、月初在任这样的条件一天一天地看，“{name}”一期只有一个值；另写一句 条件",
                en = "a condition that is held through a period is looked at day by day; “{name}” has one value for the period: write a condition of its own"
            ));
        }
        None
    }

    /// Where another's value would be read.
    pub(super) fn anothers(
        &self,
        cx: Scope,
        roster: RosterIx,
        name: &str,
    ) -> Option<jifen_diag::Text> {
        if cx.roster != Some(roster) || self.passing.is_some() {
            let r = self.w.rosters.get(roster.ix());
            let whose = r.map_or("", |r| r.name.as_str()).to_owned();
            return Some(text!(
                zh = "“{name}”是“{whose}”的指标，这里说的是别的对象",
                en = "“{name}” is a measure of “{whose}”, and this is about another subject"
            ));
        }
        None
    }

    /// The measures that are being made, from one on, as a ring.
    pub(super) fn ring(&self, from: usize) -> String {
        let ring: Vec<&str> = (self.measuring.iter().skip(from))
            .chain(self.measuring.get(from))
            .filter_map(|m| match m {
                Making::Measure(m) => self.w.measures.get(m.ix()).map(|m| &m.decl.name),
                Making::Standing(s) => self.w.standings.get(s.ix()).map(|s| &s.decl.name),
            })
            .map(|n| n.text.as_str())
            .collect();
        ring.join(" → ")
    }

    pub(super) fn measure_circle(&mut self, from: usize, span: Span) {
        let ring = self.ring(from);
        let standings = |m: &Making| matches!(m, Making::Standing(_));
        let (code, message) = match self.measuring.iter().skip(from).any(standings) {
            false => (
                codes::MEASURE_CIRCLE,
                text!(
                    zh = "指标绕成了一圈，谁也算不出来：{ring}",
                    en = "measures go round in a circle: {ring}"
                ),
            ),
            true => (
                codes::STANDING_CIRCLE,
                text!(
                    zh = "绕成了一圈，谁也算不出来：{ring}",
                    en = "these go round in a circle: {ring}"
                ),
            ),
        };
        self.sink.push(Diagnostic::new(code, span, message));
    }
}

/// The shorter periods of which a period is made up.
fn parts_of(unit: Period) -> &'static [Period] {
    use Period::{Day, HalfYear, Month, Quarter, Week, Year};
    match unit {
        Day => &[],
        Week | Month => &[Day],
        Quarter => &[Day, Month],
        HalfYear => &[Day, Month, Quarter],
        Year => &[Day, Month, Quarter, HalfYear],
    }
}
