//! Conditions and expressions in words of both languages, from the Plan alone; it does not evaluate.
//!
//! The Chinese words are those of the language itself, so that what is printed can be written into a policy.

use jifen_calendar::{ClockWindow, Day};
use jifen_diag::Lang;
use jifen_plan::{
    AttrIx, Cmp, CurrencyIx, DatePart, DaySet, Expr, ExprId, FieldIx, FieldType, Gather, Hold,
    Item, ItemIx, KindIx, Measure, OfMembers, Plan, RosterIx, TimeMode, TimeTest, Trigger, Ty,
    Value, Whose,
};
use jifen_quantity::{Decimal, Dim};

use crate::quantity::{Show, shown, value_text};

/// Where an expression stands: fields and attributes have names only with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The kind whose fields are read.
    pub kind: Option<KindIx>,
    /// The roster of the subject.
    pub roster: Option<RosterIx>,
    /// Inside an aggregate or a join: the kind of the fact being scored.
    pub around: Option<KindIx>,
    /// The item, if its facts are joined with others.
    pub joins: Option<ItemIx>,
}

impl Scope {
    /// The scope of an item's expressions.
    #[must_use]
    pub fn of_item(plan: &Plan, item: &Item) -> Scope {
        match item.trigger {
            Trigger::Fact(kind) => Scope {
                kind: Some(kind),
                roster: plan.kinds.get(kind.ix()).map(|k| k.subject),
                around: None,
                joins: joins(plan, item),
            },
            Trigger::Period { roster, row, .. } => Scope {
                kind: row,
                roster: Some(roster),
                around: None,
                joins: joins(plan, item),
            },
        }
    }
}

impl Scope {
    /// The scope of a measure's expressions.
    #[must_use]
    pub fn of_measure(measure: &Measure) -> Scope {
        Scope::of_roster(measure.roster)
    }

    /// The scope of what is said of subjects of a roster when a period has closed.
    #[must_use]
    pub fn of_roster(roster: RosterIx) -> Scope {
        Scope {
            kind: None,
            roster: Some(roster),
            around: None,
            joins: None,
        }
    }
}

/// The index of an item that is joined with other facts.
fn joins(plan: &Plan, item: &Item) -> Option<ItemIx> {
    if item.joins.is_empty() {
        return None;
    }
    let same = |i: &Item| i.path == item.path && i.version == item.version;
    let at = plan.items.iter().position(same)?;
    u16::try_from(at).ok().map(ItemIx)
}

/// An expression in words.
#[must_use]
pub fn sentence(plan: &Plan, scope: Scope, expr: ExprId, lang: Lang) -> String {
    Words { plan, scope, lang }.text(expr)
}

/// Writes expressions of one scope in one language.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The Plan.
    pub plan: &'a Plan,
    /// Scope.
    pub scope: Scope,
    /// Language.
    pub lang: Lang,
}

