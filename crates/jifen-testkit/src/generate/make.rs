//! Random policies: every construct often, several of them on one award, numbers on edges.

use jifen_calendar::{Day, Period};
use jifen_plan::{Hold, Overlap, Pairing, PublishFrom, RuleDate, Stacking, TimeMode};
use jifen_quantity::Rounding;

use super::aggregate::{Around, Own};
use super::make_lives::currencies;
use super::taste::{Fond, Taste};
use super::tree::*;
use super::value::{Scope, condition, line_condition, points, pure, quantity_limit, windows};
use crate::rng::Rng;

pub(super) const ROUNDINGS: [Rounding; 4] = [
    Rounding::HalfUp,
    Rounding::Up,
    Rounding::Down,
    Rounding::HalfEven,
];
const STACKINGS: [Stacking; 4] = [
    Stacking::Product,
    Stacking::Best,
    Stacking::Lowest,
    Stacking::SumOfExtras,
];
/// Roles of reviewers.
pub const REVIEWERS: [&str; 3] = ["组织者", "居委会", "街道"];

/// A random policy.
#[must_use]
pub fn policy(rng: &mut Rng) -> Policy {
    let taste = Taste::new(rng);
    let kinds = kinds(rng, taste);
    let currencies = currencies(rng, taste);
    let rule = if taste.chance(rng, Fond::OtherDay, 90, 15) {
        rng.pick(&[RuleDate::Entry, RuleDate::Confirmation])
            .unwrap_or(RuleDate::Entry)
    } else {
        RuleDate::Event
    };
    let edges = [
        (2023, 12, 31),
        (2024, 2, 29),
        (2024, 3, 1),
        (2025, 1, 31),
        (2025, 4, 15),
        (2026, 1, 1),
        (2026, 2, 28),
        // The calendar of working days ends with 2026.
        (2026, 10, 20),
    ];
    let (y, m, d) = rng.pick(&edges).unwrap_or((2026, 1, 1));
    let mut from = Day::from_ymd(y, m, d).unwrap_or(Day(20_000)).0;
    let count = match taste.has(Fond::OtherDay) {
        true => 2 + rng.below(2),
        false => [1, 1, 1, 2, 2, 3][rng.below(6)],
    };
    let mut versions = Vec::new();
    let mut maker = Maker {
        taste,
        clock: kinds.first().is_some_and(|k| k.at == At::Start),
        currencies: &currencies,
        names: 0,
        clocks: (kinds.iter())
            .map(|k| k.shape != Shape::Monthly && matches!(k.at, At::Start | At::End))
            .collect(),
        campaigns: Vec::new(),
        measures: Vec::new(),
        follows: Vec::new(),
        scores: Vec::new(),
        standings: Vec::new(),
        sources: Vec::new(),
    };
    let first = maker.version(rng, from);
    versions.push(first);
    for n in 1..count {
        from += i32::try_from(rng.range(1, 70)).unwrap_or(30);
        let Some(mut next) = versions.last().cloned() else {
            break;
        };
        next.name = format!("第{}版", n + 1);
        next.from = from;
        maker.mutate(rng, &mut next);
        versions.push(next);
    }
    if taste.chance(rng, Fond::OtherDay, 40, 12)
        && let Some(last) = versions.last_mut()
    {
        last.until = Some(last.from + i32::try_from(rng.range(20, 60)).unwrap_or(20));
    }
    Policy {
        taste,
        rule,
        currencies: currencies.clone(),
        kinds: kinds.clone(),
        versions,
    }
}

fn kinds(rng: &mut Rng, taste: Taste) -> Vec<Kind> {
    let overlaps = [Overlap::Once, Overlap::Each, Overlap::Reject];
    let (first, second) = if taste.has(Fond::Overlap) {
        (Overlap::Once, Overlap::Reject)
    } else {
        let mut one = || rng.pick(&overlaps).unwrap_or(Overlap::Each);
        (one(), one())
    };
    let kind = |name, shape, overlap, at, default| Kind {
        name,
        shape,
        overlap,
        at,
        default,
    };
    let event_at = match rng.below(8) {
        0 => At::Entry,
        1 => At::Field,
        _ => At::Start,
    };
    let span_at = if rng.chance(15) { At::End } else { At::Start };
    let graded_at = if rng.chance(20) { At::Entry } else { At::Start };
    let default = taste.chance(rng, Fond::Default, 100, 20);
    let each = Overlap::Each;
    vec![
        kind("参会", Shape::Event, each, event_at, default),
        kind("巡逻", Shape::Span, first, span_at, default),
        kind("月报", Shape::Monthly, each, At::Start, default),
        kind("违规", Shape::Graded, each, graded_at, default),
        kind("走访", Shape::Span, second, At::Start, default),
    ]
}

