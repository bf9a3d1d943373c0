//! The steps of one run as additive parts; every amount comes from the trace.

mod caps;
mod choice;

use jifen_data::{Eval, ItemRun, Missing, SegmentFactor, Step, StepDetail};
use jifen_diag::Lang;
use jifen_plan::{Expr, ExprId, Item, KindIx, Line, Multiply, Plan, Review, Stacking, Value};
use jifen_quantity::{Decimal, Dim, Rounding};

use crate::build::{At, Builder};
use crate::calc::{Calc, Check, Op, Term};
use crate::quantity::{Show, instant, number, quantity, shown, value_text};
use crate::statement::{Node, Part, PartKind, Segment};
use crate::words::{Scope, Words};

const POINTS: Show = Show::Dim(Dim::POINTS);

/// Makes parts of the steps of one run.
pub struct Parts<'a> {
    plan: &'a Plan,
    pub(crate) item: &'a Item,
    run: &'a ItemRun,
    pub(crate) build: Builder<'a>,
    pub(crate) lang: Lang,
    detail: bool,
    /// How far the trace has been read.
    place: usize,
}

impl<'a> Parts<'a> {
    /// For one run.
    #[must_use]
    pub fn new(plan: &'a Plan, item: &'a Item, run: &'a ItemRun, lang: Lang, detail: bool) -> Self {
        let scope = Scope::of_item(plan, item);
        let words = Words { plan, scope, lang };
        let build = Builder {
            words,
            nodes: &run.nodes,
        };
        Parts {
            plan,
            item,
            run,
            build,
            lang,
            detail,
            place: 0,
        }
    }

    /// All parts, in order of computation. Parts that move nothing are left out unless detail is asked.
    #[must_use]
    pub fn all(mut self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let mut amounts = 0;
        for step in &self.run.steps {
            if parts.is_empty()
                && let Some(base) = self.by_segments(step)
            {
                amounts += 1;
                parts.push(base);
            }
            let part = match (step.detail.clone(), usize::from(step.line)) {
                (StepDetail::Covered(had), _) => self.covered(step, had),
                // Told beside the award: it moves no points.
                (StepDetail::Worth(..), _) => None,
                (StepDetail::Allotted { .. }, _) => self.allotted(step),
                (_, at) => {
                    let line = self.item.lines.get(at);
                    line.map(|line| self.part(line, step, &mut amounts))
                }
            };
            let Some(mut part) = part else { continue };
            if step.after.sub(step.before).is_err() {
                // What it takes away has more digits than can be held: only what it leaves is written, and nothing before.
                parts.clear();
                part.before = Decimal::ZERO;
                part.delta = part.after;
                part.note = self
                    .pick(
                        "数太大，写不出减去多少，只写留下多少",
                        "too large to write what it takes away: this is what it leaves",
                    )
                    .to_owned();
            }
            let quiet = part.delta.is_zero()
                && !matches!(
                    part.kind,
                    PartKind::Base | PartKind::Bonus | PartKind::Deduction
                );
            if self.detail || !quiet {
                parts.push(part);
            }
        }
        parts
    }

    /// 分段计: what the lines before gave for each segment, and their sum; they have no steps of their own.
    fn by_segments(&mut self, step: &Step) -> Option<Part> {
        let StepDetail::Multiplied(segments) = &step.detail else {
            return None;
        };
        let values: Vec<Decimal> = segments.iter().filter_map(|s| s.value).collect();
        if values.is_empty() || self.run.steps.first() != Some(step) {
            return None;
        }
        let zero = Step {
            before: Decimal::ZERO,
            after: step.before,
            ..step.clone()
        };
        let label = self.pick("基础分（分段计）", "base, each part").to_owned();
        let mut part = self.blank(PartKind::Base, label, &zero);
        for _ in segments {
            for line in self.item.lines.iter().take(usize::from(step.line)) {
                let (Line::Add { value, when } | Line::Deduct { value, when }) = line else {
                    continue;
                };
                if let Some(when) = when {
                    let at = self.seek(*when);
                    if self.build.value(*when, at) != Some(Value::YesNo(true)) {
                        continue;
                    }
                }
                let at = self.seek(*value);
                part.calcs.extend(self.build.calcs(*value, at));
            }
        }
        let left = sum(values.iter().map(|v| self.points(*v)).collect());
        part.calcs
            .push(self.points_calc(Vec::new(), left, false, step.before));
        Some(part)
    }

