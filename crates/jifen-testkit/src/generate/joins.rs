//! 接: random joins, their text, and their second lowering.

use std::fmt::Write;

use jifen_calendar::ClockWindow;
use jifen_plan::{
    Cmp, Counted, Days, Expr, ExprId, Join as PlanJoin, JoinKey, KindIx, Pairing, PassHow,
    RosterIx, Ty, Whose, Within,
};
use jifen_quantity::Dim;

use super::aggregate::SHAPES;
use super::lower::{Lowering, ix, number};
use super::lower_values::attr_ix;
use super::make::Maker;
use super::passes::Pass;
use super::taste::Fond;
use super::text::{KINDS, clock_ranges, cond, operand};
use super::tree::*;
use super::value::{Scope, condition};
use crate::rng::Rng;

/// A join.
#[derive(Clone, Debug)]
pub struct Join {
    /// Index into the policy's kinds.
    pub kind: usize,
    /// Equalities: what is read there and here.
    pub keys: Vec<(E, E)>,
    /// What else must hold.
    pub when: Option<C>,
    /// 距: the place of an earlier join.
    pub from: Option<usize>,
    /// How long before.
    pub near: Near,
    /// Pairing.
    pub pairing: Pairing,
}

/// How long before.
#[derive(Clone, Copy, Debug)]
pub enum Near {
    /// Hours or minutes.
    Time(&'static str, U),
    /// So much of it inside windows, of working days or of all.
    Office(&'static str, U, &'static [(i32, i32)], bool),
    /// Calendar days, or working days.
    Days(u32, bool),
    /// 终身
    Lifetime,
}

/// What is read of a joined fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// A field.
    Field(&'static str),
    /// 日期
    Day,
    /// 对象
    Subject,
}

/// Hours of offices: 8 with a lunch, 13, a night of 8, 15 in two windows that overlap. They begin and end where facts often do.
const OFFICES: [&[(i32, i32)]; 4] = [
    &[(32_400, 43_200), (48_600, 66_600)],
    &[(25_200, 72_000)],
    &[(79_200, 108_000)],
    &[(21_600, 54_000), (43_200, 75_600)],
];

const FACTS: [usize; 4] = [0, 1, 3, 4];

impl Maker<'_> {
    /// The joins of an item on a record.
    pub(super) fn joins(&mut self, rng: &mut Rng, own: usize) -> Vec<Join> {
        let mut out: Vec<Join> = Vec::new();
        if !FACTS.contains(&own) || !self.taste.chance(rng, Fond::Joins, 95, 10) {
            return out;
        }
        let most = [1, 2, 2, 2, 3, 3][rng.below(6)];
        for _ in 0..most {
            let kind = rng.pick(&[0, 0, 1, 1, 1, 2, 3, 4]).unwrap_or(1);
            if kind != own && out.iter().all(|j| j.kind != kind) {
                let join = self.join(rng, own, kind, &out);
                out.push(join);
            }
        }
        out
    }

    fn join(&mut self, rng: &mut Rng, own: usize, kind: usize, before: &[Join]) -> Join {
        let from = (!before.is_empty() && rng.chance(60)).then(|| rng.below(before.len()));
        let anchor = from.and_then(|f| before.get(f)).map_or(own, |j| j.kind);
        let pairings = [
            Pairing::Each,
            Pairing::First,
            Pairing::First,
            Pairing::OneToOne,
        ];
        let clock = self.clocks.get(kind) == Some(&true) && self.clocks.get(anchor) == Some(&true);
        // A chain is whole only where each of its joins finds something.
        let near = match rng.below(8) {
            _ if from.is_some() && rng.chance(40) => Near::Lifetime,
            0..=4 if clock && rng.chance(88) => office(rng),
            0..=2 if clock => {
                let (digits, unit) = rng
                    .pick(&[
                        ("24", U::Hours),
                        ("48", U::Hours),
                        ("1.5", U::Hours),
                        ("90", U::Minutes),
                        ("72", U::Hours),
                        ("240", U::Hours),
                    ])
                    .unwrap_or(("24", U::Hours));
                Near::Time(digits, unit)
            }
            4 | 5 => Near::Lifetime,
            n => {
                let count = u32::try_from(rng.range(1, 20)).unwrap_or(3);
                Near::Days(count, n == 7)
            }
        };
        // Few facts are so near: what is found should not be lost to other conditions.
        let few = matches!(near, Near::Office(..)) || from.is_some();
        let plain = few && rng.chance(70);
        Join {
            kind,
            keys: match plain {
                true => vec![(E::SubjectOf(kind), E::This(own, "对象"))],
                false => keys(rng, own, kind, before),
            },
            when: match plain {
                true => None,
                false => self.join_when(rng, own, kind),
            },
            from,
            near,
            pairing: rng.pick(&pairings).unwrap_or(Pairing::Each),
        }
    }