/// Makes the parts of versions.
pub(super) struct Maker<'a> {
    /// What the policy is fond of.
    pub(super) taste: Taste,
    /// Events have a time of day.
    pub(super) clock: bool,
    pub(super) currencies: &'a [Currency],
    names: usize,
    /// Which records have a time of day.
    pub(super) clocks: Vec<bool>,
    /// Of the version being made.
    campaigns: Vec<Campaign>,
    /// The same.
    pub(super) measures: Vec<super::measures::MeasureItem>,
    pub(super) follows: Vec<(String, E)>,
    pub(super) scores: Vec<super::scores::ScoreItem>,
    pub(super) standings: Vec<super::standings::StandItem>,
    /// What points can come from: categories (true) and items.
    pub(super) sources: Vec<(bool, String)>,
}

impl Maker<'_> {
    pub(super) fn name(&mut self, what: &str) -> String {
        self.names += 1;
        format!(
            "{what}{}",
            ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"][self.names % 10]
                .to_owned()
                + &"附".repeat(self.names / 10)
        )
    }

    fn version(&mut self, rng: &mut Rng, from: i32) -> Version {
        let params = params(rng, from);
        self.measures(rng);
        let count = 1 + rng.below(2);
        let mut categories: Vec<_> = (0..count).map(|_| self.category(rng, 0)).collect();
        self.choices(rng, &mut categories);
        let mut header = Vec::new();
        if rng.chance(15) {
            header.push(Line::Cap(self.shared_cap(rng, &[])));
        }
        let mut campaigns = self.campaigns(rng, from, &categories);
        super::make_choice::around(rng, &categories, &mut header, &mut campaigns);
        self.campaigns = campaigns;
        let cap = self.campaigns.iter().any(|c| c.cap.is_some());
        state_charges(rng, &mut header, cap);
        let capped = !header.is_empty() || cap;
        for c in &mut categories {
            self.agree(rng, c, &[], capped, &[], &[]);
        }
        self.sources.clear();
        self.add_sources(&categories);
        self.standings(rng);
        self.who_asks(rng, &mut categories);
        let spends = self.spends(rng);
        let allots = self.allots(rng, header.is_empty() && self.campaigns.is_empty());
        Version {
            name: "第1版".into(),
            from,
            until: None,
            params,
            header,
            categories,
            spends,
            campaigns: self.campaigns.clone(),
            measures: self.measures.clone(),
            follows: self.follows.clone(),
            scores: self.scores.clone(),
            standings: self.standings.clone(),
            allots,
            moving: super::moves::words(rng, self.taste),
        }
    }

    fn category(&mut self, rng: &mut Rng, depth: usize) -> Category {
        let name = self.name("类");
        let credit = match (depth, self.currencies.len(), rng.below(4)) {
            (1.., _, 0..=2) => Vec::new(),
            (_, 2, 0 | 1) => vec![0, 1],
            (_, 2, 2) => vec![1],
            _ => vec![0],
        };
        let least = usize::from(self.taste.has(Fond::Exempt) || self.taste.has(Fond::Net));
        let count = 1 + least + rng.below(3 - least);
        let items: Vec<Item> = (0..count).map(|_| self.item(rng)).collect();
        let mut lines = Vec::new();
        if rng.chance(20) {
            // It reaches items of all sorts: the word on this fact must stand, and no window may only begin.
            let scope = Scope {
                around: Some(Around {
                    own: Own::Any,
                    opens: Some(Period::Year),
                    clock: self.clock,
                }),
                ..Scope::nothing(self.taste)
            };
            let value = pure(rng, &scope, 0);
            let when = rng.chance(40).then(|| condition(rng, &scope, 0));
            lines.push(Line::Multiply(value, None, when));
        }
        if self.taste.chance(rng, Fond::Net, 80, 40) {
            lines.push(Line::Cap(self.shared_cap(rng, &items)));
        }
        let inner = if depth == 0 && rng.chance(20) {
            vec![self.category(rng, 1)]
        } else {
            Vec::new()
        };
        Category {
            name,
            credit,
            lines,
            items,
            inner,
        }
    }

    fn item(&mut self, rng: &mut Rng) -> Item {
        let name = self.name("项");
        let fond = |rng: &mut Rng, what, often| self.taste.chance(rng, what, often, 0);
        let pick = if fond(rng, Fond::Net, 35) || fond(rng, Fond::DeductCap, 45) {
            8
        } else if fond(rng, Fond::Periods, 50) {
            9 + rng.below(3)
        } else if fond(rng, Fond::EachPart, 60) || fond(rng, Fond::Overlap, 60) {
            5 + rng.below(3)
        } else {
            rng.below(if self.taste.plain() { 9 } else { 12 })
        };
        let (on, scope) = match pick {
            0..=4 => (
                On::Kind(0, None),
                Scope {
                    clock: self.clock,
                    ..Scope::of(Shape::Event, self.taste)
                },
            ),
            7 => (On::Kind(4, None), Scope::of(Shape::Span, self.taste)),
            5 | 6 => (On::Kind(1, None), Scope::of(Shape::Span, self.taste)),
            8 => (On::Kind(3, None), Scope::of(Shape::Graded, self.taste)),
            9 => (
                On::Every(Period::Month, rng.chance(20), Some(2)),
                Scope::of(Shape::Monthly, self.taste),
            ),
            _ => {
                let unit = rng.pick(&[Period::Week, Period::Month, Period::Month, Period::Quarter]);
                (
                    On::Every(unit.unwrap_or(Period::Month), rng.chance(30), None),
                    Scope::nothing(self.taste),
                )
            }
        };
        let (own, opens) = match on {
            On::Kind(k, _) => (Own::Kind(k), None),
            On::Every(unit, at_start, _) => (Own::None, at_start.then_some(unit)),
        };
        let scope = Scope {
            around: Some(Around {
                own,
                opens,
                clock: self.clock,
            }),
            ..scope
        };
        let on = match on {
            On::Kind(k, _) if rng.chance(15) => On::Kind(k, Some(condition(rng, &scope, 0))),
            on => on,
        };
        let mut requires = Vec::new();
        let often = self.taste.has(Fond::Missing) || self.taste.has(Fond::Choices);
        let often = if often { 70 } else { 30 };
        if rng.chance(often) && !(matches!(on, On::Every(..)) && scope.shape.is_none()) {
            requires.push((condition(rng, &scope, 1), None));
        }
        if matches!(on, On::Every(..))
            && let Some((e, u, pool)) = super::aggregate::measured(rng, &scope)
        {
            let bound = E::Lit(rng.word(pool).into(), u);
            let cmp = rng.pick(&[jifen_plan::Cmp::Ge, jifen_plan::Cmp::Lt]);
            requires.push((C::Cmp(cmp.unwrap_or(jifen_plan::Cmp::Ge), e, bound), None));
        }
        if let On::Every(unit, false, _) = on
            && rng.chance(60)
            && let Some((e, u, pool)) = self.readable(rng, unit)
        {
            let bound = E::Lit(rng.word(pool).into(), u);
            let cmp = rng.pick(&[jifen_plan::Cmp::Ge, jifen_plan::Cmp::Lt]);
            requires.push((C::Cmp(cmp.unwrap_or(jifen_plan::Cmp::Ge), e, bound), None));
        }
        if matches!(on, On::Every(..)) && rng.chance(75) {
            let holds = [Hold::Whole, Hold::FirstDay, Hold::AnyDay, Hold::Prorated];
            let c = C::OneOf(E::Attr("角色"), vec!["楼道长", "代表"]);
            requires.push((c, rng.pick(&holds)));
        }
        let lines = if pick == 8 {
            self.deducting(rng, &scope)
        } else {
            self.awarding(rng, &scope, matches!(on, On::Kind(..)))
        };
        let mut lines = lines;
        if let On::Every(unit, false, _) = on
            && rng.chance(40)
            && let Some((e, U::Pure | U::Percent, _)) = self.readable(rng, unit)
            && let Some(Line::Award(value, _)) = lines.first_mut()
        {
            let each = E::Lit(rng.word(&["7.5", "20", "100"]).into(), U::Points);
            *value = E::Bin('×', Box::new(e), Box::new(each));
        }
        self.look_back(rng, &mut requires, &mut lines);
        let passes = self.passes(rng, &scope, &lines);
        let joins = match on {
            On::Kind(k, _) => self.joins(rng, k),
            On::Every(..) => Vec::new(),
        };
        let worth = match scope.shape {
            Some(shape @ (Shape::Event | Shape::Span)) if self.taste.has(Fond::Accounts) => rng
                .chance(50)
                .then(|| super::make_spends::a_worth(rng, shape)),
            _ => None,
        };
        let mut item = Item {
            name,
            on,
            joins,
            requires,
            lines,
            precision: None,
            spend: None,
            give: None,
            worth,
            passes,
        };
        self.read_joined(rng, &mut item, scope.span);
        item
    }

    fn deducting(&mut self, rng: &mut Rng, scope: &Scope) -> Vec<Line> {
        let size = if rng.chance(70) {
            E::Field("分值")
        } else {
            points(rng, scope, 1)
        };
        let mut lines = vec![Line::Deduct(size, None)];
        if self.taste.chance(rng, Fond::DeductCap, 90, 30) {
            let window = self.window(rng);
            lines.push(Line::Cap(self.cap(rng, window, None)));
        }
        lines
    }

    fn awarding(&mut self, rng: &mut Rng, scope: &Scope, fact: bool) -> Vec<Line> {
        let parts = self.taste.has(Fond::EachPart);
        let (value, proportional) = match (scope.span && !parts, rng.below(3)) {
            (true, 0 | 1) => (super::value::rate_times_span(rng), true),
            _ => (points(rng, scope, 2), false),
        };
        let when = rng.chance(12).then(|| condition(rng, scope, 0));
        let mut lines = vec![Line::Award(value, when)];
        let add = rng.chance(25).then(|| {
            let when = rng.chance(80).then(|| line_condition(rng, scope));
            let size = points(rng, scope, 1);
            if rng.chance(15) {
                Line::Deduct(size, when)
            } else {
                Line::Add(size, when)
            }
        });
        let deducts = matches!(add, Some(Line::Deduct(..)));
        let each_part = self.taste.chance(rng, Fond::EachPart, 85, 50);
        let add_first = rng.chance(40);
        if add_first {
            lines.extend(add.clone());
        }
        let multiplies = match parts && scope.span {
            true => 1 + rng.below(2),
            false => [0, 0, 1, 1, 2, 3][rng.below(6)],
        };
        for _ in 0..multiplies {
            let proportional = proportional && !(add_first && add.is_some());
            lines.push(self.multiply(rng, scope, proportional, each_part));
        }
        if !add_first {
            lines.extend(add);
        }
        let reviewed = [Fond::Refund, Fond::Publicity, Fond::Moves];
        let reviewed = reviewed.iter().any(|f| self.taste.has(*f));
        let often = match (reviewed, self.taste.has(Fond::Moves)) {
            (_, true) => 80,
            (true, _) => 60,
            _ => 25,
        };
        if fact && rng.chance(often) {
            lines.push(Line::Review(self.review(rng)));
        }
        // A 上限 beside 扣 limits the deduction; it is made by `deducting`.
        let after = self.taste.has(Fond::AfterCap);
        let caps = match (deducts, after) {
            (true, _) => 0,
            (_, true) => 1 + rng.below(2),
            _ => [0, 0, 1, 1, 2][rng.below(5)],
        };
        let mut seen = Vec::new();
        for _ in 0..caps {
            lines.extend(self.own_cap(rng, scope, &mut seen));
        }
        if !seen.is_empty() && rng.chance(if after { 80 } else { 8 }) {
            lines.push(if rng.chance(50) {
                let when = rng.chance(50).then(|| line_condition(rng, scope));
                Line::Add(points(rng, scope, 1), when)
            } else {
                // Part by part is for what stands before caps and reviews.
                self.multiply(rng, scope, false, false)
            });
            if rng.chance(50) {
                lines.extend(self.own_cap(rng, scope, &mut seen));
            }
        }
        lines
    }

    fn multiply(&mut self, rng: &mut Rng, scope: &Scope, proportional: bool, each: bool) -> Line {
        let value = pure(rng, scope, 0);
        let time = (scope
            .shape
            .is_some_and(|s| s == Shape::Span || s == Shape::Event)
            && (scope.clock || scope.span)
            && rng.chance(50))
        .then(|| {
            let mode = match (scope.span, rng.below(4)) {
                (true, 0 | 1) => TimeMode::During,
                (true, 2) => TimeMode::Touching,
                _ => TimeMode::StartingIn,
            };
            let split = (mode == TimeMode::During && !proportional).then_some(each);
            Time {
                mode,
                windows: windows(rng),
                split,
            }
        });
        let when = rng.chance(35).then(|| line_condition(rng, scope));
        Line::Multiply(value, time, when)
    }

    fn review(&mut self, rng: &mut Rng) -> Review {
        // Where people move, what is held back is to come after it.
        let moves = self.taste.has(Fond::Moves);
        let when = rng.chance(if moves { 10 } else { 45 }).then(|| {
            let what = if rng.chance(30) {
                E::DayTotal
            } else {
                E::Running
            };
            C::Cmp(
                jifen_plan::Cmp::Gt,
                what,
                E::Lit(rng.word(&["5", "10", "20"]).into(), U::Points),
            )
        });
        let roles = match moves && rng.chance(60) {
            true => 0,
            false => [0, 1, 1, 2, 2, 3][rng.below(6)],
        };
        let confirm: Vec<_> = REVIEWERS.iter().take(roles).copied().collect();
        let often = if self.taste.has(Fond::Publicity) {
            80
        } else {
            50
        };
        let publish = (roles == 0 || rng.chance(often)).then(|| {
            let from = match (roles, rng.below(3)) {
                (1.., 0 | 1) => PublishFrom::LastConfirmation,
                (_, 2) => PublishFrom::Entry,
                _ => PublishFrom::Event,
            };
            (
                u32::try_from(rng.range(0, if moves { 25 } else { 7 }))
                    .unwrap_or(3)
                    .max(1),
                rng.chance(50),
                from,
            )
        });
        let lapse = (roles > 0).then(|| {
            rng.chance(60)
                .then(|| (u32::try_from(rng.range(1, 9)).unwrap_or(3), rng.chance(30)))
        });
        Review {
            when,
            confirm,
            publish,
            lapse,
            holds_room: self.taste.chance(rng, Fond::Refund, 90, 25),
        }
    }

    /// Writes what must not be left unsaid: the place of category multipliers, stacking, 过线 or 实得, the precision where
    /// two currencies differ. `above`: lines of the categories around; `capped`: a cap of theirs or of the policy follows.
    fn agree(
        &self,
        rng: &mut Rng,
        c: &mut Category,
        above: &[Line],
        capped: bool,
        credit: &[usize],
        path: &[String],
    ) {
        let path = [path, std::slice::from_ref(&c.name)].concat();
        let credit = match c.credit.is_empty() {
            true => credit.to_vec(),
            false => c.credit.clone(),
        };
        let precision = |at: &usize| self.currencies.get(*at).and_then(|c| c.precision);
        let same = credit.windows(2).all(|p| match p {
            [a, b] => precision(a) == precision(b),
            _ => true,
        });
        state_charges(rng, &mut c.lines, capped);
        let mut above: Vec<Line> = above.to_vec();
        above.extend(c.lines.iter().cloned());
        let capped = capped || c.lines.iter().any(|l| matches!(l, Line::Cap(_)));
        let outer = above.iter().filter(|l| is_multiply(l)).count();
        for i in &mut c.items {
            let item = [path.as_slice(), std::slice::from_ref(&i.name)].concat();
            let mut seasonal = self.campaigns.iter().filter(|c| c.reaches(&item));
            let seasonal = seasonal.by_ref().filter(|c| c.factor.is_some()).count();
            let shared = outer + seasonal;
            let own = i.lines.iter().filter(|l| is_multiply(l)).count();
            let deducts = i.lines.iter().any(|l| matches!(l, Line::Deduct(..)));
            if own == 0 && shared > 0 && (i.lines.len() > 1 || deducts) {
                i.lines.insert(1, Line::Place);
            }
            let product = super::make_order::state_order(rng, &mut i.lines, shared);
            state_charges(rng, &mut i.lines, capped);
            let groups = i.lines.windows(2).filter(|p| match p {
                [a, b] => is_multiply(a) && !is_multiply(b),
                _ => false,
            });
            let last = usize::from(i.lines.last().is_some_and(is_multiply));
            let apart = groups.count() + last > 1;
            if own + shared > 1 {
                i.lines.push(Line::Stacking(match apart || product {
                    true => Stacking::Product,
                    false => rng.pick(&STACKINGS).unwrap_or(Stacking::Product),
                }));
            }
            if !same || rng.chance(10) {
                let step = rng.word(&["1", "0.5", "0.1", "2.5"]);
                i.precision = Some((step, rng.pick(&ROUNDINGS).unwrap_or(Rounding::HalfUp)));
            }
        }
        for inner in &mut c.inner {
            self.agree(rng, inner, &above, capped, &credit, &path);
        }
    }

    /// A later version of the same text: other limits, other values, an item gone or new.
    fn mutate(&mut self, rng: &mut Rng, v: &mut Version) {
        super::moves::mutate(rng, self.taste, v);
        for (x, (_, _, pool)) in v.params.iter_mut().zip(PARAMS) {
            if rng.chance(35) {
                x.first = rng.word(pool);
            }
        }
        super::allots::mutate(rng, &mut v.allots);
        super::measures::mutate(rng, &mut v.measures);
        super::standings::mutate(rng, &mut v.standings);
        for cap in v.campaigns.iter_mut().filter_map(|c| c.cap.as_mut()) {
            if rng.chance(60) && !cap.times {
                cap.limit = quantity_limit(rng);
            }
        }
        for c in &mut v.categories {
            // What items of one record pass after a choice has a limit that is known.
            let chooses = c.lines.iter().any(|l| matches!(l, Line::Choose(_)));
            for l in c
                .lines
                .iter_mut()
                .chain(c.items.iter_mut().flat_map(|i| i.lines.iter_mut()))
            {
                match l {
                    Line::Cap(cap) if rng.chance(60) => {
                        cap.limit = if cap.times {
                            E::Lit(rng.word(&["1", "2", "4"]).into(), U::Times)
                        } else if chooses {
                            E::Lit(rng.word(&["5", "15", "25"]).into(), U::Points)
                        } else {
                            quantity_limit(rng)
                        };
                    }
                    Line::Award(E::Lit(digits, _), _) if rng.chance(60) => {
                        *digits = rng.word(&["4", "6", "8.5"]).into();
                    }
                    _ => {}
                }
            }
            for j in c.items.iter_mut().flat_map(|i| &mut i.joins) {
                if rng.chance(35) {
                    let other = rng.pick(&[Pairing::Each, Pairing::First, Pairing::OneToOne]);
                    j.pairing = other.unwrap_or(j.pairing);
                }
            }
            if c.items.len() > 1 && rng.chance(25) {
                let gone = c.items.remove(0);
                v.campaigns.retain(|x| !x.applies.contains(&gone.name));
                for l in &mut c.lines {
                    if let Line::Cap(cap) = l
                        && cap.exempt.as_ref().is_some_and(|e| e.0 == gone.name)
                    {
                        cap.exempt = None;
                    }
                }
            }
        }
    }
}