    pub(crate) fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(zh, en)
    }

    /// Where an expression of the current line was evaluated; reading goes on after it.
    pub(crate) fn seek(&mut self, expr: ExprId) -> At {
        let at = self.build.seek(expr, self.place);
        self.place = self.place.max(at.0 + 1);
        at
    }

    fn part(&mut self, line: &Line, step: &Step, amounts: &mut u32) -> Part {
        let when = line_when(line);
        let when_at = when.map(|w| self.seek(w));
        if step.detail == StepDetail::Skipped {
            return self.skipped(line, step, when.zip(when_at));
        }
        let mut part = match line {
            Line::Add { value, .. } => {
                *amounts += 1;
                let kind = if *amounts == 1 {
                    PartKind::Base
                } else {
                    PartKind::Bonus
                };
                self.amount(kind, *value, step)
            }
            Line::Deduct { value, .. } => {
                *amounts += 1;
                self.amount(PartKind::Deduction, *value, step)
            }
            Line::Multiply(m) => self.multiply(m, step),
            Line::Prorate { .. } => self.prorate(step),
            Line::Round(p) => self.round(p.step, p.mode, step),
            Line::Review(review) => self.review(review, step),
            Line::Choose(choose) => self.choice(choose, step),
            Line::Cap(cap) => self.cap(cap, step),
        };
        if let (Some(when), true) = (
            when,
            matches!(
                part.kind,
                PartKind::Bonus | PartKind::Deduction | PartKind::Base
            ),
        ) {
            let text = self.build.words.text(when);
            part.label = self.lang.pick(
                format!("{}（{text}）", part.label),
                format!("{} ({text})", part.label),
            );
        }
        if self.detail {
            part.tree = self.trees(line);
        }
        part
    }

    /// 部分支用: what the account had, if it was less than what is asked.
    fn covered(&self, step: &Step, had: Decimal) -> Option<Part> {
        if step.before == step.after && !self.detail {
            return None;
        }
        let label = self.pick("可用", "available").to_owned();
        let mut part = self.blank(PartKind::Covered, label, step);
        let terms = vec![self.points(step.before), self.points(had)];
        let left = match step.before == step.after {
            true => self.points(step.before),
            false => Term::op(Op::Min, terms),
        };
        part.calcs = vec![self.points_calc(Vec::new(), left, false, step.after)];
        Some(part)
    }

    pub(crate) fn blank(&self, kind: PartKind, label: String, step: &Step) -> Part {
        Part {
            kind,
            label,
            before: step.before,
            after: step.after,
            delta: step.after.sub(step.before).unwrap_or_default(),
            calcs: Vec::new(),
            cap: None,
            segments: Vec::new(),
            note: String::new(),
            tree: Vec::new(),
        }
    }

    fn skipped(&self, line: &Line, step: &Step, when: Option<(ExprId, At)>) -> Part {
        let label = match line {
            Line::Add { value, .. } => format!(
                "{} {}",
                self.pick("未加", "not added:"),
                self.build.words.text(*value)
            ),
            Line::Deduct { value, .. } => format!(
                "{} {}",
                self.pick("未扣", "not deducted:"),
                self.build.words.text(*value)
            ),
            Line::Review(_) => self.pick("不需复核", "no review needed").to_owned(),
            Line::Cap(cap) => self.cap_label(cap),
            _ => self.pick("未适用", "not used").to_owned(),
        };
        let mut part = self.blank(PartKind::Skipped, label, step);
        if let Some((when, at)) = when {
            let checks = self.build.checks(when, false, at);
            let list: Vec<String> = checks.into_iter().map(|c| c.text).collect();
            part.note = match list.is_empty() {
                true => format!(
                    "{}{}",
                    self.pick("不符合：", "does not hold: "),
                    self.build.words.text(when)
                ),
                false => list.join(self.pick("，", ", ")),
            };
        }
        part
    }

    fn amount(&mut self, kind: PartKind, value: ExprId, step: &Step) -> Part {
        let at = self.seek(value);
        let label = match kind {
            PartKind::Base if self.item.give.is_some() => self.pick("要转", "to give"),
            PartKind::Base if self.item.spend.is_some() => self.pick("要支用", "asked"),
            PartKind::Base => self.pick("基础分", "base"),
            PartKind::Bonus => self.pick("加分", "bonus"),
            _ => self.pick("扣分", "deduction"),
        };
        let mut part = self.blank(kind, label.to_owned(), step);
        part.calcs = self.build.calcs(value, at);
        let amount = match step.detail {
            StepDetail::Amount(v) => v,
            _ => part.delta,
        };
        if part.calcs.is_empty() {
            part.calcs
                .push(self.points_calc(Vec::new(), self.points(amount), false, amount));
        }
        if kind == PartKind::Deduction {
            let left = Term::op(Op::Neg, vec![self.points(amount)]);
            part.calcs
                .push(self.points_calc(Vec::new(), left, false, part.delta));
        }
        part
    }

    fn points(&self, n: Decimal) -> Term {
        number(n, POINTS, None, self.lang)
    }

    fn points_calc(&self, given: Vec<Check>, left: Term, rounded: bool, result: Decimal) -> Calc {
        let right = quantity(result, POINTS, None, self.lang);
        Calc::new(given, left, rounded, right, self.lang)
    }

    fn multiply(&mut self, m: &Multiply, step: &Step) -> Part {
        for factor in &m.factors {
            // Values of factors that do not hold are not in the trace; passing over the others keeps the place.
            if self
                .run
                .nodes
                .iter()
                .skip(self.place)
                .any(|n| n.expr == factor.value)
            {
                self.seek(factor.value);
            }
        }
        let mut part = self.blank(PartKind::Multiplier, self.multiply_label(m), step);
        let StepDetail::Multiplied(segments) = &step.detail else {
            return part;
        };
        let timed = segments.iter().any(|s| s.start < s.end);
        if timed && m.factors.iter().any(|f| f.time.is_some()) {
            part.segments = segments.iter().map(segment).collect();
        }
        part.calcs = vec![self.multiplied(segments, step)];
        part
    }

    fn multiply_label(&self, m: &Multiply) -> String {
        let factor = |f: &jifen_plan::Factor| {
            let mut text = self.build.words.text(f.value);
            for tail in [
                f.time.as_ref().map(|t| self.build.words.time(t)),
                f.when
                    .map(|w| format!("{} {}", self.pick("当", "when"), self.build.words.text(w))),
            ]
            .into_iter()
            .flatten()
            {
                text.push(' ');
                text.push_str(&tail);
            }
            let run = f.when.and_then(|w| self.run_of_day(w));
            text + &run.unwrap_or_default()
        };
        let list: Vec<String> = m.factors.iter().map(factor).collect();
        let stacking = match m.stacking {
            _ if list.len() < 2 => "",
            Stacking::Product => self.pick("，相乘", ", product"),
            Stacking::Best => self.pick("，取高", ", best"),
            Stacking::Lowest => self.pick("，取低", ", lowest"),
            Stacking::SumOfExtras => self.pick("，相加", ", sum of extras"),
        };
        format!(
            "{} {}{stacking}",
            self.pick("倍率", "multiply"),
            list.join(self.pick("、", ", "))
        )
    }

    /// The days of a campaign of many runs in which this award lies.
    fn run_of_day(&self, when: ExprId) -> Option<String> {
        match self.plan.exprs.get(when) {
            Expr::And(a, b) => self.run_of_day(*a).or_else(|| self.run_of_day(*b)),
            Expr::InDays(_, set) if set.runs.len() > 2 => {
                let day = self.run.day;
                let run = set.runs.iter().find(|r| r.0 <= day && day < r.1)?;
                let run = self.build.words.run(*run);
                Some(self.lang.pick(format!("（{run}）"), format!(" ({run})")))
            }
            _ => None,
        }
    }

    fn multiplied(&self, segments: &[SegmentFactor], step: &Step) -> Calc {
        let factor = |f: Decimal| number(f, Show::Raw, None, self.lang);
        let product = |a: Term, f: Decimal| Term::op(Op::Mul, vec![a, factor(f)]);
        let after = step.after;
        if segments.iter().any(|s| s.value.is_some()) {
            let list = segments
                .iter()
                .map(|s| product(self.points(s.value.unwrap_or_default()), s.factor));
            return self.points_calc(Vec::new(), sum(list.collect()), false, after);
        }
        let merged = merge(segments);
        if merged.len() < 2 {
            let f = segments.first().map_or(Decimal::ONE, |s| s.factor);
            let exact = step.before.mul(f).ok() == Some(after);
            return self.points_calc(
                Vec::new(),
                product(self.points(step.before), f),
                !exact,
                after,
            );
        }
        let hours = |s: i64| {
            number(
                Decimal::from_int(s),
                Show::Dim(Dim::DURATION),
                None,
                self.lang,
            )
        };
        let parts = merged
            .iter()
            .map(|(seconds, f)| product(hours(*seconds), *f));
        let total: i64 = merged.iter().map(|m| m.0).sum();
        let top = Term::op(
            Op::Mul,
            vec![self.points(step.before), sum(parts.collect())],
        );
        let left = Term::op(Op::Div, vec![top, hours(total)]);
        let weighted = merged.iter().try_fold(Decimal::ZERO, |s, (seconds, f)| {
            s.add(f.mul(Decimal::from_int(*seconds))?)
        });
        let whole = weighted.and_then(|w| w.mul(step.before));
        let exact = whole.is_ok() && whole == after.mul(Decimal::from_int(total));
        self.points_calc(Vec::new(), left, !exact, after)
    }

    fn prorate(&self, step: &Step) -> Part {
        let label = self.pick("按日折算", "by days held").to_owned();
        let mut part = self.blank(PartKind::Prorate, label, step);
        if let StepDetail::Prorated(held, all) = step.detail {
            let days = |n: i64| number(Decimal::from_int(n), Show::Days, None, self.lang);
            let top = Term::op(Op::Mul, vec![self.points(step.before), days(held)]);
            let left = Term::op(Op::Div, vec![top, days(all)]);
            let lhs = step.before.mul(Decimal::from_int(held));
            let exact = lhs.is_ok() && lhs == step.after.mul(Decimal::from_int(all));
            part.calcs = vec![self.points_calc(Vec::new(), left, !exact, step.after)];
        }
        part
    }

    fn round(&self, to: Decimal, mode: Rounding, step: &Step) -> Part {
        let word = self.build.words.mode(mode);
        let label = format!(
            "{} {} {word}",
            self.pick("精度", "precision"),
            shown(to, POINTS, self.lang)
        );
        let mut part = self.blank(PartKind::Rounding, label, step);
        let left = Term::op(
            Op::rounding(mode),
            vec![self.points(step.before), self.points(to)],
        );
        part.calcs = vec![self.points_calc(Vec::new(), left, false, step.after)];
        part
    }

    fn review(&self, _review: &Review, step: &Step) -> Part {
        let label = self.pick("复核", "review").to_owned();
        let mut part = self.blank(PartKind::Review, label, step);
        part.note = match &step.detail {
            StepDetail::Reviewed(Some(at)) => {
                format!(
                    "{} {}",
                    self.pick("复核通过，计入时间", "released at"),
                    instant(*at)
                )
            }
            _ => self.pick("不需复核", "no review needed").to_owned(),
        };
        part
    }

    /// The expressions of a line as trees.
    fn trees(&self, line: &Line) -> Vec<Node> {
        let at = At(self.place.saturating_sub(1));
        line_exprs(line)
            .into_iter()
            .map(|e| self.tree(e, at, 12))
            .collect()
    }

    fn tree(&self, expr: ExprId, at: At, depth: u8) -> Node {
        let words = &self.build.words;
        let value = match self.build.eval(expr, at) {
            Some(Eval::Value(v)) => value_text(v, words.show(expr), self.lang),
            Some(Eval::Unknown(m)) => {
                format!("{} {}", self.pick("缺", "missing"), missing_name(words, m))
            }
            Some(Eval::Failed(_)) => self.pick("算不出", "cannot be computed").to_owned(),
            None => match self.plan.exprs.get(expr) {
                Expr::Const(v) => value_text(v, words.show(expr), self.lang),
                _ => self.pick("未用到", "not needed").to_owned(),
            },
        };
        let used = self.build.eval(expr, at).is_some();
        let children = match depth {
            0 => Vec::new(),
            _ if !used => Vec::new(),
            _ => self
                .plan
                .exprs
                .get(expr)
                .operands()
                .into_iter()
                .map(|e| self.tree(e, at, depth - 1))
                .collect(),
        };
        Node {
            text: words.text(expr),
            value,
            children,
        }
    }
}