impl Words<'_> {
    pub(crate) fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(zh, en)
    }

    /// The name of a field.
    #[must_use]
    pub fn field(&self, field: FieldIx) -> String {
        let kind = self.scope.kind.and_then(|k| self.plan.kinds.get(k.ix()));
        kind.and_then(|k| k.fields.get(field.ix()))
            .map_or_else(|| "?".to_owned(), |f| f.name.clone())
    }

    /// The type of a field.
    #[must_use]
    pub fn field_type(&self, field: FieldIx) -> Option<&FieldType> {
        let kind = self.plan.kinds.get(self.scope.kind?.ix())?;
        kind.fields.get(field.ix()).map(|f| &f.ty)
    }

    fn roster_of(&self, whose: Whose) -> Option<RosterIx> {
        match whose {
            Whose::Own => self.scope.roster,
            Whose::Of(e) => match self.plan.exprs.ty(e) {
                Ty::Subject(r) => Some(r),
                _ => None,
            },
        }
    }

    /// The name of an attribute.
    #[must_use]
    pub fn attr(&self, whose: Whose, attr: AttrIx) -> String {
        let roster = self
            .roster_of(whose)
            .and_then(|r| self.plan.rosters.get(r.ix()));
        let name = roster
            .and_then(|r| r.attrs.get(attr.ix()))
            .map_or_else(|| "?".to_owned(), |a| a.name.clone());
        match whose {
            Whose::Own => name,
            Whose::Of(e) => format!("{}.{name}", self.text(e)),
        }
    }

    fn attr_type(&self, whose: Whose, attr: AttrIx) -> Option<&FieldType> {
        let roster = self.plan.rosters.get(self.roster_of(whose)?.ix())?;
        roster.attrs.get(attr.ix()).map(|a| &a.ty)
    }

    /// The name of the span field.
    #[must_use]
    pub fn span(&self) -> String {
        let kind = self.scope.kind.and_then(|k| self.plan.kinds.get(k.ix()));
        match kind.and_then(|k| k.span) {
            Some(field) => self.field(field),
            None => self.pick("时段", "interval").to_owned(),
        }
    }

    /// How the value of a node is shown.
    #[must_use]
    pub fn show(&self, expr: ExprId) -> Show {
        let percent = |ty: Option<&FieldType>| ty == Some(&FieldType::Percent);
        match (self.plan.exprs.get(expr), self.plan.exprs.ty(expr)) {
            (Expr::Field(f), _) if percent(self.field_type(*f)) => Show::Percent,
            (Expr::Attr(w, a), _) if percent(self.attr_type(*w, *a)) => Show::Percent,
            (Expr::Age(..), _) => Show::Years,
            (Expr::Aggregate(a), _) => self.show_aggregate(a),
            (Expr::Measure(_, value, _), _) => self.show_measure(*value),
            (Expr::OverPeriods(o), _) => match self.plan.measures.get(o.measure.ix()) {
                Some(m) => self.show(m.node),
                None => Show::Raw,
            },
            (Expr::Shared(m), _) => match self.plan.measures.get(m.ix()) {
                Some(m) => self.show(m.node),
                None => Show::Raw,
            },
            (Expr::OverMembers(o), _) if o.what != OfMembers::Count => {
                match self.plan.measures.get(o.measure.ix()) {
                    Some(m) => self.show(m.node),
                    None => Show::Raw,
                }
            }
            (Expr::First { rows, rest }, _) if self.defaulted(rows, *rest) => self.show(*rest),
            (Expr::Follows(_, a), _) => self.show(*a),
            (Expr::Earlier(e), _) => match self.plan.measures.get(e.measure.ix()) {
                Some(m) => self.show(m.node),
                None => Show::Raw,
            },
            (Expr::Joined(slot, of), _) if let Some(there) = self.on_joined(*slot) => {
                there.show(*of)
            }
            (Expr::SetSize(a) | Expr::SetRun(a), _) => match self.plan.exprs.ty(*a) {
                Ty::Periods(jifen_calendar::Period::Day) => Show::Days,
                _ => Show::Months,
            },
            (Expr::Since(a, _), _) if self.plan.exprs.ty(*a) == Ty::Date => Show::Days,
            // Hours times something else are held in seconds: no unit that people use.
            (_, Ty::Num(dim)) if dim.duration > 0 && dim != Dim::DURATION => Show::Raw,
            (_, Ty::Num(dim)) => Show::Dim(dim),
            _ => Show::Raw,
        }
    }

    /// A ratio of two counts is shown in percent; the rest as what it is made of.
    fn show_measure(&self, value: ExprId) -> Show {
        match self.plan.exprs.get(value) {
            Expr::Round(a, _) => self.show_measure(*a),
            Expr::Div(a, b) => {
                let of = |e: &ExprId, dim| self.plan.exprs.ty(*e) == Ty::Num(dim);
                let both = |dim| of(a, dim) && of(b, dim);
                match both(Dim::TIMES) || both(Dim::PEOPLE) {
                    true => Show::Percent,
                    false => self.show(value),
                }
            }
            _ => self.show(value),
        }
    }

    /// How a number beside this node is shown: percent beside percent, days beside days.
    pub(crate) fn show_beside(&self, expr: ExprId, other: ExprId) -> Show {
        match self.show(other) {
            show @ (Show::Percent | Show::Days | Show::Months | Show::Years) => show,
            _ => self.show(expr),
        }
    }

    /// The name of a leaf; `None` for a constant or an operation.
    #[must_use]
    pub fn name(&self, expr: ExprId) -> Option<String> {
        Some(match self.plan.exprs.get(expr) {
            Expr::Field(f) => self.field(*f),
            Expr::Attr(whose, attr) => self.attr(*whose, *attr),
            Expr::Param(p) => self
                .plan
                .params
                .get(p.ix())
                .map_or_else(|| "?".to_owned(), |p| p.name.clone()),
            Expr::Running => self.pick("本次得分", "awarded").to_owned(),
            Expr::DayTotal => self.pick("当日合计", "day_total").to_owned(),
            Expr::SpanSeconds => format!("{}.{}", self.span(), self.pick("时长", "duration")),
            Expr::SpanStart => format!("{}.{}", self.span(), self.pick("开始", "start")),
            Expr::SpanEnd => format!("{}.{}", self.span(), self.pick("结束", "end")),
            Expr::EventDay => self.pick("日期", "date").to_owned(),
            Expr::EntryDay => self.pick("登记日", "entry_date").to_owned(),
            Expr::EventInstant => self.pick("时刻", "instant").to_owned(),
            Expr::PeriodStart => self.pick("期初", "period_start").to_owned(),
            Expr::PeriodEnd => self.pick("期末", "period_end").to_owned(),
            Expr::Joined(slot, of) => self.joined(*slot, *of)?,
            Expr::Subject => self.pick("对象", "subject").to_owned(),
            Expr::Measure(m, ..) | Expr::Shared(m) => {
                let measure = self.plan.measures.get(m.ix());
                measure.map_or_else(|| "?".to_owned(), |m| m.name.clone())
            }
            Expr::Follows(name, _) => name.clone(),
            Expr::Earlier(e) => self.earlier(*e),
            Expr::OverPeriods(o) => {
                let name = self.plan.measures.get(o.measure.ix());
                let name = name.map_or("?", |m| m.name.as_str());
                let skip = if o.skip {
                    self.pick(" 缺项 略过", " missing part skipped")
                } else {
                    ""
                };
                let what = match o.what {
                    Gather::Sum => self.pick("合计", "sum"),
                    Gather::Mean => self.pick("平均", "mean"),
                    Gather::Max => self.pick("最大", "max"),
                    Gather::Min => self.pick("最小", "min"),
                    Gather::First => self.pick("最早", "earliest"),
                    Gather::Last => self.pick("最近", "latest"),
                };
                format!("{what}({name}{skip})")
            }
            Expr::OverMembers(o) => self.over_members(*o),
            Expr::Members(when) => self.members(*when),
            Expr::Points(p) => self.closed_points(p),
            Expr::Standing(s) => self.standing(*s),
            _ => return None,
        })
    }

    /// `余额(可用积分)`; without the name where there is one kind of points.
    pub(crate) fn of_points(
        &self,
        (zh, en): (&'static str, &'static str),
        c: CurrencyIx,
    ) -> String {
        let of = match self.plan.currencies.as_slice() {
            [_] => "",
            all => all.get(c.ix()).map_or("?", |c| c.name.as_str()),
        };
        format!("{}({of})", self.pick(zh, en))
    }

    /// The expression in words.
    #[must_use]
    pub fn text(&self, expr: ExprId) -> String {
        if let Some(name) = self.name(expr) {
            return name;
        }
        match self.plan.exprs.get(expr) {
            Expr::Const(value) => value_text(value, self.show(expr), self.lang),
            Expr::Add(a, b) => format!("{} + {}", self.text(*a), self.text(*b)),
            Expr::Sub(a, b) => format!("{} − {}", self.text(*a), self.inside(*b, 2)),
            Expr::Mul(a, b) => self.product(*a, *b),
            Expr::Div(a, b) => format!("{} ÷ {}", self.inside(*a, 2), self.inside(*b, 3)),
            Expr::MulDiv(a, b, c) => self.mul_div(*a, *b, *c),
            Expr::IntDiv(a, b) => format!(
                "{} {} {}",
                self.inside(*a, 2),
                self.pick("整除", "div"),
                self.inside(*b, 3)
            ),
            Expr::Neg(a) => format!("−{}", self.inside(*a, 3)),
            Expr::Compare(cmp, a, b) => self.compare(*cmp, *a, *b),
            Expr::And(a, b) => self.both(*a, self.pick("且", "and"), *b, 2),
            Expr::Or(a, b) => self.both(*a, self.pick("或", "or"), *b, 1),
            Expr::Not(a) => format!("{} {}", self.pick("非", "not"), self.inside(*a, 9)),
            Expr::OneOf(a, values) => format!(
                "{} {}{}",
                self.inside(*a, 3),
                self.pick("属于", "is one of "),
                self.values(values, *a)
            ),
            Expr::Among(who, list) => format!(
                "{} {}{}",
                self.inside(*who, 3),
                self.pick("属于 ", "is one of "),
                self.text(*list)
            ),
            Expr::HowMany(a) => format!("{}({})", self.pick("个数", "size"), self.text(*a)),
            Expr::IsMissing(a) => format!("{} {}", self.text(*a), self.pick("缺失", "is missing")),
            Expr::InTime(test) => self.time(test),
            Expr::InDays(a, set) => format!(
                "{} {}{}",
                self.inside(*a, 3),
                self.pick("属于", "is one of "),
                self.day_set(set)
            ),
            Expr::RunStart(_, set) => self.lang.pick(
                format!("“{}”每期", set.name),
                format!("each run of “{}”", set.name),
            ),
            Expr::Round(a, _) => self.text(*a),
            Expr::Aggregate(a) => self.aggregate(a),
            Expr::This(a) => self.this(*a),
            Expr::Balance(c) => self.of_points(("余额", "balance"), *c),
            Expr::Awarded(c) => self.of_points(("累计", "total awarded"), *c),
            other => self.selection(other),
        }
    }

    fn selection(&self, expr: &Expr) -> String {
        let (by, rest) = (self.pick("按", "by"), self.pick("其余", "rest"));
        match expr {
            Expr::Bands {
                of,
                below,
                rows,
                reaches,
            } => self.bands(*of, *below, rows, *reaches),
            Expr::Slices { of, rows, .. } => self.slices(*of, rows),
            Expr::Select { of, rows, rest: r } => {
                let row = |(keys, value): &(Vec<Value>, ExprId)| {
                    let keys: Vec<String> = keys.iter().map(|k| self.value(k, *of)).collect();
                    let list = keys.join(self.pick("、", ", "));
                    format!("{list}: {}", self.text(*value))
                };
                let mut lines: Vec<String> = rows.iter().map(row).collect();
                lines.extend(r.map(|r| format!("{rest}: {}", self.text(r))));
                format!("{by} {} {}", self.text(*of), self.block(&lines))
            }
            Expr::First { rows, rest } if let Some(text) = self.with_default(rows, *rest) => text,
            Expr::First { rows, rest: r } => {
                let when = self.pick("当", "when");
                let row = |(cond, value): &(ExprId, ExprId)| {
                    format!("{when} {}: {}", self.text(*cond), self.text(*value))
                };
                let mut lines: Vec<String> = rows.iter().map(row).collect();
                lines.push(format!("{rest}: {}", self.text(*r)));
                format!("{} {}", self.pick("取先", "first"), self.block(&lines))
            }
            Expr::Clamp { low, high, of } => self.clamp(*low, *high, *of),
            Expr::YearStart(from, on) => {
                let word = self.pick("年度起", "year_start");
                format!("{word}({}, {})", self.text(*from), self.text(*on))
            }
            Expr::Age(born, on) => {
                format!(
                    "{}({}, {})",
                    self.pick("周岁", "age"),
                    self.text(*born),
                    self.text(*on)
                )
            }
            Expr::DatePart(part, day) => {
                let word = match part {
                    DatePart::Year => self.pick("年份", "year"),
                    DatePart::Month => self.pick("月份", "month"),
                    DatePart::DayOfMonth => self.pick("日", "day"),
                    DatePart::Weekday => self.pick("星期", "weekday"),
                };
                format!("{word}({})", self.text(*day))
            }
            Expr::Shift(day, n, unit) => self.shift(*day, *n, *unit),
            Expr::SetOf(op, a, b) => self.set_of(*op, *a, *b),
            Expr::SetSize(a) => format!("{}({})", self.pick("个数", "size"), self.text(*a)),
            Expr::SetRun(a) => {
                format!(
                    "{}({})",
                    self.pick("最长连续", "longest_run"),
                    self.text(*a)
                )
            }
            Expr::Power(a, b, to) => self.power(*a, *b, *to),
            Expr::Since(a, b) => format!(
                "{}({}, {})",
                self.pick("距", "elapsed"),
                self.text(*a),
                self.text(*b)
            ),
            _ => String::new(),
        }
    }

    fn block(&self, lines: &[String]) -> String {
        format!("{{ {} }}", lines.join(self.pick("；", "; ")))
    }

    /// `10分 每满 100元 计 金额`, or a product.
    fn product(&self, a: ExprId, b: ExprId) -> String {
        // Full blocks are never fewer than none.
        let b_inner = match self.plan.exprs.get(b) {
            Expr::Clamp {
                low: Some(_),
                high: None,
                of,
            } => *of,
            _ => b,
        };
        if let Expr::IntDiv(of, block) = self.plan.exprs.get(b_inner) {
            let (a, block, of) = (self.inside(a, 3), self.inside(*block, 3), self.text(*of));
            return match self.lang {
                Lang::Zh => format!("{a} 每满 {block} 计 {of}"),
                Lang::En => format!("{a} per full {block} of {of}"),
            };
        }
        format!("{} × {}", self.inside(a, 2), self.inside(b, 2))
    }

    fn mul_div(&self, a: ExprId, b: ExprId, c: Decimal) -> String {
        let product = format!("{} × {}", self.inside(a, 2), self.inside(b, 2));
        if c == Decimal::from_int(3600) {
            return product;
        }
        format!("{product} ÷ {c}")
    }

    fn compare(&self, cmp: Cmp, a: ExprId, b: ExprId) -> String {
        let word = match cmp {
            Cmp::Eq => self.pick("为", "is"),
            Cmp::Ne => self.pick("不为", "is not"),
            Cmp::Ge => self.pick("不低于", "not below"),
            Cmp::Gt => self.pick("超过", "exceeds"),
            Cmp::Le => self.pick("不超过", "not above"),
            Cmp::Lt => self.pick("不足", "below"),
        };
        format!("{} {word} {}", self.beside(a, b), self.beside(b, a))
    }

    /// A side of a comparison; constants take the unit of the other side.
    fn beside(&self, expr: ExprId, other: ExprId) -> String {
        match self.plan.exprs.get(expr) {
            Expr::Const(value) => value_text(value, self.show_beside(expr, other), self.lang),
            _ => self.inside(expr, 1),
        }
    }

    fn both(&self, a: ExprId, word: &str, b: ExprId, rank: u8) -> String {
        let side = |e: ExprId| {
            let own = match self.plan.exprs.get(e) {
                Expr::Or(..) => 1,
                Expr::And(..) => 2,
                _ => 9,
            };
            let text = self.text(e);
            if own < rank { self.wrap(&text) } else { text }
        };
        format!("{} {word} {}", side(a), side(b))
    }

    pub(crate) fn wrap(&self, text: &str) -> String {
        self.lang.pick(format!("（{text}）"), format!("({text})"))
    }

    fn inside(&self, expr: ExprId, rank: u8) -> String {
        let own = match self.plan.exprs.get(expr) {
            Expr::And(..)
            | Expr::Or(..)
            | Expr::Compare(..)
            | Expr::OneOf(..)
            | Expr::Among(..) => 0,
            Expr::Add(..) | Expr::Sub(..) | Expr::Shift(..) => 1,
            Expr::Mul(..) | Expr::Div(..) | Expr::MulDiv(..) | Expr::IntDiv(..) => 2,
            Expr::Neg(..) => 3,
            _ => 9,
        };
        let text = self.text(expr);
        if own < rank { self.wrap(&text) } else { text }
    }

    fn value(&self, value: &Value, beside: ExprId) -> String {
        value_text(value, self.show(beside), self.lang)
    }

    fn values(&self, values: &[Value], beside: ExprId) -> String {
        let list: Vec<String> = values.iter().map(|v| self.value(v, beside)).collect();
        self.wrap(&list.join(self.pick("、", ", ")))
    }

    fn bands(
        &self,
        of: ExprId,
        below: ExprId,
        rows: &[(Decimal, ExprId)],
        reaches: bool,
    ) -> String {
        let (under, from) = match reaches {
            true => (self.pick("不满", "under"), self.pick("满", "reaches")),
            false => (
                self.pick("不超过", "not above"),
                self.pick("超过", "exceeds"),
            ),
        };
        let show = self.show(of);
        let mut lines = Vec::new();
        if let Some((bound, _)) = rows.first() {
            let bound = shown(*bound, show, self.lang);
            lines.push(format!("{under} {bound}: {}", self.text(below)));
        }
        for (bound, value) in rows {
            let bound = shown(*bound, show, self.lang);
            lines.push(format!("{from} {bound}: {}", self.text(*value)));
        }
        format!(
            "{} {} {} {}",
            self.pick("按", "by"),
            self.text(of),
            self.pick("分档", "bands"),
            self.block(&lines)
        )
    }

    fn slices(&self, of: ExprId, rows: &[(Decimal, ExprId)]) -> String {
        let show = self.show(of);
        let row = |(bound, rate): &(Decimal, ExprId)| {
            let bound = shown(*bound, show, self.lang);
            format!(
                "{} {bound}: {}",
                self.pick("满", "reaches"),
                self.text(*rate)
            )
        };
        let lines: Vec<String> = rows.iter().map(row).collect();
        format!(
            "{} {} {} {}",
            self.pick("按", "by"),
            self.text(of),
            self.pick("累进", "slices"),
            self.block(&lines)
        )
    }

    fn clamp(&self, low: Option<ExprId>, high: Option<ExprId>, of: ExprId) -> String {
        let of = self.text(of);
        match (low, high) {
            (Some(a), Some(b)) => format!(
                "{} {} {} {} {{ {of} }}",
                self.pick("介于", "between"),
                self.text(a),
                self.pick("至", "and"),
                self.text(b)
            ),
            (Some(a), None) => {
                format!(
                    "{} {} {{ {of} }}",
                    self.pick("最少", "at least"),
                    self.text(a)
                )
            }
            (None, Some(b)) => {
                format!(
                    "{} {} {{ {of} }}",
                    self.pick("最多", "at most"),
                    self.text(b)
                )
            }
            (None, None) => of,
        }
    }

    /// The name of a campaign or feast, with its days where these are few.
    fn day_set(&self, set: &DaySet) -> String {
        let name = format!("“{}”", set.name);
        if set.runs.len() > 2 {
            return name;
        }
        let runs: Vec<String> = set.runs.iter().map(|r| self.run(*r)).collect();
        name + &self.wrap(&runs.join(self.pick("、", ", ")))
    }

    /// `2026-02-01 至 2026-03-03`: both days belong to it.
    #[must_use]
    pub fn run(&self, (from, to): (Day, Day)) -> String {
        let last = to.add_days(-1);
        if from == last {
            return from.to_string();
        }
        format!("{from} {} {last}", self.pick("至", "to"))
    }

    /// `时段内 22:00 至 次日 06:00`.
    #[must_use]
    pub fn time(&self, test: &TimeTest) -> String {
        let word = match test.mode {
            TimeMode::During => self.pick("时段内", "during"),
            TimeMode::StartingIn => self.pick("始于时段", "starting in"),
            TimeMode::Touching => self.pick("触及时段", "touching"),
        };
        format!("{word} {}", self.windows(&test.windows))
    }

    /// `09:00 至 12:00、13:30 至 17:30`
    pub(crate) fn windows(&self, windows: &[ClockWindow]) -> String {
        let list: Vec<String> = windows.iter().map(|w| self.window(w)).collect();
        list.join(self.pick("、", ", "))
    }

    fn window(&self, w: &ClockWindow) -> String {
        let clock = |s: i32| {
            let text = format!("{:02}:{:02}", s / 3600, s / 60 % 60);
            match s % 60 {
                0 => text,
                sec => format!("{text}:{sec:02}"),
            }
        };
        let next = if w.to > 86_400 {
            self.pick("次日 ", "next ")
        } else {
            ""
        };
        let end = if w.to > 86_400 { w.to - 86_400 } else { w.to };
        format!(
            "{} {} {next}{}",
            clock(w.from),
            self.pick("至", "to"),
            clock(end)
        )
    }

    /// `4月1日`, or the name of a date of the roster.
    pub(crate) fn year_from(&self, from: ExprId) -> String {
        let Expr::Const(Value::Date(day)) = self.plan.exprs.get(from) else {
            return self.text(from);
        };
        let (_, month, day) = day.ymd();
        self.lang
            .pick(format!("{month}月{day}日"), format!("{month:02}-{day:02}"))
    }

    /// `整月在任` and its like.
    #[must_use]
    pub fn hold(&self, hold: Hold) -> &'static str {
        match hold {
            Hold::Whole => self.pick("整月在任", "whole month"),
            Hold::FirstDay => self.pick("月初在任", "on first day"),
            Hold::AnyDay => self.pick("当月曾任", "any day"),
            Hold::Prorated => self.pick("按日折算", "prorated"),
        }
    }
}
