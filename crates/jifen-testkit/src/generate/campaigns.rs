//! Campaigns: random ones, their text, and their days counted out by walking through an almanac that the compiler does not use.

use std::fmt::Write;
use std::sync::OnceLock;

use jifen_calendar::Day;
use jifen_plan::{DaySet, Expr, Ty};
use tyme4rs::tyme::solar::{SolarDay, SolarTerm};

use super::lower::Lowering;
use super::make::Maker;
use super::taste::Fond;
use super::text;
use super::tree::*;
use super::value::{Scope, condition, pure};
use crate::rng::Rng;

/// Ranges of the lunar year: as written, and the first and last day as (month, leap, day; 0: the last of the month).
const YEARLY: [(&str, LunarEnd, LunarEnd); 11] = [
    ("农历 腊月廿三 至 正月十五", (12, false, 23), (1, false, 15)),
    ("春节 至 元宵", (1, false, 1), (1, false, 15)),
    ("农历 腊月末 至 正月初七", (12, false, 0), (1, false, 7)),
    ("农历 二月初二", (2, false, 2), (2, false, 2)),
    ("农历 二月廿九 至 三月初三", (2, false, 29), (3, false, 3)),
    ("农历 闰二月初一 至 闰二月末", (2, true, 1), (2, true, 0)),
    (
        "农历 闰六月十一 至 闰六月二十",
        (6, true, 11),
        (6, true, 20),
    ),
    ("清明", QINGMING, QINGMING),
    ("清明 至 农历 四月初八", QINGMING, (4, false, 8)),
    ("端午", (5, false, 5), (5, false, 5)),
    ("除夕 至 农历 正月末", (12, false, 0), (1, false, 0)),
];

/// Feasts for conditions.
const FEASTS: [(&str, LunarEnd); 6] = [
    ("春节", (1, false, 1)),
    ("元宵", (1, false, 15)),
    ("除夕", (12, false, 0)),
    ("清明", QINGMING),
    ("端午", (5, false, 5)),
    ("中秋", (8, false, 15)),
];

/// Month, leap, day; day 0: the last.
pub type LunarEnd = (usize, bool, usize);

/// Stands for 清明.
const QINGMING: LunarEnd = (0, false, 0);

/// A civil day with what the almanac says of it.
struct Page {
    day: i32,
    month: usize,
    leap: bool,
    of_month: usize,
    last: bool,
    qingming: bool,
}

/// 1999 to 2050, day by day, from tyme4rs.
fn almanac() -> &'static [Page] {
    static PAGES: OnceLock<Vec<Page>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let mut out = Vec::new();
        for year in 1999..=2050_i32 {
            let spring = SolarTerm::from_name(year as isize, "清明");
            let spring = spring.get_julian_day().get_solar_day();
            let spring = (spring.get_month(), spring.get_day());
            let first = Day::from_ymd(year, 1, 1).unwrap_or(Day(0));
            let next = Day::from_ymd(year + 1, 1, 1).unwrap_or(Day(0));
            for day in first.0..next.0 {
                let (y, m, d) = Day(day).ymd();
                let (m, d) = (m as usize, d as usize);
                let at = SolarDay::from_ymd(y as isize, m, d).get_lunar_day();
                let month = at.get_lunar_month();
                out.push(Page {
                    day,
                    month: month.get_month(),
                    leap: month.is_leap(),
                    of_month: at.get_day(),
                    last: at.get_day() == month.get_day_count(),
                    qingming: spring == (m, d),
                });
            }
        }
        out
    })
}

impl Page {
    fn is(&self, end: LunarEnd) -> bool {
        if end == QINGMING {
            return self.qingming;
        }
        let (month, leap, day) = end;
        let right = if day == 0 {
            self.last
        } else {
            self.of_month == day
        };
        (self.month, self.leap) == (month, leap) && right
    }
}

/// Walks through the almanac: a run begins on the first day and ends on the next last day.
fn walk(from: LunarEnd, to: LunarEnd) -> Vec<(Day, Day)> {
    let known = Day::from_ymd(2000, 1, 1).unwrap_or(Day(0));
    let mut out: Vec<(Day, Day)> = Vec::new();
    let mut inside = false;
    for page in almanac() {
        if !inside && page.is(from) {
            inside = true;
            out.push((Day(page.day), Day(page.day)));
        }
        if inside && let Some(run) = out.last_mut() {
            run.1 = Day(page.day + 1);
        }
        inside &= !page.is(to);
    }
    out.retain(|r| r.1 > known);
    for r in &mut out {
        r.0 = r.0.max(known);
    }
    out
}

fn lunar_set(name: &str, from: LunarEnd, to: LunarEnd) -> DaySet {
    let year = |y| Day::from_ymd(y, 1, 1).unwrap_or(Day(0));
    DaySet {
        name: name.into(),
        runs: walk(from, to),
        known: Some((year(2000), year(2051))),
    }
}

impl Campaign {
    /// The days.
    #[must_use]
    pub fn set(&self) -> DaySet {
        match &self.days {
            Days::Civil(runs) => DaySet {
                name: self.name.clone(),
                runs: runs.iter().map(|(a, b)| (Day(*a), Day(*b + 1))).collect(),
                known: None,
            },
            Days::Yearly(_, from, to) => lunar_set(&self.name, *from, *to),
        }
    }

