//! The second lowering: from the generated tree straight to a Plan, written from the semantics and not from the compiler.

use std::collections::BTreeMap;

use jifen_calendar::{Day, Period, Window, WorkCalendar};
use jifen_plan::{
    Attr, Cap as PlanCap, CurrencyIx, Days, Due, EventAt, ExprId, Exprs, FORMAT, Factor, Field,
    FieldIx, FieldType, Holder, Item as PlanItem, Kind as PlanKind, KindIx, Line as PlanLine,
    Multiply, Overlap, Param as PlanParam, ParamIx, Plan, Precision, Publish, Require,
    Review as PlanReview, Roster, RosterIx, Stacking, Tally, TallyIx, Trigger, Value,
    Version as PlanVersion, VersionIx,
};
use jifen_quantity::{Decimal, Dim, Rounding};

use super::lower_choice::choice_above;
use super::lower_lives::{currency, lives};
use super::lower_values::{attr_ix, time_test};
use super::tree::*;

pub(super) fn ix(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// Held units: (dimension, what one of the written unit is).
pub(super) fn held(u: U) -> (Dim, &'static str) {
    match u {
        U::Points => (Dim::POINTS, "1"),
        U::Pure => (Dim::PURE, "1"),
        U::Percent => (Dim::PURE, "0.01"),
        U::Hours => (Dim::DURATION, "3600"),
        U::Minutes => (Dim::DURATION, "60"),
        U::Yuan => (Dim::MONEY, "1"),
        U::Wan => (Dim::MONEY, "10000"),
        U::Times => (Dim::TIMES, "1"),
        U::Days | U::Months => (Dim::PURE, "1"),
        U::Weeks => (Dim::PURE, "7"),
        U::PointsPerHour => (Dim::POINTS.div(Dim::DURATION), "1"),
        U::PointsPerYuan => (Dim::POINTS.div(Dim::MONEY), "1"),
        U::PointsPerTime => (Dim::POINTS.div(Dim::TIMES), "1"),
        U::YuanPerPoint => (Dim::MONEY.div(Dim::POINTS), "1"),
    }
}

/// A literal in held units.
#[must_use]
pub fn number(digits: &str, u: U) -> Decimal {
    let d = Decimal::parse(digits).unwrap_or(Decimal::ZERO);
    let one = Decimal::parse(held(u).1).unwrap_or(Decimal::ONE);
    d.mul(one).unwrap_or(Decimal::ZERO)
}

fn field_type(ty: Ft) -> FieldType {
    match ty {
        Ft::Text => FieldType::Text,
        Ft::Num(U::Percent) => FieldType::Percent,
        Ft::Num(u) => FieldType::Number(held(u).0),
        Ft::YesNo => FieldType::YesNo,
        Ft::Date => FieldType::Date,
        Ft::Choice(words) => FieldType::Choice(words.iter().map(|w| (*w).into()).collect()),
        Ft::Group => FieldType::Group,
        Ft::Ref => FieldType::Ref(RosterIx(0)),
        Ft::Refs => FieldType::Refs(RosterIx(0)),
        Ft::Span => FieldType::Span,
    }
}

/// The Plan of a generated policy.
#[must_use]
pub fn lower(p: &Policy, workdays: &WorkCalendar) -> Plan {
    let mut l = Lowering {
        policy: p,
        exprs: Exprs::default(),
        params: Vec::new(),
        param_names: BTreeMap::new(),
        items: Vec::new(),
        tallies: Vec::new(),
        version: 0,
        kind: None,
    };
    let mut versions = Vec::new();
    for (n, v) in p.versions.iter().enumerate() {
        let next = p.versions.get(n + 1).map(|v| v.from).or(v.until);
        versions.push(PlanVersion {
            name: v.name.clone(),
            from: Day(v.from),
            to: next.map(Day),
        });
        l.version(n, v);
    }
    l.items
        .sort_by(|a, b| (&a.path, a.version).cmp(&(&b.path, b.version)));
    let moves = super::moves::moves(p, &l.items);
    let measures = l.measures();
    let standings = l.standings();
    let attrs = ATTRS.iter().map(|(n, ty)| Attr {
        name: (*n).into(),
        ty: field_type(*ty),
    });
    Plan {
        format: FORMAT,
        zone: "Asia/Shanghai".into(),
        rule_date: p.rule,
        versions,
        rosters: vec![Roster {
            name: "居民".into(),
            attrs: attrs.collect(),
        }],
        kinds: p.kinds.iter().map(kind).collect(),
        currencies: p
            .currencies
            .iter()
            .map(|c| currency(c, p.versions.len()))
            .collect(),
        params: l.params,
        exprs: l.exprs,
        items: l.items,
        tallies: l.tallies,
        workdays: p.uses_working_days().then(|| workdays.clone()),
        measures,
        standings,
        moves,
    }
}

fn kind(k: &Kind) -> PlanKind {
    let fields = k.shape.fields().iter().map(|(name, ty)| Field {
        name: (*name).into(),
        ty: field_type(*ty),
        default: (k.default && *name == "次数").then(|| Value::Num(number("2", U::Times))),
        required: false,
        range: (*name == "分值").then(|| (number("1", U::Points), number("30", U::Points))),
        whole: false,
    });
    let position = |name: &str| {
        k.shape
            .fields()
            .iter()
            .position(|f| f.0 == name)
            .map(|i| FieldIx(ix(i)))
    };
    PlanKind {
        name: k.name.into(),
        subject: RosterIx(0),
        period: (k.shape == Shape::Monthly).then_some(Period::Month),
        off_roster: false,
        fields: fields.collect(),
        span: position("起止"),
        overlap: if k.shape == Shape::Span {
            k.overlap
        } else {
            Overlap::Each
        },
        at: match k.at {
            At::Start => EventAt::Start,
            At::End => EventAt::End,
            At::Entry => EventAt::Entry,
            At::Field => EventAt::Field(position("认定").unwrap_or(FieldIx(0))),
        },
    }
}

/// Decision 007, for itself: does a factor split the value by the minute?
pub(super) fn split_by_time(lines: &[PlanLine]) -> bool {
    lines.iter().any(|l| match l {
        PlanLine::Multiply(m) => m.factors.iter().any(|f| {
            f.time
                .as_ref()
                .is_some_and(|t| t.mode == jifen_plan::TimeMode::During)
        }),
        _ => false,
    })
}

pub(super) fn precision((step, mode): (&str, Rounding)) -> Precision {
    Precision {
        step: number(step, U::Points),
        mode,
    }
}

pub(super) struct Lowering<'a> {
    pub(super) policy: &'a Policy,
    pub(super) exprs: Exprs,
    pub(super) params: Vec<PlanParam>,
    pub(super) param_names: BTreeMap<(usize, String), ParamIx>,
    items: Vec<PlanItem>,
    tallies: Vec<Tally>,
    pub(super) version: usize,
    pub(super) kind: Option<usize>,
}

