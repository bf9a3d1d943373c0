//! Expressions: types and units are checked and nodes go into the Plan's arena. `None` means: already reported.

mod account;
mod aggregate;
mod arith;
mod compare;
mod dates;
mod days;
mod earned;
mod joined;
mod names;
mod select;
mod several;
mod time;

pub(crate) use account::Reads;
pub(crate) use compare::cmp_of;

use std::collections::{BTreeMap, BTreeSet};

use jifen_diag::{Diagnostic, Span, Text, codes, text};
use jifen_plan::{
    Expr as Node, ExprId, Exprs, FieldType, Holder, KindIx, MeasureIx, RosterIx, StandingIx,
    StandingKind, Ty, Value,
};
use jifen_quantity::{Decimal, Dim};
use jifen_syntax::ast::{BinaryOp, Expr, ExprKind, Unit};

use crate::constant;
use crate::resolve::{VersionSrc, World};
use crate::sink::Sink;
use crate::units::{Tag, dim_text};

/// The type of a checked expression: richer than the Plan's.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Num(Dim, Tag),
    Text,
    Choice(Vec<String>),
    Group,
    YesNo,
    Date,
    Instant,
    Span,
    Subject(RosterIx),
    /// 多个
    Subjects(RosterIx),
    /// A set of days or months: counted by 个数 and 最长连续 only.
    Periods(jifen_calendar::Period),
}

impl Kind {
    pub(crate) fn ty(&self) -> Ty {
        match self {
            Kind::Num(d, _) => Ty::Num(*d),
            Kind::Text | Kind::Choice(_) | Kind::Group => Ty::Text,
            Kind::YesNo => Ty::YesNo,
            Kind::Date => Ty::Date,
            Kind::Instant => Ty::Instant,
            Kind::Span => Ty::Span,
            Kind::Subject(r) => Ty::Subject(*r),
            Kind::Subjects(r) => Ty::Subjects(*r),
            Kind::Periods(p) => Ty::Periods(*p),
        }
    }

    /// The kind of a field or attribute of this type.
    pub(crate) fn of_field(ty: &FieldType) -> Kind {
        match ty {
            FieldType::Text => Kind::Text,
            FieldType::Number(d) => Kind::Num(*d, Tag::Plain),
            FieldType::Percent => Kind::Num(Dim::PURE, Tag::Plain),
            FieldType::YesNo => Kind::YesNo,
            FieldType::Date => Kind::Date,
            FieldType::Instant => Kind::Instant,
            FieldType::Choice(w) => Kind::Choice(w.clone()),
            FieldType::Group => Kind::Group,
            FieldType::Ref(r) => Kind::Subject(*r),
            FieldType::Refs(r) => Kind::Subjects(*r),
            FieldType::Span => Kind::Span,
        }
    }

    /// In words.
    pub(crate) fn text(&self) -> Text {
        match self {
            Kind::Num(_, Tag::Days) => text!(zh = "天数", en = "a number of days"),
            Kind::Num(_, Tag::WorkingDays) => {
                text!(zh = "工作日数", en = "a number of working days")
            }
            Kind::Num(_, Tag::Months) => text!(zh = "月数", en = "a number of months"),
            Kind::Num(_, Tag::Age) => text!(zh = "周岁", en = "years of age"),
            Kind::Num(d, Tag::Plain) => dim_text(*d),
            Kind::Text => text!(zh = "文本", en = "text"),
            Kind::Choice(_) => text!(zh = "选项", en = "an option"),
            Kind::Group => text!(zh = "组", en = "a group"),
            Kind::YesNo => text!(zh = "是或否", en = "yes or no"),
            Kind::Date => text!(zh = "日期", en = "a date"),
            Kind::Instant => text!(zh = "时刻", en = "an instant"),
            Kind::Span => text!(zh = "时段", en = "a span"),
            Kind::Subject(_) => text!(zh = "名册里的人", en = "a row of a roster"),
            Kind::Subjects(_) => text!(zh = "名册里的几个人", en = "several rows of a roster"),
            Kind::Periods(_) => text!(zh = "一组日子", en = "a set of days"),
        }
    }
}