    fn join_when(&mut self, rng: &mut Rng, own: usize, kind: usize) -> Option<C> {
        let shape = SHAPES.get(kind).copied()?;
        match rng.below(10) {
            0..=2 => {
                let scope = Scope {
                    clock: self.clocks.get(kind) == Some(&true),
                    ..Scope::of(shape, self.taste)
                };
                Some(condition(rng, &scope, 0))
            }
            3 | 4 => {
                let cmp = rng.pick(&[Cmp::Ge, Cmp::Lt, Cmp::Ne]).unwrap_or(Cmp::Ge);
                let (theirs, ours) = (E::Field("次数"), E::This(own, "次数"));
                Some(C::Cmp(cmp, theirs, ours))
            }
            _ => None,
        }
    }

    /// Lines, conditions and other accounts that read what is joined.
    pub(super) fn read_joined(&mut self, rng: &mut Rng, i: &mut Item, span: bool) {
        if i.joins.is_empty() {
            return;
        }
        let slot = rng.below(i.joins.len());
        let Some(kind) = i.joins.get(slot).map(|j| j.kind) else {
            return;
        };
        let often = E::Joined(slot, kind, Read::Field("次数"));
        let test = |rng: &mut Rng| match rng.below(4) {
            0 => {
                let same = rng.pick(&[Cmp::Eq, Cmp::Lt]).unwrap_or(Cmp::Lt);
                let day = E::Part("月份");
                C::Cmp(
                    same,
                    E::PartOf("月份", Box::new(E::Joined(slot, kind, Read::Day))),
                    day,
                )
            }
            _ => {
                let cmp = rng.pick(&[Cmp::Ge, Cmp::Lt]).unwrap_or(Cmp::Ge);
                let bound = E::Lit(rng.word(&["1", "2", "3"]).into(), U::Times);
                C::Cmp(cmp, often.clone(), bound)
            }
        };
        if rng.chance(25) {
            i.requires.push((test(rng), None));
        }
        let plain = !span && rng.chance(40);
        if let (true, Some(Line::Award(value, _))) = (plain, i.lines.first_mut()) {
            let rate = E::Lit("1".into(), U::PointsPerTime);
            let more = E::Bin('×', Box::new(rate), Box::new(often.clone()));
            *value = E::Bin('+', Box::new(value.clone()), Box::new(more));
        }
        for l in &mut i.lines {
            if let Line::Multiply(_, _, when @ None) = l
                && rng.chance(50)
            {
                *when = Some(test(rng));
            }
        }
        if rng.chance(45) {
            self.pass_joined(rng, i, (slot, kind));
        }
    }