/// Does an expression read a node of this sort?
fn reads(plan: &Plan, expr: ExprId, sort: &dyn Fn(&Expr) -> bool) -> bool {
    let node = plan.exprs.get(expr);
    sort(node) || node.operands().iter().any(|e| reads(plan, *e, sort))
}

/// The name of what is missing.
#[must_use]
pub fn missing_name(words: &Words<'_>, missing: &Missing) -> String {
    let lang = words.lang;
    let kind = |k: &KindIx| {
        let kind = words.plan.kinds.get(k.ix());
        kind.map_or_else(|| "?".to_owned(), |k| k.name.clone())
    };
    match missing {
        Missing::Field(f) => words.field(*f),
        Missing::Attr(r, a) => words
            .plan
            .rosters
            .get(r.ix())
            .and_then(|r| r.attrs.get(a.ix()))
            .map_or_else(|| "?".to_owned(), |a| a.name.clone()),
        Missing::ClockTime => lang.pick("时刻", "time of day").to_owned(),
        Missing::PeriodRow => lang.pick("当期记录", "row of the period").to_owned(),
        Missing::CalendarYear(y) => lang.pick(
            format!("{y}年工作日历"),
            format!("working-day calendar of {y}"),
        ),
        Missing::FieldOf(k, f) => {
            let kind = words.plan.kinds.get(k.ix());
            let field = kind.and_then(|k| k.fields.get(f.ix()));
            match kind.zip(field) {
                Some((k, f)) => format!("{}.{}", k.name, f.name),
                None => "?".to_owned(),
            }
        }
        Missing::NoFact(k) => kind(k),
        Missing::NoValue(m) | Missing::NoEarlier(m) => {
            let measure = words.plan.measures.get(m.ix());
            measure.map_or_else(|| "?".to_owned(), |m| m.name.clone())
        }
        Missing::NoStanding(s) => {
            let standing = words.plan.standings.get(s.ix());
            standing.map_or_else(|| "?".to_owned(), |s| s.name.clone())
        }
        Missing::ClockOf(k) => format!("{}.{}", kind(k), lang.pick("时刻", "instant")),
        Missing::NotOnRoster(_, id) => id.clone(),
    }
}