/// A checked expression.
#[derive(Clone, Debug)]
pub(crate) struct Val {
    pub(crate) id: ExprId,
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

/// What can be read at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    /// Version, by index.
    pub(crate) version: usize,
    /// The record whose fields can be read.
    pub(crate) kind: Option<KindIx>,
    /// Whose attributes can be read by bare name.
    pub(crate) roster: Option<RosterIx>,
    /// A period item.
    pub(crate) period: bool,
    /// 本次得分 has a value.
    pub(crate) running: bool,
    /// 当日合计 can be read.
    pub(crate) day_total: bool,
    /// Inside an aggregate: the record is the one that it counts.
    pub(crate) inside: bool,
    /// Inside an aggregate: the record of the item around.
    pub(crate) around: Option<KindIx>,
    /// Inside an aggregate: the item around is one of a period.
    pub(crate) around_period: bool,
    /// The item runs at the start of periods of this sort.
    pub(crate) opens: Option<jifen_calendar::Period>,
    /// 余额 and 累计 can be read.
    pub(crate) reads: Reads,
    /// The period at whose end it is read: of a period item or a measure.
    pub(crate) closes: Option<jifen_calendar::Period>,
    /// A measure: what is counted is counted in its own period, where nothing else is written.
    pub(crate) measure: bool,
    /// 参评范围: 在册 can be written.
    pub(crate) among: bool,
    /// A measure of groups, or of everybody: there is no single subject.
    pub(crate) shared: Option<Holder>,
}

impl Scope {
    /// Nothing can be read but constants and parameters.
    pub(crate) fn of_version(version: usize) -> Scope {
        Scope {
            version,
            kind: None,
            roster: None,
            period: false,
            running: false,
            day_total: false,
            inside: false,
            around: None,
            around_period: false,
            opens: None,
            reads: Reads::Nothing,
            closes: None,
            measure: false,
            among: false,
            shared: None,
        }
    }
}

/// Names that something used; for the notices about the rest.
#[derive(Default)]
pub(crate) struct Used {
    pub(crate) kinds: BTreeSet<KindIx>,
    pub(crate) names: BTreeSet<(usize, String)>,
    /// What 来自 names.
    pub(crate) sources: Vec<earned::Sourced>,
}

/// What is being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Making {
    Measure(MeasureIx),
    Standing(StandingIx),
}

/// Checks expressions of all versions into one arena.
pub(crate) struct Checker<'a> {
    pub(crate) w: &'a World<'a>,
    pub(crate) exprs: Exprs,
    pub(crate) sink: Sink,
    pub(crate) used: Used,
    /// The record of the item is not known: its names cannot be judged.
    pub(crate) blind: bool,
    /// In a score, where counts and points are numbers.
    pub(crate) plain: bool,
    /// Caps of categories and the policy that some item has judged.
    pub(crate) judged: BTreeSet<Span>,
    /// The days of the campaign whose caps are being checked.
    pub(crate) campaign: Option<jifen_plan::DaySet>,
    /// What another account receives, in words: its caps are being checked.
    pub(crate) passing: Option<String>,
    /// Records that the item's fact is joined with, by place.
    pub(crate) joined: Vec<(String, KindIx)>,
    /// Measures as far as they have been made; `None`: it is being made, or wrong.
    pub(crate) measured: BTreeMap<MeasureIx, Option<(ExprId, Kind)>>,
    /// Whose they are and over which period; `None`: reported.
    /// Whose values measures are: of each, of groups, of everybody.
    pub(crate) holders: BTreeMap<MeasureIx, Option<Holder>>,
    /// The same of standings.
    pub(crate) stance_holders: BTreeMap<StandingIx, Option<Holder>>,
    pub(crate) heads: BTreeMap<MeasureIx, Option<(RosterIx, jifen_calendar::Period)>>,
    /// Measures and standings that are being made, each for the one before.
    pub(crate) measuring: Vec<Making>,
    /// Standings as far as they have been made; `None`: it is being made, or wrong.
    pub(crate) stood: BTreeMap<StandingIx, Option<StandingKind>>,
    /// Whose they are and over which period; `None`: reported.
    pub(crate) stances: BTreeMap<StandingIx, Option<(RosterIx, jifen_calendar::Period)>>,
    /// Standings whose head could not be told, which is reported where they are declared.
    pub(crate) stances_open: BTreeSet<StandingIx>,
    /// Ranks of which it was asked already what a line needs to be drawn.
    pub(crate) quotas: BTreeSet<StandingIx>,
    /// Of what kind measures that were still open were taken to be, where, and whether in a score.
    pub(crate) taken_for: Vec<(MeasureIx, Kind, Span, bool)>,
    /// Parameters that follow measures and are being made.
    pub(crate) following: Vec<usize>,
    /// The same as far as they have been made; `None`: wrong.
    pub(crate) followed: BTreeMap<usize, Option<(ExprId, Kind, RosterIx)>>,
    /// A condition that is looked at day by day is being checked.
    pub(crate) daily: bool,
    /// The condition of a join is being checked: what is inside is an earlier fact, not a counted one.
    pub(crate) joining: bool,
}

