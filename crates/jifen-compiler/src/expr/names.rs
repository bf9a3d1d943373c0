//! Names in expressions: fields, attributes, parameters, names with a fixed meaning, members, functions.

use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{
    AttrIx, Cmp, DatePart, Expr as Node, ExprId, FieldIx, FieldType, MeasureIx, ParamIx, RosterIx,
    StandingIx, Value, Whose,
};
use jifen_quantity::Dim;
use jifen_syntax::ast::{Expr, ExprKind, Name};

use super::{Checker, Kind, Scope, Val};
use crate::resolve::Sym;
use crate::units::Tag;

/// Functions with their canonical Chinese name, English names and number of arguments.
const FUNCTIONS: &[(&str, &[&str], usize)] = &[
    ("周岁", &["周岁", "age"], 2),
    ("年份", &["年份", "year"], 1),
    ("月份", &["月份", "month"], 1),
    ("日", &["日", "day_of_month"], 1),
    ("星期", &["星期", "weekday"], 1),
    ("距", &["距", "elapsed", "since"], 2),
    ("周年日", &["周年日", "anniversary"], 2),
    ("年度起", &["年度起", "year_start"], 2),
];

pub(super) enum Found {
    Field(FieldIx),
    Attr(AttrIx),
    Param(ParamIx),
    /// A parameter that follows measures.
    Following(usize),
    Measure(MeasureIx),
    Standing(StandingIx),
    BuiltIn(Node, Kind),
    /// Inside an aggregate: of the run that counts.
    OfRun(Node, Kind),
}

