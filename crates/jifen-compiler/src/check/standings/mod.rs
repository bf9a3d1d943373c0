//! 排名, 等级, 标记, 权益: whose and when, what they say; what is left open is asked (S30).

mod body;
mod read;

use jifen_calendar::Period;
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{Holder, RosterIx, Standing, StandingIx, StandingKind};
use jifen_syntax::ast::{Expr, ExprKind, GradeKey, RowKey, StandingBody, StandingDecl, within};

use crate::expr::{Checker, Making, Scope};
use crate::resolve::{Sym, period};

/// What the measures and standings that a standing reads say of whose it is and when.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    Head((RosterIx, Period)),
    /// One is read that does not say it itself; that is reported there.
    Open,
    Nothing,
}

impl Checker<'_> {
    /// The standings that are right, in the order of the Plan.
    pub(super) fn standings(&mut self) -> Vec<Standing> {
        let mut out = Vec::new();
        for (ix, s) in (0_u16..).map(StandingIx).zip(&self.w.standings) {
            let made = self.stood.get(&ix).cloned().flatten();
            let head = self.stances.get(&ix).copied().flatten();
            let version = self.w.versions.get(s.version);
            if let (Some(what), Some((roster, unit)), Some(v)) = (made, head, version) {
                out.push(Standing {
                    name: s.decl.name.text.clone(),
                    version: v.ix,
                    roster,
                    of: (self.stance_holders.get(&ix).copied().flatten())
                        .unwrap_or(Holder::Account),
                    unit,
                    what,
                });
            }
        }
        out
    }

    /// A standing, made where it is first met.
    pub(super) fn standing(&mut self, ix: StandingIx) -> Option<StandingKind> {
        if let Some(made) = self.stood.get(&ix) {
            return made.clone();
        }
        self.measuring.push(Making::Standing(ix));
        let blind = std::mem::replace(&mut self.blind, false);
        let daily = std::mem::replace(&mut self.daily, false);
        // 1分 = 1: what is compared are numbers.
        let plain = std::mem::replace(&mut self.plain, true);
        let passing = self.passing.take();
        let made = self.make_standing(ix);
        (self.blind, self.daily, self.passing) = (blind, daily, passing);
        self.plain = plain;
        self.measuring.pop();
        self.stood.insert(ix, made.clone());
        made
    }

    fn make_standing(&mut self, ix: StandingIx) -> Option<StandingKind> {
        let s = self.w.standings.get(ix.ix())?;
        let (roster, unit) = self.stance(ix)?;
        let holder = self.standing_holder(ix)?;
        self.groups_can(s.decl, holder)?;
        let cx = Scope {
            roster: Some(roster),
            period: true,
            closes: Some(unit),
            measure: true,
            shared: Some(holder).filter(|h| *h != Holder::Account),
            ..Scope::of_version(s.version)
        };
        let made = match &s.decl.body {
            StandingBody::Rank(body) => self.rank(cx, s.decl, body).map(StandingKind::Rank),
            StandingBody::Grade(body) => self.grade(cx, s.decl, body).map(StandingKind::Grade),
            StandingBody::Flag(body) => self.flag(cx, unit, s.decl, body).map(StandingKind::Flag),
            StandingBody::Right(body) => self.right(cx, unit, body).map(StandingKind::Right),
        };
        made.filter(|_| !s.decl.broken)
    }

    /// Groups have no rights; of one there are no places, and groups are not grouped once more.
    fn groups_can(&mut self, decl: &StandingDecl, of: Holder) -> Option<()> {
        let Some(written) = decl.of.as_ref().map(|o| o.span) else {
            return Some(());
        };
        let (at, message) = match (&decl.body, of) {
            (StandingBody::Right(_), _) => (
                written,
                text!(
                    zh = "权益是一个人、一户、一个社区自己的，组没有权益：先写 标记 … 每 {0}，再写 权益 … 当 那个标记",
                    en = "a right belongs to a subject, and groups have none: declare a flag per {0}, and a right when that flag is set",
                    keys_of(decl)
                ),
            ),
            (StandingBody::Rank(_), Holder::Everyone) => (
                written,
                text!(
                    zh = "全体只有一个，排不出名次：排名写 每 楼栋、每 社区，或者一人一个",
                    en = "everyone together is one, and one has no place: rank per building, per community, or each subject"
                ),
            ),
            (StandingBody::Rank(body), Holder::Group(_)) if body.within.is_some() => (
                body.within.as_ref().map_or(written, |n| n.span),
                text!(
                    zh = "组和组之间排名次，不能再“分组”",
                    en = "groups are ranked against each other and cannot be grouped once more"
                ),
            ),
            _ => return Some(()),
        };
        self.sink
            .push(Diagnostic::new(codes::GROUP_SINGLE, at, message));
        None
    }

    /// Whose it is and over which period: as written, or as what it reads; asked once.
    pub(crate) fn stance(&mut self, ix: StandingIx) -> Option<(RosterIx, Period)> {
        if let Some(head) = self.stances.get(&ix) {
            return *head;
        }
        let s = self.w.standings.get(ix.ix())?;
        // Two that read each other and say nothing themselves: told as a circle where they read.
        self.stances.insert(ix, None);
        let reads = match (&s.decl.subject, s.decl.every) {
            (Some(_), Some(_)) => Reads::Nothing,
            _ => self.said_by_what_it_reads(s.version, s.decl),
        };
        if reads == Reads::Open {
            // It is said there what is missing; said once more here, it would only be asked twice.
            self.stances_open.insert(ix);
            return None;
        }
        let said = match reads {
            Reads::Head(head) => Some(head),
            Reads::Open | Reads::Nothing => None,
        };
        let roster = match (&s.decl.subject, said) {
            (None, Some((roster, _))) => Some(roster),
            (named, _) => match self.roster_said(s.version, named.as_ref()) {
                Ok(only) => only,
                Err(all) => {
                    self.stance_open(s.decl, &all);
                    None
                }
            },
        };
        let every = s.decl.every.map(|(word, _)| period(word));
        let every = every.or(said.map(|said| said.1));
        if every.is_none() && !s.decl.broken {
            self.period_open(s.decl);
        }
        let head = roster.zip(every);
        if head.is_none() {
            self.stances_open.insert(ix);
        }
        self.stances.insert(ix, head);
        head
    }

    /// The head of the first measure or standing that it reads.
    fn said_by_what_it_reads(&mut self, version: usize, decl: &StandingDecl) -> Reads {
        let mut roots: Vec<&Expr> = Vec::new();
        match &decl.body {
            StandingBody::Rank(b) => roots.extend(b.by.as_ref().map(|k| &k.value)),
            StandingBody::Grade(b) => {
                roots.extend(b.by.as_ref());
                for row in &b.rows {
                    match &row.key {
                        GradeKey::When(e) => roots.push(e),
                        GradeKey::Bound(RowKey::From(e)) => roots.push(e),
                        _ => {}
                    }
                }
            }
            StandingBody::Flag(b) => roots.push(&b.when),
            StandingBody::Right(b) => roots.extend(b.cases.iter().map(|c| &c.0)),
        }
        let mut open = false;
        for e in roots.into_iter().flat_map(within) {
            let name = match &e.kind {
                ExprKind::Name(n) => n.text.clone(),
                ExprKind::Member(of, n) => match &of.kind {
                    ExprKind::Name(of) => format!("{}.{}", of.text, n.text),
                    _ => continue,
                },
                _ => continue,
            };
            let names = self.w.versions.get(version).map(|v| &v.names);
            let (head, told) = match names.and_then(|n| n.get(&name)) {
                Some((Sym::Measure(m), _)) => (self.measure_head(*m), true),
                Some((Sym::Standing(s), _)) => {
                    let head = self.stance(*s);
                    (head, self.stances_open.contains(s))
                }
                _ => continue,
            };
            open |= head.is_none() && told;
            if let Some(head) = head {
                return Reads::Head(head);
            }
        }
        if open { Reads::Open } else { Reads::Nothing }
    }

    fn stance_open(&mut self, decl: &StandingDecl, all: &[RosterIx]) {
        let at = decl.name.span.at_end();
        let mut d = Diagnostic::new(
            codes::STANDING_INCOMPLETE,
            decl.name.span,
            text!(
                zh = "“{0}”没有写是谁的：对象 居民、对象 社区……",
                en = "“{0}” does not say whose it is: for resident, for community …",
                decl.name.text
            ),
        );
        for roster in all {
            let roster = self.w.rosters.get(roster.ix());
            let name = roster.map_or("", |r| r.name.as_str()).to_owned();
            let fix = (self.sink.lang).pick(format!(" 对象 {name}"), format!(" for {name}"));
            let why = text!(zh = "是“{name}”的", en = "it is that of a “{name}”");
            d = d.fix(at, fix, why);
        }
        self.sink.push(d);
    }

    fn period_open(&mut self, decl: &StandingDecl) {
        let name = &decl.name.text;
        let (zh, en) = match decl.body {
            StandingBody::Rank(_) => ("周期 每年", "every year"),
            StandingBody::Grade(_) => ("评定 每季度", "reviewed quarter"),
            StandingBody::Flag(_) | StandingBody::Right(_) => {
                ("每季度，写在名称后面", "per quarter, after the name")
            }
        };
        self.sink.push(Diagnostic::new(
            codes::STANDING_INCOMPLETE,
            decl.name.span,
            text!(
                zh = "“{name}”没有写多久看一次：{zh}",
                en = "“{name}” does not say over which period it is: {en}"
            ),
        ));
    }

    /// Something that has to be said and is not.
    pub(super) fn asked(&mut self, at: Span, message: jifen_diag::Text) {
        self.sink
            .push(Diagnostic::new(codes::STANDING_INCOMPLETE, at, message));
    }
}

/// What makes the groups of a head: 楼栋, 全体.
fn keys_of(decl: &StandingDecl) -> String {
    let keys = decl.of.iter().flat_map(|o| &o.keys);
    let keys: Vec<&str> = keys.map(|k| k.text.as_str()).collect();
    keys.join("、")
}