fn segment(s: &SegmentFactor) -> Segment {
    Segment {
        from: instant(s.start),
        to: instant(s.end),
        factor: s.factor,
        value: s.value,
    }
}

/// Seconds for each factor, in order of first use.
fn merge(segments: &[SegmentFactor]) -> Vec<(i64, Decimal)> {
    let mut merged: Vec<(i64, Decimal)> = Vec::new();
    for s in segments {
        let seconds = s.end.0 - s.start.0;
        match merged.iter_mut().find(|m| m.1 == s.factor) {
            Some(m) => m.0 += seconds,
            None => merged.push((seconds, s.factor)),
        }
    }
    merged
}

fn sum(mut terms: Vec<Term>) -> Term {
    match terms.len() {
        1 => terms.remove(0),
        _ => Term::op(Op::Add, terms),
    }
}

fn line_when(line: &Line) -> Option<ExprId> {
    match line {
        Line::Add { when, .. } | Line::Deduct { when, .. } => *when,
        Line::Review(r) => r.when,
        Line::Cap(c) => c.when,
        _ => None,
    }
}

fn line_exprs(line: &Line) -> Vec<ExprId> {
    match line {
        Line::Add { value, when } | Line::Deduct { value, when } => {
            when.iter().copied().chain([*value]).collect()
        }
        Line::Multiply(m) => m
            .factors
            .iter()
            .flat_map(|f| f.when.into_iter().chain([f.value]))
            .collect(),
        Line::Review(r) => r.when.into_iter().collect(),
        Line::Cap(c) => c.when.into_iter().chain([c.limit]).collect(),
        Line::Choose(c) => c.keys.clone(),
        Line::Prorate { .. } | Line::Round(_) => Vec::new(),
    }
}
