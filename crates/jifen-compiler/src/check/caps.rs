//! Caps: whose, keys, window, limit, mode, exemptions; and the tally that each counts in (S11, S15–S18).

use jifen_calendar::Window;
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{
    AttrIx, Cap, CapMode, Expr as Node, ExprId, FieldType, Holder, Tally, TallyIx, Ty, Whose,
};
use jifen_quantity::{Decimal, Dim};
use jifen_syntax::ast::{CapMode as Mode, CapStmt, ExprKind, Name, RollingUnit, WindowWord};

use super::{CapInfo, Clauses};
use crate::constant;
use crate::expr::{Checker, Kind, Reads, Scope};
use crate::resolve::{ItemSrc, period};

/// Names that stand for the household when no attribute has them.
const HOUSEHOLD: &[&str] = &["户", "household", "家庭", "户号", "住户"];

impl Checker<'_> {
    /// A cap of the item itself.
    pub(super) fn item_cap(
        &mut self,
        cx: Scope,
        src: &ItemSrc<'_>,
        c: &CapStmt,
        span: Span,
        labels: &mut Vec<(String, Span)>,
        clauses: &mut Clauses,
    ) -> Option<Cap> {
        if let Some(n) = c.exempt.first() {
            self.sink.push(Diagnostic::new(
                codes::EXEMPT_OUTSIDE,
                n.span,
                text!(
                    zh = "项目自己的上限只管本项目，没有可除外的；“除外”写在类别或政策的上限里",
                    en = "an item's own cap concerns that item alone; exemptions belong to caps of a category or the policy"
                ),
            ));
            return None;
        }
        let deducts = src
            .decl
            .stmts
            .iter()
            .any(|s| matches!(s.kind, jifen_syntax::ast::StmtKind::Deduct { .. }));
        let spend = self.spend_cap(src, c, span)?;
        let c = spend.as_ref().unwrap_or(c);
        let cap = self.cap(cx, c, span, &src.path, labels, clauses)?;
        if deducts && c.net.is_some_and(|n| n.0) {
            self.contradiction(
                span,
                "扣分项目的上限限的是扣多少，不分计得、计净",
                "a cap of a deducting item limits the size deducted; gains or net do not apply",
            );
            return None;
        }
        Some(Cap {
            of_deduction: deducts,
            ..cap
        })
    }

    /// A cap of a category or of the policy, as it stands in one item; `None`: exempt, or wrong.
    pub(super) fn outer_cap(
        &mut self,
        cx: Scope,
        src: &ItemSrc<'_>,
        (c, span): (&CapStmt, Span),
        path: &[String],
        labels: &mut Vec<(String, Span)>,
        clauses: &mut Clauses,
    ) -> Option<Cap> {
        self.judged.insert(span);
        let mut exempt = false;
        for n in &c.exempt {
            if self.clause_name(cx.version, n) {
                self.exempt_inside(cx, n, path);
            }
            exempt |= src.path.contains(&n.text);
        }
        let cap = self.cap(cx, c, span, path, labels, clauses)?;
        if !c.exempt.is_empty() && c.exempt_counted.is_none() {
            self.exempt_unstated(c, span, cap.limit);
            return None;
        }
        let counted = c.exempt_counted.is_some_and(|e| e.0);
        match (exempt, counted) {
            (true, false) => None,
            (true, true) => Some(Cap {
                counted_only: true,
                ..cap
            }),
            _ => Some(cap),
        }
    }

    fn exempt_inside(&mut self, cx: Scope, n: &Name, path: &[String]) {
        let Some(v) = self.version(cx) else { return };
        // A campaign reaches items wherever they stand.
        let under = |p: &[String]| self.campaign.is_some() || p.starts_with(path);
        let inside = v
            .items
            .iter()
            .any(|i| i.path.contains(&n.text) && under(&i.path))
            || v.categories.get(&n.text).is_some_and(|c| under(&c.path));
        if !inside {
            let of = path.last().map_or("", String::as_str);
            self.sink.push(Diagnostic::new(
                codes::EXEMPT_OUTSIDE,
                n.span,
                text!(
                    zh = "“{0}”本来就不在类别“{of}”里，不归这条上限管",
                    en =
                        "“{0}” is not in the category “{of}”, so this cap does not reach it anyway",
                    n.text
                ),
            ));
        }
    }

    fn exempt_unstated(&mut self, c: &CapStmt, span: Span, limit: ExprId) {
        let hundred = Decimal::from_int(100);
        let l = self.sample(limit).unwrap_or(hundred);
        let x = Decimal::from_int(15);
        let more = l.add(x).unwrap_or(l);
        let name = c.exempt.first().map_or("", |n| n.text.as_str());
        let words = [("不计入", "uncounted"), ("仍计入", "still counted")];
        let at = c.exempt.last().map_or(span, |n| n.span).at_end();
        let d = Diagnostic::new(
            codes::EXEMPT_UNSTATED,
            span,
            text!(
                zh = "除外的“{name}”占不占这 {l}分的额度没有写明。先得它 {x}分、别的项目再得很多：不计入 共 {more}分；仍计入（自己不受限，但占额度）共 {l}分",
                en = "whether the exempt “{name}” uses up the {l} points is open. {x} points from it first, then plenty of others: uncounted gives {more} in all; still counted (not limited itself, but using room) gives {l}"
            ),
        );
        let d = self.sink.each(d, (at, " ", ""), &words);
        self.sink.push(d);
    }

    /// Two caps of one scope and window in one clause.
    pub(super) fn twice_cap(&mut self, span: Span, first: Span) {
        self.sink.push(
            Diagnostic::new(
                codes::DUPLICATE_CAP,
                span,
                text!(
                    zh = "同一处已经有一条管同样范围、同样周期的上限，两条会互相占额；合成一条，或换一个周期",
                    en = "there is a cap of this scope and window here already; make one of the two"
                ),
            )
            .label(first, text!(zh = "先写的上限", en = "the first cap")),
        );
    }

    /// What can be said of a cap without an item under it.
    pub(super) fn cap_alone(&mut self, cx: Scope, c: &CapStmt, span: Span) {
        for n in &c.exempt {
            self.clause_name(cx.version, n);
        }
        let fixed = crate::constant::is_number(&c.limit);
        let limit = if fixed { self.limit(cx, c) } else { None };
        self.window(c, span, !c.keys.is_empty());
        if let Some((limit, _)) = limit
            && !c.exempt.is_empty()
            && c.exempt_counted.is_none()
        {
            self.exempt_unstated(c, span, limit);
        }
    }

    fn contradiction(&mut self, at: Span, zh: &str, en: &str) {
        self.sink.push(Diagnostic::new(
            codes::CAP_COMBINATION,
            at,
            jifen_diag::Text::new(zh, en),
        ));
    }

    /// What is common to all caps.
    pub(super) fn cap(
        &mut self,
        cx: Scope,
        c: &CapStmt,
        span: Span,
        path: &[String],
        labels: &mut Vec<(String, Span)>,
        clauses: &mut Clauses,
    ) -> Option<Cap> {
        let occasion = matches!(c.window, Some((WindowWord::Occasion, _)));
        // What is left shrinks with each spend: a limit over a window cannot follow it.
        let reads = match cx.reads {
            Reads::Balance if !occasion => Reads::Awarded,
            other => other,
        };
        let limit = self.limit(Scope { reads, ..cx }, c);
        let of = match &c.of {
            Some(n) => Some(self.counted(cx, c, n)?),
            None => None,
        };
        let scope = self.scope_of_cap(cx, c, span, path);
        let when = c.when.as_ref().map(|e| self.condition(cx, e));
        let (limit, times) = limit?;
        let (holder, mut keys, names) = scope?;
        let year = self.year_key(cx, c.year_from.as_ref(), c.window, holder)?;
        let window = self.window(c, span, !keys.is_empty())?;
        let window = match &year {
            Some((key, _)) => {
                keys.push(*key);
                Some(Window::Lifetime)
            }
            None => window,
        };
        let when = match when {
            Some(w) => Some(w?.id),
            None => None,
        };
        let days = self.campaign.clone();
        let when = days.as_ref().map_or(when, |d| Some(self.on_days(d, when)));
        let each_run = matches!(
            c.window,
            Some((WindowWord::EachRun | WindowWord::Campaign, _))
        );
        if let (true, Some(days)) = (each_run, days) {
            let day = self.exprs.add(Node::EventDay, Ty::Date);
            let start = Node::RunStart(day, Box::new(days));
            keys.push(self.exprs.add(start, Ty::Date));
        }
        let mode = match c.mode {
            Some((Mode::Whole, _)) => CapMode::Whole,
            Some((Mode::LastThrough, _)) => CapMode::LastThrough,
            Some((Mode::Clip, _)) | None => CapMode::Clip,
        };
        let net = c.net.is_some_and(|n| n.0);
        if times && net {
            self.contradiction(
                span,
                "按次数限的上限没有“计净”：扣分不算次数",
                "a cap on times cannot count net: deductions are no times",
            );
            return None;
        }
        let Some(window) = window else {
            if times || c.everyone || !c.keys.is_empty() || net || c.charge_final.is_some() {
                self.contradiction(
                    span,
                    "“每次”限的是单独一件事得的分，不能再写次数、全体、每……、计净、过线或实得",
                    "“per occasion” limits one award by itself: no times, no scope, no net, no charge",
                );
                return None;
            }
            return Some(Cap {
                tally: None,
                limit,
                mode,
                counted_only: false,
                of_deduction: false,
                when,
            });
        };
        let over = match (each_run, year) {
            (true, _) => "每期".to_owned(),
            (_, Some((_, name))) => name,
            _ => window_text(window),
        };
        let unit = match (&c.of, times) {
            (Some(n), _) => format!("计 {}", n.text),
            (None, true) => "次".to_owned(),
            (None, false) => "分".to_owned(),
        };
        let mut label = label(&names, c.everyone, over, unit);
        if let Some(whose) = &self.passing {
            label = format!("{whose} {label}");
        }
        if let Some((_, first)) = labels.iter().find(|(l, _)| *l == label) {
            let first = *first;
            self.twice_cap(span, first);
            return None;
        }
        labels.push((label.clone(), span));
        let tally = Tally {
            path: path.to_vec(),
            label,
            holder,
            keys,
            window,
            times: times && of.is_none(),
            net,
            charge_final: c.charge_final.is_some_and(|f| f.0),
            of,
        };
        let ix = tally_ix(clauses, tally);
        let info = CapInfo {
            span,
            charge_stated: c.charge_final.is_some(),
            version: cx.version,
        };
        clauses.caps.entry((cx.version, ix)).or_insert(info);
        Some(Cap {
            tally: Some(ix),
            limit,
            mode,
            counted_only: false,
            of_deduction: false,
            when,
        })
    }

    /// The limit, and whether it counts times.
    fn limit(&mut self, cx: Scope, c: &CapStmt) -> Option<(ExprId, bool)> {
        let (v, dim, _) = self.numeric(cx, &c.limit)?;
        let times = dim == Dim::TIMES;
        if c.of.is_some() {
            return self
                .limit_counted(cx, c, v.id, dim)
                .then_some((v.id, times));
        }
        if times && let Some(n) = self.pieces_in(cx, &c.limit) {
            self.cap_in_pieces(cx, c, n);
            return None;
        }
        if !times && dim != Dim::POINTS {
            if dim.is_pure() && matches!(c.limit.kind, ExprKind::Number(_)) {
                let d = constant::unit_error(&c.limit, dim, Dim::POINTS, &self.sink);
                self.sink.push(
                    Diagnostic::new(
                        codes::CAP_LIMIT_UNIT,
                        c.limit.span,
                        text!(
                            zh = "上限要写明是多少分还是多少次，如 60分、1次",
                            en = "say whether the cap is so many points or so many times"
                        ),
                    )
                    .fix(
                        c.limit.span.at_end(),
                        d.fix.first().map_or("", |f| f.replacement.as_str()),
                        text!(zh = "补上“分”", en = "add points"),
                    ),
                );
            } else {
                let t = crate::units::dim_text(dim);
                self.sink.push(Diagnostic::new(
                    codes::CAP_LIMIT_UNIT,
                    c.limit.span,
                    jifen_diag::Text::new(
                        format!("上限限的是分数或次数，这里写的是{0}", t.zh),
                        format!("a cap limits points or times, but this is {0}", t.en),
                    ),
                ));
            }
            return None;
        }
        if let Some(n) = self.constant(v.id)
            && (n.is_negative() || (times && !n.is_integer()))
        {
            self.sink.push(Diagnostic::new(
                codes::CAP_LIMIT_VALUE,
                c.limit.span,
                text!(
                    zh = "上限不能是 {n}：分数不能为负，次数要是整数",
                    en = "a cap cannot be {n}: points are not negative, times are whole"
                ),
            ));
            return None;
        }
        Some((v.id, times))
    }

    /// Whose tally, further keys, and their names for the label.
    fn scope_of_cap(
        &mut self,
        cx: Scope,
        c: &CapStmt,
        span: Span,
        path: &[String],
    ) -> Option<(Holder, Vec<ExprId>, Vec<String>)> {
        let mut holder = if c.everyone {
            Holder::Everyone
        } else {
            Holder::Account
        };
        let (mut keys, mut names) = (Vec::new(), Vec::new());
        let item_level = self
            .version(cx)
            .is_some_and(|v| v.items.iter().any(|i| i.path == path));
        for n in &c.keys {
            if let Some(a) = self.group(cx, &n.text) {
                if holder != Holder::Account {
                    self.contradiction(
                        span,
                        "“全体”和“每户”，或两种组，不能写在同一条上限里",
                        "everyone and a group, or two groups, cannot stand in one cap",
                    );
                    return None;
                }
                holder = Holder::Group(a);
                let roster = cx.roster.and_then(|r| self.w.rosters.get(r.ix()));
                let name = roster
                    .and_then(|r| r.attrs.get(a.ix()))
                    .map_or("", |a| a.name.as_str());
                names.push(name.to_owned());
                continue;
            }
            let key = self.key(cx, n, item_level, path)?;
            if !keys.contains(&key) {
                keys.push(key);
                names.push(n.text.clone());
            }
        }
        keys.sort();
        names.sort();
        Some((holder, keys, names))
    }

    /// The attribute of a word by which subjects belong together: a group, or a row of a roster that they refer to.
    pub(super) fn group(&self, cx: Scope, name: &str) -> Option<AttrIx> {
        let r = cx.roster?;
        let roster = self.w.rosters.get(r.ix())?;
        let is_group = |a: AttrIx| {
            roster
                .attrs
                .get(a.ix())
                .is_some_and(|a| matches!(a.ty, FieldType::Group | FieldType::Ref(_)))
        };
        if self.field(cx, name).is_some() {
            return None;
        }
        if let Some(a) = self.attr(cx, r, name) {
            return is_group(a).then_some(a);
        }
        if HOUSEHOLD.contains(&name) {
            let mut found = HOUSEHOLD.iter().filter_map(|n| self.attr(cx, r, n));
            return found.find(|a| is_group(*a));
        }
        None
    }

    pub(super) fn key(
        &mut self,
        cx: Scope,
        n: &Name,
        item_level: bool,
        path: &[String],
    ) -> Option<ExprId> {
        if let Some(f) = self.field(cx, &n.text) {
            let kind = cx.kind.and_then(|k| self.w.kinds.get(k.ix()))?;
            let ty = kind.fields.get(f.ix()).map(|f| f.ty.clone())?;
            if ty == FieldType::Span {
                self.sink.push(Diagnostic::new(
                    codes::CAP_KEY,
                    n.span,
                    text!(
                        zh = "“{}”是时段，不能作“每……”；要限每天、每月，请写周期",
                        en = "“{}” is a span and cannot be a key; to limit a day or month write the window",
                        n.text
                    ),
                ));
                return None;
            }
            if !item_level && !self.one_kind_under(cx, path) {
                self.sink.push(Diagnostic::new(
                    codes::CAP_KEY,
                    n.span,
                    text!(
                        zh = "这条上限管着几种记录，各种记录的“{}”不是同一个字段；请写到每个项目里",
                        en = "this cap reaches several records, and “{}” is another field in each; write it into the items",
                        n.text
                    ),
                ));
                return None;
            }
            let kind = Kind::of_field(&ty);
            return Some(self.node(Node::Field(f), kind, n.span).id);
        }
        if let Some(r) = cx.roster
            && let Some(a) = self.attr(cx, r, &n.text)
        {
            let ty = self.w.rosters.get(r.ix())?.attrs.get(a.ix())?.ty.clone();
            if matches!(ty, FieldType::Refs(_)) {
                self.sink.push(Diagnostic::new(
                    codes::SEVERAL_PLACE,
                    n.span,
                    text!(
                        zh = "“{0}”写着多个，说不上合在谁那里算，不能作“每……”",
                        en = "“{0}” names several, so that it is open with whom it would be counted together: it cannot be a key",
                        n.text
                    ),
                ));
                return None;
            }
            let kind = Kind::of_field(&ty);
            return Some(self.node(Node::Attr(Whose::Own, a), kind, n.span).id);
        }
        if self.damaged(cx, Some(n)) {
            return None;
        }
        if matches!(n.text.as_str(), "人" | "个人" | "person") {
            self.sink.push(Diagnostic::new(
                codes::CAP_KEY,
                n.span,
                text!(
                    zh = "每人各算本来就是如此：删去“每 {0}”",
                    en = "each person has a tally of their own anyway: drop “per {0}”",
                    n.text
                ),
            ));
            return None;
        }
        let mut names = self.key_names(cx);
        names.sort();
        let (list, en) = jifen_diag::listed(&names);
        let mut d = Diagnostic::new(
            codes::CAP_KEY,
            n.span,
            text!(
                zh = "“每 {0}”要写记录的字段或名册的组；这里有：{list}",
                en = "“per {0}” names a field of the record or a group of the roster; there are: {en}",
                n.text
            ),
        );
        if let Some(s) = jifen_diag::suggest(&n.text, names.iter().map(String::as_str)) {
            d = d.fix(
                n.span,
                s,
                text!(zh = "改成“{s}”", en = "change it to “{s}”"),
            );
        }
        self.sink.push(d);
        None
    }

    fn one_kind_under(&self, cx: Scope, path: &[String]) -> bool {
        use jifen_syntax::ast::StmtKind;
        let Some(v) = self.version(cx) else {
            return false;
        };
        let mut records: Vec<&str> = Vec::new();
        let under = |p: &[String]| self.campaign.is_some() || p.starts_with(path);
        for i in v.items.iter().filter(|i| under(&i.path)) {
            for s in &i.decl.stmts {
                if let StmtKind::On { record, .. } = &s.kind {
                    records.push(&record.text);
                }
            }
        }
        records.sort_unstable();
        records.dedup();
        records.len() <= 1
    }

    fn applies_in_cap(&mut self, at: Span) {
        self.sink.push(Diagnostic::new(
            codes::STATEMENT_MISPLACED,
            at,
            text!(
                zh = "上限写在哪个类别里就管哪个类别；“适用”只写在活动期的上限里",
                en = "a cap reaches what it stands in; “applies to” belongs to caps of a campaign"
            ),
        ));
    }

    /// The window; `Some(None)` is 每次.
    #[allow(
        clippy::option_option,
        reason = "outer: reported; inner: no window (per occasion)"
    )]
    fn window(&mut self, c: &CapStmt, span: Span, keyed: bool) -> Option<Option<Window>> {
        if let (Some(n), None) = (c.applies.first(), &self.campaign) {
            self.applies_in_cap(n.span);
            return None;
        }
        let Some((w, at)) = c.window else {
            if keyed {
                return Some(Some(Window::Lifetime));
            }
            if self.sink.lost_in(span) {
                return None;
            }
            let words = [
                ("每次", "per occasion"),
                ("每日", "per day"),
                ("每周", "per week"),
                ("每月", "per month"),
                ("每季度", "per quarter"),
                ("每年", "per year"),
                ("终身", "lifetime"),
            ];
            let d = Diagnostic::new(
                codes::CAP_WINDOW_UNSTATED,
                span,
                text!(
                    zh = "上限管多长时间没有写明：每次、每日、每周、每月、每季度、每年、滚动 30天，还是终身",
                    en = "the cap does not say over what time: per occasion, day, week, month, quarter, year, rolling 30 days, or lifetime"
                ),
            );
            let at = c.limit.span.at_start();
            let d = self.sink.each(d, (at, "", " "), &words);
            self.sink.push(d);
            return None;
        };
        Some(match w {
            WindowWord::Occasion => None,
            WindowWord::Period(p) => Some(Window::Period(period(p))),
            WindowWord::Lifetime => Some(Window::Lifetime),
            WindowWord::EachRun | WindowWord::Campaign => {
                self.run_window(w, at)?;
                Some(Window::Lifetime)
            }
            WindowWord::Rolling(0, _) => {
                self.sink.push(Diagnostic::new(
                    codes::CAP_LIMIT_VALUE,
                    span,
                    text!(
                        zh = "滚动的时间不能是 0",
                        en = "a rolling window cannot be 0 long"
                    ),
                ));
                return None;
            }
            WindowWord::Rolling(n, RollingUnit::Days) => Some(Window::RollingDays(n)),
            WindowWord::Rolling(n, RollingUnit::Weeks) => {
                Some(Window::RollingDays(n.saturating_mul(7)))
            }
            WindowWord::Rolling(n, RollingUnit::Months) => Some(Window::RollingMonths(n)),
        })
    }
}

/// The index of a tally, entered when new.
pub(super) fn tally_ix(clauses: &mut Clauses, t: Tally) -> TallyIx {
    let (ix, _) = clauses.tallies.insert_full(t);
    TallyIx(u16::try_from(ix).unwrap_or(u16::MAX))
}

/// Tells caps of one clause apart, in the same words whatever the language of the file.
fn label(names: &[String], everyone: bool, over: String, unit: String) -> String {
    let mut out: Vec<String> = Vec::new();
    if everyone {
        out.push("全体".to_owned());
    }
    if !names.is_empty() {
        out.push(format!("每 {}", names.join("、")));
    }
    out.push(over);
    out.push(unit);
    out.join(" ")
}

/// A window in words.
pub(crate) fn window_text(w: Window) -> String {
    match w {
        Window::Occasion => "每次".to_owned(),
        Window::Period(p) => crate::resolve::every(p).0.to_owned(),
        Window::RollingDays(n) => format!("滚动 {n}天"),
        Window::RollingMonths(n) => format!("滚动 {n}个月"),
        Window::Lifetime => "终身".to_owned(),
    }
}