impl<'a> Checker<'a> {
    pub(crate) fn version(&self, cx: Scope) -> Option<&'a VersionSrc<'a>> {
        self.w.versions.get(cx.version)
    }

    pub(crate) fn node(&mut self, node: Node, kind: Kind, span: Span) -> Val {
        let kind = self.unitless(kind);
        let id = self.exprs.add(node, kind.ty());
        Val { id, kind, span }
    }

    /// In a score a count is a number.
    pub(crate) fn unitless(&self, kind: Kind) -> Kind {
        match kind {
            Kind::Num(dim, tag) => Kind::Num(self.unitless_dim(dim), tag),
            other => other,
        }
    }

    pub(crate) fn unitless_dim(&self, dim: Dim) -> Dim {
        let counts = Dim {
            points: 0,
            times: 0,
            people: 0,
            votes: 0,
            ..dim
        };
        if self.plain { counts } else { dim }
    }

    pub(crate) fn num(&mut self, value: Decimal, dim: Dim, tag: Tag, span: Span) -> Val {
        self.node(Node::Const(Value::Num(value)), Kind::Num(dim, tag), span)
    }

    /// Checks an expression.
    pub(crate) fn expr(&mut self, cx: Scope, e: &Expr) -> Option<Val> {
        match &e.kind {
            ExprKind::Number(_) => {
                let n = constant::number(e, &mut self.sink)?;
                Some(self.num(n.value, n.dim, n.tag, e.span))
            }
            ExprKind::Text(t) => {
                let v = Value::Text(t.clone());
                Some(self.node(Node::Const(v), Kind::Text, e.span))
            }
            ExprKind::YesNo(b) => {
                let v = Value::YesNo(*b);
                Some(self.node(Node::Const(v), Kind::YesNo, e.span))
            }
            ExprKind::Date(_) => {
                let v = constant::value(e, &FieldType::Date, &mut self.sink)?;
                Some(self.node(Node::Const(v), Kind::Date, e.span))
            }
            ExprKind::Instant(..) => {
                let v = constant::value(e, &FieldType::Instant, &mut self.sink)?;
                Some(self.node(Node::Const(v), Kind::Instant, e.span))
            }
            ExprKind::Name(n) => {
                let v = self.name(cx, n)?;
                self.one(v)
            }
            ExprKind::Top(rank, quota) => self.top(cx, rank, quota, e.span),
            ExprKind::Member(of, n) if self.rank_named(cx, of).is_some() => {
                self.of_rank(cx, of, n, e.span)
            }
            ExprKind::Member(of, n) => {
                let v = match self.part_of_score(cx, of, n) {
                    Some(part) => {
                        let v = self.w.versions.get(cx.version)?;
                        if let Some(said) = self.w.part_unknown(v, &part) {
                            said.into_iter().for_each(|d| self.sink.push(d));
                            return None;
                        }
                        self.name(cx, &part)?
                    }
                    None => self.member(cx, of, n)?,
                };
                self.one(v)
            }
            ExprKind::Running => self.running(cx, e.span),
            ExprKind::DayTotal => self.day_total(cx, e.span),
            ExprKind::ThisFact => {
                self.this_alone(e.span);
                None
            }
            ExprKind::Call(f, args) => self.call(cx, f, args, e.span),
            ExprKind::Earned(a) => self.earned(cx, a, e.span),
            ExprKind::Aggregate(a) => self.aggregate(cx, a, e.span),
            ExprKind::Closed(c) => self.closed(cx, c, e.span),
            ExprKind::HowMany(list) => self.how_many(cx, list, e.span),
            ExprKind::Dates(d) => self.dates(cx, d, e.span),
            ExprKind::Power(p) => self.power(cx, p, e.span),
            ExprKind::Negate(x) => self.negate(cx, x, e.span),
            ExprKind::Binary(op, a, b) => self.binary(cx, *op, a, b, e.span),
            ExprKind::Not(x) => {
                let v = self.condition(cx, x)?;
                Some(self.node(Node::Not(v.id), Kind::YesNo, e.span))
            }
            ExprKind::And(a, b) => {
                let (a, b) = (self.condition(cx, a), self.condition(cx, b));
                let (a, b) = (a?, b?);
                // 在册 且 …: what always holds asks nothing.
                let holds = |v: &Val| *self.exprs.get(v.id) == Node::Const(Value::YesNo(true));
                if holds(&a) {
                    return Some(b);
                }
                if holds(&b) {
                    return Some(a);
                }
                Some(self.node(Node::And(a.id, b.id), Kind::YesNo, e.span))
            }
            ExprKind::Or(a, b) => {
                let (a, b) = (self.condition(cx, a), self.condition(cx, b));
                Some(self.node(Node::Or(a?.id, b?.id), Kind::YesNo, e.span))
            }
            ExprKind::Compare(op, a, b) => self.compare(cx, *op, a, b, e.span),
            ExprKind::Between(x, a, b) => self.between(cx, x, a, b, e.span),
            ExprKind::Among(x, list) => self.among(cx, x, list, e.span),
            ExprKind::OneOf(x, words) => self.one_of(cx, x, words, e.span),
            ExprKind::IsMissing(x) => {
                let v = self.expr(cx, x)?;
                Some(self.node(Node::IsMissing(v.id), Kind::YesNo, e.span))
            }
            ExprKind::InTime(t) => self.in_time(cx, t, e.span),
            ExprKind::Select(s) => self.select(cx, s, e.span),
            ExprKind::First(rows, rest) => self.first(cx, rows, rest.as_deref(), e.span),
            ExprKind::FullBlocks { amount, block, of } => {
                self.full_blocks(cx, amount, block, of, e.span)
            }
            ExprKind::Clamp { low, high, of } => {
                self.clamp(cx, low.as_deref(), high.as_deref(), of, e.span)
            }
            ExprKind::Broken => None,
        }
    }