    /// Does it reach an item of this path?
    #[must_use]
    pub fn reaches(&self, path: &[String]) -> bool {
        self.applies.is_empty() || self.applies.iter().any(|n| path.contains(n))
    }
}

impl Maker<'_> {
    /// Campaigns of a version, some days after its beginning, over some of its clauses.
    pub(super) fn campaigns(
        &mut self,
        rng: &mut Rng,
        from: i32,
        categories: &[Category],
    ) -> Vec<Campaign> {
        let mut out = Vec::new();
        if !self.taste.chance(rng, Fond::Campaign, 100, 30) {
            return out;
        }
        for _ in 0..1 + rng.below(2) {
            out.push(self.campaign(rng, from, categories));
        }
        out.sort_by(|a, b| a.name.cmp(&b.name));
        if out.iter().filter(|c| c.cap.is_some()).count() > 1 {
            // A cap before another one says what it is charged.
            for cap in out.iter_mut().filter_map(|c| c.cap.as_mut()) {
                cap.charge_final = Some(rng.chance(50));
            }
        }
        out
    }

    fn campaign(&mut self, rng: &mut Rng, from: i32, categories: &[Category]) -> Campaign {
        let name = self.name("期");
        let days = if rng.chance(45) {
            let (text, a, b) = rng.pick(&YEARLY).unwrap_or(YEARLY[0]);
            Days::Yearly(text, a, b)
        } else {
            let mut runs = Vec::new();
            let mut at = from;
            for _ in 0..[1, 1, 1, 2, 3][rng.below(5)] {
                at += i32::try_from(rng.range(0, 12)).unwrap_or(3);
                let last = at + i32::try_from(rng.range(0, 35)).unwrap_or(5);
                runs.push((at, last));
                at = last + 1;
            }
            Days::Civil(runs)
        };
        let mut names = Vec::new();
        for c in categories {
            names.push(c.name.clone());
            names.extend(c.items.iter().map(|i| i.name.clone()));
            names.extend(c.inner.iter().map(|c| c.name.clone()));
        }
        let mut applies: Vec<String> = Vec::new();
        if rng.chance(60) {
            applies.extend(rng.pick(&names));
            applies.extend(rng.pick(&names).filter(|n| !applies.contains(n)));
        }
        let scope = Scope::nothing(self.taste);
        let factor = rng.chance(80).then(|| {
            let when = rng.chance(30).then(|| condition(rng, &scope, 0));
            (pure(rng, &scope, 0), when)
        });
        let cap = (factor.is_none() || rng.chance(90)).then(|| {
            let one = matches!(&days, Days::Civil(runs) if runs.len() == 1);
            let window = match rng.below(6) {
                0 => W::Lifetime,
                1 => W::Civil(jifen_calendar::Period::Day),
                2 if one => W::InCampaign,
                _ => W::EachRun,
            };
            let mut cap = self.cap(rng, window, None);
            if !cap.everyone && self.taste.chance(rng, Fond::Groups, 60, 15) {
                cap.group = Some(rng.word(&["家庭", "社区"]));
            }
            cap.net = !cap.times && self.taste.chance(rng, Fond::Net, 50, 10);
            cap
        });
        Campaign {
            name,
            days,
            applies,
            factor,
            cap,
        }
    }
}

/// A date among feasts.
pub fn feast(rng: &mut Rng, date: Option<E>) -> C {
    let name = rng.pick(&FEASTS).map_or("春节", |f| f.0);
    C::Days(date, name.into())
}

/// As text.
pub(super) fn write(w: &mut String, c: &Campaign) {
    let days = match &c.days {
        Days::Civil(runs) => {
            let run = |(a, b): &(i32, i32)| match a == b {
                true => Day(*a).to_string(),
                false => format!("{} 至 {}", Day(*a), Day(*b)),
            };
            runs.iter().map(run).collect::<Vec<_>>().join("、")
        }
        Days::Yearly(text, ..) => (*text).to_owned(),
    };
    let applies = match c.applies.is_empty() {
        true => String::new(),
        false => format!(" 适用 {}", c.applies.join("、")),
    };
    let _ = writeln!(w, "活动期 {} {{\n  期间 {days}", c.name);
    if let Some((value, when)) = &c.factor {
        let when = text::tail(when.as_ref());
        let _ = writeln!(w, "  倍率 {}{applies}{when}", text::value(value));
    }
    if let Some(cap) = &c.cap {
        let _ = writeln!(w, "  {}{applies}", text::line(&Line::Cap(cap.clone())));
    }
    let _ = writeln!(w, "}}");
}

impl Lowering<'_> {
    /// The days of a campaign of this version, or of a feast.
    pub(super) fn day_set(&self, name: &str) -> DaySet {
        let version = self.policy.versions.get(self.version);
        let campaign = version.and_then(|v| v.campaigns.iter().find(|c| c.name == name));
        if let Some(c) = campaign {
            return c.set();
        }
        let feast = FEASTS.iter().find(|f| f.0 == name);
        let day = feast.map_or(QINGMING, |f| f.1);
        lunar_set(name, day, day)
    }

    /// The key that keeps the runs of a campaign apart.
    pub(super) fn run_start(&mut self, name: &str) -> jifen_plan::ExprId {
        let set = self.day_set(name);
        let day = self.exprs.add(Expr::EventDay, Ty::Date);
        self.exprs.add(Expr::RunStart(day, Box::new(set)), Ty::Date)
    }
}