fn is_multiply(l: &Line) -> bool {
    matches!(l, Line::Multiply(..))
}

/// 过线 or 实得 at every cap after which an award can change. A limit of the size of a deduction has nothing after it.
fn state_charges(rng: &mut Rng, lines: &mut [Line], capped: bool) {
    let plain = lines.iter().any(|l| matches!(l, Line::Deduct(..)))
        && !lines.iter().any(|l| matches!(l, Line::Award(..)));
    let mut changes = capped && !plain;
    for l in lines.iter_mut().rev() {
        match l {
            Line::Cap(cap) => {
                if changes && cap.window != W::Occasion {
                    cap.charge_final = Some(rng.chance(50));
                }
                changes = true;
            }
            Line::Add(..) | Line::Deduct(..) | Line::Multiply(..) => changes = true,
            _ => {}
        }
    }
}

/// Name, unit and values of the parameters.
const PARAMS: [(&str, U, &[&str]); 4] = [
    ("基础分", U::Points, &["2", "5", "7.5", "10"]),
    ("加倍", U::Pure, &["1.5", "2", "0.5"]),
    ("时薪", U::PointsPerHour, &["10", "15", "7"]),
    ("额度", U::Points, &["15", "20", "37.5"]),
];

fn params(rng: &mut Rng, from: i32) -> Vec<Param> {
    let mut list = Vec::new();
    for (name, unit, pool) in PARAMS {
        let mut steps = Vec::new();
        let mut day = from;
        while rng.chance(35) {
            day += i32::try_from(rng.range(1, 45)).unwrap_or(9);
            steps.push((day, rng.word(pool)));
        }
        list.push(Param {
            name: name.into(),
            unit,
            first: rng.word(pool),
            steps,
        });
    }
    list
}