    /// Checks something that must be yes or no.
    pub(crate) fn condition(&mut self, cx: Scope, e: &Expr) -> Option<Val> {
        let v = self.expr(cx, e)?;
        if v.kind == Kind::YesNo {
            return Some(v);
        }
        let t = v.kind.text();
        let mut d = Diagnostic::new(
            codes::NOT_A_CONDITION,
            e.span,
            jifen_diag::Text::new(
                format!("这里要写条件，写的却是{0}；要同什么比？", t.zh),
                format!(
                    "a condition is wanted, but this is {0}: compared with what?",
                    t.en
                ),
            ),
        );
        if let Kind::Num(..) = v.kind {
            d = d.help(text!(
                zh = "例如：… 不低于 2小时，… 超过 50分",
                en = "for example: … not below 2 hours, … exceeds 50 points"
            ));
        } else if let Kind::Choice(words) = &v.kind
            && let Some(word) = words.first()
        {
            d = d.help(text!(
                zh = "例如：… 为 {word}",
                en = "for example: … is {word}"
            ));
        }
        self.sink.push(d);
        None
    }

    /// Checks something that must be a number.
    pub(crate) fn numeric(&mut self, cx: Scope, e: &Expr) -> Option<(Val, Dim, Tag)> {
        let v = self.expr(cx, e)?;
        let (d, t) = self.as_number(&v)?;
        Some((v, d, t))
    }