impl Checker<'_> {
    /// A bare name as a value.
    pub(crate) fn name(&mut self, cx: Scope, n: &Name) -> Option<Val> {
        let mut found = self.lookup(cx, &n.text);
        if found.len() > 1 {
            self.ambiguous(cx, n, &found);
            return None;
        }
        match found.pop() {
            Some(f) => self.found(cx, f, n.span),
            None => {
                self.no_value(cx, n);
                None
            }
        }
    }

    /// Is there a value of this name?
    pub(crate) fn has_value(&self, cx: Scope, name: &str) -> bool {
        !self.lookup(cx, name).is_empty()
    }

    /// `季度绩效.居民评价`: the name of a part of a score.
    pub(crate) fn part_of_score(&self, cx: Scope, of: &Expr, part: &Name) -> Option<Name> {
        let ExprKind::Name(score) = &of.kind else {
            return None;
        };
        let names = &self.version(cx)?.names;
        let known = matches!(names.get(&score.text), Some((Sym::Measure(_), _)));
        known.then(|| jifen_syntax::ast::part_of(score, part))
    }

    pub(super) fn lookup(&self, cx: Scope, name: &str) -> Vec<Found> {
        let mut out = Vec::new();
        if let Some(f) = self.field(cx, name) {
            out.push(Found::Field(f));
        }
        if let Some(a) = cx.roster.and_then(|r| self.attr(cx, r, name)) {
            out.push(Found::Attr(a));
        }
        if let Some(v) = self.version(cx)
            && let Some((Sym::Param(p), _)) = v.names.get(name)
        {
            out.push(Found::Param(*p));
        }
        if let Some(v) = self.version(cx)
            && let Some((Sym::Following(f), _)) = v.names.get(name)
        {
            out.push(Found::Following(*f));
        }
        if let Some(v) = self.version(cx)
            && let Some((Sym::Measure(m), _)) = v.names.get(name)
        {
            out.push(Found::Measure(*m));
        }
        if let Some(v) = self.version(cx)
            && let Some((Sym::Standing(s), _)) = v.names.get(name)
        {
            out.push(Found::Standing(*s));
        }
        if let Some((node, kind)) = built_in(cx, name) {
            out.push(Found::BuiltIn(node, kind));
        }
        if let Some((node, kind)) = end_of_period(cx, name) {
            out.push(Found::OfRun(node, kind));
        }
        out
    }

    fn found(&mut self, cx: Scope, f: Found, span: Span) -> Option<Val> {
        Some(match f {
            Found::Measure(m) => return self.read_measure(cx, m, span),
            Found::Standing(s) => return self.read_standing(cx, s, span),
            Found::Following(f) => return self.read_following(cx, f, span),
            Found::Field(ix) => {
                let ty = cx
                    .kind
                    .and_then(|k| self.w.kinds.get(k.ix()))
                    .and_then(|k| k.fields.get(ix.ix()))
                    .map_or(FieldType::Text, |f| f.ty.clone());
                self.node(Node::Field(ix), Kind::of_field(&ty), span)
            }
            Found::Attr(_) if cx.shared.is_some() && !cx.inside => {
                self.no_single(span);
                return None;
            }
            Found::Attr(ix) => {
                let ty = cx
                    .roster
                    .and_then(|r| self.w.rosters.get(r.ix()))
                    .and_then(|r| r.attrs.get(ix.ix()))
                    .map_or(FieldType::Text, |a| a.ty.clone());
                self.node(Node::Attr(Whose::Own, ix), Kind::of_field(&ty), span)
            }
            Found::Param(p) => {
                let dim = self.w.params.get(p.ix()).map_or(Dim::PURE, |p| p.dim);
                if let Some(param) = self.w.params.get(p.ix()) {
                    self.used.names.insert((cx.version, param.name.clone()));
                }
                self.node(Node::Param(p), Kind::Num(dim, Tag::Plain), span)
            }
            Found::BuiltIn(node, kind) => self.node(node, kind, span),
            Found::OfRun(node, kind) => {
                let own = self.node(node, kind.clone(), span);
                self.node(Node::This(own.id), kind, span)
            }
        })
    }

    /// A field that this version's record declares.
    pub(crate) fn field(&self, cx: Scope, name: &str) -> Option<FieldIx> {
        let kind = self.w.kinds.get(cx.kind?.ix())?;
        let at = kind.fields.iter().position(|f| f.name == name)?;
        let (decl, _) = self.version(cx)?.records.get(kind.name.as_str())?;
        let declared = decl.fields.iter().any(|f| f.name.text == name)
            || (name == crate::resolve::GRADED_BY
                && decl.fields.iter().any(|f| !f.graded_by.is_empty()));
        declared.then(|| FieldIx(u16::try_from(at).unwrap_or(u16::MAX)))
    }

    /// An attribute that this version's roster declares.
    pub(crate) fn attr(&self, cx: Scope, roster: RosterIx, name: &str) -> Option<AttrIx> {
        let r = self.w.rosters.get(roster.ix())?;
        let at = r.attrs.iter().position(|a| a.name == name)?;
        let decl = self.version(cx)?.rosters.get(r.name.as_str())?;
        let declared = decl.fields.iter().any(|f| f.name.text == name);
        declared.then(|| AttrIx(u16::try_from(at).unwrap_or(u16::MAX)))
    }

    fn ambiguous(&mut self, cx: Scope, n: &Name, found: &[Found]) {
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        let record = cx.kind.and_then(|k| self.w.kinds.get(k.ix()));
        let roster = cx.roster.and_then(|r| self.w.rosters.get(r.ix()));
        let mut fix = None;
        for f in found {
            match f {
                Found::Field(_) => {
                    let name = record.map_or("", |k| k.name.as_str());
                    zh.push(format!("记录“{name}”的字段（写 {name}.{}）", n.text));
                    en.push(format!("a field of “{name}” (write {name}.{})", n.text));
                    fix = Some(format!("{name}.{}", n.text));
                }
                Found::Attr(_) => {
                    let name = roster.map_or("", |k| k.name.as_str());
                    zh.push(format!("名册“{name}”的属性（写 {name}.{}）", n.text));
                    en.push(format!(
                        "an attribute of “{name}” (write {name}.{})",
                        n.text
                    ));
                }
                Found::Param(_) | Found::Following(_) => {
                    zh.push("参数".to_owned());
                    en.push("a parameter".to_owned());
                }
                Found::Measure(_) => {
                    zh.push("指标".to_owned());
                    en.push("a measure".to_owned());
                }
                Found::Standing(_) => {
                    zh.push("排名、等级、标记或权益".to_owned());
                    en.push("a ranking, grade, flag or right".to_owned());
                }
                Found::BuiltIn(..) | Found::OfRun(..) => {
                    zh.push("这件事本身的日期或时刻".to_owned());
                    en.push("the date or time of the event itself".to_owned());
                }
            }
        }
        let (zh, en) = (zh.join("，也可以是"), en.join(", or "));
        let mut d = Diagnostic::new(
            codes::AMBIGUOUS_NAME,
            n.span,
            text!(
                zh = "“{0}”可以是{zh}，请写明是哪一个",
                en = "“{0}” could be {en}; say which",
                n.text
            ),
        );
        if let Some(fix) = fix {
            d = d.fix(
                n.span,
                fix,
                text!(zh = "指明是记录的字段", en = "say that the field is meant"),
            );
        }
        self.sink.push(d);
    }

    /// Nothing of this name can be read here.
    fn no_value(&mut self, cx: Scope, n: &Name) {
        let Some(v) = self.version(cx) else {
            return;
        };
        if let Some((sym, at)) = v.names.get(&n.text) {
            if matches!(sym, Sym::Poison) {
                return;
            }
            let sort = sym.sort();
            let d = Diagnostic::new(
                codes::WRONG_SORT_OF_NAME,
                n.span,
                jifen_diag::Text::new(
                    format!("“{0}”是{1}，不能当作一个值来用", n.text, sort.zh),
                    format!(
                        "“{0}” is a {1} and has no value of its own",
                        n.text, sort.en
                    ),
                ),
            );
            let d = d.label(*at, text!(zh = "声明在这里", en = "declared here"));
            let d = self.account_fix(cx, n, d);
            self.sink.push(d);
            return;
        }
        if self.declaration_is_damaged(cx, Some(n)) {
            return;
        }
        if matches!(
            n.text.as_str(),
            "期初" | "期末" | "period_start" | "period_end"
        ) {
            self.sink.push(Diagnostic::new(
                codes::UNKNOWN_NAME,
                n.span,
                text!(
                    zh = "只有写了“周期”的项目才有期初、期末",
                    en = "only an item with a period has a beginning and an end of it"
                ),
            ));
            return;
        }
        if self.account_alone(cx, n) {
            return;
        }
        let names = self.value_names(cx);
        let what = text!(
            zh = "字段、属性或参数",
            en = "field, attribute or parameter"
        );
        self.sink
            .unknown(n, &what, names.iter().map(String::as_str));
    }

    /// The parser lost part of the record or roster: a name may have been in it.
    pub(super) fn declaration_is_damaged(&self, cx: Scope, name: Option<&Name>) -> bool {
        let Some(v) = self.version(cx) else {
            return false;
        };
        if name.map_or(self.sink.lenient, |n| self.sink.may_be_lost(n)) {
            return true;
        }
        let lost =
            |s: Span| self.sink.lost_in(s) && name.is_none_or(|n| self.sink.mentions(s, &n.text));
        // A field that is declared wrongly: reported there.
        let same = |f: &str| name.is_none_or(|n| n.text == f);
        let kind = cx.kind.and_then(|k| self.w.kinds.get(k.ix()));
        let record = kind.and_then(|k| v.records.get(k.name.as_str()));
        let roster = cx.roster.and_then(|r| self.w.rosters.get(r.ix()));
        let decl = roster.and_then(|r| v.rosters.get(r.name.as_str()));
        record.is_some_and(|(d, s)| {
            lost(*s)
                || d.fields.iter().any(|f| {
                    same(&f.name.text)
                        && kind.is_some_and(|k| k.fields.iter().all(|x| x.name != f.name.text))
                })
        }) || decl.is_some_and(|d| {
            v.decl_span(d.name.span).is_some_and(lost)
                || d.fields.iter().any(|f| {
                    same(&f.name.text)
                        && roster.is_some_and(|r| r.attrs.iter().all(|x| x.name != f.name.text))
                })
        })
    }

    /// See [`Checker::declaration_is_damaged`].
    pub(crate) fn damaged(&self, cx: Scope, name: Option<&Name>) -> bool {
        self.blind || self.declaration_is_damaged(cx, name)
    }

    /// Names that can key a cap.
    pub(crate) fn key_names(&self, cx: Scope) -> Vec<String> {
        let mut out = Vec::new();
        if let Some(k) = cx.kind.and_then(|k| self.w.kinds.get(k.ix())) {
            let keys = k.fields.iter().filter(|f| f.ty != FieldType::Span);
            out.extend(keys.map(|f| f.name.clone()));
        }
        if let Some(r) = cx.roster.and_then(|r| self.w.rosters.get(r.ix())) {
            out.extend(r.attrs.iter().map(|a| a.name.clone()));
        }
        out
    }

    /// All names that can be read here.
    pub(super) fn value_names(&self, cx: Scope) -> Vec<String> {
        let mut out = Vec::new();
        if let Some(k) = cx.kind.and_then(|k| self.w.kinds.get(k.ix())) {
            out.extend(k.fields.iter().map(|f| f.name.clone()));
        }
        if let Some(r) = cx.roster.and_then(|r| self.w.rosters.get(r.ix())) {
            out.extend(r.attrs.iter().map(|a| a.name.clone()));
        }
        if let Some(v) = self.version(cx) {
            let params = v.names_where(|s| {
                matches!(
                    s,
                    Sym::Param(_) | Sym::Following(_) | Sym::Measure(_) | Sym::Standing(_)
                )
            });
            out.extend(params.into_iter().map(str::to_owned));
        }
        out
    }

    /// `起止.时长`, `服务对象.出生`, `居民.角色`, `志愿.时长`.
    pub(super) fn member(&mut self, cx: Scope, of: &Expr, n: &Name) -> Option<Val> {
        if matches!(of.kind, ExprKind::ThisFact) {
            return self.this_field(cx, n, of.span.to(n.span));
        }
        if let ExprKind::Name(base) = &of.kind
            && !self.has_value(cx, &base.text)
        {
            if let Some(joined) = self.of_joined(cx, base, n) {
                return joined;
            }
            let record = cx.kind.and_then(|k| self.w.kinds.get(k.ix()));
            if record.is_some_and(|k| k.name == base.text) {
                if let Some(subject) = self.subject_of(cx, cx.kind, n, base.span.to(n.span)) {
                    return Some(subject);
                }
                let Some(f) = self.field(cx, &n.text) else {
                    self.unknown_field(cx, n);
                    return None;
                };
                return self.found(cx, Found::Field(f), base.span.to(n.span));
            }
            let roster = cx.roster.and_then(|r| self.w.rosters.get(r.ix()));
            if roster.is_some_and(|r| r.name == base.text) {
                let Some(a) = cx.roster.and_then(|r| self.attr(cx, r, &n.text)) else {
                    self.unknown_attr(cx, cx.roster, n);
                    return None;
                };
                return self.found(cx, Found::Attr(a), base.span.to(n.span));
            }
        }
        let v = self.expr(cx, of)?;
        let span = of.span.to(n.span);
        match v.kind {
            Kind::Span => match n.text.as_str() {
                "时长" | "duration" => {
                    let kind = Kind::Num(Dim::DURATION, Tag::Plain);
                    Some(self.node(Node::SpanSeconds, kind, span))
                }
                "开始" | "start" => Some(self.node(Node::SpanStart, Kind::Instant, span)),
                "结束" | "end" => Some(self.node(Node::SpanEnd, Kind::Instant, span)),
                _ => {
                    let words = match self.sink.lang {
                        jifen_diag::Lang::Zh => ["时长", "开始", "结束"],
                        jifen_diag::Lang::En => ["duration", "start", "end"],
                    };
                    self.field_error(n, &words);
                    None
                }
            },
            Kind::Subject(r) => {
                let Some(a) = self.attr(cx, r, &n.text) else {
                    self.unknown_attr(cx, Some(r), n);
                    return None;
                };
                let ty = self.w.rosters.get(r.ix())?.attrs.get(a.ix())?.ty.clone();
                if let (true, Node::This(own)) = (self.joining, self.exprs.get(v.id)) {
                    // 本条.对象.楼栋: as of the day of this fact.
                    let of = Node::Attr(Whose::Of(*own), a);
                    let of = self.node(of, Kind::of_field(&ty), span);
                    return Some(self.node(Node::This(of.id), Kind::of_field(&ty), span));
                }
                let node = Node::Attr(Whose::Of(v.id), a);
                Some(self.node(node, Kind::of_field(&ty), span))
            }
            other => {
                let t = other.text();
                self.sink.push(Diagnostic::new(
                    codes::TYPE_MISMATCH,
                    n.span,
                    jifen_diag::Text::new(format!("{0}没有“{1}”；只有时段（.时长 .开始 .结束）和名册里的人才能再往下取", t.zh, n.text), format!("{0} has no “{1}”; only spans (.duration .start .end) and rows of a roster have members", t.en, n.text)),
                ));
                None
            }
        }
    }

    pub(super) fn unknown_field(&mut self, cx: Scope, n: &Name) {
        if self.declaration_is_damaged(cx, Some(n)) {
            return;
        }
        let kind = cx.kind.and_then(|k| self.w.kinds.get(k.ix()));
        let names: Vec<&str> = kind.map_or(Vec::new(), |k| {
            k.fields.iter().map(|f| f.name.as_str()).collect()
        });
        self.field_error(n, &names);
    }

    fn unknown_attr(&mut self, cx: Scope, r: Option<RosterIx>, n: &Name) {
        if self.declaration_is_damaged(Scope { roster: r, ..cx }, Some(n)) {
            return;
        }
        let roster = r.and_then(|r| self.w.rosters.get(r.ix()));
        let names: Vec<&str> = roster.map_or(Vec::new(), |r| {
            r.attrs.iter().map(|a| a.name.as_str()).collect()
        });
        self.field_error(n, &names);
    }

    /// A member that does not exist.
    pub(crate) fn field_error(&mut self, n: &Name, names: &[&str]) {
        let (list, en) = jifen_diag::listed(names);
        let mut d = Diagnostic::new(
            codes::UNKNOWN_FIELD,
            n.span,
            text!(
                zh = "这里没有“{}”，有的是：{list}",
                en = "there is no “{}” here; there are: {en}",
                n.text
            ),
        );
        if let Some(s) = jifen_diag::suggest(&n.text, names.iter().copied()) {
            d = d.fix(
                n.span,
                s,
                text!(zh = "改成“{s}”", en = "change it to “{s}”"),
            );
        }
        self.sink.push(d);
    }

    /// `周岁(出生, 日期)` and the other functions.
    pub(super) fn call(&mut self, cx: Scope, f: &Name, args: &[Expr], span: Span) -> Option<Val> {
        if super::account::is_account(&f.text) {
            return self.account(cx, f, args, span);
        }
        if self.of_dates_misread(f, span) {
            return None;
        }
        let Some((zh, _, arity)) = FUNCTIONS
            .iter()
            .find(|(_, names, _)| names.contains(&f.text.as_str()))
        else {
            let lang = self.sink.lang;
            let names: Vec<&str> = FUNCTIONS
                .iter()
                .filter_map(|(zh, en, _)| Some(lang.pick(*zh, en.get(1)?)))
                .collect();
            let (list, en) = jifen_diag::listed(&names);
            let mut d = Diagnostic::new(
                codes::UNKNOWN_FUNCTION,
                f.span,
                text!(
                    zh = "没有叫“{}”的函数，有：{list}",
                    en = "there is no function “{}”; there are: {en}",
                    f.text
                ),
            );
            if let Some(s) = jifen_diag::suggest(&f.text, names) {
                d = d.fix(
                    f.span,
                    s,
                    text!(zh = "改成“{s}”", en = "change it to “{s}”"),
                );
            }
            self.sink.push(d);
            return None;
        };
        let values: Option<Vec<Val>> = args.iter().map(|a| self.expr(cx, a)).collect();
        let values = values?;
        if values.len() != *arity {
            self.arguments(zh, f, span);
            return None;
        }
        let v = |i: usize| values.get(i).map(|v: &Val| (v.id, v.kind.clone()));
        let date = |k: &Kind| matches!(k, Kind::Date);
        let made = match (*zh, v(0), v(1)) {
            ("周岁", Some((a, ka)), Some((b, kb))) if date(&ka) && date(&kb) => {
                Some((Node::Age(a, b), Kind::Num(Dim::PURE, Tag::Age)))
            }
            ("周年日", Some((from, Kind::Date)), Some((on, Kind::Date))) => {
                return Some(self.anniversary(from, on, span));
            }
            ("年度起", Some((from, Kind::Date)), Some((on, Kind::Date))) => {
                Some((Node::YearStart(from, on), Kind::Date))
            }
            ("距", Some((a, Kind::Date)), Some((b, Kind::Date))) => {
                Some((Node::Since(a, b), Kind::Num(Dim::PURE, Tag::Days)))
            }
            ("距", Some((a, Kind::Instant)), Some((b, Kind::Instant))) => {
                Some((Node::Since(a, b), Kind::Num(Dim::DURATION, Tag::Plain)))
            }
            (part, Some((a, Kind::Date)), None) => {
                let part = match part {
                    "年份" => DatePart::Year,
                    "月份" => DatePart::Month,
                    "星期" => DatePart::Weekday,
                    _ => DatePart::DayOfMonth,
                };
                Some((Node::DatePart(part, a), Kind::Num(Dim::PURE, Tag::Plain)))
            }
            _ => None,
        };
        let Some((node, kind)) = made else {
            self.arguments(zh, f, span);
            return None;
        };
        Some(self.node(node, kind, span))
    }

    /// A day that is `from` some whole years later: not `from` itself.
    fn anniversary(&mut self, from: ExprId, on: ExprId, span: Span) -> Val {
        let later = Node::Compare(Cmp::Lt, from, on);
        let later = self.node(later, Kind::YesNo, span);
        let start = self.node(Node::YearStart(from, on), Kind::Date, span);
        let same = self.node(Node::Compare(Cmp::Eq, start.id, on), Kind::YesNo, span);
        self.node(Node::And(later.id, same.id), Kind::YesNo, span)
    }

    fn arguments(&mut self, zh: &str, f: &Name, span: Span) {
        let usage = match zh {
            "周岁" => text!(
                zh = "周岁(出生日期, 哪一天)，两个都是日期",
                en = "age(date of birth, day), both dates"
            ),
            "周年日" => text!(
                zh = "周年日(从哪天起, 哪一天)，两个都是日期",
                en = "anniversary(since when, day), both dates"
            ),
            "年度起" => text!(
                zh = "年度起(从哪天起, 哪一天)，两个都是日期：那一天所在的、从那个日子起算的一年从哪天开始",
                en = "year_start(since when, day), both dates: the day on which the year counted from the first began that holds the second"
            ),
            "距" => text!(
                zh = "距(晚的, 早的)，两个都是日期，或两个都是时刻",
                en = "elapsed(later, earlier), both dates or both instants"
            ),
            _ => text!(zh = "{0}(日期)", en = "{0}(date)", f.text),
        };
        self.sink.push(Diagnostic::new(
            codes::WRONG_ARGUMENTS,
            span,
            jifen_diag::Text::new(
                format!("“{0}”要这样写：{1}", f.text, usage.zh),
                format!("“{0}” is written so: {1}", f.text, usage.en),
            ),
        ));
    }

    pub(super) fn running(&mut self, cx: Scope, span: Span) -> Option<Val> {
        if cx.running {
            let kind = Kind::Num(Dim::POINTS, Tag::Plain);
            return Some(self.node(Node::Running, kind, span));
        }
        self.sink.push(Diagnostic::new(
            codes::RUNNING_TOO_EARLY,
            span,
            text!(
                zh = "“本次得分”是前面几行算出来的分；这里之前还没有“得”",
                en = "“awarded” is what the lines before have given, and no award stands before this"
            ),
        ));
        None
    }

    pub(super) fn day_total(&mut self, cx: Scope, span: Span) -> Option<Val> {
        if cx.day_total {
            let kind = Kind::Num(Dim::POINTS, Tag::Plain);
            return Some(self.node(Node::DayTotal, kind, span));
        }
        self.sink.push(Diagnostic::new(
            codes::STATEMENT_MISPLACED,
            span,
            text!(
                zh = "“当日合计”只能写在“复核 当 …”里",
                en = "the day's total can be read in “review when …” only"
            ),
        ));
        None
    }
}

/// 期初 and 期末 of the period item around an aggregate.
fn end_of_period(cx: Scope, name: &str) -> Option<(Node, Kind)> {
    let around = Scope { period: true, ..cx };
    let ends = ["期初", "period_start", "期末", "period_end"];
    (cx.inside && cx.around_period && ends.contains(&name))
        .then(|| built_in(around, name))
        .flatten()
}

/// Names with a fixed meaning.
pub(super) fn built_in(cx: Scope, name: &str) -> Option<(Node, Kind)> {
    Some(match name {
        "日期" | "date" => (Node::EventDay, Kind::Date),
        "登记日" | "entry_date" => (Node::EntryDay, Kind::Date),
        "时刻" | "instant" if !cx.period => (Node::EventInstant, Kind::Instant),
        "期初" | "period_start" if cx.period => (Node::PeriodStart, Kind::Date),
        "期末" | "period_end" if cx.period => (Node::PeriodEnd, Kind::Date),
        // Whoever is not on the roster on the last day is not ranked anyhow.
        "在册" | "registered" if cx.among => (Node::Const(Value::YesNo(true)), Kind::YesNo),
        _ => return None,
    })
}