/// A clause above an item: where it stands and what it says.
pub(super) struct Above<'a> {
    pub(super) path: Vec<String>,
    pub(super) lines: &'a [Line],
}

impl<'a> Lowering<'a> {
    fn version(&mut self, n: usize, v: &'a Version) {
        self.version = n;
        for p in &v.params {
            let at = ParamIx(ix(self.params.len()));
            self.param_names.insert((n, p.name.clone()), at);
            self.params.push(PlanParam {
                name: p.name.clone(),
                version: VersionIx(ix(n)),
                dim: held(p.unit).0,
                first: number(p.first, p.unit),
                steps: p
                    .steps
                    .iter()
                    .map(|(d, v)| (Day(*d), number(v, p.unit)))
                    .collect(),
            });
        }
        let header = [Above {
            path: Vec::new(),
            lines: &v.header,
        }];
        for s in &v.spends {
            let credit = s.spend.map_or(0, |x| x.1);
            self.item(s, &[], &[credit]);
        }
        for c in &v.categories {
            self.category(c, &header, &[]);
        }
        for a in &v.allots {
            let item = self.allot(a);
            self.items.push(item);
        }
    }

    fn category(&mut self, c: &'a Category, above: &[Above<'a>], credit: &[usize]) {
        let mut path = above.first().map_or_else(Vec::new, |a| a.path.clone());
        path.push(c.name.clone());
        let credit = if c.credit.is_empty() {
            credit
        } else {
            &c.credit
        };
        let mut chain = vec![Above {
            path,
            lines: &c.lines,
        }];
        chain.extend(above.iter().map(|a| Above {
            path: a.path.clone(),
            lines: a.lines,
        }));
        for i in &c.items {
            self.item(i, &chain, credit);
        }
        for inner in &c.inner {
            self.category(inner, &chain, credit);
        }
    }

    fn item(&mut self, i: &'a Item, above: &[Above<'a>], credit: &[usize]) {
        let mut path = above.first().map_or_else(Vec::new, |a| a.path.clone());
        path.push(i.name.clone());
        let (trigger, kind, first) = match &i.on {
            On::Kind(k, when) => (Trigger::Fact(KindIx(ix(*k))), Some(*k), when.as_ref()),
            On::Every(unit, at_start, row) => {
                let row_ix = row.map(|k| KindIx(ix(k)));
                let t = Trigger::Period {
                    roster: RosterIx(0),
                    unit: *unit,
                    at_start: *at_start,
                    row: row_ix,
                };
                (t, *row, None)
            }
        };
        self.kind = kind;
        let joins = self.joins(&i.joins);
        let mut requires = Vec::new();
        for (c, hold) in first
            .map(|c| (c, None))
            .into_iter()
            .chain(i.requires.iter().map(|(c, h)| (c, *h)))
        {
            requires.push(Require {
                cond: self.cond(c),
                hold,
            });
        }
        let lines = self.lines(i, &path, above, &requires, credit);
        let own = i.precision.map(precision);
        let worth = i.worth.as_ref().map(|(value, by)| jifen_plan::Worth {
            value: self.expr(value).0,
            by: by.map(|f| self.expr(&E::Field(f)).0),
        });
        let passes = self.passes(&i.passes, &path, credit, own);
        self.items.push(PlanItem {
            path,
            version: VersionIx(ix(self.version)),
            trigger,
            joins,
            requires,
            lines,
            credit: credit.iter().map(|c| CurrencyIx(ix(*c))).collect(),
            spend: i.spend.map(|s| s.0),
            give: None,
            worth,
            allot: None,
            passes,
        });
        self.give(i, credit);
    }

    /// Who receives; what the words mean where the points of any version lapse that way.
    fn give(&mut self, i: &Item, credit: &[usize]) {
        let Some(g) = i.give else { return };
        let to = match ATTRS.iter().any(|a| a.0 == g.to) {
            true => self.expr(&E::Attr(g.to)),
            false => self.expr(&E::Field(g.to)),
        };
        let to = to.0;
        let currency = credit.first().and_then(|c| self.policy.currencies.get(*c));
        let lives = currency.map(|c| lives(c, self.policy.versions.len()));
        let any = |test: fn(&Due) -> bool| lives.iter().flatten().any(|l| test(&l.due));
        let give = jifen_plan::Give {
            to,
            keeps_dates: g.keeps && any(|d| matches!(d, Due::Age(_) | Due::LotDate { .. })),
            earns: g.earns && any(|d| matches!(d, Due::Idle { gains: true, .. })),
            uses: g.uses && any(|d| matches!(d, Due::Idle { spends: true, .. })),
        };
        if let Some(item) = self.items.last_mut() {
            item.give = Some(give);
        }
    }

    /// S7: own lines in order; the multipliers of the categories join at the first 倍率; then caps, inner first.
    fn lines(
        &mut self,
        i: &'a Item,
        path: &[String],
        above: &[Above<'a>],
        requires: &[Require],
        credit: &[usize],
    ) -> Vec<PlanLine> {
        let mut out = Vec::new();
        let deducts = i.lines.iter().any(|l| matches!(l, Line::Deduct(..)))
            && !i.lines.iter().any(|l| matches!(l, Line::Award(..)));
        let stacking = i.lines.iter().find_map(|l| match l {
            Line::Stacking(s) => Some(*s),
            _ => None,
        });
        let version = self.policy.versions.get(self.version);
        let campaigns: Vec<&Campaign> = version
            .iter()
            .flat_map(|v| &v.campaigns)
            .filter(|c| i.spend.is_none() && c.reaches(path))
            .collect();
        // A multiplier of a campaign is one of the categories that looks at the day first.
        let on_day = |name: &str, when: Option<&C>| {
            let day = C::Days(None, name.into());
            match when {
                Some(w) => C::And(Box::new(day), Box::new(w.clone())),
                None => day,
            }
        };
        let seasonal: Vec<Line> = campaigns
            .iter()
            .filter_map(|c| {
                let (value, when) = c.factor.as_ref()?;
                let when = on_day(&c.name, when.as_ref());
                Some(Line::Multiply(value.clone(), None, Some(when)))
            })
            .collect();
        let shared: Vec<&Line> = above
            .iter()
            .flat_map(|a| a.lines)
            .filter(|l| matches!(l, Line::Multiply(..)))
            .chain(&seasonal)
            .collect();
        // The multipliers of the categories join once; where nothing says the place, after the 得.
        let mut joined = shared.is_empty();
        let placed = i
            .lines
            .iter()
            .any(|l| matches!(l, Line::Multiply(..) | Line::Place));
        let mut prorates = requires
            .iter()
            .enumerate()
            .filter(|(_, r)| r.hold == Some(jifen_plan::Hold::Prorated));
        let prorate = prorates.next().map(|(n, _)| n);
        let mut prorated = prorate.is_none();
        let round = credit
            .first()
            .and_then(|c| self.policy.currencies.get(*c))
            .and_then(|c| c.precision);
        let round = i.precision.or(round);
        let mut rounded = round.is_none();
        let mut capped = false;
        let mut unsettled = false;
        let mut chosen = choice_above(i, above);
        for (at, l) in i.lines.iter().enumerate() {
            let ends = matches!(l, Line::Cap(_) | Line::Choose(_) | Line::Review(_));
            unsettled |= capped
                && matches!(
                    l,
                    Line::Award(..) | Line::Add(..) | Line::Deduct(..) | Line::Multiply(..)
                );
            capped |= matches!(l, Line::Cap(_));
            if ends && let (false, Some(n)) = (prorated, prorate) {
                out.push(PlanLine::Prorate { require: ix(n) });
                prorated = true;
            }
            match l {
                Line::Award(e, c) | Line::Add(e, c) => {
                    let (value, when) = (self.expr(e).0, c.as_ref().map(|c| self.cond(c)));
                    out.push(PlanLine::Add { value, when });
                    if !placed && !joined {
                        out.extend(self.multiply(&shared, stacking));
                        joined = true;
                    }
                }
                Line::Deduct(e, c) => {
                    let (value, when) = (self.expr(e).0, c.as_ref().map(|c| self.cond(c)));
                    out.push(PlanLine::Deduct { value, when });
                    if !placed && !joined {
                        out.extend(self.multiply(&shared, stacking));
                        joined = true;
                    }
                }
                Line::Multiply(..) | Line::Place => {
                    // Side by side they stand in one place.
                    let multiplies = |l: &&Line| matches!(l, Line::Multiply(..) | Line::Place);
                    let first = at.checked_sub(1).and_then(|x| i.lines.get(x));
                    if first.as_ref().is_some_and(multiplies) {
                        continue;
                    }
                    let mut all: Vec<&Line> = Vec::new();
                    for own in i.lines.iter().skip(at).take_while(multiplies) {
                        match own {
                            Line::Place => {
                                all.extend(&shared);
                                joined = true;
                            }
                            own => all.push(own),
                        }
                    }
                    if !joined {
                        all.extend(&shared);
                        joined = true;
                    }
                    out.extend(self.multiply(&all, stacking));
                }
                Line::Stacking(_) => {}
                Line::Review(r) => {
                    if let (true, Some(step)) = (split_by_time(&out), Decimal::new(1, 12)) {
                        let mode = Rounding::HalfEven;
                        out.push(PlanLine::Round(Precision { step, mode }));
                    }
                    let review = self.review(r, path);
                    out.push(PlanLine::Review(review));
                }
                Line::Choose(c) => {
                    self.choose(c, path, &mut out, round.filter(|_| !rounded));
                    rounded = true;
                }
                Line::Cap(c) => {
                    if c.window != W::Occasion
                        && let Some((c, path)) = chosen.take()
                    {
                        self.choose(c, path, &mut out, round.filter(|_| !rounded));
                        rounded = true;
                    }
                    if let (false, Some(p)) = (rounded, round) {
                        out.push(PlanLine::Round(precision(p)));
                        rounded = true;
                    }
                    let cap = self.cap(c, path, false, deducts);
                    out.push(PlanLine::Cap(cap));
                }
            }
        }
        if let (false, Some(n)) = (prorated, prorate) {
            out.push(PlanLine::Prorate { require: ix(n) });
        }
        if let Some((c, path)) = chosen {
            self.choose(c, path, &mut out, round.filter(|_| !rounded));
            rounded = true;
        }
        if let (false, Some(p)) = (rounded, round) {
            out.push(PlanLine::Round(precision(p)));
        }
        for a in above {
            for l in a.lines {
                let Line::Cap(c) = l else { continue };
                let exempt = c.exempt.as_ref().filter(|e| e.0 == i.name);
                if exempt.is_some_and(|e| !e.1) {
                    continue;
                }
                let cap = self.cap(c, &a.path, exempt.is_some(), false);
                out.push(PlanLine::Cap(cap));
            }
        }
        for c in campaigns {
            if let Some(cap) = &c.cap {
                let mut cap = cap.clone();
                cap.when = Some(on_day(&c.name, cap.when.as_ref()));
                let cap = self.cap(&cap, std::slice::from_ref(&c.name), false, false);
                out.push(PlanLine::Cap(cap));
            }
        }
        // What came after the first cap has not been rounded yet.
        if let (true, Some(p)) = (unsettled, round) {
            out.push(PlanLine::Round(precision(p)));
        }
        out
    }

    /// One line of the Plan; a multiplier that looks at 本次得分 begins another, so as to see what those before it made of it.
    fn multiply(&mut self, all: &[&Line], stacking: Option<Stacking>) -> Vec<PlanLine> {
        let stacking = stacking.unwrap_or(Stacking::Product);
        let mut out: Vec<Multiply> = Vec::new();
        for l in all {
            let Line::Multiply(e, t, c) = l else { continue };
            let factor = Factor {
                value: self.expr(e).0,
                when: c.as_ref().map(|c| self.cond(c)),
                time: t.as_ref().map(time_test),
            };
            let each_part = t.as_ref().is_some_and(|t| t.split == Some(true));
            let looks_back = super::make_order::looks_back(l) && stacking == Stacking::Product;
            match out.last_mut() {
                Some(m) if !looks_back => {
                    m.factors.push(factor);
                    m.each_part |= each_part;
                }
                _ => out.push(Multiply {
                    factors: vec![factor],
                    stacking,
                    each_part,
                }),
            }
        }
        out.into_iter().map(PlanLine::Multiply).collect()
    }

    pub(super) fn tally(&mut self, t: Tally) -> TallyIx {
        if let Some(at) = self.tallies.iter().position(|x| *x == t) {
            return TallyIx(ix(at));
        }
        self.tallies.push(t);
        TallyIx(ix(self.tallies.len() - 1))
    }

    pub(super) fn cap(
        &mut self,
        c: &Cap,
        path: &[String],
        counted_only: bool,
        of_deduction: bool,
    ) -> PlanCap {
        let window = match c.window {
            W::Occasion => Window::Occasion,
            W::Civil(p) => Window::Period(p),
            W::Days(n) => Window::RollingDays(n),
            W::Weeks(n) => Window::RollingDays(n * 7),
            W::Months(n) => Window::RollingMonths(n),
            W::Lifetime
            | W::Unwritten
            | W::EachRun
            | W::InCampaign
            | W::YearOn(..)
            | W::OwnYear => Window::Lifetime,
        };
        let group = c.group.and_then(attr_ix);
        let holder = match (c.everyone, group) {
            (true, _) => Holder::Everyone,
            (_, Some(a)) => Holder::Group(a),
            _ => Holder::Account,
        };
        let mut keys: Vec<ExprId> = c
            .key
            .map(|k| self.expr(&E::Field(k)).0)
            .into_iter()
            .collect();
        if let (W::EachRun | W::InCampaign, Some(name)) = (c.window, path.first()) {
            keys.push(self.run_start(name));
        }
        keys.extend(self.year_start(c.window));
        let of = c.of.map(|f| self.expr(&E::Field(f)).0);
        let tally = (window != Window::Occasion).then(|| {
            self.tally(Tally {
                path: path.to_vec(),
                label: format!(
                    "{holder:?} {:?} {:?} {} {:?}",
                    c.key, c.window, c.times, c.of
                ),
                holder,
                keys,
                window,
                times: c.times,
                net: c.net,
                charge_final: c.charge_final == Some(true),
                of,
            })
        });
        PlanCap {
            tally,
            limit: self.expr(&c.limit).0,
            mode: c.mode,
            counted_only,
            of_deduction,
            when: c.when.as_ref().map(|w| self.cond(w)),
        }
    }

    fn review(&mut self, r: &Review, item: &[String]) -> PlanReview {
        let reads_total = matches!(&r.when, Some(C::Cmp(_, E::DayTotal, _)));
        let day_total = reads_total.then(|| {
            self.tally(Tally {
                path: item.to_vec(),
                label: "当日合计".into(),
                holder: Holder::Account,
                keys: Vec::new(),
                window: Window::Period(Period::Day),
                times: false,
                net: false,
                charge_final: false,
                of: None,
            })
        });
        let days = |count, working| Days { count, working };
        PlanReview {
            when: r.when.as_ref().map(|w| self.cond(w)),
            day_total,
            confirm: r.confirm.iter().map(|c| (*c).into()).collect(),
            publish: r.publish.map(|(n, w, from)| Publish {
                days: days(n, w),
                from,
            }),
            lapse: r.lapse.flatten().map(|(n, w)| days(n, w)),
            holds_room: r.holds_room,
        }
    }
}