    /// The dimension of a value that must be a number; says so if it is none.
    pub(crate) fn as_number(&mut self, v: &Val) -> Option<(Dim, Tag)> {
        if let Kind::Num(d, t) = v.kind {
            return Some((d, t));
        }
        let t = v.kind.text();
        let mut d = Diagnostic::new(
            codes::TYPE_MISMATCH,
            v.span,
            jifen_diag::Text::new(
                format!("这里要的是数，写的是{0}", t.zh),
                format!("a number is wanted, but this is {0}", t.en),
            ),
        );
        if v.kind == Kind::Span {
            let fix = self.sink.kw(".时长", ".duration");
            d = d.fix(
                v.span.at_end(),
                fix,
                text!(zh = "取它的时长", en = "take its duration"),
            );
        } else if v.kind == Kind::Date || v.kind == Kind::Instant {
            d = d.help(text!(
                zh = "两个日期相距几天，写 距(晚的日期, 早的日期)",
                en = "the days between two dates are elapsed(later, earlier)"
            ));
        }
        self.sink.push(d);
        None
    }

    /// Checks an amount of points; a missing unit or factor is shown.
    pub(crate) fn points(&mut self, cx: Scope, e: &Expr) -> Option<Val> {
        let (v, dim, _) = self.numeric(cx, e)?;
        if dim == Dim::POINTS {
            return Some(v);
        }
        let d = self.not_points(e, dim);
        self.sink.push(d);
        None
    }

    fn not_points(&self, e: &Expr, dim: Dim) -> Diagnostic {
        if dim.is_pure() && matches!(e.kind, ExprKind::Number(_) | ExprKind::Negate(_)) {
            return constant::unit_error(e, dim, Dim::POINTS, &self.sink);
        }
        let factor = Dim::POINTS.div(dim);
        let (got, f) = (dim_text(dim), dim_text(factor));
        let rate = (f.zh.strip_prefix('1'), f.en.strip_prefix('1'));
        // Points times hours: a rate was meant, `10分/小时`; hours alone: a rate is missing altogether.
        let (zh, en) = match rate {
            (Some(per), Some(per_en)) => (
                format!("每一份多少分没有写：例如把 10分 写成 10分{per}"),
                format!(
                    "how many points each is not written: e.g. 10 points{per_en} instead of 10 points"
                ),
            ),
            _ => (format!("例如 × 10{}", f.zh), format!("e.g. × 10 {}", f.en)),
        };
        let d = Diagnostic::new(
            codes::MISSING_FACTOR,
            e.span,
            jifen_diag::Text::new(
                format!(
                    "这里要的是分，算出来的是{0}，缺一个因子 {1}；{zh}",
                    got.zh, f.zh
                ),
                format!(
                    "points are wanted, but this gives {0}; a factor in {1} is missing, {en}",
                    got.en, f.en
                ),
            ),
        );
        match (plain_points(e), rate) {
            (Some(amount), (Some(per), Some(per_en))) => {
                let word = self.sink.lang.pick(per, per_en).to_owned();
                d.fix(
                    amount.span.at_end(),
                    word,
                    text!(zh = "写成每一份多少分", en = "make it a rate"),
                )
            }
            _ => d,
        }
    }

    /// The number, if the node is fixed by the text (or by a parameter's first value).
    pub(crate) fn constant(&self, id: ExprId) -> Option<Decimal> {
        match self.exprs.get(id) {
            Node::Const(Value::Num(n)) => Some(*n),
            Node::Neg(a) => self.constant(*a)?.checked_neg().ok(),
            Node::Add(a, b) => self.constant(*a)?.add(self.constant(*b)?).ok(),
            Node::Sub(a, b) => self.constant(*a)?.sub(self.constant(*b)?).ok(),
            Node::Mul(a, b) => self.constant(*a)?.mul(self.constant(*b)?).ok(),
            Node::Div(a, b) => self.constant(*a)?.div(self.constant(*b)?).ok(),
            _ => None,
        }
    }

    /// The number for an example: constants, parameters at their first value.
    pub(crate) fn sample(&self, id: ExprId) -> Option<Decimal> {
        if let Node::Param(p) = self.exprs.get(id) {
            return self.w.params.get(p.ix()).map(|p| p.first);
        }
        self.constant(id)
    }