    /// 计入 or 另计 of somebody whom the joined fact names.
    fn pass_joined(&mut self, rng: &mut Rng, i: &mut Item, (slot, kind): (usize, usize)) {
        let read = match kind {
            0 if rng.chance(50) => Read::Field("伙伴"),
            _ => Read::Subject,
        };
        let instead = i.passes.iter().all(|p| p.how != PassHow::Instead) && rng.chance(60);
        let deducts = i.lines.iter().any(|l| matches!(l, Line::Deduct(..)));
        let how = match (instead, deducts) {
            (true, _) => PassHow::Instead,
            (false, true) => return,
            (false, false) => PassHow::Also,
        };
        let amount = match how {
            PassHow::Instead => E::Running,
            _ => E::Lit(rng.word(&["30", "50"]).into(), U::Percent),
        };
        i.passes.push(Pass {
            how,
            to: ("接上", false),
            joined: Some(E::Joined(slot, kind, read)),
            many: None,
            skips: rng.chance(60),
            amount,
            currency: None,
            when: None,
            caps: Vec::new(),
        });
    }
}

/// A limit in hours of an office.
fn office(rng: &mut Rng) -> Near {
    let limits = [
        ("8", U::Hours),
        ("13", U::Hours),
        ("15", U::Hours),
        ("16", U::Hours),
        ("1.5", U::Hours),
        ("2", U::Hours),
        ("50", U::Minutes),
        ("40", U::Hours),
        ("80", U::Hours),
        ("320", U::Hours),
    ];
    let (digits, unit) = rng.pick(&limits).unwrap_or(("8", U::Hours));
    let windows = rng.pick(&OFFICES).unwrap_or(OFFICES[0]);
    Near::Office(digits, unit, windows, rng.chance(50))
}

/// One or two equalities; the first is met often.
fn keys(rng: &mut Rng, own: usize, kind: usize, before: &[Join]) -> Vec<(E, E)> {
    let mut list = vec![(E::SubjectOf(kind), E::This(own, "对象"))];
    list.push((E::Field("次数"), E::This(own, "次数")));
    list.push((E::Attr("家庭"), E::ThisAttr("家庭")));
    let area = |k: usize| match k {
        0 => Some("等次"),
        1 | 4 => Some("片区"),
        _ => None,
    };
    if let Some((theirs, ours)) = area(kind).zip(area(own)) {
        list.push((E::Field(theirs), E::This(own, ours)));
    }
    if own == 0 {
        list.push((E::SubjectOf(kind), E::This(own, "伙伴")));
    }
    if kind == 0 {
        list.push((E::Field("伙伴"), E::This(own, "对象")));
    }
    for (slot, j) in before.iter().enumerate() {
        let theirs = E::SubjectOf(kind);
        list.push((theirs, E::Joined(slot, j.kind, Read::Subject)));
        let times = E::Joined(slot, j.kind, Read::Field("次数"));
        list.push((E::Field("次数"), times));
    }
    let first = match rng.chance(if before.is_empty() { 45 } else { 75 }) {
        true => 0,
        false => rng.below(list.len()),
    };
    let mut out = vec![list.swap_remove(first)];
    if rng.chance(20) {
        out.push(list.swap_remove(rng.below(list.len())));
    }
    out
}

/// As text, one statement a line.
pub(super) fn write(w: &mut String, joins: &[Join], pad: &str) {
    for (slot, j) in joins.iter().enumerate() {
        let name = KINDS.get(j.kind).unwrap_or(&"?");
        let mut parts: Vec<String> = Vec::new();
        for (n, (theirs, ours)) in j.keys.iter().enumerate() {
            // Either side may stand first.
            let (theirs, ours) = (operand(theirs), operand(ours));
            parts.push(match (n + slot) % 2 {
                0 => format!("{theirs} 为 {ours}"),
                _ => format!("{ours} 为 {theirs}"),
            });
        }
        parts.extend(j.when.as_ref().map(cond));
        let _ = write!(w, "{pad}    接 {name} 当 {}", parts.join(" 且 "));
        let from = j.from.and_then(|f| joins.get(f));
        if let Some(from) = from.and_then(|f| KINDS.get(f.kind)) {
            let _ = write!(w, " 距 {from}");
        } else if slot > 0 {
            let _ = write!(w, " 距 本条");
        }
        let _ = match j.near {
            Near::Time(n, U::Minutes) => write!(w, " {n}分钟内"),
            Near::Time(n, _) => write!(w, " {n}小时内"),
            Near::Office(n, unit, windows, working) => {
                let unit = if unit == U::Minutes {
                    "分钟"
                } else {
                    "小时"
                };
                let days = if working { "工作日" } else { "每日" };
                write!(w, " {n}{unit}内 只计 {days} {}", clock_ranges(windows))
            }
            Near::Days(n, true) => write!(w, " {n}个工作日内"),
            Near::Days(n, false) => write!(w, " {n}个自然日内"),
            Near::Lifetime => write!(w, " 终身"),
        };
        let word = match j.pairing {
            Pairing::Each => "每个",
            Pairing::First => "首个",
            Pairing::OneToOne => "一对一",
        };
        let _ = writeln!(w, " {word}");
    }
}

