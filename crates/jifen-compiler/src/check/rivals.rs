//! Items that stand for one 择一: they post into the same points, are compared by keys of one type, and the order of
//! items of one fact cannot show (decision 014).

use std::collections::BTreeMap;

use indexmap::IndexSet;
use jifen_diag::{Diagnostic, Span, codes, text};
use jifen_plan::{CapMode, Choose, Expr, ExprId, Line, Pick, Tally, TallyIx, Trigger};

use super::Draft;
use super::choose::has_memory;
use crate::expr::Checker;

/// An item with its choice.
struct Rival<'d> {
    draft: &'d Draft,
    choose: &'d Choose,
    span: Span,
    /// What comes after the choice.
    after: &'d [(Line, Span)],
}

impl Checker<'_> {
    /// What only all items of a version together can show.
    pub(super) fn rivals(&mut self, items: &[Draft], tallies: &IndexSet<Tally>) {
        let mut groups: BTreeMap<(usize, TallyIx), Vec<Rival<'_>>> = BTreeMap::new();
        for draft in items {
            for (at, (l, span)) in draft.lines.iter().enumerate() {
                if let Line::Choose(choose) = l {
                    let after = draft.lines.get(at + 1..).unwrap_or_default();
                    let rival = Rival {
                        draft,
                        choose,
                        span: *span,
                        after,
                    };
                    let group = groups.entry((draft.version, choose.among)).or_default();
                    group.push(rival);
                }
            }
        }
        for ((version, _), group) in groups {
            self.sink.lang = self
                .w
                .versions
                .get(version)
                .map_or(self.sink.lang, |v| v.lang);
            for (i, a) in group.iter().enumerate() {
                self.times_cap(a, tallies);
                for b in group.iter().skip(i + 1) {
                    self.pair(a, b);
                }
            }
        }
    }

    fn pair(&mut self, a: &Rival<'_>, b: &Rival<'_>) {
        let (one, two) = (name(a), name(b));
        let types =
            |r: &Rival<'_>| -> Vec<_> { r.choose.keys.iter().map(|k| self.exprs.ty(*k)).collect() };
        if types(a) != types(b) {
            self.sink.push(Diagnostic::new(
                codes::CHOICE_MEMBERS,
                a.span,
                text!(
                    zh = "“{one}”和“{two}”的记录里，这个字段不是同一种类型，没法比是不是同一件事；改成同一种类型，如都用文本",
                    en = "in the records of “{one}” and “{two}” this field is of different types, so it cannot be seen whether it is the same; give both one type, e.g. text"
                ),
            ));
        }
        if a.draft.credit != b.draft.credit {
            self.sink.push(Diagnostic::new(
                codes::CHOICE_MEMBERS,
                b.draft.span,
                text!(
                    zh = "“{one}”和“{two}”在一起择一，计入的却不是同一种积分：先得的计在一种里，后来补的差计到另一种里，两种都对不上；改成计入同样的积分",
                    en = "“{one}” and “{two}” stand for one choice but are credited to different points: the first would be posted to one and the difference to the other; credit both to the same"
                ),
            ).label(a.span, text!(zh = "择一在这里", en = "the choice is here")));
        }
        if same_moment(a.draft, b.draft) && !self.drafts_apart(a.draft, b.draft) {
            self.same_fact(a, b);
        }
    }

    /// Two awards of one fact: which of them is first is nowhere written.
    fn same_fact(&mut self, a: &Rival<'_>, b: &Rival<'_>) {
        let (one, two) = (name(a), name(b));
        let d = match a.choose.pick {
            Pick::First => text!(
                zh = "“{one}”和“{two}”凭同一条记录，一条记录同时给两项分，哪一项算先没有写明；改成 取高，或合成一个项目，写“得 取先 {{ 当 …: …  其余: … }}”",
                en = "“{one}” and “{two}” are awarded on the same record, and which of two awards of one fact is the first is open; say best, or make one item of them with “award first {{ when …: …  rest: … }}”"
            ),
            Pick::Best(_) if self.order_shows(a, b) => text!(
                zh = "“{one}”和“{two}”凭同一条记录，择一之后的上限却不一样：15分的先占上限、30分的再补差，和30分的直接占上限，结果可能不同；把两项的上限写成一样（写到类别里），或合成一个项目",
                en = "“{one}” and “{two}” are awarded on the same record, but the caps after the choice differ: whether 15 passes first and 30 adds the difference, or 30 passes at once, can show; write one cap for both (in the category), or make one item of them"
            ),
            Pick::Best(_) => return,
        };
        self.sink.push(
            Diagnostic::new(codes::CHOICE_SAME_FACT, b.draft.span, d).label(
                a.draft.span,
                text!(zh = "另一个项目", en = "the other item"),
            ),
        );
    }

    /// Can it show which of two awards of one fact passes first? Not where both pass the same plain caps.
    fn order_shows(&self, a: &Rival<'_>, b: &Rival<'_>) -> bool {
        let caps = |r: &Rival<'_>| -> Option<Vec<(Option<TallyIx>, ExprId)>> {
            let after = r.after.iter().map(|(l, _)| match l {
                Line::Cap(c) => {
                    let fixed = matches!(self.exprs.get(c.limit), Expr::Const(_) | Expr::Param(_));
                    let plain = c.mode == CapMode::Clip && c.when.is_none() && !c.counted_only;
                    (fixed && plain && c.tally.is_some()).then_some((c.tally, c.limit))
                }
                _ => None,
            });
            after.collect()
        };
        match (caps(a), caps(b)) {
            (Some(x), Some(y)) => x != y,
            _ => true,
        }
    }

    /// Do the conditions of two items never hold for one fact?
    fn drafts_apart(&self, a: &Draft, b: &Draft) -> bool {
        // What must hold on some day of a period may hold for one item on one day and for the other on another.
        let conds = |d: &Draft| -> Vec<ExprId> {
            let plain = d.requires.iter().filter(|r| r.0.hold.is_none());
            plain.map(|r| r.0.cond).collect()
        };
        let others = conds(b);
        let apart = |x: ExprId| {
            others
                .iter()
                .any(|y| self.conditions_apart(Some(x), Some(*y)))
        };
        conds(a).into_iter().any(apart)
    }

    /// 取高 posts differences, and a difference is no further time.
    fn times_cap(&mut self, r: &Rival<'_>, tallies: &IndexSet<Tally>) {
        if r.choose.pick == Pick::First {
            return;
        }
        let times = |l: &Line| match l {
            Line::Cap(c) if has_memory(l) => c
                .tally
                .and_then(|t| tallies.get_index(t.ix()))
                .is_some_and(|t| t.times),
            _ => false,
        };
        let Some((_, at)) = r.after.iter().find(|(l, _)| times(l)) else {
            return;
        };
        self.sink.push(
            Diagnostic::new(
                codes::CHOICE_TIMES_CAP,
                *at,
                text!(
                    zh = "取高以后补的差算不算一次没有写明：限 1次 时，先得 15分、后得 30分，补差不算一次共 30分，算一次只有 15分。改按分数限，或改成 择一 取先",
                    en = "whether the difference that best adds is another time is open: under a cap of 1 time, 15 points and then 30 give 30 if it is not, and 15 if it is. Cap the points instead, or say exclusive first"
                ),
            )
            .label(r.span, text!(zh = "择一在这里", en = "the choice is here")),
        );
    }
}

fn name(r: &Rival<'_>) -> String {
    r.draft.path.last().cloned().unwrap_or_default()
}

/// Can both run at one place in the order, so that only their names tell which is first?
fn same_moment(a: &Draft, b: &Draft) -> bool {
    match (a.trigger, b.trigger) {
        (Trigger::Fact(x), Trigger::Fact(y)) => x == y,
        (Trigger::Period { roster: x, .. }, Trigger::Period { roster: y, .. }) => x == y,
        _ => false,
    }
}