    /// A lower bound that the data are checked for.
    pub(crate) fn known_min(&self, cx: Scope, id: ExprId) -> Option<Decimal> {
        match self.exprs.get(id) {
            Node::SpanSeconds | Node::Awarded(_) | Node::SetSize(_) | Node::SetRun(_) => {
                Some(Decimal::ZERO)
            }
            Node::Aggregate(a) => self.least(cx, a),
            Node::Field(f) => self.field_range(cx, *f).map(|r| r.0),
            Node::Param(p) => {
                let p = self.w.params.get(p.ix())?;
                p.steps.iter().map(|s| s.1).chain([p.first]).min()
            }
            Node::Mul(a, b) | Node::MulDiv(a, b, _) => {
                let (a, b) = (self.known_min(cx, *a)?, self.known_min(cx, *b)?);
                (!a.is_negative() && !b.is_negative()).then_some(Decimal::ZERO)
            }
            Node::Select { rows, rest, .. } => {
                let values = rows.iter().map(|r| r.1).chain(*rest);
                let mins: Option<Vec<Decimal>> = values.map(|v| self.known_min(cx, v)).collect();
                mins?.into_iter().min()
            }
            Node::Bands { below, rows, .. } => {
                let values = rows.iter().map(|r| r.1).chain([*below]);
                let mins: Option<Vec<Decimal>> = values.map(|v| self.known_min(cx, v)).collect();
                mins?.into_iter().min()
            }
            _ => self.constant(id),
        }
    }

    /// What an aggregate cannot fall below.
    fn least(&self, cx: Scope, a: &jifen_plan::Aggregate) -> Option<Decimal> {
        use jifen_plan::AggregateOf as Of;
        let inner = Scope {
            kind: Some(a.kind),
            ..cx
        };
        match (a.what, a.value) {
            (Of::Count | Of::Distinct | Of::Share | Of::Streak(_) | Of::Set(_), _) => {
                Some(Decimal::ZERO)
            }
            // Of nothing, a sum is 0.
            (Of::Sum, Some(v)) => self.known_min(inner, v).map(|m| m.min(Decimal::ZERO)),
            (_, Some(v)) => self.known_min(inner, v),
            (_, None) => None,
        }
    }

    /// An upper bound that the data are checked for.
    pub(crate) fn known_max(&self, cx: Scope, id: ExprId) -> Option<Decimal> {
        match self.exprs.get(id) {
            Node::Field(f) => self.field_range(cx, *f).map(|r| r.1),
            _ => self.constant(id),
        }
    }

    fn field_range(&self, cx: Scope, f: jifen_plan::FieldIx) -> Option<(Decimal, Decimal)> {
        let kind = self.w.kinds.get(cx.kind?.ix())?;
        kind.fields.get(f.ix())?.range
    }

    /// Does the expression read something that `test` accepts?
    pub(crate) fn reads(&self, id: ExprId, test: &dyn Fn(&Node) -> bool) -> bool {
        self.reads_beyond(id, test, &|_| false)
    }

    /// The same, but what measures read by themselves is not looked at.
    pub(crate) fn reads_outside_measures(&self, id: ExprId, test: &dyn Fn(&Node) -> bool) -> bool {
        self.reads_beyond(id, test, &|n| matches!(n, Node::Measure(..)))
    }

    fn reads_beyond(
        &self,
        id: ExprId,
        test: &dyn Fn(&Node) -> bool,
        border: &dyn Fn(&Node) -> bool,
    ) -> bool {
        let (mut todo, mut seen) = (vec![id], BTreeSet::new());
        while let Some(id) = todo.pop() {
            if !seen.insert(id) {
                continue;
            }
            let node = self.exprs.get(id);
            if test(node) {
                return true;
            }
            if !border(node) {
                todo.extend(node.operands());
            }
        }
        false
    }
}

/// The amount of points without a rate that a product begins with or holds.
fn plain_points(e: &Expr) -> Option<&Expr> {
    match &e.kind {
        ExprKind::Number(q) if q.unit == Some(Unit::Points) && q.per.is_none() => Some(e),
        ExprKind::Binary(BinaryOp::Mul, a, b) => plain_points(a).or_else(|| plain_points(b)),
        _ => None,
    }
}