/// What is read of a joined fact, as text.
pub(super) fn joined(kind: usize, read: Read) -> String {
    let name = KINDS.get(kind).unwrap_or(&"?");
    let field = match read {
        Read::Field(f) => f,
        Read::Day => "日期",
        Read::Subject => "对象",
    };
    format!("{name}.{field}")
}

fn seconds(n: &str, u: U) -> i64 {
    let seconds = number(n, u).to_string().parse::<i64>();
    seconds.unwrap_or_default()
}

impl Lowering<'_> {
    /// The joins of an item on a record.
    pub(super) fn joins(&mut self, joins: &[Join]) -> Vec<PlanJoin> {
        let own = self.kind;
        let lower = |l: &mut Self, j: &Join| {
            l.kind = Some(j.kind);
            let key = |(theirs, ours): &(E, E)| JoinKey {
                theirs: l.expr(theirs).0,
                ours: l.expr(ours).0,
            };
            let keys = j.keys.iter().map(key).collect();
            let within = match j.near {
                Near::Lifetime => Within::Lifetime,
                Near::Days(count, working) => Within::Days(Days { count, working }),
                Near::Time(n, u) => Within::Seconds(seconds(n, u)),
                Near::Office(n, u, windows, working) => {
                    let window = |&(from, to): &(i32, i32)| ClockWindow { from, to };
                    Within::Counted(Counted {
                        seconds: seconds(n, u),
                        windows: windows.iter().map(window).collect(),
                        working,
                    })
                }
            };
            PlanJoin {
                kind: KindIx(ix(j.kind)),
                keys,
                when: j.when.as_ref().map(|w| l.cond(w)),
                from: j.from.map(ix),
                within,
                pairing: j.pairing,
            }
        };
        let out = joins.iter().map(|j| lower(self, j)).collect();
        self.kind = own;
        out
    }

    /// Whose fact it is.
    pub(super) fn subject(&mut self) -> (ExprId, Dim) {
        let ty = Ty::Subject(RosterIx(0));
        (self.exprs.add(Expr::Subject, ty), Dim::PURE)
    }

    /// 本条.对象.家庭
    pub(super) fn this_attr(&mut self, name: &str) -> (ExprId, Dim) {
        let (own, _) = self.subject();
        let at = attr_ix(name).unwrap_or(jifen_plan::AttrIx(u16::MAX));
        let attr = self.exprs.add(Expr::Attr(Whose::Of(own), at), Ty::Text);
        (self.exprs.add(Expr::This(attr), Ty::Text), Dim::PURE)
    }

    /// What is read of a joined fact.
    pub(super) fn joined(&mut self, slot: usize, kind: usize, read: Read) -> (ExprId, Dim) {
        let outside = self.kind.replace(kind);
        let (of, dim) = match read {
            Read::Field(f) => self.expr(&E::Field(f)),
            Read::Day => (self.exprs.add(Expr::EventDay, Ty::Date), Dim::PURE),
            Read::Subject => self.subject(),
        };
        self.kind = outside;
        let ty = self.exprs.ty(of);
        (self.exprs.add(Expr::Joined(ix(slot), of), ty), dim)
    }
}
